//! The content model: kinds of entries and their fields. The struct of a kind *is* its schema.

mod article;
mod claim;
mod date;
mod exercise;
pub(crate) mod fields;
mod page;
mod programme;
mod reference;
mod shared;
mod tables;
mod warning;

use std::sync::Arc;

use bitcode::{Decode, Encode};
use serde::Serialize;

pub use article::{Acknowledgement, Article};
pub use claim::{Certainty, Claim};
pub use date::Date;
pub use exercise::{Dosage, Exercise, Impact, Stage, Status};
pub use fields::{Fields, FromData, Json, choices_of};
pub use page::Page;
pub use programme::{Item, Programme, Session, Week};
pub use reference::{CSL_FIELDS, Reference, Study};
pub use shared::{Meta, Question};
pub use tables::{
    CareCard, CareLevel, ChangeKind, Condition, ConditionGroup, GeneralWarning, LoggedChange, Movement, Ok, Person, QueryKind,
    QueryTable, Rule, SafetyTable, Signature, SynonymTable, Synonyms, Term, Verdict, WantedQuery,
};
pub use warning::{AppliesTo, Severity, Warning};

/// A slug that names an entry, unique over all kinds with an address of their own.
pub type Id = Arc<str>;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A Markdown article.
    Article,
    /// An exercise card.
    Exercise,
    /// Weeks, sessions and exercises with doses.
    Programme,
    /// A safety warning.
    Warning,
    /// A statement with its certainty and evidence.
    Claim,
    /// A bibliographic record.
    Reference,
    /// Any other page.
    Page,
    /// A condition of `safety.yaml`.
    Condition,
    /// A term of `glossary.yaml`.
    Term,
}

impl Kind {
    /// Every kind, in the order in which sections are shown.
    pub const ALL: [Kind; 9] = [
        Kind::Article,
        Kind::Exercise,
        Kind::Programme,
        Kind::Warning,
        Kind::Claim,
        Kind::Reference,
        Kind::Page,
        Kind::Condition,
        Kind::Term,
    ];

    /// The singular word in messages, templates and queries.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Article => "article",
            Kind::Exercise => "exercise",
            Kind::Programme => "programme",
            Kind::Warning => "warning",
            Kind::Claim => "claim",
            Kind::Reference => "reference",
            Kind::Page => "page",
            Kind::Condition => "condition",
            Kind::Term => "term",
        }
    }

    /// One of the kind, as a message says it.
    pub fn one(self) -> &'static str {
        match self {
            Kind::Article => "an article",
            Kind::Exercise => "an exercise",
            Kind::Programme => "a programme",
            Kind::Warning => "a warning",
            Kind::Claim => "a claim",
            Kind::Reference => "a reference",
            Kind::Page => "a page",
            Kind::Condition => "a condition",
            Kind::Term => "a term",
        }
    }

    /// The folder below `content/` and the section of the site, for kinds that have one.
    pub fn section(self) -> Option<&'static str> {
        match self {
            Kind::Article => Some("articles"),
            Kind::Exercise => Some("exercises"),
            Kind::Programme => Some("programmes"),
            Kind::Warning => Some("warnings"),
            Kind::Claim => Some("claims"),
            Kind::Reference => Some("references"),
            Kind::Condition => Some("conditions"),
            Kind::Page | Kind::Term => None,
        }
    }

    /// The heading of the section.
    pub fn plural(self) -> &'static str {
        match self {
            Kind::Article => "Articles",
            Kind::Exercise => "Exercises",
            Kind::Programme => "Programmes",
            Kind::Warning => "Warnings",
            Kind::Claim => "Evidence",
            Kind::Reference => "References",
            Kind::Page => "Pages",
            Kind::Condition => "Conditions",
            Kind::Term => "Glossary",
        }
    }

    /// The kind that a name in a template means.
    pub fn from_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The kind of the files in a folder below `content/`.
    pub fn of_folder(folder: &str) -> Option<Kind> {
        if folder == "pages" {
            Some(Kind::Page)
        } else {
            Kind::ALL.into_iter().take(6).find(|kind| kind.section() == Some(folder))
        }
    }
}

/// The fields of an entry beyond the shared ones.
#[expect(clippy::large_enum_variant, reason = "the largest, exercises, are also the most numerous")]
#[derive(Debug, Clone, PartialEq, Hash, Encode, Decode)]
pub enum Data {
    /// An article.
    Article(Article),
    /// An exercise card.
    Exercise(Exercise),
    /// A programme.
    Programme(Programme),
    /// A warning.
    Warning(Warning),
    /// A claim.
    Claim(Claim),
    /// A reference.
    Reference(Reference),
    /// Any other page.
    Page(Page),
}

