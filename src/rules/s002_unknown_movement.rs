//! `S002` unknown-movement.

use super::rule;
use crate::finding::{At, Finding, did_you_mean};

rule! {
    /// # What it finds
    ///
    /// A movement, condition or group of conditions that `safety.yaml` doesn't define.
    ///
    /// # Why it matters
    ///
    /// Without it no verdict can be computed.
    ///
    /// # Example
    ///
    /// ```yaml
    /// movements: [moderate-impact, moderate-impct, hop]
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// movements: [moderate-impact]
    /// ```
    UNKNOWN_MOVEMENT = "S002", "unknown-movement", Error
}

/// No movement is called `id`.
pub fn movement<'a>(at: At, id: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    Finding::new(&UNKNOWN_MOVEMENT, at, format!("`safety.yaml` has no movement `{id}`"))
        .help("use a movement of `safety.yaml`, or add it there with its verdicts")
        .help_if(did_you_mean(id, known))
}

/// No condition is called `id`.
pub fn condition<'a>(at: At, id: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    Finding::new(&UNKNOWN_MOVEMENT, at, format!("`safety.yaml` has no condition `{id}`"))
        .help("use a condition of `safety.yaml`, or add it there with its verdicts")
        .help_if(did_you_mean(id, known))
}

/// No group of conditions is called `id`.
pub fn group<'a>(at: At, id: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    Finding::new(&UNKNOWN_MOVEMENT, at, format!("`safety.yaml` has no group of conditions `{id}`"))
        .help("use a group of `condition_groups`, or add it there")
        .help_if(did_you_mean(id, known))
}
