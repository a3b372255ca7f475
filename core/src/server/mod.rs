//! One ZooKeeper server: election, ZAB, tree, sessions and watches wired together.
//!
//! [`Server::step`] takes one input and appends the effects it leads to; it owns no clock, socket,
//! disk arm or randomness. The parts are in
//! - [`peer`]: the roles and how one becomes another (`QuorumPeer`),
//! - `reconfig`: other members while it runs (`QuorumPeer.processReconfig`),
//! - [`requests`]: what happens to a request (`PrepRequestProcessor` … `FinalRequestProcessor`),
//! - [`clients`]: connections of clients and their sessions (`NIOServerCnxn`, `ZooKeeperServer`),
//! - [`disk`]: recovery, and what is written (`loadDataBase`, `SyncRequestProcessor`),
//! - [`pipeline`]: the two processors in which requests wait.

pub mod clients;
pub mod disk;
mod limits;
mod local;
pub mod peer;
pub mod pipeline;
pub mod queues;
mod read_only;
mod reconfig;
pub mod requests;
mod startup;
mod voting;

use crate::config::{Config, Ensemble, Views};
use crate::fle::Election;
use crate::fle::cnx::Connections;
use crate::pack::pack_enum;
use crate::session::SessionTracker;
use crate::sorted::{Map, Set};
use crate::tree::prep::{Prep, Settings};
use crate::txn::Path;
use crate::txn::list::Shelf;
use crate::types::{ConnId, Phase, Port, ServerId, ServerState, SessionId, Time, Vote, Zxid};
use crate::watch::WatchManager;
use crate::why::{DiskError, Why};
use crate::wire::Message;
use crate::zab::database::Database;
use crate::zab::leader::{self, Leader};
use crate::zab::learner::{self, Learner};
use crate::zab::log::{Files, Storage};
use clients::ClientConnection;
use pipeline::{CommitProcessor, SyncRequestProcessor};
use std::collections::VecDeque;
use std::rc::Rc;

/// What can happen to a server.
#[derive(Clone, Debug)]
pub enum Input {
    /// Somebody dialled one of its ports.
    Accepted {
        /// The new connection.
        conn: ConnId,
        /// Which port.
        port: Port,
    },
    /// A connection it dialled is up.
    Connected(ConnId),
    /// A connection ended, or could not be had.
    Closed(ConnId),
    /// Something came.
    Received {
        /// On which connection.
        conn: ConnId,
        /// What.
        message: Rc<Message>,
    },
    /// A timer ran out.
    Timer(Timer),
    /// The oldest write asked for by [`Effect::Write`] has been fsynced.
    Written {
        /// How long that took, in microseconds.
        took_us: u64,
    },
    /// The oldest write asked for by [`Effect::Write`] has failed.
    WriteFailed(DiskError),
}

/// What a server asks for. Carried out in order.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Dial a server.
    Dial {
        /// The new connection.
        conn: ConnId,
        /// Whom.
        to: ServerId,
        /// Which port.
        port: Port,
    },
    /// Send on a connection.
    Send {
        /// Which.
        conn: ConnId,
        /// What.
        message: Message,
    },
    /// Close a connection.
    Close(ConnId),
    /// Call with [`Input::Timer`] after that many microseconds, instead of any call asked for
    /// before.
    SetTimer {
        /// Which timer.
        timer: Timer,
        /// After how long.
        after_us: u64,
    },
    /// Never mind.
    CancelTimer(Timer),
    /// A write to disk has begun: call [`Input::Written`] when it is durable. First in, first out.
    Write(WriteKind),
    /// The state or the phase changed.
    StateChanged {
        /// Before.
        from: (ServerState, Phase),
        /// After.
        to: (ServerState, Phase),
    },
    /// A transaction was applied to the tree.
    Applied(Zxid),
    /// It goes by this configuration from now on.
    ConfigActivated(Rc<Ensemble>),
    /// The process ends by itself.
    Exit,
    /// A decision.
    Explain(Why),
}

/// How much there is to write; decides how long it takes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum WriteKind {
    /// Append to the log, with an fsync.
    Log {
        /// How many transactions.
        txns: u32,
    },
    /// Save a snapshot, with an fsync.
    Snapshot {
        /// How many bytes.
        bytes: u64,
    },
}

