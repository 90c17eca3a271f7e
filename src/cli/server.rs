//! The server of `osteon serve`: answers from memory and to this machine only.
//!
//! Pages get one script more than `osteon build` writes. It says which page it came with, as a fingerprint of the page and of
//! all assets, and is told over a socket which one there is now: so a page is loaded again if it has changed and only then,
//! even if it changed while the socket was closed.
//!
//! A server on the loopback interface can be reached by every web site that its user visits. Hosts other than this machine's own
//! names are refused, because a name can be made to lead here; so are sockets that were opened by other sites.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{RawQuery, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, LOCATION, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde_json::{Value, json};
use tokio::sync::watch::Receiver;

use crate::files::Files;
use crate::finding::{Findings, Level, Place};
use crate::hash::Hash;
use crate::report::{Colour, Format, report};

const SCRIPT: &str = include_str!("live.js");
const STYLE: &str = include_str!("live.css");

/// What is shown as long as there was no sound site.
const NO_SITE: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
    <title>The site has errors</title>\n</head>\n<body>\n<h1>There is no site to show yet</h1>\n\
    <p>It has errors: the terminal lists them. The page will come by itself when they are mended.</p>\n</body>\n</html>\n";

const HTML: &str = "text/html; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json; charset=utf-8";

/// Extensions and what is in such files.
const TYPES: [(&str, &str); 24] = [
    ("html", HTML),
    ("css", "text/css; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("ico", "image/x-icon"),
    ("json", JSON),
    ("xml", "application/xml; charset=utf-8"),
    ("txt", TEXT),
    ("woff2", "font/woff2"),
    ("woff", "font/woff"),
    ("pdf", "application/pdf"),
    ("webmanifest", "application/manifest+json; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("webm", "video/webm"),
    ("wasm", "application/wasm"),
];

/// An output in memory.
#[derive(Debug, Clone)]
pub(super) struct Output {
    /// The bytes, as `osteon build` would write them.
    pub(super) bytes: Bytes,
    /// Their fingerprint.
    pub(super) hash: Hash,
}

/// Path below the output folder → output.
pub(super) type Outputs = BTreeMap<Arc<str>, Output>;

/// A site in memory.
#[derive(Debug)]
pub(super) struct Site {
    /// The path of `base_url`: empty, or `/sub`.
    pub(super) base: String,
    outputs: Arc<Outputs>,
    /// Fingerprint of every output that pages may be made with.
    assets: Hash,
}

/// What the last build found, with the files that it found it in.
#[derive(Debug, Default)]
pub(super) struct Found {
    findings: Findings,
    files: Arc<Files>,
    /// Why there was no build.
    problem: Option<String>,
}

/// What is offered to browsers at one time.
#[derive(Debug, Clone, Default)]
pub(super) struct Offer {
    /// The last sound site.
    pub(super) site: Option<Arc<Site>>,
    /// What was found since then.
    pub(super) found: Arc<Found>,
}

/// What a request needs.
#[derive(Debug, Clone)]
pub(super) struct Server {
    /// What is offered, as it changes.
    pub(super) offers: Receiver<Offer>,
    /// The port of the server.
    pub(super) port: u16,
}

/// What stands at an address.
#[derive(Debug)]
enum Answer<'a> {
    /// An output and its path.
    Output(&'a str, &'a Output),
    /// An address that needs a slash at its end, or the path of the site.
    Moved(String),
    /// Nothing.
    Missing,
}

/// All addresses of the server.
pub(super) fn router(server: Server) -> Router {
    Router::new()
        .route("/_osteon/live", get(live))
        .route("/_osteon/live.js", get(|| async { respond(StatusCode::OK, "text/javascript; charset=utf-8", SCRIPT) }))
        .route("/_osteon/live.css", get(|| async { respond(StatusCode::OK, "text/css; charset=utf-8", STYLE) }))
        .route("/_osteon/findings", get(findings))
        .fallback(get(output))
        .layer(middleware::from_fn_with_state(server.clone(), guard))
        .with_state(server)
}

/// Refuses hosts that are not this machine, and keeps browsers from keeping anything.
async fn guard(State(server): State<Server>, request: Request, next: Next) -> Response {
    let mut response = if one(request.headers(), &HOST).is_some_and(|host| is_own_host(host, server.port)) {
        next.run(request).await
    } else {
        respond(StatusCode::FORBIDDEN, TEXT, "osteon serve answers to 127.0.0.1 and localhost only\n")
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// An output of the site, with the script if it is a page.
async fn output(State(server): State<Server>, uri: Uri) -> Response {
    let offer = server.offers.borrow().clone();
    let Some(site) = &offer.site else {
        return respond(StatusCode::SERVICE_UNAVAILABLE, HTML, with_script(NO_SITE.as_bytes(), &offer.token(uri.path())));
    };
    let (status, path, output) = match site.answer(uri.path()) {
        Answer::Output(path, output) => (StatusCode::OK, path, output),
        Answer::Moved(address) => {
            let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
            return match HeaderValue::from_bytes(format!("{address}{query}").as_bytes()) {
                Ok(address) => (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, address)]).into_response(),
                Err(_) => respond(StatusCode::NOT_FOUND, TEXT, "not found\n"),
            };
        }
        Answer::Missing => match site.outputs.get_key_value("404.html") {
            Some((path, output)) => (StatusCode::NOT_FOUND, &**path, output),
            None => return respond(StatusCode::NOT_FOUND, TEXT, "not found\n"),
        },
    };
    let content = content_type(path);
    if content == HTML {
        respond(status, content, with_script(&output.bytes, &site.token(output)))
    } else {
        respond(status, content, output.bytes.clone())
    }
}

/// What the last build found, as in `osteon check --format json` and with the lines of source; `?level=error` leaves the rest out.
async fn findings(State(server): State<Server>, RawQuery(query): RawQuery) -> Response {
    let found = server.offers.borrow().found.clone();
    let least = if query.as_deref() == Some("level=error") { Level::Error } else { Level::Note };
    // Places of thousands of findings take a moment to be found.
    match tokio::task::spawn_blocking(move || found.json(least)).await {
        Ok(json) => respond(StatusCode::OK, JSON, json.to_string()),
        Err(_) => respond(StatusCode::INTERNAL_SERVER_ERROR, TEXT, "this is a defect of osteon; the terminal says more\n"),
    }
}

/// The socket on which a page is told what there is now.
async fn live(State(server): State<Server>, headers: HeaderMap, uri: Uri, upgrade: WebSocketUpgrade) -> Response {
    let origin = one(&headers, &ORIGIN).and_then(|origin| origin.strip_prefix("http://"));
    if !origin.is_some_and(|host| is_own_host(host, server.port)) {
        return respond(StatusCode::FORBIDDEN, TEXT, "only the site's own pages may open this\n");
    }
    let path = uri.query().and_then(|query| decoded(query.strip_prefix("path=")?)).unwrap_or_default();
    upgrade.on_upgrade(|socket| tell(socket, server.offers, path))
}

/// Tells a page at once and after every build what there is, until it goes away.
async fn tell(mut socket: WebSocket, mut offers: Receiver<Offer>, path: String) {
    loop {
        let message = offers.borrow_and_update().message(&path);
        if socket.send(Message::text(message)).await.is_err() {
            return;
        }
        loop {
            tokio::select! {
                changed = offers.changed() => match changed {
                    Ok(()) => break,
                    Err(_) => return,
                },
                received = socket.recv() => if !matches!(received, Some(Ok(_))) {
                    return;
                },
            }
        }
    }
}

impl Site {
    /// A site from its outputs.
    pub(super) fn new(base: String, outputs: Arc<Outputs>) -> Self {
        let assets = outputs.iter().filter(|(path, _)| is_asset(path)).map(|(path, output)| (path, output.hash));
        let assets = Hash::of(&assets.collect::<Vec<_>>());
        Site { base, outputs, assets }
    }

    /// What stands at the path of a request.
    ///
    /// Nothing can be reached but the outputs, because a path is looked up and never given to the file system.
    fn answer(&self, written: &str) -> Answer<'_> {
        let (Some(path), Some(base)) = (decoded(written), decoded(&self.base)) else { return Answer::Missing };
        let Some(below) = path.strip_prefix(&base) else {
            return if path == "/" { Answer::Moved(format!("{}/", self.base)) } else { Answer::Missing };
        };
        let Some(path) = below.strip_prefix('/') else {
            return if below.is_empty() { Answer::Moved(format!("{}/", self.base)) } else { Answer::Missing };
        };
        let is_folder = path.is_empty() || path.ends_with('/');
        let index = if is_folder { format!("{path}index.html") } else { format!("{path}/index.html") };
        match (self.outputs.get_key_value(path), self.outputs.get_key_value(&*index)) {
            (Some((path, output)), _) => Answer::Output(path, output),
            (None, Some((path, output))) if is_folder => Answer::Output(path, output),
            (None, Some(_)) => Answer::Moved(format!("{written}/")),
            (None, None) => Answer::Missing,
        }
    }

    /// The fingerprint of a page and of everything it may be made with.
    fn token(&self, page: &Output) -> String {
        Hash::of(&(page.hash, self.assets)).to_string()
    }
}

