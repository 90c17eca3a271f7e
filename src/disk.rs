//! The only file of the core that touches the file system: reads a site, publishes it, keeps the build cache.
//!
//! # How a site is published
//!
//! The output folder (`public/`) is the whole old site or the whole new one at any instant. The new tree is made in a staging
//! folder beside it and exchanged with it in one system call:
//!
//! ```text
//! .public.osteon/lock     held while a Publisher lives
//! .public.osteon/next/    the new tree, when there is no spare
//! .public.osteon/spare/   the tree that was published before
//! .public.osteon/state    what sets the spare apart from the published tree
//! .public.osteon/former/  the published tree, between the two renames of a system that cannot exchange
//! ```
//!
//! After an exchange the former tree stays as the *spare*. The next build brings it up to date by touching only what differs and
//! exchanges again, so one changed page among thousands costs one file and not thousands of links.
//!
//! The spare is worth something only together with its state, and every way to be killed leaves either both or a spare that the
//! next [`Publisher::open`] throws away. The state is deleted before the spare is touched for the first time. It is written
//! again when the tree is complete, just before the exchange, and names the tree that it expects to find published (by the hash
//! of its manifest and the identity of its folder): valid from the instant of the exchange, and not before.
//!
//! Files of others in the output folder are linked into the new tree. A file system that cannot link gets copies with the same
//! time stamps. Nothing is synchronised to the disk file by file: after a power cut, files that are not what the manifest says
//! have the wrong size, and the next build writes them again.
//!
//! The price: the output folder is another folder after each publication. Whoever holds on to the folder itself and not to its
//! path (a server started inside it, a container that has it bound) goes on to see the former site.

#![allow(clippy::disallowed_methods, reason = "this is where they are allowed")]

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use thiserror::Error;

use crate::files::{File, Files};
use crate::hash::Hash;
use crate::output::{MANIFEST, Manifest, Plan, Sink, Stamp, is_output_path};

/// The folders that a site is read from, besides its configuration.
pub(crate) const SOURCES: [&str; 3] = ["content", "static", "themes"];
const CONFIG: &str = "osteon.yaml";
const STATE_HEADER: &str = "osteon spare 1";

/// A site as it was read.
#[derive(Debug, Default)]
pub struct Reading {
    /// Its files.
    pub files: Files,
    /// What was left out although it wasn't hidden, in the order of the paths.
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
        "`{0}` cannot be the address of a page or file: an empty, `.` or `..` part, a backslash or a control character in it"
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

/// What a commit did to the published site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Published {
    /// Outputs that are new or different.
    pub written: usize,
    /// Outputs that stayed, time stamps included.
    pub unchanged: usize,
    /// Outputs of the old site that are gone.
    pub removed: usize,
}

/// An output folder that a build may publish to: holds the lock, takes outputs, exchanges old for new.
///
/// Dropped without a commit, it leaves the old site as it is.
#[derive(Debug)]
pub struct Publisher {
    out: PathBuf,
    staging: Staging,
    /// Held, never read.
    _lock: fs::File,
    /// Whether a published site exists, and the hash of its manifest's text.
    published: Option<Hash>,
    /// The outputs that are there.
    manifest: Manifest,
    /// The outputs that should be there and are not, or not with their size.
    lost: Manifest,
    spare: Option<Spare>,
    staged: Mutex<Staged>,
    can_exchange: bool,
    is_committing: bool,
}

