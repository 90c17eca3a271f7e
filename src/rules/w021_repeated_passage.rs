//! `W021` repeated-passage.

use std::collections::BTreeMap;

use super::rule;
use crate::entry::Slot;
use crate::finding::{At, Finding, Findings};
use crate::hash::Hash;
use crate::parse::Document;
use crate::parse::markdown::words;
use crate::parse::running::{Passage, PassageKind};

rule! {
    /// # What it finds
    ///
    /// A paragraph or a list of 25 words or more that stands word for word in two places: twice on one page, or on two pages.
    /// Quotations are left alone, and so are cards, warnings and claims that a text embeds.
    ///
    /// # Why it matters
    ///
    /// What is copied is mended in one place and stays wrong in the other. And what stands on every page, such as an advertisement, stands
    /// between readers and their answer.
    ///
    /// # Example
    ///
    /// The articles `falls` and `hips` both have this paragraph:
    ///
    /// ```markdown
    /// Hold on to the back of a chair or to the kitchen worktop while you practise. Keep a clear floor around you, and wear shoes that do not slip.
    /// ```
    ///
    /// # Instead
    ///
    /// Write it once, as a warning, a claim or an article, and embed it or link to it:
    ///
    /// ```markdown
    /// ![[hold-on]]
    /// ```
    REPEATED_PASSAGE = "W021", "repeated-passage", Warning
}

/// Words from which on the same words are no accident.
const WORDS: u32 = 25;

/// Other places that a finding names.
const NAMED: usize = 3;

/// The passages of an entry that are long enough, by their fingerprints.
pub fn long(document: &Document, passages: &[Passage]) -> Vec<(Hash, At)> {
    let is_own = |passage: &&Passage| matches!(passage.slot, Slot::Body | Slot::Answer) && !passage.is_quoted;
    let own: Vec<&Passage> = passages.iter().filter(is_own).collect();
    // The items of a list are one passage.
    let blocks = own.chunk_by(|one, next| one.kind == PassageKind::Item && next.kind == PassageKind::Item);
    let long = blocks.filter(|block| {
        let is_text = matches!(block[0].kind, PassageKind::Paragraph | PassageKind::Item);
        is_text && block.iter().map(|passage| words(&passage.text)).sum::<u32>() >= WORDS
    });
    long.map(|block| {
        let texts: Vec<&str> = block.iter().map(|passage| passage.text.trim()).collect();
        (Hash::of(&texts), block[0].at(document, &(0..block[0].text.len())))
    })
    .collect()
}

/// Passages that stand in several places, reported at the second of them.
pub fn check<'a>(passages: impl Iterator<Item = &'a (Hash, At)>) -> Findings {
    let mut places: BTreeMap<Hash, Vec<&At>> = BTreeMap::new();
    for (hash, at) in passages {
        places.entry(*hash).or_default().push(at);
    }
    let mut findings = Findings::default();
    for mut places in places.into_values().filter(|places| places.len() > 1) {
        places.sort();
        let times = match places.len() {
            2 => String::new(),
            more => format!(", in {more} places in all"),
        };
        let message = format!("this passage stands elsewhere word for word{times}");
        let mut finding = Finding::new(&REPEATED_PASSAGE, places[1].clone(), message)
            .help("write it once and link to it, or make it a warning or a claim and embed it");
        for (position, at) in places.iter().enumerate().filter(|(position, _)| *position != 1).take(NAMED) {
            let label = if position == 0 { "it stands here first" } else { "and here" };
            finding = finding.note(Some((*at).clone()), label);
        }
        findings.push(finding);
    }
    findings
}