/// The timers of a server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Timer {
    /// FLE has heard nothing for a while.
    Silence,
    /// FLE has heard of no better vote for `finalizeWait`.
    Finalize,
    /// A leader's quorum has not come together within `initLimit`.
    Gate,
    /// Half a tick of a leader.
    HalfTick,
    /// A leader has heard nothing from the learner on this connection.
    LearnerRead(ConnId),
    /// A learner has heard nothing from its leader.
    LeaderRead,
    /// A learner tries again to reach its leader.
    Retry,
    /// A bucket of sessions ends.
    SessionExpiry,
    /// The container manager looks around.
    Containers,
    /// The log's writer has waited long enough for another transaction.
    Flush,
    /// Old snapshots and logs are removed.
    Purge,
    /// It has looked for a leader long enough to serve reads meanwhile.
    ReadOnly,
}

/// The moment at which a server is called, and a supply of connection ids.
#[derive(Debug)]
pub struct Moment<'a> {
    /// Virtual time.
    pub now: Time,
    /// The next connection id of the world; whoever dials takes one.
    pub next_conn: &'a mut u32,
    /// What is wrong with the disk, for what is written at once.
    pub disk_error: Option<DiskError>,
}

impl Moment<'_> {
    /// A connection id never used before.
    pub fn fresh_conn(&mut self) -> ConnId {
        let conn = ConnId(*self.next_conn);
        *self.next_conn += 1;
        conn
    }
}

/// What a server does.
#[derive(Clone, Debug)]
pub(crate) enum Role {
    /// Waits for its disk before it may look for a leader.
    Leaving,
    /// Looks for a leader.
    Looking,
    /// Leads, or tries to.
    Leading(Box<Leader>),
    /// Follows or observes, or tries to.
    Learning(Box<Learner>),
}

/// What the oldest writes on their way to disk are for.
#[derive(Clone, Debug)]
pub(crate) enum WriteFor {
    /// `SyncRequestProcessor`: pass these on.
    Batch(Rc<[Zxid]>),
    /// A learner's history at NEWLEADER, and the epoch it begins.
    History(u32),
    /// A snapshot that nobody waits for.
    Nobody,
}

/// Why the tree in memory is not what the disk would give.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unsaved {
    /// A SNAP has come, its snapshot is not on disk.
    Received,
    /// A TRUNC has come, the snapshot after it is not on disk.
    Cut,
    /// The log could not be written: what others committed may be applied and not logged.
    NotLogged,
}

/// A running ZooKeeper server.
#[derive(Clone, Debug)]
pub struct Server {
    pub(crate) id: ServerId,
    /// What it was started with: the static configuration.
    pub(crate) initial: Rc<Ensemble>,
    /// What it goes by.
    pub(crate) views: Views,
    /// A reconfiguration says who leads: no election is needed (`reconfigFlag`).
    pub(crate) is_appointed: bool,
    pub(crate) config: Rc<Config>,
    pub(crate) settings: Rc<Settings>,
    pub(crate) state: ServerState,
    pub(crate) phase: Phase,
    /// Whether its state has changed since boot: ZooKeeper logs it only then.
    pub(crate) has_changed_state: bool,
    pub(crate) storage: Storage,
    pub(crate) writes: VecDeque<WriteFor>,
    pub(crate) db: Database,
    /// The tree in memory is neither on disk nor can be replayed.
    pub(crate) unsaved: Option<Unsaved>,
    /// Its data directory was empty, and it must not take that for the truth: its zxid is −1 until
    /// it has synchronized.
    pub(crate) is_blank: bool,
    pub(crate) election: Election,
    pub(crate) connections: Connections,
    pub(crate) role: Role,
    /// The connection to the leader.
    pub(crate) leader_conn: Option<ConnId>,
    pub(crate) is_serving: bool,
    /// The last zxid given out: `hzxid`.
    pub(crate) last_zxid: Zxid,
    pub(crate) prep: Prep,
    pub(crate) commits: CommitProcessor,
    pub(crate) log_queue: SyncRequestProcessor,
    pub(crate) tracker: SessionTracker,
    /// Sessions that live only here; `None` if there are none such.
    pub(crate) locals: Option<SessionTracker>,
    /// Local sessions on their way to become global.
    pub(crate) upgrading: Set<SessionId>,
    /// It has no leader and answers reads.
    pub(crate) is_read_only: bool,
    /// Connections that are not read, or have not been.
    pub(crate) throttled: Set<ConnId>,
    /// Containers to be removed, one after the other, and when this round began.
    pub(crate) due_containers: (Time, VecDeque<Path>),
    /// Sessions a learner has heard from since the leader's last ping.
    pub(crate) touched: Map<SessionId, u32>,
    pub(crate) next_session: SessionId,
    pub(crate) clients: Map<ConnId, ClientConnection>,
    /// Sessions whose clients wait for the leader's word.
    pub(crate) revalidating: Map<SessionId, ConnId>,
    pub(crate) watches: WatchManager<ConnId>,
    pub(crate) space: Space,
}

