//! Markdown → pieces: HTML with typed holes where another entry, a citation or an address of the site is needed.
//!
//! Everything that depends on one file alone happens here, highlighting included. The holes are filled when the graph is known
//! (`render/pieces.rs`), so that headings and anchors of every entry exist before the first hole is filled.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bitcode::{Decode, Encode};
use pulldown_cmark::{
    Alignment, BlockQuoteKind, BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd,
};
use pulldown_cmark_escape::{escape_href, escape_html, escape_html_body_text};

use super::highlight;
use crate::allow;
use crate::entry::Id;
use crate::files::FilePath;
use crate::finding::{At, Findings, Place};
use crate::graph::{label, slug};
use crate::rules::{e001_unknown_reference, l003_broken_link, m001_duplicate_anchor, m002_inline_embed, m006_skipped_heading};

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub enum Piece {
    /// Finished HTML.
    Html(String),
    /// `[[id#anchor|text]]`: a link whose text, title and address come from the entry.
    Mention {
        /// The entry.
        id: Id,
        /// A heading of its page.
        anchor: Option<String>,
        /// The text as HTML, if the author gave one.
        text: Option<String>,
        /// Whether it stands in a box that warns: `> [!WARNING]`, `> [!CAUTION]`.
        warns: bool,
        /// Where it stands.
        at: Place,
    },
    /// `![[id]]`: the entry itself.
    Embed {
        /// The entry.
        id: Id,
        /// Where it stands.
        at: Place,
    },
    /// `[@key, p. 3; @other]`.
    Cite {
        /// The references with their locators.
        keys: Vec<Citation>,
        /// Where it stands.
        at: Place,
    },
    /// The address of an ordinary link to somewhere in the site, as the value of an attribute.
    Address {
        /// The address as written.
        url: String,
        /// What it is the address of.
        of: AddressOf,
        /// Where the link stands.
        at: Place,
    },
}

/// One reference in a citation.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct Citation {
    /// The reference.
    pub id: Id,
    /// "p. 470", if the author gave a place.
    pub locator: Option<String>,
}

/// What an address leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum AddressOf {
    /// A page or a file, to go to.
    Link,
    /// A picture, to show.
    Image,
}

/// A heading of a body.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct Heading {
    /// 2 to 6.
    pub level: u8,
    /// The anchor.
    pub id: String,
    /// The text without markup.
    pub title: String,
    /// Where it stands.
    pub at: Place,
    /// The anchor that its words would have given, if another heading has it.
    pub wanted: Option<String>,
}

/// A text and what was met on the way.
#[derive(Debug, Default)]
pub struct Parsed {
    /// The text.
    pub pieces: Vec<Piece>,
    /// Headings in order.
    pub headings: Vec<Heading>,
    /// Words of running text.
    pub words: u32,
    /// The first paragraph without markup, or the whole line of running text.
    pub lead: String,
}

/// Where a text stands in its file.
#[derive(Debug, Clone, Copy)]
pub enum Origin<'a> {
    /// It begins at a byte of the file: spans are exact.
    Bytes(usize),
    /// It is the value of a field: spans are the field's.
    Field(&'a Place),
}

/// Whether a text may hold blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Paragraphs, headings, lists, tables, …
    Blocks,
    /// One line of running text, without a paragraph around it.
    Line,
}

