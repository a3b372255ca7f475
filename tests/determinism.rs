//! Same input, same output, byte for byte.
//!
//! `golden/hashes.txt` pins the digest of whole runs; `UPDATE_EXPECT=1` records it again. The same
//! file is checked in wasm by `wasm.rs`.

#![cfg(not(target_arch = "wasm32"))]

use expect_test::expect_file;
use zklab_core::drive::Drive;
use zklab_tests::{HASHED, ask, feed, hash, hashes};

#[test]
fn the_same_script_gives_the_same_bytes() {
    for (name, script) in HASHED {
        let run = || {
            let mut drive = Drive::default();
            let answers = feed(&mut drive, script);
            let trace = drive.obey(r#"{"do":"trace"}"#).expect("a request is answered");
            (answers, trace, hash(&mut drive))
        };
        let (one, other) = (run(), run());
        assert!(one.0 == other.0, "{name}: the answers differ");
        assert!(one.1 == other.1, "{name}: the traces differ");
        assert_eq!(one.2, other.2, "{name}: the digests differ");
    }
}

#[test]
fn another_seed_gives_another_run() {
    let (_, script) = HASHED[0];
    let seeded = script.replace("\"observers\": 0", "\"observers\": 0, \"seed\": 2");
    assert_ne!(script, seeded, "the script names no seed");
    let hashes = [script, &seeded].map(|script| {
        let mut drive = Drive::default();
        feed(&mut drive, script);
        hash(&mut drive)
    });
    assert_ne!(hashes[0], hashes[1]);
}

#[test]
fn digests_are_those_recorded() {
    expect_file!["golden/hashes.txt"].assert_eq(&hashes());
}

#[test]
fn nothing_that_only_looks_changes_the_run() {
    let (_, script) = HASHED[0];
    let looks = ["state", "syncs", "trace", "violations", "hash"];
    let mut plain = Drive::default();
    let mut watched = Drive::default();
    for line in script.lines() {
        let answer = plain.obey(line);
        assert_eq!(answer, watched.obey(line));
        for look in looks.iter().filter(|_| answer.is_some()) {
            ask(&mut watched, &format!(r#"{{"do":"{look}"}}"#));
        }
    }
    assert_eq!(hash(&mut plain), hash(&mut watched));
}

#[test]
fn the_digest_covers_the_whole_trace() {
    let mut drive = Drive::default();
    ask(&mut drive, r#"{"do":"ensemble"}"#);
    ask(&mut drive, r#"{"do":"start","servers":[1,2,3]}"#);
    let mut seen = vec![hash(&mut drive)];
    for _ in 0..20 {
        ask(&mut drive, r#"{"do":"run","ms":300}"#);
        let now = hash(&mut drive);
        assert!(!seen.contains(&now), "something happened");
        seen.push(now);
    }
}
