//! One run, and moving about in it.
//!
//! The run is its actions, each with its place. Going to any event means taking the nearest copy of
//! the world before it — a *keyframe* — and letting the same things happen again. The trace of the
//! whole run is kept; replay writes none.
//!
//! ```text
//!   events    0 ─────────── 2500 ────────── 5000 ───── 5842
//!   keyframes ■             ■                ■         tip
//!   actions   start  kill      heal                        replay 2500 → 3172 to see 3172
//! ```
//!
//! A timeline can be copied and the copy cut short at any moment: so branches come about
//! ([`crate::lab::branches`]). Copies share their keyframes and what they remember.
//!
//! The longer a run, the wider apart its keyframes, so that there are never many: of a run of a million
//! events one for each 5000. Longer runs are bounded: of the oldest keyframes some go, so that the gap
//! before a moment is in proportion to how long ago it was, and of the oldest events the details go if
//! a limit is set, with most of their keyframes. Actions always stay, so every moment can still be had.

use crate::sim::action::Action;
use crate::sim::trace::Trace;
use crate::sim::world::World;
use crate::types::Time;
use std::ops::Range;
use std::rc::Rc;

/// Events between two keyframes of a long run: the most that has to be replayed.
const KEYFRAME_EVERY: u32 = 5000;
/// A run of fewer events than the first has so many between two. (Closer ones make it slower: with 1250
/// an ensemble runs 20 % slower, since each keyframe has to be parted from what comes.)
const CLOSER: (u32, u32) = (500_000, 2500);
/// The most keyframes: up to 1,350,000 events none is missing.
const MOST_KEYFRAMES: usize = 270;

/// The most keyframes among events whose details are forgotten: between them more has to be replayed.
const MOST_OLD_KEYFRAMES: usize = 64;

/// How many events there are between two keyframes of a run of so many.
fn gap(events: u32) -> u32 {
    if events < CLOSER.0 { CLOSER.1 } else { KEYFRAME_EVERY }
}

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

/// A saved run goes another way than it did: it was made by another version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Diverged {
    /// How many events there are.
    pub events: u32,
    /// At which moment.
    pub now: Time,
}

/// A run.
#[derive(Clone, Debug)]
pub struct Timeline {
    tip: World,
    trace: Trace,
    keyframes: Vec<Rc<World>>,
    actions: Vec<Placed>,
    /// How many events are remembered in detail, if not all.
    most_events: Option<u32>,
}

impl Timeline {
    /// A run in which nothing has happened.
    pub fn new(world: World) -> Timeline {
        let keyframes = vec![Rc::new(world.clone())];
        let (trace, actions) = (Trace::default(), Vec::new());
        Timeline { tip: world, trace, keyframes, actions, most_events: None }
    }

    /// From now on remembers no more than about so many events in detail.
    pub fn limit(&mut self, most_events: u32) {
        self.most_events = Some(most_events);
        self.forget();
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
        self.act_shared(Rc::new(action));
    }

    /// The same with an action that others have as well.
    pub fn act_shared(&mut self, action: Rc<Action>) {
        while self.extend(self.tip.now) {}
        self.tip.act_shared(&action, &mut self.trace);
        // An action is one event, whatever it leads to.
        let index = self.tip.events - 1;
        self.actions.push(Placed { index, at: self.tip.now, action });
        self.keep();
    }

    /// Lets a saved run go on to a moment and a number of events, which must be the run's.
    ///
    /// # Errors
    /// If the run does not come to this point.
    pub fn go_on_to(&mut self, events: u32, at: Time) -> Result<(), Diverged> {
        while self.len() < events && self.extend(at) {}
        let tip = &self.tip;
        // What is due next may lead to no event, or to one of the same moment: then this is the
        // point all the same.
        let mut ahead = tip.clone();
        let goes_on = ahead.step(at, &mut Trace::unkept());
        if tip.events != events || at < tip.now || (goes_on && ahead.now < at) {
            return Err(Diverged { events: tip.events, now: tip.now });
        }
        if !goes_on {
            self.extend(at);
            self.reach(at);
        }
        Ok(())
    }

    fn keep(&mut self) {
        let last = self.keyframes.last().map_or(0, |world| world.events);
        let gap = gap(self.tip.events);
        if last + gap <= self.tip.events {
            if gap != self::gap(last) {
                self.widen(gap);
            }
            self.keyframes.push(Rc::new(self.tip.clone()));
            self.forget();
        }
    }

