//! Words of texts and of queries.
//!
//! A word is a run of letters and digits, in lower case and without accents. An apostrophe is no end of it, and a possessive `'s`
//! no part. The search in the browser has to find the same words in a query, so the definition is one that both can state in a
//! line: `Alphabetic` or `N` of Unicode after compatibility decomposition.

use unicode_normalization::char::decompose_compatible;

/// Calls a function for each word, with whether one hyphen and nothing else stands between it and the word before.
pub(super) fn words(text: &str, each: &mut impl FnMut(&str, bool)) {
    let mut word = String::with_capacity(32);
    let mut is_joined = false;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            'a'..='z' | '0'..='9' => word.push(c),
            'A'..='Z' => word.push(c.to_ascii_lowercase()),
            '\'' | '’' | '‘' => {
                let rest = &text[at + c.len_utf8()..];
                if let Some(after) = rest.strip_prefix(['s', 'S'])
                    && !after.starts_with(char::is_alphanumeric)
                {
                    chars.next();
                }
            }
            _ => {
                let before = word.len();
                if !c.is_ascii() && !matches!(c, '\u{2000}'..='\u{206f}') {
                    fold(c, &mut word);
                }
                if word.len() == before && !is_mark(c) {
                    let is_word = !word.is_empty();
                    if is_word {
                        each(&word, is_joined);
                        word.clear();
                    }
                    is_joined = is_word && matches!(c, '-' | '\u{2010}' | '\u{2011}');
                }
            }
        }
    }
    if !word.is_empty() {
        each(&word, is_joined);
    }
}

/// Accents of Latin, Greek and Cyrillic letters.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Adds a letter or digit without its accents, in lower case.
fn fold(c: char, into: &mut String) {
    decompose_compatible(c, |c| {
        let letters = c.to_lowercase().filter(|c| c.is_alphanumeric() && !is_mark(*c));
        into.extend(letters.map(|c| if c == 'ς' { 'σ' } else { c }));
    });
}

/// Words that stand in every text and tell none from another: Snowball's list for English. Other languages have no list yet.
pub(super) fn stop_words(language: &str) -> &'static [&'static str] {
    match main(language) {
        "en" => ENGLISH,
        _ => &[],
    }
}

/// The language without its region: `en` of `en-GB`.
pub(super) fn main(language: &str) -> &str {
    language.split(['-', '_']).next().unwrap_or_default()
}

/// In alphabetical order.
const ENGLISH: &[&str] = &[
    "a",
    "about",
    "above",
    "after",
    "again",
    "against",
    "all",
    "am",
    "an",
    "and",
    "any",
    "are",
    "arent",
    "as",
    "at",
    "be",
    "because",
    "been",
    "before",
    "being",
    "below",
    "between",
    "both",
    "but",
    "by",
    "can",
    "cannot",
    "cant",
    "could",
    "couldnt",
    "did",
    "didnt",
    "do",
    "does",
    "doesnt",
    "doing",
    "dont",
    "down",
    "during",
    "each",
    "few",
    "for",
    "from",
    "further",
    "had",
    "hadnt",
    "has",
    "hasnt",
    "have",
    "havent",
    "having",
    "he",
    "her",
    "here",
    "hers",
    "herself",
    "him",
    "himself",
    "his",
    "how",
    "i",
    "if",
    "im",
    "in",
    "into",
    "is",
    "isnt",
    "it",
    "its",
    "itself",
    "ive",
    "me",
    "more",
    "most",
    "my",
    "myself",
    "no",
    "nor",
    "not",
    "of",
    "off",
    "on",
    "once",
    "only",
    "or",
    "other",
    "our",
    "ours",
    "ourselves",
    "out",
    "over",
    "own",
    "same",
    "she",
    "should",
    "shouldnt",
    "so",
    "some",
    "such",
    "than",
    "that",
    "the",
    "their",
    "theirs",
    "them",
    "themselves",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "through",
    "to",
    "too",
    "under",
    "until",
    "up",
    "very",
    "was",
    "wasnt",
    "we",
    "were",
    "werent",
    "what",
    "when",
    "where",
    "which",
    "while",
    "who",
    "whom",
    "why",
    "will",
    "with",
    "wont",
    "would",
    "wouldnt",
    "you",
    "your",
    "yours",
    "yourself",
    "yourselves",
];

#[cfg(test)]
mod tests {
    use super::{ENGLISH, words};

    fn found(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        words(text, &mut |word, is_joined| found.push(format!("{}{word}", if is_joined { "+" } else { "" })));
        found
    }

    #[test]
    fn words_are_folded() {
        assert_eq!(found("Sit-ups, the dowager’s hump: don't!"), ["sit", "+ups", "the", "dowager", "hump", "dont"]);
        assert_eq!(found("Ménière’s — ＡＢＣ ﬁt İ 1.5 m²"), ["meniere", "abc", "fit", "i", "1", "5", "m2"]);
        assert_eq!(found("step-by-step a - b c--d it's s's 'S"), ["step", "+by", "+step", "a", "b", "c", "d", "it", "s"]);
        assert_eq!(found("e\u{301}te\u{301} ΌΣΟΣ x\u{202e}y"), ["ete", "οσοσ", "x", "y"]);
        assert_eq!(found("\"'-’"), Vec::<String>::new());
    }

    #[test]
    fn stop_words_can_be_searched() {
        assert!(ENGLISH.is_sorted());
    }
}
