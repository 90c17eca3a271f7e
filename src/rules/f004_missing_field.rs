//! `F004` missing-field.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A required field that is absent or empty.
    ///
    /// # Why it matters
    ///
    /// A card without steps or a warning without text helps nobody.
    ///
    /// # Example
    ///
    /// ```yaml
    /// title: Heel drop
    /// movements: [moderate-impact]
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// title: Heel drop
    /// movements: [moderate-impact]
    /// steps:
    ///   - Hold on to a table and rise onto your toes.
    /// ```
    MISSING_FIELD = "F004", "missing-field", Error
}

/// `owner` needs `key`.
pub fn finding(at: At, key: &str, owner: &str) -> Finding {
    Finding::new(&MISSING_FIELD, at, format!("{owner} needs `{key}`")).help(format!("add `{key}:` with a value"))
}
