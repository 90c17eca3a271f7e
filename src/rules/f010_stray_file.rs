//! `F010` stray-file.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A file below `content/` that no kind of entry reads.
    ///
    /// # Why it matters
    ///
    /// Its author believes that it is published.
    ///
    /// # Example
    ///
    /// `content/pages/photo.jpg`
    ///
    /// # Instead
    ///
    /// `static/photo.jpg`: pictures and downloads belong in `static/`.
    STRAY_FILE = "F010", "stray-file", Warning
}

/// No kind of entry reads the file.
pub fn finding(at: At, help: &str) -> Finding {
    Finding::new(&STRAY_FILE, at, "this file is not part of the site").help(help)
}
