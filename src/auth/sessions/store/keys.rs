//! The statements about the keys that sign access tokens.

use chrono::{DateTime, Utc};

use crate::db::{DbError, Tx};
use crate::kernel::TokenKeyId;
use crate::statement;

/// A key that signs access tokens, as it is kept.
#[derive(sqlx::FromRow)]
pub(in crate::auth::sessions) struct KeyRow {
    pub(in crate::auth::sessions) id: TokenKeyId,
    pub(in crate::auth::sessions) sealed: Vec<u8>,
    pub(in crate::auth::sessions) created_at: DateTime<Utc>,
}

/// The key that signs now.
pub(in crate::auth::sessions) async fn signing_key(tx: &mut Tx) -> Result<Option<KeyRow>, DbError> {
    let select = statement!(
        "SELECT k.id, k.sealed, k.created_at FROM token_keys k WHERE k.retired_at IS NULL
         ORDER BY k.created_at DESC, k.id DESC LIMIT 1"
    );
    tx.optional(select).await
}

/// A key that may have signed a token that is still good.
pub(in crate::auth::sessions) async fn key(
    tx: &mut Tx,
    id: TokenKeyId,
    retired_after: DateTime<Utc>,
) -> Result<Option<KeyRow>, DbError> {
    let select = statement!(
        "SELECT k.id, k.sealed, k.created_at FROM token_keys k
         WHERE k.id = $1 AND (k.retired_at IS NULL OR k.retired_at > $2)"
    );
    tx.optional(select.bind(id).bind(retired_after)).await
}

pub(in crate::auth::sessions) async fn insert_key(
    tx: &mut Tx,
    id: TokenKeyId,
    sealed: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!("INSERT INTO token_keys (id, sealed, created_at) VALUES ($1, $2, $3)");
    tx.execute(insert.bind(id).bind(sealed).bind(now)).await.map(drop)
}

/// Lets no key sign any more, and forgets those whose last token is over.
pub(in crate::auth::sessions) async fn retire_keys(
    tx: &mut Tx,
    now: DateTime<Utc>,
    over: DateTime<Utc>,
) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM token_keys WHERE retired_at <= $1");
    tx.execute(delete.bind(over)).await?;
    let update = statement!("UPDATE token_keys SET retired_at = $1 WHERE retired_at IS NULL");
    tx.execute(update.bind(now)).await.map(drop)
}
