//! `F011` near-miss.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A value of an open list that is nearly one which other entries use.
    ///
    /// # Why it matters
    ///
    /// Two spellings of one piece of equipment make two lists of exercises.
    ///
    /// # Example
    ///
    /// ```yaml
    /// tags: [strength, balence]
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// tags: [strength, balance]
    /// ```
    NEAR_MISS = "F011", "near-miss", Warning
}

/// `written` stands in few entries and `used` in more.
pub fn finding(at: At, key: &str, written: &str, used: &str) -> Finding {
    Finding::new(&NEAR_MISS, at, format!("`{written}` is a new value of `{key}`"))
        .help(format!("did you mean `{used}`, which other entries use?"))
        .fix(written, used, false)
}
