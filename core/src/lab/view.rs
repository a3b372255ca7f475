//! What the page reads: plain values about one moment of a run. No behaviour, no references into
//! the simulation.

mod disk;
mod recipes;

pub use crate::sim::world::Down;
pub use disk::{DiskView, LogFileView, PendingWriteView, SnapshotView};
pub use recipes::{
    Counts, Guarded, MemberView, Outcome, Phase as RecipePhase, RecipeKind, RecipeNodeView,
    RecipeView, Seen, Tally, TwoBelievers, WrittenView,
};

use crate::server::queues::Processor;
use crate::sim::link::{Latency, PacketType, Traffic, Unsafety, Way};
use crate::txn::{Owner, Path, Stat, WatchKind};
use crate::types::{
    Actor, ClientId, ConnId, Phase, Port, ServerId, ServerState, SessionId, Time, Vote, Xid, Zxid,
};
use crate::why::Why;
use std::rc::Rc;

/// One moment of the ensemble.
#[derive(Clone, PartialEq, Debug)]
pub struct View {
    /// How many events have happened: the cursor.
    pub index: u32,
    /// How many events this branch has so far.
    pub end: u32,
    /// The moment.
    pub now: Time,
    /// How far this branch has been simulated.
    pub end_time: Time,
    /// In order of id.
    pub servers: Vec<Rc<ServerView>>,
    /// In order of id.
    pub clients: Vec<Rc<ClientView>>,
    /// On their way right now.
    pub packets: Vec<PacketView>,
    /// Sides of the partition; empty if there is none. A server in no group stands with the other
    /// ungrouped ones, which are listed as a group too.
    pub partition: Vec<Vec<ServerId>>,
    /// Recipes that clients follow, in order of their paths.
    pub recipes: Vec<Rc<RecipeView>>,
    /// Connections, and what was done to the network.
    pub network: NetworkView,
    /// Who leads and serves; if two believe so, the one of the larger epoch.
    pub leader: Option<ServerId>,
    /// Its epoch, or the largest one accepted anywhere.
    pub epoch: u32,
    /// Voters that serve together with the leader, the leader included.
    pub quorum_present: usize,
    /// How many voters a quorum needs.
    pub quorum_needed: usize,
    /// The largest committed zxid.
    pub committed: Zxid,
    /// All that are checked.
    pub invariants: Vec<InvariantView>,
}

/// One server.
#[derive(Clone, PartialEq, Debug)]
pub struct ServerView {
    /// Its `myid`.
    pub id: ServerId,
    /// Whether the process runs.
    pub is_up: bool,
    /// Why it does not, if it does not.
    pub down: Option<Down>,
    /// Whether the process is stopped for the moment, as in a long garbage collection.
    pub is_paused: bool,
    /// Whether it is an observer by configuration.
    pub is_observer: bool,
    /// Meaningless while it is down.
    pub state: ServerState,
    /// Meaningless while it is down.
    pub phase: Phase,
    /// Whether it accepts clients.
    pub is_serving: bool,
    /// Whom it follows or is.
    pub leader: Option<ServerId>,
    /// The last transaction it has applied (`lastProcessedZxid`); on disk if it is down.
    pub last_processed: Zxid,
    /// The last transaction in its log, durable or not; durable if it is down.
    pub last_logged: Zxid,
    /// The last transaction that would survive a crash now.
    pub last_durable: Zxid,
    /// The epoch it has promised, on disk.
    pub accepted_epoch: u32,
    /// The epoch it was last synchronized in, on disk.
    pub current_epoch: u32,
    /// Its vote.
    pub vote: Vote,
    /// Its round of election.
    pub round: u64,
    /// The votes it holds in this round, while it looks.
    pub votes: Vec<(ServerId, Vote)>,
    /// Timers that run, for drawing as depleting arcs.
    pub timers: Vec<TimerView>,
    /// The last entries of its log, oldest first.
    pub log: Vec<LogEntryView>,
    /// The committed transactions it keeps in memory for learners, if it has any: the first, the
    /// last (`minCommittedLog`, `maxCommittedLog`), how many.
    pub committed_log: Option<(Zxid, Zxid, usize)>,
    /// Connected clients.
    pub connections: usize,
    /// Its disk.
    pub disk: DiskView,
    /// Whether it has no leader and answers reads: `ReadOnlyZooKeeperServer`.
    pub is_read_only: bool,
    /// The request processors of its role, in the order in which requests pass. Empty while it
    /// serves nobody.
    pub pipeline: Vec<StageView>,
}

/// A request processor and what waits in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StageView {
    /// Which.
    pub processor: Processor,
    /// First in line first.
    pub requests: Vec<QueuedView>,
}

