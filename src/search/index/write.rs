//! Writing: entries added and removed, a commit at a time.

use tantivy::{IndexWriter, TantivyDocument, Term};

use super::schema::Kind;
use super::{Index, IndexError, IndexedPassage, IndexedVersion};
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
        self.change(|writer| {
            for version in versions {
                writer.delete_term(self.document_term(version.document));
                self.add(writer, version)?;
            }
            Ok(())
        })
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

    /// Makes a change and commits it, or leaves the index as it was.
    fn change(
        &self,
        change: impl FnOnce(&IndexWriter) -> tantivy::Result<()>,
    ) -> Result<(), IndexError> {
        let mut writer = self.writer()?;
        let changed = change(&writer).and_then(|()| writer.commit());
        if let Err(error) = changed {
            if let Err(error) = writer.rollback() {
                tracing::error!(error = %error, "the full-text index cannot be rolled back");
            }
            return self.note(Err(error.into()));
        }
        drop(writer);
        self.note(self.reader.reload().map_err(IndexError::from))
    }

    fn document_term(&self, document: DocumentId) -> Term {
        Term::from_field_bytes(self.fields.document, document.uuid().as_bytes())
    }

    fn add(&self, writer: &IndexWriter, version: &IndexedVersion) -> tantivy::Result<()> {
        let mut whole = self.entry(version, &[Kind::Document]);
        whole.add_text(self.fields.title, &version.title);
        whole.add_text(self.fields.text, &version.text);
        if version.passages.is_empty() {
            whole.add_text(self.fields.kind, Kind::First.as_str());
        }
        writer.add_document(whole)?;
        let first = version.passages.iter().map(|passage| passage.ordinal).min();
        for passage in &version.passages {
            writer.add_document(self.passage(version, passage, first))?;
        }
        Ok(())
    }

    fn passage(
        &self,
        version: &IndexedVersion,
        passage: &IndexedPassage,
        first: Option<u32>,
    ) -> TantivyDocument {
        let mut entry = self.entry(version, &[Kind::Passage]);
        if first == Some(passage.ordinal) {
            entry.add_text(self.fields.kind, Kind::First.as_str());
        }
        entry.add_bytes(self.fields.passage, passage.id.uuid().as_bytes());
        entry.add_u64(self.fields.page, u64::from(passage.page));
        entry.add_u64(self.fields.ordinal, u64::from(passage.ordinal));
        if let Some(heading) = &passage.heading {
            entry.add_text(self.fields.text, heading);
        }
        entry.add_text(self.fields.text, &passage.text);
        entry
    }

    /// What every entry of a version has.
    fn entry(&self, version: &IndexedVersion, kinds: &[Kind]) -> TantivyDocument {
        let mut entry = TantivyDocument::new();
        for kind in kinds {
            entry.add_text(self.fields.kind, kind.as_str());
        }
        entry.add_bytes(self.fields.organisation, version.organisation.uuid().as_bytes());
        entry.add_bytes(self.fields.case, version.case.uuid().as_bytes());
        entry.add_bytes(self.fields.document, version.document.uuid().as_bytes());
        entry.add_bytes(self.fields.version, version.version.uuid().as_bytes());
        entry
    }
}
