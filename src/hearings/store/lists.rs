//! Statements about cause lists and the cases they are compared with.

use chrono::{DateTime, NaiveDate, Utc};

use super::rows::word;
use super::{day, seen_by};
use crate::db::{DbError, Tx};
use crate::hearings::ListDecision;
use crate::hearings::cause_lists::{CauseList, NewCauseList};
use crate::kernel::{CaseId, CauseListId, HearingId, Scope};
use crate::statement;

pub(in crate::hearings) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    id: CauseListId,
    (new, on): (&NewCauseList, NaiveDate),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO cause_lists (id, organisation_id, name, court, on_date, list_type, text,
             added_by, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(new.name.as_str())
    .bind(new.court.clone())
    .bind(on.to_string())
    .bind(new.list_type.map(crate::hearings::ListType::as_str))
    .bind(new.text.as_str())
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct ListRow {
    id: CauseListId,
    name: String,
    court: Option<String>,
    on_date: String,
    list_type: Option<String>,
    text: Option<String>,
    added_at: DateTime<Utc>,
    accepted: i64,
}

impl ListRow {
    fn list(self) -> Result<CauseList, DbError> {
        let kind = self.list_type.as_deref();
        Ok(CauseList {
            id: self.id,
            name: self.name,
            court: self.court,
            on_date: day("cause_lists", "on_date", &self.on_date)?,
            list_type: kind.map(|kind| word("cause_lists", "list_type", kind)).transpose()?,
            text: self.text,
            added_at: self.added_at,
            accepted: self.accepted,
        })
    }
}

/// A list the caller added.
pub(in crate::hearings) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    id: CauseListId,
) -> Result<Option<CauseList>, DbError> {
    let select = statement!(
        "SELECT l.id, l.name, l.court, l.on_date, l.list_type, l.text, l.added_at,
             (SELECT COUNT(*) FROM cause_list_matches x JOIN open_cases o ON o.case_id = x.case_id
              WHERE x.list_id = l.id AND x.decision = 'accepted' AND o.user_id = $2) AS accepted
         FROM cause_lists l WHERE l.organisation_id = $1 AND l.added_by = $2 AND l.id = $3"
    );
    let select = select.bind(scope.organisation()).bind(scope.user()).bind(id);
    tx.optional::<ListRow>(select).await?.map(ListRow::list).transpose()
}

/// The lists the caller added, the newest first; without their texts.
pub(in crate::hearings) async fn list(
    tx: &mut Tx,
    scope: &Scope,
) -> Result<Vec<CauseList>, DbError> {
    let select = statement!(
        "SELECT l.id, l.name, l.court, l.on_date, l.list_type,
             CASE WHEN l.text IS NULL THEN NULL ELSE '' END AS text, l.added_at,
             (SELECT COUNT(*) FROM cause_list_matches x JOIN open_cases o ON o.case_id = x.case_id
              WHERE x.list_id = l.id AND x.decision = 'accepted' AND o.user_id = $2) AS accepted
         FROM cause_lists l WHERE l.organisation_id = $1 AND l.added_by = $2
         ORDER BY l.added_at DESC, l.id DESC LIMIT 100"
    );
    let rows = tx.all::<ListRow>(select.bind(scope.organisation()).bind(scope.user())).await?;
    rows.into_iter().map(ListRow::list).collect()
}

/// Changes the day and court of a list of the caller; says whether it is theirs.
pub(in crate::hearings) async fn set_head(
    tx: &mut Tx,
    scope: &Scope,
    id: CauseListId,
    (on, court): (NaiveDate, Option<String>),
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE cause_lists SET on_date = $4, court = $5
         WHERE organisation_id = $1 AND added_by = $2 AND id = $3"
    );
    let update = update.bind(scope.organisation()).bind(scope.user()).bind(id);
    Ok(tx.execute(update.bind(on.to_string()).bind(court)).await? == 1)
}

