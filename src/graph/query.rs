//! What templates may ask of the site. Queries are data: they can be kept with the hash of their answer, asked again in the next
//! build, and shown to a person who wonders why a page was rendered.

use std::fmt;

use bitcode::{Decode, Encode};

use super::Taxonomy;
use crate::entry::{Id, Kind};
use crate::hash::Hash;

/// A question. Every question has an answer: absence is one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Query {
    /// What stands at an address: the first question of every page.
    Route(String),
    /// Where an ordinary link in the text of an entry leads: the entry, and the address as its author wrote it.
    Link(Id, String),
    /// The site's settings and menu.
    Site,
    /// The fields of an entry.
    Entry(Id),
    /// The small view of an entry in lists and links.
    Brief(Id),
    /// The text of an entry, filled.
    Text(Id),
    /// A reference as it is printed in lists.
    Printed(Id),
    /// The warnings that a card shows.
    Warnings(Id),
    /// Who mentions, shows, recommends or cites an entry.
    UsedIn(Id),
    /// The verdicts for an exercise.
    Verdicts(Id),
    /// What readers with some conditions need to know about an exercise that is recommended to them.
    Advice(Id, Vec<Id>),
    /// What a condition means for every exercise.
    Condition(Id),
    /// A page of a list, by its address.
    List(String, u32),
    /// The terms of a taxonomy.
    Terms(TaxonomyName),
    /// Entries of a kind.
    Entries(Kind, Sort, u32),
    /// The newest articles with their texts.
    Feed(u32),
    /// Movements, conditions and care cards.
    Safety,
    /// Care cards alone.
    CareCards,
    /// All terms of the glossary.
    Glossary,
    /// The names of all exercises, conditions and terms.
    Names,
    /// Everything by its names.
    AToZ,
    /// All authors and reviewers.
    People,
    /// An author or reviewer.
    Person(Id),
    /// The public log of changed advice.
    Changes,
    /// The last change of an entry's advice.
    LatestChange(Id),
    /// A template that looks the same on every page.
    Shared(String),
    /// Every address of the site.
    Pages,
    /// The date of the build.
    Today,
}

/// The order of entries in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Sort {
    /// Newest first.
    Date,
    /// By title.
    Title,
}

/// A taxonomy in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
pub struct TaxonomyName(u8);

impl From<Taxonomy> for TaxonomyName {
    fn from(taxonomy: Taxonomy) -> Self {
        TaxonomyName(Taxonomy::ALL.iter().position(|known| *known == taxonomy).and_then(|at| u8::try_from(at).ok()).unwrap_or(0))
    }
}

impl TaxonomyName {
    /// The taxonomy.
    pub fn taxonomy(self) -> Taxonomy {
        Taxonomy::ALL.get(usize::from(self.0)).copied().unwrap_or(Taxonomy::Tags)
    }
}

/// A question and the fingerprint of its answer at the time.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Read {
    /// What was asked.
    pub query: Query,
    /// Fingerprint of the answer.
    pub hash: Hash,
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Query::Route(url) => write!(f, "what stands at {url}"),
            Query::Link(id, url) => write!(f, "where the link {url} in `{id}` leads"),
            Query::Site => f.write_str("settings and menu of the site"),
            Query::Entry(id) => write!(f, "fields of `{id}`"),
            Query::Brief(id) => write!(f, "title, address and summary of `{id}`"),
            Query::Text(id) => write!(f, "text of `{id}`"),
            Query::Printed(id) => write!(f, "printed form of the reference `{id}`"),
            Query::Warnings(id) => write!(f, "warnings that `{id}` shows"),
            Query::UsedIn(id) => write!(f, "who uses `{id}`"),
            Query::Verdicts(id) => write!(f, "verdicts for `{id}`"),
            Query::Advice(id, conditions) => write!(f, "what `{id}` asks of people with `{}`", conditions.join("`, `")),
            Query::Condition(id) => write!(f, "exercises with `{id}`"),
            Query::List(url, page) => write!(f, "page {page} of the list {url}"),
            Query::Terms(taxonomy) => write!(f, "terms of {}", taxonomy.taxonomy().word()),
            Query::Entries(kind, sort, take) => {
                let order = match sort {
                    Sort::Date => "newest",
                    Sort::Title => "first",
                };
                if *take == u32::MAX {
                    write!(f, "every {}", kind.word())
                } else {
                    write!(f, "the {take} {order} of kind {}", kind.word())
                }
            }
            Query::Feed(take) => write!(f, "the {take} newest articles with their texts"),
            Query::Safety => f.write_str("movements, conditions and care cards"),
            Query::CareCards => f.write_str("care cards"),
            Query::Glossary => f.write_str("the glossary"),
            Query::Names => f.write_str("the names of exercises, conditions and terms"),
            Query::AToZ => f.write_str("the titles and other names of all entries"),
            Query::People => f.write_str("authors and reviewers"),
            Query::Changes => f.write_str("the log of changed advice"),
            Query::LatestChange(id) => write!(f, "the last change of the advice of `{id}`"),
            Query::Person(id) => write!(f, "the person `{id}`"),
            Query::Shared(template) => write!(f, "the shared part {template}"),
            Query::Pages => f.write_str("every address of the site"),
            Query::Today => f.write_str("the date of the build"),
        }
    }
}
