//! `M002` inline-embed.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// An embed inside a sentence.
    ///
    /// # Why it matters
    ///
    /// A card or warning is a block of its own and can't stand inside a paragraph.
    ///
    /// # Example
    ///
    /// ```markdown
    /// It is known: ![[bone]] indeed.
    /// ```
    ///
    /// # Instead
    ///
    /// ```markdown
    /// It is known:
    ///
    /// ![[bone]]
    /// ```
    INLINE_EMBED = "M002", "inline-embed", Error
}

/// The embed of `id` shares its paragraph with other text.
pub fn finding(at: At, id: &str) -> Finding {
    Finding::new(&INLINE_EMBED, at, format!("the embed of `{id}` stands inside other text"))
        .help(format!("put it on a line of its own with empty lines around it, or mention it with `[[{id}]]`"))
}
