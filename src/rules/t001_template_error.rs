//! `T001` template-error.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A template that can't be read.
    ///
    /// # Why it matters
    ///
    /// No page can be made with it.
    ///
    /// # Example
    ///
    /// `{{ entry.title }` in a template.
    ///
    /// # Instead
    ///
    /// `{{ entry.title }}`
    TEMPLATE_ERROR = "T001", "template-error", Error
}

/// The template engine's own words.
pub fn finding(at: At, message: &str) -> Finding {
    Finding::new(&TEMPLATE_ERROR, at, format!("this template can't be read: {message}"))
}