impl Data {
    /// The prose fields that are Markdown, with the path of each in the front matter and how it is read.
    ///
    /// The order is the order of appearance on the page: citations are numbered along it.
    pub fn prose(&self) -> Vec<Prose<'_>> {
        let mut prose = Vec::new();
        match self {
            Data::Article(article) => article.prose(&mut prose),
            Data::Exercise(exercise) => exercise.prose(&mut prose),
            Data::Programme(programme) => programme.prose(&mut prose),
            Data::Warning(warning) => warning.prose(&mut prose),
            Data::Claim(claim) => claim.prose(&mut prose),
            Data::Reference(_) => {}
            Data::Page(page) => page.prose(&mut prose),
        }
        prose
    }

    /// The references that the entry lists as its evidence, for and against it; those that its text cites are not among them.
    pub fn evidence(&self) -> impl Iterator<Item = &Id> {
        let lists: [&[Id]; 2] = match self {
            Data::Exercise(exercise) => [&exercise.evidence, &[]],
            Data::Warning(warning) => [&warning.evidence, &[]],
            Data::Claim(claim) => [&claim.supports, &claim.contradicts],
            Data::Article(_) | Data::Programme(_) | Data::Reference(_) | Data::Page(_) => [&[], &[]],
        };
        lists.into_iter().flatten()
    }
}

/// A field that holds Markdown.
#[derive(Debug, Clone, Copy)]
pub struct Prose<'a> {
    /// Which field; lists and nested fields are told apart by `index`.
    pub slot: Slot,
    /// Position in a list, 0 elsewhere.
    pub index: usize,
    /// The Markdown.
    pub text: &'a str,
}

impl<'a> Prose<'a> {
    fn one(slot: Slot, text: Option<&'a String>, into: &mut Vec<Prose<'a>>) {
        into.extend(text.map(|text| Prose { slot, index: 0, text }));
    }

    fn list(slot: Slot, texts: &'a [String], into: &mut Vec<Prose<'a>>) {
        into.extend(texts.iter().enumerate().map(|(index, text)| Prose { slot, index, text }));
    }

    fn answers(faq: &'a [Question], into: &mut Vec<Prose<'a>>) {
        into.extend(faq.iter().enumerate().map(|(index, q)| Prose { slot: Slot::Answer, index, text: &q.answer }));
    }
}

/// The places of an entry where prose can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Slot {
    /// `summary`
    Summary,
    /// `key_points[]`
    KeyPoint,
    /// `status_reason`
    StatusReason,
    /// `stop_if[]`
    StopIf,
    /// `steps[]`
    Step,
    /// `breathing`
    Breathing,
    /// `mistakes[]`
    Mistake,
    /// `dosage.text`
    DoseText,
    /// `dosage.effort`
    DoseEffort,
    /// `dosage.advance`
    DoseAdvance,
    /// `dosage.source`
    DoseSource,
    /// `text` of a warning
    Text,
    /// `seek_help`
    SeekHelp,
    /// `statement`
    Statement,
    /// `reason`
    Reason,
    /// The Markdown after the front matter.
    Body,
    /// `faq[].answer`
    Answer,
}

impl Slot {
    /// Whether the field holds whole paragraphs; the others are one line of running text.
    pub fn is_block(self) -> bool {
        matches!(self, Slot::Text | Slot::Body | Slot::Answer)
    }

    /// The path of the field in the front matter.
    pub fn path(self, index: usize) -> Vec<String> {
        let list = |name: &str| vec![name.to_owned(), index.to_string()];
        let nested = |parts: [&str; 2]| parts.map(str::to_owned).to_vec();
        match self {
            Slot::Summary => vec!["summary".into()],
            Slot::KeyPoint => list("key_points"),
            Slot::StatusReason => vec!["status_reason".into()],
            Slot::StopIf => list("stop_if"),
            Slot::Step => list("steps"),
            Slot::Breathing => vec!["breathing".into()],
            Slot::Mistake => list("mistakes"),
            Slot::DoseText => nested(["dosage", "text"]),
            Slot::DoseEffort => nested(["dosage", "effort"]),
            Slot::DoseAdvance => nested(["dosage", "advance"]),
            Slot::DoseSource => nested(["dosage", "source"]),
            Slot::Text => vec!["text".into()],
            Slot::SeekHelp => vec!["seek_help".into()],
            Slot::Statement => vec!["statement".into()],
            Slot::Reason => vec!["reason".into()],
            Slot::Body => Vec::new(),
            Slot::Answer => vec!["faq".into(), index.to_string(), "answer".into()],
        }
    }
}
