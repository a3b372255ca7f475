//! One run, and moving about in it.
//!
//! The run is its actions, each with its place. Going to any event means taking the nearest copy of
//! the world before it — a *keyframe* — and letting the same things happen again. The trace of the
//! whole run is kept; replay writes none.
//!
//! ```text
//!   events    0 ─────────── 4000 ─────────── 8000 ──── 8421
//!   keyframes ■             ■                ■         tip
//!   actions   start  kill      heal                        replay 4000 → 5345 to see 5345
//! ```
//!
//! Acting in the past forks: what came after is dropped.

use crate::sim::action::Action;
use crate::sim::trace::Trace;
use crate::sim::world::World;
use crate::types::Time;
use std::rc::Rc;

/// Events between two keyframes: the most that has to be replayed.
const KEYFRAME_EVERY: u32 = 4000;

/// An action and its place in the run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Placed {
    /// It is this event.
    pub index: u32,
    /// When.
    pub at: Time,
    /// What.
    pub action: Rc<Action>,
}

/// A run.
#[derive(Clone, Debug)]
pub struct Timeline {
    tip: World,
    trace: Trace,
    keyframes: Vec<World>,
    actions: Vec<Placed>,
}

impl Timeline {
    /// A run in which nothing has happened.
    pub fn new(world: World) -> Timeline {
        let keyframes = vec![world.clone()];
        Timeline { tip: world, trace: Trace::default(), keyframes, actions: Vec::new() }
    }

    /// How many events it has.
    pub fn len(&self) -> u32 {
        self.tip.events
    }

    /// Whether nothing has happened.
    pub fn is_empty(&self) -> bool {
        self.tip.events == 0
    }

    /// The world at its end.
    pub fn tip(&self) -> &World {
        &self.tip
    }

    /// Everything that happened.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// Everything that was done.
    pub fn actions(&self) -> &[Placed] {
        &self.actions
    }

    /// How many copies of the world it keeps.
    pub fn keyframes(&self) -> usize {
        self.keyframes.len()
    }

    /// The most events that have to happen again to get anywhere.
    pub fn longest_replay(&self) -> u32 {
        let gaps = self.keyframes.windows(2).map(|pair| pair[1].events - pair[0].events);
        let last = self.keyframes.last().map_or(0, |world| self.tip.events - world.events);
        gaps.map(|gap| gap.saturating_sub(1)).chain([last]).max().unwrap_or_default()
    }

    /// Lets one more event happen at the end, no later than `limit`. Returns whether one did.
    pub fn extend(&mut self, limit: Time) -> bool {
        let has_happened = self.tip.step(limit, &mut self.trace);
        self.keep();
        has_happened
    }

    /// Lets the clock at the end reach `time`; what is due before must have happened.
    pub fn reach(&mut self, time: Time) {
        assert!(self.tip.next_due().is_none_or(|due| time <= due), "nothing is skipped");
        self.tip.now = self.tip.now.max(time);
    }

    /// Does something at the end: after everything else that is due at that moment, so that its
    /// time alone tells its place.
    pub fn act(&mut self, action: Action) {
        while self.extend(self.tip.now) {}
        let action = Rc::new(action);
        self.tip.act_shared(&action, &mut self.trace);
        // An action is one event, whatever it leads to.
        let index = self.tip.events - 1;
        self.actions.push(Placed { index, at: self.tip.now, action });
        self.keep();
    }

    fn keep(&mut self) {
        let last = self.keyframes.last().map_or(0, |world| world.events);
        if last + KEYFRAME_EVERY <= self.tip.events {
            self.keyframes.push(self.tip.clone());
        }
    }

    /// The world after the first `index` events.
    pub fn world_at(&self, index: u32) -> World {
        let index = index.min(self.len());
        let keyframe = self.keyframes.partition_point(|world| world.events <= index);
        let mut world = self.keyframes[keyframe.saturating_sub(1)].clone();
        self.replay(&mut world, index);
        world
    }

    /// Lets a copy of the world go on to `index`, as it went.
    pub fn replay(&self, world: &mut World, index: u32) {
        let mut scratch = Trace::unkept();
        while world.events < index {
            self.replay_one(world, &mut scratch);
        }
    }

    fn replay_one(&self, world: &mut World, scratch: &mut Trace) {
        let next = self.actions.partition_point(|placed| placed.index < world.events);
        match self.actions.get(next) {
            Some(placed) if placed.index == world.events => {
                world.run_until(placed.at, scratch);
                assert_eq!(world.events, placed.index, "replay repeats the run");
                world.act_shared(&placed.action, scratch);
            }
            Some(_) | None => {
                let has_happened = world.step(self.tip.now, scratch);
                assert!(has_happened, "replay repeats the run");
            }
        }
    }

    /// Forgets everything after `world`, which must be a moment of this run, and goes on from it.
    pub fn fork(&mut self, world: World) {
        let index = world.events;
        self.trace.truncate(index);
        self.actions.retain(|placed| placed.index < index);
        self.keyframes.retain(|keyframe| keyframe.events <= index);
        self.tip = world;
    }
}
