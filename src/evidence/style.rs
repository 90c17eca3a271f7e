//! Citation styles, and records printed in them.

use std::str::FromStr;

use citationberg::json::{DateValue, Item, LiteralName, NameItem, NameValue, Value as CslValue, VecDate, VecDateRange};
use citationberg::taxonomy::{Kind, NumberOrPageVariable, NumberVariable, StandardVariable, Variable};
use citationberg::{FontStyle, FontWeight, IndependentStyle, LayoutRenderingElement as Part, Locale, Name, NamesChild};
use citationberg::{TextTarget, VerticalAlign};
use hayagriva::archive::{self, ArchivedStyle};
use hayagriva::{BibliographyDriver, BibliographyRequest, CitationItem, CitationRequest, ElemChild, ElemChildren, Formatting};
use serde_json::{Map, Value};

use super::html::{self, Tag, Writer};
use super::{date, name};

/// A citation style, and the words of a language for it.
#[derive(Debug, Clone)]
pub struct Style {
    /// Its name in the archive.
    pub name: &'static str,
    csl: IndependentStyle,
    /// The language that was asked for, and American English for words that it lacks.
    locales: Vec<Locale>,
}

/// The style of a name (`vancouver`, `apa`, `ama`, `harvard` and all of [`style_names`]) for a language (`en`, `en-GB`).
///
/// A language that CSL has no words for gets American English. Unpacking takes some milliseconds, so it is done once.
pub fn style(name: &str, language: &str) -> Option<Style> {
    let lower = name.trim().to_lowercase();
    let name = SHORT_NAMES.iter().find(|(short, _)| *short == lower).map_or(lower.as_str(), |(_, name)| name);
    let archived = ArchivedStyle::by_name(name)?;
    let name = archived.names().iter().find(|known| **known == name)?;
    let citationberg::Style::Independent(csl) = archived.get() else { return None };
    csl.bibliography.as_ref()?;
    Some(Style { name, csl: without_numbers(csl), locales: locales(language) })
}

/// The names of all styles, sorted, the names that only osteon knows among them.
pub fn style_names() -> Vec<&'static str> {
    let archived =
        ArchivedStyle::all().iter().filter(|style| !WITHOUT_BIBLIOGRAPHY.contains(style)).flat_map(|style| style.names());
    let mut names: Vec<_> = archived.copied().chain(SHORT_NAMES.iter().map(|(short, _)| *short)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// A record as the HTML of an entry in a list of references, without a leading number.
///
/// It depends on nothing but the record, the style and its language: it may be kept. Two works of the same authors and year
/// both have the plain year therefore; `2000a` would change with every work that is added, and osteon cites by number.
///
/// Only the tags `a`, `i`, `b`, `sup` and `sub` are written, and links only to `http` and `https`. Identifiers that the style
/// leaves out are added. A record without anything to print is printed as its id.
pub fn format(id: &str, csl: &Map<String, Value>, style: &Style) -> String {
    let ids = identifiers(csl);
    let item = item(csl, &ids);
    let mut writer = Writer::default();
    let mut linked = Vec::new();
    if has_words(&item) {
        write(&rendered(&item, style), &ids, &mut writer, &mut linked);
    }
    if !writer.text.contains(char::is_alphanumeric) {
        writer = Writer::default();
        let id = html::plain(id);
        writer.write(if id.is_empty() { "Record without details" } else { &id }, &[]);
    }
    add_identifiers(&ids, &mut writer, &linked);
    writer.finish()
}

/// Names that people use for styles of the archive.
const SHORT_NAMES: &[(&str, &str)] = &[
    ("ama", "american-medical-association"),
    ("chicago", "chicago-author-date"),
    ("harvard", "harvard-cite-them-right"),
    ("icmje", "vancouver"),
    ("lancet", "the-lancet"),
    ("mla", "modern-language-association"),
    ("nlm", "nlm-citation-sequence"),
];

/// hayagriva's own style for labels in a text.
const WITHOUT_BIBLIOGRAPHY: &[ArchivedStyle] = &[ArchivedStyle::Alphanumeric];

/// Names of people, of which a style prints the first few.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "author", "chair", "collection-editor", "compiler", "composer", "container-author", "contributor", "curator", "director",
    "editor", "editorial-director", "guest", "host", "illustrator", "interviewer", "narrator", "organizer", "original-author",
    "performer", "producer", "recipient", "reviewed-author", "script-writer", "series-creator", "translator",
];
/// Formatting takes the square of their number, and no style prints more than some twenty.
const MOST_NAMES: usize = 100;

