//! `S001` incomplete-matrix.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A movement and a condition without a verdict in `safety.yaml`.
    ///
    /// # Why it matters
    ///
    /// Missing is never safe: an exercise with that movement would look fine to people with that condition.
    ///
    /// # Example
    ///
    /// ```yaml
    /// movements: [{id: hop, label: Hopping}]
    /// conditions: [{id: osteoporosis, label: Osteoporosis}]
    /// ```
    ///
    /// # Instead
    ///
    /// Add the pair to `rules` or to `ok`:
    ///
    /// ```yaml
    /// ok:
    ///   - movement: hop
    ///     conditions: [osteoporosis]
    /// ```
    INCOMPLETE_MATRIX = "S001", "incomplete-matrix", Error
}

/// Conditions that have no verdict with a movement.
pub fn finding(at: At, movement: &str, conditions: &[&str]) -> Finding {
    let list: Vec<String> = conditions.iter().map(|condition| format!("`{condition}`")).collect();
    Finding::new(&INCOMPLETE_MATRIX, at, format!("`{movement}` has no verdict for {}", list.join(", ")))
        .help("add each pair to `rules` with a verdict, or to `ok`")
}
