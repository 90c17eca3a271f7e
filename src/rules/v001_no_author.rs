//! `V001` no-author.

use super::rule;
use crate::finding::{At, Finding, Level};

rule! {
    /// # What it finds
    ///
    /// An article, exercise, programme, warning or claim that names no author. A warning in a draft.
    ///
    /// # Why it matters
    ///
    /// Readers have a right to know who tells them what to do with their bodies.
    ///
    /// # Example
    ///
    /// ```yaml
    /// title: Walking and bone
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// title: Walking and bone
    /// authors: [jo-writer]
    /// ```
    NO_AUTHOR = "V001", "no-author", Error
}

/// Nobody is named.
pub fn finding(at: At, level: Level) -> Finding {
    Finding::new(&NO_AUTHOR, at, "this entry names no author")
        .help("add `authors: [id]` with an id of `content/people.yaml`")
        .level(level)
}

/// There are entries and no `people.yaml`: said once, and not for every entry.
pub fn nobody(at: At, entries: usize, level: Level) -> Finding {
    let who = if entries == 1 { "1 entry names no author".to_owned() } else { format!("{entries} entries name no author") };
    Finding::new(&NO_AUTHOR, at, format!("{who}, and there is no `content/people.yaml`"))
        .help("write `content/people.yaml` and add `authors: [id]` to the entries")
        .level(level)
}
