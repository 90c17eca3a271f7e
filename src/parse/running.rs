//! The running text of an entry, as a reader meets it: what the rules about words read.
//!
//! A [`Passage`] is one paragraph, item, heading or cell without markup. It knows where each of its letters stands in the file and
//! what a letter belongs to, so that a rule can leave out code and links, and underline exactly the words that it is about.

use std::ops::Range;
use std::sync::OnceLock;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::Document;
use super::markdown::{events, is_plain};
use crate::entry::Slot;
use crate::files::{File, Files};
use crate::finding::{At, Place, steps};

/// What a passage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassageKind {
    /// A paragraph, or a field of one line.
    Paragraph,
    /// An item of a list.
    Item,
    /// A heading.
    Heading,
    /// A cell of a table.
    Cell,
}

/// What a part of a passage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// Words of the author.
    Plain,
    /// The text of a link or mention.
    Link,
    /// Code.
    Code,
}

/// A part of a passage.
#[derive(Debug, Clone)]
struct Run {
    /// Bytes of [`Passage::text`].
    text: Range<usize>,
    /// Bytes of the field or body.
    source: Range<usize>,
    kind: RunKind,
}

/// A block of running text.
#[derive(Debug, Clone)]
pub struct Passage {
    /// The field in which it stands.
    pub slot: Slot,
    /// Position of the field in its list, 0 elsewhere.
    pub index: usize,
    /// What it is.
    pub kind: PassageKind,
    /// Whether it is a quotation, or stands in one.
    pub is_quoted: bool,
    /// Whether it stands in a box, such as a note or a warning.
    pub is_boxed: bool,
    /// The words, with one space where a line ends.
    pub text: String,
    /// For each citation, the byte of the text at which it stands.
    pub citations: Vec<usize>,
    runs: Vec<Run>,
    /// Several rules read sentence by sentence, and each needs the same ones.
    sentences: OnceLock<Vec<Range<usize>>>,
    /// Where byte 0 of the body stands in the file; a field is known as a whole only.
    origin: Result<usize, Place>,
}

impl Passage {
    /// The place in the file of some bytes of the text.
    pub fn place(&self, range: &Range<usize>) -> Place {
        let start = match &self.origin {
            Ok(start) => *start,
            Err(place) => return place.clone(),
        };
        let clamp = |offset: usize| u32::try_from(start + offset).unwrap_or(u32::MAX);
        let touched: Vec<&Run> =
            self.runs.iter().filter(|run| run.text.start < range.end && range.start < run.text.end).collect();
        let (Some(first), Some(last)) = (touched.first(), touched.last()) else {
            let end = self.runs.iter().rfind(|run| run.text.end <= range.start).map_or(0, |run| run.source.end);
            return Place::Bytes(clamp(end), clamp(end));
        };
        // Where the text is as written, a byte of it is a byte of the source; elsewhere (an entity, a mention) all of it is.
        let is_verbatim = |run: &Run| run.text.len() == run.source.len();
        let from = if is_verbatim(first) {
            first.source.start + range.start.saturating_sub(first.text.start)
        } else {
            first.source.start
        };
        let to = if is_verbatim(last) { last.source.end - last.text.end.saturating_sub(range.end) } else { last.source.end };
        Place::Bytes(clamp(from), clamp(to))
    }

    /// The place in a file.
    pub fn at(&self, document: &Document, range: &Range<usize>) -> At {
        match self.place(range) {
            Place::Field(_) if document.record != Place::File => document.at(),
            place => At { file: document.file.clone(), place },
        }
    }

    /// What the letter at a byte of the text belongs to.
    pub fn kind_at(&self, byte: usize) -> RunKind {
        self.runs.iter().find(|run| run.text.contains(&byte)).map_or(RunKind::Plain, |run| run.kind)
    }

    /// Whether some bytes are words of the author: no part of a link, a mention or code.
    pub fn is_plain(&self, range: &Range<usize>) -> bool {
        self.runs
            .iter()
            .filter(|run| run.text.start < range.end && range.start < run.text.end)
            .all(|run| run.kind == RunKind::Plain)
    }

    /// The sentences of the passage, as bytes of the text, without the space around them.
    ///
    /// A sentence ends at `.`, `!` or `?` (and closing quotation marks or brackets) before a space and anything but a lower-case
    /// letter. Abbreviations and initials end nothing.
    pub fn sentences(&self) -> &[Range<usize>] {
        self.sentences.get_or_init(|| sentences(&self.text))
    }
}

/// See [`Passage::sentences`].
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut add = |range: Range<usize>| {
        let start = range.end - text[range.clone()].trim_start().len();
        let end = range.start + text[range].trim_end().len();
        if start < end {
            found.push(start..end);
        }
    };
    for (at, mark) in text.match_indices(['.', '!', '?']) {
        let after = &text[at + mark.len()..];
        let closed = after.trim_start_matches(['.', '!', '?', '"', '\'', ')', ']', '’', '”', '»']);
        let end = text.len() - closed.len();
        let is_gap = closed.starts_with(char::is_whitespace);
        let goes_on = closed.trim_start().starts_with(char::is_lowercase);
        if end >= start && is_gap && !goes_on && !(mark == "." && is_abbreviation(&text[start.min(at)..at])) {
            add(start..end);
            start = end;
        }
    }
    add(start..text.len());
    found
}

