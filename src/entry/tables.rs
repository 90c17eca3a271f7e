//! The single-file tables: `safety.yaml`, `glossary.yaml`, `people.yaml`, `reviews.yaml`, `changes.yaml`, `synonyms.yaml`,
//! `search.yaml`.

use super::fields::{choices, fields};
use super::{Date, Id};

fields! {
    /// `safety.yaml`: movements, conditions and the verdict of each pair.
    pub struct SafetyTable {
        /// What exercises do to a body.
        movements: Vec<Movement>,
        /// Whom that can hurt.
        conditions: Vec<Condition>,
        /// Conditions by kind of trouble.
        condition_groups: Vec<ConditionGroup>,
        /// Verdicts that say more than "fine".
        rules: Vec<Rule>,
        /// Pairs that are fine.
        ok: Vec<Ok>,
        /// What holds for everybody.
        general_warnings: Vec<GeneralWarning>,
        /// When to get help, in three levels.
        care_cards: Vec<CareCard>,
    }
}

fields! {
    /// A movement: the vocabulary in which cards say what they do.
    pub struct Movement {
        /// Its name in `movements` of a card.
        id: Id,
        /// Its name for readers.
        label: String,
        /// What it is, in plain words.
        plain: String,
        /// Examples.
        examples: Vec<String>,
        /// References.
        sources: Vec<Id>,
    }
}

fields! {
    /// A condition. It has a page of its own.
    pub struct Condition {
        /// Its id.
        id: Id,
        /// Its name for readers.
        label: String,
        /// Other names.
        aka: Vec<String>,
        /// What it is.
        definition: String,
        /// Id of its group.
        group: Option<Id>,
        /// References.
        sources: Vec<Id>,
    }
}

fields! {
    /// A group of conditions.
    pub struct ConditionGroup {
        /// Its id.
        id: Id,
        /// Its name for readers.
        label: String,
        /// Whether people with a condition of this group are to be seen by a professional before any exercise.
        stop_first: bool,
    }
}

fields! {
    /// The verdict for a movement with some conditions.
    pub struct Rule {
        /// Its id.
        id: Id,
        /// A movement, or `*` for all of them.
        movement: Id,
        /// Conditions.
        conditions: Vec<Id>,
        /// The verdict.
        verdict: Option<Verdict>,
        /// What to tell the reader.
        warning: String,
        /// Exercises to do instead.
        alternatives: Vec<Id>,
        /// References.
        sources: Vec<Id>,
        /// `sourced`, or what still has to be cleared by a clinician.
        review: Option<String>,
    }
}

fields! {
    /// A movement that is fine with some conditions.
    pub struct Ok {
        /// A movement.
        movement: Id,
        /// Conditions.
        conditions: Vec<Id>,
        /// A remark.
        note: Option<String>,
        /// `sourced`, or what still has to be cleared by a clinician.
        review: Option<String>,
    }
}

fields! {
    /// Advice for everybody.
    pub struct GeneralWarning {
        /// Its id.
        id: Id,
        /// The advice.
        text: String,
        /// References.
        sources: Vec<Id>,
        /// `sourced`, or what still has to be cleared by a clinician.
        review: Option<String>,
    }
}

fields! {
    /// Signs on which to get help.
    pub struct CareCard {
        /// How soon.
        level: Option<CareLevel>,
        /// What to do, as the beginning of a sentence.
        title: String,
        /// The signs, as ends of that sentence.
        signs: Vec<String>,
        /// References.
        sources: Vec<Id>,
        /// `sourced`, or what still has to be cleared by a clinician.
        review: Option<String>,
    }
}

choices! {
    /// Levels of care cards (NHS design system).
    pub enum CareLevel {
        /// Ask when you can.
        NonUrgent = "non-urgent",
        /// Ask today.
        Urgent = "urgent",
        /// Call now.
        Emergency = "emergency",
    }
}

choices! {
    /// The verdict for a movement or an exercise with a condition, from mild to strict.
    pub enum Verdict {
        /// No special warning known.
        Ok = "ok",
        /// Do the changed or easier version.
        Modify = "modify",
        /// Only after advice from, or together with, a physiotherapist or similar professional.
        Supervise = "supervise",
        /// Not with this condition.
        Avoid = "avoid",
    }
}

