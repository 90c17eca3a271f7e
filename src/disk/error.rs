//! Why a site was not published, in words for a person.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a site was not published. The old site is still there, whole.
#[derive(Debug, Error)]
pub enum PublishError {
    /// The folder holds files and no manifest: it may be anything.
    #[error(
        "the folder `{}` was not made by osteon and is not empty, so it is left alone; choose another folder with `--out`, or \
         empty this one if nothing in it is needed", .0.display()
    )]
    Foreign(PathBuf),
    /// A file, or a link that leads nowhere, stands where the folder should be.
    #[error("`{}` is not a folder; choose another one with `--out`, or move it away", .0.display())]
    NotAFolder(PathBuf),
    /// The output folder would swallow the site itself.
    #[error("the output folder `{}` contains the site itself; choose one inside or beside it with `--out`", .0.display())]
    ContainsSite(PathBuf),
    /// The output folder would be read as a part of the site.
    #[error("the output folder `{}` is inside a folder that the site is made from; choose another with `--out`", .0.display())]
    InsideSite(PathBuf),
    /// The output folder cannot be exchanged as a whole.
    #[error(
        "`{}` is a mount point or belongs to the image of a container, so it cannot be replaced in one step; publish to a folder \
         inside it, for example `--out {}`", .0.display(), .0.join("www").display()
    )]
    MountPoint(PathBuf),
    /// A part of the output folder would move away with the old site, and be removed with it later.
    #[error(
        "a folder inside `{}` is mounted from elsewhere and would move away with the old site; unmount it, or choose another \
         output folder with `--out`", .0.display()
    )]
    MountInside(PathBuf),
    /// Another build holds the lock.
    #[error("another osteon is publishing to `{}` at this moment; wait for it, or publish elsewhere with `--out`", .0.display())]
    Busy(PathBuf),
    /// A file of somebody else stands at the address of an output.
    #[error(
        "`{}` was not written by osteon, but the site has a page or file at this address; move it away, or into `static/` if the \
         site should contain it", .0.display()
    )]
    Occupied(PathBuf),
    /// An output's path leaves the output folder or cannot be written down in the manifest.
    #[error(
        "`{0}` cannot be the address of a page or file: an empty, `.` or `..` part, a backslash or a control character in it, or \
         the name of osteon's own list of outputs"
    )]
    Address(String),
    /// The caller announced an output and did not deliver it: a defect of osteon.
    #[error("the output `{0}` was announced but never written; this is a defect of osteon, please report it")]
    Missing(String),
    /// The system refused.
    #[error("{action} `{}` failed{}", path.display(), advice(source))]
    Io {
        /// What was tried, in the form "writing".
        action: &'static str,
        /// What it was tried on.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

pub(super) fn failed(action: &'static str, path: &Path, source: io::Error) -> PublishError {
    PublishError::Io { action, path: path.into(), source }
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            ", because there is no space left; the new site needs as much as the old one in addition, for what differs"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "; osteon needs to be allowed to write to the output folder and to the folder that contains it"
        }
        _ => "",
    }
}
