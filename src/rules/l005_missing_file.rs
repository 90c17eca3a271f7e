//! `L005` missing-file.

use super::rule;
use crate::finding::{At, Finding, nearest};

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
    /// image: /images/hip.svg
    /// ```
    ///
    /// # Instead
    ///
    /// Put the picture into `static/images/` and name it as the file is called:
    ///
    /// ```yaml
    /// image: /images/hips.svg
    /// ```
    MISSING_FILE = "L005", "missing-file", Error
}

/// There is no file at an address; `known` are the paths of all files below `static/`.
pub fn finding<'a>(at: At, written: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    // Who writes the folder too means the file in it.
    let file = written.trim_start_matches('/');
    let file = file.strip_prefix("static/").unwrap_or(file);
    let known: Vec<&str> = known.into_iter().collect();
    // Without its slash an address counts from the page, where no file stands.
    let near = if known.contains(&file) { Some(file) } else { nearest(file, known) };
    Finding::new(&MISSING_FILE, at, format!("there is no file at `{written}`"))
        .help(format!("put it at `static/{file}` and write `/{file}`"))
        .help_if(near.map(|near| format!("did you mean `/{near}`?")))
}
