//! A query → results: the twin of `search-engine.js` in the theme. Both rank in whole numbers and give the same order.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use strsim::osa_distance;

use super::number::Numbers;
use super::table::{Runs, Table, entries};
use super::token::{Spelling, stop_words, words};
use super::words::{KEY, KEY_GAP, SECTION, sections};
use super::{Index, idf};
use crate::entry::{Id, Verdict};
use crate::finding::{At, Findings};
use crate::graph::{Graph, NodeIndex, QUERIES};
use crate::par;
use crate::rules::q001_failing_query;

/// What a level is worth: 256 × w / (w + 5) for the weight w in its middle, the last step of BM25F.
const VALUES: [u32; 16] = [10, 13, 18, 25, 33, 43, 56, 72, 90, 110, 130, 151, 171, 188, 203, 215];

/// Letters of a query that are read, as JavaScript counts them.
const LETTERS: usize = 300;
/// Words of a query that are looked for.
const WORDS: usize = 12;
/// Words that a beginning can stand for.
const BEGINNINGS: usize = 8;
/// Spellings that a word can stand for.
const SPELLINGS: usize = 4;
/// Letters of each of two words that are written as one.
const PART: usize = 3;
/// Words of a name.
const NAME: usize = 6;
/// With fewer results than this, some may lack a word.
const ENOUGH: usize = 3;
/// Results that are looked at for words that stand together.
const NEAR: usize = 32;
/// What words are worth that stand as in the query, or so many words nearer or farther.
const NEARNESS: [u32; 8] = [48, 24, 16, 12, 8, 6, 4, 3];
/// Parts of sixteen for a word as typed, the beginning of a word, a spelling, another spelling that is as near.
const WEIGHTS: [u32; 4] = [16, 12, 14, 10];
/// Added to what has every word.
const FULL: u32 = 1 << 22;
/// Added to an entry whose name is the query, for each level of names.
const NAMED: u32 = 1 << 24;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Results {
    /// The words that were looked for.
    pub words: Vec<String>,
    /// Words that were taken for others.
    pub corrected: Vec<(String, String)>,
    /// The number of all results.
    pub total: usize,
    /// The first of them.
    pub hits: Vec<Hit>,
}

/// A result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The entry.
    pub entry: NodeIndex,
    /// What it was ranked by.
    pub score: u32,
    /// Whether the query names an exercise that some should avoid, so that its warning comes before anything else.
    pub is_warning_first: bool,
    /// The sections of its page that have the most words of the query, with their anchors.
    pub sections: Vec<(String, String)>,
}

/// A query in parts.
#[derive(Debug, Default)]
struct Parsed {
    /// Words, each with its position and the number of its phrase.
    words: Vec<(String, Option<usize>)>,
    excluded: Vec<Vec<String>>,
}

/// A word as it was looked for, with its stem if the site has it.
type Typed = (String, Option<String>);

/// A form of the site: in how many entries it stands (most first), itself, and its stem.
type Form = (Reverse<u32>, String, String);

/// A word, and what it may stand for.
struct Unit {
    at: u32,
    /// Stems with their weights, the nearest first.
    stems: Vec<(String, u32)>,
}

