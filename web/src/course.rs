//! The course as the page knows it: the index, the open lesson, and how far the reader has come.
//! No DOM.

use crate::i18n::Language;
use std::fmt::Write;
use std::rc::Rc;
use zklab_core::lab::lesson::{Answer, Goal, Kind, Lesson, Step, Task, Words};
use zklab_core::sorted::Map;
use zklab_core::types::{Actor, ServerId};

/// Where the index is.
pub const INDEX: &str = "lessons/index.txt";

/// A line of the index.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Its file, without its ending: `lessons/08-first-election`.
    pub file: Rc<str>,
    /// Its name in addresses.
    pub id: Rc<str>,
    /// Its place among its kind.
    pub number: u32,
    /// How long it takes.
    pub minutes: u32,
    /// How many steps it has.
    pub steps: usize,
    /// Its name.
    pub title: Words,
    /// What it is about.
    pub summary: Words,
}

impl Entry {
    /// Whether it is a challenge.
    pub fn is_challenge(&self) -> bool {
        self.file.starts_with("challenges/")
    }

    /// What it is called in addresses and in what is kept.
    pub fn key(&self) -> String {
        key(self.is_challenge(), &self.id)
    }
}

fn key(is_challenge: bool, id: &str) -> String {
    format!("{}/{id}", if is_challenge { "challenge" } else { "lesson" })
}

/// Reads the index. A line that says something else is passed over.
pub fn read_index(text: &str) -> Vec<Entry> {
    let line = |line: &str| {
        let mut fields = line.split('\t');
        let mut next = || fields.next();
        Some(Entry {
            file: next()?.into(),
            id: next()?.into(),
            number: next()?.parse().ok()?,
            minutes: next()?.parse().ok()?,
            steps: next()?.parse().ok()?,
            title: Words { en: next()?.to_owned(), zh: next()?.to_owned() },
            summary: Words { en: next()?.to_owned(), zh: next()?.to_owned() },
        })
    };
    text.lines().filter_map(line).collect()
}

/// A text in the reader's language.
pub fn said(words: &Words, language: Language) -> &str {
    match language {
        Language::English => &words.en,
        Language::Chinese => &words.zh,
    }
}

/// What is right, in words; code is marked as in texts.
pub fn right(answer: &Answer, language: Language) -> String {
    match answer {
        Answer::Server(ids) => crate::explain::list(ids, ", "),
        Answer::Number(numbers) => {
            numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
        }
        Answer::Choice(choices) => {
            let right = choices.iter().filter(|choice| choice.is_right);
            right.map(|choice| said(&choice.text, language)).collect::<Vec<_>>().join(" / ")
        }
    }
}

/// What a class should come to in a step, a paragraph each: the answer and its reason, or what
/// reaches the goal. Nothing if there is only something to read.
pub fn expected(step: &Step, language: Language) -> Vec<String> {
    let answer = match &step.task {
        Task::Read => return Vec::new(),
        Task::Ask(ask) => format!("**{}**", right(&ask.answer, language)),
        Task::Do(task) => {
            let code = task.solution.statements().into_iter().map(|line| format!("`{line}`"));
            code.collect::<Vec<_>>().join(" · ")
        }
    };
    let reveal = step.reveal.iter().map(|reveal| said(reveal, language).to_owned());
    std::iter::once(answer).chain(reveal).collect()
}

/// An answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Given {
    /// A server on the stage.
    Server(ServerId),
    /// A number.
    Number(u64),
    /// One of several, by its place.
    Choice(usize),
}

impl Given {
    /// Whether it is right.
    pub fn is_right(self, answer: &Answer) -> bool {
        match (self, answer) {
            (Given::Server(id), Answer::Server(ids)) => ids.contains(&id),
            (Given::Number(number), Answer::Number(numbers)) => numbers.contains(&number),
            (Given::Choice(place), Answer::Choice(choices)) => {
                choices.get(place).is_some_and(|choice| choice.is_right)
            }
            (Given::Server(_) | Given::Number(_) | Given::Choice(_), _) => false,
        }
    }
}

/// A lesson that is open, and where in it the reader is.
#[derive(Clone, Debug)]
pub struct Open {
    /// What it says.
    pub lesson: Rc<Lesson>,
    /// The step; as many as there are at the end.
    pub step: usize,
    /// What was answered.
    pub given: Option<Given>,
    /// Whether the step is solved: answered, shown, or its goal was reached.
    pub is_solved: bool,
    /// Whether the reader let the page do it.
    pub is_shown: bool,
    /// Whether the hint is seen.
    pub has_hint: bool,
    /// What is to be reached.
    pub goal: Option<Goal>,
    /// Which clauses hold.
    pub holding: Vec<bool>,
    /// The servers that there are.
    pub servers: Vec<ServerId>,
    /// What was needed: actions.
    pub actions: usize,
    /// What can be handed in.
    pub result: Option<Rc<str>>,
    /// The run goes on to its end by itself: what a step brings about.
    pub is_running: bool,
    /// Milliseconds that the reader has looked at it.
    pub watched_ms: f64,
    /// The lesson goes on from a state of its own, not the reader's.
    pub is_moved: bool,
    /// It plays what somebody handed in.
    pub is_handed_in: bool,
}

