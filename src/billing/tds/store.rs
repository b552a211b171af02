//! The statements of tax held back.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::Certificate;
use crate::billing::store::{day, seen_by, visible_invoices};
use crate::db::{DbError, Tx};
use crate::kernel::{ClientId, LedgerEntryId, Paise, Scope};
use crate::statement;

#[derive(sqlx::FromRow)]
struct HeldRow {
    client_id: ClientId,
    client_name: String,
    received_on: String,
    held: i64,
}

/// What was held back on bills the caller may see, by client and day.
pub(super) async fn held(
    tx: &mut Tx,
    scope: &Scope,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<(ClientId, String, NaiveDate, Paise)>, DbError> {
    let select = statement!(concat!(
        "SELECT k.id AS client_id, k.name AS client_name, p.received_on,
             CAST(SUM(p.tds_paise) AS BIGINT) AS held
         FROM payments p JOIN (SELECT i.id AS seen_id",
        visible_invoices!(),
        ") v ON v.seen_id = p.invoice_id
         JOIN invoices i ON i.id = p.invoice_id
         JOIN clients k ON k.id = i.client_id
         WHERE p.tds_paise <> 0 AND p.received_on >= $4 AND p.received_on <= $5
         GROUP BY k.id, k.name, p.received_on ORDER BY k.name, k.id, p.received_on LIMIT 20000"
    ));
    let select = seen_by(select, scope).bind(from.to_string()).bind(to.to_string());
    let rows = tx.all::<HeldRow>(select).await?;
    rows.into_iter()
        .map(|row| {
            let on = day("payments", "received_on", &row.received_on)?;
            Ok((row.client_id, row.client_name, on, Paise(row.held)))
        })
        .collect()
}

#[derive(sqlx::FromRow)]
struct CertificateRow {
    client_id: ClientId,
    quarter: i64,
    number: String,
    amount_paise: i64,
}

pub(super) async fn certificates(
    tx: &mut Tx,
    scope: &Scope,
    year: &str,
) -> Result<Vec<Certificate>, DbError> {
    let select = statement!(
        "SELECT t.client_id, t.quarter, t.number, t.amount_paise FROM tds_certificates t
         JOIN known_clients m ON m.client_id = t.client_id AND m.user_id = $2
         WHERE t.organisation_id = $1 AND t.financial_year = $3
         ORDER BY t.client_id, t.quarter LIMIT 10000"
    );
    let select = select.bind(scope.organisation()).bind(scope.user()).bind(year);
    let rows = tx.all::<CertificateRow>(select).await?;
    let certificate = |row: CertificateRow| Certificate {
        client: row.client_id,
        year: year.to_owned(),
        quarter: u32::try_from(row.quarter).unwrap_or(0),
        number: row.number,
        amount: Paise(row.amount_paise),
    };
    Ok(rows.into_iter().map(certificate).collect())
}

pub(super) async fn keep(
    tx: &mut Tx,
    scope: &Scope,
    new: &Certificate,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let upsert = statement!(
        "INSERT INTO tds_certificates (id, organisation_id, client_id, financial_year, quarter,
             number, amount_paise, entered_by, entered_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (client_id, financial_year, quarter) DO UPDATE SET
             number = excluded.number, amount_paise = excluded.amount_paise,
             entered_by = excluded.entered_by, entered_at = excluded.entered_at"
    );
    let id: Uuid = LedgerEntryId::new().uuid();
    let upsert = upsert
        .bind(id)
        .bind(scope.organisation())
        .bind(new.client)
        .bind(new.year.as_str())
        .bind(new.quarter)
        .bind(new.number.as_str())
        .bind(new.amount)
        .bind(scope.user())
        .bind(now);
    tx.execute(upsert).await.map(drop)
}
