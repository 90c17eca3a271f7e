//! `L003` broken-link.

use super::rule;
use crate::finding::{At, Finding, did_you_mean};

rule! {
    /// # What it finds
    ///
    /// An ordinary link, or an entry of the menu, to an address of the site that doesn't exist, and links that no page may have,
    /// such as `javascript:`.
    ///
    /// # Why it matters
    ///
    /// The reader finds nothing there.
    ///
    /// # Example
    ///
    /// ```markdown
    /// [start](/start/), [a page](/abuot/), [source](idnex.md)
    /// ```
    ///
    /// # Instead
    ///
    /// ```markdown
    /// [start](/), [source](index.md)
    /// ```
    ///
    /// Better is a mention, such as `[[about]]`, which follows the page when it moves.
    BROKEN_LINK = "L003", "broken-link", Error
}

/// Nothing stands at the address.
pub fn finding<'a>(at: At, url: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    Finding::new(&BROKEN_LINK, at, format!("there is no page or file at `{url}`"))
        .help("link to an entry with `[[id]]`, which follows it when it moves; files belong in `static/`")
        .help_if(did_you_mean(url, known))
}

/// The link begins with a scheme that isn't allowed, or with `//`.
pub fn scheme(at: At, url: &str) -> Finding {
    Finding::new(&BROKEN_LINK, at, format!("`{url}` is no link that a page may have")).help(
        "begin links to elsewhere with `https://`, `http://`, `mailto:` or `tel:`, and pictures from elsewhere with `https://`",
    )
}

/// A menu entry is neither an id nor an address.
pub fn menu<'a>(at: At, written: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    Finding::new(&BROKEN_LINK, at, format!("no page has the id or the address `{written}`"))
        .help("use the id of an entry, an address such as `/exercises/`, or one that begins with `https://`")
        .help_if(did_you_mean(written, known))
}
