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
    /// statement: Jumping strengthens the hip and the spine.
    /// supports: [snow2000]
    /// contradicts: [snow2000]
    /// ```
    ///
    /// # Instead
    ///
    /// Make two claims of it, one for each thing that was measured.
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
