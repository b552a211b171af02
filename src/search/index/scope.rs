//! The scope as a query, and what is counted under it.

use std::collections::BTreeSet;

use tantivy::collector::{Count, DocSetCollector};
use tantivy::query::{
    BooleanQuery, ConstScoreQuery, Occur, Query as Engine, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};
use uuid::Uuid;

use super::schema::{Kind, VERSION};
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
        self.total(Kind::Document, scope, within)
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
        self.total(Kind::Passage, scope, within)
    }

    fn total(
        &self,
        kind: Kind,
        scope: &Scope,
        within: Option<CaseId>,
    ) -> Result<usize, IndexError> {
        let Some(mut clauses) = self.visible(scope, within) else { return Ok(0) };
        clauses.push(self.of_kind(kind));
        let counted = self.reader.searcher().search(&BooleanQuery::new(clauses), &Count);
        self.note(counted.map_err(IndexError::from))
    }

    /// The versions an organisation has in the index, to compare with the tables.
    ///
    /// # Errors
    /// Fails when the index cannot be read.
    pub fn versions(
        &self,
        organisation: OrganisationId,
    ) -> Result<BTreeSet<VersionId>, IndexError> {
        let query = BooleanQuery::new(vec![
            filter(one_id(self.fields.organisation, organisation.uuid())),
            self.of_kind(Kind::Document),
        ]);
        let searcher = self.reader.searcher();
        self.note(read_versions(&searcher, &query).map_err(IndexError::from))
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

    /// The clause that keeps a query to entries of a kind.
    pub(super) fn of_kind(&self, kind: Kind) -> Clause {
        let term = Term::from_field_text(self.fields.kind, kind.as_str());
        filter(Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
    }
}

/// The entries of one id.
fn one_id(field: Field, id: Uuid) -> Box<dyn Engine> {
    let term = Term::from_field_bytes(field, id.as_bytes());
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

/// A clause that must hold and scores nothing.
pub(super) fn filter(query: Box<dyn Engine>) -> Clause {
    (Occur::Must, Box::new(ConstScoreQuery::new(query, 0.0)))
}

/// The clause that keeps a query to a set of ids.
pub(super) fn any_id(field: Field, ids: impl Iterator<Item = Uuid>) -> Clause {
    filter(id_set(field, ids))
}

/// The entries of a set of ids.
pub(super) fn id_set(field: Field, ids: impl Iterator<Item = Uuid>) -> Box<dyn Engine> {
    Box::new(TermSetQuery::new(ids.map(|id| Term::from_field_bytes(field, id.as_bytes()))))
}

fn read_versions(searcher: &Searcher, query: &dyn Engine) -> tantivy::Result<BTreeSet<VersionId>> {
    let mut versions = BTreeSet::new();
    let mut bytes = Vec::new();
    for address in searcher.search(query, &DocSetCollector)? {
        let segment = searcher.segment_reader(address.segment_ord);
        let Some(column) = segment.fast_fields().bytes(VERSION)? else { continue };
        for ord in column.term_ords(address.doc_id) {
            bytes.clear();
            column.ord_to_bytes(ord, &mut bytes)?;
            versions.extend(Uuid::from_slice(&bytes).ok().map(VersionId::from));
        }
    }
    Ok(versions)
}
