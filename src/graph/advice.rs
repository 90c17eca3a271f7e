//! What entries advise: which exercises they recommend, to whom, and in spite of which verdicts.

use super::{Edge, EdgeKind, Graph, NodeIndex, Spot};
use crate::entry::{Acknowledgement, Data, Exercise, Id, Kind, Verdict};
use crate::finding::At;
use crate::parse::Document;
use crate::safety::Profile;

/// What one entry advises.
///
/// Only articles and programmes are written for somebody. Lists, tags and feeds repeat entries that are checked for their own
/// audience, and have none themselves.
#[derive(Debug)]
pub struct Advice<'g> {
    /// The entry.
    pub document: &'g Document,
    /// For whom it is written: conditions by index.
    pub audience: Vec<usize>,
    /// The exercises that it recommends, each once.
    pub cards: Vec<Recommended<'g>>,
}

/// An exercise that an entry recommends.
#[derive(Debug)]
pub struct Recommended<'g> {
    /// The exercise.
    pub index: NodeIndex,
    /// Its card.
    pub document: &'g Document,
    /// The fields of the card.
    pub exercise: &'g Exercise,
    /// What decides its verdicts.
    pub profile: Profile,
    /// Where the entry recommends it, first place first.
    pub spots: Vec<&'g Spot>,
    /// The warning, claim or card inside of which it is shown there, unless the entry itself recommends it.
    pub within: Option<NodeIndex>,
}

/// A recorded exception, and whether it holds.
#[derive(Debug)]
pub struct Exception<'g> {
    /// The article.
    pub page: NodeIndex,
    /// Its position in `acknowledge`.
    pub position: usize,
    /// What is recorded.
    pub record: &'g Acknowledgement,
    /// Whether it holds.
    pub standing: Standing,
}

/// Whether an exception holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It allows what would be an error without it.
    Holds,
    /// A field is missing or names nothing, which is an error of its own.
    Incomplete,
    /// Its last day has passed.
    Expired,
    /// The article does not recommend the exercise, nor one from which a step leads to it.
    NotRecommended,
    /// The article is not written for people with the condition.
    NotAudience,
    /// The exercise is not to be avoided with the condition.
    NotAvoided,
    /// The card is avoided for everybody, and there is no exception from that.
    AvoidedByAll,
    /// The article records it already.
    Repeated,
}

impl Graph {
    /// The exercise behind a node.
    pub fn exercise(&self, index: NodeIndex) -> Option<(&Document, &Exercise)> {
        let document = self.node(index).document()?;
        if let Data::Exercise(exercise) = &document.data { Some((document, exercise)) } else { None }
    }

    /// The conditions (by index) for which an entry is written.
    pub fn audience(&self, document: &Document) -> Vec<usize> {
        let ids: &[Id] = match &document.data {
            Data::Article(article) => &article.audience,
            Data::Programme(programme) => &programme.audience,
            _ => &[],
        };
        ids.iter().filter_map(|id| self.safety.condition(id)).collect()
    }

    /// Whether people with a condition (by index) are sent to a professional before anything else: care cards say so to them, and
    /// no exercise takes their place.
    pub fn has_care(&self, condition: usize) -> bool {
        self.safety.stops_first(condition) && !self.safety.table.care_cards.is_empty()
    }

