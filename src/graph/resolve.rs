//! The second phase: documents and tables → the graph. Ids are bound, edges found, lists ordered, addresses decided.
//!
//! It is computed afresh in every build: for ten thousand entries that is cheap, and nothing in it can be out of date.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use bitcode::{Decode, Encode};

use super::edge::{Edge, EdgeKind, Spot};
use super::route::{Tables as HasTables, routes, url_of, url_of_condition, url_of_term};
use super::{Graph, Link, Node, NodeIndex, Source, Target, list};
use crate::config::{Config, Drafts};
use crate::entry::{
    Article, Data, Exercise, Fields as _, Id, Kind, LoggedChange, Person, QueryTable, SafetyTable, Signature, SynonymTable, Term,
    Verdict, WantedQuery,
};
use crate::files::{File, FilePath, Files};
use crate::finding::{At, Finding, Findings, Place, steps};
use crate::hash::Hash;
use crate::par;
use crate::parse::data::{self, Foreign, Schema};
use crate::parse::markdown::{AddressOf, Piece};
use crate::parse::{Document, anchors, is_slug};
use crate::review::{self, Reviews};
use crate::rules::{
    e001_unknown_reference, f008_duplicate_id, f009_bad_id, l001_unknown_entry, l002_wrong_kind, l003_broken_link,
    l004_unknown_anchor, l005_missing_file, m003_not_embeddable, m005_ambiguous_heading, q002_repeated_words,
    s002_unknown_movement,
};
use crate::safety::{SAFETY, Safety, gravity};

/// Where the glossary stands.
pub const GLOSSARY: &str = "content/glossary.yaml";
/// Where authors and reviewers stand.
pub const PEOPLE: &str = "content/people.yaml";
/// Where signatures of reviews stand.
pub const REVIEWS: &str = "content/reviews.yaml";
/// Where the public log of changed advice stands.
pub const CHANGES: &str = "content/changes.yaml";
/// Where the words stand that people type.
pub const SYNONYMS: &str = "content/synonyms.yaml";
/// Where the queries stand that must work.
pub const QUERIES: &str = "content/search.yaml";

/// All tables.
const TABLES: [&str; 7] = [SAFETY, GLOSSARY, PEOPLE, REVIEWS, CHANGES, SYNONYMS, QUERIES];

/// The single-file tables of a site.
#[derive(Debug, Clone, Default, Encode, Decode)]
pub struct Tables {
    /// `safety.yaml`.
    pub safety: SafetyTable,
    /// `glossary.yaml`.
    pub glossary: Vec<Term>,
    /// `people.yaml`.
    pub people: Vec<Person>,
    /// `reviews.yaml`.
    pub reviews: Vec<Signature>,
    /// `changes.yaml`.
    pub changes: Vec<LoggedChange>,
    /// `synonyms.yaml`.
    pub synonyms: SynonymTable,
    /// `search.yaml`.
    pub queries: QueryTable,
}

/// Whether a file below `content/` is one of the tables.
pub fn is_table(path: &str) -> bool {
    TABLES.contains(&path)
}

/// Fingerprint of the files of the tables: equal tables are read once.
pub fn tables_key(files: &Files) -> Hash {
    Hash::of(&TABLES.map(|path| files.at(path).map(|file| file.hash)))
}

