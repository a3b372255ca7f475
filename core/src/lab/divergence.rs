//! Saved work that an engine of another version goes on with in another way.
//!
//! What was saved holds the actions with their moments, which event each was, and where the run ended.
//! If the run made of the actions does not come to the same, it is opened all the same, and a
//! [`Divergence`] says from where on it is another run.

use crate::lab::timeline::Timeline;

/// A run goes another way than it did: it was made by another version of the engine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Divergence {
    /// From this event on it may be another run; nothing if that was not recorded.
    pub from: Option<u32>,
    /// So many actions cannot be done any more, and were left out.
    pub dropped: usize,
}

/// What is noticed while the actions of a saved run happen again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::lab) struct Repetition {
    /// Actions that could not be done.
    dropped: usize,
    /// How many were done before the first of them.
    before: Option<usize>,
    /// Whether the end was another.
    pub(in crate::lab) has_other_end: bool,
}

impl Repetition {
    /// An action could not be done, after so many that were.
    pub(in crate::lab) fn drop_action(&mut self, after: usize) {
        self.dropped += 1;
        self.before.get_or_insert(after);
    }

    /// Whether and where the run went another way. `recorded` is which event each action was, if
    /// that was saved.
    pub(in crate::lab) fn outcome(
        &self,
        timeline: &Timeline,
        recorded: &[u32],
    ) -> Option<Divergence> {
        let indices = timeline.actions().iter().map(|placed| placed.index);
        let known = indices.clone().zip(recorded).take(self.before.unwrap_or(usize::MAX));
        let same = known.take_while(|(index, recorded)| index == *recorded).count();
        let is_same = recorded.is_empty() || same == recorded.len();
        let has_diverged = !is_same || self.has_other_end || 0 < self.dropped;
        let last = || same.checked_sub(1).map_or(0, |last| recorded[last] + 1);
        has_diverged
            .then(|| Divergence { from: (!recorded.is_empty()).then(last), dropped: self.dropped })
    }
}

/// How many events a run may have if so many were recorded: another version may need more.
pub(in crate::lab) fn most_events(recorded: u32) -> u32 {
    recorded.saturating_add(recorded / 4).saturating_add(5000)
}
