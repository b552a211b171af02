//! The statements of budgets and of money set aside.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::CallRow;
use crate::db::{DbError, Dialect, Sql, Tx};
use crate::kernel::{BudgetId, CallId, CaseId, OrganisationId, Paise, Scope, UserId};
use crate::statement;
use crate::usage::budgets::{Limits, Line, Span, Standing, Subject};
use crate::usage::reserve::Held;
use crate::usage::{Account, Call, Cost};

/// Lets nobody else set money of the organisation aside until the transaction ends.
/// On SQLite a transaction that writes is alone already.
pub(in crate::usage) async fn lock(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<(), DbError> {
    if tx.dialect() == Dialect::Postgres {
        let lock = Sql::new("SELECT 1::BIGINT FROM organisations WHERE id = $1 FOR NO KEY UPDATE");
        tx.one::<(i64,)>(lock.bind(organisation)).await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: BudgetId,
    user_id: Option<UserId>,
    case_id: Option<CaseId>,
    period: String,
    soft_paise: Option<i64>,
    hard_paise: Option<i64>,
    soft_told: Option<String>,
    hard_told: Option<String>,
    name: Option<String>,
    spent: i64,
    reserved: i64,
}

impl From<Row> for Standing {
    fn from(row: Row) -> Self {
        let subject = match (row.user_id, row.case_id) {
            (Some(user), _) => Subject::User(user),
            (None, Some(case)) => Subject::Case(case),
            (None, None) => Subject::Chamber,
        };
        Self {
            id: row.id,
            subject,
            name: row.name,
            span: if row.period == "ever" { Span::Ever } else { Span::Month },
            limits: Limits { soft: row.soft_paise.map(Paise), hard: row.hard_paise.map(Paise) },
            spent: Paise(row.spent),
            reserved: Paise(row.reserved),
            soft_told: row.soft_told,
            hard_told: row.hard_told,
        }
    }
}

/// Budgets with what was spent since `$2` and what is set aside: in one statement, so
/// that a call that settles meanwhile is in one of both sums and never in none.
macro_rules! standing {
    ($name:literal, $rest:literal) => {
        concat!(
            "SELECT b.id, b.user_id, b.case_id, b.period, b.soft_paise, b.hard_paise, b.soft_told,
                 b.hard_told, ",
            $name,
            " AS name,
             CAST(coalesce(CASE
                 WHEN b.case_id IS NOT NULL THEN
                     (SELECT SUM(l.cost_paise) FROM model_calls l
                      WHERE l.case_id = b.case_id AND (b.period = 'ever' OR l.at >= $2))
                 WHEN b.user_id IS NOT NULL THEN
                     (SELECT SUM(l.cost_paise) FROM model_calls l
                      WHERE l.user_id = b.user_id AND l.at >= $2)
                 ELSE (SELECT SUM(l.cost_paise) FROM model_calls l
                       WHERE l.organisation_id = b.organisation_id AND l.at >= $2)
             END, 0) AS BIGINT) AS spent,
             CAST(coalesce((SELECT SUM(r.paise) FROM reservations r
                            WHERE r.organisation_id = b.organisation_id
                              AND (b.user_id IS NULL OR r.user_id = b.user_id)
                              AND (b.case_id IS NULL OR r.case_id = b.case_id)), 0)
                  AS BIGINT) AS reserved
             FROM budgets b
             LEFT JOIN users u ON u.id = b.user_id
             LEFT JOIN cases c ON c.id = b.case_id
             WHERE b.organisation_id = $1 AND ",
            $rest
        )
    };
}

/// How the budgets stand that a call on an account goes by.
pub(in crate::usage) async fn of(
    tx: &mut Tx,
    account: &Account,
    since: DateTime<Utc>,
) -> Result<Vec<Standing>, DbError> {
    let select = statement!(standing!(
        "CAST(NULL AS TEXT)",
        "((b.user_id IS NULL AND b.case_id IS NULL) OR b.user_id = $3 OR b.case_id = $4)
         ORDER BY b.id"
    ));
    let select = select.bind(account.organisation).bind(since);
    let rows: Vec<Row> = tx.all(select.bind(account.user).bind(account.case)).await?;
    Ok(rows.into_iter().map(Standing::from).collect())
}

/// How every budget of the caller's organisation stands.
pub(in crate::usage) async fn all(
    tx: &mut Tx,
    scope: &Scope,
    since: DateTime<Utc>,
) -> Result<Vec<Standing>, DbError> {
    let select = statement!(standing!(
        "CASE WHEN b.user_id IS NOT NULL THEN u.name
              WHEN b.case_id IS NULL THEN 'The chamber'
              WHEN $3 OR EXISTS (SELECT 1 FROM known_cases m
                                 WHERE m.case_id = b.case_id AND m.user_id = $4) THEN c.title
         END",
        "TRUE ORDER BY b.user_id IS NOT NULL, b.case_id IS NOT NULL, b.id LIMIT 1000"
    ));
    let select = select.bind(scope.organisation()).bind(since);
    let rows: Vec<Row> = tx.all(select.bind(scope.sees_all()).bind(scope.user())).await?;
    Ok(rows.into_iter().map(Standing::from).collect())
}

#[derive(sqlx::FromRow)]
struct There {
    there: bool,
}

/// Whether a subject is of the caller's organisation and known to them.
pub(in crate::usage) async fn is_there(
    tx: &mut Tx,
    scope: &Scope,
    subject: Subject,
) -> Result<bool, DbError> {
    let select = match subject {
        Subject::Chamber => return Ok(true),
        Subject::User(user) => statement!(
            "SELECT EXISTS (SELECT 1 FROM users
                            WHERE organisation_id = $1 AND id = $2 AND role <> 'client') AS there"
        )
        .bind(scope.organisation())
        .bind(user),
        Subject::Case(case) => statement!(
            "SELECT EXISTS (SELECT 1 FROM known_cases m JOIN cases c ON c.id = m.case_id
                            WHERE c.organisation_id = $1 AND c.id = $2 AND m.user_id = $3) AS there"
        )
        .bind(scope.organisation())
        .bind(case)
        .bind(scope.user()),
    };
    Ok(tx.one::<There>(select).await?.there)
}

