//! From a [`Place`] to bytes of its file: the second parse that only a file with a finding pays for.
//!
//! The tree is a flat list of nodes rather than nodes in nodes: files come from strangers, and a list that is nested a
//! hundred thousand times must not end the program when it is dropped. For the same reason YAML is read as parser events.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::files::File;
use crate::finding::{Place, Step};

/// The bytes of a file that a place means, always inside the file and between characters.
///
/// A path that isn't there to its end gives the key of the nearest ancestor that is (for the root, the first line of the
/// data). `None` if the file has data that doesn't parse, or is of a kind whose data has no paths.
///
/// For many places in one file, [`Places`] parses once.
pub fn locate(file: &File, place: &Place) -> Option<Range<usize>> {
    Places::new(file).range(place)
}

/// Line and column of an offset, counted from 1; columns count Unicode characters, and invalid bytes as one each time.
pub fn line_column(text: &[u8], offset: usize) -> (usize, usize) {
    let before = &text[..floor(text, offset)];
    let before = before.strip_prefix(BOM).unwrap_or(before);
    let line = 1 + memchr::memchr_iter(b'\n', before).count();
    let last = memchr::memrchr(b'\n', before).map_or(before, |at| &before[at + 1..]);
    let characters = |chunk: std::str::Utf8Chunk| chunk.valid().chars().count() + usize::from(!chunk.invalid().is_empty());
    (line, 1 + last.utf8_chunks().map(characters).sum::<usize>())
}

/// The byte at a line and a column, counted in the same way; the end of the line, or of the text, if there is no such column.
pub fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let line = text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
    start + line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(at, _)| at)
}

/// Where the text of a file begins: behind the byte order mark, which is no part of the first line.
pub fn text_start(bytes: &[u8]) -> usize {
    if bytes.starts_with(BOM) { BOM.len() } else { 0 }
}

/// The places of a file. Its data is parsed when the first field is asked for, and then kept.
#[derive(Debug)]
pub struct Places<'a> {
    file: &'a File,
    tree: OnceCell<Option<Tree>>,
}

impl<'a> Places<'a> {
    /// The places of a file.
    pub fn new(file: &'a File) -> Self {
        Places { file, tree: OnceCell::new() }
    }

