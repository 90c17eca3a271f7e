//! `W003` long-paragraph.

use super::{Words, rule};
use crate::entry::Slot;
use crate::finding::{Finding, Findings};

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
    /// Five sentences about walking, carrying, climbing, resting and sleeping, all in one paragraph.
    /// ```
    ///
    /// # Instead
    ///
    /// ```markdown
    /// Two sentences about walking and carrying.
    ///
    /// Three about climbing, resting and sleeping.
    /// ```
    LONG_PARAGRAPH = "W003", "long-paragraph", Warning
}

/// Sentences of a paragraph that can be taken in at once.
const LIMIT: usize = 4;

/// Words below which a paragraph is short, however many sentences it has.
const SHORT: usize = 60;

/// Paragraphs that are too long.
pub fn check(words: &Words<'_>) -> Findings {
    let mut findings = Findings::default();
    for passage in words.readable().filter(|passage| matches!(passage.slot, Slot::Body | Slot::Answer | Slot::Text)) {
        let sentences = passage.sentences();
        if sentences.len() > LIMIT && crate::words::words(&passage.text).count() > SHORT {
            let message = format!("this paragraph has {} sentences; {LIMIT} are enough", sentences.len());
            let finding = Finding::new(&LONG_PARAGRAPH, passage.at(words.document, &(0..passage.text.len())), message);
            findings.push(finding.help("begin a new paragraph where a new thought begins, or make it a list"));
        }
    }
    findings
}
