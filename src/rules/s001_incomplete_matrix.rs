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
    /// movements:
    ///   - {id: hop, label: Hopping}
    ///   - {id: walk, label: Walking}
    /// conditions:
    ///   - {id: osteoporosis, label: Osteoporosis}
    ///   - {id: osteopenia, label: Osteopenia}
    /// rules:
    ///   - {id: hop-osteoporosis, movement: hop, conditions: [osteoporosis], verdict: modify, warning: Hop low and softly.}
    /// ok:
    ///   - {movement: walk, conditions: [osteopenia]}
    /// ```
    ///
    /// # Instead
    ///
    /// Add each pair to `rules` or to `ok`:
    ///
    /// ```yaml
    /// rules:
    ///   - {id: hop-osteoporosis, movement: hop, conditions: [osteoporosis], verdict: modify, warning: Hop low and softly.}
    ///   - {id: hop-osteopenia, movement: hop, conditions: [osteopenia], verdict: modify, warning: Hop low.}
    /// ok:
    ///   - {movement: walk, conditions: [osteoporosis, osteopenia]}
    /// ```
    INCOMPLETE_MATRIX = "S001", "incomplete-matrix", Error
}

/// Conditions that have no verdict with a movement.
pub fn finding(at: At, movement: &str, conditions: &[&str]) -> Finding {
    let list: Vec<String> = conditions.iter().map(|condition| format!("`{condition}`")).collect();
    Finding::new(&INCOMPLETE_MATRIX, at, format!("`{movement}` has no verdict for {}", list.join(", ")))
        .help("add each pair to `rules` with a verdict, or to `ok`")
}
