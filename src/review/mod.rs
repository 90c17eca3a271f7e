//! Reviews: what a signature covers, and what it is worth once something has changed.
//!
//! `osteon review sign` records in `content/reviews.yaml` who reviewed an entry when, with a fingerprint of every part that the
//! review covers. In each build the fingerprints are made again. While they are equal, the signature gives the entry its
//! `reviewed_by`, `reviewed_on` and `next_review`; as soon as one differs, the entry is not reviewed any more.
//!
//! A review of an entry covers:
//!
//! | Part | What it stands for |
//! |---|---|
//! | `text` | title, description and all prose, questions and answers included |
//! | `dose` | `dosage` and `progression` of a card, `weeks` of a programme |
//! | `data` | the other fields, without those that are only for show |
//! | `text ID`, `dose ID`, `data ID` | the same of each card, claim and warning that its page shows |
//! | `movements ID` | movements and status of each exercise that it recommends |
//! | `verdicts ID` | for each movement of these exercises, the verdict for every condition |
//! | `rule ID` | the rules behind these verdicts |
//! | `reference ID` | what the entry, what it shows and these rules cite: the record without `verified` and `unverified` |
//!
//! "Shows" is followed through embeds and the warnings of exercises, to the end; links are not followed. General warnings, care
//! cards and the glossary are not covered: they have a review of their own. Presentation is not covered either: pictures, tags,
//! addresses, layouts, dates.
//!
//! Fingerprints are made from the data in a fixed spelling, and not from files: they are the same on every machine, and a comment
//! or a line break in YAML changes nothing. A field that a later version of osteon adds and an entry doesn't use changes nothing either.

pub mod calendar;
pub mod copy;
pub mod sign;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::entry::{Data, Date, Id, Kind, Reference, Rule, Signature};
use crate::finding::{At, Findings};
use crate::graph::{EdgeKind, Graph, Node, NodeIndex, REVIEWS, Source};
use crate::hash::Hash;
use crate::par;
use crate::parse::Document;
use crate::rules::l001_unknown_entry;
use crate::safety::SAFETY;

/// After how many years a review is due at the latest.
pub const LONGEST: i16 = 3;

/// What was signed, and what is left of it.
#[derive(Debug, Clone, Default)]
pub struct Reviews {
    /// The signatures as written.
    pub signatures: Vec<Signature>,
    /// Entries that changed after their last signature, in order.
    pub stale: Vec<Stale>,
    /// Entries that have their review from a signature: the one that falls due first.
    signed: BTreeMap<NodeIndex, usize>,
    /// The ids of these entries.
    ids: BTreeSet<Id>,
}

impl Reviews {
    /// Whether an entry has its review from a signature, and not from its front matter.
    pub fn is_signed(&self, id: &Id) -> bool {
        self.ids.contains(id)
    }

    /// The day of the review after which an entry changed.
    pub fn changed_since(&self, index: NodeIndex) -> Option<Date> {
        let at = self.stale.binary_search_by_key(&index, |stale| stale.node).ok()?;
        self.signed_on(self.stale.get(at)?)
    }

    fn signed_on(&self, stale: &Stale) -> Option<Date> {
        self.signatures.get(stale.signature)?.on
    }

    /// Whether an entry changed after it was signed.
    pub fn is_stale(&self, index: NodeIndex) -> bool {
        self.stale.binary_search_by_key(&index, |stale| stale.node).is_ok()
    }
}

/// An entry that changed after it was signed.
#[derive(Debug, Clone)]
pub struct Stale {
    /// The entry.
    pub node: NodeIndex,
    /// The signature, by its position in the file.
    pub signature: usize,
    /// What changed.
    pub changes: Vec<Change>,
}

/// One thing that changed after a review.
#[derive(Debug, Clone)]
pub struct Change {
    /// What.
    pub part: Part,
    /// In which way.
    pub how: How,
}

/// In which way a part changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It is different.
    Changed,
    /// It wasn't there.
    Added,
    /// It isn't there any more.
    Removed,
}

