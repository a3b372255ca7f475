//! Letting a script happen, statement by statement, and telling what came of it.

use super::branches;
use super::facts::{Facts, Since};
use super::print::write_statement;
use super::text::time;
use super::{Body, Condition, Moment, PATIENCE_US, Scope, Script, Statement, Step};
use crate::lab::divergence::Repetition;
use crate::lab::timeline::Diverged;
use crate::lab::{ActionError, Lab, Scenario, ScenarioError, zkcli};
use crate::recipe::{Ask, Recipes};
use crate::sim::action::Action;
use crate::sim::trace::NoteKind;
use crate::types::{Actor, ClientId, Time};
use std::fmt;

/// The most events of a run, if nothing else is said.
pub const MOST_EVENTS: u32 = 5_000_000;

/// What came of a statement that expects or awaits something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Its line, from 1.
    pub line: u32,
    /// The moment when it was decided.
    pub at: Time,
    /// How many events had happened.
    pub events: u32,
    /// The statement as it is written.
    pub statement: String,
    /// Whether it was so.
    pub has_held: bool,
    /// What was there.
    pub found: String,
}

/// A statement that could not be carried out. The run ends with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stop {
    /// Its line, from 1.
    pub line: u32,
    /// Why.
    pub reason: Reason,
}

/// Why a statement could not be carried out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reason {
    /// Its moment has passed.
    Passed {
        /// That moment.
        at: Time,
        /// The moment of the run.
        now: Time,
    },
    /// The action cannot be.
    Refused(ActionError),
    /// There were more events than a run may have.
    TooManyEvents(u32),
    /// The run does not come to the end it had.
    Diverged {
        /// How many events it has.
        events: u32,
        /// Its moment.
        now: Time,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Passed { at, now } => {
                let (at, now) = (time(at.0), time(now.0));
                write!(f, "{at} has passed already: it is {now}")
            }
            Reason::Refused(error) => error.fmt(f),
            Reason::TooManyEvents(most) => {
                write!(f, "more than {most} events: the run is taken for one that does not end")
            }
            Reason::Diverged { events, now } => {
                let now = time(now.0);
                write!(f, "the run does not come to this point: it has {events} events at {now}")
            }
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

/// A script on its way.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    script: &'a Script,
    lab: Lab,
    scope: Scope,
    /// The lines of the branch that runs, from 0, those that come next last.
    left: Vec<usize>,
    /// The line that is being carried out, from 1.
    next: usize,
    mark: Since,
    findings: Vec<Finding>,
    stop: Option<Stop>,
    most_events: u32,
    watched: Option<Watched<'a>>,
    /// What happened already happens again, and may come out differently.
    repetition: Option<Repetition>,
}

/// Conditions that are looked at after every event.
#[derive(Clone, Debug)]
struct Watched<'a> {
    /// Each, and whether it must not be so.
    conditions: Vec<(&'a Condition, bool)>,
    since: Since,
    /// When all were so at the same time, first.
    at: Option<Time>,
}

/// Lets a whole script happen.
///
/// # Errors
/// If the scenario cannot be.
pub fn run(script: &Script) -> Result<Run<'_>, ScenarioError> {
    let mut run = Run::new(script)?;
    while run.step() {}
    Ok(run)
}

/// The lines of the branch that runs, the first last.
fn lines(script: &Script) -> Vec<usize> {
    let (mut parts, current) = branches::parts(script);
    let mut lines = parts.swap_remove(current).lines;
    lines.reverse();
    lines
}

