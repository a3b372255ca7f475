//! TCP as far as ZooKeeper sees it: connections that keep order, lose nothing while they live, and
//! say nothing when the other side is cut off.
//!
//! A packet that meets a partition dies, but TCP sends it again: after 200 ms, then after twice as
//! long each time. Until then everything behind it waits. So a connection survives a short
//! partition and delivers what was sent meanwhile, and only the timeouts of ZooKeeper itself end it
//! in a long one.
//!
//! When a process dies its kernel closes its connections, and the other side hears of it, unless it
//! is cut off: then what had not left yet is lost with the process. Whoever sends to a connection
//! that the other side has forgotten is told so (a reset).
//!
//! The outside may change all this ([`NetworkAction`](crate::sim::link::NetworkAction)): how long
//! packets take, which ways are cut, which packets wait. Whatever it does, a lane stays FIFO and
//! loses nothing, except on a network that was made unsafe on purpose.
//!
//! ```text
//!   sent ──▶ queued ──▶ departs ───────────────────▶ arrives      a lane, first packet to the right
//!            behind what the bandwidth   latency      [4][3][2][1] ▶
//!            has not yet let through                      held: 3 and 4 wait, 1 and 2 go on
//! ```

use crate::sim::link::{Latency, PacketType, Rules, Traffic, Unsafety};
use crate::sorted::Map;
use crate::types::{Actor, ConnId, Port, ServerId, Time};
use crate::wire::Message;
use std::collections::VecDeque;
use std::rc::Rc;

/// The first time TCP waits before it sends again, in microseconds.
pub const FIRST_RTO_US: u64 = 200_000;
/// The longest.
pub const LONGEST_RTO_US: u64 = 120_000_000;

/// What a packet of the network carries.
#[derive(Clone, Debug)]
pub enum Payload {
    /// May I connect?
    Syn,
    /// You are connected.
    SynAck,
    /// Something of ZooKeeper's.
    Message(Rc<Message>),
    /// I have closed.
    Fin,
    /// There is no such connection.
    Rst,
}

impl Payload {
    /// What it is, without its content.
    pub fn packet_type(&self) -> PacketType {
        match self {
            Payload::Syn => PacketType::Syn,
            Payload::SynAck => PacketType::SynAck,
            Payload::Message(message) => PacketType::of(message),
            Payload::Fin => PacketType::Fin,
            Payload::Rst => PacketType::Rst,
        }
    }

    /// How many bytes it has, without TCP's own.
    pub fn bytes(&self) -> u64 {
        match self {
            Payload::Message(message) => message.bytes(),
            Payload::Syn | Payload::SynAck | Payload::Fin | Payload::Rst => 0,
        }
    }
}

/// A packet on its way.
#[derive(Clone, Debug)]
pub struct InFlight {
    /// Unique in a run.
    pub id: u64,
    /// What.
    pub payload: Payload,
    /// How many bytes it has, without TCP's own.
    pub bytes: u64,
    /// When it was sent.
    pub sent: Time,
    /// When its last byte leaves: later than it was sent only if the bandwidth is limited.
    pub departs: Time,
    /// When it arrives if nothing happens.
    pub arrives: Time,
    /// Held from outside, with so many microseconds of its way left.
    pub held_us: Option<u64>,
    /// On an unsafe network: others may overtake it.
    pub is_late: bool,
    /// The event in which it was sent.
    pub cause: u32,
}

/// One end of a connection.
#[derive(Clone, Copy, Debug)]
pub struct End {
    /// Whose.
    pub actor: Actor,
    /// Which life of that process.
    pub life: u32,
    /// Whether that process still holds it.
    pub is_open: bool,
}

