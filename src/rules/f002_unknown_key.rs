//! `F002` unknown-key.

use super::rule;
use crate::finding::{At, Finding, did_you_mean};

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
    /// titel: Dropping the heels
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// title: Dropping the heels
    /// extra:
    ///   anything: you like
    /// ```
    UNKNOWN_KEY = "F002", "unknown-key", Error
}

/// `key` is no key here; `owner` says of what.
pub fn finding<'a>(at: At, key: &str, owner: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    Finding::new(&UNKNOWN_KEY, at, format!("{owner} has no key `{key}`"))
        .help("remove it, or put free data under `extra:`")
        .help_if(did_you_mean(key, known))
}
