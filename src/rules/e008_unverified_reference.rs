//! `E008` unverified-reference.

use super::rule;
use crate::finding::{Finding, Findings};
use crate::graph::Graph;

rule! {
    /// # What it finds
    ///
    /// A reference without `verified: true`: nobody has said that they saw the record in a public source. A warning in a draft.
    ///
    /// # Why it matters
    ///
    /// References written from memory, or by a machine, are often wrong and sometimes don't exist.
    ///
    /// # Example
    ///
    /// ```yaml
    /// DOI: 10.1000/101
    /// verified: false
    /// ```
    ///
    /// # Instead
    ///
    /// Look the record up, correct it, and write:
    ///
    /// ```yaml
    /// DOI: 10.1000/101
    /// verified: true
    /// ```
    UNVERIFIED_REFERENCE = "E008", "unverified-reference", Warning, Error in production
}

/// References that nobody has looked up. One that nobody uses is another rule's matter.
pub fn check(graph: &Graph) -> Findings {
    let used = graph.used_references();
    let mut findings = Findings::default();
    for (_, document, reference) in graph.references().filter(|(index, ..)| used.contains(index)) {
        if !reference.verified {
            let message = format!("nobody has checked the reference `{}` against a public record", document.id);
            findings
                .push(Finding::new(&UNVERIFIED_REFERENCE, document.at(), message).help(
                    "look it up, correct it, and set `verified` to true; name in `unverified` what could not be confirmed",
                ));
        }
    }
    findings
}
