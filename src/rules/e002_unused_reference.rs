//! `E002` unused-reference.

use super::rule;
use crate::entry::Reference;
use crate::finding::{Finding, Findings};
use crate::graph::{Graph, NodeIndex};
use crate::parse::Document;

rule! {
    /// # What it finds
    ///
    /// A reference that no entry cites or names and that no rule of the safety table stands on. One that only drafts use is left alone.
    ///
    /// # Why it matters
    ///
    /// A list of references should be what the site stands on. One that nobody uses makes it look better supported than it is.
    ///
    /// # Example
    ///
    /// The file `content/references/second2002.yaml`, and nothing that cites `second2002`.
    ///
    /// # Instead
    ///
    /// Cite it where it carries a sentence:
    ///
    /// ```markdown
    /// Heel drops are studied by [[writer2001]] and others [@second2002; @heels2003].
    /// ```
    ///
    /// Or remove the file.
    UNUSED_REFERENCE = "E002", "unused-reference", Warning
}

/// References that nothing uses.
pub fn check(graph: &Graph) -> Findings {
    let used = graph.used_references();
    let of_drafts = graph.named_by_drafts();
    let finding = |(_, document, _): (NodeIndex, &Document, &Reference)| {
        Finding::new(&UNUSED_REFERENCE, document.at(), format!("nothing cites the reference `{}`", document.id))
            .help(format!("cite it where it is needed with `[@{}]`, or remove it", document.id))
    };
    Findings(
        graph
            .references()
            .filter(|(index, document, _)| !used.contains(index) && !of_drafts.contains(&document.id))
            .map(finding)
            .collect(),
    )
}
