//! The prose of one entry with its holes filled: mentions, embeds, citations, addresses.
//!
//! Citations are numbered in the order of their first use on the page, over all prose fields of the entry and everything that
//! is embedded in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use pulldown_cmark_escape::{escape_html, escape_html_body_text};
use tera::{Context, Value};

use super::reads::{note, note_of};
use super::{Snapshot, record};
use crate::entry::{Data, Exercise, Id, Kind, Slot, Status};
use crate::evidence;
use crate::finding::{At, Findings};
use crate::graph::NodeIndex;
use crate::graph::query::{Query, Read};
use crate::graph::view::{array, map, object};
use crate::hash::Hash;
use crate::parse::markdown::{Citation, Piece};
use crate::parse::running::{Passage, passages};
use crate::parse::{Document, Text};
use crate::rules::{self, Words, w021_repeated_passage};
use crate::search;
use crate::theme::render_error;
use crate::words::count;

/// The attribute around the text of a warning.
pub(super) const WARNING_MARK: &str = "data-warning-text";
/// The attribute around a step of an exercise.
pub(super) const STEP_MARK: &str = "data-step";
/// The attribute around the reason why nobody should do an exercise.
pub(super) const REASON_MARK: &str = "data-reason";
/// The attribute around what people with a condition must do before they exercise.
pub(super) const STOP_MARK: &str = "data-stop-first";
/// The attribute around what a safety rule says about an exercise.
pub(super) const RULE_MARK: &str = "data-rule";
/// The attribute around the words that a page doesn't replace the reader's own clinician.
pub(super) const DISCLAIMER_MARK: &str = "data-disclaimer";

/// HTML in an element that says what it is: [`super::inspect`] looks for it on the finished page.
pub(super) fn mark(element: &str, attribute: &str, id: &str, html: &str) -> String {
    let mut escaped = String::with_capacity(id.len());
    let _ = escape_html(&mut escaped, id);
    format!("<{element} {attribute}=\"{escaped}\">{html}</{element}>")
}

/// The filled prose of an entry.
#[derive(Debug)]
pub struct Body {
    /// Each prose field as HTML.
    pub parts: Vec<(Slot, u32, String)>,
    /// The warnings that a card or a programme shows, as HTML.
    pub warnings: String,
    /// The warnings that a page with all of it must show.
    pub must_show: Vec<Id>,
    /// Its long passages, with their places.
    pub passages: Vec<(Hash, At)>,
    /// Fingerprint of its running text.
    pub words: Hash,
    /// References in the order of their numbers.
    pub cited: Vec<Cited>,
    /// What was asked.
    pub reads: Vec<Read>,
    /// What went wrong.
    pub findings: Findings,
    /// Fingerprint of all of it.
    pub hash: Hash,
}

/// A reference on a page.
#[derive(Debug, Clone, Hash)]
pub struct Cited {
    /// The reference.
    pub id: Id,
    /// Anchors of the places that cite it.
    pub places: Vec<String>,
    /// How many anchors were made for it.
    made: usize,
}

/// An embed that is the same on every page.
#[derive(Debug)]
pub(super) struct Embed {
    html: String,
    reads: Vec<Read>,
    /// Whether it was rendered without a finding. A finding names the page, so then it is rendered for each.
    is_sound: bool,
}

