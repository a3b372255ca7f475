//! What a reader does with lessons and challenges.

use crate::course::Given;
use std::rc::Rc;

/// What a reader does with lessons and challenges.
#[derive(Clone, PartialEq, Debug)]
pub enum LessonAction {
    /// Show the course beside the stage, or hide it.
    Toggle,
    /// Open this file of the index, at a step.
    Open(Rc<str>, Rc<str>),
    /// A file has come, or has not.
    Fetched(Rc<str>, Option<Rc<str>>),
    /// Open a lesson that the reader has as a file.
    Read(Rc<str>),
    /// What stands after `#` in the address.
    Address(Rc<str>),
    /// On: let a run end, answer, do, or go to the next step.
    Next,
    /// To the step before.
    Previous,
    /// The step anew.
    Again,
    /// Answer the question.
    Answer(Given),
    /// Show the hint.
    Hint,
    /// Back to all lessons.
    Leave,
    /// Bring the work from before the lessons back.
    Restore,
    /// What an export of progress says.
    Import(Rc<str>),
}
