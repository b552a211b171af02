//! The statements of reports.

use chrono::NaiveDate;

use super::{GstRow, PersonRow};
use crate::billing::gst::Treatment;
use crate::billing::store::{seen_by, visible_invoices};
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{CaseId, Paise, Scope};
use crate::statement;

/// Bills the caller may see, issued or cancelled, as `v`.
macro_rules! bills {
    () => {
        concat!(
            "(SELECT i.id AS bill_id, i.case_id AS case_id, coalesce(c.title, k.name) AS title,
                 i.issued_on AS issued_on, coalesce(i.tax_paise, 0) AS tax,
                 coalesce(i.total_paise,
                          CAST(coalesce((SELECT SUM(s.amount_paise) FROM invoice_lines s
                                         WHERE s.invoice_id = i.id), 0) AS BIGINT)) AS total",
            visible_invoices!(),
            " AND i.status <> 'draft') v"
        )
    };
}

/// The form of a day in the tables; years before 0 and after 9999 are never stored.
fn text(day: NaiveDate) -> String {
    if day == NaiveDate::MIN {
        "0000-01-01".to_owned()
    } else if day == NaiveDate::MAX {
        "9999-12-31".to_owned()
    } else {
        day.to_string()
    }
}

fn within(sql: Sql, scope: &Scope, (from, to): (NaiveDate, NaiveDate)) -> Sql {
    seen_by(sql, scope).bind(text(from)).bind(text(to))
}

#[derive(sqlx::FromRow)]
pub(super) struct SumRow {
    pub(super) case_id: Option<CaseId>,
    pub(super) title: String,
    pub(super) sum: i64,
    pub(super) tax: i64,
}

pub(super) async fn billed(
    tx: &mut Tx,
    scope: &Scope,
    span: (NaiveDate, NaiveDate),
) -> Result<Vec<SumRow>, DbError> {
    let select = statement!(concat!(
        "SELECT v.case_id, v.title, CAST(SUM(v.total) AS BIGINT) AS sum,
             CAST(SUM(v.tax) AS BIGINT) AS tax FROM ",
        bills!(),
        " WHERE v.issued_on >= $4 AND v.issued_on <= $5
         GROUP BY v.case_id, v.title ORDER BY v.title, v.case_id LIMIT 10000"
    ));
    tx.all(within(select, scope, span)).await
}

pub(super) async fn credited(
    tx: &mut Tx,
    scope: &Scope,
    span: (NaiveDate, NaiveDate),
) -> Result<Vec<SumRow>, DbError> {
    let select = statement!(concat!(
        "SELECT v.case_id, v.title, CAST(SUM(n.amount_paise) AS BIGINT) AS sum,
             CAST(SUM(n.tax_paise) AS BIGINT) AS tax FROM ",
        bills!(),
        " JOIN credit_notes n ON n.invoice_id = v.bill_id
         WHERE n.issued_on >= $4 AND n.issued_on <= $5
         GROUP BY v.case_id, v.title ORDER BY v.title, v.case_id LIMIT 10000"
    ));
    tx.all(within(select, scope, span)).await
}

#[derive(sqlx::FromRow)]
pub(super) struct CameRow {
    pub(super) case_id: Option<CaseId>,
    pub(super) title: String,
    pub(super) sum: i64,
    pub(super) tds: i64,
}

pub(super) async fn collected(
    tx: &mut Tx,
    scope: &Scope,
    span: (NaiveDate, NaiveDate),
) -> Result<Vec<CameRow>, DbError> {
    let select = statement!(concat!(
        "SELECT v.case_id, v.title, CAST(SUM(p.amount_paise) AS BIGINT) AS sum,
             CAST(SUM(p.tds_paise) AS BIGINT) AS tds FROM ",
        bills!(),
        " JOIN payments p ON p.invoice_id = v.bill_id
         WHERE p.received_on >= $4 AND p.received_on <= $5
         GROUP BY v.case_id, v.title ORDER BY v.title, v.case_id LIMIT 10000"
    ));
    tx.all(within(select, scope, span)).await
}

#[derive(sqlx::FromRow)]
struct PersonSum {
    name: String,
    minutes: i64,
    amount: i64,
}

/// The time that was billed, by who worked. A line stands for one piece of time.
pub(super) async fn people(
    tx: &mut Tx,
    scope: &Scope,
    span: (NaiveDate, NaiveDate),
) -> Result<Vec<PersonRow>, DbError> {
    let select = statement!(concat!(
        "SELECT u.name, CAST(SUM(t.minutes) AS BIGINT) AS minutes,
             CAST(SUM(l.amount_paise) AS BIGINT) AS amount FROM ",
        bills!(),
        " JOIN invoice_lines l ON l.invoice_id = v.bill_id
         JOIN time_entries t ON t.invoice_line_id = l.id
         JOIN users u ON u.id = t.user_id
         WHERE v.issued_on >= $4 AND v.issued_on <= $5
         GROUP BY u.id, u.name ORDER BY u.name, u.id LIMIT 1000"
    ));
    let rows = tx.all::<PersonSum>(within(select, scope, span)).await?;
    let person = |row: PersonSum| PersonRow {
        name: row.name,
        minutes: row.minutes,
        amount: Paise(row.amount),
    };
    Ok(rows.into_iter().map(person).collect())
}

