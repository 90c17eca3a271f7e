//! `C001` no-configuration.

use super::rule;
use crate::config::CONFIG;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A folder without `osteon.yaml`.
    ///
    /// # Why it matters
    ///
    /// Without a title and an address no page can be built.
    ///
    /// # Example
    ///
    /// A folder that holds `content/` only.
    ///
    /// # Instead
    ///
    /// Write `osteon.yaml`, or make a new site with `osteon new DIR`:
    ///
    /// ```yaml
    /// title: Fixture
    /// base_url: https://example.org
    /// ```
    NO_CONFIGURATION = "C001", "no-configuration", Error
}

/// There is no `osteon.yaml`.
pub fn finding() -> Finding {
    Finding::new(&NO_CONFIGURATION, At::file(&CONFIG.into()), "there is no `osteon.yaml` in this folder")
        .help("write one with `title` and `base_url`, or make a new site with `osteon new DIR`")
}
