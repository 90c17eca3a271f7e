//! The answers to the questions of [`crate::graph::query`].
//!
//! Every answer has a fingerprint, taken from what the template would see (or from data that decide it), so that "is the page
//! still right?" costs a few hashes and no rendering. Answers that many pages ask for are made once per build.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use pulldown_cmark_escape::escape_html_body_text;
use tera::Value;

use super::page::text_value;
use super::reads::note;
use super::record;
use super::text::{DISCLAIMER_MARK, Embed, RULE_MARK, STOP_MARK, body, mark, title};
use crate::cache::TextRecord;
use crate::config::Search;
use crate::entry::{Condition, Data, Id, Kind, Movement, Rule, Study, Term, Verdict};
use crate::evidence;
use crate::files::Files;
use crate::finding::Findings;
use crate::graph::a_z::letter;
use crate::graph::query::{Query, Read, Sort};
use crate::graph::view::{array, kind_label, map, object};
use crate::graph::{EdgeKind, Graph, List, Node, NodeIndex, Target};
use crate::hash::Hash;
use crate::par;
use crate::parse::Document;
use crate::parse::running::{Passage, passages};
use crate::rules::c004_unknown_style;
use crate::safety::Profile;
use crate::search::{DocWords, Lexicon, doc_words};
use crate::theme::Theme;
use crate::words::{Finder, Names};

/// The site during one build: the graph, the theme, and the answers that were given already.
#[derive(Debug)]
pub struct Snapshot {
    /// The graph.
    pub graph: Graph,
    /// The theme.
    pub theme: Arc<Theme>,
    /// The files, for prose that isn't known any more.
    pub(super) files: Files,
    /// The variable `site`.
    pub(super) site: (Value, Hash),
    /// For each reference (by node), its printed form.
    printed: Vec<Option<Printed>>,
    briefs: Vec<OnceLock<(Value, Hash)>>,
    texts: Vec<OnceLock<Arc<TextRecord>>>,
    words: Vec<OnceLock<Arc<DocWords>>>,
    lexicon: Lexicon,
    embeds: Vec<OnceLock<Embed>>,
    descriptions: Vec<OnceLock<String>>,
    reasons: Mutex<HashMap<ReasonKey, Arc<Reason>>>,
    cards: OnceLock<Vec<(NodeIndex, Profile)>>,
    names: OnceLock<Names>,
    names_key: OnceLock<Hash>,
    jargon: OnceLock<Finder>,
    known_texts: HashMap<Id, Arc<TextRecord>>,
    movements: Vec<OnceLock<Hash>>,
    shared: Mutex<HashMap<Query, (Value, Hash)>>,
}

/// A reference as it stands in lists.
#[derive(Debug, Clone, Hash)]
pub struct Printed {
    /// The entry of the bibliography, without a number.
    pub html: String,
    /// Fingerprint of the record and the style from which it was made.
    pub key: Hash,
}

impl Snapshot {
    /// Prepares the answers. `known` are the printed references and the texts of the build before.
    pub fn new(graph: Graph, theme: Arc<Theme>, files: &Files, known: &crate::cache::Cache) -> (Arc<Snapshot>, Findings) {
        let mut findings = Findings::default();
        let printed = print(&graph, &known.printed, &mut findings);
        let count = graph.nodes.len();
        let snapshot = Snapshot {
            site: (graph.site(), graph.site_hash()),
            printed,
            briefs: std::iter::repeat_with(OnceLock::new).take(count).collect(),
            texts: std::iter::repeat_with(OnceLock::new).take(count).collect(),
            words: std::iter::repeat_with(OnceLock::new).take(count).collect(),
            lexicon: Lexicon::new(&graph.config.language),
            embeds: std::iter::repeat_with(OnceLock::new).take(count).collect(),
            descriptions: std::iter::repeat_with(OnceLock::new).take(count).collect(),
            known_texts: known.texts.clone(),
            movements: std::iter::repeat_with(OnceLock::new).take(graph.safety.table.movements.len()).collect(),
            shared: Mutex::default(),
            reasons: Mutex::default(),
            cards: OnceLock::new(),
            names: OnceLock::new(),
            names_key: OnceLock::new(),
            jargon: OnceLock::new(),
            graph,
            theme,
            files: files.clone(),
        };
        (Arc::new(snapshot), findings)
    }

    /// The printed form of a reference.
    pub fn printed(&self, id: &str) -> Option<&Printed> {
        self.printed.get(self.graph.find(id)? as usize)?.as_ref()
    }

    /// The printed forms of all references, to be kept for the next build.
    pub fn all_printed(&self) -> impl Iterator<Item = &Printed> {
        self.printed.iter().flatten()
    }

    /// What is known about the texts that were asked for, by node.
    pub fn texts(&self) -> impl Iterator<Item = (NodeIndex, &Arc<TextRecord>)> {
        (0..).zip(&self.texts).filter_map(|(index, text)| Some((index, text.get()?)))
    }

