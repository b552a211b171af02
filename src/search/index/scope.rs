//! The scope as a query, and what is counted under it.

use std::collections::BTreeSet;

use tantivy::query::{Occur, Query as Engine, TermQuery, TermSetQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};
use uuid::Uuid;

use super::column::Ids;
use super::matching::Matching;
use super::schema::VERSION;
use super::{Index, IndexError};
use crate::kernel::{CaseId, OrganisationId, Reach, Scope, VersionId};

/// A clause of a boolean query.
pub(super) type Clause = (Occur, Box<dyn Engine>);

impl Index {
    /// How many documents the caller may see; what a search was a search of.
    ///
    /// # Errors
    /// Fails when the index cannot be read.
    pub fn documents_total(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
    ) -> Result<usize, IndexError> {
        self.note(self.all_visible(scope, within).map_err(IndexError::from))
            .map(|matching| matching.documents())
    }

    /// How many passages the caller may see.
    ///
    /// # Errors
    /// Fails when the index cannot be read.
    pub fn passages_total(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
    ) -> Result<usize, IndexError> {
        self.note(self.all_visible(scope, within).map_err(IndexError::from))
            .map(|matching| matching.passages())
    }

    fn all_visible(&self, scope: &Scope, within: Option<CaseId>) -> tantivy::Result<Matching> {
        let Some(clauses) = self.visible(scope, within) else { return Ok(Matching::default()) };
        Matching::of_clauses(&self.reader.searcher(), clauses)
    }

    /// The versions an organisation has in the index, to compare with the tables.
    ///
    /// # Errors
    /// Fails when the index cannot be read.
    pub fn versions(
        &self,
        organisation: OrganisationId,
    ) -> Result<BTreeSet<VersionId>, IndexError> {
        let clauses = vec![filter(one_id(self.fields.organisation, organisation.uuid()))];
        let searcher = self.reader.searcher();
        let read = Matching::of_clauses(&searcher, clauses)
            .and_then(|matching| read_ids(&searcher, &matching, VERSION));
        self.note(read.map_err(IndexError::from))
    }

    /// The clauses that keep a query to what the caller may see; `None` when that
    /// is nothing.
    pub(super) fn visible(&self, scope: &Scope, within: Option<CaseId>) -> Option<Vec<Clause>> {
        let fields = &self.fields;
        let mut clauses = vec![filter(one_id(fields.organisation, scope.organisation().uuid()))];
        match scope.reach() {
            Reach::Organisation => {}
            Reach::Cases(cases) => {
                if cases.is_empty() || within.is_some_and(|case| !cases.contains(&case)) {
                    return None;
                }
                if within.is_none() {
                    clauses.push(any_id(fields.case, cases.iter().map(|case| case.uuid())));
                }
            }
            Reach::Shared { documents, .. } => {
                if documents.is_empty() {
                    return None;
                }
                let ids = documents.iter().map(|document| document.uuid());
                clauses.push(any_id(fields.document, ids));
            }
        }
        clauses.extend(within.map(|case| filter(one_id(fields.case, case.uuid()))));
        Some(clauses)
    }
}

/// The entries of one id.
fn one_id(field: Field, id: Uuid) -> Box<dyn Engine> {
    let term = Term::from_field_bytes(field, id.as_bytes());
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

/// A clause that must hold.
pub(super) fn filter(query: Box<dyn Engine>) -> Clause {
    (Occur::Must, query)
}

/// The clause that keeps a query to a set of ids.
pub(super) fn any_id(field: Field, ids: impl Iterator<Item = Uuid>) -> Clause {
    filter(Box::new(TermSetQuery::new(ids.map(|id| Term::from_field_bytes(field, id.as_bytes())))))
}

/// An id of each document.
pub(super) fn read_ids<T: From<Uuid> + Ord>(
    searcher: &Searcher,
    matching: &Matching,
    names: [&'static str; 2],
) -> tantivy::Result<BTreeSet<T>> {
    let mut ids = BTreeSet::new();
    for (reader, blocks) in searcher.segment_readers().iter().zip(&matching.segments) {
        let column = Ids::open(reader, names)?;
        ids.extend(blocks.iter().map(|block| T::from(column.get(block.document))));
    }
    Ok(ids)
}
