//! What is in an output folder and was not written by osteon: it stays, and an output never takes its place.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::system;
use crate::output::Manifest;

/// Something in an output folder that osteon did not write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Foreign {
    /// A file or a link, by the number of its inode: with the same number in both trees, it is the same file under two names.
    File(u64),
    /// A folder with nothing in it.
    Folder,
}

impl Foreign {
    /// Whether this is certainly the same thing in both trees. 0 is no inode but the lack of one.
    pub(super) fn is_same(self, other: Foreign) -> bool {
        self == other && self != Foreign::File(0)
    }
}

/// Everything below a folder that isn't ours, in no order.
pub(super) fn below(
    out: &Path,
    folder: &Path,
    is_ours: &(dyn Fn(&str) -> bool + Sync),
    had_outputs: &(dyn Fn(&str) -> bool + Sync),
) -> io::Result<Vec<(PathBuf, Foreign)>> {
    let mut found = Vec::new();
    let mut folders = Vec::new();
    let mut is_empty = true;
    for entry in fs::read_dir(out.join(folder))? {
        let entry = entry?;
        is_empty = false;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            folders.push(path);
        } else if !path.to_str().is_some_and(is_ours) {
            found.push((path, Foreign::File(system::entry_inode(&entry))));
        }
    }
    if is_empty && !folder.as_os_str().is_empty() && !folder.to_str().is_some_and(had_outputs) {
        if system::is_mount_point(&out.join(folder), out) {
            return Err(io::ErrorKind::CrossesDevices.into());
        }
        found.push((folder.into(), Foreign::Folder));
    }
    let deeper: Vec<_> = folders.par_iter().map(|folder| below(out, folder, is_ours, had_outputs)).collect::<io::Result<_>>()?;
    found.extend(deeper.into_iter().flatten());
    Ok(found)
}

/// The first foreign thing that stands in the way of an output.
pub(super) fn obstacle<'a>(foreign: &'a BTreeMap<PathBuf, Foreign>, new: &Manifest) -> Option<&'a Path> {
    let is_in_the_way = |path: &Path, kind: Foreign| {
        path.ancestors().filter_map(Path::to_str).any(|path| new.0.contains_key(path))
            || kind != Foreign::Folder && path.to_str().is_some_and(|path| new.has_below(path))
    };
    foreign.iter().find(|(path, kind)| is_in_the_way(path, **kind)).map(|(path, _)| path.as_path())
}
