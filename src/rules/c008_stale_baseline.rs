//! `C008` stale-baseline.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// An entry of `osteon-baseline.yaml` that matches no finding any more, or fewer than it counts.
    ///
    /// # Why it matters
    ///
    /// What was mended may not come back unseen.
    ///
    /// # Example
    ///
    /// ```yaml
    /// - code: L001
    ///   file: "content/pages/about.md"
    ///   message: "no entry is called `knees`"
    ///   fingerprint: "e8e05584c284dfd75a21d2653c9b3c70"
    ///   count: 2
    /// ```
    ///
    /// # Instead
    ///
    /// Mend the entry or remove it, or write the file anew with `osteon check --write-baseline`:
    ///
    /// ```yaml
    /// - code: L001
    ///   file: "content/pages/about.md"
    ///   message: "no entry is called `knees`"
    ///   fingerprint: "e8e05584c284dfd75a21d2653c9b3c70"
    /// ```
    STALE_BASELINE = "C008", "stale-baseline", Note
}

/// Of `all` findings that an entry counts, so many are still there.
pub fn finding(at: At, found: u32, all: u32) -> Finding {
    let message = match found {
        0 => "nothing matches this entry any more".to_owned(),
        _ => format!("this entry counts {all} findings, and there are {found}"),
    };
    Finding::new(&STALE_BASELINE, at, message).help("run `osteon check --write-baseline`, or mend the entry")
}
