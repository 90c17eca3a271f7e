//! `F002` unknown-key.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A key that the kind of entry doesn't have.
    ///
    /// # Why it matters
    ///
    /// A misspelt key would be lost silently, and with it perhaps a warning.
    ///
    /// # Example
    ///
    /// ```yaml
    /// titel: About
    /// colour: red
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// title: About
    /// extra:
    ///   colour: red
    /// ```
    UNKNOWN_KEY = "F002", "unknown-key", Error
}

/// `key` is no key here; `owner` says of what, and `known` are its keys.
pub fn finding(at: At, key: &str, owner: &str, known: &[&str]) -> Finding {
    let list = || known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    Finding::new(&UNKNOWN_KEY, at, format!("{owner} has no key `{key}`"))
        .help(if known.contains(&"extra") {
            "remove it, or put free data under `extra:`".to_owned()
        } else {
            format!("the keys are {}", list())
        })
        .suggest(key, known.iter().copied())
}
