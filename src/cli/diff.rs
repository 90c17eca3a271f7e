//! `osteon diff REV`.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use clap::ValueEnum;

use super::build::read;
use super::{DiffArgs, Outcome, print, say};
use crate::change::{self, LogEntry, Style};
use crate::disk;
use crate::files::File;
use crate::finding::{Findings, Level};
use crate::graph::{CHANGES, tables};

/// How changes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Plain text
    Human,
    /// For a pull request
    Markdown,
    /// For programs
    Json,
}

/// Says what changed since a revision.
pub(super) fn diff(arguments: &DiffArgs) -> anyhow::Result<Outcome> {
    let options = arguments.options();
    let (old, new) = rayon::join(|| disk::files_at(&arguments.root, &arguments.revision), || read(&arguments.root));
    let (old, new) = (old?, new?);
    let ((old, old_findings), (new, new_findings)) =
        rayon::join(|| crate::resolve(&old, &options), || crate::resolve(&new, &options));
    for (findings, state) in [(&old_findings, format!("at `{}`", arguments.revision)), (&new_findings, "as it is now".to_owned())]
    {
        warn(findings, &state);
    }
    let changes = change::compare(&old, &new);
    if arguments.log && arguments.write {
        return write(&arguments.root, &changes.entries(options.today));
    }
    if arguments.log {
        print(&changes.log(options.today))?;
        return Ok(Outcome::Clean);
    }
    let text = match arguments.format {
        Format::Human => change::text(&changes, &arguments.revision, Style::Plain),
        Format::Markdown => change::text(&changes, &arguments.revision, Style::Markdown),
        Format::Json => serde_json::to_string_pretty(&changes)? + "\n",
    };
    print(&text)?;
    Ok(Outcome::Clean)
}

/// Adds the entries of the public log that its file doesn't have yet. What is in the file stays byte for byte.
fn write(root: &Path, entries: &[LogEntry]) -> anyhow::Result<Outcome> {
    let mut files = read(root)?;
    let old = files.at(CHANGES).map(|file| String::from_utf8(file.bytes.to_vec())).transpose();
    let old = old.with_context(|| format!("reading `{CHANGES}`"))?.unwrap_or_default();
    let known = tables(&files).0.changes;
    let is_known = |entry: &LogEntry| known.iter().any(|known| known.title == entry.title && known.date == Some(entry.date));
    let new: Vec<&LogEntry> = entries.iter().filter(|entry| !is_known(entry)).collect();
    if new.is_empty() {
        say(&format!("`{CHANGES}` has every change of advice already"));
        return Ok(Outcome::Clean);
    }
    let gap = if old.is_empty() || old.ends_with('\n') { "" } else { "\n" };
    let text: String = [old.as_str(), gap].into_iter().chain(new.iter().map(|entry| entry.text.as_str())).collect();
    // What was there may be no list, or be written in a form to which nothing can be added.
    files.insert(File::new(CHANGES, text.clone().into_bytes()));
    if tables(&files).0.changes.len() != known.len() + new.len() {
        bail!("`{CHANGES}` can't be read as a list, so nothing was added to it; `osteon check` shows why");
    }
    let path = root.join(CHANGES);
    fs::write(&path, text).with_context(|| format!("writing `{}`", path.display()))?;
    let what = if new.len() == 1 { "1 change of advice is".to_owned() } else { format!("{} changes of advice are", new.len()) };
    say(&format!("{what} added to `{CHANGES}`: say in `summary` why the advice changed"));
    Ok(Outcome::Clean)
}

/// What can't be read can't be compared.
fn warn(findings: &Findings, state: &str) {
    match findings.count(Level::Error) {
        0 => {}
        1 => say(&format!("note: the site {state} has an error, so this may be incomplete")),
        count => say(&format!("note: the site {state} has {count} errors, so this may be incomplete")),
    }
}
