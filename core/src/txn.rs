//! What clients ask, what the ensemble agrees on, and what clients are answered.
//!
//! A [`Request`] goes in at one server. If it writes, the leader's `PrepRequestProcessor` checks it
//! once and turns it into a [`Txn`]: an idempotent change with every decision already taken, which
//! each server then applies alike. A [`Reply`] goes back to the client from the server it is
//! connected to.

pub mod list;
mod op;

use crate::error::KeeperError;
use crate::types::{SessionId, Time, Xid, Zxid};
use std::rc::Rc;

/// An absolute path of a znode. Shared, never changed.
pub type Path = Rc<str>;

/// The data of a znode. Shared, never changed.
pub type Bytes = Rc<[u8]>;

/// `CreateMode`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum CreateMode {
    /// Stays until deleted.
    #[default]
    Persistent,
    /// Goes with its session.
    Ephemeral,
    /// Persistent, with a ten-digit suffix from its parent's counter.
    PersistentSequential,
    /// Ephemeral, with such a suffix.
    EphemeralSequential,
    /// Removed some time after its last child.
    Container,
    /// Removed some time after its last change if it has no children.
    PersistentWithTtl,
    /// The same with a suffix.
    PersistentSequentialWithTtl,
}

impl CreateMode {
    /// Whether the name gets a ten-digit suffix.
    pub const fn is_sequential(self) -> bool {
        matches!(
            self,
            CreateMode::PersistentSequential
                | CreateMode::EphemeralSequential
                | CreateMode::PersistentSequentialWithTtl
        )
    }

    /// Whether the znode belongs to a session.
    pub const fn is_ephemeral(self) -> bool {
        matches!(self, CreateMode::Ephemeral | CreateMode::EphemeralSequential)
    }

    /// Whether the znode has a time to live.
    pub const fn is_ttl(self) -> bool {
        matches!(self, CreateMode::PersistentWithTtl | CreateMode::PersistentSequentialWithTtl)
    }

    /// ZooKeeper's constant, as in `PERSISTENT_SEQUENTIAL`.
    pub const fn name(self) -> &'static str {
        match self {
            CreateMode::Persistent => "PERSISTENT",
            CreateMode::Ephemeral => "EPHEMERAL",
            CreateMode::PersistentSequential => "PERSISTENT_SEQUENTIAL",
            CreateMode::EphemeralSequential => "EPHEMERAL_SEQUENTIAL",
            CreateMode::Container => "CONTAINER",
            CreateMode::PersistentWithTtl => "PERSISTENT_WITH_TTL",
            CreateMode::PersistentSequentialWithTtl => "PERSISTENT_SEQUENTIAL_WITH_TTL",
        }
    }

    /// All modes, in the order of their wire flags.
    pub const ALL: [CreateMode; 7] = [
        CreateMode::Persistent,
        CreateMode::Ephemeral,
        CreateMode::PersistentSequential,
        CreateMode::EphemeralSequential,
        CreateMode::Container,
        CreateMode::PersistentWithTtl,
        CreateMode::PersistentSequentialWithTtl,
    ];
}

/// Who a znode belongs to. ZooKeeper packs this into the 64 bits of `ephemeralOwner`
/// (`EphemeralType`); here it is spelled out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Owner {
    /// Nobody: persistent.
    #[default]
    None,
    /// A session: ephemeral.
    Session(SessionId),
    /// The container manager, once it has had a child and has none.
    Container,
    /// The container manager, that many milliseconds after the last change.
    Ttl(u64),
}

/// Permission bits of `ZooDefs.Perms`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Perms(pub u8);

impl Perms {
    /// Read data and children.
    pub const READ: Perms = Perms(1);
    /// Write data.
    pub const WRITE: Perms = Perms(2);
    /// Create children.
    pub const CREATE: Perms = Perms(4);
    /// Delete children.
    pub const DELETE: Perms = Perms(8);
    /// Change the ACL.
    pub const ADMIN: Perms = Perms(16);
    /// All of them.
    pub const ALL: Perms = Perms(31);

