//! `F006` invalid-utf8.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A text file that isn't UTF-8.
    ///
    /// # Why it matters
    ///
    /// Letters would come out wrong, in a dose perhaps.
    ///
    /// # Example
    ///
    /// `content/exercises/hop.yaml`, saved as Windows-1252.
    ///
    /// # Instead
    ///
    /// Save the file as UTF-8 in your editor: `Exercise café`.
    INVALID_UTF8 = "F006", "invalid-utf8", Error
}

/// The byte at `at` belongs to no character.
pub fn finding(at: At) -> Finding {
    Finding::new(&INVALID_UTF8, at, "this byte belongs to no character: the file is not UTF-8")
        .help("save the file as UTF-8 in your editor")
}