    /// The same as [`locate`].
    pub fn range(&self, place: &Place) -> Option<Range<usize>> {
        let bytes: &[u8] = &self.file.bytes;
        let (path, aim) = match place {
            Place::File => return Some(first_line(bytes)),
            Place::Bytes(start, end) => return Some(clamp(bytes, *start as usize, *end as usize)),
            Place::Field(path) => (path, Aim::Value),
            Place::Key(path) => (path, Aim::Key),
        };
        let Some((syntax, data)) = data(self.file) else {
            // A field that is missing because there is no front matter at all.
            return (self.file.extension() == "md").then(|| first_line(bytes));
        };
        let tree = self.tree.get_or_init(|| tree(syntax, bytes.get(data.clone())?)).as_ref()?;
        let range = tree.find(path, aim).map(|range| range.start + data.start..range.end + data.start);
        let range = range.unwrap_or_else(|| first_text(bytes, &data));
        Some(clamp(bytes, range.start, range.end))
    }
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Yaml,
    Toml,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aim {
    Key,
    Value,
}

/// The bytes of a file that are data, without the lines around them.
pub(crate) fn data_range(file: &File) -> Option<Range<usize>> {
    data(file).map(|(_, range)| range)
}

/// The part of a file that is data.
fn data(file: &File) -> Option<(Syntax, Range<usize>)> {
    let bytes: &[u8] = &file.bytes;
    let start = text_start(bytes);
    match file.extension() {
        "yaml" | "yml" => Some((Syntax::Yaml, first_document(bytes, start))),
        "json" => Some((Syntax::Json, start..bytes.len())),
        "md" => {
            let mut lines = lines(bytes, start);
            let opening = lines.next()?;
            let fence = bytes[opening.clone()].trim_ascii_end();
            let syntax = match fence {
                b"---" => Syntax::Yaml,
                b"+++" => Syntax::Toml,
                _ => return None,
            };
            let closing = lines.find(|line| bytes[line.clone()].trim_ascii_end() == fence)?;
            Some((syntax, opening.end..closing.start))
        }
        _ => None,
    }
}

/// The first document of a YAML file, without the lines `---` around it.
fn first_document(bytes: &[u8], start: usize) -> Range<usize> {
    let mut start = start;
    let mut is_empty = true;
    for line in lines(bytes, start) {
        let text = bytes[line.clone()].trim_ascii_end();
        if text == b"---" {
            if !is_empty {
                return start..line.start;
            }
            start = line.end;
        }
        // Comments and directives may stand before the opening line.
        is_empty &= text != b"---" && (text.is_empty() || text.starts_with(b"#") || text.starts_with(b"%"));
    }
    start..bytes.len()
}

/// The lines from an offset on, each with its line break.
fn lines(bytes: &[u8], start: usize) -> impl Iterator<Item = Range<usize>> {
    bytes[start..].split_inclusive(|byte| *byte == b'\n').scan(start, |end, line| {
        let start = *end;
        *end += line.len();
        Some(start..*end)
    })
}

/// The first line of a file, without its line break.
fn first_line(bytes: &[u8]) -> Range<usize> {
    let start = text_start(bytes);
    let end = lines(bytes, start).next().map_or(start, |line| line.end);
    clamp(bytes, start, start + bytes[start..end].trim_ascii_end().len())
}

/// The first line with something on it in a part of a file, or the first line of the file.
fn first_text(bytes: &[u8], part: &Range<usize>) -> Range<usize> {
    let text = &bytes[part.clone()];
    let blank = text.len() - text.trim_ascii_start().len();
    if blank == text.len() { first_line(bytes) } else { line_of(text, &(blank..text.len()), part.start) }
}

/// The part of a range that is on its first line, moved by an offset.
fn line_of(text: &[u8], range: &Range<usize>, offset: usize) -> Range<usize> {
    let line = text[range.clone()].split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    offset + range.start..offset + range.start + line.len()
}

/// A range inside the file's text that splits no character.
fn clamp(bytes: &[u8], start: usize, end: usize) -> Range<usize> {
    let start = floor(bytes, start).max(text_start(bytes));
    let mut end = end.clamp(start, bytes.len());
    let limit = end + 3;
    while end < limit && bytes.get(end).is_some_and(|byte| is_continuation(*byte)) {
        end += 1;
    }
    start..end
}

/// The start of the character at an offset; in invalid UTF-8, somewhere near.
fn floor(bytes: &[u8], offset: usize) -> usize {
    let mut offset = offset.min(bytes.len());
    let limit = offset.saturating_sub(3);
    while offset > limit && bytes.get(offset).is_some_and(|byte| is_continuation(*byte)) {
        offset -= 1;
    }
    offset
}

fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

/// Data with the place of every node. Nodes name each other by their index.
#[derive(Debug, Default)]
struct Tree {
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    range: Range<usize>,
    /// The part of `range` that stands for the node as a list's element, which has no key.
    head: Range<usize>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Scalar,
    List(Vec<usize>),
    Map(Vec<Pair>),
    /// What another node has, at a place of its own.
    Alias(usize),
}

#[derive(Debug)]
struct Pair {
    /// Empty for keys that are lists or mappings, which no path can name.
    key: String,
    range: Range<usize>,
    value: usize,
}

fn tree(syntax: Syntax, data: &[u8]) -> Option<Tree> {
    let text = std::str::from_utf8(data).ok()?;
    let mut tree = match syntax {
        Syntax::Yaml => yaml(text)?,
        Syntax::Json => yaml(&plain_json(text))?,
        Syntax::Toml => toml(text)?,
    };
    for node in &mut tree.nodes {
        node.head = line_of(data, &node.range, 0);
    }
    Some(tree)
}

impl Tree {
    /// The root is the first node.
    fn find(&self, path: &[Step], aim: Aim) -> Option<Range<usize>> {
        let mut place = None;
        let mut node = self.nodes.first()?;
        for step in path {
            match self.step(node, step) {
                Found::Pair(pair) => (place, node) = (Some(&pair.range), self.nodes.get(pair.value)?),
                Found::Element(index) => {
                    node = self.nodes.get(index)?;
                    place = Some(&node.head).filter(|head| !head.is_empty()).or(place);
                }
                Found::Itself => {}
                Found::Nothing => return place.cloned(),
            }
        }
        let value = Some(&node.range).filter(|range| aim == Aim::Value && !range.is_empty() && !path.is_empty());
        value.or(place).cloned()
    }

