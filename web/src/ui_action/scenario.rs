//! What a reader does with the scenario: the one of the next fresh start, and who joins this one.

use std::rc::Rc;
use zklab_core::config::Role;
use zklab_core::types::ServerId;

/// What a reader does with the scenario.
#[derive(Clone, PartialEq, Debug)]
pub enum ScenarioAction {
    /// One more server in the draft.
    Add(Role),
    /// The last server of the draft goes.
    RemoveLast,
    /// Another role for a server of the draft.
    Role(u8, Role),
    /// Its group of a hierarchical quorum, as typed; empty for none.
    Group(u8, Rc<str>),
    /// Its weight there, as typed; empty for 1.
    Weight(u8, Rc<str>),
    /// Whether it is no member at first.
    Joins(u8),
    /// The seed, as typed.
    Seed(Rc<str>),
    /// How long a packet takes between servers, in milliseconds, as typed; empty for as ever.
    Latency(Rc<str>),
    /// How much longer each write to a disk takes, in milliseconds, as typed.
    Disk(Rc<str>),
    /// A key of zoo.cfg, and its value as typed; empty for the default.
    Set(&'static str, Rc<str>),
    /// Everything as this run began.
    Revert,
    /// Begin afresh with the draft.
    Start,
    /// A new machine joins the ensemble that runs.
    Join(Role),
    /// A server leaves the ensemble that runs, by a reconfiguration.
    Leave(ServerId),
}
