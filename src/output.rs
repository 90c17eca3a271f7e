//! What a build hands to the disk: stamped outputs, the manifest of a published site, and what sets two of them apart.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Bound;
use std::sync::Arc;

use crate::hash::Hash;

/// Name of the manifest inside the output folder. Its presence says that the folder is osteon's to replace.
pub const MANIFEST: &str = ".osteon-manifest";

const HEADER: &str = "osteon manifest 1";

/// What is known of an output without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Fingerprint of its bytes.
    pub hash: Hash,
    /// Number of its bytes.
    pub size: u64,
}

impl Stamp {
    /// The stamp of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Stamp { hash: Hash::of_bytes(bytes), size: bytes.len() as u64 }
    }
}

/// The outputs of a site: path below the output folder, with `/` on every system, and stamp.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest(pub BTreeMap<Arc<str>, Stamp>);

impl Manifest {
    /// Reads the text form. `None` when it is anything else: then the folder isn't known to be osteon's.
    ///
    /// Paths are checked like those of new outputs: what a manifest names may be deleted, so it must not name `../..`.
    pub fn parse(text: &str) -> Option<Manifest> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        if lines.next()? != HEADER {
            return None;
        }
        let entry = |line: &str| {
            let (hash, rest) = line.split_once(' ')?;
            let (size, path) = rest.split_once(' ')?;
            let stamp = Stamp { hash: hash.parse().ok()?, size: size.parse().ok()? };
            is_output_path(path).then(|| (Arc::from(path), stamp))
        };
        lines.map(entry).collect::<Option<_>>().map(Manifest)
    }

    /// The text form: a header, then a line `HASH SIZE PATH` for each output in the order of the paths.
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(32 + self.0.len() * 96);
        text.push_str(HEADER);
        text.push('\n');
        for (path, Stamp { hash, size }) in &self.0 {
            // Writing into a String cannot fail.
            let _ = writeln!(text, "{hash} {size} {path}");
        }
        text
    }

    /// Whether outputs lie below a folder, given without a slash at its end.
    pub fn has_below(&self, folder: &str) -> bool {
        let folder = format!("{folder}/");
        self.0
            .range::<str, _>((Bound::Included(folder.as_str()), Bound::Unbounded))
            .next()
            .is_some_and(|(path, _)| path.starts_with(&folder))
    }
}

/// Takes outputs from several threads while pages are rendered, so that no phase holds the HTML of the whole site.
pub trait Sink: Sync {
    /// Takes one output. Never fails visibly: what goes wrong is remembered and returned when the site is committed.
    fn put(&self, path: &str, bytes: Vec<u8>, hash: Hash);
}

/// What turns the published site into the new one.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// New or different outputs, in the order of their paths like the others.
    pub written: Vec<Arc<str>>,
    /// Outputs that stay as they are.
    pub kept: Vec<Arc<str>>,
    /// Outputs that the new site no longer has.
    pub removed: Vec<Arc<str>>,
}

impl Plan {
    /// Compares two manifests.
    pub fn new(old: &Manifest, new: &Manifest) -> Plan {
        let mut plan = Plan::default();
        let mut old = old.0.iter().peekable();
        for (path, stamp) in &new.0 {
            while let Some((gone, _)) = old.next_if(|(other, _)| *other < path) {
                plan.removed.push(gone.clone());
            }
            match old.next_if(|(other, _)| *other == path) {
                Some((_, same)) if same == stamp => plan.kept.push(path.clone()),
                _ => plan.written.push(path.clone()),
            }
        }
        plan.removed.extend(old.map(|(gone, _)| gone.clone()));
        plan
    }
}

/// Whether a path may be published: relative, below the folder, on one line, and not the manifest's own, also where upper and lower
/// case are the same.
pub fn is_output_path(path: &str) -> bool {
    !path.eq_ignore_ascii_case(MANIFEST)
        && !path.contains(|c: char| c.is_control() || c == '\\')
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(entries: &[(&str, &str)]) -> Manifest {
        Manifest(entries.iter().map(|(path, text)| (Arc::from(*path), Stamp::of(text.as_bytes()))).collect())
    }

    #[test]
    fn text_comes_back_as_it_was() {
        let site = manifest(&[("index.html", "home"), ("a b/é.html", "two words"), ("empty", "")]);
        assert_eq!(Manifest::parse(&site.to_text()), Some(site));
        assert_eq!(Manifest::parse(&Manifest::default().to_text()), Some(Manifest::default()));
    }

    #[test]
    fn anything_else_is_no_manifest() {
        let text = manifest(&[("index.html", "home")]).to_text();
        assert_eq!(Manifest::parse(""), None);
        assert_eq!(Manifest::parse("osteon manifest 2\n"), None);
        assert_eq!(Manifest::parse(text.trim_end()), None, "cut short");
        assert_eq!(Manifest::parse(&text.replace("index.html", "../index.html")), None, "outside of the folder");
        assert_eq!(Manifest::parse(&text.replace(" 4 ", " four ")), None);
    }

    #[test]
    fn output_paths_stay_below_the_folder() {
        for path in ["index.html", "a/b/index.html", ".well-known/x", ".nojekyll", "a/.htaccess", "..a"] {
            assert!(is_output_path(path), "{path}");
        }
        for path in ["", "/", "/a", "a/", "a//b", ".", "a/../b", "..", "a\nb", "a\\b", MANIFEST, ".Osteon-Manifest"] {
            assert!(!is_output_path(path), "{path}");
        }
    }

    #[test]
    fn plan_names_what_differs() {
        let old = manifest(&[("a", "1"), ("b", "1"), ("c", "1"), ("e", "1")]);
        let new = manifest(&[("b", "1"), ("c", "2"), ("d", "1")]);
        let paths = |names: &[&str]| names.iter().map(|name| Arc::from(*name)).collect::<Vec<Arc<str>>>();
        let expected = Plan { written: paths(&["c", "d"]), kept: paths(&["b"]), removed: paths(&["a", "e"]) };
        assert_eq!(Plan::new(&old, &new), expected);
    }

    #[test]
    fn a_folder_holds_only_what_lies_below_it() {
        let site = manifest(&[("a.html", ""), ("a/index.html", ""), ("ab/c", "")]);
        assert!(site.has_below("a") && site.has_below("ab"));
        assert!(!site.has_below("a.html") && !site.has_below("b"));
    }
}
