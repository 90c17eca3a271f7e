//! `E004` bad-identifier.

use super::rule;
use crate::entry::Reference;
use crate::finding::{Finding, Findings};
use crate::graph::Graph;

rule! {
    /// # What it finds
    ///
    /// A DOI that doesn't look like `10.1000/182`, or a PMID that is no number.
    ///
    /// # Why it matters
    ///
    /// The link to the source leads nowhere, or to something else.
    ///
    /// # Example
    ///
    /// ```yaml
    /// DOI: https://doi.org/10.1000/101
    /// PMID: PMC12
    /// ```
    ///
    /// # Instead
    ///
    /// The DOI alone, and the number that the database shows, which is not the one after `PMC`:
    ///
    /// ```yaml
    /// DOI: 10.1000/101
    /// PMID: "34"
    /// ```
    BAD_IDENTIFIER = "E004", "bad-identifier", Error
}

/// Identifiers that can't be right.
pub fn check(graph: &Graph) -> Findings {
    let mut findings = Findings::default();
    for (_, document, reference) in graph.references() {
        if let Some(doi) = identifier(reference, "DOI").filter(|doi| !is_doi(doi)) {
            let bare = doi.find("10.").map(|start| &doi[start..]).filter(|bare| is_doi(bare));
            let finding = Finding::new(&BAD_IDENTIFIER, document.field(["DOI"]), format!("`{doi}` is no DOI"));
            findings.push(match bare {
                Some(bare) => finding.help(format!("write `{bare}` alone")),
                None => finding.help("a DOI begins with `10.` and a number, and goes on after a `/`, as in `10.1000/182`"),
            });
        }
        if let Some(pmid) = identifier(reference, "PMID").filter(|pmid| !is_pmid(pmid)) {
            findings.push(
                Finding::new(&BAD_IDENTIFIER, document.field(["PMID"]), format!("`{pmid}` is no PMID"))
                    .help("a PMID is a number of at most 8 digits, as PubMed shows it"),
            );
        }
    }
    findings
}

/// An identifier of a reference as text.
pub fn identifier(reference: &Reference, key: &str) -> Option<String> {
    let value = reference.field(key)?;
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Some(text.trim().to_owned()).filter(|text| !text.is_empty() && text != "null")
}

/// `^10\.\d{4,9}/\S+$`
pub fn is_doi(doi: &str) -> bool {
    let parts = doi.strip_prefix("10.").and_then(|rest| rest.split_once('/'));
    parts.is_some_and(|(registrant, rest)| {
        let is_registrant = (4..=9).contains(&registrant.len()) && registrant.bytes().all(|byte| byte.is_ascii_digit());
        is_registrant && !rest.is_empty() && !rest.contains(char::is_whitespace)
    })
}

/// A number of the form that is given to records.
pub fn is_pmid(pmid: &str) -> bool {
    (1..=8).contains(&pmid.len()) && pmid.bytes().all(|byte| byte.is_ascii_digit()) && !pmid.starts_with('0')
}

#[cfg(test)]
mod tests {
    use super::{is_doi, is_pmid};

    #[test]
    fn forms() {
        assert!(is_doi("10.1016/8756-3282(95)90193-0") && is_doi("10.1002/14651858.CD008618.pub2"));
        let bad =
            ["", "10.1", "10.123/x", "10.1234567890/x", "10.1016/", "10.1016/a b", "doi:10.1016/a", "11.1016/a", "10.10x6/a"];
        assert_eq!(bad.into_iter().find(|doi| is_doi(doi)), None);
        assert!(is_pmid("7605708") && !is_pmid("PMC7605708") && !is_pmid("") && !is_pmid("123456789") && !is_pmid("012"));
    }
}
