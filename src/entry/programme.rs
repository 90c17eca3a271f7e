//! Programmes: weeks, sessions, exercises with doses.

use super::exercise::Dosage;
use super::fields::fields;
use super::{Id, Prose, Slot};

fields! {
    /// A programme.
    pub struct Programme {
        /// For whom it is: ids of conditions.
        audience: Vec<Id>,
        /// Two or three sentences at the top and in lists.
        #[serde(skip)]
        summary: Option<String>,
        /// The weeks, or groups of weeks.
        weeks: Vec<Week>,
    }
}

fields! {
    /// A week, or a group of weeks.
    pub struct Week {
        /// Its heading.
        title: String,
        /// Its sessions.
        sessions: Vec<Session>,
    }
}

fields! {
    /// One session.
    pub struct Session {
        /// Its heading.
        title: String,
        /// What is done in it.
        items: Vec<Item>,
    }
}

fields! {
    /// An exercise in a session.
    pub struct Item {
        /// The card.
        exercise: Id,
        /// The dose, where it differs from the card's.
        dosage: Dosage,
        /// A remark.
        note: Option<String>,
    }
}

impl Programme {
    /// Every item with its path in the front matter.
    pub fn items(&self) -> impl Iterator<Item = ([usize; 3], &Item)> {
        self.weeks.iter().enumerate().flat_map(|(w, week)| {
            week.sessions
                .iter()
                .enumerate()
                .flat_map(move |(s, session)| session.items.iter().enumerate().map(move |(i, item)| ([w, s, i], item)))
        })
    }

    pub(super) fn prose<'a>(&'a self, into: &mut Vec<Prose<'a>>) {
        Prose::one(Slot::Summary, self.summary.as_ref(), into);
    }
}
