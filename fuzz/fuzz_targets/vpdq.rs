//! Others' files of frames.
#![no_main]

#[path = "../../crates/likeness/tests/targets/vpdq.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::holds(bytes));
