//! `zklab swarm`: many seeds of random faults; the first that breaks something, made small.
//!
//! What is here knows no thread: the binary runs seeds wherever it likes and hands over what came of
//! them ([`Tally`]). The lowest seed that failed counts, so the answer does not depend on how many
//! run at a time.

use crate::lab::script::{self, Body, Condition, Line, Moment, Script, Statement, Step, of_run};
use crate::lab::swarm::minimize::{Effort, minimize};
use crate::lab::swarm::{Case, Failure, Mood, Plan, recipes, run};
use crate::mistake::Mistake;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

/// How it is called.
pub const USAGE: &str = "\
zklab swarm: random faults and random clients over many seeds, all checkers on

  --seeds N          how many seeds (1000)
  --first-seed N     the first one (1)
  --servers N        voters (5)
  --observers N      observers (0 to 2, as the seed decides)
  --clients N        clients (3)
  --actions N        faults and requests of one seed (120)
  --reconfig         members are added, removed, made observers and voters
  --disk-faults      disks get slow, fail and fill up
  --network-faults   ways are cut, slow and narrow; packets are held and lost
  --recipe NAME      clients follow this recipe meanwhile: lock, semaphore, elect, …; all: each seed
                     another one
  --mood NAME        one kind of trouble only, not as the seed decides: even, storm, isolation, lag,
                     handover, sessions, observers, promises, members, disks, returns
  --mistake NAME     break the protocol on purpose; may be given more than once
  --list-mistakes    the names, each with what is wrong

Exit status 0: nothing broke. 1: a guarantee was broken or an ensemble stayed stuck; the lowest seed
in which that happened is told as a scenario, as small as it could be made, which `zklab run` lets
happen again. 2: bad usage.
";

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Settings {
    /// How many seeds.
    pub seeds: u64,
    /// The first.
    pub first_seed: u64,
    /// What each is made of.
    pub plan: Plan,
}

/// What the arguments mean.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// Run.
    Run(Settings),
    /// Print this and do nothing.
    Tell(String),
}

/// Reads the arguments after `swarm`.
///
/// # Errors
/// If one is unknown, lacks its value, or has one that does not fit.
pub fn read(arguments: &[String]) -> Result<Command, String> {
    let mut settings = Settings { seeds: 1000, first_seed: 1, plan: Plan::default() };
    let plan = &mut settings.plan;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let (name, inline) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (argument.as_str(), None),
        };
        match name {
            "--list-mistakes" => return Ok(Command::Tell(list_mistakes())),
            "--reconfig" | "--disk-faults" | "--network-faults" if inline.is_some() => {
                return Err(format!("{name} takes no value"));
            }
            "--reconfig" => {
                plan.has_reconfig = true;
                continue;
            }
            "--disk-faults" => {
                plan.has_disk_faults = true;
                continue;
            }
            "--network-faults" => {
                plan.has_network_faults = true;
                continue;
            }
            "--help" | "-h" => return Ok(Command::Tell(USAGE.to_owned())),
            "--seeds" | "--first-seed" | "--servers" | "--observers" | "--clients"
            | "--actions" | "--mood" | "--mistake" | "--recipe" => {}
            _ => return Err(format!("unknown option {argument:?}")),
        }
        let Some(value) = inline.or_else(|| rest.next().map(String::as_str)) else {
            return Err(format!("{name} needs a value"));
        };
        match name {
            "--seeds" => settings.seeds = number(name, value, 1, u64::from(u32::MAX))?,
            "--first-seed" => settings.first_seed = number(name, value, 0, u64::MAX / 2)?,
            "--servers" => plan.participants = number(name, value, 1, 25)? as u8,
            "--observers" => plan.observers = Some(number(name, value, 0, 25)? as u8),
            "--clients" => plan.clients = number(name, value, 0, 100)? as u8,
            "--actions" => plan.actions = number(name, value, 1, 100_000)? as u32,
            "--recipe" => {
                let mut known = recipes::VERBS.iter().chain([&recipes::ALL]);
                let wrong = || {
                    let verbs = recipes::VERBS.join(", ");
                    format!("--recipe: expected all or one of {verbs}, found {value:?}")
                };
                plan.recipe = Some(*known.find(|verb| **verb == value).ok_or_else(wrong)?);
            }
            "--mood" => plan.mood = Some(mood(value)?),
            _ => {
                let mistake: Mistake = value.parse().map_err(|e| format!("--mistake: {e}"))?;
                plan.mistakes = plan.mistakes.with(mistake);
            }
        }
    }
    Ok(Command::Run(settings))
}