/// Reads the tables.
pub fn tables(files: &Files) -> (Tables, Findings) {
    let mut findings = Findings::default();
    let mut tables = Tables::default();
    let schema = |owner, keys| Schema { owner, keys, shared: &[], foreign: Foreign::Unknown };
    if let Some(file) = files.at(SAFETY) {
        tables.safety = findings.take(data::table(file, &schema("the safety table", SafetyTable::KEYS), |_| Vec::new()));
        check_safety(file, &tables.safety, &mut findings);
    }
    if let Some(file) = files.at(GLOSSARY) {
        tables.glossary = findings.take(data::table(file, &schema("a term", Term::KEYS), |_| Vec::new()));
        let fields = |term: &Term| {
            vec![("id", !term.id.is_empty()), ("term", !term.term.is_empty()), ("definition", !term.definition.is_empty())]
        };
        require_all(file, None, "a term", tables.glossary.iter().map(fields), &mut findings);
    }
    if let Some(file) = files.at(PEOPLE) {
        tables.people = findings.take(data::table(file, &schema("a person", Person::KEYS), |_| Vec::new()));
        let fields = |person: &Person| vec![("id", !person.id.is_empty()), ("name", !person.name.is_empty())];
        require_all(file, None, "a person", tables.people.iter().map(fields), &mut findings);
        check_ids(file, None, tables.people.iter().map(|person| &person.id), &mut findings);
    }
    if let Some(file) = files.at(REVIEWS) {
        tables.reviews = findings.take(data::table(file, &schema("a signature", Signature::KEYS), |_| Vec::new()));
        let fields = |signed: &Signature| {
            vec![
                ("id", !signed.id.is_empty()),
                ("by", !signed.by.is_empty()),
                ("on", signed.on.is_some()),
                ("hash", !signed.hash.is_empty()),
                ("parts", !signed.parts.is_empty()),
            ]
        };
        require_all(file, None, "a signature", tables.reviews.iter().map(fields), &mut findings);
    }
    if let Some(file) = files.at(CHANGES) {
        tables.changes = findings.take(data::table(file, &schema("a change of advice", LoggedChange::KEYS), |_| Vec::new()));
        let fields = |change: &LoggedChange| vec![("date", change.date.is_some()), ("title", !change.title.trim().is_empty())];
        require_all(file, None, "a change of advice", tables.changes.iter().map(fields), &mut findings);
    }
    if let Some(file) = files.at(SYNONYMS) {
        tables.synonyms = findings.take(data::table(file, &schema("the table of synonyms", SynonymTable::KEYS), |_| Vec::new()));
        let fields =
            tables.synonyms.synonyms.iter().map(|set| vec![("words", !set.words.is_empty()), ("entry", !set.entry.is_empty())]);
        require_all(file, Some("synonyms"), "a line of synonyms", fields, &mut findings);
    }
    if let Some(file) = files.at(QUERIES) {
        tables.queries = findings.take(data::table(file, &schema("the table of queries", QueryTable::KEYS), |_| Vec::new()));
        let fields = |query: &WantedQuery| {
            let is_wanted = query.first.is_some() || query.among.is_some();
            vec![("query", !query.query.trim().is_empty()), ("kind", query.kind.is_some()), ("first", is_wanted)]
        };
        require_all(file, Some("queries"), "a query", tables.queries.queries.iter().map(fields), &mut findings);
    }
    (tables, findings)
}

/// Reports what the records of the safety table lack, and ids that are taken within their list.
fn check_safety(file: &File, table: &SafetyTable, findings: &mut Findings) {
    let is = |text: &str| !text.trim().is_empty();
    let movements = table.movements.iter().map(|movement| vec![("id", is(&movement.id)), ("label", is(&movement.label))]);
    require_all(file, Some("movements"), "a movement", movements, findings);
    check_ids(file, Some("movements"), table.movements.iter().map(|movement| &movement.id), findings);
    let conditions = table.conditions.iter().map(|condition| vec![("id", is(&condition.id)), ("label", is(&condition.label))]);
    require_all(file, Some("conditions"), "a condition", conditions, findings);
    let groups = table.condition_groups.iter().map(|group| vec![("id", is(&group.id)), ("label", is(&group.label))]);
    require_all(file, Some("condition_groups"), "a group", groups, findings);
    check_ids(file, Some("condition_groups"), table.condition_groups.iter().map(|group| &group.id), findings);
    let rules = table.rules.iter().map(|rule| {
        vec![
            ("id", is(&rule.id)),
            ("movement", is(&rule.movement)),
            ("conditions", !rule.conditions.is_empty()),
            ("verdict", rule.verdict.is_some()),
            ("warning", is(&rule.warning) || rule.verdict == Some(Verdict::Ok)),
        ]
    });
    require_all(file, Some("rules"), "a rule", rules, findings);
    check_ids(file, Some("rules"), table.rules.iter().map(|rule| &rule.id), findings);
    let ok = table.ok.iter().map(|ok| vec![("movement", is(&ok.movement)), ("conditions", !ok.conditions.is_empty())]);
    require_all(file, Some("ok"), "an item of `ok`", ok, findings);
    let warnings = table.general_warnings.iter().map(|warning| vec![("id", is(&warning.id)), ("text", is(&warning.text))]);
    require_all(file, Some("general_warnings"), "a general warning", warnings, findings);
    check_ids(file, Some("general_warnings"), table.general_warnings.iter().map(|warning| &warning.id), findings);
    let cards = table
        .care_cards
        .iter()
        .map(|card| vec![("level", card.level.is_some()), ("title", is(&card.title)), ("signs", !card.signs.is_empty())]);
    require_all(file, Some("care_cards"), "a care card", cards, findings);
}

