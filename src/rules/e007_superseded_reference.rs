//! `E007` superseded-reference.

use super::rule;
use crate::entry::Data;
use crate::finding::{Finding, Findings};
use crate::graph::Graph;

rule! {
    /// # What it finds
    ///
    /// A text, card, claim or rule that uses a reference which a newer one replaces.
    ///
    /// # Why it matters
    ///
    /// The newer version may say something else.
    ///
    /// # Example
    ///
    /// `writer2001.yaml` says `superseded_by: writer2005`, and a claim still names the older one:
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
    /// Read the newer one, and name it if it still says so:
    ///
    /// ```yaml
    /// statement: Heel drops may slow bone loss.
    /// certainty: low
    /// reason: One small study.
    /// supports: [writer2005]
    /// ```
    SUPERSEDED_REFERENCE = "E007", "superseded-reference", Error
}

/// Uses of references that have a successor.
pub fn check(graph: &Graph) -> Findings {
    if graph.references().all(|(.., reference)| reference.superseded_by.is_none()) {
        return Findings::default();
    }
    let mut findings = Findings::default();
    for found in graph.uses() {
        let node = graph.node(found.reference);
        let Some(document) = node.document() else { continue };
        if let Data::Reference(reference) = &document.data
            && let Some(successor) = &reference.superseded_by
        {
            findings.push(
                Finding::new(&SUPERSEDED_REFERENCE, found.at, format!("`{}` is superseded by `{successor}`", node.id))
                    .help(format!("read `{successor}` and cite it instead, if it still says the same"))
                    .note(Some(document.field(["superseded_by"])), "the successor is named here"),
            );
        }
    }
    findings
}