impl How {
    /// The words after the name of a part.
    pub fn words(self) -> &'static str {
        match self {
            How::Changed => "changed",
            How::Added => "came later",
            How::Removed => "went away",
        }
    }
}

/// The name of a part that a review covers, as it stands in `reviews.yaml`: `text`, or a word and an id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part(String);

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_once(' ') {
            None => write!(f, "the {}", self.0),
            Some((word @ ("rule" | "reference"), id)) => write!(f, "the {word} `{id}`"),
            Some((word, id)) => write!(f, "the {word} of `{id}`"),
        }
    }
}

/// The parts that a review covers, with the fingerprint of each.
pub type Parts = BTreeMap<Part, String>;

/// The fingerprint of all parts together.
pub fn whole(parts: &Parts) -> String {
    let lines: Vec<String> = parts.iter().map(|(part, hash)| format!("{}: {hash}", part.0)).collect();
    Hash::of_bytes(lines.join("\n").as_bytes()).short()
}

/// Whether entries of a kind give advice, and need a review.
pub fn is_advice(kind: Kind) -> bool {
    matches!(kind, Kind::Article | Kind::Exercise | Kind::Programme | Kind::Warning | Kind::Claim)
}

/// "a, b and c".
pub fn list_of(mut items: Vec<String>) -> String {
    match items.pop() {
        Some(last) if !items.is_empty() => format!("{} and {last}", items.join(", ")),
        last => last.unwrap_or_default(),
    }
}

fn documents(graph: &Graph) -> impl Iterator<Item = (NodeIndex, &Document)> {
    (0..).zip(&graph.nodes).filter_map(|(index, node)| Some((index, node.document()?)))
}

/// Entries that give advice.
pub fn advice(graph: &Graph) -> impl Iterator<Item = (NodeIndex, &Document)> {
    documents(graph).filter(|(_, document)| is_advice(document.kind))
}

/// Entries that somebody has reviewed.
pub fn reviewed(graph: &Graph) -> impl Iterator<Item = (NodeIndex, &Document)> {
    documents(graph).filter(|(_, document)| !document.meta.reviewed_by.is_empty())
}

/// The place of `reviewed_by`, `reviewed_on` or `next_review` of an entry: in its front matter, or in its signature.
pub fn place(graph: &Graph, index: NodeIndex, field: &str) -> At {
    let in_front = || graph.node(index).document().map_or_else(|| At::file(&REVIEWS.into()), |document| document.field([field]));
    let Some(signature) = graph.reviews.signed.get(&index) else { return in_front() };
    let key = match field {
        "reviewed_by" => "by",
        "reviewed_on" => "on",
        _ => "next",
    };
    At::field(&REVIEWS.into(), [signature.to_string().as_str(), key])
}

/// The place of a part, if it still has one.
pub fn place_of(graph: &Graph, part: &Part) -> Option<At> {
    let (word, id) = part.0.split_once(' ')?;
    let table = &graph.safety.table;
    let in_table = |list: &str, i: usize| At::field(&SAFETY.into(), [list, &i.to_string(), "id"]);
    match word {
        "rule" => Some(in_table("rules", table.rules.iter().position(|rule| &*rule.id == id)?)),
        "verdicts" => Some(in_table("movements", table.movements.iter().position(|movement| &*movement.id == id)?)),
        _ => graph.at(graph.find(id)?),
    }
}

