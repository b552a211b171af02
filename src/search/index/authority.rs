//! Authorities: citations, and which of them are of one decision.
//!
//! That two citations are of one decision is learned from the documents that print
//! them side by side, and only from those the caller may see.

use std::collections::BTreeSet;

use tantivy::query::{Query as Engine, TermSetQuery};
use tantivy::{Result, Searcher, Term};

use super::matching::{Matching, Wish};
use super::schema::{PARALLEL, SEPARATOR};
use super::scope::filter;
use super::{Index, IndexError};
use crate::kernel::{CaseId, Scope};
use crate::search::analysis::analyse;
use crate::search::query::{Node, Query};
use crate::search::request::{Citing, Cursor, Filters, Sort, Wanted};

/// How many steps from one citation to the next are gone.
const MAX_STEPS: usize = 8;
/// How many citations of one decision are kept.
const MAX_PARALLEL: usize = 64;

/// What two ways of writing a citation have in common: its words and figures.
pub(super) fn key(citation: &str) -> String {
    let words: Vec<String> = analyse(citation).into_iter().map(|token| token.exact).collect();
    words.join(" ")
}

impl Index {
    /// The documents the caller may see that cite an authority by any of its
    /// citations, the newest first, each by the passage that cites it.
    ///
    /// # Errors
    /// Fails when the index cannot be read, or as [`find`](Self::find) does.
    pub fn citing(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
        authority: &str,
        limit: usize,
        after: Option<Cursor>,
    ) -> std::result::Result<Citing, IndexError> {
        let searcher = self.reader.searcher();
        let known = self.parallel(&searcher, scope, &[authority.to_owned()]);
        let citations: Vec<String> = self.note(known.map_err(IndexError::from))?;
        let mut roots: Vec<Node> =
            citations.iter().filter_map(|each| Query::parse(each).root().cloned()).collect();
        let root = if roots.len() > 1 { Some(Node::Or(roots)) } else { roots.pop() };
        let filters = Filters { cited: vec![authority.to_owned()], ..Filters::default() };
        let wanted = Wanted {
            within,
            filters,
            sort: Sort::Newest,
            limit,
            after,
            facets: false,
            documents: None,
        };
        let wish = Wish { documents: None, passages: root.as_ref() };
        let found =
            self.note(self.run(&searcher, scope, &wish, &wanted).map_err(IndexError::from))?;
        Ok(Citing { citations, found })
    }

    /// The citations given, and those that documents the caller may see print
    /// beside them.
    pub(super) fn parallel(
        &self,
        searcher: &Searcher,
        scope: &Scope,
        citations: &[String],
    ) -> Result<Vec<String>> {
        let mut known: Vec<String> = Vec::new();
        let mut keys: BTreeSet<String> = BTreeSet::new();
        for citation in citations {
            if keys.insert(key(citation)) {
                known.push(citation.clone());
            }
        }
        for _ in 0..MAX_STEPS {
            let before = known.len();
            for group in self.groups(searcher, scope, &keys)? {
                if group.iter().any(|citation| keys.contains(&key(citation))) {
                    for citation in group {
                        if known.len() < MAX_PARALLEL && keys.insert(key(&citation)) {
                            known.push(citation);
                        }
                    }
                }
            }
            if known.len() == before {
                break;
            }
        }
        Ok(known)
    }

    /// The citations that stand side by side in documents that have one of them.
    fn groups(
        &self,
        searcher: &Searcher,
        scope: &Scope,
        keys: &BTreeSet<String>,
    ) -> Result<BTreeSet<Vec<String>>> {
        let mut groups = BTreeSet::new();
        let Some(mut clauses) = self.visible(scope, None) else { return Ok(groups) };
        clauses.push(filter(self.citing_any(keys)));
        let matching = Matching::of_clauses(searcher, clauses)?;
        let mut text = String::new();
        for (reader, blocks) in searcher.segment_readers().iter().zip(&matching.segments) {
            let Some(column) = reader.fast_fields().str(PARALLEL)? else { continue };
            let ords: BTreeSet<u64> =
                blocks.iter().flat_map(|block| column.term_ords(block.document)).collect();
            for ord in ords {
                text.clear();
                column.ord_to_str(ord, &mut text)?;
                groups.insert(text.split(SEPARATOR).map(str::to_owned).collect());
            }
        }
        Ok(groups)
    }

    /// The documents with one of the citations.
    pub(super) fn citing_any(&self, keys: &BTreeSet<String>) -> Box<dyn Engine> {
        let terms = keys.iter().map(|key| Term::from_field_text(self.fields.authority, key));
        Box::new(TermSetQuery::new(terms))
    }
}
