//! The statements of payments.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Mode, NewPayment, Payment, PaymentPart};
use crate::billing::store::day;
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{ClientId, InvoiceId, Paise, PaymentId, Scope};
use crate::statement;

pub(super) async fn by_key(
    tx: &mut Tx,
    scope: &Scope,
    key: Option<&str>,
) -> Result<Option<PaymentId>, DbError> {
    let Some(key) = key else { return Ok(None) };
    let select = statement!(
        "SELECT id FROM client_payments WHERE organisation_id = $1 AND idempotency_key = $2"
    );
    let found = tx.optional::<(PaymentId,)>(select.bind(scope.organisation()).bind(key)).await?;
    Ok(found.map(|(id,)| id))
}

pub(super) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    (id, number, on): (PaymentId, &str, NaiveDate),
    new: &NewPayment,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO client_payments (id, organisation_id, client_id, number, received_on,
             amount_paise, tds_paise, mode, reference, note, idempotency_key, entered_by,
             entered_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    );
    let insert = insert
        .bind(id)
        .bind(scope.organisation())
        .bind(new.client)
        .bind(number)
        .bind(on.to_string())
        .bind(new.amount)
        .bind(new.tds)
        .bind(new.mode.as_str())
        .bind(new.reference.clone())
        .bind(new.note.clone())
        .bind(new.key.clone())
        .bind(scope.user())
        .bind(now);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn insert_part(
    tx: &mut Tx,
    scope: &Scope,
    (receipt, on): (PaymentId, NaiveDate),
    part: &PaymentPart,
    note: Option<&str>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO payments (id, organisation_id, invoice_id, received_on, amount_paise,
             tds_paise, note, receipt_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    let insert = insert
        .bind(PaymentId::new())
        .bind(scope.organisation())
        .bind(part.invoice)
        .bind(on.to_string())
        .bind(part.amount)
        .bind(part.tds)
        .bind(note)
        .bind(receipt);
    tx.execute(insert).await.map(drop)
}

/// Lets nobody else settle a bill until the transaction ends.
pub(super) async fn lock(tx: &mut Tx, invoice: InvoiceId) -> Result<(), DbError> {
    let update = statement!("UPDATE invoices SET status = status WHERE id = $1");
    tx.execute(update.bind(invoice)).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct PartRow {
    invoice_id: InvoiceId,
    amount_paise: i64,
    tds_paise: i64,
}

/// The parts of a payment, without counter entries.
pub(super) async fn parts(tx: &mut Tx, receipt: PaymentId) -> Result<Vec<PaymentPart>, DbError> {
    let select = statement!(
        "SELECT invoice_id, amount_paise, tds_paise FROM payments
         WHERE receipt_id = $1 AND amount_paise >= 0 AND tds_paise >= 0
         ORDER BY invoice_id, id LIMIT 1000"
    );
    let rows = tx.all::<PartRow>(select.bind(receipt)).await?;
    let part = |row: PartRow| PaymentPart {
        invoice: row.invoice_id,
        amount: Paise(row.amount_paise),
        tds: Paise(row.tds_paise),
    };
    Ok(rows.into_iter().map(part).collect())
}

#[derive(sqlx::FromRow)]
struct Sum {
    sum: i64,
}

/// What a payment put into the client's money.
pub(super) async fn paid_ahead(tx: &mut Tx, receipt: PaymentId) -> Result<Paise, DbError> {
    let select = statement!(
        "SELECT CAST(coalesce(SUM(amount_paise), 0) AS BIGINT) AS sum FROM ledger_entries
         WHERE receipt_id = $1"
    );
    Ok(Paise(tx.one::<Sum>(select.bind(receipt)).await?.sum))
}

/// Marks a payment as taken back; says how many rows that were.
pub(super) async fn reverse(
    tx: &mut Tx,
    scope: &Scope,
    id: PaymentId,
    (on, reason): (NaiveDate, &str),
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE client_payments SET reversed_on = $2, reversed_reason = $3, reversed_by = $4,
             reversed_at = $5
         WHERE id = $1 AND reversed_on IS NULL"
    );
    let update = update.bind(id).bind(on.to_string()).bind(reason).bind(scope.user());
    tx.execute(update.bind(now)).await
}

#[derive(sqlx::FromRow)]
struct PaymentRow {
    id: PaymentId,
    number: String,
    client_id: ClientId,
    client_name: String,
    received_on: String,
    amount_paise: i64,
    tds_paise: i64,
    mode: String,
    reference: Option<String>,
    note: Option<String>,
    reversed_on: Option<String>,
    reversed_reason: Option<String>,
}

impl PaymentRow {
    fn payment(self) -> Result<Payment, DbError> {
        let table = "client_payments";
        let reversed = match self.reversed_on {
            Some(on) => {
                Some((day(table, "reversed_on", &on)?, self.reversed_reason.unwrap_or_default()))
            }
            None => None,
        };
        Ok(Payment {
            id: self.id,
            number: self.number,
            client_id: self.client_id,
            client_name: self.client_name,
            received_on: day(table, "received_on", &self.received_on)?,
            amount: Paise(self.amount_paise),
            tds: Paise(self.tds_paise),
            mode: Mode::parse(&self.mode).unwrap_or(Mode::Other),
            reference: self.reference,
            note: self.note,
            reversed,
        })
    }
}

/// The columns of payments of clients the caller knows of, on bills of cases they know of;
/// `$1` and `$2` are bound.
macro_rules! seen_payments {
    () => {
        "SELECT r.id, r.number, r.client_id, k.name AS client_name, r.received_on, r.amount_paise,
             r.tds_paise, r.mode, r.reference, r.note, r.reversed_on, r.reversed_reason
         FROM client_payments r
         JOIN clients k ON k.id = r.client_id
         JOIN known_clients m ON m.client_id = k.id AND m.user_id = $2
         WHERE r.organisation_id = $1
           AND NOT EXISTS (SELECT 1 FROM payments p JOIN invoices i ON i.id = p.invoice_id
                           WHERE p.receipt_id = r.id AND i.case_id IS NOT NULL
                             AND NOT EXISTS (SELECT 1 FROM known_cases n
                                             WHERE n.case_id = i.case_id AND n.user_id = $2))"
    };
}

fn seen(sql: Sql, scope: &Scope) -> Sql {
    sql.bind(scope.organisation()).bind(scope.user())
}

pub(super) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    id: PaymentId,
) -> Result<Option<Payment>, DbError> {
    let select = statement!(concat!(seen_payments!(), " AND r.id = $3"));
    let found = tx.optional::<PaymentRow>(seen(select, scope).bind(id)).await?;
    found.map(PaymentRow::payment).transpose()
}

pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    client: Option<ClientId>,
) -> Result<Vec<Payment>, DbError> {
    let select = statement!(concat!(
        seen_payments!(),
        " AND ($3 OR r.client_id = $4) ORDER BY r.received_on DESC, r.id DESC LIMIT 500"
    ));
    let select = seen(select, scope).bind(client.is_none()).bind(client);
    tx.all::<PaymentRow>(select).await?.into_iter().map(PaymentRow::payment).collect()
}