impl Open {
    /// At a step, where nothing has been done yet.
    pub fn at(lesson: Rc<Lesson>, step: usize) -> Open {
        Open {
            lesson,
            step,
            given: None,
            is_solved: false,
            is_shown: false,
            has_hint: false,
            goal: None,
            holding: Vec::new(),
            servers: Vec::new(),
            actions: 0,
            result: None,
            is_running: false,
            watched_ms: 0.0,
            is_moved: false,
            is_handed_in: false,
        }
    }

    /// The step, unless it is the end.
    pub fn current(&self) -> Option<&Step> {
        self.lesson.steps.get(self.step)
    }

    /// Whether it is a challenge, and the fewest actions that are known.
    pub fn best(&self) -> Option<u32> {
        match self.lesson.kind {
            Kind::Challenge { best } => Some(best),
            Kind::Lesson => None,
        }
    }

    /// What it is called in addresses and in what is kept.
    pub fn key(&self) -> String {
        key(self.best().is_some(), &self.lesson.id)
    }

    /// Its part of an address.
    pub fn address(&self) -> String {
        let name = self.current().map_or("end", |step| step.name.as_str());
        match self.best() {
            Some(_) => self.key(),
            None => format!("{}/{name}", self.key()),
        }
    }

    /// Whether a click on a server answers.
    pub fn asks_server(&self) -> bool {
        let ask = self.current().and_then(Step::question);
        let is_server = ask.is_some_and(|ask| matches!(ask.answer, Answer::Server(_)));
        is_server && !self.is_solved && !self.is_running
    }
}

/// How far one lesson or challenge has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Reached {
    /// Steps that were left behind.
    pub steps: usize,
    /// Whether it is done.
    pub is_done: bool,
    /// Of a challenge: the fewest actions that were needed.
    pub actions: Option<usize>,
}

/// How far the reader has come. Kept as a line for each.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Progress(Map<String, Reached>);

impl Progress {
    /// Reads what [`Progress::print`] has written, and passes over what it doesn't know.
    pub fn parse(text: &str) -> Progress {
        let mut progress = Progress::default();
        for line in text.lines() {
            let mut words = line.split_whitespace();
            let (Some(key), Some(steps)) = (words.next(), words.next()) else { continue };
            let is_key = key.starts_with("lesson/") || key.starts_with("challenge/");
            let Ok(steps) = steps.parse::<u16>() else { continue };
            if !is_key || 60 < key.len() {
                continue;
            }
            let mut reached = Reached { steps: steps.into(), ..Reached::default() };
            for word in words {
                reached.is_done |= word == "done";
                reached.actions = word.parse().ok().or(reached.actions);
            }
            progress.add(key, reached);
        }
        progress
    }

    /// As text.
    pub fn print(&self) -> String {
        let mut text = String::new();
        for (key, Reached { steps, is_done, actions }) in &self.0 {
            let done = if *is_done { " done" } else { "" };
            let actions = actions.map_or_else(String::new, |actions| format!(" {actions}"));
            let _ = writeln!(text, "{key} {steps}{done}{actions}");
        }
        text
    }

    /// How many lessons and challenges were begun.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// How far this one has come.
    pub fn of(&self, key: &str) -> Reached {
        self.0.get(key).copied().unwrap_or_default()
    }

    /// The better of both counts.
    pub fn add(&mut self, key: &str, more: Reached) {
        let known = self.0.entry(key.to_owned()).or_default();
        known.steps = known.steps.max(more.steps);
        known.is_done |= more.is_done;
        known.actions = match (known.actions, more.actions) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    /// The same with all of another.
    pub fn merge(&mut self, other: &Progress) {
        for (key, reached) in &other.0 {
            self.add(key, *reached);
        }
    }
}

/// Everything about the course.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// What there is; empty until it has come.
    pub index: Rc<Vec<Entry>>,
    /// The lesson that is open.
    pub open: Option<Open>,
    /// How far the reader has come.
    pub progress: Progress,
    /// The file that is on its way, and the step or the result that is wanted of it.
    pub wanted: Option<(Rc<str>, Rc<str>)>,
    /// What stood in the address before the index had come.
    pub asked: Option<Rc<str>>,
    /// The reader's work from before the lessons.
    pub kept: Option<String>,
    /// What is wrong, in the reader's language.
    pub trouble: Option<Rc<str>>,
    /// What the browser has to do.
    pub chores: CourseChores,
}

impl Course {
    /// What the step is about.
    pub fn lit(&self) -> Vec<Actor> {
        let step = self.open.as_ref().and_then(Open::current);
        step.map(|step| step.show.actors.clone()).unwrap_or_default()
    }
}

/// What the browser has to do about the course.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct CourseChores {
    /// Fetch this file.
    pub fetch: Option<Rc<str>>,
    /// Keep the progress.
    pub keep: bool,
    /// Keep this work aside; if it is empty, none any more.
    pub aside: Option<String>,
    /// Show this after `#`.
    pub address: Option<String>,
    /// Bring the course panel to its top.
    pub to_top: bool,
    /// Bring into sight what came of an answer or of what was done, or a hint: on a phone it is below.
    pub to_news: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_kept_and_merged() {
        let text = "challenge/b 1 done 4\nlesson/a 3\n";
        let mut progress = Progress::parse(text);
        assert_eq!(progress.print(), text);
        progress.merge(&Progress::parse("challenge/b 0 7\nlesson/a 5 done\nx 3\nlesson/ x\n"));
        assert_eq!(progress.print(), "challenge/b 1 done 4\nlesson/a 5 done\n");
    }
}
