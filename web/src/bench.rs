//! `?bench`: how fast the engine is in this browser, instead of the page. The figures stand in the
//! page as text, a line each, for a reader and for `tests/e2e/bench.mjs`, which measures the rest from
//! outside. The workload is that of `zklab bench`.

use crate::platform::document;
use crate::platform::frames::now_ms;
use zklab_core::lab::load::Load;
use zklab_core::sim::rng::Rng;

/// Servers of the ensemble.
const SERVERS: u8 = 5;
/// Events before anything is measured.
const BEFORE: u32 = 20_000;
/// Events that are measured, and then gone about in.
const EVENTS: u32 = 200_000;
/// How many places are gone to.
const SEEKS: usize = 101;

/// Measures, and writes the figures into the page.
pub fn run() {
    let (without, _) = speed(false);
    let (with, load) = speed(true);
    let timeline = &load.timeline;
    let mut rng = Rng::new(11);
    let mut taken: Vec<u64> = Vec::new();
    for _ in 0..SEEKS {
        let index = rng.below(timeline.len());
        let from = now_ms();
        let world = timeline.world_at(index);
        taken.push(((now_ms() - from) * 1000.0) as u64);
        assert_eq!(world.events, index, "a seek ends where it should");
    }
    taken.sort_unstable();
    let (median, worst) = (taken[SEEKS / 2], taken[SEEKS - 1]);
    document::show_figures(&format!(
        "events_per_second_without_checkers: {without} 1/s\n\
         events_per_second_with_checkers: {with} 1/s\n\
         seek_median: {median} us\n\
         seek_worst: {worst} us\n"
    ));
}

/// Events in a second, and the run.
fn speed(is_checking: bool) -> (u64, Load) {
    let mut load = Load::new(SERVERS, is_checking);
    load.run_to(BEFORE);
    let from = now_ms();
    load.run_to(BEFORE + EVENTS);
    let ms = (now_ms() - from).max(1.0);
    ((f64::from(EVENTS) * 1000.0 / ms) as u64, load)
}
