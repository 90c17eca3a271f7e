//! `osteon serve`: builds into memory, watches, builds again, and serves the last sound site.
//!
//! A build is the one of `osteon build`, with a sink in memory and with the cache of the build before.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context as _, bail};
use axum::body::Bytes;
use axum::serve::ListenerExt as _;
use tokio::sync::watch::{self, Sender};

use super::build::{show, time};
use super::progress::Progress;
use super::server::{Found, Offer, Output, Outputs, Server, Site, router};
use super::watch::Source;
use super::{Outcome, ServeArgs, SiteArgs, say};
use crate::cache::Cache;
use crate::config::{Config, Options};
use crate::disk::ReadError;
use crate::files::{FilePath, Files};
use crate::finding::{Finding, Findings, Level};
use crate::hash::Hash;
use crate::output::{Manifest, Sink};
use crate::report::Format;
use crate::rules::c002_bad_base_url::BAD_BASE_URL;

/// The port if none is asked for, and how many after it are tried.
const PORT: u16 = 1111;
const PORTS: u16 = 100;

/// Findings that are printed after one build: more are not read, and finding their places takes time.
const PRINTED: usize = 40;

/// Serves the site until the process is interrupted.
pub(super) fn serve(arguments: ServeArgs) -> anyhow::Result<Outcome> {
    let listener = listen(arguments.port)?;
    let port = listener.local_addr()?.port();
    let mut source = Source::watch(&arguments.site.root)?;
    let (sender, offers) = watch::channel(Offer::default());
    let mut workshop = Workshop {
        site: arguments.site,
        port,
        offers: sender,
        cache: Cache::default(),
        manifest: Manifest::default(),
        outputs: Arc::default(),
        known: BTreeSet::new(),
        address: String::new(),
    };
    let progress = Progress::start("building");
    let read = source.read();
    workshop.turn(read, source.files(), progress)?;

    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().context("starting the server")?;
    let outcome = runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?.tap_io(|stream| _ = stream.set_nodelay(true));
        let mut work = tokio::task::spawn_blocking(move || workshop.work(&mut source));
        tokio::select! {
            ended = axum::serve(listener, router(Server { offers, port })) => ended.context("serving"),
            interrupted = tokio::signal::ctrl_c() => interrupted.context("waiting for Ctrl-C"),
            ended = &mut work => match ended {
                Ok(ended) => ended,
                Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                Err(error) => Err(error.into()),
            },
        }
    });
    // A build that is under way is for nobody.
    runtime.shutdown_background();
    outcome.map(|()| Outcome::Clean)
}

/// Takes the port that was asked for, or the first free one.
fn listen(port: Option<u16>) -> anyhow::Result<TcpListener> {
    if let Some(port) = port {
        let context = || format!("port {port} of 127.0.0.1 cannot be used, choose another one with `--port`");
        return TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(context);
    }
    for port in PORT..PORT + PORTS {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            listener => return listener.with_context(|| format!("listening on port {port} of 127.0.0.1")),
        }
    }
    bail!("the ports from {PORT} on are taken, choose one with `--port`");
}

/// Everything that goes from one build to the next.
struct Workshop {
    site: SiteArgs,
    port: u16,
    offers: Sender<Offer>,
    cache: Cache,
    /// The outputs of the last build, sound or not: what the next one need not make again.
    manifest: Manifest,
    outputs: Arc<Outputs>,
    /// The findings of the last build.
    known: BTreeSet<Key>,
    /// Where the site is, as it was said last.
    address: String,
}

impl Workshop {
    /// Builds after every change until watching comes to an end.
    fn work(&mut self, source: &mut Source) -> anyhow::Result<()> {
        while let Some(read) = source.changed() {
            self.turn(read, source.files(), Progress::start("building"))?;
        }
        bail!("the system no longer says what changes");
    }

