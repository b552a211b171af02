//! Every statement the queue runs.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Job, Listed, NewJob};
use crate::db::{DbError, Dialect, Sql, Tx};
use crate::kernel::{JobId, OrganisationId, Scope};
use crate::statement;

/// A job put aside starts afresh; one that runs is done once more afterwards, since
/// what it is about may have changed under it; one that waits is left as it is.
pub(super) async fn enqueue(tx: &mut Tx, job: NewJob, now: DateTime<Utc>) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO jobs (id, organisation_id, kind, subject, status, attempts, run_at, created_at)
         VALUES ($1, $2, $3, $4, 'queued', 0, $5, $5)
         ON CONFLICT (kind, subject) DO UPDATE
         SET again = (jobs.status = 'running'),
             status = CASE WHEN jobs.status = 'dead' THEN 'queued' ELSE jobs.status END,
             attempts = CASE WHEN jobs.status = 'dead' THEN 0 ELSE jobs.attempts END,
             run_at = CASE WHEN jobs.status = 'dead' THEN $5 ELSE jobs.run_at END,
             last_error = NULL
         WHERE jobs.status <> 'queued'"
    )
    .bind(JobId::new())
    .bind(job.organisation)
    .bind(job.kind)
    .bind(job.subject)
    .bind(now);
    tx.execute(insert).await.map(drop)
}

/// Takes the job that has waited longest, or one whose worker fell silent.
pub(super) async fn claim(
    tx: &mut Tx,
    kind: Option<&'static str>,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<Job>, DbError> {
    let claim: Sql = match tx.dialect() {
        // A write transaction already keeps other writers out.
        Dialect::Sqlite => Sql::new(
            "UPDATE jobs SET status = 'running', attempts = attempts + 1, lease = $3, leased_until = $2
             WHERE id = (SELECT id FROM jobs
                         WHERE ((status = 'queued' AND run_at <= $1)
                                OR (status = 'running' AND leased_until < $1))
                           AND ($4 = '' OR kind = $4)
                         ORDER BY run_at, id LIMIT 1)
             RETURNING id, organisation_id, kind, subject, attempts, lease",
        ),
        Dialect::Postgres => Sql::new(
            "UPDATE jobs SET status = 'running', attempts = attempts + 1, lease = $3, leased_until = $2
             WHERE id = (SELECT id FROM jobs
                         WHERE ((status = 'queued' AND run_at <= $1)
                                OR (status = 'running' AND leased_until < $1))
                           AND ($4 = '' OR kind = $4)
                         ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
             RETURNING id, organisation_id, kind, subject, attempts, lease",
        ),
    };
    let claim = claim.bind(now).bind(until).bind(Uuid::new_v4()).bind(kind.unwrap_or_default());
    tx.optional(claim).await
}

pub(super) async fn renew(tx: &mut Tx, job: &Job, until: DateTime<Utc>) -> Result<u64, DbError> {
    let update = statement!("UPDATE jobs SET leased_until = $3 WHERE id = $1 AND lease = $2");
    tx.execute(update.bind(job.id).bind(job.lease).bind(until)).await
}

/// Removes a job that is done, or queues it once more if it was asked for meanwhile;
/// true for the latter.
pub(super) async fn done(tx: &mut Tx, job: &Job, now: DateTime<Utc>) -> Result<bool, DbError> {
    let queue = statement!(
        "UPDATE jobs SET status = 'queued', again = FALSE, attempts = 0, run_at = $3,
             lease = NULL, leased_until = NULL
         WHERE id = $1 AND lease = $2 AND again"
    );
    let queued = tx.execute(queue.bind(job.id).bind(job.lease).bind(now)).await?;
    if queued > 0 {
        return Ok(true);
    }
    let delete = statement!("DELETE FROM jobs WHERE id = $1 AND lease = $2");
    tx.execute(delete.bind(job.id).bind(job.lease)).await?;
    Ok(false)
}

pub(super) async fn put_back(
    tx: &mut Tx,
    job: &Job,
    run_at: DateTime<Utc>,
    error: &str,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE jobs SET status = 'queued', run_at = $3, last_error = $4, again = FALSE, lease = NULL,
             leased_until = NULL
         WHERE id = $1 AND lease = $2"
    );
    tx.execute(update.bind(job.id).bind(job.lease).bind(run_at).bind(error)).await.map(drop)
}

pub(super) async fn put_aside(tx: &mut Tx, job: &Job, error: &str) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE jobs SET status = CASE WHEN again THEN 'queued' ELSE 'dead' END, last_error = $3,
             again = FALSE, lease = NULL, leased_until = NULL
         WHERE id = $1 AND lease = $2"
    );
    tx.execute(update.bind(job.id).bind(job.lease).bind(error)).await.map(drop)
}

pub(super) async fn release_all(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE jobs SET status = 'queued', run_at = $1, lease = NULL, leased_until = NULL
         WHERE status = 'running'"
    );
    tx.execute(update.bind(now)).await
}

pub(super) async fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<Listed>, DbError> {
    let select = statement!(
        "SELECT j.id, j.kind, j.subject, j.status, j.attempts, j.run_at, j.last_error FROM jobs j
         WHERE j.organisation_id = $1
           AND ($2 OR NOT EXISTS (SELECT 1 FROM versions v
                                  JOIN documents d ON d.id = v.document_id
                                  WHERE v.id = j.subject
                                    AND NOT EXISTS (SELECT 1 FROM open_cases m
                                                    WHERE m.case_id = d.case_id
                                                      AND m.user_id = $3)))
         ORDER BY j.status, j.run_at, j.id LIMIT 500"
    );
    let select = select.bind(scope.organisation()).bind(scope.sees_all()).bind(scope.user());
    tx.all(select).await
}

pub(super) async fn retry(
    tx: &mut Tx,
    organisation: OrganisationId,
    id: JobId,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE jobs SET status = 'queued', attempts = 0, run_at = $3
         WHERE organisation_id = $1 AND id = $2 AND status = 'dead'"
    );
    tx.execute(update.bind(organisation).bind(id).bind(now)).await
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

pub(super) async fn pending(tx: &mut Tx) -> Result<i64, DbError> {
    let select = statement!("SELECT COUNT(*) AS count FROM jobs WHERE status <> 'dead'");
    Ok(tx.one::<Count>(select).await?.count)
}
