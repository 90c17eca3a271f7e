//! `E006` retracted-reference.

use super::rule;
use crate::finding::{Finding, Findings};
use crate::graph::Graph;

rule! {
    /// # What it finds
    ///
    /// A text, card, claim or rule that uses a reference marked `retracted`.
    ///
    /// # Why it matters
    ///
    /// A withdrawn paper supports nothing, and advice that stood on it has to be looked at again.
    ///
    /// # Example
    ///
    /// `writer2001.yaml` says `retracted: true`, and a claim still stands on it:
    ///
    /// ```yaml
    /// statement: Heel drops may slow bone loss.
    /// certainty: low
    /// reason: One small study.
    /// supports: [writer2001]
    /// ```
    ///
    /// # Instead
    ///
    /// Name another study, if there is one that says so:
    ///
    /// ```yaml
    /// statement: Heel drops may slow bone loss.
    /// certainty: low
    /// reason: One small study.
    /// supports: [writer2002]
    /// ```
    ///
    /// Otherwise change or remove the claim, and the advice that stood on it.
    RETRACTED_REFERENCE = "E006", "retracted-reference", Error
}

/// Uses of withdrawn references.
pub fn check(graph: &Graph) -> Findings {
    if graph.references().all(|(.., reference)| !reference.retracted) {
        return Findings::default();
    }
    let mut findings = Findings::default();
    for found in graph.uses() {
        let node = graph.node(found.reference);
        let Some(document) = node.document() else { continue };
        if let crate::entry::Data::Reference(reference) = &document.data
            && reference.retracted
        {
            findings.push(
                Finding::new(&RETRACTED_REFERENCE, found.at, format!("`{}` has been retracted and supports nothing", node.id))
                    .help("remove the reference, and change or remove what it supported")
                    .note(Some(document.field(["retracted"])), "marked as retracted here"),
            );
        }
    }
    findings
}
