//! `osteon report`.

use std::path::PathBuf;

use anyhow::Context as _;

use super::build::{build_nowhere, read};
use super::{Outcome, SiteArgs, print, say};
use crate::overview::{Overview, html};
use crate::report::summary;

/// Writes the state of the site. What `osteon check` would find is counted, and doesn't matter here: an editor needs the overview
/// most while there is something to mend.
pub(super) fn report(site: &SiteArgs, json: bool, out: Option<PathBuf>) -> anyhow::Result<Outcome> {
    let files = read(&site.root)?;
    let build = build_nowhere(&files, site);
    let overview = Overview::of(build.graph(), &files, build.graph().config.options.today);
    let config = &build.graph().config;
    let text = if json { overview.json() } else { html(&overview, &|url| config.permalink(url)) };
    if json && out.is_none() {
        print(&text)?;
        return Ok(Outcome::Clean);
    }
    let out = out.unwrap_or_else(|| site.root.join("osteon-report.html"));
    std::fs::write(&out, text).with_context(|| format!("writing `{}`", out.display()))?;
    say(&format!("`osteon check` has {} → {}", summary(&build.findings), out.display()));
    Ok(Outcome::Clean)
}