/// One of the two directions of a connection.
#[derive(Clone, Debug)]
pub struct Lane {
    /// In order.
    pub queue: VecDeque<InFlight>,
    /// Nothing arrives before what was sent before it.
    pub last_arrival: Time,
    /// Waits for TCP to send again, for that long.
    pub stalled_rto_us: Option<u64>,
    /// The entry of the world's queue that will move its first packet. `None` while it is empty or
    /// its first packet is held; entries that are not this one are out of date.
    pub wake: Option<u64>,
}

impl Lane {
    /// Nothing on its way.
    fn new() -> Lane {
        Lane { queue: VecDeque::new(), last_arrival: Time::ZERO, stalled_rto_us: None, wake: None }
    }

    /// Puts a packet at the end, or before those that it overtakes on an unsafe network. Returns
    /// its place.
    pub fn put(&mut self, mut packet: InFlight) -> usize {
        packet.arrives = packet.arrives.max(self.last_arrival);
        if !packet.is_late {
            self.last_arrival = packet.arrives;
        }
        let is_overtaken = |other: &&InFlight| other.is_late && packet.arrives < other.arrives;
        let overtaken = self.queue.iter().rev().take_while(is_overtaken).count();
        let place = self.queue.len() - overtaken;
        self.queue.insert(place, packet);
        place
    }

    /// When its first packet arrives; never while that one is held.
    pub fn first_due(&self) -> Option<Time> {
        self.queue.front().filter(|packet| packet.held_us.is_none()).map(|packet| packet.arrives)
    }

    /// Holds the packets that `is_meant` picks.
    pub fn hold(&mut self, now: Time, is_meant: impl Fn(&InFlight) -> bool) {
        for packet in self.queue.iter_mut().filter(|packet| is_meant(packet)) {
            packet.held_us.get_or_insert(packet.arrives.since_us(now));
        }
    }

    /// Lets held packets go on that `is_meant` picks: each has the rest of its way before it.
    pub fn release(&mut self, now: Time, is_meant: impl Fn(&InFlight) -> bool) {
        for packet in self.queue.iter_mut() {
            if packet.held_us.is_some() && is_meant(packet) {
                let left = packet.held_us.take().unwrap_or_default();
                packet.arrives = now.plus_us(left);
            }
        }
        self.settle();
    }

    /// Lets the first `count` packets arrive now.
    pub fn hurry(&mut self, now: Time, count: usize) {
        for packet in self.queue.iter_mut().take(count) {
            packet.held_us = None;
            packet.departs = packet.departs.min(now);
            packet.arrives = now;
        }
        self.stalled_rto_us = None;
        self.settle();
    }

    /// Nothing arrives before what is before it.
    fn settle(&mut self) {
        let mut latest = Time::ZERO;
        for packet in &mut self.queue {
            packet.arrives = packet.arrives.max(latest);
            if !packet.is_late {
                latest = packet.arrives;
            }
        }
        self.last_arrival = latest;
    }
}

/// A connection.
#[derive(Clone, Debug)]
pub struct Link {
    /// Which port was dialled.
    pub port: Port,
    /// Who dialled, and whom.
    pub ends: [End; 2],
    /// From the dialler, and to it.
    pub lanes: [Lane; 2],
    /// Whether the dialler has been told that it is up.
    pub is_up: bool,
}

impl Link {
    /// A connection that is being dialled.
    pub fn new(port: Port, dialler: (Actor, u32), listener: (Actor, u32)) -> Link {
        let end = |(actor, life), is_open| End { actor, life, is_open };
        Link {
            port,
            ends: [end(dialler, true), end(listener, false)],
            lanes: [Lane::new(), Lane::new()],
            is_up: false,
        }
    }

    /// Which end is this actor's.
    pub fn side_of(&self, actor: Actor) -> usize {
        usize::from(self.ends[0].actor != actor)
    }

    /// Whether nobody holds it and nothing is on its way.
    pub fn is_dead(&self) -> bool {
        let is_held = self.ends.iter().any(|end| end.is_open);
        !is_held && self.lanes.iter().all(|lane| lane.queue.is_empty())
    }
}

