//! `Q002` repeated-words.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// Words that stand twice in `content/synonyms.yaml`, or a query that stands twice in `content/search.yaml`.
    ///
    /// # Why it matters
    ///
    /// Words that mean two entries lead to one of them only, and the second query is never looked at.
    ///
    /// # Example
    ///
    /// ```yaml
    /// - words: [hunchback, stoop]
    ///   entry: kyphosis
    /// - words: [Stoop]
    ///   entry: osteoporosis
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// - words: [hunchback, stoop]
    ///   entry: kyphosis
    /// ```
    REPEATED_WORDS = "Q002", "repeated-words", Error
}

/// The words lead to an entry already.
pub fn synonym(at: At, words: &str, first: At) -> Finding {
    Finding::new(&REPEATED_WORDS, at, format!("`{words}` leads to an entry already"))
        .help("let the words lead to the one entry that most people mean")
        .note(Some(first), "listed here first")
}

/// The query stands in the table already.
pub fn query(at: At, query: &str, first: At) -> Finding {
    Finding::new(&REPEATED_WORDS, at, format!("the query `{query}` is listed twice"))
        .help("remove one of the two")
        .note(Some(first), "listed here first")
}
