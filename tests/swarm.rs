//! Random faults and random clients over many seeds: no invariant breaks, no ensemble that is made
//! whole again stays stuck, no machine breaks one of its own assumptions.

use zklab_core::lab::swarm::{Failure, Mood, Plan, run};
use zklab_core::mistake::{Mistake, Mistakes};
use zklab_core::sim::check::Invariant;

/// Enough to meet every fault often; `zklab_core::lab::swarm` can do more.
const SEEDS: u64 = 150;

fn swarm(participants: u8, observers: u8) {
    let plan = Plan { participants, observers: Some(observers), ..Plan::even() };
    for seed in 1..=SEEDS {
        let outcome = run(plan, seed);
        assert!(outcome.violations.is_empty(), "seed {seed}: {:#?}", outcome.violations);
        assert!(!outcome.is_stuck, "seed {seed}: whole again, but not serving: {outcome:#?}");
    }
}

#[test]
fn three_servers() {
    swarm(3, 0);
}

#[test]
fn five_servers() {
    swarm(5, 0);
}

#[test]
fn three_servers_and_two_observers() {
    swarm(3, 2);
}

#[test]
fn a_server_alone() {
    swarm(1, 0);
}

/// Every mood, with observers in some.
#[test]
fn all_moods() {
    for seed in 1..=SEEDS {
        let outcome = run(Plan::default(), seed);
        assert!(outcome.violations.is_empty(), "seed {seed}: {:#?}", outcome.violations);
        assert!(!outcome.is_stuck, "seed {seed}: whole again, but not serving: {outcome:#?}");
    }
}

/// Disks get slow, fail and fill up, and are mended at the end.
#[test]
fn three_servers_with_bad_disks() {
    let plan = Plan { participants: 3, has_disk_faults: true, ..Plan::even() };
    for seed in 1..=SEEDS {
        let outcome = run(plan, seed);
        assert!(outcome.violations.is_empty(), "seed {seed}: {:#?}", outcome.violations);
        assert!(!outcome.is_stuck, "seed {seed}: whole again, but not serving: {outcome:#?}");
    }
}

/// A learner that comes back to its leader, without what it had acknowledged, breaks nothing; unless
/// its old ACKs still count.
#[test]
fn learners_that_come_back_early() {
    let plan = Plan { mood: Some(Mood::Returns), ..Plan::default() };
    (1..=SEEDS).for_each(|seed| is_clean(plan, seed));
    (1..=SEEDS / 2).for_each(|seed| is_clean(Plan { participants: 3, ..plan }, seed));
    let mistakes = Mistakes::NONE.with(Mistake::OldAcksCount);
    for (participants, seed) in [(5, 8), (3, 8)] {
        let outcome = run(Plan { participants, mistakes, ..plan }, seed);
        assert_eq!(outcome.failure(), Some(Failure::Broken(Invariant::Committedness)));
    }
}

fn is_clean(plan: Plan, seed: u64) {
    let outcome = run(plan, seed);
    assert!(outcome.violations.is_empty(), "seed {seed}: {:#?}", outcome.violations);
    assert!(!outcome.is_stuck, "seed {seed}: whole again, but not serving: {outcome:#?}");
}

/// Disks get in the way of everything else that happens.
#[test]
fn five_servers_with_bad_disks() {
    let plan = Plan { has_disk_faults: true, ..Plan::default() };
    (1..=SEEDS / 2).for_each(|seed| is_clean(plan, seed));
}

/// Members are added, removed, made observers and voters.
#[test]
fn changing_members() {
    let plan = Plan { has_reconfig: true, ..Plan::default() };
    (1..=SEEDS / 2).for_each(|seed| is_clean(plan, seed));
    let plan = Plan { participants: 3, ..plan };
    (1..=SEEDS / 2).for_each(|seed| is_clean(plan, seed));
}

/// Seeds of `zklab swarm --reconfig` that found a mistake, in the engine or in a checker.
#[test]
fn seeds_of_changing_members_that_found_something() {
    let plan = Plan { has_reconfig: true, ..Plan::default() };
    let found = [
        (57, "a checker took an observer for a voter"),
        (141, "a checker missed that a server led right after it had followed"),
        (900_287, "a late reconfiguration added a server that nobody started"),
    ];
    for (seed, what) in found {
        let outcome = run(plan, seed);
        assert!(outcome.violations.is_empty(), "{what}: {:#?}", outcome.violations);
        assert!(!outcome.is_stuck, "{what}: stuck");
    }
}

/// A voter had acknowledged a proposal, was made an observer and cut its log; its ACK still counted
/// among the voters of before.
#[test]
fn a_seed_of_everything_that_found_something() {
    let plan = Plan {
        has_reconfig: true,
        has_disk_faults: true,
        has_network_faults: true,
        ..Plan::default()
    };
    is_clean(plan, 900_308);
}

/// What a log's writer had left when a write failed was written all the same: the log got a hole.
#[test]
fn a_seed_of_bad_disks_that_found_something() {
    is_clean(Plan { has_disk_faults: true, ..Plan::default() }, 371);
}

/// Seeds that once found a mistake.
#[test]
fn seeds_that_found_something() {
    let found: [(u8, u8, u64, &str); 8] = [
        (5, 0, 337, "a TRUNC loaded a snapshot that was newer than the cut"),
        (5, 0, 848, "a leader sent uncommitted transactions from before its SNAP"),
        (5, 0, 1183, "a learner at the zxid of the leader's SNAP was cut too far"),
        (5, 0, 7317, "an ACK from before a TRUNC still counted"),
        (5, 0, 7652, "a TRUNC below a received snapshot removed it"),
        (5, 0, 6466, "the log's writer never woke after its server left a role"),
        (3, 0, 2627, "history on disk, currentEpoch not, when the leader went in between"),
        (3, 2, 2368, "a session was thought heard of when its creation was committed"),
    ];
    for (participants, observers, seed, what) in found {
        let plan = Plan { participants, observers: Some(observers), ..Plan::even() };
        let outcome = run(plan, seed);
        assert!(outcome.violations.is_empty(), "{what}: {:#?}", outcome.violations);
        assert!(!outcome.is_stuck, "{what}: stuck");
    }
}

/// Seeds of `zklab swarm --servers 5` that found a mistake, in the engine or in a checker.
#[test]
fn seeds_of_all_moods_that_found_something() {
    let found: [(u64, &str); 2] = [
        (1108, "a multi refused because its session had moved was thought accepted"),
        (6900, "a checker missed what was committed by a SNAP that no log of a server held"),
    ];
    for (seed, what) in found {
        let outcome = run(Plan::default(), seed);
        assert!(outcome.violations.is_empty(), "{what}: {:#?}", outcome.violations);
        assert!(!outcome.is_stuck, "{what}: stuck");
    }
}

/// A server led, and nobody else heard of its epochs: it refuses the next leader, whose epoch is
/// older, until there is an election in which it takes part. ZooKeeper's does, too.
#[test]
fn whoever_refuses_an_older_epoch_is_back_after_the_next_election() {
    let plan = Plan { participants: 3, ..Plan::default() };
    let outcome = run(plan, 6015);
    assert!(outcome.violations.is_empty(), "{:#?}", outcome.violations);
    assert!(!outcome.is_stuck);
}