const DATES: &[&str] = &["issued", "accessed", "original-date", "event-date", "submitted", "available-date"];

#[rustfmt::skip]
const NUMBERS: &[&str] = &[
    "chapter-number", "collection-number", "edition", "issue", "number", "number-of-pages", "number-of-volumes", "page-first",
    "part-number", "printing-number", "section", "supplement-number", "version", "volume",
];

/// Texts that are not printed, belong to the processor, or are handled apart.
#[rustfmt::skip]
const UNUSED: &[&str] = &[
    "abstract", "annote", "categories", "citation-key", "citation-label", "citation-number", "first-reference-note-number", "id",
    "keyword", "locator", "type", "year-suffix", "DOI", "PMID", "PMCID", "URL",
];

/// The identifiers of a record, cleaned.
#[derive(Debug, Default)]
struct Identifiers {
    doi: Option<String>,
    pmid: Option<String>,
    pmcid: Option<String>,
    url: Option<String>,
    /// Identifiers that are none, as they were written.
    odd: Vec<(&'static str, String)>,
}

/// The words of a language, and American English.
///
/// hayagriva unpacks all of its sixty languages or none, which takes 50 ms, so the bytes of these two are unpacked here.
fn locales(language: &str) -> Vec<Locale> {
    let language = language.trim().replace('_', "-");
    let base = language.split('-').next().unwrap_or_default();
    // `en` is American in CSL, `de` is `de-DE`, `cs` whatever there is.
    let twin = if base.eq_ignore_ascii_case("en") { "en-US".to_owned() } else { format!("{base}-{base}") };
    let packed = |is_it: &dyn Fn(&str) -> bool| archive::LOCALES.iter().find(|bytes| code(bytes).is_some_and(is_it));
    let wanted = packed(&|code| code.eq_ignore_ascii_case(&language))
        .or_else(|| packed(&|code| code.eq_ignore_ascii_case(&twin)))
        .or_else(|| packed(&|code| code.split('-').next().is_some_and(|first| first.eq_ignore_ascii_case(base))));
    let english = packed(&|code| code == "en-US").filter(|english| Some(*english) != wanted);
    wanted.into_iter().chain(english).filter_map(|bytes| ciborium::de::from_reader(*bytes).ok()).collect()
}

/// The code of a packed language: it stands at the start, behind its name and one byte for its length.
fn code(bytes: &[u8]) -> Option<&str> {
    const NAME: &[u8] = b"@xml:lang";
    let start = bytes.windows(NAME.len()).take(8).position(|part| part == NAME)? + NAME.len();
    let length = usize::from(bytes.get(start)? & 0x1f);
    std::str::from_utf8(bytes.get(start + 1..start + 1 + length)?).ok()
}

/// Whether there is anything to print. A style prints `n.d.` for nothing.
fn has_words(item: &Item) -> bool {
    item.0.iter().any(|(key, value)| match value {
        CslValue::Names(_) => true,
        CslValue::String(text) => {
            ["title", "title-short", "container-title", "publisher", "note"].contains(&key.as_str())
                && text.contains(char::is_alphanumeric)
        }
        _ => false,
    })
}

/// The entry as hayagriva makes it. Each is made by itself: together they take the square of their number.
fn rendered(item: &Item, style: &Style) -> ElemChildren {
    let mut driver = BibliographyDriver::new();
    let locale = style.locales.first().and_then(|locale| locale.lang.clone());
    let cited = vec![CitationItem::with_entry(item)];
    driver.citation(CitationRequest::new(cited, &style.csl, locale.clone(), &style.locales, None));
    let rendered = driver.finish(BibliographyRequest::new(&style.csl, locale, &style.locales));
    let items = rendered.bibliography.map(|bibliography| bibliography.items).unwrap_or_default();
    items.into_iter().next().map_or_else(|| ElemChildren(Vec::new()), |item| item.content)
}

/// Adds the identifiers that the style left out.
fn add_identifiers(ids: &Identifiers, writer: &mut Writer, linked: &[&'static str]) {
    let known =
        [("DOI", "doi: ", &ids.doi), ("PMID", "PMID: ", &ids.pmid), ("PMCID", "PMCID: ", &ids.pmcid), ("URL", "", &ids.url)];
    for (kind, label, value) in known {
        let Some(value) = value.as_ref().filter(|value| !linked.contains(&kind) && !writer.text.contains(value.as_str())) else {
            continue;
        };
        writer.end_sentence();
        writer.write(" ", &[]);
        writer.write(label, &[]);
        writer.write(value, &link(kind, value).map(Tag::Link).into_iter().collect::<Vec<_>>());
        writer.write(".", &[]);
    }
    for (label, value) in ids.odd.iter().filter(|(_, value)| !writer.text.contains(value.as_str())).collect::<Vec<_>>() {
        writer.end_sentence();
        writer.write(&format!(" {label}: {value}."), &[]);
        writer.end_of_field();
    }
}

fn link(kind: &str, value: &str) -> Option<String> {
    match kind {
        // Old DOIs hold brackets, and a question mark or a number sign would end the path.
        "DOI" => {
            Some(format!("https://doi.org/{}", html::encode(value, |c| c.is_ascii_alphanumeric() || "-._~/:;()".contains(c))))
        }
        "PMID" => Some(format!("https://pubmed.ncbi.nlm.nih.gov/{value}/")),
        "PMCID" => Some(format!("https://pmc.ncbi.nlm.nih.gov/articles/{value}/")),
        _ => html::address(value),
    }
}

fn write(children: &ElemChildren, ids: &Identifiers, writer: &mut Writer, linked: &mut Vec<&'static str>) {
    for child in &children.0 {
        match child {
            ElemChild::Text(text) => writer.write(&text.text, &tags(text.formatting)),
            ElemChild::Markup(text) => writer.write(text, &[]),
            ElemChild::Elem(elem) => {
                if elem.display.is_some() {
                    writer.write(" ", &[]);
                }
                write(&elem.children, ids, writer, linked);
                if elem.meta.is_some() {
                    writer.end_of_field();
                }
            }
            ElemChild::Link { text, url } => {
                // The addresses are built anew from the cleaned identifiers: hayagriva's are neither checked nor encoded.
                let (kind, value) = match url.as_str() {
                    url if url.starts_with("https://doi.org/") && ids.doi.is_some() => ("DOI", &ids.doi),
                    url if url.starts_with("https://www.ncbi.nlm.nih.gov/pubmed/") && ids.pmid.is_some() => ("PMID", &ids.pmid),
                    url if url.starts_with("https://www.ncbi.nlm.nih.gov/pmc/articles/") && ids.pmcid.is_some() => {
                        ("PMCID", &ids.pmcid)
                    }
                    _ => ("URL", &ids.url),
                };
                let mut all: Vec<Tag> = value.as_deref().and_then(|value| link(kind, value)).map(Tag::Link).into_iter().collect();
                all.extend(tags(text.formatting));
                writer.write(&text.text, &all);
                linked.push(kind);
            }
            ElemChild::Transparent { .. } => {}
        }
    }
}

fn tags(formatting: Formatting) -> Vec<Tag> {
    let Formatting { font_style, font_weight, vertical_align, .. } = formatting;
    [
        (font_style == FontStyle::Italic, "i"),
        (font_weight == FontWeight::Bold, "b"),
        (vertical_align == VerticalAlign::Sup, "sup"),
        (vertical_align == VerticalAlign::Sub, "sub"),
    ]
    .into_iter()
    .filter_map(|(is_set, name)| is_set.then_some(Tag::Plain(name)))
    .collect()
}

fn identifiers(csl: &Map<String, Value>) -> Identifiers {
    let mut ids = Identifiers::default();
    let given = |key: &str| csl.get(key).and_then(text).map(|text| html::plain(&text)).filter(|text| !text.is_empty());
    if let Some(written) = given("DOI") {
        match doi(&written) {
            Some(doi) => ids.doi = Some(doi),
            None => ids.odd.push(("doi", written)),
        }
    }
    if let Some(written) = given("PMID") {
        match pmid(&written) {
            Some(pmid) => ids.pmid = Some(pmid),
            None => ids.odd.push(("PMID", written)),
        }
    }
    if let Some(written) = given("PMCID") {
        match pmcid(&written) {
            Some(pmcid) => ids.pmcid = Some(pmcid),
            None => ids.odd.push(("PMCID", written)),
        }
    }
    if let Some(url) = given("URL") {
        // An address that only repeats an identifier is that identifier.
        let in_registry = |hosts: &[&str]| hosts.iter().any(|host| url.to_lowercase().contains(host));
        if let Some(found) = doi(&url).filter(|_| in_registry(&["://doi.org/", "://dx.doi.org/", "://www.doi.org/"])) {
            ids.url = ids.doi.as_ref().is_some_and(|doi| !doi.eq_ignore_ascii_case(&found)).then_some(url);
            ids.doi = ids.doi.or(Some(found));
        } else if let Some(found) = pmid(&url).filter(|_| in_registry(&["pubmed.ncbi.nlm.nih.gov/", "ncbi.nlm.nih.gov/pubmed/"]))
        {
            ids.url = ids.pmid.as_ref().is_some_and(|pmid| *pmid != found).then_some(url);
            ids.pmid = ids.pmid.or(Some(found));
        } else if let Some(found) =
            pmcid(url.rsplit("/articles/").next().unwrap_or_default()).filter(|_| in_registry(&["ncbi.nlm.nih.gov/"]))
        {
            ids.url = ids.pmcid.as_ref().is_some_and(|pmcid| *pmcid != found).then_some(url);
            ids.pmcid = ids.pmcid.or(Some(found));
        } else {
            ids.url = Some(url);
        }
    }
    ids
}

/// `10.1016/8756-3282(95)90193-0`, with or without `doi:` or an address before it.
fn doi(text: &str) -> Option<String> {
    let rest = &text[text.find("10.")?..];
    let before = text[..text.len() - rest.len()].trim_end().to_lowercase();
    let known = before.is_empty() || before.ends_with("doi.org/") || before.ends_with("doi:") || before.ends_with("doi");
    let (registrant, suffix) = rest.split_once('/')?;
    let good = registrant.len() > 4 && registrant.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (known && good && !suffix.is_empty() && !suffix.contains(char::is_whitespace)).then(|| rest.to_owned())
}

fn pmid(text: &str) -> Option<String> {
    let text = text.trim_end_matches('/');
    let digits = text.rsplit(|c: char| !c.is_ascii_digit()).next()?;
    let before = text[..text.len() - digits.len()].trim_end().to_lowercase();
    let known =
        ["", "pmid", "pmid:", "/"].contains(&before.as_str()) || before.ends_with("/pubmed/") || before.ends_with("nlm.nih.gov/");
    (known && (1..=8).contains(&digits.len()))
        .then(|| digits.trim_start_matches('0').to_owned())
        .filter(|digits| !digits.is_empty())
}

fn pmcid(text: &str) -> Option<String> {
    let text = text.trim_end_matches('/').to_uppercase();
    let digits = text.rsplit(|c: char| !c.is_ascii_digit()).next()?;
    (text.starts_with("PMC") && (1..=9).contains(&digits.len())).then(|| format!("PMC{digits}"))
}

/// A text or a number as a text; a list of them with commas.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(list) => {
            let list: Vec<_> = list.iter().filter(|value| !value.is_array()).filter_map(text).collect();
            (!list.is_empty()).then(|| list.join(", "))
        }
        _ => None,
    }
}

