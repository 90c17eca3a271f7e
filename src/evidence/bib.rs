//! BibLaTeX and BibTeX files.
//!
//! The crate `biblatex` reads entries and resolves LaTeX, but stops at the first error, overflows the stack on a `@string` that
//! names itself or on deeply nested commands, and needs the square of a field's braces. So a file is cut into entries here,
//! each is given to the crate alone and each of its fields again, with strings put in and depth and size checked before.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use biblatex::{Bibliography, Chunk, Chunks, ChunksExt, Pair, Person, RawBibliography, RawChunk, RawEntry, Spanned};
use serde_json::{Map, Value, json};

use super::json::{floor, one_char};
use super::{Problem, Record, date, issued};
use crate::entry::CSL_FIELDS;

/// Reads the entries of a file, as many as can be read.
///
/// Titles keep their case, `@string` and `crossref` are resolved, abstracts and files are left out. Fields of osteon (`verified`,
/// `unverified`, `retracted`, `superseded_by`) are kept under their names. Programs that manage references often drop fields that they
/// don't know, so the keyword `verified` says the same as the field.
pub fn from_bib(text: &str) -> (Vec<Record>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut strings = BTreeMap::new();
    let mut entries = Vec::new();
    for block in blocks(text, &mut problems) {
        match block.kind.as_str() {
            "comment" | "preamble" => {}
            "string" => read_strings(text, &block, &mut strings, &mut problems),
            _ => entries.extend(read_entry(text, block, &strings, &mut problems)),
        }
    }
    let inherited: Vec<_> = entries.iter().map(|entry| inherited(entry, &entries)).collect();
    for (entry, inherited) in entries.iter_mut().zip(inherited) {
        for (name, field) in inherited {
            entry.fields.entry(name).or_insert(field);
        }
    }
    let records = entries.iter().filter(|entry| entry.kind != "xdata").map(|entry| record(entry, &mut problems)).collect();
    (records, problems)
}

/// Fields that are read; whatever else a file holds is nobody's business here.
#[rustfmt::skip]
const FIELDS: &[&str] = &[
    "address", "author", "bookauthor", "booksubtitle", "booktitle", "chapter", "crossref", "date", "day", "doi", "edition",
    "editor", "eid", "entrysubtype", "eprint", "eprinttype", "archiveprefix", "eventtitle", "howpublished", "institution", "isbn",
    "issn", "issue", "journal", "journalsubtitle", "journaltitle", "keywords", "langid", "language", "location", "month", "note", "number",
    "numpages", "organization", "origdate", "pages", "pagetotal", "pmcid", "pmid", "publisher", "pubstate", "retracted", "school",
    "series", "shortjournal", "shorttitle", "subtitle", "superseded_by", "title", "translator", "type", "url", "urldate", "venue",
    "unverified", "verified", "version", "volume", "volumes", "xdata", "year",
];
/// Fields that nothing inherits.
const OWN: &[&str] = &[
    "crossref",
    "xdata",
    "shorttitle",
    "doi",
    "pmid",
    "pmcid",
    "keywords",
    "unverified",
    "verified",
    "retracted",
    "superseded_by",
];
/// Braces and dollars in one field: the crate's work grows with the square of their number.
const MOST_BRACES: usize = 500;
/// Braces inside braces: the crate calls itself for each.
const DEEPEST: usize = 30;
/// Bytes in one field, with strings put in.
const LONGEST: usize = 20_000;

/// `@type{…}`.
struct Block {
    kind: String,
    range: Range<usize>,
}

struct Entry {
    key: String,
    kind: String,
    range: Range<usize>,
    fields: BTreeMap<String, Field>,
}

/// A field with LaTeX resolved, and where it stands.
#[derive(Clone)]
struct Field {
    chunks: Chunks,
    range: Range<usize>,
}

/// The blocks of a file. Text between them is comment, as in BibTeX.
fn blocks(text: &str, problems: &mut Vec<Problem>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('@').map(|found| at + found) {
        let is_comment = || text[..start].rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with('%'));
        let Some((kind, open)) = head(text, start).filter(|_| !is_comment()) else {
            at = start + 1;
            continue;
        };
        let (end, closed) = close(text, open);
        if closed {
            blocks.push(Block { kind, range: start..end });
        } else {
            problems.push(Problem { range: start..open + 1, message: "this entry is not closed: a brace is missing".into() });
        }
        at = end;
    }
    blocks
}

