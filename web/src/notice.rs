//! Messages of the page itself.

use crate::i18n::Strings;
use crate::ui_action::FileProblem;
use zklab_core::lab::Divergence;

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
    /// A new branch; this one stays.
    Forked(u32),
    /// To just before an action.
    BeforeAction,
    /// To just after an action.
    AfterAction,
    /// There is no action before.
    NothingBefore,
    /// There is no action after.
    NothingAfter,
    /// What was waited for did not happen in time.
    NotReached,
    /// Nothing happens any more.
    NothingHappens,
    /// An invariant broke, and playback has stopped.
    StoppedAtViolation,
    /// Details of what is long ago are forgotten from now on.
    Forgets,
    /// A file or a link was opened, with this title.
    Opened(Option<String>),
    /// A run goes another way than it did when it was saved.
    Diverged(Divergence),
    /// A file of this name, or a link, is damaged; so many steps of it can be had.
    Damaged(Option<String>, String, usize),
    /// A file of this name is no scenario.
    NoScenario(String, String),
    /// A file of this name cannot be read.
    NoFile(String, FileProblem),
    /// Prepared scenarios cannot be had.
    NoPrepared,
    /// This path is none for a recipe.
    NoRecipePath(String),
    /// A link cannot be opened.
    NoLink(String),
    /// The link is in the clipboard.
    Copied,
    /// A fresh start.
    WasReset,
    /// Progress was read from a file: of so many lessons and challenges.
    Imported(usize),
    /// A lesson was left; its ensemble stays.
    LessonLeft,
    /// Refused, and why.
    Refused(String),
}

impl NoticeKind {
    /// Whether it goes by itself: it only says what the reader sees anyway.
    pub const fn is_passing(&self) -> bool {
        match self {
            NoticeKind::Restored
            | NoticeKind::Forked(_)
            | NoticeKind::BeforeAction
            | NoticeKind::AfterAction
            | NoticeKind::NothingBefore
            | NoticeKind::NothingAfter
            | NoticeKind::Opened(_)
            | NoticeKind::Copied
            | NoticeKind::Imported(_)
            | NoticeKind::LessonLeft
            | NoticeKind::WasReset => true,
            NoticeKind::Unreadable(_)
            | NoticeKind::NotSaved
            | NoticeKind::NotReached
            | NoticeKind::NothingHappens
            | NoticeKind::StoppedAtViolation
            | NoticeKind::Forgets
            | NoticeKind::Diverged(_)
            | NoticeKind::Damaged(..)
            | NoticeKind::NoScenario(..)
            | NoticeKind::NoFile(..)
            | NoticeKind::NoPrepared
            | NoticeKind::NoRecipePath(_)
            | NoticeKind::NoLink(_)
            | NoticeKind::Refused(_) => false,
        }
    }

    /// In the reader's language.
    pub fn text(&self, t: &Strings) -> String {
        match self {
            NoticeKind::Unreadable(error) => (t.unreadable)(error),
            NoticeKind::Restored => t.restored.to_owned(),
            NoticeKind::NotSaved => t.not_saved.to_owned(),
            NoticeKind::Forked(from) => (t.time.forked)(*from),
            NoticeKind::BeforeAction => t.time.before_action.to_owned(),
            NoticeKind::AfterAction => t.time.after_action.to_owned(),
            NoticeKind::NothingBefore => t.time.nothing_before.to_owned(),
            NoticeKind::NothingAfter => t.time.nothing_after.to_owned(),
            NoticeKind::NotReached => t.time.not_reached.to_owned(),
            NoticeKind::NothingHappens => t.time.nothing_happens.to_owned(),
            NoticeKind::StoppedAtViolation => t.time.stopped_at_violation.to_owned(),
            NoticeKind::Forgets => t.time.forgets.to_owned(),
            NoticeKind::Opened(title) => (t.work.opened)(title.as_deref()),
            NoticeKind::Diverged(said) => (t.work.diverged)(*said),
            NoticeKind::Damaged(name, error, steps) => {
                let told = match name {
                    Some(name) => (t.work.no_scenario)(name, error),
                    None => (t.work.no_link)(error),
                };
                format!("{told} {}", (t.work.rest)(*steps))
            }
            NoticeKind::NoScenario(name, error) => (t.work.no_scenario)(name, error),
            NoticeKind::NoFile(name, problem) => (t.work.no_file)(name, *problem),
            NoticeKind::NoPrepared => t.recipes.no_prepared.to_owned(),
            NoticeKind::NoRecipePath(path) => (t.recipes.no_path)(path),
            NoticeKind::NoLink(error) => (t.work.no_link)(error),
            NoticeKind::Copied => t.work.copied.to_owned(),
            NoticeKind::WasReset => t.was_reset.to_owned(),
            NoticeKind::Imported(count) => (t.lessons.imported)(*count),
            NoticeKind::LessonLeft => t.lessons.left.to_owned(),
            NoticeKind::Refused(error) => (t.refused)(error),
        }
    }
}
