//! `L003` broken-link.

use super::rule;
use crate::finding::{At, Finding, did_you_mean};

rule! {
    /// # What it finds
    ///
    /// An ordinary link to an address of the site that doesn't exist.
    ///
    /// # Why it matters
    ///
    /// The reader finds nothing there.
    ///
    /// # Example
    ///
    /// ```markdown
    /// [walking](/exercises/walking/)
    /// ```
    ///
    /// # Instead
    ///
    /// ```markdown
    /// [walking](/exercises/brisk-walking/), or better [[brisk-walking]]
    /// ```
    BROKEN_LINK = "L003", "broken-link", Error
}

/// Nothing stands at the address.
pub fn finding<'a>(at: At, url: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    Finding::new(&BROKEN_LINK, at, format!("there is no page or file at `{url}`"))
        .help("link to an entry with `[[id]]`: that follows it when it moves")
        .help_if(did_you_mean(url, known))
}
