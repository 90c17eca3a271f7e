//! `V002` not-reviewed.

use super::rule;
use crate::config::Publication;
use crate::finding::{Finding, Findings};
use crate::graph::Graph;
use crate::review;

rule! {
    /// # What it finds
    ///
    /// In production: an article, exercise, programme, warning or claim that nobody has reviewed. In a draft there is nothing to
    /// report, because the page itself says so.
    ///
    /// # Why it matters
    ///
    /// Advice that only its author has read is an opinion. A second pair of trained eyes is what a reader relies on.
    ///
    /// # Example
    ///
    /// ```yaml
    /// title: Hips
    /// authors: [ada]
    /// ```
    ///
    /// # Instead
    ///
    /// Have the page checked by somebody who may judge it, print `osteon review copy hips` for them, and record what they signed with
    /// `osteon review sign hips --by eve`. Or write into the entry who reviewed it, when, and when it is due again:
    ///
    /// ```yaml
    /// title: Hips
    /// authors: [ada]
    /// reviewed_by: [eve]
    /// reviewed_on: 2026-06-01
    /// next_review: 2027-06-01
    /// ```
    NOT_REVIEWED = "V002", "not-reviewed", Error
}

/// Advice that nobody has reviewed, once the public reads it.
pub fn check(graph: &Graph) -> Findings {
    if graph.config.publication != Publication::Production {
        return Findings::default();
    }
    let is_open = |index: u32| !graph.reviews.is_stale(index);
    let finding = |(index, document): (u32, &crate::parse::Document)| {
        let what = document.kind.word();
        let open = document.meta.reviewed_by.is_empty() && is_open(index) && !document.is_blank();
        open.then(|| {
            Finding::new(&NOT_REVIEWED, document.at(), format!("nobody has reviewed this {what}")).help(format!(
                "have it checked by somebody who isn't its author, then run `osteon review sign {} --by PERSON`",
                document.id
            ))
        })
    };
    Findings(review::advice(graph).filter_map(finding).collect())
}
