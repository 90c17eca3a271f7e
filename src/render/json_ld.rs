//! Structured data for search engines, in the vocabulary of schema.org: only what is true of the page and visible on it.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::Snapshot;
use super::reads::note;
use crate::entry::{Article, Claim, Data, Dosage, Exercise, Id, Meta, Programme, Question, Reference};
use crate::graph::query::Query;
use crate::graph::{NodeIndex, Route, Source, Target};
use crate::theme::script_safe;

/// The content of the `application/ld+json` script of a page.
pub(super) fn of_page(snapshot: &Arc<Snapshot>, route: &Route, title: &str, description: &str, crumbs: &[(String, String)]) -> String {
    let page = PageData { snapshot, permalink: snapshot.graph.config.permalink(&route.url), title, description };
    let mut graph = Vec::new();
    match &route.target {
        Target::Entry(index) => graph.extend(page.entry(*index)),
        Target::Home(_) => graph.push(json!({
            "@type": "WebSite", "@id": page.permalink, "url": page.permalink, "name": title, "description": description,
            "inLanguage": snapshot.graph.config.language,
        })),
        Target::NotFound => return String::new(),
        _ => graph.push(page.typed("CollectionPage", Map::new())),
    }
    if crumbs.len() > 1 {
        let items: Vec<Value> = (1..)
            .zip(crumbs)
            .map(|(position, (name, url))| {
                json!({"@type": "ListItem", "position": position, "name": name, "item": snapshot.graph.config.permalink(url)})
            })
            .collect();
        graph.push(json!({"@type": "BreadcrumbList", "@id": format!("{}#breadcrumbs", page.permalink), "itemListElement": items}));
    }
    script_safe(&json!({"@context": "https://schema.org", "@graph": graph}).to_string())
}

struct PageData<'a> {
    snapshot: &'a Arc<Snapshot>,
    permalink: String,
    title: &'a str,
    description: &'a str,
}

