//! `osteon build` and `osteon check`.

use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;

use super::progress::Progress;
use super::{BuildArgs, Outcome, SiteArgs, colour, edition, print, say};
use crate::cache::Cache;
use crate::disk::{self, Publisher};
use crate::files::Files;
use crate::finding::Findings;
use crate::hash::Hash;
use crate::output::{Manifest, Sink};
use crate::report::{Format, report, summary};

/// A sink that keeps nothing.
pub(super) struct Nowhere;

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
        || (Publisher::open(&out, root), arguments.site.options()),
    );
    let (files, publisher) = (files?, publisher?);
    progress.step("building");
    let build = crate::build(&files, &options, &old, publisher.manifest(), &publisher);
    let is_sound = build.is_sound();
    let published = if is_sound {
        progress.step("publishing");
        let (saved, published) =
            rayon::join(|| disk::save_cache(root, &build.cache.pack(&edition(), &old)), || publisher.commit(&build.manifest));
        saved.with_context(|| format!("writing `{}`", root.join(".osteon-cache").display()))?;
        Some(published?)
    } else {
        publisher.discard();
        None
    };
    progress.finish();
    show(&build.findings, &files, arguments.site.format)?;
    let time = time(start.elapsed());
    let found = summary(&build.findings);
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

/// Checks and writes nothing.
pub(super) fn check(arguments: &SiteArgs) -> anyhow::Result<Outcome> {
    let start = Instant::now();
    let progress = Progress::start("checking");
    let files = read(&arguments.root)?;
    let build = crate::build(&files, &arguments.options(), &Cache::default(), &Manifest::default(), &Nowhere);
    progress.finish();
    show(&build.findings, &files, arguments.format)?;
    say(&format!("{} pages checked in {}, {}", build.pages, time(start.elapsed()), summary(&build.findings)));
    Ok(if build.is_sound() { Outcome::Clean } else { Outcome::Findings })
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
    let text = report(findings, files, format, if format == Format::Human { colour() } else { crate::report::Colour::Never });
    match format {
        Format::Human if text.is_empty() => Ok(()),
        Format::Human => {
            say(text.trim_end());
            Ok(())
        }
        _ => print(&text),
    }
}

/// A duration as a person says it.
pub(super) fn time(duration: std::time::Duration) -> String {
    let milliseconds = duration.as_millis();
    if milliseconds < 1000 { format!("{milliseconds} ms") } else { format!("{:.1} s", duration.as_secs_f64()) }
}
