//! What travels over connections: election notifications, quorum packets, and the client protocol.

mod size;

use crate::config::Ensemble;
use crate::error::KeeperError;
use crate::image::Image;
use crate::txn::{Op, Reply, Request, Txn, WatchEvent};
use crate::types::{ServerId, ServerState, SessionId, Vote, Xid, Zxid};
use std::rc::Rc;

/// Anything one end of a connection can send to the other.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Message {
    /// Who dials, first on every election connection: `QuorumCnxManager.InitialMessage`.
    Hello(ServerId),
    /// A vote.
    Notification(Notification),
    /// Between a leader and a learner.
    Quorum(Packet),
    /// A client's first words.
    Connect(ConnectRequest),
    /// The answer to them.
    Connected(ConnectResponse),
    /// A client asks.
    Request {
        /// The client's number for it.
        xid: Xid,
        /// What.
        op: Op,
    },
    /// A server answers: `ReplyHeader` and body.
    Reply {
        /// Of the request.
        xid: Xid,
        /// The last transaction the server has applied; `None` in replies of ping and auth.
        zxid: Zxid,
        /// The answer.
        result: Result<Reply, KeeperError>,
    },
    /// A watch fired: xid −1 on the wire.
    Watch(WatchEvent),
    /// A client asks whether the server writes, too: the four letters `isro`, on a connection of
    /// their own.
    IsReadOnly,
    /// `rw`, or else `ro` or that it does not serve.
    IsReadOnlyAnswer {
        /// Whether `rw`.
        is_read_write: bool,
    },
    /// A client is alive.
    ClientPing,
    /// So is the server.
    ClientPong {
        /// The last transaction the server has applied.
        zxid: Zxid,
    },
}

/// `FastLeaderElection.Notification`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Notification {
    /// Whom the sender votes for.
    pub vote: Vote,
    /// The sender's round of election: its `logicalclock`.
    pub election_epoch: u64,
    /// What the sender is doing.
    pub state: ServerState,
    /// The configuration the sender knows to be committed.
    pub config: Rc<Ensemble>,
}

/// Packet types of `Leader`, by name.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Packet {
    /// A participant reports for duty (11).
    FollowerInfo {
        /// The last epoch it promised to accept.
        accepted_epoch: u32,
        /// Its `myid`.
        sid: ServerId,
        /// The version of the configuration it knows.
        config_version: Zxid,
    },
    /// An observer does (16).
    ObserverInfo {
        /// The last epoch it promised to accept.
        accepted_epoch: u32,
        /// Its `myid`.
        sid: ServerId,
        /// The version of the configuration it knows.
        config_version: Zxid,
    },
    /// The leader proposes an epoch (17).
    LeaderInfo {
        /// That epoch.
        epoch: u32,
    },
    /// The learner promises (18).
    AckEpoch {
        /// The last transaction in its log.
        last_zxid: Zxid,
        /// The last epoch it was synchronized in; `None` if it had promised this epoch before,
        /// and so may not be counted again.
        current_epoch: Option<u32>,
    },
    /// Transactions that are missing follow (13).
    Diff {
        /// The leader's last committed one.
        zxid: Zxid,
    },
    /// Cut the log (14).
    Trunc {
        /// After this transaction.
        zxid: Zxid,
    },
    /// Here is everything (15).
    Snap {
        /// The whole state.
        image: Rc<Image>,
    },
    /// End of history (10): zxid is `(epoch, 0)`.
    NewLeader {
        /// The new epoch's first zxid.
        zxid: Zxid,
        /// The last configuration the leader has seen proposed.
        config: Rc<Ensemble>,
        /// The one the learner goes by from UPTODATE on. (In ZooKeeper the same, even while it is
        /// not committed.)
        activates: Rc<Ensemble>,
    },
    /// You may serve clients (12).
    UpToDate,
    /// Log this (2).
    Proposal(Rc<Txn>),
    /// It is on my disk (3).
    Ack {
        /// Which.
        zxid: Zxid,
    },
    /// Apply it (4).
    Commit {
        /// Which.
        zxid: Zxid,
    },
    /// Apply it, for an observer, which was not asked to log it (8).
    Inform(Rc<Txn>),
    /// Apply a reconfiguration, and go by it from now on (9).
    CommitAndActivate {
        /// Which.
        zxid: Zxid,
        /// Who leads from now on.
        designated: ServerId,
    },
    /// The same for an observer (19).
    InformAndActivate {
        /// The reconfiguration.
        txn: Rc<Txn>,
        /// Who leads from now on.
        designated: ServerId,
    },
    /// Alive? (5) The learner's answer carries the sessions it has heard from.
    Ping {
        /// The leader's last proposal, or the learner's last logged one.
        zxid: Zxid,
        /// Sessions heard from, and their timeouts in milliseconds. Empty from the leader.
        touched: Rc<[(SessionId, u32)]>,
    },
    /// Is this session alive? (6) Sent by a learner with `is_valid` empty, answered with it.
    Revalidate {
        /// Which.
        session: SessionId,
        /// Its timeout in milliseconds.
        timeout_ms: u32,
        /// The answer.
        is_valid: Option<bool>,
    },
    /// All that was committed before your sync has been sent (7).
    Sync {
        /// Whose.
        session: SessionId,
        /// Which.
        cxid: Xid,
    },
    /// A client of a learner writes, or syncs (1).
    Request(Rc<Request>),
}

impl Packet {
    /// The name of the constant in `Leader`.
    pub const fn name(&self) -> &'static str {
        match self {
            Packet::FollowerInfo { .. } => "FOLLOWERINFO",
            Packet::ObserverInfo { .. } => "OBSERVERINFO",
            Packet::LeaderInfo { .. } => "LEADERINFO",
            Packet::AckEpoch { .. } => "ACKEPOCH",
            Packet::Diff { .. } => "DIFF",
            Packet::Trunc { .. } => "TRUNC",
            Packet::Snap { .. } => "SNAP",
            Packet::NewLeader { .. } => "NEWLEADER",
            Packet::UpToDate => "UPTODATE",
            Packet::Proposal(_) => "PROPOSAL",
            Packet::Ack { .. } => "ACK",
            Packet::Commit { .. } => "COMMIT",
            Packet::Inform(_) => "INFORM",
            Packet::CommitAndActivate { .. } => "COMMITANDACTIVATE",
            Packet::InformAndActivate { .. } => "INFORMANDACTIVATE",
            Packet::Ping { .. } => "PING",
            Packet::Revalidate { .. } => "REVALIDATE",
            Packet::Sync { .. } => "SYNC",
            Packet::Request(_) => "REQUEST",
        }
    }
}

/// A client's first words on a connection.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ConnectRequest {
    /// The session to resume, 0 for a new one.
    pub session: SessionId,
    /// That session's password.
    pub password: u64,
    /// The timeout wished for.
    pub timeout_ms: u32,
    /// The largest zxid the client has seen. A server that is behind it refuses.
    pub last_zxid_seen: Zxid,
    /// Whether a read-only server will do.
    pub can_be_read_only: bool,
}

/// The answer. Session 0 means that the session has expired.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ConnectResponse {
    /// The session.
    pub session: SessionId,
    /// Its password. Simplified: 8 bytes for ZooKeeper's 16.
    pub password: u64,
    /// The negotiated timeout; 0 if expired.
    pub timeout_ms: u32,
    /// Whether the server is read-only.
    pub is_read_only: bool,
}
