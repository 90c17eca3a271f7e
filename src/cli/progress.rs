//! A line that says what is going on, in a terminal and only when it takes long enough to be read.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// What is going on.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Begins with a first step. `indicatif` draws on standard error and only if that is a terminal.
    pub(super) fn start(step: &'static str) -> Self {
        let bar = ProgressBar::new_spinner();
        bar.set_style(ProgressStyle::default_spinner());
        bar.set_message(step);
        bar.enable_steady_tick(Duration::from_millis(120));
        Progress(bar)
    }

    /// Goes on to the next step.
    pub(super) fn step(&self, step: &'static str) {
        self.0.set_message(step);
    }

    /// Wipes the line.
    pub(super) fn finish(self) {
        self.0.finish_and_clear();
    }
}
