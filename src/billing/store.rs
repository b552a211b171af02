//! Every statement the billing area runs.

use chrono::{DateTime, NaiveDate, Utc};

use super::time::amount;
use super::{Invoice, Invoices, NewInvoice, NewLine, NewPayment, NewTime, TimeEntry};
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{
    CaseId, ClientId, InvoiceId, InvoiceLineId, Paise, PaymentId, Scope, TimeEntryId,
};
use crate::statement;

/// Binds what every read of money needs: `$1` to `$3`.
fn seen_by(sql: Sql, scope: &Scope) -> Sql {
    sql.bind(scope.organisation()).bind(scope.sees_all()).bind(scope.user())
}

fn day(table: &'static str, column: &'static str, text: &str) -> Result<NaiveDate, DbError> {
    text.parse().map_err(|_| DbError::Inconsistent { table, column, value: text.to_owned() })
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

#[derive(sqlx::FromRow)]
struct Rate {
    paise_per_hour: i64,
}

/// What an hour of the caller costs by their last entry, of the case if there is one.
pub(super) async fn last_rate(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
) -> Result<Option<Paise>, DbError> {
    let select = statement!(
        "SELECT t.paise_per_hour FROM time_entries t
         WHERE t.organisation_id = $1 AND t.user_id = $2 AND t.billable = TRUE
         ORDER BY CASE WHEN t.case_id = $3 THEN 0 ELSE 1 END, t.added_at DESC, t.id DESC LIMIT 1"
    );
    let select = select.bind(scope.organisation()).bind(scope.user()).bind(case);
    Ok(tx.optional::<Rate>(select).await?.map(|rate| Paise(rate.paise_per_hour)))
}

pub(super) async fn insert_time(
    tx: &mut Tx,
    scope: &Scope,
    id: TimeEntryId,
    (new, rate): (&NewTime, Paise),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO time_entries (id, organisation_id, case_id, user_id, worked_on, minutes,
             paise_per_hour, description, billable, invoice_line_id, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(new.case)
    .bind(scope.user())
    .bind(new.worked_on.to_string())
    .bind(new.minutes)
    .bind(rate)
    .bind(new.description.as_str())
    .bind(new.billable)
    .bind(now);
    tx.execute(insert).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct TimeRow {
    id: TimeEntryId,
    case_id: CaseId,
    case_title: String,
    who: String,
    worked_on: String,
    minutes: i64,
    paise_per_hour: i64,
    description: String,
}

impl TimeRow {
    fn entry(self) -> Result<TimeEntry, DbError> {
        let Self { id, case_id, case_title, who, worked_on, minutes, paise_per_hour, description } =
            self;
        let worked_on = day("time_entries", "worked_on", &worked_on)?;
        let amount = amount(minutes, paise_per_hour);
        Ok(TimeEntry { id, case_id, case_title, who, worked_on, minutes, amount, description })
    }
}

/// The billable time that is not billed, a case after the other.
pub(super) async fn unbilled(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
) -> Result<Vec<TimeEntry>, DbError> {
    let select = statement!(
        "SELECT t.id, t.case_id, c.title AS case_title, u.name AS who, t.worked_on, t.minutes,
             t.paise_per_hour, t.description
         FROM time_entries t
         JOIN cases c ON c.id = t.case_id
         JOIN users u ON u.id = t.user_id
         WHERE t.organisation_id = $1 AND t.billable = TRUE AND t.invoice_line_id IS NULL
           AND ($2 OR EXISTS (SELECT 1 FROM billed_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))
           AND ($4 OR c.id = $5)
         ORDER BY c.title, c.id, t.worked_on, t.id LIMIT 1000"
    );
    let select = seen_by(select, scope).bind(case.is_none()).bind(case);
    tx.all::<TimeRow>(select).await?.into_iter().map(TimeRow::entry).collect()
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

pub(super) async fn number_taken(
    tx: &mut Tx,
    scope: &Scope,
    number: &str,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM invoices i WHERE i.organisation_id = $1 AND i.number = $2"
    );
    Ok(tx.one::<Count>(select.bind(scope.organisation()).bind(number)).await?.count > 0)
}

pub(super) async fn insert_invoice(
    tx: &mut Tx,
    scope: &Scope,
    (id, client): (InvoiceId, ClientId),
    new: &NewInvoice,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO invoices (id, organisation_id, client_id, case_id, status, number,
             issued_on, due_on, created_at)
         VALUES ($1, $2, $3, $4, 'issued', $5, $6, $7, $8)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(client)
    .bind(new.case)
    .bind(new.number.as_str())
    .bind(new.issued_on.to_string())
    .bind(new.due_on.map(|day| day.to_string()))
    .bind(now);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn insert_line(
    tx: &mut Tx,
    (id, invoice): (InvoiceLineId, InvoiceId),
    ordinal: i64,
    line: &NewLine,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO invoice_lines (id, invoice_id, ordinal, kind, description, amount_paise)
         VALUES ($1, $2, $3, $4, $5, $6)"
    )
    .bind(id)
    .bind(invoice)
    .bind(ordinal)
    .bind(line.kind.as_str())
    .bind(line.description.trim())
    .bind(line.amount);
    tx.execute(insert).await.map(drop)
}

/// Bills a time entry with a line; says how many entries that were.
pub(super) async fn bill_time(
    tx: &mut Tx,
    time: TimeEntryId,
    case: CaseId,
    line: InvoiceLineId,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE time_entries SET invoice_line_id = $3
         WHERE id = $1 AND case_id = $2 AND invoice_line_id IS NULL"
    );
    tx.execute(update.bind(time).bind(case).bind(line)).await
}

macro_rules! seen_invoices {
    () => {
        " FROM invoices i
         JOIN clients k ON k.id = i.client_id
         LEFT JOIN cases c ON c.id = i.case_id
         WHERE i.organisation_id = $1 AND i.status = 'issued'
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

/// Whether an invoice was issued and is one the caller may see.
pub(super) async fn is_issued(
    tx: &mut Tx,
    scope: &Scope,
    invoice: InvoiceId,
) -> Result<bool, DbError> {
    let select =
        statement!(concat!("SELECT COUNT(*) AS count", seen_invoices!(), " AND i.id = $4"));
    Ok(tx.one::<Count>(seen_by(select, scope).bind(invoice)).await?.count == 1)
}

pub(super) async fn insert_payment(
    tx: &mut Tx,
    scope: &Scope,
    (id, invoice): (PaymentId, InvoiceId),
    new: &NewPayment,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO payments (id, organisation_id, invoice_id, received_on, amount_paise,
             tds_paise, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(invoice)
    .bind(new.received_on.to_string())
    .bind(new.amount)
    .bind(new.tds)
    .bind(new.note.clone());
    tx.execute(insert).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct InvoiceRow {
    id: InvoiceId,
    number: Option<String>,
    client_id: ClientId,
    client_name: String,
    case_id: Option<CaseId>,
    case_title: Option<String>,
    issued_on: Option<String>,
    due_on: Option<String>,
    total: i64,
    paid: i64,
}

impl InvoiceRow {
    fn invoice(self) -> Result<Invoice, DbError> {
        let table = "invoices";
        let issued_on = self.issued_on.unwrap_or_default();
        Ok(Invoice {
            id: self.id,
            number: self.number.unwrap_or_default(),
            client_id: self.client_id,
            client_name: self.client_name,
            case_id: self.case_id,
            case_title: self.case_title,
            issued_on: day(table, "issued_on", &issued_on)?,
            due_on: self.due_on.map(|due| day(table, "due_on", &due)).transpose()?,
            total: Paise(self.total),
            paid: Paise(self.paid),
        })
    }
}

pub(super) async fn invoices(
    tx: &mut Tx,
    scope: &Scope,
    asked: Invoices,
) -> Result<Vec<Invoice>, DbError> {
    let select = statement!(concat!(
        "SELECT i.id, i.number, i.client_id, k.name AS client_name, i.case_id,
             c.title AS case_title, i.issued_on, i.due_on,
             CAST(coalesce((SELECT SUM(l.amount_paise) FROM invoice_lines l
                            WHERE l.invoice_id = i.id), 0) AS BIGINT) AS total,
             CAST(coalesce((SELECT SUM(p.amount_paise + p.tds_paise) FROM payments p
                            WHERE p.invoice_id = i.id), 0) AS BIGINT) AS paid",
        seen_invoices!(),
        " AND ($4 OR i.case_id = $5) AND ($6 OR i.client_id = $7)
         ORDER BY i.issued_on DESC, i.id DESC LIMIT 1000"
    ));
    let select = seen_by(select, scope)
        .bind(asked.case.is_none())
        .bind(asked.case)
        .bind(asked.client.is_none())
        .bind(asked.client);
    tx.all::<InvoiceRow>(select).await?.into_iter().map(InvoiceRow::invoice).collect()
}
