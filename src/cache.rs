//! What a build may reuse of the build before, and the two questions that decide it: is the input the same, and are all answers
//! that were received still the same?

use std::collections::HashMap;
use std::sync::Arc;

use bitcode::{Decode, Encode};

use crate::entry::Id;
use crate::files::{File, FilePath};
use crate::finding::{At, Finding, Findings, Fix, Level, Note};
use crate::graph::Tables;
use crate::graph::query::{Query, Read};
use crate::hash::Hash;
use crate::output::Stamp;
use crate::par;
use crate::parse::Document;
use crate::render::Body;
use crate::rules::rule_called;
use crate::search;
use crate::theme::Theme;

/// What is kept from one build for the next.
#[derive(Debug, Clone, Default)]
pub struct Cache {
    /// Fingerprint of everything that makes the whole site new: theme, settings, version of osteon.
    pub key: Hash,
    /// Parsed files.
    pub parsed: HashMap<FilePath, Parsed>,
    /// What is known about texts.
    pub texts: HashMap<Id, Arc<TextRecord>>,
    /// What is known about pages, by address.
    pub pages: HashMap<String, PageRecord>,
    /// Printed references by the fingerprint of record and style.
    pub printed: HashMap<Hash, String>,
    /// The tables, which are the largest files of many a site.
    pub tables: KnownTables,
    /// The search index.
    pub search: search::Known,
    /// The names of the parts that hold this cache on disk; empty if it isn't there.
    parts: Vec<Hash>,
    /// The names of those that hold the search index.
    search_parts: Vec<Hash>,
    /// The compiled theme; kept between the builds of one process only.
    pub theme: Option<Arc<Theme>>,
}

/// Tables that were read.
#[derive(Debug, Clone, Default)]
pub struct KnownTables {
    /// Fingerprint of their files.
    pub key: Hash,
    /// The tables.
    pub tables: Tables,
    /// What was found in them.
    pub findings: Findings,
}

/// A parsed file.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// Fingerprint of the file.
    pub hash: Hash,
    /// Its documents.
    pub documents: Vec<Arc<Document>>,
    /// What was found in it.
    pub findings: Findings,
}

/// What is known about the filled text of an entry.
#[derive(Debug, Clone)]
pub struct TextRecord {
    /// Fingerprint of path and bytes of the file in which the text stands.
    pub file: Hash,
    /// What was asked to fill it.
    pub reads: Arc<[Read]>,
    /// What was found on the way.
    pub findings: Findings,
    /// The warnings that a page with the text must show.
    pub must_show: Vec<Id>,
    /// Its long passages, to be compared with those of others.
    pub passages: Vec<(Hash, At)>,
    /// Fingerprint of its running text.
    pub words: Hash,
    /// Fingerprint of the filled text.
    pub hash: Hash,
}

/// What is known about a page.
#[derive(Debug, Clone)]
pub struct PageRecord {
    /// What was asked to render it, in order.
    pub reads: Arc<[Read]>,
    /// What was found on the way.
    pub findings: Findings,
    /// The output.
    pub output: Stamp,
    /// Why it was rendered the last time.
    pub reason: Reason,
}

/// Why a page was rendered.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Reason {
    /// There was no such page, or no cache.
    New,
    /// The theme, the settings or osteon changed.
    Everything,
    /// An answer changed.
    Answer(Query),
    /// Its output was missing or changed by others.
    Lost,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::New => f.write_str("it is new"),
            Reason::Everything => f.write_str("the theme, the settings or osteon changed"),
            Reason::Answer(query) => write!(f, "an answer changed: {query}"),
            Reason::Lost => f.write_str("its file was missing"),
        }
    }
}

impl TextRecord {
    /// What a filled text leaves behind.
    pub fn of(body: Body, file: Hash) -> Self {
        TextRecord {
            file,
            reads: body.reads.into(),
            findings: body.findings,
            must_show: body.must_show,
            passages: body.passages,
            words: body.words,
            hash: body.hash,
        }
    }
}

