//! `tests/rules/<code>-<name>/`: for every rule a site that breaks it and the same site mended.

use std::collections::BTreeSet;
use std::path::Path;

use osteon::files::Files;
use osteon::finding::Findings;
use osteon::report::{Colour, Format, report};
use osteon::rules::{RULES, Rule};

use crate::support::{build, each, expect, load, names, path};

#[test]
fn every_rule_has_a_fixture() {
    let fixtures: BTreeSet<String> = names(&path("tests/rules")).into_iter().collect();
    let rules: BTreeSet<String> = RULES.iter().map(|rule| folder(rule)).collect();
    let (missing, left_over) = (rules.difference(&fixtures), fixtures.difference(&rules));
    assert_eq!((missing.collect(), left_over.collect()), (Vec::<&String>::new(), Vec::<&String>::new()), "(missing, left over)");
}

#[test]
fn sites_have_exactly_the_expected_findings() {
    each("rules", |fixture| {
        let (files, findings) = found(&fixture.join("site"));
        expect(&fixture.join("expected.txt"), &concise(&findings, &files));
        let code = findings.0.iter().find(|finding| fixture.ends_with(folder(finding.rule)));
        assert!(code.is_some(), "{} doesn't break its rule", fixture.display());
        assert_eq!(names(fixture), ["expected.txt", "fixed", "site"], "{}", fixture.display());
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
fn every_format_shows_every_finding() {
    each("rules", |fixture| {
        let (files, findings) = found(&fixture.join("site"));
        for colour in [Colour::Never, Colour::Always] {
            let human = report(&findings, &files, Format::Human, colour);
            assert!(findings.0.iter().all(|finding| human.contains(finding.rule.code)), "{human}");
        }
        let json = report(&findings, &files, Format::Json, Colour::Never);
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let codes: Vec<_> = json["findings"].as_array().into_iter().flatten().filter_map(|finding| finding["code"].as_str()).collect();
        assert_eq!(codes, findings.0.iter().map(|finding| finding.rule.code).collect::<Vec<_>>());
    });
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
