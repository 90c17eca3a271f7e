//! `R002` bad-address.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A `permalink`, alias or file name that can't be an address of this site.
    ///
    /// # Why it matters
    ///
    /// The page would be written outside the site, or could not be reached.
    ///
    /// # Example
    ///
    /// ```yaml
    /// permalink: ../x
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// permalink: /x/
    /// aliases: [/old-page/]
    /// ```
    BAD_ADDRESS = "R002", "bad-address", Error
}

/// `written` can't be an address.
pub fn finding(at: At, written: &str) -> Finding {
    Finding::new(&BAD_ADDRESS, at, format!("`{written}` can't be an address of this site"))
        .help("begin with `/`, and use letters, digits, hyphens and `/`, such as `/articles/hips/`")
}
