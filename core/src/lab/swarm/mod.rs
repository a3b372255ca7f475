//! Random faults and random clients, many seeds: does anything ever break?
//!
//! Each seed decides an ensemble, a list of faults and a list of requests with their moments. At
//! the end everything is made whole, and after a while the ensemble must serve again: a run that
//! does not is *stuck*.
//!
//! What happens is drawn in one of several [`Mood`]s, since what breaks a protocol is seldom a fault
//! but several in the right order: see [`draw`] and [`moves`]. A run that failed is a [`Case`], which
//! [`minimize`] makes smaller.

mod disks;
mod draw;
mod members;
pub mod minimize;
mod moves;
pub mod recipes;
mod returns;

use crate::lab::scenario::Scenario;
use crate::lab::unrest;
use crate::mistake::{Mistake, Mistakes};
use crate::sim::action::Action;
use crate::sim::check::{Invariant, Violation};
use crate::sim::fault::{DiskAction, DiskFault};
use crate::sim::link::Unsafety;
use crate::sim::rng::Rng;
use crate::sim::trace::Trace;
use crate::sim::world::{ServerSlot, World};
use crate::types::{ServerId, ServerState, Time};
use std::rc::Rc;

/// What a swarm is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Plan {
    /// Voters.
    pub participants: u8,
    /// Observers; `None` leaves it to the seed.
    pub observers: Option<u8>,
    /// Clients.
    pub clients: u8,
    /// Faults and requests together.
    pub actions: u32,
    /// What the protocol does wrong on purpose.
    pub mistakes: Mistakes,
    /// Whether the network misbehaves too: one-way cuts, latencies, held and lost packets.
    pub has_network_faults: bool,
    /// Whether disks get slow, fail and fill up.
    pub has_disk_faults: bool,
    /// Whether members are added, removed and given other roles.
    pub has_reconfig: bool,
    /// What an unsafe network does to packets between servers.
    pub unsafety: Unsafety,
    /// What kind of trouble; `None` leaves it to the seed.
    pub mood: Option<Mood>,
    /// The recipe that clients follow meanwhile: one of [`recipes::VERBS`], or [`recipes::ALL`].
    pub recipe: Option<&'static str>,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan {
            participants: 5,
            observers: None,
            clients: 3,
            actions: 120,
            mistakes: Mistakes::NONE,
            has_network_faults: false,
            has_disk_faults: false,
            has_reconfig: false,
            unsafety: Unsafety::OFF,
            mood: None,
            recipe: None,
        }
    }
}

impl Plan {
    /// Any fault at any time, without observers.
    pub fn even() -> Plan {
        Plan { observers: Some(0), mood: Some(Mood::Even), ..Plan::default() }
    }
}

/// What kind of trouble there is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Mood {
    /// Any fault at any time.
    Even,
    /// Everybody dies, and some come back.
    Storm,
    /// The leader is cut off with what nobody has committed.
    Isolation,
    /// Servers miss much and come back.
    Lag,
    /// Servers die while one brings another up to date.
    Handover,
    /// Clients move, fall silent, return; few faults.
    Sessions,
    /// There are observers, and they stay when others go.
    Observers,
    /// Epochs are promised and come to nothing.
    Promises,
    /// Members change. Only where the plan has that.
    Members,
    /// Disks get in the way. Only where the plan has that.
    Disks,
    /// A learner comes back to its leader while what it acknowledged is outstanding. Only where the
    /// plan has the mistake that this is good for: what other seeds mean is a file format.
    Returns,
}

impl Mood {
    /// Those of any plan.
    pub const ALL: [Mood; 8] = [
        Mood::Even,
        Mood::Storm,
        Mood::Isolation,
        Mood::Lag,
        Mood::Handover,
        Mood::Sessions,
        Mood::Observers,
        Mood::Promises,
    ];

