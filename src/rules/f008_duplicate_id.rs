//! `F008` duplicate-id.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// Two entries with one id, whatever their kinds; or two movements, rules or people with one id.
    ///
    /// # Why it matters
    ///
    /// A mention of the id would be ambiguous.
    ///
    /// # Example
    ///
    /// `content/articles/one/hips.md` and `content/articles/two/hips.md`.
    ///
    /// # Instead
    ///
    /// Rename one of them, because the file name is the id: `content/articles/two/hips-again.md`.
    DUPLICATE_ID = "F008", "duplicate-id", Error
}

/// `id` is defined at `at` and was defined at `first`.
pub fn finding(at: At, id: &str, first: At) -> Finding {
    Finding::new(&DUPLICATE_ID, at, format!("the id `{id}` is taken"))
        .help("rename one of the two")
        .note(Some(first), "first defined here")
}
