//! The index as files that a plain script can load: each calls `osteonSearch.part` with its name and its data.
//!
//! `docs/search.md` describes them for others.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use bitcode::{Decode, Encode};
use serde_json::{Value, json};

use super::number::{Strings, push};
use super::table::Table;
use super::token::stop_words;
use super::words::sections;
use super::{Index, Known, VERSION, idf};
use crate::entry::{Impact, Kind, Verdict};
use crate::graph::view::{kind_label, shortened};
use crate::graph::{Graph, ListKind, NodeIndex, Taxonomy, slug, updated};
use crate::hash::Hash;
use crate::output::{Manifest, Sink, Stamp};
use crate::par;
use crate::theme::script_safe;

/// A file: its name, and what is known of its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Part {
    pub(super) name: String,
    pub(super) hash: Hash,
    pub(super) size: u64,
}

/// Entries whose records are one file.
pub(super) const BLOCK: usize = 16;

/// Letters of a summary in a record.
const SUMMARY: usize = 160;

/// Writes what the published site doesn't have.
pub(super) struct Writer<'a> {
    pub(super) folder: String,
    pub(super) published: &'a Manifest,
    pub(super) sink: &'a dyn Sink,
    /// Two parts of a small index can be the same file.
    pub(super) written: Mutex<BTreeMap<String, Stamp>>,
}

impl Writer<'_> {
    /// Writes a file with a name from its content. `data` is JavaScript.
    fn put(&self, data: &str) -> Part {
        let name = Hash::of_bytes(data.as_bytes()).short();
        let stamp = self.put_as(&name, &name, data);
        Part { name, hash: stamp.hash, size: stamp.size }
    }

    fn put_as(&self, file: &str, name: &str, data: &str) -> Stamp {
        let bytes = format!("osteonSearch.part(\"{name}\",{data})\n").into_bytes();
        let stamp = Stamp::of(&bytes);
        let path = self.path(file);
        let is_new = self.written.lock().unwrap_or_else(PoisonError::into_inner).insert(path.clone(), stamp).is_none();
        if is_new && self.published.0.get(path.as_str()) != Some(&stamp) {
            self.sink.put(&path, bytes, stamp.hash);
        }
        stamp
    }

    fn path(&self, file: &str) -> String {
        format!("{}{file}.js", self.folder)
    }

    /// Keeps a file of the build before. `false` if it isn't there.
    fn keep(&self, part: &Part) -> bool {
        let path = self.path(&part.name);
        let stamp = Stamp { hash: part.hash, size: part.size };
        let is_there = self.published.0.get(path.as_str()) == Some(&stamp);
        if is_there {
            self.written.lock().unwrap_or_else(PoisonError::into_inner).insert(path, stamp);
        }
        is_there
    }
}

/// The tables of an index with their files, and its other files with the fingerprints of what they are made of.
type Written = (Vec<(Arc<Table>, Vec<Part>)>, Vec<(Hash, Part)>);

/// Writes the whole index. `known` has the files of what is the same as before.
pub(super) fn write(writer: &Writer<'_>, graph: &Graph, index: &Index, known: &Known) -> Written {
    let before: HashMap<usize, &Vec<Part>> =
        known.tables.iter().map(|(table, parts)| (Arc::as_ptr(table).addr(), parts)).collect();
    // How rare a word is depends on the number of entries.
    let is_same_size = known.documents.len() == index.documents.len();
    let kept = |table: &Arc<Table>| {
        let parts = before.get(&Arc::as_ptr(table).addr()).filter(|_| is_same_size);
        parts.filter(|parts| parts.iter().all(|part| writer.keep(part)))
    };
    let tables: Vec<(&Arc<Table>, bool)> =
        index.stems.iter().map(|table| (table, true)).chain(index.forms.iter().map(|table| (table, false))).collect();
    let parts: Vec<Vec<Part>> = par::map(&tables, |(table, is_stems)| match kept(table) {
        Some(parts) => (*parts).clone(),
        None if *is_stems => vec![writer.put(&lists(table, index.documents.len())), writer.put(&places(table))],
        None => vec![writer.put(&forms(table))],
    });
    let others = others(writer, graph, index, known);
    let names = |parts: &[Vec<Part>], file: usize| -> String { parts.iter().map(|part| part[file].name.as_str()).collect() };
    let (of_stems, of_forms) = parts.split_at(index.stems.len());
    let name = |other: usize| others.get(other).map(|(_, part)| part.name.as_str());
    let directory = json!({
        "version": VERSION,
        "documents": index.documents.len(),
        "stop": stop_words(&graph.config.language).join(" "),
        "kinds": kinds(graph),
        "conditions": conditions(graph),
        "verdicts": Verdict::ALL.map(|verdict| [verdict.word(), verdict.label()]),
        "forms": [names(of_forms, 0), starts(&index.forms)],
        "stems": [names(of_stems, 0), starts(&index.stems), names(of_stems, 1)],
        "facets": name(0),
        "orders": name(1),
        "records": others.iter().skip(2).map(|(_, part)| part.name.as_str()).collect::<String>(),
    });
    writer.put_as("directory", &graph.config.language, &script_safe(&directory.to_string()));
    (tables.into_iter().map(|(table, _)| table.clone()).zip(parts).collect(), others)
}

