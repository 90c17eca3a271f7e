//! Everything under its title and under its other names, in alphabetical order: what readers have who can't or won't search.

use unicode_normalization::UnicodeNormalization as _;

use super::{Graph, NodeIndex, Source};
use crate::entry::{Data, Kind};

/// A name of an entry in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name<'g> {
    /// The name.
    pub(crate) text: &'g str,
    /// The entry.
    pub(crate) node: NodeIndex,
    /// Whether it is the title; another name leads to that.
    pub(crate) is_title: bool,
}

impl Graph {
    /// The names of all entries in alphabetical order, without references: they have a list of their own, and nobody knows them
    /// by the titles of papers. Names that differ only in upper and lower case or that an entry has twice are one.
    pub(crate) fn a_z(&self) -> Vec<Name<'_>> {
        let indices = (0..).zip(&self.nodes).filter(|(_, node)| node.kind != Kind::Reference).map(|(index, _)| index);
        let titles = indices.clone().map(|node| Name { text: self.asked_title(node), node, is_title: true });
        let others = indices.flat_map(|node| self.other_names(node).map(move |text| Name { text, node, is_title: false }));
        let mut names: Vec<Name<'_>> = titles.chain(others).filter(|name| !name.text.is_empty()).collect();
        names.sort_by_cached_key(|name| (sorted_as(name.text), name.node, !name.is_title));
        names.dedup_by_key(|name| (sorted_as(name.text), name.node));
        names
    }

    /// The title as readers look for it: of a claim the question that it answers.
    pub(crate) fn asked_title(&self, index: NodeIndex) -> &str {
        let node = self.node(index);
        match node.data() {
            Some(Data::Claim(claim)) => claim.question.as_deref().unwrap_or(&node.title),
            _ => &node.title,
        }
    }

    /// What an entry is also called, and what people type who mean it.
    fn other_names(&self, index: NodeIndex) -> impl Iterator<Item = &str> {
        self.also_called(index).into_iter().chain(self.synonyms_of(&self.node(index).id).iter().map(String::as_str))
    }

    /// What an entry is also called, in the words of its author.
    pub(crate) fn also_called(&self, index: NodeIndex) -> Vec<&str> {
        let node = self.node(index);
        let mut names: Vec<&String> = Vec::new();
        match (&node.source, node.data()) {
            (_, Some(Data::Exercise(exercise))) => names.extend(&exercise.aka),
            (Source::Condition(condition), _) => {
                names.extend(self.safety.table.conditions.get(*condition).into_iter().flat_map(|found| &found.aka));
                // A term with the id of a condition is that condition's definition, and its names are the condition's.
                for term in self.glossary.iter().filter(|term| term.id == node.id) {
                    names.extend(std::iter::once(&term.term).chain(&term.aka));
                }
            }
            (Source::Term(term), _) => names.extend(self.glossary.get(*term).into_iter().flat_map(|term| &term.aka)),
            _ => {}
        }
        names.into_iter().map(String::as_str).collect()
    }
}

/// The letter under which a name stands, as a capital without accents; nothing for a figure or a sign.
pub(crate) fn letter(name: &str) -> Option<char> {
    let first = name.nfkd().find(|c| c.is_alphanumeric())?;
    first.is_alphabetic().then(|| first.to_uppercase().next().unwrap_or(first))
}

/// What decides the place of a name: quotation marks, capitals and accents don't.
fn sorted_as(name: &str) -> (Option<char>, String) {
    let letters = name.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    (letter(name), letters.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')).collect())
}

#[cfg(test)]
mod tests {
    use super::{letter, sorted_as};

    #[test]
    fn names_stand_under_their_first_letter() {
        assert_eq!(
            [letter("sit-up"), letter("“Up to”"), letter("élan"), letter("2.5"), letter("…")],
            [Some('S'), Some('U'), Some('E'), None, None]
        );
        assert!(sorted_as("“Up to”") < sorted_as("Vest") && sorted_as("Sit to stand") < sorted_as("sit-up"));
        assert!(sorted_as("2.5") < sorted_as("Abs") && sorted_as("élan") < sorted_as("emu"));
    }
}
