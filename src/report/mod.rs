//! Findings as text: the only place that knows lines, columns and colours. One file per format.

mod concise;
mod excerpt;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod sarif;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::files::{File, Files};
use crate::finding::{At, Finding, Findings, Level, Place};
use crate::fingerprint::Fingerprints;
use crate::hash::Hash;
use crate::parse::locate::{Places, line_column};

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// With the source shown and underlined
    #[default]
    Human,
    /// A few lines per finding, without source
    Concise,
    /// For programs
    Json,
    /// For code hosts and editors that read SARIF 2.1.0
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// The code quality report of GitLab
    Gitlab,
    /// JUnit XML
    Junit,
}

/// Whether a report may have colours; only [`Format::Human`] has any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// Plain text.
    #[default]
    Never,
    /// Escape sequences of terminals.
    Always,
}

/// The findings in the order of files and lines, with a line break at the end if there is anything.
pub fn report(findings: &Findings, files: &Files, format: Format, colour: Colour) -> String {
    let mut sorted: Vec<&Finding> = findings.0.iter().collect();
    sorted.sort_by(|a, b| a.at.file.cmp(&b.at.file));
    let of_files: Vec<&[&Finding]> = sorted.chunk_by(|a, b| a.at.file == b.at.file).collect();
    let whole = |write: for<'a> fn(&[&'a Finding], Spots<'a>) -> String| {
        let mut spots = Spots::new(files);
        let sorted = of_files.iter().flat_map(|of_file| in_order(of_file, &mut spots));
        let sorted: Vec<&Finding> = sorted.map(|(finding, _)| finding).collect();
        write(&sorted, spots)
    };
    match format {
        Format::Human => human::report(&of_files, files, colour),
        Format::Concise => whole(concise::report),
        Format::Json => whole(json::report),
        Format::Sarif => whole(sarif::report),
        Format::Github => whole(github::report),
        Format::Gitlab => whole(gitlab::report),
        Format::Junit => whole(junit::report),
    }
}

/// The findings of one file in the order of its lines, with their places. The path of a field says nothing about its line, so
/// findings can't bring this order along.
fn in_order<'a>(of_file: &[&'a Finding], spots: &mut Spots<'a>) -> Vec<(&'a Finding, Option<Source<'a>>)> {
    let mut sorted: Vec<_> = of_file.iter().map(|finding| (*finding, spots.spot(&finding.at).source)).collect();
    sorted.sort_by_key(|(_, source)| source.as_ref().map(|source| source.range.start));
    sorted
}

/// How many there are of each level: `2 errors, 1 warning`, or `no findings`.
pub fn summary(findings: &Findings) -> String {
    let counts = [Level::Error, Level::Warning, Level::Note].map(|level| match findings.count(level) {
        0 => None,
        1 => Some(format!("1 {}", level.word())),
        count => Some(format!("{count} {}s", level.word())),
    });
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    if counts.is_empty() { "no findings".to_owned() } else { counts.join(", ") }
}

/// The places of findings in their files. Each file's data is parsed once for all of its findings.
struct Spots<'a> {
    files: &'a Files,
    places: BTreeMap<&'a str, Places<'a>>,
}

impl<'a> Spots<'a> {
    fn new(files: &'a Files) -> Self {
        Spots { files, places: BTreeMap::new() }
    }

