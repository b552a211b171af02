//! The statements of client money.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Entry, EntryKind, LedgerEntry};
use crate::billing::store::day;
use crate::db::{DbError, Tx};
use crate::kernel::{ClientId, InvoiceId, LedgerEntryId, Paise, PaymentId, Scope};
use crate::statement;

/// Begins the account of a client, unless it has begun.
async fn begin(tx: &mut Tx, scope: &Scope, client: ClientId) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO client_ledgers (id, organisation_id, client_id, balance_paise)
         VALUES ($1, $2, $3, 0) ON CONFLICT (client_id) DO NOTHING"
    );
    let id: Uuid = LedgerEntryId::new().uuid();
    tx.execute(insert.bind(id).bind(scope.organisation()).bind(client)).await.map(drop)
}

/// Lets nobody else pay for a client or change what is held of them until the transaction
/// ends. It is taken before any bill is locked, so that two never wait for each other.
pub(in crate::billing) async fn lock(
    tx: &mut Tx,
    scope: &Scope,
    client: ClientId,
) -> Result<(), DbError> {
    begin(tx, scope, client).await?;
    let update =
        statement!("UPDATE client_ledgers SET balance_paise = balance_paise WHERE client_id = $1");
    tx.execute(update.bind(client)).await.map(drop)
}

/// Changes what is held, never below nothing; says how many rows that were. Others who
/// change it wait here until the transaction ends.
pub(super) async fn change(tx: &mut Tx, client: ClientId, by: Paise) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE client_ledgers SET balance_paise = balance_paise + $2
         WHERE client_id = $1 AND balance_paise + $2 >= 0"
    );
    tx.execute(update.bind(client).bind(by)).await
}

#[derive(sqlx::FromRow)]
struct Sum {
    sum: i64,
}

pub(in crate::billing) async fn balance(tx: &mut Tx, client: ClientId) -> Result<Paise, DbError> {
    let select = statement!(
        "SELECT CAST(coalesce(SUM(balance_paise), 0) AS BIGINT) AS sum FROM client_ledgers
         WHERE client_id = $1"
    );
    Ok(Paise(tx.one::<Sum>(select.bind(client)).await?.sum))
}

pub(super) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    id: LedgerEntryId,
    entry: &Entry<'_>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO ledger_entries (id, organisation_id, client_id, case_id, kind, on_date,
             amount_paise, balance_paise, ordinal, description, mode, reference, consent,
             invoice_id, receipt_id, idempotency_key, entered_by, entered_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7,
             (SELECT l.balance_paise FROM client_ledgers l WHERE l.client_id = $3),
             (SELECT coalesce(MAX(e.ordinal), 0) + 1 FROM ledger_entries e WHERE e.client_id = $3),
             $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    );
    let insert = insert
        .bind(id)
        .bind(scope.organisation())
        .bind(entry.client)
        .bind(entry.case)
        .bind(entry.kind.as_str())
        .bind(entry.on.to_string())
        .bind(entry.amount)
        .bind(entry.description)
        .bind(entry.mode.map(super::Mode::as_str))
        .bind(entry.reference)
        .bind(entry.consent)
        .bind(entry.invoice)
        .bind(entry.receipt)
        .bind(entry.key)
        .bind(scope.user())
        .bind(now);
    tx.execute(insert).await.map(drop)
}

/// Puts money of the client on a bill.
pub(super) async fn pay(
    tx: &mut Tx,
    scope: &Scope,
    (invoice, entry): (InvoiceId, LedgerEntryId),
    (on, amount): (NaiveDate, Paise),
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO payments (id, organisation_id, invoice_id, received_on, amount_paise,
             tds_paise, ledger_entry_id)
         VALUES ($1, $2, $3, $4, $5, 0, $6)"
    );
    let insert = insert.bind(PaymentId::new()).bind(scope.organisation()).bind(invoice);
    tx.execute(insert.bind(on.to_string()).bind(amount).bind(entry)).await.map(drop)
}

pub(super) async fn by_key(
    tx: &mut Tx,
    scope: &Scope,
    key: Option<&str>,
) -> Result<Option<LedgerEntryId>, DbError> {
    let Some(key) = key else { return Ok(None) };
    let select = statement!(
        "SELECT id FROM ledger_entries WHERE organisation_id = $1 AND idempotency_key = $2"
    );
    let found =
        tx.optional::<(LedgerEntryId,)>(select.bind(scope.organisation()).bind(key)).await?;
    Ok(found.map(|(id,)| id))
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    id: LedgerEntryId,
    kind: String,
    on_date: String,
    amount_paise: i64,
    balance_paise: i64,
    description: String,
    hidden: bool,
    case_title: Option<String>,
    reference: Option<String>,
    consent: Option<String>,
}

/// The entries of a client. Of a case that a wall keeps from the reader an entry says no
/// more than its amount, without which the balances would not add up.
pub(super) async fn entries(
    tx: &mut Tx,
    scope: &Scope,
    client: ClientId,
) -> Result<Vec<LedgerEntry>, DbError> {
    let select = statement!(
        "SELECT e.id, e.kind, e.on_date, e.amount_paise, e.balance_paise, e.description,
             (e.case_id IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM known_cases m
                              WHERE m.case_id = e.case_id AND m.user_id = $2)) AS hidden,
             c.title AS case_title, e.reference, e.consent
         FROM ledger_entries e LEFT JOIN cases c ON c.id = e.case_id
         WHERE e.client_id = $1 ORDER BY e.ordinal DESC LIMIT 500"
    );
    let rows = tx.all::<EntryRow>(select.bind(client).bind(scope.user())).await?;
    rows.into_iter()
        .map(|row| {
            let kind = EntryKind::parse(&row.kind).ok_or(DbError::Inconsistent {
                table: "ledger_entries",
                column: "kind",
                value: row.kind,
            })?;
            Ok(LedgerEntry {
                id: row.id,
                kind,
                on: day("ledger_entries", "on_date", &row.on_date)?,
                amount: Paise(row.amount_paise),
                balance: Paise(row.balance_paise),
                description: if row.hidden {
                    "Of a case not open to you".to_owned()
                } else {
                    row.description
                },
                case_title: row.case_title.filter(|_| !row.hidden),
                reference: row.reference.filter(|_| !row.hidden),
                consent: row.consent.filter(|_| !row.hidden),
            })
        })
        .collect()
}
