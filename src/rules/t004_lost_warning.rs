//! `T004` lost-warning.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A finished page without a warning that it must carry, with one that readers cannot see, that comes only after the steps, or that
    /// isn't printed because a rule in `@media print` hides its element by tag or class. The same holds for the reason why nobody
    /// should do an exercise, for what people with a condition must do before they exercise, and for what the safety rules say to the
    /// audience of an article or a programme about the exercises that it recommends.
    ///
    /// osteon marks the text of each warning, fills it in, and looks for the mark on the page as it is published: a template decides
    /// how a warning looks, but not whether it is there.
    ///
    /// # Why it matters
    ///
    /// People read the steps and begin. A warning that is missing, folded away or below the steps protects nobody.
    ///
    /// # Example
    ///
    /// A template shows the warnings only after the steps:
    ///
    /// ```jinja
    /// <ol>{% for step in text.steps %}<li>{{ step }}</li>{% endfor %}</ol>
    /// {{ text.warnings }}
    /// ```
    ///
    /// Or it folds them away:
    ///
    /// ```jinja
    /// <details><summary>Warnings</summary>{{ text.warnings }}</details>
    /// ```
    ///
    /// # Instead
    ///
    /// ```jinja
    /// {{ text.warnings }}
    /// <ol>{% for step in text.steps %}<li>{{ step }}</li>{% endfor %}</ol>
    /// ```
    LOST_WARNING = "T004", "lost-warning", Error
}

/// How a warning was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// It isn't on the page.
    Missing,
    /// It is on the page, where nobody sees it.
    Hidden,
    /// It comes after the steps.
    Late,
    /// It is on the screen, but not on paper.
    Unprinted,
}

/// A page that doesn't say something as it must.
pub fn finding(at: At, page: &str, what: &str, lost: Lost) -> Finding {
    let (message, help) = match lost {
        Lost::Missing => (
            format!("the page `{page}` does not show {what}"),
            "show `text.warnings`, `text.status_reason` and the whole text of each warning before the steps",
        ),
        Lost::Hidden => (
            format!("the page `{page}` hides {what}"),
            "take it out of `hidden`, `aria-hidden`, `<template>`, closed `<details>` and `display: none`",
        ),
        Lost::Late => {
            (format!("the page `{page}` shows {what} only after the exercise"), "move it before the exercise and its steps")
        }
        Lost::Unprinted => (
            format!("the page `{page}` does not print {what}"),
            "take its element, and those around it, out of what the style sheet hides in `@media print`",
        ),
    };
    Finding::new(&LOST_WARNING, at, message).help(help)
}
