//! `C009` unfounded-baseline.

use super::{Rule, rule};
use crate::entry::Date;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// An entry of `osteon-baseline.yaml` that may not silence anything: a finding about safety or evidence (`S`, `E`) without
    /// `reason` and `until`, an entry whose last day is over, and findings that no baseline can hold because the site can't be built
    /// with them.
    ///
    /// # Why it matters
    ///
    /// A list that a program wrote is no decision. Somebody has to say why readers may meet this, and until when.
    ///
    /// # Example
    ///
    /// ```yaml
    /// - code: E001
    ///   file: "content/pages/about.md"
    ///   message: "no reference is called `basey1995`"
    ///   fingerprint: "8009cef3ab54da8887978bc2e0b47c00"
    /// ```
    ///
    /// # Instead
    ///
    /// Mend what is found, or say why it may wait and until when:
    ///
    /// ```yaml
    /// - code: E001
    ///   file: "content/pages/about.md"
    ///   message: "no reference is called `basey1995`"
    ///   fingerprint: "8009cef3ab54da8887978bc2e0b47c00"
    ///   reason: "the library is looking for the paper"
    ///   until: 2027-01-31
    /// ```
    UNFOUNDED_BASELINE = "C009", "unfounded-baseline", Warning
}

/// The rule needs a reason and a last day.
pub fn no_reason(at: At, rule: &Rule) -> Finding {
    Finding::new(&UNFOUNDED_BASELINE, at, format!("`{}` can't be silenced without a reason and a last day", rule.name))
        .help("write `reason` and `until`, such as `until: 2027-01-31`, or mend what it finds")
}

/// The last day of an entry is over.
pub fn over(at: At, rule: &Rule, day: Date) -> Finding {
    Finding::new(&UNFOUNDED_BASELINE, at, format!("this exception from `{}` ended on {day}", rule.name))
        .help("mend what it finds, or decide anew")
}

/// Nothing that the rule finds can be in a baseline.
pub fn never(at: At, rule: &Rule) -> Finding {
    Finding::new(&UNFOUNDED_BASELINE, at, format!("`{}` can't be in a baseline", rule.name))
        .help("remove the entry and mend what it finds: the site can't be built with it")
}