/// Whether the last word before a full stop is short for something, so that the sentence goes on.
fn is_abbreviation(before: &str) -> bool {
    const SHORT: [&str; 17] =
        ["e.g", "i.e", "vs", "cf", "approx", "no", "fig", "dr", "mr", "mrs", "ms", "prof", "st", "al", "etc", "p", "pp"];
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    let is_initial = word.chars().count() == 1 && word.starts_with(char::is_uppercase);
    is_initial || SHORT.contains(&word.to_lowercase().as_str())
}

/// All running text of an entry, in the order of its appearance. `title` gives the words of a mention that has none of its own.
pub fn passages(document: &Document, files: &Files, title: &dyn Fn(&str) -> String) -> Vec<Passage> {
    let mut passages = Vec::new();
    let mut fields = document.data.prose();
    // The body stands before the answers.
    let answers = fields.iter().position(|prose| prose.slot == Slot::Answer).unwrap_or(fields.len());
    let after = fields.split_off(answers);
    for field in fields {
        add_field(document, &field, title, &mut passages);
    }
    let body = |file: &File| super::front::front_of(file).ok().map(|front| (front.body_start, front.body.to_owned()));
    if document.has_body
        && let Some((start, body)) = files.at(&document.file).and_then(body)
    {
        read(&body, Slot::Body, 0, &Ok(start), title, &mut passages);
    }
    for field in after {
        add_field(document, &field, title, &mut passages);
    }
    passages
}

fn add_field(document: &Document, field: &crate::entry::Prose<'_>, title: &dyn Fn(&str) -> String, into: &mut Vec<Passage>) {
    let path = field.slot.path(field.index);
    let place = match &document.record {
        crate::finding::Place::File => Place::Field(steps(path.iter().map(String::as_str))),
        record => record.clone(),
    };
    let text = field.text.trim();
    if !is_plain(text) {
        return read(field.text, field.slot, field.index, &Err(place), title, into);
    }
    // Most fields hold nothing that Markdown would change.
    if !text.is_empty() {
        let run = Run { text: 0..text.len(), source: 0..text.len(), kind: RunKind::Plain };
        into.push(Passage {
            slot: field.slot,
            index: field.index,
            kind: PassageKind::Paragraph,
            is_quoted: false,
            is_boxed: false,
            text: text.to_owned(),
            citations: Vec::new(),
            runs: vec![run],
            sentences: OnceLock::new(),
            origin: Err(place),
        });
    }
}

