//! Every statement about hearings.

pub(super) mod calendars;
pub(super) mod changes;
pub(super) mod claims;
pub(super) mod lists;
pub(super) mod reminders;
mod rows;
pub(super) mod warnings;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::{Adjourned, Hearing, HearingQuery, NewHearing};
use crate::cases::Source;
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{CaseId, ClientId, HearingId, Paise, Scope, UserId, VersionId};
use crate::statement;
use rows::HearingRow;

/// Binds what every read of what is in cases needs: `$1` to `$3`.
pub(super) fn seen_by(sql: Sql, scope: &Scope) -> Sql {
    sql.bind(scope.organisation()).bind(scope.sees_all()).bind(scope.user())
}

/// Reads a stored day.
pub(super) fn day(
    table: &'static str,
    column: &'static str,
    text: &str,
) -> Result<NaiveDate, DbError> {
    text.parse().map_err(|_| DbError::Inconsistent { table, column, value: text.to_owned() })
}

/// A time of day as it is stored.
pub(super) fn clock(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

pub(super) fn limit(asked: u32) -> i64 {
    i64::from(asked.min(1_000))
}

/// The version, page and words of a source.
pub(super) fn parts(
    source: Option<&Source>,
    quote: Option<&str>,
) -> (Option<VersionId>, Option<u32>, Option<String>) {
    match source {
        Some(Source { version, page, quote }) => (Some(*version), *page, quote.clone()),
        None => (None, None, quote.map(str::to_owned)),
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct Count {
    pub(super) count: i64,
}

macro_rules! hearings {
    ($end:literal) => {
        concat!(
            "SELECT h.id, h.case_id, c.title AS case_title, c.number AS case_number, c.court,
                 h.on_date, h.starts_at, h.bench, h.court_hall, h.item, h.list_type, h.stage,
                 h.purpose, h.outcome, h.note, h.source_kind, h.source_version_id, h.source_page,
                 h.source_quote, h.previous_id, h.mentioned, h.appeared_ours, h.appeared_theirs,
                 h.adjourned_by, h.adjourned_reason, h.adjourned_words, h.costs_paise,
                 h.withdrawn_at, h.withdrawn_reason, h.sequence,
                 v.document_id AS source_document_id, v.number AS source_number
             FROM hearings h JOIN cases c ON c.id = h.case_id
             LEFT JOIN versions v ON v.id = h.source_version_id
             WHERE c.organisation_id = $1
               AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                                  WHERE m.case_id = c.id AND m.user_id = $3))",
            $end
        )
    };
}

macro_rules! asked {
    ($order:literal) => {
        concat!(
            " AND ($4 OR c.id = $5) AND h.on_date >= $6 AND h.on_date <= $7
             AND ($8 OR h.withdrawn_at IS NULL)
             AND ($9 OR EXISTS (SELECT 1 FROM case_members mine
                                WHERE mine.case_id = c.id AND mine.user_id = $3))
             ORDER BY h.on_date ",
            $order,
            ", c.title, h.id LIMIT $10"
        )
    };
}

/// Hearings of the cases open to the caller.
pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    asked: HearingQuery,
) -> Result<Vec<Hearing>, DbError> {
    let HearingQuery { case, from, to, latest_first, mine, withdrawn, limit: most } = asked;
    let text = |day: Option<NaiveDate>, open: &str| {
        day.map_or_else(|| open.to_owned(), |day| day.to_string())
    };
    let select = if latest_first {
        statement!(concat!(hearings!(""), asked!("DESC")))
    } else {
        statement!(concat!(hearings!(""), asked!("ASC")))
    };
    let select = seen_by(select, scope)
        .bind(case.is_none())
        .bind(case)
        .bind(text(from, "0000-01-01"))
        .bind(text(to, "9999-12-31"))
        .bind(withdrawn)
        .bind(!mine)
        .bind(limit(most));
    tx.all::<HearingRow>(select).await?.into_iter().map(HearingRow::hearing).collect()
}

