//! The statements about one-time links, and how accounts stand.

use chrono::{DateTime, Utc};

use super::super::User;
use super::LinkKind;
use crate::db::{DbError, Tx};
use crate::kernel::{ClientId, OrganisationId, UserId};
use crate::statement;

/// A link to be sent.
pub(super) struct NewLink<'a> {
    pub(super) user: UserId,
    pub(super) kind: LinkKind,
    pub(super) email: &'a str,
    pub(super) now: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
}

/// Puts a link in the place of another of its kind.
pub(super) async fn replace(
    tx: &mut Tx,
    link: &NewLink<'_>,
    digest: Vec<u8>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO one_time_links (user_id, kind, token_hash, email, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (user_id, kind) DO UPDATE SET token_hash = excluded.token_hash,
             email = excluded.email, created_at = excluded.created_at,
             expires_at = excluded.expires_at"
    )
    .bind(link.user)
    .bind(link.kind.as_str())
    .bind(digest)
    .bind(link.email)
    .bind(link.now)
    .bind(link.until);
    tx.execute(insert).await.map(drop)
}

/// A link that works, with whose it is.
pub(super) struct Found {
    pub(super) kind: LinkKind,
    pub(super) user: User,
    pub(super) email: String,
    pub(super) organisation: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    kind: String,
    link_email: String,
    organisation_name: String,
    id: UserId,
    organisation_id: OrganisationId,
    name: String,
    email: String,
    role: String,
    client_id: Option<ClientId>,
    active: bool,
}

pub(super) async fn find(
    tx: &mut Tx,
    digest: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<Option<Found>, DbError> {
    let select = statement!(
        "SELECT l.kind, l.email AS link_email, o.name AS organisation_name, u.id,
             u.organisation_id, u.name, u.email, u.role, u.client_id, u.active
         FROM one_time_links l
         JOIN users u ON u.id = l.user_id
         JOIN organisations o ON o.id = u.organisation_id
         WHERE l.token_hash = $1 AND l.expires_at > $2 AND u.active = TRUE"
    );
    let Some(row) = tx.optional::<Row>(select.bind(digest).bind(now)).await? else {
        return Ok(None);
    };
    let Row { kind, link_email, organisation_name, .. } = row;
    let odd = |table, column, value| DbError::Inconsistent { table, column, value };
    let kind = LinkKind::stored(&kind).ok_or_else(|| odd("one_time_links", "kind", kind))?;
    let role = row.role.parse().map_err(|_| odd("users", "role", row.role))?;
    let user = User {
        id: row.id,
        organisation_id: row.organisation_id,
        name: row.name,
        email: row.email,
        role,
        client_id: row.client_id,
        active: row.active,
    };
    Ok(Some(Found { kind, user, email: link_email, organisation: organisation_name }))
}

/// Uses a link up; only one caller ever does.
pub(super) async fn take(
    tx: &mut Tx,
    user: UserId,
    kind: LinkKind,
    digest: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let delete = statement!(
        "DELETE FROM one_time_links
         WHERE user_id = $1 AND kind = $2 AND token_hash = $3 AND expires_at > $4"
    );
    let delete = delete.bind(user).bind(kind.as_str()).bind(digest).bind(now);
    Ok(tx.execute(delete).await? == 1)
}

/// Takes back the links by which a person could choose a password.
pub(in crate::auth) async fn drop_passwords(tx: &mut Tx, user: UserId) -> Result<(), DbError> {
    let delete = statement!(
        "DELETE FROM one_time_links WHERE user_id = $1 AND kind IN ('invitation', 'reset')"
    );
    tx.execute(delete.bind(user)).await.map(drop)
}

/// Takes back every link of a person.
pub(in crate::auth) async fn drop_all(tx: &mut Tx, user: UserId) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM one_time_links WHERE user_id = $1");
    tx.execute(delete.bind(user)).await.map(drop)
}

pub(super) async fn set_verified(
    tx: &mut Tx,
    user: UserId,
    email: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!("UPDATE users SET email = $2, email_verified_at = $3 WHERE id = $1");
    tx.execute(update.bind(user).bind(email).bind(now)).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct Text {
    text: String,
}

/// How an organisation is called.
pub(in crate::auth) async fn organisation_name(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<String, DbError> {
    let select = statement!("SELECT name AS text FROM organisations WHERE id = $1");
    Ok(tx.one::<Text>(select.bind(organisation)).await?.text)
}

pub(super) async fn email_of(
    tx: &mut Tx,
    organisation: OrganisationId,
    user: UserId,
) -> Result<Option<String>, DbError> {
    let select =
        statement!("SELECT email AS text FROM users WHERE organisation_id = $1 AND id = $2");
    let row = tx.optional::<Text>(select.bind(organisation).bind(user)).await?;
    Ok(row.map(|row| row.text))
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

pub(in crate::auth) async fn has_password(tx: &mut Tx, user: UserId) -> Result<bool, DbError> {
    let select =
        statement!("SELECT COUNT(*) AS count FROM users WHERE id = $1 AND password_hash <> ''");
    Ok(tx.one::<Count>(select.bind(user)).await?.count == 1)
}

/// How an account stands.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Standing {
    /// Whose it is.
    pub user_id: UserId,
    /// What they sign in with.
    pub email: String,
    /// When they showed that letters to it arrive.
    pub email_verified_at: Option<DateTime<Utc>>,
    /// Whether they have a password; who was invited has none yet.
    pub has_password: bool,
    /// Until when the link of their invitation works, or worked.
    pub invited_until: Option<DateTime<Utc>>,
    /// Until when nobody can sign in with it, after wrong passwords.
    #[sqlx(skip)]
    pub locked_until: Option<DateTime<Utc>>,
}

pub(super) async fn standings(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Vec<Standing>, DbError> {
    let select = statement!(
        "SELECT u.id AS user_id, u.email, u.email_verified_at,
             u.password_hash <> '' AS has_password,
             (SELECT l.expires_at FROM one_time_links l
              WHERE l.user_id = u.id AND l.kind = 'invitation') AS invited_until
         FROM users u WHERE u.organisation_id = $1 ORDER BY u.id LIMIT 1000"
    );
    tx.all(select.bind(organisation)).await
}
