//! The statements of numbers.

use chrono::NaiveDate;

use super::Series;
use crate::db::{DbError, Tx};
use crate::kernel::OrganisationId;
use crate::statement;

/// Begins a series, unless it has begun.
pub(super) async fn begin(
    tx: &mut Tx,
    organisation: OrganisationId,
    year: &str,
    series: Series,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO number_series (organisation_id, financial_year, series, last_number, last_day)
         VALUES ($1, $2, $3, 0, '')
         ON CONFLICT (organisation_id, financial_year, series) DO NOTHING"
    );
    tx.execute(insert.bind(organisation).bind(year).bind(series.as_str())).await.map(drop)
}

/// Takes the next number; says how many rows that were, which is none when the day is
/// before the last one's.
pub(super) async fn take(
    tx: &mut Tx,
    organisation: OrganisationId,
    (year, series): (&str, Series),
    day: NaiveDate,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE number_series SET last_number = last_number + 1, last_day = $4
         WHERE organisation_id = $1 AND financial_year = $2 AND series = $3 AND last_day <= $4"
    );
    let update = update.bind(organisation).bind(year).bind(series.as_str());
    tx.execute(update.bind(day.to_string())).await
}

#[derive(sqlx::FromRow)]
pub(super) struct Last {
    pub(super) last_number: i64,
    pub(super) last_day: String,
}

pub(super) async fn last(
    tx: &mut Tx,
    organisation: OrganisationId,
    year: &str,
    series: Series,
) -> Result<Last, DbError> {
    let select = statement!(
        "SELECT last_number, last_day FROM number_series
         WHERE organisation_id = $1 AND financial_year = $2 AND series = $3"
    );
    tx.one(select.bind(organisation).bind(year).bind(series.as_str())).await
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

/// Whether an invoice has a number already.
pub(super) async fn is_taken(
    tx: &mut Tx,
    organisation: OrganisationId,
    number: &str,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM invoices WHERE organisation_id = $1 AND number = $2"
    );
    Ok(tx.one::<Count>(select.bind(organisation).bind(number)).await?.count > 0)
}
