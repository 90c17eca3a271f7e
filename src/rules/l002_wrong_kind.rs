//! `L002` wrong-kind.

use super::rule;
use crate::entry::Kind;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A list that names an entry of another kind than it holds.
    ///
    /// # Why it matters
    ///
    /// A warning among the easier versions of an exercise makes no sense to a reader.
    ///
    /// # Example
    ///
    /// ```yaml
    /// easier: [jolts]
    /// warnings: [hop, osteoporosis]
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// warnings: [jolts]
    /// ```
    WRONG_KIND = "L002", "wrong-kind", Error
}

/// `id` is of a kind and `key` holds entries of the kind `wanted`.
pub fn finding(at: At, id: &str, kind: Kind, key: &str, wanted: Kind) -> Finding {
    let finding = Finding::new(&WRONG_KIND, at, format!("`{id}` is {}, and `{key}` needs {}", kind.one(), wanted.one()));
    finding.help_if(wanted.section().map(|folder| format!("use an id of `content/{folder}/`")))
}
