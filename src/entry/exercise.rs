//! Exercise cards.

use super::fields::{choices, fields};
use super::{Id, Json, Prose, Question, Slot};

fields! {
    /// An exercise card.
    pub struct Exercise {
        /// Other names.
        aka: Vec<String>,
        /// What it is and what it is for.
        #[serde(skip)]
        summary: Option<String>,
        /// Open list, as a slug.
        category: Option<String>,
        /// The jolt through the skeleton.
        impact: Option<Impact>,
        /// What the card is for.
        status: Option<Status>,
        /// Why it has that status.
        #[serde(skip)]
        status_reason: Option<String>,
        /// Parts of the body that it trains: open list of slugs.
        targets: Vec<String>,
        /// What is needed: open list of slugs.
        equipment: Vec<String>,
        /// Starting position: open list, as a slug.
        position: Option<String>,
        /// What it does to a body: ids of movements in `safety.yaml`. All verdicts follow from them.
        movements: Vec<Id>,
        /// How to do it.
        #[serde(skip)]
        steps: Vec<String>,
        /// How to breathe.
        #[serde(skip)]
        breathing: Option<String>,
        /// What goes wrong often.
        #[serde(skip)]
        mistakes: Vec<String>,
        /// When to stop.
        #[serde(skip)]
        stop_if: Vec<String>,
        /// How much.
        dosage: Dosage,
        /// How to go on, stage by stage.
        progression: Vec<Stage>,
        /// Easier exercises (regressions).
        easier: Vec<Id>,
        /// Harder exercises (progressions).
        harder: Vec<Id>,
        /// What to do instead.
        instead: Vec<Id>,
        /// Warnings of the card's own, besides those of its movements and equipment.
        warnings: Vec<Id>,
        /// References.
        evidence: Vec<Id>,
        /// Questions and answers.
        #[serde(skip)]
        faq: Vec<Question>,
        /// How the movement is drawn.
        figure: Json,
    }
}

fields! {
    /// How much of an exercise.
    pub struct Dosage {
        /// In a sentence.
        text: Option<String>,
        /// Number of sets.
        sets: Option<String>,
        /// Repetitions in a set.
        reps: Option<String>,
        /// How long to hold, with its unit.
        hold: Option<String>,
        /// How often.
        frequency: Option<String>,
        /// How hard it should feel.
        effort: Option<String>,
        /// How to increase it.
        advance: Option<String>,
        /// Where the figures come from, with citations.
        source: Option<String>,
    }
}

fields! {
    /// A stage of a progression.
    pub struct Stage {
        /// Its number or name.
        stage: Option<String>,
        /// When to begin it.
        when: Option<String>,
        /// The dose in it.
        dose: Option<String>,
        /// What to be able to do before the next one.
        criterion: Option<String>,
    }
}

choices! {
    /// The jolt through the skeleton.
    pub enum Impact {
        /// No jolt.
        None = "none",
        /// One foot always on the ground.
        Low = "low",
        /// About the jolt of a jog.
        Moderate = "moderate",
        /// More than a jog.
        High = "high",
    }
}

choices! {
    /// What a card is for.
    pub enum Status {
        /// To be recommended where its verdict allows it.
        Recommend = "recommend",
        /// Good for something else than bone.
        UsefulNotForBone = "useful-not-for-bone",
        /// To be talked over with a professional first.
        DiscussFirst = "discuss-first",
        /// There so that readers recognise it and see what to do instead; overrides every verdict.
        Avoid = "avoid",
    }
}

impl Exercise {
    pub(super) fn prose<'a>(&'a self, into: &mut Vec<Prose<'a>>) {
        Prose::one(Slot::Summary, self.summary.as_ref(), into);
        Prose::one(Slot::StatusReason, self.status_reason.as_ref(), into);
        Prose::list(Slot::StopIf, &self.stop_if, into);
        Prose::list(Slot::Step, &self.steps, into);
        Prose::one(Slot::Breathing, self.breathing.as_ref(), into);
        Prose::list(Slot::Mistake, &self.mistakes, into);
        Prose::one(Slot::DoseText, self.dosage.text.as_ref(), into);
        Prose::one(Slot::DoseEffort, self.dosage.effort.as_ref(), into);
        Prose::one(Slot::DoseAdvance, self.dosage.advance.as_ref(), into);
        Prose::one(Slot::DoseSource, self.dosage.source.as_ref(), into);
        Prose::answers(&self.faq, into);
    }
}
