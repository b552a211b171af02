//! Searching: words and meaning together, under a scope.

use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;

use super::fuse::{FoundBy, Fused, fuse};
use super::highlight::{Snippet, highlight, snippet};
use super::index::{Index, IndexError, IndexedPassage, IndexedVersion};
use super::query::Query;
use crate::documents::{DocumentError, Documents, Indexable, PassageText, work};
use crate::jobs::{Handler, Job, JobError};
use crate::kernel::{CaseId, PassageId, Scope, VersionId};
use crate::vectors::{VectorError, Vectors};

/// How many passages each ranking contributes before they are fused.
const DEPTH: usize = 100;
/// The longest excerpt shown with a hit, in characters.
const EXCERPT: usize = 320;

/// What can be done with search.
#[derive(Clone)]
pub struct Search {
    documents: Documents,
    vectors: Vectors,
    index: Arc<Index>,
}

/// What a search found.
#[derive(Debug)]
pub struct Results {
    /// How the query was read, in plain words.
    pub reading: String,
    /// The passages, best first.
    pub hits: Vec<Hit>,
    /// How many documents hold the words.
    pub documents: usize,
    /// What limited the search, in plain words.
    pub notice: Option<String>,
}

/// A passage that was found.
#[derive(Debug)]
pub struct Hit {
    /// The passage.
    pub passage: PassageText,
    /// Why it was found.
    pub by: FoundBy,
    /// What matched, in bytes of the passage's text; nothing when meaning alone did.
    pub marks: Vec<Range<usize>>,
    /// An excerpt around what matched.
    pub snippet: Snippet,
}

impl Hit {
    /// Where to point in the document: a phrase that matched, or else the passage,
    /// as far as it stands on its first page. Page, start and end in bytes of that
    /// page's text.
    #[must_use]
    pub fn place(&self) -> (u32, usize, usize) {
        let is_phrase = |mark: &&Range<usize>| {
            self.passage.text[mark.start..mark.end].contains(char::is_whitespace)
        };
        let phrase = self.marks.iter().find(is_phrase);
        phrase.and_then(|mark| self.passage.locate(mark)).unwrap_or_else(|| {
            let (start, end) = self.passage.span_on_first_page();
            (self.passage.page(), start, end)
        })
    }
}

/// Why a search could not be done.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The passages could not be fetched.
    #[error(transparent)]
    Documents(#[from] DocumentError),
    /// The index was busy in a thread that ended.
    #[error("the search was interrupted")]
    Interrupted,
}

impl Search {
    /// Puts the area together.
    #[must_use]
    pub fn new(documents: Documents, vectors: Vectors, index: Arc<Index>) -> Self {
        Self { documents, vectors, index }
    }

    /// Searches the caller's documents, or one case's, for the best passages.
    ///
    /// No text is an error: what cannot be read as syntax is read as words.
    ///
    /// # Errors
    /// Fails when the index or the database does.
    pub async fn search(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
        text: &str,
        limit: usize,
    ) -> Result<Results, SearchError> {
        let query = Query::parse(text);
        if query.is_empty() {
            let reading = query.reading();
            return Ok(Results { reading, hits: Vec::new(), documents: 0, notice: None });
        }
        let (fused, documents, notice) = self.rank(scope, within, text, &query).await?;
        let hits = self.hits(scope, &query, &fused, limit).await?;
        Ok(Results { reading: query.reading(), hits, documents, notice })
    }

    /// The passages to answer a question from: fused, at most `per_document` of one
    /// document unless others run out, until `budget` bytes of text are full.
    ///
    /// # Errors
    /// Fails when the index or the database does.
    pub async fn evidence(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
        question: &str,
        per_document: usize,
        budget: usize,
    ) -> Result<Vec<PassageText>, SearchError> {
        let query = Query::question(question);
        if query.is_empty() {
            return Ok(Vec::new());
        }
        let (fused, ..) = self.rank(scope, within, question, &query).await?;
        let ids: Vec<PassageId> = fused.iter().take(DEPTH).map(|found| found.passage).collect();
        let mut ranked = self.documents.passages(scope, &ids).await?;
        ranked.retain(|passage| passage.current);
        Ok(diversify(ranked, per_document, budget))
    }