/// Fills the prose of an entry.
pub fn body(snapshot: &Arc<Snapshot>, index: NodeIndex) -> Body {
    let mut fill = Fill {
        snapshot,
        page: &snapshot.graph.node(index).url,
        numbers: Vec::new(),
        audience: array([]),
        exceptions: array([]),
        shown: Vec::new(),
        anchors: BTreeMap::new(),
        findings: Findings::default(),
    };
    let Some(document) = snapshot.graph.node(index).document() else {
        return Body {
            parts: Vec::new(),
            warnings: String::new(),
            must_show: Vec::new(),
            passages: Vec::new(),
            words: Hash::default(),
            cited: Vec::new(),
            reads: Vec::new(),
            findings: fill.findings,
            hash: Hash::default(),
        };
    };
    match &document.data {
        Data::Article(article) => {
            fill.audience = Value::from_serializable(&article.audience);
            fill.exceptions = Value::from_serializable(&article.acknowledge);
        }
        Data::Programme(programme) => fill.audience = Value::from_serializable(&programme.audience),
        _ => {}
    }
    let ((parts, warnings, long, words, found), reads) = record(snapshot, || {
        let (parts, warnings) = fill.document(document, index);
        let passages = passages(document, &snapshot.files, &|id| title(snapshot, id));
        let long = w021_repeated_passage::long(document, &passages);
        snapshot.keep_words(index, &passages);
        (parts, warnings, long, search::text_key(&passages), check_words(snapshot, document, passages))
    });
    fill.findings.extend(found);
    // The contents and the list of references are parts of the text that a page asks for.
    let contents: Vec<_> = document.headings.iter().map(|heading| (heading.level, &heading.id, &heading.title)).collect();
    let printed: Vec<Hash> = fill.numbers.iter().map(|cited| snapshot.hash(&Query::Printed(cited.id.clone()))).collect();
    let must_show = must_show(snapshot, index, fill.shown);
    // A theme may lose the words of a warning: its page is checked again when the list alone has changed.
    let hash = Hash::of(&(&parts, &warnings, &must_show, &fill.numbers, contents, printed));
    Body { parts, warnings, must_show, passages: long, words, cited: fill.numbers, reads, findings: fill.findings, hash }
}

/// The warnings that were filled in, each once, and the entry itself if it is one. A warning without words is reported elsewhere.
fn must_show(snapshot: &Snapshot, index: NodeIndex, shown: Vec<NodeIndex>) -> Vec<Id> {
    let mut ids: Vec<Id> = Vec::new();
    for warning in shown.into_iter().chain([index]) {
        let node = snapshot.graph.node(warning);
        let has_words = matches!(node.data(), Some(Data::Warning(warning)) if !warning.text.trim().is_empty());
        if has_words && !ids.contains(&node.id) {
            ids.push(node.id.clone());
        }
    }
    ids
}

/// What the rules say about the words of an entry. References have none of their own.
fn check_words(snapshot: &Arc<Snapshot>, document: &Document, passages: Vec<Passage>) -> Findings {
    if passages.is_empty() {
        return Findings::default();
    }
    note_of(snapshot, Query::Names);
    let names = snapshot.names();
    let found: Vec<_> = passages.iter().map(|passage| names.find(&passage.text)).collect();
    let sentences = if snapshot.graph.config.is_english() {
        passages.iter().zip(&found).map(|(passage, found)| count(passage, found)).collect()
    } else {
        vec![Vec::new(); passages.len()]
    };
    rules::check_words(&Words { snapshot, document, passages, names, found, sentences })
}

/// The words of a mention that has none of its own.
pub(super) fn title(snapshot: &Arc<Snapshot>, id: &str) -> String {
    note_of(snapshot, Query::Brief(id.into()));
    snapshot.graph.find(id).map_or_else(|| id.to_owned(), |index| snapshot.graph.node(index).title.clone())
}

struct Fill<'s> {
    snapshot: &'s Arc<Snapshot>,
    /// The address of the page that the text is for.
    page: &'s str,
    numbers: Vec<Cited>,
    /// For whom the page is written, and its exceptions: what a card that is recommended here says to them stands with it.
    audience: Value,
    exceptions: Value,
    /// Warnings that stand on the page in full.
    shown: Vec<NodeIndex>,
    /// Anchors of embeds, with how often each was used.
    anchors: BTreeMap<String, usize>,
    findings: Findings,
}

