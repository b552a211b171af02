//! Searching: documents first, then the passages that stand for them.
//!
//! What a query says is true of a document, so the documents that match are found
//! and counted in their own entries. Passages are then ranked, for a query with
//! syntax or a reference only within those documents. A document of which no
//! passage stands out, because it matched by its title or over a page's edge, is
//! found by its first passage.

use std::collections::BTreeSet;

use tantivy::collector::{Count, DocSetCollector, TopDocs};
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, Query as Engine, TermSetQuery};
use tantivy::schema::{Field, Value as _};
use tantivy::{DocAddress, Result, Searcher, TantivyDocument, Term};
use uuid::Uuid;

use super::super::query::{Node, Plain};
use super::rank;
use super::schema::Kind;
use super::scope::{Clause, any_id, filter, id_set};
use super::translate::Places;
use super::{Found, Index, IndexError, LexicalHit, Query};
use crate::kernel::{CaseId, Scope};

/// How many documents, the best first, passages are taken from.
const BEST_DOCUMENTS: usize = 400;

impl Index {
    /// Finds passages, the best first, and counts the documents that match.
    ///
    /// # Errors
    /// Fails when the index cannot be read; never because of the query.
    pub fn search(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
        query: &Query,
        limit: usize,
    ) -> std::result::Result<Found, IndexError> {
        let (Some(root), Some(visible)) = (query.root(), self.visible(scope, within)) else {
            return Ok(Found::default());
        };
        let search = Search { index: self, searcher: self.reader.searcher(), visible, root };
        self.note(search.run(limit).map_err(IndexError::from))
    }
}

/// One search.
struct Search<'q> {
    index: &'q Index,
    searcher: Searcher,
    /// What the caller may see.
    visible: Vec<Clause>,
    root: &'q Node,
}

/// The documents that decide about passages.
#[derive(Default)]
struct Documents {
    /// Passages are found only in these; anywhere, if `None`.
    only: Option<Vec<Uuid>>,
    /// Those whose first passage stands for them if no other does.
    first: Vec<Uuid>,
    /// What the documents add to their passages.
    bonuses: Vec<(Vec<Uuid>, f32)>,
}

