//! `V011` stale-review.

use super::rule;
use crate::finding::{At, Finding, Findings};
use crate::graph::{Graph, REVIEWS};
use crate::review::{self, Stale};

rule! {
    /// # What it finds
    ///
    /// An entry that changed after it was signed in `content/reviews.yaml`: its text, data or dose, a card, claim or warning that it shows,
    /// a verdict or safety rule for one of its exercises, or a reference behind them. The finding says which. A warning in a draft.
    ///
    /// # Why it matters
    ///
    /// The reviewer never saw what the page says now. So the page loses "reviewed" at once, and says that it isn't.
    ///
    /// # Example
    ///
    /// The article `hips` shows the card `chair`. It was signed when the card said "8 times"; today the card says
    /// `dosage: {text: 20 times.}`.
    ///
    /// # Instead
    ///
    /// Show the change to the reviewer and have the entry signed again with `osteon review sign hips --by eve`, or take the change back:
    ///
    /// ```yaml
    /// dosage: {text: 8 times.}
    /// ```
    STALE_REVIEW = "V011", "stale-review", Warning, Error in production
}

/// How many changes a message names.
const NAMED: usize = 3;

/// Entries that changed after they were signed.
pub fn check(graph: &Graph) -> Findings {
    Findings(graph.reviews.stale.iter().filter_map(|stale| finding(graph, stale)).collect())
}

fn finding(graph: &Graph, stale: &Stale) -> Option<Finding> {
    let document = graph.node(stale.node).document()?;
    let signature = graph.reviews.signatures.get(stale.signature)?;
    let mut named: Vec<String> = stale.changes.iter().take(NAMED).map(|change| change.part.to_string()).collect();
    if stale.changes.len() > NAMED {
        named.push(format!("{} more", stale.changes.len() - NAMED));
    }
    let on = signature.on.map(|on| format!(" on {on}")).unwrap_or_default();
    let message =
        format!("this {} changed after `{}` signed it{on}: {}", document.kind.word(), signature.by, review::list_of(named));
    let help = format!("show it to the reviewer, then run `osteon review sign {} --by {}`", document.id, signature.by);
    let mut finding = Finding::new(&STALE_REVIEW, document.at(), message)
        .help(help)
        .note(Some(At::field(&REVIEWS.into(), [stale.signature.to_string().as_str(), "id"])), "signed here");
    for change in &stale.changes {
        finding = finding.note(review::place_of(graph, &change.part), format!("{} {}", change.part, change.how.words()));
    }
    Some(finding)
}
