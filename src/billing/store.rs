//! Every statement the billing area runs.

use chrono::NaiveDate;

use super::reckon::PaperKind;
use super::{Invoice, Invoices};
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{CaseId, ClientId, InvoiceId, Paise, Scope};
use crate::statement;

/// Binds what every read of money needs: `$1` to `$3`.
pub(in crate::billing) fn seen_by(sql: Sql, scope: &Scope) -> Sql {
    sql.bind(scope.organisation()).bind(scope.sees_all()).bind(scope.user())
}

/// Reads a stored day.
pub(in crate::billing) fn day(
    table: &'static str,
    column: &'static str,
    text: &str,
) -> Result<NaiveDate, DbError> {
    text.parse().map_err(|_| DbError::Inconsistent { table, column, value: text.to_owned() })
}

/// Who pays for a case.
#[derive(sqlx::FromRow)]
pub(super) struct Payer {
    pub(super) client_id: Option<ClientId>,
}

/// Who pays for a case whose money the caller may see.
pub(super) async fn payer_of(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
) -> Result<Option<Payer>, DbError> {
    let select = statement!(
        "SELECT c.client_id FROM cases c
         WHERE c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM billed_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))
           AND c.id = $4"
    );
    tx.optional(seen_by(select, scope).bind(case)).await
}

/// Whether the caller may see the money of a case.
pub(super) async fn sees(tx: &mut Tx, scope: &Scope, case: CaseId) -> Result<bool, DbError> {
    Ok(payer_of(tx, scope, case).await?.is_some())
}

/// Invoices and drafts the caller may see the money of.
macro_rules! visible_invoices {
    () => {
        " FROM invoices i
         JOIN clients k ON k.id = i.client_id
         LEFT JOIN cases c ON c.id = i.case_id
         WHERE i.organisation_id = $1
           AND ($2
                OR (i.case_id IS NOT NULL
                    AND EXISTS (SELECT 1 FROM billed_cases m
                                WHERE m.case_id = i.case_id AND m.user_id = $3))
                OR (i.case_id IS NULL
                    AND EXISTS (SELECT 1 FROM known_clients n JOIN users u ON u.id = n.user_id
                                WHERE n.client_id = i.client_id AND n.user_id = $3
                                  AND u.role IN ('admin', 'billing'))))"
    };
}
pub(in crate::billing) use visible_invoices;

/// What is read of an invoice, before `visible_invoices`.
macro_rules! invoice_columns {
    () => {
        "SELECT i.id, i.number, i.status, i.kind, i.client_id, k.name AS client_name, i.case_id,
             c.title AS case_title, i.issued_on, i.due_on,
             coalesce(i.total_paise,
                      CAST(coalesce((SELECT SUM(l.amount_paise) FROM invoice_lines l
                                     WHERE l.invoice_id = i.id), 0) AS BIGINT)) AS total,
             CAST(coalesce((SELECT SUM(p.amount_paise) FROM payments p
                            WHERE p.invoice_id = i.id), 0) AS BIGINT) AS received,
             CAST(coalesce((SELECT SUM(p.tds_paise) FROM payments p
                            WHERE p.invoice_id = i.id), 0) AS BIGINT) AS tds,
             CAST(coalesce((SELECT SUM(n.amount_paise) FROM credit_notes n
                            WHERE n.invoice_id = i.id), 0) AS BIGINT) AS credited"
    };
}
pub(in crate::billing) use invoice_columns;

#[derive(sqlx::FromRow)]
pub(super) struct InvoiceRow {
    id: InvoiceId,
    number: Option<String>,
    status: String,
    kind: Option<String>,
    client_id: ClientId,
    client_name: String,
    case_id: Option<CaseId>,
    case_title: Option<String>,
    issued_on: Option<String>,
    due_on: Option<String>,
    total: i64,
    received: i64,
    tds: i64,
    credited: i64,
}

impl InvoiceRow {
    pub(super) fn invoice(self) -> Result<Invoice, DbError> {
        let table = "invoices";
        let issued_on = self.issued_on.unwrap_or_default();
        Ok(Invoice {
            id: self.id,
            number: self.number.unwrap_or_default(),
            cancelled: self.status == "cancelled",
            kind: self.kind.as_deref().and_then(PaperKind::parse),
            client_id: self.client_id,
            client_name: self.client_name,
            case_id: self.case_id,
            case_title: self.case_title,
            issued_on: day(table, "issued_on", &issued_on)?,
            due_on: self.due_on.map(|due| day(table, "due_on", &due)).transpose()?,
            total: Paise(self.total),
            paid: Paise(self.received) + Paise(self.tds),
            tds: Paise(self.tds),
            credited: Paise(self.credited),
        })
    }
}

pub(super) async fn invoices(
    tx: &mut Tx,
    scope: &Scope,
    asked: Invoices,
) -> Result<Vec<Invoice>, DbError> {
    let select = statement!(concat!(
        invoice_columns!(),
        visible_invoices!(),
        " AND (i.status = 'issued' OR ($4 AND i.status = 'cancelled'))
         AND ($5 OR i.case_id = $6) AND ($7 OR i.client_id = $8)
         ORDER BY i.issued_on DESC, i.id DESC LIMIT 20000"
    ));
    let select = seen_by(select, scope)
        .bind(asked.cancelled)
        .bind(asked.case.is_none())
        .bind(asked.case)
        .bind(asked.client.is_none())
        .bind(asked.client);
    tx.all::<InvoiceRow>(select).await?.into_iter().map(InvoiceRow::invoice).collect()
}

/// An invoice that was issued, also one that was cancelled.
pub(super) async fn invoice(
    tx: &mut Tx,
    scope: &Scope,
    id: InvoiceId,
) -> Result<Option<Invoice>, DbError> {
    let select = statement!(concat!(
        invoice_columns!(),
        visible_invoices!(),
        " AND i.status <> 'draft' AND i.id = $4"
    ));
    let found = tx.optional::<InvoiceRow>(seen_by(select, scope).bind(id)).await?;
    found.map(InvoiceRow::invoice).transpose()
}

/// An issued invoice nobody else pays, credits or cancels until the transaction ends.
pub(super) async fn lock_issued(
    tx: &mut Tx,
    scope: &Scope,
    id: InvoiceId,
) -> Result<Option<Invoice>, DbError> {
    let lock =
        statement!("UPDATE invoices SET status = 'issued' WHERE id = $1 AND status = 'issued'");
    if invoice(tx, scope, id).await?.is_none() || tx.execute(lock.bind(id)).await? != 1 {
        return Ok(None);
    }
    invoice(tx, scope, id).await
}
