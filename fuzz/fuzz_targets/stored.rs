//! Bytes that are said to be stored entries.
#![no_main]

#[path = "../../crates/likeness/tests/targets/stored.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::holds(bytes));