    /// A place that cannot be found in a file that is there is the start of that file.
    fn spot(&mut self, at: &'a At) -> Spot<'a> {
        let Some(file) = self.files.at(&at.file) else {
            return Spot { path: &at.file, source: None };
        };
        let places = self.places.entry(&at.file).or_insert_with(|| Places::new(file));
        let found = places.range(&at.place);
        let is_whole = at.place == Place::File || found.is_none();
        let range = found.or_else(|| places.range(&Place::File)).unwrap_or_default();
        Spot { path: &at.file, source: Some(Source { file, range, is_whole }) }
    }

    fn fingerprints(&self, findings: &[&'a Finding]) -> Vec<Hash> {
        let mut prints = Fingerprints::new(self.files);
        findings.iter().map(|finding| prints.of(finding)).collect()
    }
}

/// What to do and what else is to be said, each in a line.
fn remarks<'a>(finding: &'a Finding, spots: &mut Spots<'a>) -> impl Iterator<Item = String> {
    let mut lines: Vec<String> = finding.help.iter().map(|help| format!("help: {}", one_line(help))).collect();
    for note in &finding.notes {
        let place = note.at.as_ref().map(|at| format!(" ({})", spots.spot(at))).unwrap_or_default();
        lines.push(format!("note: {}{place}", one_line(&note.text)));
    }
    lines.into_iter()
}

impl<'a> Spots<'a> {
    /// The bytes that an edit replaces, if it can be made.
    fn edit(&mut self, edit: &'a crate::finding::Edit) -> Option<Range<usize>> {
        let file = self.files.at(&edit.at.file)?;
        crate::fix::range(edit, file, self.places.entry(&edit.at.file).or_insert_with(|| Places::new(file)))
    }
}

/// A place, looked up.
struct Spot<'a> {
    path: &'a str,
    /// `None` if the file isn't among the site's, such as a template inside osteon.
    source: Option<Source<'a>>,
}

struct Source<'a> {
    file: &'a File,
    range: Range<usize>,
    /// The file is meant and not the range, which is its first line.
    is_whole: bool,
}

impl Source<'_> {
    fn start(&self) -> (usize, usize) {
        line_column(&self.file.bytes, self.range.start)
    }

    fn end(&self) -> (usize, usize) {
        line_column(&self.file.bytes, self.range.end)
    }
}

impl std::fmt::Display for Spot<'_> {
    /// `path:line:column`, or the path alone.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&one_line(self.path))?;
        match &self.source {
            Some(source) => {
                let (line, column) = source.start();
                write!(f, ":{line}:{column}")
            }
            None => Ok(()),
        }
    }
}

/// Text for a terminal: an author's words may hold anything, and must not move the cursor or reverse the line.
fn one_line(text: &str) -> Cow<'_, str> {
    // Nearly all text is plain, and that is seen at once.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let parts = text.lines().map(|line| line.replace('\t', " ").replace(is_unprintable, "\u{FFFD}"));
    Cow::Owned(parts.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" "))
}