    /// Builds from what was read, and offers and tells what came of it.
    fn turn(&mut self, read: Result<Vec<FilePath>, ReadError>, files: &Arc<Files>, progress: Progress) -> anyhow::Result<()> {
        let start = Instant::now();
        let changed = match read {
            Ok(changed) => changed,
            Err(error) => {
                progress.finish();
                let problem = format!("{:#}", anyhow::Error::from(error));
                say(&format!("{problem}; what was read before stays"));
                self.offers.send_modify(|offer| offer.found = Arc::new(offer.found.with_problem(problem)));
                if self.address.is_empty() {
                    self.say_address("");
                }
                return Ok(());
            }
        };
        let subject = if self.address.is_empty() { String::new() } else { format!("{}: ", names(&changed)) };
        let had_site = self.offers.borrow().site.is_some();
        let (options, base) = self.options(files);
        let sink = Memory::default();
        let build = crate::build(files, &options, &self.cache, &self.manifest, &sink);
        self.outputs = Arc::new(outputs(&build.manifest, sink.outputs(), &self.outputs));
        let found = Arc::new(Found::new(build.findings.clone(), files.clone()));
        let is_sound = build.is_sound();
        if is_sound {
            let site = Some(Arc::new(Site::new(base.clone(), self.outputs.clone())));
            self.offers.send_replace(Offer { site, found });
        } else {
            self.offers.send_modify(|offer| offer.found = found);
        }
        let time = time(start.elapsed());
        progress.finish();

        if self.site.format == Format::Human {
            let news = news(&build.findings, &self.known);
            let all = news.0.len();
            show(&gravest(news, PRINTED), files, Format::Human)?;
            if all > PRINTED {
                say(&format!("{PRINTED} of {all} findings; `osteon check` shows all of them"));
            }
        } else {
            show(&build.findings, files, self.site.format)?;
        }
        self.known = build.findings.0.iter().map(key).collect();
        let found = super::build::found(&build);
        let pages = format!("{} {}", build.pages, if build.pages == 1 { "page" } else { "pages" });
        let done = match (is_sound, had_site) {
            (true, false) => format!("{pages} in {time}, {found}"),
            (true, true) => format!("{} of {pages} rendered in {time}, {found}", build.rendered.len()),
            (false, true) => format!("{found} in {time}, the last good site stays"),
            (false, false) => format!("{found} in {time}, the site appears when they are mended"),
        };
        say(&format!("{subject}{done}"));
        if is_sound || self.address.is_empty() {
            self.say_address(&base);
        }
        (self.cache, self.manifest) = (build.cache, build.manifest);
        Ok(())
    }

    /// Says where the site is, unless that was said before.
    fn say_address(&mut self, base: &str) {
        let address = format!("http://127.0.0.1:{}{base}/", self.port);
        if self.address != address {
            say(&format!("serving {address} (Ctrl-C ends)"));
            self.address = address;
        }
    }

    /// What the build is asked for, and the path of the site: the one of `base_url` on this machine, so that every link works.
    fn options(&self, files: &Files) -> (Options, String) {
        let options = self.site.options();
        let (config, findings) = Config::read(files, &options);
        if findings.0.iter().any(|finding| finding.rule.code == BAD_BASE_URL.code) {
            // The build meets it again and reports it.
            return (options, config.base);
        }
        let base_url = Some(format!("http://127.0.0.1:{}{}", self.port, config.base));
        (Options { base_url, ..options }, config.base)
    }
}

/// What makes two findings the same one for a person. Not their places: these move while a file is being written.
type Key = (&'static str, FilePath, String);

fn key(finding: &Finding) -> Key {
    (finding.rule.code, finding.at.file.clone(), finding.message.clone())
}

/// The findings that are worth a line: errors always, the others when they weren't there in the build before.
fn news(findings: &Findings, known: &BTreeSet<Key>) -> Findings {
    let is_new = |finding: &&Finding| finding.level == Level::Error || !known.contains(&key(finding));
    Findings(findings.0.iter().filter(is_new).cloned().collect())
}

/// At most so many findings: the gravest, in the order in which they are.
fn gravest(findings: Findings, limit: usize) -> Findings {
    let mut levels: Vec<Level> = findings.0.iter().map(|finding| finding.level).collect();
    levels.sort_unstable_by(|one, other| other.cmp(one));
    let Some(least) = levels.get(limit).copied() else { return findings };
    let mut room = limit - levels.iter().take_while(|level| **level > least).count();
    let mut has_room = |finding: &Finding| match finding.level.cmp(&least) {
        Ordering::Greater => true,
        Ordering::Equal if room > 0 => {
            room -= 1;
            true
        }
        _ => false,
    };
    Findings(findings.0.into_iter().filter(|finding| has_room(finding)).collect())
}

/// Takes the outputs of a build and keeps them.
#[derive(Default)]
struct Memory(Mutex<HashMap<String, Bytes>>);

impl Memory {
    fn outputs(self) -> HashMap<String, Bytes> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Memory {
    fn put(&self, path: &str, bytes: Vec<u8>, _: Hash) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), bytes.into_boxed_slice().into());
    }
}

