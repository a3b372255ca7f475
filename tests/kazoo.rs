//! What the lab's recipes ask, in order, beside what kazoo's ask of a real ensemble.
//!
//! `tests/kazoo/*.txt` was recorded (see the README there). `tests/kazoo/compared/*.txt` holds both,
//! line by line: what both do begins with two spaces, what only kazoo does with `k `, what only the
//! lab does with `l `. Lines with `//` say why. Each file must be exactly the recording and exactly
//! what the lab does.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use zklab_core::error::KeeperError;
use zklab_core::lab::script::{self, run::run};
use zklab_core::sim::trace::{EventKind, NoteKind, Trace};
use zklab_core::txn::{CreateMode, Op, Reply};
use zklab_core::types::Actor;
use zklab_core::wire::Message;

/// What is recorded of a recipe: the sections, and what is typed for each.
type Recording = (&'static str, &'static [(&'static str, &'static str)]);

const RECORDINGS: [Recording; 9] = [
    (
        "lock",
        &[
            ("c1 acquires", "c1>> lock /r"),
            ("c2 acquires", "c2>> lock /r"),
            ("c3 acquires", "c3>> lock /r"),
            ("c4 acquires", "c4>> lock /r"),
            ("c2 gives up", "c2>> unlock /r"),
            ("c1 releases", "c1>> unlock /r"),
            ("c3 releases", "c3>> unlock /r"),
            ("c4 releases", "c4>> unlock /r"),
        ],
    ),
    (
        "read-write-lock",
        &[
            ("c1 acquires", "c1>> read-lock /r"),
            ("c2 acquires", "c2>> read-lock /r"),
            ("c3 acquires", "c3>> write-lock /r"),
            ("c4 acquires", "c4>> read-lock /r"),
            ("c5 acquires", "c5>> write-lock /r"),
            ("c1 releases", "c1>> unlock /r"),
            ("c2 releases", "c2>> unlock /r"),
            ("c3 releases", "c3>> unlock /r"),
            ("c4 releases", "c4>> unlock /r"),
            ("c5 releases", "c5>> unlock /r"),
        ],
    ),
    (
        "semaphore",
        &[
            ("c1 acquires", "c1>> semaphore /r 2"),
            ("c2 acquires", "c2>> semaphore /r 2"),
            ("c3 acquires", "c3>> semaphore /r 2"),
            ("c4 acquires", "c4>> semaphore /r 2"),
            ("c1 releases", "c1>> unlock /r"),
            ("c2 releases", "c2>> unlock /r"),
            ("c3 releases", "c3>> unlock /r"),
            ("c4 releases", "c4>> unlock /r"),
        ],
    ),
    (
        "barrier",
        &[
            ("c1 sets it", "c1>> set-barrier /r"),
            ("c2 waits", "c2>> await-barrier /r"),
            ("c3 waits", "c3>> await-barrier /r"),
            ("c1 lifts it", "c1>> lift-barrier /r"),
            ("c3 waits", "c3>> await-barrier /r"),
        ],
    ),
    (
        "double-barrier",
        &[
            ("c1 enters", "c1>> double-barrier /r 3"),
            ("c2 enters", "c2>> double-barrier /r 3"),
            ("c3 enters", "c3>> double-barrier /r 3"),
            ("c2 leaves", "c2>> leave /r"),
            ("c1 leaves", "c1>> leave /r"),
            ("c3 leaves", "c3>> leave /r"),
        ],
    ),
    (
        "queue",
        &[
            ("c1 puts a", "c1>> put /r a"),
            ("c1 puts b", "c1>> put /r b"),
            ("c2 takes", "c2>> take /r"),
            ("c3 takes", "c3>> take /r"),
        ],
    ),
    (
        "priority-queue",
        &[
            ("c1 puts late", "c1>> put /r late priority 50"),
            ("c1 puts early", "c1>> put /r early priority 10"),
            ("c2 takes", "c2>> take /r"),
            ("c2 takes again", "c2>> take /r"),
        ],
    ),
    (
        "election",
        &[
            ("c1 stands for election", "c1>> elect /r"),
            ("c2 stands for election", "c2>> elect /r"),
            ("c3 stands for election", "c3>> elect /r"),
            ("c1 leads no more", "c1>> leave /r"),
            ("c2 leads no more", "c2>> leave /r"),
            ("c3 leads no more", "c3>> leave /r"),
        ],
    ),
    ("counter", &[("c1 counts by 2", "c1>> count /r 2"), ("c2 counts by -1", "c2>> count /r -1")]),
];

