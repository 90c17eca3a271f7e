//! `F005` unknown-value.

use super::rule;
use crate::finding::{At, Finding, did_you_mean};

rule! {
    /// # What it finds
    ///
    /// A value that isn't in a closed list.
    ///
    /// # Why it matters
    ///
    /// `severity`, `status`, `certainty` and verdicts decide what readers are told.
    ///
    /// # Example
    ///
    /// ```yaml
    /// status: reccomend
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// status: recommend
    /// ```
    UNKNOWN_VALUE = "F005", "unknown-value", Error
}

/// `written` is none of the words that `key` can have.
pub fn finding(at: At, key: &str, written: &str, words: &[&str]) -> Finding {
    let list: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    Finding::new(&UNKNOWN_VALUE, at, format!("`{written}` is not a value of `{key}`"))
        .help(did_you_mean(written, words.iter().copied()).unwrap_or_else(|| format!("the values are {}", list.join(", "))))
}
