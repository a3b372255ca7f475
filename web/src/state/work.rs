//! The work as a whole: files, links, and the work before.

use super::scenario::Draft;
use super::{Chores, StageState, State};
use crate::notice::{Notice, NoticeKind};
use crate::ui_action::WorkAction;
use std::rc::Rc;
use zklab_core::lab::salvage::{Rest, salvage};
use zklab_core::lab::{Lab, RestoreError, link};

/// What the page knows about files and links.
#[derive(Clone, Debug, Default)]
pub struct WorkState {
    /// Whether the menu is open.
    pub shows_menu: bool,
    /// The link that was made last, without the page's address.
    pub link: Option<Rc<str>>,
    /// The work before the last file, link or fresh start.
    other: Option<Box<Lab>>,
    /// What can be read of the damaged file or link that was refused last.
    rest: Option<Rest>,
    /// The same as it was kept at the last visit.
    pub before: Option<String>,
}

impl State {
    pub(super) fn do_work(&mut self, action: WorkAction) -> Chores {
        match action {
            WorkAction::ToggleMenu => {
                self.work.shows_menu = !self.work.shows_menu;
                self.work.link = None;
                Chores::NONE
            }
            WorkAction::Save => {
                self.work.shows_menu = false;
                Chores { download: true, ..Chores::NONE }
            }
            WorkAction::Open { name, text } => match text {
                Ok(text) => self.open(Lab::open(&text), |error| {
                    (Some(name.to_string()), error, salvage(&text, false))
                }),
                Err(problem) => {
                    self.tell(NoticeKind::NoFile(name.to_string(), problem));
                    Chores::NONE
                }
            },
            WorkAction::Share => {
                let link = link::write(&self.lab);
                self.work.link = Some(link.into());
                self.work.shows_menu = true;
                Chores { copy: true, ..Chores::NONE }
            }
            WorkAction::Shared(is_copied) => {
                if is_copied {
                    self.tell(NoticeKind::Copied);
                }
                Chores::NONE
            }
            WorkAction::Follow(link) => match link::read(&link) {
                Ok(text) => {
                    self.open(Lab::open(&text), |error| (None, error, salvage(&text, false)))
                }
                Err(error) => self.refuse(None, error.to_string(), link::rest(&link)),
            },
            WorkAction::OpenRest => match self.work.rest.take() {
                Some(rest) => self.open(Lab::open_rest(&rest), |error| (None, error, None)),
                None => Chores::NONE,
            },
            WorkAction::GoBack => self.go_back(),
        }
    }

    /// Whether there is work before this to go back to.
    pub fn has_before(&self) -> bool {
        self.work.other.is_some() || self.work.before.is_some()
    }

    /// Whatever is done next can be taken back as a whole.
    pub(super) fn keep_before(&mut self) {
        self.before = Some(Box::new(self.lab.clone()));
    }

    /// Another work is about to take the place of this one, which can be had back.
    pub(super) fn keep_work(&mut self) {
        self.keep_before();
        self.work.other.clone_from(&self.before);
    }

    /// Opens a file or a link. If it cannot be, `problem` tells of which file, what is wrong, and what
    /// can be had of it.
    fn open(
        &mut self,
        opened: Result<Lab, RestoreError>,
        problem: impl Fn(String) -> (Option<String>, String, Option<Rest>),
    ) -> Chores {
        self.work.shows_menu = false;
        match opened {
            Ok(lab) => {
                self.keep_work();
                self.close_lesson();
                self.begin_other(lab);
                let title = self.lab.title().map(str::to_owned);
                let kind = match self.lab.divergence() {
                    Some(said) => NoticeKind::Diverged(said),
                    None => NoticeKind::Opened(title),
                };
                self.notice = Some(Notice { kind, can_undo: true });
                Chores { save: true, keep_before: true, ..Chores::NONE }
            }
            Err(error) => {
                let (name, error, rest) = problem(error.to_string());
                self.refuse(name, error, rest)
            }
        }
    }

    /// A file of this name, or a link, cannot be opened, or only this of it.
    fn refuse(&mut self, name: Option<String>, error: String, rest: Option<Rest>) -> Chores {
        self.tell(match (&rest, name) {
            (Some(rest), name) => NoticeKind::Damaged(name, error, rest.steps),
            (None, Some(name)) => NoticeKind::NoScenario(name, error),
            (None, None) => NoticeKind::NoLink(error),
        });
        self.work.rest = rest;
        Chores::NONE
    }

    /// Another work takes the place of this one.
    pub(super) fn begin_other(&mut self, lab: Lab) {
        self.is_playing = false;
        self.adopt(lab);
        self.forget_side();
        self.stage = StageState::default();
        self.selected = None;
        self.explained = None;
        self.hovered = None;
        let scenario = self.lab.scenario();
        self.chosen = (scenario.participants, scenario.observers);
        self.draft = Rc::new(Draft::of(scenario));
        self.refresh();
    }

    fn go_back(&mut self) -> Chores {
        self.work.shows_menu = false;
        let kept = self.work.before.take();
        let before = match self.work.other.take() {
            Some(lab) => Ok(*lab),
            None => Lab::restore(&kept.unwrap_or_default()),
        };
        match before {
            Ok(lab) => {
                self.keep_work();
                self.begin_other(lab);
                self.is_playing = false;
                self.notice = None;
                Chores { save: true, keep_before: true, ..Chores::NONE }
            }
            Err(error) => {
                self.tell(NoticeKind::Refused(error.to_string()));
                Chores::NONE
            }
        }
    }

    /// The work before this one as text.
    pub fn saved_before(&self) -> Option<String> {
        self.work.other.as_ref().map(|lab| lab.save())
    }
}
