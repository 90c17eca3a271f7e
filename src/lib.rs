//! osteon: a static site generator for exercise and health education that checks what it publishes.
//!
//! A build is one pure function, [`build`], from a snapshot of files to outputs and findings. Reading and writing happen in
//! [`disk`] alone. Between the phases stand complete, immutable types:
//!
//! | Phase | From | To |
//! |---|---|---|
//! | read ([`disk::read`]) | a folder | [`files::Files`] |
//! | parse ([`parse::parse`]) | one [`files::File`] | [`parse::Document`]s |
//! | resolve ([`graph::resolve`]) | documents and tables | [`graph::Graph`]: ids, edges, lists, addresses |
//! | render ([`render::page`]) | [`render::Snapshot`]: graph and theme | [`render::Page`]s, each with what it asked |
//! | write ([`disk::Publisher`]) | outputs | the published folder |
//!
//! What is wrong with a site is never an error of the program: every phase returns its result and [`finding::Findings`].

pub mod allow;
pub mod baseline;
pub mod cache;
pub mod change;
pub mod cli;
pub mod config;
pub mod disk;
pub mod entry;
pub mod evidence;
pub mod files;
pub mod finding;
pub mod fingerprint;
pub mod fix;
pub mod graph;
pub mod hash;
pub mod output;
pub mod overview;
mod par;
pub mod parse;
pub mod render;
pub mod report;
pub mod review;
pub mod rules;
pub mod safety;
pub mod search;
pub mod theme;
pub mod wording;
pub mod words;

use std::sync::Arc;

use crate::cache::{Cache, KnownTables, PageRecord, Parsed, Reason};
use crate::config::{Config, Options};
use crate::files::{File, Files};
use crate::finding::{Findings, Level};
use crate::graph::{Graph, Route};
use crate::hash::Hash;
use crate::output::{Manifest, Sink, Stamp};
use crate::parse::Document;
use crate::render::Snapshot;
use crate::theme::Theme;

/// The result of a build.
#[derive(Debug)]
pub struct Build {
    /// Every output of the site, rendered now or before.
    pub manifest: Manifest,
    /// What the next build may reuse.
    pub cache: Cache,
    /// What was found, in order.
    pub findings: Findings,
    /// The number of findings that are silent because the baseline has them.
    pub known: usize,
    /// The addresses that were rendered now, and why.
    pub rendered: Vec<(String, Reason)>,
    /// The number of pages of the site.
    pub pages: usize,
    /// What the pages were made from. Giving it back takes time, which a program that ends can spare itself.
    site: Arc<Snapshot>,
}

impl Build {
    /// The resolved site.
    pub fn graph(&self) -> &Graph {
        &self.site.graph
    }

    /// Whether the site may be published.
    pub fn is_sound(&self) -> bool {
        self.findings.count(Level::Error) == 0
    }
}

/// Builds a site.
///
/// `old` is what the build before left; `published` are the outputs that exist already. Outputs that are new or different go to
/// the sink as they are made, from several threads.
pub fn build(files: &Files, options: &Options, old: &Cache, published: &Manifest, sink: &dyn Sink) -> Build {
    let mut findings = Findings::default();
    let config = findings.take(Config::read(files, options));
    let (theme, (parsed, tables, graph)) =
        par::join(|| Theme::load(files, &config, old.theme.clone()), || content(files, config.clone(), old));
    let theme = findings.take(theme);
    let graph = findings.take(graph);
    findings.extend(rules::check(&graph, &theme));
    let key = Hash::of(&(theme.hash, graph.config.hash, env!("CARGO_PKG_VERSION")));
    let snapshot = findings.take(Snapshot::new(graph, theme, files, if old.key == key { old } else { &NOTHING }));
    let routes = if snapshot.theme.is_sound() { &snapshot.graph.routes[..] } else { &[] };
    let pages = par::map(routes, |route| page(&snapshot, route, old, key, published, sink));
    let (mut manifest, records, rendered) = collect(&snapshot, files, pages, published, sink, &mut findings);
    let search = search(&snapshot, &old.search, published, sink, &mut manifest, &mut findings);
    allow::apply(files, &snapshot.graph, &mut findings);
    findings.sort();
    let known = baseline::apply(files, options.today, &mut findings);
    rules::set_levels(&snapshot.graph.config, &mut findings);
    findings.sort();
    let cache = keep(&snapshot, key, parsed, records, tables, search);
    Build { manifest, cache, findings, known, rendered, pages: snapshot.graph.routes.len(), site: snapshot }
}

