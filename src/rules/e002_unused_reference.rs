//! `E002` unused-reference.

use super::rule;
use crate::entry::Reference;
use crate::finding::{Finding, Findings};
use crate::graph::{Graph, NodeIndex};
use crate::parse::Document;

rule! {
    /// # What it finds
    ///
    /// A reference that no entry cites or names and that no rule of the safety table stands on.
    ///
    /// # Why it matters
    ///
    /// A list of references should be what the site stands on. One that nobody uses makes it look better supported than it is.
    ///
    /// # Example
    ///
    /// `content/references/kelley2012.yaml`, and nothing that cites `kelley2012`.
    ///
    /// # Instead
    ///
    /// ```markdown
    /// Exercise may slow the loss of bone at the hip [@kelley2012].
    /// ```
    UNUSED_REFERENCE = "E002", "unused-reference", Warning
}

/// References that nothing uses.
pub fn check(graph: &Graph) -> Findings {
    let used = graph.used_references();
    let finding = |(_, document, _): (NodeIndex, &Document, &Reference)| {
        Finding::new(&UNUSED_REFERENCE, document.at(), format!("nothing cites the reference `{}`", document.id))
            .help(format!("cite it where it is needed with `[@{}]`, or remove it", document.id))
    };
    Findings(graph.references().filter(|(index, ..)| !used.contains(index)).map(finding).collect())
}
