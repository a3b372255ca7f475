//! `zklab bench`: how fast the engine is, how much it remembers, how quickly it goes back.
//!
//! The workload is [`Load`], mostly with an ensemble of five. The whole trace is kept, and the copies
//! of the world that a [`Timeline`] goes back with.
//!
//! An *event* is one delivered packet, fired timer, finished disk write or outside action. Speed is
//! events in a second of processor time, where the system tells it, so that other processes of a
//! busy machine count little. What is told is the median of several rounds. A seek is so short that
//! wall time is told.

use crate::lab::Lab;
use crate::lab::load::Load;
use crate::lab::timeline::Timeline;
use crate::sim::rng::Rng;
use crate::types::Time;
use std::io::Write;
use std::time::Duration;

/// Events of the long run.
const LONG: u32 = 1_000_000;
/// Events of one round.
const ROUND: u32 = 200_000;
/// Events of the begin and the end of the long run that are compared.
const PART: u32 = 100_000;
/// How often the same is measured.
const ROUNDS: usize = 5;
/// How many places are gone to.
const SEEKS: u32 = 400;
/// How many events a bounded history remembers in detail, as the page's.
const REMEMBERED: u32 = 1_000_000;
/// An hour of play at 10×, in microseconds of virtual time.
const HOUR_US: u64 = 36_000_000_000;

/// Ten clients that want one lock all the time; `tests/memory.rs` and `tests/e2e/hour.mjs` play the same.
const CONTENDERS: &str = include_str!("contenders.zk");
/// How far the page plays between two frames at 10×, in microseconds of virtual time.
const TURN_US: u64 = 100_000;

/// What only the outside knows.
#[derive(Debug)]
pub struct Outside {
    /// What this process has used of a processor, or else how long it has been running.
    pub processor: fn() -> Duration,
    /// How long it has been running.
    pub wall: fn() -> Duration,
    /// Its resident memory in bytes, where that can be asked.
    pub resident: fn() -> Option<u64>,
}

/// Measures everything and writes a line for each figure.
///
/// # Errors
/// If the lines cannot be written.
pub fn run(outside: &Outside, out: &mut dyn Write) -> std::io::Result<()> {
    // First, while nothing was freed that it could have.
    outside.long_run(out)?;
    for (name, is_checking) in [("without_checkers", false), ("with_checkers", true)] {
        let speed = median((0..ROUNDS).map(|_| outside.speed(5, is_checking)));
        writeln!(out, "events_per_second_{name}: {speed} 1/s")?;
    }
    let speed = median((0..ROUNDS).map(|_| outside.speed(25, false)));
    writeln!(out, "events_per_second_25_servers: {speed} 1/s")?;
    for servers in [3, 5, 25] {
        let (events, ms) = election(servers);
        writeln!(out, "election_events_{servers}_servers: {events} events")?;
        writeln!(out, "election_time_{servers}_servers: {ms} ms of virtual time")?;
    }
    Ok(())
}

/// Measures what long runs need whose history is bounded, and writes a line for each figure.
///
/// # Errors
/// If the lines cannot be written.
pub fn run_history(outside: &Outside, out: &mut dyn Write) -> std::io::Result<()> {
    let before = (outside.resident)();
    let mut hour = Load::new(5, true);
    hour.timeline.limit(REMEMBERED);
    while hour.timeline.extend(Time(HOUR_US)) {}
    writeln!(out, "events_of_an_idle_hour_at_10: {} events", hour.timeline.len())?;
    writeln!(out, "memory_of_an_idle_hour_at_10: {}", outside.grown(before))?;
    drop(hour);
    let before = (outside.resident)();
    let mut load = Load::new(5, true);
    load.timeline.limit(REMEMBERED);
    for millions in 1..=6 {
        load.run_to(millions * 1_000_000);
        writeln!(out, "memory_bounded_after_{millions}_million_events: {}", outside.grown(before))?;
    }
    writeln!(out, "actions: {}", load.timeline.actions().len())?;
    outside.seeks(&load.timeline, out)
}

