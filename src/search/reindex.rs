//! Building the index from the tables, beside the one that is searched.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::hybrid::Search;
use super::index::{Index, IndexError, IndexedVersion, Progress};
use super::reconcile::compare;
use super::results::SearchError;
use crate::documents::{Derivable, DocumentError};

/// How much text is added before a commit, in bytes.
const BATCH: usize = 16_000_000;

/// The longest time between two commits: what a search of an index being filled finds
/// grows as often.
const COMMIT_EVERY: Duration = Duration::from_secs(5);

/// How often the index is looked after.
const TICK: Duration = Duration::from_secs(2);

/// How long to wait before an index that could not be built is tried again.
const AGAIN: Duration = Duration::from_secs(30);

/// How often to compare a filled index with the tables before giving up on it.
const ROUNDS: usize = 4;

impl Search {
    /// Asks for a new index, to be built from the tables beside the live one.
    pub fn want_new_index(&self) {
        self.index.want();
    }

    /// Asks the process that works on the same folder for a new index.
    ///
    /// # Errors
    /// Fails when the folder of the index cannot be written.
    pub fn request_new_index(&self) -> Result<(), SearchError> {
        Ok(self.index.request()?)
    }

    /// Whether that process has not seen the request yet.
    #[must_use]
    pub fn is_index_requested(&self) -> bool {
        self.index.is_requested()
    }

    /// How far the building of an index is, in this process or beside it.
    #[must_use]
    pub fn index_progress(&self) -> Option<Progress> {
        self.index.progress()
    }

    /// Builds an index if one is asked for, or if the live one cannot be read as it
    /// is. Searches go on; what is uploaded and removed meanwhile is in the new one
    /// too. Told to stop, it leaves the live index alone, and the next call goes on.
    ///
    /// # Errors
    /// Fails when the index or the database does.
    pub async fn build_index(&self, stop: &CancellationToken) -> Result<(), SearchError> {
        let _one_at_a_time = self.building.lock().await;
        while self.index.is_wanted() && !stop.is_cancelled() {
            let index = Arc::clone(&self.index);
            let target = blocking(move || index.to_fill()).await?;
            let filled = self.fill(&target, stop).await;
            if filled.is_err() {
                self.index.abandon(&target);
            }
            filled?;
        }
        Ok(())
    }

    /// Completes a new index at once when there is nothing to put into it.
    ///
    /// # Errors
    /// Fails when the index or the database does.
    pub async fn settle_empty_index(&self) -> Result<(), SearchError> {
        let is_empty = self.index.is_partial()
            && self.documents.derivable().await.map_err(DocumentError::from)?.is_empty();
        if is_empty { self.build_index(&CancellationToken::new()).await } else { Ok(()) }
    }

    /// Fills an index and puts it in the live one's place.
    async fn fill(&self, target: &Arc<Index>, stop: &CancellationToken) -> Result<(), SearchError> {
        for round in 0..ROUNDS {
            let lacking = self.lacking(target, round == 0).await?;
            tracing::info!(documents = lacking.len(), round, "building the full-text index");
            if !self.add_all(target, &lacking, stop).await? {
                return Ok(());
            }
            // In turn with the writers: what is compared is what takes the place.
            let _turn = self.index.turn().await;
            let derivable = self.documents.derivable().await.map_err(DocumentError::from)?;
            let index = Arc::clone(target);
            let differences = blocking(move || Ok(compare(&index.held()?, &derivable))).await?;
            if differences.missing.is_empty() || round + 1 == ROUNDS {
                let (index, target) = (Arc::clone(&self.index), Arc::clone(target));
                return blocking(move || {
                    for document in differences.extra {
                        target.remove_document(document)?;
                    }
                    index.finish(&target)
                })
                .await;
            }
        }
        Ok(())
    }

    /// The versions an index lacks.
    async fn lacking(
        &self,
        target: &Arc<Index>,
        begins: bool,
    ) -> Result<Vec<Derivable>, SearchError> {
        let mut derivable = self.documents.derivable().await.map_err(DocumentError::from)?;
        let index = Arc::clone(target);
        let held = blocking(move || index.held()).await?;
        let held: BTreeSet<_> = held.iter().map(|held| (held.version, held.case)).collect();
        let total = derivable.len();
        derivable.retain(|version| !held.contains(&(version.version_id, version.case_id)));
        self.index.note_progress(total - derivable.len(), total, begins);
        Ok(derivable)
    }

    /// Adds versions to an index; false when told to stop, or when another index is
    /// to be filled instead.
    async fn add_all(
        &self,
        target: &Arc<Index>,
        lacking: &[Derivable],
        stop: &CancellationToken,
    ) -> Result<bool, SearchError> {
        let (mut bytes, mut committed) = (0, Instant::now());
        let before =
            self.index.progress().map_or((0, 0), |progress| (progress.done, progress.total));
        for (nth, version) in lacking.iter().enumerate() {
            if stop.is_cancelled() || !self.index.is_filling(target) {
                return Ok(false);
            }
            let turn = self.index.turn().await;
            let indexable = self.documents.indexable(version.version_id).await;
            if let Some(indexable) = indexable.map_err(DocumentError::from)? {
                let indexed = IndexedVersion::from(indexable);
                bytes += indexed.text.len();
                let index = Arc::clone(target);
                blocking(move || index.fill(&indexed)).await?;
            }
            // Uploads go on while what was added is committed.
            drop(turn);
            if bytes > BATCH || committed.elapsed() > COMMIT_EVERY {
                let index = Arc::clone(target);
                blocking(move || index.replace(&[])).await?;
                (bytes, committed) = (0, Instant::now());
            }
            self.index.note_progress(before.0 + nth + 1, before.1, false);
        }
        let index = Arc::clone(target);
        blocking(move || index.replace(&[])).await?;
        Ok(true)
    }

    /// Looks after the index until told to stop: builds it when it must be built,
    /// checks its files, compares it with the tables.
    pub async fn care(&self, every: Schedule, stop: &CancellationToken) {
        let mut reconcile = tokio::time::interval(every.reconcile);
        let mut check = tokio::time::interval(every.check);
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        // Opening has just compared; the files are checked at once, in the background.
        reconcile.tick().await;
        loop {
            let done = tokio::select! {
                () = stop.cancelled() => return,
                () = self.index.wanted() => Ok(()),
                _ = tick.tick() => self.look().await,
                _ = check.tick() => self.check_files().await,
                _ = reconcile.tick() => self.reconcile().await.map(drop),
            };
            let built = if self.index.is_wanted() { self.build_index(stop).await } else { Ok(()) };
            if let Err(error) = done.and(built) {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the full-text index could not be looked after"
                );
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(AGAIN) => {}
                }
            }
        }
    }

    async fn look(&self) -> Result<(), SearchError> {
        let index = Arc::clone(&self.index);
        blocking(move || index.tick()).await
    }

    /// Checks the files of the index against their checksums; a damaged one is built
    /// again from the tables.
    ///
    /// # Errors
    /// Fails when the files cannot be checked.
    pub async fn check_files(&self) -> Result<(), SearchError> {
        let index = Arc::clone(&self.index);
        blocking(move || index.check(&index.current()).map(drop)).await
    }
}

/// How often the index is looked after.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// How often it is compared with the tables.
    pub reconcile: Duration,
    /// How often its files are checked.
    pub check: Duration,
}

/// Runs what blocks off the async threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, IndexError> + Send + 'static,
) -> Result<T, SearchError> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|_| SearchError::Interrupted)?;
    Ok(done?)
}
