//! `C007` unused-allow.

use super::{Rule, rule};
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// An `osteon-allow` that silences nothing: the rule finds nothing in the line or block that follows.
    ///
    /// # Why it matters
    ///
    /// It would silence the next mistake in that place, which nobody has looked at.
    ///
    /// # Example
    ///
    /// ```yaml
    /// # osteon-allow near-miss: a place in Wales
    /// tags: [strength, balance]
    /// ```
    ///
    /// # Instead
    ///
    /// Remove it:
    ///
    /// ```yaml
    /// tags: [strength, balance]
    /// ```
    UNUSED_ALLOW = "C007", "unused-allow", Warning
}

/// Nothing needs the exception from `rule` at a place.
pub fn finding(at: At, rule: &Rule) -> Finding {
    Finding::new(&UNUSED_ALLOW, at, format!("`{}` finds nothing here", rule.name))
        .help("remove this exception; it holds for the next block of Markdown, or for one line of data")
}
