//! `osteon diff` and `osteon check --changed-since` in real repositories.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::support::{expect, load, path};

/// A repository that is gone when its test is over, with a site below `site/`.
struct Repository(PathBuf);

impl Drop for Repository {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Repository {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("osteon-change-{}-{name}", std::process::id()));
        fs::create_dir_all(folder.join("site")).expect("a folder");
        let repository = Repository(folder);
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        for (path, text) in SITE {
            repository.write(path, text);
        }
        repository.commit("The site");
        repository
    }

    fn site(&self) -> PathBuf {
        self.0.join("site")
    }

    /// Runs git with an identity and a date of its own, and with no settings of this machine.
    fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.arg("-C").arg(&self.0).args(arguments).stdin(Stdio::null());
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            git.env_remove(name);
        }
        for (name, value) in [
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_CONFIG_SYSTEM", "/dev/null"),
            ("GIT_AUTHOR_NAME", "Ada"),
            ("GIT_AUTHOR_EMAIL", "ada@example.org"),
            ("GIT_AUTHOR_DATE", "2026-11-20T10:00:00Z"),
            ("GIT_COMMITTER_NAME", "Ada"),
            ("GIT_COMMITTER_EMAIL", "ada@example.org"),
            ("GIT_COMMITTER_DATE", "2026-11-20T10:00:00Z"),
        ] {
            git.env(name, value);
        }
        let output = git.output().expect("git starts");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.site().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.site().join(path)).expect("a file");
    }
}

const SITE: &[(&str, &str)] = &[
    ("osteon.yaml", "title: Bones\nbase_url: https://example.org\n"),
    ("content/people.yaml", "- {id: ada, name: Ada}\n"),
    (
        "content/safety.yaml",
        "movements:\n  - {id: hop, label: Hopping}\n  - {id: walk, label: Walking}\n\
         conditions:\n  - {id: frail, label: Frailty}\n  - {id: knee, label: Sore knee}\n\
         rules:\n  - {id: hop-frail, movement: hop, conditions: [frail], verdict: avoid, warning: Do not hop when frail.}\n\
         ok:\n  - {movement: hop, conditions: [knee]}\n  - {movement: walk, conditions: [frail, knee]}\n",
    ),
    (
        "content/exercises/march.yaml",
        "title: March\nmovements: [walk]\nsteps: [Lift a foot., Rest for a moment., Walk on.]\ndosage: {reps: 8}\n",
    ),
    ("content/exercises/skip.yaml", "title: Skip\nmovements: [walk, hop]\nsteps: [Skip., Rest for a moment., Walk on.]\n"),
    (
        "content/articles/start.md",
        "---\ntitle: Start\nauthors: [ada]\naudience: [frail]\nrecommends: [march]\n---\n\nBegin slowly.\n",
    ),
    ("content/articles/old.md", "---\ntitle: Old\nauthors: [ada]\n---\n\nAn old text.\n"),
    ("content/warnings/falls.yaml", "title: Falls\nseverity: caution\ntext: Hold on to something that stands firmly.\n"),
];