impl<'a> Run<'a> {
    /// Nothing has happened yet.
    ///
    /// # Errors
    /// If the scenario cannot be.
    pub fn new(script: &'a Script) -> Result<Run<'a>, ScenarioError> {
        Run::of(script, &script.scenario())
    }

    /// The same with another scenario than the script's: another seed, a mistake more.
    ///
    /// # Errors
    /// If the scenario cannot be.
    pub fn of(script: &'a Script, scenario: &Scenario) -> Result<Run<'a>, ScenarioError> {
        Ok(Run {
            script,
            left: lines(script),
            lab: Lab::new(scenario)?,
            scope: Scope { servers: scenario.server_ids(), clients: Vec::new() },
            next: 0,
            mark: Since::default(),
            findings: Vec::new(),
            stop: None,
            most_events: MOST_EVENTS,
            watched: None,
            repetition: None,
        })
    }

    /// A script that goes on from the end of a run. `scope` is what names stand for there. What
    /// happened before does not count for its expectations.
    pub fn go_on(script: &'a Script, mut lab: Lab, scope: Scope) -> Run<'a> {
        lab.live();
        Run {
            script,
            left: lines(script),
            mark: Since::now(lab.timeline.tip()),
            lab,
            scope,
            next: 0,
            findings: Vec::new(),
            stop: None,
            most_events: MOST_EVENTS,
            watched: None,
            repetition: None,
        }
    }

    /// The same, with an eye on conditions, each with whether it must not be so; what has happened
    /// counts from now on.
    #[must_use]
    pub fn watching(self, conditions: Vec<(&'a Condition, bool)>) -> Run<'a> {
        let since = Since::now(self.lab.timeline.tip());
        let mut run = Run { watched: Some(Watched { conditions, since, at: None }), ..self };
        run.watch();
        run
    }

    /// When all the conditions it has an eye on were so at the same time, first.
    pub fn watched_at(&self) -> Option<Time> {
        self.watched.as_ref()?.at
    }

    fn watch(&mut self) {
        let Some(watched) = self.watched.as_ref().filter(|watched| watched.at.is_none()) else {
            return;
        };
        let facts = self.facts();
        let is_so = |(condition, is_not): &(&Condition, bool)| {
            facts.hold(condition, &watched.since) != *is_not
        };
        let at = watched.conditions.iter().all(is_so).then_some(facts.world.now);
        self.watched.iter_mut().for_each(|watched| watched.at = at);
    }

    /// The same, with no more than so many events.
    #[must_use]
    pub fn with_most_events(self, most_events: u32) -> Run<'a> {
        Run { most_events, ..self }
    }

    /// The same for a run that happened before: what cannot be done any more is left out, and the
    /// end may be another.
    #[must_use]
    pub(in crate::lab) fn again(self) -> Run<'a> {
        Run { repetition: Some(Repetition::default()), ..self }
    }

    /// What was noticed, if it happened before.
    pub(in crate::lab) fn repetition(&self) -> Option<Repetition> {
        self.repetition
    }

    /// The run so far.
    pub fn lab(&self) -> &Lab {
        &self.lab
    }

    /// The run, to go on with.
    pub fn into_lab(self) -> Lab {
        self.lab
    }

    /// What came of expectations so far, in order.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Why it ended before its last statement, if it did.
    pub fn stop(&self) -> Option<&Stop> {
        self.stop.as_ref()
    }

    /// Whether everything was carried out and every expectation held.
    pub fn has_held(&self) -> bool {
        self.stop.is_none() && self.findings.iter().all(|finding| finding.has_held)
    }

    /// Carries out the next line. Returns whether there was one.
    pub fn step(&mut self) -> bool {
        let script = self.script;
        let next = if self.stop.is_none() { self.left.pop() } else { None };
        let Some((next, line)) = next.and_then(|next| Some((next, script.lines.get(next)?))) else {
            return false;
        };
        self.next = next + 1;
        if let Some(statement) = &line.statement {
            let text = write_statement(statement, &mut self.scope);
            if let Err(reason) = self.carry_out(statement, text)
                && !self.is_left_out(statement, &reason)
            {
                self.stop = Some(Stop { line: self.next as u32, reason });
            }
            self.lab.index.update(self.lab.timeline.trace());
        }
        true
    }

    /// Whether a run that happened before goes on all the same.
    fn is_left_out(&mut self, statement: &Statement, reason: &Reason) -> bool {
        let done = self.lab.timeline.actions().len();
        let Some(repetition) = &mut self.repetition else { return false };
        match (reason, statement) {
            (Reason::Passed { .. }, _) => return false,
            (Reason::Diverged { .. } | Reason::TooManyEvents(_), Statement::End { at, .. }) => {
                repetition.has_other_end = true;
                let _ = self.pass(*at, |_| false);
            }
            (Reason::Refused(_) | Reason::Diverged { .. } | Reason::TooManyEvents(_), _) => {
                repetition.drop_action(done);
            }
        }
        true
    }

    fn carry_out(&mut self, statement: &Statement, text: String) -> Result<(), Reason> {
        match statement {
            Statement::Version
            | Statement::Title(_)
            | Statement::About(_)
            | Statement::Ensemble { .. }
            | Statement::Server(_)
            | Statement::Seed(_)
            | Statement::Set { .. }
            | Statement::Mistake(_)
            | Statement::Branch { .. }
            | Statement::Current(_) => Ok(()),
            Statement::Step(step) => self.take_step(step, text),
            Statement::Mark => {
                self.mark = Since::now(self.lab.timeline.tip());
                Ok(())
            }
            Statement::End { events, at, acted: _ } => self.go_on_to(*events, *at),
            // Where to look is the reader's business.
            Statement::Cursor { .. } => Ok(()),
        }
    }

    fn take_step(&mut self, step: &Step, text: String) -> Result<(), Reason> {
        let now = self.lab.timeline.tip().now;
        match step.moment {
            Moment::Now => {}
            Moment::At(at) if at < now => {
                return Err(Reason::Passed { at, now });
            }
            Moment::At(at) => self.pass(at, |_| false).map(|_| ())?,
            Moment::After(us) => self.pass(now.plus_us(us), |_| false).map(|_| ())?,
        }
        match &step.body {
            Body::Pass => Ok(()),
            Body::Act(action) => self.act(action.clone()),
            Body::Ask { client, op, line } => self.ask(*client, op, line, text),
            Body::Follow { client, ask } => self.follow(*client, ask, text),
            Body::Until { condition, within_us } => {
                let since = Since::now(self.lab.timeline.tip());
                let has_held = self.wait(condition, &since, *within_us)?;
                self.find(text, condition, &since, has_held, false);
                Ok(())
            }
            Body::Expect { condition, is_not, within_us } => {
                let since = self.mark.clone();
                let has_held = match within_us {
                    None => self.facts().hold(condition, &since),
                    Some(us) => self.wait(condition, &since, *us)?,
                };
                self.find(text, condition, &since, has_held, *is_not);
                Ok(())
            }
        }
    }

    fn facts(&self) -> Facts<'_> {
        Facts { world: self.lab.timeline.tip(), trace: self.lab.timeline.trace() }
    }

    fn find(
        &mut self,
        statement: String,
        condition: &Condition,
        since: &Since,
        has_held: bool,
        is_not: bool,
    ) {
        let found = self.facts().found(condition, since);
        let found = if has_held && !is_not { String::new() } else { found };
        let found = if has_held == is_not { found } else { String::new() };
        self.tell(statement, has_held != is_not, found);
    }

    fn tell(&mut self, statement: String, has_held: bool, found: String) {
        let world = self.lab.timeline.tip();
        let (line, at, events) = (self.next as u32, world.now, world.events);
        self.findings.push(Finding { line, at, events, statement, has_held, found });
    }

    fn act(&mut self, action: Action) -> Result<(), Reason> {
        self.lab.act(action).map_err(Reason::Refused)?;
        self.watch();
        Ok(())
    }

    /// Lets time pass up to a moment, or until an event after which `is_done`. Returns whether it
    /// is.
    fn pass(&mut self, until: Time, is_done: impl Fn(Facts) -> bool) -> Result<bool, Reason> {
        while self.lab.timeline.extend(until) {
            self.watch();
            if is_done(self.facts()) {
                return Ok(true);
            }
            if self.most_events < self.lab.timeline.len() {
                return Err(Reason::TooManyEvents(self.most_events));
            }
        }
        self.lab.timeline.reach(until);
        Ok(false)
    }

    /// Lets time pass until the condition holds. Returns whether it does.
    fn wait(&mut self, condition: &Condition, since: &Since, us: u64) -> Result<bool, Reason> {
        if self.facts().hold(condition, since) {
            return Ok(true);
        }
        let until = self.lab.timeline.tip().now.plus_us(us);
        self.pass(until, |facts| facts.hold_now(condition, since, facts.world.events - 1))
    }

    fn ask(
        &mut self,
        client: ClientId,
        op: &crate::txn::Op,
        line: &std::rc::Rc<str>,
        text: String,
    ) -> Result<(), Reason> {
        let from = self.lab.timeline.len();
        let slot = self.lab.timeline.tip().clients.get(&client);
        let mine = slot.map_or(0, |slot| slot.process.submitted() + 1);
        self.act(Action::Submit { client, op: op.clone(), line: Some(line.clone()) })?;
        let is_answer = |facts: &Facts, from: u32| {
            facts.trace.notes_from(from).any(|note| match &note.what {
                NoteKind::Completed { number, .. } => {
                    note.actor == Actor::Client(client) && *number == mine
                }
                _ => false,
            })
        };
        let until = self.lab.timeline.tip().now.plus_us(PATIENCE_US);
        let is_answered = is_answer(&self.facts(), from)
            || self.pass(until, |facts| is_answer(&facts, facts.world.events - 1))?;
        if !is_answered {
            self.tell(text, false, "no answer within a minute".to_owned());
        }
        Ok(())
    }

    /// A client asks something of a recipe; goes on until that has come as far as it should.
    fn follow(&mut self, client: ClientId, ask: &Ask, text: String) -> Result<(), Reason> {
        let slot = self.lab.timeline.tip().clients.get(&client);
        let begun = slot.and_then(|slot| slot.recipes.as_ref()).map_or(0, Recipes::begun);
        self.act(zkcli::recipes::action(client, ask.clone()))?;
        let is_done = |facts: &Facts| !facts.world.is_recipe_pending(client, begun, ask.path());
        let until = self.lab.timeline.tip().now.plus_us(PATIENCE_US);
        if !is_done(&self.facts()) && !self.pass(until, |facts| is_done(&facts))? {
            self.tell(text, false, "it waits for more than a minute".to_owned());
        }
        Ok(())
    }

    /// Goes on to a moment and a number of events, which must be the run's.
    fn go_on_to(&mut self, events: u32, at: Time) -> Result<(), Reason> {
        if self.most_events < events {
            return Err(Reason::TooManyEvents(self.most_events));
        }
        let went = self.lab.timeline.go_on_to(events, at);
        went.map_err(|Diverged { events, now }| Reason::Diverged { events, now })
    }
}
