//! Search: the index that the browser reads, and the same ranking here, so that a query can be a test.
//!
//! | Step | Where |
//! |---|---|
//! | a text → its words | [`token`] |
//! | the words of an entry → how much each says, and where | [`words`] |
//! | the words of all entries → sorted tables | [`table`] |
//! | tables and records → files | [`files`] |
//! | a query → results | [`query`], and `search-engine.js` of the theme |
//!
//! The words of an entry depend on that entry alone. An edit takes them out of the tables and puts the new ones in; what comes
//! out is, byte for byte, what a build from nothing makes.

mod files;
mod lexicon;
mod number;
pub mod query;
mod table;
mod token;
mod words;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bitcode::{Decode, Encode};

pub(crate) use self::files::Part;
use self::files::Writer;
pub(crate) use self::lexicon::Lexicon;
use self::number::push;
pub(crate) use self::table::Table;
use self::table::{Changes, Kind, New, Posting, merge};
pub(crate) use self::words::{DocWords, doc_words, text_key};
use crate::entry::Id;
use crate::graph::NodeIndex;
use crate::hash::Hash;
use crate::output::{Manifest, Sink, Stamp, is_output_path};
use crate::par;
use crate::render::Snapshot;

/// The version of the files. The script and the files of a site are always written together, so that none reads another's.
pub const VERSION: u32 = 1;

/// What is known of an entry besides its words.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Entry {
    id: Id,
    /// Fingerprint of all that its words are made from.
    key: Hash,
    /// The sections of its page: where each begins, and which it is.
    sections: Vec<(u32, u32)>,
}

/// The index of a site. Entries have the numbers of their nodes.
#[derive(Debug, Clone, Default)]
pub struct Index {
    documents: Arc<Vec<Entry>>,
    /// Stems and the keys of names.
    stems: Vec<Arc<Table>>,
    /// Forms.
    forms: Vec<Arc<Table>>,
}

/// What is kept of an index for the next build.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Fingerprint of what decides how texts are read.
    pub(crate) key: Hash,
    /// The entries, in order.
    pub(crate) documents: Arc<Vec<Entry>>,
    /// Tables of stems, then of forms, with their files.
    pub(crate) tables: Vec<(Arc<Table>, Vec<Part>)>,
    /// The number of tables of stems.
    pub(crate) stems: usize,
    /// The other files: of what each was made, and the file.
    pub(crate) others: Vec<(Hash, Part)>,
}

/// Makes the index of a site from the words of its entries and the index of the build before.
pub fn index(snapshot: &Arc<Snapshot>, old: &Known) -> Index {
    let graph = &snapshot.graph;
    let same = old.key == key(&graph.config.language);
    let before: &[Entry] = if same { &old.documents } else { &[] };
    // Mostly nothing was added and nothing is gone.
    let is_same_list = before.iter().map(|entry| &entry.id).eq(graph.nodes.iter().map(|node| &node.id));
    let listed = if is_same_list { &[] } else { before };
    let positions: HashMap<&Id, u32> = (0..).zip(listed).map(|(number, entry)| (&entry.id, number)).collect();
    let indices: Vec<NodeIndex> = (0..).zip(&graph.nodes).map(|(index, _)| index).collect();
    let keys: Vec<Hash> = par::map(&indices, |index| words::key(graph, *index, snapshot.text_key(*index)));
    let mut changes = Changes { numbers: vec![None; before.len()], is_in_place: true };
    let mut fresh: Vec<NodeIndex> = Vec::new();
    let mut last = None;
    for (index, key) in indices.iter().zip(&keys) {
        let position = if is_same_list { Some(*index) } else { positions.get(&graph.node(*index).id).copied() };
        // An entry that changed places with others is read again: lists are in the order of entries.
        match position.filter(|position| before[*position as usize].key == *key && last < Some(*position)) {
            Some(position) => {
                last = Some(position);
                changes.numbers[position as usize] = Some(*index);
                changes.is_in_place &= position == *index;
            }
            None => fresh.push(*index),
        }
    }
    let (stems, forms) = old.tables.split_at(old.stems.min(old.tables.len()));
    let of = |tables: &[(Arc<Table>, Vec<Part>)]| -> Vec<Arc<Table>> {
        if same { tables.iter().map(|(table, _)| table.clone()).collect() } else { Vec::new() }
    };
    let (stems, forms) = (of(stems), of(forms));
    if fresh.is_empty() && changes.is_in_place && before.len() == indices.len() {
        return Index { documents: old.documents.clone(), stems, forms };
    }
    let words: Vec<Arc<DocWords>> = par::map(&fresh, |index| snapshot.index_words(*index));
    let mut documents: Vec<Entry> = indices
        .iter()
        .zip(keys)
        .map(|(index, key)| Entry { id: graph.node(*index).id.clone(), key, sections: Vec::new() })
        .collect();
    for (old, new) in before.iter().zip(&changes.numbers) {
        if let Some(new) = new {
            documents[*new as usize].sections.clone_from(&old.sections);
        }
    }
    for (index, words) in fresh.iter().zip(&words) {
        documents[*index as usize].sections.clone_from(&words.sections);
    }
    let known = snapshot.lexicon().words();
    let (stems, forms) = par::join(
        || {
            let inverted = Inverted::of(known.stems.len(), &words, |words| words.postings.iter().map(|posting| posting.stem));
            let posting = |at: usize| -> Posting<'_> {
                let (document, posting) = inverted.postings[at];
                let words = &words[document as usize];
                (fresh[document as usize], words.postings[posting as usize].level, words.places(posting as usize))
            };
            let new = inverted.sorted(|stem| &known.stems[stem], |_| Vec::new());
            merge(Kind::Stems, &stems, &changes, &new, &posting)
        },
        || {
            let inverted = Inverted::of(known.forms.len(), &words, |words| words.forms.iter().copied());
            let posting = |at: usize| -> Posting<'_> { (fresh[inverted.postings[at].0 as usize], 0, &[]) };
            let way = |form: usize| {
                let (form, stem) = &known.forms[form];
                way(form, &known.stems[*stem as usize])
            };
            let new = inverted.sorted(|form| &known.forms[form].0, way);
            merge(Kind::Forms, &forms, &changes, &new, &posting)
        },
    );
    Index { documents: Arc::new(documents), stems, forms }
}