    /// Every mood.
    pub const NAMED: [(Mood, &'static str); 11] = [
        (Mood::Even, "even"),
        (Mood::Storm, "storm"),
        (Mood::Isolation, "isolation"),
        (Mood::Lag, "lag"),
        (Mood::Handover, "handover"),
        (Mood::Sessions, "sessions"),
        (Mood::Observers, "observers"),
        (Mood::Promises, "promises"),
        (Mood::Members, "members"),
        (Mood::Disks, "disks"),
        (Mood::Returns, "returns"),
    ];

    fn of(plan: Plan, seed: u64) -> Mood {
        let mut moods = Mood::ALL.to_vec();
        // Half as often as all the others together.
        moods.extend(plan.has_reconfig.then_some([Mood::Members; 4]).into_iter().flatten());
        moods.extend(plan.has_disk_faults.then_some([Mood::Disks; 4]).into_iter().flatten());
        let is_aimed = plan.mistakes.has(Mistake::OldAcksCount);
        moods.extend(is_aimed.then_some([Mood::Returns; 4]).into_iter().flatten());
        moods[(seed % moods.len() as u64) as usize]
    }
}

/// How a run went wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Failure {
    /// A guarantee was broken.
    Broken(Invariant),
    /// The ensemble, whole and quiet again, did not come to serve.
    Stuck,
}

/// A run that can be repeated: what it starts from and what is done, with its moments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// What it starts from.
    pub scenario: Scenario,
    /// What is done, in order.
    pub actions: Vec<(Time, Action)>,
    /// How many of the last actions only make everything whole.
    pub healed_by: usize,
    /// How long it is watched after the last action, in microseconds.
    pub watched_us: u64,
}

/// What came of one seed.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How many events there were.
    pub events: u32,
    /// What broke.
    pub violations: Vec<Violation>,
    /// Whether the ensemble, whole and quiet again, did not come to serve.
    pub is_stuck: bool,
    /// What was done, so that it can be done again.
    pub case: Case,
}

impl Outcome {
    /// How it went wrong, if it did.
    pub fn failure(&self) -> Option<Failure> {
        let first = self.violations.iter().min_by_key(|violation| violation.index);
        match first {
            Some(violation) => Some(Failure::Broken(violation.invariant)),
            None => self.is_stuck.then_some(Failure::Stuck),
        }
    }
}

/// Milliseconds that an ensemble made whole may take to serve again. After a long partition TCP sends
/// again only after two minutes, and a lonely voter is silent for one.
const RECOVERY_MS: u64 = 400_000;

/// Milliseconds that a leader is down for whose epoch was refused, and then left to itself: time for
/// an election.
const DEPOSED_MS: u64 = 2_000;

/// Microseconds after which a reconfiguration that was under way is thought to be done, and who
/// refuses to start under its file gets another.
const SETTLING_US: u32 = 60_000_000;

/// How often that is done. Who comes back first may bring a reconfiguration along that others have
/// not seen, and by which somebody else belongs to the ensemble again.
const REPAIRS: usize = 3;

/// A run that is being drawn.
struct Swarm {
    plan: Plan,
    mood: Mood,
    scenario: Scenario,
    world: World,
    trace: Trace,
    rng: Rng,
    actions: Vec<(Time, Action)>,
    all: Rc<[ServerId]>,
}

/// Runs one seed.
///
/// # Panics
/// If the plan has no participants, or a machine breaks one of its own assumptions.
pub fn run(plan: Plan, seed: u64) -> Outcome {
    let recipe = plan.recipe.map(|recipe| recipes::of_seed(recipe, seed));
    let plan = Plan { recipe, ..plan };
    let mood = plan.mood.unwrap_or_else(|| Mood::of(plan, seed));
    let mut rng = Rng::new(seed ^ 0x5eed);
    let scenario = draw::scenario(plan, mood, seed, &mut rng);
    let world = scenario.world().expect("a swarm's plan has at least one participant");
    let all: Rc<[ServerId]> = world.servers.keys().copied().collect();
    let trace = Trace::default();
    let mut swarm = Swarm { plan, mood, scenario, world, trace, rng, actions: Vec::new(), all };
    swarm.begin();
    while swarm.actions.len() < plan.actions as usize && !swarm.is_broken() {
        swarm.go_on();
    }
    swarm.end()
}

