//! `F001` unreadable-data.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// YAML, TOML, BibLaTeX or JSON that can't be read.
    ///
    /// # Why it matters
    ///
    /// Nothing of the entry is known, so nothing of it can be checked or shown. In a bibliography only the broken record is
    /// lost.
    ///
    /// # Example
    ///
    /// ```yaml
    /// title: Hips: what to know
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// title: "Hips: what to know"
    /// ```
    UNREADABLE_DATA = "F001", "unreadable-data", Error
}

/// What the YAML parser says in its own words, what it means to an author, and what to do.
const YAML: &[(&str, &str, &str)] = &[
    (
        "mapping values are not allowed",
        "a colon can't stand here",
        "put text that holds a colon and a space in quotes; begin a new key below the one before it",
    ),
    (
        "cannot start any token",
        "a value can't begin with this character",
        "put the text in quotes, and indent with spaces, not tabs",
    ),
    ("found a tab character", "a tab can't stand here", "indent with spaces"),
    (
        "node content",
        "a value is missing",
        "put text that begins with a sign such as `]`, `}`, `,` or `%` in quotes, and close every `[` and `{`",
    ),
    (
        "expected ',' or",
        "a comma or a closing bracket is missing",
        "close every `[` and `{`, and put text that begins with one, such as `[[id]]`, in quotes",
    ),
    ("unexpected end of stream", "a quotation mark is never closed", "add the closing quotation mark at the end of the text"),
    (
        "expected key",
        "a key is expected here",
        "begin keys that belong together in one column; text that goes on after a quotation mark or a bracket needs quotes around all of it",
    ),
    (
        "expected ':'",
        "a key without a colon",
        "write `key: value`; text that goes on in the next line is indented further than its key",
    ),
    ("'-' indicator", "an item of the list is expected here", "begin items that belong together with `- ` in one column"),
    (
        "block sequence entries",
        "a list can't begin here",
        "begin a list on the line below its key, and put text that begins with `- ` in quotes",
    ),
    ("unknown anchor", "`*` repeats a value that has this name, and none has it", "put text that begins with `*` in quotes"),
    ("alphabetic or numeric character", "a name is expected after `*` or `&`", "put text that begins with `*` or `&` in quotes"),
    (
        "escape character",
        "no such character can follow a backslash",
        "write `\\\\` for a backslash, or put the text in single quotes",
    ),
    ("tag", "a tag begins with `!`, and this is none", "put text that begins with `!` in quotes"),
];

/// YAML that can't be read: `message` are the parser's words.
pub fn yaml(at: At, message: &str) -> Finding {
    let known = YAML.iter().find(|(theirs, ..)| message.contains(theirs));
    let (message, help) =
        known.map_or((message, "check indentation, colons and quotes near this place"), |(_, ours, help)| (*ours, *help));
    Finding::new(&UNREADABLE_DATA, at, format!("this YAML can't be read: {message}")).help(help)
}

/// A key that stands twice in one mapping, first at `first`.
pub fn twice(at: At, key: &str, first: At) -> Finding {
    Finding::new(&UNREADABLE_DATA, at, format!("the key `{key}` stands twice"))
        .help("keep one of the two, or put both values in one list")
        .note(Some(first), "it stands here first")
}

/// TOML that can't be read: `message` are the parser's words.
pub fn toml(at: At, message: &str) -> Finding {
    let message = message.lines().collect::<Vec<_>>().join("; ");
    Finding::new(&UNREADABLE_DATA, at, format!("this TOML can't be read: {message}"))
        .help("check quotes, brackets and `=` near this place")
}

/// A record of a bibliography, or a field of it, that can't be read; `message` says why.
pub fn record(at: At, message: &str) -> Finding {
    Finding::new(&UNREADABLE_DATA, at, message)
        .help("correct it here, or where the file was exported from; the other records are read")
}
