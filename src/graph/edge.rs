//! Edges: what authors said about one entry in another one. What templates read is something else and lives in
//! [`super::query`].

use bitcode::{Decode, Encode};

use super::NodeIndex;
use crate::finding::{At, Place, Step};
use crate::parse::Document;

/// What an edge says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum EdgeKind {
    /// Text links to it, or a list of related entries names it.
    Mentions,
    /// It is to be done: `recommends`, an embedded exercise, an item of a programme.
    Recommends,
    /// It is shown inside the text.
    Embeds,
    /// A warning that a card shows.
    Warns,
    /// Evidence.
    Cites,
    /// An easier or harder version, or what to do instead.
    Progresses,
}

impl EdgeKind {
    /// The words before the list of entries from which such edges come.
    pub fn label(self) -> &'static str {
        match self {
            EdgeKind::Mentions => "Mentioned in",
            EdgeKind::Recommends => "Recommended in",
            EdgeKind::Embeds => "Shown in",
            EdgeKind::Warns => "Shown with",
            EdgeKind::Cites => "Cited in",
            EdgeKind::Progresses => "Easier or harder version of",
        }
    }

    /// The word in queries and templates.
    pub fn word(self) -> &'static str {
        match self {
            EdgeKind::Mentions => "mentions",
            EdgeKind::Recommends => "recommends",
            EdgeKind::Embeds => "embeds",
            EdgeKind::Warns => "warns",
            EdgeKind::Cites => "cites",
            EdgeKind::Progresses => "progresses",
        }
    }
}

/// An edge.
#[derive(Debug, Clone)]
pub struct Edge {
    /// Where it leads.
    pub to: NodeIndex,
    /// What it says.
    pub kind: EdgeKind,
    /// Where it is said.
    pub spot: Spot,
}

/// A place in the file of an entry, small enough to keep for every edge: most never appear in a finding.
#[derive(Debug, Clone, PartialEq)]
pub enum Spot {
    /// In text.
    Text(Place),
    /// The value of a field.
    Field(&'static str),
    /// An item of a list.
    Item(&'static str, usize),
    /// An item of a list of a field.
    Nested(&'static str, &'static str, usize),
    /// A field of an item of a list.
    Part(&'static str, usize, &'static str),
    /// An item of a programme: week, session, item.
    Session([usize; 3]),
}

impl Spot {
    /// The place in the file of the entry that says it. A record of a bibliography has one place for all its fields.
    pub fn at(&self, document: &Document) -> At {
        let place = match self {
            Spot::Text(place) => place.clone(),
            _ if document.record == Place::File => self.place(),
            _ => document.record.clone(),
        };
        At { file: document.file.clone(), place }
    }

    /// The place for a finding.
    pub fn place(&self) -> Place {
        let key = |key: &str| Step::Key(key.to_owned());
        let index = |index: usize| Step::Index(u32::try_from(index).unwrap_or(u32::MAX));
        match self {
            Spot::Text(place) => place.clone(),
            Spot::Field(field) => Place::Field(vec![key(field)]),
            Spot::Item(list, i) => Place::Field(vec![key(list), index(*i)]),
            Spot::Nested(field, list, i) => Place::Field(vec![key(field), key(list), index(*i)]),
            Spot::Part(list, i, field) => Place::Field(vec![key(list), index(*i), key(field)]),
            Spot::Session([week, session, item]) => Place::Field(vec![
                key("weeks"),
                index(*week),
                key("sessions"),
                index(*session),
                key("items"),
                index(*item),
                key("exercise"),
            ]),
        }
    }
}
