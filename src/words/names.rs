//! The names of entries, and where a text says them.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::syllables;
use crate::entry::{Data, Id, Kind};
use crate::graph::Graph;
use crate::hash::Hash;

/// A name of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// The name, as its author wrote it.
    pub text: String,
    /// The entry.
    pub id: Id,
    /// What it is.
    pub kind: Kind,
    /// Whether it is a word that the glossary explains, or a short form of one. Other names of a term are often the plainer ones.
    pub is_term: bool,
}

/// A name in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Position of the name in its table.
    pub name: usize,
}

/// Letters of all names up to which they are found with a table of states: each letter is one, of some 200 bytes.
const TABLE_LETTERS: usize = 20_000;

/// Words and groups of words that are looked for in texts.
#[derive(Debug, Default)]
pub struct Finder {
    words: Vec<String>,
    search: Option<AhoCorasick>,
}

impl Finder {
    /// A finder of some words.
    pub fn new(words: Vec<String>) -> Finder {
        let mut search = AhoCorasick::builder();
        search.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest);
        // All text of a site goes through it. A table of states is twice as fast as a tree of them, as long as it fits a cache.
        if words.iter().map(String::len).sum::<usize>() < TABLE_LETTERS {
            search.kind(Some(AhoCorasickKind::DFA));
        }
        // Without words there is nothing to find, and with too many for the machine nothing is found.
        let search = search.build(&words).ok().filter(|_| !words.is_empty());
        Finder { words, search }
    }

    /// What is in a text: whole words, the longest at each place, in any case (capitals for letters that stand for words), with or
    /// without the `s` of the plural.
    pub fn find(&self, text: &str) -> Vec<Found> {
        let Some(search) = &self.search else { return Vec::new() };
        let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        let found = search.find_iter(text).filter_map(|found| {
            let word = &self.words[found.pattern().as_usize()];
            if text[..found.start()].ends_with(is_inside) || (is_short_form(word) && text[found.range()] != *word) {
                return None;
            }
            let plural = text[found.end()..].strip_prefix('s').filter(|after| !after.starts_with(is_inside));
            let is_whole = !text[found.end()..].starts_with(is_inside);
            let end = if is_whole { found.end() } else { plural.map(|_| found.end() + 1)? };
            Some(Found { range: found.start()..end, name: found.pattern().as_usize() })
        });
        found.collect()
    }
}

/// All names of exercises, conditions and terms that can be told from ordinary words.
#[derive(Debug, Default)]
pub struct Names {
    /// The names, in order.
    pub list: Vec<Name>,
    finder: Finder,
}

impl Names {
    /// What a table of names is made from, as one fingerprint: nothing is prepared for it.
    pub fn key(graph: &Graph) -> Hash {
        Hash::of(&all(graph).collect::<Vec<_>>())
    }

    /// The names of a site. One that means two entries means none.
    pub fn of(graph: &Graph) -> Names {
        let mut by_text: BTreeMap<String, Option<Name>> = BTreeMap::new();
        for (text, id, kind, is_term) in all(graph).filter(|(text, ..)| is_distinct(text)) {
            let new = Name { text: text.to_owned(), id: id.clone(), kind, is_term };
            by_text
                .entry(text.to_lowercase())
                .and_modify(|known| match known {
                    Some(known) if known.id == *id => known.is_term |= is_term,
                    known => *known = None,
                })
                .or_insert(Some(new));
        }
        Names::new(by_text.into_values().flatten().collect())
    }

    /// A table of some names.
    pub fn new(list: Vec<Name>) -> Names {
        let finder = Finder::new(list.iter().map(|name| name.text.clone()).collect());
        Names { list, finder }
    }

    /// The names in a text, see [`Finder::find`].
    pub fn find(&self, text: &str) -> Vec<Found> {
        self.finder.find(text)
    }
}

/// Every name of an exercise, a condition or a term.
fn all(graph: &Graph) -> impl Iterator<Item = (&str, &Id, Kind, bool)> {
    let exercises = graph.of_kind(Kind::Exercise).flat_map(|(_, node)| {
        let aka: &[String] = if let Some(Data::Exercise(exercise)) = node.data() { &exercise.aka } else { &[] };
        std::iter::once(&node.title).chain(aka).map(|text| (text.as_str(), &node.id, Kind::Exercise, false))
    });
    let conditions = graph.safety.table.conditions.iter().flat_map(|condition| {
        std::iter::once(&condition.label).chain(&condition.aka).map(|text| (text.as_str(), &condition.id, Kind::Condition, false))
    });
    let terms = graph.glossary.iter().flat_map(|term| {
        let plain = term.aka.iter().map(|text| (text.as_str(), &term.id, Kind::Term, is_short_form(text)));
        std::iter::once((term.term.as_str(), &term.id, Kind::Term, true)).chain(plain)
    });
    exercises.chain(conditions).chain(terms).filter(|(_, id, ..)| graph.find(id).is_some())
}

/// Whether a name is all capitals and figures, such as `BMD`.
fn is_short_form(name: &str) -> bool {
    name.len() > 1 && !name.contains(char::is_lowercase) && name.contains(char::is_uppercase)
}

/// Whether a name can be told from ordinary words. A set, a hold, a core or a squat may be anything.
fn is_distinct(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let is_one_word = !name.contains(|c: char| c.is_whitespace() || c == '-');
    letters >= 2 && (!is_one_word || is_short_form(name) || syllables(name) >= 3)
}

#[cfg(test)]
mod tests {
    use super::{Name, Names, is_distinct};
    use crate::entry::Kind;

    fn names(texts: &[&str]) -> Names {
        let name = |text: &&str| Name { text: (*text).to_owned(), id: (*text).into(), kind: Kind::Term, is_term: true };
        Names::new(texts.iter().map(name).collect())
    }

    #[test]
    fn the_longest_whole_words_are_found() {
        let names = names(&["fracture", "fragility fracture", "BMD", "Heel drops"]);
        let text = "Fragility fractures, refracture, bmd, BMD; heel drops. A fracture-like fracture.";
        let found: Vec<&str> = names.find(text).into_iter().map(|found| &text[found.range]).collect();
        assert_eq!(found, ["Fragility fractures", "BMD", "heel drops", "fracture"]);
        assert_eq!(Names::new(Vec::new()).find(text), []);
    }

    #[test]
    fn ordinary_words_are_no_names() {
        let is = |names: [&str; 4]| names.map(is_distinct);
        assert_eq!(is(["set", "Squat", "core", "impact"]), [false; 4]);
        assert_eq!(is(["BMD", "T-score", "osteopenia", "heel drop"]), [true; 4]);
    }
}
