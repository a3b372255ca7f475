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

use crate::types::{Actor, ConnId, Port, Time};
use crate::wire::Message;
use std::collections::{BTreeMap, VecDeque};
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

/// A packet on its way.
#[derive(Clone, Debug)]
pub struct InFlight {
    /// Unique in a run.
    pub id: u64,
    /// What.
    pub payload: Payload,
    /// When it was sent.
    pub sent: Time,
    /// When it arrives if nothing happens.
    pub arrives: Time,
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
        let lane =
            || Lane { queue: VecDeque::new(), last_arrival: Time::ZERO, stalled_rto_us: None };
        Link {
            port,
            ends: [end(dialler, true), end(listener, false)],
            lanes: [lane(), lane()],
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

/// All connections, and the partition.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// By id.
    pub links: BTreeMap<ConnId, Link>,
    /// The group of each server that is in one.
    pub groups: Option<BTreeMap<crate::types::ServerId, u8>>,
    next_packet: u64,
}

impl Network {
    /// Whether packets between the two die. Clients reach every server.
    pub fn is_cut(&self, from: Actor, to: Actor) -> bool {
        match (&self.groups, from, to) {
            (Some(groups), Actor::Server(from), Actor::Server(to)) => {
                groups.get(&from) != groups.get(&to)
            }
            (Some(_) | None, _, _) => false,
        }
    }

    /// A number for a new packet.
    pub fn fresh_packet(&mut self) -> u64 {
        self.next_packet += 1;
        self.next_packet
    }
}
