//! Statements of expenses and their receipts.

use chrono::{DateTime, Utc};

use super::{day, seen_by};
use crate::db::{DbError, Tx};
use crate::fees::Receipt;
use crate::fees::expenses::{Expense, ExpenseKind, ExpenseQuery, NewExpense, PaidBy};
use crate::kernel::{CaseId, ExpenseId, Paise, Scope, UserId};
use crate::statement;

pub(in crate::fees) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    id: ExpenseId,
    new: &NewExpense,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO expenses (id, organisation_id, case_id, on_date, kind, description,
             amount_paise, paid_by, recoverable, pure_agent, added_by, added_at, invoice_line_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(new.case)
    .bind(new.on.to_string())
    .bind(new.kind.as_str())
    .bind(new.description.as_str())
    .bind(new.amount)
    .bind(new.paid_by.as_str())
    .bind(new.recoverable)
    .bind(new.pure_agent)
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

/// Changes an expense that is not billed; says how many rows that were.
pub(in crate::fees) async fn update(
    tx: &mut Tx,
    id: ExpenseId,
    new: &NewExpense,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE expenses SET on_date = $2, kind = $3, description = $4, amount_paise = $5,
             paid_by = $6, recoverable = $7, pure_agent = $8
         WHERE id = $1 AND invoice_line_id IS NULL"
    )
    .bind(id)
    .bind(new.on.to_string())
    .bind(new.kind.as_str())
    .bind(new.description.as_str())
    .bind(new.amount)
    .bind(new.paid_by.as_str())
    .bind(new.recoverable)
    .bind(new.pure_agent);
    tx.execute(update).await
}

/// Removes an expense that is not billed; says how many rows that were.
pub(in crate::fees) async fn delete(tx: &mut Tx, id: ExpenseId) -> Result<u64, DbError> {
    let delete = statement!("DELETE FROM expenses WHERE id = $1 AND invoice_line_id IS NULL");
    tx.execute(delete.bind(id)).await
}

pub(in crate::fees) async fn delete_receipt(tx: &mut Tx, id: ExpenseId) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM receipts WHERE expense_id = $1");
    tx.execute(delete.bind(id)).await.map(drop)
}

pub(in crate::fees) async fn keep_receipt(
    tx: &mut Tx,
    scope: &Scope,
    id: ExpenseId,
    (receipt, sealed): (&Receipt, Vec<u8>),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let upsert = statement!(
        "INSERT INTO receipts (expense_id, file_name, media_type, bytes, sealed, added_by,
             added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (expense_id) DO UPDATE SET file_name = excluded.file_name,
             media_type = excluded.media_type, bytes = excluded.bytes,
             sealed = excluded.sealed, added_by = excluded.added_by,
             added_at = excluded.added_at"
    )
    .bind(id)
    .bind(receipt.file_name.as_str())
    .bind(receipt.media_type.as_str())
    .bind(receipt.bytes)
    .bind(sealed)
    .bind(scope.user())
    .bind(now);
    tx.execute(upsert).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct Sealed {
    sealed: Vec<u8>,
}

/// The sealed receipt of an expense the caller was found to see.
pub(in crate::fees) async fn sealed(
    tx: &mut Tx,
    id: ExpenseId,
) -> Result<Option<Vec<u8>>, DbError> {
    let select = statement!("SELECT r.sealed FROM receipts r WHERE r.expense_id = $1");
    Ok(tx.optional::<Sealed>(select.bind(id)).await?.map(|row| row.sealed))
}

#[derive(sqlx::FromRow)]
struct ExpenseRow {
    id: ExpenseId,
    case_id: CaseId,
    case_title: String,
    on_date: String,
    kind: String,
    description: String,
    amount_paise: i64,
    paid_by: String,
    recoverable: bool,
    pure_agent: bool,
    added_by_id: UserId,
    added_by: String,
    added_at: DateTime<Utc>,
    is_billed: bool,
    file_name: Option<String>,
    media_type: Option<String>,
    bytes: Option<i64>,
}

impl ExpenseRow {
    fn expense(self) -> Result<Expense, DbError> {
        let table = "expenses";
        let wrong =
            |column: &'static str, value: String| DbError::Inconsistent { table, column, value };
        let kind = self.kind.parse::<ExpenseKind>().map_err(|text| wrong("kind", text))?;
        let paid_by = self.paid_by.parse::<PaidBy>().map_err(|text| wrong("paid_by", text))?;
        let receipt = self.file_name.zip(self.media_type).zip(self.bytes);
        Ok(Expense {
            id: self.id,
            case_title: self.case_title,
            known: NewExpense {
                case: self.case_id,
                on: day(table, "on_date", &self.on_date)?,
                kind,
                description: self.description,
                amount: Paise(self.amount_paise),
                paid_by,
                recoverable: self.recoverable,
                pure_agent: self.pure_agent,
            },
            added_by_id: self.added_by_id,
            added_by: self.added_by,
            added_at: self.added_at,
            receipt: receipt.map(|((file_name, media_type), bytes)| Receipt {
                file_name,
                media_type,
                bytes,
            }),
            is_billed: self.is_billed,
        })
    }
}

macro_rules! expenses {
    () => {
        "SELECT e.id, e.case_id, c.title AS case_title, e.on_date, e.kind, e.description,
             e.amount_paise, e.paid_by, e.recoverable, e.pure_agent, e.added_by AS added_by_id,
             u.name AS added_by, e.added_at, e.invoice_line_id IS NOT NULL AS is_billed,
             r.file_name, r.media_type, r.bytes
         FROM expenses e
         JOIN cases c ON c.id = e.case_id
         JOIN users u ON u.id = e.added_by
         LEFT JOIN receipts r ON r.expense_id = e.id
         WHERE e.organisation_id = $1
           AND (EXISTS (SELECT 1 FROM billed_cases m
                        WHERE m.case_id = e.case_id AND m.user_id = $2)
                OR (e.added_by = $2
                    AND EXISTS (SELECT 1 FROM open_cases o
                                WHERE o.case_id = e.case_id AND o.user_id = $2)))"
    };
}

/// An expense of the caller's in a case open to them, or of a case whose money they see.
pub(in crate::fees) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    id: ExpenseId,
) -> Result<Option<Expense>, DbError> {
    let select = statement!(concat!(expenses!(), " AND e.id = $3"));
    let found = tx.optional::<ExpenseRow>(seen_by(select, scope).bind(id)).await?;
    found.map(ExpenseRow::expense).transpose()
}

/// Expenses, the latest first.
pub(in crate::fees) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    asked: ExpenseQuery,
) -> Result<Vec<Expense>, DbError> {
    let select = statement!(concat!(
        expenses!(),
        " AND ($3 OR e.case_id = $4) AND ($5 OR r.expense_id IS NULL)
          ORDER BY e.on_date DESC, e.id DESC LIMIT 1000"
    ));
    let select = seen_by(select, scope)
        .bind(asked.case.is_none())
        .bind(asked.case)
        .bind(!asked.missing_receipt);
    tx.all::<ExpenseRow>(select).await?.into_iter().map(ExpenseRow::expense).collect()
}
