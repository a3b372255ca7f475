//! What a teacher does: presents, blacks the screen out, hands out, looks answers up.

use std::rc::Rc;

/// What a teacher does.
#[derive(Clone, PartialEq, Debug)]
pub enum ClassAction {
    /// The presenter's layout, or back from it.
    TogglePresenting,
    /// Black the screen out, or bring it back.
    ToggleBlack,
    /// The key that clickers send to black the screen out; in the lab it plays and pauses.
    Dot,
    /// Open the window with the speaker's notes.
    OpenNotes,
    /// Tell the speaker's notes everything, and fit what is presented anew: a window has changed.
    TellNotes,
    /// Show the teacher's page, or leave it.
    ToggleTeacher,
    /// Close the hand-out, the teacher's page or the large code.
    Close,
    /// The hand-out with the answers in it, or without.
    ToggleKey,
    /// Show the expected answers of this file of the index, or hide them.
    ToggleAnswers(Rc<str>),
    /// A file has come, or has not.
    Fetched(Rc<str>, Option<Rc<str>>),
    /// Open what somebody has handed in.
    Verify(Rc<str>),
    /// Show the code of this link over the whole page.
    ShowCode(Rc<str>),
    /// Print the page.
    Print,
}
