//! `cargo run --profile quick -p zklab-tests --bin fuzz -- TARGET COUNT [SEED]`: many inputs for one
//! target, or for each if it is `all`. Exit status 1 if one of them made it panic.

#[cfg(not(target_arch = "wasm32"))]
mod native;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    native::main()
}

// The tests that run in a browser build the whole package, this too.
#[cfg(target_arch = "wasm32")]
fn main() {}
