//! Commits shared by whoever writes at the same time.
//!
//! A commit costs tens of milliseconds and a few files, whatever it holds. So
//! writers add their entries side by side and then wait for the commit that takes
//! them in: the first that finds none under way makes it, for all who have added by
//! then, and those who come meanwhile share the next. A lone writer waits for
//! nobody.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{IndexReader, IndexWriter, TantivyError};

/// What the writer may hold in memory before it writes a segment.
const WRITER_BYTES: usize = 50_000_000;

/// How many segments of like size are merged into one. Fewer than these are of any
/// size, so a million passages lie in a few dozen segments at most.
const SEGMENTS_TO_MERGE: usize = 8;

/// Segments below this many entries count as of one size.
const SMALL_SEGMENT: u32 = 250;

/// Segments count as of like size within this many doublings of the entries: each
/// entry is written again about once for every such step from small to large.
const DOUBLINGS: f64 = 3.0;

/// The share of removed entries at which a segment is written again without them.
const REMOVED: f32 = 0.3;

/// The writer of an index, and the commits its users share.
pub(super) struct Commits {
    /// Taken together by those who add, alone by the one who commits.
    writer: RwLock<IndexWriter>,
    reader: IndexReader,
    turn: Mutex<Turn>,
    ended: Condvar,
}

/// Whose turn it is.
struct Turn {
    /// What is added now goes into this commit.
    open: Arc<Batch>,
    /// Whether a commit is under way.
    is_busy: bool,
    /// How many commits there were.
    commits: u64,
}

/// What one commit takes in.
#[derive(Default)]
struct Batch {
    /// Why it must not be committed: something could not be added.
    broken: OnceLock<TantivyError>,
    /// How it ended.
    outcome: OnceLock<Result<(), TantivyError>>,
}

/// Entries that were added and wait for their commit.
#[must_use = "entries are searched only when their commit has ended"]
#[derive(Clone)]
pub(super) struct Added {
    commits: Arc<Commits>,
    batch: Arc<Batch>,
}

impl Commits {
    /// Takes the writing of an index; one process may.
    pub(super) fn of(index: &tantivy::Index, reader: IndexReader) -> tantivy::Result<Self> {
        // One thread makes segments and one merges them: on a small machine more
        // would take from the searches.
        let options = IndexWriterOptions::builder()
            .memory_budget_per_thread(WRITER_BYTES)
            .num_worker_threads(1)
            .num_merge_threads(1)
            .build();
        let writer = index.writer_with_options(options)?;
        writer.set_merge_policy(Box::new(merge_policy()));
        let turn = Turn { open: Arc::default(), is_busy: false, commits: 0 };
        Ok(Self {
            writer: RwLock::new(writer),
            reader,
            turn: Mutex::new(turn),
            ended: Condvar::new(),
        })
    }

    /// Adds and removes entries. They are searched when [`Added::wait`] has returned;
    /// all that one call adds is committed together.
    pub(super) fn add(
        self: &Arc<Self>,
        add: impl FnOnce(&IndexWriter) -> tantivy::Result<()>,
    ) -> Added {
        let writer = self.writer.read().unwrap_or_else(PoisonError::into_inner);
        let batch = Arc::clone(&self.turn().open);
        if let Err(error) = add(&writer) {
            let _ = batch.broken.set(error);
        }
        drop(writer);
        Added { commits: Arc::clone(self), batch }
    }

    /// How many commits there were since the index was opened.
    pub(super) fn count(&self) -> u64 {
        self.turn().commits
    }

    /// Lets searches see merged segments, so that the files merged into them go.
    pub(super) fn refresh(&self) -> tantivy::Result<()> {
        let _no_commit_meanwhile = self.writer.write().unwrap_or_else(PoisonError::into_inner);
        self.reader.reload()
    }

    /// Does something to the index while nobody else writes.
    pub(super) fn alone<T>(
        &self,
        act: impl FnOnce(&mut IndexWriter, &IndexReader) -> tantivy::Result<T>,
    ) -> tantivy::Result<T> {
        let mut writer = self.writer.write().unwrap_or_else(PoisonError::into_inner);
        act(&mut writer, &self.reader)
    }

    fn turn(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Commits what has been added so far.
    fn commit(&self) {
        let mut end = End { commits: self, batch: None };
        let mut writer = self.writer.write().unwrap_or_else(PoisonError::into_inner);
        // Nobody adds while the writer is held alone, so the batch is complete.
        let batch = std::mem::take(&mut self.turn().open);
        end.batch = Some(Arc::clone(&batch));
        let done = match batch.broken.get() {
            Some(error) => Err(error.clone()),
            None => writer.commit().map(drop),
        };
        let done = match done {
            Ok(()) => self.reader.reload(),
            Err(error) => {
                match writer.rollback() {
                    Ok(_) => writer.set_merge_policy(Box::new(merge_policy())),
                    Err(error) => {
                        tracing::error!(error = %error, "the full-text index cannot be rolled back");
                    }
                }
                Err(error)
            }
        };
        let _ = batch.outcome.set(done);
    }
}

impl Added {
    /// Waits until searches see what was added.
    pub(super) fn wait(&self) -> tantivy::Result<()> {
        let commits = &self.commits;
        let mut turn = commits.turn();
        loop {
            if let Some(outcome) = self.batch.outcome.get() {
                return outcome.clone();
            }
            if turn.is_busy {
                turn = commits.ended.wait(turn).unwrap_or_else(PoisonError::into_inner);
            } else {
                turn.is_busy = true;
                drop(turn);
                commits.commit();
                turn = commits.turn();
            }
        }
    }
}

/// Ends a commit, also one that panicked, so that nobody waits for ever.
struct End<'c> {
    commits: &'c Commits,
    batch: Option<Arc<Batch>>,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        let stopped = || TantivyError::ErrorInThread("a commit stopped in the middle".to_owned());
        if let Some(batch) = &self.batch {
            let _ = batch.outcome.get_or_init(|| Err(stopped()));
        }
        let mut turn = self.commits.turn();
        turn.is_busy = false;
        turn.commits += 1;
        drop(turn);
        self.commits.ended.notify_all();
    }
}

/// Few segments for searches, and few bytes written again for it.
fn merge_policy() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(SEGMENTS_TO_MERGE);
    policy.set_min_layer_size(SMALL_SEGMENT);
    policy.set_level_log_size(DOUBLINGS);
    policy.set_del_docs_ratio_before_merge(REMOVED);
    policy
}
