//! Arbitrary bytes as a bibliography.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| osteon_fuzz::parse("content/references/fuzzed.bib", bytes));
