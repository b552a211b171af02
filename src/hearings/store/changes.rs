//! Statements about hearings that are moved or withdrawn.

use chrono::{DateTime, NaiveDate, Utc};

use super::rows::word;
use super::{day, limit, parts, seen_by};
use crate::cases::Source;
use crate::db::{DbError, Tx};
use crate::hearings::{Change, SourceKind};
use crate::kernel::{HearingId, Scope, UserId};
use crate::statement;

/// A day that is moved, and why.
pub(in crate::hearings) struct Moved<'a> {
    pub(in crate::hearings) id: HearingId,
    pub(in crate::hearings) from: NaiveDate,
    pub(in crate::hearings) to: NaiveDate,
    pub(in crate::hearings) reason: Option<&'a str>,
    pub(in crate::hearings) kind: SourceKind,
    pub(in crate::hearings) source: Option<&'a Source>,
    pub(in crate::hearings) quote: Option<&'a str>,
}

/// Moves a hearing that stands and was not held, and keeps the old day; says whether it
/// did.
pub(in crate::hearings) async fn move_to(
    tx: &mut Tx,
    user: UserId,
    moved: &Moved<'_>,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE hearings SET on_date = $2, sequence = sequence + 1
         WHERE id = $1 AND on_date = $3 AND withdrawn_at IS NULL AND outcome IS NULL"
    );
    let update = update.bind(moved.id).bind(moved.to.to_string()).bind(moved.from.to_string());
    if tx.execute(update).await? != 1 {
        return Ok(false);
    }
    let (version, page, quote) = parts(moved.source, moved.quote);
    let insert = statement!(
        "INSERT INTO hearing_changes (hearing_id, sequence, old_date, new_date, reason,
             source_kind, source_version_id, source_page, source_quote, changed_by, changed_at)
         SELECT h.id, h.sequence, $2, $3, $4, $5, $6, $7, $8, $9, $10
         FROM hearings h WHERE h.id = $1"
    )
    .bind(moved.id)
    .bind(moved.from.to_string())
    .bind(moved.to.to_string())
    .bind(moved.reason.map(str::to_owned))
    .bind(moved.kind.as_str())
    .bind(version)
    .bind(page)
    .bind(quote)
    .bind(user)
    .bind(now);
    tx.execute(insert).await?;
    Ok(true)
}

/// Withdraws a hearing; says whether it stood.
pub(in crate::hearings) async fn withdraw(
    tx: &mut Tx,
    user: UserId,
    (id, reason): (HearingId, &str),
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE hearings SET withdrawn_by = $2, withdrawn_at = $3, withdrawn_reason = $4,
             sequence = sequence + 1
         WHERE id = $1 AND withdrawn_at IS NULL"
    );
    let update = update.bind(id).bind(user).bind(now).bind(reason);
    Ok(tx.execute(update).await? == 1)
}

#[derive(sqlx::FromRow)]
struct ChangeRow {
    hearing_id: HearingId,
    old_date: String,
    new_date: String,
    reason: Option<String>,
    source_kind: String,
    source_quote: Option<String>,
    changed_by: String,
    changed_at: DateTime<Utc>,
}

/// How the days of the hearings of a case changed, the latest first.
pub(in crate::hearings) async fn of_case(
    tx: &mut Tx,
    scope: &Scope,
    case: crate::kernel::CaseId,
) -> Result<Vec<Change>, DbError> {
    let select = statement!(
        "SELECT x.hearing_id, x.old_date, x.new_date, x.reason, x.source_kind, x.source_quote,
             u.name AS changed_by, x.changed_at
         FROM hearing_changes x
         JOIN hearings h ON h.id = x.hearing_id
         JOIN cases c ON c.id = h.case_id
         JOIN users u ON u.id = x.changed_by
         WHERE c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))
           AND c.id = $4
         ORDER BY x.changed_at DESC, x.hearing_id, x.sequence DESC LIMIT $5"
    );
    let change = |row: ChangeRow| {
        Ok(Change {
            hearing: row.hearing_id,
            from: day("hearing_changes", "old_date", &row.old_date)?,
            to: day("hearing_changes", "new_date", &row.new_date)?,
            reason: row.reason,
            source_kind: word("hearing_changes", "source_kind", &row.source_kind)?,
            quote: row.source_quote,
            by: row.changed_by,
            at: row.changed_at,
        })
    };
    let select = seen_by(select, scope).bind(case).bind(limit(1_000));
    tx.all::<ChangeRow>(select).await?.into_iter().map(change).collect()
}