/// Reports ids that can't be ids, or that are taken, in a list whose ids live in a space of their own.
fn check_ids<'a>(file: &File, list: Option<&str>, ids: impl Iterator<Item = &'a Id>, findings: &mut Findings) {
    let mut places: BTreeMap<&Id, At> = BTreeMap::new();
    for (i, id) in ids.enumerate().filter(|(_, id)| !id.is_empty()) {
        let at = At::field(&file.path, list.into_iter().chain([i.to_string().as_str(), "id"]));
        check_slug(id, &at, findings);
        match places.get(id) {
            Some(first) => findings.push(f008_duplicate_id::finding(at, id, first.clone())),
            None => drop(places.insert(id, at)),
        }
    }
}

/// Reports required fields that the records of a list lack: of a list with a name, or of the file as a whole.
fn require_all(
    file: &File,
    list: Option<&str>,
    owner: &str,
    records: impl Iterator<Item = Vec<(&'static str, bool)>>,
    findings: &mut Findings,
) {
    for (i, fields) in records.enumerate() {
        let within = steps(list.into_iter().chain([i.to_string().as_str()]));
        let fields: Vec<_> = fields.into_iter().map(|(key, is_present)| (key, is_present.into())).collect();
        data::require(&file.path, owner, &within, &fields, findings);
    }
}

/// Makes the graph.
pub fn resolve(config: Config, documents: Vec<Arc<Document>>, tables: Tables, files: &Files) -> (Graph, Findings) {
    let mut findings = Findings::default();
    let safety = findings.take(Safety::new(tables.safety));
    let mut glossary = tables.glossary;
    let (nodes, ids, drafts) = nodes(&config, documents, &safety, &mut glossary, &mut findings);
    let published: BTreeSet<String> =
        files.below("static/").filter_map(|file| file.path.strip_prefix("static/")).map(str::to_owned).collect();
    let lists = list::lists(&nodes, &mut findings);
    let has = HasTables {
        glossary: !glossary.is_empty(),
        people: !tables.people.is_empty(),
        changes: !tables.changes.is_empty(),
        safety: !safety.table.movements.is_empty() || !safety.table.care_cards.is_empty(),
    };
    let (routes, addresses) = routes(&config, &nodes, &lists, has, &published, &mut findings);
    let sources = (0..).zip(&nodes).filter_map(|(index, node)| Some((node.document()?.file.to_string(), index))).collect();
    let mut graph = Graph {
        config,
        nodes,
        safety,
        glossary,
        people: tables.people,
        reviews: Reviews::default(),
        changes: tables.changes,
        typed: BTreeMap::new(),
        synonyms: tables.synonyms.synonyms,
        queries: tables.queries.queries,
        edges: Vec::new(),
        backlinks: Vec::new(),
        warnings: Vec::new(),
        lists,
        routes,
        ids,
        addresses,
        files: published,
        drafts,
        sources,
    };
    let checked = par::map(&graph.nodes, |node| match &node.source {
        Source::Document(document) => connect(&graph, document),
        Source::Condition(condition) => connect_condition(&graph, *condition),
        Source::Term(_) => (Vec::new(), Findings::default()),
    });
    graph.edges = checked.into_iter().map(|result| findings.take(result)).collect();
    check_table(&graph, &mut findings);
    check_changes(&graph, &mut findings);
    // Days that are equal stay in the order of writing.
    graph.changes.sort_by_key(|change| std::cmp::Reverse(change.date));
    graph.warnings = warnings(&graph);
    graph.backlinks = backlinks(&graph);
    check_menu(&graph, &mut findings);
    graph.typed = typed(&graph, &mut findings);
    check_queries(&graph, &mut findings);
    review::apply(&mut graph, tables.reviews, &mut findings);
    (graph, findings)
}

/// The day on which an entry last changed, as far as its front matter says.
pub(crate) fn updated(node: &Node) -> Option<crate::entry::Date> {
    match node.data()? {
        Data::Article(article) => article.updated.or(article.date),
        Data::Page(page) => page.updated,
        _ => None,
    }
}

type Bound = (Vec<Node>, HashMap<Id, NodeIndex>, BTreeMap<Id, Arc<Document>>);

/// Binds ids: the first entry with an id has it.
fn nodes(
    config: &Config,
    documents: Vec<Arc<Document>>,
    safety: &Safety,
    glossary: &mut Vec<Term>,
    findings: &mut Findings,
) -> Bound {
    let mut nodes: Vec<Node> = Vec::with_capacity(documents.len() + glossary.len());
    let mut ids: HashMap<Id, NodeIndex> = HashMap::with_capacity(documents.len());
    let mut places: BTreeMap<Id, At> = BTreeMap::new();
    let mut drafts = BTreeMap::new();
    let mut documents = documents;
    documents.sort_by(|a, b| (a.kind, &a.id, &a.file).cmp(&(b.kind, &b.id, &b.file)));
    let mut add = |node: Node, at: At, nodes: &mut Vec<Node>, findings: &mut Findings| {
        if node.id.is_empty() {
            return;
        }
        if let Some(first) = ids.get(&node.id) {
            let first = nodes[*first as usize].document().map_or_else(|| places.get(&node.id).cloned(), |first| Some(first.at()));
            findings.push(f008_duplicate_id::finding(at.clone(), &node.id, first.unwrap_or(at)));
            return;
        }
        if !matches!(node.source, Source::Document(_)) {
            places.insert(node.id.clone(), at);
        }
        ids.insert(node.id.clone(), NodeIndex::try_from(nodes.len()).unwrap_or(NodeIndex::MAX));
        nodes.push(node);
    };
    for document in documents {
        if document.meta.draft && config.options.drafts == Drafts::Exclude {
            drafts.insert(document.id.clone(), document);
            continue;
        }
        let at = document.at();
        let node = Node {
            id: document.id.clone(),
            kind: document.kind,
            title: document.title().to_owned(),
            url: url_of(&document, findings),
            source: Source::Document(document),
        };
        add(node, at, &mut nodes, findings);
    }
    let in_table = |file: &str, path: &[&str]| At { file: file.into(), place: Place::Field(steps(path.iter().copied())) };
    for (i, condition) in safety.table.conditions.iter().enumerate() {
        let at = in_table(SAFETY, &["conditions", &i.to_string(), "id"]);
        check_slug(&condition.id, &at, findings);
        let node = Node {
            id: condition.id.clone(),
            kind: Kind::Condition,
            title: condition.label.clone(),
            url: url_of_condition(&condition.id),
            source: Source::Condition(i),
        };
        add(node, at, &mut nodes, findings);
    }
    let mut terms: Vec<(usize, Term)> = std::mem::take(glossary).into_iter().enumerate().collect();
    terms.sort_by_cached_key(|(_, term)| term.term.to_lowercase());
    for (position, (i, term)) in terms.into_iter().enumerate() {
        let at = in_table(GLOSSARY, &[&i.to_string(), "id"]);
        check_slug(&term.id, &at, findings);
        // A term with the id of a condition is that condition's definition.
        if !safety.table.conditions.iter().any(|condition| condition.id == term.id) {
            let node = Node {
                id: term.id.clone(),
                kind: Kind::Term,
                title: term.term.clone(),
                url: url_of_term(&term.id),
                source: Source::Term(position),
            };
            add(node, at, &mut nodes, findings);
        }
        glossary.push(term);
    }
    (nodes, ids, drafts)
}

fn check_slug(id: &Id, at: &At, findings: &mut Findings) {
    if !is_slug(id) && !id.is_empty() {
        findings.push(f009_bad_id::finding(at.clone(), id));
    }
}

/// What one document says about others.
struct Connect<'g> {
    graph: &'g Graph,
    document: &'g Document,
    edges: Vec<Edge>,
    findings: Findings,
}

