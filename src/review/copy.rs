//! A copy of an entry for reviewers who read on paper: what its page says, the verdicts, the rules and the evidence that it
//! stands on, and boxes to tick and sign. One HTML file that needs nothing else and runs nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Serialize;
use tera::{Context, Tera};

use super::{parts, shown, whole};
use crate::entry::{Data, Date, Id, Verdict};
use crate::files::Files;
use crate::finding::Level;
use crate::graph::{Graph, NodeIndex, Target};
use crate::render::{self, Snapshot};

const TEMPLATE: &str = include_str!("copy.html");
const STYLE: &str = include_str!("copy.css");

/// A verdict for readers.
#[derive(Debug, Serialize)]
struct Shown {
    word: &'static str,
    label: &'static str,
}

impl From<Verdict> for Shown {
    fn from(verdict: Verdict) -> Self {
        Shown { word: verdict.word(), label: verdict.label() }
    }
}

/// An exercise with its verdict for each condition of the audience.
#[derive(Debug, Serialize)]
struct Row<'g> {
    title: &'g str,
    verdicts: Vec<Shown>,
}

/// A rule that decides one of the verdicts.
#[derive(Debug, Serialize)]
struct Decision<'g> {
    id: &'g str,
    movement: &'g str,
    conditions: Vec<&'g str>,
    verdict: Option<Shown>,
    warning: &'g str,
    is_pending: bool,
}

/// A reference with what its record says.
#[derive(Debug, Serialize)]
struct Source<'g> {
    id: &'g str,
    html: &'g str,
    design: Option<&'g str>,
    participants: Option<&'g str>,
    population: Option<&'g str>,
    finding: Option<&'g str>,
    limits: Option<&'g str>,
}

/// The copy, or why there can be none. An entry that can't be reviewed is refused as in [`super::sign::find`].
pub fn copy(snapshot: &Arc<Snapshot>, files: &Files, id: &str) -> Result<String, String> {
    let graph = &snapshot.graph;
    let index = super::sign::find(graph, id)?;
    let node = graph.node(index);
    let parts = parts(graph, index);
    let text = text(snapshot, files, index)?;
    let audience = audience(graph, index);
    let (_, exercises) = shown(graph, index);
    let css = snapshot.theme.assets.iter().filter(|(name, _)| name.ends_with(".css"));
    let css: String = css.map(|(_, asset)| String::from_utf8_lossy(&asset.bytes).into_owned()).collect();
    let person = |id: &Id| graph.person(id).map_or_else(|| id.to_string(), |person| person.name.clone());
    let authors: Vec<String> = node.document().into_iter().flat_map(|document| &document.meta.authors).map(person).collect();
    let sources: Vec<Source<'_>> =
        parts.keys().filter_map(|part| part.0.strip_prefix("reference ")).filter_map(|id| source(snapshot, id)).collect();
    let mut context = Context::new();
    context.insert("language", &graph.config.language);
    context.insert("site", &graph.config.settings.title);
    context.insert("title", &node.title);
    context.insert("kind", node.kind.word());
    context.insert("id", &*node.id);
    context.insert("address", &graph.config.permalink(&node.url));
    context.insert("authors", &authors);
    context.insert("date", &in_words(graph.config.options.today));
    context.insert("hash", &whole(&parts));
    context.insert("style", &format!("{css}\n{STYLE}").replace("</", "<\\/"));
    context.insert("text", &text);
    context.insert("audience", &audience.iter().map(|c| &graph.safety.table.conditions[*c].label).collect::<Vec<_>>());
    context.insert("rows", &rows(graph, &exercises.iter().copied().collect::<Vec<_>>(), &audience));
    context.insert("decisions", &decisions(graph, &exercises.iter().copied().collect::<Vec<_>>(), &audience));
    context.insert("sources", &sources);
    let mut tera = Tera::new();
    tera.autoescape_on([".html"]);
    let page = tera.add_raw_template("copy.html", TEMPLATE).and_then(|()| tera.render("copy.html", &context));
    page.map_err(|error| format!("the copy can't be made: {error}"))
}

fn in_words(date: Date) -> String {
    format!("{} {} {}", date.day, date.month_name(), date.year)
}

/// The conditions for whose people an entry is written, by index; none if it is for everybody.
fn audience(graph: &Graph, index: NodeIndex) -> Vec<usize> {
    let named = match graph.node(index).data() {
        Some(Data::Article(article)) => &article.audience[..],
        Some(Data::Programme(programme)) => &programme.audience,
        _ => &[],
    };
    named.iter().filter_map(|id| Some(graph.condition(graph.find(id)?)?.0)).collect()
}

fn rows<'g>(graph: &'g Graph, exercises: &[NodeIndex], audience: &[usize]) -> Vec<Row<'g>> {
    let row = |index: &NodeIndex| {
        let Some(Data::Exercise(exercise)) = graph.node(*index).data() else { return None };
        let profile = graph.safety.profile(exercise);
        let verdicts = audience.iter().map(|condition| graph.safety.exercise(&profile, *condition).into()).collect();
        Some(Row { title: &graph.node(*index).title, verdicts })
    };
    exercises.iter().filter(|_| !audience.is_empty()).filter_map(row).collect()
}

