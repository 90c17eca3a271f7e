//! What the standard library doesn't offer on every system.

#[cfg(not(unix))]
pub(super) use other::{entry_inode, exchange, inode, is_at, is_mount_point, symlink};
#[cfg(unix)]
pub(super) use unix::{entry_inode, exchange, inode, is_at, is_mount_point, symlink};

#[cfg(unix)]
mod unix {
    use std::fs::{DirEntry, File, Metadata};
    use std::io;
    use std::os::unix::fs::{DirEntryExt as _, MetadataExt as _};
    use std::path::Path;

    pub(in crate::disk) use std::os::unix::fs::symlink;

    /// Exchanges two folders in one step. `false` where the system or the file system cannot.
    pub(in crate::disk) fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
        #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
        {
            use rustix::fs::{CWD, RenameFlags, renameat_with};
            use rustix::io::Errno;
            match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
                Ok(()) => Ok(true),
                Err(error) if [Errno::NOSYS, Errno::INVAL, Errno::NOTSUP, Errno::OPNOTSUPP].contains(&error) => Ok(false),
                Err(error) => Err(error.into()),
            }
        }
        #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
        {
            let _ = (one, other);
            Ok(false)
        }
    }

    pub(in crate::disk) fn is_mount_point(folder: &Path, parent: &Path) -> bool {
        match (folder.metadata(), parent.metadata()) {
            (Ok(folder), Ok(parent)) => folder.dev() != parent.dev(),
            _ => false,
        }
    }

    /// Whether an open file is the one at a path.
    pub(in crate::disk) fn is_at(file: &File, path: &Path) -> bool {
        let identity = |metadata: Metadata| (metadata.dev(), metadata.ino());
        file.metadata().map(identity).ok() == path.metadata().map(identity).ok()
    }

    pub(in crate::disk) fn inode(metadata: &Metadata) -> u64 {
        metadata.ino()
    }

    pub(in crate::disk) fn entry_inode(entry: &DirEntry) -> u64 {
        entry.ino()
    }
}

/// Systems that have none of it: two renames, and foreign files are linked anew each time.
#[cfg(not(unix))]
mod other {
    use std::fs::{DirEntry, File, Metadata};
    use std::io;
    use std::path::Path;

    pub(in crate::disk) fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
        Ok(false)
    }

    pub(in crate::disk) fn is_mount_point(_: &Path, _: &Path) -> bool {
        false
    }

    pub(in crate::disk) fn is_at(_: &File, path: &Path) -> bool {
        path.exists()
    }

    pub(in crate::disk) fn inode(_: &Metadata) -> u64 {
        0
    }

    pub(in crate::disk) fn entry_inode(_: &DirEntry) -> u64 {
        0
    }

    pub(in crate::disk) fn symlink(_: &Path, _: &Path) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "links cannot be carried over on this system"))
    }
}