/// Results for a query, of which the first `limit` are returned.
pub fn search(graph: &Graph, index: &Index, text: &str, limit: usize) -> Results {
    let mut search = Search { index, stop: stop_words(&graph.config.language), corrected: Vec::new() };
    let parsed = parse(text);
    let (units, phrases, typed) = search.resolve(&parsed);
    let count = index.documents.len();
    let (mut scores, mut matched) = (vec![0_u32; count], vec![0_u32; count]);
    let total = u32::try_from(units.len() + phrases.len()).unwrap_or(u32::MAX);
    for unit in &units {
        let mut best = vec![0_u32; count];
        for (stem, weight) in &unit.stems {
            let Some((table, group)) = index.stem(stem) else { continue };
            let idf = idf(count, table.counts[group]);
            for (entry, level) in entries(table.lists.get(group)) {
                let score = idf * VALUES[usize::from(level)] * weight / 16;
                best[entry as usize] = best[entry as usize].max(score);
            }
        }
        for (entry, score) in best.into_iter().enumerate().filter(|(_, score)| *score > 0) {
            scores[entry] += score;
            matched[entry] += 1;
        }
    }
    let mut is_out = vec![false; count];
    for phrase in &phrases {
        let found = phrase.as_ref().map(|phrase| search.phrase(phrase)).unwrap_or_default();
        let mut lacks = vec![true; count];
        for (entry, score) in found {
            lacks[entry as usize] = false;
            scores[entry as usize] += score;
            matched[entry as usize] += 1;
        }
        is_out.iter_mut().zip(lacks).for_each(|(is_out, lacks)| *is_out |= lacks);
    }
    for phrase in &parsed.excluded {
        let phrase: Option<Vec<(String, u32)>> = search.exact(phrase.iter().zip(0..).map(|(word, at)| (word.as_str(), at)));
        for (entry, _) in phrase.map(|phrase| search.phrase(&phrase)).unwrap_or_default() {
            is_out[entry as usize] = true;
        }
    }
    let mut named = vec![0_u32; count];
    search.names(&typed, total, &mut scores, &mut matched, &mut named);
    let is_in = |entry: usize, need: u32| !is_out[entry] && (named[entry] > 0 || (matched[entry] > 0 && matched[entry] >= need));
    let mut need = total;
    while need > 1 && (0..count).filter(|entry| is_in(*entry, need)).count() < ENOUGH {
        need -= 1;
    }
    let mut ranked: Vec<(u32, NodeIndex)> = (0..)
        .zip(0..count)
        .filter(|(_, entry)| is_in(*entry, need))
        .map(|(index, entry)| {
            let score = if matched[entry] >= total {
                scores[entry] + FULL
            } else {
                scores[entry] * matched[entry].pow(2) / total.pow(2).max(1)
            };
            (score + named[entry] * NAMED, index)
        })
        .collect();
    let rank = |ranked: &mut Vec<(u32, NodeIndex)>| ranked.sort_by_key(|(score, index)| (Reverse(*score), *index));
    rank(&mut ranked);
    if units.len() > 1 {
        for (score, entry) in ranked.iter_mut().take(NEAR) {
            *score += search.nearness(&units, *entry);
        }
        rank(&mut ranked);
    }
    let hits = ranked.iter().take(limit).map(|(score, entry)| Hit {
        entry: *entry,
        score: *score,
        is_warning_first: named[*entry as usize] > 0 && is_avoided(graph, *entry),
        sections: search.sections(graph, &units, *entry),
    });
    Results {
        words: typed.into_iter().map(|(word, _)| word).collect(),
        total: ranked.len(),
        hits: hits.collect(),
        corrected: search.corrected,
    }
}

/// Whether an exercise is one that somebody should avoid, and a warning says so.
fn is_avoided(graph: &Graph, index: NodeIndex) -> bool {
    strictest(graph, index).is_some_and(|(verdict, _)| verdict == Verdict::Avoid) && !graph.warnings[index as usize].is_empty()
}

/// The strictest verdict for an exercise, and the labels of the conditions that have it; none for a verdict of "fine".
///
/// Conditions that are to be seen by a professional before any exercise say the same of every exercise, which tells none from
/// another: they don't count here.
pub fn strictest(graph: &Graph, index: NodeIndex) -> Option<(Verdict, Vec<&str>)> {
    let (_, exercise) = graph.exercise(index)?;
    let profile = graph.safety.profile(exercise);
    let conditions = graph.safety.table.conditions.iter().enumerate().filter(|(i, _)| !graph.safety.stops_first(*i));
    let verdicts: Vec<_> =
        conditions.map(|(i, condition)| (graph.safety.exercise(&profile, i), condition.label.as_str())).collect();
    let strictest = verdicts.iter().map(|(verdict, _)| *verdict).max()?;
    let with = verdicts.into_iter().filter(|(verdict, _)| *verdict == strictest && strictest != Verdict::Ok);
    Some((strictest, with.map(|(_, label)| label).collect()))
}

