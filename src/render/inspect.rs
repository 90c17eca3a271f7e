//! The checks of a finished page: what a theme, or HTML in the text of an entry, may have lost, hidden or added.
//!
//! The engine marks what must not be lost when it fills the text of an entry ([`super::text::mark`]), so that a template decides
//! how a warning looks but not whether it is there.

use std::sync::Arc;

use super::Snapshot;
use super::page::is_advice;
use super::tags::{Name, Tag, each_tag, traits};
use super::text::{DISCLAIMER_MARK, REASON_MARK, RULE_MARK, STEP_MARK, STOP_MARK, WARNING_MARK};
use crate::config::CONFIG;
use crate::entry::{Data, Exercise, Id, Kind, Rule, Status, Verdict};
use crate::finding::{At, Finding, Findings};
use crate::graph::{Graph, NodeIndex, Route, Target};
use crate::rules::t004_lost_warning::{self, Lost};
use crate::rules::{t005_outside_request, t006_inaccessible_page, t007_invalid_structured_data, t008_lost_disclaimer};
use crate::safety::Safety;

/// What a page must show.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Must {
    /// The text of a warning.
    Warning(Id),
    /// Why nobody should do the exercise of the page.
    Reason(Id),
    /// What to do before any exercise, for people with the condition of the page.
    StopFirst(Id),
    /// What a safety rule says to those for whom the page is written about an exercise that it recommends.
    Rule(Id),
    /// That the page doesn't replace the reader's own clinician.
    Disclaimer,
}

/// A thing that a page must show, and what was seen of it.
#[expect(clippy::struct_excessive_bools, reason = "each is a question about the thing, answered on the way")]
#[derive(Debug)]
struct Watch {
    must: Must,
    is_seen: bool,
    is_hidden: bool,
    is_late: bool,
    is_printed: bool,
}

impl Watch {
    fn new(must: Must) -> Self {
        Watch { must, is_seen: false, is_hidden: false, is_late: false, is_printed: false }
    }
}

/// An element around the place that was reached.
#[derive(Debug)]
struct Open<'a> {
    name: Name,
    traits: u16,
    written: &'a str,
    class: &'a str,
    is_hidden: bool,
    /// Whether it is a list of links, or the text of a warning or rule: no exercise is recommended there.
    is_aside: bool,
}

/// Checks a page.
pub(super) fn page(snapshot: &Arc<Snapshot>, route: &Route, template: &str, bytes: &[u8]) -> Findings {
    let mut findings = Findings::default();
    let is_page = template.ends_with(".html") && !matches!(route.target, Target::Redirect(_));
    let Some(html) = std::str::from_utf8(bytes).ok().filter(|_| is_page) else { return findings };
    let mut page = Page::new(snapshot, route, template);
    each_tag(html, |tag| page.tag(html, tag));
    page.finish();
    findings.extend(page.findings);
    findings
}

#[expect(clippy::struct_excessive_bools, reason = "each is a question about the page, answered on the way")]
struct Page<'s, 'a> {
    snapshot: &'s Arc<Snapshot>,
    route: &'s Route,
    template: &'s str,
    /// The entry that the page is about.
    entry: Option<NodeIndex>,
    watched: Vec<Watch>,
    /// What the safety rules say to the readers of the entry, with the exercises that they say it of.
    advised: Vec<(&'s Rule, Vec<NodeIndex>)>,
    /// Whether the exercises of the page are links to their cards: on the pages of programmes and conditions.
    has_links_for_steps: bool,
    /// Cards whose steps have begun.
    begun: Vec<&'a str>,
    open: Vec<Open<'a>>,
    /// Whether it is a whole page and no piece of one.
    has_root: bool,
    has_language: bool,
    has_title: bool,
    headings: usize,
    /// The level of the last heading.
    level: u8,
    findings: Findings,
}

impl<'s, 'a> Page<'s, 'a> {
    fn new(snapshot: &'s Arc<Snapshot>, route: &'s Route, template: &'s str) -> Self {
        let entry = match route.target {
            Target::Entry(index) | Target::Home(Some(index)) => Some(index),
            _ => None,
        };
        let mut page = Page {
            snapshot,
            route,
            template,
            entry,
            watched: Vec::new(),
            advised: Vec::new(),
            has_links_for_steps: false,
            begun: Vec::new(),
            open: Vec::with_capacity(32),
            has_root: false,
            has_language: false,
            has_title: false,
            headings: 0,
            level: 1,
            findings: Findings::default(),
        };
        if let Some(index) = entry {
            page.watch(index);
        }
        if is_advice(snapshot, route) {
            page.watched.push(Watch::new(Must::Disclaimer));
        }
        page
    }

