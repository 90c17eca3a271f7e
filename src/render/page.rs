//! One route → one output, through the template of its kind.

use std::sync::Arc;

use tera::{Context, Value};

use super::reads::note;
use super::text::{Body, body, parts_value};
use super::{Snapshot, inspect, json_ld, record};
use crate::cache::TextRecord;
use crate::entry::{Data, Id, Kind, Study};
use crate::finding::Findings;
use crate::graph::query::{Query, Read};
use crate::graph::view::{array, map, object};
use crate::graph::{EdgeKind, List, ListKind, NodeIndex, Route, Target};
use crate::hash::Hash;
use crate::theme::render_error;

/// A rendered output.
#[derive(Debug)]
pub struct Page {
    /// The output.
    pub bytes: Vec<u8>,
    /// What was asked.
    pub reads: Vec<Read>,
    /// What went wrong.
    pub findings: Findings,
}

/// Renders what stands at a route.
pub fn page(snapshot: &Arc<Snapshot>, route: &Route) -> Page {
    let (result, reads) = record(snapshot, || render(snapshot, route));
    let mut findings = Findings::default();
    let bytes = match result {
        Ok((bytes, template)) => {
            findings.extend(inspect::page(snapshot, route, &template, &bytes));
            bytes
        }
        Err(error) => {
            findings.push(render_error(&snapshot.theme, &error, &route.url));
            Vec::new()
        }
    };
    Page { bytes, reads, findings }
}

/// What is said about a page as a whole.
struct About {
    template: String,
    kind: &'static str,
    title: String,
    description: String,
    image: Option<String>,
    crumbs: Vec<(String, String)>,
}

fn render(snapshot: &Arc<Snapshot>, route: &Route) -> tera::TeraResult<(Vec<u8>, String)> {
    let graph = &snapshot.graph;
    let mut context = Context::new();
    let mut ask = |name: &'static str, query: Query| {
        let (value, hash) = snapshot.answer(&query);
        note(query, hash);
        context.insert_value(name, value.clone());
        value
    };
    let route_query = Query::Route(route.url.clone());
    let hash = snapshot.hash(&route_query);
    note(route_query, hash);
    ask("site", Query::Site);
    let about = match &route.target {
        Target::Home(Some(index)) | Target::Entry(index) => {
            let id = graph.node(*index).id.clone();
            ask("entry", Query::Entry(id.clone()));
            if graph.node(*index).document().is_some() {
                ask("text", Query::Text(id));
            }
            about_entry(snapshot, *index)
        }
        Target::List(list, page) => {
            let list = &graph.lists[*list];
            ask("list", Query::List(list.url.clone(), u32::try_from(*page).unwrap_or(u32::MAX)));
            about_list(snapshot, list, *page)
        }
        Target::Terms(taxonomy) => {
            let terms = ask("terms", Query::Terms((*taxonomy).into()));
            let value = object([("id", taxonomy.word().into()), ("title", taxonomy.title().into()), ("terms", terms)]);
            context.insert_value("taxonomy", value);
            About {
                crumbs: vec![(taxonomy.title().to_owned(), taxonomy.url())],
                ..simple("terms.html", "terms", taxonomy.title(), "All of them, with the number of entries for each.")
            }
        }
        Target::Redirect(to) => {
            context.insert_value("to", graph.config.href(to).into());
            simple("redirect.html", "redirect", "This page has moved", "This page has a new address.")
        }
        Target::Home(None) => simple("home.html", "home", &graph.config.settings.title, &home_description(snapshot)),
        Target::Glossary => simple("glossary.html", "glossary", "Glossary", "The words of this site in plain language."),
        Target::People => simple(
            "people.html",
            "people",
            "Who writes and checks this",
            "The people behind this site, with their roles, qualifications and interests.",
        ),
        Target::Safety => simple(
            "safety.html",
            "safety",
            "Safety rules and when to get help",
            "When to get help, what holds for everybody, and what the exercises of this site do to a body.",
        ),
        Target::Changes => simple(
            "changes.html",
            "changes",
            "Changed advice",
            "What this site advises differently than before, and why, with the newest change first.",
        ),
        Target::Search => simple("search.html", "search", "Search", "Find an exercise, a condition, a word or an answer."),
        Target::AToZ => simple(
            "a-z.html",
            "a-z",
            "A to Z",
            "Every exercise, condition, question and word of this site in alphabetical order, with other names for them.",
        ),
        Target::NotFound => simple("404.html", "not-found", "Page not found", "There is no page at this address."),
        Target::Atom => simple("feed.xml", "feed", &graph.config.settings.title, ""),
        Target::JsonFeed => simple("feed.json", "feed", &graph.config.settings.title, ""),
        Target::Sitemap => simple("sitemap.xml", "sitemap", "", ""),
        Target::Robots => simple("robots.txt", "robots", "", ""),
    };
    let mut crumbs = about.crumbs.clone();
    if crumbs.is_empty() && route.url != "/" {
        crumbs.push((about.title.clone(), route.url.clone()));
    }
    crumbs.insert(0, ("Home".to_owned(), "/".to_owned()));
    let is_html = about.template.ends_with(".html") && !matches!(route.target, Target::Redirect(_));
    let ld = if is_html { json_ld::of_page(snapshot, route, &about.title, &about.description, &crumbs) } else { String::new() };
    let disclaimer = is_advice(snapshot, route).then(|| Value::safe_string(&snapshot.disclaimer("span")));
    let crumb =
        |(title, url): &(String, String)| object([("title", title.as_str().into()), ("url", graph.config.href(url).into())]);
    context.insert_value(
        "page",
        object([
            ("url", graph.config.href(&route.url).into()),
            ("permalink", graph.config.permalink(&route.url).into()),
            ("title", about.title.as_str().into()),
            ("description", about.description.as_str().into()),
            ("kind", about.kind.into()),
            ("image", about.image.as_deref().into()),
            ("breadcrumbs", array(crumbs.iter().map(crumb))),
            ("json_ld", Value::safe_string(&ld)),
            ("disclaimer", disclaimer.into()),
        ]),
    );
    // Most pages fit: growing the buffer would copy them several times.
    let mut bytes = Vec::with_capacity(32 * 1024);
    snapshot.theme.tera.render_to(&about.template, &context, &mut bytes)?;
    Ok((bytes, about.template))
}