/// Writes the facets, the orders, and the records, block by block. What is made of the same as before is not made again.
fn others(writer: &Writer<'_>, graph: &Graph, index: &Index, known: &Known) -> Vec<(Hash, Part)> {
    let safety = Hash::of(&graph.safety.table);
    let put = |at: usize, key: Hash, make: &dyn Fn() -> String| {
        let before = known.others.get(at).filter(|(before, part)| *before == key && writer.keep(part));
        (key, before.map_or_else(|| writer.put(&make()), |(_, part)| part.clone()))
    };
    let of_facets = || {
        let lists: Vec<_> = graph.lists.iter().map(|list| (&list.title, &list.url, &list.items)).collect();
        let exercises = graph.of_kind(Kind::Exercise).filter_map(|(index, _)| graph.exercise(index));
        let exercises: Vec<_> = exercises.map(|(_, exercise)| (&exercise.movements, exercise.status, exercise.impact)).collect();
        Hash::of(&(safety, lists, exercises, graph.nodes.iter().map(|node| node.kind).collect::<Vec<_>>()))
    };
    let of_orders = || {
        let entries = graph.nodes.iter().map(|node| (&node.title, updated(node)));
        let impacts = graph.of_kind(Kind::Exercise).map(|(index, _)| graph.exercise(index).map(|(_, exercise)| exercise.impact));
        Hash::of(&(entries.collect::<Vec<_>>(), impacts.collect::<Vec<_>>()))
    };
    let mut others = vec![put(0, of_facets(), &|| facets(graph)), put(1, of_orders(), &|| orders(graph))];
    let blocks: Vec<usize> = (0..index.documents.len().div_ceil(BLOCK)).collect();
    others.extend(par::map(&blocks, |block| {
        let range = block * BLOCK..((block + 1) * BLOCK).min(index.documents.len());
        let entries = range.map(|number| (index.documents[number].key, &graph.nodes[number].url, graph.warnings[number].first()));
        put(block + 2, Hash::of(&(safety, entries.collect::<Vec<_>>())), &|| records(graph, index, *block))
    }));
    others
}

/// The conditions with their labels, and a 1 for those that are to be seen by a professional before any exercise.
fn conditions(graph: &Graph) -> Vec<Value> {
    let conditions = graph.safety.table.conditions.iter().enumerate();
    let view = conditions.map(|(i, condition)| json!([&*condition.id, condition.label, u8::from(graph.safety.stops_first(i))]));
    view.collect()
}

/// The kinds with their words, the beginning of their addresses, and their first entry.
fn kinds(graph: &Graph) -> Vec<Value> {
    let kinds = Kind::ALL.into_iter().filter_map(|kind| {
        let (first, _) = graph.of_kind(kind).next()?;
        Some(json!([kind.word(), kind_label(kind), address(kind), first]))
    });
    kinds.collect()
}

/// The beginning of the address of an entry; its id follows, and a slash unless the address has an anchor.
fn address(kind: Kind) -> String {
    match (kind, kind.section()) {
        (Kind::Term, _) => "/glossary/#".to_owned(),
        (_, Some(section)) => format!("/{section}/"),
        (_, None) => "/".to_owned(),
    }
}

/// What tells the first word of each table from the words before.
fn starts(tables: &[Arc<Table>]) -> String {
    let mut starts = String::new();
    for (i, table) in tables.iter().enumerate() {
        let first = String::from_utf8_lossy(table.keys.get(0));
        let last = i.checked_sub(1).map(|before| tables[before].keys.get(tables[before].keys.len().saturating_sub(1)));
        let start = match last {
            None => "",
            Some(last) => {
                let ends = first.char_indices().map(|(at, c)| at + c.len_utf8());
                ends.map(|end| &first[..end]).find(|start| start.as_bytes() > last).unwrap_or(&first)
            }
        };
        if i > 0 {
            starts.push(' ');
        }
        starts.push_str(start);
    }
    starts
}

