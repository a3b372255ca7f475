//! What the outside uses: scenarios, the timeline, the command line, views.
//!
//! A [`Lab`] is one run and a cursor in it. The page sends it actions and reads [`view::View`]s;
//! nothing else of the simulation is its business.

pub mod branches;
mod check;
pub mod compare;
mod console;
pub mod cost;
mod divergence;
pub mod feed;
pub mod glossary;
pub mod history;
pub mod hunt;
pub mod lesson;
pub mod link;
pub mod load;
pub mod look;
pub mod predict;
pub mod salvage;
pub mod save;
pub mod scenario;
pub mod script;
pub mod swarm;
pub mod timeline;
mod unrest;
pub mod view;
pub mod zkcli;

pub use branches::{BranchError, BranchView};
pub use check::ActionError;
pub use divergence::Divergence;
pub use feed::{Mark, MarkKind};
pub use save::RestoreError;
pub use scenario::{Scenario, ScenarioError};

use crate::image::DataNode;
use crate::sim::action::Action;
use crate::sim::trace::{NoteKind, Trace};
use crate::sim::world::World;
use crate::sorted::LargeMap;
use crate::txn::Path;
use crate::types::{ServerId, Time};
use branches::Branches;
use feed::FeedIndex;
use history::Window;
use std::rc::Rc;
use timeline::Timeline;
use view::{EventView, FeedRow, View, WatchView, ZnodeView};

/// The most events one call of [`Lab::advance`] simulates: the page stays responsive however fast
/// it plays.
const MOST_EVENTS_PER_CALL: u32 = 20_000;
/// The most events that are simulated in search of the next decision.
const MOST_EVENTS_TO_DECISION: u32 = 5_000;

/// A run and a cursor in it.
#[derive(Clone, Debug)]
pub struct Lab {
    scenario: Scenario,
    timeline: Timeline,
    /// The world at the cursor; `None` at the end of the run.
    cursor: Option<Box<World>>,
    index: FeedIndex,
    asides: Vec<console::Aside>,
    branches: Branches,
    title: Option<Rc<str>>,
    divergence: Option<Divergence>,
}

impl Lab {
    /// Servers exist, none runs.
    ///
    /// # Errors
    /// If the scenario cannot be.
    pub fn new(scenario: &Scenario) -> Result<Lab, ScenarioError> {
        Ok(Lab {
            timeline: Timeline::new(scenario.world()?),
            scenario: scenario.clone(),
            cursor: None,
            index: FeedIndex::default(),
            asides: Vec::new(),
            branches: Branches::default(),
            title: None,
            divergence: None,
        })
    }

    /// What it began with.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What it shows, if whoever wrote it said so.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// Where the run leaves the way that was saved of it, if it was saved and does so.
    pub fn divergence(&self) -> Option<Divergence> {
        self.divergence
    }

    /// The run.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The world at the cursor.
    pub fn world(&self) -> &World {
        self.cursor.as_deref().unwrap_or(self.timeline.tip())
    }

    /// A digest of everything that happened up to the end of the run.
    pub fn hash(&self) -> u64 {
        self.timeline.trace().hash()
    }

    /// Everything to be seen at the cursor.
    pub fn view(&self) -> View {
        look::view(self.world(), self.timeline.len(), self.timeline.tip().now)
    }

    /// Whether nothing is on its way at the cursor that is worth being seen: what stands still, and
    /// connections that are opened and closed, are not, and pings only if they are shown.
    pub fn is_quiet(&self, shows_pings: bool) -> bool {
        look::is_quiet(self.world(), shows_pings)
    }

    /// When the next thing is due after the cursor, if anything is. It may turn out to be nothing.
    pub fn next_due(&self) -> Option<Time> {
        self.world().next_due()
    }

    /// The znodes as a server has them at the cursor. Empty if it is down.
    pub fn znodes(&self, server: ServerId) -> Vec<ZnodeView> {
        look::tree::znodes(self.world(), server)
    }

    /// The same as the server itself has it: nothing is copied.
    pub fn tree(&self, server: ServerId) -> Rc<LargeMap<Path, Rc<DataNode>>> {
        look::tree::tree(self.world(), server)
    }

    /// The watches that a server keeps at the cursor, in the order of their paths.
    pub fn watches(&self, server: ServerId) -> Vec<WatchView> {
        look::tree::watches(self.world(), server)
    }

    /// The packets that arrived or died in `during`, oldest first, of the families that `shows`
    /// wants, and the outside's actions; at most `most`. The second value is 1 if these are all,
    /// else of how many events one was looked at.
    pub fn packets(
        &self,
        during: std::ops::Range<Time>,
        shows: impl Fn(view::PacketKind) -> bool,
        most: usize,
    ) -> (Vec<EventView>, usize) {
        let mut window = Window::default();
        self.move_window(&mut window, during, shows, most);
        (window.packets().to_vec(), window.stride())
    }