    fn step<'a>(&'a self, node: &'a Node, step: &Step) -> Found<'a> {
        let kind = match node.kind {
            Kind::Alias(target) => self.nodes.get(target).map_or(&Kind::Scalar, |target| &target.kind),
            _ => &node.kind,
        };
        let found = match (kind, step) {
            (Kind::List(elements), Step::Index(index)) => {
                return elements.get(*index as usize).map_or(Found::Nothing, |element| Found::Element(*element));
            }
            // A field may stand under the name that another generator has for it.
            (Kind::Map(pairs), Step::Key(key)) => pairs
                .iter()
                .find(|pair| pair.key == *key)
                .or_else(|| pairs.iter().find(|pair| super::data::field_called(&pair.key) == Some(key.as_str()))),
            // A step of digits may mean a key, such as a year.
            (Kind::Map(pairs), Step::Index(index)) => pairs.iter().find(|pair| pair.key.parse() == Ok(*index)),
            _ => None,
        };
        match (found, step) {
            (Some(pair), _) => Found::Pair(pair),
            // Where a list is meant, one value may stand for a list of one.
            (None, Step::Index(0)) => Found::Itself,
            _ => Found::Nothing,
        }
    }

    fn add(&mut self, range: Range<usize>, kind: Kind) -> usize {
        self.nodes.push(Node { head: range.clone(), range, kind });
        self.nodes.len() - 1
    }
}

/// Where one step of a path leads.
enum Found<'a> {
    Pair(&'a Pair),
    Element(usize),
    Itself,
    Nothing,
}

/// A list or mapping whose end hasn't been met.
struct Open {
    node: usize,
    anchor: usize,
    /// The key that waits for its value.
    key: Option<(String, Range<usize>)>,
}

/// How often a file is parsed again for lines that need more indentation.
const PADDINGS: usize = 100;

/// Saphyr insists that a closing bracket is indented more than the key of its list. Other parsers and most people don't, so such
/// lines get the spaces that are missing, while places are still counted in the text as it was written.
fn yaml(text: &str) -> Option<Tree> {
    let mut padded = text.to_owned();
    // The parser counts characters; this is where each of them begins.
    let mut offsets: Vec<usize> = text.char_indices().map(|(offset, _)| offset).collect();
    for _ in 0..PADDINGS {
        match yaml_tree(text, &padded, &offsets) {
            Ok(tree) => return tree,
            Err(error) if matches!(error.info(), "invalid indentation" | "invalid indentation in flow construct") => {
                let at = error.marker().index();
                padded.insert(padded.char_indices().nth(at)?.0, ' ');
                offsets.insert(at, *offsets.get(at)?);
            }
            Err(_) => return None,
        }
    }
    None
}

fn yaml_tree(text: &str, padded: &str, offsets: &[usize]) -> Result<Option<Tree>, ScanError> {
    let mut parser = Parser::new_from_str(padded);
    let mut events = Vec::new();
    while let Some(next) = parser.next_event() {
        let (event, span) = next?;
        let is_end = event == Event::DocumentEnd;
        let offset = |index: usize| offsets.get(index).copied().unwrap_or(text.len());
        let (start, end) = (offset(span.start.index()), offset(span.end.index()));
        events.push((event, start..end.max(start)));
        if is_end {
            break;
        }
    }
    Ok(tree_of_events(text, events))
}

/// A tree of the first document. `None` only if the parser's events aren't nested properly.
fn tree_of_events(text: &str, events: Vec<(Event, Range<usize>)>) -> Option<Tree> {
    let mut tree = Tree::default();
    let mut anchors = BTreeMap::new();
    let mut open: Vec<Open> = Vec::new();
    for (event, range) in events {
        let (node, anchor, name) = match event {
            Event::Scalar(value, style, anchor, tag) => {
                // Without the condition, text of a block that begins like a tag would count as one.
                let has_properties = anchor > 0 || tag.is_some();
                let range = if has_properties { without_properties(text, range) } else { trim(text, range) };
                (tree.add(scalar(text, range, style, &value), Kind::Scalar), anchor, value.into_owned())
            }
            Event::Alias(anchor) => {
                let kind = anchors.get(&anchor).map_or(Kind::Scalar, |target| Kind::Alias(*target));
                (tree.add(trim(text, range), kind), 0, String::new())
            }
            Event::SequenceStart(anchor, _) => {
                let range = first_dash(text, without_properties(text, range));
                open.push(Open { node: tree.add(range, Kind::List(Vec::new())), anchor, key: None });
                continue;
            }
            Event::MappingStart(anchor, _) => {
                let range = without_properties(text, range);
                open.push(Open { node: tree.add(range, Kind::Map(Vec::new())), anchor, key: None });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let closed = open.pop()?;
                let node = tree.nodes.get_mut(closed.node)?;
                // Only flow style has a closing character; the end of a block is reported where the next thing begins.
                if text[range.clone()].starts_with([']', '}']) {
                    node.range.end = node.range.end.max(range.start + 1);
                }
                node.range = trim(text, node.range.clone());
                (closed.node, closed.anchor, String::new())
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => continue,
        };
        if anchor > 0 {
            anchors.insert(anchor, node);
        }
        let range = tree.nodes.get(node)?.range.clone();
        let Some(parent) = open.last_mut() else { continue };
        let above = tree.nodes.get_mut(parent.node)?;
        if !range.is_empty() {
            above.range.end = above.range.end.max(range.end);
        }
        match (&mut above.kind, parent.key.take()) {
            (Kind::List(elements), _) => elements.push(node),
            (Kind::Map(pairs), Some((key, range))) => pairs.push(Pair { key, range, value: node }),
            _ => parent.key = Some((name, range)),
        }
    }
    Some(tree)
}

/// The text of a scalar, with its quotes. The parser's range may hold more: the head of a block that has an anchor, and white
/// space and a comment behind quotes.
fn scalar(text: &str, range: Range<usize>, style: ScalarStyle, value: &str) -> Range<usize> {
    let written = &text[range.clone()];
    match style {
        ScalarStyle::Plain => range,
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            let quote = written.chars().next();
            let mut rest = written.char_indices().skip(1).peekable();
            while let Some((offset, character)) = rest.next() {
                let is_pair = match style {
                    ScalarStyle::DoubleQuoted => character == '\\',
                    _ => character == '\'' && rest.peek().is_some_and(|(_, next)| *next == '\''),
                };
                if is_pair {
                    rest.next();
                } else if Some(character) == quote {
                    return range.start..range.start + offset + 1;
                }
            }
            range
        }
        ScalarStyle::Literal | ScalarStyle::Folded if value.trim().is_empty() => range.start..range.start,
        ScalarStyle::Literal | ScalarStyle::Folded => {
            let head = written.lines().next().unwrap_or_default();
            if !head.starts_with(['|', '>']) || value.trim_start().starts_with(head.trim_end()) {
                return range;
            }
            trim(text, range.start + head.len()..range.end)
        }
    }
}

/// A range without the anchor and the tag at its start, and without white space around it.
fn without_properties(text: &str, range: Range<usize>) -> Range<usize> {
    let mut rest = trim(text, range);
    while text[rest.clone()].starts_with(['&', '!']) {
        let property = text[rest.clone()].find(char::is_whitespace).unwrap_or(rest.len());
        rest = trim(text, rest.start + property..rest.end);
    }
    rest
}

/// A list that isn't indented is reported where its first element begins.
fn first_dash(text: &str, range: Range<usize>) -> Range<usize> {
    match text[..range.start].trim_end().strip_suffix('-') {
        Some(before) if !text[range.start..].starts_with(['-', '[']) => before.len()..range.end,
        _ => range,
    }
}

fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let text = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (text.len() - text.trim_start().len());
    start..(start + text.trim().len())
}

