//! References: bibliographic records in CSL's field names, with what osteon adds.

use bitcode::{Decode, Encode};
use serde::Serialize;
use serde::de::MapAccess;

use super::fields::{Fields, Seed, fields};
use super::{FromData, Id, Json};

/// The CSL variables that a record may hold (CSL 1.0.2, appendix IV), and `type`.
pub const CSL_FIELDS: &[&str] = Reference::KEYS.split_at(OWN).1;

/// How many keys of osteon's own stand before those of CSL.
const OWN: usize = 5;

/// All keys of a record.
#[rustfmt::skip]
const KEYS: &[&str] = &[
    "study", "retracted", "superseded_by", "verified", "unverified",
    "type", "abstract", "accessed", "annote", "archive", "archive-place", "archive_collection", "archive_location", "author", "authority",
    "available-date", "call-number", "categories", "chair", "chapter-number", "citation-key", "citation-label", "collection-editor",
    "collection-number", "collection-title", "compiler", "composer", "container-author", "container-title", "container-title-short",
    "contributor", "curator", "dimensions", "director", "division", "DOI", "edition", "editor", "editorial-director", "event",
    "event-date", "event-place", "event-title", "genre", "guest", "host", "illustrator", "interviewer", "ISBN", "ISSN", "issue",
    "issued", "jurisdiction", "keyword", "language", "license", "locator", "medium", "narrator", "note", "number",
    "number-of-pages", "number-of-volumes", "organizer", "original-author", "original-date", "original-publisher",
    "original-publisher-place", "original-title", "page", "page-first", "part", "part-title", "performer", "PMCID", "PMID",
    "printing", "producer", "publisher", "publisher-place", "recipient", "references", "reviewed-author", "reviewed-genre",
    "reviewed-title", "scale", "script-writer", "section", "series-creator", "source", "status", "submitted", "supplement",
    "title-short", "translator", "URL", "version", "volume", "volume-title", "year-suffix",
];

/// A bibliographic record.
#[derive(Debug, Clone, Default, PartialEq, Hash, Encode, Decode)]
pub struct Reference {
    /// CSL fields in the order of writing, the title left out (it is shared by all kinds).
    pub csl: Vec<(String, Json)>,
    /// What kind of study it is and what it found.
    pub study: Study,
    /// Whether it was retracted.
    pub retracted: bool,
    /// The reference that replaces it.
    pub superseded_by: Option<Id>,
    /// Whether somebody has seen the record in a public source.
    pub verified: bool,
    /// CSL fields that nobody has confirmed; they are not printed.
    pub unverified: Vec<String>,
}

fields! {
    /// A study in a few words.
    pub struct Study {
        /// Its design.
        design: Option<String>,
        /// How many took part.
        participants: Option<String>,
        /// Who took part.
        population: Option<String>,
        /// What it found.
        finding: Option<String>,
        /// What limits it.
        limits: Option<String>,
    }
}

/// What the design of a study tells about its weight: the first that is found, told by parts of words.
const CAUTIONS: &[(&str, &[&str])] = &[
    ("animals", &["animal", "mice", "mouse", " rat ", "rats", "in vitro", "cell culture", "laboratory"]),
    ("indirect", &["modelling", "modeling", "biomechanic", "mechanis", "cadaver"]),
    ("cases", &["case series", "case report", "case study", "case studies"]),
    ("subgroup", &["subgroup", "secondary analysis", "post hoc", "post-hoc", "interim"]),
    (
        "not-randomised",
        &[
            "observational",
            "cross-sectional",
            "non-randomised",
            "nonrandomised",
            "non-randomized",
            "nonrandomized",
            "cohort",
            "uncontrolled",
        ],
    ),
];

/// Studies of studies and advice count no people of their own.
const GATHERED: &[&str] = &["review", "meta-analysis", "guideline", "consensus"];

impl Study {
    /// Why a reader should take care with a single study: `animals`, `indirect`, `cases`, `subgroup`, `not-randomised` or `small`
    /// (fewer than 50 people). Known for designs that are written in English.
    pub fn caution(&self) -> Option<&'static str> {
        let design = self.design.as_deref().unwrap_or_default().to_lowercase();
        let is_of = |parts: &[&str]| parts.iter().any(|part| design.contains(part));
        if is_of(GATHERED) {
            return None;
        }
        let known = CAUTIONS.iter().find(|(_, parts)| is_of(parts)).map(|(word, _)| *word);
        let people = self.participants.as_deref().and_then(|people| {
            let digits: String = people.trim().replace(',', "").chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<u32>().ok()
        });
        known.or_else(|| people.filter(|people| *people < 50).map(|_| "small"))
    }

    /// What is shown of it where the reference is printed: the caution, and how many took part if there is one.
    pub fn shown(&self) -> (Option<&'static str>, Option<&str>) {
        let caution = self.caution();
        (caution, caution.and(self.participants.as_deref()))
    }
}

impl Fields for Reference {
    const KEYS: &'static [&'static str] = KEYS;

    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error> {
        match key {
            "study" => self.study = map.next_value_seed(Seed::new())?,
            "retracted" => self.retracted = map.next_value_seed(Seed::new())?,
            "superseded_by" => self.superseded_by = map.next_value_seed(Seed::new())?,
            "verified" => self.verified = map.next_value_seed(Seed::new())?,
            "unverified" => self.unverified = map.next_value_seed(Seed::new())?,
            key if CSL_FIELDS.contains(&key) => self.csl.push((key.to_owned(), map.next_value_seed(Seed::new())?)),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl FromData for Reference {
    fn from_data<'de, D: serde::de::Deserializer<'de>>(data: D) -> Result<Self, D::Error> {
        super::fields::from_map(data)
    }
}

impl Reference {
    /// The record as a CSL-JSON item, without the fields that nobody has confirmed.
    pub fn item(&self, title: &str) -> serde_json::Map<String, serde_json::Value> {
        let mut item = serde_json::Map::new();
        item.insert("title".into(), title.into());
        item.extend(self.csl.iter().map(|(key, value)| (key.clone(), value.value())));
        item.retain(|key, _| !self.unverified.contains(key));
        item
    }

    /// A CSL field, confirmed or not.
    pub fn field(&self, key: &str) -> Option<serde_json::Value> {
        self.csl.iter().find(|(name, _)| name == key).map(|(_, value)| value.value())
    }
}

impl Serialize for Reference {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in &self.csl {
            if !self.unverified.contains(key) {
                map.serialize_entry(key, value)?;
            }
        }
        map.serialize_entry("study", &self.study)?;
        map.serialize_entry("retracted", &self.retracted)?;
        map.serialize_entry("superseded_by", &self.superseded_by)?;
        map.serialize_entry("verified", &self.verified)?;
        map.serialize_entry("unverified", &self.unverified)?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::Study;

    #[test]
    fn small_and_indirect_studies_are_told() {
        let caution = |design: &str, people: &str| {
            Study { design: Some(design.into()), participants: Some(people.into()), ..Study::default() }.caution()
        };
        assert_eq!(caution("randomised controlled trial", "44"), Some("small"));
        assert_eq!(caution("randomised controlled trial", "1,235 cross-sectional"), None);
        assert_eq!(caution("randomised controlled trial", "more than 40"), None);
        assert_eq!(caution("Case series", "3"), Some("cases"));
        assert_eq!(caution("biomechanical modelling study", ""), Some("indirect"));
        assert_eq!(caution("secondary analysis of a randomised trial", "101"), Some("subgroup"));
        assert_eq!(caution("systematic review of observational studies", "12"), None);
    }
}