    /// Of keyframes that are closer than `gap` drops those between: neither the first nor the last.
    fn widen(&mut self, gap: u32) {
        let mut next = u32::MAX;
        let mut is_far: Vec<bool> = Vec::with_capacity(self.keyframes.len());
        for world in self.keyframes.iter().rev() {
            let is_kept = next == u32::MAX || world.events + gap <= next || world.events == 0;
            if is_kept {
                next = world.events;
            }
            is_far.push(is_kept);
        }
        self.keyframes.retain(|_| is_far.pop().unwrap_or(true));
    }

    /// Of too many keyframes drops those whose gaps will then be smallest: among events whose details
    /// are known, compared with how long ago they were.
    fn thin(&mut self) {
        loop {
            let forgotten = self.trace.kept_from();
            let old = self.keyframes.partition_point(|world| world.events < forgotten);
            if MOST_OLD_KEYFRAMES < old {
                self.drop_keyframe(1..old - 1, true);
            } else if MOST_KEYFRAMES < self.keyframes.len() {
                self.drop_keyframe(1..self.keyframes.len() - 1, false);
            } else {
                return;
            }
        }
    }

    fn drop_keyframe(&mut self, among: Range<usize>, are_even: bool) {
        let end = u64::from(self.tip.events);
        let gap = |n: usize| {
            let events = |n: usize| self.keyframes.get(n).map_or(end, |w| u64::from(w.events));
            let ago = if are_even { 0 } else { end - events(n + 1) };
            (events(n + 1) - events(n - 1), ago + u64::from(KEYFRAME_EVERY))
        };
        let spare = among.min_by(|one, other| {
            let (one, other) = (gap(*one), gap(*other));
            (one.0 * other.1).cmp(&(other.0 * one.1))
        });
        if let Some(spare) = spare {
            self.keyframes.remove(spare);
        }
    }

    /// Forgets what is too old, or too much.
    fn forget(&mut self) {
        if let Some(most) = self.most_events {
            self.trace.forget(self.trace.len().saturating_sub(most));
        }
        self.thin();
    }

    /// The world after the first `index` events.
    pub fn world_at(&self, index: u32) -> World {
        let index = index.min(self.len());
        let keyframe = self.keyframes.partition_point(|world| world.events <= index);
        let mut world = (*self.keyframes[keyframe.saturating_sub(1)]).clone();
        self.replay(&mut world, index);
        world
    }

    /// The world at a moment of the run, after everything that happened then.
    pub fn world_at_time(&self, time: Time) -> World {
        let keyframe = self.keyframes.partition_point(|world| world.now <= time);
        let mut world = (*self.keyframes[keyframe.saturating_sub(1)]).clone();
        self.pass(&mut world, time);
        world
    }

    /// Lets a copy of the world go on to a moment, as it went.
    pub fn pass(&self, world: &mut World, time: Time) {
        let acted = self.actions.partition_point(|placed| placed.at <= time);
        let acted = acted.checked_sub(1).and_then(|last| self.actions.get(last));
        if let Some(last) = acted.filter(|last| world.events <= last.index) {
            self.replay(world, last.index + 1);
        }
        world.run_until(time.min(self.tip.now), &mut Trace::unkept());
    }

    /// Lets the clock of a copy of the world go on to a moment no later than its next event. What is
    /// due before leads to no event, but may lead to what comes (a packet that is sent again): it
    /// must not be late.
    pub fn wait(&self, world: &mut World, time: Time) {
        let events = world.events;
        if let Some(before) = time.0.checked_sub(1) {
            while world.step(Time(before), &mut Trace::unkept()) {}
        }
        assert_eq!(world.events, events, "nothing happens before the next event");
        world.now = world.now.max(time);
    }

    /// When the event after `world`, a moment of this run, happens, if that is remembered.
    pub fn next_at(&self, world: &World) -> Option<Time> {
        self.trace.events.look(world.events as usize, |event| event.at)
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
        let acted = self.actions.partition_point(|placed| placed.index < index);
        if index < self.trace.kept_from() {
            self.live_again(acted, index);
            self.tip = world;
            return;
        }
        self.trace.truncate(index);
        self.actions.truncate(acted);
        self.keyframes.retain(|keyframe| keyframe.events <= index);
        self.tip = world;
    }

    /// Lets the first actions, and the first events, happen again from the beginning: what was
    /// forgotten of them is remembered again.
    fn live_again(&mut self, actions: usize, events: u32) {
        let mut again = Timeline::new((*self.keyframes[0]).clone());
        again.most_events = self.most_events;
        for placed in self.actions.iter().take(actions) {
            while again.extend(placed.at) {}
            again.reach(placed.at);
            again.act_shared(placed.action.clone());
        }
        while again.len() < events && again.extend(self.tip.now) {}
        assert_eq!(again.len(), events, "what happens again is the same");
        *self = again;
    }
}
