//! `L002` wrong-kind.

use super::rule;
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
    /// easier: [loaded-flexion]
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// easier: [chair-rise]
    /// ```
    WRONG_KIND = "L002", "wrong-kind", Error
}

/// `id` is a `kind` and `key` holds entries of the kind `wanted`.
pub fn finding(at: At, id: &str, kind: &str, key: &str, wanted: &str) -> Finding {
    let article = |word: &str| if word.starts_with(['a', 'e']) { "an" } else { "a" };
    Finding::new(
        &WRONG_KIND,
        at,
        format!("`{id}` is {} {kind}, and `{key}` needs {} {wanted}", article(kind), article(wanted)),
    )
}
