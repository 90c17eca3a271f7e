//! `V010` no-policy.

use super::rule;
use crate::config::{CONFIG, Publication};
use crate::entry::Kind;
use crate::finding::{At, Finding, Findings};
use crate::graph::Graph;
use crate::review;

rule! {
    /// # What it finds
    ///
    /// In production: a site with advice and without a page that says how it is made. The page is called `how-we-work` or
    /// `editorial-policy`; every page of the built-in theme links to it.
    ///
    /// # Why it matters
    ///
    /// Whoever wants to know how sources are chosen, who checks what, and how to report a mistake needs one place to look.
    ///
    /// # Example
    ///
    /// A site whose only page is `content/pages/about.md`.
    ///
    /// # Instead
    ///
    /// Write `content/pages/how-we-work.md`: how pages are written, referenced, reviewed, published and reviewed again, and how
    /// readers report an error.
    NO_POLICY = "V010", "no-policy", Error
}

/// The names under which footers look for the page.
const NAMES: [&str; 2] = ["how-we-work", "editorial-policy"];

/// A public site that doesn't say how it is made.
pub fn check(graph: &Graph) -> Findings {
    let is_page = |id: &str| graph.find(id).is_some_and(|index| graph.node(index).kind == Kind::Page);
    let has_page = NAMES.into_iter().any(is_page);
    if has_page || graph.config.publication != Publication::Production || review::advice(graph).next().is_none() {
        return Findings::default();
    }
    let finding = Finding::new(&NO_POLICY, At::file(&CONFIG.into()), "no page says how this site is written and checked")
        .help("write `content/pages/how-we-work.md`");
    Findings(vec![finding])
}
