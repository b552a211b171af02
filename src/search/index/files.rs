//! Whether the files of an index are what was written.
//!
//! Every file of a segment ends with a checksum. The files are opened anew for this,
//! so that what lies on the disk is read, not what was mapped before.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tantivy::index::SegmentId;
use tantivy::{IndexReader, ReloadPolicy, SegmentReader, TantivyError};

use super::open::ENTRIES;
use super::{Index, IndexError, schema};

/// A commit or a merge may take files away while they are looked at; what is damaged
/// is so at every look.
const ATTEMPTS: u32 = 3;

/// The time between two looks.
const REST: Duration = Duration::from_millis(200);

impl Index {
    /// Says whether every file of the index is what was written.
    ///
    /// Reads them all: about a second for a gigabyte that is in memory.
    ///
    /// # Errors
    /// Fails when that cannot be found out, as when too many files are open.
    pub fn is_whole(&self) -> Result<bool, IndexError> {
        is_whole(&self.dir)
    }
}

/// Says whether every file of the index in a directory is what was written.
pub(super) fn is_whole(dir: &Path) -> Result<bool, IndexError> {
    for attempt in 1..=ATTEMPTS {
        match unpanicked(|| check(&dir.join(ENTRIES))) {
            Ok(None) => return Ok(true),
            Ok(Some(file)) => {
                tracing::warn!(attempt, file = %file.display(), "a file of the full-text index is damaged");
            }
            Err(IndexError::Engine(error)) if is_of_the_machine(&error) => {
                return Err(IndexError::Engine(error));
            }
            Err(IndexError::Damaged(error) | IndexError::Engine(error)) => {
                tracing::warn!(attempt, error = %error, "the full-text index cannot be read");
            }
            Err(error) => return Err(error),
        }
        std::thread::sleep(REST);
    }
    Ok(false)
}

/// Whether an error says nothing of the files: too many are open, one may not be read.
pub(super) fn is_of_the_machine(error: &TantivyError) -> bool {
    matches!(error, TantivyError::IoError(_) | TantivyError::OpenReadError(_))
}

/// Damaged files can make the engine panic: that is an error too.
pub(super) fn unpanicked<T>(read: impl FnOnce() -> Result<T, IndexError>) -> Result<T, IndexError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        let error = "reading the index stopped in the middle".to_owned();
        Err(IndexError::Engine(TantivyError::InternalError(error)))
    })
}

/// The first file that is not what was written.
fn check(entries: &Path) -> Result<Option<PathBuf>, IndexError> {
    let index = tantivy::Index::open_in_dir(entries)?;
    Index::check_schema(&index, &schema::schema().0)?;
    // Opening reads the ends of all files and finds those that are missing.
    let reader: IndexReader =
        index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let segments: Vec<SegmentId> =
        reader.searcher().segment_readers().iter().map(SegmentReader::segment_id).collect();
    for entry in fs::read_dir(entries).map_err(IndexError::Directory)? {
        let name = PathBuf::from(entry.map_err(IndexError::Directory)?.file_name());
        let of = |segment: &&SegmentId| {
            name.to_str().is_some_and(|name| name.starts_with(&segment.uuid_string()))
        };
        let Some(segment) = segments.iter().find(of) else { continue };
        let is_right = matches!(index.directory().validate_checksum(&name), Ok(true));
        // A merge or a commit may have put the file out of use meanwhile.
        if !is_right && entries.join(&name).exists() && is_used(&index, *segment)? {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// Whether a segment is searched.
fn is_used(index: &tantivy::Index, segment: SegmentId) -> Result<bool, IndexError> {
    Ok(index.searchable_segment_ids()?.contains(&segment))
}
