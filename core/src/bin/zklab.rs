//! `zklab`: the ensemble without a page.

use std::io::{BufRead, Write};
use std::process::ExitCode;
use zklab_core::drive::Drive;

const USAGE: &str = "\
zklab: a simulated Apache ZooKeeper ensemble

  zklab drive     obey one JSON object a line on standard input, answer each with one on
                  standard output; what can be asked is described in docs/drive.md
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["drive"] => drive(),
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
