//! The statements of single calls, of charts, and of calls on bills.

use chrono::{DateTime, Utc};

use crate::db::{DbError, Dialect, Sql, Tx};
use crate::kernel::{CallId, CaseId, InvoiceLineId, OrganisationId, Scope};
use crate::statement;
use crate::usage::calls::{CallFilter, CallLine};
use crate::usage::events::{AnswersWithoutModel, Struck};
use crate::usage::report::Stack;

macro_rules! call {
    ($rest:literal) => {
        concat!(
            "SELECT l.id, l.at, u.name AS user_name, c.id AS case_id, c.title AS case_title,
                 (l.case_id IS NOT NULL AND c.id IS NULL) AS case_hidden, l.purpose, l.provider,
                 l.model, l.prompt_hash, l.tokens_in, l.tokens_cached, l.tokens_out,
                 l.tokens_reasoning, l.tokens_embedded, l.estimated, p.valid_from AS price_from,
                 p.input_per_million, p.cached_per_million, p.output_per_million,
                 l.cost_microdollars, l.cost_paise, l.saved_paise, l.latency_ms, l.outcome,
                 (l.invoice_line_id IS NOT NULL) AS billed
             FROM model_calls l
             LEFT JOIN users u ON u.id = l.user_id
             LEFT JOIN price_book p ON p.id = l.price_id
             LEFT JOIN cases c ON c.id = l.case_id
              AND ($2 OR EXISTS (SELECT 1 FROM known_cases m
                                 WHERE m.case_id = l.case_id AND m.user_id = $3))
             WHERE l.organisation_id = $1 AND ",
            $rest
        )
    };
}

pub(in crate::usage) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &CallFilter,
    offset: i64,
    limit: i64,
) -> Result<Vec<CallLine>, DbError> {
    let CallFilter { period, user, case, provider, model, purpose, outcome } = filter;
    let (from, until) = period.bounds();
    let select = statement!(call!("l.at >= $4 AND l.at < $5 AND $6 >= 0 AND $7 >= 0"))
        .bind(scope.organisation())
        .bind(scope.sees_all())
        .bind(scope.user())
        .bind(from)
        .bind(until)
        .bind(limit)
        .bind(offset)
        .and_if("l.user_id =", *user)
        // By what the join lets through: a case that is not open has no calls.
        .and_if("c.id =", *case)
        .and_if("l.provider =", provider.clone())
        .and_if("l.model =", model.clone())
        .and_if("l.purpose =", purpose.clone())
        .and_if("l.outcome =", outcome.clone())
        .then(" ORDER BY l.at DESC, l.id DESC LIMIT $6 OFFSET $7");
    tx.all(select).await
}

pub(in crate::usage) async fn one(
    tx: &mut Tx,
    scope: &Scope,
    id: CallId,
) -> Result<Option<CallLine>, DbError> {
    let select = statement!(call!("l.id = $4"));
    let select = select.bind(scope.organisation()).bind(scope.sees_all()).bind(scope.user());
    tx.optional(select.bind(id)).await
}

macro_rules! stacks {
    ($day:literal) => {
        concat!(
            "SELECT ",
            $day,
            " AS day, concat(l.provider, ' / ', l.model) AS model,
                 CAST(SUM(l.cost_paise) AS BIGINT) AS cost_paise
             FROM model_calls l
             WHERE l.organisation_id = $1 AND l.at >= $2 AND l.at < $3
             GROUP BY ",
            $day,
            ", l.provider, l.model ORDER BY day, model LIMIT 20000"
        )
    };
}

pub(in crate::usage) async fn stacks(
    tx: &mut Tx,
    organisation: OrganisationId,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Stack>, DbError> {
    let select = match tx.dialect() {
        Dialect::Sqlite => Sql::new(stacks!("substr(l.at, 1, 10)")),
        Dialect::Postgres => Sql::new(stacks!("to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD')")),
    };
    tx.all(select.bind(organisation).bind(from).bind(until)).await
}

/// Puts the calls of a case that stand on no bill, or on a cancelled one, on a line of
/// another; says how many.
pub(in crate::usage) async fn put_on_line(
    tx: &mut Tx,
    case: CaseId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    line: InvoiceLineId,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE model_calls SET invoice_line_id = $4
         WHERE case_id = $1 AND at >= $2 AND at < $3 AND cost_paise > 0
           AND (invoice_line_id IS NULL
                OR EXISTS (SELECT 1 FROM invoice_lines n JOIN invoices i ON i.id = n.invoice_id
                           WHERE n.id = invoice_line_id AND i.status = 'cancelled'))"
    );
    tx.execute(update.bind(case).bind(from).bind(until).bind(line)).await
}

/// What the calls on a line of a bill cost together, in paise.
pub(in crate::usage) async fn on_line(tx: &mut Tx, line: InvoiceLineId) -> Result<i64, DbError> {
    let select = statement!(
        "SELECT CAST(coalesce(SUM(cost_paise), 0) AS BIGINT)
         FROM model_calls WHERE invoice_line_id = $1"
    );
    Ok(tx.one::<(i64,)>(select.bind(line)).await?.0)
}

/// How often answers were made without a model or finished without one, by their label.
pub(in crate::usage) async fn without_model(
    tx: &mut Tx,
    organisation: OrganisationId,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<AnswersWithoutModel>, DbError> {
    let select = statement!(
        "SELECT m.label AS label, COUNT(*) AS answers
         FROM messages m JOIN conversations v ON v.id = m.conversation_id
         WHERE v.organisation_id = $1 AND m.role = 'answer' AND m.created_at >= $2
           AND m.created_at < $3 AND m.label LIKE '%from the documents%'
         GROUP BY m.label ORDER BY answers DESC, label LIMIT 100"
    );
    tx.all(select.bind(organisation).bind(from).bind(until)).await
}

macro_rules! struck {
    ($length:literal) => {
        concat!(
            "SELECT COUNT(*) AS answers, COUNT(*) FILTER (WHERE ",
            $length,
            " > 0) AS with_removals, CAST(coalesce(SUM(",
            $length,
            "), 0) AS BIGINT) AS removals
             FROM messages m JOIN conversations v ON v.id = m.conversation_id
             WHERE v.organisation_id = $1 AND m.role = 'answer' AND m.created_at >= $2
               AND m.created_at < $3"
        )
    };
}

/// How many answers there were, and what was struck from them.
pub(in crate::usage) async fn struck(
    tx: &mut Tx,
    organisation: OrganisationId,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Struck, DbError> {
    let select = match tx.dialect() {
        Dialect::Sqlite => Sql::new(struck!("json_array_length(m.removed)")),
        Dialect::Postgres => Sql::new(struck!("jsonb_array_length(m.removed)")),
    };
    tx.one(select.bind(organisation).bind(from).bind(until)).await
}