impl<'g> Connect<'g> {
    fn at(&self, spot: &Spot) -> At {
        spot.at(self.document)
    }

    /// The node that an id means, or a finding.
    fn find(&mut self, id: &Id, spot: &Spot) -> Option<(NodeIndex, &'g Node)> {
        let graph = self.graph;
        if let Some(index) = graph.find(id) {
            return Some((index, graph.node(index)));
        }
        let at = self.at(spot);
        self.findings.push(unknown(graph, id, at));
        None
    }

    /// An item of a list that holds entries of one kind.
    fn listed(&mut self, key: &'static str, id: &Id, wanted: Kind, kind: EdgeKind, spot: Spot) {
        let Some((to, node)) = self.find(id, &spot) else { return };
        if node.kind == wanted {
            self.edges.push(Edge { to, kind, spot });
        } else {
            let at = self.at(&spot);
            self.findings.push(l002_wrong_kind::finding(at, id, node.kind, key, wanted));
        }
    }

    fn list(&mut self, key: &'static str, ids: &[Id], wanted: Kind, kind: EdgeKind) {
        for (i, id) in ids.iter().enumerate() {
            self.listed(key, id, wanted, kind, Spot::Item(key, i));
        }
    }

    fn references(&mut self, key: &'static str, ids: &[Id]) {
        for (i, id) in ids.iter().enumerate() {
            self.reference(id, Spot::Item(key, i));
        }
    }

