//! `T005` outside-request.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A page that makes a browser load something from another host: a picture, script, style sheet, font, frame or recording. Links
    /// that a reader may follow are fine.
    ///
    /// # Why it matters
    ///
    /// Whoever runs that host learns who reads about which illness. The page also breaks when the host is down, and without a
    /// connection.
    ///
    /// # Example
    ///
    /// ```html
    /// <img src="https://pictures.example.com/hop.png" alt="Hopping">
    /// ```
    ///
    /// # Instead
    ///
    /// Copy the file to `static/`, or to `static/` of your theme, and use it from there:
    ///
    /// ```html
    /// <img src="/hop.png" alt="Hopping">
    /// ```
    OUTSIDE_REQUEST = "T005", "outside-request", Warning, Error in production
}

/// Something that is loaded from elsewhere.
pub fn finding(at: At, what: &str, address: &str) -> Finding {
    Finding::new(&OUTSIDE_REQUEST, at, format!("{what} is loaded from another site: `{address}`"))
        .help("copy it to `static/` and use it from there, or make it a link that readers may follow")
}
