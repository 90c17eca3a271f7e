//! Findings for people, in the look of rustc: the source is shown and underlined.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Padding, Renderer, Snippet};

use crate::files::Files;
use crate::finding::{self, At, Finding};
use crate::par;
use crate::parse::locate::text_start;

use super::{Colour, Source, Spots, in_order, one_line};

/// Columns for the source. Paragraphs of Markdown are often one line, and are cut around the place.
const WIDTH: usize = 100;

/// The longest underline, in characters: a sentence needs no more to be known.
const UNDERLINE: usize = 72;

/// Writes the findings of each file, on all cores: there may be thousands.
pub(super) fn report(of_files: &[&[&Finding]], files: &Files, colour: Colour) -> String {
    let renderer = match colour {
        Colour::Never => Renderer::plain(),
        Colour::Always => Renderer::styled(),
    };
    let renderer = renderer.term_width(WIDTH);
    let mut seen = BTreeSet::new();
    let first_of_rule = |of_file: &&[&Finding]| -> BTreeSet<&str> {
        of_file.iter().map(|finding| finding.rule.code).filter(|code| seen.insert(*code)).collect()
    };
    let unexplained: Vec<BTreeSet<&str>> = of_files.iter().map(first_of_rule).collect();
    let work: Vec<_> = of_files.iter().zip(unexplained).collect();
    let texts = par::map(&work, |(of_file, unexplained)| {
        let (mut spots, mut unexplained) = (Spots::new(files), unexplained.clone());
        let mut out = String::new();
        for finding in in_order(of_file, &mut spots) {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&renderer.render(&[group(finding, &mut spots, unexplained.remove(finding.rule.code))]));
            out.push('\n');
        }
        out
    });
    texts.join("\n")
}

/// A finding as what annotate-snippets draws: source first, with the notes that have source; then help, other notes, and, at the
/// first finding of a rule, where to read about it.
fn group<'a>(finding: &'a Finding, spots: &mut Spots<'a>, is_first: bool) -> Group<'a> {
    let title = level(finding.level).primary_title(one_line(&finding.message)).id(finding.rule.code);
    let mut group = Group::with_title(title);
    let mut messages: Vec<_> = finding.help.iter().map(|help| Level::HELP.message(one_line(help))).collect();
    let mut marks = Vec::new();
    match shown(spots, &finding.at) {
        Some(source) => marks.push(Mark { source, kind: AnnotationKind::Primary, label: None }),
        None => group = group.element(Origin::path(one_line(&finding.at.file))),
    }
    for note in &finding.notes {
        let label = one_line(&note.text);
        let Some(at) = &note.at else {
            messages.push(Level::NOTE.message(label));
            continue;
        };
        match shown(spots, at) {
            Some(source) => marks.push(Mark { source, kind: AnnotationKind::Context, label: Some(label) }),
            None => messages.push(Level::NOTE.message(format!("{label} ({})", one_line(&at.file)))),
        }
    }
    if is_first {
        let explain = format!("osteon explain {}", finding.rule.code);
        messages.push(Level::NOTE.with_name("explain").message(explain));
    }
    if marks.is_empty() && !messages.is_empty() {
        // Below source, the renderer does this itself.
        group = group.element(Padding);
    }
    // One picture per file: the finding's own first, then the others in the order of the notes.
    while let Some(first) = marks.first() {
        let path = first.source.file.path.clone();
        let (here, others): (Vec<_>, Vec<_>) = marks.into_iter().partition(|mark| mark.source.file.path == path);
        group = group.element(snippet(&here));
        marks = others;
    }
    group.elements(messages)
}

/// A place with something to show: neither a file as a whole nor one whose source isn't here.
fn shown<'a>(spots: &mut Spots<'a>, at: &'a At) -> Option<Source<'a>> {
    spots.spot(at).source.filter(|source| !source.is_whole && !source.file.bytes.is_empty())
}

/// A place to underline.
struct Mark<'a> {
    source: Source<'a>,
    kind: AnnotationKind,
    label: Option<Cow<'a, str>>,
}

