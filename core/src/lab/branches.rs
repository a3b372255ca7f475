//! Branches: runs of one scenario that share their beginning.
//!
//! ```text
//!   1 ──start──────kill s3──────────────●            what was there first
//!                └─2 ──kill s1────────●              acting in its past: 1 is kept
//!                        └─3 ──heal────────▶         the current one
//! ```
//!
//! The current branch is the [`Lab`]'s timeline. The others are their actions with their moments, and
//! where they end; of those left last the timeline is kept as well, so that going back is at once.
//! The others happen again when they are asked for, from where they part from the current one.

use crate::lab::Lab;
use crate::lab::divergence::{Divergence, Repetition, most_events};
use crate::lab::feed::FeedIndex;
use crate::lab::timeline::Timeline;
use crate::sim::action::Action;
use crate::sim::world::World;
use crate::types::Time;
use std::fmt;
use std::rc::Rc;

/// The most branches: beyond them the oldest that has no name goes.
pub const MOST_BRANCHES: usize = 100;
/// The most letters of a branch's name.
pub const MOST_NAME_CHARS: usize = 60;
/// How many of the branches left last keep their timelines.
const MOST_WHOLE: usize = 4;

/// Where a branch left another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parting {
    /// The other.
    pub from: u32,
    /// How many of its actions are this one's as well.
    pub actions: usize,
    /// The last moment that they share.
    pub at: Time,
}

/// What a branch is called and where it comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// Its number, from 1; never used again.
    pub number: u32,
    /// Its name, if it was given one.
    pub name: Option<Rc<str>>,
    /// The branch it left; none if it is the first.
    pub parting: Option<Parting>,
}

/// A branch as it is listed and drawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BranchView {
    /// What it is called.
    pub head: Head,
    /// Whether it is the current one.
    pub is_current: bool,
    /// How many events it has.
    pub events: u32,
    /// How far it goes.
    pub end: Time,
    /// How many actions it has, the shared ones included.
    pub actions: usize,
    /// Its first action of its own.
    pub first: Option<Rc<Action>>,
}

/// A branch that cannot be had.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BranchError {
    /// There is none of this number.
    Unknown(u32),
    /// It is the only one.
    Only,
}

impl fmt::Display for BranchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BranchError::Unknown(number) => write!(f, "there is no branch {number}"),
            BranchError::Only => f.write_str("it is the only branch"),
        }
    }
}

impl std::error::Error for BranchError {}

/// A branch that is not the current one.
#[derive(Clone, Debug)]
pub(in crate::lab) struct Parked {
    pub(in crate::lab) head: Head,
    pub(in crate::lab) actions: Rc<[(Time, Rc<Action>)]>,
    /// Which event each was, if that is known.
    pub(in crate::lab) acted: Rc<[u32]>,
    /// How many events it has, and when it ends.
    pub(in crate::lab) end: (u32, Time),
    pub(in crate::lab) cursor: (u32, Time),
    whole: Option<Box<(Timeline, FeedIndex)>>,
}

impl Parked {
    pub(in crate::lab) fn new(
        head: Head,
        actions: Rc<[(Time, Rc<Action>)]>,
        acted: Rc<[u32]>,
        end: (u32, Time),
        cursor: (u32, Time),
    ) -> Parked {
        Parked { head, actions, acted, end, cursor, whole: None }
    }
}

/// All branches but the current one's run.
#[derive(Clone, Debug)]
pub(in crate::lab) struct Branches {
    pub(in crate::lab) current: Head,
    /// Those left last come last.
    pub(in crate::lab) parked: Vec<Parked>,
    next: u32,
}

impl Default for Branches {
    fn default() -> Branches {
        let current = Head { number: 1, name: None, parting: None };
        Branches { current, parked: Vec::new(), next: 2 }
    }
}

impl Branches {
    /// As they were saved.
    pub(in crate::lab) fn restored(current: Head, parked: Vec<Parked>) -> Branches {
        let numbers = parked.iter().map(|branch| branch.head.number);
        let next = numbers.chain([current.number]).max().unwrap_or_default() + 1;
        Branches { current, parked, next }
    }

    fn place(&self, number: u32) -> Result<usize, BranchError> {
        let place = self.parked.iter().position(|branch| branch.head.number == number);
        place.ok_or(BranchError::Unknown(number))
    }

    fn heads(&mut self) -> impl Iterator<Item = &mut Head> {
        self.parked.iter_mut().map(|branch| &mut branch.head).chain([&mut self.current])
    }

    /// A branch goes: those that left it have now left the one that it left. If it left none, the
    /// oldest of them is the first now, and the others have left that.
    fn forget(&mut self, gone: &Head) {
        let is_orphan = |head: &&mut Head| head.parting.is_some_and(|p| p.from == gone.number);
        let mut orphans: Vec<&mut Head> = self.heads().filter(is_orphan).collect();
        orphans.sort_by_key(|head| head.number);
        let mut older = gone.parting;
        for head in orphans {
            let Some(parting) = head.parting else { continue };
            head.parting = older.map(|older| Parting {
                from: older.from,
                actions: older.actions.min(parting.actions),
                at: older.at.min(parting.at),
            });
            older = older.or(Some(Parting { from: head.number, ..parting }));
        }
    }
}