impl Cache {
    /// The documents of a file, if it has not changed.
    pub fn parsed(&self, file: &File) -> Option<&Parsed> {
        self.parsed.get(&file.path).filter(|parsed| parsed.hash == file.hash)
    }

    /// A cache that is not on disk yet.
    #[expect(clippy::too_many_arguments, reason = "every part of a cache, assembled in one place")]
    pub fn new(
        key: Hash,
        parsed: HashMap<FilePath, Parsed>,
        texts: HashMap<Id, Arc<TextRecord>>,
        pages: HashMap<String, PageRecord>,
        printed: HashMap<Hash, String>,
        tables: KnownTables,
        search: search::Known,
        theme: Arc<Theme>,
    ) -> Cache {
        let (parts, search_parts) = (Vec::new(), Vec::new());
        Cache { key, parsed, texts, pages, printed, tables, search, parts, search_parts, theme: Some(theme) }
    }

    /// The cache in parts, without those that `old` has on disk already: an edit touches few of them. The compiled theme is left
    /// out. `edition` names the program that writes it.
    pub fn pack(&self, edition: &str, old: &Cache) -> Packed {
        let contents = self.contents();
        let before = if old.parts.len() == PARTS { old.contents() } else { Vec::new() };
        let mut parts: Vec<(Hash, Option<Vec<u8>>)> =
            par::map(&(0..PARTS).collect::<Vec<_>>(), |part| match (before.get(*part), old.parts.get(*part)) {
                (Some(before), Some(name)) if contents[*part].is_same(before) => (*name, None),
                _ => {
                    let bytes = contents[*part].encode();
                    (Hash::of_bytes(&bytes), Some(bytes))
                }
            });
        let mut printed: Vec<_> = self.printed.iter().map(|(key, html)| (*key, html.clone())).collect();
        printed.sort();
        let names: Vec<Hash> = parts.iter().map(|(name, _)| *name).collect();
        let tables_of_words = self.pack_words(old);
        let search = StoredSearch::of(&self.search, &tables_of_words);
        parts.extend(tables_of_words);
        let tables = (self.tables.key, self.tables.tables.clone(), store(&self.tables.findings));
        let index = Index { edition: edition.to_owned(), key: self.key, printed, tables, parts: names, search };
        Packed {
            index: bitcode::encode(&index),
            parts: parts.into_iter().map(|(name, bytes)| (part_name(name), bytes)).collect(),
        }
    }

    /// The cache from its index and its parts, or an empty one if another edition of the program wrote it, a part is missing or
    /// something is damaged. `part` reads a part by its name.
    pub fn unpack(index: &[u8], edition: &str, part: impl Fn(&str) -> Option<Vec<u8>> + Sync + Send) -> Cache {
        let Some(index) = bitcode::decode::<Index>(index).ok().filter(|index| index.edition == edition) else {
            return Cache::default();
        };
        let parts = par::map(&index.parts, |name| bitcode::decode::<StoredPart>(&part(&part_name(*name))?).ok());
        let (key, tables, findings) = index.tables;
        let mut cache = Cache {
            key: index.key,
            printed: index.printed.into_iter().collect(),
            tables: KnownTables { key, tables, findings: restore(findings) },
            ..Cache::default()
        };
        for stored in parts {
            let Some(stored) = stored else { return Cache::default() };
            cache.parsed.extend(stored.parsed.into_iter().map(|(path, hash, documents, findings)| {
                let findings = restore(findings);
                (path, Parsed { hash, documents, findings })
            }));
            cache.pages.extend(stored.pages.into_iter().map(|(url, page)| (url, page.record())));
            cache.texts.extend(stored.texts.into_iter().map(|(id, text)| (id, Arc::new(text.record()))));
        }
        cache.parts = index.parts;
        (cache.search, cache.search_parts) = index.search.restore(&part).unwrap_or_default();
        cache
    }

    /// The tables of the search index, without those that `old` has on disk already.
    fn pack_words(&self, old: &Cache) -> Vec<(Hash, Option<Vec<u8>>)> {
        par::map(&self.search.tables, |(table, _)| {
            let before = old.search.tables.iter().position(|(other, _)| Arc::ptr_eq(table, other));
            if let Some(name) = before.and_then(|before| old.search_parts.get(before)) {
                return (*name, None);
            }
            let bytes = bitcode::encode(&**table);
            (Hash::of_bytes(&bytes), Some(bytes))
        })
    }