/// Words in order, each as what it shares with the one before and the rest; `more` adds what follows each.
fn front_coded(keys: &Strings, mut more: impl FnMut(usize, &mut Vec<u8>)) -> String {
    let mut text = Vec::new();
    let mut before = String::new();
    for (i, key) in keys.iter().enumerate() {
        let key = String::from_utf8_lossy(key);
        let shared: usize =
            before.chars().zip(key.chars()).take_while(|(one, other)| one == other).map(|(c, _)| c.len_utf8()).sum();
        push(&mut text, length(&key[..shared]));
        push(&mut text, length(&key[shared..]));
        text.extend_from_slice(key[shared..].as_bytes());
        more(i, &mut text);
        before = key.into_owned();
    }
    quoted(text)
}

/// The length of a text as JavaScript counts it.
pub(super) fn length(text: &str) -> u32 {
    u32::try_from(text.chars().map(char::len_utf16).sum::<usize>()).unwrap_or(u32::MAX)
}

/// A text without quotation marks and backslashes as a string of JavaScript.
fn quoted(text: Vec<u8>) -> String {
    format!("\"{}\"", String::from_utf8(text).unwrap_or_default())
}

/// The file of forms: for each, how the stem differs, and in how many entries it stands.
fn forms(table: &Table) -> String {
    front_coded(&table.keys, |i, text| {
        text.extend_from_slice(table.data.get(i));
        push(text, table.counts[i]);
    })
}

/// The file of lists: for each stem its weight, and the length of its list before it.
fn lists(table: &Table, documents: usize) -> String {
    front_coded(&table.keys, |i, text| {
        let list = table.lists.get(i);
        push(text, idf(documents, table.counts[i]));
        push(text, u32::try_from(list.len()).unwrap_or(u32::MAX));
        text.extend_from_slice(list);
    })
}

/// The file of places: for each stem of the file of lists, in the same order, its places and their length before them.
fn places(table: &Table) -> String {
    let mut text = Vec::new();
    for places in table.data.iter() {
        push(&mut text, u32::try_from(places.len()).unwrap_or(u32::MAX));
        text.extend_from_slice(places);
    }
    quoted(text)
}

/// What an exercise is told for all conditions: a digit for each, from 0 for fine to 3 for avoid.
fn verdicts(graph: &Graph, index: NodeIndex) -> String {
    let Some((_, exercise)) = graph.exercise(index) else { return String::new() };
    let profile = graph.safety.profile(exercise);
    let conditions = 0..graph.safety.table.conditions.len();
    conditions.map(|condition| char::from(b'0' + graph.safety.exercise(&profile, condition) as u8)).collect()
}

/// The records of a block: id, title, summary, address, verdicts, gravest warning, sections.
fn records(graph: &Graph, index: &Index, block: usize) -> String {
    let mut json = String::with_capacity(BLOCK * 512);
    let range = block * BLOCK..((block + 1) * BLOCK).min(index.documents.len());
    for (node_index, node) in (0..).zip(&graph.nodes).skip(range.start).take(range.len()) {
        let default = format!("{}{}{}", address(node.kind), node.id, if node.kind == Kind::Term { "" } else { "/" });
        let warning = graph.warnings.get(node_index as usize).and_then(|warnings| warnings.first());
        let summary = shortened(&graph.description(node_index), SUMMARY, SUMMARY - 1);
        json.push_str(if json.is_empty() { "[[" } else { ",[" });
        text_of(&node.id, &mut json);
        json.push(',');
        text_of(&node.title, &mut json);
        json.push(',');
        text_of(if summary == node.title { "" } else { &summary }, &mut json);
        json.push(',');
        if node.url == default {
            json.push('0');
        } else {
            text_of(&node.url, &mut json);
        }
        let warning = warning.map_or(-1, |warning| i64::from(*warning));
        let _ = write!(json, ",\"{}\",{warning}", verdicts(graph, node_index));
        write_sections(graph, index, node_index, &mut json);
        json.push(']');
    }
    json.push(']');
    script_safe(&json)
}

/// Writes a text as JSON.
fn text_of(text: &str, json: &mut String) {
    json.push_str(&serde_json::to_string(text).unwrap_or_default());
}

/// Writes where each section begins (since the one before), its title, and its anchor if that isn't made from the title.
fn write_sections(graph: &Graph, index: &Index, node: NodeIndex, json: &mut String) {
    let known = &index.documents[node as usize].sections;
    let Some(document) = graph.node(node).document().filter(|_| !known.is_empty()) else { return };
    let sections = sections(document);
    let mut before = 0;
    for (start, section) in known {
        let Some((title, anchor)) = sections.get(*section as usize) else { continue };
        let _ = write!(json, ",{},", start - std::mem::replace(&mut before, *start));
        text_of(title, json);
        json.push(',');
        if slug(title) == *anchor {
            json.push('0');
        } else {
            text_of(anchor, json);
        }
    }
}

