//! Fingerprints of findings that survive what moves them: lines that come and go above, another indentation, another number.

use std::collections::BTreeMap;

use crate::files::Files;
use crate::finding::{At, Finding, Place};
use crate::hash::Hash;
use crate::parse::locate::Places;

/// Makes fingerprints. Each file's data is parsed once for all of its findings.
#[derive(Debug)]
pub struct Fingerprints<'a> {
    files: &'a Files,
    places: BTreeMap<&'a str, Places<'a>>,
}

impl<'a> Fingerprints<'a> {
    /// Of the findings in these files.
    pub fn new(files: &'a Files) -> Self {
        Fingerprints { files, places: BTreeMap::new() }
    }

    /// The fingerprint of a finding: its rule, its file, its words, and the words that it is about, and not where these stand.
    ///
    /// Numbers in the message count as equal, because some of them change from day to day ("3 days ago"). Findings may share a
    /// fingerprint; [`distinct`] tells them apart.
    pub fn of(&mut self, finding: &'a Finding) -> Hash {
        let mut text = String::new();
        let message = without_numbers(&finding.message);
        for part in [finding.rule.code, &finding.at.file, &message, &self.about(&finding.at)] {
            text.push_str(part);
            text.push('\0');
        }
        Hash::of_bytes(text.as_bytes())
    }

    /// The words at a place, with one space between them.
    fn about(&mut self, at: &'a At) -> String {
        let Some(file) = self.files.at(&at.file).filter(|_| at.place != Place::File) else { return String::new() };
        let range = self.places.entry(&at.file).or_insert_with(|| Places::new(file)).range(&at.place).unwrap_or_default();
        let text = String::from_utf8_lossy(file.bytes.get(range).unwrap_or_default());
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Every run of digits becomes one `0`.
fn without_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_number = false;
    for character in text.chars() {
        let is_digit = character.is_ascii_digit();
        if !(is_digit && in_number) {
            out.push(if is_digit { '0' } else { character });
        }
        in_number = is_digit;
    }
    out
}

/// The fingerprints in order, with those that were there before made different by how often they were.
pub fn distinct(prints: &[Hash]) -> Vec<Hash> {
    let mut seen: BTreeMap<Hash, u32> = BTreeMap::new();
    let one = |print: &Hash| {
        let times = seen.entry(*print).or_default();
        *times += 1;
        if *times == 1 { *print } else { Hash::of_bytes(format!("{print} {times}").as_bytes()) }
    };
    prints.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::{Fingerprints, distinct};
    use crate::files::{File, Files};
    use crate::finding::{At, Finding};
    use crate::hash::Hash;
    use crate::rules::RULES;

    fn print(text: &str, at: &At, message: &str) -> Hash {
        let files: Files = [File::new("a.yaml", text.as_bytes())].into_iter().collect();
        let finding = Finding::new(RULES[0], at.clone(), message);
        Fingerprints::new(&files).of(&finding)
    }

    #[test]
    fn lines_and_numbers_may_move() {
        let file = "a.yaml".into();
        let field = |path: [&'static str; 1]| At::field(&file, path);
        let first = print("a: one\nb: two\n", &field(["b"]), "3 days ago");
        assert_eq!(print("# new\na: one\n\nb:   two\n", &field(["b"]), "12 days ago"), first);
        assert_ne!(print("a: one\nb: three\n", &field(["b"]), "3 days ago"), first, "other words");
        assert_ne!(print("a: one\nb: two\n", &field(["b"]), "days ago"), first, "another message");
        let bytes = print("x two words\n", &At::bytes(&file, &(2..11)), "");
        assert_eq!(print("x\nx two\n  words\n", &At::bytes(&file, &(4..15)), ""), bytes);
        assert_eq!(print("a", &At::file(&file), ""), print("b", &At::file(&file), ""));
    }

    #[test]
    fn equal_ones_are_told_apart() {
        let (a, b) = (Hash(1), Hash(2));
        let all = distinct(&[a, b, a, a]);
        assert_eq!(all[..2], [a, b]);
        assert!(all[2] != a && all[3] != a && all[2] != all[3]);
        assert_eq!(distinct(&[a, a, a])[2], all[3], "others in between change nothing");
    }
}
