//! `C006` bad-allow.

use super::{RULES, Rule, rule};
use crate::finding::{At, Finding, did_you_mean};

rule! {
    /// # What it finds
    ///
    /// An `osteon-allow` without a reason, for a rule that doesn't exist, or for a rule that nobody can silence. It has no effect.
    ///
    /// # Why it matters
    ///
    /// An exception is a decision, and whoever reads the text next year has to know why it was made. Rules about safety and
    /// evidence (`S`, `E`), and those that are errors for the public, guard readers: they have no exceptions in the text.
    ///
    /// # Example
    ///
    /// ```markdown
    /// <!-- osteon-allow unknown-language -->
    /// ```
    ///
    /// # Instead
    ///
    /// Write the reason behind a colon. In Markdown it stands before the block that it is for:
    ///
    /// ```markdown
    /// <!-- osteon-allow unknown-language: a notation of our own -->
    /// ```
    ///
    /// In data it stands at the end of the line, or on a line before it:
    ///
    /// ```yaml
    /// # osteon-allow near-miss: a place in Wales
    /// tags: [strength, balence]
    /// ```
    BAD_ALLOW = "C006", "bad-allow", Warning
}

/// What is wrong with an exception.
#[derive(Debug)]
pub enum Reason {
    /// It gives no reason for an exception from the rule.
    None(&'static Rule),
    /// No rule is called so.
    NoRule(String),
    /// The rule has no exceptions.
    Guards(&'static Rule),
}

/// The exception at a place can't hold.
pub fn finding(at: At, reason: Reason) -> Finding {
    let finding = |message: String| Finding::new(&BAD_ALLOW, at, message);
    match reason {
        Reason::None(rule) => finding("this exception gives no reason".to_owned())
            .help(format!("write it behind a colon: `osteon-allow {}: reason`", rule.name)),
        Reason::NoRule(written) if written.is_empty() => {
            finding("this exception names no rule".to_owned()).help("write it on one line: `<!-- osteon-allow RULE: reason -->`")
        }
        Reason::NoRule(written) if written.ends_with(" in data") => finding("this exception stands in data".to_owned())
            .help("write `# osteon-allow RULE: reason` at the end of the line, or on the line before"),
        Reason::NoRule(written) => finding(format!("no rule is called `{written}`"))
            .help("`osteon explain` lists all rules")
            .help_if(did_you_mean(&written, RULES.iter().flat_map(|rule| [rule.name, rule.code]))),
        Reason::Guards(rule) => finding(format!("`{}` can't be allowed", rule.name))
            .help("this rule guards readers: mend what it finds, and remove this line"),
    }
}
