//! `L004` unknown-anchor.

use super::rule;
use crate::finding::{At, Finding, did_you_mean};

rule! {
    /// # What it finds
    ///
    /// A link to a heading that the page doesn't have.
    ///
    /// # Why it matters
    ///
    /// The reader lands at the top of a long page and has to search.
    ///
    /// # Example
    ///
    /// ```markdown
    /// [[hips#how-mch]]
    /// ```
    ///
    /// # Instead
    ///
    /// ```markdown
    /// [[hips#how-much]]
    /// ```
    UNKNOWN_ANCHOR = "L004", "unknown-anchor", Error
}

/// The page has no such anchor.
pub fn finding<'a>(at: At, anchor: &str, page: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    let known: Vec<&str> = known.into_iter().collect();
    let list = known.iter().map(|anchor| format!("`#{anchor}`")).collect::<Vec<_>>().join(", ");
    Finding::new(&UNKNOWN_ANCHOR, at, format!("`{page}` has no heading with the anchor `#{anchor}`"))
        .help(if known.is_empty() { "that page has no headings".to_owned() } else { format!("its anchors are {list}") })
        .help_if(did_you_mean(anchor, known).map(|help| help.replacen('`', "`#", 1)))
}