/// Reads a site: `osteon.yaml`, `content/`, `static/` and `themes/` below the root.
///
/// Hidden files and editors' temporary files are passed over. Links to files inside the root are read, other links are not; the
/// remarks name them. A file that vanishes while the site is read was never there.
pub fn read(root: &Path) -> Result<Reading, ReadError> {
    let real_root = fs::canonicalize(root).map_err(|source| ReadError { path: root.into(), source })?;
    let mut listing = Listing::default();
    for name in SOURCES.into_iter().chain([CONFIG]) {
        match fs::symlink_metadata(root.join(name)) {
            Ok(metadata) if metadata.is_dir() => listing.append(list(root, name)?),
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

impl Publisher {
    /// Takes hold of an output folder for the site at `root`: checks that it may be replaced, locks it, and tidies up after a
    /// build that was killed. Parent folders are created, the folder itself is not.
    pub fn open(out: &Path, root: &Path) -> Result<Publisher, PublishError> {
        let out = resolved(out).map_err(|source| failed("finding the folder", out, source))?;
        let root = fs::canonicalize(root).map_err(|source| failed("finding the site", root, source))?;
        let (Some(parent), Some(name)) = (out.parent(), out.file_name()) else {
            return Err(PublishError::ContainsSite(out));
        };
        if root.starts_with(&out) {
            return Err(PublishError::ContainsSite(out));
        }
        if SOURCES.iter().any(|folder| out.starts_with(root.join(folder))) {
            return Err(PublishError::InsideSite(out));
        }
        // Once before anything is created, so that a refusal leaves no trace, and again under the lock.
        published_manifest(&out)?;
        fs::create_dir_all(parent).map_err(|source| failed("creating", parent, source))?;
        if system::is_mount_point(&out, parent) {
            return Err(PublishError::MountPoint(out));
        }
        let staging = Staging::beside(parent, name);
        let lock = lock(&staging, &out)?;
        staging.recover(&out).map_err(|source| failed("restoring", &out, source))?;

        let (mut manifest, published) = match published_manifest(&out)? {
            Some((manifest, hash)) => (manifest, Some(hash)),
            None => (Manifest::default(), None),
        };
        let spare = published.and_then(|hash| Spare::parse(&fs::read_to_string(staging.state()).ok()?, &key(hash, &out)));
        let spare = spare.filter(|_| staging.spare().is_dir());
        if spare.is_none() {
            // In this order: a spare without its state is thrown away, a state without its spare would be believed.
            let tidied = remove_file(&staging.state()).and_then(|()| remove_tree(&staging.spare()));
            tidied.map_err(|source| failed("removing", &staging.spare(), source))?;
        }
        remove_tree(&staging.next()).map_err(|source| failed("removing", &staging.next(), source))?;

        let lost = lost(&out, &manifest);
        manifest.0.retain(|path, _| !lost.0.contains_key(path));
        let staged = Mutex::default();
        let (can_exchange, is_committing) = (true, false);
        Ok(Publisher { out, staging, _lock: lock, published, manifest, lost, spare, staged, can_exchange, is_committing })
    }

    /// The published outputs that are really there, with the right size. Equal ones need not be put.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Publishes with two renames, as on a system that cannot exchange folders. There is an instant without a folder between
    /// them; a build that is killed in it is undone by the next [`Publisher::open`].
    #[must_use]
    pub fn without_exchange(mut self) -> Self {
        self.can_exchange = false;
        self
    }

    /// Publishes the new site: what was put, and the outputs of the old site that are equal in both manifests.
    pub fn commit(mut self, new: &Manifest) -> Result<Published, PublishError> {
        let staged = std::mem::take(self.staged.get_mut().unwrap_or_else(PoisonError::into_inner));
        if let Some(error) = staged.error {
            return Err(error);
        }
        let plan = Plan::new(&self.manifest, new);
        // Sorted on all cores first: what remains for the map is to see that it is.
        let mut outputs = staged.outputs;
        outputs.par_sort_by(|(one, _), (other, _)| one.cmp(other));
        let put: BTreeMap<Arc<str>, Stamp> = outputs.into_iter().collect();
        for path in &plan.written {
            if !is_output_path(path) {
                return Err(PublishError::Address(path.to_string()));
            }
            if put.get(path) != new.0.get(path) {
                return Err(PublishError::Missing(path.to_string()));
            }
        }
        let done = Published {
            written: plan.written.len(),
            unchanged: plan.kept.len(),
            removed: plan.removed.len() + self.lost.0.keys().filter(|path| !new.0.contains_key(*path)).count(),
        };
        if self.published.is_some() && done.written == 0 && done.removed == 0 {
            return Ok(done);
        }
        self.is_committing = true;
        let foreign = if self.published.is_some() { self.foreign()? } else { BTreeMap::new() };
        if let Some(path) = obstacle(&foreign, new) {
            return Err(PublishError::Occupied(self.out.join(path)));
        }

        let tree = self.tree();
        let complete = || {
            match &self.spare {
                Some(spare) => {
                    remove_file(&self.staging.state())?;
                    self.update(spare, &plan, &put, new, &foreign)?;
                }
                None => self.complete(&plan, &put, new, &foreign)?,
            }
            let text = new.to_text();
            write_new(&tree, MANIFEST, text.as_bytes())?;
            if self.published.is_some() {
                fs::set_permissions(&tree, fs::metadata(&self.out)?.permissions())?;
                // Today's published tree, the spare of the next build, seen from the new site.
                let differs = put.keys().chain(&plan.removed).chain(self.lost.0.keys()).cloned().collect();
                let spare = Spare { differs, foreign };
                if let Some(state) = spare.to_text(&key(Hash::of_bytes(text.as_bytes()), &tree)) {
                    fs::write(self.staging.state(), state)?;
                }
            }
            Ok(())
        };
        complete().map_err(|source: io::Error| match source.kind() {
            io::ErrorKind::CrossesDevices => PublishError::MountInside(self.out.clone()),
            _ => failed("completing the new site in", &tree, source),
        })?;
        self.exchange(&tree)?;
        Ok(done)
    }

    /// Removes what was put and leaves the old site alone.
    pub fn discard(self) {
        drop(self);
    }

    /// The tree that becomes the new site.
    fn tree(&self) -> PathBuf {
        if self.spare.is_some() { self.staging.spare() } else { self.staging.next() }
    }

    fn write(&self, path: &str, bytes: &[u8]) -> Result<Way, PublishError> {
        let tree = self.tree();
        if self.spare.is_some() {
            // The file that is there may be the published one under a second name: a new one takes its place. Removing it first
            // also spares the flush that ext4 makes when a file is renamed over another.
            remove_file(&tree.join(path)).map_err(|source| failed("replacing", &tree.join(path), source))?;
        }
        write_new(&tree, path, bytes).map_err(|source| failed("writing", &tree.join(path), source))
    }

    /// Completes a tree that holds nothing but what was put.
    fn complete(
        &self,
        plan: &Plan,
        put: &BTreeMap<Arc<str>, Stamp>,
        new: &Manifest,
        foreign: &BTreeMap<PathBuf, Foreign>,
    ) -> io::Result<()> {
        let tree = self.staging.next();
        make_folder(&tree)?;
        let unwanted: Vec<&str> = put.keys().filter(|path| !new.0.contains_key(*path)).map(AsRef::as_ref).collect();
        prune(&tree, &unwanted)?;
        plan.kept
            .par_iter()
            .filter(|path| !put.contains_key(*path))
            .try_for_each(|path| link(&self.out.join(&**path), &tree.join(&**path)))?;
        self.carry(foreign, &tree)
    }

    /// Brings the spare up to date. What was put is already in it.
    fn update(
        &self,
        spare: &Spare,
        plan: &Plan,
        put: &BTreeMap<Arc<str>, Stamp>,
        new: &Manifest,
        foreign: &BTreeMap<PathBuf, Foreign>,
    ) -> io::Result<()> {
        let tree = self.staging.spare();
        let is_same = |path: &PathBuf, kind: &Foreign, others: &BTreeMap<PathBuf, Foreign>| {
            others.get(path).is_some_and(|other| kind.is_same(*other))
        };
        // Everything old goes before anything new comes, because a folder may stand where a file will be, and the reverse.
        for (path, kind) in spare.foreign.iter().filter(|(path, kind)| !is_same(path, kind, foreign)) {
            match kind {
                Foreign::File(_) => remove_file(&tree.join(path))?,
                Foreign::Folder => remove_empty(&tree.join(path)),
            }
            remove_empty_above(&tree, path);
        }
        let removed = plan.removed.iter().chain(self.lost.0.keys()).filter(|path| !new.0.contains_key(*path));
        let unwanted = put.keys().chain(&spare.differs).filter(|path| !new.0.contains_key(*path));
        let gone: BTreeSet<&str> = removed.chain(unwanted).map(AsRef::as_ref).collect();
        prune(&tree, &gone.into_iter().collect::<Vec<_>>())?;
        spare.differs.par_iter().filter(|path| new.0.contains_key(*path) && !put.contains_key(*path)).try_for_each(|path| {
            remove_file(&tree.join(&**path))?;
            link(&self.out.join(&**path), &tree.join(&**path))
        })?;
        let fresh = foreign.iter().filter(|(path, kind)| **kind == Foreign::Folder || !is_same(path, kind, &spare.foreign));
        self.carry(&fresh.map(|(path, kind)| (path.clone(), *kind)).collect(), &tree)
    }

    fn carry(&self, foreign: &BTreeMap<PathBuf, Foreign>, tree: &Path) -> io::Result<()> {
        foreign.par_iter().try_for_each(|(path, kind)| match kind {
            Foreign::Folder => fs::create_dir_all(tree.join(path)),
            Foreign::File(_) => link(&self.out.join(path), &tree.join(path)),
        })
    }

    /// What is in the output folder and was not written by osteon, as it is now: pages may have been rendered for seconds since
    /// the folder was opened.
    fn foreign(&self) -> Result<BTreeMap<PathBuf, Foreign>, PublishError> {
        let is_ours = |path: &str| path == MANIFEST || self.manifest.0.contains_key(path) || self.lost.0.contains_key(path);
        let had_outputs = |path: &str| self.manifest.has_below(path) || self.lost.has_below(path);
        let found = foreign_below(&self.out, Path::new(""), &is_ours, &had_outputs);
        found.map(|found| found.into_iter().collect()).map_err(|source| match source.kind() {
            io::ErrorKind::CrossesDevices => PublishError::MountInside(self.out.clone()),
            _ => failed("looking through", &self.out, source),
        })
    }

    /// Makes the new tree the published one, and the published one the spare.
    fn exchange(&self, tree: &Path) -> Result<(), PublishError> {
        let is_busy = |error: &io::Error| matches!(error.kind(), io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices);
        let explain = |error| match error {
            error if is_busy(&error) => PublishError::MountPoint(self.out.clone()),
            error => failed("replacing", &self.out, error),
        };
        if self.published.is_none() {
            // The folder is missing or empty.
            return fs::rename(tree, &self.out).map_err(explain);
        }
        let spare = self.staging.spare();
        if self.can_exchange && system::exchange(tree, &self.out).map_err(explain)? {
            if tree != spare {
                // The site is published. Should this fail, the next build throws the tree away and links a new one.
                let _ = fs::rename(tree, &spare);
            }
            return Ok(());
        }
        let former = self.staging.former();
        fs::rename(&self.out, &former).map_err(explain)?;
        if let Err(error) = fs::rename(tree, &self.out) {
            fs::rename(&former, &self.out).map_err(explain)?;
            return Err(explain(error));
        }
        let _ = fs::rename(&former, &spare);
        Ok(())
    }
}

impl Sink for Publisher {
    fn put(&self, path: &str, bytes: Vec<u8>, hash: Hash) {
        let stamp = Stamp { hash, size: bytes.len() as u64 };
        if self.manifest.0.get(path) == Some(&stamp) {
            return;
        }
        {
            let mut staged = self.staged.lock().unwrap_or_else(PoisonError::into_inner);
            if staged.error.is_some() {
                return;
            }
            if !is_output_path(path) {
                staged.error = Some(PublishError::Address(path.into()));
                return;
            }
            if staged.outputs.is_empty() && self.spare.is_some() {
                // From here on the spare isn't what its state says.
                if let Err(source) = remove_file(&self.staging.state()) {
                    staged.error = Some(failed("removing", &self.staging.state(), source));
                    return;
                }
            }
            staged.outputs.push((path.into(), stamp));
        }
        match self.write(path, &bytes) {
            Ok(Way::Free) => {}
            Ok(Way::Cleared) => self.staged.lock().unwrap_or_else(PoisonError::into_inner).has_cleared = true,
            Err(error) => _ = self.staged.lock().unwrap_or_else(PoisonError::into_inner).error.get_or_insert(error),
        }
    }
}

impl Drop for Publisher {
    /// Tidies up. Whatever fails here is met again, and reported, by the next [`Publisher::open`].
    fn drop(&mut self) {
        let _ = remove_tree(&self.staging.next());
        let staged = std::mem::take(self.staged.get_mut().unwrap_or_else(PoisonError::into_inner));
        let is_dirty = !staged.outputs.is_empty() && !self.is_committing;
        let is_known = !staged.has_cleared && staged.error.is_none();
        if let (Some(spare), Some(hash), true, true) = (self.spare.take(), self.published, is_dirty, is_known) {
            // The spare stays useful: what was put is one more difference. What was cleared away for it isn't known, so after
            // that, or after an error, the spare stays without a state.
            let put = staged.outputs.into_iter().map(|(path, _)| path);
            let spare = Spare { differs: spare.differs.into_iter().chain(put).collect(), foreign: spare.foreign };
            let state = spare.to_text(&key(hash, &self.out));
            let _ = state.map(|text| fs::write(self.staging.state(), text));
        }
        if !self.staging.spare().exists() {
            self.staging.leave();
        }
    }
}

/// What was put so far.
#[derive(Debug, Default)]
struct Staged {
    outputs: Vec<(Arc<str>, Stamp)>,
    /// Whether something had to go for one of them.
    has_cleared: bool,
    error: Option<PublishError>,
}

/// How the place of a file was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// With nothing in the way.
    Free,
    /// With a file or folder of the former site in the way, which is gone.
    Cleared,
}

/// What sets the spare apart from the published tree.
#[derive(Debug, Default, PartialEq, Eq)]
struct Spare {
    /// Outputs that are in one of the trees only, or different.
    differs: BTreeSet<Arc<str>>,
    /// Everything in the spare that isn't an output.
    foreign: BTreeMap<PathBuf, Foreign>,
}

/// Something in an output folder that osteon did not write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Foreign {
    /// A file or a link, by the number of its inode: with the same number in both trees, it is the same file under two names.
    File(u64),
    /// A folder with nothing in it.
    Folder,
}

impl Foreign {
    /// Whether this is certainly the same thing in both trees. 0 is no inode but the lack of one.
    fn is_same(self, other: Foreign) -> bool {
        self == other && self != Foreign::File(0)
    }
}

impl Spare {
    /// The text form. `None` when a name cannot be written down in it: then the next build makes do without a spare.
    fn to_text(&self, key: &str) -> Option<String> {
        let mut text = format!("{STATE_HEADER} {key}\n");
        for path in &self.differs {
            let _ = writeln!(text, "differs {path}");
        }
        for (path, kind) in &self.foreign {
            let path = path.to_str().filter(|path| !path.contains('\n'))?;
            let _ = match kind {
                Foreign::File(inode) => writeln!(text, "file {inode} {path}"),
                Foreign::Folder => writeln!(text, "folder {path}"),
            };
        }
        text.push_str("end\n");
        Some(text)
    }

    /// Reads the text form. `None` when it was cut short, or is about another tree than the published one.
    fn parse(text: &str, key: &str) -> Option<Spare> {
        let mut lines = text.strip_suffix("end\n")?.lines();
        if lines.next()?.strip_prefix(STATE_HEADER)?.trim_start() != key {
            return None;
        }
        let mut spare = Spare::default();
        for line in lines {
            match line.split_once(' ')? {
                ("differs", path) => _ = spare.differs.insert(is_output_path(path).then(|| path.into())?),
                ("folder", path) => _ = spare.foreign.insert(path.into(), Foreign::Folder),
                ("file", rest) => {
                    let (inode, path) = rest.split_once(' ')?;
                    spare.foreign.insert(path.into(), Foreign::File(inode.parse().ok()?));
                }
                _ => return None,
            }
        }
        Some(spare)
    }
}

/// The paths in the staging folder.
#[derive(Debug)]
struct Staging(PathBuf);

impl Staging {
    fn beside(parent: &Path, name: &OsStr) -> Staging {
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(".osteon");
        Staging(parent.join(hidden))
    }

    fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }

    fn next(&self) -> PathBuf {
        self.0.join("next")
    }

    fn spare(&self) -> PathBuf {
        self.0.join("spare")
    }

    fn state(&self) -> PathBuf {
        self.0.join("state")
    }

    fn former(&self) -> PathBuf {
        self.0.join("former")
    }

    /// Undoes or finishes an exchange by two renames that was killed between or after them.
    fn recover(&self, out: &Path) -> io::Result<()> {
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

    /// Removes the folder when there is nothing to keep in it. The lock goes last; see [`lock`] for those who wait for it.
    fn leave(&self) {
        for file in [self.0.join(".gitignore"), self.state(), self.lock()] {
            let _ = fs::remove_file(file);
        }
        let _ = fs::remove_dir(&self.0);
    }
}

/// Takes the exclusive lock on a staging folder, which the system releases when the process ends in whatever way.
fn lock(staging: &Staging, out: &Path) -> Result<fs::File, PublishError> {
    let explain = |source| failed("creating the staging folder", &staging.0, source);
    loop {
        make_folder(&staging.0).map_err(explain)?;
        let file = match fs::File::options().write(true).create(true).truncate(false).open(staging.lock()) {
            // The one who held it has just removed the folder.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            file => file.map_err(explain)?,
        };
        match file.try_lock() {
            Err(fs::TryLockError::WouldBlock) => return Err(PublishError::Busy(out.into())),
            Err(fs::TryLockError::Error(source)) => return Err(explain(source)),
            // A lock on a file that has been removed since it was opened is no lock.
            Ok(()) if !system::is_at(&file, &staging.lock()) => {}
            Ok(()) => {
                ignore_in_git(&staging.0).map_err(explain)?;
                return Ok(file);
            }
        }
    }
}

/// The manifest of the published site and the hash of its text. `None` when the folder is missing or empty.
fn published_manifest(out: &Path) -> Result<Option<(Manifest, Hash)>, PublishError> {
    match fs::metadata(out) {
        Ok(metadata) if !metadata.is_dir() => return Err(PublishError::NotAFolder(out.into())),
        Ok(_) => {}
        // A link that leads nowhere has no metadata, but is there.
        Err(_) if fs::symlink_metadata(out).is_ok() => return Err(PublishError::NotAFolder(out.into())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(failed("looking at", out, source)),
    }
    match fs::read_to_string(out.join(MANIFEST)) {
        Ok(text) => match Manifest::parse(&text) {
            Some(manifest) => Ok(Some((manifest, Hash::of_bytes(text.as_bytes())))),
            None => Err(PublishError::Foreign(out.into())),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => match is_missing_or_empty(out) {
            Ok(true) => Ok(None),
            Ok(false) => Err(PublishError::Foreign(out.into())),
            Err(source) => Err(failed("looking into", out, source)),
        },
        Err(source) => Err(failed("reading", &out.join(MANIFEST), source)),
    }
}

/// What a state says about the published tree, so that it is believed about no other.
fn key(manifest: Hash, tree: &Path) -> String {
    format!("{manifest} {}", fs::metadata(tree).map_or(0, |metadata| system::inode(&metadata)))
}

/// The outputs that aren't there, or not with their size.
fn lost(out: &Path, manifest: &Manifest) -> Manifest {
    let entries: Vec<_> = manifest.0.iter().collect();
    let is_there = |path: &str, stamp: &Stamp| {
        fs::symlink_metadata(out.join(path)).is_ok_and(|metadata| metadata.is_file() && metadata.len() == stamp.size)
    };
    let lost: Vec<_> = entries.into_par_iter().filter(|(path, stamp)| !is_there(path, stamp)).collect();
    Manifest(lost.into_iter().map(|(path, stamp)| (path.clone(), *stamp)).collect())
}

/// Everything below a folder that isn't ours, in no order.
fn foreign_below(
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
    let below: Vec<_> =
        folders.par_iter().map(|folder| foreign_below(out, folder, is_ours, had_outputs)).collect::<io::Result<_>>()?;
    found.extend(below.into_iter().flatten());
    Ok(found)
}

/// The first foreign thing that stands in the way of an output.
fn obstacle<'a>(foreign: &'a BTreeMap<PathBuf, Foreign>, new: &Manifest) -> Option<&'a Path> {
    let is_in_the_way = |path: &Path, kind: Foreign| {
        path.ancestors().filter_map(Path::to_str).any(|path| new.0.contains_key(path))
            || kind != Foreign::Folder && path.to_str().is_some_and(|path| new.has_below(path))
    };
    foreign.iter().find(|(path, kind)| is_in_the_way(path, **kind)).map(|(path, _)| path.as_path())
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

/// Lists the files below a folder. The kind of an entry comes with its name, so nothing is asked of the system file by file.
fn list(root: &Path, folder: &str) -> Result<Listing, ReadError> {
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
        if is_passed_over(name) {
            continue;
        }
        let path = format!("{folder}/{name}");
        let kind = entry.file_type().map_err(explain)?;
        if kind.is_dir() {
            folders.push(path);
        } else if kind.is_file() {
            listing.files.push(path);
        } else {
            listing.add(&fs::canonicalize(root).map_err(explain)?, path, kind);
        }
    }
    let below: Vec<Listing> = folders.par_iter().map(|folder| list(root, folder)).collect::<Result<_, _>>()?;
    for other in below {
        listing.append(other);
    }
    Ok(listing)
}

/// Hidden files, and what editors leave beside a file that is open or was changed.
pub(crate) fn is_passed_over(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}

/// Reads into a buffer that is used for many files, so that each costs one allocation of its exact size.
fn read_into(path: &Path, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.clear();
    buffer.reserve(64 * 1024);
    // `take` without a limit that matters: `File` would ask the system for the size first.
    fs::File::open(path)?.take(u64::MAX).read_to_end(buffer).map(|_| ())
}

/// The path with links resolved as far as it exists.
fn resolved(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    match fs::canonicalize(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => resolved(parent).map(|parent| parent.join(name)),
            _ => Err(error),
        },
        real => real,
    }
}

