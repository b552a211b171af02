//! The statements of credit notes.

use chrono::{DateTime, Utc};

use super::CreditNote;
use crate::billing::amounts::LineTax;
use crate::billing::store::day;
use crate::db::{DbError, Tx};
use crate::kernel::{ClientId, CreditNoteId, InvoiceId, Paise, Scope};
use crate::statement;

pub(super) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    client: ClientId,
    note: &CreditNote,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO credit_notes (id, organisation_id, invoice_id, client_id, number, issued_on,
             reason, amount_paise, tax_paise, issued_by, issued_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let insert = insert
        .bind(note.id)
        .bind(scope.organisation())
        .bind(note.invoice_id)
        .bind(client)
        .bind(note.number.as_str())
        .bind(note.on.to_string())
        .bind(note.reason.as_str())
        .bind(note.amount)
        .bind(note.tax)
        .bind(scope.user())
        .bind(now);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn cancel(tx: &mut Tx, invoice: InvoiceId, reason: &str) -> Result<(), DbError> {
    let update =
        statement!("UPDATE invoices SET status = 'cancelled', cancel_reason = $2 WHERE id = $1");
    tx.execute(update.bind(invoice).bind(reason)).await.map(drop)
}

/// Calls of models that stood on a bill stand on none.
pub(super) async fn release_calls(tx: &mut Tx, invoice: InvoiceId) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE model_calls SET invoice_line_id = NULL
         WHERE invoice_line_id IN (SELECT l.id FROM invoice_lines l WHERE l.invoice_id = $1)"
    );
    tx.execute(update.bind(invoice)).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct TaxRow {
    cgst: i64,
    sgst: i64,
    igst: i64,
}

/// The tax that a bill added; none for those of before.
pub(super) async fn tax_of(tx: &mut Tx, invoice: InvoiceId) -> Result<LineTax, DbError> {
    let select = statement!(
        "SELECT CAST(coalesce(SUM(cgst_paise), 0) AS BIGINT) AS cgst,
             CAST(coalesce(SUM(sgst_paise), 0) AS BIGINT) AS sgst,
             CAST(coalesce(SUM(igst_paise), 0) AS BIGINT) AS igst
         FROM invoice_lines WHERE invoice_id = $1"
    );
    let TaxRow { cgst, sgst, igst } = tx.one(select.bind(invoice)).await?;
    Ok(LineTax { cgst: Paise(cgst), sgst: Paise(sgst), igst: Paise(igst) })
}

pub(super) async fn invoice_of(
    tx: &mut Tx,
    id: CreditNoteId,
) -> Result<Option<InvoiceId>, DbError> {
    let select = statement!("SELECT invoice_id FROM credit_notes WHERE id = $1");
    Ok(tx.optional::<(InvoiceId,)>(select.bind(id)).await?.map(|(id,)| id))
}

#[derive(sqlx::FromRow)]
struct NoteRow {
    id: CreditNoteId,
    number: String,
    invoice_id: InvoiceId,
    issued_on: String,
    reason: String,
    amount_paise: i64,
    tax_paise: i64,
}

/// The credit notes of a bill, the first first.
pub(in crate::billing) async fn of_invoice(
    tx: &mut Tx,
    invoice: InvoiceId,
) -> Result<Vec<CreditNote>, DbError> {
    let select = statement!(
        "SELECT id, number, invoice_id, issued_on, reason, amount_paise, tax_paise
         FROM credit_notes WHERE invoice_id = $1 ORDER BY issued_on, id LIMIT 500"
    );
    let rows = tx.all::<NoteRow>(select.bind(invoice)).await?;
    rows.into_iter()
        .map(|row| {
            Ok(CreditNote {
                id: row.id,
                number: row.number,
                invoice_id: row.invoice_id,
                on: day("credit_notes", "issued_on", &row.issued_on)?,
                reason: row.reason,
                amount: Paise(row.amount_paise),
                tax: Paise(row.tax_paise),
            })
        })
        .collect()
}