/// Runs the queries that must work.
pub fn check(graph: &Graph, index: &Index) -> Findings {
    let numbered: Vec<(usize, &crate::entry::WantedQuery)> = graph.queries.iter().enumerate().collect();
    let found = par::map(&numbered, |(i, wanted)| {
        let results = search(graph, index, &wanted.query, ENOUGH);
        let ids: Vec<&str> = results.hits.iter().map(|hit| &*graph.node(hit.entry).id).collect();
        let lacks = |key: &str, id: Option<&Id>, place: &str, of: usize| {
            let id = id.filter(|id| graph.find(id).is_some() && !ids.iter().take(of).any(|found| *found == &***id))?;
            let at = At::field(&QUERIES.into(), ["queries", &i.to_string(), key]);
            Some(q001_failing_query::finding(at, &wanted.query, id, place, &ids))
        };
        let first = lacks("first", wanted.first.as_ref(), "first", 1);
        first.into_iter().chain(lacks("among", wanted.among.as_ref(), "among the first three", ENOUGH)).collect::<Vec<_>>()
    });
    Findings(found.into_iter().flatten().collect())
}

fn parse(text: &str) -> Parsed {
    let mut length = 0;
    let end = text.char_indices().find(|(_, c)| {
        length += c.len_utf16();
        length > LETTERS
    });
    let text = &text[..end.map_or(text.len(), |(at, _)| at)];
    let pieces: Vec<&str> = text.split(['"', '“', '”', '„', '«', '»']).collect();
    let mut parsed = Parsed::default();
    for (i, piece) in pieces.iter().enumerate() {
        let all = |text: &str| {
            let mut found = Vec::new();
            words(text, &mut |word, spelling| {
                if spelling == Spelling::Word {
                    found.push(word.to_owned());
                }
            });
            found
        };
        // A quotation mark that nothing closes is none.
        if i % 2 == 1 && i + 1 < pieces.len() {
            let is_excluded =
                pieces[i - 1].strip_suffix('-').is_some_and(|before| before.is_empty() || before.ends_with(char::is_whitespace));
            if is_excluded {
                parsed.excluded.push(all(piece));
            } else {
                parsed.words.extend(all(piece).into_iter().map(|word| (word, Some(i))));
            }
        } else {
            for part in piece.split_whitespace() {
                if part.starts_with('-') {
                    parsed.excluded.push(all(part));
                } else {
                    parsed.words.extend(all(part).into_iter().map(|word| (word, None)));
                }
            }
        }
    }
    parsed.words.truncate(WORDS);
    parsed
}

struct Search<'i> {
    index: &'i Index,
    stop: &'static [&'static str],
    corrected: Vec<(String, String)>,
}

/// Stems and their distances from the first of them; nothing, if the site lacks one of the words.
type Phrase = Option<Vec<(String, u32)>>;

