//! `V005` own-review.

use super::rule;
use crate::entry::Id;
use crate::finding::{At, Finding, Findings};
use crate::graph::{Graph, Node, REVIEWS};

rule! {
    /// # What it finds
    ///
    /// A reviewer who is an author of the entry. A warning in a draft. A signature in `content/reviews.yaml` by an author doesn't count.
    ///
    /// # Why it matters
    ///
    /// Nobody sees their own mistakes. "Checked by" promises readers somebody else.
    ///
    /// # Example
    ///
    /// ```yaml
    /// authors: [ada]
    /// reviewed_by: [eve, ada]
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// authors: [ada]
    /// reviewed_by: [eve]
    /// ```
    OWN_REVIEW = "V005", "own-review", Warning, Error in production
}

/// Authors who review themselves, in front matter and in signatures.
pub fn check(graph: &Graph) -> Findings {
    let mut findings = Findings::default();
    for document in graph.nodes.iter().filter_map(Node::document) {
        let signed = graph.reviews.is_signed(&document.id);
        for (i, id) in document.meta.reviewed_by.iter().enumerate() {
            if document.meta.authors.contains(id) && !signed {
                findings.push(finding(document.field(["reviewed_by", &i.to_string()]), id));
            }
        }
    }
    for (i, signature) in graph.reviews.signatures.iter().enumerate() {
        let document = graph.find(&signature.id).and_then(|index| graph.node(index).document());
        if document.is_some_and(|document| document.meta.authors.contains(&signature.by)) {
            findings.push(finding(At::field(&REVIEWS.into(), [i.to_string().as_str(), "by"]), &signature.by));
        }
    }
    findings
}

fn finding(at: At, id: &Id) -> Finding {
    Finding::new(&OWN_REVIEW, at, format!("`{id}` wrote this entry and can't be its reviewer"))
        .help("have it reviewed by somebody who isn't one of its authors")
}