/// The type of an entry that begins at `@`, and where its brace or bracket is.
fn head(text: &str, start: usize) -> Option<(String, usize)> {
    let rest = text.get(start + 1..)?;
    let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let open = start + 1 + length + (rest[length..].len() - rest[length..].trim_start().len());
    let bracket = matches!(text.as_bytes().get(open), Some(b'{' | b'('));
    (bracket && rest.starts_with(|c: char| c.is_ascii_alphabetic())).then(|| (rest[..length].to_lowercase(), open))
}

/// The end of a block, and whether it has one: if an entry begins on a line of its own before, a brace was forgotten.
fn close(text: &str, open: usize) -> (usize, bool) {
    let bytes = text.as_bytes();
    let round = bytes[open] == b'(';
    let (mut depth, mut at, mut fresh_line) = (0_usize, open, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'{' => depth += 1,
            b')' if round && depth == 0 => return (at + 1, true),
            b'}' if depth == usize::from(!round) => return (at + 1, !round),
            b'}' => depth -= 1,
            b'@' if fresh_line && head(text, at).is_some_and(|(_, open)| has_key(&text[open + 1..])) => return (at, false),
            _ => {}
        }
        fresh_line = *byte == b'\n' || (fresh_line && byte.is_ascii_whitespace());
        at += 1;
    }
    (text.len(), false)
}

/// Whether a text begins as an entry does behind its brace.
fn has_key(text: &str) -> bool {
    let text = text.trim_start();
    let key = text.find(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}' | '=' | '@'));
    key.is_some_and(|end| end > 0 && text[end..].trim_start().starts_with([',', '=']))
}

/// A block as the crate reads it: it knows no brackets in place of the outer braces.
fn braced<'t>(text: &'t str, block: &Block) -> Cow<'t, str> {
    let source = &text[block.range.clone()];
    match source.find(['{', '(']) {
        Some(open) if source.as_bytes()[open] == b'(' => {
            Cow::Owned(format!("{}{{{}}}", &source[..open], &source[open + 1..source.len() - 1]))
        }
        _ => Cow::Borrowed(source),
    }
}

fn read_strings(text: &str, block: &Block, strings: &mut BTreeMap<String, String>, problems: &mut Vec<Problem>) {
    let source = braced(text, block);
    match RawBibliography::parse(&source) {
        Ok(raw) => {
            for Pair { key, value } in &raw.abbreviations {
                let value = joined(&value.v, block.range.start, strings, problems);
                strings.insert(key.v.to_lowercase(), value);
            }
        }
        Err(error) => problems.push(syntax(text, block, &error)),
    }
}

fn read_entry(text: &str, block: Block, strings: &BTreeMap<String, String>, problems: &mut Vec<Problem>) -> Option<Entry> {
    let source = braced(text, &block);
    let raw = match RawBibliography::parse(&source) {
        Ok(raw) => raw.entries.into_iter().next()?.v,
        Err(error) => {
            problems.push(syntax(text, &block, &error));
            return None;
        }
    };
    if raw.key.v.is_empty() {
        problems.push(Problem { range: block.range, message: "this entry has no key to cite it by".into() });
        return None;
    }
    let mut fields = BTreeMap::new();
    for Pair { key, value } in &raw.fields {
        let name = key.v.to_lowercase();
        if !FIELDS.contains(&name.as_str()) {
            continue;
        }
        let range = block.range.start + value.span.start..block.range.start + value.span.end;
        let joined = joined(&value.v, block.range.start, strings, problems);
        match resolved(&name, &joined) {
            Ok(chunks) => {
                if !plain(&chunks).is_empty() {
                    fields.insert(name, Field { chunks, range });
                }
            }
            Err(message) => {
                problems.push(Problem { range, message: format!("`{name}` of `{}` can't be read: {message}", raw.key.v) });
            }
        }
    }
    Some(Entry { key: raw.key.v.to_owned(), kind: block.kind, range: block.range, fields })
}

fn syntax(text: &str, block: &Block, error: &biblatex::ParseError) -> Problem {
    Problem {
        range: one_char(text, block.range.start + error.span.start),
        message: format!("this entry can't be read: {}", error.kind),
    }
}

