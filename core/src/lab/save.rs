//! A run as text, to be kept and taken up again: the scenario, what was done and when, the cursor.
//!
//! ```text
//! zklab 1
//! ensemble 3 0 seed 1
//! set tickTime 2000
//! mistake half-quorum
//! 0 0 start 1 2 3
//! 1 0 connect a 10000 1 2 3
//! 812 4200000 typed 1 create /a "x y"
//! cursor 700 4100000
//! ```
//!
//! An action's line begins with the event it is and its moment in microseconds.

mod disk;
mod members;
mod network;

use crate::client::session::Library;
use crate::lab::zkcli::{self, Command};
use crate::lab::{Lab, Scenario, ScenarioError};
use crate::mistake::Mistake;
use crate::sim::action::Action;
use crate::types::{ClientId, ServerId, Time};
use std::fmt;
use std::fmt::Write;
use std::rc::Rc;

/// The first line: what it is, and the version of the format.
const HEADER: &str = "zklab 1";
/// A saved run may not ask for more events than that between two actions: opening it must end.
const MOST_EVENTS: u32 = 5_000_000;

/// A text that is no run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RestoreError {
    /// It is of another kind or version.
    Header,
    /// A line that cannot be understood.
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
            RestoreError::Header => write!(f, "line 1: expected {HEADER:?}"),
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
        let mut text = String::new();
        let Scenario { participants, observers, seed, config, mistakes, servers } = &self.scenario;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{HEADER}\nensemble {participants} {observers} seed {seed}");
        for (key, value) in config {
            let _ = writeln!(text, "set {key} {value}");
        }
        for mistake in mistakes.iter() {
            let _ = writeln!(text, "mistake {mistake}");
        }
        for server in servers {
            let _ = writeln!(text, "{}", members::line(server));
        }
        for placed in self.timeline.actions() {
            let _ = writeln!(text, "{} {} {}", placed.index, placed.at.0, line(&placed.action));
        }
        let world = self.world();
        let _ = writeln!(text, "end {} {}", self.timeline.len(), self.timeline.tip().now.0);
        let _ = writeln!(text, "cursor {} {}", world.events, world.now.0);
        text
    }

    /// Takes a run up again.
    ///
    /// # Errors
    /// If the text is not one, or the run does not go as it did.
    pub fn restore(text: &str) -> Result<Lab, RestoreError> {
        let mut lines = text.lines().enumerate().map(|(n, line)| (n + 1, line)).peekable();
        if lines.next().map(|(_, line)| line) != Some(HEADER) {
            return Err(RestoreError::Header);
        }
        let mut scenario = Scenario::default();
        while let Some((n, line)) =
            lines.next_if(|(_, l)| l.starts_with(['e', 's', 'm']) && !l.starts_with("end"))
        {
            read_setting(line, &mut scenario)
                .map_err(|problem| RestoreError::Line { line: n, problem })?;
        }
        let mut lab = Lab::new(&scenario).map_err(RestoreError::Scenario)?;
        for (n, line) in lines {
            lab.take_up(n, line)?;
        }
        Ok(lab)
    }

    fn take_up(&mut self, n: usize, line: &str) -> Result<(), RestoreError> {
        let wrong = |problem: String| RestoreError::Line { line: n, problem };
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        match first {
            "" => Ok(()),
            "end" | "cursor" => {
                let index = number(words.next(), "an event").map_err(wrong)?;
                let at = Time(number(words.next(), "a time").map_err(wrong)?);
                if first == "end" {
                    return self.go_on(n, index as u32, at);
                }
                self.seek(index as u32);
                if let Some(world) = &mut self.cursor {
                    world.now = world.now.max(at);
                }
                Ok(())
            }
            _ => {
                let index = number(Some(first), "an event").map_err(wrong)? as u32;
                let at = Time(number(words.next(), "a time").map_err(wrong)?);
                self.go_on(n, index, at)?;
                let rest = line.split_whitespace().nth(2).and_then(|word| {
                    let start = word.as_ptr() as usize - line.as_ptr() as usize;
                    line.get(start..)
                });
                let action = read_action(rest.unwrap_or_default()).map_err(wrong)?;
                self.act(action).map_err(|error| wrong(error.to_string()))
            }
        }
    }

    /// Simulates up to an event and a moment.
    fn go_on(&mut self, n: usize, index: u32, at: Time) -> Result<(), RestoreError> {
        self.cursor = None;
        if self.timeline.len().saturating_add(MOST_EVENTS) < index {
            let problem = format!("more than {MOST_EVENTS} events at once");
            return Err(RestoreError::Line { line: n, problem });
        }
        while self.timeline.len() <= index && self.timeline.extend(at) {}
        if self.timeline.len() != index || at < self.timeline.tip().now {
            return Err(RestoreError::Diverged { line: n });
        }
        self.timeline.reach(at);
        self.index.update(self.timeline.trace());
        Ok(())
    }
}

fn number(word: Option<&str>, what: &str) -> Result<u64, String> {
    let word = word.unwrap_or_default();
    word.parse().map_err(|_| format!("expected {what}, found {word:?}"))
}