impl Fill<'_> {
    fn document(&mut self, document: &Document, index: NodeIndex) -> (Vec<(Slot, u32, String)>, String) {
        let prose = document.prose(&self.snapshot.files);
        let mut parts = Vec::with_capacity(prose.len());
        let mut warnings = String::new();
        // On a card the warnings come before everything that tells the reader what to do.
        let is_before = |slot: Slot| matches!(slot, Slot::Summary | Slot::StatusReason);
        let split = prose.iter().position(|text| !is_before(text.slot)).unwrap_or(prose.len());
        let (before, after) = prose.split_at(split);
        for text in before {
            parts.push((text.slot, text.index, self.marked(document, text)));
        }
        match &document.data {
            Data::Exercise(_) => warnings = self.warnings(&document.id, index),
            Data::Programme(programme) => {
                let mut seen: Vec<&Id> = Vec::new();
                for (_, item) in programme.items() {
                    if !seen.contains(&&item.exercise) {
                        seen.push(&item.exercise);
                        let more = self.new_warnings(&item.exercise);
                        warnings.push_str(&more);
                    }
                }
            }
            _ => {}
        }
        for text in after {
            parts.push((text.slot, text.index, self.marked(document, text)));
        }
        for id in document.data.evidence() {
            self.number(id);
        }
        (parts, warnings)
    }

    /// A field of an entry. What must not be lost on the way through a theme, and what it must come before, carries a mark.
    fn marked(&mut self, document: &Document, text: &Text) -> String {
        let html = self.pieces(document, &text.pieces);
        match (text.slot, &document.data) {
            (Slot::Text, _) => mark("div", WARNING_MARK, &document.id, &html),
            (Slot::Step, _) => mark("span", STEP_MARK, &document.id, &html),
            (Slot::StatusReason, Data::Exercise(exercise)) if exercise.status == Some(Status::Avoid) => {
                mark("span", REASON_MARK, &document.id, &html)
            }
            _ => html,
        }
    }

    fn pieces(&mut self, document: &Document, pieces: &[Piece]) -> String {
        if let [Piece::Html(html)] = pieces {
            return html.clone();
        }
        let mut html = String::with_capacity(pieces.len() * 256);
        for piece in pieces {
            match piece {
                Piece::Html(text) => html.push_str(text),
                Piece::Mention { id, anchor, text, .. } => self.mention(id, anchor.as_deref(), text.as_deref(), &mut html),
                Piece::Embed { id, .. } => self.embed(id, &mut html),
                Piece::Cite { keys, .. } => self.cite(keys, &mut html),
                Piece::Address { url, .. } => {
                    note_of(self.snapshot, Query::Link(document.id.clone(), url.clone()));
                    let _ = escape_html(&mut html, &self.address(document, url));
                }
            }
        }
        html
    }

    /// An address as it stands in the text of an entry, whether on its own page or inside another one.
    fn address(&self, document: &Document, url: &str) -> String {
        let graph = &self.snapshot.graph;
        let own = graph.find(&document.id).map(|index| &graph.node(index).url);
        match own.filter(|own| url.starts_with('#') && *own != self.page) {
            Some(own) => format!("{}{url}", graph.config.href(own)),
            None => graph.href(document, url),
        }
    }

    fn mention(&self, id: &Id, anchor: Option<&str>, text: Option<&str>, html: &mut String) {
        note_of(self.snapshot, Query::Brief(id.clone()));
        let graph = &self.snapshot.graph;
        let Some(index) = graph.find(id) else {
            let _ = escape_html_body_text(html, text.unwrap_or(id));
            return;
        };
        let node = graph.node(index);
        html.push_str("<a class=\"mention\" href=\"");
        let _ = escape_html(&mut *html, &graph.config.href(&node.url));
        if let Some(anchor) = anchor {
            html.push('#');
            let _ = escape_html(&mut *html, anchor);
        }
        html.push_str("\" title=\"");
        let _ = escape_html(&mut *html, self.snapshot.description(index));
        html.push_str("\">");
        if let Some(text) = text {
            html.push_str(text);
        } else {
            // The title of a paper is too long for a sentence: "Bassey and Ramsdale 1995" is how people speak of it.
            let short = match node.data() {
                Some(Data::Reference(reference)) => Some(evidence::short(&reference.item(&node.title))),
                _ => None,
            };
            let _ = escape_html_body_text(&mut *html, short.as_deref().unwrap_or(&node.title));
        }
        html.push_str("</a>");
    }

    fn cite(&mut self, keys: &[Citation], html: &mut String) {
        let mut cited: Vec<(usize, &Citation)> = keys.iter().filter_map(|key| Some((self.number(&key.id)?, key))).collect();
        cited.sort_by_key(|(number, _)| *number);
        cited.dedup_by(|(a, one), (b, other)| a == b && one.locator == other.locator);
        if cited.is_empty() {
            return;
        }
        html.push_str("<sup class=\"cite\">");
        let mut i = 0;
        while i < cited.len() {
            if i > 0 {
                html.push(',');
            }
            // Three or more in a row without locators are a range, as Vancouver style has it.
            let mut end = i;
            while end + 1 < cited.len()
                && cited[end + 1].0 == cited[end].0 + 1
                && cited[end].1.locator.is_none()
                && cited[end + 1].1.locator.is_none()
            {
                end += 1;
            }
            let last = if end >= i + 2 { end } else { i };
            let place = self.place(cited[i].0);
            link(cited[i].0, &cited[i].1.id, &place, html);
            if let Some(locator) = &cited[i].1.locator {
                html.push_str(" (");
                let _ = escape_html_body_text(&mut *html, locator);
                html.push(')');
            }
            if last > i {
                html.push('–');
                for (number, _) in &cited[i + 1..last] {
                    self.numbers[*number - 1].places.push(place.clone());
                }
                let place = self.place(cited[last].0);
                link(cited[last].0, &cited[last].1.id, &place, html);
            }
            i = last + 1;
        }
        html.push_str("</sup>");
    }

    /// A new anchor for a place that cites a reference.
    fn place(&mut self, number: usize) -> String {
        let cited = &mut self.numbers[number - 1];
        cited.made += 1;
        let place = format!("cite-{number}-{}", cited.made);
        cited.places.push(place.clone());
        place
    }

    /// The number of a reference on the page.
    fn number(&mut self, id: &Id) -> Option<usize> {
        if let Some(at) = self.numbers.iter().position(|cited| cited.id == *id) {
            return Some(at + 1);
        }
        note_of(self.snapshot, Query::Printed(id.clone()));
        let index = self.snapshot.graph.find(id)?;
        if self.snapshot.graph.node(index).kind != Kind::Reference {
            return None;
        }
        self.numbers.push(Cited { id: id.clone(), places: Vec::new(), made: 0 });
        Some(self.numbers.len())
    }

    /// An anchor for an embed, unique on the page.
    fn anchor(&mut self, id: &str) -> String {
        let uses = self.anchors.entry(id.to_owned()).or_insert(0);
        *uses += 1;
        if *uses == 1 { format!("embed-{id}") } else { format!("embed-{id}-{uses}") }
    }

    fn embed(&mut self, id: &Id, html: &mut String) {
        note_of(self.snapshot, Query::Entry(id.clone()));
        let Some(index) = self.snapshot.graph.find(id) else { return };
        match self.snapshot.graph.node(index).kind {
            Kind::Warning => html.push_str(&self.warning(index)),
            Kind::Exercise => {
                let warnings = self.warnings(id, index);
                html.push_str(&self.template("embeds/exercise.html", index, &warnings, false));
            }
            Kind::Claim => html.push_str(&self.template("embeds/claim.html", index, "", false)),
            _ => {}
        }
    }

    /// Every warning of a card; those that stand on the page already are named again in one line.
    fn warnings(&mut self, id: &Id, card: NodeIndex) -> String {
        note_of(self.snapshot, Query::Warnings(id.clone()));
        let graph = &self.snapshot.graph;
        let warnings = graph.warnings[card as usize].clone();
        warnings.into_iter().map(|warning| self.warning(warning)).collect()
    }

    /// The warnings of a card that do not stand on the page yet.
    fn new_warnings(&mut self, id: &Id) -> String {
        note_of(self.snapshot, Query::Warnings(id.clone()));
        let Some(card) = self.snapshot.graph.find(id) else { return String::new() };
        let warnings = self.snapshot.graph.warnings[card as usize].clone();
        let new: Vec<NodeIndex> = warnings.into_iter().filter(|warning| !self.shown.contains(warning)).collect();
        new.into_iter().map(|warning| self.warning(warning)).collect()
    }

    fn warning(&mut self, index: NodeIndex) -> String {
        let node = self.snapshot.graph.node(index);
        note_of(self.snapshot, Query::Entry(node.id.clone()));
        let is_shown = self.shown.contains(&index);
        self.shown.push(index);
        // A warning without citations and links is the same on every page that shows it for the first time.
        let is_same = !is_shown && !self.anchors.contains_key(&*node.id) && node.document().is_some_and(|it| it.holes.is_empty());
        if !is_same {
            return self.fresh_warning(index, is_shown);
        }
        let snapshot = self.snapshot;
        let embed = snapshot.embed(index, || {
            let before = self.findings.0.len();
            let (html, reads) = record(snapshot, || self.fresh_warning(index, is_shown));
            let is_sound = self.findings.0.len() == before;
            self.findings.0.truncate(before);
            Embed { html, reads, is_sound }
        });
        if !embed.is_sound {
            self.anchors.remove(&*node.id);
            return self.fresh_warning(index, is_shown);
        }
        for read in &embed.reads {
            note(read.query.clone(), read.hash);
        }
        self.anchors.insert(node.id.to_string(), 1);
        embed.html.clone()
    }

    fn fresh_warning(&mut self, index: NodeIndex, is_shown: bool) -> String {
        self.template("embeds/warning.html", index, "", is_shown)
    }

    /// The text of an entry inside another one, with the numbers of the page: what readers need there, and no more, because what
    /// is cited in it stands in the page's list of references.
    fn embedded(&mut self, index: NodeIndex, warnings: &str) -> Value {
        let snapshot = self.snapshot;
        let Some(document) = snapshot.graph.node(index).document() else { return Value::none() };
        let slots: &[Slot] = match &document.data {
            Data::Exercise(_) => &[Slot::Summary, Slot::StopIf, Slot::Step, Slot::DoseText],
            Data::Warning(_) => &[Slot::Text, Slot::StopIf, Slot::SeekHelp],
            Data::Claim(_) => &[Slot::Statement],
            _ => &[],
        };
        let texts = document.prose(&snapshot.files).iter().filter(|text| slots.contains(&text.slot));
        let parts: Vec<(Slot, u32, String)> = texts.map(|text| (text.slot, text.index, self.marked(document, text))).collect();
        let numbered = |fill: &mut Self, ids: &[Id]| {
            let numbers: Vec<(Id, usize)> = ids.iter().filter_map(|id| Some((id.clone(), fill.number(id)?))).collect();
            array(numbers.iter().map(|(id, number)| object([("id", (&**id).into()), ("number", (*number).into())])))
        };
        let mut value = parts_value(&document.data, &parts);
        match &document.data {
            Data::Claim(claim) => {
                let (supports, contradicts) = (numbered(self, &claim.supports), numbered(self, &claim.contradicts));
                value.extend(map([("supports", supports), ("contradicts", contradicts)]));
            }
            Data::Exercise(_) => value.extend(map([("warnings", Value::safe_string(warnings))])),
            _ => {}
        }
        Value::from(value)
    }

    fn template(&mut self, template: &str, index: NodeIndex, warnings: &str, compact: bool) -> String {
        let snapshot = self.snapshot;
        let node = snapshot.graph.node(index);
        let known: Vec<usize> = self.numbers.iter().map(|cited| cited.places.len()).collect();
        let text = if compact { object([]) } else { self.embedded(index, warnings) };
        let anchor = self.anchor(&node.id);
        let mut context = Context::new();
        context.insert_value("site", snapshot.site.0.clone());
        context.insert_value("entry", snapshot.answer(&Query::Entry(node.id.clone())).0);
        context.insert_value("text", text);
        context.insert_value("compact", compact.into());
        context.insert_value("audience", self.audience.clone());
        context.insert_value("exceptions", self.exceptions.clone());
        context.insert_value("anchor", anchor.into());
        let html = snapshot.theme.tera.render(template, &context).unwrap_or_else(|error| {
            self.findings.push(render_error(&snapshot.theme, &error, self.page));
            String::new()
        });
        // A place that the template does not show is no place to go back to.
        for (i, cited) in self.numbers.iter_mut().enumerate() {
            let new = cited.places.split_off(known.get(i).copied().unwrap_or_default());
            cited.places.extend(new.into_iter().filter(|place| html.contains(&format!("id=\"{place}\""))));
        }
        html
    }
}

