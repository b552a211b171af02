//! Every statement the answer cache runs.

use chrono::{DateTime, Utc};

use super::{Kept, Place};
use crate::db::{DbError, Tx};
use crate::kernel::Scope;
use crate::statement;

pub(super) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    place: &Place,
) -> Result<Option<Kept>, DbError> {
    let select = statement!(
        "SELECT message_id, cost_microdollars, cost_paise FROM answer_cache
         WHERE organisation_id = $1 AND question_hash = $2 AND state_hash = $3
           AND NOT EXISTS (SELECT 1 FROM answer_feedback f
                           WHERE f.message_id = answer_cache.message_id AND f.helpful = FALSE)
         ORDER BY kept_at DESC, message_id DESC LIMIT 1"
    )
    .bind(scope.organisation())
    .bind(place.question.as_str())
    .bind(place.state.as_str());
    tx.optional(select).await
}

pub(super) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    place: &Place,
    kept: Kept,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO answer_cache (message_id, organisation_id, user_id, case_id, question_hash,
             state_hash, cost_microdollars, cost_paise, kept_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(kept.message_id)
    .bind(scope.organisation())
    .bind(scope.user())
    .bind(place.case)
    .bind(place.question.as_str())
    .bind(place.state.as_str())
    .bind(kept.cost_microdollars)
    .bind(kept.cost_paise)
    .bind(now);
    tx.execute(insert).await.map(drop)
}

/// Removes what is too old, what rests on a version that is not the newest, and what the
/// asker was given in another state of the same case.
pub(super) async fn remove_stale(
    tx: &mut Tx,
    scope: &Scope,
    place: &Place,
    oldest: DateTime<Utc>,
) -> Result<(), DbError> {
    let delete = statement!(
        "DELETE FROM answer_cache WHERE organisation_id = $1
           AND (kept_at < $2
                OR (user_id = $3 AND state_hash <> $4
                    AND (case_id = $5 OR (case_id IS NULL AND $5 IS NULL)))
                OR EXISTS (SELECT 1 FROM citations k
                           JOIN versions v ON v.id = k.version_id
                           JOIN versions w ON w.document_id = v.document_id
                            AND w.number > v.number
                           WHERE k.message_id = answer_cache.message_id))"
    )
    .bind(scope.organisation())
    .bind(oldest)
    .bind(scope.user())
    .bind(place.state.as_str())
    .bind(place.case);
    tx.execute(delete).await.map(drop)
}
