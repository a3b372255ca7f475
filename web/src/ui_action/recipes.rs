//! What the reader does with recipes.

use std::rc::Rc;
use zklab_core::recipe::{OnLost, OnSuspended, What};
use zklab_core::txn::Path;
use zklab_core::types::ClientId;

/// The parts of the panel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Who holds, who waits.
    Line,
    /// New clients.
    Start,
    /// Herd against queue.
    Cost,
    /// Prepared scenarios.
    Prepared,
}

/// Clients that are to start.
#[derive(Clone, PartialEq, Debug)]
pub struct Order {
    /// What they want.
    pub what: What,
    /// How many.
    pub count: u16,
    /// Where.
    pub path: Rc<str>,
    /// How long each holds, in milliseconds; `None` is until it gives back.
    pub hold_ms: Option<u32>,
    /// What a holder does when its connection ends.
    pub on_suspended: OnSuspended,
    /// What it does when its session is over.
    pub on_lost: OnLost,
}

/// What the reader does with recipes.
#[derive(Clone, PartialEq, Debug)]
pub enum RecipeAction {
    /// Show a part of the panel.
    Show(Part),
    /// Look at what goes on at this path.
    Look(Path),
    /// A znode is chosen, here or in the trees.
    Znode(Path),
    /// The form says this.
    Edit(Order),
    /// Start the clients that the form tells of.
    Start,
    /// A client gives back what it holds there, or gives up waiting.
    Release(ClientId, Path),
    /// Measure herd against queue.
    Measure,
    /// The list of prepared scenarios has come; `None` if it could not be had.
    Listed(Option<Rc<str>>),
    /// A prepared scenario of this title has come; `None` if it could not be had.
    Prepared(Rc<str>, Option<Rc<str>>),
}
