//! What an application asks of a recipe, and on which terms.

use crate::txn::Path;
use std::rc::Rc;

/// A recipe: which of the forms that are built on znodes. Uses of one kind meet on one path.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RecipeKind {
    /// One at a time, in the order in which they came.
    Lock,
    /// One at a time, whoever is quickest.
    HerdLock,
    /// Readers together, writers alone.
    ReadWriteLock,
    /// At most so many at a time.
    Semaphore(u32),
    /// One leads, the others stand in line.
    Election,
    /// All wait until it is lifted.
    Barrier,
    /// All enter and leave together: so many.
    DoubleBarrier(u32),
    /// All wait until so many have arrived.
    Gather(u32),
    /// Something is put in, each thing is taken once.
    Queue,
    /// Who is there.
    Group,
    /// What is written.
    Config,
    /// Names that nobody else gets.
    Naming,
    /// A number.
    Counter,
    /// All commit or none does.
    TwoPhaseCommit,
}

impl RecipeKind {
    /// Of nodes in the order of their numbers, how many hold: the first ones.
    pub fn holding(self, names: &[&str]) -> usize {
        match self {
            RecipeKind::Lock | RecipeKind::HerdLock | RecipeKind::Election => names.len().min(1),
            RecipeKind::ReadWriteLock => super::line::holding(names),
            RecipeKind::Semaphore(most) => names.len().min(most as usize),
            RecipeKind::Barrier
            | RecipeKind::DoubleBarrier(_)
            | RecipeKind::Gather(_)
            | RecipeKind::Queue
            | RecipeKind::Group
            | RecipeKind::Config
            | RecipeKind::Naming
            | RecipeKind::Counter
            | RecipeKind::TwoPhaseCommit => 0,
        }
    }

    /// Below which child of its path those stand that hold.
    pub fn place(self) -> Option<&'static str> {
        match self {
            RecipeKind::Semaphore(_) => Some("leases"),
            RecipeKind::Lock
            | RecipeKind::HerdLock
            | RecipeKind::ReadWriteLock
            | RecipeKind::Election
            | RecipeKind::Barrier
            | RecipeKind::DoubleBarrier(_)
            | RecipeKind::Gather(_)
            | RecipeKind::Queue
            | RecipeKind::Group
            | RecipeKind::Config
            | RecipeKind::Naming
            | RecipeKind::Counter
            | RecipeKind::TwoPhaseCommit => None,
        }
    }

    /// How many may hold beside one that has just got it.
    pub fn others(self) -> Option<u32> {
        match self {
            RecipeKind::Lock
            | RecipeKind::HerdLock
            | RecipeKind::ReadWriteLock
            | RecipeKind::Election => Some(0),
            RecipeKind::Semaphore(most) => Some(most.saturating_sub(1)),
            RecipeKind::Barrier
            | RecipeKind::DoubleBarrier(_)
            | RecipeKind::Gather(_)
            | RecipeKind::Queue
            | RecipeKind::Group
            | RecipeKind::Config
            | RecipeKind::Naming
            | RecipeKind::Counter
            | RecipeKind::TwoPhaseCommit => None,
        }
    }
}

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum What {
    /// An exclusive lock by a queue of ephemeral sequential nodes: each watches the one before it.
    Lock,
    /// The same, and who holds it may take it again: Curator's `InterProcessMutex`.
    Mutex,
    /// A mutex that its holder cannot take again: Curator's `InterProcessSemaphoreMutex`.
    SemaphoreMutex,
    /// An exclusive lock by one ephemeral node, which everybody watches.
    HerdLock,
    /// A lock that others hold too, if they only read. Curator's `InterProcessReadWriteLock`.
    ReadLock,
    /// A lock that nobody else holds, not even to read.
    WriteLock,
    /// A lock that its holder gives back when it is asked to.
    RevocableLock,
    /// The holder is asked to give back.
    Revoke,
    /// These locks too, in this order.
    MultiLock(Rc<[Path]>),
    /// One of so many leases. Curator's `InterProcessSemaphoreV2`.
    Semaphore(u32),
    /// To lead. ZooKeeper's `LeaderElectionSupport`.
    Elect,
    /// The same, and to give it up whenever the connection ends. Curator's `LeaderLatch`.
    Latch,
    /// A barrier is set.
    SetBarrier,
    /// It is lifted.
    LiftBarrier,
    /// To pass it.
    AwaitBarrier,
    /// To enter with so many, and leave with them.
    DoubleBarrier(u32),
    /// To go on once so many have arrived.
    Gather(u32),
    /// Something is put into a queue; with a priority from 0, which comes first, to 99.
    Put {
        /// What.
        data: Rc<str>,
        /// If things have priorities.
        priority: Option<u8>,
    },
    /// The first thing is taken.
    Take,
    /// To be there under a name: a member of a group, an instance of a service with its address.
    Join {
        /// The name.
        name: Rc<str>,
        /// What is known of it.
        data: Rc<str>,
    },
    /// To see who is there.
    Members,
    /// One of those that were seen is picked, one after the other.
    Pick,
    /// A configuration is written.
    Publish(Rc<str>),
    /// To see what it says.
    Subscribe,
    /// A name that nobody else has.
    Name,
    /// To count on by so much.
    Count(i64),
    /// To bring these sites to one decision.
    Commit(Rc<[Rc<str>]>),
    /// To vote as this site, for a commit or against it.
    Vote {
        /// The site.
        site: Rc<str>,
        /// For it.
        is_commit: bool,
    },
}

