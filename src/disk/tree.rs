//! The steps that publishing is made of: make, link and remove files and folders, whatever stands in the way.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::system;

/// The path with links resolved as far as it exists.
pub(super) fn resolved(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    match fs::canonicalize(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => resolved(parent).map(|parent| parent.join(name)),
            _ => Err(error),
        },
        real => real,
    }
}

pub(super) fn is_missing_or_empty(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// How the place of a file was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// With nothing in the way.
    Free,
    /// With a file or folder of the former site in the way, which is gone.
    Cleared,
}

/// Creates a file that was not there, and its folder. Nothing is ever written through a second name of a published file.
pub(super) fn write_new(tree: &Path, path: &str, bytes: &[u8]) -> io::Result<Way> {
    let file = tree.join(path);
    let create = || fs::File::options().write(true).create_new(true).open(&file);
    let mut created = in_folder(&file, create);
    let mut way = Way::Free;
    if created.is_err() {
        way = clear_way(tree, path)?;
        created = in_folder(&file, create);
    }
    created?.write_all(bytes)?;
    Ok(way)
}

/// Removes what stands at the place of a file: a file, a folder, or a file where one of its folders should be. All of it belongs
/// to the former site, because the new one has no two outputs of which one is below the other.
fn clear_way(tree: &Path, path: &str) -> io::Result<Way> {
    let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
    for part in ends.map(|end| tree.join(&path[..end])) {
        match fs::symlink_metadata(&part) {
            Ok(metadata) if !metadata.is_dir() => return fs::remove_file(part).map(|()| Way::Cleared),
            Ok(_) if part == tree.join(path) => return remove_tree(&part).map(|()| Way::Cleared),
            Ok(_) => {}
            Err(_) => break,
        }
    }
    Ok(Way::Free)
}

/// Links a file, or copies it with its time stamps where it cannot be linked.
pub(super) fn link(from: &Path, to: &Path) -> io::Result<()> {
    use io::ErrorKind::{AlreadyExists, CrossesDevices, NotFound};
    match in_folder(to, || fs::hard_link(from, to)) {
        Ok(()) => return Ok(()),
        // Two names in one file system, but across devices: something is mounted in the output folder.
        Err(error) if matches!(error.kind(), NotFound | AlreadyExists | CrossesDevices) => return Err(error),
        Err(_) => {}
    }
    let metadata = fs::symlink_metadata(from)?;
    if metadata.is_symlink() {
        return system::symlink(&fs::read_link(from)?, to);
    }
    if !metadata.is_file() {
        // Opening a pipe would wait for its other end.
        return Err(io::Error::new(io::ErrorKind::Unsupported, "it is neither a file nor a link and cannot be copied"));
    }
    fs::copy(from, to)?;
    fs::File::options().write(true).open(to)?.set_modified(metadata.modified()?)
}

/// Makes something in a folder that may have to be made first. A page that is `index.html` has a folder of its own, so trying
/// without the folder would be in vain.
fn in_folder<T>(path: &Path, make: impl Fn() -> io::Result<T>) -> io::Result<T> {
    let Some(parent) = path.parent() else { return make() };
    if path.file_name() == Some(OsStr::new("index.html")) {
        make_folder(parent)?;
    }
    match make() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => make_folder(parent).and_then(|()| make()),
        done => done,
    }
}

pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir_all(path),
        done => done,
    }
}

pub(super) fn ignore_in_git(folder: &Path) -> io::Result<()> {
    let file = folder.join(".gitignore");
    if file.exists() { Ok(()) } else { fs::write(file, "*\n") }
}

/// Removes a file that may be missing, or be a folder by now.
pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(()),
        Err(_) if path.is_dir() => Ok(()),
        removed => removed,
    }
}

/// Removes files and the folders that become empty.
pub(super) fn prune(tree: &Path, paths: &[&str]) -> io::Result<()> {
    paths.par_iter().try_for_each(|path| remove_file(&tree.join(path)))?;
    for path in paths {
        remove_empty_above(tree, Path::new(path));
    }
    Ok(())
}

/// Removes the folders above a path, up to the first that isn't empty.
pub(super) fn remove_empty_above(tree: &Path, path: &Path) {
    for folder in path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
        match fs::remove_dir(tree.join(folder)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return,
            _ => {}
        }
    }
}

pub(super) fn remove_empty(folder: &Path) {
    // A folder that isn't empty stays.
    let _ = fs::remove_dir(folder);
}

/// Removes a folder with everything in it, if it is there. Links are removed, not followed.
pub(super) fn remove_tree(path: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let mut folders = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    folders.par_iter().try_for_each(|folder| remove_tree(folder))?;
    fs::remove_dir(path)
}