impl Search<'_> {
    fn is_stop(&self, word: &str) -> bool {
        self.stop.contains(&word)
    }

    /// What each word stands for, the phrases, and all words with their stems for the names.
    fn resolve(&mut self, parsed: &Parsed) -> (Vec<Unit>, Vec<Phrase>, Vec<Typed>) {
        let has_content = parsed.words.iter().any(|(word, _)| !self.is_stop(word));
        let mut units: Vec<Unit> = Vec::new();
        let mut typed: Vec<Typed> = Vec::new();
        let mut phrases: Vec<(usize, Vec<(String, u32)>)> = Vec::new();
        for (i, (word, phrase)) in parsed.words.iter().enumerate() {
            let at = u32::try_from(typed.len()).unwrap_or(u32::MAX);
            if let Some(phrase) = phrase {
                if phrases.last().is_none_or(|(last, _)| last != phrase) {
                    phrases.push((*phrase, Vec::new()));
                }
                phrases.last_mut().into_iter().for_each(|(_, words)| words.push((word.clone(), at)));
                typed.push((word.clone(), self.index.form(word).map(|(stem, _)| stem)));
                continue;
            }
            if has_content && self.is_stop(word) {
                typed.push((word.clone(), None));
                continue;
            }
            let mut stems: Vec<(String, u32)> = Vec::new();
            let mut add = |stem: String, weight: u32| {
                if !stems.iter().any(|(known, _)| *known == stem) {
                    stems.push((stem, weight));
                }
            };
            let exact = self.index.form(word);
            if let Some((stem, _)) = exact {
                add(stem, WEIGHTS[0]);
            }
            // `sit ups` is `situps`, too.
            let is_plain = |at: usize| parsed.words.get(at).filter(|(_, phrase)| phrase.is_none());
            for (before, after) in [(i.checked_sub(1), Some(i)), (Some(i), i.checked_add(1))] {
                if let (Some((before, _)), Some((after, _))) = (before.and_then(is_plain), after.and_then(is_plain)) {
                    let joined = self.index.form(&format!("{before}{after}"));
                    if let Some((stem, _)) = joined {
                        add(stem, WEIGHTS[0]);
                    }
                }
            }
            if stems.is_empty() {
                stems = self.beginnings(word);
            }
            if stems.is_empty()
                && let Some(parts) = self.split(word)
            {
                for (at, (part, stem)) in (at..).zip(parts) {
                    units.push(Unit { at, stems: vec![(stem.clone(), WEIGHTS[0])] });
                    typed.push((part, Some(stem)));
                }
                continue;
            }
            let mut shown = word.clone();
            if stems.is_empty() {
                let (form, found) = self.spellings(word);
                stems = found;
                if let Some(form) = form {
                    if !form.starts_with(word.as_str()) && !word.starts_with(&form) {
                        self.corrected.push((word.clone(), form.clone()));
                    }
                    shown = form;
                }
            }
            typed.push((shown, stems.first().map(|(stem, _)| stem.clone())));
            units.push(Unit { at, stems });
        }
        let phrases =
            phrases.into_iter().map(|(_, words)| self.exact(words.iter().map(|(word, at)| (word.as_str(), *at)))).collect();
        (units, phrases, typed)
    }

    /// The stems of words as they are typed, with their places. Words of the list of stop words keep a place for themselves.
    fn exact<'w>(&self, words: impl Iterator<Item = (&'w str, u32)>) -> Phrase {
        let stems: Option<Vec<(String, u32)>> =
            words.filter(|(word, _)| !self.is_stop(word)).map(|(word, at)| Some((self.index.form(word)?.0, at))).collect();
        stems.filter(|stems| !stems.is_empty())
    }

    /// Two words in one: the cut after which the rarer of the two stands in most entries.
    fn split(&self, word: &str) -> Option<[(String, String); 2]> {
        let mut best: Option<(u32, [(String, String); 2])> = None;
        let cuts: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
        for cut in cuts.iter().skip(PART).take((cuts.len() + 1).saturating_sub(2 * PART)) {
            let (one, other) = word.split_at(*cut);
            let (Some((a, count)), Some((b, others))) = (self.index.form(one), self.index.form(other)) else { continue };
            let rarer = count.min(others);
            if best.as_ref().is_none_or(|(known, _)| rarer > *known) {
                best = Some((rarer, [(one.to_owned(), a), (other.to_owned(), b)]));
            }
        }
        best.map(|(_, parts)| parts)
    }

    /// The stems of words that begin like this one, those in most entries first.
    fn beginnings(&self, word: &str) -> Vec<(String, u32)> {
        if word.chars().count() < 3 {
            return Vec::new();
        }
        let mut found: Vec<Form> = Vec::new();
        for table in &self.index.forms {
            for group in table.lower_bound(word.as_bytes())..table.keys.len() {
                let form = text(table.keys.get(group));
                if !form.starts_with(word) {
                    break;
                }
                found.push((Reverse(table.counts[group]), form.to_owned(), stem_of(table, group)));
            }
        }
        stems(found, BEGINNINGS, |_| WEIGHTS[1])
    }

    /// The nearest spelling, and the stems of those that are as near: first among words with the same first letter.
    fn spellings(&self, word: &str) -> (Option<String>, Vec<(String, u32)>) {
        let letters = word.chars().count();
        if letters < 3 || word.contains(char::is_numeric) {
            return (None, Vec::new());
        }
        let limit = if letters < 8 { 1 } else { 2 };
        for is_near in [true, false] {
            let mut found: Vec<(usize, Form)> = Vec::new();
            for table in &self.index.forms {
                for group in 0..table.keys.len() {
                    let form = text(table.keys.get(group));
                    let is_likely = form.chars().next() == word.chars().next() || !is_near;
                    if is_likely && form.chars().count().abs_diff(letters) <= limit {
                        let distance = osa_distance(word, form);
                        if distance <= limit {
                            found.push((distance, (Reverse(table.counts[group]), form.to_owned(), stem_of(table, group))));
                        }
                    }
                }
            }
            if let Some(nearest) = found.iter().map(|(distance, _)| *distance).min() {
                let mut found: Vec<_> =
                    found.into_iter().filter(|(distance, _)| *distance == nearest).map(|(_, form)| form).collect();
                found.sort();
                return (Some(found[0].1.clone()), stems(found, SPELLINGS, |at| if at == 0 { WEIGHTS[2] } else { WEIGHTS[3] }));
            }
        }
        (None, Vec::new())
    }

    /// The entries in which stems stand as far from each other as in a phrase, with their scores.
    fn phrase(&self, phrase: &[(String, u32)]) -> Vec<(NodeIndex, u32)> {
        let count = self.index.documents.len();
        let Some((first, others)) = phrase.split_first() else { return Vec::new() };
        let mut found: Vec<(NodeIndex, u32, Vec<u32>)> = Vec::new();
        for (entry, score, places) in self.occurrences(&first.0, count) {
            found.push((entry, score, places));
        }
        for (stem, at) in others {
            let gap = at - first.1;
            let mut next = self.occurrences(stem, count).into_iter().peekable();
            found.retain_mut(|(entry, score, places)| {
                while next.next_if(|(other, ..)| other < entry).is_some() {}
                let Some((_, more, others)) = next.peek().filter(|(other, ..)| other == entry) else { return false };
                *score += more;
                places.retain(|place| others.binary_search(&(place + gap)).is_ok());
                !places.is_empty()
            });
        }
        found.into_iter().map(|(entry, score, _)| (entry, score)).collect()
    }

    /// The entries with a stem, with score and places in each.
    fn occurrences(&self, stem: &str, count: usize) -> Vec<(NodeIndex, u32, Vec<u32>)> {
        let Some((table, group)) = self.index.stem(stem) else { return Vec::new() };
        let idf = idf(count, table.counts[group]);
        let runs = Runs(table.data.get(group));
        let entries = entries(table.lists.get(group)).zip(runs);
        entries.map(|((entry, level), run)| (entry, idf * VALUES[usize::from(level)], places(run))).collect()
    }

    /// Lifts entries with a name that is the query, or a part of it.
    fn names(&self, typed: &[Typed], total: u32, scores: &mut [u32], matched: &mut [u32], named: &mut [u32]) {
        let mut is_taken = vec![false; typed.len()];
        for length in (1..=typed.len().min(NAME)).rev() {
            for start in 0..=typed.len() - length {
                let run = &typed[start..start + length];
                if is_taken[start..start + length].contains(&true) {
                    continue;
                }
                let parts: Option<Vec<&str>> = run
                    .iter()
                    .map(|(word, stem)| stem.as_deref().or_else(|| self.is_stop(word).then_some(word.as_str())))
                    .collect();
                let Some(parts) = parts else { continue };
                let Some((table, group)) = self.index.stem(&format!("{KEY}{}", parts.join(KEY_GAP))) else { continue };
                is_taken[start..start + length].fill(true);
                let weigh = |(_, stem): &Typed| {
                    let found = stem.as_ref().and_then(|stem| self.index.stem(stem));
                    found.map_or(0, |(table, group)| idf(self.index.documents.len(), table.counts[group]) * VALUES[15] / 2)
                };
                let lift: u32 = run.iter().map(weigh).sum();
                for (entry, level) in entries(table.lists.get(group)) {
                    let entry = entry as usize;
                    scores[entry] += lift;
                    if length == typed.len() {
                        named[entry] = u32::from(level);
                    }
                    if length > 1 {
                        matched[entry] = total;
                    }
                }
            }
        }
    }

    /// What it is worth that the words stand in an entry as they do in the query.
    fn nearness(&self, units: &[Unit], entry: NodeIndex) -> u32 {
        let found = units.iter().map(|unit| (unit, self.places(unit, entry))).filter(|(_, places)| !places.is_empty());
        let found: Vec<(&Unit, Vec<u32>)> = found.collect();
        let pairs = found.windows(2).map(|pair| {
            let [(one, places), (other, others)] = pair else { return 0 };
            let gap = i64::from(other.at) - i64::from(one.at);
            let distances = places
                .iter()
                .flat_map(|one| others.iter().map(move |other| (i64::from(*other) - i64::from(*one) - gap).unsigned_abs()));
            let nearest = distances.min().and_then(|distance| NEARNESS.get(usize::try_from(distance).ok()?));
            (self.weight(one) + self.weight(other)) * nearest.copied().unwrap_or_default()
        });
        pairs.sum()
    }

    /// How rare the first meaning of a word is.
    fn weight(&self, unit: &Unit) -> u32 {
        let found = unit.stems.first().and_then(|(stem, _)| self.index.stem(stem));
        found.map_or(0, |(table, group)| idf(self.index.documents.len(), table.counts[group]))
    }

    /// The places of a word in an entry, whatever it stands for.
    fn places(&self, unit: &Unit, entry: NodeIndex) -> Vec<u32> {
        let mut found = BTreeSet::new();
        for (table, group) in unit.stems.iter().filter_map(|(stem, _)| self.index.stem(stem)) {
            let position = entries(table.lists.get(group)).position(|(other, _)| other == entry);
            let run = position.and_then(|position| Runs(table.data.get(group)).nth(position));
            found.extend(run.map(places).unwrap_or_default());
        }
        found.into_iter().collect()
    }

    /// The sections with the most words of the query, at most three.
    fn sections(&self, graph: &Graph, units: &[Unit], entry: NodeIndex) -> Vec<(String, String)> {
        let starts = &self.index.documents[entry as usize].sections;
        let Some(document) = graph.node(entry).document().filter(|_| !starts.is_empty()) else { return Vec::new() };
        let mut counts = vec![0; starts.len()];
        for unit in units {
            let places = self.places(unit, entry);
            for (section, count) in counts.iter_mut().enumerate() {
                let start = starts[section].0 * SECTION;
                let end = starts.get(section + 1).map_or(u32::MAX, |next| next.0 * SECTION);
                *count += usize::from(places.iter().any(|place| (start..end).contains(place)));
            }
        }
        let most = counts.iter().copied().max().filter(|most| *most > 0);
        let sections = sections(document);
        let with = starts.iter().zip(&counts).filter(|(_, count)| Some(**count) == most).take(3);
        with.filter_map(|((_, section), _)| {
            sections.get(*section as usize).map(|(title, anchor)| ((*title).to_owned(), anchor.clone()))
        })
        .collect()
    }
}

