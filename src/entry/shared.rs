//! The fields that every kind has.

use super::fields::fields;
use super::{Date, Id, Json};

fields! {
    /// What all entries share.
    pub struct Meta {
        /// The title as text.
        title: String,
        /// One sentence for search engines and lists.
        description: Option<String>,
        /// Open list of topics, as slugs.
        tags: Vec<String>,
        /// Old addresses that lead here.
        aliases: Vec<String>,
        /// An address of the author's choice.
        permalink: Option<String>,
        /// Whether the entry is left out unless drafts are asked for.
        draft: bool,
        /// Free data for a theme.
        extra: Json,
        /// Who wrote it: ids of `people.yaml`.
        authors: Vec<Id>,
        /// Who checked it: ids of `people.yaml`.
        reviewed_by: Vec<Id>,
        /// When it was checked.
        reviewed_on: Option<Date>,
        /// When it is to be checked again.
        next_review: Option<Date>,
    }
}

fields! {
    /// A question that readers ask, with its answer (Markdown).
    pub struct Question {
        /// The question, as text.
        question: String,
        /// The answer, as Markdown.
        answer: String,
    }
}