/// A value in LaTeX with its strings put in. A string knows those before it only, so that none can hold itself.
fn joined(value: &[Spanned<RawChunk>], offset: usize, strings: &BTreeMap<String, String>, problems: &mut Vec<Problem>) -> String {
    let mut out = String::new();
    for chunk in value {
        match chunk.v {
            RawChunk::Normal(text) => out += text,
            RawChunk::Abbreviation(name) => match (strings.get(&name.to_lowercase()), date::month(name)) {
                (Some(text), _) => out += text,
                (None, Some(month)) => out += &month.to_string(),
                (None, None) if matches!(name, "true" | "false" | "yes" | "no") => out += name,
                (None, None) => {
                    let range = offset + chunk.span.start..offset + chunk.span.end;
                    problems.push(Problem { range, message: format!("no `@string` before this entry defines `{name}`") });
                    out += name;
                }
            },
        }
        if out.len() > LONGEST {
            out.truncate(floor(&out, LONGEST));
        }
    }
    out
}

/// LaTeX resolved by the crate, if that is safe.
fn resolved(name: &str, latex: &str) -> Result<Chunks, String> {
    let (mut depth, mut deepest, mut count, mut escaped) = (0_usize, 0, 0, false);
    for byte in latex.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => {
                depth += 1;
                count += 1;
                deepest = deepest.max(depth);
            }
            b'}' => depth = depth.saturating_sub(1),
            b'$' => count += 1,
            _ => {}
        }
    }
    if deepest > DEEPEST || count > MOST_BRACES {
        return Err("it holds too many braces".into());
    }
    let value = vec![Spanned::new(RawChunk::Normal(latex), 0..latex.len())];
    let field = Pair::new(Spanned::new(name, 0..0), Spanned::new(value, 0..latex.len()));
    // `crossref` and the like are given other names, so that the crate doesn't look for them.
    let field = if ["crossref", "xdata"].contains(&name) { Pair { key: Spanned::new("verba", 0..0), ..field } } else { field };
    let entry = RawEntry { key: Spanned::new("key", 0..0), kind: Spanned::new("misc", 0..0), fields: vec![field] };
    let raw = RawBibliography { preamble: String::new(), entries: vec![Spanned::new(entry, 0..0)], abbreviations: Vec::new() };
    let mut chunks = Bibliography::from_raw(raw)
        .map_err(|error| error.kind.to_string())?
        .into_iter()
        .flat_map(|entry| entry.fields.into_values())
        .next()
        .unwrap_or_default();
    // Addresses and numbers of registries are no text.
    if !["url", "doi", "eprint", "crossref", "xdata"].contains(&name) {
        for chunk in &mut chunks {
            chunk.v = match &chunk.v {
                Chunk::Normal(text) => Chunk::Normal(untexed(text, false)),
                Chunk::Verbatim(text) => Chunk::Verbatim(untexed(text, false)),
                Chunk::Math(text) => Chunk::Normal(untexed(text, true)),
            };
        }
    }
    Ok(chunks)
}

/// What the crate leaves of LaTeX: commands it doesn't know, ties, and formulas.
fn untexed(text: &str, math: bool) -> String {
    if !text.contains(['\\', '~', '{', '}']) && !math {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\\' => {
                let length = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
                let (name, after) = rest.split_at(length);
                if let Some((_, sign)) = SIGNS.iter().find(|(known, _)| *known == name.strip_prefix("text").unwrap_or(name)) {
                    out += sign;
                    rest = after.strip_prefix("{}").unwrap_or(after);
                    rest = rest.strip_prefix(' ').filter(|_| !name.is_empty() && math).unwrap_or(rest);
                } else if matches!(name, "textsuperscript" | "textsubscript") && after.starts_with('{') {
                    rest = raised(after, name == "textsuperscript", &mut out);
                } else if name.is_empty() {
                    // A backslash before a sign: a narrow space, or the sign.
                    let sign = rest.chars().next();
                    out.extend(sign.map(|sign| if matches!(sign, ',' | ';' | ':' | '!') { ' ' } else { sign }));
                    rest = &rest[sign.map_or(0, char::len_utf8)..];
                } else {
                    rest = after.strip_prefix(' ').unwrap_or(after);
                }
            }
            '^' | '_' if math => rest = raised(rest, c == '^', &mut out),
            '~' => out.push(' '),
            '{' | '}' => {}
            _ => out.push(c),
        }
    }
    out
}

/// Writes a group or a character raised or lowered if Unicode has all of it, plainly if not; returns the rest.
fn raised<'t>(text: &'t str, up: bool, out: &mut String) -> &'t str {
    const PLAIN: &str = "0123456789+-()n";
    const UP: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ";
    const DOWN: &str = "₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₙ";
    let end = text.chars().next().map_or(0, char::len_utf8);
    let (group, rest) = match text.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
        Some(parts) => parts,
        None => text.split_at(end),
    };
    let to = if up { UP } else { DOWN };
    let moved: Option<String> =
        group.chars().map(|c| PLAIN.chars().position(|plain| plain == c).and_then(|at| to.chars().nth(at))).collect();
    *out += &moved.unwrap_or_else(|| untexed(group, false));
    rest
}

