//! Arbitrary bytes as an article.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| osteon_fuzz::parse("content/articles/fuzzed.md", bytes));
