//! The statements of bills.

use chrono::{DateTime, Utc};

use super::BilledLine;
use crate::db::{DbError, Dialect, Sql, Tx};
use crate::kernel::{CaseId, ClientId, InvoiceId, InvoiceLineId, Paise, Scope};
use crate::statement;

#[derive(sqlx::FromRow)]
pub(super) struct KnownCase {
    pub(super) client_id: Option<ClientId>,
}

/// A case the caller may know of.
pub(super) async fn known_case(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
) -> Result<Option<KnownCase>, DbError> {
    let select = statement!(
        "SELECT c.client_id FROM cases c JOIN known_cases m ON m.case_id = c.id
         WHERE c.id = $1 AND c.organisation_id = $2 AND m.user_id = $3"
    );
    tx.optional(select.bind(case).bind(scope.organisation()).bind(scope.user())).await
}

/// Lets nobody else make bills to a client until the transaction ends. On SQLite a
/// transaction that writes is alone already.
pub(super) async fn lock_client(tx: &mut Tx, client: ClientId) -> Result<(), DbError> {
    if tx.dialect() == Dialect::Postgres {
        let lock = Sql::new("SELECT 1::BIGINT FROM clients WHERE id = $1 FOR NO KEY UPDATE");
        tx.one::<(i64,)>(lock.bind(client)).await?;
    }
    Ok(())
}

/// The draft that a cost of a case goes on.
pub(super) async fn find_draft(
    tx: &mut Tx,
    client: ClientId,
    case: CaseId,
) -> Result<Option<InvoiceId>, DbError> {
    let select = statement!(
        "SELECT id FROM invoices
         WHERE client_id = $1 AND status = 'draft' AND (case_id = $2 OR case_id IS NULL)
         ORDER BY case_id IS NULL, created_at DESC, id DESC LIMIT 1"
    );
    Ok(tx.optional::<(InvoiceId,)>(select.bind(client).bind(case)).await?.map(|(id,)| id))
}

/// Lets nobody else change or issue a draft until the transaction ends; false where it was
/// issued or thrown away.
pub(super) async fn lock_draft(tx: &mut Tx, id: InvoiceId) -> Result<bool, DbError> {
    let lock =
        statement!("UPDATE invoices SET status = 'draft' WHERE id = $1 AND status = 'draft'");
    Ok(tx.execute(lock.bind(id)).await? == 1)
}

pub(super) async fn insert_draft(
    tx: &mut Tx,
    scope: &Scope,
    id: InvoiceId,
    (client, case): (ClientId, CaseId),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO invoices (id, organisation_id, client_id, case_id, status, created_at)
         VALUES ($1, $2, $3, $4, 'draft', $5)"
    );
    let insert = insert.bind(id).bind(scope.organisation()).bind(client).bind(case).bind(now);
    tx.execute(insert).await.map(drop)
}

/// A line for models after those there are, of no amount yet.
pub(super) async fn insert_model_line(
    tx: &mut Tx,
    id: InvoiceLineId,
    invoice: InvoiceId,
    description: &str,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO invoice_lines (id, invoice_id, ordinal, kind, description, amount_paise)
         VALUES ($1, $2, (SELECT coalesce(MAX(ordinal), 0) + 1 FROM invoice_lines
                          WHERE invoice_id = $2), 'model_cost', $3, 0)"
    );
    tx.execute(insert.bind(id).bind(invoice).bind(description)).await.map(drop)
}

pub(super) async fn set_amount(
    tx: &mut Tx,
    id: InvoiceLineId,
    amount: Paise,
) -> Result<(), DbError> {
    let update = statement!("UPDATE invoice_lines SET amount_paise = $2 WHERE id = $1");
    tx.execute(update.bind(id).bind(amount)).await.map(drop)
}

pub(super) async fn model_lines(tx: &mut Tx, scope: &Scope) -> Result<Vec<BilledLine>, DbError> {
    let select = statement!(
        "SELECT n.id AS line_id, i.id AS invoice_id, i.number, i.status, k.name AS client,
             c.title AS case_title, n.description, n.amount_paise, COUNT(*) AS calls
         FROM invoice_lines n
         JOIN invoices i ON i.id = n.invoice_id
         JOIN clients k ON k.id = i.client_id
         JOIN model_calls l ON l.invoice_line_id = n.id
         JOIN cases c ON c.id = l.case_id
         JOIN known_cases m ON m.case_id = c.id AND m.user_id = $2
         WHERE i.organisation_id = $1 AND n.kind = 'model_cost'
         GROUP BY n.id, i.id, i.number, i.status, i.created_at, k.name, c.title, n.description,
             n.amount_paise, n.ordinal
         ORDER BY i.created_at DESC, n.ordinal DESC, n.id LIMIT 200"
    );
    tx.all(select.bind(scope.organisation()).bind(scope.user())).await
}
