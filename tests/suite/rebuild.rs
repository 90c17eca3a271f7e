//! `tests/rebuild/<name>/`: a site, then one edit after the other, each with the pages that it costs.
//!
//! `site/` is built once. `1-<edit>/` is laid over it: a file replaces the one with its path, `x.delete` deletes `x`, and a file
//! `today` sets the day of the build. `1.txt` lists the routes that this step renders, each with its reason. Whatever an edit
//! costs, the outputs and findings are those of a clean build, byte for byte.

use std::fmt::Write as _;
use std::path::Path;

use osteon::config::Options;
use osteon::entry::Date;
use osteon::files::{File, Files};

use crate::incremental::Incremental;
use crate::support::{each, expect, load, names, options};

#[test]
fn edits_cost_what_is_listed() {
    each("rebuild", |fixture| {
        let steps: Vec<String> = names(fixture).into_iter().filter(|name| name != "site" && !is_list(name)).collect();
        let lists: Vec<String> = names(fixture).into_iter().filter(|name| is_list(name)).collect();
        let numbers: Vec<String> = (1..=steps.len()).map(|number| format!("{number}.txt")).collect();
        assert!(!steps.is_empty() && (std::env::var_os("OSTEON_BLESS").is_some() || lists == numbers), "{}", fixture.display());
        let mut files = load(&fixture.join("site"));
        let mut options = options();
        let mut site = Incremental::default();
        site.build(&files, &options, "the first build");
        for (number, step) in (1..).zip(&steps) {
            assert!(step.starts_with(&format!("{number}-")), "{} is not step {number}", fixture.join(step).display());
            overlay(&fixture.join(step), &mut files, &mut options);
            let build = site.build(&files, &options, step);
            let mut rendered = String::new();
            for (url, reason) in &build.rendered {
                let _ = writeln!(rendered, "{url}: {reason}");
            }
            expect(&fixture.join(format!("{number}.txt")), &rendered);
            let again = site.build(&files, &options, step).rendered;
            assert!(again.is_empty(), "{}: rendered again without an edit: {again:?}", fixture.join(step).display());
        }
    });
}

fn is_list(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "txt")
}

/// Lays an edit over a site.
fn overlay(step: &Path, files: &mut Files, options: &mut Options) {
    for file in load(step).iter() {
        match file.path.strip_suffix(".delete") {
            Some(path) => {
                assert!(files.at(path).is_some(), "{}: there is no `{path}` to delete", step.display());
                files.remove(path);
            }
            None => files.insert(File::new(file.path.clone(), file.bytes.clone())),
        }
    }
    if let Ok(today) = std::fs::read_to_string(step.join("today")) {
        options.today = Date::parse(today.trim()).unwrap_or_else(|| panic!("{}: `{today}` is no day", step.display()));
    }
}