/// The number of a reference as a link to it, with an anchor to come back to.
fn link(number: usize, id: &Id, place: &str, html: &mut String) {
    let _ = write!(html, "<a href=\"#ref-{id}\" id=\"{place}\" aria-label=\"Reference {number}\">{number}</a>");
}

/// The variable `text` from filled prose, as far as it doesn't need the page.
pub(super) fn parts_value(data: &Data, parts: &[(Slot, u32, String)]) -> tera::Map {
    let one = |slot: Slot| {
        parts.iter().find(|(part, ..)| *part == slot).map_or_else(Value::none, |(.., html)| Value::safe_string(html))
    };
    let list = |slot: Slot| array(parts.iter().filter(|(part, ..)| *part == slot).map(|(.., html)| Value::safe_string(html)));
    let mut text = map([("summary", one(Slot::Summary)), ("body", one(Slot::Body))]);
    let faq = match data {
        Data::Article(article) => &article.faq[..],
        Data::Exercise(exercise) => &exercise.faq,
        _ => &[],
    };
    let answers = parts.iter().filter(|(slot, ..)| *slot == Slot::Answer).filter_map(|(_, index, html)| {
        let question = &faq.get(*index as usize)?.question;
        Some(object([
            ("id", format!("question-{}", index + 1).into()),
            ("question", question.as_str().into()),
            ("answer", Value::safe_string(html)),
        ]))
    });
    text.extend(map([("faq", array(answers))]));
    match data {
        Data::Article(_) => text.extend(map([("key_points", list(Slot::KeyPoint))])),
        Data::Exercise(exercise) => text.extend(exercise_text(exercise, &one, &list)),
        Data::Programme(programme) => {
            let mut cards: Vec<&Id> = Vec::new();
            for (_, item) in programme.items().filter(|(_, item)| !item.exercise.is_empty()) {
                if !cards.contains(&&item.exercise) {
                    cards.push(&item.exercise);
                }
            }
            let cards = array(cards.into_iter().map(|id| Value::from(&**id)));
            text.extend(map([("weeks", Value::from_serializable(&programme.weeks)), ("cards", cards)]));
        }
        Data::Warning(_) => {
            text.extend(map([("text", one(Slot::Text)), ("stop_if", list(Slot::StopIf)), ("seek_help", one(Slot::SeekHelp))]));
        }
        Data::Claim(_) => text.extend(map([("statement", one(Slot::Statement)), ("reason", one(Slot::Reason))])),
        Data::Reference(_) | Data::Page(_) => {}
    }
    text
}

fn exercise_text(_: &Exercise, one: &dyn Fn(Slot) -> Value, list: &dyn Fn(Slot) -> Value) -> tera::Map {
    map([
        ("status_reason", one(Slot::StatusReason)),
        ("steps", list(Slot::Step)),
        ("breathing", one(Slot::Breathing)),
        ("mistakes", list(Slot::Mistake)),
        ("stop_if", list(Slot::StopIf)),
        (
            "dosage",
            object([
                ("text", one(Slot::DoseText)),
                ("effort", one(Slot::DoseEffort)),
                ("advance", one(Slot::DoseAdvance)),
                ("source", one(Slot::DoseSource)),
            ]),
        ),
    ])
}
