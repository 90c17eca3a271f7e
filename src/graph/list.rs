//! Sections and terms: which entries stand in which list, in which order.

use std::collections::{BTreeMap, HashMap};

use super::{Graph, Node, NodeIndex, label, slug};
use crate::entry::{Data, Kind};
use crate::finding::{At, Findings};
use crate::rules::f011_near_miss;

/// A way of sorting entries into lists by a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Taxonomy {
    /// `tags` of every kind.
    Tags,
    /// `category` of exercises.
    Category,
    /// `targets` of exercises: body areas.
    Area,
    /// `equipment` of exercises.
    Equipment,
    /// `position` of exercises.
    Position,
}

impl Taxonomy {
    /// All of them.
    pub const ALL: [Taxonomy; 5] = [Taxonomy::Tags, Taxonomy::Category, Taxonomy::Area, Taxonomy::Equipment, Taxonomy::Position];

    /// The word in addresses and queries.
    pub fn word(self) -> &'static str {
        match self {
            Taxonomy::Tags => "tags",
            Taxonomy::Category => "category",
            Taxonomy::Area => "area",
            Taxonomy::Equipment => "equipment",
            Taxonomy::Position => "position",
        }
    }

    /// The taxonomy for a word.
    pub fn from_word(word: &str) -> Option<Taxonomy> {
        Taxonomy::ALL.into_iter().find(|taxonomy| taxonomy.word() == word)
    }

    /// The heading of the page that lists its terms.
    pub fn title(self) -> &'static str {
        match self {
            Taxonomy::Tags => "Topics",
            Taxonomy::Category => "Exercises by category",
            Taxonomy::Area => "Exercises by body area",
            Taxonomy::Equipment => "Exercises by equipment",
            Taxonomy::Position => "Exercises by position",
        }
    }

    /// The address of the page that lists its terms.
    pub fn url(self) -> String {
        match self {
            Taxonomy::Tags => "/tags/".to_owned(),
            other => format!("/exercises/{}/", other.word()),
        }
    }

    /// The field in front matter.
    fn field(self) -> &'static str {
        match self {
            Taxonomy::Area => "targets",
            other => other.word(),
        }
    }

    /// The terms of a node, with their position in a list.
    fn terms(self, node: &Node) -> Vec<&str> {
        let Some(document) = node.document() else { return Vec::new() };
        match (self, &document.data) {
            (Taxonomy::Tags, _) => document.meta.tags.iter().map(String::as_str).collect(),
            (Taxonomy::Category, Data::Exercise(exercise)) => exercise.category.iter().map(String::as_str).collect(),
            (Taxonomy::Area, Data::Exercise(exercise)) => exercise.targets.iter().map(String::as_str).collect(),
            (Taxonomy::Equipment, Data::Exercise(exercise)) => exercise.equipment.iter().map(String::as_str).collect(),
            (Taxonomy::Position, Data::Exercise(exercise)) => exercise.position.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

/// What a list lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListKind {
    /// All entries of a kind.
    Section(Kind),
    /// All entries with a term.
    Term(Taxonomy, String),
}

/// A list.
#[derive(Debug, Clone)]
pub struct List {
    /// What it lists.
    pub kind: ListKind,
    /// Its heading.
    pub title: String,
    /// The address of its first page.
    pub url: String,
    /// Its members in order.
    pub items: Vec<NodeIndex>,
}

impl List {
    /// The address of a page of it, counted from 1.
    pub fn page_url(&self, page: usize) -> String {
        if page <= 1 { self.url.clone() } else { format!("{}page/{page}/", self.url) }
    }

    /// The number of its pages, at least 1.
    pub fn pages(&self, size: usize) -> usize {
        self.items.len().div_ceil(size.max(1)).max(1)
    }
}

/// All lists: sections that have members, then terms.
pub(super) fn lists(nodes: &[Node], findings: &mut Findings) -> Vec<List> {
    let mut lists = Vec::new();
    let order = order(nodes);
    for kind in Kind::ALL {
        let Some(section) = kind.section() else { continue };
        let items: Vec<NodeIndex> = order.iter().copied().filter(|index| nodes[*index as usize].kind == kind).collect();
        if !items.is_empty() {
            lists.push(List { kind: ListKind::Section(kind), title: kind.plural().into(), url: format!("/{section}/"), items });
        }
    }
    for taxonomy in Taxonomy::ALL {
        let mut terms: BTreeMap<String, (String, Vec<NodeIndex>)> = BTreeMap::new();
        let mut slugs: HashMap<&str, String> = HashMap::new();
        for index in &order {
            for written in taxonomy.terms(&nodes[*index as usize]) {
                let term = slugs.entry(written).or_insert_with(|| slug(written)).clone();
                if term.is_empty() {
                    continue;
                }
                let name = |term: &String| if term == written { label(written) } else { written.to_owned() };
                let (_, items) = terms.entry(term).or_insert_with_key(|term| (name(term), Vec::new()));
                if items.last() != Some(index) {
                    items.push(*index);
                }
            }
        }
        near_misses(taxonomy, &terms, nodes, findings);
        for (term, (title, items)) in terms {
            let url = format!("{}{term}/", taxonomy.url());
            lists.push(List { kind: ListKind::Term(taxonomy, term), title, url, items });
        }
    }
    lists
}

/// Nodes in the order of lists: articles newest first, conditions as in their table, all others by title.
fn order(nodes: &[Node]) -> Vec<NodeIndex> {
    let mut keyed: Vec<(Kind, std::cmp::Reverse<Option<crate::entry::Date>>, String, NodeIndex)> = (0..)
        .zip(nodes)
        .map(|(index, node)| {
            let date = match node.data() {
                Some(Data::Article(article)) => article.date,
                _ => None,
            };
            let title = if node.kind == Kind::Condition { String::new() } else { node.title.to_lowercase() };
            (node.kind, std::cmp::Reverse(date), title, index)
        })
        .collect();
    keyed.sort();
    keyed.into_iter().map(|(.., index)| index).collect()
}

/// A term that one entry uses and that is one letter away from a term of several entries is probably a slip.
fn near_misses(taxonomy: Taxonomy, terms: &BTreeMap<String, (String, Vec<NodeIndex>)>, nodes: &[Node], findings: &mut Findings) {
    for (term, (_, items)) in terms.iter().filter(|(term, (_, items))| items.len() == 1 && term.len() >= 4) {
        let common = terms
            .iter()
            .filter(|(other, (_, others))| others.len() >= 3 && other.len().abs_diff(term.len()) <= 1)
            .find(|(other, _)| strsim::osa_distance(term, other) == 1);
        let (Some((used, _)), Some(document)) = (common, nodes[items[0] as usize].document()) else { continue };
        let written = taxonomy.terms(&nodes[items[0] as usize]);
        let position = written.iter().position(|written| slug(written) == *term).unwrap_or_default().to_string();
        let place: At = match taxonomy {
            Taxonomy::Category | Taxonomy::Position => document.field([taxonomy.field()]),
            _ => document.field([taxonomy.field(), &position]),
        };
        findings.push(f011_near_miss::finding(place, taxonomy.field(), term, used));
    }
}

impl Graph {
    /// The terms of a taxonomy, in alphabetical order.
    pub fn terms(&self, taxonomy: Taxonomy) -> impl Iterator<Item = (&str, &List)> {
        self.lists.iter().filter_map(move |list| match &list.kind {
            ListKind::Term(of, term) if *of == taxonomy => Some((term.as_str(), list)),
            _ => None,
        })
    }

    /// The list of a kind.
    pub fn section(&self, kind: Kind) -> Option<&List> {
        self.lists.iter().find(|list| list.kind == ListKind::Section(kind))
    }
}
