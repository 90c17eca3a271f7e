//! The state of a site for its editors: verdicts, evidence, reviews and exceptions, as data and as one page.

mod html;
mod plot;

use std::collections::BTreeMap;

use serde::Serialize;

pub use html::html;

use crate::entry::{Certainty, Data, Date, Id, Kind, Status, Verdict};
use crate::files::Files;
use crate::graph::{Graph, Node};
use crate::par;
use crate::parse::running::passages;
use crate::words::{Names, count, figures};

/// The version of the data. It grows when a program that reads them would have to change.
pub const VERSION: u32 = 1;

/// The state of a site.
#[derive(Debug, Serialize)]
pub struct Overview {
    /// Version of the shape of these data.
    pub version: u32,
    /// The title of the site.
    pub title: String,
    /// The day for which it holds.
    pub date: String,
    /// `draft` or `production`.
    pub publication: &'static str,
    /// All conditions, in the order of the table.
    pub conditions: Vec<Condition>,
    /// All movements, each with its verdict for every condition.
    pub movements: Vec<Movement>,
    /// All cards, each with its verdict for every condition.
    pub exercises: Vec<Exercise>,
    /// All claims with their evidence.
    pub claims: Vec<Claim>,
    /// Who checked what, and when the next check is due.
    pub reviews: Vec<Review>,
    /// How easily each text reads, the hardest first; empty for a language without a formula.
    pub texts: Vec<Text>,
    /// Recorded exceptions.
    pub acknowledgements: Vec<Acknowledgement>,
}

/// A condition.
#[derive(Debug, Serialize)]
pub struct Condition {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub label: String,
    /// How many cards have each verdict.
    pub exercises: BTreeMap<&'static str, usize>,
}

/// A movement.
#[derive(Debug, Serialize)]
pub struct Movement {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub label: String,
    /// The cards with it.
    pub exercises: Vec<Id>,
    /// The verdicts in the order of the conditions; `undecided` where the table says nothing.
    pub verdicts: Vec<&'static str>,
}

/// A card.
#[derive(Debug, Serialize)]
pub struct Exercise {
    /// Its id.
    pub id: Id,
    /// Its title.
    pub title: String,
    /// Its address within the site.
    pub url: String,
    /// Its status.
    pub status: Option<&'static str>,
    /// Its movements.
    pub movements: Vec<Id>,
    /// The verdicts in the order of the conditions.
    pub verdicts: Vec<&'static str>,
}

/// A claim.
#[derive(Debug, Serialize)]
pub struct Claim {
    /// Its id.
    pub id: Id,
    /// What is claimed.
    pub statement: String,
    /// Its address within the site.
    pub url: String,
    /// How sure the evidence makes us.
    pub certainty: Option<&'static str>,
    /// References for it.
    pub supports: Vec<Id>,
    /// References against it.
    pub contradicts: Vec<Id>,
}

/// How easily the running text of an entry reads.
#[derive(Debug, Serialize)]
pub struct Text {
    /// The entry.
    pub id: Id,
    /// What it is.
    pub kind: &'static str,
    /// Its title.
    pub title: String,
    /// Its address within the site.
    pub url: String,
    /// The size of the sample: words.
    pub words: u32,
    /// The size of the sample: sentences.
    pub sentences: u32,
    /// Words of the longest sentence.
    pub longest_sentence: u32,
    /// Reading age in years after Flesch-Kincaid, to one decimal; `None` below 100 words.
    pub flesch_kincaid_age: Option<f64>,
    /// Reading age in years after SMOG, to one decimal; `None` below 30 sentences.
    pub smog_age: Option<f64>,
}

/// The review of an entry.
#[derive(Debug, Serialize)]
pub struct Review {
    /// The entry.
    pub id: Id,
    /// What it is.
    pub kind: &'static str,
    /// Its title.
    pub title: String,
    /// Its address within the site.
    pub url: String,
    /// Names of those who checked it.
    pub reviewed_by: Vec<String>,
    /// When they did.
    pub reviewed_on: Option<String>,
    /// When it is to be checked again.
    pub next_review: Option<String>,
    /// Where it stands.
    pub state: State,
}

/// Where a review stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The day of the next check has passed.
    Overdue,
    /// Nobody has checked it.
    Unreviewed,
    /// It was checked, and no day is set for the next check.
    NoDate,
    /// It was checked, and the next check lies ahead.
    Current,
}

impl State {
    /// The words for readers.
    pub fn label(self) -> &'static str {
        match self {
            State::Overdue => "Overdue",
            State::Unreviewed => "Not yet reviewed",
            State::NoDate => "No next date",
            State::Current => "Reviewed",
        }
    }
}

/// A recorded exception.
#[derive(Debug, Serialize)]
pub struct Acknowledgement {
    /// The article that has it.
    pub article: Id,
    /// The exercise.
    pub exercise: Id,
    /// The condition.
    pub condition: Id,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub by: Id,
    /// Until when.
    pub until: Option<String>,
    /// Whether that day has passed.
    pub is_expired: bool,
}

/// The word for a pair that nobody decided.
const UNDECIDED: &str = "undecided";

