//! Words of texts and of queries.
//!
//! A word is a run of letters and digits, in lower case and without accents. An apostrophe is no end of it, and a possessive `'s`
//! no part. The search in the browser has to find the same words in a query, so the definition is one that both can state in a
//! line: `Alphabetic` or `N` of Unicode after compatibility decomposition.

use unicode_normalization::char::decompose_compatible;

/// Calls a function for each word, and for two words with one hyphen and nothing else between them as one; that is the second
/// argument.
pub(super) fn words(text: &str, each: &mut impl FnMut(&str, Spelling)) {
    let bytes = text.as_bytes();
    let (mut word, mut before) = (String::new(), String::new());
    let mut at = 0;
    while at < bytes.len() {
        // Nearly all words are lower-case letters between spaces: they need not be copied.
        let start = at;
        at += bytes[at..].iter().take_while(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9')).count();
        let is_end = bytes.get(at).is_none_or(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric() && *byte != b'\'');
        let whole = if is_end {
            &text[start..at]
        } else {
            at = start + slow(&text[start..], &mut word);
            word.as_str()
        };
        if !whole.is_empty() {
            each(whole, Spelling::Word);
            if !before.is_empty() {
                before.push_str(whole);
                each(&before, Spelling::Joined);
            }
        }
        before.clear();
        let Some(gap) = text[at..].chars().next() else { break };
        at += gap.len_utf8();
        let goes_on = || text[at..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '‘'));
        if matches!(gap, '-' | '\u{2010}' | '\u{2011}') && !whole.is_empty() && goes_on() {
            before.push_str(whole);
        }
    }
}

/// How a word stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// For itself.
    Word,
    /// As two words with a hyphen, of which this is the second call.
    Joined,
}

/// Reads a word with capitals, accents or apostrophes. Returns the number of its bytes.
fn slow(text: &str, word: &mut String) -> usize {
    word.clear();
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
                    fold(c, word);
                }
                if word.len() == before && !is_mark(c) {
                    return at;
                }
            }
        }
    }
    text.len()
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
    use super::{ENGLISH, Spelling, words};

    fn found(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        words(text, &mut |word, spelling| found.push(format!("{}{word}", if spelling == Spelling::Joined { "+" } else { "" })));
        found
    }

    #[test]
    fn words_are_folded() {
        assert_eq!(found("Sit-ups, the dowager’s hump: don't!"), ["sit", "ups", "+situps", "the", "dowager", "hump", "dont"]);
        assert_eq!(found("Ménière’s — ＡＢＣ ﬁt İ 1.5 m²"), ["meniere", "abc", "fit", "i", "1", "5", "m2"]);
        assert_eq!(
            found("step-by-step a - b c--d it's s's 'S"),
            ["step", "by", "+stepby", "step", "+bystep", "a", "b", "c", "d", "it", "s"]
        );
        assert_eq!(found("e\u{301}te\u{301} ΌΣΟΣ x\u{202e}y"), ["ete", "οσοσ", "x", "y"]);
        assert_eq!(found("\"'-’"), Vec::<String>::new());
    }

    #[test]
    fn stop_words_can_be_searched() {
        assert!(ENGLISH.is_sorted());
    }
}