    /// Notes what the page of an entry must show.
    fn watch(&mut self, index: NodeIndex) {
        let graph = &self.snapshot.graph;
        let node = graph.node(index);
        let mut must = Vec::new();
        if node.document().is_some() {
            must.extend(self.snapshot.text(index).must_show.iter().cloned().map(Must::Warning));
        }
        if is_avoided(node.data()) {
            must.push(Must::Reason(node.id.clone()));
        }
        if graph.condition(index).is_some_and(|(condition, _)| graph.safety.stops_first(condition)) {
            must.push(Must::StopFirst(node.id.clone()));
        }
        self.advised = advised(graph, index);
        must.extend(self.advised.iter().map(|(rule, _)| Must::Rule(rule.id.clone())));
        self.has_links_for_steps = matches!(node.kind, Kind::Programme | Kind::Condition);
        self.watched = must.into_iter().map(Watch::new).collect();
    }

    fn tag(&mut self, html: &'a str, tag: &Tag<'a>) {
        if tag.is_end {
            if let Some(at) = self.open.iter().rposition(|open| open.name == tag.name) {
                self.open.truncate(at);
            }
            return;
        }
        if let Some(last) = self.open.last() {
            let is_next = last.name == tag.name && tag.is_one(traits::SIBLING);
            let ends_paragraph = last.traits & traits::PARAGRAPH != 0 && tag.is_one(traits::BLOCK);
            if is_next || ends_paragraph {
                self.open.pop();
            }
        }
        let open = self.opened(tag);
        if self.watched.iter().any(|watch| !watch.is_seen || !watch.is_printed) {
            self.follow(tag, &open);
        }
        self.look(tag, &open);
        if tag.is_one(traits::HEADING)
            && let Some(digit @ b'1'..=b'6') = tag.written.as_bytes().last()
            && !open.is_hidden
        {
            self.heading(digit - b'0', tag, html);
        }
        if tag.text.is_none() && !tag.is_one(traits::VOID) && !self.ends_itself(html, tag) {
            self.open.push(open);
        }
    }

    /// Whether a tag is a whole element: only in drawings and formulas.
    fn ends_itself(&self, html: &str, tag: &Tag<'_>) -> bool {
        let is_foreign = |traits: u16| traits & traits::FOREIGN != 0;
        html[..tag.end].ends_with("/>") && (is_foreign(tag.traits) || self.open.iter().any(|open| is_foreign(open.traits)))
    }

