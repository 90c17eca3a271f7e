//! `E003` incomplete-reference.

use serde_json::Value;

use super::rule;
use crate::config::Publication;
use crate::entry::Reference;
use crate::evidence;
use crate::finding::{Finding, Findings};
use crate::graph::Graph;

rule! {
    /// # What it finds
    ///
    /// A reference without an author, a year, the journal or book that it appeared in, or a way to it: a DOI, a PMID, an ISBN or an
    /// address. A page on the web needs no year. What is named in `unverified` is not printed and counts as missing; as that says openly
    /// what is not known, a draft is not reminded of it.
    ///
    /// # Why it matters
    ///
    /// A reader who can't find a source can't check it.
    ///
    /// # Example
    ///
    /// A study without its year:
    ///
    /// ```yaml
    /// title: Heel drops
    /// author: [{family: Writer, given: Jo}]
    /// container-title: Journal of Examples
    /// DOI: 10.1000/101
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// title: Heel drops
    /// author: [{family: Writer, given: Jo}]
    /// issued: {year: 2001}
    /// container-title: Journal of Examples
    /// DOI: 10.1000/101
    /// ```
    INCOMPLETE_REFERENCE = "E003", "incomplete-reference", Warning, Error in production
}

/// Who can stand for an author, in CSL's names.
const WHO: &[&str] = &["author", "editor", "container-author", "translator", "compiler", "director", "composer", "authority"];

/// What leads a reader to the source.
const WAYS: &[&str] = &["DOI", "PMID", "PMCID", "ISBN", "URL"];

/// Types that are a part of something larger.
const PARTS: &[&str] = &[
    "article-journal",
    "article-magazine",
    "article-newspaper",
    "chapter",
    "entry-dictionary",
    "entry-encyclopedia",
    "paper-conference",
];

/// Types that often carry no date.
const UNDATED: &[&str] = &["webpage", "post", "post-weblog", "software", "dataset"];

/// References that lack what is printed. One that nobody uses is another rule's matter.
pub fn check(graph: &Graph) -> Findings {
    let is_draft = graph.config.publication == Publication::Draft;
    let used = graph.used_references();
    let mut findings = Findings::default();
    for (_, document, reference) in graph.references().filter(|(index, ..)| used.contains(index)) {
        let missing: Vec<&str> = missing(reference, is_draft).collect();
        if let Some((last, rest)) = missing.split_last() {
            let list = if rest.is_empty() { (*last).to_owned() } else { format!("{} and {last}", rest.join(", ")) };
            findings.push(
                Finding::new(&INCOMPLETE_REFERENCE, document.at(), format!("the reference `{}` lacks {list}", document.id))
                    .help("add what is missing from the source itself; name in `unverified` what nobody could confirm"),
            );
        }
    }
    findings
}

/// What is missing, in words. In a draft, what is openly not known is not missing.
fn missing(reference: &Reference, is_draft: bool) -> impl Iterator<Item = &'static str> {
    let is_open = move |key: &str| is_draft && reference.unverified.iter().any(|field| field == key);
    let is_printed = |key: &str| !reference.unverified.iter().any(|field| field == key);
    let has = |key: &&str| is_printed(key) && reference.field(key).is_some_and(|value| is_filled(&value));
    let is_known = |keys: &[&str]| keys.iter().any(|key| has(key) || is_open(key));
    let kind = reference.field("type").and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default();
    let is_of = |kinds: &[&str]| kinds.contains(&kind.as_str());
    let year = is_open("issued")
        || is_printed("issued") && reference.field("issued").is_some_and(|issued| evidence::issued(&issued).is_some());
    [
        (!is_known(WHO)).then_some("an author"),
        (!year && !is_of(UNDATED)).then_some("a year"),
        (is_of(PARTS) && !is_known(&["container-title"])).then_some("the journal or book that it appeared in"),
        (!is_known(WAYS)).then_some("a DOI, PMID or address"),
    ]
    .into_iter()
    .flatten()
}

fn is_filled(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(list) => list.iter().any(is_filled),
        Value::Object(map) => map.values().any(is_filled),
        Value::Bool(_) | Value::Number(_) => true,
    }
}