/// Measures the same of clients that want one lock all the time, and writes a line for each figure.
///
/// # Errors
/// If the lines cannot be written.
pub fn run_contenders(outside: &Outside, out: &mut dyn Write) -> std::io::Result<()> {
    let before = (outside.resident)();
    let mut lab = Lab::restore(CONTENDERS).expect("this can be");
    lab.limit_history(REMEMBERED);
    lab.live();
    for millions in 1..=6 {
        while lab.timeline().len() < millions * 1_000_000 {
            lab.advance(TURN_US);
        }
        writeln!(
            out,
            "memory_of_contenders_after_{millions}_million_events: {}",
            outside.grown(before)
        )?;
    }
    outside.seeks(lab.timeline(), out)
}

/// Measures what many znodes cost, and writes a line for each figure: an ensemble of three whose
/// clients create so many below `/`, under names in no order.
///
/// # Errors
/// If the lines cannot be written.
pub fn run_znodes(outside: &Outside, out: &mut dyn Write) -> std::io::Result<()> {
    for znodes in [1_000, 10_000, 50_000] {
        for (name, is_checking) in [("without", false), ("with", true)] {
            let mut load = Load::new(3, is_checking);
            let from = (outside.processor)();
            load.create(znodes);
            let us = (outside.processor)().saturating_sub(from).as_micros();
            let each = us / u128::from(znodes);
            writeln!(out, "create_each_of_{znodes}_znodes_{name}_checkers: {each} us")?;
        }
    }
    Ok(())
}

impl Outside {
    /// By how much resident memory has grown since.
    fn grown(&self, before: Option<u64>) -> String {
        match (before, (self.resident)()) {
            (Some(before), Some(after)) => {
                format!("{} MB", after.saturating_sub(before) / 1_000_000)
            }
            (_, _) => "unknown on this system".to_owned(),
        }
    }

    /// One run of a million events: what it costs to remember, to go back in, and to go on.
    fn long_run(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let before = (self.resident)();
        let mut load = Load::new(5, true);
        load.run_to(PART / 2);
        let first = self.per_second(PART, || load.run_to(PART / 2 + PART));
        load.run_to(LONG - PART);
        let last = self.per_second(PART, || load.run_to(LONG));
        writeln!(out, "memory_of_1000000_events: {}", self.grown(before))?;
        writeln!(out, "events_per_second_first_100000: {first} 1/s")?;
        writeln!(out, "events_per_second_last_100000: {last} 1/s")?;
        writeln!(out, "speed_last_to_first: {} %", last * 100 / first.max(1))?;
        self.seeks(&load.timeline, out)
    }

    fn seeks(&self, timeline: &Timeline, out: &mut dyn Write) -> std::io::Result<()> {
        let mut rng = Rng::new(11);
        let mut taken = Vec::new();
        for _ in 0..SEEKS {
            let index = rng.below(timeline.len());
            let from = (self.wall)();
            let world = timeline.world_at(index);
            taken.push((self.wall)().saturating_sub(from).as_micros());
            assert_eq!(world.events, index, "a seek ends where it should");
        }
        taken.sort_unstable();
        let ms = |us: u128| format!("{}.{:03} ms", us / 1000, us % 1000);
        writeln!(out, "seek_median: {}", ms(taken[taken.len() / 2]))?;
        writeln!(out, "seek_worst: {}", ms(taken[taken.len() - 1]))?;
        writeln!(out, "seek_replays_at_most: {} events", timeline.longest_replay())?;
        writeln!(out, "keyframes: {} worlds", timeline.keyframes())
    }

    /// Events per second in the middle of a run.
    fn speed(&self, servers: u8, is_checking: bool) -> u64 {
        let mut load = Load::new(servers, is_checking);
        load.run_to(ROUND / 10);
        self.per_second(ROUND, || load.run_to(ROUND / 10 + ROUND))
    }

    fn per_second(&self, events: u32, work: impl FnOnce()) -> u64 {
        let from = (self.processor)();
        work();
        let us = (self.processor)().saturating_sub(from).as_micros().max(1);
        (u128::from(events) * 1_000_000 / us) as u64
    }
}

/// From the start of all servers to a leader that serves: events and milliseconds of virtual time.
fn election(servers: u8) -> (u32, u64) {
    let mut load = Load::new(servers, true);
    while !load.has_leader() && load.extend() {}
    (load.timeline.len(), load.timeline.tip().now.0 / 1000)
}

fn median(figures: impl Iterator<Item = u64>) -> u64 {
    let mut figures: Vec<u64> = figures.collect();
    figures.sort_unstable();
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