    fn opened(&self, tag: &Tag<'a>) -> Open<'a> {
        let outer = self.open.last();
        let mut is_hidden = outer.is_some_and(|open| open.is_hidden);
        let mut is_aside = outer.is_some_and(|open| open.is_aside);
        // The words on a closed fold are seen although the rest of it is not.
        if tag.name == const { Name::of("summary") } && outer.is_some_and(|open| open.name == const { Name::of("details") }) {
            is_hidden = self.open.iter().rev().nth(1).is_some_and(|open| open.is_hidden);
        }
        is_hidden |= tag.name == const { Name::of("template") };
        let mut is_open = false;
        let mut class = "";
        for &(name, value) in &tag.attributes {
            is_aside |= name == WARNING_MARK || name == RULE_MARK;
            if name.eq_ignore_ascii_case("class") {
                class = value;
            } else if name.eq_ignore_ascii_case("hidden") {
                is_hidden = true;
            } else if name.eq_ignore_ascii_case("open") {
                is_open = true;
            } else if name.eq_ignore_ascii_case("aria-hidden") {
                is_hidden |= value.trim().eq_ignore_ascii_case("true");
            } else if name.eq_ignore_ascii_case("style") {
                let style: String = value.to_ascii_lowercase().split_whitespace().collect();
                is_hidden |= style.contains("display:none") || style.contains("visibility:hidden");
            }
        }
        is_hidden |= !is_open && tag.is_one(traits::FOLD);
        is_aside |= tag.is_one(traits::ASIDE);
        Open { name: tag.name, traits: tag.traits, written: tag.written, class, is_hidden, is_aside }
    }

    /// Looks for marks.
    fn follow(&mut self, tag: &Tag<'a>, open: &Open<'_>) {
        for &(name, value) in &tag.attributes {
            let must = match name {
                WARNING_MARK => Must::Warning(value.into()),
                REASON_MARK => Must::Reason(value.into()),
                STOP_MARK => Must::StopFirst(value.into()),
                RULE_MARK => Must::Rule(value.into()),
                // What stands at the foot of every page alike is read by nobody.
                DISCLAIMER_MARK if self.open.iter().any(|open| open.name == const { Name::of("footer") }) => continue,
                DISCLAIMER_MARK => Must::Disclaimer,
                STEP_MARK => {
                    if !self.begun.contains(&value) {
                        self.begun.push(value);
                        self.steps(value);
                    }
                    continue;
                }
                "href" if self.has_links_for_steps && tag.name == const { Name::of("a") } && !open.is_aside => {
                    if tag.attribute("class").is_none_or(|class| class != "mention") && self.is_card(value) {
                        self.has_links_for_steps = false;
                        // What a rule says about a card stands under a link to that card.
                        let waiting = self.watched.iter_mut().filter(|watch| !matches!(watch.must, Must::Rule(_)));
                        waiting.for_each(|watch| watch.is_late |= !watch.is_seen);
                    }
                    continue;
                }
                _ => continue,
            };
            if let Some(watch) = self.watched.iter_mut().find(|watch| watch.must == must) {
                let path = self.open.iter().chain([open]).map(|open| (open.written, open.class));
                watch.is_seen |= !open.is_hidden;
                watch.is_hidden |= open.is_hidden;
                watch.is_printed |= !open.is_hidden && !self.snapshot.theme.unprinted.hides(&path);
            }
        }
    }

    /// The steps of a card begin: its warnings have been seen, or they come too late.
    fn steps(&mut self, card: &str) {
        let graph = &self.snapshot.graph;
        let Some(index) = graph.find(card) else { return };
        let warnings = &graph.warnings[index as usize];
        for watch in self.watched.iter_mut().filter(|watch| !watch.is_seen) {
            watch.is_late |= match &watch.must {
                Must::Warning(id) => warnings.iter().any(|warning| graph.node(*warning).id == *id),
                Must::Reason(id) => &**id == card,
                Must::Rule(id) => self.advised.iter().any(|(rule, cards)| rule.id == *id && cards.contains(&index)),
                Must::StopFirst(_) => false,
                Must::Disclaimer => true,
            };
        }
    }

    fn is_card(&self, href: &str) -> bool {
        let graph = &self.snapshot.graph;
        let url = href.strip_prefix(graph.config.base.as_str()).unwrap_or(href);
        let url = url.split(['#', '?']).next().unwrap_or_default();
        matches!(graph.target(url), Some(Target::Entry(index)) if graph.node(*index).kind == Kind::Exercise)
    }

    /// What holds for every page.
    fn look(&mut self, tag: &Tag<'a>, open: &Open<'_>) {
        const HTML: Name = Name::of("html");
        const TITLE: Name = Name::of("title");
        const HEADING: Name = Name::of("h1");
        const PICTURE: Name = Name::of("img");
        const SCRIPT: Name = Name::of("script");
        const STYLE: Name = Name::of("style");
        match tag.name {
            HTML => {
                self.has_root = true;
                self.has_language = tag.attribute("lang").is_some_and(|language| !language.trim().is_empty());
            }
            TITLE if self.open.iter().all(|open| open.name != const { Name::of("svg") }) => {
                self.has_title |= tag.text.is_some_and(|title| !title.trim().is_empty());
            }
            HEADING if !open.is_hidden => self.headings += 1,
            PICTURE if tag.attribute("alt").is_none() && !open.is_hidden => {
                let source = tag.attribute("src").unwrap_or_default();
                let at = self.at_text(source);
                self.push(t006_inaccessible_page::picture(at, source));
            }
            SCRIPT if tag.attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case("application/ld+json")) => {
                if let Some(error) = tag.text.and_then(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).err()) {
                    let at = self.at();
                    self.push(t007_invalid_structured_data::finding(at, &self.route.url, &error.to_string()));
                }
            }
            STYLE => {
                let imports = tag.text.unwrap_or_default().split("@import").skip(1);
                for import in imports {
                    let address = import.trim_start().trim_start_matches("url(").trim_start_matches(['"', '\'']);
                    self.request("a style sheet", &address[..address.find(['"', '\'', ')', ';']).unwrap_or(address.len())]);
                }
            }
            _ => {}
        }
        if tag.is_one(traits::LOADS)
            && let Some((what, attribute)) = requested(tag)
        {
            self.request(what, tag.attribute(attribute).unwrap_or_default());
            if let Some(set) = tag.attribute("srcset") {
                for address in set.split(',').filter_map(|part| part.split_whitespace().next()) {
                    self.request(what, address);
                }
            }
        }
    }