/// A record as hayagriva wants it, with nothing in it that it can't bear: ranges of dates, a month 0 and empty parts of
/// names make it panic, and numbers beyond its types are cut silently.
fn item(csl: &Map<String, Value>, ids: &Identifiers) -> Item {
    let mut item = std::collections::BTreeMap::new();
    item.insert("type".to_owned(), CslValue::String(kind(csl.get("type").and_then(Value::as_str).unwrap_or_default())));
    for (key, value) in [("DOI", &ids.doi), ("PMID", &ids.pmid), ("PMCID", &ids.pmcid), ("URL", &ids.url)] {
        if let Some(value) = value {
            item.insert(key.to_owned(), CslValue::String(value.clone()));
        }
    }
    for (key, value) in csl.iter().filter(|(key, _)| !UNUSED.contains(&key.as_str())) {
        let value = match key.as_str() {
            key if NAMES.contains(&key) => people(value),
            key if DATES.contains(&key) => date::date(value).map(day),
            key if NUMBERS.contains(&key) => text(value).map(|text| CslValue::String(number(&html::clean(&text)))),
            "page" => text(value).map(|text| CslValue::String(pages(&html::plain(&text)))),
            _ => text(value).map(|text| CslValue::String(html::clean(&text))),
        };
        if let Some(value) = value.filter(|value| !matches!(value, CslValue::String(text) if text.is_empty())) {
            item.insert(key.clone(), value);
        }
    }
    Item(item)
}

