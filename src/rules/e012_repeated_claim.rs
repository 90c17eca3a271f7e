//! `E012` repeated-claim.

use std::collections::HashMap;

use super::rule;
use crate::finding::{Finding, Findings};
use crate::graph::{Graph, slug};
use crate::parse::Document;

rule! {
    /// # What it finds
    ///
    /// Two claims with the same statement. Capitals, spaces and marks make no difference.
    ///
    /// # Why it matters
    ///
    /// Sooner or later one of them is changed and the other isn't, and the site contradicts itself.
    ///
    /// # Example
    ///
    /// `drops.yaml` says `heel-drops may slow bone loss`, and `heels.yaml` says so again:
    ///
    /// ```yaml
    /// statement: Heel drops may slow bone loss.
    /// ```
    ///
    /// # Instead
    ///
    /// Keep one of the two and show it wherever it is needed:
    ///
    /// ```markdown
    /// ![[heels]]
    /// ```
    REPEATED_CLAIM = "E012", "repeated-claim", Error
}

/// Statements that two claims make.
pub fn check(graph: &Graph) -> Findings {
    let mut known: HashMap<String, &Document> = HashMap::new();
    let mut findings = Findings::default();
    for (document, claim) in graph.claims() {
        // Capitals, spaces and marks make no other statement of it.
        let statement = slug(&claim.statement);
        if statement.is_empty() {
            continue;
        }
        let Some(first) = known.get(&statement) else {
            known.insert(statement, document);
            continue;
        };
        findings.push(
            Finding::new(
                &REPEATED_CLAIM,
                document.field(["statement"]),
                format!("`{}` claims the same as `{}`", document.id, first.id),
            )
            .help(format!("keep one of them and show it with `![[{}]]`", first.id))
            .note(Some(first.field(["statement"])), "first claimed here"),
        );
    }
    findings
}
