//! The staging folder beside the output folder: its paths, its lock, and recovery from a build that was killed.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::{PublishError, failed};
use super::system;
use super::tree::{ignore_in_git, is_missing_or_empty, make_folder, remove_tree};

/// The paths in the staging folder.
#[derive(Debug)]
pub(super) struct Staging(PathBuf);

impl Staging {
    /// The staging folder of an output folder, given by its parent and name.
    pub(super) fn beside(parent: &Path, name: &OsStr) -> Staging {
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(".osteon");
        Staging(parent.join(hidden))
    }

    fn lock_file(&self) -> PathBuf {
        self.0.join("lock")
    }

    pub(super) fn next(&self) -> PathBuf {
        self.0.join("next")
    }

    pub(super) fn spare(&self) -> PathBuf {
        self.0.join("spare")
    }

    pub(super) fn state(&self) -> PathBuf {
        self.0.join("state")
    }

    pub(super) fn former(&self) -> PathBuf {
        self.0.join("former")
    }

    /// Takes the exclusive lock on the folder, which the system releases when the process ends in whatever way.
    pub(super) fn lock(&self, out: &Path) -> Result<fs::File, PublishError> {
        let explain = |source| failed("creating the staging folder", &self.0, source);
        loop {
            make_folder(&self.0).map_err(explain)?;
            let file = match fs::File::options().write(true).create(true).truncate(false).open(self.lock_file()) {
                // The one who held it has just removed the folder.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                file => file.map_err(explain)?,
            };
            match file.try_lock() {
                Err(fs::TryLockError::WouldBlock) => return Err(PublishError::Busy(out.into())),
                Err(fs::TryLockError::Error(source)) => return Err(explain(source)),
                // A lock on a file that has been removed since it was opened is no lock.
                Ok(()) if !system::is_at(&file, &self.lock_file()) => {}
                Ok(()) => {
                    ignore_in_git(&self.0).map_err(explain)?;
                    return Ok(file);
                }
            }
        }
    }

    /// Undoes or finishes an exchange by two renames that was killed between or after them.
    pub(super) fn recover(&self, out: &Path) -> io::Result<()> {
        let former = self.former();
        if !former.exists() {
            Ok(())
        } else if is_missing_or_empty(out)? {
            fs::rename(former, out)
        } else {
            remove_tree(&self.spare())?;
            fs::rename(former, self.spare())
        }
    }

    /// Removes the folder when there is nothing to keep in it. The lock goes last; see [`Staging::lock`] for those who wait for
    /// it.
    pub(super) fn leave(&self) {
        for file in [self.0.join(".gitignore"), self.state(), self.lock_file()] {
            let _ = fs::remove_file(file);
        }
        let _ = fs::remove_dir(&self.0);
    }
}