fn kind(written: &str) -> String {
    let kind = written.trim().to_lowercase();
    if Kind::from_str(&kind).is_ok() {
        return kind;
    }
    // The names of Crossref, and CSL's with the wrong stroke.
    let known = match kind.as_str() {
        "journal-article" | "journal" | "article_journal" => "article-journal",
        "book-chapter" | "book-section" => "chapter",
        "proceedings-article" | "paper_conference" => "paper-conference",
        "website" | "web" => "webpage",
        "dissertation" => "thesis",
        "legal-case" => "legal_case",
        "motion-picture" => "motion_picture",
        _ => "document",
    };
    known.to_owned()
}

fn people(value: &Value) -> Option<CslValue> {
    let names: Vec<_> = name::names(value)
        .into_iter()
        .take(MOST_NAMES)
        .map(|name| match name {
            // hayagriva would look for particles in it, and find one in "Royal College of Physicians".
            name::Name { family, given: None, particle: None, dropping: None, suffix: None } => {
                let literal = if family == "others" { "et al.".to_owned() } else { family };
                NameValue::Literal(LiteralName { literal })
            }
            name => NameValue::Item(NameItem {
                family: name.family,
                given: name.given,
                non_dropping_particle: name.particle,
                dropping_particle: name.dropping,
                suffix: name.suffix,
                comma_suffix: None,
            }),
        })
        .collect();
    (!names.is_empty()).then_some(CslValue::Names(names))
}

