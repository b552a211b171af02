//! Statements of rates.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Count, day, seen_by, work};
use crate::db::{DbError, Tx};
use crate::fees::rates::{Applied, Candidate, Level, NewRate, Rate, choose};
use crate::fees::{Rounding, Work};
use crate::kernel::{CaseId, ClientId, Paise, RateId, Scope, UserId};
use crate::statement;

fn rounding(minutes: i64) -> Result<Rounding, DbError> {
    let value = minutes.to_string();
    Rounding::of(minutes).ok_or(DbError::Inconsistent { table: "rates", column: "rounding", value })
}

pub(in crate::fees) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    id: RateId,
    new: NewRate,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO rates (id, organisation_id, case_id, client_id, user_id, work,
             paise_per_hour, rounding, valid_from, set_by, set_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(new.case)
    .bind(new.client)
    .bind(new.user)
    .bind(new.work.map(Work::as_str))
    .bind(new.per_hour)
    .bind(new.rounding.minutes())
    .bind(new.valid_from.to_string())
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct CandidateRow {
    id: RateId,
    case_id: Option<CaseId>,
    client_id: Option<ClientId>,
    user_id: Option<UserId>,
    work: Option<String>,
    paise_per_hour: Option<i64>,
    rounding: i64,
    valid_from: String,
    set_at: DateTime<Utc>,
}

/// The rate that applies to somebody's work in a case on a day.
pub(in crate::fees) async fn applying(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
    (user, work, on): (UserId, Work, NaiveDate),
) -> Result<Option<Applied>, DbError> {
    let select = statement!(
        "SELECT r.id, r.case_id, r.client_id, r.user_id, r.work, r.paise_per_hour, r.rounding,
             r.valid_from, r.set_at
         FROM rates r
         WHERE r.organisation_id = $1
           AND (r.case_id IS NULL OR r.case_id = $2)
           AND (r.client_id IS NULL
                OR r.client_id = (SELECT c.client_id FROM cases c WHERE c.id = $2))
           AND (r.user_id IS NULL OR r.user_id = $3)
           AND (r.work IS NULL OR r.work = $4)
           AND r.valid_from <= $5
         ORDER BY r.valid_from DESC, r.set_at DESC, r.id DESC LIMIT 5000"
    );
    let select = select.bind(scope.organisation()).bind(case).bind(user);
    let rows = tx.all::<CandidateRow>(select.bind(work.as_str()).bind(on.to_string())).await?;
    let candidate = |row: CandidateRow| {
        Ok(Candidate {
            id: row.id,
            level: Level::of(row.case_id.is_some(), row.client_id.is_some(), row.user_id.is_some()),
            of_work: row.work.is_some(),
            per_hour: row.paise_per_hour.map(Paise),
            rounding: rounding(row.rounding)?,
            valid_from: day("rates", "valid_from", &row.valid_from)?,
            set_at: row.set_at,
        })
    };
    let candidates: Result<Vec<Candidate>, DbError> = rows.into_iter().map(candidate).collect();
    Ok(choose(candidates?))
}

#[derive(sqlx::FromRow)]
struct RateRow {
    id: RateId,
    case_id: Option<CaseId>,
    case_title: Option<String>,
    client_id: Option<ClientId>,
    client_name: Option<String>,
    user_id: Option<UserId>,
    user_name: Option<String>,
    work: Option<String>,
    paise_per_hour: Option<i64>,
    rounding: i64,
    valid_from: String,
    set_by: String,
    set_at: DateTime<Utc>,
}

impl RateRow {
    fn rate(self) -> Result<Rate, DbError> {
        Ok(Rate {
            id: self.id,
            case: self.case_id.zip(self.case_title),
            client: self.client_id.zip(self.client_name),
            user: self.user_id.zip(self.user_name),
            work: self.work.map(|text| work("rates", &text)).transpose()?,
            per_hour: self.paise_per_hour.map(Paise),
            rounding: rounding(self.rounding)?,
            valid_from: day("rates", "valid_from", &self.valid_from)?,
            set_by: self.set_by,
            set_at: self.set_at,
        })
    }
}

/// The rates, without those of cases and clients the caller may not know of.
pub(in crate::fees) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
) -> Result<Vec<Rate>, DbError> {
    let select = statement!(
        "SELECT r.id, r.case_id, c.title AS case_title, r.client_id, k.name AS client_name,
             r.user_id, p.name AS user_name, r.work, r.paise_per_hour, r.rounding, r.valid_from,
             s.name AS set_by, r.set_at
         FROM rates r
         LEFT JOIN cases c ON c.id = r.case_id
         LEFT JOIN clients k ON k.id = r.client_id
         LEFT JOIN users p ON p.id = r.user_id
         JOIN users s ON s.id = r.set_by
         WHERE r.organisation_id = $1
           AND (r.case_id IS NULL OR EXISTS (SELECT 1 FROM billed_cases m
                                             WHERE m.case_id = r.case_id AND m.user_id = $2))
           AND (r.client_id IS NULL OR EXISTS (SELECT 1 FROM known_clients n
                                               WHERE n.client_id = r.client_id
                                                 AND n.user_id = $2))
           AND ($3 OR r.case_id = $4)
         ORDER BY r.valid_from DESC, r.set_at DESC, r.id DESC LIMIT 2000"
    );
    let select = seen_by(select, scope).bind(case.is_none()).bind(case);
    tx.all::<RateRow>(select).await?.into_iter().map(RateRow::rate).collect()
}

/// Whether the caller may know of a client.
pub(in crate::fees) async fn knows_client(
    tx: &mut Tx,
    scope: &Scope,
    client: ClientId,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM known_clients n JOIN clients k ON k.id = n.client_id
         WHERE k.organisation_id = $1 AND n.user_id = $2 AND n.client_id = $3"
    );
    Ok(tx.one::<Count>(seen_by(select, scope).bind(client)).await?.count > 0)
}

/// Whether somebody works in the chamber.
pub(in crate::fees) async fn is_of_chamber(
    tx: &mut Tx,
    scope: &Scope,
    user: UserId,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM users u
         WHERE u.organisation_id = $1 AND u.id = $2 AND u.role <> 'client'"
    );
    Ok(tx.one::<Count>(select.bind(scope.organisation()).bind(user)).await?.count > 0)
}
