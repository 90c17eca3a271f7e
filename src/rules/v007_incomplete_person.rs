//! `V007` incomplete-person.

use std::collections::BTreeSet;

use super::rule;
use crate::config::Publication;
use crate::entry::{Id, Person};
use crate::finding::{At, Finding, Findings};
use crate::graph::{Graph, Node, PEOPLE};
use crate::review::list_of;

rule! {
    /// # What it finds
    ///
    /// A reviewer without `role`, `credentials` or `interests`; in production also an author without `role` or `interests`. An interest
    /// that is left empty counts as missing: "None" must be written out. A warning in a draft.
    ///
    /// # Why it matters
    ///
    /// "Checked by Sam" says nothing. Readers need to know what Sam has learnt, and who pays Sam.
    ///
    /// # Example
    ///
    /// In `content/people.yaml`, of somebody who reviews an article:
    ///
    /// ```yaml
    /// - {id: eve, name: Eve, interests: " "}
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// - {id: eve, name: Eve, role: Reviewer, credentials: Physiotherapist, interests: "None"}
    /// ```
    INCOMPLETE_PERSON = "V007", "incomplete-person", Warning, Error in production
}

/// People about whom readers would learn too little.
pub fn check(graph: &Graph) -> Findings {
    let documents = || graph.nodes.iter().filter_map(Node::document);
    let signed = graph.reviews.signatures.iter().map(|signature| &signature.by);
    let reviewers: BTreeSet<&Id> = documents().flat_map(|document| &document.meta.reviewed_by).chain(signed).collect();
    let authors: BTreeSet<&Id> = documents().flat_map(|document| &document.meta.authors).collect();
    let is_public = graph.config.publication == Publication::Production;
    let finding = |(i, person): (usize, &Person)| {
        let reviews = reviewers.contains(&person.id);
        let is_shown = reviews || (is_public && authors.contains(&person.id));
        let lacks = |field: &Option<String>| field.as_deref().is_none_or(|text| text.trim().is_empty());
        let fields = [
            ("role", lacks(&person.role)),
            ("credentials", reviews && lacks(&person.credentials)),
            ("interests", lacks(&person.interests)),
        ];
        let missing: Vec<String> = fields.iter().filter(|(_, lacks)| *lacks).map(|(key, _)| format!("`{key}`")).collect();
        (is_shown && !missing.is_empty()).then(|| {
            let who = if reviews { "reviewer" } else { "author" };
            let at = At::field(&PEOPLE.into(), [i.to_string().as_str(), "id"]);
            Finding::new(&INCOMPLETE_PERSON, at, format!("the {who} `{}` needs {}", person.id, list_of(missing)))
                .help("write only what is true; a person without interests has `interests: \"None\"`")
        })
    };
    Findings(graph.people.iter().enumerate().filter_map(finding).collect())
}
