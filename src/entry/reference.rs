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
