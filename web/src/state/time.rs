//! Branches, and running until something happens.

use super::{Chores, State};
use crate::notice::{Notice, NoticeKind};
use crate::ui_action::{Panel, TimeAction};
use std::rc::Rc;
use zklab_core::lab::Lab;
use zklab_core::lab::compare::Comparison;
use zklab_core::lab::hunt::{Goal, Hunt};
use zklab_core::types::Time;

/// How long, in microseconds, is waited for something: ten minutes.
const LONGEST_HUNT_US: u64 = 600_000_000;
/// Events between two looks at the clock.
const EVENTS_A_LOOK: u32 = 500;
/// How many events are remembered in detail.
const MOST_EVENTS: u32 = 1_000_000;

/// What the reader does with time.
#[derive(Clone, Debug, Default)]
pub struct TimeState {
    /// What is waited for, and until when.
    hunt: Option<(Goal, Time)>,
    /// Whether the list of what can be waited for is open.
    pub shows_goals: bool,
    /// The branch that the current one is compared with, and what was found.
    pub comparison: Option<Rc<Comparison>>,
    /// Whether the reader was told that details are forgotten.
    has_told_limit: bool,
}

impl State {
    pub(super) fn do_time(&mut self, action: TimeAction) -> Chores {
        match action {
            TimeAction::Fork => self.fork_here(),
            TimeAction::Undo => self.undo_action(),
            TimeAction::Redo => self.redo_action(),
            TimeAction::Switch(number) => self.switch(number),
            TimeAction::Delete(number) => {
                self.keep_before();
                let is_done = self.lab.delete_branch(number);
                self.after_branch(is_done.map_err(|error| error.to_string()))
            }
            TimeAction::Rename(number, name) => {
                let is_done = self.lab.rename_branch(number, &name);
                self.after_branch(is_done.map_err(|error| error.to_string()))
            }
            TimeAction::Compare(with) => self.compare(with),
            TimeAction::StepPhase => self.hunt(Goal::Phase),
            TimeAction::BackPhase => self.travel(Lab::back_phase),
            TimeAction::Hunt(goal) => self.hunt(goal),
            TimeAction::ToggleGoals => {
                self.time.shows_goals = !self.time.shows_goals;
                Chores::NONE
            }
        }
    }

    /// Another lab takes the place of the one before: its history is bounded too.
    pub(super) fn adopt(&mut self, lab: Lab) {
        self.lab = lab;
        self.lanes_seen.take();
        self.lab.limit_history(MOST_EVENTS);
        self.time = TimeState::default();
        self.pace.rest();
    }

    fn fork_here(&mut self) -> Chores {
        self.keep_before();
        let from = self.lab.branch().number;
        self.lab.fork();
        self.is_playing = false;
        self.after_branch(Ok(()));
        self.notice = Some(Notice { kind: NoticeKind::Forked(from), can_undo: true });
        Chores::SAVE
    }

    fn undo_action(&mut self) -> Chores {
        let is_other_work = matches!(
            &self.notice,
            Some(Notice {
                kind: NoticeKind::WasReset | NoticeKind::Opened(_) | NoticeKind::Diverged(_),
                can_undo: true,
            })
        );
        if is_other_work {
            return self.undo();
        }
        let action = self.lab.undo();
        self.went_by(action.is_some(), NoticeKind::BeforeAction, NoticeKind::NothingBefore)
    }

    fn redo_action(&mut self) -> Chores {
        let action = self.lab.redo();
        self.went_by(action.is_some(), NoticeKind::AfterAction, NoticeKind::NothingAfter)
    }

    fn went_by(&mut self, has_moved: bool, moved: NoticeKind, not: NoticeKind) -> Chores {
        self.travel(|_| {});
        self.tell(if has_moved { moved } else { not });
        Chores::SAVE
    }

    fn switch(&mut self, number: u32) -> Chores {
        let is_done = self.lab.switch(number);
        self.is_playing = false;
        let chores = self.after_branch(is_done.map_err(|error| error.to_string()));
        if let Some(said) = self.lab.divergence() {
            self.tell(NoticeKind::Diverged(said));
        }
        chores
    }

    fn after_branch(&mut self, is_done: Result<(), String>) -> Chores {
        self.pace.rest();
        self.lab.limit_history(MOST_EVENTS);
        self.notice = None;
        if let Err(error) = is_done {
            self.tell(NoticeKind::Refused(error));
        }
        self.time.hunt = None;
        let with = self.time.comparison.as_ref().map(|found| found.sides[1].number);
        let is_there = |number: &u32| {
            let mut all = self.lab.branches().into_iter();
            *number != self.lab.branch().number && all.any(|b| b.head.number == *number)
        };
        let with = with.filter(is_there);
        self.compare(with);
        self.refresh();
        Chores::SAVE
    }

    fn compare(&mut self, with: Option<u32>) -> Chores {
        let current = self.lab.branch().number;
        self.time.comparison = match with.map(|with| self.lab.compare(current, with)) {
            None => None,
            Some(Ok(found)) => {
                self.panels.show(Panel::Branches);
                Some(Rc::new(found))
            }
            Some(Err(error)) => {
                self.tell(NoticeKind::Refused(error.to_string()));
                None
            }
        };
        Chores::NONE
    }

    // --- Running until something happens

    fn hunt(&mut self, goal: Goal) -> Chores {
        let limit = self.lab.world().now.plus_us(LONGEST_HUNT_US);
        self.time.hunt = Some((goal, limit));
        self.time.shows_goals = false;
        self.notice = None;
        self.is_playing = true;
        self.pace.rest();
        Chores::NONE
    }

    /// What is waited for is given up: the reader does something else with time.
    pub(super) fn stop_hunt(&mut self) {
        self.time.hunt = None;
    }

    /// Goes on with the search for a frame. Answers whether there is one.
    pub(super) fn play_hunt(&mut self, has_time: &impl Fn() -> bool) -> bool {
        let Some((goal, limit)) = self.time.hunt else { return false };
        let found = loop {
            match self.lab.hunt(goal, limit, EVENTS_A_LOOK) {
                Hunt::Going if has_time() => {}
                found => break found,
            }
        };
        let notice = match found {
            Hunt::Going => None,
            Hunt::Found => Some(None),
            Hunt::TooLong => Some(Some(NoticeKind::NotReached)),
            Hunt::Over => Some(Some(NoticeKind::NothingHappens)),
        };
        if let Some(kind) = notice {
            self.time.hunt = None;
            self.is_playing = false;
            self.pace.rest();
            self.refresh();
            self.speak();
            if let Some(kind) = kind {
                self.tell(kind);
            }
            if goal == Goal::Violation && found == Hunt::Found {
                self.shows_invariants = true;
            }
        } else {
            self.refresh();
        }
        true
    }

    /// Stops at the moment at which an invariant was broken since there were so many broken ones,
    /// and opens its witness.
    pub(super) fn stop_at_violation(&mut self, from: u32, broken: usize) {
        let checker = &self.lab.world().checker;
        if checker.violations().count() <= broken {
            return;
        }
        let fresh = checker.violations().map(|found| found.index).filter(|at| from <= *at).min();
        let Some(index) = fresh else { return };
        self.lab.seek(index + 1);
        self.is_playing = false;
        self.pace.rest();
        self.shows_invariants = true;
        self.tell(NoticeKind::StoppedAtViolation);
    }

    /// Says it once when details begin to be forgotten.
    pub(super) fn tell_limit(&mut self) {
        if !self.time.has_told_limit && 0 < self.lab.forgotten() {
            self.time.has_told_limit = true;
            self.tell(NoticeKind::Forgets);
        }
    }
}
