//! The first phase: one file → its documents. It depends on nothing but the file (and on the configuration for drafts), so it
//! runs in parallel and its results can be kept as long as the file stays the same.

pub mod data;
mod front;
mod highlight;
pub mod locate;
pub mod markdown;
pub mod running;

use std::sync::OnceLock;

use bitcode::{Decode, Encode};

use self::data::{Foreign, Presence, Schema};
use self::front::Front;
pub(crate) use self::front::text;
use self::markdown::{Heading, Mode, Origin, Piece};
use crate::entry::{Article, Claim, Data, Exercise, Fields, FromData, Id, Kind, Meta, Page, Programme, Reference, Slot, Warning};
use crate::evidence;
use crate::files::{File, FilePath, Files};
use crate::finding::{At, Finding, Findings, Place, Step, did_you_mean, steps};
use crate::graph::slug;
use crate::hash::Hash;
use crate::rules::{f001_unreadable_data, f004_missing_field, f009_bad_id, f010_stray_file};

/// One entry as its file gives it.
#[derive(Debug, Clone, Encode, Decode)]
pub struct Document {
    /// The id: the name of the file, or of the record in it.
    pub id: Id,
    /// What it is: the folder decides.
    pub kind: Kind,
    /// The file.
    pub file: FilePath,
    /// The record in the file; the whole file for most kinds.
    pub record: Place,
    /// The shared fields.
    pub meta: Meta,
    /// The fields of the kind.
    pub data: Data,
    /// Prose as HTML with holes. It is the bulk of a document and seldom needed again, so it isn't kept between runs.
    #[bitcode(skip)]
    prose: OnceLock<Vec<Text>>,
    /// The holes of all prose, in order: what the entry says about others.
    pub holes: Vec<Piece>,
    /// Whether there is Markdown after the data.
    pub has_body: bool,
    /// Headings of the body.
    pub headings: Vec<Heading>,
    /// Words of running text, in all prose.
    pub words: u32,
    /// What it is in a few sentences without markup: the summary, or what stands for one, or the first paragraph.
    pub blurb: String,
    /// Fingerprint of the fields: equal when no template can tell the difference.
    pub data_hash: Hash,
    /// Fingerprint of the Markdown after the data, the same on every machine and in every version of osteon.
    pub body_hash: Hash,
    /// Fingerprint of the file.
    pub file_hash: Hash,
}

/// One prose field.
#[derive(Debug, Clone)]
pub struct Text {
    /// Which field.
    pub slot: Slot,
    /// Position in a list, 0 elsewhere.
    pub index: u32,
    /// The text.
    pub pieces: Vec<Piece>,
}

impl Document {
    /// Whether nothing of it could be read, not even what it is called: what is wrong then is said where it is broken.
    pub fn is_blank(&self) -> bool {
        self.meta.title.is_empty() && self.blurb.is_empty()
    }

    /// The place of a field.
    pub fn field<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> At {
        let place = if self.record == Place::File { Place::Field(steps(path)) } else { self.record.clone() };
        At { file: self.file.clone(), place }
    }

    /// The entry as a whole.
    pub fn at(&self) -> At {
        At { file: self.file.clone(), place: self.record.clone() }
    }

    /// Fingerprint of path and bytes of the file. A file that moved is another one: findings name it.
    pub fn file_key(&self) -> Hash {
        Hash::of(&(&self.file, self.file_hash))
    }

    /// The prose in the order of its appearance on the page, from the file if it isn't known any more.
    pub fn prose(&self, files: &Files) -> &[Text] {
        self.prose.get_or_init(|| {
            let parsed = files.at(&self.file).map(|file| parse(file).0).unwrap_or_default();
            let same = parsed.into_iter().find(|document| document.id == self.id && document.record == self.record);
            same.and_then(|document| document.prose.into_inner()).unwrap_or_default()
        })
    }

    /// The title, or what stands in for it.
    pub fn title(&self) -> &str {
        match &self.data {
            Data::Claim(_) if self.meta.title.is_empty() => &self.blurb,
            _ => &self.meta.title,
        }
    }
}