/// A hearing of a case open to the caller.
pub(super) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    id: HearingId,
) -> Result<Option<Hearing>, DbError> {
    let select = seen_by(statement!(hearings!(" AND h.id = $4")), scope).bind(id);
    tx.optional::<HearingRow>(select).await?.map(HearingRow::hearing).transpose()
}

/// The hearing that follows another.
pub(super) async fn following(
    tx: &mut Tx,
    scope: &Scope,
    id: HearingId,
) -> Result<Option<Hearing>, DbError> {
    let select = statement!(hearings!(" AND h.previous_id = $4 AND h.withdrawn_at IS NULL"));
    let select = seen_by(select, scope).bind(id);
    tx.optional::<HearingRow>(select).await?.map(HearingRow::hearing).transpose()
}

/// Lets one change of a case's hearings happen after the other, on both engines.
pub(super) async fn lock_case(tx: &mut Tx, case: CaseId) -> Result<(), DbError> {
    let lock = statement!("UPDATE cases SET status = status WHERE id = $1");
    tx.execute(lock.bind(case)).await.map(drop)
}

/// Whether what something is taken from is a document of its case.
pub(super) async fn source_is_of(
    tx: &mut Tx,
    case: CaseId,
    source: &Source,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM versions v JOIN documents d ON d.id = v.document_id
         WHERE v.id = $1 AND d.case_id = $2"
    );
    Ok(tx.one::<Count>(select.bind(source.version).bind(case)).await?.count == 1)
}

pub(super) async fn insert(
    tx: &mut Tx,
    user: UserId,
    (id, case, previous): (HearingId, CaseId, Option<HearingId>),
    new: &NewHearing,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let (version, page, quote) = parts(new.source.as_ref(), new.quote.as_deref());
    let decided = new.outcome.map(|_| now);
    let insert = statement!(
        "INSERT INTO hearings (id, case_id, on_date, starts_at, bench, court_hall, item, list_type,
             stage, purpose, outcome, outcome_by, outcome_at, note, source_kind,
             source_version_id, source_page, source_quote, previous_id, added_by, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
             $19, $20, $21)"
    )
    .bind(id)
    .bind(case)
    .bind(new.on_date.to_string())
    .bind(new.starts_at.map(clock))
    .bind(new.bench.clone())
    .bind(new.court_hall.clone())
    .bind(new.item.clone())
    .bind(new.list_type.map(super::ListType::as_str))
    .bind(new.stage.clone())
    .bind(new.purpose.clone())
    .bind(new.outcome.map(super::HearingOutcome::as_str))
    .bind(decided.map(|_| user))
    .bind(decided)
    .bind(new.note.clone())
    .bind(new.source_kind.as_str())
    .bind(version)
    .bind(page)
    .bind(quote)
    .bind(previous)
    .bind(user)
    .bind(now);
    tx.execute(insert).await.map(drop)
}

/// Writes all that can change of a hearing, but for its day and its being withdrawn.
pub(super) async fn describe(tx: &mut Tx, hearing: &Hearing) -> Result<(), DbError> {
    let known = &hearing.known;
    let update = statement!(
        "UPDATE hearings SET starts_at = $2, bench = $3, court_hall = $4, item = $5,
             list_type = $6, stage = $7, purpose = $8, note = $9, sequence = sequence + 1
         WHERE id = $1"
    )
    .bind(hearing.id)
    .bind(known.starts_at.map(clock))
    .bind(known.bench.clone())
    .bind(known.court_hall.clone())
    .bind(known.item.clone())
    .bind(known.list_type.map(super::ListType::as_str))
    .bind(known.stage.clone())
    .bind(known.purpose.clone())
    .bind(known.note.clone());
    tx.execute(update).await.map(drop)
}

/// Links a hearing to the one it was adjourned from; says whether it had none.
pub(super) async fn link(tx: &mut Tx, id: HearingId, previous: HearingId) -> Result<bool, DbError> {
    let update =
        statement!("UPDATE hearings SET previous_id = $2 WHERE id = $1 AND previous_id IS NULL");
    Ok(tx.execute(update.bind(id).bind(previous)).await? == 1)
}