/// An action, and when it is done.
pub(in crate::lab) type Act = (Time, Rc<Action>);

/// How many actions two runs have in common at their beginning.
fn common(one: &[Act], other: &[Act]) -> usize {
    let is_same = |(one, other): &(&Act, &Act)| {
        one.0 == other.0 && (Rc::ptr_eq(&one.1, &other.1) || one.1 == other.1)
    };
    one.iter().zip(other).take_while(is_same).count()
}

impl Timeline {
    /// Everything that was done, with its moments.
    pub(in crate::lab) fn acted(&self) -> Rc<[Act]> {
        self.actions().iter().map(|placed| (placed.at, placed.action.clone())).collect()
    }

    /// Which event each action was.
    pub(in crate::lab) fn indices(&self) -> Rc<[u32]> {
        self.actions().iter().map(|placed| placed.index).collect()
    }

    /// How many events this run shares with another of the same scenario, of which the actions and
    /// the end are known.
    pub(in crate::lab) fn shared(&self, actions: &[(Time, Rc<Action>)], end: (u32, Time)) -> u32 {
        let same = common(&self.acted(), actions);
        let mine = self.actions().get(same);
        let theirs = actions.get(same).map(|(at, _)| *at);
        let most = mine.map_or(self.len(), |placed| placed.index);
        let until = theirs.unwrap_or(end.1);
        let events = match mine.is_some_and(|placed| placed.at <= until) || self.tip().now <= until
        {
            true => most,
            false => self.world_at_time(until).events.min(most),
        };
        if theirs.is_some() { events } else { events.min(end.0) }
    }
}

impl Lab {
    /// All branches, by their numbers.
    pub fn branches(&self) -> Vec<BranchView> {
        let parked = self.branches.parked.iter().map(|branch| BranchView {
            head: branch.head.clone(),
            is_current: false,
            events: branch.end.0,
            end: branch.end.1,
            actions: branch.actions.len(),
            first: first_own(&branch.head, &branch.actions),
        });
        let mut all: Vec<BranchView> = parked.collect();
        let tip = self.timeline.tip();
        let head = self.branches.current.clone();
        let own = head.parting.map_or(0, |parting| parting.actions);
        all.push(BranchView {
            head,
            is_current: true,
            events: tip.events,
            end: tip.now,
            actions: self.timeline.actions().len(),
            first: self.timeline.actions().get(own).map(|placed| placed.action.clone()),
        });
        all.sort_by_key(|branch| branch.head.number);
        all
    }

    /// The current branch.
    pub fn branch(&self) -> &Head {
        &self.branches.current
    }

    /// A new branch from the cursor on: the current one is kept as it is. Returns its number.
    pub fn fork(&mut self) -> u32 {
        let world = self.world().clone();
        let acted = self.timeline.actions().partition_point(|p| p.index < world.events);
        let parting = Parting { from: self.branches.current.number, actions: acted, at: world.now };
        self.park();
        self.cut(world);
        let number = self.branches.next;
        self.branches.next += 1;
        self.branches.current = Head { number, name: None, parting: Some(parting) };
        self.keep_few();
        number
    }

    /// Cuts the current run after `world` and goes on from there.
    pub(in crate::lab) fn cut(&mut self, world: World) {
        self.cursor = None;
        self.timeline.fork(world);
        self.index.cut(self.timeline.trace());
        self.index.update(self.timeline.trace());
    }

    /// Puts a copy of the current branch among the others.
    fn park(&mut self) {
        let (tip, world) = (self.timeline.tip(), self.world());
        self.branches.parked.push(Parked {
            head: self.branches.current.clone(),
            actions: self.timeline.acted(),
            acted: self.timeline.indices(),
            end: (tip.events, tip.now),
            cursor: (world.events, world.now),
            whole: Some(Box::new((self.timeline.clone(), self.index.clone()))),
        });
        for branch in self.branches.parked.iter_mut().rev().skip(MOST_WHOLE) {
            branch.whole = None;
        }
    }

    /// The oldest branch without a name goes if there are too many.
    fn keep_few(&mut self) {
        let parked = &mut self.branches.parked;
        if parked.len() < MOST_BRANCHES {
            return;
        }
        let oldest = parked.iter().position(|branch| branch.head.name.is_none());
        let gone = parked.remove(oldest.unwrap_or_default());
        self.branches.forget(&gone.head);
    }

