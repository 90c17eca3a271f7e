//! Every address of the site is made here and only here.

use std::collections::BTreeMap;

use super::list::{List, Taxonomy};
use super::{Graph, Node, NodeIndex, Source};
use crate::config::Config;
use crate::entry::{Id, Kind};
use crate::finding::{At, Findings};
use crate::parse::Document;
use crate::rules::{f007_foreign_key, r001_address_collision, r002_bad_address};

/// One output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The address within the site, without the path of `base_url`.
    pub url: String,
    /// What stands there.
    pub target: Target,
}

/// What stands at an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// The start page, with the entry `index` if there is one.
    Home(Option<NodeIndex>),
    /// An entry.
    Entry(NodeIndex),
    /// A page of a list: index of the list, and the page counted from 1.
    List(usize, usize),
    /// The terms of a taxonomy.
    Terms(Taxonomy),
    /// All terms of the glossary.
    Glossary,
    /// All authors and reviewers.
    People,
    /// Care cards, movements and general warnings.
    Safety,
    /// The public log of changed advice.
    Changes,
    /// Where readers search.
    Search,
    /// Everything by its names.
    AToZ,
    /// The page for addresses that don't exist.
    NotFound,
    /// The Atom feed.
    Atom,
    /// The JSON feed.
    JsonFeed,
    /// The sitemap.
    Sitemap,
    /// `robots.txt`.
    Robots,
    /// An old address that leads to another one.
    Redirect(String),
}

impl Route {
    /// The path of the output below the output folder.
    pub fn file(&self) -> String {
        let path = self.url.trim_start_matches('/');
        if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() }
    }
}

/// The address of a document: its `permalink`, or one from its kind and id.
pub(super) fn url_of(document: &Document, findings: &mut Findings) -> String {
    let default = match document.kind.section() {
        Some(section) => format!("/{section}/{}/", document.id),
        None if &*document.id == "index" => "/".to_owned(),
        None => format!("/{}/", document.id),
    };
    let Some(written) = &document.meta.permalink else { return default };
    // Eleventy and Jekyll compute addresses from templates; such a post keeps the address of its kind and id.
    if document.file.ends_with(".md") && ["{{", "{%", "/:"].iter().any(|sign| written.contains(sign)) {
        let reason = format!("addresses are not computed; the page stands at `{default}`");
        findings.push(f007_foreign_key::finding(document.field(["permalink"]), "permalink", &reason));
        return default;
    }
    address(written).unwrap_or_else(|| {
        findings.push(r002_bad_address::finding(document.field(["permalink"]), written));
        default
    })
}

/// The address of a condition.
pub(super) fn url_of_condition(id: &Id) -> String {
    format!("/conditions/{id}/")
}

/// The address of a term, which has no page of its own.
pub(super) fn url_of_term(id: &Id) -> String {
    format!("/glossary/#{id}")
}

/// An address as an author writes it: it stays inside the site and can be a path on every system.
fn address(written: &str) -> Option<String> {
    let path = written.trim().trim_start_matches('/');
    let is_segment = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.contains(|c: char| c.is_whitespace() || c.is_control() || "\\?#:*\"<>|%{}".contains(c))
    };
    // `permalink: false` keeps a page of Eleventy from being published: it must not be published at `/false/`.
    if matches!(written.trim(), "" | "false") {
        return None;
    }
    let body = path.strip_suffix('/').unwrap_or(path);
    if written.starts_with("//") || (!body.is_empty() && !body.split('/').all(is_segment)) || path.len() > 400 {
        return None;
    }
    let path = path.strip_suffix("index.html").unwrap_or(path);
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    Some(if path.is_empty() || path.ends_with('/') || is_file { format!("/{path}") } else { format!("/{path}/") })
}