/// Signs of medical titles by their commands, without `text` before them.
#[rustfmt::skip]
const SIGNS: &[(&str, &str)] = &[
    ("alpha", "α"), ("beta", "β"), ("gamma", "γ"), ("delta", "δ"), ("epsilon", "ε"), ("kappa", "κ"), ("lambda", "λ"), ("mu", "µ"),
    ("omega", "ω"), ("pi", "π"), ("rho", "ρ"), ("sigma", "σ"), ("tau", "τ"), ("theta", "θ"), ("chi", "χ"), ("psi", "ψ"),
    ("Delta", "Δ"), ("Omega", "Ω"), ("Sigma", "Σ"), ("approx", "≈"), ("cdot", "·"), ("circ", "°"), ("degree", "°"), ("ge", "≥"),
    ("geq", "≥"), ("le", "≤"), ("leq", "≤"), ("ldots", "…"), ("neq", "≠"), ("pm", "±"),
    ("rightarrow", "→"), ("sim", "~"), ("times", "×"), ("to", "→"),
];

/// The fields an entry has from `crossref` and `xdata`.
fn inherited(entry: &Entry, entries: &[Entry]) -> Vec<(String, Field)> {
    let mut found = Vec::new();
    for link in ["crossref", "xdata"] {
        let Some(field) = entry.fields.get(link) else { continue };
        for key in plain(&field.chunks).split(',').map(str::trim).take(10) {
            let Some(parent) = entries.iter().find(|parent| parent.key == key) else { continue };
            for (name, field) in parent.fields.iter().filter(|(name, _)| !OWN.contains(&name.as_str())) {
                let name = match (link, name.as_str(), parent.kind.as_str()) {
                    ("crossref", "title", "periodical") => "journaltitle",
                    ("crossref", "title", _) => "booktitle",
                    ("crossref", "subtitle", "periodical") => "journalsubtitle",
                    ("crossref", "subtitle", _) => "booksubtitle",
                    ("crossref", "author", "book" | "mvbook") if entry.kind == "inbook" => "bookauthor",
                    (_, name, _) => name,
                };
                found.push((name.to_owned(), field.clone()));
            }
        }
    }
    found
}

