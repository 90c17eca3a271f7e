//! `T008` lost-disclaimer.

use super::rule;
use super::t004_lost_warning::Lost;
use crate::config::CONFIG;
use crate::finding::{At, Finding, Findings};
use crate::graph::Graph;

rule! {
    /// # What it finds
    ///
    /// A page of advice that doesn't say, before its exercises and where readers see it, that it supports their own clinician and
    /// doesn't replace them. The foot of the page is too late. Pages of advice are the start page, the safety page, every article, exercise,
    /// programme, warning, claim and condition, and other pages that show one of them. osteon marks the words, `page.disclaimer`,
    /// and looks for the mark on the finished page.
    ///
    /// Also a `disclaimer` in `osteon.yaml` that is empty or has more than 60 words.
    ///
    /// # Why it matters
    ///
    /// A page doesn't know its reader: her bones, her medicines, her last fall. Somebody does, and she should ask them.
    ///
    /// # Example
    ///
    /// ```jinja
    /// <h1>{{ page.title }}</h1>
    /// {{ text.body }}
    /// ```
    ///
    /// # Instead
    ///
    /// ```jinja
    /// <h1>{{ page.title }}</h1>
    /// <p>{{ page.disclaimer }}</p>
    /// {{ text.body }}
    /// ```
    LOST_DISCLAIMER = "T008", "lost-disclaimer", Error
}

/// Words that people read before they read what they came for.
const LIMIT: usize = 60;

/// A disclaimer that says nothing, or too much.
pub fn check(graph: &Graph) -> Findings {
    let words = graph.config.disclaimer().split_whitespace().count();
    let message = match words {
        0 => "the disclaimer is empty".to_owned(),
        1..=LIMIT => return Findings::default(),
        more => format!("the disclaimer has {more} words; readers take in {LIMIT}"),
    };
    let help =
        "say in plain words that a page supports the reader's own clinician and doesn't replace them, or leave the key out";
    Findings(vec![Finding::new(&LOST_DISCLAIMER, At::field(&CONFIG.into(), ["disclaimer"]), message).help(help)])
}

/// A page of advice without its disclaimer.
pub fn finding(at: At, page: &str, lost: Lost) -> Finding {
    let what = "that it doesn't replace the reader's own clinician";
    let (message, help) = match lost {
        Lost::Missing => (format!("the page `{page}` does not say {what}"), "show `page.disclaimer` before the text"),
        Lost::Hidden => (format!("the page `{page}` hides {what}"), "show `page.disclaimer` in an element that everybody sees"),
        Lost::Late => {
            (format!("the page `{page}` says {what} only after the exercise"), "show `page.disclaimer` before the text")
        }
        Lost::Unprinted => (
            format!("the page `{page}` does not print {what}"),
            "take its element, and those around it, out of what the style sheet hides in `@media print`",
        ),
    };
    Finding::new(&LOST_DISCLAIMER, at, message).help(help)
}
