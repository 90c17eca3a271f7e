//! `M006` skipped-heading.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A heading in a text that is more than one level below the heading before it, such as `####` after `##`. The title of the page is
    /// the first level, so a text begins with `##`.
    ///
    /// # Why it matters
    ///
    /// People who listen to a page jump from heading to heading. A level that is missing sounds like a section that they have missed.
    ///
    /// # Example
    ///
    /// ```markdown
    /// ## Before you start
    ///
    /// #### Shoes
    /// ```
    ///
    /// # Instead
    ///
    /// ```markdown
    /// ## Before you start
    ///
    /// ### Shoes
    /// ```
    SKIPPED_HEADING = "M006", "skipped-heading", Warning, Error in production
}

/// A heading of a text, and the level of what stands above it.
pub fn finding(at: At, title: &str, level: u8, above: u8) -> Finding {
    let after = if above == 1 { "the title of the page".to_owned() } else { format!("a heading of level {above}") };
    let message = format!("the heading \"{title}\" of level {level} follows {after}");
    Finding::new(&SKIPPED_HEADING, at, message).help(format!("begin the line with `{}`", "#".repeat(usize::from(above) + 1)))
}
