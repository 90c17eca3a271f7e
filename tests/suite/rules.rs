//! `tests/rules/<code>-<name>/`: for every rule a site that breaks it and the same site mended.

use std::collections::BTreeSet;
use std::path::Path;

use osteon::files::Files;
use osteon::finding::{Finding, Findings};
use osteon::report::{Colour, Format, report};
use osteon::rules::{RULES, Rule};

use crate::support::{build, each, expect, load, names, path};

#[test]
fn every_rule_has_a_fixture() {
    let fixtures: BTreeSet<String> = names(&path("tests/rules")).iter().map(|name| rule_of(name).to_owned()).collect();
    let rules: BTreeSet<String> = RULES.iter().map(|rule| folder(rule)).collect();
    let (missing, left_over) = (rules.difference(&fixtures), fixtures.difference(&rules));
    assert_eq!((missing.collect(), left_over.collect()), (Vec::<&String>::new(), Vec::<&String>::new()), "(missing, left over)");
}

#[test]
fn sites_have_exactly_the_expected_findings() {
    each("rules", |fixture| {
        let (files, findings) = found(&fixture.join("site"));
        expect(&fixture.join("expected.txt"), &concise(&findings, &files));
        let name = fixture.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let code = findings.0.iter().find(|finding| rule_of(name) == folder(finding.rule));
        assert!(code.is_some(), "{} doesn't break its rule", fixture.display());
        assert_eq!(names(fixture), ["expected.txt", "fixed", "site"], "{}", fixture.display());
        let texts = |finding: &Finding| [Some(finding.message.clone()), finding.help.clone()];
        let is_full = findings.0.iter().flat_map(texts).flatten().find(|text| text.ends_with(['.', '!']));
        assert_eq!(is_full, None, "messages are no full sentences");
    });
}

#[test]
fn mended_sites_have_no_finding() {
    each("rules", |fixture| {
        let (files, findings) = found(&fixture.join("fixed"));
        assert_eq!(concise(&findings, &files), "", "{}", fixture.display());
    });
}

#[test]
fn every_finding_shows_its_message() {
    each("rules", |fixture| {
        let (files, findings) = found(&fixture.join("site"));
        for colour in [Colour::Never, Colour::Always] {
            let human = report(&findings, &files, Format::Human, colour);
            assert!(findings.0.iter().all(|finding| human.contains(finding.rule.code)), "{human}");
        }
        let json = report(&findings, &files, Format::Json, Colour::Never);
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let mut shown: Vec<_> =
            json["findings"].as_array().into_iter().flatten().map(|finding| finding["message"].as_str()).collect();
        let mut found: Vec<_> = findings.0.iter().map(|finding| Some(finding.message.as_str())).collect();
        shown.sort_unstable();
        found.sort_unstable();
        assert_eq!(shown, found, "{}", fixture.display());
    });
}

/// The rule of a folder: a second fixture for one rule has a word more, as in `v001-no-author.nobody`.
fn rule_of(folder: &str) -> &str {
    folder.split('.').next().unwrap_or(folder)
}

/// The folder of a rule: `l001-unknown-entry`.
fn folder(rule: &Rule) -> String {
    format!("{}-{}", rule.code.to_lowercase(), rule.name)
}

fn found(site: &Path) -> (Files, Findings) {
    let files = load(site);
    let findings = build(&files).0.findings;
    (files, findings)
}

fn concise(findings: &Findings, files: &Files) -> String {
    report(findings, files, Format::Concise, Colour::Never)
}
