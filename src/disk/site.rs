//! What osteon writes into the site's own folder: the first files of a new site, and the build cache.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::tree::{ignore_in_git, is_missing_or_empty, make_folder};

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

/// The build cache of a site, if there is one.
pub fn load_cache(root: &Path) -> Option<Vec<u8>> {
    fs::read(root.join(".osteon-cache/build")).ok()
}

/// Replaces the build cache of a site in one step.
pub fn save_cache(root: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = root.join(".osteon-cache");
    make_folder(&folder)?;
    ignore_in_git(&folder)?;
    let draft = folder.join(format!("build.{}", std::process::id()));
    fs::write(&draft, bytes).and_then(|()| fs::rename(&draft, folder.join("build"))).inspect_err(|_| {
        // The error that is returned says more than a second one about the left-over.
        let _ = fs::remove_file(&draft);
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use crate::disk::tests::{Folder, everything, texts};

    #[test]
    fn the_cache_comes_back_and_is_no_part_of_a_repository() {
        let folder = Folder::new();
        assert_eq!(load_cache(&folder.0), None);
        save_cache(&folder.0, b"one").unwrap();
        save_cache(&folder.0, b"two").unwrap();
        assert_eq!(load_cache(&folder.0).as_deref(), Some(&b"two"[..]));
        let expected = texts(&[(".gitignore", "*\n"), ("build", "two")]);
        assert_eq!(everything(&folder.0.join(".osteon-cache")), expected);
    }
}