/// Parses one file below `content/`. The tables (`safety.yaml`, …) are read by [`crate::graph`].
pub fn parse(file: &File) -> (Vec<Document>, Findings) {
    let mut findings = Findings::default();
    let below = file.path.strip_prefix("content/").unwrap_or(&file.path);
    let kind = below.split_once('/').and_then(|(folder, _)| Kind::of_folder(folder));
    let Some(kind) = kind else {
        findings.push(f010_stray_file::finding(At::file(&file.path), &stray(below)));
        return (Vec::new(), findings);
    };
    let documents = match (kind, file.extension()) {
        (Kind::Article, "md") => one::<Article>(file, kind, Data::Article, &mut findings),
        (Kind::Page, "md") => one::<Page>(file, kind, Data::Page, &mut findings),
        (Kind::Exercise, "yaml" | "yml") => one::<Exercise>(file, kind, Data::Exercise, &mut findings),
        (Kind::Programme, "yaml" | "yml") => one::<Programme>(file, kind, Data::Programme, &mut findings),
        (Kind::Warning, "yaml" | "yml") => one::<Warning>(file, kind, Data::Warning, &mut findings),
        (Kind::Claim, "yaml" | "yml") => one::<Claim>(file, kind, Data::Claim, &mut findings),
        (Kind::Reference, "yaml" | "yml") => one::<Reference>(file, kind, Data::Reference, &mut findings),
        (Kind::Reference, "bib" | "json") => records(file, &mut findings),
        _ => {
            let help =
                format!("{} is a file that ends in {}; pictures and downloads belong in `static/`", kind.one(), endings(kind));
            findings.push(f010_stray_file::finding(At::file(&file.path), &help));
            Vec::new()
        }
    };
    (documents, findings)
}

/// What to do with a file that stands in no folder of a kind.
fn stray(below: &str) -> String {
    let (written, names, help) = match below.split_once('/') {
        Some((folder, _)) => (
            folder,
            &["articles", "exercises", "programmes", "warnings", "claims", "references", "pages"][..],
            "the folders below `content/` are `articles`, `exercises`, `programmes`, `warnings`, `claims`, `references` and \
             `pages`; pictures and downloads belong in `static/`",
        ),
        None => (
            below,
            &["safety.yaml", "glossary.yaml", "people.yaml", "reviews.yaml", "changes.yaml", "synonyms.yaml", "search.yaml"][..],
            "the files directly in `content/` are `safety.yaml`, `glossary.yaml`, `people.yaml`, `reviews.yaml`, `changes.yaml`, \
             `synonyms.yaml` and `search.yaml`; pages belong in `content/pages/`",
        ),
    };
    did_you_mean(written, names.iter().copied()).unwrap_or_else(|| help.to_owned())
}

fn endings(kind: Kind) -> &'static str {
    match kind {
        Kind::Article | Kind::Page => "`.md`",
        Kind::Reference => "`.yaml`, `.bib` or `.json`",
        _ => "`.yaml`",
    }
}

/// Reads a file that holds one entry.
fn one<T: Fields>(file: &File, kind: Kind, data: fn(T) -> Data, findings: &mut Findings) -> Vec<Document>
where
    data::Entry<T>: FromData,
{
    let front = match front::front_of(file) {
        Ok(front) => front,
        Err(finding) => {
            findings.push(finding);
            return Vec::new();
        }
    };
    let foreign = if file.extension() == "md" { Foreign::Allowed } else { Foreign::Unknown };
    let schema = Schema { owner: kind.one(), keys: T::KEYS, shared: Meta::KEYS, foreign };
    if front.data.trim().is_empty() && file.extension() == "md" {
        findings.push(f004_missing_field::no_front_matter(At::field(&file.path, ["title"]), kind.one()));
    }
    let entry = findings.take(data::read::<data::Entry<T>>(&file.path, &front, &schema));
    let id = file.stem();
    if !is_slug(id) {
        findings.push(f009_bad_id::finding(At::file(&file.path), id));
    }
    vec![document(file, id, kind, Place::File, entry.meta, data(entry.data), Some(&front), findings)]
}