    /// Goes to another branch, to where its cursor was. If its run does not go as it did,
    /// [`Lab::divergence`] says so.
    ///
    /// # Errors
    /// If there is none of this number; then nothing has changed.
    pub fn switch(&mut self, number: u32) -> Result<(), BranchError> {
        if number == self.branches.current.number {
            return Ok(());
        }
        let place = self.branches.place(number)?;
        let (timeline, index, divergence) = self.run_of(&self.branches.parked[place]);
        self.divergence = divergence;
        let next = self.branches.parked.remove(place);
        self.park();
        self.branches.current = next.head;
        self.timeline = timeline;
        self.index = index;
        self.cursor = None;
        self.look_at(next.cursor.0, next.cursor.1);
        Ok(())
    }

    /// The whole run of a branch: as it was left, or happening again, and whether it then went
    /// another way.
    fn run_of(&self, branch: &Parked) -> (Timeline, FeedIndex, Option<Divergence>) {
        if let Some(whole) = &branch.whole {
            return (whole.0.clone(), whole.1.clone(), None);
        }
        let mut timeline = self.timeline.clone();
        let shared = timeline.shared(&branch.actions, branch.end);
        timeline.fork(timeline.world_at(shared));
        let mut repetition = Repetition::default();
        let most = most_events(branch.end.0);
        for (at, action) in branch.actions.iter().skip(timeline.actions().len()) {
            while timeline.len() < most && timeline.extend(*at) {}
            // It was possible when it was done; if it is not now, this is another run.
            let is_possible = timeline.len() < most
                && timeline.tip().now <= *at
                && crate::lab::check::action(timeline.tip(), action).is_ok();
            if is_possible {
                timeline.reach(*at);
                timeline.act_shared(action.clone());
            } else {
                repetition.drop_action(timeline.actions().len());
            }
        }
        let (events, at) = branch.end;
        if timeline.go_on_to(events, at).is_err() {
            repetition.has_other_end = true;
            while timeline.len() < most && timeline.extend(at) {}
            if timeline.len() < most {
                timeline.reach(at.max(timeline.tip().now));
            }
        }
        let mut index = self.index.clone();
        index.cut_at(shared, timeline.trace());
        index.update(timeline.trace());
        let divergence = repetition.outcome(&timeline, &branch.acted);
        (timeline, index, divergence)
    }

    /// The run of any branch.
    ///
    /// # Errors
    /// If there is none of this number.
    pub(in crate::lab) fn timeline_of(&self, number: u32) -> Result<Timeline, BranchError> {
        if number == self.branches.current.number {
            return Ok(self.timeline.clone());
        }
        let place = self.branches.place(number)?;
        Ok(self.run_of(&self.branches.parked[place]).0)
    }

    /// Drops a branch. The current one too: then the one that it left, or another, takes its place.
    ///
    /// # Errors
    /// If there is none of this number, or no other.
    pub fn delete_branch(&mut self, number: u32) -> Result<(), BranchError> {
        if number == self.branches.current.number {
            let parent = self.branches.current.parting.map(|parting| parting.from);
            let next = parent.or(self.branches.parked.last().map(|branch| branch.head.number));
            self.switch(next.ok_or(BranchError::Only)?)?;
        }
        let place = self.branches.place(number)?;
        let gone = self.branches.parked.remove(place);
        self.branches.forget(&gone.head);
        Ok(())
    }

    /// Gives a branch a name, or takes it away if it is empty. Of a long name the beginning counts,
    /// and control characters do not.
    ///
    /// # Errors
    /// If there is none of this number.
    pub fn rename_branch(&mut self, number: u32, name: &str) -> Result<(), BranchError> {
        let head = self.branches.heads().find(|head| head.number == number);
        head.ok_or(BranchError::Unknown(number))?.name = clean_name(name);
        Ok(())
    }

    // --- Back and forth by actions

    /// Goes to just before the last action up to the cursor. Returns that action.
    pub fn undo(&mut self) -> Option<Rc<Action>> {
        let events = self.world().events;
        let acted = self.timeline.actions().partition_point(|placed| placed.index < events);
        let last = self.timeline.actions().get(acted.checked_sub(1)?)?.clone();
        self.seek(last.index);
        self.let_pass(last.at);
        Some(last.action)
    }

    /// Goes to just after the next action from the cursor on. Returns that action.
    pub fn redo(&mut self) -> Option<Rc<Action>> {
        let events = self.world().events;
        let acted = self.timeline.actions().partition_point(|placed| placed.index < events);
        let next = self.timeline.actions().get(acted)?.clone();
        self.seek(next.index + 1);
        Some(next.action)
    }
}

/// A name as it is kept.
pub(in crate::lab) fn clean_name(name: &str) -> Option<Rc<str>> {
    let plain: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let short: String = plain.trim().chars().take(MOST_NAME_CHARS).collect();
    let short = short.trim_end();
    (!short.is_empty()).then(|| short.into())
}

fn first_own(head: &Head, actions: &[(Time, Rc<Action>)]) -> Option<Rc<Action>> {
    let own = head.parting.map_or(0, |parting| parting.actions);
    actions.get(own).map(|(_, action)| action.clone())
}
