//! Every statement about second factors and sign-ins that wait for one.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::PersonFactors;
use crate::auth::{SessionKind, Token, User};
use crate::db::{DbError, Tx};
use crate::kernel::{OrganisationId, Role, SessionId, UserId};
use crate::statement;

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

#[derive(sqlx::FromRow)]
struct Bytes {
    bytes: Vec<u8>,
}

/// Makes everything else about a person wait until this transaction is over.
pub(in crate::auth) async fn lock_user(tx: &mut Tx, user: UserId) -> Result<(), DbError> {
    let update = statement!("UPDATE users SET active = active WHERE id = $1");
    tx.execute(update.bind(user)).await.map(drop)
}

/// Whether someone has an authenticator app or a passkey.
pub(in crate::auth) async fn has_factor(tx: &mut Tx, user: UserId) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT (SELECT COUNT(*) FROM authenticators a WHERE a.user_id = $1)
             + (SELECT COUNT(*) FROM passkeys p WHERE p.user_id = $1) AS count"
    );
    Ok(tx.one::<Count>(select.bind(user)).await?.count > 0)
}

/// Whether someone's role must have a factor.
pub(in crate::auth) async fn is_required(tx: &mut Tx, user: &User) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM factor_rules WHERE organisation_id = $1 AND role = $2"
    );
    let select = select.bind(user.organisation_id).bind(user.role.as_str());
    Ok(tx.one::<Count>(select).await?.count > 0)
}

pub(super) async fn authenticator(tx: &mut Tx, user: UserId) -> Result<Option<Vec<u8>>, DbError> {
    let select = statement!("SELECT sealed AS bytes FROM authenticators WHERE user_id = $1");
    Ok(tx.optional::<Bytes>(select.bind(user)).await?.map(|row| row.bytes))
}

pub(super) async fn insert_authenticator(
    tx: &mut Tx,
    user: UserId,
    sealed: Vec<u8>,
    step: i64,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    let insert = statement!(
        "INSERT INTO authenticators (user_id, sealed, last_step, created_at)
         VALUES ($1, $2, $3, $4) ON CONFLICT (user_id) DO NOTHING"
    );
    tx.execute(insert.bind(user).bind(sealed).bind(step).bind(now)).await
}

pub(super) async fn use_step(tx: &mut Tx, user: UserId, step: i64) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE authenticators SET last_step = $2 WHERE user_id = $1 AND last_step < $2"
    );
    tx.execute(update.bind(user).bind(step)).await
}

pub(super) async fn delete_authenticator(tx: &mut Tx, user: UserId) -> Result<u64, DbError> {
    let delete = statement!("DELETE FROM authenticators WHERE user_id = $1");
    tx.execute(delete.bind(user)).await
}

pub(super) async fn count_backup_codes(tx: &mut Tx, user: UserId) -> Result<i64, DbError> {
    let select = statement!("SELECT COUNT(*) AS count FROM backup_codes WHERE user_id = $1");
    Ok(tx.one::<Count>(select.bind(user)).await?.count)
}

pub(super) async fn backup_salt(tx: &mut Tx, user: UserId) -> Result<Option<Vec<u8>>, DbError> {
    let select = statement!("SELECT salt AS bytes FROM backup_codes WHERE user_id = $1 LIMIT 1");
    Ok(tx.optional::<Bytes>(select.bind(user)).await?.map(|row| row.bytes))
}

pub(super) async fn insert_backup_code(
    tx: &mut Tx,
    user: UserId,
    digest: Vec<u8>,
    salt: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO backup_codes (user_id, code_hash, salt, created_at) VALUES ($1, $2, $3, $4)"
    );
    tx.execute(insert.bind(user).bind(digest).bind(salt).bind(now)).await.map(drop)
}

pub(super) async fn use_backup_code(
    tx: &mut Tx,
    user: UserId,
    digest: Vec<u8>,
) -> Result<bool, DbError> {
    let delete = statement!("DELETE FROM backup_codes WHERE user_id = $1 AND code_hash = $2");
    Ok(tx.execute(delete.bind(user).bind(digest)).await? == 1)
}

pub(super) async fn delete_backup_codes(tx: &mut Tx, user: UserId) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM backup_codes WHERE user_id = $1");
    tx.execute(delete.bind(user)).await.map(drop)
}

#[derive(sqlx::FromRow)]
pub(super) struct Phone {
    pub(super) number: String,
    pub(super) verified: bool,
}

pub(super) async fn phone(tx: &mut Tx, user: UserId) -> Result<Option<Phone>, DbError> {
    let select = statement!("SELECT number, verified FROM phones WHERE user_id = $1");
    tx.optional(select.bind(user)).await
}

pub(super) async fn set_phone(
    tx: &mut Tx,
    user: UserId,
    number: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let upsert = statement!(
        "INSERT INTO phones (user_id, number, verified, created_at) VALUES ($1, $2, FALSE, $3)
         ON CONFLICT (user_id) DO UPDATE
         SET number = excluded.number, verified = FALSE, created_at = excluded.created_at"
    );
    tx.execute(upsert.bind(user).bind(number).bind(now)).await.map(drop)
}

