//! `E001` unknown-reference.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A citation of a reference that doesn't exist.
    ///
    /// # Why it matters
    ///
    /// A statement that looks supported would stand on nothing.
    ///
    /// # Example
    ///
    /// ```markdown
    /// Heel drops did not change bone density [@basey1995, p. 470; @snow2000].
    /// ```
    ///
    /// # Instead
    ///
    /// ```markdown
    /// Heel drops did not change bone density [@bassey1995, p. 470; @bassey1995].
    /// ```
    UNKNOWN_REFERENCE = "E001", "unknown-reference", Error
}

/// No reference is called `key`.
pub fn finding<'a>(at: At, key: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    Finding::new(&UNKNOWN_REFERENCE, at, format!("no reference is called `{key}`"))
        .help("add it to `content/references/`")
        .suggest(key, known)
}

/// A citation without a key.
pub fn empty(at: At) -> Finding {
    Finding::new(&UNKNOWN_REFERENCE, at, "this citation names no reference").help("write `[@key]`, or `[@key, p. 3; @other]`")
}