    fn reference(&mut self, id: &Id, spot: Spot) {
        match self.graph.find(id).map(|index| (index, self.graph.node(index))) {
            Some((to, node)) if node.kind == Kind::Reference => self.edges.push(Edge { to, kind: EdgeKind::Cites, spot }),
            _ => {
                let at = self.at(&spot);
                let known = self.graph.of_kind(Kind::Reference).map(|(_, node)| &*node.id);
                self.findings.push(e001_unknown_reference::finding(at, id, known));
            }
        }
    }

    fn conditions(&mut self, ids: &[Id], spot: impl Fn(usize) -> Spot) {
        for (i, id) in ids.iter().enumerate() {
            let spot = spot(i);
            if let Some(to) = self.graph.find(id).filter(|index| self.graph.node(*index).kind == Kind::Condition) {
                self.edges.push(Edge { to, kind: EdgeKind::Mentions, spot });
            } else {
                let at = self.at(&spot);
                let known = self.graph.of_kind(Kind::Condition).map(|(_, node)| &*node.id);
                self.findings.push(s002_unknown_movement::condition(at, id, known));
            }
        }
    }

    fn movements(&mut self, ids: &[Id], spot: impl Fn(usize) -> Spot) {
        for (i, id) in ids.iter().enumerate() {
            if self.graph.safety.movement(id).is_none() {
                let at = self.at(&spot(i));
                self.findings.push(s002_unknown_movement::movement(at, id, self.graph.safety.movement_ids()));
            }
        }
    }

    fn person(&mut self, id: &Id, spot: &Spot) {
        if self.graph.person(id).is_none() {
            let at = self.at(spot);
            self.findings.push(l001_unknown_entry::person(at, id, self.graph.people.iter().map(|person| &*person.id)));
        }
    }

    fn piece(&mut self, piece: &Piece) {
        match piece {
            Piece::Html(_) => {}
            Piece::Mention { id, anchor, at, .. } => {
                let spot = Spot::Text(at.clone());
                if let Some((to, node)) = self.find(id, &spot) {
                    if let Some(anchor) = anchor {
                        self.anchor(&spot, node, anchor);
                    }
                    self.edges.push(Edge { to, kind: EdgeKind::Mentions, spot });
                }
            }
            Piece::Embed { id, at } => {
                let spot = Spot::Text(at.clone());
                let Some((to, node)) = self.find(id, &spot) else { return };
                match node.kind {
                    Kind::Exercise => {
                        self.edges.push(Edge { to, kind: EdgeKind::Recommends, spot: spot.clone() });
                        self.edges.push(Edge { to, kind: EdgeKind::Embeds, spot });
                    }
                    Kind::Warning | Kind::Claim => self.edges.push(Edge { to, kind: EdgeKind::Embeds, spot }),
                    other => {
                        let at = self.at(&spot);
                        self.findings.push(m003_not_embeddable::finding(at, id, other));
                    }
                }
            }
            Piece::Cite { keys, at } => {
                for citation in keys {
                    self.reference(&citation.id, Spot::Text(at.clone()));
                }
            }
            Piece::Address { url, of, at } => self.address(url, *of, at),
        }
    }

    /// A link to a heading of an entry's page.
    fn anchor(&mut self, spot: &Spot, node: &Node, anchor: &str) {
        let headings = node.document().map_or(&[][..], |document| &document.headings);
        let shared: Vec<At> = headings
            .iter()
            .filter(|heading| heading.id == anchor || heading.wanted.as_deref() == Some(anchor))
            .filter_map(|heading| Some(At { file: node.document()?.file.clone(), place: heading.at.clone() }))
            .collect();
        if shared.len() > 1 {
            let at = self.at(spot);
            self.findings.push(m005_ambiguous_heading::finding(at, anchor, shared));
        } else if shared.is_empty() && !anchors(node.kind).contains(&anchor) && node.kind != Kind::Term {
            let at = self.at(spot);
            let known = headings.iter().map(|heading| heading.id.as_str()).chain(anchors(node.kind)[1..].iter().copied());
            self.findings.push(l004_unknown_anchor::finding(at, anchor, &node.id, known));
        }
    }

    fn address(&mut self, url: &str, of: AddressOf, place: &Place) {
        let spot = Spot::Text(place.clone());
        let graph = self.graph;
        match (graph.link(self.document, url), of) {
            (Link::Page(_, target, anchor), AddressOf::Link) => {
                if let (Target::Entry(index) | Target::Home(Some(index)), Some(anchor)) = (target, &anchor) {
                    self.anchor(&spot, graph.node(*index), anchor);
                }
                if let Target::Entry(index) = target
                    && graph.node(*index).id != self.document.id
                {
                    self.edges.push(Edge { to: *index, kind: EdgeKind::Mentions, spot });
                }
            }
            (Link::File(_), _) => {}
            (_, AddressOf::Image) => {
                let at = self.at(&spot);
                self.findings.push(l005_missing_file::finding(at, url, graph.file_addresses()));
            }
            (Link::Broken, AddressOf::Link) => {
                let at = self.at(&spot);
                self.findings.push(l003_broken_link::finding(at, url, graph.addresses()));
            }
        }
    }