pub(super) async fn verify_phone(tx: &mut Tx, user: UserId) -> Result<(), DbError> {
    let update = statement!("UPDATE phones SET verified = TRUE WHERE user_id = $1");
    tx.execute(update.bind(user)).await.map(drop)
}

pub(super) async fn delete_phone(tx: &mut Tx, user: UserId) -> Result<(), DbError> {
    let retire = statement!("UPDATE phone_codes SET live = FALSE WHERE user_id = $1");
    tx.execute(retire.bind(user)).await?;
    let delete = statement!("DELETE FROM phones WHERE user_id = $1");
    tx.execute(delete.bind(user)).await.map(drop)
}

pub(super) async fn count_phone_codes(
    tx: &mut Tx,
    user: UserId,
    since: DateTime<Utc>,
) -> Result<i64, DbError> {
    let forget = statement!("DELETE FROM phone_codes WHERE sent_at <= $1");
    tx.execute(forget.bind(since)).await?;
    let select = statement!("SELECT COUNT(*) AS count FROM phone_codes WHERE user_id = $1");
    Ok(tx.one::<Count>(select.bind(user)).await?.count)
}

/// Keeps a code; those sent before work no longer.
pub(super) async fn insert_phone_code(
    tx: &mut Tx,
    user: UserId,
    sealed: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let retire = statement!("UPDATE phone_codes SET live = FALSE WHERE user_id = $1");
    tx.execute(retire.bind(user)).await?;
    let insert = statement!(
        "INSERT INTO phone_codes (id, user_id, sealed, tries, live, sent_at)
         VALUES ($1, $2, $3, 0, TRUE, $4)"
    );
    tx.execute(insert.bind(random()).bind(user).bind(sealed).bind(now)).await.map(drop)
}

#[derive(sqlx::FromRow)]
pub(super) struct PhoneCode {
    pub(super) id: Uuid,
    pub(super) sealed: Vec<u8>,
    pub(super) tries: i64,
}

pub(super) async fn live_phone_code(
    tx: &mut Tx,
    user: UserId,
    since: DateTime<Utc>,
) -> Result<Option<PhoneCode>, DbError> {
    let select = statement!(
        "SELECT id, sealed, tries FROM phone_codes
         WHERE user_id = $1 AND live = TRUE AND sent_at > $2 ORDER BY sent_at DESC, id LIMIT 1"
    );
    tx.optional(select.bind(user).bind(since)).await
}

pub(super) async fn count_phone_code(
    tx: &mut Tx,
    id: Uuid,
    tries: i64,
    live: bool,
) -> Result<(), DbError> {
    let update = statement!("UPDATE phone_codes SET tries = $2, live = $3 WHERE id = $1");
    tx.execute(update.bind(id).bind(tries).bind(live)).await.map(drop)
}

pub(super) async fn count_wrong_codes(
    tx: &mut Tx,
    user: UserId,
    since: DateTime<Utc>,
) -> Result<i64, DbError> {
    let select =
        statement!("SELECT COUNT(*) AS count FROM wrong_codes WHERE user_id = $1 AND at > $2");
    Ok(tx.one::<Count>(select.bind(user).bind(since)).await?.count)
}

pub(super) async fn insert_wrong_code(
    tx: &mut Tx,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let forget = statement!("DELETE FROM wrong_codes WHERE at <= $1");
    tx.execute(forget.bind(now - TimeDelta::hours(1))).await?;
    let insert = statement!("INSERT INTO wrong_codes (id, user_id, at) VALUES ($1, $2, $3)");
    tx.execute(insert.bind(random()).bind(user).bind(now)).await.map(drop)
}

pub(super) async fn clear_wrong_codes(tx: &mut Tx, user: UserId) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM wrong_codes WHERE user_id = $1");
    tx.execute(delete.bind(user)).await.map(drop)
}

pub(super) async fn is_proven(
    tx: &mut Tx,
    session: SessionId,
    since: DateTime<Utc>,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT (SELECT COUNT(*) FROM sessions s WHERE s.id = $1 AND s.created_at > $2)
             + (SELECT COUNT(*) FROM session_proofs p WHERE p.session_id = $1 AND p.at > $2)
             AS count"
    );
    Ok(tx.one::<Count>(select.bind(session).bind(since)).await?.count > 0)
}

pub(super) async fn insert_proof(
    tx: &mut Tx,
    session: SessionId,
    now: DateTime<Utc>,
    over: DateTime<Utc>,
) -> Result<(), DbError> {
    let forget = statement!("DELETE FROM session_proofs WHERE at <= $1 OR session_id = $2");
    tx.execute(forget.bind(over).bind(session)).await?;
    let insert = statement!("INSERT INTO session_proofs (session_id, at) VALUES ($1, $2)");
    tx.execute(insert.bind(session).bind(now)).await.map(drop)
}

