//! `zklab`: the ensemble without a page.

use std::io::{BufRead, Write};
use std::process::ExitCode;
use std::time::Duration;
use zklab_core::cli::bench::{self, Outside};
use zklab_core::drive::Drive;

const USAGE: &str = "\
zklab: a simulated Apache ZooKeeper ensemble

  zklab drive     obey one JSON object a line on standard input, answer each with one on
                  standard output; what can be asked is described in docs/drive.md
  zklab bench     measure the engine and print a figure a line; what each is, is told in
                  docs/measures.md
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["drive"] => drive(),
        ["bench"] => bench(),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        [] => {
            eprint!("{USAGE}");
            ExitCode::from(2)
        }
        [unknown, ..] => {
            eprintln!("zklab: cannot do {unknown:?} with these arguments\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// Prints each figure as soon as it is known.
fn bench() -> ExitCode {
    let outside = Outside {
        processor: || processor_time().unwrap_or_else(wall_time),
        wall: wall_time,
        resident,
    };
    match bench::run(&outside, &mut std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("zklab bench: cannot write: {error}");
            ExitCode::FAILURE
        }
    }
}

/// How long it has been since this was first asked.
#[expect(clippy::disallowed_types, reason = "the binary is the outside, where time passes")]
fn wall_time() -> Duration {
    static BEGIN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    BEGIN.get_or_init(std::time::Instant::now).elapsed()
}

/// What this process has used of a processor. Linux tells.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    let ns = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(ns))
}

/// Resident memory of this process, in bytes. Linux tells.
fn resident() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Rss:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}

/// Obeys lines until there are no more, or until nobody reads the answers.
fn drive() -> ExitCode {
    let mut drive = Drive::default();
    let mut input = std::io::stdin().lock();
    let mut output = std::io::stdout().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        match input.read_until(b'\n', &mut line) {
            Ok(0) => return ExitCode::SUCCESS,
            Ok(_) => {}
            Err(error) => {
                eprintln!("zklab drive: cannot read standard input: {error}");
                return ExitCode::FAILURE;
            }
        }
        let Some(answer) = drive.obey(&String::from_utf8_lossy(&line)) else { continue };
        if writeln!(output, "{answer}").and_then(|()| output.flush()).is_err() {
            return ExitCode::SUCCESS;
        }
    }
}