impl Swarm {
    fn act(&mut self, action: Action) {
        if self.is_broken() {
            return;
        }
        self.world.act(&action, &mut self.trace);
        self.actions.push((self.world.now, action));
        // The trace is for people; a swarm has none to show.
        self.trace = Trace::default();
    }

    fn is_broken(&self) -> bool {
        self.world.checker.violations().next().is_some()
    }

    /// Makes everything whole and waits for it to serve.
    fn end(mut self) -> Outcome {
        // Who finds late that a snapshot has failed would exit after it was started again.
        let is_killed = self.mood == Mood::Promises || self.plan.has_disk_faults;
        if self.mood != Mood::Even && self.rng.below(3) == 0 || is_killed {
            self.act(Action::Kill(self.all.clone()));
        }
        let drawn = self.actions.len();
        let are_disks_touched = self.plan.has_disk_faults || self.mood == Mood::Returns;
        for action in healing(&self.all, are_disks_touched) {
            self.act(action);
        }
        if self.plan.has_reconfig {
            for _ in 0..REPAIRS {
                self.pass(SETTLING_US);
                let repairs = members::repairs(&self.world);
                if repairs.is_empty() {
                    break;
                }
                repairs.into_iter().for_each(|action| self.act(action));
            }
        }
        if self.plan.recipe.is_some() {
            self.wake_all();
        }
        let mut is_stuck = !recovers(&mut self.world, &mut self.trace);
        if self.plan.recipe.is_some() && !is_stuck {
            is_stuck = !lines_end(&mut self.world, &mut self.trace);
            self.world.check_queues();
        }
        let violations: Vec<Violation> = self.world.checker.violations().cloned().collect();
        let last = self.actions.last().map_or(Time::ZERO, |(at, _)| *at);
        let watched_us = self.world.now.since_us(last);
        let healed_by = self.actions.len() - drawn;
        let Swarm { scenario, actions, world, .. } = self;
        let case = Case { scenario, actions, healed_by, watched_us };
        Outcome { events: world.events, violations, is_stuck, case }
    }
}

/// What makes everything whole.
fn healing(all: &Rc<[ServerId]>, are_disks_mended: bool) -> Vec<Action> {
    let mut actions = vec![Action::Heal];
    if are_disks_mended {
        let (servers, fault) = (all.clone(), DiskFault::Mended);
        actions.push(Action::Disk(DiskAction { servers, fault }));
    }
    actions.extend(unrest::END.into_iter().map(Action::Network));
    actions.extend([Action::Resume(all.clone()), Action::Start(all.clone())]);
    actions
}

/// Waits for an ensemble that was made whole. Whether it came to serve, or broke a guarantee first.
///
/// A server may be alone with the promise of a newer epoch than a quorum has agreed on since: it led
/// and nobody else heard of that epoch, or a disk failed. As in ZooKeeper it refuses the leader until
/// the next election, which counts its promise if it takes part. So there are elections until it
/// has.
fn recovers(world: &mut World, trace: &mut Trace) -> bool {
    let limit = world.now.plus_ms(RECOVERY_MS);
    while world.checker.violations().next().is_none() {
        match wholeness(world) {
            Wholeness::Whole => return true,
            Wholeness::Refused(leader) => {
                let leader = Rc::from([leader]);
                world.act(&Action::Kill(Rc::clone(&leader)), trace);
                run_to(world, world.now.plus_ms(DEPOSED_MS), trace);
                world.act(&Action::Start(leader), trace);
                run_to(world, world.now.plus_ms(DEPOSED_MS), trace);
            }
            Wholeness::NotYet => {
                if !world.step(limit, trace) {
                    return false;
                }
            }
        }
        if limit <= world.now {
            return false;
        }
    }
    true
}

