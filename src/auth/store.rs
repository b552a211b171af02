//! Every statement the identity area runs.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{Activity, User};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, CaseRole, ClientId, DocumentId, OrganisationId, SessionId, UserId};
use crate::statement;

macro_rules! columns {
    () => {
        "u.id, u.organisation_id, u.name, u.email, u.role, u.client_id, u.active, u.password_hash"
    };
}
pub(super) use columns;

/// A row with the [`columns`] of a person.
#[derive(sqlx::FromRow)]
pub(super) struct UserRow {
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
    /// The person, and their password's hash.
    pub(super) fn user(self) -> Result<(User, String), DbError> {
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
    let select = statement!(
        "SELECT COUNT(*) AS count FROM clients
         WHERE organisation_id = $1 AND id = $2 AND merged_into IS NULL"
    );
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

/// The chamber the service was set up for; none before that.
pub(super) async fn first_organisation(tx: &mut Tx) -> Result<Option<OrganisationId>, DbError> {
    let select = statement!("SELECT id FROM organisations ORDER BY created_at, id LIMIT 1");
    let row: Option<(OrganisationId,)> = tx.optional(select).await?;
    Ok(row.map(|(id,)| id))
}

/// Whether a person may sign in; none where there is no such person.
pub(super) async fn is_active(
    tx: &mut Tx,
    organisation: OrganisationId,
    user: UserId,
) -> Result<Option<bool>, DbError> {
    let select = statement!("SELECT active FROM users WHERE organisation_id = $1 AND id = $2");
    let row: Option<(bool,)> = tx.optional(select.bind(organisation).bind(user)).await?;
    Ok(row.map(|(active,)| active))
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

/// Ends every session and takes back every personal API token.
pub(super) async fn end_sessions(tx: &mut Tx, user: UserId) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM sessions WHERE user_id = $1");
    tx.execute(delete.bind(user)).await?;
    let delete = statement!("DELETE FROM api_tokens WHERE user_id = $1");
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

#[derive(sqlx::FromRow)]
struct CaseRow {
    case_id: CaseId,
    role: String,
}

/// The cases open to a person of the chamber, with their role in each.
pub(super) async fn open_cases(
    tx: &mut Tx,
    user: UserId,
) -> Result<BTreeMap<CaseId, CaseRole>, DbError> {
    let select = statement!("SELECT o.case_id, o.role FROM open_cases o WHERE o.user_id = $1");
    let rows = tx.all::<CaseRow>(select.bind(user)).await?;
    let role = |row: CaseRow| {
        let role = row.role.parse().map_err(|value| DbError::Inconsistent {
            table: "case_members",
            column: "role",
            value,
        })?;
        Ok((row.case_id, role))
    };
    rows.into_iter().map(role).collect()
}

#[derive(sqlx::FromRow)]
struct Walls {
    walls: i64,
}

/// Whether any ethical wall stands against a person.
pub(super) async fn is_walled(tx: &mut Tx, user: UserId) -> Result<bool, DbError> {
    let select = statement!("SELECT COUNT(*) AS walls FROM walled_people w WHERE w.user_id = $1");
    Ok(tx.one::<Walls>(select.bind(user)).await?.walls > 0)
}

/// Whether a wall keeps a person out of a client, or of any case of it.
pub(super) async fn is_walled_from(
    tx: &mut Tx,
    user: UserId,
    client: ClientId,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS walls FROM walled_people w
         WHERE w.user_id = $1 AND (w.client_id = $2
             OR w.case_id IN (SELECT c.id FROM cases c WHERE c.client_id = $2))"
    );
    Ok(tx.one::<Walls>(select.bind(user).bind(client)).await?.walls > 0)
}

#[derive(sqlx::FromRow)]
struct DocumentRow {
    document_id: DocumentId,
}

/// What is shared with the client a person is, at a moment.
pub(super) async fn shared_documents(
    tx: &mut Tx,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<BTreeSet<DocumentId>, DbError> {
    let select = statement!(
        "SELECT s.document_id FROM shared_documents s
         WHERE s.user_id = $1 AND (s.expires_at IS NULL OR s.expires_at > $2)"
    );
    let rows = tx.all::<DocumentRow>(select.bind(user).bind(now)).await?;
    Ok(rows.into_iter().map(|row| row.document_id).collect())
}