/// Parses a text. All its anchors begin with `scope`; `reserved` are anchors that the page uses already.
pub fn parse(
    text: &str,
    mode: Mode,
    file: &FilePath,
    origin: Origin<'_>,
    scope: &dyn Fn() -> String,
    reserved: &[&str],
    findings: &mut Findings,
) -> Parsed {
    if is_plain(text) {
        let mut html = String::with_capacity(text.len() + 8);
        let trimmed = text.trim();
        if mode == Mode::Blocks {
            html.push_str("<p>");
        }
        let _ = escape_html_body_text(&mut html, trimmed);
        if mode == Mode::Blocks {
            html.push_str("</p>\n");
        }
        let pieces = if trimmed.is_empty() { Vec::new() } else { vec![Piece::Html(html)] };
        return Parsed { pieces, headings: Vec::new(), words: words(trimmed), lead: trimmed.to_owned() };
    }
    let guarded;
    let source = match mode {
        Mode::Blocks => text,
        Mode::Line => {
            guarded = guard(text);
            &guarded
        }
    };
    let events = events(source).collect::<Vec<_>>();
    let mut writer = Writer {
        file,
        origin,
        scope: &scope(),
        mode,
        findings,
        out: Out::with_capacity(source.len() * 5 / 4),
        outer: Vec::new(),
        footnotes: BTreeMap::new(),
        order: Vec::new(),
        headings: Vec::new(),
        boxes: Vec::new(),
        anchors: reserved.iter().map(|anchor| (*anchor).to_owned()).collect(),
        explicit: BTreeMap::new(),
        words: 0,
        lead: None,
        in_head: false,
        aligns: Vec::new(),
        column: 0,
        tight: Vec::new(),
    };
    writer.write(&events);
    if mode == Mode::Line {
        writer.lead = Some(plain(&events));
    }
    writer.finish()
}

/// A text without its markup: citations are dropped, mentions become their words.
pub fn plain_text(text: &str) -> String {
    if is_plain(text) { text.trim().to_owned() } else { plain(&events(text).collect::<Vec<_>>()) }
}

/// Everything that Markdown is made of, in order, with its bytes.
pub(crate) fn events(source: &str) -> impl Iterator<Item = (Event<'_>, std::ops::Range<usize>)> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
        | Options::ENABLE_WIKILINKS;
    // A citation is to the parser a reference link whose definition is missing: code, escapes and nesting are handled by it.
    let citation = |link: BrokenLink<'_>| {
        link.reference.trim_start().starts_with('@').then(|| (CowStr::from(link.reference.to_string()), CowStr::from("")))
    };
    Parser::new_with_broken_link_callback(source, options, Some(citation)).into_offset_iter()
}

/// Words of running text.
pub fn words(text: &str) -> u32 {
    // Bytes are enough: white space that isn't ASCII seldom stands between words.
    let starts = text.bytes().fold((0_u32, true), |(count, is_gap), byte| {
        let is_space = byte.is_ascii_whitespace();
        (count + u32::from(is_gap && !is_space), is_space)
    });
    starts.0
}

/// Whether Markdown would change nothing but escaping.
pub(super) fn is_plain(text: &str) -> bool {
    let special =
        |byte: u8| matches!(byte, b'\\' | b'`' | b'*' | b'_' | b'[' | b']' | b'<' | b'~' | b'"' | b'\'' | b'|' | b'&' | b'\n');
    let text = text.trim_ascii();
    !text.bytes().any(special) && !text.contains("--") && !text.contains("...") && !starts_block(text) && !text.starts_with(": ")
}

/// Whether a line begins like a list, heading or quotation.
fn starts_block(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let after = text.as_bytes().get(digits).copied();
    (digits > 0 && matches!(after, Some(b'.' | b')'))) || text.starts_with(['#', '>', '-', '+', '*', '='])
}

/// Keeps a line of running text from being read as a list, heading or quotation.
fn guard(text: &str) -> String {
    let text = text.trim();
    if !starts_block(text) || text.starts_with("**") || (text.starts_with('*') && !text.starts_with("* ")) {
        return text.to_owned();
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    format!("{}\\{}", &text[..digits], &text[digits..])
}

/// HTML under construction.
struct Out {
    pieces: Vec<Piece>,
    html: String,
}

impl Out {
    fn with_capacity(capacity: usize) -> Self {
        Out { pieces: Vec::new(), html: String::with_capacity(capacity) }
    }

    fn hole(&mut self, piece: Piece) {
        if !self.html.is_empty() {
            self.pieces.push(Piece::Html(std::mem::take(&mut self.html)));
        }
        self.pieces.push(piece);
    }

    fn done(mut self) -> Vec<Piece> {
        if !self.html.is_empty() {
            self.pieces.push(Piece::Html(self.html));
        }
        self.pieces
    }
}

struct Footnote {
    number: usize,
    uses: usize,
    pieces: Option<Vec<Piece>>,
}

struct Writer<'a> {
    file: &'a FilePath,
    origin: Origin<'a>,
    scope: &'a str,
    mode: Mode,
    findings: &'a mut Findings,
    out: Out,
    /// Outputs around the footnote that is being written.
    outer: Vec<(String, Out)>,
    footnotes: BTreeMap<String, Footnote>,
    order: Vec<String>,
    headings: Vec<Heading>,
    /// For each open quotation or box, whether it warns.
    boxes: Vec<bool>,
    anchors: Vec<String>,
    explicit: BTreeMap<String, Place>,
    words: u32,
    lead: Option<String>,
    in_head: bool,
    aligns: Vec<Alignment>,
    column: usize,
    /// For each open list, whether it has tasks.
    tight: Vec<bool>,
}

