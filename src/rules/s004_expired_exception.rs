//! `S004` expired-exception.

use super::rule;
use crate::finding::{Finding, Findings};
use crate::graph::{Graph, Standing};

rule! {
    /// # What it finds
    ///
    /// An exception in `acknowledge` whose last day (`until`) has passed. It allows nothing any more.
    ///
    /// # Why it matters
    ///
    /// Somebody decided for a time, with what was known then. Without an end, an exception becomes the rule.
    ///
    /// # Example
    ///
    /// On every day after 23 November 2026:
    ///
    /// ```yaml
    /// acknowledge:
    ///   - {exercise: hop, condition: osteoporosis, reason: A physiotherapist teaches the class., by: jo, until: 2026-11-23}
    /// ```
    ///
    /// # Instead
    ///
    /// Recommend another exercise, or let the person decide again and set a new day:
    ///
    /// ```yaml
    /// acknowledge:
    ///   - {exercise: hop, condition: osteoporosis, reason: A physiotherapist teaches the class., by: jo, until: 2027-01-31}
    /// ```
    EXPIRED_EXCEPTION = "S004", "expired-exception", Error
}

/// Exceptions that ended before today.
pub fn check(graph: &Graph) -> Findings {
    let exceptions = graph.exceptions().into_iter().filter(|exception| exception.standing == Standing::Expired);
    let finding =
        |exception: crate::graph::Exception<'_>| {
            let document = graph.node(exception.page).document()?;
            let record = exception.record;
            let until = record.until?;
            let at = document.field(["acknowledge", &exception.position.to_string(), "until"]);
            let message = format!("the exception for `{}` with `{}` ended on {until}", record.exercise, record.condition);
            Some(Finding::new(&EXPIRED_EXCEPTION, at, message).help(format!(
                "recommend another exercise, or ask `{}` whether the exception may go on, and until when",
                record.by
            )))
        };
    Findings(exceptions.filter_map(finding).collect())
}
