//! `cargo bench -p zklab-core --features cli`: the figures of `zklab bench`.

use std::process::{Command, ExitCode};

fn main() -> std::io::Result<ExitCode> {
    let status = Command::new(env!("CARGO_BIN_EXE_zklab")).arg("bench").status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
