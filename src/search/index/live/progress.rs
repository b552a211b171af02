//! How far the building of an index is, and waiting for what was added.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::commits::Added;
use super::super::{Index, IndexError};

/// How far the building of an index is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Documents that are in the new index.
    pub done: usize,
    /// Documents there are.
    pub total: usize,
    /// How many of those that are in it were there when this process began.
    pub before: usize,
    /// When it began.
    pub since: Instant,
}

impl Progress {
    pub(super) fn begun(done: usize, total: usize) -> Self {
        Self { done, total, before: done, since: Instant::now() }
    }

    /// Documents a second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        let done = u32::try_from(self.done.saturating_sub(self.before)).unwrap_or(u32::MAX);
        f64::from(done) / self.since.elapsed().as_secs_f64().max(0.001)
    }

    /// The time left at that rate; none before there is one.
    #[must_use]
    pub fn left(&self) -> Option<Duration> {
        let left = u32::try_from(self.total.saturating_sub(self.done)).unwrap_or(u32::MAX);
        let secs = f64::from(left) / self.rate();
        Duration::try_from_secs_f64(secs).ok()
    }
}

/// What was added and is not searched before [`Writing::wait`] has returned.
#[must_use = "what was added is searched only when its commit has ended"]
pub struct Writing(pub(super) Vec<(Arc<Index>, Added)>);

impl Writing {
    /// Waits until searches see what was added.
    ///
    /// # Errors
    /// Fails when it could not be added or committed; it is to be added again.
    pub fn wait(&self) -> Result<(), IndexError> {
        self.0.iter().try_for_each(|(index, added)| index.wait(added))
    }
}
