//! `S007` no-instead.

use super::{listed, rule};
use crate::entry::{Exercise, Id, Kind};
use crate::finding::{Finding, Findings};
use crate::graph::Graph;
use crate::parse::Document;
use crate::safety::Profile;

rule! {
    /// # What it finds
    ///
    /// A card with `status: avoid` that offers nothing to do instead, or nothing that people with some condition may do. What counts
    /// is `instead` of the card and the alternatives of the rules about its movements. For conditions of a group with `stop_first`
    /// the care cards take that place.
    ///
    /// # Why it matters
    ///
    /// Readers come to such a card because they have done the exercise or were told to. They leave with nothing.
    ///
    /// # Example
    ///
    /// ```yaml
    /// title: Sit-up
    /// movements: [trunk-curl]
    /// steps: Begin.
    /// status: avoid
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// title: Sit-up
    /// movements: [trunk-curl]
    /// steps: Begin.
    /// status: avoid
    /// instead: [bridge]
    /// ```
    NO_INSTEAD = "S007", "no-instead", Error
}

/// Cards to avoid that leave somebody with nothing.
pub fn check(graph: &Graph) -> Findings {
    let cards = graph.of_kind(Kind::Exercise).filter_map(|(index, _)| graph.exercise(index));
    let of_card = |(document, exercise): (&Document, &Exercise)| {
        let profile = graph.safety.profile(exercise);
        if profile.is_avoided { finding(graph, document, exercise, &profile) } else { None }
    };
    Findings(cards.filter_map(of_card).collect())
}

fn finding(graph: &Graph, document: &Document, exercise: &Exercise, profile: &Profile) -> Option<Finding> {
    let safety = &graph.safety;
    let profile_of = |id: &Id| Some(safety.profile(graph.exercise(graph.find(id)?)?.1)).filter(|profile| !profile.is_avoided);
    let instead: Vec<Profile> = exercise.instead.iter().filter_map(profile_of).collect();
    let has_any = |condition: usize| {
        let of_rules = safety.reasons(profile, condition).into_iter().flat_map(|(_, rule)| &rule.alternatives);
        let is_fine = |profile: &Profile| !safety.avoids(profile, condition);
        instead.iter().any(is_fine) || of_rules.filter_map(profile_of).any(|profile| is_fine(&profile))
    };
    let conditions = safety.table.conditions.iter().enumerate();
    let without = conditions.filter(|(c, _)| !graph.has_care(*c) && !has_any(*c)).map(|(_, condition)| &*condition.id);
    let without: Vec<&str> = without.collect();
    let (message, help) = if instead.is_empty() && (safety.table.conditions.is_empty() || !without.is_empty()) {
        (
            "this exercise is to be avoided, and the card offers nothing instead".to_owned(),
            "add `instead` with exercises that train the same and are safer",
        )
    } else if without.is_empty() {
        return None;
    } else {
        (
            format!("the card offers nothing instead that people with {} may do", listed(&without, "or")),
            "add an exercise to `instead` that they need not avoid",
        )
    };
    let at = document.field([if exercise.instead.is_empty() { "status" } else { "instead" }]);
    Some(Finding::new(&NO_INSTEAD, at, message).help(help))
}