    /// Whether the two share a bit.
    pub const fn intersects(self, other: Perms) -> bool {
        self.0 & other.0 != 0
    }
}

/// One entry of an access control list.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Acl {
    /// What it allows.
    pub perms: Perms,
    /// `world`, `auth`, `digest`, `ip`, `x509`, `sasl` or `super`.
    pub scheme: Rc<str>,
    /// Whom it allows, in the scheme's own form.
    pub id: Rc<str>,
}

/// An identity that a connection has proved (`Id` in `ServerCnxn.getAuthInfo`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct AuthInfo {
    /// `ip`, `digest`, `super`, …
    pub scheme: Rc<str>,
    /// In the scheme's own form.
    pub id: Rc<str>,
}

/// What a watch is set for: `WatcherType` and `AddWatchMode` together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum WatchKind {
    /// Set by getData on a znode that is there. One shot.
    Data,
    /// Set by exists on a znode that is absent. One shot. On the server it is a data watch.
    Exist,
    /// Set by getChildren. One shot.
    Child,
    /// `AddWatchMode.PERSISTENT`.
    Persistent,
    /// `AddWatchMode.PERSISTENT_RECURSIVE`.
    PersistentRecursive,
}

/// What `removeWatches` removes: `Watcher.WatcherType`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum WatcherType {
    /// Child watches.
    Children,
    /// Data and exist watches.
    Data,
    /// Any.
    Any,
    /// Persistent ones.
    Persistent,
    /// Persistent recursive ones.
    PersistentRecursive,
}

/// `Watcher.Event.EventType`, but for the session events, which only clients make.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EventType {
    /// The znode came to be.
    NodeCreated,
    /// The znode went.
    NodeDeleted,
    /// Its data was written.
    NodeDataChanged,
    /// A child came or went.
    NodeChildrenChanged,
    /// A data watch was removed by request.
    DataWatchRemoved,
    /// A child watch was removed by request.
    ChildWatchRemoved,
    /// A persistent watch was removed by request.
    PersistentWatchRemoved,
}

impl EventType {
    /// ZooKeeper's name.
    pub const fn name(self) -> &'static str {
        match self {
            EventType::NodeCreated => "NodeCreated",
            EventType::NodeDeleted => "NodeDeleted",
            EventType::NodeDataChanged => "NodeDataChanged",
            EventType::NodeChildrenChanged => "NodeChildrenChanged",
            EventType::DataWatchRemoved => "DataWatchRemoved",
            EventType::ChildWatchRemoved => "ChildWatchRemoved",
            EventType::PersistentWatchRemoved => "PersistentWatchRemoved",
        }
    }
}

/// A watch event on its way to a client. Never carries data.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct WatchEvent {
    /// What happened.
    pub event: EventType,
    /// To which znode.
    pub path: Path,
}