    /// A heading, and whether it is the next one of its kind. What an author wrote is reported where it was written.
    fn heading(&mut self, level: u8, tag: &Tag<'_>, html: &str) {
        let above = std::mem::replace(&mut self.level, level);
        if level <= above + 1 {
            return;
        }
        let document = self.entry.and_then(|index| self.snapshot.graph.node(index).document());
        let id = tag.attribute("id").unwrap_or_default();
        if !document.is_some_and(|document| document.headings.iter().any(|heading| heading.id == id)) {
            let inside = &html[tag.end..];
            let title = inside[..memchr::memmem::find(inside.as_bytes(), b"</h").unwrap_or(0)].trim();
            let title = if title.contains('<') { "" } else { title };
            let at = self.at();
            self.push(t006_inaccessible_page::skipped(at, title, level, above));
        }
    }

    /// Something that a browser loads with the page.
    fn request(&mut self, what: &str, address: &str) {
        let config = &self.snapshot.graph.config;
        let lower = address.trim().to_ascii_lowercase();
        let is_outside = ["https://", "http://", "//"].iter().any(|start| lower.starts_with(start));
        let own = config.base_url.strip_suffix(&config.base).unwrap_or(&config.base_url).to_ascii_lowercase();
        let host = |url: &str| url.split_once("//").and_then(|(_, rest)| Some(rest.split(['/', '?', '#']).next()?.to_owned()));
        if is_outside && host(&lower) != host(&own) {
            let at = self.at_text(address);
            self.push(t005_outside_request::finding(at, what, address));
        }
    }

    fn finish(&mut self) {
        let watched = std::mem::take(&mut self.watched);
        for watch in watched.iter().filter(|watch| !watch.is_seen || watch.is_late || !watch.is_printed) {
            let lost = match (watch.is_seen, watch.is_hidden) {
                (true, _) if watch.is_late => Lost::Late,
                (true, _) => Lost::Unprinted,
                (false, true) => Lost::Hidden,
                (false, false) => Lost::Missing,
            };
            let (what, note) = match &watch.must {
                Must::Warning(id) => {
                    let graph = &self.snapshot.graph;
                    let at = graph.find(id).and_then(|index| graph.at(index));
                    (format!("the warning `{id}`"), at.map(|at| (at, "the warning is written here")))
                }
                Must::Reason(id) => (format!("the reason why nobody should do `{id}`"), None),
                Must::StopFirst(id) => (format!("what people with `{id}` must do before they exercise"), None),
                Must::Rule(id) => {
                    let rules = &self.snapshot.graph.safety.table.rules;
                    let at =
                        rules.iter().position(|rule| rule.id == *id).map(|i| Safety::at(&["rules", &i.to_string(), "warning"]));
                    let what = format!("what the safety rule `{id}` says to its readers about an exercise that it recommends");
                    (what, at.map(|at| (at, "the rule says it here")))
                }
                Must::Disclaimer => {
                    // A template that is a piece of a page for others has no reader of its own.
                    if self.has_root {
                        self.push(t008_lost_disclaimer::finding(self.at(), &self.route.url, lost));
                    }
                    continue;
                }
            };
            let mut finding = t004_lost_warning::finding(self.at(), &self.route.url, &what, lost);
            if matches!(watch.must, Must::Rule(_)) && lost == Lost::Missing {
                finding = finding.help("show `advice(id=, audience=entry.audience)` with each exercise that the page recommends");
            }
            for embed in ["embeds/warning.html", "embeds/exercise.html"] {
                let file = self.own(embed).filter(|file| matches!(watch.must, Must::Warning(_)) && **file != finding.at.file);
                if let Some(file) = file {
                    finding = finding.note(Some(At::file(file)), "this template takes part in it");
                }
            }
            if let Some((at, text)) = note {
                finding = finding.note(Some(at), text);
            }
            self.push(finding);
        }
        if self.has_root {
            if !self.has_language {
                let at = self.at();
                self.push(t006_inaccessible_page::language(at));
            }
            // A site without a name is reported where the name is missing.
            if !self.has_title && !self.snapshot.graph.config.settings.title.is_empty() {
                let at = self.at();
                self.push(t006_inaccessible_page::title(at));
            }
            if self.headings != 1 {
                let at = self.at();
                self.push(t006_inaccessible_page::heading(at, self.headings));
            }
        }
    }

