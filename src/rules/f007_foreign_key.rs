//! `F007` foreign-key.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A key of Eleventy, Hugo, Jekyll or Zola that has no use here, or whose value has none.
    ///
    /// # Why it matters
    ///
    /// Nothing is lost silently: you know what was left out.
    ///
    /// # Example
    ///
    /// ```yaml
    /// weight: 3
    /// ```
    ///
    /// # Instead
    ///
    /// Remove the key, or leave it: the note does no harm.
    ///
    /// ```yaml
    /// title: About
    /// ```
    FOREIGN_KEY = "F007", "foreign-key", Note
}

/// Another generator's `key` has no use here.
pub fn finding(at: At, key: &str, reason: &str) -> Finding {
    Finding::new(&FOREIGN_KEY, at, format!("`{key}` is left out: {reason}"))
}