/// A request that waits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QueuedView {
    /// Whose.
    pub session: SessionId,
    /// The client's number for it; 0 if a server made it.
    pub xid: Xid,
    /// What it asks for, as in `create /a`.
    pub summary: Rc<str>,
    /// Its place in the order, if it is known here.
    pub zxid: Option<Zxid>,
}

/// A timer that runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimerView {
    /// What runs out.
    pub kind: TimerKind,
    /// When it was set.
    pub set_at: Time,
    /// When it runs out.
    pub due: Time,
}

/// What a timer is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TimerKind {
    /// FLE sends its vote again.
    Notification,
    /// FLE waits for a better vote: `finalizeWait`.
    Finalize,
    /// The leader pings, every half tick.
    Ping,
    /// A learner gives its leader up, or a leader its quorum.
    Limit,
    /// Something else.
    Other,
}

/// An entry of a transaction log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogEntryView {
    /// Its place.
    pub zxid: Zxid,
    /// What it does, as in `create /a`.
    pub summary: Rc<str>,
    /// Whether this server has applied it.
    pub is_applied: bool,
    /// Whether it would survive a crash.
    pub is_durable: bool,
}

/// One client.
#[derive(Clone, PartialEq, Debug)]
pub struct ClientView {
    /// Its number.
    pub id: ClientId,
    /// Its name in the scenario.
    pub name: Rc<str>,
    /// How it stands with the ensemble.
    pub state: ClientState,
    /// The server it is connected to, or tries.
    pub server: Option<ServerId>,
    /// The servers it knows, in the order it tries them.
    pub servers: Rc<[ServerId]>,
    /// 0 before the first.
    pub session: SessionId,
    /// Negotiated, in milliseconds.
    pub timeout_ms: u32,
    /// The largest zxid it has seen.
    pub last_zxid_seen: Zxid,
    /// Requests without a reply.
    pub pending: usize,
    /// Whether its process is stopped for the moment.
    pub is_paused: bool,
}

/// `ZooKeeper.States`, and what the lab adds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ClientState {
    /// Looking for a server.
    Connecting,
    /// In session.
    Connected,
    /// In session with a read-only server.
    ConnectedReadOnly,
    /// Told that its session has expired.
    Expired,
    /// Closed by itself.
    Closed,
    /// The process died without a word.
    Vanished,
}

impl ClientState {
    /// Whether its process runs and has, or may get back, a session.
    pub fn is_alive(self) -> bool {
        match self {
            ClientState::Connecting | ClientState::Connected | ClientState::ConnectedReadOnly => {
                true
            }
            ClientState::Expired | ClientState::Closed | ClientState::Vanished => false,
        }
    }
}

/// A packet on its way.
#[derive(Clone, PartialEq, Debug)]
pub struct PacketView {
    /// Unique among the packets of a moment, and kept for the packet's life.
    pub id: u64,
    /// Who sent it.
    pub from: Actor,
    /// To whom.
    pub to: Actor,
    /// Short, in ZooKeeper's words, as in `PROPOSAL 5` or `vote s3`.
    pub label: Rc<str>,
    /// What it is, without its content: what a hold can be about.
    pub packet_type: PacketType,
    /// Which family, for colour and for hiding.
    pub kind: PacketKind,
    /// The epoch it speaks of, 0 if none.
    pub epoch: u32,
    /// How many bytes it has on the wire.
    pub bytes: u64,
    /// When it was sent.
    pub sent: Time,
    /// When its last byte leaves its sender: later only if the bandwidth is limited.
    pub departs: Time,
    /// When it will arrive, if nothing happens.
    pub arrives: Time,
    /// Held from outside, with so many microseconds of its way left.
    pub held_us: Option<u64>,
    /// Whether it waits behind one that is held, on the same connection.
    pub is_behind: bool,
    /// Whether its way is cut, so that it dies when it would arrive, and TCP sends it again.
    pub is_cut: bool,
    /// Whether it has died at a cut already, and waits for TCP to try again.
    pub is_stalled: bool,
}

/// The network: its connections, and what was done to it. Of overlapping rules the last one counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NetworkView {
    /// All that somebody holds or on which something is on its way, in the order of dialling.
    pub connections: Vec<ConnectionView>,
    /// Each direction that is cut, apart from the partition.
    pub cuts: Vec<(Actor, Actor)>,
    /// Latencies that were set; `None` is as ever.
    pub latencies: Vec<(Way, Option<Latency>)>,
    /// Bandwidths that were set, in bytes a second; `None` is no limit.
    pub bandwidths: Vec<(Way, Option<u64>)>,
    /// Traffic that is held, or an exception from that.
    pub holds: Vec<(Traffic, bool)>,
    /// What happens to packets between servers.
    pub unsafety: Unsafety,
}

