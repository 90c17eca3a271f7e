//! `C003` unknown-theme.

use super::rule;
use crate::finding::{At, Finding, did_you_mean};

rule! {
    /// # What it finds
    ///
    /// A `theme` that has no folder in `themes/` and isn't the built-in one.
    ///
    /// # Why it matters
    ///
    /// The site would look different from what its authors see.
    ///
    /// # Example
    ///
    /// ```yaml
    /// theme: hosteon
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// theme: osteon
    /// ```
    UNKNOWN_THEME = "C003", "unknown-theme", Error
}

/// No theme is called `written`.
pub fn finding<'a>(at: At, written: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    Finding::new(&UNKNOWN_THEME, at, format!("there is no theme `{written}` in `themes/`"))
        .help("use `osteon`, the built-in theme, or make the folder")
        .help_if(did_you_mean(written, known))
}
