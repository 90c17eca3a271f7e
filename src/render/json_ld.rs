//! Structured data for search engines, in the vocabulary of schema.org: only what is true of the page and visible on it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::Snapshot;
use super::reads::note_of;
use crate::entry::{Article, Data, Dosage, Exercise, Id, Meta, Programme, Question, Reference, Status};
use crate::graph::query::Query;
use crate::graph::{NodeIndex, Route, Source, Target, label};
use crate::parse::Document;
use crate::parse::markdown::{Piece, plain_text};
use crate::theme::script_safe;

/// The content of the `application/ld+json` script of a page.
pub(super) fn of_page(
    snapshot: &Arc<Snapshot>,
    route: &Route,
    title: &str,
    description: &str,
    crumbs: &[(String, String)],
) -> String {
    let permalink = snapshot.graph.config.permalink(&route.url);
    let page = PageData { snapshot, permalink: &permalink, title, description };
    let mut graph = Vec::new();
    match &route.target {
        Target::Entry(index) => page.entry(*index, &mut graph),
        Target::Home(_) => graph.push(page.node("WebSite")),
        Target::NotFound => return String::new(),
        _ => graph.push(page.node("CollectionPage")),
    }
    if crumbs.len() > 1 {
        let items = (1..).zip(crumbs).map(|(position, (name, url))| {
            let item = Node::new("ListItem").with("position", Ld::Number(position)).with("name", name.as_str());
            item.with("item", snapshot.graph.config.permalink(url))
        });
        graph.push(
            Node::new("BreadcrumbList").with("@id", format!("{permalink}#breadcrumbs")).with_list("itemListElement", items),
        );
    }
    let whole =
        Node(vec![("@context", "https://schema.org".into()), ("@graph", Ld::List(graph.into_iter().map(Ld::Node).collect()))]);
    script_safe(&serde_json::to_string(&whole).unwrap_or_default())
}

/// A value of JSON-LD. Most of it is borrowed: a page is described, not copied.
#[derive(Serialize)]
#[serde(untagged)]
enum Ld<'a> {
    Text(Cow<'a, str>),
    Number(usize),
    List(Vec<Ld<'a>>),
    Node(Node<'a>),
}

impl<'a> From<&'a str> for Ld<'a> {
    fn from(text: &'a str) -> Self {
        Ld::Text(text.into())
    }
}

impl From<String> for Ld<'_> {
    fn from(text: String) -> Self {
        Ld::Text(text.into())
    }
}

impl<'a> From<Node<'a>> for Ld<'a> {
    fn from(node: Node<'a>) -> Self {
        Ld::Node(node)
    }
}

/// A thing with its properties, in the order in which they were added.
struct Node<'a>(Vec<(&'static str, Ld<'a>)>);

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'a> Node<'a> {
    fn new(kind: &'static str) -> Self {
        Node(vec![("@type", kind.into())])
    }

    fn with(mut self, key: &'static str, value: impl Into<Ld<'a>>) -> Self {
        self.0.push((key, value.into()));
        self
    }

    fn with_some(self, key: &'static str, value: Option<impl Into<Ld<'a>>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Adds a list, unless it is empty.
    fn with_list<T: Into<Ld<'a>>>(self, key: &'static str, values: impl IntoIterator<Item = T>) -> Self {
        let values: Vec<Ld<'a>> = values.into_iter().map(Into::into).collect();
        if values.is_empty() { self } else { self.with(key, Ld::List(values)) }
    }
}

#[derive(Clone, Copy)]
struct PageData<'a> {
    snapshot: &'a Arc<Snapshot>,
    permalink: &'a str,
    title: &'a str,
    description: &'a str,
}

impl<'a> PageData<'a> {
    /// The page itself.
    fn node(self, kind: &'static str) -> Node<'a> {
        self.named_node(kind, self.title)
    }

    fn named_node(self, kind: &'static str, name: &'a str) -> Node<'a> {
        Node::new(kind)
            .with("@id", self.permalink)
            .with("url", self.permalink)
            .with("name", name)
            .with("description", self.description)
            .with("inLanguage", self.snapshot.graph.config.language.as_str())
    }

