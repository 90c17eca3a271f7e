//! `S005` unused-exception.

use super::rule;
use crate::finding::{Finding, Findings};
use crate::graph::{Exception, Graph, Standing};

rule! {
    /// # What it finds
    ///
    /// An exception in `acknowledge` that allows nothing: the article does not recommend the exercise, is not written for people
    /// with the condition, or the exercise is not to be avoided with it. An exception from `status: avoid` is never possible.
    ///
    /// # Why it matters
    ///
    /// It would wait unseen, and allow something on the day on which a rule, a card or the article changes. It is also printed for
    /// readers.
    ///
    /// # Example
    ///
    /// An article that does not recommend `heel-raise` has this exception in `acknowledge`:
    ///
    /// ```yaml
    /// - {exercise: heel-raise, condition: osteoporosis, reason: It is not recommended., by: jo, until: 2027-01-01}
    /// ```
    ///
    /// # Instead
    ///
    /// Keep only exceptions for exercises that the article recommends, and that its audience should otherwise avoid:
    ///
    /// ```yaml
    /// audience: [osteoporosis]
    /// recommends: [hop, bridge]
    /// acknowledge:
    ///   - {exercise: hop, condition: osteoporosis, reason: A physiotherapist teaches the class., by: jo, until: 2027-01-01}
    /// ```
    UNUSED_EXCEPTION = "S005", "unused-exception", Error
}

/// Exceptions that allow nothing.
pub fn check(graph: &Graph) -> Findings {
    Findings(graph.exceptions().iter().filter_map(|exception| finding(graph, exception)).collect())
}

fn finding(graph: &Graph, exception: &Exception<'_>) -> Option<Finding> {
    let document = graph.node(exception.page).document()?;
    let (exercise, condition) = (&exception.record.exercise, &exception.record.condition);
    let (field, why, help) = match exception.standing {
        Standing::Holds | Standing::Incomplete | Standing::Expired => return None,
        Standing::NotRecommended => ("exercise", format!("the article does not recommend `{exercise}`"), "remove the exception"),
        Standing::NotAudience => {
            ("condition", format!("the article is not written for people with `{condition}`"), "remove the exception")
        }
        Standing::NotAvoided => {
            ("condition", format!("`{exercise}` is not to be avoided with `{condition}`"), "remove the exception")
        }
        Standing::AvoidedByAll => (
            "exercise",
            format!("`{exercise}` has `status: avoid`, from which there is no exception"),
            "recommend another exercise, or change the status of the card",
        ),
        Standing::Repeated => ("exercise", format!("`{exercise}` has one for `{condition}` already"), "remove one of them"),
    };
    let at = document.field(["acknowledge", &exception.position.to_string(), field]);
    Some(Finding::new(&UNUSED_EXCEPTION, at, format!("this exception allows nothing: {why}")).help(help))
}
