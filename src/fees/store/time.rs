//! Statements of time entries.

use chrono::{DateTime, NaiveDate, Utc};

use super::{day, seen_by, work};
use crate::db::{DbError, Tx};
use crate::fees::amounts::{Rounding, amount};
use crate::fees::rates::Priced;
use crate::fees::time::{Adjustment, NewTime, TimeEntry, TimeQuery, Whose};
use crate::kernel::{CaseId, Paise, RateId, Scope, TimeEntryId, UserId};
use crate::statement;

#[derive(sqlx::FromRow)]
struct PerHour {
    paise_per_hour: i64,
}

/// What an hour of somebody costs by their last entry, of the case if there is one.
pub(in crate::fees) async fn last_rate(
    tx: &mut Tx,
    scope: &Scope,
    user: UserId,
    case: CaseId,
) -> Result<Option<Paise>, DbError> {
    let select = statement!(
        "SELECT t.paise_per_hour FROM time_entries t
         WHERE t.organisation_id = $1 AND t.user_id = $2 AND t.billable = TRUE
         ORDER BY CASE WHEN t.case_id = $3 THEN 0 ELSE 1 END, t.added_at DESC, t.id DESC LIMIT 1"
    );
    let select = select.bind(scope.organisation()).bind(user).bind(case);
    Ok(tx.optional::<PerHour>(select).await?.map(|rate| Paise(rate.paise_per_hour)))
}

pub(in crate::fees) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    id: TimeEntryId,
    (new, priced): (&NewTime, Priced),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO time_entries (id, organisation_id, case_id, user_id, worked_on, minutes,
             paise_per_hour, description, billable, invoice_line_id, added_at, work, rounding,
             rate_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10, $11, $12, $13)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(new.case)
    .bind(scope.user())
    .bind(new.worked_on.to_string())
    .bind(new.minutes)
    .bind(priced.per_hour)
    .bind(new.description.as_str())
    .bind(new.billable)
    .bind(now)
    .bind(new.work.unwrap_or_default().as_str())
    .bind(priced.rounding.minutes())
    .bind(priced.rate);
    tx.execute(insert).await.map(drop)
}

/// Changes an entry that is not billed; says how many rows that were. `keeps` says whether
/// what was said in place of its amount still holds.
pub(in crate::fees) async fn update(
    tx: &mut Tx,
    id: TimeEntryId,
    (new, priced): (&NewTime, Priced),
    keeps: bool,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE time_entries SET case_id = $2, worked_on = $3, minutes = $4, paise_per_hour = $5,
             description = $6, billable = $7, work = $8, rounding = $9, rate_id = $10,
             adjusted_paise = CASE WHEN $11 THEN adjusted_paise ELSE NULL END,
             adjusted_reason = CASE WHEN $11 THEN adjusted_reason ELSE NULL END,
             adjusted_by = CASE WHEN $11 THEN adjusted_by ELSE NULL END
         WHERE id = $1 AND invoice_line_id IS NULL"
    )
    .bind(id)
    .bind(new.case)
    .bind(new.worked_on.to_string())
    .bind(new.minutes)
    .bind(priced.per_hour)
    .bind(new.description.as_str())
    .bind(new.billable)
    .bind(new.work.unwrap_or_default().as_str())
    .bind(priced.rounding.minutes())
    .bind(priced.rate)
    .bind(keeps);
    tx.execute(update).await
}

/// Removes an entry that is not billed; says how many rows that were.
pub(in crate::fees) async fn delete(tx: &mut Tx, id: TimeEntryId) -> Result<u64, DbError> {
    let delete = statement!("DELETE FROM time_entries WHERE id = $1 AND invoice_line_id IS NULL");
    tx.execute(delete.bind(id)).await
}

/// Says what is billed in place of an entry's amount; says how many rows that were.
pub(in crate::fees) async fn adjust(
    tx: &mut Tx,
    scope: &Scope,
    id: TimeEntryId,
    to: Option<&(Paise, String)>,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE time_entries SET adjusted_paise = $2, adjusted_reason = $3, adjusted_by = $4
         WHERE id = $1 AND invoice_line_id IS NULL"
    )
    .bind(id)
    .bind(to.map(|(amount, _)| *amount))
    .bind(to.map(|(_, reason)| reason.as_str()))
    .bind(to.map(|_| scope.user()));
    tx.execute(update).await
}

#[derive(sqlx::FromRow)]
struct TimeRow {
    id: TimeEntryId,
    case_id: CaseId,
    case_title: String,
    user_id: UserId,
    who: String,
    worked_on: String,
    minutes: i64,
    rounding: i64,
    paise_per_hour: i64,
    rate_id: Option<RateId>,
    adjusted_paise: Option<i64>,
    adjusted_reason: Option<String>,
    adjusted_by: Option<String>,
    work: String,
    description: String,
    billable: bool,
    is_billed: bool,
}

