//! What is done to the network from outside: every [`NetworkAction`].

use super::delivery::message_of;
use super::{Due, World};
use crate::sim::link::{NetworkAction, PER_MILLE, Traffic, Unsafety, Way};
use crate::sim::network::{InFlight, Payload, Wreck};
use crate::sim::trace::{EventKind, Loss, Trace};
use crate::types::{Actor, ConnId};

/// How much longer a late packet takes on an unsafe network, in microseconds: up to twenty times as
/// long as others, so that it is overtaken.
const LATE_US: u32 = 40_000;

impl World {
    pub(super) fn tamper(&mut self, action: NetworkAction) {
        let set = Traffic::all;
        match action {
            NetworkAction::Cut(way) => self.network.cuts.set(set(way), Some(())),
            NetworkAction::Mend(way) => self.network.cuts.set(set(way), None),
            NetworkAction::Latency(way, latency) => self.network.latencies.set(set(way), latency),
            NetworkAction::Bandwidth(way, bytes_per_s) => {
                self.network.set_bandwidth(set(way), bytes_per_s);
            }
            NetworkAction::Hold(traffic) => {
                self.network.holds.set(traffic, Some(()));
                self.hold(|way, packet| is_part(traffic, way, packet));
            }
            NetworkAction::Release(traffic) => {
                self.network.holds.set(traffic, None);
                self.release(|way, packet| is_part(traffic, way, packet));
            }
            NetworkAction::HoldPacket(id) => self.hold(|_, packet| packet.id == id),
            NetworkAction::ReleasePacket(id) => self.release(|_, packet| packet.id == id),
            NetworkAction::DeliverPacket(id) => self.deliver_now(id),
            NetworkAction::LosePacket(id) => self.lose(id),
            NetworkAction::Unsafe(unsafety) => self.network.unsafety = unsafety,
        }
    }

    fn hold(&mut self, is_meant: impl Fn((Actor, Actor), &InFlight) -> bool) {
        for link in self.network.links.values_mut() {
            for side in 0..2 {
                let way = (link.ends[side].actor, link.ends[1 - side].actor);
                let lane = &mut link.lanes[side];
                lane.hold(self.now, |packet| is_meant(way, packet));
                if lane.queue.front().is_some_and(|first| first.held_us.is_some()) {
                    lane.wake = None;
                }
            }
        }
    }

    fn release(&mut self, is_meant: impl Fn((Actor, Actor), &InFlight) -> bool) {
        let mut asleep = Vec::new();
        for (conn, link) in &mut self.network.links {
            for side in 0..2 {
                let way = (link.ends[side].actor, link.ends[1 - side].actor);
                let lane = &mut link.lanes[side];
                lane.release(self.now, |packet| is_meant(way, packet));
                if lane.wake.is_none() {
                    asleep.push((*conn, side));
                }
            }
        }
        asleep.into_iter().for_each(|(conn, lane)| self.wake(conn, lane));
    }

    fn deliver_now(&mut self, id: u64) {
        let Some((conn, lane, place)) = self.network.find(id) else { return };
        let now = self.now;
        let Some(link) = self.network.links.get_mut(&conn) else { return };
        link.lanes[lane].hurry(now, place + 1);
        self.wake(conn, lane);
    }

    /// The connection breaks at this packet. Its sender's TCP gives up, as after too many tries, and
    /// says so at once; the other side finds a reset in the packet's place.
    fn lose(&mut self, id: u64) {
        let Some((conn, lane, place)) = self.network.find(id) else { return };
        let reset = self.network.fresh_packet();
        let (now, cause) = (self.now, self.current());
        let Some(link) = self.network.links.get_mut(&conn) else { return };
        let state = &mut link.lanes[lane];
        let lost = state.queue.split_off(place);
        let Some(first) = lost.front() else { return };
        state.queue.push_back(InFlight {
            id: reset,
            payload: Payload::Rst,
            bytes: 0,
            sent: now,
            departs: now,
            arrives: first.arrives.max(now),
            cause,
            held_us: None,
            is_late: false,
        });
        lost.into_iter().for_each(|packet| self.wreck(conn, lane, packet, Loss::Broken));
        self.push(now, Due::Broken(conn, lane as u8));
        if place == 0 {
            self.wake(conn, lane);
        }
    }

    /// A packet is lost now: an event of its own.
    fn wreck(&mut self, conn: ConnId, lane: usize, packet: InFlight, loss: Loss) {
        let Some(link) = self.network.links.get(&conn) else { return };
        let (from, to) = (link.ends[lane].actor, link.ends[1 - lane].actor);
        self.network.wrecks.push_back(Wreck { conn, from, to, packet, loss });
        self.push(self.now, Due::Wreck);
    }

    pub(super) fn on_wreck(&mut self, trace: &mut Trace) {
        let Some(Wreck { conn, from, to, packet, loss }) = self.network.wrecks.pop_front() else {
            return;
        };
        let message = message_of(&packet.payload);
        self.record(packet.cause, EventKind::Lost { conn, from, to, message, loss }, trace);
    }

    /// Sends a packet over a network that has no TCP. Connections themselves come and go as ever.
    pub(super) fn transmit_unsafely(&mut self, conn: ConnId, lane: usize, mut packet: InFlight) {
        let Some(link) = self.network.links.get(&conn) else { return };
        let way = (link.ends[lane].actor, link.ends[1 - lane].actor);
        let between_servers =
            link.ends.iter().all(|end| Way::BETWEEN_SERVERS.from.includes(end.actor));
        if !between_servers || !matches!(packet.payload, Payload::Message(_)) {
            self.put(way, conn, lane, packet);
            return;
        }
        let Unsafety { loss, reorder, duplicate } = self.network.unsafety;
        let mut happens = |permille: u16| self.rng.below(PER_MILLE.into()) < u32::from(permille);
        let (is_lost, is_late, is_twice) = (happens(loss), happens(reorder), happens(duplicate));
        if is_lost {
            self.wreck(conn, lane, packet, Loss::Unsafe);
            return;
        }
        if is_late {
            packet.is_late = true;
            packet.arrives = packet.arrives.plus_us(u64::from(self.rng.below(LATE_US)));
        }
        let again = is_twice.then(|| InFlight {
            id: self.network.fresh_packet(),
            arrives: packet.arrives.plus_us(u64::from(self.rng.below(LATE_US))),
            is_late: true,
            ..packet.clone()
        });
        self.put(way, conn, lane, packet);
        if let Some(again) = again {
            self.put(way, conn, lane, again);
        }
    }
}

fn is_part(traffic: Traffic, (from, to): (Actor, Actor), packet: &InFlight) -> bool {
    traffic.includes(from, to, packet.payload.packet_type())
}
