//! Searching: words and meaning together, under a scope.

use std::sync::Arc;

use super::collapse::{Group, collapse, take_turns};
use super::fuse::{Fused, Rankings, Wholes, fuse};
use super::index::{Found, LiveIndex};
use super::query::Query;
use super::rankings::{self, DEPTH};
use super::request::{Cursor, Filters, Request, Sort, Wanted};
use super::results::{Results, SearchError};
use crate::audit::Searched;
use crate::documents::{Documents, PassageText};
use crate::kernel::{PassageId, Scope};
use crate::vectors::{Narrow, Near, VectorError, Vectors};

/// How a search without words is read.
const LISTED: &str = "listed the documents that are left, the newest first";

/// How many passages after a page are looked through for those that say what a hit of
/// the page says.
const LOOK_AHEAD: usize = 20;

/// What can be done with search.
#[derive(Clone)]
pub struct Search {
    pub(super) documents: Documents,
    pub(super) vectors: Vectors,
    pub(super) index: Arc<LiveIndex>,
    /// Held while an index is built.
    pub(super) building: Arc<tokio::sync::Mutex<()>>,
}

impl Search {
    /// Puts the area together.
    #[must_use]
    pub fn new(documents: Documents, vectors: Vectors, index: Arc<LiveIndex>) -> Self {
        Self { documents, vectors, index, building: Arc::default() }
    }

    /// The same search, but with these vectors.
    #[must_use]
    pub fn with_vectors(&self, vectors: Vectors) -> Self {
        Self { vectors, ..self.clone() }
    }

    /// Searches the caller's documents for the best passages.
    ///
    /// No text is an error: what cannot be read as syntax is read as words. Passages
    /// that say the same are one hit, and documents take turns. The search is written to
    /// the record with its first page.
    ///
    /// # Errors
    /// Fails when the index or the database does.
    pub async fn search(&self, scope: &Scope, request: &Request) -> Result<Results, SearchError> {
        let results = self.find(scope, request).await?;
        let typed = !request.text.trim().is_empty();
        if request.after.is_none() && (typed || !request.filters.is_empty()) {
            let filters = request.address();
            let searched = Searched {
                kind: if typed { "words" } else { "filters" },
                text: if typed { &request.text } else { &filters },
                case: request.within,
                document: None,
                documents: Some(results.documents as u64),
            };
            self.documents.searched(scope, searched).await?;
        }
        Ok(results)
    }

    /// A search that nobody sees the results of: measuring how good search is.
    pub(super) async fn find(
        &self,
        scope: &Scope,
        request: &Request,
    ) -> Result<Results, SearchError> {
        let query =
            rankings::read(&self.index.current(), &request.text).expanded(&request.switches);
        let mut results = Results {
            reading: rankings::reading(&request.text, &query),
            suggestions: query.suggestions().to_vec(),
            expansions: query.expansions().to_vec(),
            notice: self.index.notice(),
            ..Results::default()
        };
        if query.is_empty() {
            if request.within.is_none() && request.filters.is_empty() {
                return Ok(results);
            }
            LISTED.clone_into(&mut results.reading);
        }
        let by_words_only = query.is_exact() || query.is_empty() || request.sort != Sort::Relevance;
        if by_words_only {
            let wanted = Wanted { limit: request.limit, ..wanted(request) };
            let (found, _) = self.by_words(scope, &query, wanted, false).await?;
            let ranking = in_order(&found);
            let passages = self.fetch(scope, &ranking).await?;
            results.take(&query, &ranking, &passages, &grouped(&passages));
            results.next = found.next;
            (results.documents, results.facets) = (found.documents, found.facets);
            results.facets.retain(|facet| !facet.values.is_empty());
            return Ok(results);
        }
        let wanted = Wanted { limit: DEPTH, after: None, ..wanted(request) };
        let (words, near) = tokio::join!(
            self.by_words(scope, &query, wanted, true),
            self.by_meaning(scope, request)
        );
        let (found, wholes) = words?;
        let near = near?.unwrap_or_else(|error| {
            let limits = results.notice.take().into_iter().chain([words_only(&error)]);
            results.notice = Some(limits.collect::<Vec<_>>().join(" "));
            Vec::new()
        });
        let rankings = Rankings::of(&request.text, &found, wholes, &near);
        let ranking = take_turns(fuse(&rankings));
        self.page(scope, &query, &ranking, request, &mut results).await?;
        (results.documents, results.facets) = (found.documents, found.facets);
        results.facets.retain(|facet| !facet.values.is_empty());
        Ok(results)
    }