impl TimeRow {
    fn entry(self) -> Result<TimeEntry, DbError> {
        let table = "time_entries";
        let rounding = Rounding::of(self.rounding).ok_or_else(|| DbError::Inconsistent {
            table,
            column: "rounding",
            value: self.rounding.to_string(),
        })?;
        let per_hour = Paise(self.paise_per_hour);
        let comes_to = amount(rounding.billed(self.minutes), per_hour);
        Ok(TimeEntry {
            id: self.id,
            case_id: self.case_id,
            case_title: self.case_title,
            user_id: self.user_id,
            who: self.who,
            worked_on: day(table, "worked_on", &self.worked_on)?,
            minutes: self.minutes,
            rounding,
            per_hour,
            rate: self.rate_id,
            amount: if self.billable { comes_to } else { Paise(0) },
            adjusted: self.adjusted_paise.map(|amount| Adjustment {
                amount: Paise(amount),
                reason: self.adjusted_reason.unwrap_or_default(),
                by: self.adjusted_by.unwrap_or_default(),
            }),
            work: work(table, &self.work)?,
            description: self.description,
            billable: self.billable,
            is_billed: self.is_billed,
        })
    }
}

macro_rules! entries {
    () => {
        "SELECT t.id, t.case_id, c.title AS case_title, t.user_id, u.name AS who, t.worked_on,
             t.minutes, t.rounding, t.paise_per_hour, t.rate_id, t.adjusted_paise,
             t.adjusted_reason, b.name AS adjusted_by, t.work, t.description, t.billable,
             t.invoice_line_id IS NOT NULL AS is_billed
         FROM time_entries t
         JOIN cases c ON c.id = t.case_id
         JOIN users u ON u.id = t.user_id
         LEFT JOIN users b ON b.id = t.adjusted_by
         WHERE t.organisation_id = $1"
    };
}

fn entries(rows: Vec<TimeRow>) -> Result<Vec<TimeEntry>, DbError> {
    rows.into_iter().map(TimeRow::entry).collect()
}

/// The billable time that is not billed, a case after the other.
pub(in crate::fees) async fn unbilled(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
) -> Result<Vec<TimeEntry>, DbError> {
    let select = statement!(concat!(
        entries!(),
        " AND t.billable = TRUE AND t.invoice_line_id IS NULL
          AND EXISTS (SELECT 1 FROM billed_cases m
                      WHERE m.case_id = t.case_id AND m.user_id = $2)
          AND ($3 OR t.case_id = $4)
          ORDER BY c.title, c.id, t.worked_on, t.id LIMIT 100000"
    ));
    entries(tx.all(seen_by(select, scope).bind(case.is_none()).bind(case)).await?)
}

/// An entry of the caller's in a case open to them, or of a case whose money they see.
pub(in crate::fees) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    id: TimeEntryId,
) -> Result<Option<TimeEntry>, DbError> {
    let select = statement!(concat!(
        entries!(),
        " AND (EXISTS (SELECT 1 FROM billed_cases m
                       WHERE m.case_id = t.case_id AND m.user_id = $2)
               OR (t.user_id = $2
                   AND EXISTS (SELECT 1 FROM open_cases o
                               WHERE o.case_id = t.case_id AND o.user_id = $2)))
          AND t.id = $3"
    ));
    tx.optional::<TimeRow>(seen_by(select, scope).bind(id)).await?.map(TimeRow::entry).transpose()
}

/// Time between two days, by day.
pub(in crate::fees) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    asked: TimeQuery,
) -> Result<Vec<TimeEntry>, DbError> {
    let select = match asked.whose {
        Whose::Own => statement!(concat!(
            entries!(),
            " AND t.user_id = $2 AND EXISTS (SELECT 1 FROM open_cases o
                                             WHERE o.case_id = t.case_id AND o.user_id = $2)"
        )),
        Whose::Team => statement!(concat!(
            entries!(),
            " AND EXISTS (SELECT 1 FROM billed_cases m
                          WHERE m.case_id = t.case_id AND m.user_id = $2)"
        )),
    };
    let text = |day: NaiveDate| day.to_string();
    let select = seen_by(select, scope)
        .and_if("t.case_id =", asked.case)
        .and_if("t.worked_on >=", asked.from.map(text))
        .and_if("t.worked_on <=", asked.to.map(text))
        .then(" ORDER BY t.worked_on, u.name, t.added_at, t.id LIMIT 20000");
    entries(tx.all(select).await?)
}

/// The billable time of a case from a day on, by what is charged for it, billed or not.
pub(in crate::fees) async fn since(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
    from: NaiveDate,
) -> Result<Vec<TimeEntry>, DbError> {
    let select = statement!(concat!(
        entries!(),
        " AND EXISTS (SELECT 1 FROM billed_cases m
                      WHERE m.case_id = t.case_id AND m.user_id = $2)
          AND t.case_id = $3 AND t.billable = TRUE AND t.worked_on >= $4
          ORDER BY t.worked_on, t.id LIMIT 10000"
    ));
    entries(tx.all(seen_by(select, scope).bind(case).bind(from.to_string())).await?)
}