    /// A picture named in front matter. Other generators name pictures that the site may not have yet.
    fn picture(&mut self, key: &'static str, path: Option<&String>) {
        let Some(path) = path.filter(|path| !path.starts_with("https://") && !path.starts_with("http://")) else { return };
        if !self.graph.is_file(path) {
            let at = self.at(&Spot::Field(key));
            let level = self.graph.config.level_of_duty();
            self.findings.push(l005_missing_file::finding(at, path, self.graph.file_addresses()).level(level));
        }
    }

    fn article(&mut self, article: &Article) {
        self.conditions(&article.audience, |i| Spot::Item("audience", i));
        self.list("recommends", &article.recommends, Kind::Exercise, EdgeKind::Recommends);
        for (i, id) in article.related.iter().enumerate() {
            let spot = Spot::Item("related", i);
            if let Some((to, _)) = self.find(id, &spot) {
                self.edges.push(Edge { to, kind: EdgeKind::Mentions, spot });
            }
        }
        for (i, acknowledgement) in article.acknowledge.iter().enumerate() {
            let spot = |key: &'static str| Spot::Part("acknowledge", i, key);
            if !acknowledgement.exercise.is_empty() {
                self.listed("exercise", &acknowledgement.exercise, Kind::Exercise, EdgeKind::Mentions, spot("exercise"));
            }
            if !acknowledgement.condition.is_empty() {
                self.conditions(std::slice::from_ref(&acknowledgement.condition), |_| spot("condition"));
            }
            if !acknowledgement.by.is_empty() {
                self.person(&acknowledgement.by, &spot("by"));
            }
        }
        self.picture("image", article.image.as_ref());
        self.picture("og_image", article.og_image.as_ref());
        self.picture("twitter_image", article.twitter_image.as_ref());
    }

    fn exercise(&mut self, exercise: &Exercise) {
        self.movements(&exercise.movements, |i| Spot::Item("movements", i));
        self.list("easier", &exercise.easier, Kind::Exercise, EdgeKind::Progresses);
        self.list("harder", &exercise.harder, Kind::Exercise, EdgeKind::Progresses);
        self.list("instead", &exercise.instead, Kind::Exercise, EdgeKind::Progresses);
        self.list("warnings", &exercise.warnings, Kind::Warning, EdgeKind::Warns);
        self.references("evidence", &exercise.evidence);
    }

    fn people(&mut self) {
        let meta = &self.document.meta;
        for (i, id) in meta.authors.iter().enumerate() {
            self.person(id, &Spot::Item("authors", i));
        }
        for (i, id) in meta.reviewed_by.iter().enumerate() {
            self.person(id, &Spot::Item("reviewed_by", i));
        }
    }
}

fn connect(graph: &Graph, document: &Document) -> (Vec<Edge>, Findings) {
    let mut connect = Connect { graph, document, edges: Vec::new(), findings: Findings::default() };
    connect.people();
    match &document.data {
        Data::Article(article) => connect.article(article),
        Data::Exercise(exercise) => connect.exercise(exercise),
        Data::Programme(programme) => {
            connect.conditions(&programme.audience, |i| Spot::Item("audience", i));
            for (position, item) in programme.items() {
                if !item.exercise.is_empty() {
                    connect.listed("exercise", &item.exercise, Kind::Exercise, EdgeKind::Recommends, Spot::Session(position));
                }
            }
        }
        Data::Warning(warning) => {
            connect.movements(&warning.applies_to.movements, |i| Spot::Nested("applies_to", "movements", i));
            connect.conditions(&warning.applies_to.conditions, |i| Spot::Nested("applies_to", "conditions", i));
            connect.list("alternatives", &warning.alternatives, Kind::Exercise, EdgeKind::Mentions);
            connect.references("evidence", &warning.evidence);
        }
        Data::Claim(claim) => {
            connect.references("supports", &claim.supports);
            connect.references("contradicts", &claim.contradicts);
        }
        Data::Reference(reference) => {
            if let Some(id) = &reference.superseded_by {
                connect.listed("superseded_by", id, Kind::Reference, EdgeKind::Mentions, Spot::Field("superseded_by"));
            }
        }
        Data::Page(_) => {}
    }
    for hole in &document.holes {
        connect.piece(hole);
    }
    (connect.edges, connect.findings)
}

