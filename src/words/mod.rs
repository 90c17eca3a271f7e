//! Words: how hard a text is to read, and which entries it names. Pure functions on [running text](crate::parse::running).
//!
//! Two formulas are computed, both made for English and for nothing else. They are a screen and no verdict: they count
//! syllables and know nothing of sense, and only readers can say whether a text is clear.

mod names;
mod syllables;

pub use names::{Finder, Found, Name, Names};
pub use syllables::syllables;

use std::ops::Range;

use crate::entry::Slot;
use crate::parse::running::{Passage, PassageKind};

/// Sentences that the SMOG formula needs: with fewer it is not scored.
const SMOG_SENTENCES: u32 = 30;

/// Words below which the Flesch-Kincaid formula says nothing: one long sentence would decide.
const GRADE_WORDS: u32 = 100;

/// Whether a passage is running text: no table, heading or quotation, and not the source of a dose.
pub fn is_running(passage: &Passage) -> bool {
    matches!(passage.kind, PassageKind::Paragraph | PassageKind::Item) && !passage.is_quoted && passage.slot != Slot::DoseSource
}

/// What was counted in a sentence. An item of a list is one, with or without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Its bytes in the passage.
    pub range: Range<usize>,
    /// Words. A number is one, and so is `weight-bearing`.
    pub words: u32,
    /// Syllables of all words; a number has one.
    pub syllables: u32,
    /// Words of three syllables or more.
    pub long_words: u32,
}

/// What was counted in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// Sentences.
    pub sentences: u32,
    /// Words.
    pub words: u32,
    /// Syllables.
    pub syllables: u32,
    /// Words of three syllables or more.
    pub long_words: u32,
    /// Words of the longest sentence.
    pub longest_sentence: u32,
}

impl Figures {
    /// The Flesch-Kincaid grade: 0.39 × words per sentence + 11.8 × syllables per word − 15.59. `None` below 100 words.
    pub fn grade(&self) -> Option<f64> {
        (self.words >= GRADE_WORDS).then(|| {
            let words = f64::from(self.words);
            0.39 * (words / f64::from(self.sentences.max(1))) + 11.8 * (f64::from(self.syllables) / words) - 15.59
        })
    }

    /// The SMOG grade: 1.0430 × √(long words × 30 / sentences) + 3.1291. `None` below 30 sentences.
    pub fn smog(&self) -> Option<f64> {
        let per_thirty = || f64::from(self.long_words) * 30.0 / f64::from(self.sentences);
        (self.sentences >= SMOG_SENTENCES).then(|| 1.0430 * per_thirty().sqrt() + 3.1291)
    }

    /// The reading age after Flesch-Kincaid: about five years more than the grade.
    pub fn age(&self) -> Option<f64> {
        self.grade().map(|grade| grade + 5.0)
    }

    /// The reading age after SMOG.
    pub fn smog_age(&self) -> Option<f64> {
        self.smog().map(|grade| grade + 5.0)
    }
}

/// Counts the sentences of a passage; those of anything but running text don't count. `found` are the names in the passage: the name
/// of an entry is explained one click away, so each of its words counts as an easy one.
pub fn count(passage: &Passage, found: &[Found]) -> Vec<Sentence> {
    if !is_running(passage) {
        return Vec::new();
    }
    let mut names = found;
    let count = |range: &Range<usize>| {
        let mut sentence = Sentence { range: range.clone(), words: 0, syllables: 0, long_words: 0 };
        for (at, word) in words(&passage.text[range.clone()]) {
            // Both are in order.
            while names.first().is_some_and(|name| name.range.end <= range.start + at) {
                names = &names[1..];
            }
            let is_name = names.first().is_some_and(|name| name.range.start <= range.start + at);
            let count = if is_name { 1 } else { syllables(word) };
            sentence.words += 1;
            sentence.syllables += count;
            sentence.long_words += u32::from(count >= 3);
        }
        sentence
    };
    passage.sentences().iter().map(count).collect()
}

/// Adds up what was counted.
pub fn figures<'a>(sentences: impl IntoIterator<Item = &'a Sentence>) -> Figures {
    let mut figures = Figures::default();
    for sentence in sentences.into_iter().filter(|sentence| sentence.words > 0) {
        figures.sentences += 1;
        figures.words += sentence.words;
        figures.syllables += sentence.syllables;
        figures.long_words += sentence.long_words;
        figures.longest_sentence = figures.longest_sentence.max(sentence.words);
    }
    figures
}

