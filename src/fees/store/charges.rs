//! Statements of what can be billed.

use super::{day, seen_by, work};
use crate::db::{DbError, Dialect, Sql, Tx};
use crate::fees::charges::{Charge, ChargeId, ChargeKind};
use crate::kernel::{CaseId, ExpenseId, FeeId, InvoiceId, InvoiceLineId, Paise, Scope};
use crate::statement;

#[derive(sqlx::FromRow)]
struct FeeRow {
    id: FeeId,
    case_id: CaseId,
    on_date: String,
    description: String,
    work: String,
    amount_paise: i64,
}

/// The confirmed fees that are not billed.
pub(in crate::fees) async fn fees(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
) -> Result<Vec<Charge>, DbError> {
    let select = statement!(
        "SELECT f.id, f.case_id, f.on_date, f.description, f.work, f.amount_paise
         FROM fees f
         JOIN billed_cases m ON m.case_id = f.case_id AND m.user_id = $2
         WHERE f.organisation_id = $1 AND f.status = 'confirmed' AND f.invoice_line_id IS NULL
           AND ($3 OR f.case_id = $4)
         ORDER BY f.on_date, f.id LIMIT 1000"
    );
    let rows = tx.all::<FeeRow>(seen_by(select, scope).bind(case.is_none()).bind(case)).await?;
    let charge = |row: FeeRow| {
        Ok(Charge {
            id: ChargeId::Fee(row.id),
            case_id: row.case_id,
            on: day("fees", "on_date", &row.on_date)?,
            kind: ChargeKind::Fee,
            work: work("fees", &row.work)?,
            description: row.description,
            who: None,
            minutes: None,
            pure_agent: false,
            amount: Paise(row.amount_paise),
        })
    };
    rows.into_iter().map(charge).collect()
}

#[derive(sqlx::FromRow)]
struct ExpenseRow {
    id: ExpenseId,
    case_id: CaseId,
    on_date: String,
    kind: String,
    description: String,
    amount_paise: i64,
    pure_agent: bool,
}

/// What was laid out and is to be paid back, and is not billed.
pub(in crate::fees) async fn expenses(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
) -> Result<Vec<Charge>, DbError> {
    let select = statement!(
        "SELECT e.id, e.case_id, e.on_date, e.kind, e.description, e.amount_paise, e.pure_agent
         FROM expenses e
         JOIN billed_cases m ON m.case_id = e.case_id AND m.user_id = $2
         WHERE e.organisation_id = $1 AND e.recoverable = TRUE AND e.paid_by <> 'client'
           AND e.invoice_line_id IS NULL AND ($3 OR e.case_id = $4)
         ORDER BY e.on_date, e.id LIMIT 1000"
    );
    let rows = tx.all::<ExpenseRow>(seen_by(select, scope).bind(case.is_none()).bind(case)).await?;
    let charge = |row: ExpenseRow| {
        let is_senior = row.kind == "senior";
        Ok(Charge {
            id: ChargeId::Expense(row.id),
            case_id: row.case_id,
            on: day("expenses", "on_date", &row.on_date)?,
            kind: if is_senior { ChargeKind::SeniorFee } else { ChargeKind::Expense },
            work: crate::fees::Work::default(),
            description: row.description,
            who: None,
            minutes: None,
            pure_agent: row.pure_agent,
            amount: Paise(row.amount_paise),
        })
    };
    rows.into_iter().map(charge).collect()
}

/// What the fees and expenses of a case come to that are not billed.
#[derive(sqlx::FromRow)]
pub(in crate::fees) struct Total {
    pub(in crate::fees) case_id: CaseId,
    pub(in crate::fees) case_title: String,
    pub(in crate::fees) fees: i64,
    pub(in crate::fees) expenses: i64,
}

