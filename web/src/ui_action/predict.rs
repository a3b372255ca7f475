//! What a reader does in predict mode.

use zklab_core::lab::predict::{Guess, Subject};

/// What a reader does in predict mode.
#[derive(Clone, PartialEq, Debug)]
pub enum PredictAction {
    /// Ask about this, or don't.
    Toggle(Subject),
    /// An answer, or none.
    Answer(Option<Guess>),
    /// On.
    GoOn,
}
