//! `F004` missing-field.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A required field that is absent or empty.
    ///
    /// # Why it matters
    ///
    /// A card without steps or a warning without text helps nobody.
    ///
    /// # Example
    ///
    /// ```yaml
    /// faq:
    ///   - question: Why?
    ///   - answer: So.
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// title: Hop
    /// authors: jo
    /// movements: jump
    /// steps: [Hop., Rest for a moment., Walk on.]
    /// ```
    MISSING_FIELD = "F004", "missing-field", Error
}

/// `owner` needs `key`.
pub fn finding(at: At, key: &str, owner: &str) -> Finding {
    Finding::new(&MISSING_FIELD, at, format!("{owner} needs `{key}`")).help(format!("give `{key}` a value"))
}

/// A Markdown file begins without the data that `owner` needs, or they aren't closed.
pub fn no_front_matter(at: At, owner: &str) -> Finding {
    Finding::new(&MISSING_FIELD, at, format!("{owner} needs front matter with a `title`"))
        .help("begin the file with three lines: `---`, `title: …` and `---`")
}
