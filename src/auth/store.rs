//! Every statement the identity area runs.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Activity, SessionKind, Token, User};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, ClientId, DocumentId, OrganisationId, SessionId, UserId};
use crate::statement;

macro_rules! columns {
    () => {
        "u.id, u.organisation_id, u.name, u.email, u.role, u.client_id, u.active, u.password_hash"
    };
}

#[derive(sqlx::FromRow)]
struct UserRow {
    id: UserId,
    organisation_id: OrganisationId,
    name: String,
    email: String,
    role: String,
    client_id: Option<ClientId>,
    active: bool,
    password_hash: String,
}

impl UserRow {
    fn user(self) -> Result<(User, String), DbError> {
        let Self { id, organisation_id, name, email, role, client_id, active, password_hash } =
            self;
        let role = role.parse().map_err(|_| DbError::Inconsistent {
            table: "users",
            column: "role",
            value: role,
        })?;
        let user = User { id, organisation_id, name, email, role, client_id, active };
        Ok((user, password_hash))
    }
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

pub(super) async fn count_users(tx: &mut Tx) -> Result<i64, DbError> {
    let select = statement!("SELECT COUNT(*) AS count FROM users");
    Ok(tx.one::<Count>(select).await?.count)
}

pub(super) async fn count_active_admins(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<i64, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM users
         WHERE organisation_id = $1 AND role = 'admin' AND active = TRUE"
    );
    Ok(tx.one::<Count>(select.bind(organisation)).await?.count)
}

pub(super) async fn client_exists(
    tx: &mut Tx,
    organisation: OrganisationId,
    client: ClientId,
) -> Result<bool, DbError> {
    let select =
        statement!("SELECT COUNT(*) AS count FROM clients WHERE organisation_id = $1 AND id = $2");
    Ok(tx.one::<Count>(select.bind(organisation).bind(client)).await?.count == 1)
}

pub(super) async fn insert_organisation(
    tx: &mut Tx,
    id: OrganisationId,
    name: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!("INSERT INTO organisations (id, name, created_at) VALUES ($1, $2, $3)");
    tx.execute(insert.bind(id).bind(name).bind(now)).await.map(drop)
}