/// The rules behind the verdicts of the exercises: for the audience if there is one, else for everybody.
fn decisions<'g>(graph: &'g Graph, exercises: &[NodeIndex], audience: &[usize]) -> Vec<Decision<'g>> {
    let table = &graph.safety.table;
    let everybody: Vec<usize> = (0..table.conditions.len()).collect();
    let conditions = if audience.is_empty() { &everybody } else { audience };
    let mut rules = BTreeMap::new();
    for index in exercises {
        let Some(Data::Exercise(exercise)) = graph.node(*index).data() else { continue };
        for movement in exercise.movements.iter().filter_map(|id| graph.safety.movement(id)) {
            let found = conditions.iter().flat_map(|condition| graph.safety.rules(movement, *condition));
            rules.extend(found.map(|rule| (std::cmp::Reverse(rule.verdict), &rule.id, rule)).map(|(a, b, c)| ((a, b), c)));
        }
    }
    let label = |id: &'g Id| {
        let found = table.conditions.iter().find(|condition| condition.id == *id);
        found.map_or(&**id, |condition| condition.label.as_str())
    };
    let decision = |rule: &'g crate::entry::Rule| Decision {
        id: &rule.id,
        movement: graph
            .safety
            .movement(&rule.movement)
            .map_or("every movement", |movement| table.movements[movement].label.as_str()),
        conditions: rule.conditions.iter().map(label).collect(),
        verdict: rule.verdict.map(Shown::from),
        warning: &rule.warning,
        is_pending: rule.review.as_deref() != Some("sourced"),
    };
    rules.into_values().map(decision).collect()
}

fn source<'g>(snapshot: &'g Snapshot, id: &str) -> Option<Source<'g>> {
    let node = snapshot.graph.node(snapshot.graph.find(id)?);
    let Some(Data::Reference(reference)) = node.data() else { return None };
    let study = &reference.study;
    Some(Source {
        id: &node.id,
        html: &snapshot.printed(id)?.html,
        design: study.design.as_deref(),
        participants: study.participants.as_deref(),
        population: study.population.as_deref(),
        finding: study.finding.as_deref(),
        limits: study.limits.as_deref(),
    })
}

/// What the page of an entry says between `<main>` and `</main>`, with everything unfolded, pictures inside, and links that lead
/// to the published site.
fn text(snapshot: &Arc<Snapshot>, files: &Files, index: NodeIndex) -> Result<String, String> {
    let graph = &snapshot.graph;
    let is_it = |target: &Target| matches!(target, Target::Entry(found) | Target::Home(Some(found)) if *found == index);
    let route = graph.routes.iter().find(|route| snapshot.theme.is_sound() && is_it(&route.target));
    let Some(route) = route else { return Err("the page can't be made; `osteon check` shows why".into()) };
    let page = render::page(snapshot, route);
    if let Some(error) = page.findings.0.iter().find(|finding| finding.level == Level::Error) {
        return Err(format!("the page can't be made: {}", error.message));
    }
    let html = String::from_utf8_lossy(&page.bytes);
    let main =
        html.split_once("<main").and_then(|(_, rest)| rest.split_once('>')).and_then(|(_, rest)| rest.rsplit_once("</main>"));
    let Some((main, _)) = main else { return Err("the theme's page has no `<main>`, so its text can't be found".into()) };
    let host = graph.config.base_url.strip_suffix(&graph.config.base).unwrap_or_default();
    let main = main
        .replace("<details open", "<details")
        .replace("<details", "<details open")
        .replace(" href=\"/", &format!(" href=\"{host}/"));
    Ok(with_pictures(&main, &graph.config.base, files))
}

/// Puts the pictures of the site into the text.
fn with_pictures(html: &str, base: &str, files: &Files) -> String {
    let mut parts = html.split(" src=\"");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(" src=\"");
        let (path, rest) = part.split_once('"').unwrap_or((part, ""));
        let file = path.strip_prefix(base).and_then(|path| files.at(&format!("static{path}")));
        match file.and_then(|file| Some((file, media_type(file.extension())?))) {
            Some((file, kind)) => text.extend(["data:", kind, ";base64,", &BASE64_STANDARD.encode(&file.bytes)]),
            None => text.push_str(path),
        }
        text.push('"');
        text.push_str(rest);
    }
    text
}

fn media_type(extension: &str) -> Option<&'static str> {
    match extension.to_ascii_lowercase().as_str() {
        "svg" => Some("image/svg+xml"),
        "png" => Some("image/png"),
        "jpg" | "jpeg" => Some("image/jpeg"),
        "webp" => Some("image/webp"),
        "avif" => Some("image/avif"),
        "gif" => Some("image/gif"),
        _ => None,
    }
}