fn number(name: &str, value: &str, least: u64, most: u64) -> Result<u64, String> {
    match value.parse() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        Ok(_) | Err(_) => {
            Err(format!("{name}: expected a whole number from {least} to {most}, found {value:?}"))
        }
    }
}

fn mood(name: &str) -> Result<Mood, String> {
    let found = Mood::NAMED.into_iter().find(|(_, known)| *known == name);
    found.map(|(mood, _)| mood).ok_or_else(|| format!("--mood: there is no mood {name:?}"))
}

fn list_mistakes() -> String {
    let line = |mistake: Mistake| format!("{:<24}{}\n", mistake.name(), mistake.description());
    Mistake::ALL.map(line).concat()
}

/// What came of the seeds so far.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Events by seed, of those that ran.
    events: BTreeMap<u64, u32>,
    /// The lowest seed that failed, and how.
    failed: Option<(u64, Failure)>,
}

impl Tally {
    /// A seed has run.
    pub fn add(&mut self, seed: u64, ran: Ran) {
        self.events.insert(seed, ran.events);
        if let Some(failure) = ran.failure
            && self.failed.is_none_or(|(lowest, _)| seed < lowest)
        {
            self.failed = Some((seed, failure));
        }
    }

    /// Whether a seed need not run any more, since a lower one failed.
    pub fn is_beyond(&self, seed: u64) -> bool {
        self.failed.is_some_and(|(lowest, _)| lowest < seed)
    }

    /// Whether nothing went wrong.
    pub fn is_clean(&self) -> bool {
        self.failed.is_none()
    }

    /// One line on how far it is.
    pub fn progress(&self, settings: &Settings, elapsed: Duration) -> String {
        let (seeds, events) = self.counted();
        let speed = per_second(events, elapsed);
        format!("{seeds} of {} seeds, {events} events, {speed} events/s", settings.seeds)
    }

    /// Seeds and events up to the lowest one that failed.
    fn counted(&self) -> (usize, u64) {
        let last = self.failed.map_or(u64::MAX, |(seed, _)| seed);
        let counted = self.events.range(..=last);
        (counted.clone().count(), counted.map(|(_, events)| u64::from(*events)).sum())
    }

    /// The summary; if a seed failed, with its scenario made small. `elapsed` is how long the seeds
    /// took.
    pub fn report(&self, settings: &Settings, elapsed: Duration) -> String {
        let (seeds, events) = self.counted();
        let ran: u64 = self.events.values().map(|events| u64::from(*events)).sum();
        let is_stuck = u32::from(self.failed.is_some_and(|(_, how)| how == Failure::Stuck));
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "seeds: {seeds}");
        let _ = writeln!(text, "events: {events}");
        let _ = writeln!(text, "events/s: {}", per_second(ran, elapsed));
        let _ = writeln!(text, "violations: {}", u32::from(self.failed.is_some()) - is_stuck);
        let _ = writeln!(text, "stuck runs: {is_stuck}");
        if let Some((seed, failure)) = self.failed {
            let outcome = run(settings.plan, seed);
            let _ = writeln!(text, "failed seed: {seed}");
            for violation in &outcome.violations {
                let (invariant, at) = (violation.invariant, violation.at);
                let (one, other) = (&violation.one, &violation.other);
                let _ =
                    writeln!(text, "violation: {invariant:?} at {} ms: {one}; {other}", at.ms());
            }
            let small = minimize(&outcome.case, failure, Effort::default());
            let _ = write!(text, "\n{}", script::format(&script_of(&small, failure)));
        }
        text
    }
}