    /// The same, if the time moves along: moves `window`, which is empty or of this branch, on to
    /// `during`.
    pub fn move_window(
        &self,
        window: &mut Window,
        during: std::ops::Range<Time>,
        shows: impl Fn(view::PacketKind) -> bool,
        most: usize,
    ) {
        window.move_to(self.timeline.trace(), during, shows, most);
    }

    /// The events that this one caused, of those that soon followed: at most `most`.
    pub fn effects(&self, index: u32, most: usize) -> Vec<EventView> {
        const REACH: u32 = 3000;
        history::effects(self.timeline.trace(), index, REACH, most)
    }

    /// This event, what caused it, what caused that, and so on: at most `most`, the latest first.
    pub fn causes(&self, index: u32, most: usize) -> Vec<EventView> {
        history::causes(self.timeline.trace(), index, most)
    }

    /// The rows of the feed that this event led to.
    pub fn rows_of(&self, index: u32) -> Vec<FeedRow> {
        self.index.rows_of(self.timeline.trace(), index)
    }

    /// The last rows of the feed up to the cursor, oldest first.
    pub fn feed(&self, most: usize) -> Vec<FeedRow> {
        self.index.rows(self.timeline.trace(), self.world().events, most)
    }

    /// Rows of the feed that are wanted, oldest first: the last `most` up to the cursor, and the next
    /// `ahead` after it. At most `looked_at` are looked at each way.
    pub fn feed_where(
        &self,
        most: usize,
        ahead: usize,
        looked_at: usize,
        is_wanted: impl Fn(&FeedRow) -> bool,
    ) -> Vec<FeedRow> {
        let (trace, end) = (self.timeline.trace(), self.world().events);
        self.index.rows_where(trace, end, (most, ahead, looked_at), is_wanted)
    }

    /// What has happened up to the cursor, a line each, as `zklab run --trace` prints it: what an
    /// event led to is indented below it.
    pub fn trace_text(&self) -> String {
        use std::fmt::Write;
        let trace = self.timeline.trace();
        let mut text = String::new();
        let mut notes = trace.notes_from(0).peekable();
        let events = trace.events.iter_from(0).take(self.world().events as usize);
        for (index, event) in (0..).zip(events) {
            let _ = writeln!(text, "{index} {event}");
            while let Some(note) = notes.next_if(|note| note.event == index) {
                let _ = writeln!(text, "    {note}");
            }
        }
        text
    }

    /// What is worth a mark on the timeline, of the whole run.
    pub fn marks(&self) -> Vec<Mark> {
        self.index.marks()
    }

    // --- Time

    /// Moves the cursor on by that much virtual time; at the end of the run simulates more.
    pub fn advance(&mut self, us: u64) {
        self.advance_until(us, |_| false);
    }

    /// The same, but stops after the event, at the end of the run, after which `is_done`. Returns
    /// whether it is.
    pub fn advance_until(&mut self, us: u64, is_done: impl Fn(&Lab) -> bool) -> bool {
        let target = self.world().now.plus_us(us);
        let mut left = MOST_EVENTS_PER_CALL;
        let kept_from = self.timeline.trace().kept_from();
        if let Some(world) = self.cursor.as_mut().filter(|world| world.events < kept_from) {
            self.timeline.pass(world, target);
            return false;
        }
        if let Some(world) = &mut self.cursor {
            let is_due =
                |world: &World| self.timeline.next_at(world).is_some_and(|at| at <= target);
            while 0 < left && is_due(world) {
                self.timeline.replay(world, world.events + 1);
                left -= 1;
            }
            if left == 0 {
                return false;
            }
            if world.events < self.timeline.len() || target < self.timeline.tip().now {
                self.timeline.wait(world, target);
                return false;
            }
            self.cursor = None;
        }
        let mut has_come = false;
        while 0 < left && !has_come && self.timeline.extend(target) {
            left -= 1;
            has_come = is_done(self);
        }
        if 0 < left && !has_come {
            self.timeline.reach(target);
        }
        self.index.update(self.timeline.trace());
        has_come
    }

    /// Goes to the moment after the first `index` events.
    pub fn seek(&mut self, index: u32) {
        if self.timeline.len() <= index {
            self.cursor = None;
            return;
        }
        match &mut self.cursor {
            // A little further on: no need to begin at a keyframe.
            Some(world) if world.events <= index && index - world.events < 200 => {
                let last = self.timeline.trace().events.get(index.wrapping_sub(1) as usize);
                match last {
                    _ if world.events < index => self.timeline.replay(world, index),
                    // The clock has not gone on.
                    Some(event) if event.at == world.now => {}
                    Some(_) | None => **world = self.timeline.world_at(index),
                }
            }
            Some(_) | None => self.cursor = Some(Box::new(self.timeline.world_at(index))),
        }
    }