impl Overview {
    /// The state of a site on a day. `files` are those that the graph was made from.
    pub fn of(graph: &Graph, files: &Files, today: Date) -> Overview {
        let table = &graph.safety.table;
        let conditions = 0..table.conditions.len();
        let exercises: Vec<Exercise> = graph.of_kind(Kind::Exercise).filter_map(|(_, node)| exercise(graph, node)).collect();
        let counts = |condition: usize| {
            let mut counts: BTreeMap<&'static str, usize> = Verdict::ALL.into_iter().map(|verdict| (verdict.word(), 0)).collect();
            for exercise in &exercises {
                *counts.entry(exercise.verdicts[condition]).or_default() += 1;
            }
            counts
        };
        let movement = |(m, movement): (usize, &crate::entry::Movement)| Movement {
            id: movement.id.clone(),
            label: movement.label.clone(),
            exercises: exercises
                .iter()
                .filter(|card| card.movements.contains(&movement.id))
                .map(|card| card.id.clone())
                .collect(),
            verdicts: conditions
                .clone()
                .map(|c| if graph.safety.is_decided(m, c) { graph.safety.verdict(m, c).word() } else { UNDECIDED })
                .collect(),
        };
        let mut reviews: Vec<Review> = graph.nodes.iter().filter_map(|node| review(graph, node, today)).collect();
        reviews.sort_by(|a, b| (a.state, &a.next_review, a.kind, &a.id).cmp(&(b.state, &b.next_review, b.kind, &b.id)));
        Overview {
            version: VERSION,
            title: graph.config.settings.title.clone(),
            date: today.to_string(),
            publication: graph.config.publication.word(),
            conditions: table
                .conditions
                .iter()
                .enumerate()
                .map(|(c, condition)| Condition {
                    id: condition.id.clone(),
                    label: condition.label.clone(),
                    exercises: counts(c),
                })
                .collect(),
            movements: table.movements.iter().enumerate().map(movement).collect(),
            claims: graph.of_kind(Kind::Claim).filter_map(|(_, node)| claim(node)).collect(),
            reviews,
            texts: texts(graph, files),
            acknowledgements: graph.of_kind(Kind::Article).flat_map(|(_, node)| acknowledgements(node, today)).collect(),
            exercises,
        }
    }

    /// The data for programs.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).map(|json| json + "\n").unwrap_or_default()
    }
}

fn texts(graph: &Graph, files: &Files) -> Vec<Text> {
    if !graph.config.is_english() {
        return Vec::new();
    }
    let names = Names::of(graph);
    let title = |id: &str| graph.find(id).map_or_else(|| id.to_owned(), |index| graph.node(index).title.clone());
    let tenth = |age: f64| (age * 10.0).round() / 10.0;
    let text = |node: &Node| {
        let passages = passages(node.document()?, files, &title);
        let sentences: Vec<_> = passages.iter().flat_map(|passage| count(passage, &names.find(&passage.text))).collect();
        let figures = figures(&sentences);
        (figures.words > 0).then(|| Text {
            id: node.id.clone(),
            kind: node.kind.word(),
            title: node.title.clone(),
            url: node.url.clone(),
            words: figures.words,
            sentences: figures.sentences,
            longest_sentence: figures.longest_sentence,
            flesch_kincaid_age: figures.age().map(tenth),
            smog_age: figures.smog_age().map(tenth),
        })
    };
    let mut texts: Vec<Text> = par::map(&graph.nodes, text).into_iter().flatten().collect();
    let age = |text: &Text| text.flesch_kincaid_age.unwrap_or_default();
    texts.sort_by(|a, b| age(b).total_cmp(&age(a)).then_with(|| (a.kind, &a.id).cmp(&(b.kind, &b.id))));
    texts
}

fn exercise(graph: &Graph, node: &Node) -> Option<Exercise> {
    let Data::Exercise(exercise) = node.data()? else { return None };
    let profile = graph.safety.profile(exercise);
    Some(Exercise {
        id: node.id.clone(),
        title: node.title.clone(),
        url: node.url.clone(),
        status: exercise.status.map(Status::word),
        movements: exercise.movements.clone(),
        verdicts: (0..graph.safety.table.conditions.len()).map(|c| graph.safety.exercise(&profile, c).word()).collect(),
    })
}

fn claim(node: &Node) -> Option<Claim> {
    let Data::Claim(claim) = node.data()? else { return None };
    Some(Claim {
        id: node.id.clone(),
        statement: node.title.clone(),
        url: node.url.clone(),
        certainty: claim.certainty.map(Certainty::word),
        supports: claim.supports.clone(),
        contradicts: claim.contradicts.clone(),
    })
}

/// The review of an entry that gives advice.
fn review(graph: &Graph, node: &Node, today: Date) -> Option<Review> {
    let document = node.document().filter(|_| node.kind != Kind::Reference)?;
    let meta = &document.meta;
    let name = |id: &Id| graph.person(id).map_or_else(|| id.to_string(), |person| person.name.clone());
    let state = match meta.next_review {
        _ if meta.reviewed_by.is_empty() => State::Unreviewed,
        None => State::NoDate,
        Some(next) if next < today => State::Overdue,
        Some(_) => State::Current,
    };
    Some(Review {
        id: node.id.clone(),
        kind: node.kind.word(),
        title: node.title.clone(),
        url: node.url.clone(),
        reviewed_by: meta.reviewed_by.iter().map(name).collect(),
        reviewed_on: meta.reviewed_on.map(|date| date.to_string()),
        next_review: meta.next_review.map(|date| date.to_string()),
        state,
    })
}

fn acknowledgements(node: &Node, today: Date) -> Vec<Acknowledgement> {
    let Some(Data::Article(article)) = node.data() else { return Vec::new() };
    let list = article.acknowledge.iter().map(|exception| Acknowledgement {
        article: node.id.clone(),
        exercise: exception.exercise.clone(),
        condition: exception.condition.clone(),
        reason: exception.reason.clone(),
        by: exception.by.clone(),
        until: exception.until.map(|date| date.to_string()),
        is_expired: exception.until.is_some_and(|until| until < today),
    });
    list.collect()
}