pub(in crate::usage) async fn set(
    tx: &mut Tx,
    scope: &Scope,
    id: BudgetId,
    (subject, span): (Subject, Span),
    limits: Limits,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let (subject_id, user, case) = match subject {
        Subject::Chamber => (scope.organisation().uuid(), None, None),
        Subject::User(user) => (user.uuid(), Some(user), None),
        Subject::Case(case) => (case.uuid(), None, Some(case)),
    };
    let upsert = statement!(
        "INSERT INTO budgets (id, organisation_id, subject_id, user_id, case_id, period, soft_paise,
             hard_paise, soft_told, hard_told, changed_by, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, $9, $10)
         ON CONFLICT (organisation_id, subject_id, period) DO UPDATE
         SET soft_paise = excluded.soft_paise, hard_paise = excluded.hard_paise,
             changed_by = excluded.changed_by, changed_at = excluded.changed_at"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(subject_id)
    .bind(user)
    .bind(case)
    .bind(span.as_str())
    .bind(limits.soft)
    .bind(limits.hard)
    .bind(scope.user())
    .bind(now);
    tx.execute(upsert).await.map(drop)
}

pub(in crate::usage) async fn remove(tx: &mut Tx, id: BudgetId) -> Result<(), DbError> {
    tx.execute(statement!("DELETE FROM budgets WHERE id = $1").bind(id)).await.map(drop)
}

/// Notes that the admins are told of a line; false where they were, for this month.
pub(in crate::usage) async fn tell(
    tx: &mut Tx,
    id: BudgetId,
    line: Line,
    month: &str,
) -> Result<bool, DbError> {
    let update = match line {
        Line::Soft => statement!(
            "UPDATE budgets SET soft_told = $2
             WHERE id = $1 AND (soft_told IS NULL OR soft_told <> $2)"
        ),
        Line::Hard => statement!(
            "UPDATE budgets SET hard_told = $2
             WHERE id = $1 AND (hard_told IS NULL OR hard_told <> $2)"
        ),
    };
    Ok(tx.execute(update.bind(id).bind(month)).await? == 1)
}

#[derive(sqlx::FromRow)]
pub(in crate::usage) struct Admin {
    pub(in crate::usage) organisation_id: OrganisationId,
    pub(in crate::usage) email: String,
}

/// The admins of a budget's organisation.
pub(in crate::usage) async fn admins(tx: &mut Tx, id: BudgetId) -> Result<Vec<Admin>, DbError> {
    let select = statement!(
        "SELECT u.organisation_id, u.email
         FROM budgets b JOIN users u ON u.organisation_id = b.organisation_id
         WHERE b.id = $1 AND u.role = 'admin' AND u.active ORDER BY u.id LIMIT 100"
    );
    tx.all(select.bind(id)).await
}