impl Offer {
    /// The fingerprint of what a browser sees at a path.
    fn token(&self, path: &str) -> String {
        let seen = self.site.as_ref().and_then(|site| match site.answer(path) {
            Answer::Output(_, output) => Some(site.token(output)),
            Answer::Moved(_) | Answer::Missing => site.outputs.get("404.html").map(|output| site.token(output)),
        });
        seen.unwrap_or_else(|| "none".to_owned())
    }

    /// What a page at a path is told.
    fn message(&self, path: &str) -> String {
        let errors = self.found.findings.count(Level::Error) + usize::from(self.found.problem.is_some());
        let warnings = self.found.findings.count(Level::Warning);
        json!({"page": self.token(path), "errors": errors, "warnings": warnings, "found": self.found.token()}).to_string()
    }
}

impl Found {
    /// What a build found in its files.
    pub(super) fn new(findings: Findings, files: Arc<Files>) -> Self {
        Found { findings, files, problem: None }
    }

    /// The same, but another build was not possible.
    pub(super) fn with_problem(&self, problem: String) -> Self {
        Found { findings: self.findings.clone(), files: self.files.clone(), problem: Some(problem) }
    }

    /// The fingerprint of the errors: a page that has shown them once need not do it again.
    fn token(&self) -> String {
        let errors = self.findings.0.iter().filter(|finding| finding.level == Level::Error);
        let errors: Vec<_> = errors.map(|finding| (finding.rule.code, &finding.at, &finding.message)).collect();
        Hash::of(&(&self.problem, errors)).to_string()
    }

