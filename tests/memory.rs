//! Long runs do not need more and more memory. What is allocated is counted, so this says the same on every
//! machine.

use cap::Cap;
use std::alloc::System;
use zklab_core::lab::Lab;
use zklab_core::sim::trace::Trace;
use zklab_core::sim::world::World;
use zklab_core::types::Time;

/// How many events a lab that is bounded remembers here.
const REMEMBERED: u32 = 20_000;

#[global_allocator]
static ALLOCATED: Cap<System> = Cap::new(System, usize::MAX);

/// Ten clients that want one lock all the time.
const CONTEND: &str = include_str!("../core/src/cli/contenders.zk");

fn run_to(world: &mut World, events: u32) {
    let mut unkept = Trace::unkept();
    while world.events < events {
        assert!(world.step(Time(u64::MAX), &mut unkept), "somebody always wants the lock");
    }
}

/// One test: what is allocated beside it would count.
#[test]
fn long_runs_need_little_more() {
    a_world_grows_by_a_few_bytes_an_event();
    a_bounded_lab_grows_no_more_than_its_world();
}

/// What a world remembers of what has happened: logs, consoles, what the checkers know.
fn a_world_grows_by_a_few_bytes_an_event() {
    let lab = Lab::restore(CONTEND).expect("this can be");
    let mut world = lab.timeline().tip().clone();
    drop(lab);
    run_to(&mut world, 100_000);
    let before = ALLOCATED.allocated();
    run_to(&mut world, 300_000);
    let grown = ALLOCATED.allocated().saturating_sub(before);
    let committed = world.checker.last_delivered().counter();
    assert!(grown < 3 * 200_000, "{grown} bytes in 200,000 events, {committed} transactions");
}

/// Beside that, a lab has its keyframes, its trace and its feed: these are bounded. A keyframe has the last
/// transactions as they are, so what all keyframes need grows until there are older ones between any two.
fn a_bounded_lab_grows_no_more_than_its_world() {
    let mut lab = Lab::restore(CONTEND).expect("this can be");
    lab.limit_history(REMEMBERED);
    lab.live();
    let mut allocated_at = |events: u32| {
        while lab.timeline().len() < events {
            lab.advance(100_000);
        }
        ALLOCATED.allocated()
    };
    let before = allocated_at(1_600_000);
    let grown = allocated_at(1_800_000).saturating_sub(before);
    assert!(grown < 6 * 200_000, "{grown} bytes in 200,000 events");
}
