//! `zklab`: the ensemble without a page.

use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Duration;
use zklab_core::cli::bench::{self, Outside};
use zklab_core::cli::lesson;
use zklab_core::cli::run;
use zklab_core::cli::swarm::{self, Command, Settings, Tally};
use zklab_core::drive::Drive;

const USAGE: &str = "\
zklab: a simulated Apache ZooKeeper ensemble

  zklab drive     obey one JSON object a line on standard input, answer each with one on
                  standard output; what can be asked is described in docs/drive.md
  zklab swarm     random faults over many seeds; zklab swarm --help tells more
  zklab bench [history | contenders | znodes]
                  measure the engine, or the memory of long runs, of requests or of a contest for a
                  lock, or what many znodes cost, and print a figure a line; what each is, is told in
                  docs/measures.md
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, rest @ ..] = &arguments[..]
        && command == "swarm"
    {
        return swarm(rest);
    }
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["drive"] => drive(),
        ["bench"] => bench(bench::run),
        ["bench", "history"] => bench(bench::run_history),
        ["bench", "contenders"] => bench(bench::run_contenders),
        ["bench", "znodes"] => bench(bench::run_znodes),
        ["run", ref rest @ ..] => script(run::run, rest),
        ["format", ref rest @ ..] => script(run::format, rest),
        ["lesson", ref rest @ ..] => script(lesson::lesson, rest),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}{}{}", run::USAGE, lesson::USAGE);
            ExitCode::SUCCESS
        }
        [] => {
            eprint!("{USAGE}{}{}", run::USAGE, lesson::USAGE);
            ExitCode::from(2)
        }
        [unknown, ..] => {
            eprintln!("zklab: cannot do {unknown:?} with these arguments\n");
            eprint!("{USAGE}{}{}", run::USAGE, lesson::USAGE);
            ExitCode::from(2)
        }
    }
}

/// What a command does with its arguments, what it prints and what it complains of.
type ScriptCommand = fn(&[&str], &mut dyn Write, &mut dyn Write) -> std::io::Result<u8>;

fn script(command: ScriptCommand, arguments: &[&str]) -> ExitCode {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let status = command(arguments, &mut out, &mut std::io::stderr().lock());
    // That nobody reads any more is no mistake of the script.
    match status.and_then(|status| out.flush().map(|()| status)) {
        Ok(status) => ExitCode::from(status),
        Err(_) => ExitCode::SUCCESS,
    }
}

/// Prints each figure as soon as it is known.
fn bench(measure: fn(&Outside, &mut dyn Write) -> std::io::Result<()>) -> ExitCode {
    let outside = Outside {
        processor: || processor_time().unwrap_or_else(wall_time),
        wall: wall_time,
        resident,
    };
    match measure(&outside, &mut std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("zklab bench: cannot write: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs seeds on all processors, and tells the lowest one that failed.
fn swarm(arguments: &[String]) -> ExitCode {
    let settings = match swarm::read(arguments) {
        Ok(Command::Run(settings)) => settings,
        Ok(Command::Tell(text)) => {
            print!("{text}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("zklab swarm: {error}\n\n{}", swarm::USAGE);
            return ExitCode::from(2);
        }
    };
    let begin = wall_time();
    let next = Mutex::new(settings.first_seed);
    let tally = Mutex::new(Tally::default());
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..processors {
            scope.spawn(|| run_seeds(&settings, &next, &tally, begin));
        }
    });
    let elapsed = wall_time().saturating_sub(begin);
    let tally = tally.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    print!("{}", tally.report(&settings, elapsed));
    if tally.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// One after the other, until there are no more or a lower one has failed.
fn run_seeds(settings: &Settings, next: &Mutex<u64>, tally: &Mutex<Tally>, begin: Duration) {
    let end = settings.first_seed + settings.seeds;
    loop {
        let seed = {
            let mut next = lock(next);
            *next += 1;
            *next - 1
        };
        if end <= seed || lock(tally).is_beyond(seed) {
            return;
        }
        let run = || swarm::run_seed(settings, seed);
        let Ok(ran) = std::panic::catch_unwind(run) else {
            // A machine broke one of its own assumptions, and has said which.
            eprintln!("zklab swarm: seed {seed} panicked");
            std::process::exit(1);
        };
        let mut tally = lock(tally);
        tally.add(seed, ran);
        tell_progress(settings, &tally, wall_time().saturating_sub(begin));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Every half second at a terminal, every ten seconds elsewhere.
fn tell_progress(settings: &Settings, tally: &Tally, elapsed: Duration) {
    static TOLD_MS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let is_terminal = std::io::stderr().is_terminal();
    let now = elapsed.as_millis() as u64;
    let every = if is_terminal { 500 } else { 10_000 };
    if now < TOLD_MS.load(std::sync::atomic::Ordering::Relaxed) + every {
        return;
    }
    TOLD_MS.store(now, std::sync::atomic::Ordering::Relaxed);
    let line = tally.progress(settings, elapsed);
    if is_terminal {
        eprint!("\r{line}\x1b[K");
    } else {
        eprintln!("{line}");
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
