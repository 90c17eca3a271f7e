//! `V004` review-due.

use super::rule;
use crate::finding::{Finding, Findings};
use crate::graph::Graph;
use crate::review;

rule! {
    /// # What it finds
    ///
    /// A reviewed entry whose next review falls due within ninety days.
    ///
    /// # Why it matters
    ///
    /// Reviewers need time. Who asks them on the last day has an overdue page on the next one.
    ///
    /// # Example
    ///
    /// On 2026-11-24, this review falls due in ninety days:
    ///
    /// ```yaml
    /// reviewed_on: 2026-02-22
    /// next_review: 2027-02-22
    /// ```
    ///
    /// # Instead
    ///
    /// Ask the reviewer now, and record the new review. `osteon review calendar` writes all dates into a file for your calendar.
    ///
    /// ```yaml
    /// reviewed_on: 2026-11-24
    /// next_review: 2027-11-24
    /// ```
    REVIEW_DUE = "V004", "review-due", Note, Warning in production
}

/// For how many days before it is due a review is announced.
const NOTICE: i32 = 90;

/// Reviews that fall due soon.
pub fn check(graph: &Graph) -> Findings {
    let today = graph.config.options.today;
    let last = today.plus_days(NOTICE);
    let finding = |(index, document): (u32, &crate::parse::Document)| {
        let due = document.meta.next_review.filter(|due| (today..=last).contains(due))?;
        let message = format!("the next review of this {} is due on {due}", document.kind.word());
        Some(
            Finding::new(&REVIEW_DUE, review::place(graph, index, "next_review"), message)
                .help("ask its reviewer now; `osteon review calendar` lists all dates"),
        )
    };
    Findings(review::reviewed(graph).filter_map(finding).collect())
}
