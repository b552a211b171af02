//! Documents by the words of the whole of them.
//!
//! The words of a query often stand pages apart: then no passage tells how well a
//! document matches, and the document as a whole does.

use tantivy::Result;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur};

use super::column::Ids;
use super::schema::ID;
use super::translate::Places;
use super::{Index, IndexError, Query};
use crate::kernel::{CaseId, DocumentId, Scope};

impl Index {
    /// The documents that match best as wholes, the best first, with how well (BM25 over
    /// title and text); comparable within one search only.
    ///
    /// # Errors
    /// Fails when the index cannot be read.
    pub(in crate::search) fn wholes(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
        query: &Query,
        limit: usize,
    ) -> std::result::Result<Vec<(DocumentId, f32)>, IndexError> {
        self.note(self.best_wholes(scope, within, query, limit).map_err(IndexError::from))
    }

    fn best_wholes(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
        query: &Query,
        limit: usize,
    ) -> Result<Vec<(DocumentId, f32)>> {
        let (Some(root), Some(mut clauses)) = (query.root(), self.visible(scope, within)) else {
            return Ok(Vec::new());
        };
        let places = Places::titled(self.fields.title, self.fields.text);
        clauses.push((Occur::Must, places.holds(root)?));
        let searcher = self.reader.searcher();
        let top = TopDocs::with_limit(limit.max(1)).order_by_score();
        let best = searcher.search(&BooleanQuery::new(clauses), &top)?;
        let mut ids = Vec::with_capacity(searcher.segment_readers().len());
        for reader in searcher.segment_readers() {
            ids.push(Ids::open(reader, ID)?);
        }
        let id = |segment: u32, entry| ids.get(segment as usize).map(|ids| ids.get(entry));
        Ok(best
            .into_iter()
            .filter_map(|(score, at)| Some((id(at.segment_ord, at.doc_id)?.into(), score)))
            .collect())
    }
}
