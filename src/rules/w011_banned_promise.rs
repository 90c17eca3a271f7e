//! `W011` banned-promise.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{Words, rule};
use crate::entry::Kind;
use crate::finding::{At, Finding, Findings};
use crate::wording::{Word, find_phrase, is_denied, is_in_quotation_marks, may_hold, search, span, words};

rule! {
    /// # What it finds
    ///
    /// Words that promise more than health advice can: cure, miracle, guaranteed, proven, powerhouse, and "reverse" before the
    /// name of a disease. Questions, quotations and sentences that deny it ("there is no cure") are left alone. English only.
    ///
    /// # Why it matters
    ///
    /// A promise that can't be kept costs the reader's trust, and sometimes the treatment that would have helped.
    ///
    /// # Example
    ///
    /// ```markdown
    /// Squats reverse osteoporosis.
    /// ```
    ///
    /// # Instead
    ///
    /// ```markdown
    /// Squats may slow the loss of bone at the hip [@writer2001].
    /// ```
    BANNED_PROMISE = "W011", "banned-promise", Warning
}

/// Words that promise by themselves.
const PROMISES: &[&str] = &[
    "cure",
    "cured",
    "cures",
    "curing",
    "guarantee",
    "guaranteed",
    "guarantees",
    "miracle",
    "miracles",
    "miraculous",
    "miraculously",
    "powerhouse",
    "proven",
];

const REVERSE: &[&str] = &["reverse", "reversed", "reverses", "reversing"];

/// What is not reversed by exercise. A movement or a lunge may be.
const DISEASES: &[&str] =
    &["ageing", "aging", "arthritis", "disease", "fracture", "fractures", "loss", "osteopenia", "osteoporosis"];

/// Words that make less of it.
const QUALIFIERS: &[&str] = &[
    "could",
    "little",
    "may",
    "might",
    "part",
    "partially",
    "partly",
    "slightly",
    "some",
    "somewhat",
    "sometimes",
    "whether",
    "if",
];

/// What a text with a promise holds.
static SEARCH: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| search(PROMISES.iter().chain(REVERSE).map(|phrase| first_word(phrase))));

fn first_word(phrase: &str) -> &str {
    phrase.split(' ').next().unwrap_or(phrase)
}

/// Promises in the words of an entry.
pub fn check(site: &Words<'_>) -> Findings {
    let mut findings = Findings::default();
    let document = site.document;
    if document.kind == Kind::Reference || !site.snapshot.graph.config.is_english() {
        return findings;
    }
    let mut add = |at: At, words: &str| {
        findings.push(
            Finding::new(&BANNED_PROMISE, at, format!("\"{words}\" promises more than anybody can keep"))
                .help("say what was seen, in whom and how sure it is: \"may slow the loss of bone\""),
        );
    };
    let meta = [("title", Some(&document.meta.title)), ("description", document.meta.description.as_ref())];
    for (key, text) in meta {
        if let Some(text) = text.filter(|text| !text.trim_end().ends_with('?'))
            && let Some(range) = promise(text, &(0..text.len()))
        {
            add(document.field([key]), &text[range]);
        }
    }
    for passage in site.passages.iter().filter(|passage| !passage.is_quoted && may_hold(&SEARCH, &passage.text)) {
        for sentence in passage.sentences() {
            let text = &passage.text[sentence.clone()];
            if text.ends_with('?') || !may_hold(&SEARCH, text) {
                continue;
            }
            if let Some(range) = promise(&passage.text, sentence).filter(|range| passage.is_plain(range)) {
                add(passage.at(document, &range), &passage.text[range.clone()]);
            }
        }
    }
    findings
}

/// The first promise of a sentence.
fn promise(text: &str, sentence: &Range<usize>) -> Option<Range<usize>> {
    let words = words(text, sentence);
    let found = find_phrase(&words, PROMISES).or_else(|| reversal(&words));
    let (at, count) = found.filter(|(at, count)| !is_denied(&words, *at, *count))?;
    Some(span(&words, at, count)).filter(|range| !is_in_quotation_marks(text, range))
}

/// "Reverse osteoporosis", "bone loss can be reversed".
fn reversal(words: &[Word<'_>]) -> Option<(usize, usize)> {
    let is_of = |words: &[Word<'_>], table: &[&str]| words.iter().any(|word| table.contains(&&*word.text));
    let (at, count) = find_phrase(words, REVERSE).filter(|_| !is_of(words, QUALIFIERS))?;
    let after = &words[at + 1..words.len().min(at + 5)];
    let before = &words[at.saturating_sub(5)..at];
    let is_passive = words[at].text == "reversed" && is_of(before, DISEASES);
    (is_of(after, DISEASES) || is_passive).then_some((at, count))
}

#[cfg(test)]
mod tests {
    use super::promise;

    #[test]
    fn promises_are_told_from_denials() {
        let found = |text: &'static str| promise(text, &(0..text.len())).map(|range| &text[range]);
        assert_eq!(found("A proven plan."), Some("proven"));
        assert_eq!(found("Squats reverse bone loss."), Some("reverse"));
        assert_eq!(found("Your osteoporosis can be reversed."), Some("reversed"));
        assert_eq!(found("Kale is a bone-building powerhouse."), Some("powerhouse"));
        let fine = [
            "There is no cure.",
            "Nothing here is guaranteed.",
            "It is unproven.",
            "A cure does not exist.",
            "Beware of adverts for a “miracle” drink.",
            "Reverse the movement slowly.",
            "Try a reverse lunge.",
            "It may reverse some bone loss.",
            "Osteoporosis can't be reversed by exercise.",
        ];
        assert_eq!(fine.map(found), [None; 9]);
    }
}
