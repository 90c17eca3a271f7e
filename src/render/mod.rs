//! The fourth phase: the graph and a theme → pages.
//!
//! There are two strata, so that there can be no cycles: a *text* (the prose of one entry, filled) asks for facts only; a *page*
//! asks for facts and texts.

pub mod answer;
mod inspect;
mod json_ld;
mod page;
mod reads;
mod tags;
mod text;

pub use answer::Snapshot;
pub use page::{Page, page};
pub use reads::{ask, record, with_snapshot};
pub use text::{Body, body};
