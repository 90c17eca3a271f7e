//! `S011` unsafe-alternative.

use super::{listed, rule};
use crate::entry::{Data, Id, Kind};
use crate::finding::{At, Finding, Findings};
use crate::graph::Graph;
use crate::safety::Safety;

rule! {
    /// # What it finds
    ///
    /// An exercise that is offered in place of another one and is itself to be avoided: in `alternatives` of a rule or of a warning
    /// with one of its conditions, or a card with `status: avoid` in `alternatives`, `instead`, `easier` or `harder`.
    ///
    /// # Why it matters
    ///
    /// Readers are told to do this instead, and it hurts them in the same way.
    ///
    /// # Example
    ///
    /// People with kyphosis must not hop, and the card of `sit-up` has `status: avoid`:
    ///
    /// ```yaml
    /// - id: curl
    ///   movement: trunk-curl
    ///   conditions: [kyphosis, osteoporosis]
    ///   verdict: avoid
    ///   warning: Do not curl.
    ///   alternatives: [hop, sit-up]
    ///   review: sourced
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// - id: curl
    ///   movement: trunk-curl
    ///   conditions: [kyphosis, osteoporosis]
    ///   verdict: avoid
    ///   warning: Do not curl.
    ///   alternatives: [bridge]
    ///   review: sourced
    /// ```
    UNSAFE_ALTERNATIVE = "S011", "unsafe-alternative", Error
}

/// Alternatives that are no better.
pub fn check(graph: &Graph) -> Findings {
    let mut findings = Findings::default();
    for (i, rule) in graph.safety.table.rules.iter().enumerate() {
        let at = |n: usize| Safety::at(&["rules", &i.to_string(), "alternatives", &n.to_string()]);
        findings.0.extend(offered(graph, &rule.alternatives, &rule.conditions, at));
    }
    for (_, node) in graph.of_kind(Kind::Warning) {
        let (Some(document), Some(Data::Warning(warning))) = (node.document(), node.data()) else { continue };
        let at = |n: usize| document.field(["alternatives", &n.to_string()]);
        findings.0.extend(offered(graph, &warning.alternatives, &warning.applies_to.conditions, at));
    }
    for (index, _) in graph.of_kind(Kind::Exercise) {
        let Some((document, exercise)) = graph.exercise(index) else { continue };
        for (field, ids) in [("instead", &exercise.instead), ("easier", &exercise.easier), ("harder", &exercise.harder)] {
            // Two cards to avoid may well be an easier and a harder version of each other.
            if field == "instead" || !graph.safety.profile(exercise).is_avoided {
                findings.0.extend(offered(graph, ids, &[], |n| document.field([field, &n.to_string()])));
            }
        }
    }
    findings
}

/// What is wrong with a list of exercises for people with some conditions. For those who are to be seen by a professional first,
/// nothing is an alternative, and care cards take its place.
fn offered(graph: &Graph, ids: &[Id], conditions: &[Id], at: impl Fn(usize) -> At) -> Vec<Finding> {
    let safety = &graph.safety;
    let finding = |(n, id): (usize, &Id)| {
        let (document, exercise) = graph.exercise(graph.find(id)?)?;
        let profile = safety.profile(exercise);
        let is_avoided = |id: &&str| {
            safety.condition(id).is_some_and(|condition| !graph.has_care(condition) && safety.avoids(&profile, condition))
        };
        let with: Vec<&str> = conditions.iter().map(|id| &**id).filter(is_avoided).collect();
        let finding =
            |message: String| Finding::new(&UNSAFE_ALTERNATIVE, at(n), message).help("offer an exercise that they may do");
        if profile.is_avoided {
            let finding = finding(format!("`{id}` is offered here and is to be avoided by everybody"));
            Some(finding.note(Some(document.field(["status"])), "the card has `status: avoid`"))
        } else if with.is_empty() {
            None
        } else {
            let message = format!("`{id}` is offered here to people with {}, who must avoid it", listed(&with, "or"));
            Some(finding(message).note(Some(document.field(["movements"])), "its movements decide that"))
        }
    };
    ids.iter().enumerate().filter_map(finding).collect()
}
