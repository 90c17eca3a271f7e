//! `E010` reference-on-both-sides.

use super::rule;
use crate::finding::{Finding, Findings};
use crate::graph::Graph;

rule! {
    /// # What it finds
    ///
    /// A claim with the same reference in `supports` and in `contradicts`.
    ///
    /// # Why it matters
    ///
    /// The page shows both sides of a disagreement. A reader can't make sense of a study that stands on both.
    ///
    /// # Example
    ///
    /// ```yaml
    /// supports: [writer2002, writer2001]
    /// contradicts: [writer2001]
    /// ```
    ///
    /// # Instead
    ///
    /// Leave the study on the side that its result is on:
    ///
    /// ```yaml
    /// supports: [writer2002]
    /// contradicts: [writer2001]
    /// ```
    ///
    /// If it measured two things, and only one of them got better, make two claims: one for each.
    REFERENCE_ON_BOTH_SIDES = "E010", "reference-on-both-sides", Error
}

/// References that a claim names for and against itself.
pub fn check(graph: &Graph) -> Findings {
    let mut findings = Findings::default();
    for (document, claim) in graph.claims() {
        for (i, id) in claim.contradicts.iter().enumerate() {
            if let Some(n) = claim.supports.iter().position(|other| other == id) {
                let at = document.field(["contradicts", &i.to_string()]);
                findings.push(
                    Finding::new(&REFERENCE_ON_BOTH_SIDES, at, format!("`{id}` can't speak both for and against this claim"))
                        .help("remove it from one side, or make two claims of this one")
                        .note(Some(document.field(["supports", &n.to_string()])), "it supports the claim here"),
                );
            }
        }
    }
    findings
}
