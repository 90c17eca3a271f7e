//! Articles.

use super::fields::fields;
use super::{Date, Id, Prose, Question, Slot};

fields! {
    /// An article.
    pub struct Article {
        /// First published.
        date: Option<Date>,
        /// Last changed.
        updated: Option<Date>,
        /// Two or three sentences at the top and in lists.
        #[serde(skip)]
        summary: Option<String>,
        /// The few things to remember.
        #[serde(skip)]
        key_points: Vec<String>,
        /// For whom it is written: ids of conditions.
        audience: Vec<Id>,
        /// Exercises that it recommends.
        recommends: Vec<Id>,
        /// Articles to read next.
        related: Vec<Id>,
        /// Questions and answers.
        #[serde(skip)]
        faq: Vec<Question>,
        /// Picture at the top: a path of the site.
        image: Option<String>,
        /// What the picture shows.
        image_alt: Option<String>,
        /// Picture for previews in social networks.
        og_image: Option<String>,
        /// Picture for previews on Twitter.
        twitter_image: Option<String>,
        /// Template to use instead of `article.html`.
        layout: Option<String>,
        /// Exceptions from a verdict, each with a reason and an end.
        acknowledge: Vec<Acknowledgement>,
    }
}

fields! {
    /// A recorded exception: this exercise is recommended to this audience in spite of its verdict.
    pub struct Acknowledgement {
        /// The exercise.
        exercise: Id,
        /// The condition.
        condition: Id,
        /// Why.
        reason: String,
        /// Who answers for it: an id of `people.yaml`.
        by: Id,
        /// Until when.
        until: Option<Date>,
    }
}

impl Article {
    pub(super) fn prose<'a>(&'a self, into: &mut Vec<Prose<'a>>) {
        Prose::one(Slot::Summary, self.summary.as_ref(), into);
        Prose::list(Slot::KeyPoint, &self.key_points, into);
        Prose::answers(&self.faq, into);
    }
}
