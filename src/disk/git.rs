//! The files of a site as they were at a revision of its git repository.
//!
//! The `git` program reads them; nothing is checked out, no filter or hook runs, and nothing is fetched.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use thiserror::Error;

use super::read::{SOURCES, is_passed_over};
use crate::config::CONFIG;
use crate::files::{File, Files};

/// Why the files of a revision can't be read.
#[derive(Debug, Error)]
pub enum GitError {
    /// There is no `git` to ask.
    #[error("the program `git` cannot be started; it is needed to read an older state of the site")]
    Missing(#[source] io::Error),
    /// The folder of the site is in no repository.
    #[error("git finds no repository for `{}` ({reason})", root.display())]
    NoRepository {
        /// The folder.
        root: PathBuf,
        /// What git said.
        reason: String,
    },
    /// Nothing is called that.
    #[error("git knows no revision `{0}`; a branch, a tag, a commit or `HEAD~1` would be one")]
    UnknownRevision(String),
    /// The revision has no site in this folder.
    #[error("at the revision `{0}` there was no site in this folder: neither `osteon.yaml` nor `content/`")]
    NoSite(String),
    /// git failed in the middle.
    #[error("git could not read the revision `{revision}`: {reason}")]
    Unreadable {
        /// The revision.
        revision: String,
        /// What git said.
        reason: String,
    },
}

/// What a tree says about a file.
struct Blob {
    is_link: bool,
    object: String,
}

/// The files of the site in `root` at a revision: the same selection as [`super::read()`] makes of a folder.
pub fn files_at(root: &Path, revision: &str) -> Result<Files, GitError> {
    let unknown = || GitError::UnknownRevision(revision.to_owned());
    // Such a name would be an option of git.
    if revision.is_empty() || revision.starts_with('-') || revision.contains(['\0', '\n']) {
        return Err(unknown());
    }
    run(root, &["rev-parse", "--git-dir"])?.map_err(|reason| GitError::NoRepository { root: root.to_owned(), reason })?;
    let commit = run(root, &["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")])?.map_err(|_| unknown())?;
    let commit = String::from_utf8_lossy(&commit).trim().to_owned();
    let unreadable = |reason: String| GitError::Unreadable { revision: revision.to_owned(), reason };
    // In a folder of the repository, git lists the files of that folder by their paths in it.
    let listing = run(root, &["ls-tree", "-r", "-z", &commit])?.map_err(unreadable)?;
    let blobs = blobs(&listing);
    let chosen: Vec<(&str, &Blob)> =
        blobs.iter().filter(|(path, _)| is_of_site(path)).map(|(path, blob)| (path.as_str(), blob)).collect();
    let links: Vec<&str> = blobs.values().filter(|blob| blob.is_link).map(|blob| blob.object.as_str()).collect();
    let targets: BTreeMap<&str, String> = links
        .iter()
        .copied()
        .zip(contents(root, &links).map_err(unreadable)?)
        .map(|(object, bytes)| (object, String::from_utf8_lossy(&bytes).into_owned()))
        .collect();
    let files: Vec<(&str, &str)> =
        chosen.into_iter().filter_map(|(path, blob)| Some((path, followed(path, blob, &blobs, &targets)?))).collect();
    let objects: Vec<&str> = files.iter().map(|(_, object)| *object).collect();
    let contents = contents(root, &objects).map_err(unreadable)?;
    if files.is_empty() {
        return Err(GitError::NoSite(revision.to_owned()));
    }
    Ok(files.into_iter().zip(contents).map(|((path, _), bytes)| File::new(path, bytes)).collect())
}

/// Whether a path is one of those from which a site is read.
fn is_of_site(path: &str) -> bool {
    let Some((source, below)) = path.split_once('/') else { return path == CONFIG };
    SOURCES.contains(&source) && !below.split('/').any(|name| is_passed_over(source, name))
}

/// The object of a file: of the one that a link leads to, if that is a file of this folder.
fn followed<'a>(
    path: &str,
    blob: &'a Blob,
    blobs: &'a BTreeMap<String, Blob>,
    targets: &BTreeMap<&str, String>,
) -> Option<&'a str> {
    let (mut path, mut blob) = (path.to_owned(), blob);
    // Links to links are rare, and a circle of them must end.
    for _ in 0..8 {
        if !blob.is_link {
            return Some(&blob.object);
        }
        let target = targets.get(blob.object.as_str()).filter(|target| !target.starts_with('/'))?;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
        for part in target.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()?),
                part => parts.push(part),
            }
        }
        path = parts.join("/");
        blob = blobs.get(&path)?;
    }
    None
}

