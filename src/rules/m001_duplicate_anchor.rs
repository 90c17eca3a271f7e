//! `M001` duplicate-anchor.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// Two headings of one entry with one anchor of their own choice.
    ///
    /// # Why it matters
    ///
    /// A link to the anchor would always lead to the first.
    ///
    /// # Example
    ///
    /// ```markdown
    /// ## Doses {#dose}
    ///
    /// Text.
    ///
    /// ## Stages {#dose}
    /// ```
    ///
    /// # Instead
    ///
    /// ```markdown
    /// ## Doses {#dose}
    ///
    /// Text.
    ///
    /// ## Stages {#stages}
    /// ```
    DUPLICATE_ANCHOR = "M001", "duplicate-anchor", Error
}

/// The anchor is taken by the heading at `first`.
pub fn finding(at: At, anchor: &str, first: At) -> Finding {
    Finding::new(&DUPLICATE_ANCHOR, at, format!("the anchor `{anchor}` is taken"))
        .help("choose another name in `{#…}`")
        .note(Some(first), "first used here")
}