    /// The records of each part, in the order of their keys.
    fn contents(&self) -> Vec<Contents<'_>> {
        let mut parts: Vec<Contents<'_>> = std::iter::repeat_with(Contents::default).take(PARTS).collect();
        self.parsed.iter().for_each(|(path, parsed)| parts[part_of(path)].parsed.push((path, parsed)));
        self.pages.iter().for_each(|(url, page)| parts[part_of(url)].pages.push((url, page)));
        self.texts.iter().for_each(|(id, text)| parts[part_of(id)].texts.push((id, text)));
        for part in &mut parts {
            part.parsed.sort_by_key(|(path, _)| *path);
            part.pages.sort_by_key(|(url, _)| *url);
            part.texts.sort_by_key(|(id, _)| *id);
        }
        parts
    }
}

/// A cache as it goes to disk.
#[derive(Debug)]
pub struct Packed {
    /// What names the parts.
    pub index: Vec<u8>,
    /// Every part by its name; without bytes, if it is on disk already.
    pub parts: Vec<(String, Option<Vec<u8>>)>,
}

/// The number of parts: enough that an edit rewrites little, few enough that reading them is quick.
const PARTS: usize = 64;

/// The part in which a record stands.
fn part_of(key: &str) -> usize {
    // The remainder is smaller than the number of parts.
    usize::try_from(Hash::of_bytes(key.as_bytes()).0 % PARTS as u128).unwrap_or(0)
}

fn part_name(name: Hash) -> String {
    format!("part-{name}")
}

/// The records of one part.
#[derive(Default)]
struct Contents<'c> {
    parsed: Vec<(&'c FilePath, &'c Parsed)>,
    pages: Vec<(&'c String, &'c PageRecord)>,
    texts: Vec<(&'c Id, &'c TextRecord)>,
}

impl Contents<'_> {
    /// Whether every record was taken over from the other cache: a taken-over record shares its reads.
    fn is_same(&self, other: &Contents<'_>) -> bool {
        let lengths = |part: &Contents<'_>| (part.parsed.len(), part.pages.len(), part.texts.len());
        lengths(self) == lengths(other)
            && self.parsed.iter().zip(&other.parsed).all(|(a, b)| a.0 == b.0 && a.1.hash == b.1.hash)
            && self.pages.iter().zip(&other.pages).all(|(a, b)| a.0 == b.0 && Arc::ptr_eq(&a.1.reads, &b.1.reads))
            && self.texts.iter().zip(&other.texts).all(|(a, b)| a.0 == b.0 && Arc::ptr_eq(&a.1.reads, &b.1.reads))
    }

    fn encode(&self) -> Vec<u8> {
        let parsed = self
            .parsed
            .iter()
            .map(|(path, parsed)| ((*path).clone(), parsed.hash, parsed.documents.clone(), store(&parsed.findings)));
        bitcode::encode(&StoredPart {
            parsed: parsed.collect(),
            pages: self.pages.iter().map(|(url, record)| ((*url).clone(), StoredPage::of(record))).collect(),
            texts: self.texts.iter().map(|(id, record)| ((*id).clone(), StoredText::of(record))).collect(),
        })
    }
}

#[derive(Encode, Decode)]
struct Index {
    edition: String,
    key: Hash,
    printed: Vec<(Hash, String)>,
    tables: (Hash, Tables, Vec<StoredFinding>),
    parts: Vec<Hash>,
    search: StoredSearch,
}

/// The search index without its tables, which are parts of their own.
#[derive(Encode, Decode)]
struct StoredSearch {
    key: Hash,
    documents: Vec<search::Entry>,
    tables: Vec<(Hash, Vec<search::Part>)>,
    stems: usize,
    others: Vec<(Hash, search::Part)>,
}

#[derive(Encode, Decode)]
struct StoredPart {
    parsed: Vec<StoredFile>,
    pages: Vec<(String, StoredPage)>,
    texts: Vec<(Id, StoredText)>,
}

