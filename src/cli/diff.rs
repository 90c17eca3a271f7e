//! `osteon diff REV`.

use clap::ValueEnum;

use super::build::read;
use super::{DiffArgs, Outcome, print, say};
use crate::change::{self, Style};
use crate::disk;
use crate::finding::{Findings, Level};

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

/// What can't be read can't be compared.
fn warn(findings: &Findings, state: &str) {
    match findings.count(Level::Error) {
        0 => {}
        1 => say(&format!("note: the site {state} has an error, so this may be incomplete")),
        count => say(&format!("note: the site {state} has {count} errors, so this may be incomplete")),
    }
}
