//! Every statement about tasks and deadlines.

use chrono::{DateTime, NaiveDate, Utc};

use super::{NewTask, ReadDue, Task, TaskEvent, TaskPage, TaskQuery, TaskStatus};
use crate::cases::Source;
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{
    CaseId, DocumentId, LimitationId, OrganisationId, Scope, TaskId, UserId, VersionId,
};
use crate::statement;

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

/// Binds what every read of what is in cases needs: `$1` to `$3`.
fn seen_by(sql: Sql, scope: &Scope) -> Sql {
    sql.bind(scope.organisation()).bind(scope.sees_all()).bind(scope.user())
}

/// Reads a stored day.
fn day(text: &str) -> Result<NaiveDate, DbError> {
    let (table, column) = ("tasks", "due_on");
    text.parse().map_err(|_| DbError::Inconsistent { table, column, value: text.to_owned() })
}

/// Whether a version is of a document of a case.
pub(super) async fn is_of(tx: &mut Tx, case: CaseId, version: VersionId) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM versions v JOIN documents d ON d.id = v.document_id
         WHERE v.id = $1 AND d.case_id = $2"
    );
    Ok(tx.one::<Count>(select.bind(version).bind(case)).await?.count == 1)
}

/// Whether work can be given to someone: active in the chamber and, for the work of a
/// case, one who works on it.
pub(super) async fn may_be_given_to(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
    user: UserId,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM users u
         WHERE u.id = $1 AND u.organisation_id = $2 AND u.active = TRUE
           AND u.role IN ('admin', 'advocate', 'staff')
           AND ($3 OR EXISTS (SELECT 1 FROM open_cases o
                              WHERE o.user_id = u.id AND o.case_id = $4
                                AND o.role IN ('lead', 'member')))"
    );
    let select = select.bind(user).bind(scope.organisation()).bind(case.is_none()).bind(case);
    Ok(tx.one::<Count>(select).await?.count == 1)
}

#[derive(sqlx::FromRow)]
struct Title {
    title: String,
}

pub(super) async fn case_title(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
) -> Result<Option<String>, DbError> {
    let select = statement!(
        "SELECT c.title FROM cases c
         WHERE c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))
           AND c.id = $4"
    );
    let found = tx.optional::<Title>(seen_by(select, scope).bind(case)).await?;
    Ok(found.map(|found| found.title))
}

fn parts(source: Option<&Source>) -> (Option<VersionId>, Option<u32>, Option<String>) {
    let Some(Source { version, page, quote }) = source else { return (None, None, None) };
    (Some(*version), *page, quote.clone())
}

pub(super) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    (id, limitation): (TaskId, Option<LimitationId>),
    new: &NewTask,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let (version, page, quote) = parts(new.source.as_ref());
    let insert = statement!(
        "INSERT INTO tasks (id, organisation_id, case_id, kind, title, note, due_on, assignee_id,
             done_at, source_version_id, source_page, source_quote, limitation_id, added_by,
             added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9, $10, $11, $12, $13, $14)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(new.case)
    .bind(new.kind.as_str())
    .bind(new.title.as_str())
    .bind(new.note.clone())
    .bind(new.due_on.map(|day| day.to_string()))
    .bind(new.assignee)
    .bind(version)
    .bind(page)
    .bind(quote)
    .bind(limitation)
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

/// Changes what is open and has the day that was read; says whether it was and had.
pub(super) async fn change(
    tx: &mut Tx,
    id: TaskId,
    new: &NewTask,
    read: Option<ReadDue>,
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE tasks SET title = $1, note = $2, due_on = $3, assignee_id = $4
         WHERE id = $5 AND done_at IS NULL AND cancelled_at IS NULL
           AND ($6 OR due_on IS NOT DISTINCT FROM $7)"
    )
    .bind(new.title.as_str())
    .bind(new.note.clone())
    .bind(new.due_on.map(|day| day.to_string()))
    .bind(new.assignee)
    .bind(id)
    .bind(read.is_none())
    .bind(read.and_then(|read| read.0).map(|day| day.to_string()));
    if tx.execute(update).await? == 0 {
        return Ok(false);
    }
    let (Some(version), page, quote) = parts(new.source.as_ref()) else { return Ok(true) };
    let update = statement!(
        "UPDATE tasks SET source_version_id = $1, source_page = $2, source_quote = $3
         WHERE id = $4"
    );
    let update = update.bind(version).bind(page).bind(quote).bind(id);
    tx.execute(update).await?;
    Ok(true)
}

pub(super) async fn done(tx: &mut Tx, id: TaskId, now: DateTime<Utc>) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE tasks SET done_at = $1
         WHERE id = $2 AND done_at IS NULL AND cancelled_at IS NULL"
    );
    Ok(tx.execute(update.bind(now).bind(id)).await? == 1)
}

