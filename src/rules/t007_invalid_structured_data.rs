//! `T007` invalid-structured-data.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// Structured data for search engines (`application/ld+json`) that is no valid JSON.
    ///
    /// # Why it matters
    ///
    /// Search engines leave all of it out, also who wrote and checked the page.
    ///
    /// # Example
    ///
    /// ```jinja
    /// <script type="application/ld+json">{"name": {{ page.title }}}</script>
    /// ```
    ///
    /// # Instead
    ///
    /// Use what osteon has prepared:
    ///
    /// ```jinja
    /// <script type="application/ld+json">{{ page.json_ld }}</script>
    /// ```
    INVALID_STRUCTURED_DATA = "T007", "invalid-structured-data", Error
}

/// Data that cannot be read.
pub fn finding(at: At, page: &str, error: &str) -> Finding {
    Finding::new(&INVALID_STRUCTURED_DATA, at, format!("the structured data of `{page}` cannot be read: {error}"))
        .help("use `page.json_ld` as it is, or pass each value through the filter `json`")
}
