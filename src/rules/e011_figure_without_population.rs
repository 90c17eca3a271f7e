//! `E011` figure-without-population.

use super::rule;
use crate::finding::{Finding, Findings};
use crate::graph::Graph;

rule! {
    /// # What it finds
    ///
    /// A claim with a percentage in its `figures` that doesn't say who was studied.
    ///
    /// # Why it matters
    ///
    /// "23% fewer" means something else for people who fall often than for people who hardly ever do. Readers have to know
    /// whether the figure is about somebody like them.
    ///
    /// # Example
    ///
    /// ```yaml
    /// figures: {people: 44, bone loss: 20% less}
    /// ```
    ///
    /// # Instead
    ///
    /// Say who was studied, in the words of the study:
    ///
    /// ```yaml
    /// population: women past menopause
    /// figures: {people: 44, bone loss: 20% less}
    /// ```
    FIGURE_WITHOUT_POPULATION = "E011", "figure-without-population", Warning
}

/// Percentages of nobody knows whom.
pub fn check(graph: &Graph) -> Findings {
    let mut findings = Findings::default();
    for (document, claim) in graph.claims() {
        let is_told = claim.population.as_ref().is_some_and(|population| !population.trim().is_empty());
        let is_share = |text: &str| text.contains('%') || text.contains("per cent") || text.contains("percent");
        let share = claim.figures.iter().find(|(_, text)| is_share(text));
        if let Some((name, text)) = share.filter(|_| !is_told) {
            let message = format!("the figure \"{text}\" doesn't say who was studied");
            findings.push(
                Finding::new(&FIGURE_WITHOUT_POPULATION, document.field(["figures", name]), message)
                    .help("add `population` to the claim, in the words of the study"),
            );
        }
    }
    findings
}
