//! `T001` template-error.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A template of your theme that can't be read, or that uses a filter, function, component, block or template that doesn't
    /// exist.
    ///
    /// # Why it matters
    ///
    /// No page can be made with it. Pages are not rendered until all templates are sound.
    ///
    /// # Example
    ///
    /// ```jinja
    /// {{ entry.title }
    /// ```
    ///
    /// # Instead
    ///
    /// ```jinja
    /// {{ entry.title }}
    /// ```
    TEMPLATE_ERROR = "T001", "template-error", Error
}

/// The template engine's own words.
pub fn finding(at: At, message: &str) -> Finding {
    Finding::new(&TEMPLATE_ERROR, at, format!("this template can't be used: {message}"))
        .help("correct it, or remove the file to use the built-in one")
}
