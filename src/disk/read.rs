//! Reads a site: all files of the folders that it is made from, on all cores.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use thiserror::Error;

use crate::baseline::BASELINE;
use crate::config::CONFIG;
use crate::files::{File, Files};
use crate::output::MANIFEST;

/// The folders that a site is read from, besides its configuration.
pub(crate) const SOURCES: [&str; 3] = ["content", STATIC, "themes"];

/// The files of a site beside its folders.
pub(crate) const ROOT_FILES: [&str; 2] = [CONFIG, BASELINE];

/// The one whose files are published as they are.
const STATIC: &str = "static";

/// A site as it was read.
#[derive(Debug, Default)]
pub struct Reading {
    /// Its files.
    pub files: Files,
    /// What was left out although somebody may miss it, in the order of the paths.
    pub remarks: Vec<Remark>,
}

/// Something in the site's folders that was not read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// Path below the root; a name that isn't Unicode is shown as well as possible.
    pub path: String,
    /// Why it was left out, as the end of a sentence that starts with the path.
    pub reason: &'static str,
}

/// A file or folder of the site that cannot be read.
#[derive(Debug, Error)]
#[error("`{}` cannot be read", path.display())]
pub struct ReadError {
    /// The file or folder.
    pub path: PathBuf,
    /// The system's reason.
    pub source: io::Error,
}