/// Empty lists for what the machines of a role ask for: to be filled and emptied in one step.
#[derive(Clone, Debug, Default)]
pub(crate) struct Space {
    pub(crate) leader: Vec<leader::Effect>,
    pub(crate) learner: Vec<learner::Effect>,
}

impl Server {
    /// Its `myid`.
    pub fn id(&self) -> ServerId {
        self.id
    }

    /// The configurations it goes by.
    pub fn views(&self) -> &Views {
        &self.views
    }

    /// LOOKING, FOLLOWING, LEADING or OBSERVING.
    pub fn state(&self) -> ServerState {
        self.state
    }

    /// The phase of ZAB.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether its state has changed since boot.
    pub fn has_changed_state(&self) -> bool {
        self.has_changed_state
    }

    /// Whether it applies what is committed and could serve clients.
    pub fn is_serving(&self) -> bool {
        self.is_serving
    }

    /// Whether it serves clients: with `leaderServes=no` a leader does not.
    pub fn accepts_clients(&self) -> bool {
        self.is_serving && (self.config.leader_serves || self.state != ServerState::Leading)
    }

    /// The tree and the committed log.
    pub fn database(&self) -> &Database {
        &self.db
    }

    /// The disk as it would survive a crash, and what is on its way to it.
    pub fn storage(&self) -> &Storage {
        &self.storage
    }

    /// Keeps old records of its log in less memory. Returns whether there were new ones.
    pub fn pack_log(&mut self, shelf: &mut Shelf) -> bool {
        self.storage.files.pack(shelf)
    }

    /// What waits to be logged.
    pub fn log_queue(&self) -> &SyncRequestProcessor {
        &self.log_queue
    }

    /// Its vote.
    pub fn vote(&self) -> Vote {
        self.election.vote()
    }

    /// Its part in elections.
    pub fn election(&self) -> &Election {
        &self.election
    }

    /// Whom it follows or is, if anyone.
    pub fn leader(&self) -> Option<ServerId> {
        match &self.role {
            Role::Leaving | Role::Looking => None,
            Role::Leading(_) => Some(self.id),
            Role::Learning(learner) => Some(learner.leader()),
        }
    }

    /// Its side of ZAB, if it leads.
    pub fn as_leader(&self) -> Option<&Leader> {
        match &self.role {
            Role::Leading(leader) => Some(leader),
            Role::Leaving | Role::Looking | Role::Learning(_) => None,
        }
    }

    /// How many clients are connected.
    pub fn client_count(&self) -> usize {
        self.clients.len()
    }

    /// The session of a connection; zero until the client has said which.
    pub fn session_of(&self, conn: ConnId) -> Option<SessionId> {
        self.clients.get(&conn).map(|client| client.session)
    }

    /// Its watches.
    pub fn watches(&self) -> &WatchManager<ConnId> {
        &self.watches
    }

    /// Whether a port is open. The quorum port is open at whoever leads.
    pub fn listens(&self, port: Port) -> bool {
        match port {
            Port::Election | Port::Client => true,
            Port::Quorum => matches!(self.role, Role::Leading(_)),
        }
    }

    /// The process has died: what is left is what was durable. With the operating system it loses
    /// what was not fsynced, too.
    pub fn into_files(self, is_system_crash: bool) -> Files {
        self.storage.into_files(is_system_crash)
    }

    /// The operating system has written back the log up to `zxid`.
    pub fn written_back(&mut self, zxid: Zxid) {
        self.storage.written_back(zxid);
    }
}

pack_enum!(WriteKind { Log { txns }, Snapshot { bytes } });
pack_enum!(Timer { Silence, Finalize, Gate, HalfTick, LearnerRead(a), LeaderRead, Retry, SessionExpiry, Containers, Flush, Purge, ReadOnly });