    /// The findings of a level and above as data, each with the line that it is about.
    fn json(&self, least: Level) -> Value {
        let chosen = Findings(self.findings.0.iter().filter(|finding| finding.level >= least).cloned().collect());
        let text = report(&chosen, &self.files, Format::Json, Colour::Never);
        let mut value: Value = serde_json::from_str(&text).unwrap_or_else(|_| json!({}));
        value["problem"] = json!(self.problem);
        let described = value.get_mut("findings").and_then(Value::as_array_mut).into_iter().flatten();
        for (finding, described) in chosen.0.iter().zip(described) {
            let offset = |key: &str| described.get(key).and_then(Value::as_u64).and_then(|offset| usize::try_from(offset).ok());
            let file = self.files.at(&finding.at.file).filter(|_| finding.at.place != Place::File);
            let excerpt = file.and_then(|file| excerpt(&file.bytes, offset("start")?, offset("end")?));
            described["source"] = excerpt.unwrap_or_default();
        }
        value
    }
}

/// The line that a range begins in, cut around the range: paragraphs of Markdown are often one long line.
fn excerpt(bytes: &[u8], start: usize, end: usize) -> Option<Value> {
    const AROUND: usize = 80;
    const MARKED: usize = 160;
    let (before, after) = bytes.split_at_checked(start)?;
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line_end = after.iter().position(|byte| *byte == b'\n').unwrap_or(after.len());
    let (marked, after) = after[..line_end].split_at(line_end.min(end.saturating_sub(start)));
    let text = |bytes| String::from_utf8_lossy(bytes).replace('\r', "");
    let start_of = |text: String, limit: usize| match text.char_indices().nth(limit) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    };
    let before = text(&before[line_start..]);
    let before = match before.char_indices().rev().nth(AROUND) {
        Some((at, _)) => format!("…{}", &before[at..]),
        None => before,
    };
    Some(json!({"before": before, "marked": start_of(text(marked), MARKED), "after": start_of(text(after), AROUND)}))
}

fn respond(status: StatusCode, content: &'static str, body: impl Into<axum::body::Body>) -> Response {
    (status, [(CONTENT_TYPE, content)], body.into()).into_response()
}

/// A header that was sent once.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Whether a host is a name of this machine with the port of the server; the port of the web is left out in addresses.
fn is_own_host(host: &str, port: u16) -> bool {
    let (name, written) = host.rsplit_once(':').unwrap_or((host, "80"));
    written == port.to_string() && (name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost"))
}

/// A text without its percent signs. `None` if it is not Unicode then, or a sign does not stand for a byte.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

/// What is in an output, by its name.
fn content_type(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let known = TYPES.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known));
    known.map_or("application/octet-stream", |(_, content)| content)
}