    /// The names of all entries, to be looked for in a text; whoever uses them notes [`Query::Names`].
    pub(super) fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::of(&self.graph))
    }

    /// The jargon that the settings name. They are no question: with others, the whole site is made anew.
    pub(crate) fn jargon(&self) -> &Finder {
        let words = || self.graph.config.settings.jargon.iter().map(|(word, _)| word.clone()).collect();
        self.jargon.get_or_init(|| Finder::new(words()))
    }

    /// Remembers what was found out about a text.
    pub(super) fn remember(&self, index: NodeIndex, record: TextRecord) {
        let _ = self.texts[index as usize].set(Arc::new(record));
    }

    /// Remembers the words of an entry for the search index.
    pub(super) fn keep_words(&self, index: NodeIndex, passages: &[Passage]) {
        if self.graph.config.options.search == Search::Include {
            self.words[index as usize].get_or_init(|| Arc::new(doc_words(&self.lexicon, &self.graph, index, passages)));
        }
    }

    /// The words of an entry for the search index.
    pub(crate) fn index_words(self: &Arc<Self>, index: NodeIndex) -> Arc<DocWords> {
        let words = self.words[index as usize].get_or_init(|| {
            let document = self.graph.node(index).document();
            let passages = document.map_or_else(Vec::new, |it| passages(it, &self.files, &|id| title(self, id)));
            Arc::new(doc_words(&self.lexicon, &self.graph, index, &passages))
        });
        words.clone()
    }

    /// The words of all entries that were read, by number.
    pub(crate) fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The fingerprint of the running text of an entry.
    pub(crate) fn text_key(self: &Arc<Self>, index: NodeIndex) -> Hash {
        self.graph.node(index).document().map_or_else(Hash::default, |_| self.text(index).words)
    }

    /// A sentence or two about a node: every link to it shows them.
    pub(super) fn description(&self, index: NodeIndex) -> &str {
        self.descriptions[index as usize].get_or_init(|| self.graph.description(index))
    }

    /// An embed that is the same on every page, made when it is first needed.
    pub(super) fn embed(&self, index: NodeIndex, make: impl FnOnce() -> Embed) -> &Embed {
        self.embeds[index as usize].get_or_init(make)
    }

    /// What is known about a text, filling it if it must be.
    pub(super) fn text(self: &Arc<Self>, index: NodeIndex) -> &TextRecord {
        self.texts[index as usize].get_or_init(|| {
            let node = self.graph.node(index);
            let file = node.document().map(Document::file_key);
            let known = self.known_texts.get(&node.id).filter(|known| Some(known.file) == file);
            if let Some(known) = known.filter(|known| known.reads.iter().all(|read| self.hash(&read.query) == read.hash)) {
                return known.clone();
            }
            Arc::new(TextRecord::of(body(self, index), file.unwrap_or_default()))
        })
    }

    /// The fingerprint of an answer.
    pub fn hash(self: &Arc<Self>, query: &Query) -> Hash {
        let graph = &self.graph;
        let missing = || Hash::of("nothing");
        let of_node = |id: &Id, f: &dyn Fn(NodeIndex) -> Hash| graph.find(id).map_or_else(missing, f);
        match query {
            Query::Site => self.site.1,
            Query::Route(url) => graph.target(url).map_or_else(missing, |target| self.target_hash(target)),
            Query::Link(id, url) => {
                of_node(id, &|index| Hash::of(&graph.node(index).document().map(|document| graph.href(document, url))))
            }
            Query::Entry(id) => of_node(id, &|index| self.entry_hash(index)),
            Query::Brief(id) => of_node(id, &|index| self.brief(index).1),
            Query::Text(id) => of_node(id, &|index| self.text(index).hash),
            Query::Printed(id) => self.printed(id).map_or_else(missing, |printed| {
                let node = graph.find(id).map(|index| graph.node(index));
                Hash::of(&(&printed.html, node.map(|node| &node.url), node.and_then(Node::study).map(Study::shown)))
            }),
            Query::Warnings(id) => of_node(id, &|index| {
                Hash::of(&graph.warnings[index as usize].iter().map(|warning| &graph.node(*warning).id).collect::<Vec<_>>())
            }),
            Query::UsedIn(id) => of_node(id, &|index| {
                let links = graph.backlinks[index as usize].iter();
                Hash::of(&links.map(|(from, kind)| (*kind, self.brief(*from).1)).collect::<Vec<_>>())
            }),
            Query::Verdicts(id) => of_node(id, &|index| self.verdicts_hash(index)),
            Query::Advice(id, conditions) => of_node(id, &|index| self.advice_hash(index, conditions)),
            Query::Condition(id) => of_node(id, &|index| self.condition_hash(index)),
            Query::List(url, page) => self.list_hash(url, *page),
            Query::Feed(take) => self.feed_hash(*take as usize),
            Query::Names => *self.names_key.get_or_init(|| Names::key(graph)),
            Query::Pages => Hash::of(&self.pages().collect::<Vec<_>>()),
            Query::Safety
            | Query::CareCards
            | Query::Glossary
            | Query::AToZ
            | Query::People
            | Query::Person(_)
            | Query::Changes
            | Query::LatestChange(_)
            | Query::Terms(_)
            | Query::Entries(..)
            | Query::Shared(_)
            | Query::Today => self.shared(query).1,
        }
    }

    /// An answer and its fingerprint.
    pub fn answer(self: &Arc<Self>, query: &Query) -> (Value, Hash) {
        let graph = &self.graph;
        let of_node = |id: &Id, f: &dyn Fn(NodeIndex) -> Value| graph.find(id).map_or_else(Value::none, f);
        match query {
            Query::Site => self.site.clone(),
            Query::Brief(id) => match graph.find(id) {
                Some(index) => self.brief(index).clone(),
                None => (Value::none(), self.hash(query)),
            },
            Query::Entry(id) => (of_node(id, &|index| graph.entry(index)), self.hash(query)),
            Query::Text(id) => (of_node(id, &|index| text_value(self, index).0), self.hash(query)),
            Query::UsedIn(id) => (of_node(id, &|index| self.used_in(index)), self.hash(query)),
            Query::Verdicts(id) => (of_node(id, &|index| self.verdicts(index)), self.hash(query)),
            Query::Advice(id, conditions) => {
                let advice = graph.find(id).map_or_else(|| array([]), |index| self.advice(index, conditions));
                (advice, self.hash(query))
            }
            Query::Condition(id) => (of_node(id, &|index| self.condition(index)), self.hash(query)),
            // Asked by the engine only, which has no use for a value.
            Query::Route(_) | Query::Link(..) | Query::Printed(_) | Query::Warnings(_) | Query::Names => {
                (Value::none(), self.hash(query))
            }
            _ => self.shared(query),
        }
    }

    /// Answers that are made once per build and shared by all pages.
    fn shared(self: &Arc<Self>, query: &Query) -> (Value, Hash) {
        let lock = || self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(query) {
            return known.clone();
        }
        // Made without the lock: an answer may need others. Two threads may make the same one, and both get the same.
        let answer = self.make(query);
        lock().entry(query.clone()).or_insert(answer).clone()
    }

    fn make(self: &Arc<Self>, query: &Query) -> (Value, Hash) {
        let graph = &self.graph;
        match query {
            Query::Safety => {
                let table = &graph.safety.table;
                let conditions = graph.of_kind(Kind::Condition).map(|(index, _)| graph.entry(index));
                let value = object([
                    ("movements", Value::from_serializable(&table.movements)),
                    ("conditions", array(conditions)),
                    ("groups", Value::from_serializable(&table.condition_groups)),
                    ("general_warnings", Value::from_serializable(&table.general_warnings)),
                    ("care_cards", Value::from_serializable(&table.care_cards)),
                ]);
                let conditions = graph.of_kind(Kind::Condition).map(|(index, _)| self.entry_hash(index));
                let hash = Hash::of(&(
                    &table.movements,
                    conditions.collect::<Vec<_>>(),
                    &table.condition_groups,
                    &table.general_warnings,
                    &table.care_cards,
                ));
                (value, hash)
            }
            Query::CareCards => {
                let cards = &graph.safety.table.care_cards;
                (Value::from_serializable(cards), Hash::of(cards))
            }
            Query::Glossary => {
                let addresses: Vec<_> = graph.glossary.iter().map(|term| self.term_url(term)).collect();
                (self.glossary(), Hash::of(&(&graph.glossary, addresses)))
            }
            Query::AToZ => self.a_z(),
            Query::People => {
                let people = graph.people.iter().map(|person| self.person(&person.id));
                (array(people), Hash::of(&graph.people))
            }
            Query::Person(id) => (self.person(id), Hash::of(&graph.person(id))),
            Query::Changes => self.changes(),
            Query::LatestChange(id) => {
                let latest = graph.latest_change(id);
                let view = latest.map(|change| {
                    object([
                        ("date", Value::from_serializable(&change.date)),
                        ("title", change.title.as_str().into()),
                        ("url", graph.config.href("/changes/").into()),
                    ])
                });
                (view.unwrap_or_else(Value::none), Hash::of(&latest.map(|change| (change.date, &change.title))))
            }
            Query::List(url, page) => (self.list(url, *page), self.hash(query)),
            Query::Terms(name) => {
                let taxonomy = name.taxonomy();
                let terms: Vec<(&str, &str, String, usize)> = graph
                    .terms(taxonomy)
                    .map(|(term, list)| (term, list.title.as_str(), graph.config.href(&list.url), list.items.len()))
                    .collect();
                let value = terms.iter().map(|(id, label, url, count)| {
                    object([
                        ("id", (*id).into()),
                        ("label", (*label).into()),
                        ("url", url.as_str().into()),
                        ("count", (*count).into()),
                    ])
                });
                (array(value), Hash::of(&terms))
            }
            Query::Entries(kind, sort, take) => {
                let mut indices: Vec<NodeIndex> = match (kind, sort) {
                    (Kind::Article, Sort::Date) => {
                        graph.section(Kind::Article).map(|list| list.items.clone()).unwrap_or_default()
                    }
                    _ => graph.of_kind(*kind).map(|(index, _)| index).collect(),
                };
                if *sort == Sort::Title && *kind != Kind::Condition {
                    indices.sort_by_cached_key(|index| graph.node(*index).title.to_lowercase());
                }
                indices.truncate(*take as usize);
                self.briefs(indices)
            }
            Query::Feed(take) => (self.feed(*take as usize), self.hash(query)),
            Query::Shared(template) => {
                let mut context = tera::Context::new();
                context.insert_value("site", self.site.0.clone());
                // What it asks is part of its output, and that is what a page that shows it depends on.
                let (result, _) = record(self, || self.theme.tera.render(template, &context));
                let value = match &result {
                    Ok(html) => Value::safe_string(html),
                    Err(error) => self.theme.explain(error).1.into(),
                };
                (value, Hash::of(&result.ok()))
            }
            Query::Pages => {
                let page = |(url, updated): (&str, Option<crate::entry::Date>)| {
                    let updated = updated.map(|date| date.to_string());
                    object([("permalink", graph.config.permalink(url).into()), ("updated", updated.into())])
                };
                (array(self.pages().map(page)), self.hash(query))
            }
            _ => {
                let today = graph.config.options.today;
                (today.to_string().into(), Hash::of(&today))
            }
        }
    }

    fn changes(&self) -> (Value, Hash) {
        let graph = &self.graph;
        let (views, hashes): (Vec<Value>, Vec<Hash>) = graph
            .changes
            .iter()
            .map(|change| {
                let (entries, hash) = self.briefs(change.entries.iter().filter_map(|id| graph.find(id)));
                let view = object([
                    ("date", Value::from_serializable(&change.date)),
                    ("kind", change.kind.map(crate::entry::ChangeKind::word).into()),
                    ("label", change.kind.map(crate::entry::ChangeKind::label).into()),
                    ("title", change.title.as_str().into()),
                    ("summary", change.summary.as_deref().into()),
                    ("entries", entries),
                ]);
                (view, hash)
            })
            .unzip();
        (array(views), Hash::of(&(&graph.changes, hashes)))
    }

    fn brief(&self, index: NodeIndex) -> &(Value, Hash) {
        self.briefs[index as usize].get_or_init(|| {
            let brief = self.graph.brief(index);
            (Value::from_serializable(&brief), Hash::of(&brief))
        })
    }

    fn briefs(&self, indices: impl IntoIterator<Item = NodeIndex>) -> (Value, Hash) {
        let (values, hashes): (Vec<Value>, Vec<Hash>) = indices.into_iter().map(|index| self.brief(index).clone()).unzip();
        (Value::from(values), Hash::of(&hashes))
    }

    fn entry_hash(&self, index: NodeIndex) -> Hash {
        let graph = &self.graph;
        let node = graph.node(index);
        match (node.document(), graph.condition(index)) {
            (Some(document), _) => {
                let image = match &document.data {
                    Data::Article(article) => graph.shown_image(article),
                    _ => None,
                };
                Hash::of(&(document.data_hash, &node.url, image))
            }
            (None, Some((_, condition))) => {
                let group = graph.safety.table.condition_groups.iter().find(|group| Some(&group.id) == condition.group.as_ref());
                Hash::of(&(condition, group, graph.definition(index)))
            }
            (None, None) => Hash::of(&(graph.glossary.iter().find(|term| term.id == node.id), &node.url)),
        }
    }

    fn target_hash(&self, target: &Target) -> Hash {
        let id = |index: &NodeIndex| &self.graph.node(*index).id;
        match target {
            Target::Home(index) => Hash::of(&("home", index.as_ref().map(id))),
            Target::Entry(index) => Hash::of(&("entry", id(index), self.graph.node(*index).kind)),
            Target::List(list, page) => Hash::of(&("list", &self.graph.lists[*list].url, page)),
            other => Hash::of(other),
        }
    }

    fn verdicts_hash(&self, index: NodeIndex) -> Hash {
        let Some(Data::Exercise(exercise)) = self.graph.node(index).data() else { return Hash::default() };
        let movements = exercise.movements.iter().filter_map(|id| self.graph.safety.movement(id));
        let movements: Vec<Hash> = movements.map(|movement| self.movement_hash(movement)).collect();
        // A card without movements has a verdict for every condition, too.
        let conditions = movements.is_empty().then(|| {
            self.graph.safety.table.conditions.iter().map(|condition| (&condition.id, &condition.label)).collect::<Vec<_>>()
        });
        Hash::of(&(exercise.status, movements, conditions))
    }

    /// Everything that the table says about a movement to the cards that have it.
    fn movement_hash(&self, movement: usize) -> Hash {
        *self.movements[movement].get_or_init(|| self.said_hash(movement, 0..self.graph.safety.table.conditions.len()))
    }

    /// What the table says about a movement to people with some conditions.
    fn said_hash(&self, movement: usize, conditions: impl Iterator<Item = usize>) -> Hash {
        let safety = &self.graph.safety;
        let said = |c: usize| {
            let condition = &safety.table.conditions[c];
            let rules: Vec<&Rule> = safety.rules(movement, c).collect();
            Hash::of(&(&condition.id, &condition.label, safety.verdict(movement, c), rules))
        };
        let cells: Vec<Hash> = conditions.map(said).collect();
        let movement = &safety.table.movements[movement];
        Hash::of(&(&movement.id, &movement.label, cells))
    }

    fn advice_hash(&self, index: NodeIndex, conditions: &[Id]) -> Hash {
        let Some((_, exercise)) = self.graph.exercise(index) else { return Hash::default() };
        let conditions = self.conditions(conditions);
        let movements = exercise.movements.iter().filter_map(|id| self.graph.safety.movement(id));
        let said: Vec<Hash> = movements.map(|movement| self.said_hash(movement, conditions.iter().copied())).collect();
        let labels: Vec<&str> = conditions.iter().map(|c| self.graph.safety.table.conditions[*c].label.as_str()).collect();
        Hash::of(&(exercise.status, said, labels))
    }

    /// Conditions by index, each once and in the order of the table.
    fn conditions(&self, ids: &[Id]) -> BTreeSet<usize> {
        ids.iter().filter_map(|id| self.graph.safety.condition(id)).collect()
    }

    fn condition_hash(&self, index: NodeIndex) -> Hash {
        let graph = &self.graph;
        let safety = &graph.safety;
        let Some((c, condition)) = graph.condition(index) else { return Hash::default() };
        let said = |(m, movement): (usize, &Movement)| {
            Hash::of(&(&movement.id, &movement.label, &movement.plain, safety.rules(m, c).collect::<Vec<_>>()))
        };
        let cells: Vec<Hash> = safety.table.movements.iter().enumerate().map(said).collect();
        let cards: Vec<_> = self
            .cards()
            .iter()
            .map(|(card, profile)| (self.brief(*card).1, safety.exercise(profile, c), profile.movements()))
            .collect();
        Hash::of(&(safety.stops_first(c), self.stop_text(condition), self.notes(condition), cells, cards))
    }

    /// The remarks of the table about what is fine with a condition.
    fn notes(&self, condition: &Condition) -> BTreeSet<&str> {
        let fine = self.graph.safety.table.ok.iter().filter(|ok| ok.conditions.contains(&condition.id));
        fine.filter_map(|ok| ok.note.as_deref()).collect()
    }

    /// What the table says to people with a condition about every movement.
    fn stop_text(&self, condition: &Condition) -> Option<&str> {
        let rules = &self.graph.safety.table.rules;
        let rule = rules.iter().find(|rule| &*rule.movement == "*" && rule.conditions.contains(&condition.id));
        rule.map(|rule| rule.warning.as_str())
    }

    /// The same as HTML with a mark, so that a page without it is noticed. People who must stop first are always told so.
    fn marked_stop_text(&self, c: usize, condition: &Condition) -> Value {
        let default = "Ask for an appointment before you start or go on with any exercise.";
        let text =
            self.stop_text(condition).filter(|text| !text.is_empty()).or(self.graph.safety.stops_first(c).then_some(default));
        let Some(text) = text else { return Value::none() };
        let mut html = String::with_capacity(text.len());
        let _ = escape_html_body_text(&mut html, text);
        Value::safe_string(&mark("span", STOP_MARK, &condition.id, &html))
    }

    /// Every card with what decides its verdicts.
    fn cards(&self) -> &[(NodeIndex, Profile)] {
        self.cards.get_or_init(|| {
            let of = |(index, node): (NodeIndex, &Node)| match node.data() {
                Some(Data::Exercise(exercise)) => Some((index, self.graph.safety.profile(exercise))),
                _ => None,
            };
            self.graph.of_kind(Kind::Exercise).filter_map(of).collect()
        })
    }

    fn used_in(&self, index: NodeIndex) -> Value {
        let links = &self.graph.backlinks[index as usize];
        let kinds =
            [EdgeKind::Recommends, EdgeKind::Embeds, EdgeKind::Mentions, EdgeKind::Warns, EdgeKind::Progresses, EdgeKind::Cites];
        let groups = kinds.into_iter().filter_map(|kind| {
            let from: Vec<Value> =
                links.iter().filter(|(_, of)| *of == kind).map(|(from, _)| self.brief(*from).0.clone()).collect();
            (!from.is_empty())
                .then(|| object([("kind", kind.word().into()), ("label", kind.label().into()), ("entries", Value::from(from))]))
        });
        array(groups)
    }

    /// What one rule says, for templates. The card that is being read is no alternative to itself.
    fn reason(&self, movement: usize, rule: &Rule, card: Option<&Id>) -> [(&'static str, Value); 6] {
        let alternatives: Vec<&Id> = rule.alternatives.iter().filter(|id| Some(*id) != card).collect();
        let movement = &self.graph.safety.table.movements[movement];
        [
            ("movement", (&*movement.id).into()),
            ("label", movement.label.as_str().into()),
            ("text", rule.warning.as_str().into()),
            ("alternatives", Value::from_serializable(&alternatives)),
            ("sources", Value::from_serializable(&rule.sources)),
            ("review", rule.review.as_deref().into()),
        ]
    }

    /// What one rule says on a card, also as HTML: most rules stand on many cards, and each is made once, unless it names the card.
    fn told(self: &Arc<Self>, movement: usize, rule: &Rule, card: &Id) -> Arc<Reason> {
        let lock = || self.reasons.lock().unwrap_or_else(PoisonError::into_inner);
        let card = rule.alternatives.contains(card).then(|| card.clone());
        let key = (movement, rule.id.clone(), card.clone());
        if let Some(known) = lock().get(&key) {
            return known.clone();
        }
        let mut view = map(self.reason(movement, rule, card.as_ref()));
        let mut context = tera::Context::new();
        context.insert_value("site", self.site.0.clone());
        context.insert_value("reason", view.clone().into());
        let (result, reads) = record(self, || self.theme.tera.render("embeds/reason.html", &context));
        let problem = result.as_ref().err().map(|error| self.theme.explain(error).1);
        let html = mark("div", RULE_MARK, &rule.id, &result.unwrap_or_default());
        view.extend(map([("html", Value::safe_string(&html))]));
        lock().entry(key).or_insert_with(|| Arc::new(Reason { view: view.into(), reads, problem })).clone()
    }

    /// The verdicts for an exercise, or as plain text what is wrong with the template of their reasons.
    fn verdicts(self: &Arc<Self>, index: NodeIndex) -> Value {
        self.verdicts_with(index, 0..self.graph.safety.table.conditions.len(), Verdict::Ok)
    }

    /// What people with some conditions need to know about an exercise: the same without what is fine.
    fn advice(self: &Arc<Self>, index: NodeIndex, conditions: &[Id]) -> Value {
        self.verdicts_with(index, self.conditions(conditions), Verdict::Modify)
    }

    /// The verdicts for an exercise with some conditions, from the mildest that is of interest.
    fn verdicts_with(self: &Arc<Self>, index: NodeIndex, conditions: impl IntoIterator<Item = usize>, mildest: Verdict) -> Value {
        let graph = &self.graph;
        let Some((_, exercise)) = graph.exercise(index) else { return array([]) };
        let profile = graph.safety.profile(exercise);
        let mut groups: [Vec<Told<'_>>; 4] = Default::default();
        for c in conditions {
            let condition = &graph.safety.table.conditions[c];
            let mut reasons = graph.safety.reasons(&profile, c);
            reasons.retain(|(_, rule)| rule.verdict != Some(Verdict::Ok));
            let group = &mut groups[graph.safety.exercise(&profile, c) as usize];
            match group.iter_mut().find(|told| told.is_same(&reasons)) {
                Some(told) => told.conditions.push(condition),
                None => group.push(Told { reasons, conditions: vec![condition] }),
            }
        }
        let mut problem = None;
        let mut told = |told: Told<'_>| {
            let conditions = told.conditions.into_iter().map(|condition| {
                object([
                    ("id", (&*condition.id).into()),
                    ("title", condition.label.as_str().into()),
                    ("url", graph.config.href(&format!("/conditions/{}/", condition.id)).into()),
                ])
            });
            let reasons = told.reasons.into_iter().map(|(movement, rule)| {
                let reason = self.told(movement, rule, &graph.node(index).id);
                reason.reads.iter().for_each(|read| note(read.query.clone(), read.hash));
                problem = problem.take().or_else(|| reason.problem.clone());
                reason.view.clone()
            });
            let reasons = array(reasons);
            object([("conditions", array(conditions)), ("reasons", reasons)])
        };
        let strictest_first =
            Verdict::ALL.into_iter().zip(groups).rev().filter(|(verdict, group)| *verdict >= mildest && !group.is_empty());
        let groups = array(strictest_first.map(|(verdict, group)| {
            object([
                ("verdict", verdict.word().into()),
                ("label", verdict.label().into()),
                ("total", group.iter().map(|told| told.conditions.len()).sum::<usize>().into()),
                ("told", array(group.into_iter().map(&mut told))),
            ])
        }));
        problem.map_or(groups, Value::from)
    }

    fn condition(&self, index: NodeIndex) -> Value {
        let graph = &self.graph;
        let Some((c, condition)) = graph.condition(index) else { return Value::none() };
        let groups = Verdict::ALL.into_iter().zip(self.by_verdict(c)).map(|(verdict, decided)| {
            object([
                ("verdict", verdict.word().into()),
                ("label", verdict.label().into()),
                ("total", decided.iter().map(|decided| decided.cards.len()).sum::<usize>().into()),
                ("reasons", array(decided.into_iter().map(|decided| self.decided(decided)))),
            ])
        });
        object([
            ("stop_first", graph.safety.stops_first(c).into()),
            ("stop_text", self.marked_stop_text(c, condition)),
            ("notes", array(self.notes(condition).into_iter().map(Value::from))),
            ("groups", array(groups)),
        ])
    }

    /// The exercises with each verdict for a condition, under the reason that decided it.
    fn by_verdict(&self, condition: usize) -> [Vec<Decided<'_>>; 4] {
        let safety = &self.graph.safety;
        let mut groups: [Vec<Decided<'_>>; 4] = Default::default();
        for (card, profile) in self.cards() {
            let verdict = safety.exercise(profile, condition);
            // A card that is avoided for everybody has no rule as its reason, and one that is fine needs none.
            let decisive = safety.reasons(profile, condition).into_iter().find(|(_, rule)| rule.verdict == Some(verdict));
            let reason = decisive.filter(|_| verdict != Verdict::Ok);
            let group = &mut groups[verdict as usize];
            let is_same = |known: &&mut Decided<'_>| match (known.reason, reason) {
                (Some((movement, rule)), Some((other, with))) => movement == other && std::ptr::eq(rule, with),
                (None, None) => true,
                _ => false,
            };
            match group.iter_mut().find(is_same) {
                Some(known) => known.cards.push(*card),
                None => group.push(Decided { reason, cards: vec![*card] }),
            }
        }
        groups
    }

    fn decided(&self, decided: Decided<'_>) -> Value {
        let mut view = match decided.reason {
            Some((movement, rule)) => {
                let plain = self.graph.safety.table.movements[movement].plain.as_str();
                map(self.reason(movement, rule, None)).into_iter().chain(map([("plain", plain.into())])).collect()
            }
            None => map([
                ("movement", Value::none()),
                ("label", Value::none()),
                ("plain", Value::none()),
                ("text", Value::none()),
                ("alternatives", array([])),
                ("sources", array([])),
                ("review", Value::none()),
            ]),
        };
        view.extend(map([("exercises", self.briefs(decided.cards).0)]));
        Value::from(view)
    }

    /// A list and the entries on a page of it.
    fn list_page(&self, url: &str, page: u32) -> Option<(&List, &[NodeIndex])> {
        let Some(Target::List(list, _)) = self.graph.target(url) else { return None };
        let list = &self.graph.lists[*list];
        let page = list.items.chunks(self.graph.config.page_size.max(1)).nth(page.max(1) as usize - 1);
        Some((list, page.unwrap_or_default()))
    }

    fn list_hash(&self, url: &str, page: u32) -> Hash {
        let Some((list, items)) = self.list_page(url, page) else { return Hash::default() };
        let briefs: Vec<Hash> = items.iter().map(|index| self.brief(*index).1).collect();
        Hash::of(&(briefs, &list.title, list.items.len(), list.pages(self.graph.config.page_size)))
    }

    fn list(&self, url: &str, page: u32) -> Value {
        let graph = &self.graph;
        let Some((list, items)) = self.list_page(url, page) else { return Value::none() };
        let (page, pages) = (page as usize, list.pages(graph.config.page_size));
        let href = |page: usize| graph.config.href(&list.page_url(page));
        let (section, taxonomy, term) = match &list.kind {
            crate::graph::ListKind::Section(kind) => (kind.section(), None, None),
            crate::graph::ListKind::Term(taxonomy, term) => (None, Some(taxonomy.word()), Some(term.as_str())),
        };
        object([
            ("title", list.title.as_str().into()),
            ("intro", super::page::intro(list).into()),
            ("items", self.briefs(items.iter().copied()).0),
            ("total", list.items.len().into()),
            ("page", page.into()),
            ("pages", pages.into()),
            ("previous", (page > 1).then(|| href(page - 1)).into()),
            ("next", (page < pages).then(|| href(page + 1)).into()),
            ("section", section.into()),
            ("taxonomy", taxonomy.into()),
            ("term", term.into()),
        ])
    }

    fn glossary(&self) -> Value {
        let graph = &self.graph;
        let term = |term: &crate::entry::Term| {
            let letter: String = term.term.chars().next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
            object([
                ("id", (&*term.id).into()),
                ("term", term.term.as_str().into()),
                ("aka", Value::from_serializable(&term.aka)),
                ("definition", term.definition.as_str().into()),
                ("url", self.term_url(term).unwrap_or_default().into()),
                ("letter", letter.into()),
            ])
        };
        array(graph.glossary.iter().map(term))
    }

    /// The names of all entries under their letters.
    fn a_z(&self) -> (Value, Hash) {
        let graph = &self.graph;
        let names: Vec<_> = graph
            .a_z()
            .into_iter()
            .map(|name| {
                let node = graph.node(name.node);
                let title = (!name.is_title).then(|| graph.asked_title(name.node));
                (name.text, title, graph.config.href(&node.url), kind_label(node.kind))
            })
            .collect();
        let letters = names.chunk_by(|(one, ..), (next, ..)| letter(one) == letter(next)).map(|names| {
            let first = names.first().and_then(|(name, ..)| letter(name)).map(String::from);
            let names = names.iter().map(|(name, title, url, kind)| {
                object([
                    ("name", (*name).into()),
                    ("title", (*title).into()),
                    ("url", url.as_str().into()),
                    ("kind_label", (*kind).into()),
                ])
            });
            object([("letter", first.as_deref().unwrap_or("0–9").into()), ("names", array(names))])
        });
        (array(letters), Hash::of(&names))
    }

    /// Where a term is explained: in the glossary, or on the page of the condition that it defines.
    fn term_url(&self, term: &Term) -> Option<String> {
        self.graph.find(&term.id).map(|index| self.graph.config.href(&self.graph.node(index).url))
    }

    fn person(&self, id: &str) -> Value {
        let Some(person) = self.graph.person(id) else { return Value::none() };
        object([
            ("id", (&*person.id).into()),
            ("name", person.name.as_str().into()),
            ("role", person.role.as_deref().into()),
            ("credentials", person.credentials.as_deref().into()),
            ("interests", person.interests.as_deref().into()),
            ("url", person.url.as_deref().into()),
            ("sample", person.sample.into()),
            ("page", format!("{}#{}", self.graph.config.href("/people/"), person.id).into()),
        ])
    }

    /// The newest articles, with the names of their authors.
    fn newest(&self, take: usize) -> impl Iterator<Item = (NodeIndex, &Node, Vec<&str>)> {
        let graph = &self.graph;
        let newest = graph.section(Kind::Article).map(|list| &list.items[..take.min(list.items.len())]).unwrap_or_default();
        newest.iter().filter_map(|index| {
            let node = graph.node(*index);
            let names = node.document()?.meta.authors.iter().filter_map(|id| graph.person(id));
            Some((*index, node, names.map(|person| person.name.as_str()).collect()))
        })
    }

    /// Follows from the fingerprints of the texts, so that nothing is filled to find out that nothing changed.
    fn feed_hash(self: &Arc<Self>, take: usize) -> Hash {
        let entry = |(index, node, names)| (self.brief(index).1, self.text(index).hash, crate::graph::updated(node), names);
        Hash::of(&self.newest(take).map(entry).collect::<Vec<_>>())
    }

    fn feed(self: &Arc<Self>, take: usize) -> Value {
        array(self.newest(take).map(|(index, node, names)| {
            let (text, _) = text_value(self, index);
            let html = text.get_from_path("body").and_then(Value::as_str).unwrap_or_default();
            // What is embedded in a text brings its warnings along, so they are here as they are on the page.
            let html = self.disclaimer("p") + html;
            let mut item = self.brief(index).0.clone().into_map().unwrap_or_default();
            item.extend(map([
                ("permalink", self.graph.config.permalink(&node.url).into()),
                ("updated", crate::graph::updated(node).map(|date| date.to_string()).into()),
                ("authors", array(names.into_iter().map(Value::from))),
                ("html", self.absolute(&html, &node.url)),
            ]));
            Value::from(item)
        }))
    }

    /// That a page doesn't replace the reader's own clinician, as HTML with a mark.
    pub(super) fn disclaimer(&self, element: &str) -> String {
        let mut words = String::new();
        let _ = escape_html_body_text(&mut words, self.graph.config.disclaimer());
        mark(element, DISCLAIMER_MARK, "", &words)
    }

    /// HTML with whole addresses, for readers that show it outside of the site.
    fn absolute(&self, html: &str, url: &str) -> Value {
        let config = &self.graph.config;
        let origin = config.base_url.strip_suffix(&config.base).unwrap_or(&config.base_url);
        let html = html.replace("href=\"/", &format!("href=\"{origin}/")).replace("src=\"/", &format!("src=\"{origin}/"));
        Value::safe_string(&html.replace("href=\"#", &format!("href=\"{}#", config.permalink(url))))
    }

    /// The pages for search engines, and when they were last changed.
    fn pages(&self) -> impl Iterator<Item = (&str, Option<crate::entry::Date>)> {
        self.graph.routes.iter().filter_map(|route| {
            let updated = match &route.target {
                Target::Entry(index) | Target::Home(Some(index)) => crate::graph::updated(self.graph.node(*index)),
                Target::Home(None)
                | Target::List(..)
                | Target::Terms(_)
                | Target::Glossary
                | Target::People
                | Target::Safety
                | Target::Changes
                | Target::Search
                | Target::AToZ => None,
                _ => return None,
            };
            Some((route.url.as_str(), updated))
        })
    }
}