/// The outputs of a build: those that were put, and those of the build before that are equal.
fn outputs(manifest: &Manifest, mut put: HashMap<String, Bytes>, old: &Outputs) -> Outputs {
    let mut output = |path: &Arc<str>, hash: Hash| match put.remove(&**path) {
        Some(bytes) => Some(Output { bytes, hash }),
        None => old.get(path).cloned(),
    };
    manifest.0.iter().filter_map(|(path, stamp)| Some((path.clone(), output(path, stamp.hash)?))).collect()
}

/// Changed files as a person names them.
fn names(paths: &[FilePath]) -> String {
    match paths {
        [] => "read again".to_owned(),
        [path] => path.to_string(),
        [one, other] => format!("{one} and {other}"),
        [first, others @ ..] => format!("{first} and {} more files", others.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::At;
    use crate::output::Stamp;
    use crate::rules::RULES;

    fn findings(all: &[(&str, Level)]) -> Findings {
        let finding = |(message, level): &(&str, Level)| Finding::new(RULES[0], At::file(&"a.md".into()), *message).level(*level);
        Findings(all.iter().map(finding).collect())
    }

    fn messages(findings: &Findings) -> Vec<&str> {
        findings.0.iter().map(|finding| finding.message.as_str()).collect()
    }

    #[test]
    fn old_warnings_are_not_said_again() {
        let before = findings(&[("a", Level::Error), ("b", Level::Warning)]);
        let mut now = findings(&[("a", Level::Error), ("b", Level::Warning), ("c", Level::Warning), ("d", Level::Note)]);
        now.0[1].at = At::bytes(&"a.md".into(), &(5..6));
        assert_eq!(messages(&news(&now, &before.0.iter().map(key).collect())), ["a", "c", "d"]);
        assert_eq!(messages(&news(&now, &BTreeSet::new())), ["a", "b", "c", "d"]);
    }

    #[test]
    fn of_many_findings_the_gravest_are_said() {
        let all = [("a", Level::Note), ("b", Level::Warning), ("c", Level::Error), ("d", Level::Warning), ("e", Level::Error)];
        for (limit, expected) in [(0, vec![]), (1, vec!["c"]), (3, vec!["b", "c", "e"]), (4, vec!["b", "c", "d", "e"])] {
            assert_eq!(messages(&gravest(findings(&all), limit)), expected, "{limit}");
        }
        assert_eq!(messages(&gravest(findings(&all), 5)), ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn outputs_that_are_not_made_again_stay() {
        let old: Outputs = [("a", "1"), ("b", "1"), ("c", "1")]
            .into_iter()
            .map(|(path, text)| (path.into(), Output { bytes: text.into(), hash: Hash::of_bytes(text.as_bytes()) }))
            .collect();
        let sink = Memory::default();
        sink.put("b", b"2".to_vec(), Hash::of_bytes(b"2"));
        let stamps = [("a", "1"), ("b", "2")].map(|(path, text)| (Arc::from(path), Stamp::of(text.as_bytes())));
        let new = outputs(&Manifest(stamps.into()), sink.outputs(), &old);
        let new: Vec<(&str, &[u8])> = new.iter().map(|(path, output)| (&**path, &output.bytes[..])).collect();
        assert_eq!(new, [("a", &b"1"[..]), ("b", b"2")]);
    }

    #[test]
    fn changes_have_short_names() {
        let paths = ["a.md", "b.md", "c.md"].map(FilePath::from);
        assert_eq!([1, 2, 3].map(|count| names(&paths[..count])), ["a.md", "a.md and b.md", "a.md and 2 more files"]);
    }

    #[test]
    fn a_taken_port_is_refused_or_passed_over() -> anyhow::Result<()> {
        let taken = listen(Some(0))?.local_addr()?.port();
        let held = listen(Some(taken))?;
        assert!(listen(Some(taken)).is_err());
        assert!(held.local_addr()?.ip().is_loopback());
        let (one, other) = (listen(None)?, listen(None)?);
        assert_ne!(one.local_addr()?.port(), other.local_addr()?.port());
        Ok(())
    }
}
