//! `V001` no-author.

use super::rule;
use crate::config::CONFIG;
use crate::entry::Kind;
use crate::finding::{At, Finding, Findings};
use crate::graph::{Graph, Node};
use crate::parse::Document;

rule! {
    /// # What it finds
    ///
    /// An article, exercise, programme, warning or claim that names no author. A warning in a draft.
    ///
    /// # Why it matters
    ///
    /// Readers have a right to know who tells them what to do with their bodies.
    ///
    /// # Example
    ///
    /// ```yaml
    /// title: Hips
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// title: Hips
    /// authors: jo
    /// ```
    NO_AUTHOR = "V001", "no-author", Warning, Error in production
}

/// Entries that give advice and name nobody who answers for it.
pub fn check(graph: &Graph) -> Findings {
    let needs_author = |document: &&Document| {
        !matches!(document.kind, Kind::Page | Kind::Reference) && document.meta.authors.is_empty() && !document.is_blank()
    };
    let anonymous: Vec<&Document> = graph.nodes.iter().filter_map(Node::document).filter(needs_author).collect();
    let finding = |document: &&Document| {
        Finding::new(&NO_AUTHOR, At::file(&document.file), "this entry names no author")
            .help("add `authors: [id]` with an id of `content/people.yaml`")
    };
    match anonymous.len() {
        entries if entries > 0 && graph.people.is_empty() => Findings(vec![nobody(entries)]),
        _ => Findings(anonymous.iter().map(finding).collect()),
    }
}

/// There are entries and no `people.yaml`: said once, and not for every entry.
fn nobody(entries: usize) -> Finding {
    let who = if entries == 1 { "1 entry names no author".to_owned() } else { format!("{entries} entries name no author") };
    Finding::new(&NO_AUTHOR, At::file(&CONFIG.into()), format!("{who}, and there is no `content/people.yaml`"))
        .help("write `content/people.yaml` and add `authors: [id]` to the entries")
}
