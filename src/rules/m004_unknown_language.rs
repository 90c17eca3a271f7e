//! `M004` unknown-language.

use super::rule;
use crate::finding::{At, Finding, did_you_mean};

rule! {
    /// # What it finds
    ///
    /// A code block in a language that osteon can't highlight.
    ///
    /// # Why it matters
    ///
    /// Readers see plain text where the author expects colours.
    ///
    /// # Example
    ///
    /// ````markdown
    /// ```pyton
    /// print(1)
    /// ```
    /// ````
    ///
    /// # Instead
    ///
    /// ````markdown
    /// ```python
    /// print(1)
    /// ```
    /// ````
    UNKNOWN_LANGUAGE = "M004", "unknown-language", Warning
}

/// No grammar is called `language`.
pub fn finding<'a>(at: At, language: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    Finding::new(&UNKNOWN_LANGUAGE, at, format!("there is no highlighting for `{language}`"))
        .help("use `text` for plain text")
        .help_if(did_you_mean(language, known))
}
