//! Every statement about parties, hearings and what is to be done.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    CaseError, CaseName, Hearing, HearingOutcome, Hearings, NewHearing, NewParty, NewTask, Party,
    Source, Task, Tasks,
};
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{CaseId, HearingId, PartyId, Scope, TaskId, UserId, VersionId};
use crate::statement;

/// Binds what every read of what is in cases needs: `$1` to `$3`.
fn seen_by(sql: Sql, scope: &Scope) -> Sql {
    sql.bind(scope.organisation()).bind(scope.sees_all()).bind(scope.user())
}

/// The days a range reaches over, as stored; days are compared as text.
fn days(from: Option<NaiveDate>, to: Option<NaiveDate>) -> (String, String) {
    let text =
        |day: Option<NaiveDate>, open: &str| day.map_or(open.to_owned(), |day| day.to_string());
    (text(from, "0000-01-01"), text(to, "9999-12-31"))
}

/// Reads a stored day.
fn day(table: &'static str, column: &'static str, text: &str) -> Result<NaiveDate, DbError> {
    text.parse().map_err(|_| DbError::Inconsistent { table, column, value: text.to_owned() })
}

fn limit(asked: u32) -> i64 {
    i64::from(asked.min(1_000))
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

/// Makes sure that what something is taken from is a document of its case.
pub(super) async fn source_is_of(
    tx: &mut Tx,
    case: CaseId,
    source: Option<&Source>,
) -> Result<(), CaseError> {
    let Some(source) = source else { return Ok(()) };
    let select = statement!(
        "SELECT COUNT(*) AS count FROM versions v JOIN documents d ON d.id = v.document_id
         WHERE v.id = $1 AND d.case_id = $2"
    );
    if tx.one::<Count>(select.bind(source.version).bind(case)).await?.count == 1 {
        Ok(())
    } else {
        Err(CaseError::Unfit("the document it is taken from is not in this case"))
    }
}

/// Whether work can be given to someone: active in the chamber and, for the work of a
/// case, with the case open to them.
pub(super) async fn may_be_given_to(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
    user: UserId,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM users u
         WHERE u.id = $1 AND u.organisation_id = $2 AND u.active = TRUE AND u.role <> 'client'
           AND ($3 OR EXISTS (SELECT 1 FROM open_cases o
                              WHERE o.user_id = u.id AND o.case_id = $4))"
    );
    let select = select.bind(user).bind(scope.organisation()).bind(case.is_none()).bind(case);
    Ok(tx.one::<Count>(select).await?.count == 1)
}

pub(super) async fn insert_hearing(
    tx: &mut Tx,
    scope: &Scope,
    (id, case): (HearingId, CaseId),
    new: &NewHearing,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let (version, page, quote) = parts(new.source.as_ref());
    let insert = statement!(
        "INSERT INTO hearings (id, case_id, on_date, bench, court_hall, item, stage, purpose,
             outcome, note, source_version_id, source_page, source_quote, added_by, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    )
    .bind(id)
    .bind(case)
    .bind(new.on_date.to_string())
    .bind(new.bench.clone())
    .bind(new.court_hall.clone())
    .bind(new.item.clone())
    .bind(new.stage.clone())
    .bind(new.purpose.clone())
    .bind(new.outcome.map(HearingOutcome::as_str))
    .bind(new.note.clone())
    .bind(version)
    .bind(page)
    .bind(quote)
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

fn parts(source: Option<&Source>) -> (Option<VersionId>, Option<u32>, Option<String>) {
    let Some(Source { version, page, quote }) = source else { return (None, None, None) };
    (Some(*version), *page, quote.clone())
}

#[derive(sqlx::FromRow)]
struct HearingRow {
    id: HearingId,
    case_id: CaseId,
    case_title: String,
    case_number: Option<String>,
    court: Option<String>,
    on_date: String,
    bench: Option<String>,
    court_hall: Option<String>,
    item: Option<String>,
    stage: Option<String>,
    purpose: Option<String>,
    outcome: Option<String>,
    note: Option<String>,
    source_version_id: Option<VersionId>,
    source_page: Option<i64>,
    source_quote: Option<String>,
}

impl HearingRow {
    fn hearing(self) -> Result<Hearing, DbError> {
        let table = "hearings";
        let unknown = |value| DbError::Inconsistent { table, column: "outcome", value };
        let outcome = self.outcome.map(|outcome| outcome.parse().map_err(unknown)).transpose()?;
        let page = self.source_page.and_then(|page| u32::try_from(page).ok());
        let quote = self.source_quote;
        let source = self.source_version_id.map(|version| Source { version, page, quote });
        Ok(Hearing {
            id: self.id,
            case_id: self.case_id,
            case_title: self.case_title,
            case_number: self.case_number,
            court: self.court,
            known: NewHearing {
                on_date: day(table, "on_date", &self.on_date)?,
                bench: self.bench,
                court_hall: self.court_hall,
                item: self.item,
                stage: self.stage,
                purpose: self.purpose,
                outcome,
                note: self.note,
                source,
            },
        })
    }
}

macro_rules! hearings {
    ($order:literal) => {
        concat!(
            "SELECT h.id, h.case_id, c.title AS case_title, c.number AS case_number, c.court,
                 h.on_date, h.bench, h.court_hall, h.item, h.stage, h.purpose, h.outcome, h.note,
                 h.source_version_id, h.source_page, h.source_quote
             FROM hearings h JOIN cases c ON c.id = h.case_id
             WHERE c.organisation_id = $1
               AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                                  WHERE m.case_id = c.id AND m.user_id = $3))
               AND ($4 OR c.id = $5) AND h.on_date >= $6 AND h.on_date <= $7
             ORDER BY h.on_date ",
            $order,
            ", c.title, h.id LIMIT $8"
        )
    };
}

