//! Two texts, word by word.

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Words of a text that have the same fate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// Their fate.
    pub word: Word,
    /// The words, with one space between them.
    pub text: String,
}

/// The fate of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    /// They stay.
    Same,
    /// They are gone.
    Removed,
    /// They are new.
    Added,
}

/// What happened to the words. How lines are broken is no difference.
pub(super) fn diff(old: &str, new: &str) -> Vec<Run> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_whitespace().collect(), new.split_whitespace().collect());
    let mut runs = Vec::new();
    let mut add = |word, words: &[&str]| {
        if !words.is_empty() {
            runs.push(Run { word, text: words.join(" ") });
        }
    };
    for operation in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (was, is) = (operation.old_range(), operation.new_range());
        if matches!(operation, DiffOp::Equal { .. }) {
            add(Word::Same, &new[is]);
        } else {
            add(Word::Removed, &old[was]);
            add(Word::Added, &new[is]);
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::{Word, diff};

    #[test]
    fn words_and_not_lines_differ() {
        let runs = |old, new| diff(old, new).into_iter().map(|run| (run.word, run.text)).collect::<Vec<_>>();
        let text = |word, text: &str| (word, text.to_owned());
        assert_eq!(runs("Do not\nbend.", "Do not bend."), [text(Word::Same, "Do not bend.")]);
        assert_eq!(
            runs("Do not bend forward.", "Do bend forward."),
            [text(Word::Same, "Do"), text(Word::Removed, "not"), text(Word::Same, "bend forward.")]
        );
        assert_eq!(runs("", "New."), [text(Word::Added, "New.")]);
        assert_eq!(runs(" ", ""), []);
    }
}
