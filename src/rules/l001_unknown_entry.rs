//! `L001` unknown-entry.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A mention, embed or list that names no entry.
    ///
    /// # Why it matters
    ///
    /// The reader would follow a link to nothing, or miss a warning.
    ///
    /// # Example
    ///
    /// ```markdown
    /// [[heel-drops]]
    /// ```
    ///
    /// # Instead
    ///
    /// ```markdown
    /// [[heel-drop]]
    /// ```
    UNKNOWN_ENTRY = "L001", "unknown-entry", Error
}

/// No entry is called `id`.
pub fn finding<'a>(at: At, id: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    Finding::new(&UNKNOWN_ENTRY, at, format!("no entry is called `{id}`"))
        .help("the id of an entry is its file name without the ending")
        .suggest(id, known)
}

/// The entry is a draft and takes no part in this build.
pub fn draft(at: At, id: &str) -> Finding {
    Finding::new(&UNKNOWN_ENTRY, at, format!("`{id}` is a draft and not part of this build"))
        .help("build with `--drafts`, or remove `draft: true` from it")
}

/// Nobody in `people.yaml` is called `id`.
pub fn person<'a>(at: At, id: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    Finding::new(&UNKNOWN_ENTRY, at, format!("nobody in `people.yaml` has the id `{id}`"))
        .help("add a record to `content/people.yaml`")
        .suggest(id, known)
}
