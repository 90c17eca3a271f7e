//! Every format of findings, held to what reads it: SARIF and our own JSON to their schemas, JUnit to XML, all to the places of
//! the findings.

use std::sync::LazyLock;

use clap::ValueEnum as _;
use jsonschema::Validator;
use osteon::files::Files;
use osteon::finding::Findings;
use osteon::report::{Colour, Format, report};
use serde_json::Value;

use crate::support::{build, each, load, path};

static SARIF: LazyLock<Validator> = LazyLock::new(|| validator("tests/schemas/sarif-2.1.0.json"));
static JSON: LazyLock<Validator> = LazyLock::new(|| validator("docs/findings.schema.json"));

fn validator(schema: &str) -> Validator {
    let text = std::fs::read_to_string(path(schema)).unwrap_or_else(|error| panic!("{schema}: {error}"));
    // The pattern of `language` in the standard has a bracket too many, which not every engine takes for a letter.
    let text = text.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{schema}: {error}"));
    jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{error}"))
}

/// Reports findings in every format and checks each report.
pub(crate) fn sound(findings: &Findings, files: &Files) {
    for format in Format::value_variants().iter().copied() {
        let text = report(findings, files, format, Colour::Never);
        match format {
            Format::Human | Format::Concise => {
                assert!(findings.0.iter().all(|finding| text.contains(finding.rule.code)), "{text}");
            }
            Format::Json => {
                let found = valid(&text, &JSON)["findings"].as_array().cloned().unwrap_or_default();
                let byte = |finding: &Value, key: &str| finding[key].as_u64().and_then(|byte| usize::try_from(byte).ok());
                let spans: Vec<_> = found
                    .iter()
                    .map(|finding| Some((finding["file"].as_str()?, byte(finding, "start")?, byte(finding, "end")?)))
                    .collect();
                assert_eq!(spans.len(), findings.0.len());
                spans.into_iter().flatten().for_each(|(file, start, end)| inside(files, file, start, end));
            }
            Format::Sarif => {
                let log = valid(&text, &SARIF);
                let results = log["runs"][0]["results"].as_array().cloned().unwrap_or_default();
                assert_eq!(results.len(), findings.0.len());
                let mut prints: Vec<String> = results.iter().map(|result| result["partialFingerprints"].to_string()).collect();
                prints.sort_unstable();
                assert!(prints.windows(2).all(|two| two[0] != two[1]), "fingerprints are distinct");
            }
            Format::Github => {
                assert_eq!(text.lines().count(), findings.0.len(), "{text}");
                let is_command = |line: &str| ["::error ", "::warning ", "::notice "].iter().any(|start| line.starts_with(start));
                assert!(text.lines().all(is_command), "{text}");
            }
            Format::Gitlab => {
                let issues: Value = serde_json::from_str(&text).expect("JSON");
                assert_eq!(issues.as_array().map(Vec::len), Some(findings.0.len()));
            }
            Format::Junit => {
                let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
                let cases = document.descendants().filter(|node| node.has_tag_name("testcase")).count();
                assert_eq!(cases, findings.0.len().max(1));
            }
        }
    }
}

#[test]
fn sarif_offers_the_fixes_that_json_offers() {
    let files = load(&path("tests/rules/l001-unknown-entry/site"));
    let findings = build(&files).0.findings;
    let read = |format: Format, schema: &Validator| valid(&report(&findings, &files, format, Colour::Never), schema);
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let json = items(&read(Format::Json, &JSON)["findings"]);
    let mut expected: Vec<(Value, Value, String)> = json
        .iter()
        .flat_map(|finding| items(&finding["fix"]["edits"]))
        .map(|edit| (edit["file"].clone(), edit["start"].clone(), edit["text"].as_str().unwrap_or_default().to_owned()))
        .collect();
    let sarif = items(&read(Format::Sarif, &SARIF)["runs"][0]["results"]);
    let changes = sarif.iter().flat_map(|result| items(&result["fixes"])).flat_map(|fix| items(&fix["artifactChanges"]));
    let mut found: Vec<(Value, Value, String)> = changes
        .flat_map(|change| {
            let file = change["artifactLocation"]["uri"].clone();
            items(&change["replacements"]).into_iter().map(move |new| (file.clone(), new))
        })
        .map(|(file, new)| {
            let text = new["insertedContent"]["text"].as_str().unwrap_or_default().to_owned();
            (file, new["deletedRegion"]["byteOffset"].clone(), text)
        })
        .collect();
    let key = |edit: &(Value, Value, String)| (edit.0.to_string(), edit.1.as_u64(), edit.2.clone());
    expected.sort_by_key(key);
    found.sort_by_key(key);
    assert!(!expected.is_empty());
    assert_eq!(found, expected);
}

fn valid(text: &str, schema: &Validator) -> Value {
    let value = serde_json::from_str(text).expect("JSON");
    let errors: Vec<String> = schema.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}\n{text}", errors.join("\n"));
    value
}

/// A span lies inside its file, and where the file is text, between characters.
fn inside(files: &Files, file: &str, start: usize, end: usize) {
    let Some(file) = files.at(file) else { return };
    assert!(start <= end && end <= file.bytes.len(), "{start}..{end} in {} ({} bytes)", file.path, file.bytes.len());
    if let Ok(text) = std::str::from_utf8(&file.bytes) {
        assert!(text.is_char_boundary(start) && text.is_char_boundary(end), "{start}..{end} in {}", file.path);
    }
}

#[test]
fn every_format_holds_every_finding() {
    each("rules", |fixture| {
        let files = load(&fixture.join("site"));
        sound(&build(&files).0.findings, &files);
    });
}

#[test]
fn nothing_found_is_a_report_too() {
    sound(&Findings::default(), &Files::default());
}

#[test]
fn rules_bring_their_documentation() {
    let files = load(&path("tests/rules/l001-unknown-entry/site"));
    let log = report(&build(&files).0.findings, &files, Format::Sarif, Colour::Never);
    let log: Value = serde_json::from_str(&log).expect("JSON");
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!((&rule["id"], &rule["name"]), (&"L001".into(), &"unknown-entry".into()));
    assert_eq!(rule["shortDescription"]["text"], "A mention, embed or list that names no entry.");
    assert!(rule["help"]["markdown"].as_str().is_some_and(|help| help.contains("## Instead")), "{rule}");
}
