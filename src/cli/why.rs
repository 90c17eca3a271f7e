//! `osteon why URL`.

use std::fmt::Write as _;

use anyhow::bail;

use super::build::cached;
use super::{Outcome, SiteArgs, print};
use crate::finding::did_you_mean;

/// Prints what a page asked when it was rendered, and why it was rendered.
pub(super) fn why(url: &str, site: &SiteArgs) -> anyhow::Result<Outcome> {
    let Some(cache) = cached(&site.root) else {
        bail!("this site was not built yet: run `osteon build` first");
    };
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path
        .strip_prefix("http://")
        .or_else(|| path.strip_prefix("https://"))
        .and_then(|rest| rest.find('/').map(|at| &rest[at..]))
        .unwrap_or(path);
    let path = format!("/{}", path.trim_start_matches('/'));
    let Some((address, record)) =
        [path.clone(), format!("{path}/")].into_iter().find_map(|path| cache.pages.get_key_value(&path))
    else {
        let known = cache.pages.keys().map(String::as_str);
        bail!(
            "there was no page at `{path}` in the last build{}",
            did_you_mean(&path, known).map(|help| format!("; {help}")).unwrap_or_default()
        );
    };
    let mut text = format!("{address}\n  rendered because {}\n\n  depends on\n", record.reason);
    for read in record.reads.iter() {
        let _ = writeln!(text, "    {}", read.query);
        if let crate::graph::query::Query::Text(id) = &read.query
            && let Some(inner) = cache.texts.get(id)
        {
            for read in inner.reads.iter() {
                let _ = writeln!(text, "      {}", read.query);
            }
        }
    }
    print(&text)?;
    Ok(Outcome::Clean)
}