fn record(entry: &Entry, problems: &mut Vec<Problem>) -> Record {
    let text = |name: &str| entry.fields.get(name).map(|field| plain(&field.chunks));
    let first = |names: &[&str]| names.iter().find_map(|name| text(name));
    let with_subtitle = |title: Option<String>, subtitle: &str| match (title, text(subtitle)) {
        (Some(title), Some(subtitle)) if title.ends_with(['?', '!', ':']) => Some(format!("{title} {subtitle}")),
        (Some(title), Some(subtitle)) => Some(format!("{title}: {subtitle}")),
        (title, _) => title,
    };
    let kind = entry.kind.as_str();
    let is_article = matches!(kind, "article" | "periodical" | "suppperiodical" | "review");
    let mut csl = Map::new();
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            csl.insert(name.to_owned(), value.into());
        }
    };
    let url = text("url").or_else(|| text("howpublished").filter(|how| how.starts_with("http")));
    put("id", Some(entry.key.clone()));
    put("type", Some(csl_type(kind, text("entrysubtype").as_deref(), url.is_some()).to_owned()));
    put("title", with_subtitle(text("title"), "subtitle"));
    put("title-short", text("shorttitle"));
    put(
        "container-title",
        with_subtitle(first(&["journaltitle", "journal"]), "journalsubtitle")
            .or_else(|| with_subtitle(text("booktitle"), "booksubtitle")),
    );
    put("container-title-short", text("shortjournal"));
    put("collection-title", text("series").filter(|_| !is_article));
    let published = || text("howpublished").filter(|how| !how.starts_with("http"));
    put("publisher", first(&["publisher", "institution", "school", "organization"]).or_else(published));
    put("publisher-place", first(&["location", "address"]));
    put("volume", text("volume"));
    put("number-of-volumes", text("volumes"));
    let number = text("number");
    if is_article {
        put("issue", number.or_else(|| text("issue")));
    } else if matches!(kind, "report" | "techreport" | "patent" | "standard" | "misc" | "manual") {
        put("number", number);
    } else {
        put("collection-number", number);
    }
    put("page", first(&["pages", "eid"]).map(|pages| pages.replace('–', "-")));
    put("number-of-pages", first(&["pagetotal", "numpages"]));
    put("chapter-number", text("chapter"));
    put("edition", text("edition"));
    put("version", text("version"));
    put("event-title", text("eventtitle"));
    put("event-place", text("venue"));
    put("genre", genre(kind, text("type")));
    put("language", first(&["langid", "language"]).map(|language| language_code(&language)));
    put("note", text("note"));
    put("status", text("pubstate"));
    put("ISBN", text("isbn"));
    put("ISSN", text("issn"));
    put(
        "DOI",
        text("doi").map(|doi| {
            without_prefix(&doi, &["https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:"])
        }),
    );
    let eprint = |kind: &str| {
        text("eprint").filter(|_| first(&["eprinttype", "archiveprefix"]).is_some_and(|found| found.eq_ignore_ascii_case(kind)))
    };
    put("PMID", text("pmid").or_else(|| eprint("pubmed")).map(|id| without_prefix(&id, &["pmid:", "pmid"])));
    put("PMCID", text("pmcid").or_else(|| eprint("pmc")));
    put("URL", url.or_else(|| eprint("arxiv").map(|id| format!("https://arxiv.org/abs/{id}"))));
    put("superseded_by", text("superseded_by"));

    for (from, to) in
        [("author", "author"), ("editor", "editor"), ("translator", "translator"), ("bookauthor", "container-author")]
    {
        if let Some(people) = entry.fields.get(from).map(|field| people(&field.chunks)).filter(|people| !people.is_empty()) {
            csl.insert(to.into(), people.into());
        }
    }
    let list = |name: &str| -> Vec<String> {
        let words = text(name).unwrap_or_default();
        words.split([',', ';']).map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
    };
    if list("keywords").iter().any(|word| word.eq_ignore_ascii_case("verified")) {
        csl.insert("verified".into(), true.into());
    }
    let unverified: Vec<Value> = list("unverified").iter().flat_map(|name| csl_names(name)).collect();
    if !unverified.is_empty() {
        csl.insert("unverified".into(), unverified.into());
    }
    for name in ["verified", "retracted"] {
        match text(name).map(|text| text.to_lowercase()).as_deref() {
            None => {}
            Some("true" | "yes") => drop(csl.insert(name.into(), true.into())),
            Some("false" | "no") => drop(csl.insert(name.into(), false.into())),
            Some(other) => {
                let range = entry.fields.get(name).map_or(entry.range.clone(), |field| field.range.clone());
                problems.push(Problem { range, message: format!("`{name}` is true or false, not `{other}`") });
            }
        }
    }
    for (names, to) in [(&["date", "year"][..], "issued"), (&["urldate"], "accessed"), (&["origdate"], "original-date")] {
        let Some((name, field)) = names.iter().find_map(|name| entry.fields.get(*name).map(|field| (*name, field))) else {
            continue;
        };
        let written = plain(&field.chunks);
        let found = if name == "year" { year_month_day(&written, text("month"), text("day")) } else { issued(&json!(written)) };
        match found {
            Some(date) => drop(csl.insert(to.into(), date)),
            None => problems.push(Problem {
                range: field.range.clone(),
                message: format!("`{name}` of `{}` is no date: `{written}`", entry.key),
            }),
        }
    }
    Record { id: entry.key.clone(), range: entry.range.clone(), csl }
}

/// What a field of BibLaTeX is called in a record; a name of CSL stays as it is.
fn csl_names(name: &str) -> Vec<Value> {
    let names: &[&str] = match name.to_lowercase().as_str() {
        "pages" | "eid" => &["page"],
        "journal" | "journaltitle" | "booktitle" => &["container-title"],
        "date" | "year" | "month" => &["issued"],
        "number" => &["issue", "number", "collection-number"],
        "institution" | "school" | "organization" => &["publisher"],
        "address" | "location" => &["publisher-place"],
        _ => &[],
    };
    // CSL writes some names in capitals.
    let known = || CSL_FIELDS.iter().find(|known| known.eq_ignore_ascii_case(name)).copied().unwrap_or(name);
    if names.is_empty() { vec![known().into()] } else { names.iter().map(|name| (*name).into()).collect() }
}

/// A date of BibTeX's three fields; of `mar # "~5"` the month holds the day.
fn year_month_day(year: &str, month: Option<String>, day: Option<String>) -> Option<Value> {
    let month = month.unwrap_or_default();
    let mut words = month.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let month = words.next();
    let day = day.or_else(|| words.next().filter(|word| word.parse::<u8>().is_ok()).map(str::to_owned));
    issued(&json!({"year": year, "month": month, "day": day}))
        .or_else(|| issued(&json!(format!("{} {year}", month?))))
        .or_else(|| issued(&json!(year)))
}