/// Whether a page advises its readers, and so must say that it doesn't replace their own clinician.
pub(super) fn is_advice(snapshot: &Snapshot, route: &Route) -> bool {
    let graph = &snapshot.graph;
    match &route.target {
        Target::Home(_) | Target::Safety => true,
        Target::Entry(index) => match graph.node(*index).kind {
            Kind::Article | Kind::Exercise | Kind::Programme | Kind::Warning | Kind::Claim | Kind::Condition => true,
            Kind::Page => graph.edges[*index as usize].iter().any(|edge| edge.kind == EdgeKind::Embeds),
            Kind::Reference | Kind::Term => false,
        },
        _ => false,
    }
}

fn simple(template: &str, kind: &'static str, title: &str, description: &str) -> About {
    About {
        template: template.to_owned(),
        kind,
        title: title.to_owned(),
        description: description.to_owned(),
        image: None,
        crumbs: Vec::new(),
    }
}

fn home_description(snapshot: &Snapshot) -> String {
    let settings = &snapshot.graph.config.settings;
    settings.description.clone().unwrap_or_else(|| settings.title.clone())
}

fn about_entry(snapshot: &Snapshot, index: NodeIndex) -> About {
    let graph = &snapshot.graph;
    let node = graph.node(index);
    let is_home = node.url == "/";
    let mut about = About {
        template: template(snapshot, index),
        kind: if is_home { "home" } else { node.kind.word() },
        title: node.title.clone(),
        description: graph.description(index),
        image: None,
        crumbs: Vec::new(),
    };
    match node.data() {
        Some(Data::Article(article)) => {
            about.image = article.og_image.as_deref().or(article.image.as_deref()).map(|path| absolute(snapshot, path));
        }
        // A claim without a title of its own is known by the question that it answers.
        Some(Data::Claim(claim)) if node.document().is_some_and(|document| document.meta.title.is_empty()) => {
            about.title = claim.question.clone().unwrap_or(about.title);
        }
        _ => {}
    }
    if let Some(section) = graph.section(node.kind) {
        about.crumbs.push((section.title.clone(), section.url.clone()));
    }
    if !is_home {
        about.crumbs.push((about.title.clone(), node.url.clone()));
    }
    about
}

/// The whole address of a picture.
fn absolute(snapshot: &Snapshot, path: &str) -> String {
    if path.starts_with("https://") || path.starts_with("http://") {
        path.to_owned()
    } else {
        snapshot.graph.config.permalink(&format!("/{}", path.trim_start_matches('/')))
    }
}

/// The template of an entry: its `layout`, if the theme has it, else the one of its kind.
pub(super) fn template(snapshot: &Snapshot, index: NodeIndex) -> String {
    let node = snapshot.graph.node(index);
    let layout = match node.data() {
        Some(Data::Article(article)) => article.layout.as_deref(),
        Some(Data::Page(page)) => page.layout.as_deref(),
        _ => None,
    };
    let layout = layout.map(|layout| if layout.contains('.') { layout.to_owned() } else { format!("{layout}.html") });
    let default = if node.url == "/" { "home.html".to_owned() } else { format!("{}.html", node.kind.word()) };
    layout.filter(|layout| snapshot.theme.has(layout)).unwrap_or(default)
}

