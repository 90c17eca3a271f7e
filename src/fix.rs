//! Fixes: from what a finding offers to the bytes of a file. Pure; writing is done in [`crate::disk`].
//!
//! An edit is made only where it is certain: the old text stands at its place exactly once, as a whole word, and in YAML the quoting allows the
//! new one. Words of warnings are never touched, whoever offers it. Every other byte stays as it is.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::files::{File, Files};
use crate::finding::{Edit, Findings, Fix, Place, Step};
use crate::graph::is_table;
use crate::parse::locate::Places;
use crate::parse::parse;
use crate::rules::f001_unreadable_data::UNREADABLE_DATA;

/// A file that fixes change.
#[derive(Debug, Clone)]
pub struct Change {
    /// The file as it is.
    pub file: File,
    /// Its bytes with the fixes.
    pub new: Vec<u8>,
    /// The number of fixes.
    pub fixes: usize,
}

/// The files as fixes would leave them. Of two fixes for the same bytes the first wins; the next run finds the other one.
pub fn changes(findings: &Findings, files: &Files, with_unsafe: bool) -> Vec<Change> {
    let offered = findings.0.iter().filter_map(|finding| finding.fix.as_ref()).filter(|fix| fix.is_safe || with_unsafe);
    let mut places: BTreeMap<&str, Places<'_>> = BTreeMap::new();
    let mut accepted: BTreeMap<&str, Accepted<'_>> = BTreeMap::new();
    for fix in offered {
        let Some(edits) = resolve(fix, files, &mut places) else { continue };
        let is_taken = |(path, range, _): &(&str, Range<usize>, &str)| {
            let taken = accepted.get(path).map(|(edits, _)| edits.as_slice()).unwrap_or_default();
            taken.iter().any(|(other, _)| other.start < range.end && range.start < other.end)
        };
        if edits.iter().any(is_taken) {
            continue;
        }
        for (position, (path, range, new)) in edits.into_iter().enumerate() {
            let (edits, fixes) = accepted.entry(path).or_default();
            edits.push((range, new));
            *fixes += usize::from(position == 0);
        }
    }
    let change = |(path, (edits, fixes)): (&str, Accepted<'_>)| {
        let file = files.at(path)?;
        let new = apply(&file.bytes, edits);
        still_reads(file, &new).then(|| Change { file: file.clone(), new, fixes })
    };
    accepted.into_iter().filter_map(change).collect()
}

/// The edits of a file, and of how many fixes they are.
type Accepted<'f> = (Vec<(Range<usize>, &'f str)>, usize);

/// An edit with its file.
type Resolved<'f> = (&'f str, Range<usize>, &'f str);

/// The edits of a fix, if all of them can be made.
fn resolve<'f>(fix: &'f Fix, files: &'f Files, places: &mut BTreeMap<&'f str, Places<'f>>) -> Option<Vec<Resolved<'f>>> {
    let resolved = fix.edits.iter().map(|edit| {
        let file = files.at(&edit.at.file)?;
        let places = places.entry(&file.path).or_insert_with(|| Places::new(file));
        Some((&*file.path, range(edit, file, places)?, edit.new.as_str()))
    });
    resolved.collect()
}

/// The bytes that an edit replaces, or `None` if it isn't certain or not allowed.
pub fn range(edit: &Edit, file: &File, places: &Places<'_>) -> Option<Range<usize>> {
    if edit.old.is_empty() || is_warning(&edit.at.file, &edit.at.place) || edit.at.place == Place::File {
        return None;
    }
    let place = places.range(&edit.at.place)?;
    let text = std::str::from_utf8(file.bytes.get(place.clone())?).ok()?;
    let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let mut whole = text
        .match_indices(edit.old.as_str())
        .map(|(at, _)| at)
        .filter(|at| !text[..*at].ends_with(is_inside) && !text[at + edit.old.len()..].starts_with(is_inside));
    let (Some(at), None) = (whole.next(), whole.next()) else { return None };
    if matches!(edit.at.place, Place::Field(_)) && !fits_yaml(&edit.new, text, at, &file.bytes[..place.start]) {
        return None;
    }
    let start = place.start + at;
    Some(start..start + edit.old.len())
}

/// Whether a new text can stand inside a YAML value as it is quoted there. Words and slugs always can.
fn fits_yaml(new: &str, value: &str, at: usize, before: &[u8]) -> bool {
    if new.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) {
        return true;
    }
    if let Some(quote @ (b'"' | b'\'')) = value.as_bytes().first() {
        return !new.contains(char::from(*quote)) && !new.contains('\\');
    }
    // Brackets mean a list at the beginning of a value, and everywhere within a list that is itself in brackets.
    let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_in_block = (line.ends_with(b": ") || line.ends_with(b"- ")) && !line.iter().any(|byte| b"[{".contains(byte));
    at > 0 && is_in_block && !new.contains(": ") && !new.contains(" #")
}

/// Whether words at a place protect readers: warnings, signs to stop, when to get help, the matrix.
fn is_warning(path: &str, place: &Place) -> bool {
    const FIELDS: [&str; 4] = ["stop_if", "seek_help", "status_reason", "warning"];
    let is_field = |path: &[Step]| path.iter().any(|step| matches!(step, Step::Key(key) if FIELDS.contains(&key.as_str())));
    path.starts_with("content/warnings/")
        || path == "content/safety.yaml"
        || matches!(place, Place::Field(path) | Place::Key(path) if is_field(path))
}

/// Replaces ranges that don't overlap.
fn apply(bytes: &[u8], mut edits: Vec<(Range<usize>, &str)>) -> Vec<u8> {
    edits.sort_by_key(|(range, _)| range.start);
    let mut new = Vec::with_capacity(bytes.len() + 64 * edits.len());
    let mut end = 0;
    for (range, text) in edits {
        new.extend_from_slice(&bytes[end..range.start]);
        new.extend_from_slice(text.as_bytes());
        end = range.end;
    }
    new.extend_from_slice(&bytes[end..]);
    new
}

/// Whether the data of a file that could be read can still be read: the last guard against a fix that spoils a file.
fn still_reads(file: &File, new: &[u8]) -> bool {
    let is_unreadable =
        |file: &File| parse(file).1.0.iter().any(|finding| std::ptr::eq(finding.rule, &raw const UNREADABLE_DATA));
    is_table(&file.path) || !is_unreadable(&File::new(file.path.clone(), new)) || is_unreadable(file)
}
