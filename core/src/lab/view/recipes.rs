//! What the page reads about recipes: one value a path.

pub use crate::recipe::{Phase, RecipeKind};
pub use crate::sim::books::{Counts, Guarded, TwoBelievers};

use crate::txn::Path;
use crate::types::{ClientId, SessionId, Time, Zxid};
use std::rc::Rc;

/// A path on which a recipe is or was followed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecipeView {
    /// The path.
    pub path: Path,
    /// The recipe that was followed there first.
    pub kind: RecipeKind,
    /// The znodes that stand in line, in the order of their numbers, as the server has them that has
    /// processed most.
    pub nodes: Vec<RecipeNodeView>,
    /// Who holds by znode: the clients of those nodes that come first. A node whose client is not
    /// known any more does not show here, but in `nodes`.
    pub holders: Vec<ClientId>,
    /// Who believes to hold.
    pub believers: Vec<ClientId>,
    /// Who waits, in the order of the nodes; who has none comes last.
    pub waiters: Vec<ClientId>,
    /// What each client does there, in order of client.
    pub members: Vec<MemberView>,
    /// What it cost in all.
    pub total: Counts,
    /// What it cost since something held was last given back.
    pub since_release: Counts,
    /// What it cost from the last release but one to the last.
    pub last_release: Counts,
    /// How often something held was given back.
    pub releases: u64,
    /// How often somebody came to hold.
    pub grants: u64,
    /// The first time that two believed to hold what only one can.
    pub two_believers: Option<TwoBelievers>,
    /// How often that came to be so.
    pub times_two_believed: u64,
    /// The resource that holders write to, if they do.
    pub guarded: Option<Guarded>,
}

/// A znode of a recipe.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecipeNodeView {
    /// Where.
    pub path: Path,
    /// The number at its end, if it has one.
    pub number: Option<u64>,
    /// The session it goes with; 0 if none.
    pub session: SessionId,
    /// The client that has that session.
    pub client: Option<ClientId>,
    /// Whether it holds, as far as znodes tell.
    pub is_holding: bool,
    /// The clients that wait for it to change.
    pub watched_by: Vec<ClientId>,
}

/// What a client does there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MemberView {
    /// Which client.
    pub client: ClientId,
    /// Which of its uses, numbered in the order in which they were asked for.
    pub number: u32,
    /// What it asked for, as it was typed.
    pub asked: Rc<str>,
    /// How it stands. It believes to hold if this is [`Phase::Holds`].
    pub phase: Phase,
    /// How often it holds: more than once only if the recipe is re-entrant.
    pub count: u32,
    /// Since when it holds, if it does or did and has not heard otherwise.
    pub since: Option<Time>,
    /// The fencing token, once it was granted.
    pub token: Option<Zxid>,
    /// Its own node.
    pub node: Option<Path>,
    /// The nodes it watches.
    pub watches: Vec<Path>,
    /// Whose nodes these are.
    pub waits_for: Vec<ClientId>,
}
