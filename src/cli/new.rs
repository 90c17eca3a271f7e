//! `osteon new DIR`.

use std::path::Path;

use anyhow::Context as _;
use include_dir::{Dir, include_dir};

use super::{Outcome, say};
use crate::disk;

static STARTER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/cli/starter");

/// Writes a small site that builds without a finding.
pub(super) fn new(dir: &Path) -> anyhow::Result<Outcome> {
    let mut files = Vec::new();
    let mut folders = vec![&STARTER];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        files.extend(folder.files().map(|file| (file.path().to_owned(), file.contents())));
    }
    files.sort();
    disk::write_new_site(dir, &files).with_context(|| format!("making a site in `{}`", dir.display()))?;
    let dir = dir.display();
    say(&format!(
        "a new site in `{dir}`; what to do next:\n\
         \x20 osteon serve --root {dir}   shows it, and every change as you save it\n\
         \x20 osteon build --root {dir}   publishes it to {dir}/public\n\
         its title and address are in {dir}/osteon.yaml, its authors in {dir}/content/people.yaml"
    ));
    Ok(Outcome::Clean)
}
