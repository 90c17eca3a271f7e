//! `T002` render-error.

use super::rule;
use crate::finding::{At, Finding, did_you_mean};

rule! {
    /// # What it finds
    ///
    /// A template that fails while it renders a page.
    ///
    /// # Why it matters
    ///
    /// The page is missing.
    ///
    /// # Example
    ///
    /// ```jinja
    /// <p>{{ entry.subtitel.text }}</p>
    /// ```
    ///
    /// # Instead
    ///
    /// ```jinja
    /// <h1>{{ entry.title }}</h1>
    /// ```
    RENDER_ERROR = "T002", "render-error", Error
}

/// The template engine's own words, and the page that was rendered.
pub fn finding(at: At, message: &str, page: &str) -> Finding {
    // "Field `titel` is not defined. Available fields: id, title"
    let (message, known) = message.split_once(". Available ").unwrap_or((message, ""));
    let known = known.split_once(": ").map_or("", |(_, names)| names);
    let written = message.split('`').nth(1).unwrap_or_default();
    let list = (!known.is_empty()).then(|| format!("these are defined: {known}"));
    Finding::new(&RENDER_ERROR, at, message.to_owned())
        .help_if(list)
        .help_if(did_you_mean(written, known.split(", ")))
        .note(None, format!("while rendering `{page}`"))
}
