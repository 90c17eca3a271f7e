//! What osteon writes into the site's own folder: the first files of a new site, and the build cache.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::tree::{ignore_in_git, is_missing_or_empty, make_folder};
use crate::baseline::BASELINE;
use crate::cache::Packed;
use crate::files::File;

/// Writes the files of a new site into a folder that is missing or empty; any other folder is refused.
pub fn write_new_site(dir: &Path, files: &[(PathBuf, &[u8])]) -> io::Result<()> {
    if !is_missing_or_empty(dir)? {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "the folder is not empty; choose a new one"));
    }
    for (path, bytes) in files {
        let path = dir.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, bytes)?;
    }
    Ok(())
}

/// Replaces the content of a file of a site, all of it or nothing, if it is still the one that was read.
pub fn rewrite(root: &Path, file: &File, new: &[u8]) -> io::Result<()> {
    // The file behind a link is meant, and not the link.
    let path = root.join(&*file.path).canonicalize()?;
    if fs::read(&path)? != *file.bytes {
        return Err(io::Error::other("it was changed by others meanwhile; check again"));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.osteon-fix"));
    let write = || {
        fs::write(&beside, new)?;
        fs::set_permissions(&beside, fs::metadata(&path)?.permissions())?;
        fs::rename(&beside, &path)
    };
    write().inspect_err(|_| {
        let _ = fs::remove_file(&beside);
    })
}

/// Writes the baseline of a site.
pub fn write_baseline(root: &Path, text: &str) -> io::Result<()> {
    fs::write(root.join(BASELINE), text)
}

const CACHE: &str = ".osteon-cache";
const INDEX: &str = "build";

/// The index of the build cache of a site, if there is one.
pub fn load_cache(root: &Path) -> Option<Vec<u8>> {
    load_cache_part(root, INDEX)
}

/// A part of the build cache.
pub fn load_cache_part(root: &Path, name: &str) -> Option<Vec<u8>> {
    fs::read(root.join(CACHE).join(name)).ok()
}

/// Replaces the build cache of a site. New parts are written beside the old ones, and the index that names them is exchanged in
/// one step; what it doesn't name is removed.
pub fn save_cache(root: &Path, packed: &Packed) -> io::Result<()> {
    let folder = root.join(CACHE);
    make_folder(&folder)?;
    ignore_in_git(&folder)?;
    packed
        .parts
        .par_iter()
        .filter_map(|(name, bytes)| Some((folder.join(name), bytes.as_ref()?)))
        .try_for_each(|(path, bytes)| fs::write(path, bytes))?;
    let draft = folder.join(format!("{INDEX}.{}", std::process::id()));
    fs::write(&draft, &packed.index).and_then(|()| fs::rename(&draft, folder.join(INDEX))).inspect_err(|_| {
        // The error that is returned says more than a second one about the left-over.
        let _ = fs::remove_file(&draft);
    })?;
    for entry in fs::read_dir(&folder)? {
        let entry = entry?;
        let is_needed = |name: &str| !name.starts_with("part-") || packed.parts.iter().any(|(part, _)| part == name);
        if entry.file_name().to_str().is_some_and(|name| !is_needed(name)) {
            // A part too many is no harm; the next build removes it.
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use crate::disk::tests::{Folder, everything, texts};

    #[test]
    fn the_cache_comes_back_and_is_no_part_of_a_repository() {
        let folder = Folder::new();
        let packed = |index: &str, parts: &[(&str, Option<&str>)]| Packed {
            index: index.into(),
            parts: parts.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.map(Into::into))).collect(),
        };
        assert_eq!(load_cache(&folder.0), None);
        save_cache(&folder.0, &packed("one", &[("part-1", Some("a")), ("part-2", Some("b"))])).unwrap();
        save_cache(&folder.0, &packed("two", &[("part-1", None), ("part-3", Some("c"))])).unwrap();
        assert_eq!(load_cache(&folder.0).as_deref(), Some(&b"two"[..]));
        assert_eq!(load_cache_part(&folder.0, "part-3").as_deref(), Some(&b"c"[..]));
        let expected = texts(&[(".gitignore", "*\n"), ("build", "two"), ("part-1", "a"), ("part-3", "c")]);
        assert_eq!(everything(&folder.0.join(".osteon-cache")), expected);
    }
}