/// The first day only: ranges make hayagriva panic.
fn day(date: date::Date) -> CslValue {
    let day = date.start;
    // CSL counts 44 BC as -44, hayagriva as -43.
    let year = if day.year < 0 { day.year + 1 } else { day.year };
    let parts = [Some(year), day.month.map(i16::from), day.day.map(i16::from)];
    CslValue::Date(DateValue::DateParts {
        date_parts: VecDateRange(vec![VecDate(parts.into_iter().flatten().collect())]),
        literal: None,
        season: date.season.map(|season| season.to_string()),
        circa: date.circa,
    })
}

/// Numbers near the end of 32 bits overflow where hayagriva looks for their ordinals: nine digits are no volume.
fn number(text: &str) -> String {
    let is_long = text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > 8);
    if is_long { text.replace('-', "‑") } else { text.to_owned() }
}

/// A range has one hyphen, whatever dash it was written with.
fn pages(text: &str) -> String {
    let mut pages = text.replace(['–', '—', '‐', '‑', '−'], "-");
    while pages.contains("--") {
        pages = pages.replace("--", "-");
    }
    pages
}

/// A style without the number or label before an entry, and without what only citations in a text need.
///
/// The number is taken out of the style and not out of its result, because there it can't be told from other text.
fn without_numbers(mut csl: IndependentStyle) -> IndependentStyle {
    csl.citation.layout.elements.clear();
    csl.citation.sort = None;
    csl.citation.collapse = None;
    csl.citation.disambiguate_add_givenname = false;
    csl.citation.disambiguate_add_names = false;
    csl.citation.disambiguate_add_year_suffix = false;
    for part in &mut csl.macros {
        strip(&mut part.children);
    }
    if let Some(bibliography) = &mut csl.bibliography {
        bibliography.sort = None;
        bibliography.second_field_align = None;
        bibliography.subsequent_author_substitute = None;
        strip(&mut bibliography.layout.elements);
    }
    csl
}

/// Takes the citation number and label out of parts of a style; whether any were there.
fn strip(parts: &mut Vec<Part>) -> bool {
    let before = parts.len();
    let mut found = false;
    parts.retain_mut(|part| match part {
        Part::Text(text) => !matches!(&text.target, TextTarget::Variable { var, .. } if is_number(*var)),
        Part::Number(number) => number.variable != NumberOrPageVariable::Number(NumberVariable::CitationNumber),
        Part::Group(group) => {
            let stripped = strip(&mut group.children);
            found |= stripped;
            // What is left of `[1]` are brackets.
            let only_signs = group.children.iter().all(|child| {
                matches!(child, Part::Text(text) if matches!(text.target, TextTarget::Value { .. } | TextTarget::Term { .. }))
            });
            !(stripped && only_signs)
        }
        Part::Choose(choose) => {
            for branch in std::iter::once(&mut choose.if_).chain(&mut choose.else_if) {
                found |= strip(&mut branch.children);
            }
            if let Some(otherwise) = &mut choose.otherwise {
                found |= strip(&mut otherwise.children);
            }
            true
        }
        Part::Names(names) => {
            // Names with a label and without `cs:name`, which CSL allows, are empty to hayagriva: NLM would have no authors.
            // Names without anything in them are another case: in a substitute they look like those that they stand for.
            if !names.children.is_empty() && names.name().is_none() {
                names.children.insert(0, NamesChild::Name(Name::default()));
            }
            for child in &mut names.children {
                if let NamesChild::Substitute(substitute) = child {
                    strip(&mut substitute.children);
                }
            }
            true
        }
        _ => true,
    });
    found || parts.len() != before
}