    fn push(&mut self, finding: Finding) {
        let note = format!("on the page `{}`, which is made with the template `{}`", self.route.url, self.template);
        self.findings.push(finding.note(None, note));
    }

    /// The file of a template, if the site has it of its own.
    fn own(&self, template: &str) -> Option<&'s crate::files::FilePath> {
        let file = self.snapshot.theme.source(template)?;
        self.snapshot.files.at(file).map(|_| file)
    }

    /// The file to look at: the site's own template, else the entry.
    fn at(&self) -> At {
        if let Some(file) = self.own(self.template) {
            return At::file(file);
        }
        if let Some(file) = ["base.html", "embeds/warning.html", "embeds/exercise.html"].iter().find_map(|name| self.own(name)) {
            return At::file(file);
        }
        self.entry.and_then(|index| self.snapshot.graph.at(index)).unwrap_or_else(|| At::file(&CONFIG.into()))
    }

    /// The place of what was written in the entry as it stands on the page, else the file to look at.
    fn at_text(&self, written: &str) -> At {
        let document = self.entry.and_then(|index| self.snapshot.graph.node(index).document());
        let place = document.filter(|_| !written.is_empty()).and_then(|document| {
            let file = self.snapshot.files.at(&document.file)?;
            let start = memchr::memmem::find(&file.bytes, written.as_bytes())?;
            Some(At::bytes(&document.file, &(start..start + written.len())))
        });
        place.unwrap_or_else(|| self.at())
    }
}

/// What the safety table says to those for whom an entry is written about the exercises that it recommends: each rule, with the
/// exercises. What is fine needs no words.
fn advised(graph: &Graph, index: NodeIndex) -> Vec<(&Rule, Vec<NodeIndex>)> {
    let Some(advice) = graph.advice(index).filter(|advice| !advice.audience.is_empty()) else { return Vec::new() };
    let mut advised: Vec<(&Rule, Vec<NodeIndex>)> = Vec::new();
    // Of a card inside of something embedded, only its name may be shown.
    for card in advice.cards.iter().filter(|card| card.within.is_none()) {
        for condition in &advice.audience {
            for (_, rule) in graph.safety.reasons(&card.profile, *condition) {
                if rule.verdict == Some(Verdict::Ok) {
                    continue;
                }
                match advised.iter_mut().find(|(known, _)| known.id == rule.id) {
                    Some((_, cards)) => cards.push(card.index),
                    None => advised.push((rule, vec![card.index])),
                }
            }
        }
    }
    advised
}

/// Whether an exercise is advised against with a reason.
fn is_avoided(data: Option<&Data>) -> bool {
    let is = |exercise: &Exercise| {
        exercise.status == Some(Status::Avoid) && exercise.status_reason.as_ref().is_some_and(|reason| !reason.trim().is_empty())
    };
    matches!(data, Some(Data::Exercise(exercise)) if is(exercise))
}

/// What a tag makes a browser load, and the attribute with its address.
fn requested(tag: &Tag<'_>) -> Option<(&'static str, &'static str)> {
    const SOURCES: [(Name, &str); 9] = [
        (Name::of("img"), "a picture"),
        (Name::of("source"), "a picture or recording"),
        (Name::of("script"), "a script"),
        (Name::of("iframe"), "a frame"),
        (Name::of("video"), "a film"),
        (Name::of("audio"), "a recording"),
        (Name::of("track"), "subtitles"),
        (Name::of("embed"), "an embedded file"),
        (Name::of("input"), "a picture"),
    ];
    const RELATIONS: [&str; 8] =
        ["stylesheet", "preconnect", "dns-prefetch", "preload", "modulepreload", "prefetch", "icon", "manifest"];
    if tag.name == const { Name::of("link") } {
        let relations = tag.attribute("rel")?.to_ascii_lowercase();
        let is_loaded = relations.split_whitespace().any(|relation| RELATIONS.contains(&relation));
        return is_loaded.then_some(("a style sheet or another file of the page", "href"));
    }
    SOURCES.iter().find(|(name, _)| *name == tag.name).map(|(_, what)| (*what, "src"))
}
