//! A little of `tests/fuzz`, always; and inputs that once found something.

#![cfg(not(target_arch = "wasm32"))]

use std::time::Duration;
use zklab_tests::fuzz::{TARGETS, run};

#[test]
fn nothing_that_reads_text_panics_or_takes_long() {
    for target in TARGETS {
        let report = run(target, 3000, 1);
        assert!(report.panics.is_empty(), "{}: {:#?}", target.name, report.panics);
        let (worst, input) = (report.worst, report.worst_input);
        assert!(worst < Duration::from_secs(5), "{}: {worst:?} for {input:?}", target.name);
    }
}
