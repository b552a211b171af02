//! Writing: entries added and removed, a commit at a time.

use tantivy::indexer::UserOperation;
use tantivy::{IndexWriter, Term};

use super::commits::Added;
use super::{Index, IndexError, IndexedVersion, entry};
use crate::kernel::DocumentId;

impl Index {
    /// Puts versions into the index, each in the place of whatever version of its
    /// document is there. Searches see all of them when this returns, and none
    /// before.
    ///
    /// # Errors
    /// Fails when this process only reads or the entries cannot be written; then
    /// the index is as it was.
    pub fn replace(&self, versions: &[IndexedVersion]) -> Result<(), IndexError> {
        self.change(|writer| self.put(writer, versions))
    }

    /// Takes a document out of the index.
    ///
    /// # Errors
    /// Fails when this process only reads or the change cannot be written.
    pub fn remove_document(&self, document: DocumentId) -> Result<(), IndexError> {
        self.change(|writer| {
            writer.delete_term(self.document_term(document));
            Ok(())
        })
    }

    /// Makes a change and waits until it is searched, or leaves the index as it was.
    fn change(
        &self,
        change: impl FnOnce(&IndexWriter) -> tantivy::Result<()>,
    ) -> Result<(), IndexError> {
        let outcome = self.writer()?.add(change).wait();
        self.note(outcome.map_err(IndexError::from))
    }

    /// Adds versions, each in the place of whatever version of its document is there,
    /// without waiting until they are searched.
    pub(super) fn add_versions(&self, versions: &[IndexedVersion]) -> Result<Added, IndexError> {
        Ok(self.writer()?.add(|writer| self.put(writer, versions)))
    }

    /// Adds a version to an index that is being filled; a commit follows.
    pub(in crate::search) fn fill(&self, version: &IndexedVersion) -> Result<(), IndexError> {
        self.add_versions(std::slice::from_ref(version)).map(drop)
    }

    /// Removes documents without waiting until they are not searched any more.
    pub(super) fn drop_documents(&self, documents: &[DocumentId]) -> Result<Added, IndexError> {
        Ok(self.writer()?.add(|writer| {
            for &document in documents {
                writer.delete_term(self.document_term(document));
            }
            Ok(())
        }))
    }

    /// Waits until searches see what was added.
    pub(super) fn wait(&self, added: &Added) -> Result<(), IndexError> {
        self.note(added.wait().map_err(IndexError::from))
    }

    /// Lets searches see merged segments, so that the files merged into them go.
    ///
    /// # Errors
    /// Fails when this process only reads or the index cannot be read.
    pub fn refresh(&self) -> Result<(), IndexError> {
        let refreshed = self.writer()?.refresh();
        self.note(refreshed.map_err(IndexError::from))
    }

    /// How many commits there were since the index was opened, and how many segments
    /// there are now.
    #[must_use]
    pub fn commits_and_segments(&self) -> (u64, usize) {
        let commits = self.writer.as_ref().map_or(0, |writer| writer.count());
        (commits, self.reader.searcher().segment_readers().len())
    }

    fn put(&self, writer: &IndexWriter, versions: &[IndexedVersion]) -> tantivy::Result<()> {
        for version in versions {
            writer.delete_term(self.document_term(version.document));
            self.add(writer, version)?;
        }
        Ok(())
    }

    fn document_term(&self, document: DocumentId) -> Term {
        Term::from_field_bytes(self.fields.document, document.uuid().as_bytes())
    }

    /// Adds a document and its passages as one run of entries, which nothing parts:
    /// a search tells by it which document a passage is of.
    fn add(&self, writer: &IndexWriter, version: &IndexedVersion) -> tantivy::Result<()> {
        let entries = entry::entries(&self.fields, version);
        let added: Vec<_> = entries.into_iter().map(UserOperation::Add).collect();
        writer.run(added).map(drop)
    }
}
