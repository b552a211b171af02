//! Every statement the ledger runs.

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub(super) mod budgets;
pub(super) mod calls;
pub(super) mod prices;
pub(super) mod reconcile;

use super::{By, Call, Cost, Line, Price};
use crate::db::{DbError, Dialect, Sql, Tx};
use crate::kernel::{CallId, MicroDollars, OrganisationId, Paise, Scope};
use crate::statement;

pub(super) async fn find_price(
    tx: &mut Tx,
    provider: &str,
    model: &str,
    at: DateTime<Utc>,
) -> Result<Option<Price>, DbError> {
    let select = statement!(
        "SELECT id, input_per_million, cached_per_million, output_per_million FROM price_book
         WHERE provider = $1 AND model = $2 AND valid_from <= $3
         ORDER BY valid_from DESC LIMIT 1"
    );
    tx.optional(select.bind(provider).bind(model).bind(at)).await
}

#[derive(sqlx::FromRow)]
struct Rate {
    tokens: i64,
    ms: i64,
}

/// Tokens a second over the last calls that embedded passages.
pub(super) async fn embedding_rate(
    tx: &mut Tx,
    organisation: OrganisationId,
    provider: &str,
    model: &str,
) -> Result<Option<f64>, DbError> {
    let select = statement!(
        "SELECT CAST(coalesce(SUM(r.tokens_embedded), 0) AS BIGINT) AS tokens,
             CAST(coalesce(SUM(r.latency_ms), 0) AS BIGINT) AS ms
         FROM (SELECT tokens_embedded, latency_ms FROM model_calls
               WHERE organisation_id = $1 AND provider = $2 AND model = $3
                 AND outcome = 'answered' AND purpose <> 'embed.query'
               ORDER BY at DESC LIMIT 200) r"
    );
    let Rate { tokens, ms } = tx.one(select.bind(organisation).bind(provider).bind(model)).await?;
    if tokens == 0 {
        return Ok(None);
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate needs no more than 52 bits")]
    Ok(Some(tokens as f64 * 1_000.0 / ms.max(1) as f64))
}

/// What the ledger adds to a call.
pub(super) struct CallRow {
    pub(super) id: CallId,
    pub(super) price: Option<Uuid>,
    pub(super) at: DateTime<Utc>,
}

fn count(tokens: u64) -> i64 {
    i64::try_from(tokens).unwrap_or(i64::MAX)
}

/// Notes what a row that stands for no call saved.
pub(super) async fn set_saved(
    tx: &mut Tx,
    id: CallId,
    (microdollars, paise): (MicroDollars, Paise),
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE model_calls SET saved_microdollars = $2, saved_paise = $3 WHERE id = $1"
    );
    tx.execute(update.bind(id).bind(microdollars).bind(paise)).await.map(drop)
}

pub(super) async fn insert_call(
    tx: &mut Tx,
    row: CallRow,
    call: Call,
    cost: Cost,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO model_calls (id, organisation_id, user_id, case_id, conversation_id, purpose,
             provider, model, prompt_hash, tokens_in, tokens_cached, tokens_out, tokens_reasoning,
             tokens_embedded, estimated, price_id, cost_microdollars, cost_paise, latency_ms,
             outcome, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
             $19, $20, $21)"
    )
    .bind(row.id)
    .bind(call.organisation)
    .bind(call.user)
    .bind(call.case)
    .bind(call.conversation)
    .bind(call.purpose)
    .bind(call.provider)
    .bind(call.model)
    .bind(call.prompt_hash)
    .bind(count(call.tokens.input))
    .bind(count(call.tokens.cached))
    .bind(count(call.tokens.output))
    .bind(count(call.tokens.reasoning))
    .bind(count(call.tokens.embedded))
    .bind(call.tokens.estimated)
    .bind(row.price)
    .bind(cost.microdollars)
    .bind(cost.paise)
    .bind(call.latency_ms)
    .bind(call.outcome.as_str())
    .bind(row.at);
    tx.execute(insert).await.map(drop)
}

/// The sums of a report; the label and its joins come before and after.
macro_rules! sums {
    ($label:literal, $id:literal, $group:literal, $order:literal) => {
        concat!(
            "SELECT ",
            $label,
            " AS label, ",
            $id,
            " AS id, COUNT(*) AS calls,
             COUNT(*) FILTER (WHERE l.outcome <> 'answered') AS failed,
             COUNT(*) FILTER (WHERE l.provider = 'documents') AS extractive,
             CAST(SUM(l.tokens_in) AS BIGINT) AS tokens_in,
             CAST(SUM(l.tokens_cached) AS BIGINT) AS tokens_cached,
             CAST(SUM(l.tokens_out) AS BIGINT) AS tokens_out,
             CAST(SUM(l.tokens_embedded) AS BIGINT) AS tokens_embedded,
             COUNT(*) FILTER (WHERE l.estimated) AS estimated,
             COUNT(*) FILTER (WHERE l.price_id IS NULL) AS unpriced,
             CAST(SUM(l.cost_microdollars) AS BIGINT) AS cost_microdollars,
             CAST(SUM(l.cost_paise) AS BIGINT) AS cost_paise,
             CAST(SUM(l.saved_microdollars) AS BIGINT) AS saved_microdollars,
             CAST(SUM(l.saved_paise) AS BIGINT) AS saved_paise
             FROM model_calls l
             LEFT JOIN users u ON u.id = l.user_id
             LEFT JOIN cases c ON c.id = l.case_id
              AND ($4 OR EXISTS (SELECT 1 FROM known_cases m
                                 WHERE m.case_id = l.case_id AND m.user_id = $5))
             WHERE l.organisation_id = $1 AND l.at >= $2 AND l.at < $3
             GROUP BY ",
            $group,
            $label,
            " ORDER BY ",
            $order,
            " LIMIT 1000"
        )
    };
}

pub(super) async fn report(
    tx: &mut Tx,
    scope: &Scope,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    by: By,
) -> Result<Vec<Line>, DbError> {
    let select = match (by, tx.dialect()) {
        (By::Day, Dialect::Sqlite) => {
            Sql::new(sums!("substr(l.at, 1, 10)", "CAST(NULL AS UUID)", "", "label"))
        }
        (By::Day, Dialect::Postgres) => Sql::new(sums!(
            "to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
            "CAST(NULL AS UUID)",
            "",
            "label"
        )),
        (By::User, _) => {
            statement!(sums!(
                "coalesce(u.name, 'The service itself')",
                "l.user_id",
                "l.user_id, ",
                "cost_paise DESC, label"
            ))
        }
        (By::Case, _) => {
            statement!(sums!(
                "CASE WHEN l.case_id IS NULL THEN 'All cases'
                 ELSE coalesce(c.title, 'Cases not open to you') END",
                "c.id",
                "c.id, ",
                "cost_paise DESC, label"
            ))
        }
        (By::Purpose, _) => {
            statement!(sums!("l.purpose", "CAST(NULL AS UUID)", "", "cost_paise DESC, label"))
        }
        (By::Provider, _) => {
            statement!(sums!("l.provider", "CAST(NULL AS UUID)", "", "cost_paise DESC, label"))
        }
        (By::Model, _) => {
            statement!(sums!(
                "concat(l.provider, ' / ', l.model)",
                "CAST(NULL AS UUID)",
                "",
                "cost_paise DESC, label"
            ))
        }
    };
    let select = select.bind(scope.organisation()).bind(from).bind(until);
    tx.all(select.bind(scope.sees_all()).bind(scope.user())).await
}
