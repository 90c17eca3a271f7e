//! A site's folders under watch, and its files as they are now.
//!
//! What changed is read again file by file. Whatever is more than the bytes of a plain file (folders that come and go, links,
//! events that the system lost) is a reason to read everything: that takes a moment and is never wrong.

#![allow(clippy::disallowed_methods, reason = "the edge of the program may touch the file system")]

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use notify_debouncer_full::notify::event::{AccessKind, AccessMode, EventKind};
use notify_debouncer_full::notify::{self, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, DebouncedEvent, Debouncer, RecommendedCache, new_debouncer_opt};

use super::say;
use crate::disk::{self, ReadError, Remark};
use crate::files::{File, FilePath, Files};

/// How long a file must have been quiet. Editors write in several steps; a person does not notice the wait.
const QUIET: Duration = Duration::from_millis(40);
const TICK: Duration = Duration::from_millis(10);

/// How long to wait between two readings after lost events: reading many files makes events that can be lost in their turn.
const BREATH: Duration = Duration::from_secs(1);

/// A site's folders under watch.
pub(super) struct Source {
    root: PathBuf,
    debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
    events: Receiver<DebounceEventResult>,
    files: Arc<Files>,
    remarks: Vec<Remark>,
    /// Whether everything must be read at the next occasion.
    is_stale: bool,
    /// Whether some of the files are links: what they lead to changes without an event of their own.
    has_links: bool,
    /// When everything was read because events were lost.
    recovered: Option<Instant>,
}

impl Source {
    /// Begins to watch. Nothing is read yet.
    pub(super) fn watch(root: &Path) -> anyhow::Result<Source> {
        let context = || format!("watching `{}`", root.display());
        let real_root = fs::canonicalize(root).with_context(context)?;
        let (sender, events) = mpsc::channel();
        // Links to folders are no part of a site, so they aren't watched.
        let config = notify::Config::default().with_follow_symlinks(false);
        let handler = move |result| _ = sender.send(result);
        let debouncer = new_debouncer_opt(QUIET, Some(TICK), handler, RecommendedCache::new(), config).with_context(context)?;
        let (files, remarks, recovered) = (Arc::default(), Vec::new(), None);
        let mut source =
            Source { root: real_root, debouncer, events, files, remarks, is_stale: true, has_links: false, recovered };
        // The root alone, without the folders in it: they may hold an output, a repository or a hundred thousand files.
        source.debouncer.watch(&source.root, RecursiveMode::NonRecursive).with_context(context)?;
        for folder in disk::SOURCES {
            source.watch_folder(folder);
        }
        Ok(source)
    }

    /// The files as they were read last.
    pub(super) fn files(&self) -> &Arc<Files> {
        &self.files
    }

    /// Reads everything, and returns the paths of what is new, different or gone.
    pub(super) fn read(&mut self) -> Result<Vec<FilePath>, ReadError> {
        self.is_stale = true;
        let reading = disk::read(&self.root)?;
        self.is_stale = false;
        self.has_links = reading.files.iter().any(|file| self.root.join(&*file.path).is_symlink());
        for remark in reading.remarks.iter().filter(|remark| !self.remarks.contains(remark)) {
            say(&format!("note: `{}` {}", remark.path, remark.reason));
        }
        self.remarks = reading.remarks;
        let old = std::mem::replace(&mut self.files, Arc::new(reading.files));
        let is_same = |file: &File, others: &Files| others.at(&file.path).is_some_and(|other| other.hash == file.hash);
        let mut changed: Vec<_> = self.files.iter().filter(|file| !is_same(file, &old)).map(|file| file.path.clone()).collect();
        changed.extend(old.iter().filter(|file| self.files.at(&file.path).is_none()).map(|file| file.path.clone()));
        changed.sort();
        Ok(changed)
    }

    /// Waits until files of the site have changed, reads them again and returns their paths; after an error, until reading
    /// succeeds. `None` when watching has come to an end.
    pub(super) fn changed(&mut self) -> Option<Result<Vec<FilePath>, ReadError>> {
        loop {
            let first = self.events.recv().ok()?;
            let mut batch = Changes::default();
            for result in std::iter::once(first).chain(self.events.try_iter().collect::<Vec<_>>()) {
                batch.add(&self.root, result);
            }
            for trouble in &batch.troubles {
                say(&format!("note: not everything can be watched, so some changes are seen only with others: {trouble}"));
            }
            if !batch.has_lost && batch.paths.is_empty() {
                continue;
            }
            for folder in disk::SOURCES.into_iter().filter(|folder| batch.paths.contains(*folder)) {
                self.watch_folder(folder);
            }
            let was_stale = self.is_stale;
            let changed = if batch.has_lost {
                self.recover()
            } else if self.is_stale || self.has_links {
                self.read()
            } else {
                self.read_again(&batch.paths)
            };
            match changed {
                Ok(changed) if changed.is_empty() && !was_stale => {}
                changed => return Some(changed),
            }
        }
    }

