//! Every statement about sessions. Those about devices and keys stand beside.

mod devices;
mod keys;

use chrono::{DateTime, Utc};

use super::{Contact, Held, bound_to};
use crate::auth::store::{UserRow, columns};
use crate::auth::{SessionKind, Token, User};
use crate::db::{DbError, Tx};
use crate::kernel::{ClientId, Origin, Realm, SessionId, UserId};
use crate::statement;

pub(super) use devices::{count_devices, device_seen, list, note_device};
pub(super) use keys::{KeyRow, insert_key, key, retire_keys, signing_key};

/// A session about to be opened.
pub(super) struct NewSession {
    pub(super) id: SessionId,
    pub(super) user: UserId,
    pub(super) kind: SessionKind,
    pub(super) realm: Realm,
    pub(super) bound_to: String,
    pub(super) now: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) idle_at: DateTime<Utc>,
}

pub(super) async fn insert(
    tx: &mut Tx,
    session: &NewSession,
    token: &Token,
    origin: &Origin,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO sessions (id, user_id, kind, realm, bound_to, token_hash, csrf, address, agent,
             created_at, last_used_at, expires_at, idle_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12)"
    )
    .bind(session.id)
    .bind(session.user)
    .bind(session.kind.as_str())
    .bind(session.realm.as_str())
    .bind(session.bound_to.as_str())
    .bind(token.digest())
    .bind(Token::random().expose())
    .bind(origin.address.to_string())
    .bind(origin.agent.as_str())
    .bind(session.now)
    .bind(session.expires_at)
    .bind(session.idle_at);
    tx.execute(insert).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct ContactRow {
    email: Option<String>,
    phone: Option<String>,
}

/// How a client is reached; nothing for who is no client.
pub(super) async fn contact(tx: &mut Tx, client: Option<ClientId>) -> Result<Contact, DbError> {
    let select = statement!("SELECT c.email, c.phone FROM clients c WHERE c.id = $1").bind(client);
    let row = tx.optional::<ContactRow>(select).await?;
    Ok(row.map(|ContactRow { email, phone }| Contact { email, phone }).unwrap_or_default())
}

/// A session with whom it belongs to.
pub(super) struct Found {
    pub(super) user: User,
    pub(super) organisation: String,
    pub(super) session: SessionId,
    pub(super) csrf: String,
    pub(super) realm: Realm,
    pub(super) last_used_at: DateTime<Utc>,
    /// How often it was renewed; access tokens of before are over.
    pub(super) generation: i64,
    bound_to: String,
    contact: Contact,
}

impl Found {
    /// Whether the person is still what they were when it was opened.
    pub(super) fn is_bound(&self) -> bool {
        self.realm == Realm::of(self.user.role)
            && self.bound_to == bound_to(&self.user, &self.contact)
    }
}

#[derive(sqlx::FromRow)]
struct FoundRow {
    session_id: SessionId,
    csrf: String,
    realm: String,
    bound_to: String,
    last_used_at: DateTime<Utc>,
    generation: i64,
    organisation_name: String,
    client_email: Option<String>,
    client_phone: Option<String>,
    #[sqlx(flatten)]
    user: UserRow,
}

impl FoundRow {
    fn found(self) -> Result<Found, DbError> {
        let Self { session_id, csrf, realm, bound_to, last_used_at, generation, .. } = self;
        let (user, _) = self.user.user()?;
        Ok(Found {
            user,
            organisation: self.organisation_name,
            session: session_id,
            csrf,
            realm: parsed_realm(realm)?,
            last_used_at,
            generation,
            bound_to,
            contact: Contact { email: self.client_email, phone: self.client_phone },
        })
    }
}

fn parsed_realm(realm: String) -> Result<Realm, DbError> {
    let parsed = realm.parse();
    parsed.map_err(|_| DbError::Inconsistent { table: "sessions", column: "realm", value: realm })
}

macro_rules! alive {
    ($which:literal) => {
        concat!(
            "SELECT s.id AS session_id, s.csrf, s.realm, s.bound_to, s.last_used_at,
                 s.generation, o.name AS organisation_name, k.email AS client_email, k.phone AS client_phone, ",
            columns!(),
            " FROM sessions s
              JOIN users u ON u.id = s.user_id
              JOIN organisations o ON o.id = u.organisation_id
              LEFT JOIN clients k ON k.id = u.client_id
              WHERE ",
            $which,
            " AND s.expires_at > $2 AND s.idle_at > $2 AND u.active = TRUE"
        )
    };
}

pub(super) async fn find_by_cookie(
    tx: &mut Tx,
    token: &Token,
    now: DateTime<Utc>,
) -> Result<Option<Found>, DbError> {
    let select = statement!(alive!("s.token_hash = $1 AND s.kind = 'cookie'"));
    let row = tx.optional::<FoundRow>(select.bind(token.digest()).bind(now)).await?;
    row.map(FoundRow::found).transpose()
}

pub(super) async fn find_by_id(
    tx: &mut Tx,
    session: SessionId,
    now: DateTime<Utc>,
) -> Result<Option<Found>, DbError> {
    let select = statement!(alive!("s.id = $1 AND s.kind = 'bearer'"));
    let row = tx.optional::<FoundRow>(select.bind(session).bind(now)).await?;
    row.map(FoundRow::found).transpose()
}

