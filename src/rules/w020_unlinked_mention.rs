//! `W020` unlinked-mention.

use super::{Words, rule};
use crate::entry::Kind;
use crate::finding::{Finding, Findings};

rule! {
    /// # What it finds
    ///
    /// The name of an exercise or a condition in a body or an answer, if nothing on the page leads there: its first use, as whole
    /// words, in any case. The terms of the glossary too, except what in an article is the matter of `unexplained-term`. Code, links, headings, tables, quotations, boxes and warnings are left alone, and so is a name of one
    /// short word (a squat, a bridge), as it may mean something else. `osteon check --fix` writes the link.
    ///
    /// # Why it matters
    ///
    /// Whoever reads of an exercise wants to see how it is done, and for whom it isn't.
    ///
    /// # Example
    ///
    /// ```markdown
    /// Begin with heel drops.
    /// ```
    ///
    /// # Instead
    ///
    /// ```markdown
    /// Begin with [[heel-drops|heel drops]].
    /// ```
    UNLINKED_MENTION = "W020", "unlinked-mention", Note
}

/// Names that could be links.
pub fn check(words: &Words<'_>) -> Findings {
    let mut findings = Findings::default();
    let is_article = words.document.kind == Kind::Article;
    for (passage, found, name) in words.unlinked().into_iter().filter(|(.., name)| !(is_article && name.is_term)) {
        let message =
            format!("\"{}\" is {}, and nothing on this page leads to it", &passage.text[found.range.clone()], name.kind.one());
        let finding = Finding::new(&UNLINKED_MENTION, passage.at(words.document, &found.range), message);
        findings.push(words.offer_link(finding, passage, found, name));
    }
    findings
}