impl Search<'_> {
    fn run(&self, limit: usize) -> Result<Found> {
        let matching = self.documents_where(self.everywhere().holds(self.root)?);
        let best = TopDocs::with_limit(BEST_DOCUMENTS.max(limit)).order_by_score();
        let (documents, best) = self.searcher.search(&matching, &(Count, best))?;
        if documents == 0 || limit == 0 {
            return Ok(Found { hits: Vec::new(), documents });
        }
        let deciding = match self.root {
            Node::Plain(plain) if plain.references.is_empty() => self.of_plain(plain)?,
            _ => {
                let ids = self.ids(&best)?;
                Documents { only: Some(ids.clone()), first: ids, bonuses: Vec::new() }
            }
        };
        Ok(Found { hits: self.passages(&deciding, limit)?, documents })
    }

    /// The documents with every word, and those with words in the title.
    fn of_plain(&self, plain: &Plain) -> Result<Documents> {
        let title = Places::only(self.index.fields.title);
        let touched = self.best_where(title.holds(self.root)?)?;
        let titled = self.best_where(title.all_words(plain)?)?;
        let holding = self.best_where(self.everywhere().all_words(plain)?)?;
        let bonuses = vec![
            (touched.clone(), rank::TITLE_TOUCHES),
            (titled, rank::TITLE_HOLDS),
            (holding, rank::DOCUMENT_HOLDS),
        ];
        Ok(Documents { only: None, first: touched, bonuses })
    }

    fn passages(&self, documents: &Documents, limit: usize) -> Result<Vec<LexicalHit>> {
        let fields = &self.index.fields;
        let text = Places::only(fields.text);
        let (_, first) = self.index.of_kind(Kind::First);
        let first = BooleanQuery::intersection(vec![
            first,
            id_set(fields.document, documents.first.iter().copied()),
        ]);
        let standing = self.standing(&first, &text)?;

        let mut found = rank::touches(&text, self.root)?;
        found.push(Box::new(ConstScoreQuery::new(Box::new(first), rank::STANDS_FOR)));
        let mut clauses = self.visible_clauses();
        clauses.push(self.passage_kinds());
        clauses.push((Occur::Must, rank::any(found)));
        if let Some(only) = &documents.only {
            clauses.push(any_id(fields.document, only.iter().copied()));
        }
        clauses.extend(rank::bonuses(&text, self.root)?);
        for (ids, score) in &documents.bonuses {
            clauses.push(rank::worth(id_set(fields.document, ids.iter().copied()), *score));
        }
        let top = TopDocs::with_limit(limit + standing.len()).order_by_score();
        let ranked = self.searcher.search(&BooleanQuery::new(clauses), &top)?;
        self.hits(&ranked, &standing, limit)
    }

    /// The first passages that hold no part of the query themselves.
    fn standing(&self, first: &BooleanQuery, text: &Places) -> Result<BTreeSet<DocAddress>> {
        let mut clauses = self.visible_clauses();
        clauses.push(filter(Box::new(first.clone())));
        let touches = rank::touches(text, self.root)?;
        clauses.push((Occur::MustNot, rank::any(touches)));
        let standing = self.searcher.search(&BooleanQuery::new(clauses), &DocSetCollector)?;
        Ok(standing.into_iter().collect())
    }

    /// Reads the hits; a passage that only stands for its document goes when the
    /// document has been found by another.
    fn hits(
        &self,
        ranked: &[(f32, DocAddress)],
        standing: &BTreeSet<DocAddress>,
        limit: usize,
    ) -> Result<Vec<LexicalHit>> {
        let mut hits: Vec<LexicalHit> = Vec::with_capacity(limit.min(ranked.len()));
        let mut seen = BTreeSet::new();
        for (score, address) in ranked {
            if hits.len() == limit {
                break;
            }
            let Some(hit) = self.hit(*score, *address)? else { continue };
            if seen.insert(hit.document) || !standing.contains(address) {
                hits.push(hit);
            }
        }
        Ok(hits)
    }

    fn hit(&self, score: f32, address: DocAddress) -> Result<Option<LexicalHit>> {
        let fields = &self.index.fields;
        let entry: TantivyDocument = self.searcher.doc(address)?;
        let (Some(document), Some(version), Some(case)) =
            (id(&entry, fields.document), id(&entry, fields.version), id(&entry, fields.case))
        else {
            return Ok(None);
        };
        let page = entry.get_first(fields.page).and_then(|value| value.as_u64()).unwrap_or(1);
        Ok(Some(LexicalHit {
            passage: id(&entry, fields.passage).map(Into::into),
            document: document.into(),
            version: version.into(),
            case: case.into(),
            page: u32::try_from(page).unwrap_or(u32::MAX),
            score,
        }))
    }

    /// The best documents of which a query is true.
    fn best_where(&self, query: Box<dyn Engine>) -> Result<Vec<Uuid>> {
        let top = TopDocs::with_limit(BEST_DOCUMENTS).order_by_score();
        let best = self.searcher.search(&self.documents_where(query), &top)?;
        self.ids(&best)
    }

    fn documents_where(&self, query: Box<dyn Engine>) -> BooleanQuery {
        let mut clauses = self.visible_clauses();
        clauses.push(self.index.of_kind(Kind::Document));
        clauses.push((Occur::Must, query));
        BooleanQuery::new(clauses)
    }

    /// The document of each entry.
    fn ids(&self, best: &[(f32, DocAddress)]) -> Result<Vec<Uuid>> {
        let mut ids = Vec::with_capacity(best.len());
        for (_, address) in best {
            let entry: TantivyDocument = self.searcher.doc(*address)?;
            ids.extend(id(&entry, self.index.fields.document));
        }
        Ok(ids)
    }

    fn visible_clauses(&self) -> Vec<Clause> {
        self.visible.iter().map(|(occur, query)| (*occur, query.box_clone())).collect()
    }

    /// Passages, and documents that have none.
    fn passage_kinds(&self) -> Clause {
        let kinds = [Kind::Passage, Kind::First];
        let terms = kinds.map(|kind| Term::from_field_text(self.index.fields.kind, kind.as_str()));
        filter(Box::new(TermSetQuery::new(terms)))
    }

    fn everywhere(&self) -> Places {
        Places::titled(self.index.fields.title, self.index.fields.text)
    }
}

/// An id an entry holds.
fn id(entry: &TantivyDocument, field: Field) -> Option<Uuid> {
    let bytes = entry.get_first(field)?.as_bytes()?;
    Uuid::from_slice(bytes).ok()
}