/// The family a refresh token now belongs to.
pub(super) async fn find_by_refresh(
    tx: &mut Tx,
    token: &Token,
    now: DateTime<Utc>,
) -> Result<Option<Found>, DbError> {
    let select = statement!(alive!("s.token_hash = $1 AND s.kind = 'bearer'"));
    let row = tx.optional::<FoundRow>(select.bind(token.digest()).bind(now)).await?;
    row.map(FoundRow::found).transpose()
}

#[derive(sqlx::FromRow)]
struct HeldRow {
    user_id: UserId,
    kind: String,
    realm: String,
    expires_at: DateTime<Utc>,
    generation: i64,
}

/// What there is to hand over of a session that is alive.
pub(super) async fn find_held(
    tx: &mut Tx,
    session: SessionId,
    now: DateTime<Utc>,
) -> Result<Option<Held>, DbError> {
    let select = statement!(
        "SELECT s.user_id, s.kind, s.realm, s.expires_at, s.generation FROM sessions s
         WHERE s.id = $1 AND s.expires_at > $2 AND s.idle_at > $2"
    )
    .bind(session)
    .bind(now);
    let Some(row) = tx.optional::<HeldRow>(select).await? else { return Ok(None) };
    let HeldRow { user_id: user, kind, realm, expires_at, generation } = row;
    let kind = if kind == "cookie" { SessionKind::Cookie } else { SessionKind::Bearer };
    Ok(Some(Held { user, session, kind, realm: parsed_realm(realm)?, expires_at, generation }))
}

pub(super) async fn replace_token(
    tx: &mut Tx,
    session: SessionId,
    token: &Token,
) -> Result<(), DbError> {
    let update = statement!("UPDATE sessions SET token_hash = $2 WHERE id = $1")
        .bind(session)
        .bind(token.digest());
    tx.execute(update).await.map(drop)
}

/// Lets the access tokens given so far of a family stand for nothing.
pub(super) async fn outdate(tx: &mut Tx, session: SessionId) -> Result<(), DbError> {
    let update = statement!("UPDATE sessions SET generation = generation + 1 WHERE id = $1");
    tx.execute(update.bind(session)).await.map(drop)
}

/// Puts a family's next refresh token in the place of the present one; false when
/// another has been faster.
pub(super) async fn rotate(
    tx: &mut Tx,
    session: SessionId,
    present: &Token,
    next: &Token,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let update =
        statement!("UPDATE sessions SET token_hash = $3 WHERE id = $1 AND token_hash = $2")
            .bind(session)
            .bind(present.digest())
            .bind(next.digest());
    if tx.execute(update).await? == 0 {
        return Ok(false);
    }
    let insert = statement!(
        "INSERT INTO spent_refresh_tokens (token_hash, session_id, spent_at) VALUES ($1, $2, $3)"
    )
    .bind(present.digest())
    .bind(session)
    .bind(now);
    tx.execute(insert).await?;
    Ok(true)
}

#[derive(sqlx::FromRow)]
struct SpentRow {
    session_id: SessionId,
    #[sqlx(flatten)]
    user: UserRow,
}

/// The family a refresh token was used up in.
pub(super) async fn find_spent(
    tx: &mut Tx,
    token: &Token,
) -> Result<Option<(SessionId, User)>, DbError> {
    let select = statement!(concat!(
        "SELECT t.session_id, ",
        columns!(),
        " FROM spent_refresh_tokens t
          JOIN sessions s ON s.id = t.session_id
          JOIN users u ON u.id = s.user_id
          WHERE t.token_hash = $1"
    ));
    let Some(row) = tx.optional::<SpentRow>(select.bind(token.digest())).await? else {
        return Ok(None);
    };
    let (user, _) = row.user.user()?;
    Ok(Some((row.session_id, user)))
}

pub(super) async fn note_use(
    tx: &mut Tx,
    session: SessionId,
    origin: &Origin,
    now: DateTime<Utc>,
    idle_at: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE sessions SET last_used_at = $2, idle_at = $3, address = $4
         WHERE id = $1 AND last_used_at < $2"
    )
    .bind(session)
    .bind(now)
    .bind(idle_at)
    .bind(origin.address.to_string());
    tx.execute(update).await.map(drop)
}

pub(super) async fn end(tx: &mut Tx, session: SessionId) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM sessions WHERE id = $1");
    tx.execute(delete.bind(session)).await.map(drop)
}

/// Ends one session of a person; the number says whether there was such a one.
pub(super) async fn end_of(tx: &mut Tx, user: UserId, session: SessionId) -> Result<u64, DbError> {
    let delete = statement!("DELETE FROM sessions WHERE user_id = $1 AND id = $2");
    tx.execute(delete.bind(user).bind(session)).await
}

pub(super) async fn end_over(tx: &mut Tx, now: DateTime<Utc>) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM sessions WHERE expires_at <= $1 OR idle_at <= $1");
    tx.execute(delete.bind(now)).await.map(drop)
}

/// Ends the sessions of a person that were used least recently, beyond a number.
pub(super) async fn end_least_used(tx: &mut Tx, user: UserId, kept: u32) -> Result<(), DbError> {
    let delete = statement!(
        "DELETE FROM sessions WHERE user_id = $1 AND id NOT IN
             (SELECT s.id FROM sessions s WHERE s.user_id = $1
              ORDER BY s.last_used_at DESC, s.id DESC LIMIT $2)"
    );
    tx.execute(delete.bind(user).bind(kept)).await.map(drop)
}