/// The words of a text, each with the byte at which it begins. White space, dashes and slashes stand between words.
pub fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_gap = |c: char| c.is_whitespace() || matches!(c, '—' | '–' | '/' | '…');
    let bytes = text.as_bytes();
    let mut end = 0;
    std::iter::from_fn(move || {
        while end < text.len() {
            let start = end;
            // This runs over every letter of a site, so letters are skipped as bytes.
            let gap = loop {
                let is_letter = |byte: &u8| byte.is_ascii() && !matches!(byte, b'\t'..=b'\r' | b' ' | b'/');
                end += bytes[end..].iter().position(|byte| !is_letter(byte)).unwrap_or(bytes.len() - end);
                match bytes.get(end) {
                    None => break 0,
                    Some(byte) if byte.is_ascii() => break 1,
                    Some(_) => {}
                }
                let Some(c) = text[end..].chars().next() else { break 0 };
                if is_gap(c) {
                    break c.len_utf8();
                }
                end += c.len_utf8();
            };
            let part = &text[start..end];
            end += gap;
            // Most words have nothing around them.
            if let [first, .., last] | [first @ last] = part.as_bytes()
                && first.is_ascii_alphanumeric()
                && last.is_ascii_alphanumeric()
            {
                return Some((start, part));
            }
            let word = part.trim_start_matches(|c: char| !c.is_alphanumeric());
            let start = start + part.len() - word.len();
            let word = word.trim_end_matches(|c: char| !c.is_alphanumeric());
            if !word.is_empty() {
                return Some((start, word));
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::{Figures, Name, Names, count, figures, words};
    use crate::entry::Kind;
    use crate::files::{File, Files};
    use crate::parse::running::passages;

    #[test]
    fn figures_of_a_text_counted_by_hand() {
        let page = "---\ntitle: Osteoporosis\n---\n# A heading of several words\n\nStand by the wall. Osteoporosis weakens 206 \
                    bones, e.g. the *vertebrae*.\n\n- Rest often\n\n> Quotations are somebody else's.\n\n| no | table |\n|---|---|\n| at | all |\n";
        let file = File::new("content/pages/page.md", page.as_bytes());
        let document = crate::parse::parse(&file).0.remove(0);
        let files: Files = [file].into_iter().collect();
        let passages = passages(&document, &files, &|id| id.to_owned());
        let counted = |names: &Names| {
            let sentences: Vec<_> = passages.iter().flat_map(|passage| count(passage, &names.find(&passage.text))).collect();
            figures(&sentences)
        };
        // stand by the wall: 4. Os-te-o-po-ro-sis weak-ens 206 bones e.g the ver-te-brae: 6 + 2 + 1 + 1 + 1 + 1 + 3. rest of-ten: 3.
        let expected = Figures { sentences: 3, words: 13, syllables: 22, long_words: 2, longest_sentence: 7 };
        assert_eq!(counted(&Names::default()), expected);
        let name = Name { text: "osteoporosis".into(), id: "osteoporosis".into(), kind: Kind::Term, is_term: true };
        let names = Names::new(vec![name]);
        assert_eq!(counted(&names), Figures { syllables: 17, long_words: 1, ..expected });
    }

    #[test]
    fn words_are_told_apart() {
        let text = "“Weight-bearing” work: 1.5 kg, don’t — and/or -5%.";
        let found: Vec<&str> = words(text).map(|(at, word)| &text[at..at + word.len()]).collect();
        assert_eq!(found, ["Weight-bearing", "work", "1.5", "kg", "don’t", "and", "or", "5"]);
    }

    #[test]
    fn the_formulas_are_as_published() {
        // 100 words in 5 sentences with 140 syllables: 0.39 × 20 + 11.8 × 1.4 − 15.59 = 8.73.
        let figures = Figures { sentences: 5, words: 100, syllables: 140, ..Figures::default() };
        assert!((figures.grade().unwrap_or_default() - 8.73).abs() < 1e-9, "{figures:?}");
        assert!((figures.age().unwrap_or_default() - 13.73).abs() < 1e-9);
        assert_eq!(figures.smog(), None);
        assert_eq!(Figures { words: 99, ..figures }.grade(), None);
        // 36 long words in 30 sentences: 1.0430 × 6 + 3.1291 = 9.3871.
        let figures = Figures { sentences: 30, words: 300, syllables: 450, long_words: 36, longest_sentence: 20 };
        assert!((figures.smog().unwrap_or_default() - 9.3871).abs() < 1e-9);
    }
}