/// Whether pages are made with an output: styles, scripts, pictures and fonts, and neither other pages, feeds nor the search index.
fn is_asset(path: &str) -> bool {
    let content = content_type(path);
    !path.starts_with("search/")
        && ["text/css", "text/javascript", "image/", "font/", "audio/", "video/"].iter().any(|start| content.starts_with(start))
}

/// A page with the script at its end.
fn with_script(html: &[u8], token: &str) -> Vec<u8> {
    let script = format!("<script src=\"/_osteon/live.js\" data-page=\"{token}\" defer></script>");
    let end = html.windows(7).rposition(|tag| tag.eq_ignore_ascii_case(b"</body>")).unwrap_or(html.len());
    [&html[..end], script.as_bytes(), &html[end..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::File;
    use crate::finding::{At, Finding};
    use crate::rules::RULES;

    fn output(text: &'static str) -> Output {
        Output { bytes: Bytes::from_static(text.as_bytes()), hash: Hash::of_bytes(text.as_bytes()) }
    }

    fn site(base: &str, outputs: &[(&str, &'static str)]) -> Site {
        let outputs = outputs.iter().map(|(path, text)| (Arc::from(*path), output(text))).collect();
        Site::new(base.to_owned(), Arc::new(outputs))
    }

    const PAGES: [(&str, &str); 6] = [
        ("404.html", "nothing here"),
        ("index.html", "home"),
        ("articles/index.html", "list"),
        ("articles/é b/index.html", "article"),
        ("feed.xml", "feed"),
        ("theme/osteon.css", "css"),
    ];

    /// The path of the output, the address after `→`, or `-`.
    fn answer(site: &Site, path: &str) -> String {
        match site.answer(path) {
            Answer::Output(path, _) => path.to_owned(),
            Answer::Moved(address) => format!("→ {address}"),
            Answer::Missing => "-".to_owned(),
        }
    }

    #[test]
    fn paths_lead_to_outputs() {
        let root = site("", &PAGES);
        for (path, expected) in [
            ("/", "index.html"),
            ("/index.html", "index.html"),
            ("/articles/", "articles/index.html"),
            ("/articles", "→ /articles/"),
            ("/articles/%C3%A9%20b/", "articles/é b/index.html"),
            ("/articles/%C3%A9%20b", "→ /articles/%C3%A9%20b/"),
            ("/feed.xml", "feed.xml"),
            ("/feed.xml/", "-"),
            ("/gone/", "-"),
            ("//", "-"),
            ("//articles", "-"),
            ("/../index.html", "-"),
            ("/articles/../index.html", "-"),
            ("/%2e%2e/index.html", "-"),
            ("/articles/%FF", "-"),
            ("/articles/%", "-"),
            ("/articles/%+1", "-"),
            ("/index.html%00", "-"),
            ("*", "-"),
        ] {
            assert_eq!(answer(&root, path), expected, "{path}");
        }
    }

    #[test]
    fn a_site_below_a_path_stays_below_it() {
        let below = site("/sub/s%C3%A9", &PAGES);
        for (path, expected) in [
            ("/", "→ /sub/s%C3%A9/"),
            ("/sub/s%C3%A9", "→ /sub/s%C3%A9/"),
            ("/sub/s%C3%A9/", "index.html"),
            ("/sub/s%c3%a9/articles/", "articles/index.html"),
            ("/sub/s%C3%A9/articles", "→ /sub/s%C3%A9/articles/"),
            ("/sub/s%C3%A9x/articles/", "-"),
            ("/articles/", "-"),
        ] {
            assert_eq!(answer(&below, path), expected, "{path}");
        }
    }

    #[test]
    fn a_page_is_another_one_if_it_or_an_asset_changed() {
        let offer = |outputs: &[(&str, &'static str)]| {
            let site = Some(Arc::new(site("", outputs)));
            Offer { site, found: Arc::default() }.token("/articles/")
        };
        let with = |path: &str, text: &'static str| {
            let mut outputs = PAGES.to_vec();
            outputs.retain(|(other, _)| *other != path);
            outputs.push((path, text));
            offer(&outputs)
        };
        assert_eq!(offer(&PAGES), with("index.html", "another page"));
        assert_eq!(offer(&PAGES), with("feed.xml", "a new entry"));
        assert_ne!(offer(&PAGES), with("articles/index.html", "new"));
        assert_ne!(offer(&PAGES), with("theme/osteon.css", "new"));
        assert_ne!(offer(&PAGES), with("photo.jpg", "new"));
        assert_eq!(Offer::default().token("/articles/"), "none");
    }

    #[test]
    fn what_a_browser_shows_is_what_it_asks_for_later() {
        let site = Arc::new(site("", &PAGES));
        let offer = Offer { site: Some(site.clone()), found: Arc::default() };
        for (path, shown) in [("/", "index.html"), ("/articles/%C3%A9%20b/", "articles/é b/index.html"), ("/gone/", "404.html")]
        {
            assert_eq!(offer.token(path), site.token(&site.outputs[shown]), "{path}");
        }
    }

    #[test]
    fn the_script_stands_at_the_end_of_the_body() {
        let injected = |html: &str| String::from_utf8_lossy(&with_script(html.as_bytes(), "t")).into_owned();
        let script = "<script src=\"/_osteon/live.js\" data-page=\"t\" defer></script>";
        assert_eq!(injected("<p>a</body></html>"), format!("<p>a{script}</body></html>"));
        assert_eq!(injected("<pre></body></pre></BODY>"), format!("<pre></body></pre>{script}</BODY>"));
        assert_eq!(injected("<p>a"), format!("<p>a{script}"));
        assert_eq!(injected(""), script);
    }

    #[test]
    fn only_this_machine_is_a_host() {
        for host in ["127.0.0.1:1111", "localhost:1111", "LocalHost:1111"] {
            assert!(is_own_host(host, 1111), "{host}");
        }
        for host in [
            "",
            "localhost",
            "localhost:1112",
            "example.org:1111",
            "127.0.0.1.example.org:1111",
            "localhost:+1111",
            "evil@localhost:1111",
        ] {
            assert!(!is_own_host(host, 1111), "{host}");
        }
        assert!(is_own_host("localhost", 80));
        let mut headers = HeaderMap::new();
        assert_eq!(one(&headers, &HOST), None);
        headers.append(HOST, HeaderValue::from_static("localhost:1111"));
        assert_eq!(one(&headers, &HOST), Some("localhost:1111"));
        headers.append(HOST, HeaderValue::from_static("example.org"));
        assert_eq!(one(&headers, &HOST), None, "two are none");
    }

    #[test]
    fn names_say_what_is_in_a_file() {
        for (path, expected) in [
            ("index.html", "text/html; charset=utf-8"),
            ("theme/a-1.css", "text/css; charset=utf-8"),
            ("a.JPG", "image/jpeg"),
            ("site.webmanifest", "application/manifest+json; charset=utf-8"),
            ("a.b/file", "application/octet-stream"),
            ("a.unknown", "application/octet-stream"),
        ] {
            assert_eq!(content_type(path), expected, "{path}");
        }
        assert!(["a.css", "a.js", "a.svg", "a.woff2"].into_iter().all(is_asset));
        assert!(!["a.html", "feed.xml", "feed.json", "robots.txt"].into_iter().any(is_asset));
    }

    #[test]
    fn findings_come_with_their_line() {
        let path = "content/a.md".into();
        let files: Files = [File::new("content/a.md", "one\ntwo <b>\u{e9}</b> three\r\nfour".as_bytes())].into_iter().collect();
        let warning = Finding::new(RULES[0], At::file(&path), "a warning").level(Level::Warning);
        let error = Finding::new(RULES[0], At::bytes(&path, &(8..13)), "an <error>").help("mend it").level(Level::Error);
        let found = Found::new(Findings(vec![warning, error]), Arc::new(files));
        let errors = found.json(Level::Error);
        assert_eq!(errors["findings"].as_array().map(Vec::len), Some(1));
        let error = &errors["findings"][0];
        assert_eq!((&error["message"], &error["line"], &error["column"]), (&json!("an <error>"), &json!(2), &json!(5)));
        assert_eq!(error["source"], json!({"before": "two ", "marked": "<b>\u{e9}", "after": "</b> three"}));
        let all = found.with_problem("no".into()).json(Level::Note);
        assert_eq!((&all["findings"][0]["source"], &all["problem"]), (&Value::Null, &json!("no")));
        assert_ne!(found.token(), Found::default().token());
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let line = "é".repeat(1000);
        let excerpt = excerpt(line.as_bytes(), 1000, 1600).unwrap_or_default();
        let length = |key: &str| excerpt[key].as_str().map(|text| text.chars().count());
        assert_eq!([length("before"), length("marked"), length("after")], [Some(82), Some(161), Some(81)]);
        assert_eq!(super::excerpt(b"ab", 3, 4), None);
        assert_eq!(super::excerpt(b"ab", 2, 9), Some(json!({"before": "ab", "marked": "", "after": ""})));
    }
}
