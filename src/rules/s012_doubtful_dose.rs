//! `S012` doubtful-dose.

use super::rule;
use crate::entry::{Data, Dosage};
use crate::finding::{At, Finding, Findings};
use crate::graph::{Graph, Node};
use crate::parse::Document;

rule! {
    /// # What it finds
    ///
    /// `sets` or `reps` of a dosage, on a card or in a programme, that hold no number, a number that can't be one (0, less, or more than 100),
    /// or a range that goes down.
    ///
    /// # Why it matters
    ///
    /// People do what the card says, and a slip of the keyboard is a dose. What can't be counted belongs into `text`.
    ///
    /// # Example
    ///
    /// ```yaml
    /// dosage: {sets: 0, reps: 12 to 8}
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// dosage: {sets: 2 or 3, reps: 8 to 12}
    /// ```
    DOUBTFUL_DOSE = "S012", "doubtful-dose", Error
}

/// More of anything than one set or one day should ask for.
const MOST: u32 = 100;

/// Doses that nobody can have meant.
pub fn check(graph: &Graph) -> Findings {
    Findings(graph.nodes.iter().filter_map(Node::document).flat_map(of_document).collect())
}

fn of_document(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |path: &[&str], dosage: &Dosage| {
        for (key, text) in [("sets", &dosage.sets), ("reps", &dosage.reps)] {
            if let Some(doubt) = text.as_deref().and_then(doubt) {
                let at = document.field(path.iter().copied().chain([key]));
                findings.push(finding(at, key, doubt));
            }
        }
    };
    match &document.data {
        Data::Exercise(exercise) => add(&["dosage"], &exercise.dosage),
        Data::Programme(programme) => {
            for (place, item) in programme.items() {
                let [week, session, position] = place.map(|index| index.to_string());
                add(&["weeks", &week, "sessions", &session, "items", &position, "dosage"], &item.dosage);
            }
        }
        _ => {}
    }
    findings
}

fn finding(at: At, key: &str, doubt: &str) -> Finding {
    Finding::new(&DOUBTFUL_DOSE, at, format!("`{key}` {doubt}"))
        .help("write a number or a range, such as `8` or `8 to 12`, and anything else in `text`")
}

/// What is wrong with a number of sets or repetitions.
fn doubt(text: &str) -> Option<&'static str> {
    let numbers: Vec<u32> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(|digits| digits.parse().unwrap_or(u32::MAX))
        .collect();
    match numbers[..] {
        [] => Some("holds no number"),
        _ if text.trim_start().starts_with(['-', '−']) || numbers.contains(&0) => Some("must be at least 1"),
        _ if numbers.iter().any(|number| *number > MOST) => Some("is more than anybody should be told to do"),
        [from, to, ..] if from > to => Some("is a range that goes down"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::doubt;

    #[test]
    fn doses_that_nobody_meant() {
        for text in ["8", "8 to 12", "8-12", "up to 8", "5 each side", "10 steps", "2 or 3", "1"] {
            assert_eq!(doubt(text), None, "{text}");
        }
        for text in ["many", "", "-1", "0", "0 to 5", "12 to 8", "101", "99999999999"] {
            assert!(doubt(text).is_some(), "{text}");
        }
    }
}
