//! Inputs that nobody would write: mutations of what people do write, into everything that reads
//! text. Whatever comes, the reader answers, and soon; it never panics.
//!
//! A new target is a row of [`TARGETS`]. Everything follows from the seed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};
use zklab_core::config::Config;
use zklab_core::drive::Drive;
use zklab_core::lab::zkcli::{self, Command};
use zklab_core::lab::{Lab, Scenario};
use zklab_core::sim::action::Action;
use zklab_core::sim::rng::Rng;
use zklab_core::tree::path;
use zklab_core::types::ServerId;

/// The longest input, in bytes.
const LONGEST: usize = 2048;

/// Something that reads text.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// Makes what reads, and what inputs are made from.
    pub open: fn() -> Reader,
}

/// A target in use.
pub struct Reader {
    /// Texts as they should be.
    pub corpus: Vec<String>,
    /// Words worth putting in.
    pub words: Vec<&'static str>,
    /// Reads one input.
    pub read: Box<dyn FnMut(&str)>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("corpus", &self.corpus.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// Everything that reads text.
pub const TARGETS: [Target; 8] = [
    Target { name: "scenario", open: crate::golden::reader },
    Target { name: "lesson", open: crate::lessons::reader },
    Target { name: "zkcli", open: zkcli_line },
    Target { name: "path", open: paths },
    Target { name: "config", open: settings },
    Target { name: "drive", open: drive_line },
    Target { name: "save", open: saved_run },
    Target { name: "link", open: crate::links::reader },
];

/// What came of fuzzing a target.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many inputs there were.
    pub inputs: u64,
    /// How long all of it took.
    pub took: Duration,
    /// The longest that one input took, at the best of three attempts.
    pub worst: Duration,
    /// That input.
    pub worst_input: String,
    /// Inputs that made the reader panic; at most ten.
    pub panics: Vec<String>,
}

/// Feeds `count` inputs to a target.
pub fn run(target: Target, count: u64, seed: u64) -> Report {
    let mut reader = (target.open)();
    let mut rng = Rng::new(seed);
    let mut report = Report::default();
    let begin = Instant::now();
    let mut input = Vec::new();
    while report.inputs < count && report.panics.len() < 10 {
        mutate(&reader.corpus, &reader.words, &mut rng, &mut input);
        let text = String::from_utf8_lossy(&input);
        let (mut took, is_panic) = attempt(&mut reader, &text);
        if is_panic {
            report.panics.push(text.to_string());
            reader = (target.open)();
        } else if report.worst < took {
            // Another process may have had the processor.
            for _ in 0..2 {
                took = took.min(attempt(&mut reader, &text).0);
            }
            if report.worst < took {
                report.worst = took;
                report.worst_input = text.to_string();
            }
        }
        report.inputs += 1;
    }
    report.took = begin.elapsed();
    report
}

fn attempt(reader: &mut Reader, text: &str) -> (Duration, bool) {
    let begin = Instant::now();
    let result = catch_unwind(AssertUnwindSafe(|| (reader.read)(text)));
    (begin.elapsed(), result.is_err())
}

/// What breaks readers more often than chance would.
const NASTY: [&str; 24] = [
    "",
    " ",
    "\t",
    "\\",
    "\"",
    "'",
    "/",
    "//",
    "/.",
    "/..",
    "\0",
    "\u{1}",
    "\u{7f}",
    "\u{fffd}",
    "\u{1f600}",
    "\u{301}",
    "-",
    "--",
    "=",
    ":",
    "{",
    "[",
    "#",
    "\n",
];
const NUMBERS: [&str; 16] = [
    "0",
    "-1",
    "1",
    "99",
    "127",
    "128",
    "255",
    "256",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "-2147483649",
    "9223372036854775807",
    "18446744073709551616",
    "1e9",
];

fn mutate(corpus: &[String], words: &[&str], rng: &mut Rng, out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(pick(corpus, rng).as_bytes());
    for _ in 0..=rng.below(4) {
        let at = rng.below(out.len() as u32 + 1) as usize;
        match rng.below(10) {
            0 => put(out, at, pick(&NASTY, rng).as_bytes()),
            1 => put(out, at, pick(&NUMBERS, rng).as_bytes()),
            2 | 3 if !words.is_empty() => put(out, at, pick(words, rng).as_bytes()),
            4 => replace_number(out, at, pick(&NUMBERS, rng).as_bytes()),
            5 => {
                let end = (at + 1 + rng.below(12) as usize).min(out.len());
                out.drain(at..end);
            }
            6 => {
                let end = (at + 1 + rng.below(24) as usize).min(out.len());
                let again = out[at..end].repeat(1 + rng.below(3) as usize);
                put(out, at, &again);
            }
            7 => {
                // The rest of another.
                let other = pick(corpus, rng).as_bytes();
                let from = rng.below(other.len() as u32 + 1) as usize;
                out.truncate(at);
                out.extend_from_slice(&other[from..]);
            }
            8 if rng.below(50) == 0 => {
                let long = pick(words, rng).as_bytes().repeat(300);
                put(out, at, &long);
            }
            _ => {
                if let Some(byte) = out.get_mut(at) {
                    *byte = (rng.any() & 0x7f) as u8;
                }
            }
        }
    }
    out.truncate(LONGEST);
}

fn pick<'a, T: AsRef<str>>(list: &'a [T], rng: &mut Rng) -> &'a str {
    list[rng.below(list.len() as u32) as usize].as_ref()
}

