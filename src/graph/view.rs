//! What templates see of the site: small maps made from the graph.

use serde::Serialize;
use tera::value::Key;
use tera::{Map, Value};

use super::{Graph, NodeIndex, Source};
use crate::config::{Publication, Search};
use crate::entry::{Article, Certainty, Condition, Data, Impact, Severity, Status};
use crate::evidence;
use crate::hash::Hash;

/// A map from fixed names.
pub(crate) fn object<const N: usize>(pairs: [(&'static str, Value); N]) -> Value {
    Value::from(map(pairs))
}

/// The same, to be added to.
pub(crate) fn map<const N: usize>(pairs: [(&'static str, Value); N]) -> Map {
    pairs.into_iter().map(|(key, value)| (Key::Str(key), value)).collect()
}

/// A list.
pub(crate) fn array(items: impl IntoIterator<Item = Value>) -> Value {
    Value::from(items.into_iter().collect::<Vec<Value>>())
}

/// The small view of a node: what lists and links show. Kept small on purpose, because every page that shows it is rendered
/// again when it changes.
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct Brief<'g> {
    id: &'g str,
    kind: &'static str,
    kind_label: &'static str,
    title: &'g str,
    url: String,
    summary: &'g str,
    description: String,
    date: Option<crate::entry::Date>,
    category: Option<&'g str>,
    impact: Option<Impact>,
    status: Option<Status>,
    severity: Option<Severity>,
    certainty: Option<Certainty>,
    question: Option<&'g str>,
    short: Option<String>,
}

impl Graph {
    /// The small view of a node.
    pub(crate) fn brief(&self, index: NodeIndex) -> Brief<'_> {
        let node = self.node(index);
        let mut brief = Brief {
            id: &node.id,
            kind: node.kind.word(),
            kind_label: kind_label(node.kind),
            title: &node.title,
            url: self.config.href(&node.url),
            summary: node.document().map_or("", |document| &document.blurb),
            description: self.description(index),
            date: None,
            category: None,
            impact: None,
            status: None,
            severity: None,
            certainty: None,
            question: None,
            short: None,
        };
        match (&node.source, node.data()) {
            (_, Some(Data::Article(article))) => brief.date = article.date,
            (_, Some(Data::Exercise(exercise))) => {
                brief.category = exercise.category.as_deref();
                brief.impact = exercise.impact;
                brief.status = exercise.status;
            }
            (_, Some(Data::Warning(warning))) => brief.severity = warning.severity,
            (_, Some(Data::Claim(claim))) => {
                brief.certainty = claim.certainty;
                brief.question = claim.question.as_deref();
            }
            (_, Some(Data::Reference(reference))) => brief.short = Some(evidence::short(&reference.item(&node.title))),
            (Source::Condition(_), _) => brief.summary = self.definition(index),
            (Source::Term(term), _) => brief.summary = self.glossary.get(*term).map_or("", |term| &term.definition),
            _ => {}
        }
        brief
    }

    /// What a condition is: the glossary's words if it has the term, else the table's.
    pub(crate) fn definition(&self, index: NodeIndex) -> &str {
        let node = self.node(index);
        let term = self.glossary.iter().find(|term| term.id == node.id).map(|term| term.definition.as_str());
        term.or_else(|| self.condition(index).map(|(_, condition)| condition.definition.as_str())).unwrap_or_default()
    }

    /// One plain sentence or two about a node for search engines: whole words, at most 300 characters, never empty for a node with
    /// a title.
    pub fn description(&self, index: NodeIndex) -> String {
        let node = self.node(index);
        let written = node.document().and_then(|document| document.meta.description.as_deref());
        let blurb = node.document().map_or_else(|| self.definition(index), |document| document.blurb.as_str());
        let text = [written.unwrap_or_default(), blurb, &node.title].into_iter().find(|text| !text.trim().is_empty());
        let text = text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        shortened(&text, 300, 297)
    }

    /// The variable `site`.
    pub(crate) fn site(&self) -> Value {
        let settings = &self.config.settings;
        object([
            ("title", settings.title.as_str().into()),
            ("description", settings.description.as_deref().unwrap_or_default().into()),
            ("language", self.config.language.as_str().into()),
            ("base_url", self.config.base_url.as_str().into()),
            ("base", self.config.base.as_str().into()),
            ("publication", self.config.publication.word().into()),
            ("is_draft", (self.config.publication == Publication::Draft).into()),
            ("menu", array(self.menu().into_iter().map(|(title, url)| object([("title", title.into()), ("url", url.into())])))),
            ("safety", self.own_page("/safety/").as_deref().into()),
            ("glossary", self.own_page("/glossary/").as_deref().into()),
            ("people", self.own_page("/people/").as_deref().into()),
            ("changes", self.own_page("/changes/").as_deref().into()),
            ("search", self.search().unwrap_or_else(Value::none)),
            ("a_z", self.config.href("/a-z/").into()),
            ("funding", settings.funding.as_deref().into()),
            ("extra", Value::from_serializable(&settings.extra)),
            ("version", env!("CARGO_PKG_VERSION").into()),
        ])
    }

    /// Where readers search, if they can: the page, and the folder of the index that it reads.
    fn search(&self) -> Option<Value> {
        let config = &self.config;
        (config.options.search == Search::Include).then(|| {
            let folder = config.href(&format!("/search/{}/", config.language));
            object([("page", config.href("/search/").into()), ("folder", folder.into())])
        })
    }

    /// The address of a page that the site has only with its table.
    fn own_page(&self, url: &str) -> Option<String> {
        self.target(url).map(|_| self.config.href(url))
    }

    /// The fingerprint of the variable `site`.
    pub(crate) fn site_hash(&self) -> Hash {
        let pages = ["/safety/", "/glossary/", "/people/", "/changes/"].map(|url| self.own_page(url));
        Hash::of(&(self.config.hash, self.menu(), pages, env!("CARGO_PKG_VERSION")))
    }

    /// The main menu: the one in the settings, else the sections that the site has.
    pub(crate) fn menu(&self) -> Vec<(String, String)> {
        use crate::entry::Kind;
        let written = &self.config.settings.menu;
        if !written.is_empty() {
            let address = |url: &str| self.menu_url(url).map_or_else(|| url.to_owned(), |url| self.config.href(&url));
            return written.iter().map(|item| (item.title.clone(), address(&item.url))).collect();
        }
        [Kind::Exercise, Kind::Programme, Kind::Article, Kind::Condition, Kind::Claim]
            .into_iter()
            .filter_map(|kind| self.section(kind))
            .map(|list| (list.title.clone(), self.config.href(&list.url)))
            .collect()
    }

    /// The variable `entry`: every field of a node under its name in front matter.
    pub(crate) fn entry(&self, index: NodeIndex) -> Value {
        let node = self.node(index);
        let mut fields =
            map([("id", (&*node.id).into()), ("kind", node.kind.word().into()), ("url", self.config.href(&node.url).into())]);
        let mut add = |value: Value| fields.extend(value.into_map().unwrap_or_default());
        match &node.source {
            Source::Document(document) => {
                add(Value::from_serializable(&document.meta));
                match &document.data {
                    Data::Article(data) => {
                        add(Value::from_serializable(data));
                        add(object([("image", self.shown_image(data).into())]));
                    }
                    Data::Exercise(data) => add(Value::from_serializable(data)),
                    Data::Programme(data) => add(Value::from_serializable(data)),
                    Data::Warning(data) => add(Value::from_serializable(data)),
                    Data::Claim(data) => {
                        add(Value::from_serializable(data));
                        let pairs = data
                            .figures
                            .iter()
                            .map(|(name, text)| object([("name", name.as_str().into()), ("text", text.as_str().into())]));
                        add(object([("figures", array(pairs))]));
                    }
                    Data::Reference(data) => {
                        add(Value::from_serializable(data));
                        add(object([("caution", data.study.caution().into())]));
                    }
                    Data::Page(data) => add(Value::from_serializable(data)),
                }
                add(object([
                    ("changed_since_review", self.reviews.changed_since(index).map(|day| day.to_string()).into()),
                    ("title", document.title().into()),
                    ("description", self.description(index).into()),
                    ("words", document.words.into()),
                    ("minutes", minutes(document.words).into()),
                ]));
            }
            Source::Condition(condition) => {
                if let Some(condition) = self.safety.table.conditions.get(*condition) {
                    add(Value::from_serializable(condition));
                    add(self.group_of(condition));
                }
                add(object([
                    ("title", node.title.as_str().into()),
                    ("description", self.description(index).into()),
                    ("definition", self.definition(index).into()),
                ]));
            }
            Source::Term(term) => {
                if let Some(term) = self.glossary.get(*term) {
                    add(Value::from_serializable(term));
                }
            }
        }
        Value::from(fields)
    }

    /// The picture of an article. One that the site doesn't have (a finding says so) is not shown broken.
    pub(crate) fn shown_image<'a>(&self, article: &'a Article) -> Option<&'a str> {
        let image = article.image.as_deref()?;
        (image.starts_with("http://") || image.starts_with("https://") || self.is_file(image)).then_some(image)
    }

    /// The group of a condition: its label, and whether its people are to be seen by a professional first.
    pub(crate) fn group_of(&self, condition: &Condition) -> Value {
        let group =
            condition.group.as_ref().and_then(|id| self.safety.table.condition_groups.iter().find(|group| group.id == *id));
        object([
            ("group_label", group.map(|group| group.label.as_str()).into()),
            ("stop_first", group.is_some_and(|group| group.stop_first).into()),
        ])
    }
}

/// A text of at most `most` characters as it is, a longer one as the whole words among its first `kept`.
pub(crate) fn shortened(text: &str, most: usize, kept: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(kept).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(start, _)| start))
}

/// The word over a node in mixed lists.
pub(crate) fn kind_label(kind: crate::entry::Kind) -> &'static str {
    use crate::entry::Kind;
    match kind {
        Kind::Article => "Article",
        Kind::Exercise => "Exercise",
        Kind::Programme => "Programme",
        Kind::Warning => "Warning",
        Kind::Claim => "Evidence",
        Kind::Reference => "Reference",
        Kind::Page => "Page",
        Kind::Condition => "Condition",
        Kind::Term => "Term",
    }
}

/// Reading time in whole minutes at 200 words a minute, at least 1.
fn minutes(words: u32) -> u32 {
    words.div_ceil(200).max(1)
}
