//! Acts on an index, against a model.
#![no_main]

#[path = "../../crates/likeness/tests/targets/index.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::holds(bytes));