    /// Reads everything because nobody knows what changed.
    fn recover(&mut self) -> Result<Vec<FilePath>, ReadError> {
        if let Some(rest) = self.recovered.and_then(|last| BREATH.checked_sub(last.elapsed())) {
            std::thread::sleep(rest);
        }
        let changed = self.read();
        self.recovered = Some(Instant::now());
        changed
    }

    /// Reads the files at some paths, or everything if there is more to it than files.
    fn read_again(&mut self, paths: &BTreeSet<String>) -> Result<Vec<FilePath>, ReadError> {
        let mut seen = Vec::with_capacity(paths.len());
        for path in paths {
            match self.look(path).inspect_err(|_| self.is_stale = true)? {
                Sight::More => return self.read(),
                sight => seen.push((FilePath::from(path.as_str()), sight)),
            }
        }
        let files = Arc::make_mut(&mut self.files);
        let mut changed = Vec::with_capacity(seen.len());
        for (path, sight) in seen {
            let old = files.at(&path).map(|file| file.hash);
            match sight {
                Sight::File(file) if old != Some(file.hash) => files.insert(file),
                Sight::Nothing if old.is_some() => files.remove(&path),
                _ => continue,
            }
            changed.push(path);
        }
        Ok(changed)
    }

    /// What is at a path now.
    fn look(&self, path: &str) -> Result<Sight, ReadError> {
        let place = self.root.join(path);
        let is_file = fs::symlink_metadata(&place).map(|metadata| metadata.is_file());
        let sight = is_file.and_then(|is_file| {
            if is_file { fs::read(&place).map(|bytes| Sight::File(File::new(path, bytes))) } else { Ok(Sight::More) }
        });
        match sight {
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                let was_folder = self.files.below(&format!("{path}/")).next().is_some();
                Ok(if was_folder { Sight::More } else { Sight::Nothing })
            }
            sight => sight.map_err(|source| ReadError { path: place, source }),
        }
    }

    /// Watches one of the site's folders, if it is there; again after it was replaced by another one.
    fn watch_folder(&mut self, folder: &str) {
        let path = self.root.join(folder);
        if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir())
            && let Err(error) = self.debouncer.watch(&path, RecursiveMode::Recursive)
        {
            say(&format!("note: changes in `{}` will not be seen: {error}", path.display()));
        }
    }
}

/// What is at a path.
enum Sight {
    /// A file.
    File(File),
    /// Nothing, and there was no folder.
    Nothing,
    /// Something else, such as a folder or a link, or the lack of a folder that was there.
    More,
}

/// What a batch of events comes to.
#[derive(Debug, Default)]
struct Changes {
    /// Paths below the root, with `/`, of what may be a part of the site.
    paths: BTreeSet<String>,
    /// Whether events were lost.
    has_lost: bool,
    /// What the watcher has to say.
    troubles: BTreeSet<String>,
}

impl Changes {
    fn add(&mut self, root: &Path, result: DebounceEventResult) {
        match result {
            Ok(events) => {
                self.has_lost |= events.iter().any(|event| event.need_rescan());
                let paths = events.iter().filter(|event| is_change(event)).flat_map(|event| &event.paths);
                self.paths.extend(paths.filter_map(|path| source_path(path.strip_prefix(root).ok()?)));
            }
            Err(errors) => self.troubles.extend(errors.iter().map(ToString::to_string)),
        }
    }
}

/// Whether an event can mean that a file is different: reading one, as a build does, is an event too.
fn is_change(event: &DebouncedEvent) -> bool {
    !matches!(event.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write))
}