fn is_missing_or_empty(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// Creates a file that was not there, and its folder. Nothing is ever written through a second name of a published file.
fn write_new(tree: &Path, path: &str, bytes: &[u8]) -> io::Result<Way> {
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
fn link(from: &Path, to: &Path) -> io::Result<()> {
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

fn make_folder(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir_all(path),
        done => done,
    }
}

fn ignore_in_git(folder: &Path) -> io::Result<()> {
    let file = folder.join(".gitignore");
    if file.exists() { Ok(()) } else { fs::write(file, "*\n") }
}

/// Removes a file that may be missing, or be a folder by now.
fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(()),
        Err(_) if path.is_dir() => Ok(()),
        removed => removed,
    }
}

/// Removes files and the folders that become empty.
fn prune(tree: &Path, paths: &[&str]) -> io::Result<()> {
    paths.par_iter().try_for_each(|path| remove_file(&tree.join(path)))?;
    for path in paths {
        remove_empty_above(tree, Path::new(path));
    }
    Ok(())
}

/// Removes the folders above a path, up to the first that isn't empty.
fn remove_empty_above(tree: &Path, path: &Path) {
    for folder in path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
        match fs::remove_dir(tree.join(folder)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return,
            _ => {}
        }
    }
}

fn remove_empty(folder: &Path) {
    // A folder that isn't empty stays.
    let _ = fs::remove_dir(folder);
}

