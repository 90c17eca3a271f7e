//! The only module of the core that touches the file system: reads a site, publishes it, keeps the build cache.
//!
//! | File | What is in it |
//! |---|---|
//! | `read.rs` | [`read()`]: a site's folders become [`Files`](crate::files::Files) |
//! | `site.rs` | what osteon writes into the site's own folder: the first files of a new site, the build cache |
//! | `git.rs` | [`files_at`]: the same of an older state of the site, which the `git` program knows |
//! | `publish.rs` | [`Publisher`]: open an output folder, put outputs, commit them, exchange the old site for the new one |
//! | `staging.rs` | the folder in which the new site is made: its paths, its lock, and recovery from a killed build |
//! | `spare.rs` | the state of the tree that was published before, which saves the next build from making a whole new one |
//! | `foreign.rs` | files of others in the output folder, which stay |
//! | `tree.rs` | the steps that all of this is made of: make, link and remove files and folders |
//! | `system.rs` | what the standard library doesn't offer on every system |
//! | `error.rs` | why a site was not published, in words for a person |
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

mod error;
mod foreign;
mod git;
mod publish;
mod read;
mod site;
mod spare;
mod staging;
mod system;
#[cfg(test)]
mod tests;
mod tree;

pub use error::PublishError;
pub use git::{GitError, files_at};
pub use publish::{Published, Publisher};
pub(crate) use read::{ROOT_FILES, SOURCES, is_passed_over};
pub use read::{ReadError, Reading, Remark, read};
pub use site::{load_cache, load_cache_part, rewrite, save_cache, write_baseline, write_new_site};
