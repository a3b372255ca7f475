//! What a reader does with the glossary.

use std::rc::Rc;

/// What a reader does with the glossary.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GlossaryAction {
    /// Its file has come, or has not.
    Fetched(Option<Rc<str>>),
    /// What is this? By a word or a key.
    Ask(Rc<str>),
    /// Show all terms, or hide them.
    Toggle,
}
