//! Background work: a queue in the database.
//!
//! A *job* is enqueued in the transaction of the change that asks for it, so
//! neither can be lost without the other. A worker *claims* it under a lease and
//! renews the lease while it works; when a process dies, the lease runs out and
//! another worker starts the job again. Work must therefore be idempotent. A job
//! that keeps failing is put aside as *dead*, with its reason, for a person.

mod runner;
mod store;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::db::{Db, DbError, Tx};
use crate::kernel::{Clock, JobId, OrganisationId, Permission, Scope};

pub use runner::{Handler, Runner};

/// What can be done with background work.
#[derive(Clone)]
pub struct Jobs {
    db: Db,
    clock: Arc<dyn Clock>,
    lease: Duration,
    max_attempts: u32,
    wake: Arc<tokio::sync::Notify>,
}

/// Work to be done later.
#[derive(Debug, Clone, Copy)]
pub struct NewJob {
    /// Whose work it is.
    pub organisation: OrganisationId,
    /// Which handler does it.
    pub kind: &'static str,
    /// What it is about; one job of a kind waits for a subject, never two.
    pub subject: Uuid,
}

/// Work as a handler gets it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Whose work it is.
    pub organisation_id: OrganisationId,
    /// Which handler does it.
    pub kind: String,
    /// What it is about.
    pub subject: Uuid,
    /// How often it has been started, this time included.
    pub attempts: i64,
    lease: Option<Uuid>,
}

/// Work as an admin sees it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    /// Its id.
    pub id: JobId,
    /// Which handler does it.
    pub kind: String,
    /// What it is about.
    pub subject: Uuid,
    /// `queued`, `running` or `dead`.
    pub status: String,
    /// How often it has been started.
    pub attempts: i64,
    /// When it may start.
    pub run_at: DateTime<Utc>,
    /// Why it failed the last time.
    pub last_error: Option<String>,
}

/// Why a job did not get done. The variants say what should happen next.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// It may work later: try again after a while.
    #[error("{0:#}")]
    Retry(anyhow::Error),
    /// What it needs is away: wait for it, however long.
    #[error("{0:#}")]
    Later(anyhow::Error),
    /// It will not work by itself: put it aside with its reason.
    #[error("{0:#}")]
    Fail(anyhow::Error),
}

impl JobError {
    /// Asks for another try.
    pub fn retry(error: impl Into<anyhow::Error>) -> Self {
        Self::Retry(error.into())
    }

    /// Asks to be put aside.
    pub fn fail(error: impl Into<anyhow::Error>) -> Self {
        Self::Fail(error.into())
    }
}

impl From<DbError> for JobError {
    fn from(error: DbError) -> Self {
        Self::retry(error)
    }
}

impl Jobs {
    /// Puts the area together.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, lease: Duration, max_attempts: u32) -> Self {
        Self { db, clock, lease, max_attempts, wake: Arc::default() }
    }

    /// Enqueues work in the transaction of the change that asks for it.
    ///
    /// Call [`Jobs::nudge`] after the commit, so that it starts at once.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn enqueue(&self, tx: &mut Tx, job: NewJob) -> Result<(), DbError> {
        store::enqueue(tx, job, self.clock.now()).await
    }

    /// Tells idle workers of this process that there may be work.
    pub fn nudge(&self) {
        self.wake.notify_waiters();
    }

    /// Takes the next due job, of one kind or any, if there is one.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn claim(&self, kind: Option<&'static str>) -> Result<Option<Job>, DbError> {
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        let job = store::claim(&mut tx, kind, now, now + self.lease).await?;
        tx.commit().await?;
        Ok(job)
    }

    /// Renews the lease of a job that is being worked on; false when it was lost.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn renew(&self, job: &Job) -> Result<bool, DbError> {
        let mut tx = self.db.write().await?;
        let held = store::renew(&mut tx, job, self.clock.now() + self.lease).await?;
        tx.commit().await?;
        Ok(held == 1)
    }

    /// Removes a job that is done; one asked for again meanwhile is queued once more.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn done(&self, job: &Job) -> Result<(), DbError> {
        let mut tx = self.db.write().await?;
        let again = store::done(&mut tx, job, self.clock.now()).await?;
        tx.commit().await?;
        if again {
            self.nudge();
        }
        Ok(())
    }

    /// Puts a failed job back with a growing delay, or aside.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn failed(&self, job: &Job, error: &JobError) -> Result<(), DbError> {
        let text = error.to_string();
        let mut tx = self.db.write().await?;
        if self.gives_up(job, error) {
            store::put_aside(&mut tx, job, &text).await?;
        } else {
            store::put_back(&mut tx, job, self.clock.now() + delay(job.attempts), &text).await?;
        }
        tx.commit().await
    }

    /// Whether a failure is the last one a job gets.
    fn gives_up(&self, job: &Job, error: &JobError) -> bool {
        match error {
            JobError::Retry(_) => job.attempts >= i64::from(self.max_attempts),
            JobError::Later(_) => false,
            JobError::Fail(_) => true,
        }
    }

    /// Gives every running job back to the queue; for the start of the only
    /// process that works on a data folder, whose predecessor may have been killed.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn release_all(&self) -> Result<u64, DbError> {
        let mut tx = self.db.write().await?;
        let released = store::release_all(&mut tx, self.clock.now()).await?;
        tx.commit().await?;
        Ok(released)
    }

    /// What waits, runs or was put aside in the caller's organisation, but for work on
    /// documents a wall keeps them from; nothing unless they look after the service.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn list(&self, scope: &Scope) -> Result<Vec<Listed>, DbError> {
        if !scope.may(Permission::RunService) {
            return Ok(Vec::new());
        }
        let mut tx = self.db.read().await?;
        store::list(&mut tx, scope).await
    }

    /// Queues a job again that was put aside. Whether the caller may is decided by
    /// whoever knows what the job is about.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn requeue(
        &self,
        tx: &mut Tx,
        organisation: OrganisationId,
        id: JobId,
    ) -> Result<(), DbError> {
        store::retry(tx, organisation, id, self.clock.now()).await.map(drop)
    }

    /// How many jobs are not done: waiting or running.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn pending(&self) -> Result<i64, DbError> {
        let mut tx = self.db.read().await?;
        store::pending(&mut tx).await
    }
}

/// Two seconds after the first failure, doubling to five minutes.
fn delay(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 9) - 1).unwrap_or(0);
    Duration::from_secs((2 << doublings).min(300))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_to_a_limit() {
        let seconds: Vec<u64> = (1..=10).map(|attempt| delay(attempt).as_secs()).collect();
        assert_eq!(seconds, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    }
}
