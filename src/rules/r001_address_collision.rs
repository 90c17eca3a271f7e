//! `R001` address-collision.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// Two pages at one address, a page where a file of `static/` stands, and addresses that differ in upper and lower case only.
    ///
    /// # Why it matters
    ///
    /// One of them could not be read. Addresses that differ in case are one file on many computers.
    ///
    /// # Example
    ///
    /// Two articles with `permalink: /start/`.
    ///
    /// # Instead
    ///
    /// Give one of them another address. Here one page is left with
    ///
    /// ```yaml
    /// permalink: /start/
    /// ```
    ADDRESS_COLLISION = "R001", "address-collision", Error
}

/// The address is taken.
pub fn finding(at: At, url: &str, by: &str, first: Option<At>) -> Finding {
    let finding = Finding::new(&ADDRESS_COLLISION, at, format!("the address `{url}` is taken by {by}"))
        .help("choose another `permalink`, id or alias");
    match first {
        Some(first) => finding.note(Some(first), "the other one"),
        None => finding,
    }
}