type Events<'e> = [(Event<'e>, std::ops::Range<usize>)];

impl Writer<'_> {
    fn place(&self, range: &std::ops::Range<usize>) -> Place {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        match self.origin {
            Origin::Bytes(start) => Place::Bytes(clamp(start + range.start), clamp(start + range.end)),
            Origin::Field(place) => place.clone(),
        }
    }

    fn at(&self, place: &Place) -> At {
        At { file: self.file.clone(), place: place.clone() }
    }

    fn write(&mut self, events: &Events<'_>) {
        let mut i = 0;
        while i < events.len() {
            i = self.event(events, i);
        }
    }

    /// Writes the event at `i` and those that it takes along; returns the index of the next one.
    fn event(&mut self, events: &Events<'_>, i: usize) -> usize {
        let (event, range) = &events[i];
        match event {
            Event::Start(tag) => return self.start(tag, events, i, range),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) => {
                self.words += words(text);
                let _ = escape_html_body_text(&mut self.out.html, text);
            }
            Event::Code(code) => {
                self.words += words(code);
                self.out.html.push_str("<code>");
                let _ = escape_html_body_text(&mut self.out.html, code);
                self.out.html.push_str("</code>");
            }
            Event::Html(html) | Event::InlineHtml(html) => self.out.html.push_str(&allow::without(html)),
            Event::SoftBreak => self.out.html.push('\n'),
            Event::HardBreak => self.out.html.push_str("<br>\n"),
            Event::Rule => self.out.html.push_str("<hr>\n"),
            Event::FootnoteReference(label) => self.footnote(label),
            Event::TaskListMarker(done) => {
                let (state, label) = if *done { (" checked", "done") } else { ("", "to do") };
                let _ = write!(self.out.html, "<input type=\"checkbox\" disabled{state} aria-label=\"{label}\"> ");
            }
            Event::InlineMath(text) | Event::DisplayMath(text) => {
                let _ = escape_html_body_text(&mut self.out.html, text);
            }
        }
        i + 1
    }

    fn start(&mut self, tag: &Tag<'_>, events: &Events<'_>, i: usize, range: &std::ops::Range<usize>) -> usize {
        match tag {
            Tag::Paragraph => {
                if let Some(next) = self.block_embed(events, i) {
                    return next;
                }
                if self.lead.is_none() && self.outer.is_empty() {
                    self.lead = Some(plain(&events[i..end_of(events, i)]));
                }
                self.open("<p>");
            }
            Tag::Heading { level, id, .. } => self.heading(*level, id.as_deref(), events, i, range),
            Tag::BlockQuote(None) => {
                self.boxes.push(false);
                self.open("<blockquote>\n");
            }
            Tag::BlockQuote(Some(kind)) => {
                self.boxes.push(matches!(kind, BlockQuoteKind::Warning | BlockQuoteKind::Caution));
                let (class, title) = match kind {
                    BlockQuoteKind::Note => ("note", "Note"),
                    BlockQuoteKind::Tip => ("tip", "Tip"),
                    BlockQuoteKind::Important => ("important", "Important"),
                    BlockQuoteKind::Warning => ("warning", "Warning"),
                    BlockQuoteKind::Caution => ("caution", "Caution"),
                };
                let _ = write!(
                    self.out.html,
                    "<div class=\"alert alert-{class}\" role=\"note\">\n<p class=\"alert-title\">{title}</p>\n"
                );
            }
            Tag::CodeBlock(kind) => return self.code(kind, events, i),
            Tag::List(start) => {
                // A list with space between its items has paragraphs around their texts.
                let has_tasks = events[i..].iter().take(4).any(|(event, _)| matches!(event, Event::TaskListMarker(_)));
                self.tight.push(start.is_some());
                match start {
                    Some(1) => self.open("<ol>\n"),
                    Some(first) => {
                        let _ = writeln!(self.out.html, "<ol start=\"{first}\">");
                    }
                    None if has_tasks => self.open("<ul class=\"tasks\">\n"),
                    None => self.open("<ul>\n"),
                }
            }
            Tag::Item => self.open("<li>"),
            Tag::FootnoteDefinition(label) => {
                let outer = std::mem::replace(&mut self.out, Out::with_capacity(64));
                self.outer.push((label.to_string(), outer));
            }
            Tag::DefinitionList => self.open("<dl>\n"),
            Tag::DefinitionListTitle => self.open("<dt>"),
            Tag::DefinitionListDefinition => self.open("<dd>"),
            Tag::Table(aligns) => {
                self.aligns.clone_from(aligns);
                self.open("<div class=\"table\" role=\"region\" aria-label=\"Table\" tabindex=\"0\">\n<table>\n");
            }
            Tag::TableHead => {
                self.in_head = true;
                self.column = 0;
                self.open("<thead>\n<tr>");
            }
            Tag::TableRow => {
                self.column = 0;
                self.open("<tr>");
            }
            Tag::TableCell => {
                let class = match self.aligns.get(self.column) {
                    Some(Alignment::Right) => " class=\"right\"",
                    Some(Alignment::Center) => " class=\"center\"",
                    _ => "",
                };
                let (name, scope) = if self.in_head { ("th", " scope=\"col\"") } else { ("td", "") };
                let _ = write!(self.out.html, "<{name}{scope}{class}>");
            }
            Tag::Emphasis => self.out.html.push_str("<em>"),
            Tag::Strong => self.out.html.push_str("<strong>"),
            Tag::Strikethrough => self.out.html.push_str("<del>"),
            Tag::Superscript => self.out.html.push_str("<sup>"),
            Tag::Subscript => self.out.html.push_str("<sub>"),
            Tag::Link { link_type, dest_url, title, .. } => return self.link(*link_type, dest_url, title, events, i, range),
            Tag::Image { link_type, dest_url, title, .. } => return self.image(*link_type, dest_url, title, events, i, range),
            Tag::HtmlBlock | Tag::MetadataBlock(_) => {}
        }
        i + 1
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.open("</p>\n"),
            TagEnd::Heading(level) => {
                let level = level_of(level);
                let _ = writeln!(self.out.html, "</h{level}>");
            }
            TagEnd::BlockQuote(alert) => {
                self.boxes.pop();
                self.open(if alert.is_some() { "</div>\n" } else { "</blockquote>\n" });
            }
            TagEnd::List(_) => {
                let is_ordered = self.tight.pop().unwrap_or_default();
                self.open(if is_ordered { "</ol>\n" } else { "</ul>\n" });
            }
            TagEnd::Item => self.open("</li>\n"),
            TagEnd::FootnoteDefinition => {
                if let Some((label, outer)) = self.outer.pop() {
                    let pieces = std::mem::replace(&mut self.out, outer).done();
                    let footnote = self.footnotes.entry(label).or_insert(Footnote { number: 0, uses: 0, pieces: None });
                    footnote.pieces.get_or_insert(pieces);
                }
            }
            TagEnd::DefinitionList => self.open("</dl>\n"),
            TagEnd::DefinitionListTitle => self.open("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.open("</dd>\n"),
            TagEnd::Table => self.open("</tbody>\n</table>\n</div>\n"),
            TagEnd::TableHead => {
                self.in_head = false;
                self.open("</tr>\n</thead>\n<tbody>\n");
            }
            TagEnd::TableRow => self.open("</tr>\n"),
            TagEnd::TableCell => {
                self.out.html.push_str(if self.in_head { "</th>" } else { "</td>" });
                self.column += 1;
            }
            TagEnd::Emphasis => self.out.html.push_str("</em>"),
            TagEnd::Strong => self.out.html.push_str("</strong>"),
            TagEnd::Strikethrough => self.out.html.push_str("</del>"),
            TagEnd::Superscript => self.out.html.push_str("</sup>"),
            TagEnd::Subscript => self.out.html.push_str("</sub>"),
            TagEnd::Link => self.out.html.push_str("</a>"),
            TagEnd::CodeBlock | TagEnd::Image | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_) => {}
        }
    }

    /// Writes the tag of a block, which a line of running text has none of.
    fn open(&mut self, html: &str) {
        if self.mode == Mode::Blocks {
            self.out.html.push_str(html);
        }
    }

    /// A paragraph that holds nothing but an embed is replaced by it.
    fn block_embed(&mut self, events: &Events<'_>, i: usize) -> Option<usize> {
        let (Event::Start(Tag::Image { link_type: LinkType::WikiLink { .. }, dest_url, .. }), range) = events.get(i + 1)? else {
            return None;
        };
        let end = end_of(events, i + 1);
        if self.mode != Mode::Blocks || !matches!(events.get(end), Some((Event::End(TagEnd::Paragraph), _))) {
            return None;
        }
        let at = self.place(range);
        self.out.hole(Piece::Embed { id: dest_url.trim().into(), at });
        Some(end + 1)
    }

    fn heading(&mut self, level: HeadingLevel, id: Option<&str>, events: &Events<'_>, i: usize, range: &std::ops::Range<usize>) {
        let title = plain(&events[i..end_of(events, i)]);
        let place = self.place(range);
        let wanted = id.map_or_else(|| slug(&title), str::to_owned);
        let wanted = format!("{}{}", self.scope, if wanted.is_empty() { "section" } else { &wanted });
        if id.is_some() {
            if let Some(first) = self.explicit.get(&wanted) {
                self.findings.push(m001_duplicate_anchor::finding(self.at(&place), &wanted, self.at(first)));
            }
            self.explicit.entry(wanted.clone()).or_insert_with(|| place.clone());
        }
        let mut anchor = wanted.clone();
        let mut number = 2;
        while self.anchors.contains(&anchor) {
            anchor = format!("{wanted}-{number}");
            number += 1;
        }
        self.anchors.push(anchor.clone());
        // The title of the page is its only first-level heading.
        let level = level_of(level);
        // A body stands under the title of its page; what an answer stands under is for the theme.
        let above = self.headings.last().map_or(if self.scope.is_empty() { 1 } else { 5 }, |heading| heading.level);
        if level > above + 1 {
            self.findings.push(m006_skipped_heading::finding(self.at(&place), &title, level, above));
        }
        let _ = write!(self.out.html, "<h{level} id=\"");
        let _ = escape_html(&mut self.out.html, &anchor);
        self.out.html.push_str("\">");
        self.headings.push(Heading { level, title, at: place, wanted: (anchor != wanted).then_some(wanted), id: anchor });
    }

    fn code(&mut self, kind: &CodeBlockKind<'_>, events: &Events<'_>, i: usize) -> usize {
        let end = end_of(events, i);
        let code: String = events[i + 1..end]
            .iter()
            .filter_map(|(event, _)| if let Event::Text(text) = event { Some(&**text) } else { None })
            .collect();
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split([' ', ',', '{']).next().unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        let at = self.at(&self.place(&events[i].1));
        let html = highlight::highlight(language, &code, at, self.findings);
        self.out.html.push_str("<pre tabindex=\"0\"><code");
        if !language.is_empty() {
            self.out.html.push_str(" class=\"language-");
            let _ = escape_html(&mut self.out.html, language);
            self.out.html.push('"');
        }
        self.out.html.push('>');
        self.out.html.push_str(&html);
        self.out.html.push_str("</code></pre>\n");
        end
    }

    fn link(
        &mut self,
        link_type: LinkType,
        url: &str,
        title: &str,
        events: &Events<'_>,
        i: usize,
        range: &std::ops::Range<usize>,
    ) -> usize {
        let place = self.place(range);
        match link_type {
            LinkType::WikiLink { has_pothole } => {
                let end = end_of(events, i);
                // Inside a table the bar is written `\|`, and the parser leaves the backslash.
                let url = if has_pothole { url.trim_end_matches('\\') } else { url };
                let (id, anchor) = url.split_once('#').map_or((url, None), |(id, anchor)| (id, Some(anchor.trim().to_owned())));
                let text = has_pothole.then(|| self.inner_html(&events[i + 1..end - 1]));
                self.words += u32::from(text.is_none());
                // `[[#steps]]` is a heading of the page itself.
                if id.is_empty() && anchor.is_some() {
                    let text = text.unwrap_or_else(|| escaped(&label(url.trim_start_matches('#'))));
                    self.out.html.push_str("<a href=\"");
                    self.out.hole(Piece::Address { url: url.to_owned(), of: AddressOf::Link, at: place });
                    let _ = write!(self.out.html, "\">{text}</a>");
                    return end;
                }
                self.out.hole(Piece::Mention {
                    id: id.trim().into(),
                    anchor,
                    text,
                    warns: self.boxes.contains(&true),
                    at: place,
                });
                end
            }
            LinkType::ShortcutUnknown | LinkType::CollapsedUnknown | LinkType::ReferenceUnknown => {
                let keys = citations(url);
                if keys.is_empty() {
                    self.findings.push(e001_unknown_reference::empty(self.at(&place)));
                } else {
                    // The number hugs the word before it, and the full stop after it.
                    if self.out.html.ends_with([' ', '\n']) {
                        self.out.html.pop();
                    }
                    self.out.hole(Piece::Cite { keys, at: place });
                }
                end_of(events, i)
            }
            LinkType::Email => {
                self.out.html.push_str("<a href=\"mailto:");
                let _ = escape_href(&mut self.out.html, url);
                self.out.html.push_str("\">");
                i + 1
            }
            _ => {
                self.out.html.push_str("<a href=\"");
                self.address(url, AddressOf::Link, place);
                self.title(title);
                self.out.html.push_str("\">");
                i + 1
            }
        }
    }

    fn image(
        &mut self,
        link_type: LinkType,
        url: &str,
        title: &str,
        events: &Events<'_>,
        i: usize,
        range: &std::ops::Range<usize>,
    ) -> usize {
        let end = end_of(events, i);
        let place = self.place(range);
        if matches!(link_type, LinkType::WikiLink { .. }) {
            self.findings.push(m002_inline_embed::finding(self.at(&place), url));
            return end;
        }
        self.out.html.push_str("<img src=\"");
        self.address(url, AddressOf::Image, place);
        self.out.html.push_str("\" alt=\"");
        let _ = escape_html(&mut self.out.html, &plain(&events[i..end]));
        self.title(title);
        self.out.html.push_str("\" loading=\"lazy\" decoding=\"async\">");
        end
    }

    fn title(&mut self, title: &str) {
        if !title.is_empty() {
            self.out.html.push_str("\" title=\"");
            let _ = escape_html(&mut self.out.html, title);
        }
    }

    /// Writes an address: one of another site as it is, one of this site as a hole.
    fn address(&mut self, url: &str, of: AddressOf, place: Place) {
        let scheme = url.split(['/', '?', '#']).next().and_then(|start| start.split_once(':')).map(|(scheme, _)| scheme);
        let is_allowed = |scheme: &str| {
            ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
                || (of == AddressOf::Link && ["mailto", "tel"].iter().any(|known| scheme.eq_ignore_ascii_case(known)))
        };
        match scheme {
            Some(scheme) if is_allowed(scheme) => {
                let _ = escape_href(&mut self.out.html, url);
            }
            Some(_) => self.findings.push(l003_broken_link::scheme(self.at(&place), url)),
            None if url.starts_with("//") => self.findings.push(l003_broken_link::scheme(self.at(&place), url)),
            None => self.out.hole(Piece::Address { url: url.to_owned(), of, at: place }),
        }
    }

    /// The HTML of inline events, with holes dropped: link texts hold none.
    fn inner_html(&mut self, events: &Events<'_>) -> String {
        let outer = std::mem::replace(&mut self.out, Out::with_capacity(32));
        self.write(events);
        let pieces = std::mem::replace(&mut self.out, outer).done();
        pieces.into_iter().filter_map(|piece| if let Piece::Html(html) = piece { Some(html) } else { None }).collect()
    }

    fn footnote(&mut self, label: &str) {
        let footnote = self.footnotes.entry(label.to_owned()).or_insert(Footnote { number: 0, uses: 0, pieces: None });
        if footnote.number == 0 {
            self.order.push(label.to_owned());
            footnote.number = self.order.len();
        }
        footnote.uses += 1;
        let (number, uses) = (footnote.number, footnote.uses);
        let suffix = if uses == 1 { String::new() } else { format!("-{uses}") };
        let scope = self.scope;
        let _ = write!(
            self.out.html,
            "<sup class=\"footnote\"><a href=\"#{scope}fn-{number}\" id=\"{scope}fnref-{number}{suffix}\" \
             aria-label=\"Footnote {number}\">{number}</a></sup>"
        );
    }

    fn finish(mut self) -> Parsed {
        // Footnotes that are defined but never referred to would be lost: they come last.
        for (label, footnote) in &mut self.footnotes {
            if footnote.number == 0 {
                self.order.push(label.clone());
                footnote.number = self.order.len();
            }
        }
        let mut notes: Vec<(usize, usize, Vec<Piece>)> = std::mem::take(&mut self.footnotes)
            .into_values()
            .filter_map(|footnote| Some((footnote.number, footnote.uses, footnote.pieces?)))
            .collect();
        notes.sort_by_key(|(number, ..)| *number);
        let scope = self.scope;
        if !notes.is_empty() {
            self.out.html.push_str("<section class=\"footnotes\" aria-label=\"Footnotes\">\n<ol>\n");
            for (number, uses, pieces) in notes {
                let _ = write!(self.out.html, "<li id=\"{scope}fn-{number}\">");
                for piece in pieces {
                    match piece {
                        Piece::Html(html) => self.out.html.push_str(&html),
                        piece => self.out.hole(piece),
                    }
                }
                for use_ in 1..=uses {
                    let suffix = if use_ == 1 { String::new() } else { format!("-{use_}") };
                    let _ = write!(
                        self.out.html,
                        "<a class=\"back\" href=\"#{scope}fnref-{number}{suffix}\" aria-label=\"Back to the text\">↩</a>"
                    );
                }
                self.out.html.push_str("</li>\n");
            }
            self.out.html.push_str("</ol>\n</section>\n");
        }
        Parsed { pieces: self.out.done(), headings: self.headings, words: self.words, lead: self.lead.unwrap_or_default() }
    }
}