/// A site that is ready to be asked, and what was found on the way: for commands that publish nothing.
pub fn snapshot(files: &Files, options: &Options) -> (Arc<Snapshot>, Findings) {
    let mut findings = Findings::default();
    let config = findings.take(Config::read(files, options));
    let theme = findings.take(Theme::load(files, &config, None));
    let (_, _, graph) = content(files, config, &NOTHING);
    let graph = findings.take(graph);
    findings.extend(rules::check(&graph, &theme));
    let snapshot = findings.take(Snapshot::new(graph, theme, files, &NOTHING));
    (snapshot, findings)
}

/// Reads and resolves a site without rendering it: enough to say what it advises.
pub fn resolve(files: &Files, options: &Options) -> (Graph, Findings) {
    let mut findings = Findings::default();
    let config = findings.take(Config::read(files, options));
    let (_, _, (graph, found)) = content(files, config, &NOTHING);
    findings.extend(found);
    (graph, findings)
}

static NOTHING: std::sync::LazyLock<Cache> = std::sync::LazyLock::new(Cache::default);

/// Parses what is new, and resolves the whole.
fn content(files: &Files, config: Config, old: &Cache) -> (Vec<(File, Parsed)>, KnownTables, (Graph, Findings)) {
    let (parsed, tables) = par::join(|| parse_all(files, old), || tables(files, old));
    let mut findings = tables.findings.clone();
    let documents = documents(&parsed, &mut findings);
    let graph = findings.take(graph::resolve(config, documents, tables.tables.clone(), files));
    (parsed, tables, (graph, findings))
}

/// Parses the files below `content/`, each at most once as long as it stays the same.
fn parse_all(files: &Files, old: &Cache) -> Vec<(File, Parsed)> {
    let content = files.below("content/").filter(|file| !graph::is_table(&file.path)).enumerate();
    let parse = |(position, file): &(usize, &File)| {
        let parsed = old.parsed(file).cloned().unwrap_or_else(|| {
            let (documents, findings) = parse::parse(file);
            Parsed { hash: file.hash, documents: documents.into_iter().map(Arc::new).collect(), findings }
        });
        (*position, (*file).clone(), parsed)
    };
    // Whoever meets the first code block loads the grammars, and whoever meets the next one waits. So these files are a pile of
    // their own: one core begins with them while the others have different work.
    let (code, rest): (Vec<_>, Vec<_>) = content.partition(|(_, file)| old.parsed(file).is_none() && parse::has_code(file));
    let (mut parsed, rest) = par::join(|| par::map(&code, parse), || par::map(&rest, parse));
    parsed.extend(rest);
    parsed.sort_by_key(|(position, ..)| *position);
    parsed.into_iter().map(|(_, file, parsed)| (file, parsed)).collect()
}

/// Reads the tables, unless their files are the same as before.
fn tables(files: &Files, old: &Cache) -> KnownTables {
    let key = graph::tables_key(files);
    if old.tables.key == key {
        return old.tables.clone();
    }
    let (tables, findings) = graph::tables(files);
    KnownTables { key, tables, findings }
}

fn documents(parsed: &[(File, Parsed)], findings: &mut Findings) -> Vec<Arc<Document>> {
    for (_, parsed) in parsed {
        findings.extend(parsed.findings.clone());
    }
    parsed.iter().flat_map(|(_, parsed)| parsed.documents.iter().cloned()).collect()
}

