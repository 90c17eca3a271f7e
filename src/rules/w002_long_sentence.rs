//! `W002` long-sentence.

use super::{Words, rule};
use crate::finding::{Finding, Findings};

rule! {
    /// # What it finds
    ///
    /// An English sentence of more than 25 words, in running text.
    ///
    /// # Why it matters
    ///
    /// Who reads slowly has forgotten the beginning of a long sentence at its end. One idea in each sentence is easier to follow.
    ///
    /// # Example
    ///
    /// ```markdown
    /// Hold the back of a firm chair with both hands while you rise onto your toes, and then let your heels drop to the floor so that you feel a small jolt.
    /// ```
    ///
    /// # Instead
    ///
    /// ```markdown
    /// Hold the back of a firm chair with both hands. Rise onto your toes. Let your heels drop to the floor, so that you feel a small jolt.
    /// ```
    LONG_SENTENCE = "W002", "long-sentence", Warning
}

/// Words of a sentence that most readers still follow.
const LIMIT: u32 = 25;

/// Sentences that are too long.
pub fn check(words: &Words<'_>) -> Findings {
    let mut findings = Findings::default();
    for (passage, sentences) in words.passages.iter().zip(&words.sentences) {
        for sentence in sentences.iter().filter(|sentence| sentence.words > LIMIT) {
            let message = format!("this sentence has {} words; {LIMIT} are enough", sentence.words);
            let finding = Finding::new(&LONG_SENTENCE, passage.at(words.document, &sentence.range), message);
            findings.push(finding.help("split it: one idea in each sentence"));
        }
    }
    findings
}
