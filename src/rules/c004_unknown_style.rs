//! `C004` unknown-style.

use super::rule;
use crate::finding::{At, Finding, did_you_mean};

rule! {
    /// # What it finds
    ///
    /// A `citation_style` that osteon doesn't know.
    ///
    /// # Why it matters
    ///
    /// References would be printed in another style than the editors agreed on.
    ///
    /// # Example
    ///
    /// ```yaml
    /// citation_style: vancover
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// citation_style: vancouver
    /// ```
    UNKNOWN_STYLE = "C004", "unknown-style", Error
}

/// No citation style is called `written`.
pub fn finding<'a>(at: At, written: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    Finding::new(&UNKNOWN_STYLE, at, format!("no citation style is called `{written}`"))
        .help("use a name of the CSL style repository, such as `vancouver`, `apa` or `american-medical-association`")
        .help_if(did_you_mean(written, known))
}