/// Renders a page, unless the one of the build before is still right: its output is there and all its answers are the same.
fn page(
    snapshot: &Arc<Snapshot>,
    route: &Route,
    old: &Cache,
    key: Hash,
    published: &Manifest,
    sink: &dyn Sink,
) -> (PageRecord, Option<Reason>) {
    let path = route.file();
    let reason = match old.pages.get(&route.url) {
        None => Reason::New,
        Some(_) if old.key != key => Reason::Everything,
        Some(record) => match record.reads.iter().find(|read| snapshot.hash(&read.query) != read.hash) {
            Some(read) => Reason::Answer(read.query.clone()),
            None if published.0.get(path.as_str()) == Some(&record.output) => return (record.clone(), None),
            None => Reason::Lost,
        },
    };
    let page = render::page(snapshot, route);
    let bytes = page.bytes;
    let output = Stamp::of(&bytes);
    if published.0.get(path.as_str()) != Some(&output) {
        sink.put(&path, bytes, output.hash);
    }
    (PageRecord { reads: page.reads.into(), findings: page.findings, output, reason: reason.clone() }, Some(reason))
}

type Records = Vec<(String, PageRecord)>;

/// Adds the files that are copied as they are, and gathers what the pages left.
fn collect(
    snapshot: &Snapshot,
    files: &Files,
    pages: Vec<(PageRecord, Option<Reason>)>,
    published: &Manifest,
    sink: &dyn Sink,
    findings: &mut Findings,
) -> (Manifest, Records, Vec<(String, Reason)>) {
    let mut manifest = Manifest::default();
    let mut rendered = Vec::new();
    let mut records = Vec::with_capacity(pages.len());
    for (route, (record, reason)) in snapshot.graph.routes.iter().zip(pages) {
        findings.extend(record.findings.clone());
        manifest.0.insert(route.file().into(), record.output);
        rendered.extend(reason.map(|reason| (route.url.clone(), reason)));
        records.push((route.url.clone(), record));
    }
    for (_, text) in snapshot.texts() {
        findings.extend(text.findings.clone());
    }
    findings.extend(rules::w021_repeated_passage::check(snapshot.texts().flat_map(|(_, text)| &text.passages)));
    let static_files =
        files.below("static/").filter_map(|file| Some((file.path.strip_prefix("static/")?.to_owned(), &file.bytes, file.hash)));
    let assets =
        snapshot.theme.assets.values().map(|asset| (asset.url.trim_start_matches('/').to_owned(), &asset.bytes, asset.hash));
    for (path, bytes, hash) in static_files.chain(assets) {
        let output = Stamp { hash, size: bytes.len() as u64 };
        if published.0.get(path.as_str()) != Some(&output) {
            sink.put(&path, bytes.to_vec(), hash);
        }
        manifest.0.insert(path.into(), output);
    }
    (manifest, records, rendered)
}

/// Makes the search index, writes what of it is new, and runs the queries that must work.
fn search(
    snapshot: &Arc<Snapshot>,
    old: &search::Known,
    published: &Manifest,
    sink: &dyn Sink,
    manifest: &mut Manifest,
    findings: &mut Findings,
) -> search::Known {
    if snapshot.graph.config.options.search == config::Search::LeaveOut || !snapshot.theme.is_sound() {
        return search::Known::default();
    }
    let index = search::index(snapshot, old);
    findings.extend(search::query::check(&snapshot.graph, &index));
    let (files, known) = search::write(snapshot, &index, old, published, sink);
    manifest.0.extend(files.into_iter().map(|(path, stamp)| (path.into(), stamp)));
    known
}

/// What the next build may reuse.
fn keep(
    snapshot: &Snapshot,
    key: Hash,
    parsed: Vec<(File, Parsed)>,
    records: Records,
    tables: KnownTables,
    search: search::Known,
) -> Cache {
    let graph: &Graph = &snapshot.graph;
    Cache::new(
        key,
        parsed.into_iter().map(|(file, parsed)| (file.path, parsed)).collect(),
        snapshot.texts().map(|(index, text)| (graph.node(index).id.clone(), text.clone())).collect(),
        records.into_iter().collect(),
        snapshot.all_printed().map(|printed| (printed.key, printed.html.clone())).collect(),
        tables,
        search,
        snapshot.theme.clone(),
    )
}
