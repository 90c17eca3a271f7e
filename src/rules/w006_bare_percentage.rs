//! `W006` bare-percentage.

use super::{Words, rule};
use crate::finding::{Finding, Findings};
use crate::parse::running::Passage;

rule! {
    /// # What it finds
    ///
    /// A percentage of people in English running text ("16% of women") without the same as a number of people ("4 in 25") in the same
    /// paragraph, or the size of the group ("16% of 25 women"). A percentage of anything else, such as a change of bone density, is left alone. A note, since a
    /// percentage that a reader can picture is a kindness and no duty.
    ///
    /// # Why it matters
    ///
    /// "16 in 100 people" can be pictured; many readers take a percentage for a strength or a score.
    ///
    /// # Example
    ///
    /// ```markdown
    /// After a year 20% of older women still walked.
    /// ```
    ///
    /// # Instead
    ///
    /// ```markdown
    /// After a year 20 in 100 older women (20% of them) still walked.
    /// ```
    BARE_PERCENTAGE = "W006", "bare-percentage", Note
}

/// Whom a percentage can be of.
const PEOPLE: [&str; 12] =
    ["people", "women", "men", "participants", "patients", "adults", "users", "them", "those", "children", "readers", "everyone"];

/// With the size of a group beside it ("16% of 25 women"), a percentage is a number of people.
const NUMBERS: [&str; 11] = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// Percentages of people without their number.
pub fn check(words: &Words<'_>) -> Findings {
    let mut findings = Findings::default();
    for passage in words.readable() {
        let text = passage.text.as_str();
        for (at, _) in text.match_indices('%').filter(|(at, _)| is_of_people(&text[at + 1..])) {
            let number = text[..at].trim_end();
            let start = number.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len();
            let value = &number[start..];
            if value.is_empty() || has_number_of_people(passage) {
                continue;
            }
            let finding = Finding::new(
                &BARE_PERCENTAGE,
                passage.at(words.document, &(start..at + 1)),
                format!("{value}% of people is easier to picture as a number of people"),
            );
            findings.push(if value.contains('.') {
                finding.help("write it as \"n in 100\" or \"n in 1000\" beside the percentage")
            } else {
                finding.help(format!("write it as \"{value} in 100\" beside the percentage"))
            });
        }
    }
    findings
}

/// Whether some of the next words say that people are meant: "of older women", "of the 25 people".
fn is_of_people(after: &str) -> bool {
    let Some(after) = after.trim_start().strip_prefix("of ") else { return false };
    let nearest = after.split([',', '.', ';', ':', '(']).next().unwrap_or_default();
    let is_people = |word: &str| PEOPLE.iter().any(|people| word.eq_ignore_ascii_case(people));
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) || NUMBERS.contains(&word);
    let mut before = crate::words::words(nearest).take(4).map(|(_, word)| word).take_while(|word| !is_number(word));
    before.any(is_people)
}

/// Whether a passage says "4 in 25", "4 of 25", "4 out of 25" somewhere.
fn has_number_of_people(passage: &Passage) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    [" in ", " of ", " out of "].into_iter().any(|between| {
        let parts = passage.text.match_indices(between);
        parts
            .into_iter()
            .any(|(at, _)| passage.text[..at].ends_with(is_digit) && passage.text[at + between.len()..].starts_with(is_digit))
    })
}
