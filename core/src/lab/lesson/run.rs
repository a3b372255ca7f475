//! Carrying a lesson out: its states, and whether a goal is reached.

use super::{Block, Clause, Do, Lesson, MOST_EVENTS, Step};
use crate::lab::script::facts::{Facts, Since};
use crate::lab::script::run::Run;
use crate::lab::script::{self, Body, Moment, Scope, Statement};
use crate::lab::{Lab, Scenario, ScenarioError};
use crate::types::Time;
use data_encoding::BASE64URL_NOPAD;
use std::fmt;

/// Something in a lesson that does not come out as it says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    /// In which line, from 1.
    pub line: u32,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for Trouble {}

/// What has to be so, from the moment on from which the student may act.
#[derive(Clone, Debug)]
pub struct Goal {
    since: Since,
    /// How many actions there were.
    actions: usize,
}

impl Goal {
    /// From the end of this run on.
    pub fn from_now(lab: &Lab) -> Goal {
        Goal { since: Since::now(lab.timeline().tip()), actions: lab.timeline().actions().len() }
    }

    /// Which clauses hold at the end of the run, in their order.
    pub fn holding(&self, task: &Do, lab: &Lab) -> Vec<bool> {
        let facts = facts(lab);
        let is_so = |clause: &Clause| facts.hold(&clause.condition, &self.since) != clause.is_not;
        task.clauses.iter().map(is_so).collect()
    }

    /// Whether all clauses hold at the end of the run. To be asked after every event: what has to be
    /// looked for in all that happened is looked for last.
    pub fn is_reached(&self, task: &Do, lab: &Lab) -> bool {
        let facts = facts(lab);
        let is_so = |clause: &Clause| facts.hold(&clause.condition, &self.since) != clause.is_not;
        let is_past = |clause: &&Clause| clause.condition.is_about_the_past();
        let (past, now): (Vec<&Clause>, Vec<&Clause>) = task.clauses.iter().partition(is_past);
        now.into_iter().chain(past).all(is_so)
    }

    /// What is there instead of a clause, in a few words.
    pub fn found(&self, clause: &Clause, lab: &Lab) -> String {
        facts(lab).found(&clause.condition, &self.since)
    }

    /// How many actions have been needed so far.
    pub fn actions(&self, lab: &Lab) -> usize {
        lab.timeline().actions().len().saturating_sub(self.actions)
    }
}

fn facts(lab: &Lab) -> Facts<'_> {
    Facts { world: lab.timeline().tip(), trace: lab.timeline().trace() }
}

impl Block {
    /// Its script on its way, from the end of a run.
    pub(super) fn on(&self, lab: Lab) -> Run<'_> {
        Run::go_on(&self.script, lab, self.scope.clone()).with_most_events(MOST_EVENTS)
    }

    /// Lets it happen. What went wrong comes with where the run stopped.
    pub(super) fn perform(&self, lab: Lab) -> (Lab, Vec<Trouble>) {
        let mut run = self.on(lab);
        while run.step() {}
        let troubles = self.troubles(&run);
        (run.into_lab(), troubles)
    }

    /// What went wrong.
    pub(super) fn troubles(&self, run: &Run) -> Vec<Trouble> {
        let line = |line| self.above + line;
        let failed = run.findings().iter().filter(|finding| !finding.has_held);
        let failed = failed.map(|finding| Trouble {
            line: line(finding.line),
            message: format!("{}: {}", finding.statement, finding.found),
        });
        let stop = run.stop().into_iter();
        let stop =
            stop.map(|stop| Trouble { line: line(stop.line), message: stop.reason.to_string() });
        failed.chain(stop).collect()
    }

    /// What it says, a statement a line.
    pub fn statements(&self) -> Vec<String> {
        let mut scope = self.scope.clone();
        let said = self.script.lines.iter().filter_map(|line| line.statement.as_ref());
        said.map(|said| script::write_statement(said, &mut scope)).collect()
    }

    /// What begins with it.
    pub(super) fn begin(&self) -> Result<(Lab, Vec<Trouble>), ScenarioError> {
        let scenario: Scenario = self.script.scenario();
        Ok(self.perform(Lab::new(&scenario)?))
    }

    /// Whether names still stand for what they stood for: a student may have added clients.
    fn fits(&self, lab: &Lab) -> bool {
        let clients = lab.timeline().tip().clients.values();
        let known = self.scope.clients.iter();
        clients.map(|slot| &slot.name).eq(known)
    }
}

impl Step {
    /// What its `run` comes to. Nothing if it can't: the student has brought about something else
    /// than the lesson goes on from.
    pub fn enter(&self, lab: &Lab) -> Option<Lab> {
        let Some(run) = &self.run else { return Some(lab.clone()) };
        run.go_on(lab)
    }

    /// What its solution comes to, from where the student has come to. Nothing if it can't.
    pub fn solve(&self, lab: &Lab) -> Option<Lab> {
        self.goal()?.solution.go_on(lab)
    }

    /// What happens once it is answered or done. Nothing if it can't.
    pub fn finish(&self, lab: &Lab) -> Option<Lab> {
        let Some(after) = &self.after else { return Some(lab.clone()) };
        after.go_on(lab)
    }
}

impl Block {
    fn go_on(&self, lab: &Lab) -> Option<Lab> {
        self.fits(lab).then_some(())?;
        let (lab, troubles) = self.perform(lab.clone());
        troubles.is_empty().then_some(lab)
    }
}

