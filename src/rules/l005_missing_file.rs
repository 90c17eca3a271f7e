//! `L005` missing-file.

use super::rule;
use crate::finding::{At, Finding, did_you_mean};

rule! {
    /// # What it finds
    ///
    /// A picture or file that isn't in `static/`.
    ///
    /// # Why it matters
    ///
    /// The reader sees a broken picture. In a draft, pictures named in the front matter (often by another generator) are warnings.
    ///
    /// # Example
    ///
    /// ```yaml
    /// image: /images/heel-drop.png
    /// ```
    ///
    /// # Instead
    ///
    /// Put the picture at `static/images/heel-drop.png`.
    MISSING_FILE = "L005", "missing-file", Error
}

/// There is no file for the address.
pub fn finding<'a>(at: At, path: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    Finding::new(&MISSING_FILE, at, format!("there is no file `static/{}`", path.trim_start_matches('/')))
        .help("put the file there, or correct the path")
        .help_if(did_you_mean(path, known))
}
