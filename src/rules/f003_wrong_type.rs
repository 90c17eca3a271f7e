//! `F003` wrong-type.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A value of the wrong form: a list where text is meant, a word where a date is meant.
    ///
    /// # Why it matters
    ///
    /// The value can't be used, and guessing what was meant is not safe.
    ///
    /// # Example
    ///
    /// ```yaml
    /// updated: last spring
    /// draft: perhaps
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// updated: 2026-03-20
    /// draft: false
    /// ```
    WRONG_TYPE = "F003", "wrong-type", Error
}

/// The value of `key`, or the data as a whole, has the wrong form; `message` are serde's words: `invalid type: sequence, expected text`.
pub fn finding(at: At, key: &str, message: &str) -> Finding {
    let what = if key.is_empty() { "the data need".to_owned() } else { format!("`{key}` needs") };
    let parts = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    let Some((found, expected)) = parts.and_then(|parts| parts.rsplit_once(", expected ")) else {
        return Finding::new(&WRONG_TYPE, at, format!("{what} another value: {message}"));
    };
    let (expected, help) = match expected.split_once(" with the keys ") {
        Some((expected, _)) if key.is_empty() => {
            (expected, Some("write one `key: value` on each line, such as `title: …`".to_owned()))
        }
        Some((expected, keys)) => (expected, Some(format!("write one `key: value` on each line; the keys are {keys}"))),
        None => (expected, None),
    };
    Finding::new(&WRONG_TYPE, at, format!("{what} {}, not {}", in_words(expected), in_words(found))).help_if(help)
}

/// A type or value in the words of an author.
fn in_words(theirs: &str) -> String {
    match theirs {
        "sequence" => "a list".into(),
        "map" | "a mapping" | "a mapping of names to texts" => "keys with values".into(),
        "unit value" => "nothing".into(),
        "a boolean" => "`true` or `false`".into(),
        "u32" => "a whole number".into(),
        // `string "last spring"`, "integer `3`"
        other => match other.find(['"', '`']) {
            Some(at) => format!("`{}`", other[at..].trim_matches(['"', '`'])),
            None => other.into(),
        },
    }
}
