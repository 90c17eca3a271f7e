//! The only place of the core that starts threads: maps over lists, results in the order of the input.

use rayon::prelude::*;

/// Applies a function to every item on all cores.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    // Small portions: one slow file at the end of a large one would keep the other cores waiting.
    items.par_iter().with_max_len(8).map(f).collect()
}

/// Sorts on all cores; what is equal keeps its order.
pub(crate) fn sort<T: Send>(items: &mut [T], compare: impl Fn(&T, &T) -> std::cmp::Ordering + Sync) {
    items.par_sort_by(compare);
}

/// Runs two independent functions at the same time.
pub(crate) fn join<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(a, b)
}

/// How many threads the maps use.
pub(crate) fn threads() -> usize {
    rayon::current_num_threads()
}

/// The number of this thread among them; for any other one, the number of threads.
pub(crate) fn thread() -> usize {
    rayon::current_thread_index().unwrap_or_else(rayon::current_num_threads)
}