/// The text of a field on one line.
fn plain(chunks: &Chunks) -> String {
    let text: String = chunks.iter().map(|chunk| chunk.v.get()).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn people(chunks: &Chunks) -> Vec<Value> {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let people = chunks.parse::<Vec<Person>>().unwrap_or_default();
    people
        .iter()
        .filter_map(|person| {
            let (family, given) = (line(&person.name), line(&person.given_name));
            let parts = [("given", given), ("non-dropping-particle", line(&person.prefix)), ("suffix", line(&person.suffix))];
            let mut name = Map::new();
            name.extend(parts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| (key.to_owned(), text.into())));
            if name.is_empty() {
                return (!family.is_empty()).then(|| json!({"literal": family}));
            }
            if !family.is_empty() {
                name.insert("family".into(), family.into());
            }
            Some(Value::Object(name))
        })
        .collect()
}

fn csl_type(kind: &str, subtype: Option<&str>, has_url: bool) -> &'static str {
    match (kind, subtype) {
        ("article", Some("magazine")) => "article-magazine",
        ("article", Some("newspaper")) => "article-newspaper",
        ("article" | "suppperiodical", _) => "article-journal",
        ("periodical", _) => "periodical",
        (
            "book" | "mvbook" | "collection" | "mvcollection" | "reference" | "mvreference" | "manual" | "proceedings"
            | "mvproceedings",
            _,
        ) => "book",
        ("booklet", _) => "pamphlet",
        ("inbook" | "bookinbook" | "suppbook" | "incollection" | "suppcollection", _) => "chapter",
        ("inreference", _) => "entry-encyclopedia",
        ("inproceedings" | "conference", _) => "paper-conference",
        ("thesis" | "phdthesis" | "mastersthesis" | "mathesis", _) => "thesis",
        ("report" | "techreport", _) => "report",
        ("online" | "electronic" | "www", _) => "webpage",
        ("unpublished", _) => "manuscript",
        ("dataset", _) => "dataset",
        ("software", _) => "software",
        ("patent", _) => "patent",
        ("standard", _) => "standard",
        ("legislation" | "legal", _) => "legislation",
        ("jurisdiction", _) => "legal_case",
        ("movie" | "video", _) => "motion_picture",
        ("audio" | "music", _) => "song",
        ("artwork" | "image", _) => "graphic",
        ("performance", _) => "performance",
        ("letter", _) => "personal_communication",
        ("review", _) => "review",
        _ if has_url => "webpage",
        _ => "document",
    }
}

fn genre(kind: &str, written: Option<String>) -> Option<String> {
    let known = match (kind, written.as_deref()) {
        (_, Some("phdthesis")) | ("phdthesis", None) => "PhD thesis",
        (_, Some("mathesis")) | ("mastersthesis" | "mathesis", None) => "Master’s thesis",
        (_, Some("techreport")) => "Technical report",
        (_, Some("resreport")) => "Research report",
        _ => return written,
    };
    Some(known.into())
}

/// The code of a language by babel's name for it.
fn language_code(name: &str) -> String {
    let code = match name.to_lowercase().as_str() {
        "english" | "american" | "usenglish" => "en",
        "british" | "ukenglish" => "en-GB",
        "german" | "ngerman" => "de",
        "french" => "fr",
        "spanish" => "es",
        "italian" => "it",
        "portuguese" => "pt",
        "dutch" => "nl",
        "russian" => "ru",
        "polish" => "pl",
        "swedish" => "sv",
        "danish" => "da",
        "norwegian" | "norsk" => "nb",
        "finnish" => "fi",
        "japanese" => "ja",
        "chinese" => "zh",
        _ => name,
    };
    code.to_owned()
}

