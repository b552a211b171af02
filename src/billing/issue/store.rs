//! The statements that fix a bill, and read what was fixed.

use chrono::NaiveDate;

use super::Settled;
use crate::billing::amounts::LineTax;
use crate::billing::gst::Decision;
use crate::billing::reckon::Reckoned;
use crate::billing::store::day;
use crate::db::{DbError, Tx};
use crate::kernel::{InvoiceId, InvoiceLineId, Paise, Scope};
use crate::statement;

pub(super) async fn fix(
    tx: &mut Tx,
    scope: &Scope,
    id: InvoiceId,
    (number, on, due): (&str, NaiveDate, NaiveDate),
    reckoned: &Reckoned,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE invoices SET status = 'issued', number = $2, issued_on = $3, due_on = $4,
             kind = $5, total_paise = $6, taxable_paise = $7, tax_paise = $8,
             round_off_paise = $9, reverse_charge = $10, place_of_supply = $11, issued_by = $12
         WHERE id = $1 AND status = 'draft'"
    );
    let update = update
        .bind(id)
        .bind(number)
        .bind(on.to_string())
        .bind(due.to_string())
        .bind(reckoned.kind.as_str())
        .bind(reckoned.totals.total)
        .bind(reckoned.totals.taxable)
        .bind(reckoned.totals.tax.sum())
        .bind(reckoned.totals.round_off)
        .bind(reckoned.reverse_charge)
        .bind(reckoned.place.code.as_str())
        .bind(scope.user());
    tx.execute(update).await.map(drop)
}

pub(super) async fn fix_line(
    tx: &mut Tx,
    line: InvoiceLineId,
    decision: &Decision,
    tax: LineTax,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE invoice_lines SET gst = $2, gst_reason = $3, cgst_paise = $4, sgst_paise = $5,
             igst_paise = $6
         WHERE id = $1"
    );
    let update = update
        .bind(line)
        .bind(decision.treatment.as_str())
        .bind(decision.reason.as_str())
        .bind(tax.cgst)
        .bind(tax.sgst)
        .bind(tax.igst);
    tx.execute(update).await.map(drop)
}

#[derive(sqlx::FromRow)]
pub(super) struct Fixed {
    pub(super) taxable_paise: Option<i64>,
    pub(super) tax_paise: Option<i64>,
    pub(super) round_off_paise: Option<i64>,
    pub(super) reverse_charge: Option<bool>,
    pub(super) place_of_supply: Option<String>,
    pub(super) note: Option<String>,
    pub(super) cancel_reason: Option<String>,
    pub(super) sha256: Option<String>,
}

pub(super) async fn fixed(tx: &mut Tx, id: InvoiceId) -> Result<Fixed, DbError> {
    let select = statement!(
        "SELECT i.taxable_paise, i.tax_paise, i.round_off_paise, i.reverse_charge,
             i.place_of_supply, i.note, i.cancel_reason, p.sha256
         FROM invoices i LEFT JOIN issued_papers p ON p.invoice_id = i.id WHERE i.id = $1"
    );
    tx.one(select.bind(id)).await
}

#[derive(sqlx::FromRow)]
struct SettledRow {
    received_on: String,
    amount_paise: i64,
    tds_paise: i64,
    receipt: Option<String>,
    from_ledger: bool,
}

pub(in crate::billing) async fn settled(
    tx: &mut Tx,
    id: InvoiceId,
) -> Result<Vec<Settled>, DbError> {
    let select = statement!(
        "SELECT p.received_on, p.amount_paise, p.tds_paise, r.number AS receipt,
             (p.ledger_entry_id IS NOT NULL) AS from_ledger
         FROM payments p LEFT JOIN client_payments r ON r.id = p.receipt_id
         WHERE p.invoice_id = $1 ORDER BY p.received_on, p.id LIMIT 1000"
    );
    let rows = tx.all::<SettledRow>(select.bind(id)).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Settled {
                on: day("payments", "received_on", &row.received_on)?,
                amount: Paise(row.amount_paise),
                tds: Paise(row.tds_paise),
                receipt: row.receipt,
                from_ledger: row.from_ledger,
            })
        })
        .collect()
}