/// The lines from the first place to the last in one file. The renderer leaves out the lines between that have no place.
fn snippet<'a>(marks: &[Mark<'a>]) -> Snippet<'a, Annotation<'a>> {
    let Some(first) = marks.iter().min_by_key(|mark| mark.source.range.start) else {
        return Snippet::source("");
    };
    let file = first.source.file;
    let last = marks.iter().map(|mark| mark.source.range.start).max().unwrap_or_default();
    let start = line_start(&file.bytes, first.source.range.start);
    let end = shown_end(&file.bytes, last);
    let lines = &file.bytes[start..end];
    // The line break makes a last line that is empty one that can be pointed at.
    let text = String::from_utf8_lossy(lines).into_owned() + "\n";
    let annotations: Vec<_> = marks
        .iter()
        .map(|mark| {
            let from = mark.source.range.start - start;
            let to = mark.source.range.end - start;
            mark.kind.span(underlined(&text, lossy_offset(lines, from), lossy_offset(lines, to))).label(mark.label.clone())
        })
        .collect();
    let (line, _) = first.source.start();
    Snippet::source(text).path(one_line(&file.path)).line_start(line).annotations(annotations)
}

/// The end of the line that an offset is in, or a letter so far behind it that it is never shown. The renderer goes through every
/// letter that it is given, and a line is often a paragraph.
fn shown_end(bytes: &[u8], offset: usize) -> usize {
    const NEVER_SHOWN: usize = 4 * (UNDERLINE + 2 * WIDTH);
    let end = bytes[offset..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| offset + length);
    let is_letter_start = |at: &usize| !matches!(bytes.get(*at), Some(0x80..=0xBF));
    (end.min(offset + NEVER_SHOWN)..end).find(is_letter_start).unwrap_or(end)
}

/// What of a place is underlined: the part on its first line, which is enough to find it, and not all of a long one.
fn underlined(text: &str, from: usize, to: usize) -> Range<usize> {
    let before = |offset: usize| (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let (from, to) = (before(from), before(to));
    let line = text.get(from..to).and_then(|text| text.lines().next()).unwrap_or_default();
    let end = line.char_indices().nth(UNDERLINE).map_or(line.len(), |(end, _)| end);
    from..from + line[..end].trim_end().len()
}

/// The start of the line that an offset is in.
fn line_start(bytes: &[u8], offset: usize) -> usize {
    bytes[..offset].iter().rposition(|byte| *byte == b'\n').map_or_else(|| text_start(bytes), |before| before + 1)
}

/// Where an offset is when each invalid sequence has become a replacement character.
fn lossy_offset(bytes: &[u8], offset: usize) -> usize {
    String::from_utf8_lossy(&bytes[..offset.min(bytes.len())]).len()
}

fn level(level: finding::Level) -> Level<'static> {
    match level {
        finding::Level::Error => Level::ERROR,
        finding::Level::Warning => Level::WARNING,
        finding::Level::Note => Level::NOTE,
    }
}

#[cfg(test)]
mod tests {
    use crate::files::{File, Files};
    use crate::finding::{At, Finding, Findings};
    use crate::report::tests::{ARTICLE, CARD, LINK, files, findings};
    use crate::report::{Colour, Format, report};

    use super::WIDTH;

    /// What is shown of a range of a file that is alone in its site, without title and last line.
    fn source(bytes: &[u8], range: std::ops::Range<usize>) -> String {
        let files: Files = [File::new("a.md", bytes)].into_iter().collect();
        let findings = Findings(vec![Finding::new(&LINK, At::bytes(&"a.md".into(), &range), "x")]);
        let text = report(&findings, &files, Format::Human, Colour::Never);
        text.lines().skip(1).take_while(|line| !line.contains("= explain")).map(|line| line.to_owned() + "\n").collect()
    }

    #[test]
    fn one_of_each() {
        assert_eq!(report(&findings(), &files(), Format::Human, Colour::Never), EXPECTED);
    }