impl PageData<'_> {
    fn typed(&self, kind: &str, more: Map<String, Value>) -> Value {
        let mut node = Map::new();
        node.insert("@type".into(), kind.into());
        node.insert("@id".into(), self.permalink.as_str().into());
        node.insert("url".into(), self.permalink.as_str().into());
        node.insert("name".into(), self.title.into());
        node.insert("description".into(), self.description.into());
        node.insert("inLanguage".into(), self.snapshot.graph.config.language.as_str().into());
        node.extend(more);
        Value::Object(node)
    }

    fn entry(&self, index: NodeIndex) -> Vec<Value> {
        let graph = &self.snapshot.graph;
        let node = graph.node(index);
        let Source::Document(document) = &node.source else {
            return vec![self.condition(index)];
        };
        let mut more = self.people(&document.meta);
        let mut nodes = Vec::new();
        match &document.data {
            Data::Article(article) => {
                self.article(article, &mut more);
                nodes.push(self.typed("MedicalWebPage", more));
                nodes.extend(self.faq(&article.faq));
            }
            Data::Exercise(exercise) => {
                nodes.push(self.exercise(exercise, more));
                nodes.extend(self.faq(&exercise.faq));
            }
            Data::Programme(programme) => nodes.push(self.programme(programme, more)),
            Data::Warning(warning) => {
                self.cited("citation", &warning.evidence, &mut more);
                nodes.push(self.typed("MedicalWebPage", more));
            }
            Data::Claim(claim) => nodes.push(self.claim(claim, more)),
            Data::Reference(reference) => nodes.push(self.reference(reference, &document.meta.title)),
            Data::Page(_) => nodes.push(self.typed("WebPage", more)),
        }
        nodes
    }

    /// Authors, and reviewers only where there are any.
    fn people(&self, meta: &Meta) -> Map<String, Value> {
        let mut more = Map::new();
        let people = |ids: &[Id]| -> Vec<Value> {
            ids.iter()
                .filter_map(|id| {
                    let query = Query::Person(id.clone());
                    let person = self.snapshot.graph.person(id);
                    note(query, crate::hash::Hash::of(&person));
                    person
                })
                .map(|person| json!({"@type": "Person", "name": person.name}))
                .collect()
        };
        let (authors, reviewers) = (people(&meta.authors), people(&meta.reviewed_by));
        if !authors.is_empty() {
            more.insert("author".into(), authors.into());
        }
        if let (false, Some(date)) = (reviewers.is_empty(), meta.reviewed_on) {
            more.insert("reviewedBy".into(), reviewers.into());
            more.insert("lastReviewed".into(), date.to_string().into());
        }
        more
    }

    fn article(&self, article: &Article, more: &mut Map<String, Value>) {
        if let Some(date) = article.date {
            more.insert("datePublished".into(), date.to_string().into());
        }
        if let Some(date) = article.updated.or(article.date) {
            more.insert("dateModified".into(), date.to_string().into());
        }
        let about: Vec<Value> = article.audience.iter().filter_map(|id| self.named(id, "MedicalCondition")).collect();
        if !about.is_empty() {
            more.insert("about".into(), about.into());
        }
    }

    /// Another entry by name and address.
    fn named(&self, id: &Id, kind: &str) -> Option<Value> {
        let graph = &self.snapshot.graph;
        let query = Query::Brief(id.clone());
        note(query.clone(), self.snapshot.hash(&query));
        let index = graph.find(id)?;
        let node = graph.node(index);
        Some(json!({"@type": kind, "name": node.title, "url": graph.config.permalink(&node.url)}))
    }

    fn cited(&self, key: &str, ids: &[Id], more: &mut Map<String, Value>) {
        let cited: Vec<Value> = ids.iter().filter_map(|id| self.named(id, "ScholarlyArticle")).collect();
        if !cited.is_empty() {
            more.insert(key.into(), cited.into());
        }
    }

    /// An exercise that may be recommended is an exercise plan; one to be avoided is described and no more.
    fn exercise(&self, exercise: &Exercise, mut more: Map<String, Value>) -> Value {
        self.cited("citation", &exercise.evidence, &mut more);
        if exercise.status == Some(crate::entry::Status::Avoid) {
            return self.typed("MedicalWebPage", more);
        }
        let steps: Vec<Value> = (1..)
            .zip(&exercise.steps)
            .map(|(position, step)| json!({"@type": "HowToStep", "position": position, "text": plain(step)}))
            .collect();
        if has_dose(&exercise.dosage) {
            more.insert("exerciseType".into(), exercise.category.as_deref().map(crate::graph::label).into());
            let dosage = &exercise.dosage;
            for (key, value) in [
                ("repetitions", &dosage.reps),
                ("activityFrequency", &dosage.frequency),
                ("intensity", &dosage.effort),
                ("activityDuration", &dosage.hold),
            ] {
                if let Some(value) = value {
                    more.insert(key.into(), plain(value).into());
                }
            }
            let how = json!({"@type": "HowTo", "@id": format!("{}#how", self.permalink), "name": self.title, "step": steps});
            more.insert("subjectOf".into(), how);
            more.retain(|_, value| !value.is_null());
            return self.typed("ExercisePlan", more);
        }
        more.insert("step".into(), steps.into());
        let supplies: Vec<Value> =
            exercise.equipment.iter().map(|name| json!({"@type": "HowToTool", "name": crate::graph::label(name)})).collect();
        if !supplies.is_empty() {
            more.insert("tool".into(), supplies.into());
        }
        self.typed("HowTo", more)
    }

    fn programme(&self, programme: &Programme, mut more: Map<String, Value>) -> Value {
        let exercises: std::collections::BTreeSet<&Id> = programme.items().map(|(_, item)| &item.exercise).collect();
        let parts: Vec<Value> = exercises.into_iter().filter_map(|id| self.named(id, "ExercisePlan")).collect();
        more.insert("hasPart".into(), parts.into());
        self.typed("ExercisePlan", more)
    }

    fn claim(&self, claim: &Claim, mut more: Map<String, Value>) -> Value {
        self.cited("citation", &[&claim.supports[..], &claim.contradicts].concat(), &mut more);
        self.typed("MedicalWebPage", more)
    }

    fn reference(&self, reference: &Reference, title: &str) -> Value {
        let item = reference.item(title);
        let text = |key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
        let mut more = Map::new();
        more.insert("name".into(), title.into());
        let authors: Vec<Value> = item
            .get("author")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|name| {
                let part = |key: &str| name.get(key).and_then(Value::as_str);
                match (part("literal"), part("family")) {
                    (Some(literal), _) => Some(json!({"@type": "Organization", "name": literal})),
                    (None, Some(family)) => {
                        let name = part("given").map_or_else(|| family.to_owned(), |given| format!("{given} {family}"));
                        Some(json!({"@type": "Person", "name": name}))
                    }
                    _ => None,
                }
            })
            .collect();
        if !authors.is_empty() {
            more.insert("author".into(), authors.into());
        }
        if let Some(journal) = text("container-title") {
            more.insert("isPartOf".into(), json!({"@type": "Periodical", "name": journal}));
        }
        let same: Vec<String> =
            text("DOI").map(|doi| format!("https://doi.org/{doi}")).into_iter().chain(text("URL")).collect();
        if !same.is_empty() {
            more.insert("sameAs".into(), same.into());
        }
        let is_article = text("type").is_none_or(|kind| kind.starts_with("article"));
        self.typed(if is_article { "ScholarlyArticle" } else { "CreativeWork" }, more)
    }

    fn condition(&self, index: NodeIndex) -> Value {
        let graph = &self.snapshot.graph;
        let about = graph.condition(index).map(|(_, condition)| {
            let mut about = json!({"@type": "MedicalCondition", "name": condition.label});
            if !condition.aka.is_empty() {
                about["alternateName"] = condition.aka.clone().into();
            }
            about
        });
        let mut more = Map::new();
        more.insert("about".into(), about.into());
        self.typed("MedicalWebPage", more)
    }

    fn faq(&self, faq: &[Question]) -> Option<Value> {
        let questions: Vec<Value> = faq
            .iter()
            .map(|item| {
                let answer = json!({"@type": "Answer", "text": plain(&item.answer)});
                json!({"@type": "Question", "name": item.question, "acceptedAnswer": answer})
            })
            .collect();
        (!questions.is_empty())
            .then(|| json!({"@type": "FAQPage", "@id": format!("{}#questions", self.permalink), "mainEntity": questions}))
    }
}

fn has_dose(dosage: &Dosage) -> bool {
    [&dosage.reps, &dosage.frequency, &dosage.hold, &dosage.sets].iter().any(|part| part.is_some())
}

/// Prose without its Markdown: citations and emphasis are dropped, mentions become their words.
fn plain(text: &str) -> String {
    crate::parse::markdown::plain_text(text)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn answers_lose_their_markup() {
        assert_eq!(plain("Try [[heel-drops|dropping *your* heels]] [@bassey1995]."), "Try dropping your heels.");
    }
}
