//! Statements about reminders: asked for each reader at the moment of telling.

use chrono::{DateTime, NaiveDate, Utc};

use crate::db::{DbError, Tx};
use crate::kernel::{OrganisationId, UserId};
use crate::statement;

#[derive(sqlx::FromRow)]
pub(in crate::hearings) struct PersonRow {
    pub(in crate::hearings) id: UserId,
    pub(in crate::hearings) organisation_id: OrganisationId,
}

/// Everybody of every chamber who can be told of hearings and was not yet.
pub(in crate::hearings) async fn people(
    tx: &mut Tx,
    (day, kind): (NaiveDate, &str),
) -> Result<Vec<PersonRow>, DbError> {
    let select = statement!(
        "SELECT u.id, u.organisation_id FROM users u
         WHERE u.active = TRUE AND u.role IN ('admin', 'advocate', 'staff')
           AND NOT EXISTS (SELECT 1 FROM hearing_reminders r
                           WHERE r.user_id = u.id AND r.day = $1 AND r.kind = $2)
         ORDER BY u.id LIMIT 10000"
    );
    tx.all(select.bind(day.to_string()).bind(kind)).await
}

/// Notes that somebody is told; says whether nobody had told them.
pub(in crate::hearings) async fn take(
    tx: &mut Tx,
    user: UserId,
    (day, kind): (NaiveDate, &str),
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let insert = statement!(
        "INSERT INTO hearing_reminders (user_id, day, kind, sent_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, day, kind) DO NOTHING"
    );
    Ok(tx.execute(insert.bind(user).bind(day.to_string()).bind(kind).bind(now)).await? == 1)
}

#[derive(sqlx::FromRow)]
pub(in crate::hearings) struct AheadRow {
    pub(in crate::hearings) title: String,
    pub(in crate::hearings) court: Option<String>,
    pub(in crate::hearings) court_hall: Option<String>,
    pub(in crate::hearings) item: Option<String>,
    pub(in crate::hearings) starts_at: Option<String>,
    pub(in crate::hearings) purpose: Option<String>,
}

/// The hearings of a day in the cases a person is a member of and that are open to them.
pub(in crate::hearings) async fn ahead(
    tx: &mut Tx,
    user: UserId,
    day: NaiveDate,
) -> Result<Vec<AheadRow>, DbError> {
    let select = statement!(
        "SELECT c.title, c.court, h.court_hall, h.item, h.starts_at, h.purpose
         FROM hearings h
         JOIN cases c ON c.id = h.case_id
         JOIN case_members m ON m.case_id = c.id AND m.user_id = $1
         WHERE h.on_date = $2 AND h.withdrawn_at IS NULL AND h.outcome IS NULL
           AND EXISTS (SELECT 1 FROM open_cases o WHERE o.case_id = c.id AND o.user_id = $1)
         ORDER BY c.court, h.court_hall, h.item, h.id LIMIT 200"
    );
    tx.all(select.bind(user).bind(day.to_string())).await
}

#[derive(sqlx::FromRow)]
pub(in crate::hearings) struct CheckRow {
    pub(in crate::hearings) title: String,
    pub(in crate::hearings) past: i64,
    pub(in crate::hearings) claims: i64,
    pub(in crate::hearings) coming: i64,
}

/// The open cases of a person whose dates want looking at.
pub(in crate::hearings) async fn to_check(
    tx: &mut Tx,
    user: UserId,
    today: NaiveDate,
) -> Result<Vec<CheckRow>, DbError> {
    let select = statement!(
        "SELECT t.title, t.past, t.claims, t.coming FROM (
             SELECT c.id, c.title,
                 (SELECT COUNT(*) FROM hearings h
                  WHERE h.case_id = c.id AND h.withdrawn_at IS NULL AND h.outcome IS NULL
                    AND h.on_date < $2) AS past,
                 (SELECT COUNT(*) FROM hearing_claims k JOIN hearings h ON h.id = k.hearing_id
                  WHERE h.case_id = c.id AND h.withdrawn_at IS NULL AND h.outcome IS NULL
                    AND h.on_date <> k.on_date AND k.decision IS NULL) AS claims,
                 (SELECT COUNT(*) FROM hearings h
                  WHERE h.case_id = c.id AND h.withdrawn_at IS NULL
                    AND ((h.outcome = 'disposed'
                          AND NOT EXISTS (SELECT 1 FROM hearings l
                                          WHERE l.case_id = c.id AND l.withdrawn_at IS NULL
                                            AND l.on_date > h.on_date))
                         OR (h.outcome IS NULL AND h.on_date >= $2)))
                     AS coming
             FROM cases c
             JOIN case_members m ON m.case_id = c.id AND m.user_id = $1
             WHERE c.status = 'open' AND (c.number IS NOT NULL OR c.cnr IS NOT NULL
                   OR EXISTS (SELECT 1 FROM hearings a WHERE a.case_id = c.id))
               AND EXISTS (SELECT 1 FROM open_cases o WHERE o.case_id = c.id AND o.user_id = $1)
         ) t
         WHERE t.past > 0 OR t.claims > 0 OR t.coming = 0
         ORDER BY t.title, t.id LIMIT 200"
    );
    tx.all(select.bind(user).bind(today.to_string())).await
}
