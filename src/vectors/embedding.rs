//! Turning uploads into vectors in the background, for the live generation.

use std::sync::Arc;

use async_trait::async_trait;

use super::generations::held;
use super::meaning::{Asked, Model};
use super::{EmbedError, Entry, Purpose, VectorError, Vectors};
use crate::documents::{Indexable, IndexablePassage, work};
use crate::jobs::{Handler, Job, JobError};
use crate::kernel::VersionId;

/// How many passages go to the model at once.
pub(super) const BATCH: usize = 32;

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
            let asked = Asked {
                organisation: version.organisation,
                user: None,
                case: Some(version.case),
                purpose: "embed.passages",
            };
            let given = self.vectors.ask(model, &texts(batch), Purpose::Passage, asked).await?;
            entries.extend(together(version, batch, given.embedded.vectors));
        }
        Ok(entries)
    }

    /// Embeds a version for a generation and notes it; false when the version is gone.
    async fn embed(&self, model: &Model, version: VersionId) -> Result<bool, JobError> {
        let inner = &self.vectors.inner;
        // What is read later than this is newer than what is held.
        let at = inner.clock.now();
        let Some(indexable) = inner.documents.indexable(version).await? else { return Ok(false) };
        let entries = self.entries(model, &indexable).await.map_err(decide)?;
        write(model, &indexable, entries).await?;
        let mut tx = inner.db.write().await?;
        let passages = indexable.passages.len();
        held::hold(&mut tx, model.generation.id, version, passages, at).await?;
        tx.commit().await?;
        inner.documents.embedded(version, model.embedder.model()).await?;
        Ok(true)
    }

    /// The live generation, by what the tables say now.
    async fn live(&self) -> Result<Option<Arc<Model>>, JobError> {
        self.vectors.refresh().await?;
        Ok(self.vectors.current().await.ok())
    }
}

#[async_trait]
impl Handler for Embedding {
    fn kind(&self) -> &'static str {
        work::EMBED
    }

    async fn run(&self, job: &Job) -> Result<(), JobError> {
        let version = VersionId::from(job.subject);
        let mut live = self.live().await?;
        while let Some(model) = live.take() {
            if !self.embed(&model, version).await? {
                return Ok(());
            }
            // Another generation may have become the live one meanwhile.
            let now = self.live().await?;
            live = now.filter(|now| now.generation.id != model.generation.id);
        }
        if let Ok(shadow) = self.vectors.of_shadow().current().await {
            self.vectors.fill_soon(&shadow.generation).await?;
        }
        Ok(())
    }

    async fn gave_up(&self, job: &Job, reason: &str) -> Result<(), JobError> {
        tracing::error!(version = %job.subject, reason, "a document is not found by meaning");
        Ok(())
    }
}

/// The texts of passages, for a model.
pub(super) fn texts(passages: &[IndexablePassage]) -> Vec<String> {
    passages.iter().map(|passage| passage.text.clone()).collect()
}

/// Passages and their vectors, for a store.
pub(super) fn together(
    version: &Indexable,
    passages: &[IndexablePassage],
    vectors: Vec<Vec<f32>>,
) -> impl Iterator<Item = Entry> {
    passages.iter().zip(vectors).map(|(passage, vector)| Entry {
        passage: passage.id,
        document: version.document,
        version: version.version,
        case: version.case,
        vector,
    })
}

/// Puts a version's vectors in the place of whatever there was of its document.
pub(super) async fn write(
    model: &Model,
    version: &Indexable,
    entries: Vec<Entry>,
) -> Result<(), JobError> {
    let written = async {
        model.store.remove_document(version.organisation, version.document).await?;
        model.store.replace(version.organisation, version.version, entries).await
    };
    written.await.map_err(JobError::retry)
}

/// A model that is away is waited for; a refusal is final.
pub(super) fn decide(error: VectorError) -> JobError {
    match error {
        VectorError::Embed(EmbedError::Busy(_) | EmbedError::Unreachable(_)) => {
            JobError::Later(error.into())
        }
        VectorError::OverBudget(_) => JobError::Later(error.into()),
        VectorError::Embed(_) => JobError::fail(error),
        _ => JobError::retry(error),
    }
}
