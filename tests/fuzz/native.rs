//! The command itself. In a browser there is nobody to give it arguments.

use std::process::ExitCode;
use zklab_tests::fuzz::{TARGETS, run};

/// Reads the arguments, feeds the targets, tells what came of it.
pub fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |n: usize| arguments.get(n).and_then(|word| word.parse::<u64>().ok());
    let (Some(name), Some(count)) = (arguments.first(), number(1)) else {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        eprintln!("fuzz TARGET COUNT [SEED], TARGET one of all, {}", names.join(", "));
        return ExitCode::from(2);
    };
    // What panics is told below, with its input.
    std::panic::set_hook(Box::new(|_| {}));
    let mut is_clean = true;
    for target in TARGETS.iter().filter(|target| name == "all" || name == target.name) {
        let before = resident_kb();
        let report = run(*target, count, number(2).unwrap_or(1));
        let per_second = report.inputs * 1000 / (report.took.as_millis() as u64).max(1);
        let (worst, grown) = (report.worst.as_micros(), resident_kb().saturating_sub(before));
        println!("{}: {} inputs, {per_second} a second", target.name, report.inputs);
        println!("  worst {worst} µs: {:?}", report.worst_input);
        println!("  memory grew by {grown} kB, panics: {}", report.panics.len());
        report.panics.iter().for_each(|input| println!("  PANIC {input:?}"));
        is_clean &= report.panics.is_empty();
    }
    if is_clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Resident memory; 0 where that cannot be asked.
fn resident_kb() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kb| kb.parse().ok()).unwrap_or_default()
}
