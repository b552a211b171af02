//! Statements of timers.

use chrono::{DateTime, Utc};

use super::seen_by;
use crate::db::{DbError, Dialect, Sql, Tx};
use crate::fees::timers::{Open, Timer, is_forgotten, stretch};
use crate::kernel::{CaseId, Scope, TimerId};
use crate::statement;

/// Makes the timers of one person started at once wait for each other on PostgreSQL;
/// SQLite's write transactions do so already.
pub(in crate::fees) async fn lock(tx: &mut Tx, scope: &Scope) -> Result<(), DbError> {
    match tx.dialect() {
        Dialect::Sqlite => Ok(()),
        Dialect::Postgres => {
            let lock = Sql::new("SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE");
            tx.execute(lock.bind(scope.user())).await.map(drop)
        }
    }
}

pub(in crate::fees) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    id: TimerId,
    (case, note): (CaseId, &str),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO timers (id, organisation_id, user_id, case_id, note, started_at,
             ran_seconds, running_since, stopped_at)
         VALUES ($1, $2, $3, $4, $5, $6, 0, $6, NULL)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(scope.user())
    .bind(case)
    .bind(note)
    .bind(now);
    tx.execute(insert).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct OpenRow {
    id: TimerId,
    ran_seconds: i64,
    running_since: Option<DateTime<Utc>>,
}

/// The caller's open timer, whether or not its case is open to them still.
pub(in crate::fees) async fn open(tx: &mut Tx, scope: &Scope) -> Result<Option<Open>, DbError> {
    let select = statement!(
        "SELECT t.id, t.ran_seconds, t.running_since FROM timers t
         WHERE t.organisation_id = $1 AND t.user_id = $2 AND t.stopped_at IS NULL"
    );
    let found = tx.optional::<OpenRow>(seen_by(select, scope)).await?;
    Ok(found.map(|OpenRow { id, ran_seconds, running_since }| Open {
        id,
        ran_seconds,
        running_since,
    }))
}

pub(in crate::fees) async fn pause(tx: &mut Tx, id: TimerId, seconds: i64) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE timers SET ran_seconds = $2, running_since = NULL
         WHERE id = $1 AND stopped_at IS NULL AND running_since IS NOT NULL"
    );
    tx.execute(update.bind(id).bind(seconds)).await.map(drop)
}

pub(in crate::fees) async fn resume(
    tx: &mut Tx,
    id: TimerId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE timers SET running_since = $2
         WHERE id = $1 AND stopped_at IS NULL AND running_since IS NULL"
    );
    tx.execute(update.bind(id).bind(now)).await.map(drop)
}

pub(in crate::fees) async fn stop(
    tx: &mut Tx,
    id: TimerId,
    seconds: i64,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE timers SET ran_seconds = $2, running_since = NULL, stopped_at = $3
         WHERE id = $1 AND stopped_at IS NULL"
    );
    tx.execute(update.bind(id).bind(seconds).bind(now)).await.map(drop)
}

/// Removes a draft of the caller's; says how many rows that were.
pub(in crate::fees) async fn delete_draft(
    tx: &mut Tx,
    scope: &Scope,
    id: TimerId,
) -> Result<u64, DbError> {
    let delete = statement!(
        "DELETE FROM timers
         WHERE organisation_id = $1 AND user_id = $2 AND id = $3 AND stopped_at IS NOT NULL"
    );
    tx.execute(seen_by(delete, scope).bind(id)).await
}

#[derive(sqlx::FromRow)]
struct TimerRow {
    id: TimerId,
    case_id: CaseId,
    case_title: String,
    note: String,
    started_at: DateTime<Utc>,
    ran_seconds: i64,
    running_since: Option<DateTime<Utc>>,
    stopped_at: Option<DateTime<Utc>>,
}

/// The caller's timers on cases open to them, the latest first.
pub(in crate::fees) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    now: DateTime<Utc>,
) -> Result<Vec<Timer>, DbError> {
    let select = statement!(
        "SELECT t.id, t.case_id, c.title AS case_title, t.note, t.started_at, t.ran_seconds,
             t.running_since, t.stopped_at
         FROM timers t
         JOIN cases c ON c.id = t.case_id
         JOIN open_cases o ON o.case_id = t.case_id AND o.user_id = $2
         WHERE t.organisation_id = $1 AND t.user_id = $2
         ORDER BY t.started_at DESC, t.id DESC LIMIT 100"
    );
    let rows = tx.all::<TimerRow>(seen_by(select, scope)).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let seconds = row.ran_seconds.saturating_add(stretch(row.running_since, now));
            Timer {
                id: row.id,
                case_id: row.case_id,
                case_title: row.case_title,
                note: row.note,
                started_at: row.started_at,
                running_since: row.running_since,
                stopped_at: row.stopped_at,
                seconds,
                is_forgotten: is_forgotten(seconds),
            }
        })
        .collect())
}
