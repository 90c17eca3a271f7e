//! `tests/sites/<name>/`: whole sites.
//!
//! `expected/` holds the outputs that matter, byte for byte: to add one, put an empty file there and bless. `findings.txt` holds
//! everything that is found. What holds for every page of every site is checked on all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use osteon::report::{Colour, Format, report};

use crate::support::{build, each, expect, load, names};

#[test]
fn sites_are_built_as_expected() {
    each("sites", |fixture| {
        let outputs = outputs(fixture);
        let expected = fixture.join("expected");
        for path in below(&expected) {
            let output = outputs.get(&path).unwrap_or_else(|| panic!("{}: the site has no `{path}`", fixture.display()));
            expect(&expected.join(&path), output);
        }
    });
}

#[test]
fn pages_are_whole() {
    each("sites", |fixture| {
        let outputs = outputs(fixture);
        let mut broken = Vec::new();
        for (path, html) in outputs.iter().filter(|(path, _)| path.ends_with(".html")) {
            let ids = values(html, "id");
            let unique: BTreeSet<&str> = ids.iter().copied().collect();
            if unique.len() < ids.len() {
                let twice: BTreeSet<&str> = unique.into_iter().filter(|id| ids.iter().filter(|other| *other == id).count() > 1).collect();
                broken.push(format!("{path}: ids that are used twice: {twice:?}"));
            }
            for href in values(html, "href") {
                if let Some(anchor) = href.strip_prefix('#')
                    && !ids.contains(&anchor)
                {
                    broken.push(format!("{path}: no place is called {href}"));
                }
            }
            for name in values(html, "aria-labelledby") {
                if !ids.contains(&name) {
                    broken.push(format!("{path}: no label is called {name}"));
                }
            }
        }
        assert!(broken.is_empty(), "{}:\n{}", fixture.display(), broken.join("\n"));
    });
}

/// The outputs of a fixture. What is found in it must be as listed.
fn outputs(fixture: &Path) -> BTreeMap<String, String> {
    let files = load(&fixture.join("site"));
    let (build, memory) = build(&files);
    expect(&fixture.join("findings.txt"), &report(&build.findings, &files, Format::Concise, Colour::Never));
    memory.outputs().into_iter().map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned())).collect()
}

/// The paths of all files below a folder.
fn below(folder: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    for name in if folder.is_dir() { names(folder) } else { Vec::new() } {
        if folder.join(&name).is_dir() {
            paths.extend(below(&folder.join(&name)).into_iter().map(|path| format!("{name}/{path}")));
        } else {
            paths.push(name);
        }
    }
    paths
}

/// The values of an attribute, wherever it stands.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    html.split(start.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}
