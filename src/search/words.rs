//! The words of one entry: where each stands, and how much it says about the entry.
//!
//! How much is one of sixteen levels, in which the fields of BM25F are folded already: where the word stands, how often, and how
//! long the text is. The length is compared with a fixed one and not with the average of the site, so that an edit changes the
//! entry that was edited and no other.

use super::lexicon::{Lexicon, Word};
use super::number::push;
use super::token::{Spelling, words};
use crate::entry::{Data, Kind, Slot};
use crate::evidence;
use crate::graph::{Graph, Node, NodeIndex, label};
use crate::hash::Hash;
use crate::parse::Document;
use crate::parse::running::{Passage, PassageKind};

/// Sections begin at multiples of it, so that an edit in one moves no word of the others.
pub(super) const SECTION: u32 = 256;

/// Words of a name that has a key: longer titles are sentences, which nobody types.
const KEY_WORDS: usize = 6;

/// Begins the key of a name; it is in no stem.
pub(super) const KEY: &str = "=";

/// Stands between the words of the key of a name.
pub(super) const KEY_GAP: &str = "_";

/// The level of the key of a title.
pub(super) const TITLE: u8 = 3;
/// The level of the key of another name of the entry.
pub(super) const AKA: u8 = 2;
/// The level of the key of a synonym.
pub(super) const SYNONYM: u8 = 1;

/// Where a word can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Title,
    /// Other names and synonyms.
    Name,
    Heading,
    /// Summaries, topics and what a card is sorted by.
    Summary,
    Body,
}

/// What a word counts in each field.
const WEIGHTS: [f64; 5] = [8.0, 6.0, 4.0, 3.0, 1.0];

/// Words of a body that count in full; in one twice as long they count two thirds.
const BODY_WORDS: f64 = 400.0;

/// Words of a title that count in full.
const TITLE_WORDS: f64 = 4.0;

/// The weights between two levels: a level is about 1.4 times the one below.
const BOUNDS: [f64; 15] =
    [0.235, 0.326, 0.452, 0.625, 0.866, 1.2, 1.662, 2.302, 3.189, 4.417, 6.118, 8.474, 11.738, 16.258, 22.519];

/// A word of an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Posting {
    /// The number of its stem, or of the key of a name.
    pub(super) stem: u32,
    /// How much it says about the entry: 0 to 15.
    pub(super) level: u8,
    /// Where its places end in [`DocWords::places`].
    pub(super) end: u32,
}

/// The words of an entry.
#[derive(Debug, Clone, Default)]
pub(crate) struct DocWords {
    /// Its words in the order of their numbers.
    pub(super) postings: Vec<Posting>,
    /// The places of all of them, one word after the other: what lies between two places, doubled, and one more for the last.
    pub(super) places: Vec<u8>,
    /// The numbers of its forms, in order.
    pub(super) forms: Vec<u32>,
    /// The sections after the first: where each begins, in units of [`SECTION`], and which it is (see [`sections`]).
    pub(super) sections: Vec<(u32, u32)>,
}

/// A name of an entry, and the level of its key.
type Name<'g> = (&'g str, u8);

/// The names of an entry: title, other names, synonyms.
fn names(graph: &Graph, index: NodeIndex) -> Vec<Name<'_>> {
    let node = graph.node(index);
    let mut names = vec![(node.title.as_str(), TITLE)];
    if let Some(Data::Claim(claim)) = node.data() {
        names.extend(claim.question.iter().map(|name| (name.as_str(), AKA)));
    }
    names.extend(graph.also_called(index).into_iter().map(|name| (name, AKA)));
    // The id is the short name that its author gave: `sit-up` for "Sit-up or crunch".
    if matches!(node.kind, Kind::Exercise | Kind::Programme | Kind::Warning | Kind::Condition | Kind::Term) {
        names.push((&node.id, SYNONYM));
    }
    names.extend(graph.synonyms_of(&node.id).iter().map(|name| (name.as_str(), SYNONYM)));
    names
}

/// The sections of an entry's page that a result can lead to: headings of the body, then questions. Title and anchor of each.
pub(super) fn sections(document: &Document) -> Vec<(&str, String)> {
    let headings = document.headings.iter().map(|heading| (heading.title.as_str(), heading.id.clone()));
    let questions = questions(document).iter().enumerate();
    headings.chain(questions.map(|(i, question)| (question.question.as_str(), format!("question-{}", i + 1)))).collect()
}

