//! Filling a new index, putting it in the live one's place, and damage.

use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::super::folders::remove;
use super::super::manifest::{self, Manifest};
use super::super::{Index, IndexError, Mode};
use super::{LiveIndex, Progress};

/// How often the progress of a new index is written down for other processes.
const NOTED: Duration = Duration::from_millis(500);

impl LiveIndex {
    /// The index to be filled: the one that was begun, or a new one.
    pub(in crate::search) fn to_fill(&self) -> Result<Arc<Index>, IndexError> {
        let mut state = self.write();
        if let Some(filling) = &state.filling {
            return Ok(Arc::clone(filling));
        }
        let begun = Self::begin(&self.folders)?;
        state.filling = Some(Arc::clone(&begun));
        Ok(begun)
    }

    /// Whether an index is the one that is being filled.
    pub(in crate::search) fn is_filling(&self, index: &Arc<Index>) -> bool {
        self.read().filling.as_ref().is_some_and(|filling| Arc::ptr_eq(filling, index))
    }

    /// Notes how far the filling is.
    pub(in crate::search) fn note_progress(&self, done: usize, total: usize, begins: bool) {
        let mut state = self.write();
        if begins {
            state.progress = Progress::begun(done, total);
        }
        state.progress.done = done;
        state.progress.total = total;
        let Some(filling) = state.filling.clone() else { return };
        if begins || state.noted.elapsed() > NOTED {
            state.noted = Instant::now();
            if let Err(error) = manifest::mark_building(&filling.dir, (done, total)) {
                tracing::warn!(error = %error, "the progress of the index cannot be noted");
            }
        }
    }

    /// Puts a filled index in the place of the live one. The caller holds the
    /// [`LiveIndex::turn`], so nothing is written meanwhile.
    pub(in crate::search) fn finish(&self, filled: &Arc<Index>) -> Result<(), IndexError> {
        let old = Arc::clone(&self.read().live);
        let replaces = !Arc::ptr_eq(&old, filled);
        if replaces {
            // Whoever waits for the old index's commit has it before the files go.
            let last = old.add_versions(&[])?;
            if let Err(error) = old.wait(&last) {
                tracing::warn!(error = %error, "the last commit of the old full-text index failed");
            }
        }
        manifest::mark_complete(&filled.dir).map_err(IndexError::Directory)?;
        self.folders.point_to(&filled.dir).map_err(IndexError::Directory)?;
        let mut state = self.write();
        state.live = Arc::clone(filled);
        state.filling = None;
        state.is_wanted = false;
        state.is_outdated = false;
        drop(state);
        if replaces {
            remove(&old.dir);
        }
        Ok(())
    }

    /// Gives up an index that cannot be filled, so that the next attempt begins anew.
    pub(in crate::search) fn abandon(&self, index: &Arc<Index>) {
        let mut state = self.write();
        let is_beside = !Arc::ptr_eq(&state.live, index);
        if is_beside && state.filling.as_ref().is_some_and(|filling| Arc::ptr_eq(filling, index)) {
            state.filling = None;
            remove(&index.dir);
        }
    }

    /// Checks the files of an index, and, where they are damaged, puts a new one in
    /// its place that is to be filled. Says whether they are whole. Blocks.
    ///
    /// # Errors
    /// Fails when it cannot be found out, or no new index can be made.
    pub fn check(&self, index: &Arc<Index>) -> Result<bool, IndexError> {
        let _one_at_a_time: MutexGuard<'_, ()> =
            self.checking.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(index, &self.read().live) {
            return Ok(false);
        }
        if index.is_whole()? {
            if self.mode == Mode::Writer {
                Manifest::unmark_damaged(&index.dir).map_err(IndexError::Directory)?;
            }
            return Ok(true);
        }
        Manifest::mark_damaged(&index.dir).map_err(IndexError::Directory)?;
        if self.mode == Mode::ReaderOnly {
            // The process that writes sees the mark and builds the index again.
            return Ok(true);
        }
        tracing::error!("the full-text index is damaged; it is built again from the tables");
        self.replace_damaged(index)?;
        Ok(false)
    }

    fn replace_damaged(&self, damaged: &Arc<Index>) -> Result<(), IndexError> {
        let beside = self.read().filling.clone().filter(|filling| !Arc::ptr_eq(filling, damaged));
        let next = match beside {
            Some(filling) => filling,
            None => Self::begin(&self.folders)?,
        };
        self.folders.point_to(&next.dir).map_err(IndexError::Directory)?;
        let mut state = self.write();
        state.live = Arc::clone(&next);
        state.filling = Some(next);
        state.is_wanted = true;
        state.is_outdated = false;
        state.progress = Progress::begun(0, 0);
        drop(state);
        remove(&damaged.dir);
        self.wanted.notify_one();
        Ok(())
    }

    /// What has to be looked at every few seconds: whether somebody met damage or
    /// asked for a new index, and merged segments to let go. Blocks.
    ///
    /// # Errors
    /// Fails when the index cannot be read.
    pub fn tick(&self) -> Result<(), IndexError> {
        if self.mode == Mode::ReaderOnly {
            return Ok(());
        }
        let live = self.current();
        if self.folders.take_request() {
            self.want();
        }
        if manifest::is_marked_damaged(&live.dir) {
            self.check(&live)?;
        }
        self.ask(Index::refresh)
    }

    /// Asks the process that writes for a new index.
    ///
    /// # Errors
    /// Fails when the folder of the index cannot be written.
    pub fn request(&self) -> Result<(), IndexError> {
        self.folders.request().map_err(IndexError::Directory)
    }

    /// Whether a request is still waiting to be seen.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.folders.is_requested()
    }
}
