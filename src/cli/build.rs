//! `osteon build` and `osteon check`.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;

use super::progress::Progress;
use super::{BuildArgs, CheckArgs, Outcome, SiteArgs, colour, edition, print, say};
use crate::Build;
use crate::baseline::{self, BASELINE, Baseline};
use crate::cache::Cache;
use crate::change::caused;
use crate::disk::{self, Publisher};
use crate::files::Files;
use crate::finding::Findings;
use crate::fix::changes;
use crate::hash::Hash;
use crate::output::{Manifest, Sink};
use crate::report::{Format, report, summary};

/// A sink that keeps nothing.
struct Nowhere;

impl Sink for Nowhere {
    fn put(&self, _: &str, _: Vec<u8>, _: Hash) {}
}

/// Checks and publishes.
pub(super) fn build(arguments: &BuildArgs) -> anyhow::Result<Outcome> {
    let start = Instant::now();
    let progress = Progress::start("reading");
    let root = &arguments.site.root;
    let out = arguments.out.clone().unwrap_or_else(|| root.join("public"));
    let ((files, old), (publisher, options)) = rayon::join(
        || rayon::join(|| read(root), || cached(root).unwrap_or_default()),
        || (Publisher::open(&out, root), arguments.options()),
    );
    let (files, publisher) = (files?, publisher?);
    progress.step("building");
    let build = crate::build(&files, &options, &old, publisher.manifest(), &publisher);
    let is_sound = build.is_sound();
    let publish = || -> anyhow::Result<_> {
        if !is_sound {
            publisher.discard();
            return Ok(None);
        }
        progress.step("publishing");
        let (saved, published) =
            rayon::join(|| disk::save_cache(root, &build.cache.pack(&edition(), &old)), || publisher.commit(&build.manifest));
        saved.with_context(|| format!("writing `{}`", root.join(".osteon-cache").display()))?;
        Ok(Some(published?))
    };
    let (published, text) = rayon::join(publish, || written(&build.findings, &files, arguments.site.format));
    let published = published?;
    progress.finish();
    put(&text, arguments.site.format)?;
    let time = time(start.elapsed());
    let found = found(&build);
    match published {
        Some(_) => say(&format!(
            "{} {} in {time} ({} rendered), {found} → {}",
            build.pages,
            if build.pages == 1 { "page" } else { "pages" },
            build.rendered.len(),
            out.display()
        )),
        None => say(&format!("{found} in {time}: nothing was published, the old site stays as it is")),
    }
    // What remains in memory is the whole site: the system takes it back faster than destructors do.
    std::mem::forget((build, old, files));
    Ok(if is_sound { Outcome::Clean } else { Outcome::Findings })
}

/// Checks, and writes nothing but fixes or a baseline, if they are asked for.
pub(super) fn check(arguments: &CheckArgs) -> anyhow::Result<Outcome> {
    if arguments.write_baseline {
        return write_baseline(arguments);
    }
    if arguments.diff || arguments.fix {
        let written = fix(arguments)?;
        if arguments.diff {
            return Ok(written);
        }
    }
    let start = Instant::now();
    let progress = Progress::start("checking");
    let site = &arguments.site;
    let files = read(&site.root)?;
    let mut build = build_nowhere(&files, site);
    let mut known = String::new();
    if let Some(revision) = &arguments.changed_since {
        let before = build_nowhere(&disk::files_at(&site.root, revision)?, site);
        let (new, count) = caused(std::mem::take(&mut build.findings), &before.findings);
        build.findings = new;
        known = match count {
            0 => format!(" since `{revision}`"),
            count => format!(" since `{revision}`; {} left out", counted(count, "older finding")),
        };
    }
    progress.finish();
    show(&build.findings, &files, site.format)?;
    say(&format!("{} pages checked in {}, {}{known}", build.pages, time(start.elapsed()), found(&build)));
    let fixable: usize = changes(&build.findings, &files, false).iter().map(|change| change.fixes).sum();
    if fixable > 0 {
        say(&format!("{fixable} can be mended by `osteon check --fix`; `--diff` shows how"));
    }
    Ok(if build.is_sound() { Outcome::Clean } else { Outcome::Findings })
}