    fn entry(self, index: NodeIndex, into: &mut Vec<Node<'a>>) {
        let Source::Document(document) = &self.snapshot.graph.node(index).source else {
            into.push(self.condition(index));
            return;
        };
        let people = |node: Node<'a>| self.people(node, &document.meta);
        match &document.data {
            Data::Article(article) => {
                into.push(people(self.article(article, document)));
                into.extend(self.faq(&article.faq));
            }
            Data::Exercise(exercise) => {
                into.push(people(self.exercise(exercise)));
                into.extend(self.faq(&exercise.faq));
            }
            Data::Programme(programme) => into.push(people(self.programme(programme))),
            Data::Warning(_) | Data::Claim(_) => {
                into.push(people(self.cited(self.node("MedicalWebPage"), document.data.evidence())));
            }
            Data::Reference(reference) => into.push(self.reference(reference, &document.meta.title)),
            Data::Page(_) => into.push(people(self.node("WebPage"))),
        }
    }

    /// Authors, and reviewers only where there are any.
    fn people(self, node: Node<'a>, meta: &'a Meta) -> Node<'a> {
        let person = |id: &Id| {
            note_of(self.snapshot, Query::Person(id.clone()));
            self.snapshot.graph.person(id).map(|person| Node::new("Person").with("name", person.name.as_str()))
        };
        let node = node.with_list("author", meta.authors.iter().filter_map(person));
        match meta.reviewed_on.filter(|_| !meta.reviewed_by.is_empty()) {
            Some(date) => {
                node.with_list("reviewedBy", meta.reviewed_by.iter().filter_map(person)).with("lastReviewed", date.to_string())
            }
            None => node,
        }
    }

    fn article(self, article: &'a Article, document: &'a Document) -> Node<'a> {
        let cited: Vec<&Id> = document
            .holes
            .iter()
            .filter_map(|hole| if let Piece::Cite { keys, .. } = hole { Some(keys) } else { None })
            .flatten()
            .map(|citation| &citation.id)
            .collect();
        let mut seen = BTreeSet::new();
        let node = self
            .node("MedicalWebPage")
            .with_some("datePublished", article.date.map(|date| date.to_string()))
            .with_some("dateModified", article.updated.or(article.date).map(|date| date.to_string()))
            .with_list("about", article.audience.iter().filter_map(|id| self.named(id, "MedicalCondition")));
        self.cited(node, cited.into_iter().filter(|id| seen.insert(*id)))
    }

    /// Another entry by name and address.
    fn named(self, id: &Id, kind: &'static str) -> Option<Node<'a>> {
        note_of(self.snapshot, Query::Brief(id.clone()));
        let graph = &self.snapshot.graph;
        let node = graph.node(graph.find(id)?);
        Some(Node::new(kind).with("name", node.title.as_str()).with("url", graph.config.permalink(&node.url)))
    }

    fn cited<'i>(self, node: Node<'a>, ids: impl IntoIterator<Item = &'i Id>) -> Node<'a> {
        node.with_list("citation", ids.into_iter().filter_map(|id| self.named(id, "ScholarlyArticle")))
    }

    /// An exercise that may be recommended is an exercise plan; one to be avoided is described and no more.
    fn exercise(self, exercise: &'a Exercise) -> Node<'a> {
        if exercise.status == Some(Status::Avoid) {
            return self.cited(self.node("MedicalWebPage"), &exercise.evidence);
        }
        let steps = (1..)
            .zip(&exercise.steps)
            .map(|(position, step)| Node::new("HowToStep").with("position", Ld::Number(position)).with("text", plain_text(step)));
        let tools = exercise.equipment.iter().map(|name| Node::new("HowToTool").with("name", label(name)));
        let dosage = &exercise.dosage;
        if !has_dose(dosage) {
            let node = self.node("HowTo").with_list("step", steps).with_list("tool", tools);
            return self.cited(node, &exercise.evidence);
        }
        let text = |value: &Option<String>| value.as_deref().map(plain_text);
        let how = Node::new("HowTo")
            .with("@id", format!("{}#how", self.permalink))
            .with("name", self.title)
            .with_list("step", steps)
            .with_list("tool", tools);
        let node = self
            .node("ExercisePlan")
            .with_some("exerciseType", exercise.category.as_deref().map(label))
            .with_some("repetitions", text(&dosage.reps))
            .with_some("activityFrequency", text(&dosage.frequency))
            .with_some("intensity", text(&dosage.effort))
            .with_some("activityDuration", text(&dosage.hold))
            .with("subjectOf", how);
        self.cited(node, &exercise.evidence)
    }

    fn programme(self, programme: &Programme) -> Node<'a> {
        let exercises: BTreeSet<&Id> = programme.items().map(|(_, item)| &item.exercise).collect();
        self.node("ExercisePlan").with_list("hasPart", exercises.into_iter().filter_map(|id| self.named(id, "ExercisePlan")))
    }

    fn reference(self, reference: &Reference, title: &'a str) -> Node<'a> {
        let item = reference.item(title);
        let text = |key: &str| item.get(key).and_then(serde_json::Value::as_str).map(str::to_owned);
        let authors = item.get("author").and_then(serde_json::Value::as_array).into_iter().flatten().filter_map(|name| {
            let part = |key: &str| name.get(key).and_then(serde_json::Value::as_str);
            match (part("literal"), part("family"), part("given")) {
                (Some(literal), ..) => Some(Node::new("Organization").with("name", literal.to_owned())),
                (None, Some(family), Some(given)) => Some(Node::new("Person").with("name", format!("{given} {family}"))),
                (None, Some(family), None) => Some(Node::new("Person").with("name", family.to_owned())),
                _ => None,
            }
        });
        let same = text("DOI").map(|doi| format!("https://doi.org/{doi}")).into_iter().chain(text("URL"));
        let is_article = text("type").is_none_or(|kind| kind.starts_with("article"));
        self.named_node(if is_article { "ScholarlyArticle" } else { "CreativeWork" }, title)
            .with_list("author", authors)
            .with_some("isPartOf", text("container-title").map(|name| Node::new("Periodical").with("name", name)))
            .with_list("sameAs", same)
    }

    fn condition(self, index: NodeIndex) -> Node<'a> {
        let about = self.snapshot.graph.condition(index).map(|(_, condition)| {
            let about = Node::new("MedicalCondition").with("name", condition.label.as_str());
            about.with_list("alternateName", condition.aka.iter().map(String::as_str))
        });
        self.node("MedicalWebPage").with_some("about", about)
    }

    fn faq(self, faq: &'a [Question]) -> Option<Node<'a>> {
        let questions = faq.iter().map(|item| {
            let answer = Node::new("Answer").with("text", plain_text(&item.answer));
            Node::new("Question").with("name", item.question.as_str()).with("acceptedAnswer", answer)
        });
        (!faq.is_empty())
            .then(|| Node::new("FAQPage").with("@id", format!("{}#questions", self.permalink)).with_list("mainEntity", questions))
    }
}

fn has_dose(dosage: &Dosage) -> bool {
    [&dosage.reps, &dosage.frequency, &dosage.hold, &dosage.sets].iter().any(|part| part.is_some())
}

#[cfg(test)]
mod tests {
    use super::{Ld, Node};
    use crate::parse::markdown::plain_text;

    #[test]
    fn answers_lose_their_markup() {
        assert_eq!(plain_text("Try [[heel-drops|dropping *your* heels]] [@bassey1995]."), "Try dropping your heels.");
    }

    #[test]
    fn properties_keep_their_order_and_empty_lists_are_left_out() {
        let node = Node::new("Thing").with("b", "x").with("a", Ld::Number(1)).with_list("c", Vec::<Ld<'_>>::new());
        assert_eq!(serde_json::to_string(&node).ok().as_deref(), Some(r#"{"@type":"Thing","b":"x","a":1}"#));
    }
}