    /// What an entry advises.
    pub fn advice(&self, index: NodeIndex) -> Option<Advice<'_>> {
        let document = self.node(index).document()?;
        let mut advice = Advice { document, audience: self.audience(document), cards: Vec::new() };
        for edge in &self.edges[index as usize] {
            match edge.kind {
                EdgeKind::Recommends => self.recommend(&mut advice, edge.to, &edge.spot, None),
                // An exercise that is embedded is recommended, too; what is shown inside of anything embedded is on the page.
                EdgeKind::Embeds => self.recommend_within(&mut advice, edge, &mut vec![index]),
                EdgeKind::Mentions | EdgeKind::Warns | EdgeKind::Cites | EdgeKind::Progresses => {}
            }
        }
        Some(advice)
    }

    fn recommend<'g>(&'g self, advice: &mut Advice<'g>, index: NodeIndex, spot: &'g Spot, within: Option<NodeIndex>) {
        let Some((document, exercise)) = self.exercise(index) else { return };
        match advice.cards.iter_mut().find(|card| card.index == index) {
            Some(card) if card.within.is_some() && within.is_none() => {
                card.within = None;
                card.spots.insert(0, spot);
            }
            Some(card) if !card.spots.contains(&spot) => card.spots.push(spot),
            Some(_) => {}
            None => {
                let profile = self.safety.profile(exercise);
                advice.cards.push(Recommended { index, document, exercise, profile, spots: vec![spot], within });
            }
        }
    }

    fn recommend_within<'g>(&'g self, advice: &mut Advice<'g>, shown: &'g Edge, seen: &mut Vec<NodeIndex>) {
        let mut waiting = vec![shown.to];
        while let Some(index) = waiting.pop() {
            if seen.contains(&index) {
                continue;
            }
            seen.push(index);
            for edge in self.edges[index as usize].iter().filter(|edge| edge.kind == EdgeKind::Embeds) {
                self.recommend(advice, edge.to, &shown.spot, Some(index));
                waiting.push(edge.to);
            }
        }
    }

    /// Every recorded exception of the site, in the order of the articles.
    pub fn exceptions(&self) -> Vec<Exception<'_>> {
        let has_any = |index: &NodeIndex| match self.node(*index).data() {
            Some(Data::Article(article)) => !article.acknowledge.is_empty(),
            _ => false,
        };
        let pages = self.of_kind(Kind::Article).map(|(index, _)| index).filter(has_any);
        pages.filter_map(|page| Some(self.exceptions_of(page, &self.advice(page)?))).flatten().collect()
    }

    /// The recorded exceptions of one entry.
    pub fn exceptions_of(&self, page: NodeIndex, advice: &Advice<'_>) -> Vec<Exception<'_>> {
        let Some(Data::Article(article)) = self.node(page).data() else { return Vec::new() };
        let of = |record: &'_ Acknowledgement| (record.exercise.clone(), record.condition.clone());
        let exception = |(position, record): (usize, _)| {
            let is_repeated = article.acknowledge[..position].iter().any(|earlier| of(earlier) == of(record));
            let standing = match self.standing(record, advice) {
                Standing::Holds if is_repeated => Standing::Repeated,
                standing => standing,
            };
            Exception { page, position, record, standing }
        };
        article.acknowledge.iter().enumerate().map(exception).collect()
    }

    fn standing(&self, record: &Acknowledgement, advice: &Advice<'_>) -> Standing {
        let (Some(until), Some(condition)) = (record.until, self.safety.condition(&record.condition)) else {
            return Standing::Incomplete;
        };
        let card = self.find(&record.exercise).and_then(|index| Some((index, self.exercise(index)?.1)));
        let Some((index, exercise)) = card else { return Standing::Incomplete };
        if record.reason.trim().is_empty() || self.person(&record.by).is_none() {
            return Standing::Incomplete;
        }
        let profile = self.safety.profile(exercise);
        let is_step = |card: &Recommended<'_>| {
            [&card.exercise.easier, &card.exercise.harder].into_iter().flatten().any(|id| *id == record.exercise)
        };
        if !advice.cards.iter().any(|card| card.index == index || is_step(card)) {
            Standing::NotRecommended
        } else if !advice.audience.contains(&condition) {
            Standing::NotAudience
        } else if profile.is_avoided {
            Standing::AvoidedByAll
        } else if self.safety.exercise(&profile, condition) != Verdict::Avoid {
            Standing::NotAvoided
        } else if until < self.config.options.today {
            Standing::Expired
        } else {
            Standing::Holds
        }
    }
}

impl Advice<'_> {
    /// Where a card is recommended first.
    pub fn at(&self, card: &Recommended<'_>) -> At {
        card.spots.first().map_or_else(|| self.document.at(), |spot| spot.at(self.document))
    }
}
