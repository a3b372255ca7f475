//! A run as text, to be kept and taken up again: a script whose every action has its moment, with the
//! end of the run and the cursor.
//!
//! ```text
//! zklab 2
//! ensemble 3
//! seed 1
//! at 0s start
//! at 0s client a timeout 10s
//! at 4.2s a>> create /a "x y"
//! end 812 9.1s 0 4 391
//! cursor 700 4.1s
//! ```
//!
//! Moments are exact, and an action comes after what is due at its moment: so they tell its place.
//! After the end stands which event each action was, counted from the one before: if another version
//! of the engine goes another way, it shows from where on ([`crate::lab::Divergence`]).
//! Other branches follow the first, each with its own actions only; see [`script::branches`]. Only
//! the current one runs when it is taken up; the others do when they are gone to.

use crate::lab::branches::{Act, Branches, Head, Parked, Parting, clean_name};
use crate::lab::divergence;
use crate::lab::script::branches::{self, Part};
use crate::lab::script::run::{MOST_EVENTS, Reason, Run};
use crate::lab::script::{self, Line, Moment, Script, ScriptError, Statement, VERSION};
use crate::lab::{Lab, ScenarioError};
use crate::sim::action::Action;
use crate::types::Time;
use std::fmt;
use std::rc::Rc;

/// What saved work of older versions begins with.
const OLDER: &str = "zklab 1";

/// A text that is no run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RestoreError {
    /// It is of another kind or of a later version.
    Header,
    /// It was saved by an older version, in another form.
    Older,
    /// A line that cannot be understood, or asks for what cannot be.
    Line {
        /// Which, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// The scenario cannot be.
    Scenario(ScenarioError),
}

