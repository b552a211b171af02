//! Finding passages by meaning, and turning new ones into vectors.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;

use super::{EmbedError, Embedded, Embedder, Entry, FlatStore, Purpose, StoreError};
use crate::db::DbError;
use crate::documents::{Documents, Indexable, work};
use crate::jobs::{Handler, Job, JobError};
use crate::kernel::{CaseId, OrganisationId, PassageId, Scope, UserId, VersionId};
use crate::usage::{Call, Outcome, Tokens, Usage};

/// Below this cosine a passage is not about the query; found by looking at the
/// nearest passages of unrelated questions.
const NEAR_ENOUGH: f32 = 0.25;
/// How many passages go to the model at once.
const BATCH: usize = 32;

/// What can be done with vectors.
#[derive(Clone)]
pub struct Vectors {
    documents: Documents,
    usage: Usage,
    model: Result<Arc<Model>, Arc<str>>,
}

/// A model and the store that holds its vectors.
pub struct Model {
    /// Turns text into vectors.
    pub embedder: Arc<dyn Embedder>,
    /// Holds them.
    pub store: FlatStore,
}

/// Why nothing could be found by meaning.
#[derive(Debug, thiserror::Error)]
pub enum VectorError {
    /// There is no model.
    #[error("{0}")]
    NoModel(Arc<str>),
    /// The model did not answer.
    #[error("the embedding model did not answer ({0})")]
    Embed(#[from] EmbedError),
    /// The store failed.
    #[error("the vectors could not be read")]
    Store(#[from] StoreError),
    /// The ledger failed.
    #[error("the ledger could not be written")]
    Db(#[from] DbError),
    /// The scan was stopped.
    #[error("the search was interrupted")]
    Interrupted,
}

impl Vectors {
    /// Puts the area together, with a model or the reason why there is none.
    #[must_use]
    pub fn new(documents: Documents, usage: Usage, model: Result<Model, String>) -> Self {
        let model = model.map(Arc::new).map_err(Arc::from);
        Self { documents, usage, model }
    }

    /// Why passages cannot be found by meaning; none when they can.
    #[must_use]
    pub fn missing(&self) -> Option<&str> {
        self.model.as_ref().err().map(AsRef::as_ref)
    }

    /// The model's name, if there is one.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.model.as_ref().ok().map(|model| model.embedder.model())
    }

    /// The passages nearest in meaning, best first, under the caller's scope.
    ///
    /// # Errors
    /// Fails when there is no model or it does not answer.
    pub async fn near(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
        text: &str,
        k: usize,
    ) -> Result<Vec<PassageId>, VectorError> {
        let model = self.model.as_ref().map_err(|why| VectorError::NoModel(Arc::clone(why)))?;
        let caller = (scope.organisation(), Some(scope.user()), within);
        let embedded = self.embed(model, &[text.to_owned()], Purpose::Query, caller).await?;
        let Some(vector) = embedded.vectors.into_iter().next() else { return Ok(Vec::new()) };
        let (model, scope) = (Arc::clone(model), scope.clone());
        let scan =
            tokio::task::spawn_blocking(move || model.store.search(&scope, within, &vector, k));
        let near = scan.await.map_err(|_| VectorError::Interrupted)??;
        Ok(near
            .into_iter()
            .filter(|found| found.score >= NEAR_ENOUGH)
            .map(|found| found.passage)
            .collect())
    }

    /// Calls the model and writes the call down.
    async fn embed(
        &self,
        model: &Model,
        texts: &[String],
        purpose: Purpose,
        (organisation, user, case): (OrganisationId, Option<UserId>, Option<CaseId>),
    ) -> Result<Embedded, VectorError> {
        let started = Instant::now();
        let result = model.embedder.embed(texts, purpose).await;
        let embedded = result.as_ref().map_or(0, |embedded| embedded.tokens);
        self.usage
            .record(Call {
                organisation,
                user,
                case,
                conversation: None,
                purpose: match purpose {
                    Purpose::Query => "embed.query",
                    Purpose::Passage => "embed.passages",
                },
                provider: model.embedder.provider().to_owned(),
                model: model.embedder.model().to_owned(),
                prompt_hash: None,
                tokens: Tokens { embedded, ..Tokens::default() },
                latency_ms: i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX),
                outcome: if result.is_ok() { Outcome::Answered } else { Outcome::Failed },
            })
            .await?;
        Ok(result?)
    }

    /// Compares the store with the tables and queues what it lacks; gives how much.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn reconcile(&self) -> Result<usize, DbError> {
        let Ok(model) = &self.model else { return Ok(0) };
        let current = self.documents.current_versions().await?;
        let missing: Vec<_> = current
            .into_iter()
            .filter(|&(organisation, version)| {
                !model.store.versions(organisation).contains(&version)
            })
            .collect();
        self.documents.queue(work::EMBED, &missing).await?;
        Ok(missing.len())
    }
}

/// Turns versions' passages into vectors in the background.
pub struct Embedding {
    vectors: Vectors,
}

impl Embedding {
    /// Puts the handler together.
    #[must_use]
    pub fn new(vectors: Vectors) -> Self {
        Self { vectors }
    }

    async fn entries(&self, model: &Model, version: &Indexable) -> Result<Vec<Entry>, VectorError> {
        let mut entries = Vec::with_capacity(version.passages.len());
        for batch in version.passages.chunks(BATCH) {
            let texts: Vec<String> = batch.iter().map(|passage| passage.text.clone()).collect();
            let caller = (version.organisation, None, Some(version.case));
            let embedded = self.vectors.embed(model, &texts, Purpose::Passage, caller).await?;
            entries.extend(batch.iter().zip(embedded.vectors).map(|(passage, vector)| Entry {
                passage: passage.id,
                document: version.document,
                version: version.version,
                case: version.case,
                vector,
            }));
        }
        Ok(entries)
    }
}

#[async_trait]
impl Handler for Embedding {
    fn kind(&self) -> &'static str {
        work::EMBED
    }

    async fn run(&self, job: &Job) -> Result<(), JobError> {
        let Ok(model) = &self.vectors.model else { return Ok(()) };
        let version = VersionId::from(job.subject);
        let documents = &self.vectors.documents;
        let Some(indexable) = documents.indexable(version).await? else { return Ok(()) };
        let entries = self.entries(model, &indexable).await.map_err(decide)?;
        let (store, organisation) = (Arc::clone(model), indexable.organisation);
        let document = indexable.document;
        let write = tokio::task::spawn_blocking(move || {
            store.store.remove_document(organisation, document)?;
            store.store.replace(organisation, version, &entries)
        });
        write.await.map_err(JobError::retry)?.map_err(JobError::retry)?;
        Ok(documents.embedded(version, model.embedder.model()).await?)
    }

    async fn gave_up(&self, job: &Job, reason: &str) -> Result<(), JobError> {
        tracing::error!(version = %job.subject, reason, "a document is not found by meaning");
        Ok(())
    }
}

/// A model that is away is waited for; a refusal is final.
fn decide(error: VectorError) -> JobError {
    match error {
        VectorError::Embed(EmbedError::Busy(_) | EmbedError::Unreachable(_)) => {
            JobError::Later(error.into())
        }
        VectorError::Embed(_) => JobError::fail(error),
        _ => JobError::retry(error),
    }
}