/// What was asked, and what came of it.
type Answered = (Op, Result<Reply, KeeperError>);

/// Seconds at which the first section begins, and how long each takes.
const BEGIN: u64 = 10;
const SECTION: u64 = 2;

fn script_of(sections: &[(&str, &str)]) -> String {
    let mut text = "ensemble 3\nseed 1\nat 0s start\n".to_owned();
    for client in 1..=5 {
        let _ = writeln!(text, "at 5s client c{client} kazoo timeout 10s servers s1 s2 s3");
    }
    for (place, (_, line)) in sections.iter().enumerate() {
        let _ = writeln!(text, "at {}s {line}", BEGIN + SECTION * place as u64);
    }
    let _ = writeln!(text, "run {SECTION}s");
    text
}

/// Names of nodes as the recordings have them: whose, what for, and which number.
#[derive(Default)]
struct Names {
    owners: BTreeMap<String, String>,
}

impl Names {
    /// The mark of a process belongs to who creates with it first.
    fn learn(&mut self, client: &str, op: &Op) {
        if let (Op::Create { .. }, Some(path)) = (op, op.path())
            && let Some(mark) = mark(path)
        {
            self.owners.entry(mark.to_owned()).or_insert_with(|| client.to_owned());
        }
    }

    fn name(&self, path: &str) -> String {
        let Some(mark) = mark(path) else { return path.to_owned() };
        let owner = &self.owners[mark];
        let (before, after) = path.split_once(mark).expect("it has its mark");
        // The number of the use is hexadecimal, and then comes what the node is for.
        let (_, part) = after.split_once('-').expect("the number of the use ends");
        let digits = part.len().saturating_sub(10);
        let number = part.get(digits..).and_then(|digits| digits.parse::<u32>().ok());
        let what = if number.is_some() { &part[..digits] } else { part };
        let what = match what.trim_matches(['-', '_']) {
            "READ" => "read",
            "WRIT" => "write",
            "latch" => "lock",
            "qn" => "entry",
            other => other,
        };
        let number = number.map_or_else(String::new, |number| format!("#{number}"));
        format!("{before}{owner}.{what}{number}")
    }
}

/// `_c_` and the mark of a process, if a path has it.
fn mark(path: &str) -> Option<&str> {
    let at = path.find("_c_")?;
    path.get(at..at + "_c_00000000-".len())
}

fn mode(mode: CreateMode) -> &'static str {
    match mode {
        CreateMode::Persistent => "PERSISTENT",
        CreateMode::Ephemeral => "EPHEMERAL",
        CreateMode::PersistentSequential => "PERSISTENT_SEQUENTIAL",
        CreateMode::EphemeralSequential => "EPHEMERAL_SEQUENTIAL",
        other => panic!("no recipe of kazoo's creates {other:?}"),
    }
}

fn data(data: Option<&[u8]>) -> String {
    format!("'{}'", String::from_utf8_lossy(data.unwrap_or_default()))
}

fn asked(op: &Op, names: &Names) -> String {
    let watched = |watch: bool| if watch { " watch" } else { "" };
    match op {
        Op::Create { path, mode: how, .. } => {
            format!("create {} {}", names.name(path), mode(*how))
        }
        Op::Delete { path, .. } => format!("delete {}", names.name(path)),
        Op::Exists { path, watch } => format!("exists {}{}", names.name(path), watched(*watch)),
        Op::GetData { path, watch } => format!("getData {}{}", names.name(path), watched(*watch)),
        Op::GetChildren { path, watch } => {
            format!("getChildren {}{}", names.name(path), watched(*watch))
        }
        Op::SetData { path, data: written, version } => {
            format!("setData {} {} {version}", names.name(path), data(written.as_deref()))
        }
        other => panic!("no recipe of kazoo's asks {other:?}"),
    }
}

