//! Letting time pass until something happens: for "run until…".

use crate::client::session::State;
use crate::lab::Lab;
use crate::lab::script::Condition;
use crate::lab::script::facts::{Facts, Since};
use crate::sim::link::PacketType;
use crate::sim::trace::{EventKind, Note, NoteKind, Trace};
use crate::types::{Phase, ServerState, Time};
use crate::why::Why;

/// What is waited for. It counts from the cursor on: what is so already is not waited for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Goal {
    /// A leader begins to serve.
    Elected,
    /// Everybody that runs serves and has what the leader has, and was not so before.
    Synchronized,
    /// A session expired, or its client learns it.
    Expired,
    /// A server's state or phase of ZAB changes.
    Phase,
    /// A decision for this reason: one of [`Why::names`].
    Decision(&'static str),
    /// A packet of this kind arrives.
    Packet(PacketType),
    /// An invariant breaks.
    Violation,
}

/// How a search stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hunt {
    /// The cursor is just after it.
    Found,
    /// Not yet; the cursor has moved on.
    Going,
    /// The limit came first.
    TooLong,
    /// Nothing happens any more.
    Over,
}

impl Goal {
    /// Whether an event, or what it led to, is it; `None` if the world has to be looked at.
    fn is_note(self, note: &Note) -> bool {
        match (self, &note.what) {
            (Goal::Elected, NoteKind::StateChanged { to, .. }) => {
                *to == (ServerState::Leading, Phase::Broadcast)
            }
            (Goal::Phase, NoteKind::StateChanged { .. })
            | (Goal::Violation, NoteKind::Violated(_))
            | (Goal::Expired, NoteKind::ClientState(State::Expired))
            | (Goal::Expired, NoteKind::Decision(Why::SessionExpired { .. })) => true,
            (Goal::Decision(name), NoteKind::Decision(why)) => why.name() == name,
            (
                Goal::Elected
                | Goal::Synchronized
                | Goal::Expired
                | Goal::Phase
                | Goal::Decision(_)
                | Goal::Packet(_)
                | Goal::Violation,
                NoteKind::Decision(_)
                | NoteKind::StateChanged { .. }
                | NoteKind::Exited
                | NoteKind::Completed { .. }
                | NoteKind::Watch(_)
                | NoteKind::ClientState(_)
                | NoteKind::Told { .. }
                | NoteKind::Violated(_),
            ) => false,
        }
    }

    /// The first event of `from..to` that is it.
    fn first(self, trace: &Trace, from: u32, to: u32) -> Option<u32> {
        if let Goal::Packet(packet) = self {
            let from = from.max(trace.kept_from());
            let events = (from..to).zip(trace.events.iter_from(from as usize));
            let is_it = |kind: &EventKind| {
                kind.delivered().is_some_and(|(_, _, message)| PacketType::of(message) == packet)
            };
            return events.into_iter().find_map(|(n, event)| is_it(&event.kind).then_some(n));
        }
        let notes = trace.notes_from(from).take_while(|note| note.event < to);
        notes.into_iter().find(|note| self.is_note(note)).map(|note| note.event)
    }
}

impl Lab {
    /// Goes on to just after the next event that is what is waited for, but not past `limit`, and
    /// by no more than `most` events at a time.
    pub fn hunt(&mut self, goal: Goal, limit: Time, most: u32) -> Hunt {
        if goal == Goal::Synchronized {
            return self.hunt_synchronized(limit, most);
        }
        let from = self.world().events;
        let end = self.timeline.len();
        if from < end {
            let to = end.min(from.saturating_add(most));
            let found = goal.first(self.timeline.trace(), from, to);
            self.seek(found.map_or(to, |event| event + 1));
            return match (found, limit < self.world().now) {
                (Some(_), _) => Hunt::Found,
                (None, true) => Hunt::TooLong,
                (None, false) => Hunt::Going,
            };
        }
        self.cursor = None;
        let mut hunt = Hunt::Going;
        for _ in 0..most {
            let before = self.timeline.len();
            if !self.timeline.extend(limit) {
                hunt = self.out_of_time(limit);
                break;
            }
            if goal.first(self.timeline.trace(), before, before + 1).is_some() {
                hunt = Hunt::Found;
                break;
            }
        }
        self.index.update(self.timeline.trace());
        hunt
    }

    /// At the end of the run nothing more happens up to the limit.
    fn out_of_time(&mut self, limit: Time) -> Hunt {
        match self.timeline.tip().next_due() {
            Some(_) => {
                self.timeline.reach(limit.max(self.timeline.tip().now));
                Hunt::TooLong
            }
            None => Hunt::Over,
        }
    }

    fn hunt_synchronized(&mut self, limit: Time, most: u32) -> Hunt {
        let is_so = |lab: &Lab| {
            let facts = Facts { world: lab.world(), trace: lab.timeline.trace() };
            facts.hold(&Condition::Synchronized(None), &Since::default())
        };
        let mut was_so = is_so(self);
        for _ in 0..most {
            let index = self.world().events;
            if index < self.timeline.len() {
                self.seek(index + 1);
            } else {
                self.cursor = None;
                if !self.timeline.extend(limit) {
                    return self.out_of_time(limit);
                }
                self.index.update(self.timeline.trace());
            }
            let is_now = is_so(self);
            if is_now && !was_so {
                return Hunt::Found;
            }
            was_so = is_now;
            if limit < self.world().now {
                return Hunt::TooLong;
            }
        }
        Hunt::Going
    }

    /// Back to just after the event before in which a server's state or phase changed, or to the
    /// beginning.
    pub fn back_phase(&mut self) {
        let Some(last) = self.world().events.checked_sub(1) else { return };
        let notes = &self.timeline.trace().notes;
        let end = notes.partition_point(|note| note.event < last);
        let found = (notes.kept_from()..end).rev().find_map(|n| {
            let note = notes.get(n)?;
            Goal::Phase.is_note(&note).then_some(note.event)
        });
        self.seek(found.map_or(0, |event| event + 1));
    }
}
