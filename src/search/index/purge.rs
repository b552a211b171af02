//! Writing segments anew that hold removed entries, so that nothing of them stays.

use std::time::Duration;

use tantivy::index::SegmentId;
use tantivy::{SegmentReader, TantivyError};

use super::commits::Commits;
use super::{Index, IndexError, LiveIndex};

/// How often it is tried while other merges are under way.
const TRIES: u32 = 100;
/// How long such a merge is waited for at once.
const PAUSE: Duration = Duration::from_millis(100);

impl Index {
    /// Writes the segments anew that hold removed entries, and removes the old files.
    /// Blocks, and keeps others from writing meanwhile.
    ///
    /// # Errors
    /// Fails when this process only reads or the index cannot be written.
    pub fn purge(&self) -> Result<(), IndexError> {
        let purged = self.writer()?.purge();
        self.note(purged.map_err(IndexError::from))
    }
}

impl LiveIndex {
    /// Does so to the live index and to one that is being filled.
    ///
    /// # Errors
    /// As [`Index::purge`].
    pub fn purge(&self) -> Result<(), IndexError> {
        self.all().iter().try_for_each(|index| index.purge())
    }
}

impl Commits {
    fn purge(&self) -> tantivy::Result<()> {
        self.alone(|writer, reader| {
            for _ in 0..TRIES {
                reader.reload()?;
                let searcher = reader.searcher();
                let holed: Vec<SegmentId> = searcher
                    .segment_readers()
                    .iter()
                    .filter(|segment| segment.has_deletes())
                    .map(SegmentReader::segment_id)
                    .collect();
                drop(searcher);
                if holed.is_empty() {
                    return writer.garbage_collect_files().wait().map(drop);
                }
                let mut is_busy = false;
                for segment in holed {
                    // A segment in a merge of the policy's own cannot be merged; that
                    // merge does the same to it.
                    is_busy |= writer.merge(&[segment]).wait().is_err();
                }
                if is_busy {
                    std::thread::sleep(PAUSE);
                }
            }
            Err(TantivyError::SystemError("removed entries could not be written out".to_owned()))
        })
    }
}
