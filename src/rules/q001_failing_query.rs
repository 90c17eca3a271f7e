//! `Q001` failing-query.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A query of `content/search.yaml` that doesn't find the entry that it must find: as the first result, or among the first three.
    ///
    /// # Why it matters
    ///
    /// People look for help in their own words. If those lead to something else, the right page may as well not be there.
    ///
    /// # Example
    ///
    /// No entry says anything of a hunchback:
    ///
    /// ```yaml
    /// - { query: hunchback, kind: lay, among: kyphosis }
    /// ```
    ///
    /// # Instead
    ///
    /// Give the entry the words that people use, by `aka` or in `content/synonyms.yaml`:
    ///
    /// ```yaml
    /// - words: [hunchback, dowager's hump]
    ///   entry: kyphosis
    /// ```
    FAILING_QUERY = "Q001", "failing-query", Error
}

/// A query finds other entries before the one that is wanted. `place` is where that must come: first, or among the first three.
pub fn finding(at: At, query: &str, wanted: &str, place: &str, found: &[&str]) -> Finding {
    let first = if found.is_empty() { "nothing".to_owned() } else { format!("`{}`", found.join("`, `")) };
    Finding::new(&FAILING_QUERY, at, format!("`{query}` must find `{wanted}` {place}, and finds {first}"))
        .help("give the entry these words by `aka` or in `content/synonyms.yaml`")
}