fn put(out: &mut Vec<u8>, at: usize, what: &[u8]) {
    out.splice(at..at, what.iter().copied());
}

/// The first number after `at` becomes another.
fn replace_number(out: &mut Vec<u8>, at: usize, by: &[u8]) {
    let Some(start) = (at..out.len()).find(|n| out[*n].is_ascii_digit()) else { return };
    let end = (start..out.len()).find(|n| !out[*n].is_ascii_digit()).unwrap_or(out.len());
    out.splice(start..end, by.iter().copied());
}

/// Numbers of more than `digits` digits lose the rest: a day of virtual time takes its time, and is
/// not what is looked for.
pub(crate) fn tame(text: &str, digits: usize) -> String {
    let mut run = 0;
    let is_kept = |c: &char| {
        run = if c.is_ascii_digit() { run + 1 } else { 0 };
        run <= digits
    };
    text.chars().filter(is_kept).collect()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

// --- The targets

fn zkcli_line() -> Reader {
    let corpus = lines(
        "create /a one\ncreate -s -e /a/n- \"two words\"\ncreate -c /box\ncreate -t 5000 /ttl x\n\
         create /a x world:anyone:cdrwa\ndelete -v 3 /a\ndeleteall /a\nget -s -w /a\n\
         set -s -v 1 /a 'a b'\nls -R /\nls -s -w /a\nstat -w /a\nsync /\ngetAcl -s /a\n\
         setAcl -R /a digest:u:h:r,ip:127.0.0.1/8:cd\naddauth digest user:password\n\
         addWatch -m PERSISTENT /a\nremovewatches -a /a\nlistquota /a\nsetquota -n 5 -b 100 /a\n\
         delquota -n /a\nwhoami\ngetEphemerals /\ngetAllChildrenNumber /\nhistory\nhelp\nclose\n\
         reconfig -add server.4=s4:2888:3888:observer;2181\nreconfig -remove 1,2 -v 100000000\n\
         config -c -w\nredo 1\nversion\nprintwatches on\nconnect s1:2181\nquit",
    );
    let words = vec![
        "-s ",
        "-e ",
        "-c ",
        "-t ",
        "-w ",
        "-v ",
        "-R ",
        "-b ",
        "-n ",
        "-m ",
        "-add ",
        "/a ",
        "\\\"",
        "\"\"",
        "digest:",
        "world:anyone:",
        "cdrwa",
        "create ",
        "multi ",
        "set ",
    ];
    let read = |text: &str| match zkcli::parse(text) {
        Ok(Command::Ask(op)) => assert!(!op.to_string().is_empty()),
        Ok(_) => {}
        Err(error) => assert!(!error.to_string().is_empty(), "an error says what is wrong"),
    };
    Reader { corpus, words, read: Box::new(read) }
}

fn paths() -> Reader {
    let corpus = lines("/\n/a\n/a/b/c\n/zookeeper/quota\n/a-0000000001\n/ä/ß\n/a.b/..c\n/a//b");
    let words = vec!["/", "/.", "/..", "zookeeper", "\u{d7ff}", "\u{e000}", "\u{f8ff}", "\u{fff0}"];
    let read = |text: &str| {
        let is_valid = path::validate(text).map_err(|error| error.to_string()).is_ok();
        let _ = path::validate_create(text, true).map_err(|error| error.to_string());
        let _ = path::validate_create(text, false).map_err(|error| error.to_string());
        if is_valid && text != "/" {
            let parent = path::parent(text).expect("only the root has none");
            assert_eq!(path::join(parent, path::name(text)), text);
            assert!(path::validate(parent).is_ok(), "a parent is a path");
        }
    };
    Reader { corpus, words, read: Box::new(read) }
}

fn settings() -> Reader {
    let corpus = lines(
        "tickTime=2000\ninitLimit=10\nsyncLimit=5\nminSessionTimeout=-1\nmaxSessionTimeout=40000\n\
         snapCount=100000\ncommitLogCount=500\nsnapshotSizeFactor=0.33\npreAllocSize=65536\n\
         extendedTypesEnabled=true\nenforceQuota=false\nskipACL=yes\nleaderServes=no\n\
         maxClientCnxns=60\ngroup.1=1:2:3\nweight.1=2\nserver.1=s1:2888:3888:participant;2181\n\
         DigestAuthenticationProvider.superDigest=super:hash\nglobalOutstandingLimit=1000\n\
         localSessionsEnabled=true\nreconfigEnabled=true\njute.maxbuffer=1048575",
    );
    let words = vec!["true", "yes", "0.33", "zookeeper.", "=", "server.", "group.", "Limit"];
    let read = |text: &str| {
        let (key, value) = text.split_once('=').unwrap_or((text, ""));
        let mut config = Config::default();
        match config.set(key, value) {
            Ok(()) => assert!(config.negotiate_timeout(1) <= config.negotiate_timeout(u32::MAX)),
            Err(error) => assert!(!error.to_string().is_empty(), "an error says what is wrong"),
        }
    };
    Reader { corpus, words, read: Box::new(read) }
}

fn drive_line() -> Reader {
    let scripts = [
        include_str!("../conformance/scripts/leader-crash.ndjson"),
        include_str!("../conformance/scripts/ops-1.ndjson"),
        include_str!("../conformance/scripts/ephemeral-expiry.ndjson"),
        include_str!("../conformance/scripts/acl-multi.ndjson"),
    ];
    let corpus: Vec<String> = scripts.iter().flat_map(|script| lines(script)).collect();
    let words = vec![
        "\"do\":",
        "\"op\":",
        "\"ms\":",
        "null",
        "true",
        "[]",
        "{}",
        "\"/a\"",
        ",",
        "1.5",
        "\\u0000",
        "\\ud800",
        "\"servers\":",
        "\"seed\":",
        "\"config\":",
        "\"client\":",
    ];
    // Each line meets a drive without an ensemble, one in 64 an ensemble that lives.
    let mut idle = Drive::default();
    let mut live = Drive::default();
    let mut count = 0_u64;
    let read = move |text: &str| {
        count += 1;
        if let Some(answer) = idle.obey(text) {
            assert!(!answer.contains('\n'), "an answer is one line");
            if answer.contains("\"ok\":true") {
                idle = Drive::default();
            }
        }
        if !count.is_multiple_of(64) {
            return;
        }
        if count.is_multiple_of(64 * 200) {
            live = Drive::default();
            let begin = r#"{"do":"ensemble","participants":3,"observers":0}"#;
            live.obey(begin);
            live.obey(r#"{"do":"start","servers":[1,2,3]}"#);
            live.obey(r#"{"do":"await","what":"serving","servers":[1,2,3],"ms":40000}"#);
            live.obey(r#"{"do":"connect","client":"a","servers":[1],"timeout":8000}"#);
        }
        live.obey(&tame(text, 3));
    };
    Reader { corpus, words, read: Box::new(read) }
}

fn saved_run() -> Reader {
    let mut lab = Lab::new(&Scenario::default()).expect("the scenario can be");
    let started = lab.act(Action::Start([1, 2, 3].map(ServerId).as_slice().into()));
    started.expect("the servers are there");
    lab.advance(50_000);
    let mut corpus = vec![lab.save()];
    corpus.push(corpus[0].replace("end ", "at 50ms partition s1 | s2 s3\nend "));
    corpus.push(
        "zklab 2\nensemble 1\nseed 3\nset tickTime 500\nat 0s client a timeout 10s\n\
         at 0s a>> create /a \"x y\"\nat 0s vanish a\nend 3 10us\ncursor 1 0s\n"
            .to_owned(),
    );
    let words = vec![
        "at 0s start s1\n",
        "at 1ms kill s2\n",
        "heal\n",
        "at 50ms pause s1\n",
        "resume s1\n",
        "ensemble 2 observers 1\n",
        "set ",
        "end ",
        "cursor ",
        "a>> ",
        "client ",
        "partition ",
        "at 0s ",
        "at 1ms ",
        "zklab 2\n",
    ];
    let read = |text: &str| {
        if let Err(error) = Lab::restore(&tame(text, 5)) {
            assert!(!error.to_string().is_empty(), "an error says what is wrong");
        }
    };
    Reader { corpus, words, read: Box::new(read) }
}
