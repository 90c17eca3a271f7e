//! What the tests share: fixtures as files in memory, a build without a disk, and comparison with what is expected.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use osteon::Build;
use osteon::cache::Cache;
use osteon::config::{Drafts, Options, Search};
use osteon::entry::Date;
use osteon::files::Files;
use osteon::hash::Hash;
use osteon::output::{Manifest, Sink};
use similar::TextDiff;

/// Takes outputs and keeps them: path → bytes.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<BTreeMap<String, Vec<u8>>>);

impl Sink for Memory {
    fn put(&self, path: &str, bytes: Vec<u8>, _: Hash) {
        let old = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), bytes);
        assert!(old.is_none(), "`{path}` was put twice");
    }
}

impl Memory {
    /// What was put.
    pub(crate) fn outputs(self) -> BTreeMap<String, Vec<u8>> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A path below the root of the repository.
pub(crate) fn path(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below)
}

/// The files of the site in a folder, read as `osteon build` reads them.
pub(crate) fn load(dir: &Path) -> Files {
    match osteon::disk::read(dir) {
        Ok(reading) => reading.files,
        Err(error) => panic!("{}: {error}", dir.display()),
    }
}

/// What every test build is asked for: the same on every day.
pub(crate) fn options() -> Options {
    Options { today: Date { year: 2026, month: 11, day: 24 }, base_url: None, drafts: Drafts::Exclude, search: Search::Include }
}

/// A build that knows nothing of an earlier one.
pub(crate) fn build(files: &Files) -> (Build, Memory) {
    let memory = Memory::default();
    let build = osteon::build(files, &options(), &Cache::default(), &Manifest::default(), &memory);
    (build, memory)
}

/// The names of what is in a folder, in order.
pub(crate) fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut names: Vec<String> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Runs a check over every fixture in `tests/<group>/`. One that fails hides no other.
pub(crate) fn each(group: &str, check: impl Fn(&Path)) {
    let group = path("tests").join(group);
    let fixtures = names(&group);
    assert!(!fixtures.is_empty(), "{} holds no fixture", group.display());
    let failed: Vec<String> =
        fixtures.into_iter().filter(|name| catch_unwind(AssertUnwindSafe(|| check(&group.join(name)))).is_err()).collect();
    assert!(failed.is_empty(), "failed: {}", failed.join(", "));
}

/// Compares a text with a file of a fixture, or writes it there when `OSTEON_BLESS` is set.
#[track_caller]
pub(crate) fn expect(file: &Path, actual: &str) {
    if std::env::var_os("OSTEON_BLESS").is_some() {
        std::fs::write(file, actual).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        return;
    }
    let expected = std::fs::read_to_string(file).unwrap_or_default();
    if expected != actual {
        let diff = TextDiff::from_lines(&expected, actual);
        panic!("{} expects something else (`OSTEON_BLESS=1` rewrites it):\n{}", file.display(), diff.unified_diff());
    }
}