/// The stems of sorted forms, each once.
fn stems(mut found: Vec<Form>, limit: usize, weight: impl Fn(usize) -> u32) -> Vec<(String, u32)> {
    found.sort();
    let mut stems: Vec<(String, u32)> = Vec::new();
    for (_, _, stem) in found {
        if stems.len() < limit && !stems.iter().any(|(known, _)| *known == stem) {
            stems.push((stem, weight(stems.len())));
        }
    }
    stems
}

/// The places in a run.
fn places(run: &[u8]) -> Vec<u32> {
    let mut place = 0;
    Numbers::new(run)
        .map(|number| {
            place += number / 2;
            place
        })
        .collect()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// The stem of a form.
fn stem_of(table: &Table, group: usize) -> String {
    let form = text(table.keys.get(group));
    let mut way = Numbers::new(table.data.get(group));
    let (cut, _) = (way.next().unwrap_or_default() as usize, way.next());
    let kept = form.encode_utf16().count().saturating_sub(cut);
    let mut length = 0;
    let end = form.char_indices().find(|(_, c)| {
        length += c.len_utf16();
        length > kept
    });
    format!("{}{}", &form[..end.map_or(form.len(), |(at, _)| at)], text(&table.data.get(group)[way.at..]))
}

impl Index {
    /// The table and position of a stem.
    fn stem(&self, stem: &str) -> Option<(&Table, usize)> {
        let table = table_of(&self.stems, stem)?;
        Some((table, table.find(stem)?))
    }

    /// The stem of a form, and the number of entries with the form.
    fn form(&self, form: &str) -> Option<(String, u32)> {
        let table = table_of(&self.forms, form)?;
        let group = table.find(form)?;
        Some((stem_of(table, group), table.counts[group]))
    }
}

fn table_of<'t>(tables: &'t [std::sync::Arc<Table>], key: &str) -> Option<&'t Table> {
    let after = tables.partition_point(|table| table.keys.get(0) <= key.as_bytes());
    tables.get(after.checked_sub(1)?).map(|table| &**table)
}
