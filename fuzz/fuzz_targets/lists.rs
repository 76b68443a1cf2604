//! Lists of strangers.
#![no_main]

#[path = "../../crates/likeness/tests/targets/lists.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::holds(bytes));
