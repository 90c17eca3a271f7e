//! `osteon search QUERY`.

use std::fmt::Write as _;

use serde_json::json;

use super::build::read;
use super::{Outcome, SearchArgs, SearchFormat, print};
use crate::entry::Verdict;
use crate::graph::Graph;
use crate::graph::view::kind_label;
use crate::search::query::{Results, search, strictest};

/// Prints what readers would find.
pub(super) fn run(arguments: &SearchArgs) -> anyhow::Result<Outcome> {
    let files = read(&arguments.root)?;
    let (snapshot, _) = crate::snapshot(&files, &arguments.options());
    let index = crate::search::index(&snapshot, &crate::search::Known::default());
    let graph = &snapshot.graph;
    let mut text = String::new();
    for query in &arguments.query {
        let results = search(graph, &index, query, arguments.limit);
        match arguments.format {
            SearchFormat::Human => human(graph, query, &results, &mut text),
            SearchFormat::Json => {
                let _ = writeln!(text, "{}", to_json(graph, query, &results));
            }
        }
    }
    print(&text)?;
    Ok(Outcome::Clean)
}

fn human(graph: &Graph, query: &str, results: &Results, text: &mut String) {
    for (from, to) in &results.corrected {
        let _ = writeln!(text, "“{from}” was taken for “{to}”");
    }
    let count = if results.total == 1 { "1 result".to_owned() } else { format!("{} results", results.total) };
    let _ = writeln!(text, "{count} for “{query}”\n");
    for (i, hit) in results.hits.iter().enumerate() {
        let node = graph.node(hit.entry);
        let _ = writeln!(
            text,
            "{:>3}. {} · {}\n     {}",
            i + 1,
            node.title,
            kind_label(node.kind),
            graph.config.permalink(&node.url)
        );
        if let Some(warning) = graph.warnings[hit.entry as usize].first().filter(|_| hit.is_warning_first) {
            let _ = writeln!(text, "     Warning: {}", graph.node(*warning).title);
        }
        if let Some((verdict, conditions)) = strictest(graph, hit.entry) {
            let whom = if verdict == Verdict::Ok { String::new() } else { format!(": {}", some(&conditions)) };
            let _ = writeln!(text, "     {}{whom}", verdict.label());
        }
        for (title, anchor) in &hit.sections {
            let _ = writeln!(text, "     → {title} (#{anchor})");
        }
    }
    text.push('\n');
}

/// The first few of many names.
fn some(names: &[&str]) -> String {
    const SHOWN: usize = 3;
    let more = names.len().saturating_sub(SHOWN);
    let shown = names[..names.len() - more].join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

fn to_json(graph: &Graph, query: &str, results: &Results) -> serde_json::Value {
    let hits = results.hits.iter().map(|hit| {
        let node = graph.node(hit.entry);
        let verdict =
            strictest(graph, hit.entry).map(|(verdict, conditions)| json!({"word": verdict.word(), "conditions": conditions}));
        let sections =
            hit.sections.iter().map(|(title, anchor)| json!({"title": title, "url": format!("{}#{anchor}", node.url)}));
        json!({
            "id": &*node.id,
            "kind": node.kind.word(),
            "title": node.title,
            "url": node.url,
            "score": hit.score,
            "verdict": verdict,
            "isWarningFirst": hit.is_warning_first,
            "sections": sections.collect::<Vec<_>>(),
        })
    });
    let corrected = results.corrected.iter().map(|(from, to)| json!({"from": from, "to": to}));
    json!({
        "query": query,
        "words": results.words,
        "corrected": corrected.collect::<Vec<_>>(),
        "total": results.total,
        "hits": hits.collect::<Vec<_>>(),
    })
}