/// A sign-in that waits.
#[derive(sqlx::FromRow)]
pub(in crate::auth) struct Waiting {
    pub(in crate::auth) user_id: UserId,
    pub(in crate::auth) address: String,
    pub(in crate::auth) enrol: bool,
    pub(in crate::auth) tries: i64,
}

pub(in crate::auth) async fn insert_waiting(
    tx: &mut Tx,
    token: &Token,
    waiting: &Waiting,
    kind: SessionKind,
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), DbError> {
    let forget = statement!("DELETE FROM pending_sign_ins WHERE expires_at <= $1");
    tx.execute(forget.bind(now)).await?;
    let insert = statement!(
        "INSERT INTO pending_sign_ins (token_hash, user_id, kind, address, enrol, tries, expires_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6)"
    )
    .bind(token.digest())
    .bind(waiting.user_id)
    .bind(kind.as_str())
    .bind(waiting.address.as_str())
    .bind(waiting.enrol)
    .bind(expires_at);
    tx.execute(insert).await.map(drop)
}

pub(in crate::auth) async fn find_waiting(
    tx: &mut Tx,
    token: &Token,
    kind: SessionKind,
    now: DateTime<Utc>,
) -> Result<Option<Waiting>, DbError> {
    let select = statement!(
        "SELECT user_id, address, enrol, tries FROM pending_sign_ins
         WHERE token_hash = $1 AND kind = $2 AND expires_at > $3"
    );
    tx.optional(select.bind(token.digest()).bind(kind.as_str()).bind(now)).await
}

pub(in crate::auth) async fn add_try(tx: &mut Tx, token: &Token) -> Result<(), DbError> {
    let update = statement!("UPDATE pending_sign_ins SET tries = tries + 1 WHERE token_hash = $1");
    tx.execute(update.bind(token.digest())).await.map(drop)
}

pub(in crate::auth) async fn delete_waiting(tx: &mut Tx, token: &Token) -> Result<u64, DbError> {
    let delete = statement!("DELETE FROM pending_sign_ins WHERE token_hash = $1");
    tx.execute(delete.bind(token.digest())).await
}

pub(in crate::auth) async fn delete_waiting_of(tx: &mut Tx, user: UserId) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM pending_sign_ins WHERE user_id = $1");
    tx.execute(delete.bind(user)).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct RuleRow {
    role: String,
}

pub(super) async fn factor_rules(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Vec<Role>, DbError> {
    let select =
        statement!("SELECT role FROM factor_rules WHERE organisation_id = $1 ORDER BY role");
    let rows = tx.all::<RuleRow>(select.bind(organisation)).await?;
    let role = |row: RuleRow| {
        row.role.parse().map_err(|_| DbError::Inconsistent {
            table: "factor_rules",
            column: "role",
            value: row.role,
        })
    };
    rows.into_iter().map(role).collect()
}

pub(super) async fn set_factor_rule(
    tx: &mut Tx,
    organisation: OrganisationId,
    role: Role,
    required: bool,
) -> Result<u64, DbError> {
    let change = if required {
        statement!(
            "INSERT INTO factor_rules (organisation_id, role) VALUES ($1, $2)
             ON CONFLICT (organisation_id, role) DO NOTHING"
        )
    } else {
        statement!("DELETE FROM factor_rules WHERE organisation_id = $1 AND role = $2")
    };
    tx.execute(change.bind(organisation).bind(role.as_str())).await
}

/// Ends the sessions of a role's people who have no factor, but for one.
pub(super) async fn end_sessions_without(
    tx: &mut Tx,
    organisation: OrganisationId,
    role: Role,
    kept: SessionId,
) -> Result<(), DbError> {
    let delete = statement!(
        "DELETE FROM sessions WHERE id <> $3 AND user_id IN (
             SELECT u.id FROM users u WHERE u.organisation_id = $1 AND u.role = $2
               AND NOT EXISTS (SELECT 1 FROM authenticators a WHERE a.user_id = u.id)
               AND NOT EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = u.id))"
    );
    let delete = delete.bind(organisation).bind(role.as_str()).bind(kept);
    tx.execute(delete).await.map(drop)
}

pub(super) async fn people_factors(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Vec<PersonFactors>, DbError> {
    let select = statement!(
        "SELECT u.id AS user_id,
             (SELECT COUNT(*) FROM authenticators a WHERE a.user_id = u.id) AS apps,
             (SELECT COUNT(*) FROM passkeys p WHERE p.user_id = u.id) AS passkeys
         FROM users u WHERE u.organisation_id = $1 ORDER BY u.id LIMIT 1000"
    );
    tx.all(select.bind(organisation)).await
}

/// An id nobody asks for.
fn random() -> Uuid {
    Uuid::from_bytes(rand::random())
}
