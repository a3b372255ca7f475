//! The browser gives the same runs as everything else: same scripts, same digests.
//!
//! ```sh
//! cargo test --target wasm32-unknown-unknown -p zklab-tests --test wasm
//! ```
//! with `CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner` and `CHROMEDRIVER`
//! naming the driver of a Chromium.

#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use zklab_tests::{hashes, link_hashes};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn digests_are_those_of_native_runs() {
    assert_eq!(hashes(), include_str!("golden/hashes.txt"));
}

#[wasm_bindgen_test]
fn links_open_the_runs_that_they_open_natively() {
    assert_eq!(link_hashes(), include_str!("golden/link-hashes.txt"));
}
