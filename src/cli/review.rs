//! `osteon review`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Subcommand;

use super::build::read;
use super::{Outcome, SiteArgs, date, print, say};
use crate::entry::Date;
use crate::files::File;
use crate::graph::{REVIEWS, tables};
use crate::review::{calendar, copy, sign};
use crate::snapshot;

#[derive(Debug, Subcommand)]
pub(super) enum ReviewCommand {
    /// Record in content/reviews.yaml that a person has reviewed an entry as it is now
    Sign {
        /// The entry, such as heel-drops
        id: String,
        /// Who reviewed it: an id of people.yaml
        #[arg(long, value_name = "PERSON")]
        by: String,
        /// Day of the review; the day of the build if left out
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
        on: Option<Date>,
        /// Day of the next review, at most three years later; a year later if left out
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
        next: Option<Date>,
        /// Fingerprint on the copy that was signed: refuse if the entry has changed since it was printed
        #[arg(long, value_name = "FINGERPRINT")]
        copy: Option<String>,
        #[command(flatten)]
        site: SiteArgs,
    },
    /// Print a copy of an entry for a reviewer who reads on paper: one HTML page with boxes to tick and sign
    Copy {
        /// The entry, such as heel-drops
        id: String,
        /// File to write instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        site: SiteArgs,
    },
    /// Print a calendar (iCalendar) of the reviews that fall due
    Calendar {
        /// File to write instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        site: SiteArgs,
    },
}

/// Runs one of the commands.
pub(super) fn review(command: ReviewCommand) -> anyhow::Result<Outcome> {
    match command {
        ReviewCommand::Sign { id, by, on, next, copy, site } => {
            record(&sign::Request { id, by, on, next, hash: copy }, &site)?;
        }
        ReviewCommand::Copy { id, out, site } => {
            let files = read(&site.root)?;
            let (snapshot, _) = snapshot(&files, &site.options());
            let page = copy::copy(&snapshot, &files, &id).map_err(anyhow::Error::msg)?;
            write(out.as_deref(), &page)?;
        }
        ReviewCommand::Calendar { out, site } => {
            let (snapshot, _) = snapshot(&read(&site.root)?, &site.options());
            write(out.as_deref(), &calendar::calendar(&snapshot.graph))?;
        }
    }
    Ok(Outcome::Clean)
}

/// Adds a signature to the file of signatures.
fn record(request: &sign::Request, site: &SiteArgs) -> anyhow::Result<()> {
    let mut files = read(&site.root)?;
    let (snapshot, findings) = snapshot(&files, &site.options());
    let old = files.at(REVIEWS).map(|file| String::from_utf8(file.bytes.to_vec())).transpose();
    let old = old.with_context(|| format!("reading `{REVIEWS}`"))?;
    let before = snapshot.graph.reviews.signatures.len();
    let text = match sign::sign(&snapshot.graph, &findings, old.as_deref(), request) {
        Ok(text) => text,
        Err(reason) => bail!("{reason}"),
    };
    // What was there may be no list, or be written in a form to which nothing can be added.
    files.insert(File::new(REVIEWS, text.clone().into_bytes()));
    if tables(&files).0.reviews.len() != before + 1 {
        bail!("`{REVIEWS}` can't be read, so nothing was added to it; `osteon check` shows why");
    }
    write(Some(&site.root.join(REVIEWS)), &text)?;
    say(&format!("`{}` is signed by `{}`: commit `{REVIEWS}`", request.id, request.by));
    Ok(())
}

/// Writes a text to a file, or to standard output.
fn write(out: Option<&Path>, text: &str) -> anyhow::Result<()> {
    let Some(out) = out else { return print(text) };
    fs::write(out, text).with_context(|| format!("writing `{}`", out.display()))
}