fn answered(op: &Op, answer: &Result<Reply, KeeperError>, names: &Names) -> String {
    match (op, answer) {
        (Op::Exists { .. }, Ok(_)) => "there".to_owned(),
        (Op::Exists { .. }, Err(KeeperError::NoNode)) => "none".to_owned(),
        (_, Ok(Reply::Created { path, .. })) => names.name(path),
        (_, Ok(Reply::Data { data: read, .. })) => data(read.as_deref()),
        (_, Ok(Reply::Children { children, .. })) => {
            let mut names: Vec<String> = children.iter().map(|child| names.name(child)).collect();
            let number = |name: &String| name.rsplit_once('#').map(|(_, n)| n.parse::<u32>().ok());
            names.sort_by_key(|name| (number(name), name.clone()));
            format!("[{}]", names.join(", "))
        }
        (_, Ok(_)) => "ok".to_owned(),
        (_, Err(error)) => format!("{error:?}").to_uppercase(),
    }
}

/// What the lab's recipes do, as the recordings have it.
fn of_lab(sections: &[(&str, &str)]) -> String {
    let text = script_of(sections);
    let script = script::parse(&text).expect("it is the scenario language");
    let run = run(&script).expect("the scenario can be");
    assert!(run.stop().is_none(), "{text}");
    lines_of(run.lab().timeline().trace(), sections)
}

fn lines_of(trace: &Trace, sections: &[(&str, &str)]) -> String {
    let event = |index: u32| trace.events.get(index as usize).expect("it is kept");
    // By client: what was answered, in order; by the event in which it was sent or heard: what.
    let mut answers: BTreeMap<String, Vec<Answered>> = BTreeMap::new();
    let mut moments: Vec<(u32, String, Option<String>)> = Vec::new();
    let mut names = Names::default();
    for note in trace.notes_from(0) {
        let Actor::Client(client) = note.actor else { continue };
        match note.what {
            NoteKind::Completed { op, result, .. } => {
                names.learn(&client.to_string(), &op);
                answers.entry(client.to_string()).or_default().push((op, result));
            }
            NoteKind::Watch(heard) => {
                let line = format!("event {:?} {}", heard.event, names.name(&heard.path));
                moments.push((note.event, client.to_string(), Some(line)));
            }
            _ => {}
        }
    }
    for index in 0..trace.len() {
        if let EventKind::Delivered { from: Actor::Client(client), message, .. } = event(index).kind
            && let Message::Request { .. } = &*message
        {
            moments.push((event(index).cause, client.to_string(), None));
        }
    }
    // What was sent in one event came in that order.
    moments.sort_by_key(|(index, client, line)| (*index, client.clone(), line.is_none()));
    let mut written: Vec<BTreeMap<String, Vec<String>>> = vec![BTreeMap::new(); sections.len()];
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for (index, client, line) in moments {
        let line = line.unwrap_or_else(|| {
            let count = counted.entry(client.clone()).or_default();
            *count += 1;
            let (op, answer) = &answers[&client][*count - 1];
            format!("{} -> {}", asked(op, &names), answered(op, answer, &names))
        });
        let seconds = event(index).at.ms() / 1000;
        let place = seconds.checked_sub(BEGIN).expect("nothing is asked before") / SECTION;
        let section = &mut written[place as usize];
        section.entry(client.clone()).or_default().push(format!("{client} {line}"));
    }
    let mut text = String::new();
    for ((title, _), section) in sections.iter().zip(written) {
        let _ = writeln!(text, "# {title}");
        section.values().flatten().for_each(|line| {
            let _ = writeln!(text, "{line}");
        });
    }
    text
}

fn file(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("kazoo").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn recipes_do_what_kazoo_does_but_for_the_differences_that_are_told() {
    let mut problems = String::new();
    for (name, sections) in RECORDINGS {
        let compared = file(&format!("compared/{name}.txt"));
        let side = |mine: &str| {
            let mut text = String::new();
            for line in compared.lines().filter(|line| !line.starts_with("//")) {
                let (whose, what) = line.split_at_checked(2).expect("it says whose it is");
                assert!(["  ", "k ", "l "].contains(&whose), "{name}: {line}");
                if [mine, "  "].contains(&whose) {
                    let _ = writeln!(text, "{what}");
                }
            }
            text
        };
        let differs = side("k ") != side("l ");
        let is_told = compared.lines().any(|line| line.starts_with("//"));
        assert!(!differs || is_told, "{name} does not say why it differs");
        if side("k ") != file(&format!("{name}.txt")) {
            let _ = writeln!(problems, "{name} is not what was recorded of kazoo");
        }
        let lab = of_lab(sections);
        if side("l ") != lab {
            let _ = writeln!(problems, "{name} is not what the lab does, which is\n{lab}");
        }
    }
    assert!(problems.is_empty(), "{problems}");
}