    /// Puts a page of a ranking into the results, and where the next begins.
    async fn page(
        &self,
        scope: &Scope,
        query: &Query,
        ranking: &[Fused],
        request: &Request,
        results: &mut Results,
    ) -> Result<(), SearchError> {
        let shown = request.after.as_ref().map_or(0, shown_before);
        let wanted = shown + request.limit;
        let mut depth = wanted + LOOK_AHEAD;
        loop {
            let looked = ranking.get(..depth).unwrap_or(ranking);
            let passages = self.fetch(scope, looked).await?;
            let mut groups = grouped(&passages);
            let all = looked.len() == ranking.len();
            if groups.len() <= wanted && !all {
                depth *= 2;
                continue;
            }
            if groups.len() > wanted {
                results.next = Some(Cursor(format!("{PLACE}{wanted}")));
            }
            groups.truncate(wanted);
            groups.drain(..shown.min(groups.len()));
            results.take(query, ranking, &passages, &groups);
            return Ok(());
        }
    }

    /// What the words find; the documents as wholes only where they are fused.
    pub(super) async fn by_words(
        &self,
        scope: &Scope,
        query: &Query,
        wanted: Wanted,
        fused: bool,
    ) -> Result<(Found, Wholes), SearchError> {
        let (index, scope, query) = (Arc::clone(&self.index), scope.clone(), query.clone());
        let both = move || {
            index.ask(|index| {
                let found = index.find(&scope, &query, &wanted)?;
                let wholes = if fused {
                    index.wholes(&scope, wanted.within, &query, DEPTH)?
                } else {
                    Wholes::new()
                };
                Ok((found, wholes))
            })
        };
        Ok(tokio::task::spawn_blocking(both).await.map_err(|_| SearchError::Interrupted)??)
    }

    /// The passages near in meaning, or why there are none: a model that is away is no
    /// reason not to search by words.
    async fn by_meaning(
        &self,
        scope: &Scope,
        request: &Request,
    ) -> Result<Result<Vec<Near>, VectorError>, SearchError> {
        let documents = if request.filters == Filters::default() {
            None
        } else {
            let (index, scope) = (Arc::clone(&self.index), scope.clone());
            let (within, filters) = (request.within, request.filters.clone());
            let matching =
                move || index.ask(|index| index.matching_documents(&scope, within, &filters));
            let matching = tokio::task::spawn_blocking(matching).await;
            Some(Arc::new(matching.map_err(|_| SearchError::Interrupted)??))
        };
        let narrow = Narrow { case: request.within, documents };
        Ok(self.vectors.near(scope, &narrow, &request.text, DEPTH).await)
    }

    /// The passages of a ranking, in its order. Pages being read again are found when
    /// that is done.
    pub(super) async fn fetch(
        &self,
        scope: &Scope,
        ranking: &[Fused],
    ) -> Result<Vec<PassageText>, SearchError> {
        let ids: Vec<PassageId> = ranking.iter().map(|found| found.passage).collect();
        let mut passages = self.documents.passages(scope, &ids).await?;
        passages.retain(|passage| passage.current);
        Ok(passages)
    }
}

/// What a request wants of the index.
fn wanted(request: &Request) -> Wanted {
    let Request { within, filters, sort, limit, after, facets, .. } = request.clone();
    Wanted { within, documents: None, filters, sort, limit, after, facets }
}

/// What the words found, in its order.
pub(super) fn in_order(found: &Found) -> Vec<Fused> {
    let ranked = Rankings::of("", found, Wholes::new(), &[]).words;
    ranked.into_iter().map(Fused::by_words).collect()
}

pub(super) fn grouped(passages: &[PassageText]) -> Vec<Group> {
    collapse(passages.iter().map(|passage| passage.text.as_str()))
}

/// What a cursor into a fused ranking begins with.
const PLACE: &str = "n";

/// How many hits the pages before showed. A cursor of another kind of search is the
/// beginning.
fn shown_before(cursor: &Cursor) -> usize {
    let place = cursor.0.strip_prefix(PLACE).and_then(|place| place.parse().ok());
    place.unwrap_or(0).min(2 * DEPTH)
}

fn words_only(error: &VectorError) -> String {
    format!("Searched by words only: {error}.")
}