fn osteon(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_osteon"));
    let Output { status, stdout, stderr } =
        command.args(arguments).current_dir(folder).stdin(Stdio::null()).output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_change_in_words() {
    let repository = Repository::new("words");
    repository.write(
        "content/exercises/march.yaml",
        "title: March\nmovements: [walk, hop]\nsteps: [Lift a foot., Rest for a moment., Walk on.]\ndosage: {reps: 12}\n",
    );
    repository
        .write("content/exercises/skip.yaml", "title: Skip\nmovements: [walk]\nsteps: [Skip., Rest for a moment., Walk on.]\n");
    repository
        .write("content/warnings/falls.yaml", "title: Falls\nseverity: avoid\ntext: Hold on to a chair that stands firmly.\n");
    repository.remove("content/articles/old.md");
    for (format, file) in [("human", "change.txt"), ("markdown", "change.md"), ("json", "change.json")] {
        let (code, out, err) = osteon(&repository.site(), &["diff", "HEAD", "--format", format, "--date", "2026-11-25"]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{err}");
        expect(&path("tests/change").join(file), &out);
    }
    let (code, out, _) = osteon(&repository.0, &["diff", "main", "--root", "site", "--log", "--date", "2026-11-25"]);
    assert_eq!(code, Some(0));
    expect(&path("tests/change/change.yaml"), &out);
    let log = repository.site().join("content/changes.yaml");
    let old = "# What we advise differently, and why\n- date: 2026-01-01\n  title:   \"An old change\" # as it was said";
    fs::write(&log, old).expect("a file");
    let write = ["diff", "HEAD", "--log", "--write", "--date", "2026-11-25"];
    let (code, printed, err) = osteon(&repository.site(), &write);
    assert_eq!((code, printed.as_str()), (Some(0), ""), "{err}");
    let read = || fs::read_to_string(&log).expect("a file");
    assert_eq!(read(), format!("{old}\n{out}"), "what was there stays byte for byte");
    let (code, _, err) = osteon(&repository.site(), &write);
    assert!(code == Some(0) && err.contains("has every change"), "{err}");
    assert_eq!(read(), format!("{old}\n{out}"));
    fs::write(&log, "changes: {}\n").expect("a file");
    let (code, _, err) = osteon(&repository.site(), &write);
    assert!(code == Some(2) && err.contains("can't be read as a list"), "{code:?} {err}");
    assert_eq!(read(), "changes: {}\n");
    fs::remove_file(&log).expect("a file");
    repository.commit("Changed");
    let (code, out, _) = osteon(&repository.site(), &["diff", "HEAD"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("Nothing: since `HEAD` no verdict"), "{out}");
}

#[test]
fn a_revision_holds_the_files_of_its_folder() {
    let repository = Repository::new("files");
    for (path, text) in [
        ("content/.hidden.md", "no"),
        ("content/articles/start.md~", "no"),
        ("static/.well-known/a.txt", "a"),
        ("static/.DS_Store", "no"),
        ("static/empty", ""),
        ("README.md", "---\ntitle: Read me\n---\n\nHello.\n"),
    ] {
        repository.write(path, text);
    }
    fs::write(repository.0.join("secret.md"), "no").expect("a file");
    #[cfg(unix)]
    for (target, link) in [("../../README.md", "read.md"), ("../../../secret.md", "secret.md"), ("nowhere.md", "gone.md")] {
        std::os::unix::fs::symlink(target, repository.site().join("content/articles").join(link)).expect("a link");
    }
    repository.commit("More files");
    let list = |files: osteon::files::Files| -> Vec<(String, Vec<u8>)> {
        files.iter().map(|file| (file.path.to_string(), file.bytes.to_vec())).collect()
    };
    let at = osteon::disk::files_at(&repository.site(), "HEAD").expect("a revision");
    assert_eq!(list(at), list(load(&repository.site())));
    let before = osteon::disk::files_at(&repository.site(), "HEAD~1").expect("a revision");
    assert_eq!(before.iter().count(), SITE.len());
}

#[test]
fn what_cannot_be_compared_is_said() {
    let repository = Repository::new("errors");
    for (revision, said) in [("nowhere", "git knows no revision `nowhere`"), ("--output=x", "git knows no revision `--output=x`")]
    {
        for arguments in [vec!["diff", "--", revision], vec!["check", &format!("--changed-since={revision}")]] {
            let (code, out, err) = osteon(&repository.site(), &arguments);
            assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
            assert!(err.contains(said), "{err}");
        }
    }
    fs::create_dir_all(repository.0.join("other/content")).expect("a folder");
    let (code, _, err) = osteon(&repository.0, &["diff", "HEAD", "--root", "other"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("there was no site in this folder"), "{err}");
    let outside = Repository::new("no-repository");
    fs::remove_dir_all(outside.0.join(".git")).expect("a folder");
    let (code, _, err) = osteon(&outside.site(), &["diff", "HEAD"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("git finds no repository"), "{err}");
}

#[test]
fn only_what_a_change_caused_is_reported() {
    let repository = Repository::new("caused");
    repository.write("content/articles/old.md", "---\ntitle: Old\nauthors: [ada]\n---\n\nSee [[strat]] and [[march]].\n");
    repository.commit("A broken link");
    assert_eq!(osteon(&repository.site(), &["check"]).0, Some(1));
    repository.write(
        "content/articles/old.md",
        "---\ntitle: Old\nauthors: [ada]\n---\n\nA new first paragraph.\n\nSee [[strat]] and [[march]].\n",
    );
    let (code, _, err) = osteon(&repository.site(), &["check", "--changed-since", "HEAD"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(err.contains("no findings since `HEAD`; 5 older findings left out"), "{err}");
    repository.remove("content/exercises/march.yaml");
    let (code, _, err) = osteon(&repository.site(), &["check", "--changed-since", "HEAD"]);
    assert_eq!(code, Some(1), "what breaks in a file that was not touched is reported, too: {err}");
    assert!(err.contains("content/articles/start.md") && !err.contains("called `strat`"), "{err}");
    assert!(err.contains("2 errors since `HEAD`; 4 older findings left out"), "{err}");
}