/// Gives entries the reviews that were signed for what they are today, and takes from the others what their signatures gave.
///
/// Where front matter names a later review than the signatures, front matter counts.
pub(crate) fn apply(graph: &mut Graph, signatures: Vec<Signature>, findings: &mut Findings) {
    let mut of_node: BTreeMap<NodeIndex, Vec<usize>> = BTreeMap::new();
    for (i, signature) in signatures.iter().enumerate().filter(|(_, signature)| !signature.id.is_empty()) {
        let at = |key: &str| At::field(&REVIEWS.into(), [i.to_string().as_str(), key]);
        let found = graph.find(&signature.id).filter(|index| graph.node(*index).document().is_some());
        if found.is_none() && !graph.is_draft(&signature.id) {
            let known = documents(graph).map(|(_, document)| &*document.id);
            findings.push(l001_unknown_entry::finding(at("id"), &signature.id, known));
        }
        let has_signer = graph.person(&signature.by).is_some();
        if !has_signer && !signature.by.is_empty() {
            let known = graph.people.iter().map(|person| &*person.id);
            findings.push(l001_unknown_entry::person(at("by"), &signature.by, known));
        }
        let Some((index, document)) = found.and_then(|index| Some((index, graph.node(index).document()?))) else { continue };
        if has_signer && signature.on.is_some() && !document.meta.authors.contains(&signature.by) {
            let known = of_node.entry(index).or_default();
            // The last signature of a person counts.
            known.retain(|known| signatures[*known].by != signature.by || signatures[*known].on > signature.on);
            if known.iter().all(|known| signatures[*known].by != signature.by) {
                known.push(i);
            }
        }
    }
    graph.reviews.signatures = signatures;
    if of_node.is_empty() {
        return;
    }
    let table = Table::new(graph);
    let nodes: Vec<(NodeIndex, Vec<usize>)> = of_node.into_iter().collect();
    let states = par::map(&nodes, |(index, signed)| state(graph, &table, *index, signed));
    for ((index, _), state) in nodes.iter().zip(states) {
        let Some(state) = state else { continue };
        let Source::Document(document) = &mut graph.nodes[*index as usize].source else { continue };
        let document = Arc::make_mut(document);
        let meta = &mut document.meta;
        let mut changed_since = None;
        match state {
            State::Signed { by, on, next, first } => {
                (meta.reviewed_by, meta.reviewed_on, meta.next_review) = (by, on, next);
                graph.reviews.ids.insert(document.id.clone());
                graph.reviews.signed.insert(*index, first);
            }
            State::Stale(stale) => {
                (meta.reviewed_by, meta.reviewed_on, meta.next_review) = (Vec::new(), None, None);
                changed_since = graph.reviews.signed_on(&stale);
                graph.reviews.stale.push(stale);
            }
        }
        document.data_hash = Hash::of(&(document.data_hash, &document.meta, changed_since));
    }
}

/// What the signatures of an entry are worth.
enum State {
    Signed { by: Vec<Id>, on: Option<crate::entry::Date>, next: Option<crate::entry::Date>, first: usize },
    Stale(Stale),
}

fn state(graph: &Graph, table: &Table, index: NodeIndex, signed: &[usize]) -> Option<State> {
    let meta = &graph.node(index).document()?.meta;
    let signatures = &graph.reviews.signatures;
    let parts = parts_with(graph, table, index);
    let now = whole(&parts);
    let fresh: Vec<usize> = signed.iter().copied().filter(|i| signatures[*i].hash == now).collect();
    let counting = if fresh.is_empty() { signed } else { &fresh };
    let last = counting.iter().copied().max_by_key(|i| (signatures[*i].on, *i))?;
    if !meta.reviewed_by.is_empty() && meta.reviewed_on > signatures[last].on {
        return None;
    }
    if fresh.is_empty() {
        return Some(State::Stale(Stale { node: index, signature: last, changes: changes(&signatures[last], &parts) }));
    }
    let first = fresh.iter().copied().min_by_key(|i| (signatures[*i].next.is_none(), signatures[*i].next, *i))?;
    Some(State::Signed {
        by: fresh.iter().map(|i| signatures[*i].by.clone()).collect(),
        on: signatures[last].on,
        next: signatures[first].next,
        first,
    })
}

/// What is different from what was signed.
fn changes(signature: &Signature, now: &Parts) -> Vec<Change> {
    let then: Parts = signature.parts.iter().map(|(part, hash)| (Part(part.clone()), hash.clone())).collect();
    let mut changes: Vec<Change> = now
        .iter()
        .filter_map(|(part, hash)| {
            let how = match then.get(part) {
                None => How::Added,
                Some(old) if old != hash => How::Changed,
                Some(_) => return None,
            };
            Some(Change { part: part.clone(), how })
        })
        .collect();
    let gone = then.keys().filter(|part| !now.contains_key(part));
    changes.extend(gone.map(|part| Change { part: part.clone(), how: How::Removed }));
    // What the entry says itself comes first.
    changes.sort_by_key(|change| (change.part.0.contains(' '), change.part.clone()));
    if changes.is_empty() {
        // The parts are right and their sum is not: somebody has edited the record.
        changes.push(Change { part: Part("signature".into()), how: How::Changed });
    }
    changes
}

