//! `S006` no-alternative.

use super::{listed, rule};
use crate::entry::Verdict;
use crate::finding::{Finding, Findings};
use crate::graph::Graph;
use crate::safety::Safety;

rule! {
    /// # What it finds
    ///
    /// A rule of `safety.yaml` that says `avoid` or `supervise` and names no exercise to do instead. For conditions of a group with
    /// `stop_first` the care cards take that place.
    ///
    /// # Why it matters
    ///
    /// A ban alone teaches nothing. People who are only told what not to do often stop moving.
    ///
    /// # Example
    ///
    /// ```yaml
    /// - id: curl
    ///   movement: trunk-curl
    ///   conditions: [osteoporosis, kyphosis, new-back-pain]
    ///   verdict: avoid
    ///   warning: Do not curl.
    ///   review: sourced
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// - id: curl
    ///   movement: trunk-curl
    ///   conditions: [osteoporosis, kyphosis, new-back-pain]
    ///   verdict: avoid
    ///   warning: Do not curl.
    ///   alternatives: [bridge]
    ///   review: sourced
    /// ```
    NO_ALTERNATIVE = "S006", "no-alternative", Error
}

/// Strict rules without an alternative.
pub fn check(graph: &Graph) -> Findings {
    let safety = &graph.safety;
    let mut findings = Findings::default();
    for (i, rule) in safety.table.rules.iter().enumerate() {
        let Some(verdict) = rule.verdict.filter(|verdict| *verdict >= Verdict::Supervise) else { continue };
        let needs_one = |id: &&str| safety.condition(id).is_some_and(|condition| !graph.has_care(condition));
        let conditions: Vec<&str> = rule.conditions.iter().map(|id| &**id).filter(needs_one).collect();
        if rule.alternatives.is_empty() && !conditions.is_empty() {
            let message = format!(
                "the rule `{}` says `{}` to people with {} and offers nothing instead",
                rule.id,
                verdict.word(),
                listed(&conditions, "and")
            );
            let at = Safety::at(&["rules", &i.to_string(), "verdict"]);
            let help = "add `alternatives` with exercises that these people may do";
            findings.push(Finding::new(&NO_ALTERNATIVE, at, message).help(help));
        }
    }
    findings
}