impl Lesson {
    /// The state in which a step begins, before its own `run`: with everything done that the steps
    /// before it ask for.
    ///
    /// # Errors
    /// If something in the lesson does not come out as it says.
    pub fn before(&self, step: usize) -> Result<Lab, Trouble> {
        let mut lab = begin(&self.scenario)?;
        for step in self.steps.iter().take(step) {
            lab = step.begin(lab)?;
            if let Some(task) = step.goal() {
                lab = go_on(Some(&task.solution), lab)?;
            }
            lab = go_on(step.after.as_ref(), lab)?;
        }
        match self.steps.get(step).and_then(|step| step.scenario.as_ref()) {
            Some(scenario) => begin(scenario),
            None => Ok(lab),
        }
    }

    /// The state in which a step ends, before its `after`.
    ///
    /// # Errors
    /// If something in the lesson does not come out as it says.
    pub fn solved(&self, step: usize) -> Result<Lab, Trouble> {
        let lab = self.at(step)?;
        let task = self.steps.get(step).and_then(Step::goal);
        go_on(task.map(|task| &task.solution), lab)
    }

    /// The state in which a step begins, after its `run`.
    ///
    /// # Errors
    /// If something in the lesson does not come out as it says.
    pub fn at(&self, step: usize) -> Result<Lab, Trouble> {
        let lab = self.before(step)?;
        go_on(self.steps.get(step).and_then(|step| step.run.as_ref()), lab)
    }
}

/// A step that was gone through.
#[derive(Clone, Debug)]
pub struct Passed {
    /// When its `run` began.
    pub from: Time,
    /// After its `run`.
    pub at: Lab,
    /// After it was answered or done, and what follows from that.
    pub done: Lab,
}

impl Lesson {
    /// What each step comes to, as the lesson itself has it.
    ///
    /// # Errors
    /// If something in the lesson does not come out as it says.
    pub fn passed(&self) -> Result<Vec<Passed>, Trouble> {
        let mut lab = begin(&self.scenario)?;
        let mut all = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            if let Some(scenario) = &step.scenario {
                lab = begin(scenario)?;
            }
            let from = lab.timeline().tip().now;
            let at = go_on(step.run.as_ref(), lab)?;
            let solved = go_on(step.goal().map(|task| &task.solution), at.clone())?;
            let done = go_on(step.after.as_ref(), solved)?;
            lab = done.clone();
            all.push(Passed { from, at, done });
        }
        Ok(all)
    }
}

/// How much of a result is read: more than anybody does by hand.
const LONGEST_RESULT: usize = 60_000;

impl Lesson {
    /// What was done since the step began, and until when, as a word that can be handed in.
    /// [`Lesson::verify`] lets it happen again.
    pub fn result(&self, goal: &Goal, lab: &Lab) -> String {
        let timeline = lab.timeline();
        let done = timeline.actions().iter().skip(goal.actions);
        let mut statements: Vec<Statement> = done
            .map(|placed| script::step(Moment::At(placed.at), Body::Act((*placed.action).clone())))
            .collect();
        statements.push(script::step(Moment::At(timeline.tip().now), Body::Pass));
        let mut scope = Scope {
            servers: lab.scenario().server_ids(),
            clients: timeline.tip().clients.values().map(|slot| slot.name.clone()).collect(),
        };
        let lines = statements.iter().map(|said| script::write_statement(said, &mut scope));
        BASE64URL_NOPAD.encode(lines.collect::<Vec<_>>().join("\n").as_bytes())
    }

    /// Lets a result of a step happen again: the state it comes to. Whether the goal is reached
    /// there is to be seen like any other time.
    ///
    /// # Errors
    /// If it is none, or does not come out as it did.
    pub fn verify(&self, step: usize, result: &str) -> Result<(Lab, Goal), Trouble> {
        let trouble = |message: &str| Trouble { line: 1, message: message.to_owned() };
        let text = Some(result).filter(|result| result.len() <= LONGEST_RESULT);
        let text = text.and_then(|text| BASE64URL_NOPAD.decode(text.as_bytes()).ok());
        let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
        let text = text.ok_or_else(|| trouble("the result is damaged"))?;
        let lab = self.at(step)?;
        let goal = Goal::from_now(&lab);
        let scope = Scope {
            servers: lab.scenario().server_ids(),
            clients: lab.timeline().tip().clients.values().map(|slot| slot.name.clone()).collect(),
        };
        let lines = text.lines().zip(1..).map(|(line, number)| (number, line));
        let (script, errors) = script::parse_part(lines, 0, &mut Some(scope.clone()));
        if let Some(error) = errors.into_iter().next() {
            return Err(Trouble { line: error.line, message: error.message });
        }
        sound(Block { above: 0, scope, script }.perform(lab)).map(|lab| (lab, goal))
    }
}

impl Step {
    fn begin(&self, lab: Lab) -> Result<Lab, Trouble> {
        let lab = match &self.scenario {
            Some(scenario) => begin(scenario)?,
            None => lab,
        };
        go_on(self.run.as_ref(), lab)
    }
}

fn begin(scenario: &Block) -> Result<Lab, Trouble> {
    let begun = scenario
        .begin()
        .map_err(|error| Trouble { line: scenario.above + 1, message: error.to_string() })?;
    sound(begun)
}

fn go_on(block: Option<&Block>, lab: Lab) -> Result<Lab, Trouble> {
    match block {
        Some(block) => sound(block.perform(lab)),
        None => Ok(lab),
    }
}

fn sound((lab, troubles): (Lab, Vec<Trouble>)) -> Result<Lab, Trouble> {
    match troubles.into_iter().next() {
        Some(trouble) => Err(trouble),
        None => Ok(lab),
    }
}