/// The files in what `ls-tree -z` lists, by path. A name that isn't Unicode is nobody's, as in a folder.
fn blobs(listing: &[u8]) -> BTreeMap<String, Blob> {
    let lines = listing.split(|byte| *byte == 0).filter_map(|line| std::str::from_utf8(line).ok());
    lines
        .filter_map(|line| {
            let (about, path) = line.split_once('\t')?;
            let mut about = about.split(' ');
            let (mode, kind, object) = (about.next()?, about.next()?, about.next()?);
            (kind == "blob").then(|| (path.to_owned(), Blob { is_link: mode == "120000", object: object.to_owned() }))
        })
        .collect()
}

/// A git that asks nobody and fetches nothing. A hook that runs osteon has set these variables for its own repository and folder.
fn git(root: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(root).stdin(Stdio::null()).stderr(Stdio::piped()).stdout(Stdio::piped());
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        git.env_remove(name);
    }
    git.env("GIT_NO_LAZY_FETCH", "1").env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    git
}

/// What git answers, or the first line of its complaint.
fn run(root: &Path, arguments: &[&str]) -> Result<Result<Vec<u8>, String>, GitError> {
    let output = git(root).args(arguments).output().map_err(GitError::Missing)?;
    Ok(if output.status.success() { Ok(output.stdout) } else { Err(complaint(&output.stderr)) })
}

fn complaint(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    text.lines().next().unwrap_or_default().trim_start_matches("fatal: ").to_owned()
}

/// The bytes of objects, in order, from one process.
fn contents(root: &Path, objects: &[&str]) -> Result<Vec<Vec<u8>>, String> {
    if objects.is_empty() {
        return Ok(Vec::new());
    }
    let mut child = git(root).args(["cat-file", "--batch"]).stdin(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
    let (Some(mut questions), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("it cannot be talked to".to_owned());
    };
    let asked = objects.join("\n") + "\n";
    // Both pipes are short: who writes everything before reading would wait for ever.
    let writer = std::thread::spawn(move || questions.write_all(asked.as_bytes()));
    let read = answers_of(BufReader::new(answers), objects.len());
    let _ = writer.join();
    let mut said = Vec::new();
    if let Some(mut errors) = child.stderr.take() {
        let _ = errors.read_to_end(&mut said);
    }
    let _ = child.wait();
    read.map_err(|error| if said.is_empty() { error.to_string() } else { complaint(&said) })
}

fn answers_of(mut answers: BufReader<impl io::Read>, count: usize) -> io::Result<Vec<Vec<u8>>> {
    let mut contents = Vec::with_capacity(count);
    for _ in 0..count {
        let mut head = String::new();
        answers.read_line(&mut head)?;
        let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
        let size = size.ok_or_else(|| io::Error::other("a file of it is not in this copy of the repository"))?;
        let mut bytes = Vec::new();
        answers.by_ref().take(size).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        answers.read_exact(&mut [0])?;
        contents.push(bytes);
    }
    Ok(contents)
}

#[cfg(test)]
mod tests {
    use super::{answers_of, blobs, followed, is_of_site};
    use std::io::BufReader;

    #[test]
    fn the_same_files_as_in_a_folder() {
        for path in ["osteon.yaml", "content/a.md", "content/b/c.yaml", "themes/x/page.html", "static/.well-known/a.txt"] {
            assert!(is_of_site(path), "{path}");
        }
        for path in ["README.md", "sub/osteon.yaml", "content/.a/b.md", "content/a.md~", "static/.DS_Store", "public/index.html"]
        {
            assert!(!is_of_site(path), "{path}");
        }
    }

    #[test]
    fn links_lead_to_files_of_the_folder_only() {
        let lines = [
            "120000 blob l1\tcontent/ok.md",
            "120000 blob l2\tcontent/out.md",
            "120000 blob l3\tcontent/round.md",
            "100644 blob f\tREADME.md",
            "160000 commit s\tcontent/sub",
        ];
        let blobs = blobs(lines.join("\0").as_bytes());
        assert_eq!(blobs.len(), 4, "a repository inside the repository is no file");
        let targets = [("l1", "../README.md"), ("l2", "../../secret"), ("l3", "round.md")];
        let targets = targets.map(|(link, target)| (link, target.to_owned())).into();
        let object = |path: &str| followed(path, &blobs[path], &blobs, &targets);
        assert_eq!(object("content/ok.md"), Some("f"));
        assert_eq!(object("content/out.md"), None);
        assert_eq!(object("content/round.md"), None);
    }

    #[test]
    fn answers_are_read_to_their_ends() {
        let answers = |text: &'static [u8], count| answers_of(BufReader::new(text), count).ok();
        assert_eq!(answers(b"a1 blob 3\nx\ny\nb2 blob 0\n\n", 2), Some(vec![b"x\ny".to_vec(), Vec::new()]));
        assert_eq!(answers(b"a1 missing\n", 1), None);
        assert_eq!(answers(b"a1 blob 9\nshort", 1), None);
        assert_eq!(answers(b"", 1), None);
    }
}
