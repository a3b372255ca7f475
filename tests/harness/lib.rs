//! What the tests share: scripts of the drive protocol, their answers, and how two are compared.

pub mod compare;
#[cfg(not(target_arch = "wasm32"))]
pub mod fuzz;
#[cfg(not(target_arch = "wasm32"))]
pub mod golden;
#[cfg(not(target_arch = "wasm32"))]
pub mod lessons;
pub mod lines;
#[cfg(not(target_arch = "wasm32"))]
pub mod links;

use serde_json::Value;
use zklab_core::drive::Drive;
use zklab_core::lab::{Lab, link};

/// Links that were given out: what each gives, a blank, and the link.
pub const GOLDEN_LINKS: &str = include_str!("../golden/links.txt");

/// Scripts whose `hash` is pinned in `golden/hashes.txt`, natively and in wasm.
pub const HASHED: [(&str, &str); 6] = [
    ("leader-crash", include_str!("../conformance/scripts/leader-crash.ndjson")),
    ("uncommitted-trunc", include_str!("../conformance/scripts/uncommitted-trunc.ndjson")),
    (
        "snap-beyond-commit-log",
        include_str!("../conformance/scripts/snap-beyond-commit-log.ndjson"),
    ),
    ("observer-joins", include_str!("../conformance/scripts/observer-joins.ndjson")),
    ("ephemeral-expiry", include_str!("../conformance/scripts/ephemeral-expiry.ndjson")),
    ("ops-1", include_str!("../conformance/scripts/ops-1.ndjson")),
];

/// The lines of a script that are answered.
pub fn requests(script: &str) -> impl Iterator<Item = &str> {
    script.lines().filter(|line| !line.trim().is_empty() && !line.trim().starts_with('#'))
}

/// Feeds every line to `drive`. One answer for each line that is answered.
pub fn feed(drive: &mut Drive, script: &str) -> Vec<String> {
    script.lines().filter_map(|line| drive.obey(line)).collect()
}

/// Every answer to a script.
pub fn answers(script: &str) -> Vec<String> {
    feed(&mut Drive::default(), script)
}

/// Asks for one thing.
pub fn ask(drive: &mut Drive, line: &str) -> Value {
    let answer = drive.obey(line).expect("a request is answered");
    assert!(!answer.contains('\n'), "an answer is one line");
    serde_json::from_str(&answer).expect("answers are JSON")
}

/// The digest of everything that has happened so far; nothing if there is no ensemble.
pub fn hash(drive: &mut Drive) -> Option<String> {
    ask(drive, r#"{"do":"hash"}"#)["hash"].as_str().map(str::to_owned)
}

/// `name hash`, a line for each script of [`HASHED`].
pub fn hashes() -> String {
    let line = |(name, script): (&str, &str)| {
        let mut drive = Drive::default();
        feed(&mut drive, script);
        format!("{name} {}\n", hash(&mut drive).expect("every script has an ensemble"))
    };
    HASHED.into_iter().map(line).collect()
}

/// `link-1 hash`, a line for the run that each of [`GOLDEN_LINKS`] opens.
///
/// # Panics
/// If one does not open.
pub fn link_hashes() -> String {
    let links = GOLDEN_LINKS.lines().filter(|line| !line.starts_with('#'));
    let links = links.map(|line| line.split_once(' ').expect("what it gives, and the link").1);
    let line = |(n, text): (usize, &str)| {
        let text = link::read(text).expect("it is a link");
        let lab = Lab::open(&text).expect("it holds a run");
        format!("link-{} {:016x}\n", n + 1, lab.hash())
    };
    links.enumerate().map(line).collect()
}