/// Removes a folder with everything in it, if it is there. Links are removed, not followed.
fn remove_tree(path: &Path) -> io::Result<()> {
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

fn failed(action: &'static str, path: &Path, source: io::Error) -> PublishError {
    PublishError::Io { action, path: path.into(), source }
}

/// What the standard library doesn't offer on every system.
#[cfg(unix)]
mod system {
    use std::fs::{DirEntry, File, Metadata};
    use std::io;
    use std::os::unix::fs::{DirEntryExt as _, MetadataExt as _};
    use std::path::Path;

    pub(super) use std::os::unix::fs::symlink;

    /// Exchanges two folders in one step. `false` where the system or the file system cannot.
    pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
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

    pub(super) fn is_mount_point(folder: &Path, parent: &Path) -> bool {
        match (folder.metadata(), parent.metadata()) {
            (Ok(folder), Ok(parent)) => folder.dev() != parent.dev(),
            _ => false,
        }
    }

    /// Whether an open file is the one at a path.
    pub(super) fn is_at(file: &File, path: &Path) -> bool {
        let identity = |metadata: Metadata| (metadata.dev(), metadata.ino());
        file.metadata().map(identity).ok() == path.metadata().map(identity).ok()
    }

    pub(super) fn inode(metadata: &Metadata) -> u64 {
        metadata.ino()
    }

    pub(super) fn entry_inode(entry: &DirEntry) -> u64 {
        entry.ino()
    }
}

/// Systems that have none of it: two renames, and foreign files are linked anew each time.
#[cfg(not(unix))]
mod system {
    use std::fs::{DirEntry, File, Metadata};
    use std::io;
    use std::path::Path;

    pub(super) fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
        Ok(false)
    }

    pub(super) fn is_mount_point(_: &Path, _: &Path) -> bool {
        false
    }

    pub(super) fn is_at(_: &File, path: &Path) -> bool {
        path.exists()
    }

    pub(super) fn inode(_: &Metadata) -> u64 {
        0
    }

    pub(super) fn entry_inode(_: &DirEntry) -> u64 {
        0
    }

    pub(super) fn symlink(_: &Path, _: &Path) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "links cannot be carried over on this system"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// A folder that is gone when the test is.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Folder {
            static COUNT: AtomicU32 = AtomicU32::new(0);
            let name = format!("osteon-disk-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
            let path = std::env::temp_dir().join(name);
            let _ = remove_tree(&path);
            fs::create_dir(&path).unwrap();
            Folder(fs::canonicalize(path).unwrap())
        }

        fn write(&self, path: &str, text: &str) {
            let file = self.0.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }

        fn open(&self) -> Result<Publisher, PublishError> {
            fs::create_dir_all(self.0.join("site")).unwrap();
            Publisher::open(&self.0.join("site/public"), &self.0.join("site"))
        }

        fn publish(&self, site: &[(&str, &str)]) -> Published {
            publish(self.open().unwrap(), site).unwrap()
        }

        /// Everything in the output folder except the manifest: path → text, or a slash and the target of a link.
        fn published(&self) -> BTreeMap<String, String> {
            let mut all = everything(&self.0.join("site/public"));
            assert!(all.remove(MANIFEST).is_some());
            all
        }

        fn has_spare(&self) -> bool {
            self.0.join("site/.public.osteon/spare").exists()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = remove_tree(&self.0);
        }
    }

    fn put_all(publisher: &Publisher, site: &[(&str, &str)]) -> Manifest {
        for (path, text) in site {
            publisher.put(path, text.as_bytes().into(), Hash::of_bytes(text.as_bytes()));
        }
        Manifest(site.iter().map(|(path, text)| ((*path).into(), Stamp::of(text.as_bytes()))).collect())
    }

    fn publish(publisher: Publisher, site: &[(&str, &str)]) -> Result<Published, PublishError> {
        let manifest = put_all(&publisher, site);
        publisher.commit(&manifest)
    }

    fn everything(root: &Path) -> BTreeMap<String, String> {
        fn add(root: &Path, folder: &Path, all: &mut BTreeMap<String, String>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                if path.is_symlink() {
                    all.insert(name, format!("/{}", fs::read_link(path).unwrap().display()));
                } else if path.is_file() {
                    all.insert(name, fs::read_to_string(path).unwrap());
                } else {
                    if fs::read_dir(&path).unwrap().next().is_none() {
                        all.insert(name, "(empty)".into());
                    }
                    add(root, &path, all);
                }
            }
        }
        let mut all = BTreeMap::new();
        add(root, root, &mut all);
        all
    }

    fn texts(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        entries.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect()
    }

    #[test]
    fn a_site_is_read_without_hidden_and_temporary_files() {
        let folder = Folder::new();
        for path in ["osteon.yaml", "content/a.md", "content/b/c.yaml", "themes/x/page.html", "static/logo.svg"] {
            folder.write(path, path);
        }
        for path in ["README.md", "public/index.html", "content/.a.md.swp", "content/a.md~", "content/#a.md#", "static/.git/x"] {
            folder.write(path, "no");
        }
        let reading = read(&folder.0).unwrap();
        let paths: Vec<&str> = reading.files.iter().map(|file| &*file.path).collect();
        assert_eq!(paths, ["content/a.md", "content/b/c.yaml", "osteon.yaml", "static/logo.svg", "themes/x/page.html"]);
        assert!(reading.files.iter().all(|file| *file.bytes == *file.path.as_bytes()));
        assert_eq!(reading.remarks, []);
        assert!(read(&folder.0.join("missing")).is_err());
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
            system::symlink(Path::new(target), content.join(link)).unwrap();
        }
        let reading = read(&folder.0.join("site")).unwrap();
        assert_eq!(reading.files.iter().map(|file| &*file.path).collect::<Vec<_>>(), ["content/a/b.md", "content/ok.md"]);
        let remarks: Vec<&str> = reading.remarks.iter().map(|remark| &*remark.path).collect();
        assert_eq!(remarks, ["content/folder", "content/gone.md", "content/out.md"]);
    }

    #[test]
    fn the_first_site_leaves_nothing_beside_it() {
        let folder = Folder::new();
        let done = folder.publish(&[("index.html", "home"), ("a/b/index.html", "b"), ("a/b/c.txt", "c")]);
        assert_eq!(done, Published { written: 3, unchanged: 0, removed: 0 });
        assert_eq!(folder.published(), texts(&[("a/b/c.txt", "c"), ("a/b/index.html", "b"), ("index.html", "home")]));
        assert_eq!(fs::read_dir(folder.0.join("site")).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_touched_when_nothing_changed_and_unchanged_files_keep_their_time() {
        use std::os::unix::fs::MetadataExt as _;
        let folder = Folder::new();
        let out = folder.0.join("site/public");
        let identity = |path: &str| fs::metadata(out.join(path)).map(|it| (it.ino(), it.modified().unwrap())).unwrap();
        folder.publish(&[("index.html", "home"), ("a.html", "a")]);
        let (root, home) = (identity(""), identity("index.html"));
        let done = folder.publish(&[("index.html", "home"), ("a.html", "a")]);
        assert_eq!(done, Published { written: 0, unchanged: 2, removed: 0 });
        assert_eq!((identity(""), identity("index.html")), (root, home));
        for text in ["b", "c", "d"] {
            let done = folder.publish(&[("index.html", "home"), ("a.html", text)]);
            assert_eq!(done, Published { written: 1, unchanged: 1, removed: 0 });
            assert_eq!(identity("index.html"), home);
            assert!(folder.has_spare());
        }
    }

    #[test]
    fn equal_outputs_need_not_be_put_but_different_ones_do() {
        let folder = Folder::new();
        folder.publish(&[("index.html", "home"), ("a.html", "a")]);
        let publisher = folder.open().unwrap();
        let mut new = publisher.manifest().clone();
        new.0.remove("a.html");
        assert_eq!(publisher.commit(&new).unwrap(), Published { written: 0, unchanged: 1, removed: 1 });
        assert_eq!(folder.published(), texts(&[("index.html", "home")]));
        let publisher = folder.open().unwrap();
        new.0.insert("b.html".into(), Stamp::of(b"b"));
        assert!(matches!(publisher.commit(&new), Err(PublishError::Missing(_))));
        assert_eq!(folder.published(), texts(&[("index.html", "home")]));
    }

    #[test]
    fn what_is_not_ours_to_replace_is_refused() {
        let folder = Folder::new();
        folder.write("site/content/a.md", "a");
        folder.write("site/public/thesis.doc", "mine");
        folder.write("site/file", "mine");
        let site = folder.0.join("site");
        let open = |out: &Path| Publisher::open(out, &site);
        assert!(matches!(folder.open(), Err(PublishError::Foreign(_))));
        assert!(matches!(open(&site.join("file")), Err(PublishError::NotAFolder(_))));
        assert!(matches!(open(&site), Err(PublishError::ContainsSite(_))));
        assert!(matches!(open(&site.join("content/..")), Err(PublishError::ContainsSite(_))));
        assert!(matches!(open(Path::new("/")), Err(PublishError::ContainsSite(_))));
        assert!(matches!(open(&site.join("content/out")), Err(PublishError::InsideSite(_))));
        folder.write("site/public/.osteon-manifest", "something else\n");
        assert!(matches!(folder.open(), Err(PublishError::Foreign(_))));
        assert_eq!(fs::read_dir(&site).unwrap().count(), 3, "a refusal leaves no trace");
    }

    #[test]
    fn an_empty_folder_is_taken_and_a_deep_one_is_made() {
        let folder = Folder::new();
        fs::create_dir_all(folder.0.join("site/public")).unwrap();
        folder.publish(&[("index.html", "home")]);
        assert_eq!(folder.published(), texts(&[("index.html", "home")]));
        let deep = folder.0.join("www/a/b");
        publish(Publisher::open(&deep, &folder.0.join("site")).unwrap(), &[("index.html", "home")]).unwrap();
        assert_eq!(fs::read_to_string(deep.join("index.html")).unwrap(), "home");
    }

    #[test]
    fn two_builds_cannot_publish_to_one_folder() {
        let folder = Folder::new();
        let first = folder.open().unwrap();
        assert!(matches!(folder.open(), Err(PublishError::Busy(_))));
        first.discard();
        folder.open().unwrap().discard();
        assert_eq!(fs::read_dir(folder.0.join("site")).unwrap().count(), 0);
    }

    #[test]
    fn errors_of_outputs_come_with_the_commit_and_the_old_site_stays() {
        let folder = Folder::new();
        folder.publish(&[("index.html", "home")]);
        let publisher = folder.open().unwrap();
        publisher.put("../escape", vec![], Hash::default());
        publisher.put("index.html", b"new".to_vec(), Hash::of_bytes(b"new"));
        assert!(matches!(publisher.commit(&Manifest::default()), Err(PublishError::Address(_))));
        assert_eq!(folder.published(), texts(&[("index.html", "home")]));
    }

    #[test]
    fn a_foreign_file_at_the_address_of_an_output_is_not_overwritten() {
        let folder = Folder::new();
        folder.publish(&[("index.html", "home")]);
        folder.write("site/public/notes/today.txt", "mine");
        for address in ["notes", "notes/today.txt", "notes/today.txt/index.html"] {
            let error = publish(folder.open().unwrap(), &[("index.html", "home"), (address, "page")]);
            assert!(matches!(error, Err(PublishError::Occupied(_))), "{address}");
        }
        let expected = texts(&[("index.html", "home"), ("notes/today.txt", "mine")]);
        assert_eq!(folder.published(), expected);
        folder.publish(&[("index.html", "home"), ("notes/index.html", "page")]);
        assert_eq!(folder.published().len(), 3);
    }

    #[test]
    fn damaged_outputs_are_written_again() {
        let folder = Folder::new();
        let site = [("a/index.html", "a"), ("b/index.html", "b"), ("index.html", "home")];
        folder.publish(&site);
        folder.write("site/public/a/index.html", "edited");
        remove_tree(&folder.0.join("site/public/b")).unwrap();
        assert_eq!(folder.open().unwrap().manifest().0.len(), 1);
        assert_eq!(folder.publish(&site), Published { written: 2, unchanged: 1, removed: 0 });
        assert_eq!(folder.published(), texts(&site));
    }

    #[test]
    fn a_spare_is_believed_only_with_its_own_state() {
        let folder = Folder::new();
        for text in ["a", "b", "c"] {
            folder.publish(&[("index.html", text), ("same.html", "same")]);
        }
        let state = folder.0.join("site/.public.osteon/state");
        let text = fs::read_to_string(&state).unwrap();
        for broken in [&text[..text.len() - 2], "", &text.replace("spare 1 ", "spare 1 f")] {
            fs::write(&state, broken).unwrap();
            folder.open().unwrap().discard();
            assert!(!folder.has_spare());
            folder.publish(&[("index.html", "d"), ("same.html", "same")]);
            folder.publish(&[("index.html", "c"), ("same.html", "same")]);
            assert!(folder.has_spare());
        }
    }

    #[test]
    fn an_exchange_killed_between_its_two_renames_is_undone() {
        let folder = Folder::new();
        folder.publish(&[("index.html", "a")]);
        folder.publish(&[("index.html", "b")]);
        let (out, former) = (folder.0.join("site/public"), folder.0.join("site/.public.osteon/former"));
        fs::rename(&out, &former).unwrap();
        folder.open().unwrap().discard();
        assert_eq!(folder.published(), texts(&[("index.html", "b")]));
        // After the second rename, before the third.
        fs::rename(folder.0.join("site/.public.osteon/spare"), &former).unwrap();
        folder.publish(&[("index.html", "c")]);
        assert_eq!(folder.published(), texts(&[("index.html", "c")]));
        assert!(!former.exists());
    }

    /// Random sites over few paths, so that files become folders and back, with builds that give up and foreign files that come,
    /// change and go: the folder always holds exactly the site and the foreign files.
    #[test]
    fn random_histories_end_in_the_right_tree() {
        const OUTPUTS: [&str; 8] = ["a", "a/index.html", "a/b", "a/b/c.html", "d/index.html", "d/e/index.html", "f.css", "g"];
        const OTHERS: [&str; 6] = ["CNAME", "a/mine.txt", "d/mine.txt", "own/deep/file", "own/empty", "d/empty"];
        for seed in 1..=24_u64 {
            let folder = Folder::new();
            let mut state = seed;
            let mut random = |below: u64| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % below
            };
            let mut others = BTreeMap::<&str, String>::new();
            let mut shown = None::<BTreeMap<String, String>>;
            for step in 0..40 {
                let mut site = BTreeMap::<&str, String>::new();
                for path in OUTPUTS {
                    let collides = |other: &str| {
                        format!("{other}/").starts_with(&format!("{path}/"))
                            || format!("{path}/").starts_with(&format!("{other}/"))
                    };
                    let is_free = !site.keys().any(|other| collides(other)) && !others.keys().any(|other| collides(other));
                    if is_free && random(3) > 0 {
                        site.insert(path, "x".repeat(usize::try_from(random(3)).unwrap()));
                    }
                }
                let mut publisher = folder.open().unwrap();
                if seed % 3 == 0 {
                    publisher = publisher.without_exchange();
                }
                let entries: Vec<(&str, &str)> = site.iter().map(|(path, text)| (*path, text.as_str())).collect();
                if random(4) == 0 {
                    put_all(&publisher, &entries);
                    publisher.discard();
                } else {
                    publish(publisher, &entries).unwrap_or_else(|error| panic!("seed {seed}, step {step}: {error}"));
                    shown = Some(texts(&entries));
                }
                let Some(shown) = &shown else { continue };
                let expected: BTreeMap<_, _> =
                    shown.clone().into_iter().chain(others.iter().map(|(path, text)| ((*path).into(), text.clone()))).collect();
                assert_eq!(folder.published(), expected, "seed {seed}, step {step}");

                let other = OTHERS[usize::try_from(random(6)).unwrap()];
                let path = folder.0.join("site/public").join(other);
                let is_in_the_way = shown.keys().any(|path| other.starts_with(&format!("{path}/")));
                if is_in_the_way {
                    continue;
                }
                let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir(&path));
                others.remove(other);
                match random(3) {
                    0 => remove_empty_above(&folder.0.join("site/public"), Path::new(other)),
                    _ if other.ends_with("empty") => {
                        fs::create_dir_all(&path).unwrap();
                        others.insert(other, "(empty)".into());
                    }
                    number => {
                        folder.write(&format!("site/public/{other}"), &format!("{step} {number}"));
                        others.insert(other, format!("{step} {number}"));
                    }
                }
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn foreign_links_stay_links() {
        let folder = Folder::new();
        folder.publish(&[("index.html", "a")]);
        system::symlink(Path::new("nowhere"), folder.0.join("site/public/link")).unwrap();
        for text in ["b", "c", "d"] {
            folder.publish(&[("index.html", text)]);
            assert_eq!(folder.published(), texts(&[("index.html", text), ("link", "/nowhere")]));
        }
    }

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
