//! The resolved site: entries, the edges between them, and every address. Immutable once [`resolve`] has made it.

pub(crate) mod a_z;
mod advice;
mod cited;
mod edge;
mod list;
pub mod query;
mod resolve;
mod route;
pub(crate) mod view;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

pub use advice::{Advice, Exception, Recommended, Standing};
pub use cited::Use;
pub use edge::{Edge, EdgeKind, Spot};
pub use list::{List, ListKind, Taxonomy};
pub(crate) use resolve::updated;
pub use resolve::{CHANGES, GLOSSARY, PEOPLE, QUERIES, REVIEWS, SYNONYMS, Tables, is_table, resolve, tables, tables_key};
pub use route::{Link, Route, Target};

use crate::config::Config;
use crate::entry::{Condition, Data, Id, Kind, LoggedChange, Person, Study, Synonyms, Term, WantedQuery};
use crate::finding::At;
use crate::parse::Document;
use crate::review::Reviews;
use crate::safety::Safety;

/// Index of a node in [`Graph::nodes`].
pub type NodeIndex = u32;

/// The site.
#[derive(Debug)]
pub struct Graph {
    /// The configuration.
    pub config: Config,
    /// Everything that has an id and an address, by kind and id.
    pub nodes: Vec<Node>,
    /// The matrix.
    pub safety: Safety,
    /// Glossary terms in alphabetical order.
    pub glossary: Vec<Term>,
    /// Authors and reviewers.
    pub people: Vec<Person>,
    /// What was signed, and what changed since.
    pub reviews: Reviews,
    /// The public log of changed advice, newest first.
    pub changes: Vec<LoggedChange>,
    /// The words that people type.
    pub synonyms: Vec<Synonyms>,
    /// Queries that must work.
    pub queries: Vec<WantedQuery>,
    /// Edges by the node from which they go out.
    pub edges: Vec<Vec<Edge>>,
    /// Edges by the node to which they lead: `(from, kind)`, each pair once.
    pub backlinks: Vec<Vec<(NodeIndex, EdgeKind)>>,
    /// The warnings that each card shows (by node), the gravest first.
    pub warnings: Vec<Vec<NodeIndex>>,
    /// Sections and terms.
    pub lists: Vec<List>,
    /// Every output except assets, in the order of their addresses.
    pub routes: Vec<Route>,
    ids: HashMap<Id, NodeIndex>,
    /// Entry → the words that people type for it.
    typed: BTreeMap<Id, Vec<String>>,
    addresses: BTreeMap<String, Target>,
    files: BTreeSet<String>,
    drafts: BTreeMap<Id, Arc<Document>>,
    /// Content file → the entry in it.
    sources: BTreeMap<String, NodeIndex>,
}

/// Something that has an id and an address.
#[derive(Debug, Clone)]
pub struct Node {
    /// The id.
    pub id: Id,
    /// What it is.
    pub kind: Kind,
    /// The title.
    pub title: String,
    /// The address within the site, without the path of `base_url`; a term's has an anchor.
    pub url: String,
    /// What is known about it.
    pub source: Source,
}

/// What stands behind a node.
#[derive(Debug, Clone)]
pub enum Source {
    /// An entry of its own.
    Document(Arc<Document>),
    /// A condition: its index in the safety table.
    Condition(usize),
    /// A term: its index in the glossary.
    Term(usize),
}

impl Node {
    /// The document, for nodes that have one.
    pub fn document(&self) -> Option<&Document> {
        if let Source::Document(document) = &self.source { Some(document) } else { None }
    }

    /// The data of the document.
    pub fn data(&self) -> Option<&Data> {
        self.document().map(|document| &document.data)
    }

    /// What kind of study a reference is.
    pub fn study(&self) -> Option<&Study> {
        match self.data() {
            Some(Data::Reference(reference)) => Some(&reference.study),
            _ => None,
        }
    }
}

impl Graph {
    /// The node with an id.
    pub fn find(&self, id: &str) -> Option<NodeIndex> {
        self.ids.get(id).copied()
    }

    /// A node.
    pub fn node(&self, index: NodeIndex) -> &Node {
        &self.nodes[index as usize]
    }

    /// All ids, in order, for suggestions.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().map(|node| &*node.id)
    }

    /// The nodes of a kind, in the order of their ids.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (NodeIndex, &Node)> {
        (0..).zip(&self.nodes).skip_while(move |(_, node)| node.kind != kind).take_while(move |(_, node)| node.kind == kind)
    }

    /// Whether an entry exists but is left out as a draft.
    pub fn is_draft(&self, id: &str) -> bool {
        self.drafts.contains_key(id)
    }

    /// What stands at an address of the site (without the path of `base_url`, without `#` and `?`).
    pub fn target(&self, url: &str) -> Option<&Target> {
        self.addresses.get(url)
    }

    /// The addresses of all pages, for suggestions.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.addresses.keys().map(String::as_str)
    }

    /// Whether a file is published at an address: one of `static/`.
    pub fn is_file(&self, url: &str) -> bool {
        self.files.contains(url.trim_start_matches('/'))
    }

    /// The addresses of all files of `static/`, for suggestions.
    pub fn file_addresses(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(String::as_str)
    }

    /// The entry in a content file.
    pub fn in_file(&self, path: &str) -> Option<NodeIndex> {
        self.sources.get(path).copied()
    }

    /// The condition behind a node.
    pub fn condition(&self, index: NodeIndex) -> Option<(usize, &Condition)> {
        match self.node(index).source {
            Source::Condition(condition) => self.safety.table.conditions.get(condition).map(|found| (condition, found)),
            _ => None,
        }
    }

    /// The author or reviewer with an id.
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| &*person.id == id)
    }

    /// The last change of an entry's advice that the public log knows.
    pub fn latest_change(&self, id: &str) -> Option<&LoggedChange> {
        self.changes.iter().find(|change| change.entries.iter().any(|entry| &**entry == id))
    }

    /// The words that people type for an entry.
    pub fn synonyms_of(&self, id: &str) -> &[String] {
        self.typed.get(id).map_or(&[], Vec::as_slice)
    }

    /// The place of a node, for notes.
    pub fn at(&self, index: NodeIndex) -> Option<At> {
        self.node(index).document().map(Document::at)
    }
}

/// Words → a slug: lower-case letters and digits with hyphens between them.
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() && !matches!(c, '\'' | '’') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// A slug → words for readers: `heart-and-lungs` → `Heart and lungs`, `non-weight-bearing` → `Non-weight-bearing`.
pub fn label(slug: &str) -> String {
    let words = slug.replace('-', " ").replace(" non ", " non-").replace(" bearing", "-bearing");
    let words = words.strip_prefix("non ").map_or(words.clone(), |rest| format!("non-{rest}"));
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::{label, slug};

    #[test]
    fn slugs_and_labels() {
        assert_eq!(slug("What’s safe? Heel-drops & more!"), "whats-safe-heel-drops-more");
        assert_eq!(slug("  Ärzte 2024 "), "ärzte-2024");
        assert_eq!(slug("!?"), "");
        assert_eq!(label("heart-and-lungs"), "Heart and lungs");
        assert_eq!(label("non-weight-bearing-aerobic"), "Non-weight-bearing aerobic");
    }
}
