//! `V012` pending-rules.

use super::rule;
use crate::config::Publication;
use crate::finding::{At, Finding, Findings};
use crate::graph::Graph;
use crate::safety::SAFETY;

rule! {
    /// # What it finds
    ///
    /// In production: rules, fine pairs, general warnings and care cards of the safety table that a clinician has not cleared yet,
    /// which is all whose `review` isn't `sourced`. One finding for each of the four lists. In a draft the pages mark each of them.
    ///
    /// # Why it matters
    ///
    /// Every verdict of the site follows from this table.
    ///
    /// # Example
    ///
    /// ```yaml
    /// ok:
    ///   - movement: sitting
    ///     conditions: [osteopenia]
    ///     review: needs clinical review
    /// ```
    ///
    /// # Instead
    ///
    /// Have a clinician clear it, with the source that they stand on, and write `review: sourced`.
    PENDING_RULES = "V012", "pending-rules", Error
}

/// What in the safety table nobody has cleared, once the public reads it.
pub fn check(graph: &Graph) -> Findings {
    if graph.config.publication != Publication::Production {
        return Findings::default();
    }
    let table = &graph.safety.table;
    let pending = |reviews: Vec<Option<&str>>| {
        let is_open = |(_, review): &(usize, Option<&str>)| *review != Some("sourced");
        reviews.into_iter().enumerate().filter(is_open).map(|(i, _)| i).collect::<Vec<usize>>()
    };
    let lists = [
        ("rules", ["rule", "rules"], pending(table.rules.iter().map(|rule| rule.review.as_deref()).collect())),
        ("ok", ["fine pair", "fine pairs"], pending(table.ok.iter().map(|ok| ok.review.as_deref()).collect())),
        (
            "general_warnings",
            ["general warning", "general warnings"],
            pending(table.general_warnings.iter().map(|warning| warning.review.as_deref()).collect()),
        ),
        (
            "care_cards",
            ["care card", "care cards"],
            pending(table.care_cards.iter().map(|card| card.review.as_deref()).collect()),
        ),
    ];
    let finding = |(list, [one, many], open): (&str, [&str; 2], Vec<usize>)| {
        let first = open.first()?.to_string();
        let what = if open.len() == 1 { format!("1 {one} waits") } else { format!("{} {many} wait", open.len()) };
        let message = format!("{what} for clinical review; this is the first one");
        let at = At::field(&SAFETY.into(), [list, &first]);
        Some(Finding::new(&PENDING_RULES, at, message).help("have a clinician clear it, then write `review: sourced`"))
    };
    Findings(lists.into_iter().filter_map(finding).collect())
}
