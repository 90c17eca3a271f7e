//! `M005` ambiguous-heading.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A link to a heading whose words stand more than once in the entry.
    ///
    /// # Why it matters
    ///
    /// Headings with the same words get numbered anchors, and the numbers change when a section is added.
    ///
    /// # Example
    ///
    /// ```markdown
    /// [[walking#how-much]]
    /// ```
    ///
    /// where the article has two headings `## How much`.
    ///
    /// # Instead
    ///
    /// Give the headings anchors of their own:
    ///
    /// ```markdown
    /// ## How much {#much-walking}
    /// ```
    AMBIGUOUS_HEADING = "M005", "ambiguous-heading", Error
}

/// The anchor belongs to the first of the headings and, with a number, to the others.
pub fn finding(at: At, anchor: &str, headings: impl IntoIterator<Item = At>) -> Finding {
    let finding = Finding::new(&AMBIGUOUS_HEADING, at, format!("`#{anchor}` could mean more than one heading"))
        .help("give the headings anchors of their own: `## Heading {#name}`");
    headings.into_iter().fold(finding, |finding, at| finding.note(Some(at), "one of them"))
}
