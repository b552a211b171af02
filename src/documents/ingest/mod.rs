//! Reading a received version in the background.
//!
//! Pages are stored as they come, so an interrupted reading goes on at the page
//! it had reached, and what is settled of them is published while the rest is
//! still being read (`reading`). When the last page is in, passages, entities
//! and what the document is about are entered in one transaction together with
//! the jobs that index and embed it (`derive`). A version that is read comes
//! here again when pages of it are to be read anew (`again`).

mod again;
mod derive;
mod reading;

use async_trait::async_trait;

use super::reading::ReadError;
use super::{DocumentError, Documents, store, work};
use crate::events::EventKind;
use crate::jobs::{Handler, Job, JobError};
use crate::kernel::VersionId;

/// Reads versions in the background.
pub struct Ingest {
    documents: Documents,
}

impl Ingest {
    /// Puts the handler together.
    #[must_use]
    pub fn new(documents: Documents) -> Self {
        Self { documents }
    }
}

#[async_trait]
impl Handler for Ingest {
    fn kind(&self) -> &'static str {
        work::READ
    }

    async fn run(&self, job: &Job) -> Result<(), JobError> {
        let version = VersionId::from(job.subject);
        let mut tx = self.documents.db.read().await?;
        let Some(origin) = store::origin(&mut tx, version).await? else { return Ok(()) };
        drop(tx);
        if origin.status == "read" {
            self.documents.read_again(&origin).await?;
        } else {
            self.documents.read_pages(&origin).await?;
        }
        self.documents.finish(&origin).await
    }

    async fn gave_up(&self, job: &Job, reason: &str) -> Result<(), JobError> {
        let version = VersionId::from(job.subject);
        let mut tx = self.documents.db.write().await?;
        store::fail(&mut tx, version, reason).await?;
        again::give_up(&mut tx, version, reason).await?;
        self.documents.tell(&mut tx, version, EventKind::DocumentFailed).await?;
        Ok(tx.commit().await?)
    }
}

impl DocumentError {
    fn into_job(self) -> JobError {
        match self {
            Self::Db(_) | Self::Disk(_) => JobError::retry(self),
            other => JobError::fail(other),
        }
    }
}

/// What a failed reading means for its job: a file that cannot be read now cannot
/// be read later; a process that died may fare better.
fn decide(error: ReadError) -> JobError {
    match error {
        ReadError::Io(_) | ReadError::Crashed(_) => JobError::retry(error),
        other => JobError::fail(other),
    }
}
