//! Recipes while everything else goes wrong: no two hold what one can, nothing is taken twice, and in
//! the end nobody waits any more.

#![cfg(not(target_arch = "wasm32"))]

use zklab_core::lab::swarm::{Outcome, Plan, recipes, run};

/// Seeds of each recipe. `zklab swarm --recipe NAME` runs more.
const SEEDS: u64 = 12;

fn failed(recipe: &'static str, seed: u64) -> Option<String> {
    fails(Plan { recipe: Some(recipe), ..Plan::default() }, seed)
}

fn fails(plan: Plan, seed: u64) -> Option<String> {
    let recipe = plan.recipe.unwrap_or_default();
    let Outcome { violations, is_stuck, .. } = run(plan, seed);
    let is_clean = violations.is_empty() && !is_stuck;
    (!is_clean).then(|| format!("{recipe} seed {seed}: stuck {is_stuck}, {violations:#?}"))
}

#[test]
fn recipes_keep_their_promises_under_faults() {
    let seeds =
        recipes::VERBS.iter().flat_map(|recipe| (1..=SEEDS).map(move |seed| (*recipe, seed)));
    let failures: Vec<String> = seeds.filter_map(|(recipe, seed)| failed(recipe, seed)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Seeds that once found something, each with what it was.
#[test]
fn what_was_found_once_stays_mended() {
    const FOUND: [(&str, u64); 13] = [
        // Who went down from writing to reading was not seen by a writer that waited before it.
        ("read-lock", 6),
        // A latch that gave up kept its place in the books.
        ("latch", 2),
        // A delete that was asked for again took away somebody else's node of the same name.
        ("herd-lock", 4),
        // What was given up before it had begun in a new session was never over.
        ("multi-lock", 50),
        // A latch that was given up while the connection was away stood in line again.
        ("latch", 151),
        // The leader refused a read of a closing session before it answered the close.
        ("lock", 301),
        ("revocable-lock", 461),
        // One take was woken while it listed, went two ways at once and left out what was first.
        ("take", 10),
        // Who came to a double barrier that was open already waited for it to open.
        ("double-barrier", 3),
        // kazoo had forgotten the watch while the client looked for its own node.
        ("double-barrier", 2),
        ("gather", 6),
        // A delete that was still under way was asked for again, and took away the next one's node.
        ("herd-lock", 649),
        // A take that was done already counted for when the next one had begun to look.
        ("put", 1881),
    ];
    let failures: Vec<String> =
        FOUND.iter().filter_map(|(name, seed)| failed(name, *seed)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The same, of ensembles of three and with fewer faults.
#[test]
fn what_was_found_in_small_ensembles_stays_mended() {
    const FOUND: [(&str, u64); 4] = [
        // Who gave up while it counted leases on a connection that was lost was never done.
        ("semaphore", 277),
        // As in larger ones.
        ("herd-lock", 1453),
        ("put", 2529),
        // What was deleted in a part of the history that came with a snapshot stood there still.
        ("put", 3460),
    ];
    for (recipe, seed) in FOUND {
        let plan = Plan { participants: 3, actions: 60, recipe: Some(recipe), ..Plan::default() };
        assert_eq!(fails(plan, seed), None);
    }
}

/// `--recipe all` goes through all of them.
#[test]
fn each_seed_of_all_recipes_has_another_one() {
    let plan = |recipe| Plan { recipe: Some(recipe), actions: 12, ..Plan::default() };
    let count = recipes::VERBS.len() as u64;
    for (verb, seed) in recipes::VERBS.iter().zip(count..) {
        assert_eq!(run(plan(recipes::ALL), seed).events, run(plan(verb), seed).events, "{verb}");
    }
}
