//! Findings for people, in the look of rustc: the source is shown and underlined.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use memchr::{memchr, memrchr};

use crate::files::Files;
use crate::finding::{At, Finding, Level};
use crate::par;
use crate::parse::locate::text_start;

use super::excerpt::Excerpt;
use super::{Colour, Source, Spots, in_order, one_line};

/// Writes the findings of each file, on all cores: there may be thousands.
pub(super) fn report(of_files: &[&[&Finding]], files: &Files, colour: Colour) -> String {
    let mut seen = BTreeSet::new();
    let first_of_rule = |of_file: &&[&Finding]| -> BTreeSet<&str> {
        of_file.iter().map(|finding| finding.rule.code).filter(|code| seen.insert(*code)).collect()
    };
    let unexplained: Vec<BTreeSet<&str>> = of_files.iter().map(first_of_rule).collect();
    let work: Vec<_> = of_files.iter().zip(unexplained).collect();
    let texts = par::map(&work, |(of_file, unexplained)| {
        let (mut spots, mut unexplained) = (Spots::new(files), unexplained.clone());
        let mut picture = Picture { out: String::new(), colour, gutter: 0 };
        for (finding, source) in in_order(of_file, &mut spots) {
            if !picture.out.is_empty() {
                picture.out.push('\n');
            }
            picture.finding(finding, source, &mut spots, unexplained.remove(finding.rule.code));
        }
        picture.out
    });
    texts.join("\n")
}

/// Escape sequences of terminals.
mod style {
    pub(super) const BOLD: &str = "\u{1B}[1m";
    pub(super) const RED: &str = "\u{1B}[1m\u{1B}[91m";
    pub(super) const YELLOW: &str = "\u{1B}[1m\u{1B}[33m";
    pub(super) const GREEN: &str = "\u{1B}[1m\u{1B}[92m";
    pub(super) const BLUE: &str = "\u{1B}[1m\u{1B}[94m";
    pub(super) const RESET: &str = "\u{1B}[0m";
}

fn style_of(level: Level) -> &'static str {
    match level {
        Level::Error => style::RED,
        Level::Warning => style::YELLOW,
        Level::Note => style::GREEN,
    }
}

/// A place to underline.
struct Mark<'a> {
    source: Source<'a>,
    /// Number of its first line, which is enough to find it.
    number: usize,
    /// That line in bytes of the file, without its line break.
    line: Range<usize>,
    /// What a note says of it; nothing at the place of the finding itself.
    label: Option<Cow<'a, str>>,
}

impl<'a> Mark<'a> {
    fn new(source: Source<'a>, label: Option<Cow<'a, str>>) -> Self {
        let (bytes, at) = (&source.file.bytes, source.range.start);
        let start = memrchr(b'\n', &bytes[..at]).map_or_else(|| text_start(bytes).min(at), |before| before + 1);
        Mark { number: source.start().0, line: line(bytes, start), source, label }
    }

    fn path(&self) -> &'a str {
        &self.source.file.path
    }

    /// What is underlined, in bytes of the file.
    fn range(&self) -> Range<usize> {
        let Range { start, end } = self.source.range;
        start..end.min(self.line.end).max(start)
    }
}

/// The line that begins at a byte, without its line break.
fn line(bytes: &[u8], start: usize) -> Range<usize> {
    let end = memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |length| start + length);
    start..if bytes[start..end].ends_with(b"\r") { end - 1 } else { end }
}

/// Text with findings drawn into it.
struct Picture {
    out: String,
    colour: Colour,
    /// Columns for the numbers of lines.
    gutter: usize,
}