impl Verdict {
    /// From mild to strict.
    pub const ALL: [Verdict; 4] = [Verdict::Ok, Verdict::Modify, Verdict::Supervise, Verdict::Avoid];

    /// The words for readers.
    pub fn label(self) -> &'static str {
        match self {
            Verdict::Ok => "Fine for most people",
            Verdict::Modify => "Change it",
            Verdict::Supervise => "Get help first",
            Verdict::Avoid => "Avoid",
        }
    }
}

fields! {
    /// A glossary term.
    pub struct Term {
        /// Its id.
        id: Id,
        /// The term.
        term: String,
        /// Other words for it.
        aka: Vec<String>,
        /// What it means.
        definition: String,
    }
}

fields! {
    /// An author or reviewer.
    pub struct Person {
        /// The id in `authors` and `reviewed_by`.
        id: Id,
        /// The name.
        name: String,
        /// What they do here.
        role: Option<String>,
        /// Their qualification.
        credentials: Option<String>,
        /// Their interests; "none" is written out.
        interests: Option<String>,
        /// An address about them.
        url: Option<String>,
        /// Whether the person was made up to fill a draft.
        sample: bool,
    }
}

fields! {
    /// A signature in `reviews.yaml`: who reviewed which entry when, and what it was then.
    pub struct Signature {
        /// The entry.
        id: Id,
        /// Who signed it: an id of `people.yaml`.
        by: Id,
        /// The day of the review.
        on: Option<Date>,
        /// The day on which it is to be reviewed again.
        next: Option<Date>,
        /// Fingerprint of all parts.
        hash: String,
        /// What the review covers, with the fingerprint of each part.
        parts: Vec<(String, String)>,
    }
}

fields! {
    /// An entry of the public log of changed advice.
    pub struct LoggedChange {
        /// When the advice changed.
        date: Option<Date>,
        /// What about it changed.
        kind: Option<ChangeKind>,
        /// What changed, in a sentence.
        title: String,
        /// Why, and what it means for readers.
        summary: Option<String>,
        /// The entries whose advice changed.
        entries: Vec<Id>,
    }
}

choices! {
    /// What about advice changed.
    pub enum ChangeKind {
        /// A verdict permits more than before.
        Milder = "milder",
        /// A verdict permits less than before.
        Stricter = "stricter",
        /// A warning.
        Warning = "warning",
        /// What an exercise is for.
        Status = "status",
        /// How much of an exercise.
        Dose = "dose",
        /// What is known, and how certain it is.
        Evidence = "evidence",
        /// An error was corrected.
        Correction = "correction",
    }
}

impl ChangeKind {
    /// The words for readers.
    pub fn label(self) -> &'static str {
        match self {
            ChangeKind::Milder => "Milder advice",
            ChangeKind::Stricter => "Stricter advice",
            ChangeKind::Warning => "Warning",
            ChangeKind::Status => "Status",
            ChangeKind::Dose => "Dose",
            ChangeKind::Evidence => "Evidence",
            ChangeKind::Correction => "Correction",
        }
    }
}

fields! {
    /// `synonyms.yaml`: the words that people type.
    pub struct SynonymTable {
        /// All of them.
        synonyms: Vec<Synonyms>,
    }
}

fields! {
    /// Words that mean one entry.
    pub struct Synonyms {
        /// What people type.
        words: Vec<String>,
        /// The entry that they mean.
        entry: Id,
    }
}

fields! {
    /// `search.yaml`: queries that must work.
    pub struct QueryTable {
        /// All of them.
        queries: Vec<WantedQuery>,
    }
}

fields! {
    /// A query, and the entry that it must find.
    pub struct WantedQuery {
        /// The query as people type it.
        query: String,
        /// How it is written.
        kind: Option<QueryKind>,
        /// The entry that must come first.
        first: Option<Id>,
        /// The entry that must be among the first three.
        among: Option<Id>,
    }
}

choices! {
    /// How a query is written.
    pub enum QueryKind {
        /// In the words of the site, spelt right.
        Right = "right",
        /// With a wrong letter.
        Misspelt = "misspelt",
        /// In the words of people who don't know those of the site.
        Lay = "lay",
    }
}
