//! Our ensemble answers scripts of the drive protocol as an Apache ZooKeeper 3.8.0 ensemble did.
//!
//! `conformance/scripts/NAME.ndjson` holds the requests, `conformance/recorded/NAME.ndjson` the
//! answers of real servers, each in its own network namespace; what differed between runs of them
//! is `"*"`. Scripts on which we still differ stand in `conformance/pending` and are explained in
//! `conformance/known_differences.md`.

#![cfg(not(target_arch = "wasm32"))]

use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use zklab_tests::compare::differences;
use zklab_tests::{answers, requests};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance").join(name)
}

fn names(name: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder(name)).expect("the folder is part of the repository");
    entries
        .map(|entry| entry.expect("it can be listed").file_name().into_string().expect("UTF-8"))
        .filter(|name| name.ends_with(".ndjson"))
        .collect()
}

fn read(kind: &str, name: &str) -> String {
    let path = folder(kind).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What is to be told about a script: nothing if every answer agrees.
fn report(name: &str) -> String {
    let script = read("scripts", name);
    let recorded = read("recorded", name);
    let recorded: Vec<Value> =
        recorded.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let here = answers(&script);
    let mut text = String::new();
    let asked: Vec<&str> = requests(&script).collect();
    if recorded.len() != asked.len() || here.len() != asked.len() {
        let (asked, recorded, here) = (asked.len(), recorded.len(), here.len());
        let _ = writeln!(text, "  {asked} requests, {recorded} recorded answers, {here} of ours");
    }
    for (n, ((asked, recorded), here)) in asked.iter().zip(&recorded).zip(&here).enumerate() {
        let here = serde_json::from_str(here).expect("answers are JSON");
        let found = differences(recorded, &here);
        if !found.is_empty() {
            let _ = writeln!(text, "  {}: {asked:.160}", n + 1);
        }
        for difference in found {
            let _ = writeln!(text, "      {difference}");
        }
    }
    text
}

#[test]
fn every_script_is_recorded() {
    assert_eq!(names("scripts"), names("recorded"));
}

#[test]
fn every_answer_agrees() {
    let names: Vec<String> = names("scripts").into_iter().collect();
    assert!(50 < names.len(), "the scripts are there");
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let reports: Vec<(String, String)> = std::thread::scope(|scope| {
        let work = || {
            let mut reports = Vec::new();
            while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                reports.push((name.clone(), report(name)));
            }
            reports
        };
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    let mut bad: Vec<_> = reports.into_iter().filter(|(_, text)| !text.is_empty()).collect();
    bad.sort();
    let text: String = bad.iter().map(|(name, text)| format!("{name}\n{text}")).collect();
    assert!(bad.is_empty(), "{} of {} scripts differ\n{text}", bad.len(), names.len());
}

// --- The comparison itself

fn places(recorded: Value, here: Value) -> Vec<String> {
    differences(&recorded, &here).into_iter().map(|difference| difference.place).collect()
}

#[test]
fn a_star_matches_anything_that_is_there() {
    let recorded = json!({ "ok": true, "stat": { "czxid": "*", "version": 1 } });
    assert!(
        places(recorded.clone(), json!({ "ok": true, "stat": { "czxid": 5, "version": 1 } }))
            .is_empty()
    );
    assert_eq!(
        places(recorded, json!({ "ok": true, "stat": { "version": 2 } })),
        [".stat.czxid", ".stat.version"]
    );
    assert!(
        places(json!({ "ok": true, "tree": "*" }), json!({ "ok": true, "tree": {} })).is_empty()
    );
}

#[test]
fn what_only_we_say_is_no_difference_except_a_znode() {
    assert!(places(json!({ "ok": true }), json!({ "ok": true, "more": 1 })).is_empty());
    let (recorded, here) =
        (json!({ "tree": { "/": {} } }), json!({ "tree": { "/": {}, "/x": {} } }));
    assert_eq!(places(recorded.clone(), here.clone()), [".tree./x"]);
    assert_eq!(places(here, recorded), [".tree./x"]);
}

#[test]
fn moments_and_details_are_not_compared() {
    let recorded = json!({ "ok": false, "error": "NONODE", "detail": "a", "sessionTimeout": 5 });
    assert!(places(recorded, json!({ "ok": false, "error": "NONODE", "detail": "b" })).is_empty());
}

#[test]
fn lists_are_compared_one_by_one_and_syncs_in_any_order() {
    assert_eq!(places(json!({ "l": [1, 2, 3] }), json!({ "l": [1, 3, 3] })), [".l[1]"]);
    assert_eq!(places(json!({ "l": [1] }), json!({ "l": [1, 2] })), [".l"]);
    let sync = |learner, kind| json!({ "learner": learner, "leader": 2, "decision": kind });
    let recorded = json!({ "syncs": [sync(1, "DIFF"), sync(3, "SNAP")] });
    assert!(
        places(recorded.clone(), json!({ "syncs": [sync(3, "SNAP"), sync(1, "DIFF")] })).is_empty()
    );
    assert_eq!(
        places(recorded, json!({ "syncs": [sync(3, "DIFF"), sync(1, "DIFF")] })),
        [".syncs[1].decision"]
    );
}
