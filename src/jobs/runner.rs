//! The workers of one process.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Job, JobError, Jobs};

/// How many workers of their own quick kinds have: enough to share what costs the
/// same for one as for several, such as a commit of the full-text index.
const QUICK_WORKERS: usize = 4;

/// Does one kind of work. It may be started again for the same job at any time,
/// so doing it twice must be the same as doing it once.
#[async_trait]
pub trait Handler: Send + Sync {
    /// The kind of job it does.
    fn kind(&self) -> &'static str;

    /// Whether the work is short and waited for. Such work has workers of its own
    /// beside the others, so that it is never behind an hour of long work.
    fn is_quick(&self) -> bool {
        false
    }

    /// Does the work.
    async fn run(&self, job: &Job) -> Result<(), JobError>;

    /// Told when the job was put aside for good, with the reason.
    async fn gave_up(&self, job: &Job, reason: &str) -> Result<(), JobError>;
}

/// Claims jobs and gives them to their handlers.
#[derive(Clone)]
pub struct Runner {
    jobs: Jobs,
    handlers: Arc<BTreeMap<&'static str, Arc<dyn Handler>>>,
    workers: usize,
}

impl Runner {
    /// Puts the workers together.
    #[must_use]
    pub fn new(jobs: Jobs, handlers: Vec<Arc<dyn Handler>>, workers: usize) -> Self {
        let handlers = handlers.into_iter().map(|handler| (handler.kind(), handler)).collect();
        Self { jobs, handlers: Arc::new(handlers), workers }
    }

    /// Works until told to stop; a job under way is finished or left to its lease.
    pub async fn run(self, stop: CancellationToken) {
        let tracker = TaskTracker::new();
        for _ in 0..self.workers {
            let (worker, stop) = (self.clone(), stop.clone());
            tracker.spawn(async move { worker.work(&stop, None).await });
        }
        for (&kind, _) in self.handlers.iter().filter(|(_, handler)| handler.is_quick()) {
            for _ in 0..QUICK_WORKERS {
                let (worker, stop) = (self.clone(), stop.clone());
                tracker.spawn(async move { worker.work(&stop, Some(kind)).await });
            }
        }
        tracker.close();
        tracker.wait().await;
    }

    /// Works until nothing is left to do, jobs put back for later included.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn drain(&self) -> Result<(), crate::db::DbError> {
        while self.jobs.pending().await? > 0 {
            if !self.step(None).await? {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        Ok(())
    }

    /// Works on one kind of job, or any.
    async fn work(&self, stop: &CancellationToken, kind: Option<&'static str>) {
        while !stop.is_cancelled() {
            let woken = self.jobs.wake.notified();
            let worked = self.step(kind).await.unwrap_or_else(|error| {
                tracing::error!(error = &error as &dyn std::error::Error, "the queue failed");
                false
            });
            if !worked {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = woken => {}
                    () = tokio::time::sleep(Duration::from_secs(1)) => {}
                }
            }
        }
    }

    /// Does one job if one is due.
    async fn step(&self, kind: Option<&'static str>) -> Result<bool, crate::db::DbError> {
        let Some(job) = self.jobs.claim(kind).await? else { return Ok(false) };
        let Some(handler) = self.handlers.get(job.kind.as_str()) else {
            let unknown = JobError::Fail(anyhow::anyhow!("nothing here does `{}`", job.kind));
            self.jobs.failed(&job, &unknown).await?;
            return Ok(true);
        };
        match self.keep_leased(&job, handler.as_ref()).await {
            Ok(()) => self.jobs.done(&job).await?,
            Err(error) => {
                tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempts, "{error}");
                self.jobs.failed(&job, &error).await?;
                if self.jobs.gives_up(&job, &error) {
                    let told = handler.gave_up(&job, &error.to_string()).await;
                    if let Err(error) = told {
                        tracing::error!(job = %job.id, "{error}");
                    }
                }
            }
        }
        Ok(true)
    }

    /// Runs a handler and renews the lease meanwhile.
    async fn keep_leased(&self, job: &Job, handler: &dyn Handler) -> Result<(), JobError> {
        let work = handler.run(job);
        tokio::pin!(work);
        let mut beat = tokio::time::interval(self.jobs.lease / 3);
        beat.tick().await;
        loop {
            tokio::select! {
                done = &mut work => return done,
                _ = beat.tick() => match self.jobs.renew(job).await {
                    Ok(true) => {}
                    Ok(false) => {
                        let lost = anyhow::anyhow!("the lease was lost to another worker");
                        return Err(JobError::Retry(lost));
                    }
                    Err(error) => {
                        tracing::warn!(error = &error as &dyn std::error::Error, "lease not renewed");
                    }
                },
            }
        }
    }
}
