//! `V006` review-dates.

use super::rule;
use crate::finding::{Finding, Findings};
use crate::graph::Graph;
use crate::parse::Document;
use crate::review;

rule! {
    /// # What it finds
    ///
    /// Dates of a review that can't be: a review in the future, without a reviewer, without a date, after the next one, or with the next one
    /// more than three years later. A warning in a draft.
    ///
    /// # Why it matters
    ///
    /// Readers see these dates and decide by them whether to trust a page. A slip of the pen can keep a page from ever being due.
    ///
    /// # Example
    ///
    /// ```yaml
    /// reviewed_by: [eve]
    /// reviewed_on: 2026-06-01
    /// next_review: 2036-06-01
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// reviewed_by: [eve]
    /// reviewed_on: 2026-06-01
    /// next_review: 2027-06-01
    /// ```
    REVIEW_DATES = "V006", "review-dates", Warning, Error in production
}

/// Dates of reviews that can't be.
pub fn check(graph: &Graph) -> Findings {
    let documents = (0u32..).zip(&graph.nodes).filter_map(|(index, node)| Some((index, node.document()?)));
    Findings(documents.filter_map(|(index, document)| finding(graph, index, document)).collect())
}

/// The first thing that is wrong: the others mostly follow from it.
fn finding(graph: &Graph, index: u32, document: &Document) -> Option<Finding> {
    let meta = &document.meta;
    let finding = |field: &str, message: String, help: &str| {
        Some(Finding::new(&REVIEW_DATES, review::place(graph, index, field), message).help(help))
    };
    match (meta.reviewed_on, meta.next_review) {
        (Some(on), _) if meta.reviewed_by.is_empty() => {
            let help = "add `reviewed_by: [id]`, or remove the date if nobody has reviewed the entry";
            finding("reviewed_on", format!("there is a review on {on}, and nobody who did it"), help)
        }
        (None, _) if !meta.reviewed_by.is_empty() => finding(
            "reviewed_by",
            "there is a reviewer, and no day of the review".into(),
            "add `reviewed_on` with the day of the review",
        ),
        (Some(on), _) if on > graph.config.options.today => {
            let help = "write the day on which it was really reviewed";
            finding("reviewed_on", format!("the review is said to happen on {on}, which is in the future"), help)
        }
        (Some(on), Some(next)) if next <= on => {
            let help = "let `next_review` be later than `reviewed_on`";
            finding("next_review", format!("the next review, on {next}, is not after the review on {on}"), help)
        }
        (Some(on), Some(next)) if next > on.plus_years(review::LONGEST) => {
            let help = "safety is looked at every year, everything else at least every three years";
            finding("next_review", format!("the next review, on {next}, is more than three years after the one on {on}"), help)
        }
        _ => None,
    }
}
