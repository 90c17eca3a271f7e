//! Syllables of English words, by their letters.

/// The syllables of an English word, at least one.
///
/// English spelling has no rule without exceptions. This counts groups of vowels, leaves out a silent `e`, and knows the
/// commonest vowels that stand together and are spoken apart. A word with hyphens has the syllables of its parts; what has no
/// letters has one.
pub fn syllables(word: &str) -> u32 {
    // Nearly all words are letters and nothing else.
    if word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return letters(word.as_bytes()).max(1);
    }
    word.split('-').map(part).sum::<u32>().max(1)
}

fn is_vowel(byte: u8) -> bool {
    const VOWELS: u32 = 1 << 1 | 1 << 5 | 1 << 9 | 1 << 15 | 1 << 21 | 1 << 25;
    byte >= 0x40 && VOWELS & (1 << (byte & 0x1F)) != 0 && byte.is_ascii_alphabetic()
}

/// Whether a word ends with letters, in any case.
fn ends(word: &[u8], end: &str) -> bool {
    word.len() >= end.len() && word[word.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
}

fn part(word: &str) -> u32 {
    // A possessive adds a letter, and no syllable to count by.
    let word = word.trim_end_matches("'s").trim_end_matches("’s").as_bytes();
    if !word.iter().any(u8::is_ascii_alphabetic) {
        return u32::from(word.iter().any(|byte| !byte.is_ascii_punctuation()));
    }
    letters(word)
}

fn letters(word: &[u8]) -> u32 {
    let at = |index: usize| word.get(index).map_or(0, u8::to_ascii_lowercase);
    let mut count = 0_u32;
    let mut was_vowel = false;
    for (index, byte) in word.iter().enumerate() {
        let is_second = std::mem::replace(&mut was_vowel, is_vowel(*byte));
        if !was_vowel {
            continue;
        }
        if !is_second {
            count += 1;
            continue;
        }
        // The second of two vowels: one sound with the first, unless it is spoken apart.
        let before = if index >= 2 { at(index - 2) } else { 0 };
        let (next, after) = (at(index + 1), at(index + 2));
        let is_apart = match (at(index - 1), at(index)) {
            // "tr-i-al", "osteopen-i-a", but not "special", "partial"
            (b'i', b'a') => !(matches!(before, b'c' | b't') && next == b'l'),
            // "ratio", "period", but not "action", "anxious"
            (b'i', b'o') => !(matches!(before, b't' | b's' | b'c' | b'x' | b'g') && matches!(next, b'n' | b'u')),
            // "oste-o-porosis", but not "people", "surgeon"
            (b'e', b'o') => !matches!((before, next), (b'p', b'p') | (b'g', _)),
            // "calci-um", "usu-al" but not "equal"
            (b'i', b'u') => true,
            (b'u', b'a') => next == b'l' && before != b'q',
            // "di-et", "experi-ence", but not "patient"
            (b'i', b'e') => {
                before != b't' && ((next == b't' && after == 0) || (next == b'n' && after == b'c' && before != b'c'))
                    || (before == b'c' && next == b'n' && after == b'c')
            }
            // "do-ing", "be-ing", "try-ing"
            (b'e' | b'o' | b'y', b'i') => next == b'n' && after == b'g',
            // "cre-ate", "ide-a"
            (b'e', b'a') => (before == b'r' && next == b't' && index >= 3 && at(index - 3) == b'c') || (next == 0 && count > 1),
            _ => false,
        };
        count += u32::from(is_apart);
    }
    let is_silent = has_silent_end(word) || has_silent_middle(word);
    if is_silent { count.saturating_sub(1).max(1) } else { count.max(1) }
}

/// Whether the last `e` of a word is written and not spoken: "bone", "bones", "walked".
fn has_silent_end(word: &[u8]) -> bool {
    let (stem, end) = match word {
        [stem @ .., b'e' | b'E', end @ (b's' | b'S' | b'd' | b'D')] => (stem, end.to_ascii_lowercase()),
        [stem @ .., b'e' | b'E'] => (stem, 0),
        _ => return false,
    };
    let letter = |from_end: usize| stem.len().checked_sub(1 + from_end).map_or(0, |at| stem[at].to_ascii_lowercase());
    let (before, last) = (letter(1), letter(0));
    // "muscle" and "tables" are spoken with it, "whole" and "rules" without.
    let is_syllable = last == b'l' && !is_vowel(before);
    let is_hissed = matches!(last, b's' | b'x' | b'z' | b'c' | b'g') || (last == b'h' && matches!(before, b's' | b'c'));
    let is_spoken = is_vowel(last) || is_syllable || (end == b's' && is_hissed) || (end == b'd' && matches!(last, b't' | b'd'));
    !is_spoken
}

/// Whether an ending hides a silent `e`: "safe-ly", "move-ment", "care-ful".
fn has_silent_middle(word: &[u8]) -> bool {
    let ends_with = |end: &str| ends(word, end).then_some(end.len());
    let end = match word.last().map_or(0, u8::to_ascii_lowercase) {
        b'y' => ends_with("ely"),
        b't' => ends_with("ement"),
        b'l' => ends_with("eful"),
        b's' => ends_with("eless").or_else(|| ends_with("eness")),
        _ => None,
    };
    let Some(stem) = end.map(|end| &word[..word.len() - end]) else { return false };
    let is_element = end == Some("ement".len()) && ends(stem, "l");
    stem.last().is_some_and(|last| !is_vowel(*last)) && stem.iter().any(|byte| is_vowel(*byte)) && !is_element
}

#[cfg(test)]
mod tests {
    use super::syllables;

    #[test]
    fn syllables_of_words_counted_by_hand() {
        let words = [
            (1, "bone bones walked through strength stairs 23 1.5 health’s whole years have please knee steps ease lean"),
            (
                2,
                "muscle people lifted changes minutes safely movement rely careful being doing patient science diet action special equal surgeon table",
            ),
            (
                3,
                "exercise medicine calcium evidence physical usual idea banana fracture-free vibrations ratio period creation element completely",
            ),
            (4, "experience exercises material activity menopausal"),
            (5, "osteoblastic university"),
            (6, "osteoporosis osteopenia physiotherapy"),
        ];
        for (count, words) in words {
            for word in words.split(' ') {
                assert_eq!(syllables(word), count, "{word}");
            }
        }
    }

    #[test]
    fn strange_words_have_one() {
        for word in ["", "-", "é", "骨", "x", "hmm", "B12"] {
            assert_eq!(syllables(word), 1, "{word}");
        }
    }
}
