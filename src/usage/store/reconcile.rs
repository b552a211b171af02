//! The statements of providers' reports.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use crate::db::{DbError, Dialect, Sql, Tx};
use crate::kernel::{CallId, OrganisationId, ProviderReportId, Scope};
use crate::statement;
use crate::usage::reconcile::{ProviderReport, TheirLine};

/// A report to be kept.
pub(in crate::usage) struct New<'a> {
    pub(in crate::usage) id: ProviderReportId,
    pub(in crate::usage) provider: &'a str,
    pub(in crate::usage) columns: Value,
    pub(in crate::usage) unread: Value,
    pub(in crate::usage) at: DateTime<Utc>,
}

pub(in crate::usage) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    new: New<'_>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO provider_reports (id, organisation_id, provider, columns, unread, imported_by,
             imported_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(new.id)
    .bind(scope.organisation())
    .bind(new.provider)
    .bind(new.columns)
    .bind(new.unread)
    .bind(scope.user())
    .bind(new.at);
    tx.execute(insert).await.map(drop)
}

pub(in crate::usage) async fn insert_line(
    tx: &mut Tx,
    report: ProviderReportId,
    line: &TheirLine,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO provider_report_lines (id, report_id, day, model, requests, tokens_in,
             tokens_cached, tokens_out, cost_microdollars)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(CallId::new().uuid())
    .bind(report)
    .bind(line.day.as_str())
    .bind(line.model.as_str())
    .bind(line.requests)
    .bind(line.tokens_in)
    .bind(line.tokens_cached)
    .bind(line.tokens_out)
    .bind(line.cost_microdollars);
    tx.execute(insert).await.map(drop)
}

macro_rules! report {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.provider, r.columns, r.unread, r.imported_by, u.name AS importer,
                 r.imported_at
             FROM provider_reports r JOIN users u ON u.id = r.imported_by
             WHERE r.organisation_id = $1 ",
            $rest
        )
    };
}

pub(in crate::usage) async fn all(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Vec<ProviderReport>, DbError> {
    let select = statement!(report!("ORDER BY r.imported_at DESC, r.id LIMIT 200"));
    tx.all(select.bind(organisation)).await
}

pub(in crate::usage) async fn one(
    tx: &mut Tx,
    organisation: OrganisationId,
    id: ProviderReportId,
) -> Result<Option<ProviderReport>, DbError> {
    tx.optional(statement!(report!("AND r.id = $2")).bind(organisation).bind(id)).await
}

pub(in crate::usage) async fn lines(
    tx: &mut Tx,
    report: ProviderReportId,
) -> Result<Vec<TheirLine>, DbError> {
    let select = statement!(
        "SELECT day, model, requests, tokens_in, tokens_cached, tokens_out, cost_microdollars
         FROM provider_report_lines WHERE report_id = $1 ORDER BY day, model, id LIMIT 50000"
    );
    tx.all(select.bind(report)).await
}

macro_rules! ours {
    ($day:literal) => {
        concat!(
            "SELECT ",
            $day,
            " AS day, l.model AS model, COUNT(*) AS requests,
                 CAST(SUM(l.tokens_in + l.tokens_embedded) AS BIGINT) AS tokens_in,
                 CAST(SUM(l.tokens_cached) AS BIGINT) AS tokens_cached,
                 CAST(SUM(l.tokens_out) AS BIGINT) AS tokens_out,
                 CAST(SUM(l.cost_microdollars) AS BIGINT) AS cost_microdollars
             FROM model_calls l
             WHERE l.organisation_id = $1 AND l.provider = $2 AND l.at >= $3 AND l.at < $4
               AND l.purpose <> 'cache'
             GROUP BY ",
            $day,
            ", l.model ORDER BY day, model LIMIT 50000"
        )
    };
}

/// What the ledger has of a provider on some days, both ends included.
pub(in crate::usage) async fn ours(
    tx: &mut Tx,
    organisation: OrganisationId,
    provider: &str,
    (first, last): (&str, &str),
) -> Result<Vec<TheirLine>, DbError> {
    let select = match tx.dialect() {
        Dialect::Sqlite => Sql::new(ours!("substr(l.at, 1, 10)")),
        Dialect::Postgres => Sql::new(ours!("to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD')")),
    };
    let day = |text: &str| text.parse::<NaiveDate>().unwrap_or_default();
    let until = day(last).succ_opt().unwrap_or_default();
    let start = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc();
    let select = select.bind(organisation).bind(provider);
    tx.all(select.bind(start(day(first))).bind(start(until))).await
}