fn about_list(snapshot: &Snapshot, list: &List, page: usize) -> About {
    let pages = list.pages(snapshot.graph.config.page_size);
    let mut title = list.title.clone();
    let mut crumbs = Vec::new();
    if let ListKind::Term(taxonomy, _) = &list.kind {
        if *taxonomy != crate::graph::Taxonomy::Tags
            && let Some(section) = snapshot.graph.section(Kind::Exercise)
        {
            crumbs.push((section.title.clone(), section.url.clone()));
        }
        crumbs.push((taxonomy.title().to_owned(), taxonomy.url()));
    }
    crumbs.push((list.title.clone(), list.url.clone()));
    let mut description = intro(list);
    if pages > 1 {
        description = format!("{description} Page {page} of {pages}.");
    }
    if page > 1 {
        title = format!("{title}, page {page}");
        crumbs.push((format!("Page {page}"), list.page_url(page)));
    }
    About { title, crumbs, ..simple("list.html", "list", "", &description) }
}

/// A sentence about a list.
pub(super) fn intro(list: &List) -> String {
    match &list.kind {
        ListKind::Section(kind) => match kind {
            Kind::Article => "What is known about exercise, with the evidence for each figure.".to_owned(),
            Kind::Exercise => "Exercise cards with steps, doses, warnings and the evidence behind them.".to_owned(),
            Kind::Programme => "Exercises week by week, chosen for the people they are written for.".to_owned(),
            Kind::Warning => "What can go wrong, how to notice it, and what to do instead.".to_owned(),
            Kind::Claim => "What is known, how certain it is, and the studies for and against it.".to_owned(),
            Kind::Reference => "Every source that this site stands on, and where each is used.".to_owned(),
            Kind::Condition => "Which exercises are fine, which to change, and which to leave with each condition.".to_owned(),
            Kind::Page | Kind::Term => String::new(),
        },
        ListKind::Term(taxonomy, _) => {
            let title = &list.title;
            match taxonomy {
                crate::graph::Taxonomy::Tags => format!("Everything about {}.", title.to_lowercase()),
                crate::graph::Taxonomy::Category => format!("Exercises of the category {}.", title.to_lowercase()),
                crate::graph::Taxonomy::Area => format!("Exercises for {}.", title.to_lowercase()),
                crate::graph::Taxonomy::Equipment => format!("Exercises that use: {}.", title.to_lowercase()),
                crate::graph::Taxonomy::Position => format!("Exercises done {}.", title.to_lowercase()),
            }
        }
    }
}

/// The variable `text` of an entry, and its fingerprint. What was found out about the text is remembered.
pub(super) fn text_value(snapshot: &Arc<Snapshot>, index: NodeIndex) -> (Value, Hash) {
    let Some(document) = snapshot.graph.node(index).document() else { return (Value::none(), Hash::default()) };
    let body = body(snapshot, index);
    let mut text = parts_value(&document.data, &body.parts);
    let toc = document.headings.iter().map(|heading| {
        object([("level", heading.level.into()), ("id", heading.id.as_str().into()), ("title", heading.title.as_str().into())])
    });
    text.extend(map([
        ("toc", array(toc)),
        ("warnings", Value::safe_string(&body.warnings)),
        ("references", references(snapshot, &body)),
    ]));
    let numbered = |ids: &[Id]| {
        array(ids.iter().filter_map(|id| {
            let number = body.cited.iter().position(|cited| cited.id == *id)? + 1;
            Some(object([("id", (&**id).into()), ("number", number.into())]))
        }))
    };
    match &document.data {
        Data::Exercise(exercise) => text.extend(map([("evidence", numbered(&exercise.evidence))])),
        Data::Warning(warning) => text.extend(map([("evidence", numbered(&warning.evidence))])),
        Data::Claim(claim) => {
            text.extend(map([("supports", numbered(&claim.supports)), ("contradicts", numbered(&claim.contradicts))]));
        }
        Data::Reference(_) => {
            let printed = snapshot.printed(&document.id).map(|printed| Value::safe_string(&printed.html));
            text.extend(map([("citation", printed.into())]));
        }
        _ => {}
    }
    let hash = body.hash;
    snapshot.remember(index, TextRecord::of(body, document.file_key()));
    (Value::from(text), hash)
}

fn references(snapshot: &Snapshot, body: &Body) -> Value {
    let graph = &snapshot.graph;
    array(body.cited.iter().enumerate().filter_map(|(i, cited)| {
        let node = graph.node(graph.find(&cited.id)?);
        let printed = snapshot.printed(&cited.id)?;
        let (caution, participants) = node.study().map(Study::shown).unwrap_or_default();
        // A place that stands for several references of a range is listed once for each of them.
        let places = cited
            .places
            .iter()
            .enumerate()
            .map(|(k, place)| object([("id", place.as_str().into()), ("label", (k + 1).to_string().into())]));
        Some(object([
            ("id", (&*cited.id).into()),
            ("number", (i + 1).into()),
            ("html", Value::safe_string(&printed.html)),
            ("caution", caution.into()),
            ("participants", participants.into()),
            ("url", graph.config.href(&node.url).into()),
            ("places", array(places)),
        ]))
    }))
}
