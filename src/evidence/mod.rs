//! Evidence: bibliographic records from BibLaTeX and CSL-JSON, and how they are printed.
//!
//! A reference is a map of CSL fields, whatever file it came from. Reading ([`from_bib`], [`from_csl_json`]) never fails:
//! what can be read becomes a [`Record`], what cannot becomes a [`Problem`] with its place. Formatting ([`format()`]) is a
//! function of one record and a [`Style`], so that its result can be kept per record.

mod bib;
mod date;
mod html;
mod json;
mod name;
mod style;

use std::ops::Range;

use serde_json::{Map, Value};

pub use bib::from_bib;
pub use date::issued;
pub use json::from_csl_json;
pub use style::{Style, format, style, style_names};

/// A bibliographic record of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The key it is cited by.
    pub id: String,
    /// The bytes of the entry in its file.
    pub range: Range<usize>,
    /// Its fields under CSL's names, the id among them; `issued` and the other dates hold `date-parts`.
    pub csl: Map<String, Value>,
}

/// Something in a file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The bytes it is about.
    pub range: Range<usize>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
}

/// The label of a record in lists: `Bassey and Ramsdale 1995`, `Snow et al. 2000`.
///
/// Plain text. A record without names is called by its title or publisher, one without a date has `no date`.
pub fn short(csl: &Map<String, Value>) -> String {
    let who = ["author", "editor", "container-author", "translator"]
        .iter()
        .find_map(|key| csl.get(*key).and_then(|value| name::short(&name::names(value))))
        .or_else(|| ["title-short", "title", "publisher", "container-title", "id"].iter().find_map(|key| words(csl.get(*key)?)))
        .unwrap_or_else(|| "Record without details".to_owned());
    match csl.get("issued").and_then(date::year) {
        Some(year) if year < 0 => format!("{who} {} BC", -year),
        Some(year) => format!("{who} {year}"),
        None => format!("{who}, no date"),
    }
}

/// A text as one line without markup, cut after some eight words.
fn words(value: &Value) -> Option<String> {
    let text = html::plain(value.as_str()?);
    let mut cut: String = text.split(' ').take(8).collect::<Vec<_>>().join(" ");
    if cut.chars().count() > 80 {
        cut = cut.chars().take(80).collect();
    }
    let whole = cut.len() == text.len();
    let cut = cut.trim_end_matches([' ', ',', ':', ';', '.']);
    (!cut.is_empty()).then(|| if whole { cut.to_owned() } else { format!("{cut} …") })
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// A small generator of pseudo-random numbers: the same on every run.
    pub(crate) struct Random(pub(crate) u64);

    impl Random {
        pub(crate) fn below(&mut self, limit: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 >> 16).unwrap_or(0) % limit.max(1)
        }
    }

    /// A text with a few characters taken out, doubled, replaced or moved.
    pub(crate) fn mutated(text: &str, random: &mut Random) -> String {
        const ODD: &[char] = &[
            '{', '}', '"', '@', ',', '=', '\\', '$', '%', '(', ')', '#', '~', '-', '[', ']', ':', '\n', 'é', '\u{0}', '0', '–',
            '😀',
        ];
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..=random.below(6) {
            let at = random.below(chars.len());
            match random.below(5) {
                0 if !chars.is_empty() => drop(chars.remove(at)),
                1 => chars.insert(at, ODD[random.below(ODD.len())]),
                2 if !chars.is_empty() => chars[at] = ODD[random.below(ODD.len())],
                3 => chars.truncate(at.max(1)),
                _ => {
                    let end = (at + random.below(40)).min(chars.len());
                    let part = chars[at.min(end)..end].to_vec();
                    let to = random.below(chars.len());
                    chars.splice(to..to, part);
                }
            }
        }
        chars.into_iter().collect()
    }

    pub(crate) fn map(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    #[test]
    fn labels() {
        let label = |value| short(&map(value));
        let person = |family: &str| json!({"family": family, "given": "A."});
        assert_eq!(label(json!({"author": [person("Bassey")], "issued": {"year": 1995}})), "Bassey 1995");
        assert_eq!(
            label(json!({"author": [person("Bassey"), person("Ramsdale")], "issued": "1995-03-02"})),
            "Bassey and Ramsdale 1995"
        );
        assert_eq!(
            label(json!({"author": [person("Snow"), person("Shaw"), person("Winters")], "issued": {"date-parts": [[2000, 9]]}})),
            "Snow et al. 2000"
        );
        assert_eq!(label(json!({"author": [person("Snow"), {"literal": "others"}], "issued": 2000})), "Snow et al. 2000");
        assert_eq!(
            label(json!({"author": [{"family": "Velde", "non-dropping-particle": "van der"}], "issued": 2001})),
            "van der Velde 2001"
        );
        assert_eq!(label(json!({"author": [{"literal": "Royal Osteoporosis Society"}]})), "Royal Osteoporosis Society, no date");
        assert_eq!(label(json!({"editor": "World Health Organization", "issued": -44})), "World Health Organization 44 BC");
        assert_eq!(
            label(json!({"title": "Effect of <i>progressive</i> high-impact exercise on femoral neck structural strength"})),
            "Effect of progressive high-impact exercise on femoral neck …, no date"
        );
        assert_eq!(label(json!({"id": "x1", "author": [{}, {"family": " "}], "title": ""})), "x1, no date");
        assert_eq!(label(json!({})), "Record without details, no date");
    }
}
