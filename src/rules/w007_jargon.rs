//! `W007` jargon.

use super::{Words, rule};
use crate::entry::Kind;
use crate::finding::{Finding, Findings};

rule! {
    /// # What it finds
    ///
    /// A word that `osteon.yaml` lists with a plainer one (`jargon: {ambulate: walk}`), at its first use in an entry. Quotations, links,
    /// code and the titles of references are left alone. `osteon check --fix --unsafe-fixes` writes the plainer word, except into
    /// warnings.
    ///
    /// # Why it matters
    ///
    /// Every profession has words that it no longer hears. A list that editors keep hears them for everybody.
    ///
    /// # Example
    ///
    /// ```markdown
    /// Patients who ambulate daily fall less often.
    /// ```
    ///
    /// # Instead
    ///
    /// ```markdown
    /// People who walk every day fall less often.
    /// ```
    JARGON = "W007", "jargon", Warning
}

/// Words that have plainer ones.
pub fn check(words: &Words<'_>) -> Findings {
    let mut findings = Findings::default();
    let table = &words.snapshot.graph.config.settings.jargon;
    if table.is_empty() || words.document.kind == Kind::Reference {
        return findings;
    }
    let mut seen = Vec::new();
    for passage in words.passages.iter().filter(|passage| !passage.is_quoted) {
        for found in words.snapshot.jargon().find(&passage.text) {
            let Some((word, plain)) = table.get(found.name).filter(|_| passage.is_plain(&found.range)) else { continue };
            if seen.contains(&found.name) {
                continue;
            }
            seen.push(found.name);
            let written = &passage.text[found.range.clone()];
            let at = passage.at(words.document, &found.range);
            let finding = Finding::new(&JARGON, at, format!("\"{written}\" is jargon"));
            let finding = finding.help(format!("say \"{plain}\""));
            // In another form the plainer word would need another one too; and no fix changes the words of a warning.
            let is_fixable = written == word && words.document.kind != Kind::Warning;
            findings.push(if is_fixable { finding.fix(written, plain, false) } else { finding });
        }
    }
    findings
}
