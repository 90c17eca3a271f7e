//! Words of English running text, for the rules that look for phrases in it.

use std::borrow::Cow;
use std::ops::Range;

use aho_corasick::AhoCorasick;

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'t> {
    /// The word in lower case, with straight apostrophes. A percent sign is a word of its own.
    pub text: Cow<'t, str>,
    /// Its bytes in the text.
    pub range: Range<usize>,
}

/// Words that turn a sentence round, or say that somebody else says it.
const NEGATIONS: &[&str] = &[
    "advert",
    "adverts",
    "avoid",
    "cannot",
    "claim",
    "claims",
    "hardly",
    "instead",
    "myth",
    "myths",
    "neither",
    "never",
    "no",
    "nobody",
    "none",
    "nor",
    "not",
    "nothing",
    "promise",
    "promises",
    "promising",
    "rather",
    "unlikely",
    "without",
];

/// The words of a part of a text. Decimal points, thousands and apostrophes inside a word belong to it; a hyphen ends one.
pub fn words<'t>(text: &'t str, part: &Range<usize>) -> Vec<Word<'t>> {
    let mut found = Vec::new();
    let mut start = None;
    let slice = text.get(part.clone()).unwrap_or_default();
    let mut finish = |from: Option<usize>, to: usize| {
        if let Some(from) = from {
            let mut text = Cow::Borrowed(&slice[from..to]);
            if !text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
                text = Cow::Owned(text.to_lowercase().replace('’', "'"));
            }
            found.push(Word { text, range: part.start + from..part.start + to });
        }
    };
    let mut chars = slice.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, next)| *next);
        let is_joint = matches!(c, '.' | ',') && before.is_ascii_digit() && next.is_ascii_digit()
            || matches!(c, '\'' | '’') && before.is_alphanumeric() && next.is_alphanumeric();
        if c.is_alphanumeric() || is_joint {
            start = start.or(Some(at));
        } else {
            finish(start.take(), at);
            if c == '%' {
                finish(Some(at), at + 1);
            }
        }
        before = c;
    }
    finish(start, slice.len());
    found
}

/// A quick search for words in any case. Most texts hold none of a rule's words, and splitting a text into words takes far longer.
pub fn search<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<AhoCorasick> {
    // A table of words is never too large for it; without a search, every text is looked at.
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok()
}

/// Whether a text may hold one of the words that are searched for.
pub fn may_hold(search: &Option<AhoCorasick>, text: &str) -> bool {
    search.as_ref().is_none_or(|search| search.is_match(text))
}

/// Whether a phrase (words with one space between them) begins at a word.
pub fn is_phrase(words: &[Word<'_>], at: usize, phrase: &str) -> bool {
    let mut rest = phrase;
    for word in words.get(at..).unwrap_or_default() {
        let Some(after) = rest.strip_prefix(&*word.text) else { return false };
        if after.is_empty() {
            return true;
        }
        let Some(next) = after.strip_prefix(' ') else { return false };
        rest = next;
    }
    false
}

/// The first phrase of a list that stands in the words: its first word and how many it has.
pub fn find_phrase(words: &[Word<'_>], phrases: &[&str]) -> Option<(usize, usize)> {
    words.iter().enumerate().find_map(|(at, word)| {
        // Nearly all phrases differ in their first letter: this runs for every word of a site.
        let first = word.text.as_bytes().first();
        let phrase = phrases.iter().find(|phrase| phrase.as_bytes().first() == first && is_phrase(words, at, phrase))?;
        Some((at, phrase.split(' ').count()))
    })
}

/// The bytes of some words in a row.
pub fn span(words: &[Word<'_>], at: usize, count: usize) -> Range<usize> {
    let first = words.get(at).map_or(0, |word| word.range.start);
    let last = words.get((at + count).saturating_sub(1)).map_or(first, |word| word.range.end);
    first..last
}

/// Whether a word is turned round: by a word before it in the sentence, or by one soon after it.
pub fn is_denied(words: &[Word<'_>], at: usize, count: usize) -> bool {
    let is_negation = |word: &Word<'_>| NEGATIONS.contains(&&*word.text) || word.text.ends_with("n't");
    let after = words.get(at + count..).unwrap_or_default();
    words.iter().take(at).any(is_negation) || after.iter().take(4).any(is_negation)
}

/// Whether some bytes of a text stand between quotation marks.
pub fn is_in_quotation_marks(text: &str, range: &Range<usize>) -> bool {
    let before = &text[..range.start];
    let is_open = before.matches(['“', '„']).count() > before.matches('”').count();
    is_open || before.matches('"').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::{find_phrase, is_denied, is_in_quotation_marks, words};

    fn of(text: &str) -> Vec<String> {
        words(text, &(0..text.len())).into_iter().map(|word| word.text.into_owned()).collect()
    }

    #[test]
    fn words_of_a_sentence() {
        assert_eq!(of("It’s 1,000.5% of one-in-three, don't!"), ["it's", "1,000.5", "%", "of", "one", "in", "three", "don't"]);
        assert_eq!(of("‘No’ – 8–12."), ["no", "8", "12"]);
        assert_eq!(words("Née à Zürich", &(5..15))[1].range, 8..15);
    }

    #[test]
    fn phrases_and_what_denies_them() {
        let sentence = words("There is no cure for it", &(0..23));
        let (at, count) = find_phrase(&sentence, &["cure for"]).unwrap_or_default();
        assert_eq!((at, count), (3, 2));
        assert!(is_denied(&sentence, at, count));
        let sentence = words("A cure for it", &(0..13));
        assert!(!is_denied(&sentence, 1, 1));
        assert!(is_in_quotation_marks("A “cure” sold", &(5..9)) && !is_in_quotation_marks("“A” cure", &(8..12)));
    }
}