/// A movement and a rule, and the card if the rule names it as an alternative.
type ReasonKey = (usize, Id, Option<Id>);

/// What one rule says about a movement.
#[derive(Debug)]
struct Reason {
    view: Value,
    reads: Vec<Read>,
    problem: Option<String>,
}

/// Conditions for which the same is said about an exercise.
struct Told<'g> {
    reasons: Vec<(usize, &'g Rule)>,
    conditions: Vec<&'g Condition>,
}

impl Told<'_> {
    /// Whether a reader would read the same: rules for neighbouring conditions often share their words.
    fn is_same(&self, reasons: &[(usize, &Rule)]) -> bool {
        let is_said = |((movement, rule), (other, with)): (&(usize, &Rule), &(usize, &Rule))| {
            movement == other
                && (&rule.warning, &rule.alternatives, &rule.sources, &rule.review)
                    == (&with.warning, &with.alternatives, &with.sources, &with.review)
        };
        self.reasons.len() == reasons.len() && self.reasons.iter().zip(reasons).all(is_said)
    }
}

/// Exercises with one verdict, and the movement and rule that decided it.
struct Decided<'g> {
    reason: Option<(usize, &'g Rule)>,
    cards: Vec<NodeIndex>,
}

/// Prints every reference once per site; those that have not changed are taken from the build before.
fn print(graph: &Graph, known: &HashMap<Hash, String>, findings: &mut Findings) -> Vec<Option<Printed>> {
    let name = &graph.config.citation_style;
    let language = &graph.config.language;
    let names = evidence::style_names();
    if !names.contains(&name.trim().to_lowercase().as_str()) {
        let at = crate::finding::At::field(&crate::config::CONFIG.into(), ["citation_style"]);
        findings.push(c004_unknown_style::finding(at, name, names));
    }
    // Loading a style takes longer than checking a small site, and most builds have nothing new to print.
    let style = LazyLock::new(|| evidence::style(name, language).or_else(|| evidence::style("vancouver", language)));
    par::map(&graph.nodes, |node| {
        let Some(Data::Reference(reference)) = node.data() else { return None };
        let key = Hash::of(&(&node.title, reference, &graph.config.citation_style, language));
        let format = || Some(evidence::format(&node.id, &reference.item(&node.title), style.as_ref()?));
        Some(Printed { html: known.get(&key).cloned().or_else(format)?, key })
    })
}