pub(super) async fn cancel(tx: &mut Tx, id: TaskId, now: DateTime<Utc>) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE tasks SET cancelled_at = $1
         WHERE id = $2 AND done_at IS NULL AND cancelled_at IS NULL"
    );
    Ok(tx.execute(update.bind(now).bind(id)).await? == 1)
}

pub(super) async fn reopen(tx: &mut Tx, id: TaskId) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE tasks SET done_at = NULL, cancelled_at = NULL
         WHERE id = $1 AND (done_at IS NOT NULL OR cancelled_at IS NOT NULL)"
    );
    Ok(tx.execute(update.bind(id)).await? == 1)
}

/// Notes a change; the row of the task is locked by the change itself.
pub(super) async fn note_change(
    tx: &mut Tx,
    scope: &Scope,
    (id, kind): (TaskId, &'static str),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO task_changes (task_id, ordinal, kind, changed_by, changed_at)
         VALUES ($1, (SELECT COALESCE(MAX(c.ordinal), 0) + 1 FROM task_changes c
                      WHERE c.task_id = $1), $2, $3, $4)"
    );
    let insert = insert.bind(id).bind(kind).bind(scope.user()).bind(now);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn history(tx: &mut Tx, id: TaskId) -> Result<Vec<TaskEvent>, DbError> {
    let select = statement!(
        "SELECT c.kind, u.name AS by_name, c.changed_at
         FROM task_changes c JOIN users u ON u.id = c.changed_by
         WHERE c.task_id = $1 ORDER BY c.ordinal LIMIT 1000"
    );
    tx.all(select.bind(id)).await
}

#[derive(sqlx::FromRow)]
struct TaskRow {
    id: TaskId,
    case_id: Option<CaseId>,
    case_title: Option<String>,
    kind: String,
    title: String,
    note: Option<String>,
    due_on: Option<String>,
    assignee_id: Option<UserId>,
    assignee: Option<String>,
    done_at: Option<DateTime<Utc>>,
    cancelled_at: Option<DateTime<Utc>>,
    document_id: Option<DocumentId>,
    document_title: Option<String>,
    version: Option<i64>,
    source_page: Option<i64>,
    source_quote: Option<String>,
    limitation_id: Option<LimitationId>,
}

impl TaskRow {
    fn task(self) -> Result<Task, DbError> {
        let unknown = |value| DbError::Inconsistent { table: "tasks", column: "kind", value };
        let number = |number: i64| u32::try_from(number).ok();
        let named = self.document_id.zip(self.document_title).zip(self.version);
        let page = named.map(|((document_id, title), version)| TaskPage {
            document_id,
            title,
            version: number(version).unwrap_or(1),
            page: self.source_page.and_then(number),
            quote: self.source_quote,
        });
        Ok(Task {
            id: self.id,
            case_id: self.case_id,
            case_title: self.case_title,
            kind: self.kind.parse().map_err(unknown)?,
            title: self.title,
            note: self.note,
            due_on: self.due_on.map(|due| day(&due)).transpose()?,
            assignee_id: self.assignee_id,
            assignee: self.assignee,
            status: match (self.done_at, self.cancelled_at) {
                (Some(_), _) => TaskStatus::Done,
                (None, Some(_)) => TaskStatus::Cancelled,
                (None, None) => TaskStatus::Open,
            },
            done_at: self.done_at,
            page,
            limitation_id: self.limitation_id,
        })
    }
}

/// The tasks the caller may see, by `$1` to `$3`, with more conditions.
macro_rules! tasks {
    ($more:literal) => {
        concat!(
            "SELECT t.id, t.case_id, c.title AS case_title, t.kind, t.title, t.note, t.due_on,
                 t.assignee_id, u.name AS assignee, t.done_at, t.cancelled_at,
                 d.id AS document_id, d.title AS document_title, v.number AS version,
                 t.source_page, t.source_quote, t.limitation_id
             FROM tasks t
             LEFT JOIN cases c ON c.id = t.case_id
             LEFT JOIN users u ON u.id = t.assignee_id
             LEFT JOIN versions v ON v.id = t.source_version_id
             LEFT JOIN documents d ON d.id = v.document_id
             WHERE t.organisation_id = $1
               AND ((t.case_id IS NULL AND (t.assignee_id = $3 OR t.added_by = $3))
                    OR (t.case_id IS NOT NULL
                        AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                                           WHERE m.case_id = t.case_id AND m.user_id = $3)))) ",
            $more
        )
    };
}

pub(super) async fn find(tx: &mut Tx, scope: &Scope, id: TaskId) -> Result<Option<Task>, DbError> {
    let select = statement!(tasks!("AND t.id = $4"));
    let found = tx.optional::<TaskRow>(seen_by(select, scope).bind(id)).await?;
    found.map(TaskRow::task).transpose()
}

pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    asked: TaskQuery,
) -> Result<Vec<Task>, DbError> {
    let text =
        |day: Option<NaiveDate>, open: &str| day.map_or(open.to_owned(), |day| day.to_string());
    let select = statement!(tasks!(
        "AND ($4 OR t.case_id = $5)
         AND ($6 OR t.assignee_id = $7
              OR ($13 AND t.kind = 'deadline'
                  AND EXISTS (SELECT 1 FROM open_cases o
                              JOIN case_members m ON m.case_id = o.case_id
                               AND m.user_id = o.user_id AND m.role = 'lead'
                              WHERE o.case_id = t.case_id AND o.user_id = $3)
                  AND NOT EXISTS (SELECT 1 FROM open_cases o JOIN users a ON a.id = o.user_id
                                  WHERE o.case_id = t.case_id AND o.user_id = t.assignee_id
                                    AND a.active = TRUE)))
         AND (($8 = 'open' AND t.done_at IS NULL AND t.cancelled_at IS NULL)
              OR ($8 = 'done' AND t.done_at IS NOT NULL)
              OR ($8 = 'cancelled' AND t.done_at IS NULL AND t.cancelled_at IS NOT NULL))
         AND ((t.due_on IS NULL AND $9) OR (t.due_on >= $10 AND t.due_on <= $11))
         ORDER BY CASE WHEN t.due_on IS NULL THEN 1 ELSE 0 END, t.due_on, t.id LIMIT $12"
    ));
    let undated = asked.from.is_none() && asked.to.is_none();
    let select = seen_by(select, scope)
        .bind(asked.case.is_none())
        .bind(asked.case)
        .bind(asked.assignee.is_none())
        .bind(asked.assignee)
        .bind(asked.status.words())
        .bind(undated)
        .bind(text(asked.from, "0000-01-01"))
        .bind(text(asked.to, "9999-12-31"))
        .bind(i64::from(asked.limit.min(1_000)))
        .bind(asked.or_nobodys);
    tx.all::<TaskRow>(select).await?.into_iter().map(TaskRow::task).collect()
}

/// Somebody of a chamber.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(super) struct Person {
    pub(super) id: UserId,
    pub(super) organisation_id: OrganisationId,
}

/// Whoever may have to be told what is due on a day, and was not yet.
pub(super) async fn to_be_told(tx: &mut Tx, today: &str) -> Result<Vec<Person>, DbError> {
    let select = statement!(
        "SELECT u.id, u.organisation_id FROM users u
         WHERE u.active = TRUE AND u.role IN ('admin', 'advocate', 'staff')
           AND NOT EXISTS (SELECT 1 FROM task_reminders r
                           WHERE r.user_id = u.id AND r.day = $1)
         ORDER BY u.id LIMIT 10000"
    );
    tx.all(select.bind(today)).await
}

/// An open task that is due soon or overdue.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct OpenTask {
    pub(super) title: String,
    pub(super) due_on: String,
    pub(super) case_title: Option<String>,
}

/// What a person has to do until a day: what is given to them in the cases open to them,
/// and of the cases they lead the deadlines that nobody has who works on the case.
pub(super) async fn due_for(
    tx: &mut Tx,
    person: Person,
    until: &str,
) -> Result<Vec<OpenTask>, DbError> {
    let select = statement!(
        "SELECT t.title, t.due_on, c.title AS case_title
         FROM tasks t LEFT JOIN cases c ON c.id = t.case_id
         WHERE t.organisation_id = $1 AND t.done_at IS NULL AND t.cancelled_at IS NULL
           AND t.due_on IS NOT NULL AND t.due_on <= $2
           AND ((t.assignee_id = $3
                 AND (t.case_id IS NULL
                      OR EXISTS (SELECT 1 FROM open_cases o
                                 WHERE o.case_id = t.case_id AND o.user_id = $3)))
                OR (t.kind = 'deadline'
                    AND EXISTS (SELECT 1 FROM open_cases o
                                JOIN case_members m ON m.case_id = o.case_id
                                 AND m.user_id = o.user_id AND m.role = 'lead'
                                WHERE o.case_id = t.case_id AND o.user_id = $3)
                    AND NOT EXISTS (SELECT 1 FROM open_cases o JOIN users u ON u.id = o.user_id
                                    WHERE o.case_id = t.case_id AND o.user_id = t.assignee_id
                                      AND u.active = TRUE)))
         ORDER BY t.due_on, t.id LIMIT 50"
    );
    tx.all(select.bind(person.organisation_id).bind(until).bind(person.id)).await
}

/// Notes that a person is told on a day; says whether nobody did before.
pub(super) async fn note_told(
    tx: &mut Tx,
    person: Person,
    today: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let insert = statement!(
        "INSERT INTO task_reminders (user_id, day, sent_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, day) DO NOTHING"
    );
    Ok(tx.execute(insert.bind(person.id).bind(today).bind(now)).await? == 1)
}
