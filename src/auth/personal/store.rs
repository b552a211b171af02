//! Every statement about personal API tokens.

use chrono::{DateTime, Utc};

use super::ApiToken;
use crate::auth::store::{UserRow, columns};
use crate::auth::{Token, User};
use crate::db::{DbError, Tx};
use crate::kernel::{ApiTokenId, Origin, TokenScope, UserId};
use crate::statement;

fn written(scopes: &[TokenScope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

fn read(text: &str) -> Result<Vec<TokenScope>, DbError> {
    let scope = |word: &str| {
        let found = TokenScope::ALL.into_iter().find(|scope| scope.as_str() == word);
        found.ok_or_else(|| DbError::Inconsistent {
            table: "api_tokens",
            column: "scopes",
            value: word.to_owned(),
        })
    };
    text.split_whitespace().map(scope).collect()
}

pub(super) async fn insert(
    tx: &mut Tx,
    user: UserId,
    made: &ApiToken,
    token: &Token,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO api_tokens (id, user_id, name, scopes, token_hash, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(made.id)
    .bind(user)
    .bind(made.name.as_str())
    .bind(written(&made.scopes))
    .bind(token.digest())
    .bind(made.created_at)
    .bind(made.expires_at);
    tx.execute(insert).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    id: ApiTokenId,
    name: String,
    scopes: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    last_address: Option<String>,
}

impl TokenRow {
    fn token(self) -> Result<ApiToken, DbError> {
        let Self { id, name, scopes, created_at, expires_at, last_used_at, last_address } = self;
        let scopes = read(&scopes)?;
        Ok(ApiToken { id, name, scopes, created_at, expires_at, last_used_at, last_address })
    }
}

pub(super) async fn list(tx: &mut Tx, user: UserId) -> Result<Vec<ApiToken>, DbError> {
    let select = statement!(
        "SELECT t.id, t.name, t.scopes, t.created_at, t.expires_at, t.last_used_at, t.last_address
         FROM api_tokens t WHERE t.user_id = $1 ORDER BY t.created_at DESC, t.id DESC LIMIT 1000"
    );
    tx.all::<TokenRow>(select.bind(user)).await?.into_iter().map(TokenRow::token).collect()
}

pub(super) async fn delete(tx: &mut Tx, user: UserId, token: ApiTokenId) -> Result<u64, DbError> {
    let delete = statement!("DELETE FROM api_tokens WHERE user_id = $1 AND id = $2");
    tx.execute(delete.bind(user).bind(token)).await
}

/// A token with whose it is.
pub(super) struct Found {
    pub(super) id: ApiTokenId,
    pub(super) scopes: Vec<TokenScope>,
    pub(super) last_used_at: Option<DateTime<Utc>>,
    pub(super) organisation: String,
    pub(super) user: User,
}

#[derive(sqlx::FromRow)]
struct FoundRow {
    token_id: ApiTokenId,
    scopes: String,
    last_used_at: Option<DateTime<Utc>>,
    organisation_name: String,
    #[sqlx(flatten)]
    user: UserRow,
}

pub(super) async fn find(
    tx: &mut Tx,
    token: &Token,
    now: DateTime<Utc>,
) -> Result<Option<Found>, DbError> {
    let select = statement!(concat!(
        "SELECT t.id AS token_id, t.scopes, t.last_used_at, o.name AS organisation_name, ",
        columns!(),
        " FROM api_tokens t
          JOIN users u ON u.id = t.user_id
          JOIN organisations o ON o.id = u.organisation_id
          WHERE t.token_hash = $1 AND t.expires_at > $2 AND u.active = TRUE"
    ));
    let row = tx.optional::<FoundRow>(select.bind(token.digest()).bind(now)).await?;
    let Some(row) = row else { return Ok(None) };
    let FoundRow { token_id: id, scopes, last_used_at, organisation_name: organisation, user } =
        row;
    let (user, _) = user.user()?;
    Ok(Some(Found { id, scopes: read(&scopes)?, last_used_at, organisation, user }))
}

pub(super) async fn note_use(
    tx: &mut Tx,
    token: ApiTokenId,
    origin: &Origin,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update =
        statement!("UPDATE api_tokens SET last_used_at = $2, last_address = $3 WHERE id = $1")
            .bind(token)
            .bind(now)
            .bind(origin.address.to_string());
    tx.execute(update).await.map(drop)
}