/// A packet that is lost at this moment.
#[derive(Clone, Debug)]
pub struct Wreck {
    /// Its connection.
    pub conn: ConnId,
    /// Who sent it.
    pub from: Actor,
    /// To whom.
    pub to: Actor,
    /// The packet.
    pub packet: InFlight,
    /// How it is lost.
    pub loss: crate::sim::trace::Loss,
}

/// All connections, the partition, and everything else that was done to the network.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// By id.
    pub links: Map<ConnId, Link>,
    /// The group of each server that is in one.
    pub groups: Option<Map<ServerId, u8>>,
    /// Ways that are cut.
    pub cuts: Rules<()>,
    /// Ways that take longer or less long than others.
    pub latencies: Rules<Latency>,
    /// Ways that let only so many bytes a second through.
    pub bandwidths: Rules<u64>,
    /// Traffic that waits.
    pub holds: Rules<()>,
    /// What happens to packets between servers on an unsafe network.
    pub unsafety: Unsafety,
    /// Packets that are being lost, in order.
    pub wrecks: VecDeque<Wreck>,
    /// Until when each way is busy with what was sent before, if its bandwidth is limited.
    busy_until: Map<(Actor, Actor), Time>,
    next_packet: u64,
}

impl Network {
    /// Whether packets from one to the other die. A partition is between servers; clients reach
    /// every server, unless that way is cut.
    pub fn is_cut(&self, from: Actor, to: Actor) -> bool {
        let is_parted = match (&self.groups, from, to) {
            (Some(groups), Actor::Server(from), Actor::Server(to)) => {
                groups.get(&from) != groups.get(&to)
            }
            (Some(_) | None, _, _) => false,
        };
        is_parted || self.cuts.of(from, to).is_some()
    }

    /// Whether such a packet is to be held.
    pub fn is_held(&self, from: Actor, to: Actor, payload: &Payload) -> bool {
        !self.holds.is_empty() && self.holds.get(from, to, payload.packet_type()).is_some()
    }

    /// When the last of so many bytes leaves that are sent now. All connections of a way share its
    /// bandwidth. Simplified: what TCP sends again takes none, and what a broken connection had
    /// still to send keeps the way busy.
    pub fn departure(&mut self, from: Actor, to: Actor, bytes: u64, now: Time) -> Time {
        let Some(bytes_per_s) = self.bandwidths.of(from, to) else { return now };
        let us = transfer_us(bytes, bytes_per_s);
        let free = self.busy_until.get(&(from, to)).copied().unwrap_or_default();
        let departs = free.max(now).plus_us(us);
        self.busy_until.insert((from, to), departs);
        departs
    }

    /// Limits the bandwidth of a way, or not any more. What is on its way is not changed.
    pub fn set_bandwidth(&mut self, traffic: Traffic, bytes_per_s: Option<u64>) {
        self.bandwidths.set(traffic, bytes_per_s);
        let is_limited = |from, to| self.bandwidths.of(from, to).is_some();
        self.busy_until.retain(|(from, to), _| is_limited(*from, *to));
    }

    /// Where a packet is: its connection, lane and place in it.
    pub fn find(&self, packet: u64) -> Option<(ConnId, usize, usize)> {
        self.links.iter().find_map(|(conn, link)| {
            link.lanes.iter().enumerate().find_map(|(side, lane)| {
                let place = lane.queue.iter().position(|other| other.id == packet)?;
                Some((*conn, side, place))
            })
        })
    }

    /// A number for a new packet.
    pub fn fresh_packet(&mut self) -> u64 {
        self.next_packet += 1;
        self.next_packet
    }
}

