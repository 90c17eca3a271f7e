//! Records what is asked while something is rendered.
//!
//! Template functions can hold nothing and receive nothing but their arguments, so the render that is going on is found through
//! a thread-local: the only hidden state of the crate. Renders nest (a page asks for a text), and a guard takes each off again,
//! whatever happens in between.

use std::cell::RefCell;
use std::sync::Arc;

use tera::Value;

use super::Snapshot;
use crate::graph::query::{Query, Read};
use crate::hash::Hash;

thread_local! {
    static RENDERS: RefCell<Vec<Render>> = const { RefCell::new(Vec::new()) };
}

struct Render {
    snapshot: Arc<Snapshot>,
    reads: Vec<Read>,
}

struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        RENDERS.with_borrow_mut(Vec::pop);
    }
}

/// Runs a render; returns its result and everything that it asked, in order, each question once.
pub fn record<T>(snapshot: &Arc<Snapshot>, render: impl FnOnce() -> T) -> (T, Vec<Read>) {
    RENDERS.with_borrow_mut(|renders| renders.push(Render { snapshot: snapshot.clone(), reads: Vec::new() }));
    let guard = Guard;
    let result = render();
    let reads = RENDERS.with_borrow_mut(|renders| renders.last_mut().map(|render| std::mem::take(&mut render.reads)));
    drop(guard);
    (result, reads.unwrap_or_default())
}

/// Asks the site; the question and the hash of its answer are recorded.
///
/// Outside of a render there is no site, and the answer is nothing.
pub fn ask(query: Query) -> Value {
    let Some(snapshot) = current() else { return Value::none() };
    let (value, hash) = snapshot.answer(&query);
    note(query, hash);
    value
}

/// Records a question whose answer was used without a template.
pub(super) fn note(query: Query, hash: Hash) {
    RENDERS.with_borrow_mut(|renders| {
        if let Some(render) = renders.last_mut()
            && !render.reads.iter().any(|read| read.query == query)
        {
            render.reads.push(Read { query, hash });
        }
    });
}

/// Records a question about a site whose answer is found without asking it.
pub(super) fn note_of(snapshot: &Arc<Snapshot>, query: Query) {
    let hash = snapshot.hash(&query);
    note(query, hash);
}

/// Something of the site that no question is needed for, or its default outside of a render.
pub fn with_snapshot<T: Default>(f: impl FnOnce(&Snapshot) -> T) -> T {
    current().map(|snapshot| f(&snapshot)).unwrap_or_default()
}

fn current() -> Option<Arc<Snapshot>> {
    RENDERS.with_borrow(|renders| renders.last().map(|render| render.snapshot.clone()))
}
