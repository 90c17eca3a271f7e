//! `F001` unreadable-data.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// YAML, TOML, BibLaTeX or JSON that can't be read.
    ///
    /// # Why it matters
    ///
    /// Nothing of the entry is known, so nothing of it can be checked or shown.
    ///
    /// # Example
    ///
    /// ```yaml
    /// title: Dropping the heels
    ///   summary: A small jolt
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// title: Dropping the heels
    /// summary: A small jolt
    /// ```
    UNREADABLE_DATA = "F001", "unreadable-data", Error
}

/// The reader's own words for what is wrong.
pub fn finding(at: At, message: &str) -> Finding {
    Finding::new(&UNREADABLE_DATA, at, format!("this can't be read: {message}"))
        .help("check indentation, colons and quotes near this place; text with a colon needs quotes")
}