impl fmt::Display for RestoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RestoreError::Header => write!(f, "line 1: expected {VERSION:?}"),
            RestoreError::Older => {
                write!(f, "line 1: {OLDER:?} is of an older version, which cannot be read any more")
            }
            RestoreError::Line { line, problem } => write!(f, "line {line}: {problem}"),
            RestoreError::Scenario(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for RestoreError {}

impl Lab {
    /// All branches and their cursors as text.
    pub fn save(&self) -> String {
        let mut branches: Vec<Saved> = self.branches.parked.iter().map(Saved::of).collect();
        branches.push(self.current());
        // A branch comes after the one that it left, which is always older.
        branches.sort_by_key(|branch| branch.head.number);
        let number = self.branches.current.number;
        let is_alone = branches.len() == 1 && self.branches.current.name.is_none();
        self.write(branches, (!is_alone).then_some(number))
    }

    /// The current branch alone and its cursor, as text.
    pub fn save_branch(&self) -> String {
        self.write(vec![self.current()], None)
    }

    fn current(&self) -> Saved {
        let (world, tip) = (self.world(), self.timeline.tip());
        Saved {
            head: self.branches.current.clone(),
            actions: self.timeline.acted(),
            acted: self.timeline.indices(),
            end: (tip.events, tip.now),
            cursor: (world.events, world.now),
        }
    }

    fn write(&self, branches: Vec<Saved>, current: Option<u32>) -> String {
        let mut statements = vec![Statement::Version];
        statements.extend(self.title().map(|title| Statement::Title(title.to_owned())));
        statements.extend(script::head(&self.scenario));
        for branch in branches {
            let Head { number, name, parting } = branch.head;
            let from = parting.map(|parting| (parting.from, parting.actions));
            let own = match current {
                Some(_) => from.map_or(0, |(_, shared)| shared),
                None => 0,
            };
            statements.extend(current.map(|_| Statement::Branch {
                number,
                name: name.map(|name| name.to_string()),
                from: from.map(|(from, shared)| (from, shared as u32)),
            }));
            statements.extend(branch.actions.iter().skip(own).map(|(at, action)| {
                let body = script::Body::Act((**action).clone());
                Statement::Step(script::Step { moment: Moment::At(*at), body })
            }));
            let ((events, at), cursor) = (branch.end, branch.cursor);
            let acted = branch.acted.get(own..).unwrap_or_default().to_vec();
            statements.push(Statement::End { events, at, acted });
            statements.push(Statement::Cursor { events: cursor.0, at: cursor.1 });
        }
        statements.extend(current.map(Statement::Current));
        let line = |statement| Line { statement: Some(statement), comment: None };
        script::format(&Script { lines: statements.into_iter().map(line).collect() })
    }

    /// Takes a run up again. If it does not go as it did, [`Lab::divergence`] says so.
    ///
    /// # Errors
    /// If the text is not one.
    pub fn restore(text: &str) -> Result<Lab, RestoreError> {
        match text.lines().next() {
            Some(VERSION) => {}
            Some(OLDER) => return Err(RestoreError::Older),
            Some(_) | None => return Err(RestoreError::Header),
        }
        Lab::take_up(text, None)
    }

    /// Opens a saved run, or lets a script happen to its end. What a script expects is for those
    /// who run it as a test: here it is let be.
    ///
    /// # Errors
    /// If the text is neither, or the run cannot go on.
    pub fn open(text: &str) -> Result<Lab, RestoreError> {
        match text.starts_with("zklab") {
            true => Lab::restore(text),
            false => Lab::take_up(text, None),
        }
    }

    /// Takes up a run, or lets a script happen. With a limit of events it is what is left of a run,
    /// of which nothing needs to come out as it did.
    pub(in crate::lab) fn take_up(text: &str, most: Option<u32>) -> Result<Lab, RestoreError> {
        let script = script::parse(text).map_err(|errors| {
            let first = errors.into_iter().next();
            let told = |ScriptError { line, column, message }| RestoreError::Line {
                line: line as usize,
                problem: format!("column {column}: {message}"),
            };
            first.map_or(RestoreError::Header, told)
        })?;
        let (mut parts, current) = branches::parts(&script);
        parts.iter().try_for_each(|part| is_ordered(&script, part))?;
        let acted = acted(&script, &parts);
        let places = |part: &Part| {
            let (mut end, mut cursor) = (None, None);
            for line in part.lines.iter().filter_map(|n| script.lines.get(*n)) {
                match &line.statement {
                    Some(Statement::End { events, at, acted: _ }) => end = Some((*events, *at)),
                    Some(Statement::Cursor { events, at }) => cursor = Some((*events, *at)),
                    Some(_) | None => {}
                }
            }
            (end, cursor)
        };
        let (end, cursor) = places(&parts[current]);
        let recorded = end.map(|(events, _)| divergence::most_events(events));
        let most_events = most.or(recorded).unwrap_or(MOST_EVENTS).min(MOST_EVENTS);
        let parked = parts.iter().enumerate().filter(|(n, _)| *n != current).map(|(n, part)| {
            let actions = parked_actions(&script, part)?;
            let end = places(part).0.map(|(events, at)| (events.min(MOST_EVENTS), at));
            let last = actions.last().map_or((0, Time::ZERO), |(at, _)| (0, *at));
            let (end, cursor) = (end.unwrap_or(last), places(part).1);
            let (head, cursor) = (head(part, &actions, end), cursor.unwrap_or(end));
            Ok(Parked::new(head, actions, acted[n].clone(), end, cursor))
        });
        let parked = parked.collect::<Result<Vec<Parked>, RestoreError>>()?;
        let mut run = Run::new(&script).map_err(RestoreError::Scenario)?;
        run = run.with_most_events(most_events);
        if most.or(recorded).is_some() {
            run = run.again();
        }
        while run.step() {}
        if let Some(stop) = run.stop() {
            let (line, problem) = (stop.line as usize, stop.reason.to_string());
            return Err(RestoreError::Line { line, problem });
        }
        let repetition = run.repetition();
        let mut lab = run.into_lab();
        lab.divergence = repetition.and_then(|said| said.outcome(&lab.timeline, &acted[current]));
        lab.title = script.title().map(Rc::from);
        let now = parts.swap_remove(current);
        let tip = lab.timeline.tip();
        let end = (tip.events, tip.now);
        lab.branches = Branches::restored(head(&now, &lab.timeline.acted(), end), parked);
        if let Some((events, at)) = cursor {
            lab.look_at(events, at);
        }
        Ok(lab)
    }
}

/// The end of a branch must not be before what was done on it.
fn is_ordered(script: &Script, part: &Part) -> Result<(), RestoreError> {
    let (mut steps, mut last) = (0, Time::ZERO);
    for n in &part.lines {
        match &script.lines[*n].statement {
            Some(Statement::Step(step)) => {
                steps += 1;
                if let Moment::At(at) = step.moment {
                    last = last.max(at);
                }
            }
            Some(Statement::End { events, at, .. }) if *events < steps || *at < last => {
                let problem = "the end is before the last action".to_owned();
                return Err(RestoreError::Line { line: n + 1, problem });
            }
            Some(_) | None => {}
        }
    }
    Ok(())
}

/// For each branch, which event each of its actions was, the shared ones too; nothing of one that does
/// not say.
fn acted(script: &Script, parts: &[Part]) -> Vec<Rc<[u32]>> {
    let mut known: Vec<Rc<[u32]>> = Vec::new();
    for part in parts {
        let from = part.from.and_then(|(from, steps)| {
            let place = parts.iter().position(|other| other.number == from)?;
            known.get(place)?.get(..steps as usize)
        });
        let own = part.lines.iter().find_map(|n| match &script.lines.get(*n)?.statement {
            Some(Statement::End { acted, .. }) => Some(acted),
            Some(_) | None => None,
        });
        let all: Vec<u32> = match (from, own) {
            (Some(shared), Some(own)) => shared.iter().chain(own).copied().collect(),
            (None, Some(own)) if part.from.is_none() => own.clone(),
            (Some(_) | None, _) => Vec::new(),
        };
        known.push(all.into());
    }
    known
}

/// The actions of a branch that does not run yet: all its steps must have their moments.
fn parked_actions(script: &Script, part: &Part) -> Result<Rc<[Act]>, RestoreError> {
    let mut last = Time::ZERO;
    let mut actions = Vec::new();
    for n in &part.lines {
        let Some(Statement::Step(step)) = &script.lines[*n].statement else { continue };
        let problem = match (&step.moment, &step.body) {
            (Moment::At(at), script::Body::Act(action)) if last <= *at => {
                last = *at;
                actions.push((*at, Rc::new(action.clone())));
                continue;
            }
            (Moment::At(at), script::Body::Act(_)) => {
                Reason::Passed { at: *at, now: last }.to_string()
            }
            _ => "a branch that does not run may only have actions with their moments".to_owned(),
        };
        return Err(RestoreError::Line { line: n + 1, problem });
    }
    Ok(actions.into())
}

fn head(part: &Part, actions: &[(Time, Rc<Action>)], end: (u32, Time)) -> Head {
    let parting = part.from.map(|(from, steps)| {
        let own = actions.get(steps as usize);
        Parting { from, actions: steps as usize, at: own.map_or(end.1, |(at, _)| *at) }
    });
    let name = part.name.as_deref().and_then(clean_name);
    Head { number: part.number, name, parting }
}

/// A branch to be written.
struct Saved {
    head: Head,
    actions: Rc<[(Time, Rc<Action>)]>,
    /// Which event each was, if that is known.
    acted: Rc<[u32]>,
    end: (u32, Time),
    cursor: (u32, Time),
}

impl Saved {
    fn of(branch: &Parked) -> Saved {
        let Parked { head, actions, acted, end, cursor, .. } = branch;
        let (actions, acted) = (actions.clone(), acted.clone());
        Saved { head: head.clone(), actions, acted, end: *end, cursor: *cursor }
    }
}
