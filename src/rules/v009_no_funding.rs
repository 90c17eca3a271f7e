//! `V009` no-funding.

use super::rule;
use crate::config::{CONFIG, Publication};
use crate::finding::{At, Finding, Findings};
use crate::graph::Graph;
use crate::review;

rule! {
    /// # What it finds
    ///
    /// In production: a site with advice that doesn't say who pays for it.
    ///
    /// # Why it matters
    ///
    /// Advice that is paid for by a seller reads the same as any other. Readers can judge it only if they are told.
    ///
    /// # Example
    ///
    /// An `osteon.yaml` without `funding`, or with nothing in it:
    ///
    /// ```yaml
    /// funding: " "
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// funding: None. The site is written by volunteers and sells nothing.
    /// ```
    NO_FUNDING = "V009", "no-funding", Error
}

/// A public site that doesn't say who pays.
pub fn check(graph: &Graph) -> Findings {
    let is_said = graph.config.settings.funding.as_deref().is_some_and(|text| !text.trim().is_empty());
    if is_said || graph.config.publication != Publication::Production || review::advice(graph).next().is_none() {
        return Findings::default();
    }
    let finding = Finding::new(&NO_FUNDING, At::file(&CONFIG.into()), "the site doesn't say who pays for it")
        .help("add `funding: …`; if nobody does, write that out");
    Findings(vec![finding])
}