/// A first-level heading becomes a second-level one: the title of the page is its only first.
fn level_of(level: HeadingLevel) -> u8 {
    (level as u8).max(2)
}

/// The index after the event that ends what begins at `i`.
fn end_of(events: &Events<'_>, i: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, (event, _)) in events[i..].iter().enumerate() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => {
                depth -= 1;
                if depth == 0 {
                    return i + offset + 1;
                }
            }
            _ => {}
        }
    }
    events.len()
}

/// The text of events without markup.
fn plain(events: &Events<'_>) -> String {
    let mut text = String::new();
    let mut skip = 0_usize;
    for (event, _) in events {
        match event {
            // Titles of other entries are not known here: the words of the id stand for them.
            Event::Start(Tag::Link { link_type: LinkType::WikiLink { has_pothole: false }, dest_url, .. }) => {
                text.push_str(&dest_url.split('#').find(|part| !part.is_empty()).unwrap_or_default().replace('-', " "));
                skip += 1;
            }
            Event::Start(Tag::Link { link_type: LinkType::ShortcutUnknown, .. }) => {
                skip += 1;
                text.truncate(text.trim_end().len());
            }
            Event::End(TagEnd::Link) if skip > 0 => skip -= 1,
            _ if skip > 0 => {}
            Event::Text(part) | Event::Code(part) => text.push_str(part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    let _ = escape_html_body_text(&mut html, text);
    html
}

/// `@bassey1995, p. 470; @snow2000` → its references.
fn citations(text: &str) -> Vec<Citation> {
    text.split(';')
        .filter_map(|part| {
            let part = part.trim().strip_prefix('@')?;
            let (id, locator) = part.split_once([',', ' ']).unwrap_or((part, ""));
            let locator = locator.trim().trim_start_matches(',').trim();
            (!id.is_empty()).then(|| Citation { id: id.into(), locator: (!locator.is_empty()).then(|| locator.to_owned()) })
        })
        .collect()
}
