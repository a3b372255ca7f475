//! Messages of the page itself.

use crate::i18n::Strings;

/// A message above the stage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// What it says.
    pub kind: NoticeKind,
    /// Whether [`UiAction::Undo`] can take back what it tells of.
    pub can_undo: bool,
}

/// What a message says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NoticeKind {
    /// Saved work could not be read.
    Unreadable(String),
    /// Saved work is back.
    Restored,
    /// The browser does not keep work.
    NotSaved,
    /// What came after was dropped.
    Forked,
    /// A fresh start.
    WasReset,
    /// Refused, and why.
    Refused(String),
}

impl NoticeKind {
    /// Whether it goes by itself: it only says what the reader sees anyway.
    pub const fn is_passing(&self) -> bool {
        match self {
            NoticeKind::Restored | NoticeKind::Forked | NoticeKind::WasReset => true,
            NoticeKind::Unreadable(_) | NoticeKind::NotSaved | NoticeKind::Refused(_) => false,
        }
    }

    /// In the reader's language.
    pub fn text(&self, t: &Strings) -> String {
        match self {
            NoticeKind::Unreadable(error) => (t.unreadable)(error),
            NoticeKind::Restored => t.restored.to_owned(),
            NoticeKind::NotSaved => t.not_saved.to_owned(),
            NoticeKind::Forked => t.forked.to_owned(),
            NoticeKind::WasReset => t.was_reset.to_owned(),
            NoticeKind::Refused(error) => (t.refused)(error),
        }
    }
}
