//! `W004` unexplained-term.

use super::{Words, rule};
use crate::entry::Kind;
use crate::finding::{Finding, Findings};

rule! {
    /// # What it finds
    ///
    /// A term of the glossary, or a short form of it ("BMD"), that an article uses in its body or answers without a link to it anywhere on the page
    /// and without an explanation at its first use: "(…)", "means", "is a" behind it, or brackets around it. A name of one short word
    /// (a set, a hold, the core) is left alone, as it may mean something else. `osteon check --fix` writes the link.
    ///
    /// # Why it matters
    ///
    /// The writer knows the word, and the reader may meet it for the first time, on a worrying day.
    ///
    /// # Example
    ///
    /// ```markdown
    /// The scan found osteopenia, and osteopenia is common.
    /// ```
    ///
    /// ```yaml
    /// answer: "A low BMD alone is no illness."
    /// ```
    ///
    /// # Instead
    ///
    /// A link at the first use is enough:
    ///
    /// ```markdown
    /// The scan found [[osteopenia]], and osteopenia is common.
    /// ```
    ///
    /// Or say what it is on the spot:
    ///
    /// ```yaml
    /// answer: "A low BMD (bone mineral density) alone is no illness."
    /// ```
    UNEXPLAINED_TERM = "W004", "unexplained-term", Warning
}

/// What comes behind a term that is explained on the spot.
const EXPLAINS: [&str; 9] = [" (", ": ", " means", " is a ", " is an ", " is the ", " is when ", " are ", ", which "];

/// Terms that are neither linked nor explained.
pub fn check(words: &Words<'_>) -> Findings {
    if words.document.kind != Kind::Article {
        return Findings::default();
    }
    let mut findings = Findings::default();
    for (passage, found, name) in words.unlinked().into_iter().filter(|(.., name)| name.is_term) {
        let (before, after) = (&passage.text[..found.range.start], &passage.text[found.range.end..]);
        if before.ends_with(['(', '“', '"']) || EXPLAINS.iter().any(|explains| after.starts_with(explains)) {
            continue;
        }
        let message = format!("the term \"{}\" is neither linked nor explained", &passage.text[found.range.clone()]);
        let finding = Finding::new(&UNEXPLAINED_TERM, passage.at(words.document, &found.range), message);
        findings.push(words.offer_link(finding, passage, found, name));
    }
    findings
}
