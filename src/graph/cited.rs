//! Where references are used: in entries, in their text, and in `safety.yaml`.

use std::collections::HashSet;

use super::{Edge, EdgeKind, Graph, Node, NodeIndex};
use crate::entry::{Claim, Data, Id, Kind, Reference};
use crate::finding::{At, Place, steps};
use crate::parse::Document;
use crate::parse::markdown::Piece;
use crate::safety::SAFETY;

/// One use of a reference.
#[derive(Debug, Clone)]
pub struct Use {
    /// The reference.
    pub reference: NodeIndex,
    /// Where it is used.
    pub at: At,
}

impl Graph {
    /// Every use of a reference as evidence: citations, lists of evidence, the sources of the safety table.
    pub fn uses(&self) -> Vec<Use> {
        let mut uses = self.uses_in_table();
        for (node, edges) in self.nodes.iter().zip(&self.edges) {
            let Some(document) = node.document() else { continue };
            for edge in edges.iter().filter(|edge| edge.kind == EdgeKind::Cites) {
                let place = match edge.spot.place() {
                    Place::Field(_) if document.record != Place::File => document.record.clone(),
                    place => place,
                };
                uses.push(Use { reference: edge.to, at: At { file: document.file.clone(), place } });
            }
        }
        uses
    }

    /// The references that something uses as evidence or tells its readers of. To be named as a successor is no use.
    pub fn used_references(&self) -> HashSet<NodeIndex> {
        let uses = |node: &Node, edge: &Edge| node.kind != Kind::Reference || edge.kind == EdgeKind::Cites;
        let told = self.nodes.iter().zip(&self.edges).flat_map(|(node, edges)| edges.iter().filter(|edge| uses(node, edge)));
        let told = told.map(|edge| edge.to).filter(|to| self.node(*to).kind == Kind::Reference);
        told.chain(self.uses_in_table().into_iter().map(|found| found.reference)).collect()
    }

    /// What entries that are left out as drafts cite and name.
    pub fn named_by_drafts(&self) -> HashSet<&Id> {
        self.drafts.values().flat_map(|document| named(document)).collect()
    }

    fn uses_in_table(&self) -> Vec<Use> {
        let table = &self.safety.table;
        let mut lists: Vec<(&str, usize, &[Id])> = Vec::new();
        lists.extend(table.movements.iter().enumerate().map(|(i, movement)| ("movements", i, &movement.sources[..])));
        lists.extend(table.conditions.iter().enumerate().map(|(i, condition)| ("conditions", i, &condition.sources[..])));
        lists.extend(table.rules.iter().enumerate().map(|(i, rule)| ("rules", i, &rule.sources[..])));
        lists.extend(table.general_warnings.iter().enumerate().map(|(i, warning)| ("general_warnings", i, &warning.sources[..])));
        lists.extend(table.care_cards.iter().enumerate().map(|(i, card)| ("care_cards", i, &card.sources[..])));
        let mut uses = Vec::new();
        for (list, i, sources) in lists {
            for (n, id) in sources.iter().enumerate() {
                let Some(reference) = self.find(id).filter(|index| self.node(*index).kind == Kind::Reference) else { continue };
                let place = Place::Field(steps([list, &i.to_string(), "sources", &n.to_string()]));
                uses.push(Use { reference, at: At { file: SAFETY.into(), place } });
            }
        }
        uses
    }

    /// The references of the site with their documents.
    pub fn references(&self) -> impl Iterator<Item = (NodeIndex, &Document, &Reference)> {
        self.of_kind(Kind::Reference).filter_map(|(index, node)| {
            let document = node.document()?;
            if let Data::Reference(reference) = &document.data { Some((index, document, reference)) } else { None }
        })
    }

    /// The claims of the site with their documents.
    pub fn claims(&self) -> impl Iterator<Item = (&Document, &Claim)> {
        self.of_kind(Kind::Claim).filter_map(|(_, node)| {
            let document = node.document()?;
            if let Data::Claim(claim) = &document.data { Some((document, claim)) } else { None }
        })
    }
}

/// What an entry cites and names.
fn named(document: &Document) -> impl Iterator<Item = &Id> {
    let in_text = document.holes.iter().flat_map(|hole| match hole {
        Piece::Mention { id, .. } | Piece::Embed { id, .. } => vec![id],
        Piece::Cite { keys, .. } => keys.iter().map(|key| &key.id).collect(),
        Piece::Html(_) | Piece::Address { .. } => Vec::new(),
    });
    in_text.chain(document.data.evidence())
}
