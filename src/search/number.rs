//! Numbers and lists as text that a script can hold in a string: printable ASCII without `"`, `\` and `<`.
//!
//! A digit below 60 ends a number; the 32 others say that it goes on. So a number below 60 is one character, one below 1,920 two.

use bitcode::{Decode, Encode};

/// Digits that end a number.
const ENDS: u32 = 60;
/// Digits that don't.
const GOES_ON: u32 = 32;

/// The characters of all digits, in order.
const DIGITS: [u8; 92] = {
    let mut digits = [0; 92];
    let (mut at, mut byte) = (0, b' ');
    while at < digits.len() {
        if !matches!(byte, b'"' | b'<' | b'\\') {
            digits[at] = byte;
            at += 1;
        }
        byte += 1;
    }
    digits
};

/// The digit of each character; 0 for others, which stand in no number.
const VALUES: [u8; 256] = {
    let mut values = [0; 256];
    let mut at = 0;
    while at < DIGITS.len() {
        // There are 92 digits.
        #[expect(clippy::cast_possible_truncation, reason = "there are 92 digits")]
        let value = at as u8;
        values[DIGITS[at] as usize] = value;
        at += 1;
    }
    values
};

/// Writes a number.
pub(super) fn push(into: &mut Vec<u8>, number: u32) {
    let (mut rest, end) = (number / ENDS, number % ENDS);
    if rest > 0 {
        let mut digits = [0; 6];
        let mut start = digits.len();
        while rest > 0 {
            start -= 1;
            digits[start] = DIGITS[(ENDS + rest % GOES_ON) as usize];
            rest /= GOES_ON;
        }
        into.extend_from_slice(&digits[start..]);
    }
    into.push(DIGITS[end as usize]);
}

/// Reads the numbers of a text one after the other.
pub(super) struct Numbers<'a> {
    bytes: &'a [u8],
    /// The byte at which the next number begins.
    pub(super) at: usize,
}

impl<'a> Numbers<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Numbers { bytes, at: 0 }
    }
}

impl Iterator for Numbers<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let mut number = 0_u32;
        loop {
            let digit = u32::from(VALUES[usize::from(*self.bytes.get(self.at)?)]);
            self.at += 1;
            if digit < ENDS {
                return Some(number.wrapping_mul(ENDS).wrapping_add(digit));
            }
            number = number.wrapping_mul(GOES_ON).wrapping_add(digit - ENDS);
        }
    }
}

/// Where the run that begins at a byte ends: behind its first odd number. The last digit of a number says whether it is odd.
pub(super) fn end_of_run(bytes: &[u8], start: usize) -> usize {
    let is_end = |byte: &u8| u32::from(VALUES[usize::from(*byte)]) < ENDS && VALUES[usize::from(*byte)] % 2 == 1;
    bytes.get(start..).unwrap_or_default().iter().position(is_end).map_or(bytes.len(), |length| start + length + 1)
}

/// Many short byte strings in one piece of memory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Encode, Decode)]
pub(super) struct Strings {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Strings {
    /// None.
    pub(super) const EMPTY: Strings = Strings { bytes: Vec::new(), ends: Vec::new() };

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, index: usize) -> &[u8] {
        let end = self.ends.get(index).map_or(0, |end| *end as usize);
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        self.bytes.get(start..end).unwrap_or_default()
    }

    pub(super) fn push(&mut self, string: &[u8]) {
        self.write(|bytes| bytes.extend_from_slice(string));
    }

    /// Adds what a function writes.
    pub(super) fn write(&mut self, f: impl FnOnce(&mut Vec<u8>)) {
        f(&mut self.bytes);
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|index| self.get(index))
    }
}

#[cfg(test)]
mod tests {
    use super::{DIGITS, Numbers, Strings, push};

    #[test]
    fn numbers_come_back_and_small_ones_are_short() {
        let numbers = [0, 1, 59, 60, 61, 1919, 1920, 61_439, 61_440, 123_456_789, u32::MAX];
        let mut text = Vec::new();
        let lengths: Vec<usize> = numbers
            .map(|number| {
                let before = text.len();
                push(&mut text, number);
                text.len() - before
            })
            .to_vec();
        assert_eq!(Numbers::new(&text).collect::<Vec<_>>(), numbers);
        assert_eq!(lengths, [1, 1, 1, 2, 2, 2, 3, 3, 4, 6, 7]);
        assert!(text.iter().all(|byte| DIGITS.contains(byte) && !b"\"\\<".contains(byte)));
        assert_eq!(DIGITS[91], b'~');
    }

    #[test]
    fn strings_come_back() {
        let mut strings = Strings::default();
        for text in ["one", "", "three"] {
            strings.push(text.as_bytes());
        }
        assert_eq!(strings.iter().collect::<Vec<_>>(), [&b"one"[..], b"", b"three"]);
        assert_eq!((strings.len(), strings.get(7)), (3, &b""[..]));
    }
}
