//! What a reader can do with time: branches, steps by action and phase, running until something.

use std::rc::Rc;
use zklab_core::lab::hunt::Goal;

/// Something done with time.
#[derive(Clone, PartialEq, Debug)]
pub enum TimeAction {
    /// A new branch from here on.
    Fork,
    /// To just before the last action.
    Undo,
    /// To just after the next action.
    Redo,
    /// To another branch.
    Switch(u32),
    /// Drop a branch.
    Delete(u32),
    /// Give a branch a name.
    Rename(u32, Rc<str>),
    /// Compare this branch with the current one, or with none.
    Compare(Option<u32>),
    /// To the next change of a server's state or phase.
    StepPhase,
    /// To the one before.
    BackPhase,
    /// Play on until this happens.
    Hunt(Goal),
    /// Show the list of what can be waited for, or hide it.
    ToggleGoals,
}
