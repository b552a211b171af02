//! Every statement about passkeys and ceremonies.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use webauthn_rs::prelude::Passkey;

use super::PasskeyInfo;
use crate::auth::Token;
use crate::db::{DbError, Tx};
use crate::kernel::{PasskeyId, UserId};
use crate::statement;

/// A passkey to be kept.
pub(super) struct NewPasskey {
    pub(super) id: PasskeyId,
    pub(super) user: UserId,
    pub(super) name: String,
    pub(super) now: DateTime<Utc>,
}

pub(super) async fn insert(
    tx: &mut Tx,
    new: NewPasskey,
    passkey: &Passkey,
) -> Result<u64, DbError> {
    let NewPasskey { id, user, name, now } = new;
    let insert = statement!(
        "INSERT INTO passkeys (id, user_id, name, credential_id, credential, created_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (credential_id) DO NOTHING"
    )
    .bind(id)
    .bind(user)
    .bind(name)
    .bind(passkey.cred_id().clone())
    .bind(json!(passkey))
    .bind(now);
    tx.execute(insert).await
}

pub(super) async fn list(tx: &mut Tx, user: UserId) -> Result<Vec<PasskeyInfo>, DbError> {
    let select = statement!(
        "SELECT id, name, created_at, last_used_at FROM passkeys
         WHERE user_id = $1 ORDER BY created_at, id LIMIT 100"
    );
    tx.all(select.bind(user)).await
}

#[derive(sqlx::FromRow)]
struct Credential {
    credential: Value,
}

pub(super) async fn credentials(tx: &mut Tx, user: UserId) -> Result<Vec<Value>, DbError> {
    let select =
        statement!("SELECT credential FROM passkeys WHERE user_id = $1 ORDER BY id LIMIT 100");
    let rows = tx.all::<Credential>(select.bind(user)).await?;
    Ok(rows.into_iter().map(|row| row.credential).collect())
}

#[derive(sqlx::FromRow)]
struct Kept {
    id: PasskeyId,
    credential: Value,
}

pub(super) async fn find(
    tx: &mut Tx,
    user: UserId,
    credential: Vec<u8>,
) -> Result<Option<(PasskeyId, Value)>, DbError> {
    let select =
        statement!("SELECT id, credential FROM passkeys WHERE user_id = $1 AND credential_id = $2");
    let row = tx.optional::<Kept>(select.bind(user).bind(credential)).await?;
    Ok(row.map(|row| (row.id, row.credential)))
}

pub(super) async fn used(
    tx: &mut Tx,
    id: PasskeyId,
    passkey: &Passkey,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!("UPDATE passkeys SET credential = $2, last_used_at = $3 WHERE id = $1");
    tx.execute(update.bind(id).bind(json!(passkey)).bind(now)).await.map(drop)
}

pub(super) async fn delete(tx: &mut Tx, user: UserId, id: PasskeyId) -> Result<u64, DbError> {
    let delete = statement!("DELETE FROM passkeys WHERE user_id = $1 AND id = $2");
    tx.execute(delete.bind(user).bind(id)).await
}

pub(super) async fn delete_all(tx: &mut Tx, user: UserId) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM passkeys WHERE user_id = $1");
    tx.execute(delete.bind(user)).await.map(drop)
}

pub(in crate::auth) async fn insert_ceremony(
    tx: &mut Tx,
    token: &Token,
    kind: &'static str,
    user: Option<UserId>,
    (state, now, until): (Vec<u8>, DateTime<Utc>, DateTime<Utc>),
) -> Result<(), DbError> {
    let forget = statement!("DELETE FROM ceremonies WHERE expires_at <= $1");
    tx.execute(forget.bind(now)).await?;
    let insert = statement!(
        "INSERT INTO ceremonies (token_hash, kind, user_id, state, expires_at)
         VALUES ($1, $2, $3, $4, $5)"
    );
    let insert = insert.bind(token.digest()).bind(kind).bind(user).bind(state).bind(until);
    tx.execute(insert).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct State {
    state: Vec<u8>,
}

/// Removes a ceremony and gives what it kept; once only, for its own kind and person.
pub(in crate::auth) async fn take_ceremony(
    tx: &mut Tx,
    token: &Token,
    kind: &'static str,
    user: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<Option<Vec<u8>>, DbError> {
    let delete = statement!(
        "DELETE FROM ceremonies WHERE token_hash = $1 AND kind = $2 AND expires_at > $4
           AND user_id IS NOT DISTINCT FROM $3
         RETURNING state"
    );
    let delete = delete.bind(token.digest()).bind(kind).bind(user).bind(now);
    Ok(tx.optional::<State>(delete).await?.map(|row| row.state))
}
