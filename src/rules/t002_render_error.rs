//! `T002` render-error.

use super::rule;
use crate::finding::{At, Finding};

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
    /// `{{ entry.titel }}` in a template.
    ///
    /// # Instead
    ///
    /// `{{ entry.title }}`, or `{% if entry.subtitle is defined %}`
    RENDER_ERROR = "T002", "render-error", Error
}

/// The template engine's own words, and the page that was rendered.
pub fn finding(at: At, message: &str, page: &str) -> Finding {
    Finding::new(&RENDER_ERROR, at, message.to_owned()).note(None, format!("while rendering {page}"))
}