/// JSON as YAML of the same length: tabs become spaces, and halves of characters, which YAML doesn't know, are blotted out.
fn plain_json(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\t', '\\']) {
        plain.push_str(&rest[..at]);
        let (blank, len) = match rest.as_bytes()[at..] {
            [b'\t', ..] => (" ", 1),
            [b'\\', b'u', b'D' | b'd', b'8' | b'9' | b'A'..=b'F' | b'a'..=b'f', third, fourth, ..]
                if third.is_ascii_hexdigit() && fourth.is_ascii_hexdigit() =>
            {
                ("xxxxxx", 6)
            }
            [b'\\', second, ..] if second.is_ascii() => (&rest[at..at + 2], 2),
            _ => ("\\", 1),
        };
        plain.push_str(blank);
        rest = &rest[at + len..];
    }
    plain + rest
}

fn toml(text: &str) -> Option<Tree> {
    let table = DeTable::parse(text).ok()?;
    let mut tree = Tree::default();
    let root = tree.add(table.span(), Kind::Scalar);
    let pairs = toml_pairs(&mut tree, table.get_ref());
    tree.nodes.get_mut(root)?.kind = Kind::Map(pairs);
    Some(tree)
}

/// The depth of this recursion is limited by the parser.
fn toml_pairs(tree: &mut Tree, table: &DeTable) -> Vec<Pair> {
    let pair = |(key, value): (&Spanned<Cow<str>>, &Spanned<DeValue>)| Pair {
        key: key.get_ref().to_string(),
        range: key.span(),
        value: toml_node(tree, value),
    };
    table.iter().map(pair).collect()
}