/// A condition cites the evidence of its own definition and of the rules about it.
fn connect_condition(graph: &Graph, index: usize) -> (Vec<Edge>, Findings) {
    let table = &graph.safety.table;
    let condition = &table.conditions[index];
    let rules = table.rules.iter().filter(|rule| rule.conditions.contains(&condition.id));
    let cited: BTreeSet<&Id> = condition.sources.iter().chain(rules.flat_map(|rule| &rule.sources)).collect();
    let edges = cited
        .into_iter()
        .filter_map(|id| graph.find(id))
        .filter(|to| graph.node(*to).kind == Kind::Reference)
        .map(|to| Edge { to, kind: EdgeKind::Cites, spot: Spot::Text(Place::File) })
        .collect();
    (edges, Findings::default())
}

/// Ids in `safety.yaml` that name no reference or no exercise.
fn check_table(graph: &Graph, findings: &mut Findings) {
    let table = &graph.safety.table;
    let file = FilePath::from(SAFETY);
    let mut check = |list: &str, i: usize, key: &str, ids: &[Id], kind: Kind| {
        for (n, id) in ids.iter().enumerate() {
            let at = At { file: file.clone(), place: Place::Field(steps([list, &i.to_string(), key, &n.to_string()])) };
            match graph.find(id).map(|index| graph.node(index).kind) {
                Some(found) if found == kind => {}
                Some(found) if kind != Kind::Reference => findings.push(l002_wrong_kind::finding(at, id, found, key, kind)),
                _ if kind == Kind::Reference => {
                    let known = graph.of_kind(kind).map(|(_, node)| &*node.id);
                    findings.push(e001_unknown_reference::finding(at, id, known));
                }
                _ => findings.push(l001_unknown_entry::finding(at, id, graph.of_kind(kind).map(|(_, node)| &*node.id))),
            }
        }
    };
    for (i, movement) in table.movements.iter().enumerate() {
        check("movements", i, "sources", &movement.sources, Kind::Reference);
    }
    for (i, condition) in table.conditions.iter().enumerate() {
        check("conditions", i, "sources", &condition.sources, Kind::Reference);
    }
    for (i, rule) in table.rules.iter().enumerate() {
        check("rules", i, "sources", &rule.sources, Kind::Reference);
        check("rules", i, "alternatives", &rule.alternatives, Kind::Exercise);
    }
    for (i, warning) in table.general_warnings.iter().enumerate() {
        check("general_warnings", i, "sources", &warning.sources, Kind::Reference);
    }
    for (i, card) in table.care_cards.iter().enumerate() {
        check("care_cards", i, "sources", &card.sources, Kind::Reference);
    }
}

/// Ids in `changes.yaml` that name no entry.
fn check_changes(graph: &Graph, findings: &mut Findings) {
    let file = FilePath::from(CHANGES);
    for (i, change) in graph.changes.iter().enumerate() {
        for (n, id) in change.entries.iter().enumerate().filter(|(_, id)| graph.find(id).is_none()) {
            let at = At::field(&file, [i.to_string().as_str(), "entries", &n.to_string()]);
            findings.push(if graph.is_draft(id) {
                l001_unknown_entry::draft(at, id)
            } else {
                l001_unknown_entry::finding(at, id, graph.ids())
            });
        }
    }
}

/// The words that people type, by entry. A word can't mean two entries.
fn typed(graph: &Graph, findings: &mut Findings) -> BTreeMap<Id, Vec<String>> {
    let mut typed: BTreeMap<Id, Vec<String>> = BTreeMap::new();
    let mut known: BTreeMap<String, At> = BTreeMap::new();
    for (i, set) in graph.synonyms.iter().enumerate() {
        let at =
            |path: &[&str]| At::field(&SYNONYMS.into(), ["synonyms", &i.to_string()].into_iter().chain(path.iter().copied()));
        if set.entry.is_empty() {
            continue;
        }
        let is_there = check_entry(graph, &set.entry, at(&["entry"]), findings);
        for (w, word) in set.words.iter().enumerate() {
            let at = at(&["words", &w.to_string()]);
            match known.get(&word.to_lowercase()) {
                Some(first) => findings.push(q002_repeated_words::synonym(at, word, first.clone())),
                None if is_there => {
                    known.insert(word.to_lowercase(), at);
                    typed.entry(set.entry.clone()).or_default().push(word.clone());
                }
                None => {}
            }
        }
    }
    typed
}

