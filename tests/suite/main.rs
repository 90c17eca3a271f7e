//! All tests that build sites, in one program, so that the big dependencies are linked once.
//!
//! A fixture is a folder next to this one: `tests/rules/`, `tests/rebuild/`, `tests/sites/`. `OSTEON_BLESS=1 cargo test` rewrites
//! what fixtures expect; the change is then read in the diff of the commit.

#![allow(clippy::disallowed_methods, reason = "tests read fixtures, write folders and run the program")]

mod change;
mod cli;
mod fixes;
mod formats;
mod incremental;
mod overview;
mod random;
mod rebuild;
mod review;
mod rules;
mod safety;
mod serve;
mod sites;
mod support;
mod tidy;