/// Reads a bibliography: each record is a reference.
fn records(file: &File, findings: &mut Findings) -> Vec<Document> {
    let text = match front::text(file) {
        Ok(text) => text,
        Err(finding) => {
            findings.push(finding);
            return Vec::new();
        }
    };
    let (records, problems) = if file.extension() == "bib" { evidence::from_bib(text) } else { evidence::from_csl_json(text) };
    for problem in problems {
        findings.push(f001_unreadable_data::record(At::bytes(&file.path, &problem.range), &problem.message));
    }
    let mut documents = Vec::new();
    for record in records {
        let at = At::bytes(&file.path, &record.range);
        let (place, id) = (at.place.clone(), record.id);
        let mut csl = record.csl;
        csl.remove("id");
        let entry = findings.take(data::record::<data::Entry<Reference>>(&at, &csl));
        if !is_slug(&id) {
            findings.push(f009_bad_id::finding(at, &id));
        }
        documents.push(document(file, &id, Kind::Reference, place, entry.meta, Data::Reference(entry.data), None, findings));
    }
    documents
}

#[expect(clippy::too_many_arguments, reason = "every part of a document, assembled in one place")]
fn document(
    file: &File,
    id: &str,
    kind: Kind,
    record: Place,
    meta: Meta,
    data: Data,
    front: Option<&Front<'_>>,
    findings: &mut Findings,
) -> Document {
    require(file, &record, &meta, &data, findings);
    let reserved = anchors(kind);
    let mut prose = Vec::new();
    let (mut headings, mut words, mut blurb, mut lead) = (Vec::new(), 0, String::new(), String::new());
    let mut add = |slot: Slot, index: usize, text: &str, origin: Origin<'_>, findings: &mut Findings| {
        let mode = if slot.is_block() { Mode::Blocks } else { Mode::Line };
        let parsed = markdown::parse(text, mode, &file.path, origin, &|| scope(slot, id, index), reserved, findings);
        words += parsed.words;
        match slot {
            Slot::Body => {
                headings = parsed.headings;
                lead = parsed.lead;
            }
            Slot::Summary | Slot::Text | Slot::Statement => blurb = parsed.lead,
            _ => {}
        }
        if !parsed.pieces.is_empty() {
            prose.push(Text { slot, index: u32::try_from(index).unwrap_or(u32::MAX), pieces: parsed.pieces });
        }
    };
    let fields = data.prose();
    let answers = fields.iter().position(|prose| prose.slot == Slot::Answer).unwrap_or(fields.len());
    for field in &fields[..answers] {
        let path = field.slot.path(field.index);
        let place = Place::Field(steps(path.iter().map(String::as_str)));
        add(field.slot, field.index, field.text, Origin::Field(&place), findings);
    }
    if let Some(front) = front.filter(|front| !front.body.trim().is_empty()) {
        add(Slot::Body, 0, front.body, Origin::Bytes(front.body_start), findings);
    }
    for field in &fields[answers..] {
        let path = field.slot.path(field.index);
        let place = Place::Field(steps(path.iter().map(String::as_str)));
        add(field.slot, field.index, field.text, Origin::Field(&place), findings);
    }
    if blurb.is_empty() {
        blurb = lead;
    }
    let data_hash = Hash::of(&(&meta, &data, words, &blurb));
    let is_hole = |piece: &&Piece| !matches!(piece, Piece::Html(_));
    Document {
        id: id.into(),
        kind,
        file: file.path.clone(),
        record,
        meta,
        data,
        holes: prose.iter().flat_map(|text: &Text| &text.pieces).filter(is_hole).cloned().collect(),
        has_body: prose.iter().any(|text| text.slot == Slot::Body),
        prose: prose.into(),
        headings,
        words,
        blurb,
        data_hash,
        body_hash: front.map(|front| stable(front.body)).unwrap_or_default(),
        file_hash: file.hash,
    }
}

/// The fingerprint of a text as its author sees it: the system of the machine decides about ends of lines.
fn stable(text: &str) -> Hash {
    Hash::of_bytes(text.replace("\r\n", "\n").trim().as_bytes())
}

/// The beginning of all anchors in a text, so that texts on one page share none: two hyphens are in no anchor that is made from
/// words. A body has the page for itself; answers follow it; other texts are shown on pages of other entries, too.
fn scope(slot: Slot, id: &str, index: usize) -> String {
    match slot {
        Slot::Body => String::new(),
        Slot::Answer => format!("question-{}--", index + 1),
        slot => format!("{}-{}--", slug(id), slot.path(index).join("-")),
    }
}

