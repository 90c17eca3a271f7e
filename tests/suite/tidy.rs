//! What no compiler checks: the table of rules against their files and documentation, and the shape of the source.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use osteon::rules::standards::{By, STANDARDS};
use osteon::rules::{RULES, handbook};

use crate::support::{expect, names, path};

/// Families of rules: configuration, data, Markdown, links, evidence, safety, review, search, addresses, themes,
/// words.
const FAMILIES: &str = "CFMLESVQRTW";

/// Headings of a rule's documentation, in order.
const HEADINGS: [&str; 4] = ["# What it finds", "# Why it matters", "# Example", "# Instead"];

/// What is written in a hurry and must not stay.
const LEFT_OVERS: [&str; 4] = ["TODO", "FIXME", "dbg!", "todo!"];

#[test]
fn the_table_of_rules_is_in_order() {
    assert!(RULES.is_sorted_by(|one, next| one.code < next.code), "codes are unique and sorted");
    let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), RULES.len(), "names are unique");
    for rule in RULES {
        let (family, number) = rule.code.split_at(1);
        let is_code = FAMILIES.contains(family) && number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit());
        assert!(is_code, "{} is no code", rule.code);
        let is_word =
            |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        assert!(rule.name.split('-').all(is_word), "{} is not in kebab-case", rule.name);
    }
}

#[test]
fn every_rule_has_a_file_and_every_file_a_rule() {
    let file = |(code, name): (&str, &str)| format!("{}_{}.rs", code.to_lowercase(), name.replace('-', "_"));
    let rules: BTreeSet<String> = RULES.iter().map(|rule| file((rule.code, rule.name))).collect();
    let files: BTreeSet<String> =
        names(&path("src/rules")).into_iter().filter(|name| !["mod.rs", "standards.rs"].contains(&name.as_str())).collect();
    assert_eq!(rules, files);
}

#[test]
fn every_rule_is_explained() {
    for rule in RULES {
        let mut is_code = false;
        let is_heading = |line: &&str| {
            is_code ^= line.starts_with("```");
            line.starts_with("# ") && !is_code
        };
        let headings: Vec<&str> = rule.docs.lines().map(str::trim).filter(is_heading).collect();
        assert_eq!(headings, HEADINGS, "{}", rule.code);
    }
}

#[test]
fn every_standard_has_something_that_stands_for_it() {
    let ids: Vec<String> = (1..=70).map(|number| format!("P{number:02}")).collect();
    assert_eq!(STANDARDS.iter().map(|standard| standard.id).collect::<Vec<_>>(), ids);
    for standard in STANDARDS {
        assert!(!standard.by.is_empty(), "{}", standard.id);
        for by in standard.by {
            let By::Rules(codes) = by else { continue };
            let unknown = codes.iter().find(|code| !RULES.iter().any(|rule| rule.code == **code));
            assert_eq!(unknown, None, "{}", standard.id);
        }
    }
}

#[test]
fn the_handbook_is_fresh() {
    expect(&path("docs/rules.md"), &handbook());
}

#[test]
fn every_module_says_what_it_is_for() {
    for (file, text) in sources() {
        assert!(text.starts_with("//! "), "{} begins without `//!`", file.display());
    }
}

#[test]
fn nothing_was_left_to_do() {
    for (file, text) in sources() {
        let found = LEFT_OVERS.iter().find(|word| text.contains(*word));
        assert_eq!(found, None, "{}", file.display());
    }
}

#[test]
fn every_dependency_is_used() {
    let manifest = read(&path("Cargo.toml"));
    let dependencies =
        manifest.split("\n[dependencies]\n").nth(1).and_then(|rest| rest.split("\n[").next()).expect("dependencies");
    let source: String = sources().into_iter().map(|(_, text)| text).collect();
    let crates = dependencies.lines().filter_map(|line| Some(line.split_once(" = ")?.0.replace('-', "_")));
    let unused: Vec<String> = crates.filter(|name| !source.contains(&format!("{name}::"))).collect();
    assert_eq!(unused, Vec::<String>::new());
}

/// Every Rust file below `src/`, with its text.
fn sources() -> Vec<(PathBuf, String)> {
    let mut sources = Vec::new();
    let mut folders = vec![path("src")];
    while let Some(folder) = folders.pop() {
        for name in names(&folder) {
            let path = folder.join(name);
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push((path.clone(), read(&path)));
            }
        }
    }
    sources
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