/// Sets money aside.
pub(in crate::usage) async fn hold(tx: &mut Tx, held: Held<'_>) -> Result<(), DbError> {
    let Held { id, account, provider, model, tokens, price, cost, at } = held;
    let insert = statement!(
        "INSERT INTO reservations (id, organisation_id, user_id, case_id, conversation_id, purpose,
             provider, model, prompt_hash, tokens_in, tokens_out, tokens_embedded, price_id,
             microdollars, paise, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    )
    .bind(id)
    .bind(account.organisation)
    .bind(account.user)
    .bind(account.case)
    .bind(account.conversation)
    .bind(account.purpose)
    .bind(provider)
    .bind(model)
    .bind(account.prompt_hash.clone())
    .bind(super::count(tokens.input))
    .bind(super::count(tokens.output))
    .bind(super::count(tokens.embedded))
    .bind(price)
    .bind(cost.microdollars)
    .bind(cost.paise)
    .bind(at);
    tx.execute(insert).await.map(drop)
}

/// Gives money back; false where it was not set aside any more.
pub(in crate::usage) async fn release(tx: &mut Tx, id: CallId) -> Result<bool, DbError> {
    let delete = statement!("DELETE FROM reservations WHERE id = $1").bind(id);
    Ok(tx.execute(delete).await? == 1)
}

/// Money set aside.
#[derive(sqlx::FromRow)]
pub(in crate::usage) struct Kept {
    pub(in crate::usage) id: CallId,
    organisation_id: OrganisationId,
    user_id: Option<UserId>,
    case_id: Option<CaseId>,
    conversation_id: Option<Uuid>,
    purpose: String,
    provider: String,
    model: String,
    prompt_hash: Option<String>,
    tokens_in: i64,
    tokens_out: i64,
    tokens_embedded: i64,
    price_id: Option<Uuid>,
    microdollars: i64,
    paise: i64,
    at: DateTime<Utc>,
}

/// What was set aside up to a moment.
pub(in crate::usage) async fn held_since(
    tx: &mut Tx,
    before: DateTime<Utc>,
) -> Result<Vec<Kept>, DbError> {
    let select = statement!(
        "SELECT id, organisation_id, user_id, case_id, conversation_id, purpose, provider, model,
             prompt_hash, tokens_in, tokens_out, tokens_embedded, price_id, microdollars, paise, at
         FROM reservations WHERE at <= $1 ORDER BY at, id LIMIT 1000"
    );
    tx.all(select.bind(before)).await
}

/// Books a call whose end is not known at the worst it may have cost.
pub(in crate::usage) async fn book_lost(tx: &mut Tx, kept: Kept) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO model_calls (id, organisation_id, user_id, case_id, conversation_id, purpose,
             provider, model, prompt_hash, tokens_in, tokens_cached, tokens_out, tokens_reasoning,
             tokens_embedded, estimated, price_id, cost_microdollars, cost_paise, latency_ms,
             outcome, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, 0, $12, TRUE, $13, $14, $15, 0,
             'lost', $16)"
    )
    .bind(kept.id)
    .bind(kept.organisation_id)
    .bind(kept.user_id)
    .bind(kept.case_id)
    .bind(kept.conversation_id)
    .bind(kept.purpose)
    .bind(kept.provider)
    .bind(kept.model)
    .bind(kept.prompt_hash)
    .bind(kept.tokens_in)
    .bind(kept.tokens_out)
    .bind(kept.tokens_embedded)
    .bind(kept.price_id)
    .bind(kept.microdollars)
    .bind(kept.paise)
    .bind(kept.at);
    tx.execute(insert).await.map(drop)
}

/// Puts a call right that was booked as lost; false where there is none, or it stands on
/// a bill already.
pub(in crate::usage) async fn put_right(
    tx: &mut Tx,
    row: &CallRow,
    call: &Call,
    cost: Cost,
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE model_calls
         SET tokens_in = $2, tokens_cached = $3, tokens_out = $4, tokens_reasoning = $5,
             tokens_embedded = $6, estimated = $7, cost_microdollars = $8, cost_paise = $9,
             latency_ms = $10, outcome = $11
         WHERE id = $1 AND outcome = 'lost' AND invoice_line_id IS NULL"
    )
    .bind(row.id)
    .bind(super::count(call.tokens.input))
    .bind(super::count(call.tokens.cached))
    .bind(super::count(call.tokens.output))
    .bind(super::count(call.tokens.reasoning))
    .bind(super::count(call.tokens.embedded))
    .bind(call.tokens.estimated)
    .bind(cost.microdollars)
    .bind(cost.paise)
    .bind(call.latency_ms)
    .bind(call.outcome.as_str());
    Ok(tx.execute(update).await? == 1)
}