/// All routes, in the order of their addresses, and the map from address to target.
pub(super) fn routes(
    config: &Config,
    nodes: &[Node],
    lists: &[List],
    has: Tables,
    files: &std::collections::BTreeSet<String>,
    findings: &mut Findings,
) -> (Vec<Route>, BTreeMap<String, Target>) {
    let mut routes = Routes { made: Vec::new(), taken: BTreeMap::new(), files, findings };
    let home = nodes.iter().position(|node| node.url == "/" && matches!(node.source, Source::Document(_)));
    let home = home.and_then(|index| NodeIndex::try_from(index).ok());
    routes.add("/", Target::Home(home), home.and_then(|index| nodes[index as usize].document().map(Document::at)));
    for (index, node) in (0..).zip(nodes) {
        let place = node.document().map(|document| match document.meta.permalink {
            Some(_) => document.field(["permalink"]),
            None => document.at(),
        });
        if Some(index) != home && node.kind != Kind::Term {
            routes.add(&node.url, Target::Entry(index), place);
        }
    }
    for (i, list) in lists.iter().enumerate() {
        for page in 1..=list.pages(config.page_size) {
            routes.add(&list.page_url(page), Target::List(i, page), None);
        }
    }
    for taxonomy in Taxonomy::ALL {
        if lists.iter().any(|list| matches!(&list.kind, super::ListKind::Term(of, _) if *of == taxonomy)) {
            routes.add(&taxonomy.url(), Target::Terms(taxonomy), None);
        }
    }
    for (is_there, url, target) in [
        (has.glossary, "/glossary/", Target::Glossary),
        (has.people, "/people/", Target::People),
        (has.safety, "/safety/", Target::Safety),
        (has.changes, "/changes/", Target::Changes),
        (true, "/search/", Target::Search),
        (true, "/a-z/", Target::AToZ),
        (true, "/404.html", Target::NotFound),
        (true, "/feed.xml", Target::Atom),
        (true, "/feed.json", Target::JsonFeed),
        (true, "/sitemap.xml", Target::Sitemap),
        (true, "/robots.txt", Target::Robots),
    ] {
        if is_there {
            routes.add(url, target, None);
        }
    }
    for node in nodes {
        let Some(document) = node.document() else { continue };
        for (i, alias) in document.meta.aliases.iter().enumerate() {
            let at = document.field(["aliases", &i.to_string()]);
            match address(alias) {
                Some(url) if url == node.url => {}
                Some(url) => routes.add(&url, Target::Redirect(node.url.clone()), Some(at)),
                None => routes.findings.push(r002_bad_address::finding(at, alias)),
            }
        }
    }
    let Routes { mut made, taken, .. } = routes;
    made.sort_by(|a, b| a.url.cmp(&b.url));
    let addresses = taken.into_values().map(|(url, target, _)| (url, target)).collect();
    (made, addresses)
}

/// Which tables the site has.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "one for each table")]
pub(super) struct Tables {
    pub(super) glossary: bool,
    pub(super) people: bool,
    pub(super) safety: bool,
    pub(super) changes: bool,
}

struct Routes<'a> {
    made: Vec<Route>,
    /// Output file in lower case → address, target and place of what claimed it first.
    taken: BTreeMap<String, Claim>,
    files: &'a std::collections::BTreeSet<String>,
    findings: &'a mut Findings,
}

impl Routes<'_> {
    fn add(&mut self, url: &str, target: Target, at: Option<At>) {
        let route = Route { url: url.to_owned(), target };
        let file = route.file();
        // Where upper and lower case are one, so are files that differ in nothing else.
        let key = file.to_lowercase();
        let place = || at.clone().unwrap_or_else(|| At::file(&crate::config::CONFIG.into()));
        if let Some((other, target, first)) = self.taken.get(&key).or_else(|| self.in_the_way(&key)) {
            // A page of osteon's own can't give way, so the finding stands where an author can act.
            let (place, by, first) = match (&at, first) {
                (None, Some(first)) => (first.clone(), own(&route.target).to_owned(), None),
                (_, None) => (place(), own(target).to_owned(), None),
                (Some(_), Some(first)) if other == url => (place(), format!("`{}`", first.file), Some(first.clone())),
                (Some(_), Some(first)) => (place(), format!("`{}`, which is at `{other}`", first.file), Some(first.clone())),
            };
            self.findings.push(r001_address_collision::finding(place, url, &by, first));
            return;
        }
        if let Some(other) = self.file_in_the_way(&file) {
            self.findings.push(r001_address_collision::finding(place(), url, &format!("the file `static/{other}`"), None));
            return;
        }
        self.taken.insert(key, (route.url.clone(), route.target.clone(), at));
        self.made.push(route);
    }

    /// A page whose file would have to be a folder for `file`, or the reverse.
    fn in_the_way(&self, file: &str) -> Option<&Claim> {
        let below = format!("{file}/");
        let inside = self.taken.range(below.clone()..).next().filter(|(other, _)| other.starts_with(&below));
        inside.map(|(_, claim)| claim).or_else(|| folders(file).find_map(|folder| self.taken.get(folder)))
    }

    /// The same for a file of `static/`, which may also be this one.
    fn file_in_the_way(&self, file: &str) -> Option<&String> {
        let below = format!("{file}/");
        let inside = self.files.range(below.clone()..).next().filter(|other| other.starts_with(&below));
        inside.or_else(|| folders(file).chain([file]).find_map(|path| self.files.get(path)))
    }
}