/// A connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConnectionView {
    /// Its number, given in the order of dialling.
    pub id: ConnId,
    /// Which port was dialled.
    pub port: Port,
    /// Who dialled.
    pub dialler: Actor,
    /// Whom.
    pub listener: Actor,
    /// Whether both ends hold it and know that it is up.
    pub is_up: bool,
}

/// Families of packets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PacketKind {
    /// Votes.
    Election,
    /// Discovery and synchronization.
    Recovery,
    /// PROPOSAL, ACK, COMMIT, INFORM.
    Broadcast,
    /// PING and client pings.
    Ping,
    /// REQUEST, SYNC, REVALIDATE.
    Forward,
    /// Between a client and its server.
    Client,
    /// Connections being opened and closed.
    Connection,
}

/// A checked invariant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InvariantView {
    /// Which.
    pub invariant: crate::sim::check::Invariant,
    /// The first violation, if there was one up to this moment.
    pub violation: Option<crate::sim::check::Violation>,
}

/// One event, as a line between actors.
#[derive(Clone, PartialEq, Debug)]
pub struct EventView {
    /// Its place in the run.
    pub index: u32,
    /// When.
    pub at: Time,
    /// The event that caused it, unless it came from outside.
    pub cause: Option<u32>,
    /// When that was: for a packet, when it was sent.
    pub sent: Option<Time>,
    /// To whom it happened; `None` for the outside.
    pub actor: Option<Actor>,
    /// What.
    pub what: EventWhat,
}

/// What an event was.
#[derive(Clone, PartialEq, Debug)]
pub enum EventWhat {
    /// A packet arrived, or died on its way.
    Packet {
        /// From.
        from: Actor,
        /// To.
        to: Actor,
        /// Short, in ZooKeeper's words; empty if it was only about the connection.
        label: Rc<str>,
        /// Which family.
        kind: PacketKind,
        /// The epoch it speaks of, 0 if none.
        epoch: u32,
        /// Whether it died.
        is_lost: bool,
    },
    /// A timer fired.
    Timer,
    /// A write became durable.
    Written,
    /// A write failed.
    WriteFailed,
    /// Somebody outside did something.
    Act(Rc<crate::sim::action::Action>),
}

/// A row of the feed: something worth a sentence.
#[derive(Clone, PartialEq, Debug)]
pub struct FeedRow {
    /// The event it belongs to: where a click on it goes.
    pub index: u32,
    /// When.
    pub at: Time,
    /// To whom it happened; `None` for the outside.
    pub actor: Option<Actor>,
    /// What.
    pub what: FeedItem,
}

/// What a row of the feed tells.
#[derive(Clone, PartialEq, Debug)]
pub enum FeedItem {
    /// A decision and its reason.
    Decision(Why),
    /// Somebody outside did something.
    Act(crate::sim::action::Action),
    /// A server's state or phase changed.
    StateChanged {
        /// From.
        from: (ServerState, Phase),
        /// To.
        to: (ServerState, Phase),
    },
    /// A packet died on its way.
    Lost {
        /// From.
        from: Actor,
        /// To.
        to: Actor,
        /// Its label.
        label: Rc<str>,
    },
    /// An invariant broke.
    Violated(crate::sim::check::Violation),
}

/// A znode as one server has it.
#[derive(Clone, PartialEq, Debug)]
pub struct ZnodeView {
    /// Its path.
    pub path: Path,
    /// Its data as text, for showing only; `None` is null.
    pub data: Option<Rc<str>>,
    /// Its counters.
    pub stat: Stat,
    /// Its kind.
    pub owner: Owner,
}

/// A watch that one server keeps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WatchView {
    /// Its path; there need not be a znode.
    pub path: Path,
    /// Whose, if that client still has this session.
    pub client: Option<ClientId>,
    /// Its session.
    pub session: SessionId,
    /// Its kind.
    pub kind: WatchKind,
}

/// A line of a client's console.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConsoleLine {
    /// What kind of line.
    pub kind: ConsoleKind,
    /// The text: what was typed, or ZooKeeper's own output. Never markup.
    pub text: Rc<str>,
}

/// Kinds of console lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConsoleKind {
    /// Typed.
    Input,
    /// Answered.
    Output,
    /// Refused, by the command line itself or by a server.
    Error,
    /// A watch event or a session event, which comes by itself.
    Event,
}
