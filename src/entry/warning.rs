//! Safety warnings.

use super::fields::{choices, fields};
use super::{Id, Prose, Slot};

fields! {
    /// A warning.
    pub struct Warning {
        /// How grave it is.
        severity: Option<Severity>,
        /// What it says, as Markdown.
        #[serde(skip)]
        text: String,
        /// When to stop.
        #[serde(skip)]
        stop_if: Vec<String>,
        /// Whom to ask, and when.
        #[serde(skip)]
        seek_help: Option<String>,
        /// Which cards inherit it.
        applies_to: AppliesTo,
        /// Exercises to do instead.
        alternatives: Vec<Id>,
        /// References.
        evidence: Vec<Id>,
    }
}

fields! {
    /// What a warning is about. A card with one of the movements or pieces of equipment shows it.
    pub struct AppliesTo {
        /// Ids of movements.
        movements: Vec<Id>,
        /// Equipment, as cards name it.
        equipment: Vec<String>,
        /// Ids of conditions: shown on their pages.
        conditions: Vec<Id>,
    }
}

choices! {
    /// How grave a warning is, from mild to grave.
    pub enum Severity {
        /// Take care.
        Caution = "caution",
        /// Leave it.
        Avoid = "avoid",
        /// Call for help.
        Emergency = "emergency",
    }
}

impl Warning {
    pub(super) fn prose<'a>(&'a self, into: &mut Vec<Prose<'a>>) {
        into.push(Prose { slot: Slot::Text, index: 0, text: &self.text });
        Prose::list(Slot::StopIf, &self.stop_if, into);
        Prose::one(Slot::SeekHelp, self.seek_help.as_ref(), into);
    }
}