fn questions(document: &Document) -> &[crate::entry::Question] {
    match &document.data {
        Data::Article(article) => &article.faq,
        Data::Exercise(exercise) => &exercise.faq,
        _ => &[],
    }
}

/// What the words of an entry are made from, as one fingerprint. `text` is the fingerprint of its running text.
pub(super) fn key(graph: &Graph, index: NodeIndex, text: Hash) -> Hash {
    let node = graph.node(index);
    match node.document() {
        // Its headings are those of its body.
        Some(document) => {
            Hash::of(&(&node.id, node.kind, document.data_hash, document.body_hash, text, graph.synonyms_of(&node.id)))
        }
        None => Hash::of(&(node.kind, names(graph, index), graph.definition(index))),
    }
}

/// The words of an entry with its running text.
pub(crate) fn doc_words(lexicon: &Lexicon, graph: &Graph, index: NodeIndex, passages: &[Passage]) -> DocWords {
    let node = graph.node(index);
    let names = names(graph, index);
    let keys = names.iter().filter_map(|(name, level)| Some((name_key(lexicon, name)?, *level))).collect();
    lexicon.with(|word| {
        let mut reader = Reader { word, tokens: Vec::with_capacity(512), forms: Vec::with_capacity(512), at: 0, lengths: [0; 5] };
        for (name, level) in &names {
            reader.read(if *level == TITLE { Field::Title } else { Field::Name }, name);
        }
        reader.read(Field::Body, node.kind.word());
        let mut sections = Vec::new();
        match node.document() {
            Some(document) => {
                read_fields(&mut reader, node, document);
                read_passages(&mut reader, document, passages, &mut sections);
            }
            None => reader.read(Field::Summary, graph.definition(index)),
        }
        reader.finish(node.kind, keys, sections)
    })
}

/// The key of a name, made from the stems of its words: `=sit_up` for `Sit-ups`. Words that are in no list stand as they are.
fn name_key(lexicon: &Lexicon, name: &str) -> Option<u32> {
    let mut parts = Vec::new();
    lexicon.with(|look_up| {
        words(name, &mut |word, spelling| {
            if spelling == Spelling::Word && parts.len() <= KEY_WORDS {
                parts.push(match look_up(word) {
                    Word::Stop => Err(word.to_owned()),
                    Word::Form { stem, .. } => Ok(stem),
                });
            }
        });
    });
    (1..=KEY_WORDS).contains(&parts.len()).then(|| lexicon.key(&parts))
}

/// What is no running text.
fn read_fields(reader: &mut Reader<'_>, node: &Node, document: &Document) {
    let mut slugs: Vec<&String> = document.meta.tags.iter().collect();
    if let Data::Exercise(exercise) = &document.data {
        slugs.extend(exercise.category.iter().chain(&exercise.targets).chain(&exercise.equipment).chain(&exercise.position));
    }
    for slug in slugs {
        reader.read(Field::Summary, &label(slug));
    }
    if let Some(description) = &document.meta.description {
        reader.read(Field::Body, description);
    }
    match &document.data {
        Data::Reference(reference) => {
            reader.read(Field::Summary, &evidence::short(&reference.item(&node.title)));
            let study = &reference.study;
            for text in [&study.design, &study.population, &study.finding, &study.limits].into_iter().flatten() {
                reader.read(Field::Body, text);
            }
        }
        Data::Programme(programme) => {
            for week in &programme.weeks {
                reader.read(Field::Body, &week.title);
            }
        }
        _ => {}
    }
}

fn read_passages(reader: &mut Reader<'_>, document: &Document, passages: &[Passage], sections: &mut Vec<(u32, u32)>) {
    let is_heading = |passage: &&Passage| passage.slot == Slot::Body && passage.kind == PassageKind::Heading;
    let headings = passages.iter().filter(is_heading).count();
    // A heading in a footnote is one of the page, but none of the running text: then nobody knows which is which.
    let are_known = headings == document.headings.len();
    let mut heading = 0;
    let mut answer = None;
    for passage in passages {
        match passage.slot {
            Slot::Body if passage.kind == PassageKind::Heading => {
                if are_known {
                    sections.push((reader.section(), heading));
                }
                heading += 1;
                reader.read(Field::Heading, &passage.text);
            }
            Slot::Answer => {
                if answer != Some(passage.index)
                    && let Some(question) = questions(document).get(passage.index)
                {
                    answer = Some(passage.index);
                    sections.push((reader.section(), u32::try_from(document.headings.len() + passage.index).unwrap_or(u32::MAX)));
                    reader.read(Field::Heading, &question.question);
                }
                reader.read(Field::Body, &passage.text);
            }
            // It is the title already.
            Slot::Statement => {}
            Slot::Summary | Slot::KeyPoint => reader.read(Field::Summary, &passage.text),
            _ => reader.read(Field::Body, &passage.text),
        }
    }
}

