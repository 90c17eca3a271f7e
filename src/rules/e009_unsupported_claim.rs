//! `E009` unsupported-claim.

use super::rule;
use crate::entry::{Certainty, Claim};
use crate::finding::{Finding, Findings};
use crate::graph::Graph;
use crate::parse::Document;
use crate::parse::markdown::Piece;

rule! {
    /// # What it finds
    ///
    /// A claim that names no reference in `supports`, and none against it or in its text either. A definition needs none; everything
    /// else does: experts who agree have written that down somewhere.
    ///
    /// # Why it matters
    ///
    /// A claim with a certainty and no source is an opinion that looks like evidence.
    ///
    /// # Example
    ///
    /// ```yaml
    /// statement: Heel drops may slow bone loss.
    /// certainty: low
    /// reason: One small study.
    /// ```
    ///
    /// # Instead
    ///
    /// Name the study:
    ///
    /// ```yaml
    /// statement: Heel drops may slow bone loss.
    /// certainty: low
    /// reason: One small study.
    /// supports: [writer2001]
    /// ```
    UNSUPPORTED_CLAIM = "E009", "unsupported-claim", Error
}

/// Claims that stand on nothing.
pub fn check(graph: &Graph) -> Findings {
    let is_unsupported = |(document, claim): &(&Document, &Claim)| {
        let cites = document.holes.iter().any(|hole| matches!(hole, Piece::Cite { .. }));
        let is_bare = claim.supports.is_empty() && claim.contradicts.is_empty() && !cites;
        is_bare && claim.certainty.is_some_and(|certainty| certainty != Certainty::Definition)
    };
    let finding = |(document, _): (&Document, &Claim)| {
        Finding::new(&UNSUPPORTED_CLAIM, document.field(["statement"]), "this claim names no reference")
            .help("add `supports: [id]` with an id of `content/references/`, or remove the claim")
    };
    Findings(graph.claims().filter(is_unsupported).map(finding).collect())
}