/// Reports required fields that are missing.
fn require(file: &File, record: &Place, meta: &Meta, data: &Data, findings: &mut Findings) {
    let is = |value: bool| Presence::from(value);
    let title = ("title", is(!meta.title.trim().is_empty()));
    let fields = match data {
        Data::Article(_) | Data::Page(_) | Data::Reference(_) => vec![title],
        Data::Exercise(e) => vec![title, ("movements", is(!e.movements.is_empty())), ("steps", is(!e.steps.is_empty()))],
        Data::Programme(p) => vec![title, ("audience", is(!p.audience.is_empty()))],
        Data::Warning(w) => vec![title, ("severity", is(w.severity.is_some())), ("text", is(!w.text.trim().is_empty()))],
        Data::Claim(c) => vec![
            ("statement", is(!c.statement.trim().is_empty())),
            ("certainty", is(c.certainty.is_some())),
            ("reason", is(!c.reason.trim().is_empty())),
        ],
    };
    let kind = match data {
        Data::Article(_) => Kind::Article,
        Data::Exercise(_) => Kind::Exercise,
        Data::Programme(_) => Kind::Programme,
        Data::Warning(_) => Kind::Warning,
        Data::Claim(_) => Kind::Claim,
        Data::Reference(_) => Kind::Reference,
        Data::Page(_) => Kind::Page,
    };
    if *record != Place::File {
        for (key, _) in fields.iter().filter(|(_, presence)| *presence == Presence::Absent) {
            let at = At { file: file.path.clone(), place: record.clone() };
            let says_why = |finding: &Finding| finding.at == at && finding.message.starts_with(&format!("`{key}`"));
            if !findings.0.iter().any(says_why) {
                findings.push(f004_missing_field::finding(at, key, kind.one()));
            }
        }
        return;
    }
    data::require(&file.path, kind.one(), &[], &fields, findings);
    let faq = match data {
        Data::Article(article) => &article.faq[..],
        Data::Exercise(exercise) => &exercise.faq,
        _ => &[],
    };
    for (i, item) in faq.iter().enumerate() {
        let within = [Step::Key("faq".into()), Step::Index(u32::try_from(i).unwrap_or(u32::MAX))];
        let fields = [("question", is(!item.question.trim().is_empty())), ("answer", is(!item.answer.trim().is_empty()))];
        data::require(&file.path, "a question", &within, &fields, findings);
    }
    if let Data::Article(article) = data {
        for (i, item) in article.acknowledge.iter().enumerate() {
            let within = steps(["acknowledge", &i.to_string()]);
            let fields = [
                ("exercise", is(!item.exercise.is_empty())),
                ("condition", is(!item.condition.is_empty())),
                ("reason", is(!item.reason.trim().is_empty())),
                ("by", is(!item.by.is_empty())),
                ("until", is(item.until.is_some())),
            ];
            data::require(&file.path, "an exception", &within, &fields, findings);
        }
    }
    if let Data::Programme(programme) = data {
        for ([w, s, i], item) in programme.items() {
            let within = steps(["weeks", &w.to_string(), "sessions", &s.to_string(), "items", &i.to_string()]);
            data::require(&file.path, "an item", &within, &[("exercise", is(!item.exercise.is_empty()))], findings);
        }
    }
}

/// Whether a file seems to have a code block to highlight: a guess, on which only the order of work depends.
pub(crate) fn has_code(file: &File) -> bool {
    file.extension() == "md" && memchr::memmem::find(&file.bytes, b"\n```").is_some()
}

/// Whether a text can be an id.
pub fn is_slug(id: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !id.is_empty() && id.bytes().all(is_part) && !id.starts_with('-') && !id.ends_with('-')
}

/// The anchors that the page of a kind has besides the headings of its text. Themes keep to them.
pub fn anchors(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Exercise => &["main", "steps", "breathing", "mistakes", "dose", "progression", "for-me"],
        Kind::Condition => &["main", "ok", "modify", "supervise", "avoid"],
        _ => &["main"],
    }
}