fn is_unprintable(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;
    use crate::finding::steps;
    use crate::rules::Rule;

    pub(super) static LINK: Rule =
        Rule { code: "L001", name: "broken-link", level: Level::Error, production: Level::Error, docs: "" };
    pub(super) static FIELD: Rule =
        Rule { code: "F002", name: "missing-field", level: Level::Warning, production: Level::Warning, docs: "" };

    pub(super) const ARTICLE: &str = "content/articles/hips.md";
    pub(super) const CARD: &str = "content/exercises/heel-drop.yaml";
    const TEMPLATE: &str = "themes/osteon/templates/page.html";

    /// A small site.
    pub(super) fn files() -> Files {
        let article =
            "---\ntitle: Hips\nfaq:\n  - question: Why?\n---\n\nSee [[heel-drops]].\n\nThen\nmore.\n\nAgain [[heel-drops]].\n";
        let card = "title: Heel drop\nmovements: [impact]\n";
        [File::new(ARTICLE, article.as_bytes()), File::new(CARD, card.as_bytes())].into_iter().collect()
    }

    /// One finding with everything, one with a field that isn't there, one of a whole file, one without a file.
    pub(super) fn findings() -> Findings {
        let [article, card, template] = [ARTICLE, CARD, TEMPLATE].map(Into::into);
        let link = Finding::new(&LINK, At::bytes(&article, &(49..63)), "no entry is called `heel-drops`")
            .help("did you mean `heel-drop`?")
            .note(Some(At::bytes(&article, &(84..98))), "and here")
            .note(Some(At::field(&card, ["title"])), "this one is near")
            .note(Some(At::file(&template)), "shown by this template")
            .note(None, "names are in lower case");
        let field = Finding::new(&FIELD, At::field(&article, ["faq", "0", "answer"]), "`answer` is missing");
        let file = Finding::new(&FIELD, At::file(&card), "nothing recommends this card").level(Level::Note).help("link to it");
        let template = Finding::new(&LINK, At::file(&template), "the template\nhas an \u{1B}[31merror");
        Findings(vec![link, field, file, template])
    }

    /// Text and a path that try to be something else.
    pub(super) fn hostile() -> Findings {
        let message = "100% ::error::no\n::warning::[a](https://example.com) ]]></failure><b a=\"'&\u{1B}\u{FFFF}";
        Findings(vec![Finding::new(&LINK, At::file(&"a::b,%.md".into()), message).help("one\r\n::stop-commands::x")])
    }

    #[test]
    fn counts_in_words() {
        assert_eq!(summary(&findings()), "2 errors, 1 warning, 1 note");
        assert_eq!(summary(&Findings::default()), "no findings");
        let mut notes = findings();
        notes.0.iter_mut().for_each(|finding| finding.level = Level::Note);
        assert_eq!(summary(&notes), "4 notes");
        notes.0.truncate(1);
        assert_eq!(summary(&notes), "1 note");
    }

    #[test]
    fn nothing_to_say() {
        for format in [Format::Human, Format::Concise, Format::Github] {
            assert_eq!(report(&Findings::default(), &files(), format, Colour::Always), "");
        }
    }

    #[test]
    fn text_for_a_terminal() {
        assert_eq!(one_line("as it is"), "as it is");
        assert_eq!(one_line("one\r\n  two\n\nthree\n"), "one two three");
        assert_eq!(one_line("a\u{1B}[2Jb\u{202E}c\td"), "a\u{FFFD}[2Jb\u{FFFD}c d");
    }

    #[test]
    fn whatever_is_in_a_file_there_is_a_report() {
        const PIECES: [&[u8]; 20] = [
            b"\n",
            b"\r",
            b"\r\n",
            b"\t",
            b" ",
            b"a",
            b"word ",
            b"---\n",
            b"a: b\n",
            b"- x\n",
            "é".as_bytes(),
            "😀".as_bytes(),
            b"\0",
            "漢字".as_bytes(),
            "e\u{301}\u{200D}".as_bytes(),
            b"\xFF",
            b"\xF0\x9F",
            b"\x1B[31m",
            "\u{202E}".as_bytes(),
            "\u{FEFF}".as_bytes(),
        ];
        const NAMES: [&str; 4] = ["a.md", "b.yaml", "c.html", "gone.md"];
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut random = |limit: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 33).unwrap_or_default() % limit
        };
        for _ in 0..1500 {
            let mut sizes = Vec::new();
            let mut files = Files::default();
            for name in &NAMES[..3] {
                let mut bytes = Vec::new();
                for _ in 0..random(24) {
                    let repeat = if random(20) == 0 { 300 } else { 1 };
                    bytes.extend(PIECES[random(PIECES.len())].repeat(repeat));
                }
                sizes.push(bytes.len());
                files.insert(File::new(*name, bytes));
            }
            let mut at = || {
                let file = random(NAMES.len());
                let mut offset = || u32::try_from(random(sizes.get(file).unwrap_or(&9) + 4)).unwrap_or_default();
                let bytes = Place::Bytes(offset(), offset());
                let place = [Place::File, bytes.clone(), bytes, Place::Field(steps(["a"])), Place::Key(steps(["a", "0"]))];
                At { file: NAMES[file].into(), place: place.into_iter().nth(random(5)).unwrap_or(Place::File) }
            };
            let notes = [at(), at(), at()];
            let mut finding = Finding::new(&LINK, at(), "text").help("more");
            for note in notes {
                finding = finding.note(Some(note), "a place");
            }
            let findings = Findings(vec![finding]);
            for format in Format::value_variants().iter().copied() {
                let text = report(&findings, &files, format, Colour::Never);
                assert!(text.ends_with('\n') && !text.contains(['\u{1B}', '\u{202E}', '\0']), "{text:?}");
            }
            report(&findings, &files, Format::Human, Colour::Always);
            // The renderer counts lines and columns itself.
            let concise = report(&findings, &files, Format::Concise, Colour::Never);
            let human = report(&findings, &files, Format::Human, Colour::Never);
            let place = concise.lines().nth(1).unwrap_or_default().trim();
            let path = place.split(':').next().unwrap_or_default();
            let is_shown = human.contains(&format!("--> {place}\n")) || human.contains(&format!("--> {path}\n"));
            assert!(is_shown, "{concise}\n{human}");
        }
    }
}
