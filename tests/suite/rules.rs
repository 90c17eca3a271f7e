//! `tests/rules/<code>-<name>/`: for every rule a site that breaks it and the same site mended.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::path::Path;

use osteon::files::{File, Files};
use osteon::finding::{Finding, Findings, Place};
use osteon::parse::locate::{line_column, locate};
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

#[test]
fn a_language_without_a_formula_is_not_scored() {
    for fixture in ["w001-reading-age", "w002-long-sentence", "w003-long-paragraph", "w005-step-shape", "w006-bare-percentage"] {
        let mut files = load(&path("tests/rules").join(fixture).join("site"));
        let old = files.at("osteon.yaml").map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).expect("settings");
        files.insert(File::new("osteon.yaml", format!("{old}language: de\n").into_bytes()));
        let findings = build(&files).0.findings;
        // How many steps there are is no matter of language.
        let scored = findings
            .0
            .iter()
            .find(|finding| finding.rule.code.starts_with('W') && !finding.message.starts_with("this exercise has"));
        assert!(scored.is_none(), "{fixture}: {scored:?}");
    }
}

/// What a rule's documentation shows is what its fixtures run: each code block of `# Example` stands in a `site/`, where the rule
/// finds something, and each of `# Instead` in a `fixed/`. A section without a code block names in `` ` `` a file of the fixture or
/// words that stand in one.
#[test]
fn examples_are_excerpts_of_fixtures() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let fixtures: Vec<_> = names(&path("tests/rules")).into_iter().filter(|name| rule_of(name) == folder(rule)).collect();
        for (heading, site) in [("Example", "site"), ("Instead", "fixed")] {
            let sites: Vec<Files> = fixtures.iter().map(|name| load(&path("tests/rules").join(name).join(site))).collect();
            let section = section(&rule.page(), heading);
            let blocks = code_blocks(&section);
            for block in &blocks {
                let stands = |files: &Files| {
                    let findings = if site == "site" { Some(build(files).0.findings) } else { None };
                    files.iter().any(|file| {
                        let lines = excerpt(&file.bytes, block);
                        lines.is_some_and(|lines| findings.as_ref().is_none_or(|findings| is_found(rule, findings, file, &lines)))
                    })
                };
                if !sites.iter().any(stands) {
                    let finds = if site == "site" { " where the rule finds something" } else { "" };
                    wrong.push(format!("{} {heading}: no excerpt of {site}/{finds}:\n{block}", rule.code));
                }
            }
            let spans = || section.split('`').skip(1).step_by(2);
            let is_named = |span: &str| sites.iter().flat_map(Files::iter).any(|file| is_in(file, span));
            if blocks.is_empty() && !spans().any(is_named) {
                wrong.push(format!("{} {heading}: names neither a file of {site}/ nor words in one", rule.code));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A section of a rule's page.
fn section(page: &str, heading: &str) -> String {
    let start = format!("\n## {heading}\n");
    let rest = page.split(start.as_str()).nth(1).unwrap_or_default();
    // Headings inside code blocks are part of the section.
    let ends = ["\n## Instead\n", "\n## Why it matters\n"].into_iter().filter_map(|end| rest.find(end));
    rest[..ends.min().unwrap_or(rest.len())].to_owned()
}

/// The contents of the code blocks.
fn code_blocks(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        let fence: String = line.chars().take_while(|letter| *letter == '`').collect();
        match &mut open {
            Some((end, _)) if *end == line => blocks.extend(open.take().map(|(_, block)| block)),
            Some((_, block)) => {
                block.push_str(line);
                block.push('\n');
            }
            None if fence.len() >= 3 => open = Some((fence, String::new())),
            None => {}
        }
    }
    blocks
}

/// The lines of a file, counted from 1, in which a code block stands, without regard to indentation and empty lines. A block of
/// one line may be a part of one.
fn excerpt(bytes: &[u8], block: &str) -> Option<RangeInclusive<usize>> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let lines: Vec<(usize, &str)> =
        text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty()).map(|(at, line)| (at + 1, line)).collect();
    let block: Vec<&str> = block.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let stands = |window: &&[(usize, &str)]| match &block[..] {
        [part] => window[0].1.contains(part),
        _ => window.iter().map(|(_, line)| *line).eq(block.iter().copied()),
    };
    let window = lines.windows(block.len().max(1)).find(stands)?;
    Some(window[0].0..=window[window.len() - 1].0)
}

/// Whether the rule finds something in these lines, or in the file as a whole.
fn is_found(rule: &Rule, findings: &Findings, file: &File, lines: &RangeInclusive<usize>) -> bool {
    findings.0.iter().filter(|finding| finding.rule.code == rule.code && finding.at.file == file.path).any(|finding| {
        let range = locate(file, &finding.at.place).unwrap_or_default();
        let (first, last) = (line_column(&file.bytes, range.start).0, line_column(&file.bytes, range.end).0);
        finding.at.place == Place::File || (first <= *lines.end() && *lines.start() <= last)
    })
}

/// Whether words are the path of a file or of its folder, or stand in it.
fn is_in(file: &File, words: &str) -> bool {
    let path = &*file.path;
    path == words || (words.ends_with('/') && path.starts_with(words)) || String::from_utf8_lossy(&file.bytes).contains(words)
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