/// A value of a facet: its name, its label, the entries that have it.
type FacetValue = (String, String, Vec<NodeIndex>);

/// The values of every facet.
fn values(graph: &Graph) -> Vec<(&'static str, Vec<FacetValue>)> {
    let kinds = Kind::ALL.into_iter().map(|kind| {
        let entries: Vec<NodeIndex> = graph.of_kind(kind).map(|(index, _)| index).collect();
        (kind.word().to_owned(), kind.plural().to_owned(), entries)
    });
    let mut facets = vec![("kind", kinds.filter(|(.., entries)| !entries.is_empty()).collect::<Vec<_>>())];
    let taxonomies = [
        ("category", Taxonomy::Category),
        ("body_area", Taxonomy::Area),
        ("equipment", Taxonomy::Equipment),
        ("position", Taxonomy::Position),
    ];
    for (name, wanted) in taxonomies {
        let lists = graph.lists.iter().filter_map(|list| match &list.kind {
            ListKind::Term(taxonomy, term) if *taxonomy == wanted => {
                let mut entries = list.items.clone();
                entries.sort_unstable();
                Some((term.clone(), list.title.clone(), entries))
            }
            _ => None,
        });
        facets.push((name, lists.collect()));
    }
    let with = |impact: Impact| {
        let has = |index: &NodeIndex| graph.exercise(*index).is_some_and(|(_, exercise)| exercise.impact == Some(impact));
        graph.of_kind(Kind::Exercise).map(|(index, _)| index).filter(has).collect::<Vec<_>>()
    };
    let impacts = [
        (Impact::None, "No impact"),
        (Impact::Low, "Low impact"),
        (Impact::Moderate, "Moderate impact"),
        (Impact::High, "High impact"),
    ];
    let impacts = impacts.map(|(impact, label)| (impact.word().to_owned(), label.to_owned(), with(impact)));
    facets.push(("impact", impacts.into_iter().filter(|(.., entries)| !entries.is_empty()).collect()));
    facets
}

/// The file of facets: their values with the entries, the first exercise, and the verdicts of all of them.
fn facets(graph: &Graph) -> String {
    let list = |entries: &[NodeIndex]| {
        let mut before = 0;
        numbers(entries.iter().map(|entry| entry - std::mem::replace(&mut before, *entry)))
    };
    let facets: Vec<Value> = values(graph)
        .iter()
        .map(|(name, values)| {
            let values: Vec<Value> = values.iter().map(|(value, label, entries)| json!([value, label, list(entries)])).collect();
            json!([name, values])
        })
        .collect();
    let exercises: Vec<NodeIndex> = graph.of_kind(Kind::Exercise).map(|(index, _)| index).collect();
    let told = par::map(&exercises, |index| verdicts(graph, *index)).concat();
    script_safe(&json!([facets, exercises.first(), told]).to_string())
}

/// All entries by title.
fn by_title(graph: &Graph) -> Vec<NodeIndex> {
    let mut order: Vec<(String, NodeIndex)> =
        (0..).zip(&graph.nodes).map(|(index, node)| (node.title.to_lowercase(), index)).collect();
    order.sort();
    order.into_iter().map(|(_, index)| index).collect()
}

/// Entries with a day, newest first.
fn by_date(graph: &Graph) -> Vec<NodeIndex> {
    let dated = (0..).zip(&graph.nodes).filter_map(|(index, node)| Some((updated(node)?, index)));
    let mut order: Vec<_> = dated.collect();
    order.sort_by_key(|(date, index)| (std::cmp::Reverse(*date), *index));
    order.into_iter().map(|(_, index)| index).collect()
}

/// Exercises by impact, the gentlest first.
fn by_effort(graph: &Graph) -> Vec<NodeIndex> {
    let rated = graph.of_kind(Kind::Exercise).filter_map(|(index, _)| Some((graph.exercise(index)?.1.impact?, index)));
    let mut order: Vec<_> = rated.collect();
    order.sort_unstable();
    order.into_iter().map(|(_, index)| index).collect()
}

/// The file of orders: for each its entries; those that have no place in it come after them.
fn orders(graph: &Graph) -> String {
    let orders = json!({
        "title": numbers(by_title(graph)),
        "date": numbers(by_date(graph)),
        "effort": numbers(by_effort(graph)),
    });
    script_safe(&orders.to_string())
}

fn numbers(numbers: impl IntoIterator<Item = u32>) -> String {
    let mut text = Vec::new();
    numbers.into_iter().for_each(|number| push(&mut text, number));
    String::from_utf8(text).unwrap_or_default()
}
