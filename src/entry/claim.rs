//! Claims: statements with their certainty and the references for and against.

use super::fields::{choices, fields};
use super::{Id, Prose, Slot};

fields! {
    /// A claim.
    pub struct Claim {
        /// The reader's question that it answers.
        question: Option<String>,
        /// What is claimed. It stands in for a title.
        statement: String,
        /// How sure we are.
        certainty: Option<Certainty>,
        /// Why we are that sure.
        #[serde(skip)]
        reason: String,
        /// Who was studied.
        population: Option<String>,
        /// Figures by name.
        figures: Vec<(String, String)>,
        /// References that support it.
        supports: Vec<Id>,
        /// References that contradict it.
        contradicts: Vec<Id>,
    }
}

choices! {
    /// Certainty of a body of evidence, in the words of GRADE (Balshem 2011), or why there is none.
    pub enum Certainty {
        /// Further studies will hardly change it.
        High = "high",
        /// Further studies may change it.
        Moderate = "moderate",
        /// Further studies will probably change it.
        Low = "low",
        /// We are not sure.
        VeryLow = "very-low",
        /// Agreed opinion of people who know the field.
        ExpertConsensus = "expert-consensus",
        /// True by definition.
        Definition = "definition",
        /// Nobody has graded it.
        NotAssessed = "not-assessed",
    }
}

impl Claim {
    pub(super) fn prose<'a>(&'a self, into: &mut Vec<Prose<'a>>) {
        into.push(Prose { slot: Slot::Statement, index: 0, text: &self.statement });
        into.push(Prose { slot: Slot::Reason, index: 0, text: &self.reason });
    }
}