/// Reads a site: `osteon.yaml`, `osteon-baseline.yaml`, `content/`, `static/` and `themes/` below the root.
///
/// Hidden files and editors' temporary files are passed over; below `static/`, most hidden files are read, because a site may
/// need a `.well-known/` or a `.nojekyll`. Links to files inside the root are read, other links are not; the remarks name them. A
/// file that vanishes while the site is read was never there.
pub fn read(root: &Path) -> Result<Reading, ReadError> {
    let real_root = fs::canonicalize(root).map_err(|source| ReadError { path: root.into(), source })?;
    let mut listing = Listing::default();
    for name in SOURCES.into_iter().chain(ROOT_FILES) {
        match fs::symlink_metadata(root.join(name)) {
            Ok(metadata) if metadata.is_dir() => listing.append(list(root, name, name)?),
            Ok(metadata) => listing.add(&real_root, name.into(), metadata.file_type()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(ReadError { path: root.join(name), source }),
        }
    }
    let read = |buffer: &mut Vec<u8>, path: String| match read_into(&root.join(&path), buffer) {
        Ok(()) => Ok(Some(File::new(path, buffer.as_slice()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ReadError { path: root.join(path), source }),
    };
    let files: Vec<Option<File>> = listing.files.into_par_iter().map_init(Vec::new, read).collect::<Result<_, _>>()?;
    listing.remarks.sort();
    Ok(Reading { files: files.into_iter().flatten().collect(), remarks: listing.remarks })
}

/// Whether a file or folder, somewhere below one of the [`SOURCES`], is no part of the site because of its name.
///
/// Editors leave temporary files beside a file that is open or was changed. Hidden files are nobody's content or theme, but they
/// may be meant to be published.
pub(crate) fn is_passed_over(source: &str, name: &str) -> bool {
    let is_temporary = name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
    is_temporary || (name.starts_with('.') && (source != STATIC || is_never_published(name)))
}

/// Whether a hidden file below `static/` is there for another program: the Finder, git, or an editor that has a file open.
fn is_never_published(name: &str) -> bool {
    name == ".DS_Store"
        || name.starts_with(".git")
        || name.starts_with(".#")
        || [".swp", ".swo", ".swx"].iter().any(|ending| name.ends_with(ending))
        || is_manifest(name)
}

/// Whether a file would be taken for the manifest of the published site, also where upper and lower case are the same.
fn is_manifest(name: &str) -> bool {
    name.eq_ignore_ascii_case(MANIFEST)
}

/// What [`list`] found.
#[derive(Default)]
struct Listing {
    files: Vec<String>,
    remarks: Vec<Remark>,
}

impl Listing {
    fn append(&mut self, other: Listing) {
        self.files.extend(other.files);
        self.remarks.extend(other.remarks);
    }

    /// Adds what is not a folder.
    fn add(&mut self, real_root: &Path, path: String, kind: fs::FileType) {
        if kind.is_file() {
            return self.files.push(path);
        }
        let reason = match kind.is_symlink().then(|| fs::canonicalize(real_root.join(&path))) {
            None => "is neither a file nor a folder",
            Some(Err(_)) => "is a link that leads nowhere",
            Some(Ok(target)) if !target.starts_with(real_root) => "is a link to a place outside of the site",
            Some(Ok(target)) if target.is_file() => return self.files.push(path),
            Some(Ok(_)) => "is a link to something that is not a file; links to folders are not followed",
        };
        self.remarks.push(Remark { path, reason });
    }
}

/// Lists the files below a folder, which is one of the [`SOURCES`] or in it. The kind of an entry comes with its name, so nothing
/// is asked of the system file by file.
fn list(root: &Path, source: &str, folder: &str) -> Result<Listing, ReadError> {
    let explain = |source| ReadError { path: root.join(folder), source };
    let mut listing = Listing::default();
    let mut folders = Vec::new();
    for entry in fs::read_dir(root.join(folder)).map_err(explain)? {
        let entry = entry.map_err(explain)?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            let path = format!("{folder}/{}", name.to_string_lossy());
            listing.remarks.push(Remark { path, reason: "has a name that is not Unicode" });
            continue;
        };
        let path = format!("{folder}/{name}");
        if source == STATIC && is_manifest(name) {
            listing.remarks.push(Remark { path, reason: "has the name of osteon's own list of outputs and is not published" });
            continue;
        }
        if is_passed_over(source, name) {
            continue;
        }
        let kind = entry.file_type().map_err(explain)?;
        if kind.is_dir() {
            folders.push(path);
        } else if kind.is_file() {
            listing.files.push(path);
        } else {
            listing.add(&fs::canonicalize(root).map_err(explain)?, path, kind);
        }
    }
    let below: Vec<Listing> = folders.par_iter().map(|folder| list(root, source, folder)).collect::<Result<_, _>>()?;
    for other in below {
        listing.append(other);
    }
    Ok(listing)
}

/// Reads into a buffer that is used for many files, so that each costs one allocation of its exact size.
fn read_into(path: &Path, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.clear();
    buffer.reserve(64 * 1024);
    // `take` without a limit that matters: `File` would ask the system for the size first.
    fs::File::open(path)?.take(u64::MAX).read_to_end(buffer).map(|_| ())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use crate::disk::tests::Folder;
    use crate::output::is_output_path;

    #[test]
    fn a_site_is_read_without_hidden_and_temporary_files() {
        let folder = Folder::new();
        for path in ["osteon.yaml", "content/a.md", "content/b/c.yaml", "themes/x/page.html", "static/logo.svg"] {
            folder.write(path, path);
        }
        for path in
            ["README.md", "public/index.html", "content/.a.md.swp", "content/a.md~", "content/#a.md#", "themes/.x/page.html"]
        {
            folder.write(path, "no");
        }
        let reading = read(&folder.0).unwrap();
        let paths: Vec<&str> = reading.files.iter().map(|file| &*file.path).collect();
        assert_eq!(paths, ["content/a.md", "content/b/c.yaml", "osteon.yaml", "static/logo.svg", "themes/x/page.html"]);
        assert!(reading.files.iter().all(|file| *file.bytes == *file.path.as_bytes()));
        assert_eq!(reading.remarks, []);
        assert!(read(&folder.0.join("missing")).is_err());
    }

    #[test]
    fn hidden_files_below_static_are_read_unless_they_are_there_for_another_program() {
        let folder = Folder::new();
        let published = ["static/.htaccess", "static/.nojekyll", "static/.well-known/security.txt", "static/a/.hidden/b"];
        for path in published {
            folder.write(path, path);
        }
        for path in [
            ".DS_Store",
            "a/.DS_Store",
            ".git/config",
            ".gitignore",
            "a/.gitkeep",
            ".a.css.swp",
            ".a.css.swo",
            ".#a.css",
            ".a.css~",
        ] {
            folder.write(&format!("static/{path}"), "no");
        }
        let reading = read(&folder.0).unwrap();
        assert_eq!(reading.files.iter().map(|file| &*file.path).collect::<Vec<_>>(), published);
        assert!(published.iter().all(|path| is_output_path(path.strip_prefix("static/").unwrap())));
        assert_eq!(reading.remarks, []);
    }

    #[test]
    fn a_file_with_the_name_of_the_manifest_is_left_out_with_a_remark() {
        let folder = Folder::new();
        for path in ["static/.osteon-manifest", "static/old/.Osteon-Manifest", "static/index.html"] {
            folder.write(path, "osteon manifest 1\n");
        }
        let reading = read(&folder.0).unwrap();
        assert_eq!(reading.files.iter().map(|file| &*file.path).collect::<Vec<_>>(), ["static/index.html"]);
        let remarks: Vec<&str> = reading.remarks.iter().map(|remark| &*remark.path).collect();
        assert_eq!(remarks, ["static/.osteon-manifest", "static/old/.Osteon-Manifest"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_to_files_inside_the_site_only() {
        let folder = Folder::new();
        folder.write("secret", "no");
        folder.write("site/README.md", "read me");
        folder.write("site/content/a/b.md", "b");
        let content = folder.0.join("site/content");
        for (target, link) in [("../README.md", "ok.md"), ("../../secret", "out.md"), ("nowhere", "gone.md"), ("a", "folder")] {
            std::os::unix::fs::symlink(Path::new(target), content.join(link)).unwrap();
        }
        let reading = read(&folder.0.join("site")).unwrap();
        assert_eq!(reading.files.iter().map(|file| &*file.path).collect::<Vec<_>>(), ["content/a/b.md", "content/ok.md"]);
        let remarks: Vec<&str> = reading.remarks.iter().map(|remark| &*remark.path).collect();
        assert_eq!(remarks, ["content/folder", "content/gone.md", "content/out.md"]);
    }
}
