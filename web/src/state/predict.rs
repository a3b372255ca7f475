//! Predict mode: the lab stops before a decision, asks, and then shows what it was, and why.

use super::{Chores, State};
use crate::ui_action::Panel;
use crate::ui_action::predict::PredictAction;
use zklab_core::lab::predict::{Guess, Prediction, Subject};
use zklab_core::types::Time;

/// After so many events without a question it is looked ahead again.
const LOOK_EVERY: u32 = 400;

/// What is asked, and how it went so far.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Predict {
    /// What is asked about; nothing at first.
    pub subjects: Vec<Subject>,
    /// The next question.
    pub next: Option<Prediction>,
    /// Whether it is asked now.
    pub is_asked: bool,
    /// Whether the answer is shown.
    pub is_shown: bool,
    /// What was answered.
    pub given: Option<Guess>,
    /// How many answers were right.
    pub right: u32,
    /// How many there were.
    pub all: u32,
    /// Questions before this event were asked.
    after: u32,
    /// Where it was looked ahead last, and how far.
    looked: Option<(u32, u32)>,
}

impl State {
    pub(super) fn do_predict(&mut self, action: PredictAction) -> Chores {
        match action {
            PredictAction::Toggle(subject) => {
                let subjects = &mut self.predict.subjects;
                match subjects.iter().position(|known| *known == subject) {
                    Some(place) => drop(subjects.remove(place)),
                    None => subjects.push(subject),
                }
                self.forget_prediction();
            }
            PredictAction::Answer(given) => self.show_prediction(given),
            PredictAction::GoOn => {
                self.forget_prediction();
                self.is_playing = true;
                self.pace.rest();
            }
        }
        Chores::NONE
    }

    /// What was looked at is no longer what will be: the reader did something.
    pub(super) fn forget_prediction(&mut self) {
        self.predict.next = None;
        self.predict.looked = None;
        self.predict.is_asked = false;
        self.predict.is_shown = false;
        self.predict.given = None;
    }

    /// Up to when may be played before a question.
    pub(super) fn predict_until(&mut self) -> Option<Time> {
        if self.predict.subjects.is_empty() || self.course.open.is_some() {
            return None;
        }
        let here = self.lab.world().events;
        let has_moved_back = self.predict.looked.is_some_and(|(at, _)| here < at);
        let is_stale = self.predict.looked.is_none_or(|(at, _)| at + LOOK_EVERY <= here);
        let is_past = self.predict.next.as_ref().is_some_and(|next| next.stop < here);
        if has_moved_back || is_past || (self.predict.next.is_none() && is_stale) {
            self.predict.after = if has_moved_back { here } else { self.predict.after };
            let (next, end) = self.lab.predict(&self.predict.subjects, self.predict.after);
            self.forget_prediction();
            self.predict.next = next;
            self.predict.looked = Some((here, end));
        }
        let next = self.predict.next.as_ref()?;
        // Just before: what else happens at that moment comes event by event.
        Some(Time(next.until.0.saturating_sub(1)))
    }

    /// After a frame: whether it is time to ask.
    pub(super) fn predict_frame(&mut self) {
        let Some(next) = &self.predict.next else { return };
        if self.lab.world().now.0 + 1 < next.until.0 || self.course.open.is_some() {
            return;
        }
        let stop = next.stop;
        self.go_to_event(stop);
        self.predict.is_asked = true;
        self.is_playing = false;
        self.pace.rest();
        self.refresh();
    }

    /// Event by event to where so many have happened.
    fn go_to_event(&mut self, events: u32) {
        while self.lab.world().events < events {
            let before = self.lab.world().events;
            self.lab.step();
            if self.lab.world().events == before {
                break;
            }
        }
    }

    fn show_prediction(&mut self, given: Option<Guess>) {
        let Some(next) = self.predict.next.clone().filter(|_| !self.predict.is_shown) else {
            return;
        };
        self.predict.given = given;
        self.predict.is_shown = true;
        self.predict.is_asked = true;
        self.predict.after = next.decided + 1;
        if given.is_some() {
            self.predict.all += 1;
            self.predict.right += u32::from(given == Some(next.right));
        }
        self.go_to_event(next.decided + 1);
        self.explained = Some(next.decided);
        self.panels.show(Panel::Why);
        self.refresh();
    }
}
