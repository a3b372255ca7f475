//! What an application asks of a recipe, and on which terms.

use crate::txn::Path;
use std::rc::Rc;

/// A recipe: which of the forms that are built on znodes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RecipeKind {
    /// One at a time, in the order in which they came.
    Lock,
    /// One at a time, whoever is quickest.
    HerdLock,
}

impl RecipeKind {
    /// The number at the end of the name of a node of its own.
    pub fn number(self, name: &str) -> Option<u64> {
        match self {
            RecipeKind::Lock => super::line::number(name, "lock-"),
            RecipeKind::HerdLock => None,
        }
    }

    /// How many of these nodes hold, the first ones; they stand in the order of their numbers.
    pub fn holding(self, names: &[&str]) -> usize {
        match self {
            RecipeKind::Lock | RecipeKind::HerdLock => names.len().min(1),
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
    /// An exclusive lock by one ephemeral node, which everybody watches.
    HerdLock,
}

impl What {
    /// Every verb of [`Ask::Use`], with what follows its path.
    pub const VERBS: [(&str, &str); 3] = [("lock", ""), ("mutex", ""), ("herd-lock", "")];

    /// The word it is asked for with.
    pub const fn verb(&self) -> &'static str {
        match self {
            What::Lock => "lock",
            What::Mutex => "mutex",
            What::HerdLock => "herd-lock",
        }
    }

    /// Which recipe it belongs to.
    pub const fn kind(&self) -> RecipeKind {
        match self {
            What::Lock | What::Mutex => RecipeKind::Lock,
            What::HerdLock => RecipeKind::HerdLock,
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
    /// What the client has or waits for there is given back.
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
