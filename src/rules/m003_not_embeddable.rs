//! `M003` not-embeddable.

use super::rule;
use crate::entry::Kind;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// An embed of something that can't be shown inside another page.
    ///
    /// # Why it matters
    ///
    /// Exercises, warnings and claims can be embedded; the rest is linked.
    ///
    /// # Example
    ///
    /// ```markdown
    /// ![[about]]
    /// ```
    ///
    /// # Instead
    ///
    /// ```markdown
    /// [[about]]
    /// ```
    NOT_EMBEDDABLE = "M003", "not-embeddable", Error
}

/// An entry of this kind can't be embedded.
pub fn finding(at: At, id: &str, kind: Kind) -> Finding {
    Finding::new(&NOT_EMBEDDABLE, at, format!("`{id}` is {} and can't be embedded", kind.one()))
        .help(format!("mention it with `[[{id}]]`; exercises, warnings and claims can be embedded"))
}