/// Builds a site from nothing and keeps only what the build says of it.
pub(super) fn build_nowhere(files: &Files, site: &SiteArgs) -> Build {
    crate::build(files, &site.options(), &Cache::default(), &Manifest::default(), &Nowhere)
}

/// Writes the fixes that the findings offer, or prints them as a unified diff.
fn fix(arguments: &CheckArgs) -> anyhow::Result<Outcome> {
    let root = &arguments.site.root;
    let files = read(root)?;
    let build = build_nowhere(&files, &arguments.site);
    let changes = changes(&build.findings, &files, arguments.unsafe_fixes);
    for change in &changes {
        if arguments.diff {
            let [old, new] = [&*change.file.bytes, &change.new].map(String::from_utf8_lossy);
            let [from, to] = ["a", "b"].map(|side| format!("{side}/{}", change.file.path));
            print(&similar::TextDiff::from_lines(&*old, &*new).unified_diff().header(&from, &to).to_string())?;
        } else {
            let written = disk::rewrite(root, &change.file, &change.new);
            written.with_context(|| format!("writing `{}`", change.file.path))?;
        }
    }
    let (fixes, count): (usize, usize) = (changes.iter().map(|change| change.fixes).sum(), changes.len());
    let verb = if arguments.diff { "would be written" } else { "written" };
    say(&format!("{fixes} {} in {} {verb}", if fixes == 1 { "fix" } else { "fixes" }, counted(count, "file")));
    Ok(if build.is_sound() { Outcome::Clean } else { Outcome::Findings })
}

/// Writes the findings of today to the baseline. What can't be in one is shown.
fn write_baseline(arguments: &CheckArgs) -> anyhow::Result<Outcome> {
    let root = &arguments.site.root;
    let mut files = read(root)?;
    let (old, _) = Baseline::read(&files);
    files.remove(BASELINE);
    let mut build = build_nowhere(&files, &arguments.site);
    let written = baseline::write(&files, old.as_ref(), &build.findings);
    disk::write_baseline(root, &written.text).with_context(|| format!("writing `{}`", root.join(BASELINE).display()))?;
    build.findings.0.retain(|finding| !finding.rule.can_be_in_baseline());
    show(&build.findings, &files, arguments.site.format)?;
    let mut line = format!("{} in `{BASELINE}`", counted(written.known, "finding"));
    if written.unfounded > 0 {
        let _ = write!(line, ", {} of them without the `reason` and `until` that they need", written.unfounded);
    }
    if written.left > 0 {
        let _ = write!(line, "; {} can't be in a baseline", counted(written.left, "finding"));
    }
    say(&line);
    Ok(if build.is_sound() { Outcome::Clean } else { Outcome::Findings })
}

fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// What was found, in a few words.
pub(super) fn found(build: &Build) -> String {
    let found = summary(&build.findings);
    match build.known {
        0 => found,
        known => format!("{found}, {} in the baseline", counted(known, "known finding")),
    }
}

/// What the last build left, if there was one.
pub(super) fn cached(root: &Path) -> Option<Cache> {
    let index = disk::load_cache(root)?;
    Some(Cache::unpack(&index, &edition(), |part| disk::load_cache_part(root, part)))
}

/// Reads the files of a site; what had to be left out is said once.
pub(super) fn read(root: &Path) -> anyhow::Result<Files> {
    let reading = disk::read(root)?;
    for remark in &reading.remarks {
        say(&format!("note: `{}` {}", remark.path, remark.reason));
    }
    Ok(reading.files)
}

/// Findings for people go to standard error, data for programs to standard output.
pub(super) fn show(findings: &Findings, files: &Files, format: Format) -> anyhow::Result<()> {
    put(&written(findings, files, format), format)
}

fn written(findings: &Findings, files: &Files, format: Format) -> String {
    report(findings, files, format, if format == Format::Human { colour() } else { crate::report::Colour::Never })
}

fn put(text: &str, format: Format) -> anyhow::Result<()> {
    match format {
        Format::Human if text.is_empty() => Ok(()),
        Format::Human => {
            say(text.trim_end());
            Ok(())
        }
        _ => print(text),
    }
}

/// A duration as a person says it.
pub(super) fn time(duration: std::time::Duration) -> String {
    let milliseconds = duration.as_millis();
    if milliseconds < 1000 { format!("{milliseconds} ms") } else { format!("{:.1} s", duration.as_secs_f64()) }
}
