//! A lesson: text in two languages, a scenario, and steps that run it, ask about it, or let the
//! student do something and see by themselves whether a goal is reached.
//!
//! ```text
//!   file ─ parse ─▶ Lesson ─ begin ─▶ Lab ─ enter step 1 ─▶ Lab ─ enter step 2 ─▶ …
//!                                              │ goal: which clauses hold now?
//! ```
//!
//! What happens in a lesson is written in the scenario language (`lab/script`), and a goal is made
//! of its conditions: a lesson can show and ask whatever a script can. `docs/lessons.md` says how
//! to write one. [`run`] carries lessons out; [`check`] is what a test asks of each.

mod check;
mod lines;
mod parse;
mod run;
mod text;

pub use check::check;
pub use parse::parse;
pub use run::{Goal, Passed, Trouble};
pub use text::{Span, spans};

use crate::lab::script::{Condition, Scope, Script};
use crate::types::{Actor, ServerId};

/// The first line of a lesson: what it is, and the version of the form.
pub const VERSION: &str = "zklab lesson 1";
/// The longest lesson, in bytes.
pub const MOST_BYTES: usize = 1 << 20;
/// The most events that a lesson may need: it opens in a moment.
pub const MOST_EVENTS: u32 = 400_000;

/// A text in both languages. An empty line parts paragraphs; [`spans`] reads one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Words {
    /// English.
    pub en: String,
    /// 简体中文.
    pub zh: String,
}

/// A lesson or a challenge.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lesson {
    /// Which of the two.
    pub kind: Kind,
    /// Its name in addresses: letters, digits and `-`.
    pub id: String,
    /// Its place among its kind, from 1.
    pub number: u32,
    /// How many minutes it takes.
    pub minutes: u32,
    /// Its name.
    pub title: Words,
    /// What it is about, in a sentence.
    pub summary: Words,
    /// The ZooKeeper classes and settings behind it.
    pub sources: Vec<String>,
    /// How it begins.
    pub scenario: Block,
    /// Its steps, in order. There is at least one.
    pub steps: Vec<Step>,
    /// What to remember.
    pub remember: Option<Words>,
    /// What whoever teaches it should know: where classes go wrong, what to point at.
    pub notes: Option<Words>,
}

/// A lesson teaches, a challenge is to be mastered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Steps of all kinds, one after the other.
    Lesson,
    /// One step, with a goal.
    Challenge {
        /// The fewest actions that are known to reach it.
        best: u32,
    },
}

/// Statements of the scenario language, somewhere in a lesson.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Block {
    /// The line before its first, from 1: what a line number of the script is added to.
    pub above: u32,
    /// What names stand for at its beginning.
    pub scope: Scope,
    /// What it says.
    pub script: Script,
}

/// A step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// Its name in addresses.
    pub name: String,
    /// Its line, from 1.
    pub line: u32,
    /// What is told.
    pub text: Words,
    /// It begins anew with this.
    pub scenario: Option<Block>,
    /// What happens when it is entered.
    pub run: Option<Block>,
    /// What is highlighted.
    pub show: Show,
    /// What the student is to do.
    pub task: Task,
    /// What helps.
    pub hint: Option<Words>,
    /// What is told once it is answered or done.
    pub reveal: Option<Words>,
    /// What happens once it is answered or done.
    pub after: Option<Block>,
    /// What whoever teaches it may say here.
    pub notes: Option<Words>,
}

/// What is highlighted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Show {
    /// Servers and clients on the stage.
    pub actors: Vec<Actor>,
    /// The panel that is brought to the front, by its name in the page.
    pub panel: Option<String>,
}

/// What the student is to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Task {
    /// To read.
    Read,
    /// To answer.
    Ask(Ask),
    /// To act.
    Do(Do),
}

/// A question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    /// What is asked.
    pub question: Words,
    /// What is right.
    pub answer: Answer,
}

/// What is right.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// A server on the stage: one of these.
    Server(Vec<ServerId>),
    /// A number: one of these.
    Number(Vec<u64>),
    /// One of several sentences.
    Choice(Vec<Choice>),
}

/// One of the sentences of a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// What it says.
    pub text: Words,
    /// Whether it is right.
    pub is_right: bool,
    /// What is told to whoever takes it.
    pub because: Option<Words>,
}

/// Something to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Do {
    /// It is done when all of these are so at the same time.
    pub clauses: Vec<Clause>,
    /// What reaches it.
    pub solution: Block,
    /// What doesn't, by name.
    pub near_misses: Vec<(String, Block)>,
}

/// A part of a goal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Clause {
    /// Its line, from 1.
    pub line: u32,
    /// What is to be so. What has happened counts from when the student may act.
    pub condition: Condition,
    /// Whether it must not be so.
    pub is_not: bool,
    /// The same in words.
    pub text: Words,
}

impl Lesson {
    /// The step of this name.
    pub fn step(&self, name: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.name == name)
    }
}

impl Step {
    /// What is to be reached, if something is to be done.
    pub fn goal(&self) -> Option<&Do> {
        match &self.task {
            Task::Do(task) => Some(task),
            Task::Read | Task::Ask(_) => None,
        }
    }

    /// The question, if there is one.
    pub fn question(&self) -> Option<&Ask> {
        match &self.task {
            Task::Ask(ask) => Some(ask),
            Task::Read | Task::Do(_) => None,
        }
    }
}
