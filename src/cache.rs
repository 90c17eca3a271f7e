//! What a build may reuse of the build before, and the two questions that decide it: is the input the same, and are all answers
//! that were received still the same?

use std::collections::HashMap;
use std::sync::Arc;

use bitcode::{Decode, Encode};

use crate::entry::Id;
use crate::files::{File, FilePath};
use crate::finding::{At, Finding, Findings, Level, Note};
use crate::graph::query::{Query, Read};
use crate::hash::Hash;
use crate::output::Stamp;
use crate::par;
use crate::parse::Document;
use crate::render::Body;
use crate::rules::rule_called;
use crate::theme::Theme;

/// What is kept from one build for the next.
#[derive(Debug, Clone, Default)]
pub struct Cache {
    /// Fingerprint of everything that makes the whole site new: theme, settings, version of osteon.
    pub key: Hash,
    /// Parsed files.
    pub parsed: HashMap<FilePath, Parsed>,
    /// What is known about texts.
    pub texts: HashMap<Id, TextRecord>,
    /// What is known about pages, by address.
    pub pages: HashMap<String, PageRecord>,
    /// Printed references by the fingerprint of record and style.
    pub printed: HashMap<Hash, String>,
    /// The compiled theme; kept between the builds of one process only.
    pub theme: Option<Arc<Theme>>,
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
    /// Fingerprint of the file in which the text stands.
    pub file: Hash,
    /// What was asked to fill it.
    pub reads: Vec<Read>,
    /// What was found on the way.
    pub findings: Findings,
    /// Fingerprint of the filled text.
    pub hash: Hash,
}

/// What is known about a page.
#[derive(Debug, Clone)]
pub struct PageRecord {
    /// What was asked to render it, in order.
    pub reads: Vec<Read>,
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
        TextRecord { file, reads: body.reads, findings: body.findings, hash: body.hash }
    }
}

impl Cache {
    /// The documents of a file, if it has not changed.
    pub fn parsed(&self, file: &File) -> Option<&Parsed> {
        self.parsed.get(&file.path).filter(|parsed| parsed.hash == file.hash)
    }

    /// The cache as bytes. The compiled theme is left out. `edition` names the program that writes it.
    pub fn to_bytes(&self, edition: &str) -> Vec<u8> {
        let (parsed, (pages, texts)) = par::join(
            || {
                let stored = |(path, parsed): (&FilePath, &Parsed)| {
                    (path.clone(), parsed.hash, parsed.documents.clone(), store(&parsed.findings))
                };
                bitcode::encode(&sorted(self.parsed.iter().map(stored)))
            },
            || {
                par::join(
                    || bitcode::encode(&sorted(self.pages.iter().map(|(url, record)| (url.clone(), StoredPage::of(record))))),
                    || bitcode::encode(&sorted(self.texts.iter().map(|(id, record)| (id.clone(), StoredText::of(record))))),
                )
            },
        );
        let mut printed: Vec<_> = self.printed.iter().map(|(key, html)| (*key, html.clone())).collect();
        printed.sort();
        bitcode::encode(&Stored { edition: edition.to_owned(), key: self.key, printed, parsed, pages, texts })
    }

    /// The cache from bytes, or an empty one if another edition of the program wrote them or they are damaged.
    pub fn from_bytes(bytes: &[u8], edition: &str) -> Cache {
        let Some(stored) = bitcode::decode::<Stored>(bytes).ok().filter(|stored| stored.edition == edition) else {
            return Cache::default();
        };
        let (parsed, (pages, texts)) = par::join(
            || bitcode::decode::<Vec<StoredFile>>(&stored.parsed),
            || {
                par::join(
                    || bitcode::decode::<Vec<(String, StoredPage)>>(&stored.pages),
                    || bitcode::decode::<Vec<(Id, StoredText)>>(&stored.texts),
                )
            },
        );
        let (Ok(parsed), Ok(pages), Ok(texts)) = (parsed, pages, texts) else { return Cache::default() };
        let parsed = parsed.into_iter().map(|(path, hash, documents, findings)| {
            let findings = restore(findings);
            (path, Parsed { hash, documents, findings })
        });
        Cache {
            key: stored.key,
            pages: pages.into_iter().map(|(url, page)| (url, page.record())).collect(),
            texts: texts.into_iter().map(|(id, text)| (id, text.record())).collect(),
            printed: stored.printed.into_iter().collect(),
            parsed: parsed.collect(),
            theme: None,
        }
    }
}

/// What stands in a cache file. The large parts are encoded by themselves, on all cores.
#[derive(Encode, Decode)]
struct Stored {
    edition: String,
    key: Hash,
    printed: Vec<(Hash, String)>,
    parsed: Vec<u8>,
    pages: Vec<u8>,
    texts: Vec<u8>,
}

type StoredFile = (FilePath, Hash, Vec<Arc<Document>>, Vec<StoredFinding>);

/// Records in the order of their keys, so that equal caches are equal bytes.
fn sorted<T: Keyed>(records: impl Iterator<Item = T>) -> Vec<T> {
    let mut records: Vec<T> = records.collect();
    records.sort_by(|a, b| a.key().cmp(b.key()));
    records
}

/// A record with a text that names it.
trait Keyed {
    fn key(&self) -> &str;
}

impl Keyed for StoredFile {
    fn key(&self) -> &str {
        &self.0
    }
}

impl Keyed for (String, StoredPage) {
    fn key(&self) -> &str {
        &self.0
    }
}

impl Keyed for (Id, StoredText) {
    fn key(&self) -> &str {
        &self.0
    }
}

#[derive(Encode, Decode)]
struct StoredPage {
    reads: Vec<Read>,
    findings: Vec<StoredFinding>,
    hash: Hash,
    size: u64,
    reason: Reason,
}

#[derive(Encode, Decode)]
struct StoredText {
    file: Hash,
    reads: Vec<Read>,
    findings: Vec<StoredFinding>,
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
        StoredText { file: record.file, reads: record.reads.clone(), findings: store(&record.findings), hash: record.hash }
    }

    fn record(self) -> TextRecord {
        TextRecord { file: self.file, reads: self.reads, findings: restore(self.findings), hash: self.hash }
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
        })
    };
    Findings(stored.into_iter().filter_map(finding).collect())
}
