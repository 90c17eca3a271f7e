//! `E005` duplicate-identifier.

use std::collections::HashMap;

use super::e004_bad_identifier::identifier;
use super::rule;
use crate::finding::{Finding, Findings};
use crate::graph::Graph;
use crate::parse::Document;

rule! {
    /// # What it finds
    ///
    /// Two references with the same DOI or the same PMID.
    ///
    /// # Why it matters
    ///
    /// One of them is a mistake, or one study is counted twice.
    ///
    /// # Example
    ///
    /// `writer2001.yaml` has the PMID 12, and `writer2002.yaml`, another study, has it too:
    ///
    /// ```yaml
    /// DOI: 10.1000/102
    /// PMID: 12
    /// ```
    ///
    /// # Instead
    ///
    /// Look the study up and correct the number:
    ///
    /// ```yaml
    /// DOI: 10.1000/102
    /// PMID: 13
    /// ```
    ///
    /// If both are the same paper, keep one of the two and cite that one everywhere.
    DUPLICATE_IDENTIFIER = "E005", "duplicate-identifier", Error
}

/// Identifiers that two references have.
pub fn check(graph: &Graph) -> Findings {
    let mut findings = Findings::default();
    for key in ["DOI", "PMID"] {
        let mut known: HashMap<String, &Document> = HashMap::new();
        for (_, document, reference) in graph.references() {
            let Some(written) = identifier(reference, key) else { continue };
            // Letters of a DOI mean the same in either case.
            let Some(first) = known.get(&written.to_lowercase()) else {
                known.insert(written.to_lowercase(), document);
                continue;
            };
            let message = format!("`{}` and `{}` have the same {key} `{written}`", document.id, first.id);
            findings.push(
                Finding::new(&DUPLICATE_IDENTIFIER, document.field([key]), message)
                    .help("keep one of the two references, or correct the identifier from the source")
                    .note(Some(first.field([key])), "also here"),
            );
        }
    }
    findings
}