/// Address, target and place of what claimed an output file.
type Claim = (String, Target, Option<At>);

/// The folders that a file is in: `a` and `a/b` for `a/b/c`.
fn folders(file: &str) -> impl Iterator<Item = &str> {
    file.match_indices('/').map(|(at, _)| &file[..at])
}

/// What a page of osteon's own is called in messages.
fn own(target: &Target) -> &'static str {
    match target {
        Target::Home(_) => "the start page",
        Target::List(..) | Target::Terms(_) => "a list",
        Target::Glossary => "the glossary",
        Target::People => "the list of people",
        Target::Safety => "the page of safety rules",
        Target::Changes => "the log of changed advice",
        Target::Search => "the search page",
        Target::AToZ => "the list from A to Z",
        Target::NotFound => "the page for addresses that don't exist",
        Target::Atom | Target::JsonFeed => "a feed",
        Target::Sitemap => "the sitemap",
        Target::Robots => "the file for search engines",
        // A condition, the only entry without a file of its own.
        Target::Entry(_) | Target::Redirect(_) => "another page",
    }
}

/// What an ordinary link in a text leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link<'g> {
    /// A page of the site, by its address, with the anchor that the link names.
    Page(String, &'g Target, Option<String>),
    /// A file of `static/`.
    File(String),
    /// Nothing.
    Broken,
}

impl Graph {
    /// What a link in a content file leads to: a path of the site, another content file, or an anchor of the page itself.
    pub fn link(&self, from: &Document, url: &str) -> Link<'_> {
        let (path, anchor) = url.split_once('#').map_or((url, None), |(path, anchor)| (path, Some(anchor.to_owned())));
        let path = path.split('?').next().unwrap_or_default();
        let own = || self.find(&from.id).map(|index| self.node(index).url.clone());
        let address = if path.is_empty() {
            own()
        } else if path.starts_with('/') {
            if self.is_file(path) {
                return Link::File(path.to_owned());
            }
            [path.to_owned(), format!("{path}/")].into_iter().find(|url| self.target(url).is_some())
        } else {
            let folder = from.file.rsplit_once('/').map_or("", |(folder, _)| folder);
            join(folder, path).and_then(|file| self.in_file(&file)).map(|index| self.node(index).url.clone())
        };
        match address.and_then(|url| self.target(&url).map(|target| (url, target))) {
            Some((url, target)) => Link::Page(url, target, anchor),
            None => Link::Broken,
        }
    }

    /// The value of an attribute for a link: the address with the path of `base_url`, the query and the anchor.
    pub fn href(&self, from: &Document, url: &str) -> String {
        let rest = url.find(['?', '#']).map_or("", |at| &url[at..]);
        match self.link(from, url) {
            Link::Page(..) if url.starts_with('#') => url.to_owned(),
            Link::Page(address, ..) => format!("{}{rest}", self.config.href(&address)),
            Link::File(path) => format!("{}{rest}", self.config.href(&path)),
            Link::Broken => url.to_owned(),
        }
    }
}

/// A relative path in a folder, without leaving the root.
fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{address, join};

    #[test]
    fn addresses_stay_inside_the_site() {
        assert_eq!(address("/articles/x/").as_deref(), Some("/articles/x/"));
        assert_eq!(address("articles/x").as_deref(), Some("/articles/x/"));
        assert_eq!(address("/x/index.html").as_deref(), Some("/x/"));
        assert_eq!(address("/old.html").as_deref(), Some("/old.html"));
        assert_eq!(address("/").as_deref(), Some("/"));
        for bad in [
            "../x/",
            "/a/../b/",
            "//example.org/",
            "https://example.org/",
            "/a b/",
            "/a?b",
            "/a#b",
            "/.git/x/",
            "/a\\b/",
            "/a\n/b/",
            "",
            "false",
            "/{{slug}}/",
        ] {
            assert_eq!(address(bad), None, "{bad}");
        }
    }

    #[test]
    fn relative_links_do_not_leave_the_root() {
        assert_eq!(join("content/articles", "../exercises/a.yaml").as_deref(), Some("content/exercises/a.yaml"));
        assert_eq!(join("content", "../../x"), None);
    }
}
