//! Publishes a site in four steps: open the output folder, put outputs as they are rendered, complete the new tree, exchange it
//! for the old one. The front page of [`disk`](super) says why each of them is as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use super::error::{PublishError, failed};
use super::foreign::{self, Foreign};
use super::read::SOURCES;
use super::spare::{self, Spare};
use super::staging::Staging;
use super::system;
use super::tree::{
    Way, is_missing_or_empty, link, make_folder, prune, remove_empty, remove_empty_above, remove_file, remove_tree, resolved,
    write_new,
};
use crate::hash::Hash;
use crate::output::{MANIFEST, Manifest, Plan, Sink, Stamp, is_output_path};

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

/// What was put so far.
#[derive(Debug, Default)]
struct Staged {
    outputs: Vec<(Arc<str>, Stamp)>,
    /// Whether something had to go for one of them.
    has_cleared: bool,
    error: Option<PublishError>,
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
        let lock = staging.lock(&out)?;
        staging.recover(&out).map_err(|source| failed("restoring", &out, source))?;

        let (mut manifest, published) = match published_manifest(&out)? {
            Some((manifest, hash)) => (manifest, Some(hash)),
            None => (Manifest::default(), None),
        };
        let spare = published.and_then(|hash| Spare::parse(&fs::read_to_string(staging.state()).ok()?, &spare::key(hash, &out)));
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
        if let Some(path) = foreign::obstacle(&foreign, new) {
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
                if let Some(state) = spare.to_text(&spare::key(Hash::of_bytes(text.as_bytes()), &tree)) {
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
        let found = foreign::below(&self.out, Path::new(""), &is_ours, &had_outputs);
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
            let state = spare.to_text(&spare::key(hash, &self.out));
            let _ = state.map(|text| fs::write(self.staging.state(), text));
        }
        if !self.staging.spare().exists() {
            self.staging.leave();
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

/// The outputs that aren't there, or not with their size.
fn lost(out: &Path, manifest: &Manifest) -> Manifest {
    let entries: Vec<_> = manifest.0.iter().collect();
    let is_there = |path: &str, stamp: &Stamp| {
        fs::symlink_metadata(out.join(path)).is_ok_and(|metadata| metadata.is_file() && metadata.len() == stamp.size)
    };
    let lost: Vec<_> = entries.into_par_iter().filter(|(path, stamp)| !is_there(path, stamp)).collect();
    Manifest(lost.into_iter().map(|(path, stamp)| (path.clone(), *stamp)).collect())
}