/// Queries that want what isn't there, or that stand twice.
fn check_queries(graph: &Graph, findings: &mut Findings) {
    let mut known: BTreeMap<String, At> = BTreeMap::new();
    for (i, query) in graph.queries.iter().enumerate() {
        let at = |key: &str| At::field(&QUERIES.into(), ["queries", &i.to_string(), key]);
        for (key, id) in [("first", &query.first), ("among", &query.among)] {
            if let Some(id) = id {
                check_entry(graph, id, at(key), findings);
            }
        }
        match known.get(&query.query.to_lowercase()) {
            Some(first) => findings.push(q002_repeated_words::query(at("query"), &query.query, first.clone())),
            None => drop(known.insert(query.query.to_lowercase(), at("query"))),
        }
    }
}

/// Whether an entry is there, or a finding.
fn check_entry(graph: &Graph, id: &Id, at: At, findings: &mut Findings) -> bool {
    let is_there = graph.find(id).is_some();
    if !is_there {
        findings.push(unknown(graph, id, at));
    }
    is_there
}

/// No entry has an id, or one that is left out as a draft.
fn unknown(graph: &Graph, id: &Id, at: At) -> Finding {
    if graph.is_draft(id) { l001_unknown_entry::draft(at, id) } else { l001_unknown_entry::finding(at, id, graph.ids()) }
}

/// Menu entries that lead nowhere.
fn check_menu(graph: &Graph, findings: &mut Findings) {
    for (i, item) in graph.config.settings.menu.iter().enumerate() {
        let is_elsewhere = item.url.starts_with("https://") || item.url.starts_with("http://");
        if !is_elsewhere && !item.url.is_empty() && graph.menu_url(&item.url).is_none() {
            let at = At::field(&crate::config::CONFIG.into(), ["menu", &i.to_string(), "url"]);
            findings.push(l003_broken_link::menu(at, &item.url, graph.ids().chain(graph.addresses())));
        }
    }
}

impl Graph {
    /// The address that a menu entry means: an id, or a path of the site.
    pub fn menu_url(&self, written: &str) -> Option<String> {
        if let Some(index) = self.find(written) {
            return Some(self.node(index).url.clone());
        }
        [written.to_owned(), format!("{written}/")].into_iter().find(|url| self.target(url).is_some() || self.is_file(url))
    }
}

/// Edges by the node to which they lead. A card warns with every warning that it shows, inherited ones included.
fn backlinks(graph: &Graph) -> Vec<Vec<(NodeIndex, EdgeKind)>> {
    let mut back: Vec<Vec<(NodeIndex, EdgeKind)>> = vec![Vec::new(); graph.nodes.len()];
    for (from, (edges, warnings)) in (0..).zip(graph.edges.iter().zip(&graph.warnings)) {
        for edge in edges {
            back[edge.to as usize].push((from, edge.kind));
        }
        for warning in warnings {
            back[*warning as usize].push((from, EdgeKind::Warns));
        }
    }
    for links in &mut back {
        links.sort_by_key(|(from, kind)| (*kind, *from));
        links.dedup();
    }
    back
}

/// The warnings of each card: its own, those of its movements and those of its equipment.
fn warnings(graph: &Graph) -> Vec<Vec<NodeIndex>> {
    let mut by_movement: HashMap<&str, Vec<NodeIndex>> = HashMap::new();
    let mut by_equipment: HashMap<&str, Vec<NodeIndex>> = HashMap::new();
    for (index, node) in graph.of_kind(Kind::Warning) {
        let Some(Data::Warning(warning)) = node.data() else { continue };
        for movement in &warning.applies_to.movements {
            by_movement.entry(movement).or_default().push(index);
        }
        for equipment in &warning.applies_to.equipment {
            by_equipment.entry(equipment).or_default().push(index);
        }
    }
    let severity = |index: NodeIndex| match graph.node(index).data() {
        Some(Data::Warning(warning)) => warning.severity,
        _ => None,
    };
    let inherited = |exercise: &Exercise| {
        let own = exercise.warnings.iter().filter_map(|id| graph.find(id));
        let own = own.filter(|index| graph.node(*index).kind == Kind::Warning);
        let movements = exercise.movements.iter().filter_map(|id| by_movement.get(&**id)).flatten().copied();
        let equipment = exercise.equipment.iter().filter_map(|name| by_equipment.get(name.as_str())).flatten().copied();
        let mut warnings: Vec<NodeIndex> = own.chain(movements).chain(equipment).collect();
        warnings.sort_by_key(|index| (gravity(severity(*index)), *index));
        warnings.dedup();
        warnings
    };
    let of_node = |node: &Node| match node.data() {
        Some(Data::Exercise(exercise)) => inherited(exercise),
        _ => Vec::new(),
    };
    graph.nodes.iter().map(of_node).collect()
}
