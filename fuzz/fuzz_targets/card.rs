//! Arbitrary bytes as an exercise card.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| osteon_fuzz::parse("content/exercises/fuzzed.yaml", bytes));