    /// Goes to a moment.
    pub fn seek_time(&mut self, time: Time) {
        if self.timeline.tip().now <= time {
            self.cursor = None;
            return;
        }
        let trace = self.timeline.trace();
        let events = trace.events.partition_point(|event| event.at <= time) as u32;
        if events <= trace.kept_from() {
            self.cursor = Some(Box::new(self.timeline.world_at_time(time)));
            return;
        }
        self.seek(events);
        // All events may lie before it, the end of the run does not.
        let end = || Box::new(self.timeline.world_at(self.timeline.len()));
        self.timeline.wait(self.cursor.get_or_insert_with(end), time);
    }

    /// The clock at the cursor, if that is in the past, goes on to a moment, but not past what
    /// happens next.
    fn let_pass(&mut self, at: Time) {
        if let Some(world) = &mut self.cursor {
            let latest = self.timeline.next_at(world).map_or(at, |next| at.min(next));
            self.timeline.wait(world, latest);
        }
    }

    /// Goes to the moment after so many events, and on to a time before the next.
    fn look_at(&mut self, events: u32, at: Time) {
        self.seek(events);
        self.let_pass(at);
    }

    /// From now on remembers no more than about so many events in detail, on every branch. Any
    /// moment can still be gone to; feed, lanes and reasons of what is forgotten cannot be had.
    pub fn limit_history(&mut self, most_events: u32) {
        self.timeline.limit(most_events);
        self.index.forget(self.timeline.trace());
    }

    /// How many events, the first ones, are not remembered in detail.
    pub fn forgotten(&self) -> u32 {
        self.timeline.trace().kept_from()
    }

    /// To the end of the run.
    pub fn live(&mut self) {
        self.cursor = None;
    }

    /// One event on; at the end of the run lets one more happen.
    pub fn step(&mut self) {
        let index = self.world().events;
        if index == self.timeline.len() {
            self.cursor = None;
            self.timeline.extend(Time(u64::MAX));
            self.index.update(self.timeline.trace());
        } else {
            self.seek(index + 1);
        }
    }

    /// One event back.
    pub fn back(&mut self) {
        if let Some(index) = self.world().events.checked_sub(1) {
            self.seek(index);
        }
    }

    /// On to the next event in which something was decided.
    pub fn step_decision(&mut self) {
        let from = self.world().events;
        let mut simulated = 0;
        loop {
            let trace = self.timeline.trace();
            let is_decision =
                |note: &crate::sim::trace::Note| matches!(note.what, NoteKind::Decision(_));
            let decision = trace.notes_from(from).find(is_decision).map(|note| note.event);
            if let Some(event) = decision {
                self.index.update(self.timeline.trace());
                self.seek(event + 1);
                return;
            }
            let is_over = simulated == MOST_EVENTS_TO_DECISION;
            if is_over || !self.timeline.extend(Time(u64::MAX)) {
                self.index.update(self.timeline.trace());
                self.cursor = None;
                return;
            }
            simulated += 1;
        }
    }

    /// Back to the event before in which something was decided.
    pub fn back_decision(&mut self) {
        let Some(last) = self.world().events.checked_sub(1) else { return };
        let notes = &self.timeline.trace().notes;
        let end = notes.partition_point(|note| note.event < last);
        let decision = (0..end)
            .rev()
            .filter_map(|n| notes.get(n))
            .find_map(|note| matches!(note.what, NoteKind::Decision(_)).then_some(note.event));
        self.seek(decision.map_or(0, |event| event + 1));
    }

    // --- Doing

    /// Does something at the cursor. In the past this forks: what came after stays, as a branch.
    ///
    /// # Errors
    /// If it names what is not there; then nothing has changed.
    pub fn act(&mut self, action: Action) -> Result<(), ActionError> {
        let world = self.world();
        if world.next_due().is_some_and(|due| due <= world.now) {
            // What is due at this moment comes first, and may be what the action is about.
            let mut settled = world.clone();
            settled.run_until(world.now, &mut Trace::default());
            check::action(&settled, &action)?;
        } else {
            check::action(world, &action)?;
        }
        self.do_it(action);
        Ok(())
    }

    fn do_it(&mut self, action: Action) {
        match self.cursor.take() {
            Some(world) if world.events < self.timeline.len() => {
                self.cursor = Some(world);
                self.fork();
            }
            // Nothing came after, only time has passed.
            Some(world) => self.cut(*world),
            None => {}
        }
        self.timeline.act(action);
        self.index.update(self.timeline.trace());
    }
}
