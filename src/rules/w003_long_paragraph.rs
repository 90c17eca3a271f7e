//! `W003` long-paragraph.

use super::{Words, rule};
use crate::entry::Slot;
use crate::finding::{Finding, Findings};
use crate::parse::running::Passage;

rule! {
    /// # What it finds
    ///
    /// An English paragraph of more than 4 sentences and more than 60 words, in a text of several paragraphs or an answer. Many very short
    /// sentences are no wall of text.
    ///
    /// # Why it matters
    ///
    /// A wall of text is skipped, on a phone most of all, and with it what stands in its middle.
    ///
    /// # Example
    ///
    /// ```markdown
    /// Walk on flat ground for the first week, with a friend who does not mind a rest.
    /// Carry nothing at first, and later a light bag in each hand.
    /// Climb stairs once the walk has become easy, with a hand on the rail.
    /// Rest on a bench as soon as you are out of breath, and go on when you can talk again.
    /// Sleep well before the next walk, and stay at home on a day when you feel ill.
    /// ```
    ///
    /// # Instead
    ///
    /// A new paragraph begins where the text comes to resting:
    ///
    /// ```markdown
    /// Walk on flat ground for the first week, with a friend who does not mind a rest.
    /// Carry nothing at first, and later a light bag in each hand.
    /// Climb stairs once the walk has become easy, with a hand on the rail.
    ///
    /// Rest on a bench as soon as you are out of breath, and go on when you can talk again.
    /// Sleep well before the next walk, and stay at home on a day when you feel ill.
    /// ```
    LONG_PARAGRAPH = "W003", "long-paragraph", Warning
}

/// Sentences of a paragraph that can be taken in at once.
const LIMIT: usize = 4;

/// Words below which a paragraph is short, however many sentences it has.
const SHORT: u32 = 60;

/// Paragraphs that are too long.
pub fn check(words: &Words<'_>) -> Findings {
    let mut findings = Findings::default();
    let is_paragraph = |passage: &Passage| matches!(passage.slot, Slot::Body | Slot::Answer | Slot::Text);
    for (passage, sentences) in words.passages.iter().zip(&words.sentences).filter(|(passage, _)| is_paragraph(passage)) {
        if sentences.len() > LIMIT && sentences.iter().map(|sentence| sentence.words).sum::<u32>() > SHORT {
            let message = format!("this paragraph has {} sentences; {LIMIT} are enough", sentences.len());
            let finding = Finding::new(&LONG_PARAGRAPH, passage.at(words.document, &(0..passage.text.len())), message);
            findings.push(finding.help("begin a new paragraph where a new thought begins, or make it a list"));
        }
    }
    findings
}
