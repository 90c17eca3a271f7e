//! `C005` unknown-level.

use super::rule;
use crate::finding::{At, Finding, did_you_mean};

rule! {
    /// # What it finds
    ///
    /// An entry of `levels` that names no rule, no level, or a level that the rule may not have.
    ///
    /// # Why it matters
    ///
    /// A rule that an editor believes to be an error would be something else. Safety and evidence rules (`S`, `E`) can be made stricter here, never milder.
    ///
    /// # Example
    ///
    /// ```yaml
    /// levels:
    ///   broken-lnk: warning
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// levels:
    ///   broken-link: warning
    /// ```
    UNKNOWN_LEVEL = "C005", "unknown-level", Error
}

/// No rule is called `written`.
pub fn unknown_rule<'a>(at: At, written: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    Finding::new(&UNKNOWN_LEVEL, at, format!("no rule is called `{written}`"))
        .help("`osteon explain` lists all rules")
        .help_if(did_you_mean(written, known))
}

/// `written` is no level.
pub fn unknown_level(at: At, written: &str) -> Finding {
    Finding::new(&UNKNOWN_LEVEL, at, format!("`{written}` is not a level"))
        .help("the levels are `off`, `note`, `warning` and `error`")
        .help_if(did_you_mean(written, ["off", "note", "warning", "error"]))
}

/// The rule that is called `written` protects readers and can't be made milder.
pub fn too_mild(at: At, written: &str) -> Finding {
    Finding::new(&UNKNOWN_LEVEL, at, format!("`{written}` protects readers and can't be made milder")).help("remove this line")
}
