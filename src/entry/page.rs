//! Pages: everything that is not advice.

use super::fields::fields;
use super::{Date, Prose, Slot};

fields! {
    /// A page.
    pub struct Page {
        /// Two or three sentences at the top.
        #[serde(skip)]
        summary: Option<String>,
        /// Last changed.
        updated: Option<Date>,
        /// Template to use instead of `page.html`.
        layout: Option<String>,
    }
}

impl Page {
    pub(super) fn prose<'a>(&'a self, into: &mut Vec<Prose<'a>>) {
        Prose::one(Slot::Summary, self.summary.as_ref(), into);
    }
}
