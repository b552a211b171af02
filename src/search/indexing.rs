//! Putting versions into the full-text index in the background.

use std::sync::Arc;

use async_trait::async_trait;

use super::index::{IndexError, IndexedAbout, IndexedPassage, IndexedVersion, LiveIndex};
use crate::documents::{Documents, Indexable, work};
use crate::jobs::{Handler, Job, JobError};
use crate::kernel::VersionId;

/// Puts versions into the full-text index in the background.
pub struct Indexing {
    documents: Documents,
    index: Arc<LiveIndex>,
}

impl Indexing {
    /// Puts the handler together.
    #[must_use]
    pub fn new(documents: Documents, index: Arc<LiveIndex>) -> Self {
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
        let index = Arc::clone(&self.index);
        // Read and added in turn, so that no older state comes after a newer one; the
        // wait for the commit is shared with whoever adds meanwhile.
        let adding = {
            let _turn = self.index.turn().await;
            let Some(indexable) = self.documents.indexable(version).await? else { return Ok(()) };
            let add = move || index.add(&[indexable.into()]);
            tokio::task::spawn_blocking(add).await.map_err(JobError::retry)?
        };
        let index = Arc::clone(&self.index);
        let commit = move || match adding.and_then(|writing| writing.wait()) {
            Err(error @ (IndexError::Damaged(_) | IndexError::Engine(_))) => {
                // Where the files are damaged, the next try meets a new index.
                index.check(&index.current())?;
                Err(error)
            }
            ended => ended,
        };
        let committed = tokio::task::spawn_blocking(commit).await.map_err(JobError::retry)?;
        committed.map_err(JobError::retry)?;
        Ok(self.documents.indexed(version).await?)
    }

    async fn gave_up(&self, job: &Job, reason: &str) -> Result<(), JobError> {
        tracing::error!(version = %job.subject, reason, "a document is not searchable");
        Ok(())
    }
}

impl From<Indexable> for IndexedVersion {
    fn from(indexable: Indexable) -> Self {
        let Indexable { organisation, case, document, version, title, named, text, passages } =
            indexable;
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
        let about = IndexedAbout {
            kind: named.kind,
            court: named.court,
            judges: named.judges,
            parties: named.parties,
            date: named.date,
            languages: named.languages,
            case_title: named.case_title,
            case_numbers: named.case_numbers,
            client: named.client,
            statutes: named.statutes,
            cited: named.cited,
        };
        Self { organisation, case, document, version, title, about, text, passages }
    }
}
