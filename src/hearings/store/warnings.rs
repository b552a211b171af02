//! Statements that look for what is wrong with the dates of cases.

use chrono::NaiveDate;

use super::seen_by;
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, HearingId, Scope};
use crate::statement;

#[derive(sqlx::FromRow)]
pub(in crate::hearings) struct CaseRow {
    pub(in crate::hearings) id: CaseId,
    pub(in crate::hearings) title: String,
}

/// Open cases before a court that have no next date, and whose last day is accounted for. A
/// case disposed of and then listed again, as one restored is, wants a next date as before.
pub(in crate::hearings) async fn missing(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
    today: NaiveDate,
) -> Result<Vec<CaseRow>, DbError> {
    let select = statement!(
        "SELECT c.id, c.title FROM cases c
         WHERE c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))
           AND ($4 OR c.id = $5) AND c.status = 'open'
           AND (c.number IS NOT NULL OR c.cnr IS NOT NULL
                OR EXISTS (SELECT 1 FROM hearings a WHERE a.case_id = c.id))
           AND NOT EXISTS (SELECT 1 FROM hearings h
                           WHERE h.case_id = c.id AND h.withdrawn_at IS NULL
                             AND (h.outcome IS NULL OR h.on_date > $6
                                  OR (h.outcome = 'disposed'
                                      AND NOT EXISTS (SELECT 1 FROM hearings l
                                                      WHERE l.case_id = c.id
                                                        AND l.withdrawn_at IS NULL
                                                        AND l.on_date > h.on_date))))
         ORDER BY c.title, c.id LIMIT 1000"
    );
    let select = seen_by(select, scope).bind(case.is_none()).bind(case);
    tx.all(select.bind(today.to_string())).await
}

#[derive(sqlx::FromRow)]
pub(in crate::hearings) struct PastRow {
    pub(in crate::hearings) id: HearingId,
    pub(in crate::hearings) case_id: CaseId,
    pub(in crate::hearings) title: String,
    pub(in crate::hearings) on_date: String,
}

/// Hearings of open cases whose day has passed and of which nobody says how they went.
pub(in crate::hearings) async fn past(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
    today: NaiveDate,
) -> Result<Vec<PastRow>, DbError> {
    let select = statement!(
        "SELECT h.id, h.case_id, c.title, h.on_date FROM hearings h
         JOIN cases c ON c.id = h.case_id
         WHERE c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))
           AND ($4 OR c.id = $5) AND c.status = 'open'
           AND h.on_date < $6 AND h.outcome IS NULL AND h.withdrawn_at IS NULL
         ORDER BY h.on_date DESC, c.title, h.id LIMIT 1000"
    );
    let select = seen_by(select, scope).bind(case.is_none()).bind(case);
    tx.all(select.bind(today.to_string())).await
}

#[derive(sqlx::FromRow)]
pub(in crate::hearings) struct ClashRow {
    pub(in crate::hearings) id: HearingId,
    pub(in crate::hearings) case_id: CaseId,
    pub(in crate::hearings) title: String,
    pub(in crate::hearings) court: String,
    pub(in crate::hearings) on_date: String,
    pub(in crate::hearings) starts_at: Option<String>,
    pub(in crate::hearings) other_case_id: CaseId,
    pub(in crate::hearings) other_title: String,
    pub(in crate::hearings) other_court: String,
    pub(in crate::hearings) other_starts_at: Option<String>,
    pub(in crate::hearings) advocate: String,
}

/// Two coming hearings on one day in two courts that want the same advocate; both cases
/// are open to the caller.
pub(in crate::hearings) async fn clashes(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
    today: NaiveDate,
) -> Result<Vec<ClashRow>, DbError> {
    let select = statement!(
        "SELECT h.id, h.case_id, c.title, c.court, h.on_date, h.starts_at,
             d.id AS other_case_id, d.title AS other_title, d.court AS other_court,
             o.starts_at AS other_starts_at, u.name AS advocate
         FROM hearings h
         JOIN cases c ON c.id = h.case_id
         JOIN hearings o ON o.on_date = h.on_date AND o.id > h.id
         JOIN cases d ON d.id = o.case_id AND d.organisation_id = c.organisation_id
         JOIN case_members a ON a.case_id = c.id AND a.role <> 'viewer'
         JOIN case_members b ON b.case_id = d.id AND b.user_id = a.user_id AND b.role <> 'viewer'
         JOIN users u ON u.id = a.user_id AND u.active = TRUE AND u.role IN ('advocate', 'admin')
         WHERE c.organisation_id = $1
           AND ($2 OR (EXISTS (SELECT 1 FROM open_cases m
                               WHERE m.case_id = c.id AND m.user_id = $3)
                       AND EXISTS (SELECT 1 FROM open_cases n
                                   WHERE n.case_id = d.id AND n.user_id = $3)))
           AND ($4 OR c.id = $5 OR d.id = $5)
           AND h.on_date >= $6 AND h.outcome IS NULL AND o.outcome IS NULL
           AND h.withdrawn_at IS NULL AND o.withdrawn_at IS NULL
           AND c.court IS NOT NULL AND d.court IS NOT NULL AND lower(c.court) <> lower(d.court)
         ORDER BY h.on_date, h.id, o.id, u.name LIMIT 1000"
    );
    let select = seen_by(select, scope).bind(case.is_none()).bind(case);
    tx.all(select.bind(today.to_string())).await
}
