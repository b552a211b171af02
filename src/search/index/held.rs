//! What an index holds, to be compared with the tables.

use tantivy::Result;
use tantivy::Searcher;

use super::column::Ids;
use super::schema::{CASE, ID, PASSAGES, VERSION};
use super::{Index, IndexError};
use crate::kernel::{CaseId, DocumentId, VersionId};

/// A version that an index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Held {
    /// The document.
    pub document: DocumentId,
    /// The version of it.
    pub version: VersionId,
    /// The case its entries stand under.
    pub case: CaseId,
}

impl Index {
    /// Every version of every organisation that the index holds; one that it holds
    /// twice, twice. For background work, which sees everything.
    ///
    /// # Errors
    /// Fails when the index cannot be read.
    pub fn held(&self) -> std::result::Result<Vec<Held>, IndexError> {
        self.note(held(&self.reader.searcher()).map_err(IndexError::from))
    }
}

fn held(searcher: &Searcher) -> Result<Vec<Held>> {
    let mut held = Vec::new();
    for segment in searcher.segment_readers() {
        // Only the entries of documents have this column.
        let Some(passages) = segment.fast_fields().column_opt::<u64>(PASSAGES)? else { continue };
        let (document, version) = (Ids::open(segment, ID)?, Ids::open(segment, VERSION)?);
        let case = Ids::open(segment, CASE)?;
        let documents = segment.doc_ids_alive().filter(|&entry| passages.first(entry).is_some());
        held.extend(documents.map(|entry| Held {
            document: document.get(entry).into(),
            version: version.get(entry).into(),
            case: case.get(entry).into(),
        }));
    }
    Ok(held)
}