pub(super) async fn hearings(
    tx: &mut Tx,
    scope: &Scope,
    asked: Hearings,
) -> Result<Vec<Hearing>, DbError> {
    let (from, to) = days(asked.from, asked.to);
    let select = if asked.latest_first {
        statement!(hearings!("DESC"))
    } else {
        statement!(hearings!("ASC"))
    };
    let select = seen_by(select, scope)
        .bind(asked.case.is_none())
        .bind(asked.case)
        .bind(from)
        .bind(to)
        .bind(limit(asked.limit));
    tx.all::<HearingRow>(select).await?.into_iter().map(HearingRow::hearing).collect()
}

pub(super) async fn insert_task(
    tx: &mut Tx,
    scope: &Scope,
    id: TaskId,
    new: &NewTask,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let (version, page, quote) = parts(new.source.as_ref());
    let insert = statement!(
        "INSERT INTO tasks (id, organisation_id, case_id, kind, title, due_on, assignee_id,
             done_at, source_version_id, source_page, source_quote, added_by, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8, $9, $10, $11, $12)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(new.case)
    .bind(new.kind.as_str())
    .bind(new.title.as_str())
    .bind(new.due_on.map(|day| day.to_string()))
    .bind(new.assignee)
    .bind(version)
    .bind(page)
    .bind(quote)
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct TaskRow {
    id: TaskId,
    case_id: Option<CaseId>,
    case_title: Option<String>,
    kind: String,
    title: String,
    due_on: Option<String>,
    assignee: Option<String>,
    done_at: Option<DateTime<Utc>>,
}

impl TaskRow {
    fn task(self) -> Result<Task, DbError> {
        let Self { id, case_id, case_title, kind, title, due_on, assignee, done_at } = self;
        let unknown = |value| DbError::Inconsistent { table: "tasks", column: "kind", value };
        let kind = kind.parse().map_err(unknown)?;
        let due_on = due_on.map(|due| day("tasks", "due_on", &due)).transpose()?;
        Ok(Task { id, case_id, case_title, kind, title, due_on, assignee, done_at })
    }
}

pub(super) async fn open_tasks(
    tx: &mut Tx,
    scope: &Scope,
    asked: Tasks,
) -> Result<Vec<Task>, DbError> {
    let (from, to) = days(asked.from, asked.to);
    let select = statement!(
        "SELECT t.id, t.case_id, c.title AS case_title, t.kind, t.title, t.due_on,
             u.name AS assignee, t.done_at
         FROM tasks t
         LEFT JOIN cases c ON c.id = t.case_id
         LEFT JOIN users u ON u.id = t.assignee_id
         WHERE t.organisation_id = $1 AND t.done_at IS NULL
           AND ((t.case_id IS NULL AND (t.assignee_id = $3 OR t.added_by = $3))
                OR (t.case_id IS NOT NULL
                    AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                                       WHERE m.case_id = t.case_id AND m.user_id = $3))))
           AND ($4 OR t.case_id = $5)
           AND ((t.due_on IS NULL AND $6) OR (t.due_on >= $7 AND t.due_on <= $8))
         ORDER BY CASE WHEN t.due_on IS NULL THEN 1 ELSE 0 END, t.due_on, t.id LIMIT $9"
    );
    let undated = asked.from.is_none() && asked.to.is_none();
    let select = seen_by(select, scope)
        .bind(asked.case.is_none())
        .bind(asked.case)
        .bind(undated)
        .bind(from)
        .bind(to)
        .bind(limit(asked.limit));
    tx.all::<TaskRow>(select).await?.into_iter().map(TaskRow::task).collect()
}

pub(super) async fn insert_party(
    tx: &mut Tx,
    (id, case): (PartyId, CaseId),
    new: &NewParty,
) -> Result<(), DbError> {
    let before = statement!(
        "SELECT coalesce(MAX(p.ordinal), 0) AS count FROM case_parties p WHERE p.case_id = $1"
    );
    let before = tx.one::<Count>(before.bind(case)).await?.count;
    let insert = statement!(
        "INSERT INTO case_parties (id, case_id, ordinal, name, role, ours, counsel)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(id)
    .bind(case)
    .bind(before + 1)
    .bind(new.name.as_str())
    .bind(new.role.as_str())
    .bind(new.ours)
    .bind(new.counsel.clone());
    tx.execute(insert).await.map(drop)
}

pub(super) async fn parties(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
) -> Result<Vec<Party>, DbError> {
    let select = statement!(
        "SELECT p.id, p.name, p.role, p.ours, p.counsel
         FROM case_parties p JOIN cases c ON c.id = p.case_id
         WHERE c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))
           AND c.id = $4
         ORDER BY p.ordinal, p.id LIMIT 1000"
    );
    tx.all(seen_by(select, scope).bind(case)).await
}

pub(super) async fn names(tx: &mut Tx, scope: &Scope) -> Result<Vec<CaseName>, DbError> {
    let select = statement!(
        "SELECT c.id, c.title, c.number, c.court, c.status, c.client_id, k.name AS client_name
         FROM cases c LEFT JOIN clients k ON k.id = c.client_id
         WHERE c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM known_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))
         ORDER BY c.created_at DESC, c.id DESC LIMIT 10000"
    );
    tx.all(seen_by(select, scope)).await
}