fn without_prefix(text: &str, prefixes: &[&str]) -> String {
    let found = prefixes.iter().find(|prefix| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)));
    found.map_or(text, |prefix| text[prefix.len()..].trim_start()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::tests::{Random, mutated};

    const FILE: &str = r#"% A file as reference managers write them: braces, quotes, strings, accents.
@string{bone = "Bone"}
@STRING(jbmr = {Journal of Bone } # "and Mineral Research")
@comment{jabref-meta: {databaseType:biblatex;}}

@article{bassey1995,
  author = {Bassey, E. J. and Ramsdale, S. J.},
  title = {Weight-bearing exercise and ground reaction forces: a 12-month {RCT}},
  journal = bone, year = 1995, month = apr, volume = 16, number = {4}, pages = {469--476},
  doi = {https://doi.org/10.1016/8756-3282(95)90193-0}, pmid = {7605708}, abstract = {Long @text{a,} % here.},
  verified = true,
}

@Article(watson2018,
  author = "Watson, S.~L. and van den Berg, Anna and {World Health Organization} and J{\"a}ms{\"a}, T. and others",
  title = "High-Intensity \emph{Resistance} \& Impact Training: $\beta$-blockers, 25-OH-D$_3$, $\geq$\,3 days",
  journaltitle = jbmr, date = {2018-02/2018-03}, eprint = {28975661}, eprinttype = {pubmed}, retracted = {false},
  superseded_by = {watson2019})

@techreport{who1994, author = {{World Health Organization}}, title = {Assessment of Fracture Risk},
  institution = {WHO}, address = {Geneva}, year = {1994}, number = {843}, type = {Technical Report Series}}
@incollection{part, author = {A. B. Writer}, title = {The Part}, crossref = {whole}, pages = {1--9}}
@collection{whole, editor = {Ed Itor}, title = {The Whole}, subtitle = {All of It}, publisher = {Press \& Co}, date = {2001}}
@misc{page, title = {A Page}, howpublished = {\url{https://example.org/a_b?c=%20}}, urldate = {2024-02-03}}
@phdthesis{t, author = {M{\"u}ller, Jr., J{\o}rgen}, title = {Thesis}, school = {Uni}, year = 2003, month = mar # "~5"}
"#;

    fn csl(key: &str) -> Map<String, Value> {
        let (records, problems) = from_bib(FILE);
        assert_eq!(problems, []);
        records.into_iter().find(|record| record.id == key).map(|record| record.csl).unwrap_or_default()
    }

    #[test]
    fn an_article() {
        assert_eq!(
            Value::Object(csl("bassey1995")),
            json!({
                "id": "bassey1995", "type": "article-journal",
                "author": [{"family": "Bassey", "given": "E. J."}, {"family": "Ramsdale", "given": "S. J."}],
                "title": "Weight-bearing exercise and ground reaction forces: a 12-month RCT",
                "container-title": "Bone", "issued": {"date-parts": [[1995, 4]]}, "volume": "16", "issue": "4", "page": "469-476",
                "DOI": "10.1016/8756-3282(95)90193-0", "PMID": "7605708", "verified": true,
            })
        );
    }

    #[test]
    fn latex_strings_and_names() {
        assert_eq!(
            Value::Object(csl("watson2018")),
            json!({
                "id": "watson2018", "type": "article-journal",
                "author": [
                    {"family": "Watson", "given": "S. L."},
                    {"family": "Berg", "given": "Anna", "non-dropping-particle": "van den"},
                    {"literal": "World Health Organization"},
                    {"family": "Jämsä", "given": "T."},
                    {"literal": "others"},
                ],
                "title": "High-Intensity Resistance & Impact Training: β-blockers, 25-OH-D₃, ≥ 3 days",
                "container-title": "Journal of Bone and Mineral Research", "issued": {"date-parts": [[2018, 2], [2018, 3]]},
                "PMID": "28975661", "retracted": false, "superseded_by": "watson2019",
            })
        );
    }

    #[test]
    fn other_types() {
        assert_eq!(
            Value::Object(csl("who1994")),
            json!({
                "id": "who1994", "type": "report", "author": [{"literal": "World Health Organization"}],
                "title": "Assessment of Fracture Risk", "publisher": "WHO", "publisher-place": "Geneva", "number": "843",
                "genre": "Technical Report Series", "issued": {"date-parts": [[1994]]},
            })
        );
        assert_eq!(
            Value::Object(csl("part")),
            json!({
                "id": "part", "type": "chapter", "author": [{"family": "Writer", "given": "A. B."}], "title": "The Part",
                "container-title": "The Whole: All of It", "editor": [{"family": "Itor", "given": "Ed"}],
                "publisher": "Press & Co", "page": "1-9", "issued": {"date-parts": [[2001]]},
            })
        );
        assert_eq!(csl("whole")["type"], "book");
        let page = csl("page");
        assert_eq!((&page["type"], &page["URL"]), (&json!("webpage"), &json!("https://example.org/a_b?c=%20")));
        assert_eq!(page["accessed"], json!({"date-parts": [[2024, 2, 3]]}));
        let thesis = csl("t");
        assert_eq!(thesis["author"], json!([{"family": "Müller", "given": "Jørgen", "suffix": "Jr."}]));
        assert_eq!(thesis["issued"], json!({"date-parts": [[2003, 3, 5]]}));
        assert_eq!((&thesis["genre"], &thesis["publisher"]), (&json!("PhD thesis"), &json!("Uni")));
    }

    #[test]
    fn ranges_are_entries() {
        let (records, _) = from_bib(FILE);
        assert_eq!(records.len(), 7);
        for record in records {
            let source = &FILE[record.range];
            assert!(source.starts_with('@') && source.ends_with(['}', ')']) && source.contains(&record.id), "{source}");
        }
    }

    fn problems(text: &str) -> Vec<(&str, String)> {
        from_bib(text).1.into_iter().map(|problem| (&text[problem.range], problem.message)).collect()
    }

    #[test]
    fn what_was_checked_is_said_in_fields_or_keywords() {
        let text = "@article{a, title={A}, keywords={bone; Verified}, unverified={pages, doi, Volume}}\n\
                    @article{b, title={B}, keywords={verified}, verified={false}}\n@article{c, title={C}, keywords={unverified}}\n";
        let (records, problems) = from_bib(text);
        assert!(problems.is_empty());
        let said: Vec<_> = records.iter().map(|it| (it.csl.get("verified"), it.csl.get("unverified"))).collect();
        let unverified = json!(["page", "DOI", "volume"]);
        assert_eq!(said, [(Some(&json!(true)), Some(&unverified)), (Some(&json!(false)), None), (None, None)]);
    }

    #[test]
    fn a_broken_entry_costs_only_itself() {
        let text = "@article{a, title={A}}\n@article{b, title {B}}\n@book{c, title={C}\n\n\
                    @book{d, title={D}, year={in press}, verified={maybe}}\n";
        let (records, _) = from_bib(text);
        assert_eq!(records.iter().map(|record| record.id.as_str()).collect::<Vec<_>>(), ["a", "d"]);
        let expected = [
            ("@book{", "this entry is not closed: a brace is missing".to_owned()),
            ("{", "this entry can't be read: expected equals".to_owned()),
            ("maybe", "`verified` is true or false, not `maybe`".to_owned()),
            ("in press", "`year` of `d` is no date: `in press`".to_owned()),
        ];
        let found = problems(text);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for ((place, message), (expected_place, expected)) in found.iter().zip(&expected) {
            assert!(place.contains(expected_place), "{place} {expected_place}");
            assert_eq!(message, expected);
        }
        assert_eq!(problems("@article{a, title = nowhere, note = {costs $5}}").len(), 2);
        assert_eq!(problems("@article{, title = {No key}}").len(), 1);
        assert_eq!(
            problems("mail me @ home, or @twitter {"),
            [("@twitter {", "this entry is not closed: a brace is missing".to_owned())]
        );
        assert_eq!(problems("% @article{a,\nno entry"), []);
    }

    #[test]
    fn hostile_files_end_soon() {
        for text in [
            "@string{a = a # a} @string{b = b} @misc{k, title = a # b}".to_owned(),
            format!(
                "{} @misc{{k, title = s30}}",
                (0..30).fold("@string{s0 = {xxxx}}".to_owned(), |text, n| {
                    format!("{text}@string{{s{} = s{n} # s{n} # s{n}}}", n + 1)
                })
            ),
            format!("@misc{{k, title = {{{}x{}}}}}", "\\a{".repeat(50_000), "}".repeat(50_000)),
            format!("@misc{{k, title = {{{}}}}}", "{}".repeat(100_000)),
            format!("@misc{{k, author = {{{}}}}}", "A and ".repeat(50_000)),
            "@misc{k, ".repeat(20_000),
            "\n@misc{k, title={".repeat(20_000),
            "@".repeat(200_000),
            "@misc{a, crossref = {a}, xdata = {a}} @misc{b, crossref={c}} @misc{c, crossref={b}}".to_owned(),
        ] {
            from_bib(&text);
        }
    }

    #[test]
    fn mutated_files() {
        let mut random = Random(3);
        for _ in 0..4000 {
            let text = mutated(FILE, &mut random);
            let (records, problems) = from_bib(&text);
            for range in records.iter().map(|record| &record.range).chain(problems.iter().map(|problem| &problem.range)) {
                assert!(text.get(range.clone()).is_some(), "{range:?} in {text:?}");
            }
        }
    }
}
