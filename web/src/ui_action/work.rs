//! What a reader can do with the work as a whole: files and links.

use std::rc::Rc;

/// Something done with the work.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WorkAction {
    /// Show what can be done, or hide it.
    ToggleMenu,
    /// Write it to a file.
    Save,
    /// A file was chosen.
    Open {
        /// What it is called.
        name: Rc<str>,
        /// What it says, or why that cannot be had.
        text: Result<Rc<str>, FileProblem>,
    },
    /// Make a link of it.
    Share,
    /// The link was copied, or the browser refused.
    Shared(bool),
    /// The page was given a link.
    Follow(Rc<str>),
    /// Open what can be read of the damaged file or link.
    OpenRest,
    /// Back to the work before the last file, link or fresh start.
    GoBack,
}

/// Why a file cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileProblem {
    /// It has more bytes than a scenario may have.
    TooLarge,
    /// It is no text.
    Binary,
    /// The browser could not read it.
    Unreadable,
}