/// What a client asks of its server, each with the name of its `ZooDefs.OpCode`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Op {
    /// create, create2, createContainer, createTTL.
    Create {
        /// Where; without the suffix if sequential.
        path: Path,
        /// `None` is the null of the wire protocol.
        data: Option<Bytes>,
        /// Who may do what.
        acl: Rc<[Acl]>,
        /// Which kind of znode.
        mode: CreateMode,
        /// Time to live of the TTL modes, else ignored.
        ttl_ms: i64,
    },
    /// delete. Version −1 matches any, here and below.
    Delete {
        /// Which znode.
        path: Path,
        /// The expected data version.
        version: i32,
    },
    /// setData.
    SetData {
        /// Which znode.
        path: Path,
        /// `None` is null.
        data: Option<Bytes>,
        /// The expected data version.
        version: i32,
    },
    /// check: part of a multi.
    Check {
        /// Which znode.
        path: Path,
        /// The expected data version.
        version: i32,
    },
    /// exists.
    Exists {
        /// Which znode.
        path: Path,
        /// Whether to leave a watch, also on an absent znode.
        watch: bool,
    },
    /// getData.
    GetData {
        /// Which znode.
        path: Path,
        /// Whether to leave a data watch.
        watch: bool,
    },
    /// getChildren2.
    GetChildren {
        /// Which znode.
        path: Path,
        /// Whether to leave a child watch.
        watch: bool,
    },
    /// getAllChildrenNumber: counts the whole subtree.
    GetAllChildrenNumber {
        /// Which znode.
        path: Path,
    },
    /// getEphemerals of this session below a prefix.
    GetEphemerals {
        /// The prefix.
        path: Path,
    },
    /// getACL.
    GetAcl {
        /// Which znode.
        path: Path,
    },
    /// setACL.
    SetAcl {
        /// Which znode.
        path: Path,
        /// The new list.
        acl: Rc<[Acl]>,
        /// The expected ACL version.
        version: i32,
    },
    /// sync: brings the client's server up to what the leader has committed.
    Sync {
        /// Ignored by every server.
        path: Path,
    },
    /// multi: all or nothing. Only create, delete, setData and check.
    Multi(Rc<[Op]>),
    /// multiRead: only getData and getChildren.
    MultiRead(Rc<[Op]>),
    /// addWatch.
    AddWatch {
        /// Which znode, there or not.
        path: Path,
        /// Whether for the whole subtree.
        is_recursive: bool,
    },
    /// removeWatches.
    RemoveWatches {
        /// Which znode.
        path: Path,
        /// Which watches on it.
        kind: WatcherType,
    },
    /// setWatches2: what a client had, after a reconnect.
    SetWatches {
        /// The largest zxid the client has seen in a reply.
        relative_zxid: Zxid,
        /// Its watches.
        watches: Rc<[(Path, WatchKind)]>,
    },
    /// whoAmI.
    WhoAmI,
    /// auth.
    AddAuth {
        /// `digest`, …
        scheme: Rc<str>,
        /// In the scheme's own form, such as `user:password`.
        auth: Rc<str>,
    },
    /// reconfig.
    Reconfig(Rc<ReconfigRequest>),
    /// createSession: made by the server a new client connects to.
    CreateSession {
        /// The negotiated timeout.
        timeout_ms: u32,
    },
    /// closeSession: from the client, or from the leader when the session expires.
    CloseSession,
    /// deleteContainer: made by the leader's container manager.
    DeleteContainer {
        /// Which znode.
        path: Path,
    },
}

/// The three forms of a reconfiguration.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct ReconfigRequest {
    /// `server.N=…` lines to add or change.
    pub joining: Vec<String>,
    /// Server ids to remove.
    pub leaving: Vec<String>,
    /// The whole new membership instead.
    pub new_members: Vec<String>,
    /// The expected config version, −1 for any.
    pub from_config: i64,
}

/// A request inside the servers: `Request` in ZooKeeper.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Request {
    /// Whose.
    pub session: SessionId,
    /// The client's number for it, 0 for requests the servers make.
    pub cxid: Xid,
    /// What.
    pub op: Op,
    /// The identities the client's connection had proved.
    pub auth: Rc<[AuthInfo]>,
}

/// A transaction as it is proposed, logged and applied: `TxnHeader` and body.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Txn {
    /// Its place in the one order.
    pub zxid: Zxid,
    /// Whose request it came from.
    pub session: SessionId,
    /// That client's number for it.
    pub cxid: Xid,
    /// The leader's clock: becomes ctime and mtime.
    pub time: Time,
    /// The change.
    pub body: TxnBody,
}