fn toml_node(tree: &mut Tree, value: &Spanned<DeValue>) -> usize {
    let kind = match value.get_ref() {
        DeValue::Array(elements) => Kind::List(elements.iter().map(|element| toml_node(tree, element)).collect()),
        DeValue::Table(table) => Kind::Map(toml_pairs(tree, table)),
        _ => Kind::Scalar,
    };
    tree.add(value.span(), kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::steps;

    /// The text that a place means.
    fn text(name: &str, source: &str, place: &Place) -> Option<String> {
        let file = File::new(name, source.as_bytes());
        locate(&file, place).map(|range| source[range].to_owned())
    }

    /// A path such as `faq.0.question`.
    fn path(path: &str) -> Vec<Step> {
        steps(path.split('.').filter(|step| !step.is_empty()))
    }

    #[track_caller]
    fn check(name: &str, source: &str, expected: &[(&str, &str)]) {
        for (steps, expected) in expected {
            assert_eq!(text(name, source, &Place::Field(path(steps))).as_deref(), Some(*expected), "{steps} in {source:?}");
        }
    }

    #[track_caller]
    fn check_yaml(source: &str, expected: &[(&str, &str)]) {
        check("a.yaml", source, expected);
    }

    #[test]
    fn nested_values() {
        let source = "title: Hips\ndosage:\n  sets: 3\n  effort: 7 of 10 # hard\nlast: x\n";
        check_yaml(source, &[("title", "Hips"), ("dosage.sets", "3"), ("dosage.effort", "7 of 10"), ("last", "x")]);
        check_yaml(source, &[("dosage", "sets: 3\n  effort: 7 of 10")]);
    }

    #[test]
    fn keys() {
        let source = "dosage:\n  sets: 3\n'stop if': [a]\nlist:\n  - a: 1\n";
        let key = |steps| text("a.yaml", source, &Place::Key(path(steps)));
        assert_eq!(key("dosage.sets").as_deref(), Some("sets"));
        assert_eq!(key("dosage").as_deref(), Some("dosage"));
        assert_eq!(key("stop if").as_deref(), Some("'stop if'"));
        assert_eq!(key("list.0.a").as_deref(), Some("a"));
        assert_eq!(key("list.0").as_deref(), Some("a: 1"));
        assert_eq!(key("nothing").as_deref(), Some("dosage:"));
    }

    #[test]
    fn lists() {
        let source = "steps:\n  - Stand.\n  - \"Drop.\" # now\nfaq:\n- question: Why?\n  answer: So.\n- question: How?\n";
        check_yaml(source, &[("steps.0", "Stand."), ("steps.1", "\"Drop.\""), ("faq.0.answer", "So.")]);
        check_yaml(source, &[("steps", "- Stand.\n  - \"Drop.\""), ("faq.1.question", "How?")]);
        check_yaml(source, &[("faq", "- question: Why?\n  answer: So.\n- question: How?")]);
        check_yaml("- - a\n  - b\n- c\n", &[("0.1", "b"), ("1", "c"), ("0", "- a\n  - b")]);
    }

    #[test]
    fn flow_style() {
        let source = "a: [x, 'y z', {k: v, \"q\": [1, 2]}] # end\nb: {c: d} # }\n";
        check_yaml(source, &[("a.0", "x"), ("a.1", "'y z'"), ("a.2.k", "v"), ("a.2.q.1", "2"), ("b.c", "d")]);
        let closed_below_its_key = "a: [ # one\nx,\n] # two\nb:\n  ä: {\n    k: [\n  ],\n}\nc: d\n";
        check_yaml(closed_below_its_key, &[("a.0", "x"), ("a", "[ # one\nx,\n]"), ("b.ä.k", "[\n  ]"), ("c", "d")]);
        check_yaml(source, &[("a.2", "{k: v, \"q\": [1, 2]}"), ("b", "{c: d}"), ("a", "[x, 'y z', {k: v, \"q\": [1, 2]}]")]);
    }

    #[test]
    fn quotes() {
        let source = "\"a\\\"b\" : 'it''s' # no\n'c''d': \"x\\\\\" # '\"'\ne: \"\"\nf: ''\n";
        check_yaml(source, &[("a\"b", "'it''s'"), ("c'd", "\"x\\\\\""), ("e", "\"\""), ("f", "''")]);
        assert_eq!(text("a.yaml", source, &Place::Key(path("a\"b"))).as_deref(), Some("\"a\\\"b\""));
    }

    #[test]
    fn a_path_that_ends_early_gives_the_nearest_key() {
        let source = "title: Hips\ndosage:\n  sets: 3\nfaq:\n  - question: Why?\n    see: x\n  - {question: How?}\n";
        check_yaml(source, &[("dosage.reps", "dosage"), ("dosage.sets.deep.deeper", "sets"), ("title.x", "title")]);
        check_yaml(source, &[("faq.0.answer", "question: Why?"), ("faq.1.answer", "{question: How?}"), ("faq.7.answer", "faq")]);
        check_yaml(source, &[("summary", "title: Hips"), ("", "title: Hips")]);
    }

    #[test]
    fn the_root_is_the_first_line_with_something_on_it() {
        check_yaml("\n\n  # about\na: b\n", &[("x", "# about")]);
        check_yaml("", &[("x", "")]);
        check("a.md", "---\n---\nText\n", &[("x", "---")]);
        check("a.md", "Text without data\n\nMore\n", &[("x", "Text without data")]);
        check("a.md", "---\ntitle: no end\n", &[("title", "---")]);
    }

    #[test]
    fn values_without_text_give_their_key() {
        check_yaml("a:\nb: ~\nc:\n  - d:\n    e: 1\n  -\n", &[("a", "a"), ("b", "~"), ("c.0.d", "d"), ("c.1", "c")]);
    }

    #[test]
    fn one_value_stands_for_a_list_of_one() {
        check_yaml("authors: jane\nfaq:\n  question: Why?\n", &[("authors.0", "jane"), ("faq.0.question", "Why?")]);
        check_yaml("authors: jane\n", &[("authors.1", "authors"), ("authors.0.name", "authors")]);
    }

    #[test]
    fn keys_of_digits() {
        check_yaml("figures:\n  2019: a\n  007: b\n", &[("figures.2019", "a"), ("figures.007", "b")]);
    }

    #[test]
    fn blocks() {
        let source =
            "a: |\n  one\n  two\n\nb: >-\n\n  | three\n  four\n# end\nc: |2 # head\n    deep\nd: |\ne: &x !t >\n  five\n";
        check_yaml(source, &[("a", "one\n  two"), ("b", "| three\n  four"), ("c", "deep"), ("d", "d"), ("e", "five")]);
        check_yaml("f: |\n  !not a tag", &[("f", "!not a tag")]);
        check_yaml("a:\n  - |\n    | x | y |\n    | 1 | 2 |\n  - z", &[("a.0", "| x | y |\n    | 1 | 2 |"), ("a.1", "z")]);
    }

    #[test]
    fn plain_text_over_lines() {
        check_yaml("a: one\n  two \n  three\nb: x\n", &[("a", "one\n  two \n  three"), ("b", "x")]);
    }

    #[test]
    fn anchors_and_tags() {
        let source = "base: &b !dose\n  sets: 3\nlist: &l [1, 2]\nuse: *b\nagain: *l\none: &o \"x\" # c\n";
        check_yaml(source, &[("base", "sets: 3"), ("list", "[1, 2]"), ("use", "*b"), ("one", "\"x\"")]);
        check_yaml(source, &[("use.sets", "3"), ("again.1", "2"), ("use.reps", "use")]);
        check_yaml("a: &a\n  b: *a\n", &[("a.b", "*a"), ("a.b.b", "b")]);
    }

    #[test]
    fn a_key_written_twice_is_its_first() {
        check_yaml("a: 1\na: 2\n", &[("a", "1")]);
    }

    #[test]
    fn characters_of_many_bytes_before_the_place() {
        let source = "größe: 😀 Übung\nläßt:\n  - für\n  - \"ärger\" # ö\n";
        check_yaml(source, &[("größe", "😀 Übung"), ("läßt.0", "für"), ("läßt.1", "\"ärger\""), ("x", "größe: 😀 Übung")]);
    }

    #[test]
    fn line_breaks_of_windows() {
        let source = "---\r\ntitle: Hüfte\r\nsteps:\r\n  - a\r\n  - b\r\ntext: |\r\n  one\r\n  two\r\n---\r\nBody\r\n";
        let expected = [("title", "Hüfte"), ("steps.1", "b"), ("text", "one\r\n  two"), ("none", "title: Hüfte")];
        check("a.md", source, &expected);
        check_yaml(source, &expected);
    }

    #[test]
    fn names_of_other_generators() {
        let source = "---\ntitle: A\nogImage: /a.png\n---\n";
        assert_eq!(text("a.md", source, &Place::Field(path("og_image"))).as_deref(), Some("/a.png"));
    }

    #[test]
    fn front_matter() {
        let source = "---\ntitle: Hips\ntags: [a, b]\n---\n\ntitle: body\n---\n";
        check("a.md", source, &[("title", "Hips"), ("tags.1", "b"), ("date", "title: Hips")]);
        check("content/x.y.md", "\u{FEFF}--- \ntitle: Hips\n---\t\n", &[("title", "Hips"), ("no", "title: Hips")]);
    }

    #[test]
    fn a_card_may_go_on_in_markdown() {
        let card = "title: Drop\nsteps: [a]\n---\n# {{ not: yaml\n---\n";
        check_yaml(card, &[("title", "Drop"), ("steps.0", "a")]);
        check_yaml(&format!("# A card\n---\n{card}"), &[("title", "Drop"), ("none", "title: Drop")]);
        check("a.yml", &format!("---\n{card}"), &[("steps.0", "a")]);
    }

    #[test]
    fn front_matter_of_hugo_and_zola() {
        let source = "+++\ntitle = \"Hüfte\"\ndate = 2024-01-02\ntags = ['a', \"b\"]\n\n[extra]\nsub.\"key\" = { n = 1 }\n\
                      [[faq]]\nq = 'why'\n[[faq]]\nq = 'how'\n+++\ntitle = 1\n";
        check("a.md", source, &[("title", "\"Hüfte\""), ("date", "2024-01-02"), ("tags.1", "\"b\""), ("extra.sub.key.n", "1")]);
        check("a.md", source, &[("extra.sub.key", "{ n = 1 }"), ("faq.1.q", "'how'"), ("summary", "title = \"Hüfte\"")]);
        check("a.md", source, &[("extra.none", "extra"), ("extra.sub.none", "sub"), ("title.0", "\"Hüfte\"")]);
        assert_eq!(text("a.md", source, &Place::Key(path("extra.sub.key"))).as_deref(), Some("\"key\""));
        assert_eq!(text("a.md", "+++\ntitle = \n+++\n", &Place::Field(path("title"))), None);
    }

    #[test]
    fn json() {
        let source = "[\n\t{\n\t\t\"id\": \"a\\ud83D\\ude00\\\\uD800\",\t\"issued\": {\"date-parts\": [[2019, 5]]},\n\
                      \t\t\"null\": null\n\t}\n]\n";
        check(
            "a.json",
            source,
            &[("0.id", "\"a\\ud83D\\ude00\\\\uD800\""), ("0.issued.date-parts.0.1", "5"), ("0.null", "null")],
        );
        check("a.json", source, &[("0.issued.x", "\"issued\""), ("0.x", "{"), ("", "[")]);
        check("a.json", "{\"a\":{\"b\":[1,{\"c\":true}]}}", &[("a.b.1.c", "true"), ("a", "{\"b\":[1,{\"c\":true}]}")]);
    }

    #[test]
    fn no_place() {
        let field = Place::Field(path("a"));
        assert_eq!(text("a.bib", "@book{a, title = {x}}", &field), None);
        assert_eq!(text("a.yaml", "a: [1\nb: {", &field), None);
        assert_eq!(text("a.html", "a: 1", &field), None);
        assert_eq!(locate(&File::new("a.yaml", &b"a: \xFF\n"[..]), &field), None);
    }

    #[test]
    fn files_and_bytes() {
        assert_eq!(text("a.bib", "@book{a,\n x}", &Place::File).as_deref(), Some("@book{a,"));
        assert_eq!(text("a.md", "\u{FEFF}First \r\nSecond", &Place::File).as_deref(), Some("First"));
        assert_eq!(locate(&File::new("a.md", &b""[..]), &Place::File), Some(0..0));
        assert_eq!(text("a.md", "\u{FEFF}First", &Place::Bytes(0, 5)).as_deref(), Some("Fi"));
        assert_eq!(text("a.md", "aéb", &Place::Bytes(2, 2)).as_deref(), Some("é"));
        assert_eq!(text("a.md", "a😀b", &Place::Bytes(3, 4)).as_deref(), Some("😀"));
        assert_eq!(text("a.md", "abc", &Place::Bytes(1, 99)).as_deref(), Some("bc"));
        assert_eq!(text("a.md", "abc", &Place::Bytes(99, 1)).as_deref(), Some(""));
        assert_eq!(locate(&File::new("a.md", &b"abc"[..]), &Place::Bytes(2, 1)), Some(2..2));
    }

    #[test]
    fn nesting_without_end() {
        let deep = "- ".repeat(20_000) + "x";
        assert!(locate(&File::new("a.yaml", deep.as_bytes()), &Place::Field(path("0.1"))).is_some());
        let deep = "[".repeat(100_000);
        assert_eq!(locate(&File::new("a.json", deep.as_bytes()), &Place::Field(path("0"))), None);
        let deep = format!("+++\na = {}\n+++\n", "[".repeat(100_000));
        assert_eq!(locate(&File::new("a.md", deep.as_bytes()), &Place::Field(path("a"))), None);
    }

    #[test]
    fn lines_and_columns() {
        let text = "ab\r\nä😀c\n\nd".as_bytes();
        let offsets = [(0, 1, 1), (2, 1, 3), (4, 2, 1), (6, 2, 2), (8, 2, 2), (10, 2, 3), (12, 3, 1), (13, 4, 1), (99, 4, 2)];
        for (offset, line, column) in offsets {
            assert_eq!(line_column(text, offset), (line, column), "{offset}");
        }
        assert_eq!(line_column(b"", 5), (1, 1));
        assert_eq!(line_column(b"a\n", 2), (2, 1));
        assert_eq!(line_column(b"\xFFa\xC3\nb\xFF\xFFc", 2), (1, 3));
        assert_eq!(line_column(b"\xFFa\xC3\nb\xFF\xFFc", 7), (2, 4));
        assert_eq!(line_column("\u{FEFF}ab".as_bytes(), 4), (1, 2));
    }

    #[test]
    fn whatever_is_in_a_file_places_are_inside_it() {
        const SEEDS: [(&str, &str); 5] = [
            (
                "a.yaml",
                "títle: &a \"x\\\" y\" # c\nsteps:\n- |\n  one\n  twö\n- {k: [*a, 'b''c'], d: }\n? [q]\n: !t w\n---\n# Text\n",
            ),
            ("a.md", "---\r\ntitle: Hüfte\r\nfaq:\r\n  - q: >-\r\n      why\r\n    a: so\r\n---\r\nBody\r\n"),
            ("b.md", "+++\ntitle = \"Hüfte\"\nfaq = [{ q = 'why' }]\n[a.b]\nc = '''\nx'''\n[[d]]\n+++\nBody\n"),
            ("a.json", "{\"títle\": \"a\\u00e9\\ud83d\\ude00\", \"faq\": [{\"q\":\t[1, {\"a\": null}]}]}\n"),
            ("b.yaml", "títle: [\ná, {\n  k: v\n}\n]\nsteps:\n  - [a,\n 'b'\n]\n"),
        ];
        const PIECES: [&str; 24] = [
            "\n", "\r", "\r\n", "\t", " ", ":", ": ", "- ", "[", "]", "{", "}", "'", "\"", "|\n", "#", "&a ", "*a", "!", "---\n",
            "+++\n", "é", "😀", "\\",
        ];
        let paths = ["", "títle", "steps.1.k.0", "steps.0", "faq.0.q", "a.b.c", "d.0.x", "faq.0.q.1.a", "títle.0"].map(path);
        let mut random = Random(0x9E37_79B9_7F4A_7C15);
        for round in 0..4000 {
            let (name, seed) = SEEDS[round % SEEDS.len()];
            let mut bytes = seed.as_bytes().to_vec();
            for _ in 0..=random.below(4) {
                let (from, to) = (random.below(bytes.len() + 1), random.below(bytes.len() + 1));
                match random.below(4) {
                    0 => drop(bytes.splice(from..from, PIECES[random.below(PIECES.len())].bytes())),
                    1 => drop(bytes.drain(from..bytes.len().min(from + to % 8))),
                    2 if from < bytes.len() => bytes[from] = u8::try_from(random.below(256)).unwrap_or_default(),
                    _ => bytes.extend_from_within(from.min(to)..from.max(to)),
                }
            }
            let file = File::new(name, bytes);
            let text = std::str::from_utf8(&file.bytes);
            let places = Places::new(&file);
            let mut offset = || u32::try_from(random.below(file.bytes.len() + 9)).unwrap_or_default();
            let others = [Place::File, Place::Bytes(offset(), offset())];
            let fields = paths.iter().flat_map(|path| [Place::Field(path.clone()), Place::Key(path.clone())]);
            for place in fields.chain(others) {
                let Some(range) = places.range(&place) else { continue };
                assert!(range.start <= range.end && range.end <= file.bytes.len(), "{range:?} of {file:?}");
                if let Ok(text) = text {
                    assert!(text.get(range.clone()).is_some(), "{range:?} splits a character of {text:?}");
                }
                assert!(line_column(&file.bytes, range.start) <= line_column(&file.bytes, range.end));
            }
        }
    }

    /// xorshift: the same numbers on every run and machine.
    struct Random(u64);

    impl Random {
        fn below(&mut self, limit: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 >> 33).unwrap_or_default() % limit
        }
    }
}