/// The parts that a review of an entry covers.
pub fn parts(graph: &Graph, index: NodeIndex) -> Parts {
    parts_with(graph, &Table::new(graph), index)
}

fn parts_with(graph: &Graph, table: &Table, index: NodeIndex) -> Parts {
    let mut parts = Parts::new();
    let mut add = |part: String, hash: String| {
        parts.insert(Part(part), hash);
    };
    let (shown, exercises) = shown(graph, index);
    let mut references: BTreeSet<NodeIndex> = BTreeSet::new();
    for node in &shown {
        let Some(document) = graph.node(*node).document() else { continue };
        for (word, hash) in own(document) {
            add(if *node == index { word.into() } else { format!("{word} {}", document.id) }, hash);
        }
        references.extend(graph.edges[*node as usize].iter().filter(|edge| edge.kind == EdgeKind::Cites).map(|edge| edge.to));
    }
    let mut movements: BTreeSet<usize> = BTreeSet::new();
    for node in &exercises {
        let Some(Data::Exercise(exercise)) = graph.node(*node).data() else { continue };
        if !shown.contains(node) {
            let ids: BTreeSet<&Id> = exercise.movements.iter().collect();
            add(format!("movements {}", graph.node(*node).id), short(&value(&(exercise.status, ids))));
        }
        movements.extend(exercise.movements.iter().filter_map(|id| graph.safety.movement(id)));
    }
    let width = graph.safety.table.conditions.len();
    let mut rules: BTreeMap<&Id, &Rule> = BTreeMap::new();
    for movement in movements {
        let Some(hash) = table.verdicts.get(movement) else { continue };
        add(format!("verdicts {}", graph.safety.table.movements[movement].id), hash.clone());
        rules.extend((0..width).flat_map(|condition| graph.safety.rules(movement, condition)).map(|rule| (&rule.id, rule)));
    }
    for rule in rules.into_values() {
        if let Some(hash) = table.rules.get(&rule.id) {
            add(format!("rule {}", rule.id), hash.clone());
        }
        references.extend(rule.sources.iter().filter_map(|id| graph.find(id)));
    }
    for node in references {
        let node = graph.node(node);
        if let Some(Data::Reference(reference)) = node.data() {
            add(format!("reference {}", node.id), short(&of_reference(node, reference)));
        }
    }
    parts
}

/// The entries whose text stands on the page of an entry (itself included), and the exercises whose verdicts it stands on.
fn shown(graph: &Graph, index: NodeIndex) -> (BTreeSet<NodeIndex>, BTreeSet<NodeIndex>) {
    let (mut shown, mut exercises) = (BTreeSet::new(), BTreeSet::new());
    let mut open = vec![index];
    while let Some(next) = open.pop() {
        if !shown.insert(next) {
            continue;
        }
        let recommended = graph.edges[next as usize].iter().filter(|edge| edge.kind == EdgeKind::Recommends).map(|edge| edge.to);
        let own = (graph.node(next).kind == Kind::Exercise).then_some(next);
        for exercise in recommended.chain(own) {
            exercises.insert(exercise);
            open.extend(&graph.warnings[exercise as usize]);
        }
        open.extend(graph.edges[next as usize].iter().filter(|edge| edge.kind == EdgeKind::Embeds).map(|edge| edge.to));
    }
    (shown, exercises)
}

/// Fingerprints of the safety table, made once for all entries.
struct Table {
    /// By movement.
    verdicts: Vec<String>,
    rules: BTreeMap<Id, String>,
}