/// The change itself: idempotent, with every decision taken by the leader.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum TxnBody {
    /// A znode comes to be.
    Create {
        /// Its whole path, with suffix.
        path: Path,
        /// Its data.
        data: Option<Bytes>,
        /// Its resolved ACL.
        acl: Rc<[Acl]>,
        /// Its kind.
        owner: Owner,
        /// The parent's stored cversion after it. Applied only if larger than the current one.
        parent_cversion: i32,
    },
    /// A znode goes.
    Delete {
        /// Which.
        path: Path,
    },
    /// Data is written.
    SetData {
        /// Where.
        path: Path,
        /// What.
        data: Option<Bytes>,
        /// The version after it.
        version: i32,
    },
    /// An ACL is replaced.
    SetAcl {
        /// Where.
        path: Path,
        /// By what.
        acl: Rc<[Acl]>,
        /// The ACL version after it.
        version: i32,
    },
    /// A check that held: part of a multi, changes nothing.
    Check {
        /// Which znode.
        path: Path,
    },
    /// A session begins.
    CreateSession {
        /// Its timeout.
        timeout_ms: u32,
    },
    /// A session ends, and these ephemerals with it.
    CloseSession {
        /// What the leader saw the session own, outstanding creates included.
        paths: Rc<[Path]>,
    },
    /// A container or TTL znode goes.
    DeleteContainer {
        /// Which.
        path: Path,
    },
    /// All of these under one zxid.
    Multi(Rc<[TxnBody]>),
    /// A refused request. It has taken a zxid all the same, and travels like any other.
    Error(KeeperError),
    /// A refused multi: one entry per operation.
    MultiError(Rc<[Option<KeeperError>]>),
    /// The membership changes.
    Reconfig {
        /// The text of `/zookeeper/config` after it.
        config: Rc<str>,
    },
}

/// `Stat`, as clients see it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Stat {
    /// The zxid that created it.
    pub czxid: Zxid,
    /// The zxid that last wrote its data.
    pub mzxid: Zxid,
    /// The zxid that last changed its set of children, or created it.
    pub pzxid: Zxid,
    /// When it was created, by the leader's clock.
    pub ctime: Time,
    /// When it was last written.
    pub mtime: Time,
    /// Data writes.
    pub version: i32,
    /// Children created and deleted.
    pub cversion: i32,
    /// ACL writes.
    pub aversion: i32,
    /// The session it belongs to; 0 if none, and for container and TTL znodes.
    pub ephemeral_owner: SessionId,
    /// Bytes of data.
    pub data_length: u32,
    /// Direct children.
    pub num_children: u32,
}

/// What a client is answered if its request is not refused.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Reply {
    /// Done, nothing to say: delete, check, sync, addWatch, …
    Done,
    /// The path of a new znode and its Stat.
    Created {
        /// With the suffix.
        path: Path,
        /// Right after creation.
        stat: Stat,
    },
    /// A Stat: exists, setData, setACL.
    Stat(Stat),
    /// getData.
    Data {
        /// `None` is null.
        data: Option<Bytes>,
        /// Of the same moment.
        stat: Stat,
    },
    /// getChildren. Names, not paths; sorted here, in no order in ZooKeeper.
    Children {
        /// The names.
        children: Rc<[Rc<str>]>,
        /// Of the same moment.
        stat: Stat,
    },
    /// getACL.
    Acl {
        /// The list; digests masked for those without ADMIN.
        acl: Rc<[Acl]>,
        /// Of the same moment.
        stat: Stat,
    },
    /// multi and multiRead, one per operation.
    Multi(Rc<[Result<Reply, KeeperError>]>),
    /// getAllChildrenNumber.
    Number(u32),
    /// getEphemerals.
    Paths(Rc<[Path]>),
    /// whoAmI.
    Auth(Rc<[AuthInfo]>),
    /// reconfig: the text of the new configuration.
    Config {
        /// As `/zookeeper/config` holds it.
        config: Rc<str>,
        /// Of that znode.
        stat: Stat,
    },
}

/// `OPEN_ACL_UNSAFE`: anyone may do anything.
pub fn open_acl() -> Rc<[Acl]> {
    // Nearly every znode and request has it: it is there once.
    thread_local! {
        static OPEN: Rc<[Acl]> =
            Rc::new([Acl { perms: Perms::ALL, scheme: "world".into(), id: "anyone".into() }]);
    }
    OPEN.with(Rc::clone)
}
