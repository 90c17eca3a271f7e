//! The state of the spare: what sets the tree that was published before apart from the one that is published now.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::foreign::Foreign;
use super::system;
use crate::hash::Hash;
use crate::output::is_output_path;

const HEADER: &str = "osteon spare 1";

/// What sets the spare apart from the published tree.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Spare {
    /// Outputs that are in one of the trees only, or different.
    pub(super) differs: BTreeSet<Arc<str>>,
    /// Everything in the spare that isn't an output.
    pub(super) foreign: BTreeMap<PathBuf, Foreign>,
}

impl Spare {
    /// The text form. `None` when a name cannot be written down in it: then the next build makes do without a spare.
    pub(super) fn to_text(&self, key: &str) -> Option<String> {
        let mut text = format!("{HEADER} {key}\n");
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
    pub(super) fn parse(text: &str, key: &str) -> Option<Spare> {
        let mut lines = text.strip_suffix("end\n")?.lines();
        if lines.next()?.strip_prefix(HEADER)?.trim_start() != key {
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

/// What a state says about the published tree, so that it is believed about no other.
pub(super) fn key(manifest: Hash, tree: &Path) -> String {
    format!("{manifest} {}", fs::metadata(tree).map_or(0, |metadata| system::inode(&metadata)))
}
