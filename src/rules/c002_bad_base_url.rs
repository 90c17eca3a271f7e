//! `C002` bad-base-url.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A `base_url` that is no `http` or `https` address.
    ///
    /// # Why it matters
    ///
    /// Feeds, the sitemap and previews need whole addresses.
    ///
    /// # Example
    ///
    /// ```yaml
    /// base_url: example.org
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// base_url: https://example.org
    /// ```
    BAD_BASE_URL = "C002", "bad-base-url", Error
}

/// `written` is no address.
pub fn finding(at: At, written: &str) -> Finding {
    Finding::new(&BAD_BASE_URL, at, format!("`{written}` is not an address that a site can have"))
        .help("begin with `https://` and a host, and leave out `?` and `#`: `https://example.org/bones`")
}