    #[test]
    fn colours_only_if_asked() {
        let text = report(&findings(), &files(), Format::Human, Colour::Always);
        assert!(text.contains("\u{1B}[1m\u{1B}[91merror[L001]"), "{text:?}");
        assert!(!report(&findings(), &files(), Format::Human, Colour::Never).contains('\u{1B}'));
    }

    #[test]
    fn wide_characters_tabs_and_broken_bytes() {
        assert_eq!(source("漢字 x 漢字 y".as_bytes(), 9..16), " --> a.md:1:6\n  |\n1 | 漢字 x 漢字 y\n  |        ^^^^\n  |\n");
        assert_eq!(source(b"\tx\ty\r\n", 3..4), " --> a.md:1:4\n  |\n1 |     x    y\n  |          ^\n  |\n");
        assert_eq!(
            source(b"\xFF\xFEab\xC3 cd\n", 6..8),
            " --> a.md:1:7\n  |\n1 | \u{FFFD}\u{FFFD}ab\u{FFFD} cd\n  |       ^^\n  |\n"
        );
        assert_eq!(source("\u{FEFF}ab".as_bytes(), 4..5), " --> a.md:1:2\n  |\n1 | ab\n  |  ^\n  |\n");
    }

    #[test]
    fn ends_of_lines_and_files() {
        assert_eq!(source(b"", 0..0), "--> a.md\n |\n");
        assert_eq!(source(b"ab", 2..2), " --> a.md:1:3\n  |\n1 | ab\n  |   ^\n  |\n");
        assert_eq!(source(b"ab\n", 3..3), " --> a.md:2:1\n  |\n2 |\n  | ^\n  |\n");
        assert_eq!(source(b"ab\r\ncd\r\n", 6..8), " --> a.md:2:3\n  |\n2 | cd\n  |   ^\n  |\n");
    }

    #[test]
    fn of_many_lines_the_first_is_underlined() {
        assert_eq!(source(b"one\ntwo\nthree\n", 1..10), " --> a.md:1:2\n  |\n1 | one\n  |  ^^\n  |\n");
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let long = "word ".repeat(100_000);
        for range in [250_000..250_004, 250_000..260_000] {
            let text = source(long.as_bytes(), range);
            assert!(text.starts_with(" --> a.md:1:250001\n  |\n1 | ..."), "{text}");
            assert!(text.contains("^^^^") && text.lines().all(|line| line.len() <= WIDTH + 6), "{text}");
        }
    }

    #[test]
    fn notes_of_a_file_as_a_whole() {
        let [article, card] = [ARTICLE, CARD].map(Into::into);
        let finding = Finding::new(&LINK, At::file(&article), "x")
            .note(Some(At::field(&article, ["title"])), "its title")
            .note(Some(At::file(&card)), "another file");
        let expected = "\
error[L001]: x
 --> content/articles/hips.md
  |
 ::: content/articles/hips.md:2:8
  |
2 | title: Hips
  |        ---- its title
  |
  = note: another file (content/exercises/heel-drop.yaml)
  = explain: osteon explain L001
";
        assert_eq!(report(&Findings(vec![finding]), &files(), Format::Human, Colour::Never), expected);
    }

    const EXPECTED: &str = "\
warning[F002]: `answer` is missing
 --> content/articles/hips.md:4:5
  |
4 |   - question: Why?
  |     ^^^^^^^^^^^^^^
  |
  = explain: osteon explain F002

error[L001]: no entry is called `heel-drops`
  --> content/articles/hips.md:7:5
   |
 7 | See [[heel-drops]].
   |     ^^^^^^^^^^^^^^
...
12 | Again [[heel-drops]].
   |       -------------- and here
   |
  ::: content/exercises/heel-drop.yaml:1:8
   |
 1 | title: Heel drop
   |        --------- this one is near
   |
   = help: did you mean `heel-drop`?
   = note: shown by this template (themes/osteon/templates/page.html)
   = note: names are in lower case
   = explain: osteon explain L001

note[F002]: nothing recommends this card
--> content/exercises/heel-drop.yaml
 |
 = help: link to it

error[L001]: the template has an \u{FFFD}[31merror
--> themes/osteon/templates/page.html
";
}