impl Picture {
    /// A finding: source first, with the notes that have source; then help, other notes, and, at the first finding of a rule,
    /// where to read about it.
    fn finding<'a>(&mut self, finding: &'a Finding, source: Option<Source<'a>>, spots: &mut Spots<'a>, is_first: bool) {
        let mut messages: Vec<(&str, Cow<'_, str>)> = finding.help.iter().map(|help| ("help", one_line(help))).collect();
        let own = source.filter(is_shown).map(|source| Mark::new(source, None));
        let mut marks: Vec<Mark<'_>> = Vec::new();
        for note in &finding.notes {
            let label = one_line(&note.text);
            match note.at.as_ref().map(|at| (at, shown(spots, at))) {
                None => messages.push(("note", label)),
                Some((_, Some(source))) => marks.push(Mark::new(source, Some(label))),
                Some((at, None)) => messages.push(("note", format!("{label} ({})", one_line(&at.file)).into())),
            }
        }
        if is_first {
            messages.push(("explain", format!("osteon explain {}", finding.rule.code).into()));
        }
        let last = own.iter().chain(&marks).map(|mark| mark.number).max();
        self.gutter = last.map_or(0, |number| number.to_string().len());
        self.title(finding);
        if own.is_none() {
            self.arrow("-->");
            self.out.push_str(&one_line(&finding.at.file));
            self.out.push('\n');
        }
        let mut is_next = own.is_none();
        marks.splice(0..0, own);
        // One picture per file: the finding's own first, then the others in the order of the notes.
        while let Some(path) = marks.first().map(Mark::path) {
            let (here, others): (Vec<_>, Vec<_>) = marks.into_iter().partition(|mark| mark.path() == path);
            if is_next {
                self.bar();
                self.out.push('\n');
            }
            self.file(here, if is_next { ":::" } else { "-->" }, finding.level);
            (marks, is_next) = (others, true);
        }
        if !messages.is_empty() {
            self.bar();
            self.out.push('\n');
        }
        for (name, text) in messages {
            let gutter = self.gutter + 1;
            let _ = write!(self.out, "{:gutter$}", "");
            self.painted(style::BLUE, "=");
            self.out.push(' ');
            self.painted(style::BOLD, name);
            let _ = writeln!(self.out, ": {text}");
        }
    }

    fn title(&mut self, finding: &Finding) {
        self.start(style_of(finding.level));
        let _ = write!(self.out, "{}[{}]", finding.level.word(), finding.rule.code);
        self.end();
        self.start(style::BOLD);
        let _ = write!(self.out, ": {}", one_line(&finding.message));
        self.end();
        self.out.push('\n');
    }

    /// The lines with places in one file.
    fn file(&mut self, mut marks: Vec<Mark<'_>>, arrow: &str, level: Level) {
        let primary = marks.iter().position(|mark| mark.label.is_none());
        marks.sort_by_key(|mark| (mark.source.range.start, mark.label.is_some()));
        let first = if primary.is_some() { marks.iter().find(|mark| mark.label.is_none()) } else { marks.first() };
        let Some(first) = first else { return };
        let bytes = &first.source.file.bytes;
        let (line, column) = first.source.start();
        self.arrow(arrow);
        let _ = writeln!(self.out, "{}:{line}:{column}", one_line(first.path()));
        self.bar();
        self.out.push('\n');
        let mut before: Option<&Mark<'_>> = None;
        for of_line in marks.chunk_by(|a, b| a.number == b.number) {
            let Some(mark) = of_line.first() else { continue };
            if let Some(before) = before {
                self.between(before, mark, bytes);
            }
            self.line(of_line, bytes, level);
            before = Some(mark);
        }
    }

    /// What stands for the lines between two lines with places: one is shown, more are left out.
    fn between(&mut self, before: &Mark<'_>, mark: &Mark<'_>, bytes: &[u8]) {
        match mark.number - before.number {
            2 => {
                let end = memchr(b'\n', &bytes[before.line.end..]).map_or(bytes.len(), |length| before.line.end + length + 1);
                let line = line(bytes, end);
                self.source(before.number + 1, &Excerpt::new(bytes, &line, line.start));
            }
            3.. => {
                self.painted(style::BLUE, "...");
                self.out.push('\n');
            }
            _ => {}
        }
    }

    /// A line and the places in it. Of a long one, as many parts as the places need.
    fn line(&mut self, marks: &[Mark<'_>], bytes: &[u8], level: Level) {
        let mut rest = marks;
        while let Some(mark) = rest.first() {
            let excerpt = Excerpt::new(bytes, &mark.line, mark.source.range.start);
            self.source(mark.number, &excerpt);
            let count = rest.iter().skip(1).take_while(|mark| excerpt.shows(mark.source.range.start)).count() + 1;
            for mark in &rest[..count] {
                self.bar();
                self.out.push(' ');
                let (line, style) = if mark.label.is_some() { ('-', style::BLUE) } else { ('^', style_of(level)) };
                self.start(style);
                excerpt.underline(&mark.range(), line, &mut self.out);
                if let Some(label) = &mark.label {
                    let _ = write!(self.out, " {label}");
                }
                self.end();
                self.out.push('\n');
            }
            rest = &rest[count..];
        }
    }

    fn source(&mut self, number: usize, excerpt: &Excerpt<'_>) {
        self.start(style::BLUE);
        let gutter = self.gutter;
        let _ = write!(self.out, "{number:gutter$} |");
        self.end();
        self.out.push(' ');
        excerpt.write(&mut self.out);
        self.out.push('\n');
    }

    /// The line between numbers and source, next to nothing.
    fn bar(&mut self) {
        self.start(style::BLUE);
        let gutter = self.gutter + 1;
        let _ = write!(self.out, "{:gutter$}|", "");
        self.end();
    }

    fn arrow(&mut self, arrow: &str) {
        let gutter = self.gutter;
        let _ = write!(self.out, "{:gutter$}", "");
        self.painted(style::BLUE, arrow);
        self.out.push(' ');
    }

    fn painted(&mut self, style: &str, text: &str) {
        self.start(style);
        self.out.push_str(text);
        self.end();
    }

    fn start(&mut self, style: &str) {
        if self.colour == Colour::Always {
            self.out.push_str(style);
        }
    }

    fn end(&mut self) {
        self.start(style::RESET);
    }
}

/// The source of a place with something to show.
fn shown<'a>(spots: &mut Spots<'a>, at: &'a At) -> Option<Source<'a>> {
    spots.spot(at).source.filter(is_shown)
}

/// Whether there is something to show: not of a file as a whole, and not of an empty one.
fn is_shown(source: &Source<'_>) -> bool {
    !source.is_whole && !source.file.bytes.is_empty()
}

#[cfg(test)]
mod tests {
    use crate::files::{File, Files};
    use crate::finding::{At, Finding, Findings};
    use crate::report::tests::{ARTICLE, CARD, LINK, files, findings};
    use crate::report::{Colour, Format, report};

    use crate::report::excerpt::WIDTH;

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
