//! What an export tells of a client beside documents: contacts, hearings, bills, payments,
//! client money, what was asked of them and sent by them. Notes, tasks and the team's own
//! messages are the chamber's work and no part of it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::super::Export;
use crate::db::{DbError, Tx};
use crate::statement;

/// Somebody to be reached at a client.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct ContactRecord {
    pub(in crate::privacy) name: String,
    pub(in crate::privacy) post: Option<String>,
    pub(in crate::privacy) email: Option<String>,
    pub(in crate::privacy) phone: Option<String>,
}

/// What else is known of a client.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct ClientDetails {
    pub(in crate::privacy) language: String,
    pub(in crate::privacy) gstin: Option<String>,
    pub(in crate::privacy) pan: Option<String>,
    pub(in crate::privacy) state_code: Option<String>,
    pub(in crate::privacy) address: Option<String>,
}

/// A hearing that is not in doubt.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct HearingRecord {
    pub(in crate::privacy) case_title: String,
    pub(in crate::privacy) on_date: String,
    pub(in crate::privacy) outcome: Option<String>,
}

/// An issued invoice.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct InvoiceRecord {
    pub(in crate::privacy) number: Option<String>,
    pub(in crate::privacy) status: String,
    pub(in crate::privacy) issued_on: Option<String>,
    pub(in crate::privacy) due_on: Option<String>,
    pub(in crate::privacy) total_paise: i64,
}

/// A payment.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct ReceiptRecord {
    pub(in crate::privacy) number: String,
    pub(in crate::privacy) received_on: String,
    pub(in crate::privacy) amount_paise: i64,
    pub(in crate::privacy) tds_paise: i64,
    pub(in crate::privacy) reversed_on: Option<String>,
}

/// An entry of the client's money held by the chamber.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct MoneyRecord {
    pub(in crate::privacy) on_date: String,
    pub(in crate::privacy) kind: String,
    pub(in crate::privacy) amount_paise: i64,
    pub(in crate::privacy) balance_paise: i64,
    pub(in crate::privacy) description: String,
}

/// Something the chamber needed.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct RequestRecord {
    pub(in crate::privacy) case_title: String,
    pub(in crate::privacy) what: String,
    pub(in crate::privacy) due_on: Option<String>,
    pub(in crate::privacy) asked_at: DateTime<Utc>,
    pub(in crate::privacy) done_at: Option<DateTime<Utc>>,
}

/// A file the client sent.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct DeliveryRecord {
    pub(in crate::privacy) case_title: String,
    pub(in crate::privacy) file_name: String,
    pub(in crate::privacy) sent_at: DateTime<Utc>,
    pub(in crate::privacy) status: String,
    pub(in crate::privacy) note: Option<String>,
    pub(in crate::privacy) reason: Option<String>,
}

pub(in crate::privacy) async fn client_details(
    tx: &mut Tx,
    export: &Export,
) -> Result<Vec<ClientDetails>, DbError> {
    let select =
        statement!("SELECT language, gstin, pan, state_code, address FROM clients WHERE id = $1");
    tx.all(select.bind(export.client_id)).await
}

pub(in crate::privacy) async fn contacts_of(
    tx: &mut Tx,
    export: &Export,
) -> Result<Vec<ContactRecord>, DbError> {
    let select = statement!(
        "SELECT name, post, email, phone FROM client_contacts WHERE client_id = $1 ORDER BY name, id"
    );
    tx.all(select.bind(export.client_id)).await
}

pub(in crate::privacy) async fn hearings_of(
    tx: &mut Tx,
    export: &Export,
) -> Result<Vec<HearingRecord>, DbError> {
    let select = statement!(
        "SELECT c.title AS case_title, h.on_date, h.outcome
         FROM hearings h JOIN cases c ON c.id = h.case_id
         JOIN export_cases e ON e.case_id = c.id
         WHERE e.export_id = $1 AND c.client_id = $2 AND h.withdrawn_at IS NULL
           AND (h.outcome IS NOT NULL
                OR NOT EXISTS (SELECT 1 FROM hearing_claims k
                               WHERE k.became_id = h.id AND k.decision IS NULL))
         ORDER BY c.title, h.on_date, h.id"
    );
    tx.all(select.bind(export.id).bind(export.client_id)).await
}

pub(in crate::privacy) async fn invoices_of(
    tx: &mut Tx,
    export: &Export,
) -> Result<Vec<InvoiceRecord>, DbError> {
    let select = statement!(
        "SELECT i.number, i.status, i.issued_on, i.due_on,
             CAST(coalesce(i.total_paise, (SELECT SUM(l.amount_paise) FROM invoice_lines l
                                           WHERE l.invoice_id = i.id), 0) AS BIGINT) AS total_paise
         FROM invoices i
         WHERE i.client_id = $2 AND i.status <> 'draft'
           AND (i.case_id IS NULL
                OR i.case_id IN (SELECT e.case_id FROM export_cases e WHERE e.export_id = $1))
         ORDER BY i.issued_on, i.id"
    );
    tx.all(select.bind(export.id).bind(export.client_id)).await
}

pub(in crate::privacy) async fn receipts_of(
    tx: &mut Tx,
    export: &Export,
) -> Result<Vec<ReceiptRecord>, DbError> {
    let select = statement!(
        "SELECT number, received_on, amount_paise, tds_paise, reversed_on FROM client_payments
         WHERE client_id = $1 ORDER BY received_on, id"
    );
    tx.all(select.bind(export.client_id)).await
}

pub(in crate::privacy) async fn money_of(
    tx: &mut Tx,
    export: &Export,
) -> Result<Vec<MoneyRecord>, DbError> {
    let select = statement!(
        "SELECT on_date, kind, amount_paise, balance_paise, description FROM ledger_entries
         WHERE client_id = $1 ORDER BY ordinal, id"
    );
    tx.all(select.bind(export.client_id)).await
}

pub(in crate::privacy) async fn requests_of(
    tx: &mut Tx,
    export: &Export,
) -> Result<Vec<RequestRecord>, DbError> {
    let select = statement!(
        "SELECT c.title AS case_title, r.what, r.due_on, r.asked_at, r.done_at
         FROM client_requests r JOIN cases c ON c.id = r.case_id
         JOIN export_cases e ON e.case_id = c.id
         WHERE e.export_id = $1 AND r.client_id = $2 AND r.withdrawn_at IS NULL
         ORDER BY r.asked_at, r.id"
    );
    tx.all(select.bind(export.id).bind(export.client_id)).await
}

pub(in crate::privacy) async fn deliveries_of(
    tx: &mut Tx,
    export: &Export,
) -> Result<Vec<DeliveryRecord>, DbError> {
    let select = statement!(
        "SELECT c.title AS case_title, d.file_name, d.sent_at, d.status, d.note, d.reason
         FROM deliveries d JOIN cases c ON c.id = d.case_id
         JOIN export_cases e ON e.case_id = c.id
         WHERE e.export_id = $1 AND d.client_id = $2
         ORDER BY d.sent_at, d.id"
    );
    tx.all(select.bind(export.id).bind(export.client_id)).await
}