#[derive(sqlx::FromRow)]
struct GstSum {
    gst: String,
    bills: i64,
    value: i64,
    cgst: i64,
    sgst: i64,
    igst: i64,
}

pub(super) async fn gst(
    tx: &mut Tx,
    scope: &Scope,
    span: (NaiveDate, NaiveDate),
) -> Result<Vec<GstRow>, DbError> {
    let select = statement!(concat!(
        "SELECT l.gst, COUNT(DISTINCT v.bill_id) AS bills,
             CAST(SUM(l.amount_paise) AS BIGINT) AS value,
             CAST(SUM(l.cgst_paise) AS BIGINT) AS cgst,
             CAST(SUM(l.sgst_paise) AS BIGINT) AS sgst,
             CAST(SUM(l.igst_paise) AS BIGINT) AS igst FROM ",
        bills!(),
        " JOIN invoice_lines l ON l.invoice_id = v.bill_id
         WHERE v.issued_on >= $4 AND v.issued_on <= $5 AND l.gst IS NOT NULL
         GROUP BY l.gst ORDER BY l.gst LIMIT 10"
    ));
    let rows = tx.all::<GstSum>(within(select, scope, span)).await?;
    let row = |row: GstSum| {
        Treatment::parse(&row.gst).map(|treatment| GstRow {
            treatment,
            bills: row.bills,
            value: Paise(row.value),
            cgst: Paise(row.cgst),
            sgst: Paise(row.sgst),
            igst: Paise(row.igst),
        })
    };
    Ok(rows.into_iter().filter_map(row).collect())
}

#[derive(sqlx::FromRow)]
pub(super) struct SpentRow {
    pub(super) case_id: Option<CaseId>,
    pub(super) title: String,
    pub(super) time: i64,
    pub(super) expenses: i64,
}

/// What the time on bills and drafts comes to, and what was laid out but by the client, of
/// each case whose money the caller may see.
pub(super) async fn spent(tx: &mut Tx, scope: &Scope) -> Result<Vec<SpentRow>, DbError> {
    let select = statement!(
        "SELECT x.case_id, x.title, x.time, x.expenses
         FROM (SELECT c.id AS case_id, c.title AS title,
                   CAST(coalesce((SELECT SUM(l.amount_paise) FROM time_entries t
                                  JOIN invoice_lines l ON l.id = t.invoice_line_id
                                  WHERE t.case_id = c.id), 0) AS BIGINT) AS time,
                   CAST(coalesce((SELECT SUM(e.amount_paise) FROM expenses e
                                  WHERE e.case_id = c.id AND e.paid_by <> 'client'), 0) AS BIGINT)
                       AS expenses
               FROM cases c
               WHERE c.organisation_id = $1
                 AND ($2 OR EXISTS (SELECT 1 FROM billed_cases m
                                    WHERE m.case_id = c.id AND m.user_id = $3))) x
         WHERE x.time <> 0 OR x.expenses <> 0 ORDER BY x.title, x.case_id LIMIT 10000"
    );
    tx.all(seen_by(select, scope)).await
}

/// What was laid out and typed on bills that were not cancelled, and stands nowhere else.
pub(super) async fn own_expenses(tx: &mut Tx, scope: &Scope) -> Result<Vec<SpentRow>, DbError> {
    let select = statement!(concat!(
        "SELECT v.case_id, v.title, CAST(0 AS BIGINT) AS time,
             CAST(SUM(l.amount_paise) AS BIGINT) AS expenses FROM ",
        bills!(),
        " JOIN invoice_lines l ON l.invoice_id = v.bill_id
         JOIN invoices b ON b.id = v.bill_id AND b.status = 'issued'
         WHERE l.charge_kind IS NULL AND (l.kind = 'expense' OR l.part = 'senior_fee')
         GROUP BY v.case_id, v.title ORDER BY v.title, v.case_id LIMIT 10000"
    ));
    tx.all(seen_by(select, scope)).await
}

#[derive(sqlx::FromRow)]
pub(super) struct ModelRow {
    pub(super) case_id: CaseId,
    pub(super) case_title: String,
    pub(super) all: i64,
    pub(super) unbilled: i64,
}

/// What the models cost each case whose money the caller may see.
pub(super) async fn models(tx: &mut Tx, scope: &Scope) -> Result<Vec<ModelRow>, DbError> {
    let select = statement!(
        "SELECT c.id AS case_id, c.title AS case_title,
             CAST(SUM(a.cost_paise) AS BIGINT) AS \"all\",
             CAST(SUM(CASE WHEN a.invoice_line_id IS NULL THEN a.cost_paise ELSE 0 END) AS BIGINT)
                 AS unbilled
         FROM model_calls a JOIN cases c ON c.id = a.case_id
         WHERE a.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM billed_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))
         GROUP BY c.id, c.title HAVING SUM(a.cost_paise) > 0
         ORDER BY c.title, c.id LIMIT 10000"
    );
    tx.all(seen_by(select, scope)).await
}
