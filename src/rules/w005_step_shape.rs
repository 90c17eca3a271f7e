//! `W005` step-shape.

use super::{Words, rule};
use crate::entry::{Data, Slot, Status};
use crate::finding::{Finding, Findings};
use crate::words;

rule! {
    /// # What it finds
    ///
    /// An exercise with fewer than 3 steps or more than 8, and an English step that tells the reader to do several things one after
    /// the other, or that begins with a word that can't be what to do: "The", "Your", "You".
    ///
    /// The steps of an exercise with `status: avoid` say what it looks like, and are left alone.
    ///
    /// # Why it matters
    ///
    /// People look at a step, do it, and look again. Two actions in one step are one too many to keep in mind while standing on one leg;
    /// and in one or two steps nobody learns how to begin, what to do and how to end.
    ///
    /// # Example
    ///
    /// ```yaml
    /// steps:
    ///   - Your feet are apart.
    ///   - Rise onto your toes, then drop your heels, and then rest.
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// steps:
    ///   - Stand with your feet apart.
    ///   - Rise onto your toes.
    ///   - Drop your heels.
    ///   - Rest for a moment.
    /// ```
    STEP_SHAPE = "W005", "step-shape", Warning
}

/// Steps that show how to begin, what to do and how to end.
const LEAST: usize = 3;

/// Steps that can be kept in mind.
const MOST: usize = 8;

/// Words with which no instruction begins. "Slowly lower" and "With your back straight, bend" are instructions.
const NO_VERBS: [&str; 15] =
    ["the", "a", "an", "your", "you", "this", "that", "these", "those", "it", "there", "we", "i", "they", "people"];

/// Words between two actions.
const THEN: [&str; 4] = ["and then", "then", "after that", "afterwards"];

/// Steps of exercises that aren't one action each, and too many of them.
pub fn check(words: &Words<'_>) -> Findings {
    let mut findings = Findings::default();
    let Data::Exercise(exercise) = &words.document.data else { return findings };
    if exercise.status == Some(Status::Avoid) {
        return findings;
    }
    let steps = exercise.steps.len();
    let at = || words.document.field(["steps"]);
    if steps > MOST {
        let message = format!("this exercise has {steps} steps; {MOST} are enough");
        findings.push(Finding::new(&STEP_SHAPE, at(), message).help("leave out what readers do anyway, or split the exercise"));
    }
    if (1..LEAST).contains(&steps) {
        let count = if steps == 1 { "1 step".to_owned() } else { format!("{steps} steps") };
        let finding = Finding::new(&STEP_SHAPE, at(), format!("this exercise has only {count}; {LEAST} are the least"));
        findings.push(finding.help("say how to begin, what to do and how to end, each in a step"));
    }
    for passage in words.readable().filter(|passage| passage.slot == Slot::Step) {
        let at = |range| passage.at(words.document, &range);
        if let Some((start, word)) = words::words(&passage.text).next()
            && NO_VERBS.iter().any(|other| word.eq_ignore_ascii_case(other))
        {
            let message = format!("this step begins with \"{word}\" and not with what to do");
            let finding = Finding::new(&STEP_SHAPE, at(start..start + word.len()), message);
            findings.push(finding.help("begin with a verb: \"Stand\", \"Lift\", \"Breathe\""));
        }
        let then = passage.text.to_ascii_lowercase();
        let starts = |sentence: &str| THEN.iter().any(|then| sentence.starts_with(then));
        let more = passage.sentences().iter().skip(1).filter(|sentence| starts(&then[(*sentence).clone()])).count();
        if more + then.matches(", then ").count() + then.matches(" and then ").count() >= 2 {
            let finding =
                Finding::new(&STEP_SHAPE, at(0..passage.text.len()), "this step holds several actions, one after the other");
            findings.push(finding.help("make each of them a step of its own"));
        }
    }
    findings
}
