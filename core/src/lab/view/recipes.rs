//! What the page reads about recipes: one value a path.

pub use crate::recipe::Seen;
pub use crate::recipe::{Phase, RecipeKind};
pub use crate::sim::books::{Counts, Guarded, Outcome, Tally, TwoBelievers};

use crate::recipe::Use;
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
    /// The znode at the path itself, if it is there.
    pub itself: Option<WrittenView>,
    /// The figures.
    pub tally: Tally,
    /// What came of it lately, oldest first.
    pub lately: Vec<Rc<Outcome>>,
}

/// What a znode holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WrittenView {
    /// The beginning of its data, as text.
    pub text: Rc<str>,
    /// Its version.
    pub version: i32,
    /// The number of its next sequential child.
    pub next: i32,
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
    /// Its data.
    pub data: Rc<str>,
    /// Its place in the view's `members`, if it is the node of one.
    pub member: Option<usize>,
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
    /// What it asked for.
    pub wanted: Rc<Use>,
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
    /// Their places in the view's `nodes`, as far as they are there.
    pub watched: Vec<usize>,
    /// What it saw last, if it keeps an eye on something.
    pub seen: Option<Seen>,
}