impl What {
    /// Every verb of [`Ask::Use`], and what follows its path before the terms.
    pub const VERBS: [(&str, &str); 28] = [
        ("lock", ""),
        ("mutex", ""),
        ("semaphore-mutex", ""),
        ("herd-lock", ""),
        ("read-lock", ""),
        ("write-lock", ""),
        ("revocable-lock", ""),
        ("revoke", ""),
        ("multi-lock", "[path …]"),
        ("semaphore", "leases"),
        ("elect", ""),
        ("latch", ""),
        ("set-barrier", ""),
        ("lift-barrier", ""),
        ("await-barrier", ""),
        ("double-barrier", "clients"),
        ("gather", "clients"),
        ("put", "data [priority N]"),
        ("take", ""),
        ("join", "name [data]"),
        ("members", ""),
        ("pick", ""),
        ("publish", "data"),
        ("subscribe", ""),
        ("name", ""),
        ("count", "N"),
        ("commit", "site …"),
        ("vote", "site commit|abort"),
    ];

    /// The word it is asked for with.
    pub const fn verb(&self) -> &'static str {
        match self {
            What::Lock => "lock",
            What::Mutex => "mutex",
            What::SemaphoreMutex => "semaphore-mutex",
            What::HerdLock => "herd-lock",
            What::ReadLock => "read-lock",
            What::WriteLock => "write-lock",
            What::RevocableLock => "revocable-lock",
            What::Revoke => "revoke",
            What::MultiLock(_) => "multi-lock",
            What::Semaphore(_) => "semaphore",
            What::Elect => "elect",
            What::Latch => "latch",
            What::SetBarrier => "set-barrier",
            What::LiftBarrier => "lift-barrier",
            What::AwaitBarrier => "await-barrier",
            What::DoubleBarrier(_) => "double-barrier",
            What::Gather(_) => "gather",
            What::Put { .. } => "put",
            What::Take => "take",
            What::Join { .. } => "join",
            What::Members => "members",
            What::Pick => "pick",
            What::Publish(_) => "publish",
            What::Subscribe => "subscribe",
            What::Name => "name",
            What::Count(_) => "count",
            What::Commit(_) => "commit",
            What::Vote { .. } => "vote",
        }
    }

    /// Which recipe it belongs to.
    pub const fn kind(&self) -> RecipeKind {
        match self {
            What::Lock | What::Mutex | What::RevocableLock | What::Revoke | What::MultiLock(_) => {
                RecipeKind::Lock
            }
            What::SemaphoreMutex => RecipeKind::Semaphore(1),
            What::HerdLock => RecipeKind::HerdLock,
            What::ReadLock | What::WriteLock => RecipeKind::ReadWriteLock,
            What::Semaphore(most) => RecipeKind::Semaphore(*most),
            What::Elect | What::Latch => RecipeKind::Election,
            What::SetBarrier | What::LiftBarrier | What::AwaitBarrier => RecipeKind::Barrier,
            What::DoubleBarrier(needed) => RecipeKind::DoubleBarrier(*needed),
            What::Gather(needed) => RecipeKind::Gather(*needed),
            What::Put { .. } | What::Take => RecipeKind::Queue,
            What::Join { .. } | What::Members | What::Pick => RecipeKind::Group,
            What::Publish(_) | What::Subscribe => RecipeKind::Config,
            What::Name => RecipeKind::Naming,
            What::Count(_) => RecipeKind::Counter,
            What::Commit(_) | What::Vote { .. } => RecipeKind::TwoPhaseCommit,
        }
    }
}

/// What a holder does when its connection ends and it cannot know whether it still holds.
/// Curator: `ConnectionState.SUSPENDED`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum OnSuspended {
    /// It stops until the connection is back in the same session. What Curator recommends.
    #[default]
    Doubt,
    /// It goes on as if it held until it is told that the session is over.
    Trust,
}

/// What a holder does when it is told that its session is over.
/// Curator: `ConnectionState.LOST`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum OnLost {
    /// It stops.
    #[default]
    Stop,
    /// It never listens, and goes on until its work is done.
    Ignore,
}

/// What a resource outside ZooKeeper does with a holder's writes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Resource {
    /// It takes every write.
    Open,
    /// It refuses a write whose fencing token is smaller than one it has seen.
    Fenced,
}

/// The terms on which something is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Terms {
    /// How long it is held once it is had, in microseconds; `None` is until it is given back.
    pub hold_us: Option<u64>,
    /// How often it is asked for, one time after the other.
    pub times: u32,
    /// When the connection ends.
    pub on_suspended: OnSuspended,
    /// When the session ends.
    pub on_lost: OnLost,
    /// Whether nodes bear a mark of who created them, so that a lost reply does no harm. Curator:
    /// `withProtection`.
    pub is_protected: bool,
    /// A resource that the holder writes to when it begins to hold and before it gives back.
    pub resource: Option<Resource>,
}

impl Default for Terms {
    fn default() -> Terms {
        Terms {
            hold_us: None,
            times: 1,
            on_suspended: OnSuspended::default(),
            on_lost: OnLost::default(),
            is_protected: true,
            resource: None,
        }
    }
}

/// Something asked for, somewhere, on some terms.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Use {
    /// What.
    pub what: What,
    /// The znode below which it happens.
    pub path: Path,
    /// On which terms.
    pub terms: Terms,
}

/// What an application asks.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Ask {
    /// Something is to be had or done.
    Use(Rc<Use>),
    /// What the client has or waits for there is given back: `unlock`, or `leave` where that is the
    /// better word.
    Unlock(Path),
}

impl Ask {
    /// The znode it is about.
    pub fn path(&self) -> &Path {
        match self {
            Ask::Use(wanted) => &wanted.path,
            Ask::Unlock(path) => path,
        }
    }
}
