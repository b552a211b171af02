//! Children kept warm: started, confined and waiting, so that a document need
//! not wait for a process.
//!
//! A child reads one document and no other: what a hostile file does to it must
//! not touch the next. So each that is taken is replaced in the background.
//! Waiting children end with the service, whose end closes their input.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::supervisor::Worker;
use super::{Limits, ReadError};

/// Started children, and how to start more.
#[derive(Clone)]
pub(super) struct Pool {
    inner: Arc<Inner>,
}

struct Inner {
    binary: PathBuf,
    limits: Limits,
    idle: Mutex<Vec<Worker>>,
    /// Whether somebody is starting what is missing.
    refilling: AtomicBool,
}

impl Pool {
    /// An empty pool. The first child taken from it is started then; those kept
    /// warm follow it, so that a program that reads nothing starts none.
    pub(super) fn new(binary: PathBuf, limits: Limits) -> Self {
        let (idle, refilling) = (Mutex::default(), AtomicBool::new(false));
        Self { inner: Arc::new(Inner { binary, limits, idle, refilling }) }
    }

    /// The program the children are.
    pub(super) fn binary(&self) -> &Path {
        &self.inner.binary
    }

    /// What each child may use.
    pub(super) fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// A child, a waiting one if there is any.
    ///
    /// # Errors
    /// Fails when none waits and none can be started.
    pub(super) fn take(&self) -> Result<Worker, ReadError> {
        let waiting = std::iter::from_fn(|| self.inner.idle().pop());
        // One that ended while it waited is of no use.
        let alive = waiting.into_iter().find_map(|mut child| child.is_alive().then_some(child));
        let child = alive.map_or_else(|| self.inner.start(), Ok)?;
        self.warm();
        Ok(child)
    }

    /// Starts in the background what is missing.
    pub(super) fn warm(&self) {
        if !self.inner.refilling.swap(true, Ordering::AcqRel) {
            let inner = Arc::clone(&self.inner);
            tokio::spawn(async move { inner.refill() });
        }
    }
}

impl Inner {
    fn idle(&self) -> MutexGuard<'_, Vec<Worker>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&self) -> Result<Worker, ReadError> {
        Worker::start(&self.binary, &self.limits)
    }

    fn refill(&self) {
        while self.idle().len() < self.limits.warm {
            // Whoever needs one when none can be started is told why.
            let Ok(child) = self.start() else { break };
            self.idle().push(child);
        }
        self.refilling.store(false, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A pool of a program that is no reader.
    async fn warm(program: &str) -> Pool {
        let pool = Pool::new(program.into(), Limits { warm: 2, ..Limits::default() });
        pool.warm();
        while pool.inner.refilling.load(Ordering::Acquire) {
            tokio::task::yield_now().await;
        }
        pool
    }

    #[tokio::test]
    async fn a_child_that_was_taken_is_replaced() {
        // It never ends by itself.
        let pool = warm("/usr/bin/yes").await;
        let newest = pool.inner.idle().last().map(Worker::id);
        assert_eq!(pool.take().unwrap().id(), newest.unwrap());
        while pool.inner.refilling.load(Ordering::Acquire) {
            tokio::task::yield_now().await;
        }
        assert_eq!(pool.inner.idle().len(), 2);
    }

    #[tokio::test]
    async fn a_child_that_ended_while_it_waited_is_not_given_out() {
        let pool = warm("/bin/false").await;
        let waiting: Vec<_> = pool.inner.idle().iter().map(Worker::id).collect();
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!waiting.contains(&pool.take().unwrap().id()));
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_is_reported() {
        let pool = warm("/nonexistent").await;
        assert!(matches!(pool.take(), Err(ReadError::Io(_))));
    }
}