impl Table {
    fn new(graph: &Graph) -> Table {
        let safety = &graph.safety;
        let verdicts = (0..safety.table.movements.len()).map(|movement| {
            let conditions = safety.table.conditions.iter().enumerate();
            let of: BTreeMap<&str, &str> =
                conditions.map(|(c, condition)| (&*condition.id, safety.verdict(movement, c).word())).collect();
            short(&value(&of))
        });
        let rule = |rule: &Rule| {
            // Whether it was cleared is recorded in the rule itself; clearing it changes nothing about it.
            let content = Rule { review: None, ..rule.clone() };
            (rule.id.clone(), short(&value(&content)))
        };
        Table { verdicts: verdicts.collect(), rules: safety.table.rules.iter().map(rule).collect() }
    }
}

/// Fields that are only for show, or say when and by whom.
const FOR_SHOW: [&str; 8] = ["date", "updated", "image", "image_alt", "og_image", "twitter_image", "layout", "related"];

/// Fields that say how much.
const DOSE: [&str; 3] = ["dosage", "progression", "weeks"];

/// The parts of an entry itself.
fn own(document: &Document) -> Vec<(&'static str, String)> {
    let data = &document.data;
    let mut prose: Vec<Value> = data
        .prose()
        .iter()
        .filter(|prose| prose.slot.path(prose.index).first().is_none_or(|field| field != "dosage"))
        .map(|prose| value(&(prose.slot.path(prose.index), prose.text.trim())))
        .collect();
    let faq = match data {
        Data::Article(article) => &article.faq[..],
        Data::Exercise(exercise) => &exercise.faq,
        _ => &[],
    };
    prose.extend(faq.iter().map(|question| Value::from(question.question.as_str())));
    let text = serde_json::json!({
        "title": document.meta.title,
        "description": document.meta.description,
        "prose": prose,
        "body": if document.has_body { document.body_hash.to_string() } else { String::new() },
    });
    let mut fields = match data {
        Data::Article(data) => value(data),
        Data::Exercise(data) => value(data),
        Data::Programme(data) => value(data),
        Data::Warning(data) => value(data),
        Data::Claim(data) => value(data),
        Data::Reference(data) => value(data),
        Data::Page(data) => value(data),
    };
    let mut dose = serde_json::Map::new();
    if let Value::Object(fields) = &mut fields {
        for field in FOR_SHOW {
            fields.remove(field);
        }
        dose.extend(DOSE.into_iter().filter_map(|field| Some((field.to_owned(), fields.remove(field)?))));
    }
    let dose = Value::Object(dose);
    let mut parts = vec![("text", short(&text)), ("data", short(&fields))];
    if !is_empty(&dose) {
        parts.push(("dose", short(&dose)));
    }
    parts
}

/// What a reference says: not whether somebody has looked it up since.
fn of_reference(node: &Node, reference: &Reference) -> Value {
    let csl: serde_json::Map<String, Value> = reference.csl.iter().map(|(key, json)| (key.clone(), json.value())).collect();
    serde_json::json!({
        "title": node.title,
        "csl": csl,
        "study": value(&reference.study),
        "retracted": reference.retracted,
        "superseded_by": reference.superseded_by,
    })
}

fn value<T: serde::Serialize>(data: &T) -> Value {
    serde_json::to_value(data).unwrap_or_default()
}

fn short(value: &Value) -> String {
    let mut text = String::new();
    spell(value, &mut text);
    Hash::of_bytes(text.as_bytes()).short()
}

/// Whether a value says no more than an absent one.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(is_empty),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

/// The one spelling of a value: keys in order, nothing that is empty.
fn spell(value: &Value, into: &mut String) {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<&String, &Value> = fields.iter().filter(|(_, value)| !is_empty(value)).collect();
            into.push('{');
            for (key, value) in fields {
                into.push_str(&Value::from(key.as_str()).to_string());
                into.push(':');
                spell(value, into);
                into.push(',');
            }
            into.push('}');
        }
        Value::Array(items) => {
            into.push('[');
            for item in items {
                spell(item, into);
                into.push(',');
            }
            into.push(']');
        }
        other => into.push_str(&other.to_string()),
    }
}
