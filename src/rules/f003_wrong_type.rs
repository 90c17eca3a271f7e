//! `F003` wrong-type.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A value of the wrong form: a list where text is meant, a word where a date is meant.
    ///
    /// # Why it matters
    ///
    /// The value can't be used, and guessing what was meant is not safe.
    ///
    /// # Example
    ///
    /// ```yaml
    /// reviewed_on: last spring
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// reviewed_on: 2026-03-20
    /// ```
    WRONG_TYPE = "F003", "wrong-type", Error
}

/// The value of `key` has the wrong form; `message` says how.
pub fn finding(at: At, key: &str, message: &str) -> Finding {
    let what = if key.is_empty() { "these data".to_owned() } else { format!("`{key}`") };
    Finding::new(&WRONG_TYPE, at, format!("{what} can't have this value: {message}"))
}
