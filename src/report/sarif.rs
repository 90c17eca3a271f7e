//! SARIF 2.1.0, which code hosts and editors read.
//!
//! Columns count Unicode characters and `columnKind` says so. Paths are addresses relative to the folder of the site.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use serde_json::{Value, json};

use crate::files::File;
use crate::finding::{At, Finding, Fix};
use crate::fingerprint::distinct;
use crate::parse::locate::line_column;
use crate::rules::Rule;

use super::{Spots, one_line};

/// The name of the fingerprint; another way to make it needs another name.
const FINGERPRINT: &str = "osteonFinding/v1";

pub(super) fn report<'a>(findings: &[&'a Finding], mut spots: Spots<'a>) -> String {
    let rules: BTreeMap<&str, &Rule> = findings.iter().map(|finding| (finding.rule.code, finding.rule)).collect();
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(index, code)| (*code, index)).collect();
    let prints = distinct(&spots.fingerprints(findings));
    let results: Vec<Value> = findings
        .iter()
        .zip(prints)
        .map(|(finding, print)| result(finding, index[finding.rule.code], print, &mut spots))
        .collect();
    let driver = json!({
        "name": "osteon",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules.values().map(|rule| describe(rule)).collect::<Vec<_>>(),
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    });
    serde_json::to_string_pretty(&log).map(|json| json + "\n").unwrap_or_default()
}

/// What SARIF calls a reporting descriptor.
fn describe(rule: &Rule) -> Value {
    let page = rule.page();
    let finds = rule.finds();
    let mut described = json!({
        "id": rule.code,
        "name": rule.name,
        "defaultConfiguration": {"level": rule.level.word()},
        "help": {"text": page, "markdown": page},
    });
    if !finds.is_empty() {
        described["shortDescription"] = json!({"text": finds});
    }
    described
}

fn result<'a>(finding: &'a Finding, index: usize, print: crate::hash::Hash, spots: &mut Spots<'a>) -> Value {
    let mut text = text(&finding.message);
    if let Some(help) = &finding.help {
        let _ = write!(text, "\nhelp: {}", self::text(help));
    }
    let mut related = Vec::new();
    for note in &finding.notes {
        match &note.at {
            Some(at) => related.push(json!({
                "id": related.len() + 1,
                "message": {"text": self::text(&note.text)},
                "physicalLocation": place(at, spots),
            })),
            None => _ = write!(text, "\nnote: {}", self::text(&note.text)),
        }
    }
    let mut result = json!({
        "ruleId": finding.rule.code,
        "ruleIndex": index,
        "level": finding.level.word(),
        "message": {"text": text},
        "locations": [{"physicalLocation": place(&finding.at, spots)}],
        "partialFingerprints": {FINGERPRINT: print.to_string()},
    });
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    if let Some(fix) = finding.fix.as_ref().and_then(|fix| self::fix(fix, spots)) {
        result["fixes"] = json!([fix]);
    }
    result
}

/// What mends a finding, if every edit of it can be made.
fn fix<'a>(fix: &'a Fix, spots: &mut Spots<'a>) -> Option<Value> {
    let mut changes: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for edit in &fix.edits {
        let range = spots.edit(edit)?;
        let file = spots.files.at(&edit.at.file)?;
        let replacement = json!({"deletedRegion": region(file, &range), "insertedContent": {"text": edit.new}});
        changes.entry(&edit.at.file).or_default().push(replacement);
    }
    let written: Vec<String> =
        fix.edits.iter().map(|edit| format!("write `{}` for `{}`", text(&edit.new), text(&edit.old))).collect();
    let guess = if fix.is_safe { "" } else { " (a guess: look at it before you keep it)" };
    let change = |(file, replacements)| json!({"artifactLocation": location(file), "replacements": replacements});
    Some(json!({
        "description": {"text": format!("{}{guess}", written.join(", "))},
        "artifactChanges": changes.into_iter().map(change).collect::<Vec<_>>(),
    }))
}

fn place<'a>(at: &'a At, spots: &mut Spots<'a>) -> Value {
    let mut place = json!({"artifactLocation": location(&at.file)});
    if let Some(source) = spots.spot(at).source {
        place["region"] = region(source.file, &source.range);
    }
    place
}

fn location(path: &str) -> Value {
    json!({"uri": uri(path), "uriBaseId": "%SRCROOT%"})
}

fn region(file: &File, range: &Range<usize>) -> Value {
    let ((line, column), (end_line, end_column)) = (line_column(&file.bytes, range.start), line_column(&file.bytes, range.end));
    json!({
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
        "byteOffset": range.start,
        "byteLength": range.len(),
    })
}

/// Words of a message: `[text](address)` would be a link, which is for osteon to make and not for what an author wrote.
fn text(text: &str) -> String {
    one_line(text).replace("](", "] (")
}

/// A path as a relative address.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => _ = write!(uri, "%{byte:02X}"),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::finding::Findings;
    use crate::report::tests::{files, findings, hostile};
    use crate::report::{Colour, Format, report};

    fn run(findings: &Findings) -> Value {
        let log = report(findings, &files(), Format::Sarif, Colour::Always);
        let log: Value = serde_json::from_str(&log).unwrap_or_default();
        log["runs"][0].clone()
    }

    #[test]
    fn one_of_each() {
        let run = run(&findings());
        let rules: Vec<&Value> =
            run["tool"]["driver"]["rules"].as_array().into_iter().flatten().map(|rule| &rule["id"]).collect();
        assert_eq!(rules, ["F002", "L001"]);
        let mut link = run["results"][1].clone();
        assert_eq!(link["partialFingerprints"]["osteonFinding/v1"].as_str().map(str::len), Some(32));
        link["partialFingerprints"] = Value::Null;
        let at = |uri: &str| json!({"uri": uri, "uriBaseId": "%SRCROOT%"});
        let region = |line, start, end, offset, length| {
            json!({
                "startLine": line, "startColumn": start, "endLine": line, "endColumn": end,
                "byteOffset": offset, "byteLength": length,
            })
        };
        let (article, card) = (at("content/articles/hips.md"), at("content/exercises/heel-drop.yaml"));
        let expected = json!({
            "ruleId": "L001",
            "ruleIndex": 1,
            "level": "error",
            "message": {"text": "no entry is called `heel-drops`\nhelp: did you mean `heel-drop`?\nnote: names are in lower case"},
            "locations": [{"physicalLocation": {"artifactLocation": article, "region": region(7, 5, 19, 49, 14)}}],
            "partialFingerprints": null,
            "relatedLocations": [
                {
                    "id": 1,
                    "message": {"text": "and here"},
                    "physicalLocation": {"artifactLocation": article, "region": region(12, 7, 21, 84, 14)},
                },
                {
                    "id": 2,
                    "message": {"text": "this one is near"},
                    "physicalLocation": {"artifactLocation": card, "region": region(1, 8, 17, 7, 9)},
                },
                {
                    "id": 3,
                    "message": {"text": "shown by this template"},
                    "physicalLocation": {"artifactLocation": at("themes/osteon/templates/page.html")},
                },
            ],
        });
        assert_eq!(link, expected);
    }

    #[test]
    fn hostile_text_is_text() {
        let run = run(&hostile());
        let place = &run["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%3A%3Ab%2C%25.md");
        let text = run["results"][0]["message"]["text"].as_str().unwrap_or_default();
        assert!(text.contains("[a] (https://example.com)") && !text.contains('\u{1B}'), "{text}");
    }

    #[test]
    fn nothing_to_say() {
        assert_eq!(run(&Findings::default())["results"], json!([]));
    }
}
