//! Work on documents that kept failing and waits for a person.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{DocumentError, Documents, store};
use crate::kernel::{CaseId, DocumentId, JobId, Scope};

/// Work on a document that was put aside because it kept failing.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct DeadWork {
    /// The job.
    pub job_id: JobId,
    /// What was to be done.
    pub kind: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Why it failed.
    pub reason: String,
    /// When it was last due.
    pub at: DateTime<Utc>,
    /// The document.
    pub document_id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its case.
    pub case_id: CaseId,
    /// The case's title.
    pub case_title: String,
}

impl Documents {
    /// Work that was put aside, on documents the caller may see; of one case, or all.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn dead_work(
        &self,
        scope: &Scope,
        case: Option<CaseId>,
    ) -> Result<Vec<DeadWork>, DocumentError> {
        if scope.client().is_some() {
            return Ok(Vec::new());
        }
        let mut tx = self.db.read().await?;
        Ok(store::dead_work(&mut tx, scope, case).await?)
    }

    /// Queues work again that was put aside.
    ///
    /// # Errors
    /// Fails when there is no such work on a document the caller may see.
    pub async fn retry(&self, scope: &Scope, job: JobId) -> Result<(), DocumentError> {
        let dead = self.dead_work(scope, None).await?;
        let work = dead.iter().find(|work| work.job_id == job).ok_or(DocumentError::NotFound)?;
        self.cases.to_be_changed(scope, work.case_id).await?;
        let mut tx = self.db.write().await?;
        store::requeue_version(&mut tx, job).await?;
        self.jobs.requeue(&mut tx, scope.organisation(), job).await?;
        let details = json!({ "job": job, "case": work.case_id, "document": work.document_id });
        self.audit
            .record(&mut tx, scope.organisation(), Some(scope.user()), "job.retry", details)
            .await?;
        tx.commit().await?;
        self.jobs.nudge();
        Ok(())
    }
}
