//! The words everything else is said in: ids, zxids and virtual time.

use std::fmt;

/// A member of the ensemble: the number in its `myid` file and in `server.N=` of zoo.cfg.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerId(pub u8);

/// A client of the simulation, numbered in the order in which clients appeared.
///
/// ZooKeeper itself knows only sessions; the id lets the lab follow a client across them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u16);

/// A session, as `SessionTrackerImpl` numbers it: server id in the top byte.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SessionId(pub i64);

/// The number a client gives a request, so that it can match the reply. Negative ones are reserved.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Xid(pub i32);

impl Xid {
    /// A watch event: `WatcherEvent` in ZooKeeper's wire protocol.
    pub const NOTIFICATION: Xid = Xid(-1);
    /// A ping.
    pub const PING: Xid = Xid(-2);
    /// An `addauth`.
    pub const AUTH: Xid = Xid(-4);
    /// Re-registration of watches after a reconnect.
    pub const SET_WATCHES: Xid = Xid(-8);
}

/// A transaction id: the epoch of the leader that proposed it in the high 32 bits, a counter in the
/// low 32 bits. Prints as ZooKeeper logs it: `0x200000001`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Zxid(pub u64);

impl Zxid {
    /// Before every transaction: what an empty server has.
    pub const ZERO: Zxid = Zxid(0);

    /// −1: what a server votes with that must not trust its empty disk. Such votes are ignored.
    pub const UNKNOWN: Zxid = Zxid(u64::MAX);

    /// The zxid of `counter` in `epoch`.
    pub const fn new(epoch: u32, counter: u32) -> Zxid {
        Zxid(((epoch as u64) << 32) | counter as u64)
    }

    /// The epoch of the leader that proposed it (`ZxidUtils.getEpochFromZxid`).
    pub const fn epoch(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Its place within the epoch (`ZxidUtils.getCounterFromZxid`).
    pub const fn counter(self) -> u32 {
        self.0 as u32
    }

    /// The next zxid of the same epoch. The leader steps down before the counter rolls over.
    pub const fn next(self) -> Zxid {
        Zxid(self.0 + 1)
    }

    /// Whether this is the `(epoch, 0)` that a leader takes on activation and that no transaction
    /// carries (`isPeerNewEpochZxid` in `LearnerHandler`).
    pub const fn is_new_epoch(self) -> bool {
        self.counter() == 0
    }
}

/// A point of virtual time: microseconds since the scenario began.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(pub u64);

impl Time {
    /// The beginning of the scenario.
    pub const ZERO: Time = Time(0);

    /// That many milliseconds after the beginning.
    pub const fn from_ms(ms: u64) -> Time {
        Time(ms * 1000)
    }

    /// Whole milliseconds since the beginning.
    pub const fn ms(self) -> u64 {
        self.0 / 1000
    }

    /// This point and `ms` milliseconds.
    pub const fn plus_ms(self, ms: u64) -> Time {
        Time(self.0.saturating_add(ms.saturating_mul(1000)))
    }

    /// This point and `us` microseconds.
    pub const fn plus_us(self, us: u64) -> Time {
        Time(self.0.saturating_add(us))
    }

    /// Microseconds from `earlier` to here; zero if `earlier` is later.
    pub const fn since_us(self, earlier: Time) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// One end of a connection, or the one an event happened to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Actor {
    /// A member of the ensemble.
    Server(ServerId),
    /// A client process.
    Client(ClientId),
}

/// A TCP connection. Ids are given out in the order of dialling and never used twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnId(pub u32);

/// The three ports of a ZooKeeper server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Port {
    /// Leader election, 3888 in the examples: `QuorumCnxManager`.
    Election,
    /// Followers and observers to the leader, 2888 in the examples. Open only at a leader.
    Quorum,
    /// Clients, 2181.
    Client,
}

/// `ServerState` of `QuorumPeer`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ServerState {
    /// Electing.
    Looking,
    /// A voting learner.
    Following,
    /// The leader, or one on the way to it.
    Leading,
    /// A learner without a vote.
    Observing,
}

/// `ZabState` of `QuorumPeer`: the phase of the protocol.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Phase {
    /// Fast leader election.
    Election,
    /// Agreeing on a new epoch.
    Discovery,
    /// Making histories equal.
    Synchronization,
    /// Serving.
    Broadcast,
}

macro_rules! display {
    ($type:ty, $self:ident, $f:ident, $body:expr) => {
        impl fmt::Display for $type {
            fn fmt(&$self, $f: &mut fmt::Formatter<'_>) -> fmt::Result {
                $body
            }
        }
        impl fmt::Debug for $type {
            fn fmt(&$self, $f: &mut fmt::Formatter<'_>) -> fmt::Result {
                $body
            }
        }
    };
}

display!(ServerId, self, f, write!(f, "s{}", self.0));
display!(ClientId, self, f, write!(f, "c{}", self.0));
display!(SessionId, self, f, write!(f, "0x{:x}", self.0));
display!(Xid, self, f, write!(f, "{}", self.0));
display!(Zxid, self, f, write!(f, "0x{:x}", self.0));
display!(Time, self, f, write!(f, "{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000));
display!(ConnId, self, f, write!(f, "#{}", self.0));

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::Server(id) => id.fmt(f),
            Actor::Client(id) => id.fmt(f),
        }
    }
}

impl ServerState {
    /// The name ZooKeeper logs.
    pub const fn name(self) -> &'static str {
        match self {
            ServerState::Looking => "LOOKING",
            ServerState::Following => "FOLLOWING",
            ServerState::Leading => "LEADING",
            ServerState::Observing => "OBSERVING",
        }
    }
}

impl Phase {
    /// The name ZooKeeper logs, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Phase::Election => "election",
            Phase::Discovery => "discovery",
            Phase::Synchronization => "synchronization",
            Phase::Broadcast => "broadcast",
        }
    }
}

/// A vote: which server should lead, and why it may.
///
/// Fields are in the order in which votes are compared (`totalOrderPredicate` of
/// `FastLeaderElection`): larger epoch, then larger zxid, then larger server id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vote {
    /// The candidate's `currentEpoch`.
    pub peer_epoch: u32,
    /// The last transaction in the candidate's log.
    pub zxid: Zxid,
    /// The candidate. [`Vote::NOBODY`] names no server.
    pub leader: ServerId,
}

impl Vote {
    /// What an observer votes: it loses to every other vote.
    pub const NOBODY: Vote = Vote { peer_epoch: 0, zxid: Zxid::ZERO, leader: ServerId(0) };
}

impl fmt::Display for Vote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}, {}, {})", self.peer_epoch, self.zxid, self.leader)
    }
}

impl fmt::Debug for Vote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