fn read(
    source: &str,
    slot: Slot,
    index: usize,
    origin: &Result<usize, Place>,
    title: &dyn Fn(&str) -> String,
    into: &mut Vec<Passage>,
) {
    let mut kinds: Vec<PassageKind> = Vec::new();
    let (mut quotes, mut skipped, mut links) = (0_usize, 0_usize, 0_usize);
    let boxes = std::cell::Cell::new(0_usize);
    let new = |kind: PassageKind, is_quoted: bool| Passage {
        slot,
        index,
        kind,
        is_quoted,
        is_boxed: boxes.get() > 0,
        text: String::new(),
        citations: Vec::new(),
        runs: Vec::new(),
        sentences: OnceLock::new(),
        origin: origin.clone(),
    };
    let mut passage = new(PassageKind::Paragraph, false);
    let mut finish = |passage: &mut Passage, next: Passage| {
        let done = std::mem::replace(passage, next);
        if !done.text.trim().is_empty() {
            into.push(done);
        }
    };
    for (event, range) in events(source) {
        let kind = |kinds: &[PassageKind]| kinds.last().copied().unwrap_or(PassageKind::Paragraph);
        let push = |passage: &mut Passage, text: &str, kind: RunKind| {
            let start = passage.text.len();
            passage.text.push_str(text);
            passage.runs.push(Run { text: start..passage.text.len(), source: range.clone(), kind });
        };
        let run = if links > 0 { RunKind::Link } else { RunKind::Plain };
        match &event {
            Event::Start(tag) => match tag {
                // A citation: its text is a key and no words.
                Tag::Link {
                    dest_url,
                    link_type: LinkType::ShortcutUnknown | LinkType::CollapsedUnknown | LinkType::ReferenceUnknown,
                    ..
                } if dest_url.trim_start().starts_with('@') => {
                    passage.citations.push(passage.text.len());
                    skipped += 1;
                }
                Tag::Link { link_type: LinkType::WikiLink { has_pothole: false }, dest_url, .. } if skipped == 0 => {
                    let id = dest_url.split('#').next().unwrap_or_default().trim();
                    push(&mut passage, &title(id), RunKind::Link);
                    skipped += 1;
                }
                Tag::Link { .. } if skipped == 0 => links += 1,
                Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_) | Tag::FootnoteDefinition(_) | Tag::HtmlBlock => {
                    skipped += 1;
                }
                Tag::BlockQuote(alert) => {
                    finish(&mut passage, new(kind(&kinds), quotes > 0));
                    // An alert is a box of the author's own words.
                    quotes += usize::from(alert.is_none());
                    boxes.set(boxes.get() + usize::from(alert.is_some()));
                    passage.is_quoted = quotes > 0;
                    passage.is_boxed = boxes.get() > 0;
                }
                Tag::Paragraph | Tag::DefinitionListDefinition => finish(&mut passage, new(kind(&kinds), quotes > 0)),
                Tag::Heading { .. } => kinds.push(PassageKind::Heading),
                Tag::Item | Tag::DefinitionListTitle => kinds.push(PassageKind::Item),
                Tag::TableCell => kinds.push(PassageKind::Cell),
                _ => {}
            },
            Event::End(tag) => match tag {
                TagEnd::Link if skipped > 0 => skipped -= 1,
                TagEnd::Link => links = links.saturating_sub(1),
                TagEnd::Image | TagEnd::CodeBlock | TagEnd::FootnoteDefinition | TagEnd::HtmlBlock => {
                    skipped = skipped.saturating_sub(1);
                }
                TagEnd::BlockQuote(alert) => {
                    finish(&mut passage, new(kind(&kinds), false));
                    quotes = quotes.saturating_sub(usize::from(alert.is_none()));
                    boxes.set(boxes.get().saturating_sub(usize::from(alert.is_some())));
                    passage.is_quoted = quotes > 0;
                    passage.is_boxed = boxes.get() > 0;
                }
                TagEnd::Heading(_) | TagEnd::Item | TagEnd::DefinitionListTitle | TagEnd::TableCell => {
                    kinds.pop();
                    finish(&mut passage, new(kind(&kinds), quotes > 0));
                }
                TagEnd::Paragraph | TagEnd::DefinitionListDefinition => finish(&mut passage, new(kind(&kinds), quotes > 0)),
                _ => {}
            },
            _ if skipped > 0 => {}
            Event::Text(text) => push(&mut passage, text, run),
            Event::Code(text) => push(&mut passage, text, RunKind::Code),
            Event::SoftBreak | Event::HardBreak => push(&mut passage, " ", run),
            _ => {}
        }
        if matches!(event, Event::Start(Tag::Heading { .. } | Tag::Item | Tag::DefinitionListTitle | Tag::TableCell)) {
            finish(&mut passage, new(kind(&kinds), quotes > 0));
        }
    }
    finish(&mut passage, new(PassageKind::Paragraph, false));
}

#[cfg(test)]
mod tests {
    use super::PassageKind::{Cell, Heading, Item, Paragraph};
    use super::{RunKind, read, sentences};
    use crate::entry::Slot;
    use crate::finding::Place;

    fn passages(source: &str) -> Vec<super::Passage> {
        let mut passages = Vec::new();
        read(source, Slot::Body, 0, &Ok(100), &|id| id.replace('-', " "), &mut passages);
        passages
    }

    #[test]
    fn blocks_are_told_apart() {
        let found = passages("# Walking\n\nOne *more* word.\nTwo.\n\n> Said.\n\n- first\n- second\n\n|a|b|\n|-|-|\n|c|d|\n");
        let kinds: Vec<_> = found.iter().map(|passage| (passage.kind, passage.is_quoted, passage.text.as_str())).collect();
        let expected = [
            (Heading, false, "Walking"),
            (Paragraph, false, "One more word. Two."),
            (Paragraph, true, "Said."),
            (Item, false, "first"),
            (Item, false, "second"),
            (Cell, false, "a"),
            (Cell, false, "b"),
            (Cell, false, "c"),
            (Cell, false, "d"),
        ];
        assert_eq!(kinds, expected);
    }

    #[test]
    fn a_letter_knows_its_place_and_what_it_belongs_to() {
        let source = "Try [[heel-drop]] or [walk](/w/) 23% [@a, p. 2] more, `x`.";
        let passage = passages(source).remove(0);
        assert_eq!(passage.text, "Try heel drop or walk 23%  more, x.");
        let at = |text: &str| passage.text.find(text).map(|start| start..start + text.len()).unwrap_or_default();
        let written = |text: &str| match passage.place(&at(text)) {
            Place::Bytes(start, end) => &source[start as usize - 100..end as usize - 100],
            _ => "",
        };
        assert_eq!(
            (written("23%"), written("walk"), written("heel drop"), written("more")),
            ("23%", "walk", "[[heel-drop]]", "more")
        );
        assert_eq!(passage.kind_at(at("walk").start), RunKind::Link);
        assert_eq!(passage.kind_at(at("x").start), RunKind::Code);
        assert!(passage.is_plain(&at("Try ")) && !passage.is_plain(&at("or walk")));
        assert_eq!(passage.citations, [at("23%").end + 1]);
    }

    #[test]
    fn abbreviations_end_no_sentence() {
        let text = "Dr. A. Smith said so, e.g. Twice. It rose by 1.5 per cent! (Was it?) Yes";
        let found: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["Dr. A. Smith said so, e.g. Twice.", "It rose by 1.5 per cent!", "(Was it?)", "Yes"]);
    }
}