pub(super) async fn insert_user(
    tx: &mut Tx,
    user: &User,
    password_hash: String,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO users
             (id, organisation_id, name, email, role, client_id, password_hash, active, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(user.id)
    .bind(user.organisation_id)
    .bind(user.name.as_str())
    .bind(user.email.as_str())
    .bind(user.role.as_str())
    .bind(user.client_id)
    .bind(password_hash)
    .bind(user.active)
    .bind(now);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn list_users(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Vec<User>, DbError> {
    let select = statement!(concat!(
        "SELECT ",
        columns!(),
        " FROM users u WHERE u.organisation_id = $1 ORDER BY u.name, u.id LIMIT 1000"
    ));
    let rows = tx.all::<UserRow>(select.bind(organisation)).await?;
    rows.into_iter().map(|row| row.user().map(|(user, _)| user)).collect()
}

pub(super) async fn activity(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Vec<Activity>, DbError> {
    let select = statement!(
        "SELECT u.id AS user_id,
             (SELECT MAX(a.at) FROM audit_log a
              WHERE a.organisation_id = u.organisation_id AND a.user_id = u.id
                AND a.action = 'session.open') AS last_seen,
             (SELECT COUNT(*) FROM case_members m WHERE m.user_id = u.id) AS cases
         FROM users u WHERE u.organisation_id = $1 ORDER BY u.id LIMIT 1000"
    );
    tx.all(select.bind(organisation)).await
}

pub(super) async fn find_for_sign_in(
    tx: &mut Tx,
    email: &str,
) -> Result<Option<(User, String)>, DbError> {
    let select = statement!(concat!("SELECT ", columns!(), " FROM users u WHERE u.email = $1"));
    tx.optional::<UserRow>(select.bind(email)).await?.map(UserRow::user).transpose()
}

pub(super) async fn find_active(tx: &mut Tx, id: UserId) -> Result<Option<User>, DbError> {
    let select = statement!(concat!(
        "SELECT ",
        columns!(),
        " FROM users u WHERE u.id = $1 AND u.active = TRUE"
    ));
    let row = tx.optional::<UserRow>(select.bind(id)).await?;
    Ok(row.map(UserRow::user).transpose()?.map(|(user, _)| user))
}

pub(super) async fn first_admin(tx: &mut Tx) -> Result<Option<User>, DbError> {
    let select = statement!(concat!(
        "SELECT ",
        columns!(),
        " FROM users u WHERE u.role = 'admin' AND u.active = TRUE
          ORDER BY u.created_at, u.id LIMIT 1"
    ));
    let row = tx.optional::<UserRow>(select).await?;
    Ok(row.map(UserRow::user).transpose()?.map(|(user, _)| user))
}

pub(super) async fn set_active(
    tx: &mut Tx,
    organisation: OrganisationId,
    user: UserId,
    active: bool,
) -> Result<u64, DbError> {
    let update = statement!("UPDATE users SET active = $3 WHERE organisation_id = $1 AND id = $2");
    tx.execute(update.bind(organisation).bind(user).bind(active)).await
}

/// A session about to be opened.
pub(super) struct NewSession {
    pub(super) user: UserId,
    pub(super) kind: SessionKind,
    pub(super) now: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
}

pub(super) async fn insert_session(
    tx: &mut Tx,
    session: &NewSession,
    token: &Token,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO sessions (id, user_id, kind, token_hash, csrf, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(SessionId::new())
    .bind(session.user)
    .bind(session.kind.as_str())
    .bind(token.digest())
    .bind(Token::random().expose())
    .bind(session.now)
    .bind(session.expires_at);
    tx.execute(insert).await.map(drop)
}

/// A session with whom it belongs to.
pub(super) struct Found {
    pub(super) user: User,
    pub(super) organisation: String,
    pub(super) session: SessionId,
    pub(super) csrf: String,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    session_id: SessionId,
    csrf: String,
    organisation_name: String,
    #[sqlx(flatten)]
    user: UserRow,
}

pub(super) async fn find_session(
    tx: &mut Tx,
    token: &Token,
    kind: SessionKind,
    now: DateTime<Utc>,
) -> Result<Option<Found>, DbError> {
    let select = statement!(concat!(
        "SELECT s.id AS session_id, s.csrf, o.name AS organisation_name, ",
        columns!(),
        " FROM sessions s
          JOIN users u ON u.id = s.user_id
          JOIN organisations o ON o.id = u.organisation_id
          WHERE s.token_hash = $1 AND s.kind = $2 AND s.expires_at > $3 AND u.active = TRUE"
    ))
    .bind(token.digest())
    .bind(kind.as_str())
    .bind(now);
    let Some(row) = tx.optional::<SessionRow>(select).await? else { return Ok(None) };
    let SessionRow { session_id, csrf, organisation_name, user } = row;
    let (user, _) = user.user()?;
    Ok(Some(Found { user, organisation: organisation_name, session: session_id, csrf }))
}

pub(super) async fn end_session(tx: &mut Tx, session: SessionId) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM sessions WHERE id = $1");
    tx.execute(delete.bind(session)).await.map(drop)
}

pub(super) async fn end_sessions(tx: &mut Tx, user: UserId) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM sessions WHERE user_id = $1");
    tx.execute(delete.bind(user)).await.map(drop)
}

pub(super) async fn end_other_sessions(
    tx: &mut Tx,
    user: UserId,
    kept: SessionId,
) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM sessions WHERE user_id = $1 AND id <> $2");
    tx.execute(delete.bind(user).bind(kept)).await.map(drop)
}

pub(super) async fn set_password(
    tx: &mut Tx,
    organisation: OrganisationId,
    user: UserId,
    password_hash: String,
) -> Result<u64, DbError> {
    let update =
        statement!("UPDATE users SET password_hash = $3 WHERE organisation_id = $1 AND id = $2");
    tx.execute(update.bind(organisation).bind(user).bind(password_hash)).await
}

pub(super) async fn end_expired(tx: &mut Tx, now: DateTime<Utc>) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM sessions WHERE expires_at <= $1");
    tx.execute(delete.bind(now)).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct CaseRow {
    case_id: CaseId,
}

pub(super) async fn open_cases(tx: &mut Tx, user: &User) -> Result<BTreeSet<CaseId>, DbError> {
    let select = statement!(
        "SELECT m.case_id FROM case_members m
         JOIN cases c ON c.id = m.case_id
         WHERE m.user_id = $1 AND c.organisation_id = $2"
    );
    let rows = tx.all::<CaseRow>(select.bind(user.id).bind(user.organisation_id)).await?;
    Ok(rows.into_iter().map(|row| row.case_id).collect())
}

#[derive(sqlx::FromRow)]
struct DocumentRow {
    document_id: DocumentId,
}

pub(super) async fn shared_documents(
    tx: &mut Tx,
    organisation: OrganisationId,
    client: ClientId,
) -> Result<BTreeSet<DocumentId>, DbError> {
    let select = statement!(
        "SELECT s.document_id FROM document_shares s
         JOIN documents d ON d.id = s.document_id
         WHERE s.client_id = $1 AND d.organisation_id = $2"
    );
    let rows = tx.all::<DocumentRow>(select.bind(client).bind(organisation)).await?;
    Ok(rows.into_iter().map(|row| row.document_id).collect())
}