/// Removes the text of a list of the caller; says whether it had one.
pub(in crate::hearings) async fn forget(
    tx: &mut Tx,
    scope: &Scope,
    id: CauseListId,
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE cause_lists SET text = NULL
         WHERE organisation_id = $1 AND added_by = $2 AND id = $3 AND text IS NOT NULL"
    );
    let update = update.bind(scope.organisation()).bind(scope.user()).bind(id);
    Ok(tx.execute(update).await? == 1)
}

/// Removes the texts of lists added before a moment; says of how many.
pub(in crate::hearings) async fn forget_before(
    tx: &mut Tx,
    before: DateTime<Utc>,
) -> Result<u64, DbError> {
    let update =
        statement!("UPDATE cause_lists SET text = NULL WHERE added_at < $1 AND text IS NOT NULL");
    tx.execute(update.bind(before)).await
}

/// What was decided on an entry in a case.
#[derive(Debug, Clone)]
pub(in crate::hearings) struct Decided {
    pub(in crate::hearings) entry: u32,
    pub(in crate::hearings) case: CaseId,
    pub(in crate::hearings) decision: ListDecision,
    pub(in crate::hearings) hearing: Option<HearingId>,
}

#[derive(sqlx::FromRow)]
struct DecidedRow {
    entry: i64,
    case_id: CaseId,
    decision: String,
    hearing_id: Option<HearingId>,
}

/// What was decided on a list, in the cases open to the caller.
pub(in crate::hearings) async fn decided(
    tx: &mut Tx,
    scope: &Scope,
    id: CauseListId,
) -> Result<Vec<Decided>, DbError> {
    let select = statement!(
        "SELECT x.entry, x.case_id, x.decision, x.hearing_id FROM cause_list_matches x
         JOIN cases c ON c.id = x.case_id
         WHERE c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))
           AND x.list_id = $4
         ORDER BY x.entry, x.case_id LIMIT 10000"
    );
    let decided = |row: DecidedRow| {
        Ok(Decided {
            entry: u32::try_from(row.entry).unwrap_or(u32::MAX),
            case: row.case_id,
            decision: word("cause_list_matches", "decision", &row.decision)?,
            hearing: row.hearing_id,
        })
    };
    let select = seen_by(select, scope).bind(id);
    tx.all::<DecidedRow>(select).await?.into_iter().map(decided).collect()
}

/// Takes an entry for a case; says whether nobody had decided on it, or had ignored it.
pub(in crate::hearings) async fn take(
    tx: &mut Tx,
    scope: &Scope,
    list: CauseListId,
    taken: &Decided,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let insert = statement!(
        "INSERT INTO cause_list_matches (list_id, entry, case_id, decision, hearing_id,
             decided_by, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (list_id, entry, case_id) DO UPDATE
         SET decision = $4, hearing_id = $5, decided_by = $6, decided_at = $7
         WHERE cause_list_matches.decision = 'ignored'"
    )
    .bind(list)
    .bind(taken.entry)
    .bind(taken.case)
    .bind(taken.decision.as_str())
    .bind(taken.hearing)
    .bind(scope.user())
    .bind(now);
    Ok(tx.execute(insert).await? == 1)
}

#[derive(sqlx::FromRow)]
pub(in crate::hearings) struct OursRow {
    pub(in crate::hearings) id: CaseId,
    pub(in crate::hearings) title: String,
    pub(in crate::hearings) number: Option<String>,
    pub(in crate::hearings) court: Option<String>,
    pub(in crate::hearings) cnr: Option<String>,
}

/// The open cases the caller may change.
pub(in crate::hearings) async fn ours(tx: &mut Tx, scope: &Scope) -> Result<Vec<OursRow>, DbError> {
    let select = statement!(
        "SELECT c.id, c.title, c.number, c.court, c.cnr FROM cases c
         JOIN open_cases o ON o.case_id = c.id AND o.user_id = $2
         WHERE c.organisation_id = $1 AND c.status = 'open' AND o.role IN ('lead', 'member')
         ORDER BY c.id LIMIT 20000"
    );
    tx.all(select.bind(scope.organisation()).bind(scope.user())).await
}