fn read_setting(line: &str, scenario: &mut Scenario) -> Result<(), String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        ["ensemble", participants, observers, "seed", seed] => {
            let small = |word| {
                let count = number(Some(word), "a number of servers")?;
                u8::try_from(count).map_err(|_| format!("{count} servers are too many"))
            };
            scenario.participants = small(participants)?;
            scenario.observers = small(observers)?;
            scenario.seed = number(Some(seed), "a seed")?;
            Ok(())
        }
        ["mistake", name] => {
            let mistake = name.parse::<Mistake>().map_err(|error| error.to_string())?;
            scenario.mistakes = scenario.mistakes.with(mistake);
            Ok(())
        }
        ["server", ..] => {
            scenario.servers.push(members::read(&words)?);
            Ok(())
        }
        ["set", key, value] => {
            scenario.config.push((key.to_owned(), value.to_owned()));
            Ok(())
        }
        _ => Err(format!("cannot understand {line:?}")),
    }
}

fn ids(servers: &[ServerId]) -> String {
    servers.iter().map(|id| format!(" {}", id.0)).collect()
}

fn line(action: &Action) -> String {
    match action {
        Action::Start(servers) => format!("start{}", ids(servers)),
        Action::AddServer { server, members } => format!("add {} {members}", server.0),
        Action::Kill(servers) => format!("kill{}", ids(servers)),
        Action::Pause(servers) => format!("pause{}", ids(servers)),
        Action::Resume(servers) => format!("resume{}", ids(servers)),
        Action::Partition(groups) => {
            let groups: Vec<String> = groups.iter().map(|group| ids(group)).collect();
            format!("partition{}", groups.join(" |"))
        }
        Action::Heal => "heal".to_owned(),
        Action::Network(action) => network::line(action),
        Action::Disk(action) => disk::line(action),
        Action::Connect { name, servers, timeout_ms, can_be_read_only, library } => {
            let habits = match library {
                Library::Java => "java",
                Library::Kazoo => "kazoo",
            };
            let mode = if *can_be_read_only { "ro" } else { "rw" };
            format!("connect {name} {timeout_ms} {habits} {mode}{}", ids(servers))
        }
        Action::Submit { client, line, .. } => {
            format!("typed {} {}", client.0, line.as_deref().unwrap_or_default())
        }
        Action::CloseSession(client) => format!("close {}", client.0),
        Action::Vanish(client) => format!("vanish {}", client.0),
    }
}

fn read_ids<'a>(words: impl Iterator<Item = &'a str>) -> Result<Rc<[ServerId]>, String> {
    words
        .map(|word| match word.parse() {
            Ok(id) => Ok(ServerId(id)),
            Err(_) => Err(format!("expected a server number, found {word:?}")),
        })
        .collect()
}

fn read_action(text: &str) -> Result<Action, String> {
    let (verb, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let client = |word: Option<&str>| {
        let id = number(word, "a client number")?;
        u16::try_from(id).map(ClientId).map_err(|_| format!("there is no client {id}"))
    };
    let words = rest.split_whitespace();
    Ok(match verb {
        "start" => Action::Start(read_ids(words)?),
        "add" => members::read_add(rest)?,
        "kill" => Action::Kill(read_ids(words)?),
        "pause" => Action::Pause(read_ids(words)?),
        "resume" => Action::Resume(read_ids(words)?),
        "partition" => {
            let groups = rest.split('|').map(|group| read_ids(group.split_whitespace()));
            Action::Partition(groups.collect::<Result<_, _>>()?)
        }
        "heal" => Action::Heal,
        "disk" => Action::Disk(disk::read(rest)?),
        "connect" => read_connect(rest)?,
        "typed" => {
            let (id, typed) = rest.split_once(' ').unwrap_or((rest, ""));
            let client = client(Some(id))?;
            match zkcli::parse(typed) {
                Ok(Command::Ask(op)) => Action::Submit { client, op, line: Some(typed.into()) },
                Ok(Command::Blank | Command::History | Command::Help) => {
                    return Err(format!("{typed:?} is no request"));
                }
                Err(error) => return Err(error.to_string()),
            }
        }
        "close" => Action::CloseSession(client(Some(rest))?),
        "vanish" => Action::Vanish(client(Some(rest))?),
        other => match network::read(other, rest) {
            Some(action) => Action::Network(action?),
            None => return Err(format!("unknown action {other:?}")),
        },
    })
}

fn read_connect(rest: &str) -> Result<Action, String> {
    let mut words = rest.split_whitespace();
    let name = words.next().ok_or("expected a client name")?.into();
    let timeout = number(words.next(), "a session timeout")?;
    let timeout_ms = u32::try_from(timeout).map_err(|_| "the timeout is too long".to_owned())?;
    let library = match words.next() {
        Some("java") => Library::Java,
        Some("kazoo") => Library::Kazoo,
        other => return Err(format!("expected java or kazoo, found {other:?}")),
    };
    let can_be_read_only = match words.next() {
        Some("ro") => true,
        Some("rw") => false,
        other => return Err(format!("expected ro or rw, found {other:?}")),
    };
    let servers = read_ids(words)?;
    Ok(Action::Connect { name, servers, timeout_ms, can_be_read_only, library })
}
