//! `V003` review-overdue.

use super::rule;
use super::v012_long_overdue_review::LONG_OVERDUE_REVIEW;
use crate::finding::{Finding, Findings};
use crate::graph::Graph;
use crate::review;

rule! {
    /// # What it finds
    ///
    /// A reviewed entry whose next review was due before the day of the build, up to 180 days ago; after that it is `V012`. The page tells
    /// its readers, too.
    ///
    /// # Why it matters
    ///
    /// What was right three years ago may be wrong today, and nobody has looked since.
    ///
    /// # Example
    ///
    /// On 2026-11-24, this review is a day late:
    ///
    /// ```yaml
    /// reviewed_by: [eve]
    /// reviewed_on: 2025-06-01
    /// next_review: 2026-11-23
    /// ```
    ///
    /// # Instead
    ///
    /// Have the entry reviewed again, and record the new review. Never move the date alone.
    ///
    /// ```yaml
    /// reviewed_by: [eve]
    /// reviewed_on: 2026-11-24
    /// next_review: 2027-11-24
    /// ```
    REVIEW_OVERDUE = "V003", "review-overdue", Warning
}

/// For how many days a page whose review is overdue may stay, with a notice to its readers.
const GRACE: i32 = 180;

/// Reviews that were due.
pub fn check(graph: &Graph) -> Findings {
    let today = graph.config.options.today;
    let finding = |(index, document): (u32, &crate::parse::Document)| {
        let due = document.meta.next_review.filter(|due| *due < today && Some(*due) > document.meta.reviewed_on)?;
        let is_long = due.plus_days(GRACE) < today;
        let (rule, ago) = if is_long {
            (&LONG_OVERDUE_REVIEW, format!(", more than {GRACE} days ago"))
        } else {
            (&REVIEW_OVERDUE, String::new())
        };
        let message = format!("the next review of this {} was due on {due}{ago}", document.kind.word());
        Some(
            Finding::new(rule, review::place(graph, index, "next_review"), message)
                .help("have it reviewed again and record the new review"),
        )
    };
    Findings(review::reviewed(graph).filter_map(finding).collect())
}