/// The fingerprint of running text.
pub(crate) fn text_key(passages: &[Passage]) -> Hash {
    Hash::of(&passages.iter().map(|passage| (passage.slot, passage.index, &*passage.text)).collect::<Vec<_>>())
}

struct Reader<'l> {
    word: &'l mut dyn FnMut(&str) -> Word,
    /// Stem, place and field of each word, packed so that they sort quickly.
    tokens: Vec<u64>,
    forms: Vec<u32>,
    at: u32,
    lengths: [u32; 5],
}

impl Reader<'_> {
    fn read(&mut self, field: Field, text: &str) {
        words(text, &mut |word, spelling| {
            // `sit-up` is found as `situp`, too.
            let at = if spelling == Spelling::Joined { self.at.saturating_sub(2) } else { self.at };
            if let Word::Form { form, stem } = (self.word)(word) {
                self.tokens.push((u64::from(stem) << 32) | u64::from(at << 3) | field as u64);
                self.forms.push(form);
            }
            let is_word = u32::from(spelling == Spelling::Word);
            self.at += is_word;
            self.lengths[field as usize] += is_word;
        });
        // Nothing goes on from one field to the next.
        self.at += 1;
    }

    /// Begins a section and returns where it begins.
    fn section(&mut self) -> u32 {
        let section = self.at.div_ceil(SECTION);
        self.at = section * SECTION;
        section
    }

    fn finish(mut self, kind: Kind, mut keys: Vec<(u32, u8)>, sections: Vec<(u32, u32)>) -> DocWords {
        self.tokens.sort_unstable();
        self.tokens.dedup();
        self.forms.sort_unstable();
        self.forms.dedup();
        // Of two names with one key the better one counts.
        keys.sort_unstable_by_key(|(key, level)| (*key, std::cmp::Reverse(*level)));
        keys.dedup_by_key(|(key, _)| *key);
        let mut words = DocWords { forms: self.forms, sections, ..DocWords::default() };
        for group in self.tokens.chunk_by(|a, b| a >> 32 == b >> 32) {
            let mut counts = [0_u32; 5];
            let mut before = 0;
            for (i, token) in group.iter().enumerate() {
                #[expect(clippy::cast_possible_truncation, reason = "the lower half of a token")]
                let token = *token as u32;
                counts[(token & 7) as usize] += 1;
                let place = token >> 3;
                push(&mut words.places, (place - before) * 2 + u32::from(i + 1 == group.len()));
                before = place;
            }
            let level = level(kind, &counts, &self.lengths);
            words.add(u32::try_from(group[0] >> 32).unwrap_or(u32::MAX), level);
        }
        for (key, level) in keys {
            push(&mut words.places, 1);
            words.add(key, level);
        }
        words.postings.shrink_to_fit();
        words
    }
}

impl DocWords {
    fn add(&mut self, stem: u32, level: u8) {
        let end = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        self.postings.push(Posting { stem, level, end });
    }

    /// The places of a posting.
    pub(super) fn places(&self, posting: usize) -> &[u8] {
        let end = |posting: usize| self.postings.get(posting).map_or(0, |posting| posting.end as usize);
        self.places.get(posting.checked_sub(1).map_or(0, end)..end(posting)).unwrap_or_default()
    }
}

/// BM25F up to its last step, which is the value of a level: the weights of a word in all fields, as sixteen steps.
fn level(kind: Kind, counts: &[u32; 5], lengths: &[u32; 5]) -> u8 {
    let title = 0.7 + 0.3 * f64::from(lengths[Field::Title as usize]) / TITLE_WORDS;
    let body = 0.5 + 0.5 * f64::from(lengths[Field::Body as usize]) / BODY_WORDS;
    let norms = [title, 1.0, 1.0, 1.0, body];
    // What somebody should not do comes before how it is done, and a study after what follows from it.
    let prior = match kind {
        Kind::Warning => 1.4,
        Kind::Reference => 0.5,
        _ => 1.0,
    };
    let weight: f64 = (0..5).map(|field| WEIGHTS[field] * f64::from(counts[field]) / norms[field]).sum();
    u8::try_from(BOUNDS.partition_point(|bound| *bound <= prior * weight)).unwrap_or(15)
}