/// Waits until nobody stands in line any more. Whether that came to be so.
fn lines_end(world: &mut World, trace: &mut Trace) -> bool {
    let limit = world.now.plus_ms(recipes::LINE_MS);
    while recipes::waits(world).is_some() {
        if world.checker.violations().next().is_some() || !world.step(limit, trace) {
            return recipes::waits(world).is_none();
        }
    }
    true
}

enum Wholeness {
    /// One server leads, and all others serve under it.
    Whole,
    /// All others that did not promise a newer epoch than that of this leader.
    Refused(ServerId),
    NotYet,
}

fn wholeness(world: &World) -> Wholeness {
    let servers = world.servers.values().filter_map(|slot| slot.process.as_ref());
    let Some(leader) = servers.clone().find(|server| server.state() == ServerState::Leading) else {
        return Wholeness::NotYet;
    };
    let epoch = servers.filter_map(|server| Some(server.as_leader()?.epoch())).max();
    let serves = |slot: &&ServerSlot| {
        let process = slot.process.as_ref();
        process.is_some_and(|s| s.is_serving() && s.leader() == Some(leader.id()))
    };
    let is_refusing =
        |slot: &ServerSlot| slot.process.is_some() && epoch < slot.disk().accepted_epoch;
    let config = &leader.views().current;
    let others = world.servers.iter().filter(|(_, slot)| !serves(slot));
    let others = others.filter(|(id, _)| !members::is_out(**id, world, config));
    let mut others = others.map(|(_, slot)| slot).peekable();
    if others.peek().is_none() {
        Wholeness::Whole
    } else if others.all(is_refusing) {
        Wholeness::Refused(leader.id())
    } else {
        Wholeness::NotYet
    }
}

impl Case {
    fn has_disk_faults(&self) -> bool {
        self.actions.iter().any(|(_, action)| matches!(action, Action::Disk(_)))
    }

    /// Lets it happen once more. `is_healed` makes everything whole at the end and waits; the case
    /// of the outcome then has what that took, too.
    pub fn replay(&self, is_healed: bool) -> Outcome {
        let Ok(mut world) = self.scenario.world() else {
            let (violations, case) = (Vec::new(), self.clone());
            return Outcome { events: 0, violations, is_stuck: false, case };
        };
        let mut trace = Trace::default();
        let all: Rc<[ServerId]> = world.servers.keys().copied().collect();
        for (at, action) in &self.actions {
            run_to(&mut world, *at, &mut trace);
            if world.checker.violations().next().is_some() {
                break;
            }
            world.act(action, &mut trace);
        }
        let mut is_stuck = false;
        let mut case = self.clone();
        if is_healed {
            let mut heal = |actions: Vec<Action>, world: &mut World| {
                for action in actions {
                    world.act(&action, &mut Trace::default());
                    case.actions.push((world.now, action));
                    case.healed_by += 1;
                }
            };
            heal(healing(&all, self.has_disk_faults()), &mut world);
            if world.config.is_reconfig_enabled {
                for _ in 0..REPAIRS {
                    let end = world.now.plus_us(SETTLING_US.into());
                    run_to(&mut world, end, &mut trace);
                    let repairs = members::repairs(&world);
                    if repairs.is_empty() {
                        break;
                    }
                    heal(repairs, &mut world);
                }
            }
            is_stuck = !recovers(&mut world, &mut trace) || !lines_end(&mut world, &mut trace);
        } else {
            let end = world.now.plus_us(self.watched_us);
            run_to(&mut world, end, &mut trace);
        }
        let violations = world.checker.violations().cloned().collect();
        Outcome { events: world.events, violations, is_stuck, case }
    }
}

/// Lets everything happen up to a moment, or to the first violation.
fn run_to(world: &mut World, limit: Time, trace: &mut Trace) {
    while world.checker.violations().next().is_none() {
        if !world.step(limit, trace) {
            world.now = world.now.max(limit);
            return;
        }
        if trace.len() > 4096 {
            *trace = Trace::default();
        }
    }
}