type StoredFile = (FilePath, Hash, Vec<Arc<Document>>, Vec<StoredFinding>);

#[derive(Encode, Decode)]
struct StoredPage {
    reads: Arc<[Read]>,
    findings: Vec<StoredFinding>,
    hash: Hash,
    size: u64,
    reason: Reason,
}

#[derive(Encode, Decode)]
struct StoredText {
    file: Hash,
    reads: Arc<[Read]>,
    findings: Vec<StoredFinding>,
    must_show: Vec<Id>,
    passages: Vec<(Hash, At)>,
    words: Hash,
    hash: Hash,
}

/// A finding with its rule by code.
#[derive(Encode, Decode)]
struct StoredFinding {
    code: String,
    level: Level,
    at: At,
    message: String,
    help: Option<String>,
    notes: Vec<(Option<At>, String)>,
    fix: Option<Fix>,
}

impl StoredSearch {
    fn of(known: &search::Known, tables: &[(Hash, Option<Vec<u8>>)]) -> Self {
        let parts = known.tables.iter().map(|(_, parts)| parts.clone());
        StoredSearch {
            key: known.key,
            documents: known.documents.to_vec(),
            tables: tables.iter().map(|(name, _)| *name).zip(parts).collect(),
            stems: known.stems,
            others: known.others.clone(),
        }
    }

    /// The index and the names of its parts, if all of them can be read.
    fn restore(self, part: &(impl Fn(&str) -> Option<Vec<u8>> + Sync)) -> Option<(search::Known, Vec<Hash>)> {
        let names: Vec<Hash> = self.tables.iter().map(|(name, _)| *name).collect();
        let tables = par::map(&self.tables, |(name, parts)| {
            Some((Arc::new(bitcode::decode(&part(&part_name(*name))?).ok()?), parts.clone()))
        });
        let tables = tables.into_iter().collect::<Option<_>>()?;
        Some((
            search::Known { key: self.key, documents: self.documents.into(), tables, stems: self.stems, others: self.others },
            names,
        ))
    }
}

impl StoredPage {
    fn of(record: &PageRecord) -> Self {
        StoredPage {
            reads: record.reads.clone(),
            findings: store(&record.findings),
            hash: record.output.hash,
            size: record.output.size,
            reason: record.reason.clone(),
        }
    }

    fn record(self) -> PageRecord {
        let output = Stamp { hash: self.hash, size: self.size };
        PageRecord { reads: self.reads, findings: restore(self.findings), output, reason: self.reason }
    }
}

impl StoredText {
    fn of(record: &TextRecord) -> Self {
        StoredText {
            file: record.file,
            reads: record.reads.clone(),
            findings: store(&record.findings),
            must_show: record.must_show.clone(),
            passages: record.passages.clone(),
            words: record.words,
            hash: record.hash,
        }
    }

    fn record(self) -> TextRecord {
        TextRecord {
            file: self.file,
            reads: self.reads,
            findings: restore(self.findings),
            must_show: self.must_show,
            passages: self.passages,
            words: self.words,
            hash: self.hash,
        }
    }
}

fn store(findings: &Findings) -> Vec<StoredFinding> {
    let stored = |finding: &Finding| StoredFinding {
        code: finding.rule.code.to_owned(),
        level: finding.level,
        at: finding.at.clone(),
        message: finding.message.clone(),
        help: finding.help.clone(),
        notes: finding.notes.iter().map(|note| (note.at.clone(), note.text.clone())).collect(),
        fix: finding.fix.clone(),
    };
    findings.0.iter().map(stored).collect()
}

fn restore(stored: Vec<StoredFinding>) -> Findings {
    let finding = |stored: StoredFinding| {
        Some(Finding {
            rule: rule_called(&stored.code)?,
            level: stored.level,
            at: stored.at,
            message: stored.message,
            help: stored.help,
            notes: stored.notes.into_iter().map(|(at, text)| Note { at, text }).collect(),
            fix: stored.fix,
        })
    };
    Findings(stored.into_iter().filter_map(finding).collect())
}