fn per_second(events: u64, elapsed: Duration) -> u64 {
    let ms = elapsed.as_millis().max(1);
    (u128::from(events) * 1000 / ms) as u64
}

/// A case in the scenario language: the same run, up to what went wrong.
fn script_of(case: &Case, failure: Failure) -> Script {
    let mut script = of_run(&case.scenario, &case.actions, &[]);
    let (condition, is_not) = match failure {
        Failure::Broken(invariant) => (Condition::Violation(Some(invariant)), false),
        // Everything was made whole, and it should have come to serve.
        Failure::Stuck => (Condition::Synchronized(Some(case.scenario.server_ids().into())), true),
    };
    let within_us = Some(case.watched_us.div_ceil(1000) * 1000).filter(|us| 0 < *us);
    let body = Body::Expect { condition, is_not, within_us };
    let expected = Statement::Step(Step { moment: Moment::Now, body });
    script.lines.push(Line { statement: Some(expected), comment: None });
    script
}

/// What came of one seed, in short.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ran {
    events: u32,
    failure: Option<Failure>,
}

/// Runs one seed.
pub fn run_seed(settings: &Settings, seed: u64) -> Ran {
    let outcome = run(settings.plan, seed);
    Ran { events: outcome.events, failure: outcome.failure() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str) -> Result<Command, String> {
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        super::read(&words)
    }

    #[test]
    fn options_are_read_with_and_without_an_equals_sign() {
        let command = read("--seeds 7 --servers=3 --observers 1 --mistake half-quorum");
        let Ok(Command::Run(settings)) = command else { panic!("it is good usage") };
        assert_eq!((settings.seeds, settings.first_seed), (7, 1));
        assert_eq!((settings.plan.participants, settings.plan.observers), (3, Some(1)));
        assert!(settings.plan.mistakes.has(Mistake::HalfQuorum));
        let plan = settings.plan;
        assert!(!plan.has_reconfig && !plan.has_disk_faults && !plan.has_network_faults);
        let command = read("--reconfig --seeds 2 --disk-faults --network-faults");
        let Ok(Command::Run(settings)) = command else { panic!("it is good usage") };
        let plan = settings.plan;
        assert!(plan.has_reconfig && plan.has_disk_faults && plan.has_network_faults);
    }

    #[test]
    fn every_mood_can_be_chosen() {
        for (mood, name) in Mood::NAMED {
            let Ok(Command::Run(settings)) = read(&format!("--mood {name}")) else {
                panic!("{name} is a mood")
            };
            assert_eq!(settings.plan.mood, Some(mood));
            assert!(USAGE.contains(name), "{name} is told");
        }
    }

    #[test]
    fn bad_usage_is_told() {
        let error = |words| read(words).expect_err("it is bad usage");
        assert_eq!(error("--sedes 1"), "unknown option \"--sedes\"");
        assert_eq!(error("--seeds"), "--seeds needs a value");
        assert_eq!(error("--reconfig=1"), "--reconfig takes no value");
        assert!(error("--servers 0").starts_with("--servers: expected a whole number from 1"));
        assert_eq!(error("--mood bad"), "--mood: there is no mood \"bad\"");
        assert!(error("--mistake none").starts_with("--mistake: there is no mistake \"none\""));
    }

    #[test]
    fn every_mistake_is_listed() {
        let Ok(Command::Tell(list)) = read("--list-mistakes") else { panic!("it is good usage") };
        assert_eq!(list.lines().count(), Mistake::ALL.len());
    }

    #[test]
    fn what_failed_is_told_as_a_script_that_fails() {
        let command = read("--first-seed 2 --seeds 1 --mistake half-quorum");
        let Ok(Command::Run(settings)) = command else { panic!("it is good usage") };
        let mut tally = Tally::default();
        tally.add(2, run_seed(&settings, 2));
        let report = tally.report(&settings, Duration::from_secs(1));
        let (_, text) = report.split_once("\n\n").expect("the script comes after an empty line");
        let script = script::parse(text).expect("it is the scenario language");
        assert!(text.contains("\nexpect violation Committedness"), "{text}");
        assert!(script::run::run(&script).expect("the scenario can be").has_held(), "{text}");
    }
}
