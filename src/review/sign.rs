//! The record of a signature, and its checks.

use std::fmt::Write as _;

use super::{LONGEST, parts, whole};
use crate::entry::{Date, Kind, Person};
use crate::finding::{Findings, Level, did_you_mean};
use crate::graph::{Graph, NodeIndex};

/// What is to be signed.
#[derive(Debug, Clone)]
pub struct Request {
    /// The entry.
    pub id: String,
    /// Who reviewed it.
    pub by: String,
    /// The day of the review; the day of the build if nothing is said.
    pub on: Option<Date>,
    /// The day of the next one; a year later if nothing is said.
    pub next: Option<Date>,
    /// The fingerprint on the copy that was signed.
    pub hash: Option<String>,
}

/// The beginning of a new file.
const HEAD: &str = "# Who reviewed what, and what it was then. Written by `osteon review sign`; keep it under version control.\n";

/// The entry that can be reviewed under an id, or why there is none.
pub fn find(graph: &Graph, id: &str) -> Result<NodeIndex, String> {
    let known = || graph.nodes.iter().filter(|node| node.document().is_some() && node.kind != Kind::Reference);
    let Some(index) = graph.find(id) else {
        if graph.is_draft(id) {
            return Err(format!("`{id}` is a draft: add `--drafts`, or remove `draft: true` from it"));
        }
        let help = did_you_mean(id, known().map(|node| &*node.id)).map(|help| format!("; {help}")).unwrap_or_default();
        return Err(format!("no entry is called `{id}`{help}"));
    };
    let kind = graph.node(index).kind;
    match kind {
        Kind::Condition => {
            Err(format!("`{id}` is a condition: its rules are cleared in `content/safety.yaml`, with `review: sourced`"))
        }
        Kind::Reference | Kind::Term => {
            Err(format!("`{id}` is {}: it is reviewed together with the entries that use it", kind.one()))
        }
        _ => Ok(index),
    }
}

/// Whether a fingerprint stands for what an entry is now.
fn check_copy(written: Option<&str>, now: &str, id: &str) -> Result<(), String> {
    match written.filter(|written| *written != now) {
        Some(written) => Err(format!(
            "`{id}` is not what was signed any more: the copy has the fingerprint {written}, and the entry has {now}; print a new copy with `osteon review copy {id}`"
        )),
        None => Ok(()),
    }
}

/// The new text of `reviews.yaml`, or why the signature is refused.
///
/// `old` is the file as it is, `found` what was found in the site: an entry with an error in its file can't be signed.
pub fn sign(graph: &Graph, found: &Findings, old: Option<&str>, request: &Request) -> Result<String, String> {
    let index = find(graph, &request.id)?;
    let Some(document) = graph.node(index).document() else { return Err(format!("`{}` is no entry", request.id)) };
    let person = person(graph, &request.by)?;
    if document.meta.authors.contains(&person.id) {
        return Err(format!("`{}` wrote `{}` and can't be its reviewer", person.id, request.id));
    }
    if person.sample {
        return Err(format!("`{}` is a sample and no real person", person.id));
    }
    let today = graph.config.options.today;
    let on = request.on.unwrap_or(today);
    if on > today {
        return Err(format!("the review can't have happened on {on}: today is {today}"));
    }
    let next = request.next.unwrap_or_else(|| on.plus_years(1));
    if next <= on || next > on.plus_years(LONGEST) {
        return Err(format!("the next review, on {next}, must be after {on} and at most three years later"));
    }
    if let Some(error) = found.0.iter().find(|finding| finding.level == Level::Error && finding.at.file == document.file) {
        return Err(format!("`{}` has an error: {}; `osteon check` shows where", request.id, error.message));
    }
    let parts = parts(graph, index);
    let hash = whole(&parts);
    check_copy(request.hash.as_deref(), &hash, &request.id)?;
    let mut text = match old {
        Some(old) if !old.trim().is_empty() => format!("{}\n\n", old.trim_end()),
        _ => format!("{HEAD}\n"),
    };
    // Fingerprints are quoted: 0123456789 would be read as a number.
    let _ = writeln!(text, "- id: {}\n  by: {}\n  on: {on}\n  next: {next}\n  hash: \"{hash}\"\n  parts:", request.id, person.id);
    for (part, hash) in &parts {
        let _ = writeln!(text, "    {}: \"{hash}\"", part.0);
    }
    Ok(text)
}

fn person<'g>(graph: &'g Graph, id: &str) -> Result<&'g Person, String> {
    graph.person(id).ok_or_else(|| {
        let known = graph.people.iter().map(|person| &*person.id);
        let help = did_you_mean(id, known).unwrap_or_else(|| "add a record to `content/people.yaml`".into());
        format!("nobody in `people.yaml` has the id `{id}`; {help}")
    })
}
