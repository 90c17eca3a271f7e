//! Publishing as seen from outside: what is in the output folder after builds that succeed, give up or are killed. The folder
//! and the helpers here serve the tests of the other files, too.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::tree::{remove_empty_above, remove_tree};
use super::{PublishError, Published, Publisher};
use crate::hash::Hash;
use crate::output::{MANIFEST, Manifest, Sink as _, Stamp};

/// A folder that is gone when the test is.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("osteon-disk-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        let _ = remove_tree(&path);
        fs::create_dir(&path).unwrap();
        Folder(fs::canonicalize(path).unwrap())
    }

    pub(super) fn write(&self, path: &str, text: &str) {
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

/// Everything below a folder: path → text, a slash and the target of a link, or `(empty)` for a folder.
pub(super) fn everything(root: &Path) -> BTreeMap<String, String> {
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

pub(super) fn texts(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    entries.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect()
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
                    format!("{other}/").starts_with(&format!("{path}/")) || format!("{path}/").starts_with(&format!("{other}/"))
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
    std::os::unix::fs::symlink(Path::new("nowhere"), folder.0.join("site/public/link")).unwrap();
    for text in ["b", "c", "d"] {
        folder.publish(&[("index.html", text)]);
        assert_eq!(folder.published(), texts(&[("index.html", text), ("link", "/nowhere")]));
    }
}