/// The totals of the cases that have unbilled fees or expenses.
pub(in crate::fees) async fn totals(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
) -> Result<Vec<Total>, DbError> {
    let select = statement!(
        "SELECT x.case_id, x.case_title, CAST(SUM(x.fees) AS BIGINT) AS fees,
             CAST(SUM(x.expenses) AS BIGINT) AS expenses
         FROM (SELECT f.case_id AS case_id, c.title AS case_title, f.amount_paise AS fees,
                   0 AS expenses
               FROM fees f JOIN cases c ON c.id = f.case_id
               WHERE f.organisation_id = $1 AND f.status = 'confirmed'
                 AND f.invoice_line_id IS NULL
               UNION ALL
               SELECT e.case_id, c.title, 0, e.amount_paise
               FROM expenses e JOIN cases c ON c.id = e.case_id
               WHERE e.organisation_id = $1 AND e.recoverable = TRUE AND e.paid_by <> 'client'
                 AND e.invoice_line_id IS NULL) x
         JOIN billed_cases m ON m.case_id = x.case_id AND m.user_id = $2
         WHERE ($3 OR x.case_id = $4)
         GROUP BY x.case_id, x.case_title
         ORDER BY x.case_title, x.case_id LIMIT 10000"
    );
    tx.all(seen_by(select, scope).bind(case.is_none()).bind(case)).await
}

/// Makes others who change what is not billed of a case wait on PostgreSQL, each table in
/// the order of its ids, so that two who bill at once never wait for each other; SQLite's
/// write transactions are alone already.
pub(in crate::fees) async fn lock(tx: &mut Tx, case: CaseId) -> Result<(), DbError> {
    if tx.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    let locks = [
        "SELECT id FROM time_entries WHERE case_id = $1 AND invoice_line_id IS NULL
         ORDER BY id FOR NO KEY UPDATE",
        "SELECT id FROM fees WHERE case_id = $1 AND invoice_line_id IS NULL
         ORDER BY id FOR NO KEY UPDATE",
        "SELECT id FROM expenses WHERE case_id = $1 AND invoice_line_id IS NULL
         ORDER BY id FOR NO KEY UPDATE",
    ];
    for lock in locks {
        tx.execute(Sql::new(lock).bind(case)).await?;
    }
    Ok(())
}

/// Bills a charge of a case with a line; says how many rows that were: none where it is
/// no charge of the case, or billed already.
pub(in crate::fees) async fn bill(
    tx: &mut Tx,
    charge: ChargeId,
    case: CaseId,
    line: InvoiceLineId,
) -> Result<u64, DbError> {
    let update = match charge {
        ChargeId::Time(id) => statement!(
            "UPDATE time_entries SET invoice_line_id = $3
             WHERE id = $1 AND case_id = $2 AND billable = TRUE AND invoice_line_id IS NULL"
        )
        .bind(id),
        ChargeId::Fee(id) => statement!(
            "UPDATE fees SET invoice_line_id = $3
             WHERE id = $1 AND case_id = $2 AND status = 'confirmed' AND invoice_line_id IS NULL"
        )
        .bind(id),
        ChargeId::Expense(id) => statement!(
            "UPDATE expenses SET invoice_line_id = $3
             WHERE id = $1 AND case_id = $2 AND recoverable = TRUE AND paid_by <> 'client'
               AND invoice_line_id IS NULL"
        )
        .bind(id),
    };
    tx.execute(update.bind(case).bind(line)).await
}

/// Makes what the lines of an invoice billed charges again.
pub(in crate::fees) async fn release(tx: &mut Tx, invoice: InvoiceId) -> Result<(), DbError> {
    let updates = [
        statement!(
            "UPDATE time_entries SET invoice_line_id = NULL WHERE invoice_line_id IN
                 (SELECT l.id FROM invoice_lines l WHERE l.invoice_id = $1)"
        ),
        statement!(
            "UPDATE fees SET invoice_line_id = NULL WHERE invoice_line_id IN
                 (SELECT l.id FROM invoice_lines l WHERE l.invoice_id = $1)"
        ),
        statement!(
            "UPDATE expenses SET invoice_line_id = NULL WHERE invoice_line_id IN
                 (SELECT l.id FROM invoice_lines l WHERE l.invoice_id = $1)"
        ),
    ];
    for update in updates {
        tx.execute(update.bind(invoice)).await?;
    }
    Ok(())
}