/// How many microseconds so many bytes take, rounded up.
fn transfer_us(bytes: u64, bytes_per_s: u64) -> u64 {
    let us = (u128::from(bytes) * 1_000_000).div_ceil(u128::from(bytes_per_s.max(1)));
    u64::try_from(us).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::link::Way;

    const S1: Actor = Actor::Server(ServerId(1));
    const S2: Actor = Actor::Server(ServerId(2));

    #[test]
    fn bytes_take_their_time() {
        assert_eq!(transfer_us(1_000_000, 1_000_000), 1_000_000);
        assert_eq!(transfer_us(20, 1_000_000), 20);
        assert_eq!(transfer_us(1, 3), 333_334, "rounded up");
        assert_eq!(transfer_us(0, 1), 0);
        assert_eq!(transfer_us(u64::MAX, 1), u64::MAX, "no overflow");
    }

    #[test]
    fn what_is_sent_before_goes_first() {
        let mut network = Network::default();
        let now = Time::from_ms(1000);
        assert_eq!(network.departure(S1, S2, 5000, now), now, "no limit, no waiting");
        network.set_bandwidth(Traffic::all(Way::between(S1, S2)), Some(1000));
        assert_eq!(network.departure(S1, S2, 500, now), now.plus_ms(500));
        assert_eq!(network.departure(S1, S2, 500, now), now.plus_ms(1000));
        assert_eq!(network.departure(S2, S1, 500, now), now, "the way back is another one");
        let later = now.plus_ms(5000);
        assert_eq!(network.departure(S1, S2, 1, later), later.plus_ms(1), "free again");
        network.set_bandwidth(Traffic::all(Way::EVERY), None);
        assert_eq!(network.departure(S1, S2, 500, now), now);
        assert!(network.busy_until.is_empty());
    }

    fn packet(id: u64, arrives: u64) -> InFlight {
        let sent = Time::ZERO;
        InFlight {
            id,
            payload: Payload::Fin,
            bytes: 0,
            sent,
            departs: sent,
            arrives: Time(arrives),
            cause: 0,
            held_us: None,
            is_late: false,
        }
    }

    fn lane(arrivals: &[u64]) -> Lane {
        let mut lane = Lane::new();
        for (id, arrives) in arrivals.iter().enumerate() {
            lane.put(packet(id as u64, *arrives));
        }
        lane
    }

    fn arrivals(lane: &Lane) -> Vec<u64> {
        lane.queue.iter().map(|packet| packet.arrives.0).collect()
    }

    #[test]
    fn nothing_overtakes() {
        assert_eq!(arrivals(&lane(&[30, 10, 40])), [30, 30, 40]);
    }

    #[test]
    fn a_released_packet_has_the_rest_of_its_way_before_it() {
        let mut lane = lane(&[10, 20, 21]);
        lane.hold(Time(5), |packet| packet.id == 1);
        lane.hold(Time(7), |packet| packet.id == 1);
        lane.release(Time(100), |packet| packet.id == 0);
        assert_eq!(arrivals(&lane), [10, 20, 21], "one that is not held is not released");
        lane.release(Time(100), |_| true);
        assert_eq!(arrivals(&lane), [10, 115, 115], "what is behind it comes with it");
        assert_eq!(lane.last_arrival, Time(115));
    }

    #[test]
    fn hurrying_one_hurries_those_before_it() {
        let mut lane = lane(&[10, 20, 30]);
        lane.hold(Time(5), |packet| packet.id == 0);
        lane.hurry(Time(6), 2);
        assert_eq!(arrivals(&lane), [6, 6, 30]);
        assert!(lane.queue.iter().all(|packet| packet.held_us.is_none()));
    }

    #[test]
    fn only_late_packets_are_overtaken() {
        let mut lane = lane(&[10]);
        let late = InFlight { is_late: true, ..packet(1, 90) };
        lane.put(late);
        assert_eq!(lane.put(packet(2, 20)), 1);
        assert_eq!(lane.put(packet(3, 100)), 3);
        let order: Vec<u64> = lane.queue.iter().map(|packet| packet.id).collect();
        assert_eq!(order, [0, 2, 1, 3]);
    }
}
