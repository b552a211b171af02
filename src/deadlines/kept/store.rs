//! Every statement about limitations that were kept.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::Kept;
use crate::db::{DbError, Sql, Tx};
use crate::deadlines::limitation::{Asked, Worked};
use crate::kernel::{CaseId, HolidayCalendarId, LimitationId, Scope, TaskId};
use crate::statement;

/// Binds what every read of what is in cases needs: `$1` to `$3`.
fn seen_by(sql: Sql, scope: &Scope) -> Sql {
    sql.bind(scope.organisation()).bind(scope.sees_all()).bind(scope.user())
}

/// A limitation to be entered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) id: LimitationId,
    pub(super) case: CaseId,
    pub(super) calendar: Option<HolidayCalendarId>,
    pub(super) hash: &'a str,
}

fn stored(column: &'static str, value: impl serde::Serialize) -> Result<Value, DbError> {
    let broken = |error: serde_json::Error| DbError::Inconsistent {
        table: "limitations",
        column,
        value: error.to_string(),
    };
    serde_json::to_value(value).map_err(broken)
}

pub(super) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    row: Row<'_>,
    (asked, worked): (&Asked, &Worked),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO limitations (id, case_id, rule, rule_hash, calendar_id, calendar_hash, asked,
             worked, last_day, kept_by, kept_at, replaced_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL)"
    )
    .bind(row.id)
    .bind(row.case)
    .bind(worked.rule.as_str())
    .bind(worked.rule_hash.as_str())
    .bind(row.calendar)
    .bind(row.hash)
    .bind(stored("asked", asked)?)
    .bind(stored("worked", worked)?)
    .bind(worked.last_day.to_string())
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

/// A limitation as it is stored.
#[derive(sqlx::FromRow)]
pub(super) struct KeptRow {
    id: LimitationId,
    case_id: CaseId,
    case_title: String,
    pub(super) rule: String,
    pub(super) rule_hash: String,
    pub(super) calendar_id: Option<HolidayCalendarId>,
    pub(super) calendar_hash: String,
    pub(super) court: Option<String>,
    asked: Value,
    worked: Value,
    task_id: Option<TaskId>,
    pub(super) to_be_done: bool,
    kept_by: String,
    kept_at: DateTime<Utc>,
    replaced: bool,
}

impl KeptRow {
    pub(super) fn kept(self, stale: Vec<&'static str>) -> Result<Kept, DbError> {
        let broken = |column| {
            move |error: serde_json::Error| DbError::Inconsistent {
                table: "limitations",
                column,
                value: error.to_string(),
            }
        };
        Ok(Kept {
            id: self.id,
            case_id: self.case_id,
            case_title: self.case_title,
            asked: serde_json::from_value(self.asked).map_err(broken("asked"))?,
            worked: serde_json::from_value(self.worked).map_err(broken("worked"))?,
            calendar: self.calendar_id,
            task: self.task_id,
            kept_by: self.kept_by,
            kept_at: self.kept_at,
            replaced: self.replaced,
            stale,
        })
    }
}

macro_rules! kept {
    ($more:literal) => {
        concat!(
            "SELECT l.id, l.case_id, c.title AS case_title, l.rule, l.rule_hash, l.calendar_id,
                 l.calendar_hash, c.court, l.asked, l.worked,
                 (SELECT t.id FROM tasks t WHERE t.limitation_id = l.id ORDER BY t.id LIMIT 1)
                     AS task_id,
                 EXISTS (SELECT 1 FROM tasks t WHERE t.limitation_id = l.id
                         AND t.done_at IS NULL AND t.cancelled_at IS NULL) AS to_be_done,
                 u.name AS kept_by, l.kept_at, (l.replaced_at IS NOT NULL) AS replaced
             FROM limitations l
             JOIN cases c ON c.id = l.case_id
             JOIN users u ON u.id = l.kept_by
             WHERE c.organisation_id = $1
               AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                                  WHERE m.case_id = c.id AND m.user_id = $3)) ",
            $more
        )
    };
}

pub(super) async fn of_case(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
) -> Result<Vec<KeptRow>, DbError> {
    let select = statement!(kept!(
        "AND c.id = $4 AND l.replaced_at IS NULL ORDER BY l.last_day, l.id LIMIT 200"
    ));
    tx.all(seen_by(select, scope).bind(case)).await
}

pub(super) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    id: LimitationId,
) -> Result<Option<KeptRow>, DbError> {
    let select = statement!(kept!("AND l.id = $4"));
    tx.optional(seen_by(select, scope).bind(id)).await
}

/// Takes a limitation out of what counts; says whether it counted.
pub(super) async fn replace(
    tx: &mut Tx,
    id: LimitationId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let update =
        statement!("UPDATE limitations SET replaced_at = $1 WHERE id = $2 AND replaced_at IS NULL");
    Ok(tx.execute(update.bind(now).bind(id)).await? == 1)
}

/// Gives the deadline of a limitation to the one that counts now, with its day where it
/// is still to be done.
pub(super) async fn move_task(
    tx: &mut Tx,
    (before, next): (LimitationId, LimitationId),
    last_day: NaiveDate,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE tasks SET due_on = $1
         WHERE limitation_id = $2 AND done_at IS NULL AND cancelled_at IS NULL"
    );
    let moved = tx.execute(update.bind(last_day.to_string()).bind(before)).await?;
    let update = statement!("UPDATE tasks SET limitation_id = $1 WHERE limitation_id = $2");
    tx.execute(update.bind(next).bind(before)).await?;
    if moved == 0 {
        return Ok(());
    }
    let insert = statement!(
        "INSERT INTO task_changes (task_id, ordinal, kind, changed_by, changed_at)
         SELECT t.id, (SELECT COALESCE(MAX(c.ordinal), 0) + 1 FROM task_changes c
                       WHERE c.task_id = t.id), 'changed', l.kept_by, l.kept_at
         FROM tasks t JOIN limitations l ON l.id = t.limitation_id
         WHERE t.limitation_id = $1 AND t.done_at IS NULL AND t.cancelled_at IS NULL"
    );
    tx.execute(insert.bind(next)).await.map(drop)
}

/// Cancels the deadline of a limitation, where it is still to be done.
pub(super) async fn cancel_task(
    tx: &mut Tx,
    scope: &Scope,
    id: LimitationId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE tasks SET cancelled_at = $1
         WHERE limitation_id = $2 AND done_at IS NULL AND cancelled_at IS NULL"
    );
    if tx.execute(update.bind(now).bind(id)).await? == 0 {
        return Ok(());
    }
    let insert = statement!(
        "INSERT INTO task_changes (task_id, ordinal, kind, changed_by, changed_at)
         SELECT t.id, (SELECT COALESCE(MAX(c.ordinal), 0) + 1 FROM task_changes c
                       WHERE c.task_id = t.id), 'cancelled', u.id, t.cancelled_at
         FROM tasks t JOIN users u ON u.id = $1
         WHERE t.limitation_id = $2 AND t.cancelled_at IS NOT NULL AND t.done_at IS NULL"
    );
    tx.execute(insert.bind(scope.user()).bind(id)).await.map(drop)
}