    async fn rank(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
        text: &str,
        query: &Query,
    ) -> Result<(Vec<Fused>, usize, Option<String>), SearchError> {
        let by_words = {
            let (index, scope, query) = (Arc::clone(&self.index), scope.clone(), query.clone());
            tokio::task::spawn_blocking(move || index.search(&scope, within, &query, DEPTH))
        };
        let (by_meaning, notice) = if query.is_exact() {
            (Vec::new(), None)
        } else {
            match self.vectors.near(scope, within, text, DEPTH).await {
                Ok(near) => (near, None),
                Err(error) => (Vec::new(), Some(words_only(&error))),
            }
        };
        let found = by_words.await.map_err(|_| SearchError::Interrupted)??;
        let words: Vec<PassageId> = found.hits.iter().filter_map(|hit| hit.passage).collect();
        Ok((fuse(&words, &by_meaning), found.documents, notice))
    }

    async fn hits(
        &self,
        scope: &Scope,
        query: &Query,
        fused: &[Fused],
        limit: usize,
    ) -> Result<Vec<Hit>, SearchError> {
        let ids: Vec<PassageId> = fused.iter().take(limit).map(|found| found.passage).collect();
        let passages = self.documents.passages(scope, &ids).await?;
        let by = |id| fused.iter().find(|found| found.passage == id).map(|found| found.by);
        // Pages being read again are found when that is done.
        Ok(passages
            .into_iter()
            .filter(|passage| passage.current)
            .map(|passage| {
                let marks = highlight(&passage.text, query);
                let snippet = snippet(&passage.text, &marks, EXCERPT);
                Hit { by: by(passage.id).unwrap_or_default(), marks, snippet, passage }
            })
            .collect())
    }

    /// Compares the index with the tables and queues what it lacks; gives how much.
    ///
    /// # Errors
    /// Fails when the index or the database does.
    pub async fn reconcile(&self) -> Result<usize, SearchError> {
        let current = self.documents.current_versions().await.map_err(DocumentError::from)?;
        let mut missing = Vec::new();
        for &(organisation, version) in &current {
            if !self.index.versions(organisation)?.contains(&version) {
                missing.push((organisation, version));
            }
        }
        let queued = self.documents.queue(work::INDEX, &missing).await;
        queued.map_err(DocumentError::from)?;
        Ok(missing.len())
    }
}

fn words_only(error: &VectorError) -> String {
    format!("Searched by words only: {error}.")
}

/// Takes passages in rank order, a few of each document first, within a budget.
fn diversify(ranked: Vec<PassageText>, per_document: usize, budget: usize) -> Vec<PassageText> {
    let mut taken: Vec<PassageText> = Vec::new();
    let mut left_over = Vec::new();
    let mut size = 0;
    for passage in ranked {
        let same = taken.iter().filter(|other| other.document == passage.document).count();
        if same >= per_document {
            left_over.push(passage);
        } else if size + passage.text.len() <= budget {
            size += passage.text.len();
            taken.push(passage);
        }
    }
    for passage in left_over {
        if size + passage.text.len() <= budget {
            size += passage.text.len();
            taken.push(passage);
        }
    }
    taken
}

/// Puts versions into the full-text index in the background.
pub struct Indexing {
    documents: Documents,
    index: Arc<Index>,
}

impl Indexing {
    /// Puts the handler together.
    #[must_use]
    pub fn new(documents: Documents, index: Arc<Index>) -> Self {
        Self { documents, index }
    }
}

#[async_trait]
impl Handler for Indexing {
    fn kind(&self) -> &'static str {
        work::INDEX
    }

    fn is_quick(&self) -> bool {
        true
    }

    async fn run(&self, job: &Job) -> Result<(), JobError> {
        let version = VersionId::from(job.subject);
        let Some(indexable) = self.documents.indexable(version).await? else { return Ok(()) };
        let index = Arc::clone(&self.index);
        let write = tokio::task::spawn_blocking(move || index.replace(&[indexable.into()]));
        write.await.map_err(JobError::retry)?.map_err(JobError::retry)?;
        Ok(self.documents.indexed(version).await?)
    }

    async fn gave_up(&self, job: &Job, reason: &str) -> Result<(), JobError> {
        tracing::error!(version = %job.subject, reason, "a document is not searchable");
        Ok(())
    }
}

impl From<Indexable> for IndexedVersion {
    fn from(indexable: Indexable) -> Self {
        let Indexable { organisation, case, document, version, title, text, passages } = indexable;
        let passages = passages
            .into_iter()
            .map(|passage| IndexedPassage {
                id: passage.id,
                page: passage.page,
                ordinal: passage.ordinal,
                text: passage.text,
                heading: passage.heading,
            })
            .collect();
        Self { organisation, case, document, version, title, text, passages }
    }
}