/// Everything besides an entry that decides what its words are.
fn key(language: &str) -> Hash {
    Hash::of(&(VERSION, language, env!("CARGO_PKG_VERSION")))
}

/// The way from a form to its stem: letters to leave out at the end, letters to add, and these.
fn way(form: &str, stem: &str) -> Vec<u8> {
    let shared: usize = form.chars().zip(stem.chars()).take_while(|(one, other)| one == other).map(|(c, _)| c.len_utf8()).sum();
    let mut way = Vec::new();
    push(&mut way, files::length(&form[shared..]));
    push(&mut way, files::length(&stem[shared..]));
    way.extend_from_slice(&stem.as_bytes()[shared..]);
    way
}

/// Words with the entries in which they stand, made from entries with their words.
struct Inverted {
    /// Where the postings of each word end.
    ends: Vec<usize>,
    /// Position of the entry, and of the posting in it; all of one word together, in the order of entries.
    postings: Vec<(u32, u32)>,
}

impl Inverted {
    fn of<'w, I: Iterator<Item = u32>>(count: usize, words: &'w [Arc<DocWords>], of: impl Fn(&'w DocWords) -> I) -> Inverted {
        let mut ends = vec![0; count + 1];
        words.iter().flat_map(|words| of(words)).for_each(|word| ends[word as usize + 1] += 1);
        for word in 1..ends.len() {
            ends[word] += ends[word - 1];
        }
        let mut postings = vec![(0, 0); ends[count]];
        for (document, words) in (0..).zip(words) {
            for (posting, word) in (0..).zip(of(words)) {
                let end = &mut ends[word as usize];
                postings[*end] = (document, posting);
                *end += 1;
            }
        }
        Inverted { ends, postings }
    }

    /// The words that stand anywhere, in order.
    fn sorted<'k>(&self, key: impl Fn(usize) -> &'k str, data: impl Fn(usize) -> Vec<u8>) -> Vec<New<'k>> {
        let start = |word: usize| word.checked_sub(1).map_or(0, |before| self.ends[before]);
        let words = (0..self.ends.len().saturating_sub(1)).filter(|word| start(*word) < self.ends[*word]);
        let mut new: Vec<New<'k>> =
            words.map(|word| New { key: key(word), data: data(word), postings: start(word)..self.ends[word] }).collect();
        par::sort(&mut new, |one, other| one.key.cmp(other.key));
        new
    }
}

/// The weight of a word by how rare it is: sixteen times the logarithm (base 2) of one more than the entries for each that has it.
fn idf(documents: usize, count: u32) -> u32 {
    // In whole numbers, so that every machine writes the same.
    let count = u64::from(count.max(1));
    let mut ratio = ((documents as u64 + count) << 32) / count;
    let mut log = 0;
    while ratio >= 2 << 32 {
        ratio >>= 1;
        log += 16;
    }
    let mut step = 8;
    while step > 0 {
        ratio = u64::try_from((u128::from(ratio) * u128::from(ratio)) >> 32).unwrap_or(u64::MAX);
        if ratio >= 2 << 32 {
            ratio >>= 1;
            log += step;
        }
        step /= 2;
    }
    log
}

/// Writes the files of an index that aren't published yet. Returns the stamps of all of them, and what is kept for the next build.
pub fn write(
    snapshot: &Snapshot,
    index: &Index,
    old: &Known,
    published: &Manifest,
    sink: &dyn Sink,
) -> (Vec<(String, Stamp)>, Known) {
    let language = &snapshot.graph.config.language;
    let folder = format!("search/{language}/");
    if !is_output_path(folder.trim_end_matches('/')) {
        return (Vec::new(), Known::default());
    }
    let writer = Writer { folder, published, sink, written: Mutex::default() };
    let (tables, others) = files::write(&writer, &snapshot.graph, index, old);
    let written = writer.written.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let known = Known { key: key(language), documents: index.documents.clone(), tables, stems: index.stems.len(), others };
    (written.into_iter().collect(), known)
}

#[cfg(test)]
mod tests {
    use super::idf;

    #[test]
    fn rare_words_weigh_more() {
        // 16 × log2(1 + 1000 / count), rounded down.
        assert_eq!([1, 2, 10, 500, 1000].map(|count| idf(1000, count)), [159, 143, 106, 25, 16]);
    }
}
