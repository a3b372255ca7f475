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
//! end 812 9.1s
//! cursor 700 4.1s
//! ```
//!
//! Moments are exact, and an action comes after what is due at its moment: so they tell its place.

use crate::lab::script::run::{MOST_EVENTS, Reason, Run};
use crate::lab::script::{self, Line, Moment, Script, ScriptError, Statement, VERSION};
use crate::lab::{Lab, ScenarioError};
use crate::types::Time;
use std::fmt;

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
    /// The run does not go as it did: it was made by another version.
    Diverged {
        /// The line of the action that does not fit, from 1.
        line: usize,
    },
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
            RestoreError::Diverged { line } => {
                write!(f, "line {line}: the run does not come to this point any more")
            }
        }
    }
}

impl std::error::Error for RestoreError {}

impl Lab {
    /// The run and the cursor as text.
    pub fn save(&self) -> String {
        let mut statements = vec![Statement::Version];
        statements.extend(script::head(&self.scenario));
        statements.extend(self.timeline.actions().iter().map(|placed| {
            let body = script::Body::Act((*placed.action).clone());
            Statement::Step(script::Step { moment: Moment::At(placed.at), body })
        }));
        let (world, tip) = (self.world(), self.timeline.tip());
        statements.push(Statement::End { events: tip.events, at: tip.now });
        statements.push(Statement::Cursor { events: world.events, at: world.now });
        let line = |statement| Line { statement: Some(statement), comment: None };
        script::format(&Script { lines: statements.into_iter().map(line).collect() })
    }

    /// Takes a run up again.
    ///
    /// # Errors
    /// If the text is not one, or the run does not go as it did.
    pub fn restore(text: &str) -> Result<Lab, RestoreError> {
        match text.lines().next() {
            Some(VERSION) => {}
            Some(OLDER) => return Err(RestoreError::Older),
            Some(_) | None => return Err(RestoreError::Header),
        }
        let script = script::parse(text).map_err(|errors| {
            let first = errors.into_iter().next();
            let told = |ScriptError { line, column, message }| RestoreError::Line {
                line: line as usize,
                problem: format!("column {column}: {message}"),
            };
            first.map_or(RestoreError::Header, told)
        })?;
        let mut most_events = MOST_EVENTS;
        let mut cursor = None;
        for line in &script.lines {
            match &line.statement {
                Some(Statement::End { events, .. }) => most_events = *events,
                Some(Statement::Cursor { events, at }) => cursor = Some((*events, *at)),
                Some(_) | None => {}
            }
        }
        let mut run = Run::new(&script).map_err(RestoreError::Scenario)?;
        run = run.with_most_events(most_events);
        while run.step() {}
        if let Some(stop) = run.stop() {
            let line = stop.line as usize;
            return Err(match &stop.reason {
                Reason::TooManyEvents(_) | Reason::Diverged { .. } => {
                    RestoreError::Diverged { line }
                }
                reason @ (Reason::Passed { .. } | Reason::Refused(_)) => {
                    RestoreError::Line { line, problem: reason.to_string() }
                }
            });
        }
        let mut lab = run.into_lab();
        if let Some((events, at)) = cursor {
            lab.look_at(events, at);
        }
        Ok(lab)
    }

    fn look_at(&mut self, events: u32, at: Time) {
        self.seek(events);
        if let Some(world) = &mut self.cursor {
            let next = self.timeline.trace().events.get(events as usize);
            let latest = next.map_or(at, |event| event.at);
            world.now = world.now.max(at.min(latest));
        }
    }
}
