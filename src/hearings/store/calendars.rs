//! Statements about calendar addresses.

use chrono::{DateTime, Utc};

use crate::db::{DbError, Tx};
use crate::hearings::{Feed, FeedChoice};
use crate::kernel::{CalendarFeedId, Scope, UserId};
use crate::statement;

pub(in crate::hearings) async fn insert(
    tx: &mut Tx,
    user: UserId,
    (id, hash): (CalendarFeedId, String),
    choice: &FeedChoice,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO calendar_feeds (id, user_id, name, token_hash, discreet, all_cases, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(id)
    .bind(user)
    .bind(choice.name.as_str())
    .bind(hash)
    .bind(choice.discreet)
    .bind(choice.all_cases)
    .bind(now);
    tx.execute(insert).await.map(drop)
}

/// The addresses of the caller that were not revoked, the oldest first.
pub(in crate::hearings) async fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<Feed>, DbError> {
    let select = statement!(
        "SELECT f.id, f.name, f.discreet, f.all_cases, f.made_at, f.fetched_at
         FROM calendar_feeds f JOIN users u ON u.id = f.user_id
         WHERE u.organisation_id = $1 AND f.user_id = $2 AND f.revoked_at IS NULL
         ORDER BY f.made_at, f.id LIMIT 100"
    );
    tx.all(select.bind(scope.organisation()).bind(scope.user())).await
}

/// Revokes an address of the caller; says whether it was in use.
pub(in crate::hearings) async fn revoke(
    tx: &mut Tx,
    user: UserId,
    id: CalendarFeedId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE calendar_feeds SET revoked_at = $3
         WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL"
    );
    Ok(tx.execute(update.bind(id).bind(user).bind(now)).await? == 1)
}

/// Gives an address of the caller another token; says whether it was in use.
pub(in crate::hearings) async fn renew(
    tx: &mut Tx,
    user: UserId,
    (id, hash): (CalendarFeedId, String),
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE calendar_feeds SET token_hash = $3, fetched_at = NULL
         WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL"
    );
    Ok(tx.execute(update.bind(id).bind(user).bind(hash)).await? == 1)
}

#[derive(sqlx::FromRow)]
pub(in crate::hearings) struct OwnerRow {
    pub(in crate::hearings) id: CalendarFeedId,
    pub(in crate::hearings) user_id: UserId,
    pub(in crate::hearings) discreet: bool,
    pub(in crate::hearings) all_cases: bool,
}

/// Whose address a token is.
pub(in crate::hearings) async fn owner(
    tx: &mut Tx,
    hash: &str,
) -> Result<Option<OwnerRow>, DbError> {
    let select = statement!(
        "SELECT f.id, f.user_id, f.discreet, f.all_cases FROM calendar_feeds f
         JOIN users u ON u.id = f.user_id
         WHERE f.token_hash = $1 AND f.revoked_at IS NULL AND u.active = TRUE
           AND u.role IN ('admin', 'advocate', 'staff')"
    );
    tx.optional(select.bind(hash)).await
}

pub(in crate::hearings) async fn fetched(
    tx: &mut Tx,
    id: CalendarFeedId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!("UPDATE calendar_feeds SET fetched_at = $2 WHERE id = $1");
    tx.execute(update.bind(id).bind(now)).await.map(drop)
}
