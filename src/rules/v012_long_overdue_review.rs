//! `V012` long-overdue-review. It is found together with [`V003`](super::v003_review_overdue).

use super::rule;

rule! {
    /// # What it finds
    ///
    /// A reviewed entry whose next review was due more than 180 days before the day of the build. A warning in a draft.
    ///
    /// # Why it matters
    ///
    /// A notice asks readers for patience. After half a year nobody is on the way, and the page speaks for a reviewer who may no longer agree.
    ///
    /// # Example
    ///
    /// On 2026-11-24, this review is 181 days late:
    ///
    /// ```yaml
    /// reviewed_on: 2025-06-01
    /// next_review: 2026-05-27
    /// ```
    ///
    /// # Instead
    ///
    /// Have the entry reviewed again and record the new review, or make it a draft until somebody has the time.
    ///
    /// ```yaml
    /// reviewed_on: 2026-11-24
    /// next_review: 2027-11-24
    /// ```
    LONG_OVERDUE_REVIEW = "V012", "long-overdue-review", Warning, Error in production
}