/// The path of what may be a part of a site, with `/`; the output folder, files that are passed over and the rest of a repository
/// are not.
fn source_path(path: &Path) -> Option<String> {
    let part = |part: Component| match part {
        Component::Normal(name) => name.to_str().map(ToOwned::to_owned),
        _ => None,
    };
    let parts = path.components().map(part).collect::<Option<Vec<String>>>()?;
    let (first, below) = parts.split_first()?;
    let is_source = if disk::ROOT_FILES.contains(&first.as_str()) {
        below.is_empty()
    } else {
        disk::SOURCES.contains(&first.as_str()) && !below.iter().any(|name| disk::is_passed_over(first, name))
    };
    is_source.then(|| parts.join("/"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A folder of the system's temporary folder, removed at the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("osteon-watch-{name}-{}", std::process::id()));
            fs::create_dir_all(path.join("content")).unwrap();
            Folder(fs::canonicalize(path).unwrap())
        }

        fn write(&self, path: &str, text: &str) {
            fs::write(self.0.join(path), text).unwrap();
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    /// Reads the site again as if the system had told of a change at each of the paths.
    fn read_again(source: &mut Source, paths: &[&str]) -> Vec<String> {
        let changed = source.read_again(&paths.iter().map(|path| (*path).to_owned()).collect()).unwrap();
        let whole = disk::read(&source.root).unwrap().files;
        let hashes = |files: &Files| files.iter().map(|file| (file.path.clone(), file.hash)).collect::<Vec<_>>();
        assert_eq!(hashes(source.files()), hashes(&whole), "after {paths:?}");
        changed.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn only_what_a_site_is_made_from_is_a_reason_to_build() {
        for path in [
            "osteon.yaml",
            "content",
            "content/articles/a.md",
            "static/logo.svg",
            "static/.well-known/security.txt",
            "themes/mine/templates/page.html",
        ] {
            assert_eq!(source_path(Path::new(path)).as_deref(), Some(path));
        }
        for path in [
            "",
            "README.md",
            "public/index.html",
            ".osteon-cache/build",
            ".git/index",
            "content/.a.md.swp",
            "content/a.md~",
            "content/#a.md#",
            "content/.drafts/a.md",
            "static/.git/index",
            "static/.logo.svg.swp",
            "static/.osteon-manifest",
            "themes/.mine/templates/page.html",
            "sub/osteon.yaml",
            "osteon.yaml/x",
            "../content/a.md",
        ] {
            assert_eq!(source_path(Path::new(path)), None, "{path}");
        }
    }

    #[test]
    fn reading_a_file_is_no_change() {
        let event = |kind| DebouncedEvent::new(notify::Event::new(kind), Instant::now());
        assert!(!is_change(&event(EventKind::Access(AccessKind::Open(AccessMode::Any)))));
        assert!(!is_change(&event(EventKind::Access(AccessKind::Close(AccessMode::Read)))));
        assert!(is_change(&event(EventKind::Access(AccessKind::Close(AccessMode::Write)))));
        assert!(is_change(&event(EventKind::Any)));
    }

    #[test]
    fn what_is_read_again_is_what_is_there() {
        let folder = Folder::new("again");
        folder.write("content/a.md", "a");
        let mut source = Source::watch(&folder.0).unwrap();
        assert_eq!(source.read().unwrap(), ["content/a.md".into()]);
        assert_eq!(source.read().unwrap(), []);

        assert!(read_again(&mut source, &["content/a.md"]).is_empty(), "touched and not changed");
        folder.write("content/a.md", "b");
        folder.write("content/b.md", "new");
        assert_eq!(
            read_again(&mut source, &["content/a.md", "content/b.md", "content/gone.md"]),
            ["content/a.md", "content/b.md"]
        );
        fs::rename(folder.0.join("content/b.md"), folder.0.join("content/c.md")).unwrap();
        assert_eq!(read_again(&mut source, &["content/b.md", "content/c.md"]), ["content/b.md", "content/c.md"]);

        fs::create_dir(folder.0.join("content/d")).unwrap();
        folder.write("content/d/e.md", "e");
        assert_eq!(read_again(&mut source, &["content/d"]), ["content/d/e.md"], "a folder that came with files in it");
        fs::rename(folder.0.join("content/d"), folder.0.join("content/f")).unwrap();
        assert_eq!(read_again(&mut source, &["content/d", "content/f"]), ["content/d/e.md", "content/f/e.md"]);
        fs::remove_dir_all(folder.0.join("content/f")).unwrap();
        assert_eq!(
            read_again(&mut source, &["content/f"]),
            ["content/f/e.md"],
            "a folder that went without its files being named"
        );
        fs::remove_file(folder.0.join("content/c.md")).unwrap();
        folder.write("content/c.md", "again");
        assert_eq!(read_again(&mut source, &["content/c.md"]), ["content/c.md"], "written by another file in its place");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_follows_what_it_leads_to() {
        let folder = Folder::new("link");
        folder.write("content/a.md", "a");
        let mut source = Source::watch(&folder.0).unwrap();
        source.read().unwrap();
        assert!(!source.has_links);
        std::os::unix::fs::symlink("a.md", folder.0.join("content/b.md")).unwrap();
        assert_eq!(read_again(&mut source, &["content/b.md"]), ["content/b.md"]);
        assert!(source.has_links);
    }

    #[test]
    fn changes_come_by_themselves() {
        let folder = Folder::new("events");
        folder.write("content/a.md", "a");
        let mut source = Source::watch(&folder.0).unwrap();
        source.read().unwrap();
        folder.write("README.md", "not a part of the site");
        folder.write("content/a.md", "b");
        assert_eq!(source.changed().unwrap().unwrap(), ["content/a.md".into()]);
        // A folder that did not exist when watching began.
        fs::create_dir(folder.0.join("static")).unwrap();
        folder.write("static/a.txt", "a");
        assert_eq!(source.changed().unwrap().unwrap(), ["static/a.txt".into()]);
        folder.write("static/a.txt", "b");
        assert_eq!(source.changed().unwrap().unwrap(), ["static/a.txt".into()]);
    }
}
