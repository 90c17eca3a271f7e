//! The immutable snapshot of a site's files: what a build is a function of.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use crate::hash::Hash;

/// Path of a file below the site's root, with `/` on every system and without a leading one.
pub type FilePath = Arc<str>;

/// One file: its bytes and their fingerprint.
#[derive(Debug, Clone)]
pub struct File {
    /// Path below the root.
    pub path: FilePath,
    /// The bytes as they are on disk.
    pub bytes: Arc<[u8]>,
    /// Fingerprint of `bytes`.
    pub hash: Hash,
}

impl File {
    /// A file from its path and bytes.
    pub fn new(path: impl Into<FilePath>, bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        File { path: path.into(), hash: Hash::of_bytes(&bytes), bytes }
    }

    /// The name without its folders and without its last extension: `content/exercises/heel-drop.yaml` → `heel-drop`.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The last extension, or the empty string.
    pub fn extension(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.rsplit_once('.').map_or("", |(_, extension)| extension)
    }
}

/// All files of a site in the order of their paths. A clone shares them.
#[derive(Debug, Clone, Default)]
pub struct Files(Arc<BTreeMap<FilePath, File>>);

impl Files {
    /// Adds a file, or replaces the one with its path.
    pub fn insert(&mut self, file: File) {
        Arc::make_mut(&mut self.0).insert(file.path.clone(), file);
    }

    /// Takes a file out.
    pub fn remove(&mut self, path: &str) {
        Arc::make_mut(&mut self.0).remove(path);
    }

    /// The file at a path.
    pub fn at(&self, path: &str) -> Option<&File> {
        self.0.get(path)
    }

    /// The files below a folder (`content/`, with the slash), in order.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a File> {
        self.0
            .range::<str, _>((Bound::Included(folder), Bound::Unbounded))
            .map(|(_, file)| file)
            .take_while(move |file| file.path.starts_with(folder))
    }

    /// Every file, in order.
    pub fn iter(&self) -> impl Iterator<Item = &File> {
        self.0.values()
    }
}

impl FromIterator<File> for Files {
    fn from_iter<I: IntoIterator<Item = File>>(files: I) -> Self {
        Files(Arc::new(files.into_iter().map(|file| (file.path.clone(), file)).collect()))
    }
}
