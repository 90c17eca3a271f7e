//! `W012` overconfident-claim.

use super::{Words, rule};
use crate::entry::{Certainty, Data, Slot};
use crate::finding::{Finding, Findings};
use crate::wording::{Word, span, words};

rule! {
    /// # What it finds
    ///
    /// A claim whose certainty is less than high, with a verb that is as sure as if it were ("reduces", "prevents"), and no word that makes
    /// less of it. English only.
    ///
    /// # Why it matters
    ///
    /// Most readers never look at the certainty. They go by the sentence.
    ///
    /// # Example
    ///
    /// ```yaml
    /// statement: Heel drops prevent bone loss.
    /// certainty: low
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// statement: Heel drops may prevent bone loss.
    /// certainty: low
    /// ```
    ///
    /// "Probably" goes with moderate certainty, "may" with low, "we are not sure whether" with very low.
    OVERCONFIDENT_CLAIM = "W012", "overconfident-claim", Warning
}

/// Verbs that say that something has an effect. What was seen in a study stands in the past and is fine.
const VERBS: &[&str] = &[
    "build",
    "builds",
    "cause",
    "causes",
    "cut",
    "cuts",
    "decrease",
    "decreases",
    "eliminate",
    "eliminates",
    "ensure",
    "ensures",
    "halt",
    "halts",
    "halve",
    "halves",
    "heal",
    "heals",
    "improve",
    "improves",
    "increase",
    "increases",
    "lower",
    "lowers",
    "maintain",
    "maintains",
    "prevent",
    "prevents",
    "protect",
    "protects",
    "raise",
    "raises",
    "reduce",
    "reduces",
    "restore",
    "restores",
    "slow",
    "slows",
    "stop",
    "stops",
    "strengthen",
    "strengthens",
];

/// Words before a verb (or noun, or adjective) of the same form that is no statement.
const BEFORE: &[&str] = &[
    "big", "fast", "gradual", "large", "rapid", "slow", "small", "steady", "a", "an", "and", "any", "be", "can", "cannot",
    "could", "did", "didn't", "do", "doesn't", "does", "don't", "in", "is", "less", "more", "must", "no", "not", "of", "or",
    "should", "that", "the", "to", "too", "very", "was", "were", "will", "with", "would", "are", "which", "who", "you", "we",
    "they",
];

/// Words that make less of a statement at any certainty.
const HEDGES: &[&str] = &[
    "appear",
    "appears",
    "could",
    "few",
    "hardly",
    "hint",
    "hints",
    "if",
    "little",
    "may",
    "maybe",
    "might",
    "never",
    "no",
    "nobody",
    "not",
    "perhaps",
    "possible",
    "possibly",
    "seem",
    "seems",
    "some",
    "suggest",
    "suggests",
    "unclear",
    "uncertain",
    "unknown",
    "unsure",
    "whether",
];

/// Words that make less of it where the certainty is moderate.
const LIKELY: &[&str] = &["can", "generally", "likely", "mostly", "often", "probably", "tend", "tends", "usually"];

/// Statements that are surer than their evidence.
pub fn check(site: &Words<'_>) -> Findings {
    let mut findings = Findings::default();
    let Data::Claim(claim) = &site.document.data else { return findings };
    let advice = match claim.certainty {
        Some(Certainty::Moderate) => "say \"probably\"",
        Some(Certainty::Low) => "say \"may\"",
        Some(Certainty::VeryLow) => "say \"we are not sure whether\"",
        _ => return findings,
    };
    if !site.snapshot.graph.config.is_english() {
        return findings;
    }
    let is_moderate = claim.certainty == Some(Certainty::Moderate);
    let certainty = claim.certainty.map_or("", Certainty::word).replace('-', " ");
    for passage in site.passages.iter().filter(|passage| passage.slot == Slot::Statement && !passage.is_quoted) {
        let all = words(&passage.text, &(0..passage.text.len()));
        // A statement may say in its last sentence how sure it is.
        if let Some(at) = too_sure(&all, is_moderate) {
            let range = span(&all, at, 1);
            let verb = &passage.text[range.clone()];
            let message = format!("\"{verb}\" is too sure a word for a claim of {certainty} certainty");
            findings.push(Finding::new(&OVERCONFIDENT_CLAIM, passage.at(site.document, &range), message).help(advice));
        }
    }
    findings
}

/// The first verb that is too sure, if nothing in the statement makes less of it.
fn too_sure(words: &[Word<'_>], is_moderate: bool) -> Option<usize> {
    let is_hedge = |word: &Word<'_>| {
        let text = &*word.text;
        HEDGES.contains(&text) || text.ends_with("n't") || is_moderate && LIKELY.contains(&text)
    };
    if words.iter().any(is_hedge) {
        return None;
    }
    let is_verb = |at: &usize| {
        let before = at.checked_sub(1).map_or("", |before| &*words[before].text);
        VERBS.contains(&&*words[*at].text) && *at > 0 && !BEFORE.contains(&before)
    };
    (0..words.len()).find(is_verb)
}

#[cfg(test)]
mod tests {
    use super::too_sure;
    use crate::wording::words;

    #[test]
    fn sure_words_are_told_from_others() {
        let found = |text: &'static str, is_moderate| {
            let words = words(text, &(0..text.len()));
            too_sure(&words, is_moderate).map(|at| words[at].text.to_string())
        };
        assert_eq!(found("Heel drops prevent bone loss.", false).as_deref(), Some("prevent"));
        assert_eq!(found("Exercise probably reduces falls.", false).as_deref(), Some("reduces"));
        assert_eq!(found("Exercise probably reduces falls.", true), None);
        assert_eq!(found("Exercise may reduce falls.", false), None);
        assert_eq!(found("Vests did not build bone.", false), None);
        assert_eq!(found("A slow increase in load was safe in one trial.", false), None);
        assert_eq!(found("In one trial women lost less bone.", false), None);
    }
}