fn is_number(variable: Variable) -> bool {
    matches!(
        variable,
        Variable::Number(NumberVariable::CitationNumber)
            | Variable::Standard(StandardVariable::CitationLabel | StandardVariable::YearSuffix)
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::evidence::tests::{Random, map};

    fn html(style_name: &str, csl: Value) -> String {
        format("the-id", &map(csl), &style(style_name, "en").unwrap_or_else(|| panic!("{style_name}")))
    }

    fn article() -> Value {
        json!({
            "type": "article-journal", "container-title": "Bone", "volume": 16, "issue": "4", "page": "469–476",
            "issued": {"year": 1995}, "title": "Weight-bearing exercise & ground reaction forces",
            "author": [{"family": "Bassey", "given": "E. J."}, {"family": "Ramsdale", "given": "S. J."}],
            "DOI": "10.1016/8756-3282(95)90193-0", "PMID": "7605708", "abstract": "Not printed", "verified": true,
        })
    }

    #[test]
    fn an_article_in_some_styles() {
        let doi = r#"<a href="https://doi.org/10.1016/8756-3282(95)90193-0">"#;
        let pmid = r#"PMID: <a href="https://pubmed.ncbi.nlm.nih.gov/7605708/">7605708</a>."#;
        let title = "Weight-bearing exercise &amp; ground reaction forces";
        let names = "Bassey EJ, Ramsdale SJ";
        assert_eq!(
            html("vancouver", article()),
            format!("{names}. {title}. Bone. 1995;16(4):469–76. doi:{doi}10.1016/8756-3282(95)90193-0</a> PubMed {pmid}")
        );
        assert_eq!(
            html("apa", article()),
            format!(
                "Bassey, E. J., &amp; Ramsdale, S. J. (1995). {title}. <i>Bone</i>, <i>16</i>(4), 469–476. \
                 {doi}https://doi.org/10.1016/8756-3282(95)90193-0</a> {pmid}"
            )
        );
        assert_eq!(
            html("ama", article()),
            format!("{names}. {title}. <i>Bone</i>. 1995;16(4):469-476. doi:{doi}10.1016/8756-3282(95)90193-0</a> {pmid}")
        );
        assert_eq!(
            html("nature", article()),
            format!(
                "Bassey, E. J. &amp; Ramsdale, S. J. {title}. <i>Bone</i> <b>16,</b> 469–476 (1995). \
                 doi: {doi}10.1016/8756-3282(95)90193-0</a>. {pmid}"
            )
        );
    }

    #[test]
    fn other_records() {
        assert_eq!(
            html(
                "vancouver",
                json!({
                    "type": "webpage", "title": "Exercise and <i>bone</i>: safe?", "author": "Royal Osteoporosis Society",
                    "URL": "https://example.org/a?b=1&c=2", "accessed": "2024-02-03", "issued": "2022",
                })
            ),
            "Royal Osteoporosis Society. Exercise and <i>bone</i>: safe? [Internet]. 2022 [cited 2024 Feb 3]. Available from: \
             <a href=\"https://example.org/a?b=1&amp;c=2\">https://example.org/a?b=1&amp;c=2</a>"
        );
        assert_eq!(
            html(
                "vancouver",
                json!({
                    "type": "chapter", "title": "The part", "container-title": "The whole", "publisher": "Press",
                    "publisher-place": "Oslo",
                    "author": [{"family": "Berg", "given": "Anna Maria", "non-dropping-particle": "van den"}],
                    "editor": [{"family": "Itor", "given": "Ed", "suffix": "Jr."}], "issued": [2001, 3],
                    "page": "1-9", "edition": 2,
                })
            ),
            "van den Berg AM. The part. In: Itor E Jr., editor. The whole. 2nd ed. Oslo: Press; 2001. pp. 1–9."
        );
        assert_eq!(
            html(
                "vancouver",
                json!({"type": "webpage", "title": "T", "author": [{"literal": "British Journal of Sports Medicine"}]})
            ),
            "British Journal of Sports Medicine. T."
        );
        assert_eq!(
            html("vancouver", json!({"type": "webpage", "title": "T", "author": ["Watson, S. L.", "others"]})),
            "Watson SL, et al. T."
        );
        let many: Vec<_> = (0..9).map(|n| json!({"family": format!("Name{n}"), "given": "A"})).collect();
        assert_eq!(
            html("vancouver", json!({"type": "book", "title": "T", "author": many, "publisher": "P", "issued": 2001})),
            "Name0 A, Name1 A, Name2 A, Name3 A, Name4 A, Name5 A, et al. T. P; 2001."
        );
        let old = json!({"type": "book", "title": "Republic", "author": [{"given": "Plato"}], "issued": -380});
        assert_eq!(html("vancouver", old), "Plato. Republic. 380 BC.");
    }

    #[test]
    fn poor_records_are_honest() {
        assert_eq!(html("vancouver", json!({})), "the-id");
        assert_eq!(html("apa", json!({"type": "book", "issued": 2001, "author": [], "title": "…"})), "the-id");
        assert_eq!(html("vancouver", json!({"title": "Only a title"})), "Only a title.");
        assert_eq!(html("apa", json!({"title": "Only a title", "type": "nonsense"})), "<i>Only a title</i>. (n.d.).");
        assert_eq!(
            html("vancouver", json!({"PMID": 17})),
            r#"the-id. PMID: <a href="https://pubmed.ncbi.nlm.nih.gov/17/">17</a>."#
        );
        assert_eq!(html("apa", json!({"title": "Is it?", "PMID": "unknown"})), "<i>Is it?</i> (n.d.). PMID: unknown.");
        let nothing = format("", &Map::new(), &style("apa", "en").expect("apa"));
        assert_eq!(nothing, "Record without details");
    }

    #[test]
    fn identifiers_are_cleaned_and_added_once() {
        let with = |key: &str, value: &str| html("nature", json!({"type": "book", "title": "T", key: value}));
        let doi =
            "<i>T</i>. doi:<a href=\"https://doi.org/10.1002/(SICI)1%3C2::A%3E3.0%3F%23\">10.1002/(SICI)1&lt;2::A&gt;3.0?#</a>.";
        for written in
            ["10.1002/(SICI)1<2::A>3.0?#", "doi:10.1002/(SICI)1<2::A>3.0?#", "HTTPS://dx.doi.org/10.1002/(SICI)1<2::A>3.0?#"]
        {
            assert_eq!(with("DOI", written), doi);
        }
        assert_eq!(with("URL", "https://doi.org/10.1002/(SICI)1<2::A>3.0?#"), doi);
        assert_eq!(with("DOI", "11.1/x"), "<i>T</i>. doi: 11.1/x.");
        let pmid = "<i>T</i>. PMID: <a href=\"https://pubmed.ncbi.nlm.nih.gov/123/\">123</a>.";
        assert_eq!(with("PMID", "PMID: 123"), pmid);
        assert_eq!(with("URL", "https://www.ncbi.nlm.nih.gov/pubmed/123/"), pmid);
        let pmc = "<i>T</i>. PMCID: <a href=\"https://pmc.ncbi.nlm.nih.gov/articles/PMC9/\">PMC9</a>.";
        assert_eq!(with("PMCID", "pmc9"), pmc);
        assert_eq!(with("URL", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9/"), pmc);
        assert_eq!(with("URL", "https://x.org/\"a"), "<i>T</i>. <a href=\"https://x.org/%22a\">https://x.org/&quot;a</a>.");
    }

    #[test]
    fn only_safe_links_and_tags() {
        let hostile = "<script>x</script>\"'><img src=x onerror=y>\u{202E}&lt;b&gt;";
        let csl = json!({
            "type": "webpage", "title": hostile, "container-title": hostile, "publisher": hostile, "volume": hostile,
            "edition": hostile, "URL": "javascript:alert(1)", "DOI": "10.1234/\"><script>", "PMID": "<b>1",
            "author": [{"family": hostile, "given": hostile}, hostile],
        });
        for name in ["vancouver", "apa", "chicago", "gb-7714-2015-note"] {
            let html = html(name, csl.clone()).to_lowercase();
            assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("href=\"javascript"), "{html}");
            assert_eq!(
                html.matches('<').count(),
                html.matches("<a href=\"https://").count()
                    + html.matches("</a>").count()
                    + ["<i>", "</i>", "<b>", "</b>"].iter().map(|tag| html.matches(tag).count()).sum::<usize>(),
                "{html}"
            );
        }
    }

    #[test]
    fn all_styles_print_without_numbers() {
        for name in style_names() {
            let html = html(name, article());
            assert!(html.trim_start_matches("<b>").to_lowercase().starts_with(['b', 'e']), "{name}: {html}");
            assert!(html.contains("1995") && html.contains("7605708"), "{name}: {html}");
        }
        assert!(style("vancuover", "en").is_none());
        assert!(style("alphanumeric", "en").is_none());
        assert_eq!(style(" Vancouver ", "en").map(|style| style.name), Some("vancouver"));
    }

    #[test]
    fn languages() {
        let codes =
            |language| locales(language).into_iter().filter_map(|locale| locale.lang.map(|code| code.0)).collect::<Vec<_>>();
        assert_eq!(codes("en"), ["en-US"]);
        assert_eq!(codes("en-gb"), ["en-GB", "en-US"]);
        assert_eq!(codes("de"), ["de-DE", "en-US"]);
        assert_eq!(codes("de_AT"), ["de-AT", "en-US"]);
        assert_eq!(codes("cs"), ["cs-CZ", "en-US"]);
        for unknown in ["", "xx", "é", "en-US-x-private", "-"] {
            assert_eq!(codes(unknown), ["en-US"], "{unknown}");
        }
        let book = map(json!({"type": "book", "title": "T", "edition": 2, "issued": "2001-03-02", "URL": "https://x.org"}));
        let german = format("x", &book, &style("vancouver", "de").expect("vancouver"));
        assert!(german.contains("Verfügbar unter"), "{german}");
    }

    #[test]
    fn an_entry_depends_on_nothing_else() {
        // Author and year are the same, which a driver over both would tell apart as 1995a and 1995b.
        let style = style("apa", "en").expect("apa");
        let one = map(article());
        let mut two = one.clone();
        two.insert("title".into(), "Another title".into());
        let alone = format("one", &one, &style);
        let other = format("two", &two, &style);
        assert_eq!(alone, format("one", &one, &style));
        assert!(alone.contains("(1995)") && other.contains("(1995)"));
    }

    /// Pieces of odd texts, separated by `|`.
    const ODD: &str = "0|-1|2147483647|-2147483647|-2147483648|99999999999999|1-|--|1,2&3|12–|I|٣|²|1\\-2|& 1|1e9||.|…|é|ß.|İ|ŉ|\
                       ﬁ x|日本語|e\u{301}|👩‍👩‍👧|\u{0}|A. B.|'|“x|a-b|von|de la|x\u{a0}y|<i>|</i>|$x$|\u{E000}| ";

    /// A record of odd values.
    fn odd(random: &mut Random) -> Map<String, Value> {
        let texts: Vec<_> = ODD.split('|').collect();
        let kinds: Vec<_> =
            "article-journal book chapter webpage report thesis paper-conference patent legal_case song ?".split(' ').collect();
        let keys: Vec<_> =
            "title container-title page publisher DOI URL PMID note language title-short genre".split(' ').collect();
        let dates =
            [json!(0), json!(-1), json!(9999), json!([[1995, 13]]), json!([[1995], [1996]]), json!("Winter 1995"), json!("c. 1")];
        let mut csl = map(json!({"type": kinds[random.below(kinds.len())]}));
        for _ in 0..random.below(14) {
            let lists = [NUMBERS, DATES, NAMES, &keys];
            let list = lists[random.below(lists.len())];
            let key = list[random.below(list.len())];
            let mut text = || (0..=random.below(3)).map(|_| texts[random.below(texts.len())]).collect::<String>();
            let value = match text().len() % 6 {
                0 => json!([
                    {"family": text(), "given": text(), "suffix": text(), "non-dropping-particle": text()},
                    {"family": text(), "dropping-particle": text()}, {"literal": text()}, null, [[]],
                ]),
                1 => json!({"year": 1995, "month": random.below(14)}),
                2 => dates[random.below(dates.len())].clone(),
                _ => text().into(),
            };
            csl.insert(key.into(), value);
        }
        csl
    }

    #[test]
    fn odd_data_never_panics() {
        let mut random = Random(11);
        let styles: Vec<_> = style_names().into_iter().filter_map(|name| style(name, "en")).collect();
        for round in 0..3000 {
            let csl = odd(&mut random);
            let html = format("the-id", &csl, &styles[round % styles.len()]);
            assert!(!html.is_empty(), "{csl:?}");
        }
    }

    #[test]
    fn huge_records_end_soon() {
        let long = "word ".repeat(100_000);
        let people: Vec<_> = (0..10_000).map(|n| json!({"family": format!("Name{n}"), "given": "A. B."})).collect();
        let csl = json!({
            "type": "article-journal", "title": long, "container-title": long, "author": people,
            "editor": [{"family": long, "given": long}], "volume": "9".repeat(100_000), "page": "1-".repeat(100_000),
            "issue": "1,".repeat(100_000), "note": long, "issued": 1995,
        });
        for name in ["vancouver", "apa", "chicago"] {
            assert!(html(name, csl.clone()).len() < 50_000);
        }
    }
}
