//! `F009` bad-id.

use super::rule;
use crate::finding::{At, Finding};
use crate::parse::is_slug;

rule! {
    /// # What it finds
    ///
    /// A file name or id that isn't a slug.
    ///
    /// # Why it matters
    ///
    /// Ids stand in addresses and links: the letters a to z, digits and hyphens work everywhere.
    ///
    /// # Example
    ///
    /// `content/pages/About Us.md`
    ///
    /// # Instead
    ///
    /// `content/pages/about-us.md`
    BAD_ID = "F009", "bad-id", Error
}

/// `id` isn't a slug.
pub fn finding(at: At, id: &str) -> Finding {
    let slug = crate::graph::slug(id);
    let example = if is_slug(&slug) { format!(": `{slug}`") } else { String::new() };
    Finding::new(&BAD_ID, at, format!("`{id}` can't be an id"))
        .help(format!("use the letters a to z, digits and hyphens{example}"))
}
