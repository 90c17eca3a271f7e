//! `T003` unknown-layout.

use super::rule;
use crate::entry::Data;
use crate::finding::{At, Finding, Findings, Level, did_you_mean};
use crate::graph::{Graph, Node};
use crate::theme::Theme;

rule! {
    /// # What it finds
    ///
    /// A `layout` that is no template of the theme.
    ///
    /// # Why it matters
    ///
    /// The page is rendered with the template of its kind instead.
    ///
    /// # Example
    ///
    /// ```yaml
    /// layout: articel
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// layout: article
    /// ```
    ///
    /// A `layout` that another generator left can be removed.
    UNKNOWN_LAYOUT = "T003", "unknown-layout", Warning
}

/// No template is called `layout`.
pub fn finding<'a>(at: At, layout: &str, used: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    Finding::new(&UNKNOWN_LAYOUT, at, format!("the theme has no template `{layout}`; `{used}` is used"))
        .help("remove `layout`, or add the template to your theme")
        .help_if(did_you_mean(layout.trim_end_matches(".html"), known.into_iter().map(|name| name.trim_end_matches(".html"))))
}

/// Every `layout` that no template has. One of another generator is a note: its posts are read as they are.
pub fn check(graph: &Graph, theme: &Theme) -> Findings {
    let mut findings = Findings::default();
    for document in graph.nodes.iter().filter_map(Node::document) {
        let (layout, used) = match &document.data {
            Data::Article(article) => (article.layout.as_deref(), "article.html"),
            Data::Page(page) => (page.layout.as_deref(), "page.html"),
            _ => continue,
        };
        let Some(layout) = layout else { continue };
        if theme.has(layout) || theme.has(&format!("{layout}.html")) {
            continue;
        }
        let is_foreign = [".njk", ".liquid", ".hbs", ".ejs"].iter().any(|ending| layout.ends_with(ending));
        let finding = finding(document.field(["layout"]), layout, used, theme.templates());
        findings.push(if is_foreign { finding.level(Level::Note) } else { finding });
    }
    findings
}
