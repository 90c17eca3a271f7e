//! `S010` uncleared-advice.

use super::rule;
use crate::config::Publication;
use crate::finding::{Finding, Findings};
use crate::graph::Graph;
use crate::safety::Safety;

rule! {
    /// # What it finds
    ///
    /// Advice in `safety.yaml` whose `review` is not exactly `sourced`: rules, general warnings, care cards, and pairs in `ok` that
    /// say what still has to be cleared. A draft does not hear of it: it shows "waiting for clinical review" to its readers.
    ///
    /// # Why it matters
    ///
    /// All verdicts follow from this table. What no clinician has cleared is not for the public.
    ///
    /// # Example
    ///
    /// ```yaml
    /// - id: jolts
    ///   movement: jolt
    ///   conditions: [kyphosis]
    ///   verdict: modify
    ///   warning: Hold on.
    ///   review: the verdict needs clinical review.
    /// ```
    ///
    /// # Instead
    ///
    /// Let a clinician check the verdict, its words and its sources, and record that:
    ///
    /// ```yaml
    /// - id: jolts
    ///   movement: jolt
    ///   conditions: [kyphosis]
    ///   verdict: modify
    ///   warning: Hold on.
    ///   review: sourced
    /// ```
    UNCLEARED_ADVICE = "S010", "uncleared-advice", Error
}

/// Advice that waits for a clinician.
pub fn check(graph: &Graph) -> Findings {
    if graph.config.publication == Publication::Draft {
        return Findings::default();
    }
    let table = &graph.safety.table;
    let mut findings = Findings::default();
    let mut check = |list: &str, i: usize, what: String, review: Option<&str>| {
        if review == Some("sourced") {
            return;
        }
        let i = i.to_string();
        let (at, message) = match review {
            Some(review) => (Safety::at(&[list, &i, "review"]), format!("{what} still waits: {review}")),
            None => (Safety::at(&[list, &i]), format!("{what} doesn't say who cleared it")),
        };
        let message = message.trim_end_matches(['.', '!']);
        findings.push(
            Finding::new(&UNCLEARED_ADVICE, at, message)
                .help("let a clinician check verdict, words and sources, then write `review: sourced`"),
        );
    };
    for (i, rule) in table.rules.iter().enumerate() {
        check("rules", i, format!("the rule `{}`", rule.id), rule.review.as_deref());
    }
    for (i, ok) in table.ok.iter().enumerate().filter(|(_, ok)| ok.review.is_some()) {
        check("ok", i, format!("the verdict `ok` for `{}`", ok.movement), ok.review.as_deref());
    }
    for (i, warning) in table.general_warnings.iter().enumerate() {
        check("general_warnings", i, format!("the general warning `{}`", warning.id), warning.review.as_deref());
    }
    for (i, card) in table.care_cards.iter().enumerate() {
        check("care_cards", i, format!("the care card \u{201c}{}\u{201d}", card.title), card.review.as_deref());
    }
    findings
}