/// How a hearing went, as it is written.
pub(super) struct Written<'a> {
    pub(super) outcome: super::HearingOutcome,
    pub(super) mentioned: bool,
    pub(super) appeared_ours: Option<&'a str>,
    pub(super) appeared_theirs: Option<&'a str>,
    pub(super) adjourned: Option<&'a Adjourned>,
    pub(super) costs: Option<Paise>,
    pub(super) note: Option<&'a str>,
    pub(super) stage: Option<&'a str>,
}

pub(super) async fn set_outcome(
    tx: &mut Tx,
    user: UserId,
    id: HearingId,
    held: &Written<'_>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE hearings SET outcome = $2, mentioned = $3, appeared_ours = $4,
             appeared_theirs = $5, adjourned_by = $6, adjourned_reason = $7,
             adjourned_words = $8, costs_paise = $9, note = $10, stage = $11, outcome_by = $12,
             outcome_at = $13, sequence = sequence + 1
         WHERE id = $1 AND withdrawn_at IS NULL"
    )
    .bind(id)
    .bind(held.outcome.as_str())
    .bind(held.mentioned)
    .bind(held.appeared_ours.map(str::to_owned))
    .bind(held.appeared_theirs.map(str::to_owned))
    .bind(held.adjourned.map(|one| one.by.as_str()))
    .bind(held.adjourned.and_then(|one| one.reason.clone()))
    .bind(held.adjourned.and_then(|one| one.words.clone()))
    .bind(held.costs)
    .bind(held.note.map(str::to_owned))
    .bind(held.stage.map(str::to_owned))
    .bind(user)
    .bind(now);
    tx.execute(update).await.map(drop)
}

#[derive(sqlx::FromRow)]
pub(super) struct ToldRow {
    pub(super) title: String,
    pub(super) client_id: ClientId,
}

/// The client who is shown a case in the portal.
pub(super) async fn told_client(tx: &mut Tx, case: CaseId) -> Result<Option<ToldRow>, DbError> {
    let select = statement!(
        "SELECT c.title, k.id AS client_id FROM cases c JOIN clients k ON k.id = c.client_id
         WHERE c.id = $1
           AND EXISTS (SELECT 1 FROM shown_cases s JOIN users u ON u.id = s.user_id
                       WHERE s.case_id = c.id AND u.client_id = k.id AND u.active = TRUE)"
    );
    tx.optional(select.bind(case)).await
}

/// The hearings of a case that a client is shown.
pub(super) async fn for_client(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
) -> Result<Vec<Hearing>, DbError> {
    let select = statement!(
        "SELECT h.id, h.case_id, c.title AS case_title, c.number AS case_number, c.court,
             h.on_date, h.starts_at, h.bench, h.court_hall, h.item, h.list_type, h.stage,
             h.purpose, h.outcome, CAST(NULL AS TEXT) AS note, h.source_kind,
             CAST(NULL AS UUID) AS source_version_id, CAST(NULL AS BIGINT) AS source_page, CAST(NULL AS TEXT) AS source_quote,
             h.previous_id, h.mentioned, CAST(NULL AS TEXT) AS appeared_ours, CAST(NULL AS TEXT) AS appeared_theirs,
             CAST(NULL AS TEXT) AS adjourned_by, CAST(NULL AS TEXT) AS adjourned_reason, CAST(NULL AS TEXT) AS adjourned_words,
             CAST(NULL AS BIGINT) AS costs_paise, CAST(NULL AS TIMESTAMPTZ) AS withdrawn_at, CAST(NULL AS TEXT) AS withdrawn_reason, h.sequence,
             CAST(NULL AS UUID) AS source_document_id, CAST(NULL AS BIGINT) AS source_number
         FROM hearings h JOIN cases c ON c.id = h.case_id
         WHERE c.organisation_id = $1 AND c.id = $2 AND h.withdrawn_at IS NULL
           AND EXISTS (SELECT 1 FROM shown_cases s WHERE s.case_id = c.id AND s.user_id = $3)
         ORDER BY h.on_date, h.id LIMIT 1000"
    );
    let select = select.bind(scope.organisation()).bind(case).bind(scope.user());
    tx.all::<HearingRow>(select).await?.into_iter().map(HearingRow::hearing).collect()
}
