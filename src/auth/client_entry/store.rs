//! Every statement about the codes sent to clients.

use chrono::{DateTime, Utc};

use crate::auth::store::{UserRow, columns};
use crate::auth::{Token, User};
use crate::db::{DbError, Tx};
use crate::kernel::{ClientCodeId, UserId};
use crate::statement;

#[derive(sqlx::FromRow)]
struct AccountRow {
    held: Option<String>,
    #[sqlx(flatten)]
    user: UserRow,
}

impl AccountRow {
    fn account(self) -> Result<(User, String), DbError> {
        let (user, _) = self.user.user()?;
        let held = self.held.unwrap_or_else(|| user.email.clone());
        Ok((user, held))
    }
}

/// The clients' accounts that a mail address belongs to, with the address as it is held.
pub(super) async fn find_by_mail(tx: &mut Tx, mail: &str) -> Result<Vec<(User, String)>, DbError> {
    let select = statement!(concat!(
        "SELECT k.email AS held, ",
        columns!(),
        " FROM users u JOIN clients k ON k.id = u.client_id
          WHERE u.role = 'client' AND u.active = TRUE
            AND (u.email = $1 OR LOWER(k.email) = $1)
          ORDER BY u.id LIMIT 100"
    ));
    let rows = tx.all::<AccountRow>(select.bind(mail)).await?;
    rows.into_iter().map(AccountRow::account).collect()
}

/// The clients' accounts that a telephone number belongs to, with the number as it is held.
pub(super) async fn find_by_phone(
    tx: &mut Tx,
    forms: &[String; 4],
) -> Result<Vec<(User, String)>, DbError> {
    let [first, second, third, fourth] = forms;
    let select = statement!(concat!(
        "SELECT k.phone AS held, ",
        columns!(),
        " FROM users u JOIN clients k ON k.id = u.client_id
          WHERE u.role = 'client' AND u.active = TRUE
            AND REPLACE(REPLACE(REPLACE(REPLACE(k.phone, ' ', ''), '-', ''), '(', ''), ')', '')
                IN ($1, $2, $3, $4)
          ORDER BY u.id LIMIT 100"
    ))
    .bind(first.as_str())
    .bind(second.as_str())
    .bind(third.as_str())
    .bind(fourth.as_str());
    tx.all::<AccountRow>(select).await?.into_iter().map(AccountRow::account).collect()
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

pub(super) async fn count_since(
    tx: &mut Tx,
    user: UserId,
    since: DateTime<Utc>,
) -> Result<i64, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM client_codes c WHERE c.user_id = $1 AND c.created_at > $2"
    );
    Ok(tx.one::<Count>(select.bind(user).bind(since)).await?.count)
}

pub(super) async fn forget(tx: &mut Tx, before: DateTime<Utc>) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM client_codes WHERE created_at < $1");
    tx.execute(delete.bind(before)).await.map(drop)
}

/// A code to be sent.
pub(super) struct NewCode {
    pub(super) id: ClientCodeId,
    pub(super) user: UserId,
    pub(super) sealed: Vec<u8>,
    pub(super) now: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
}

pub(super) async fn insert(
    tx: &mut Tx,
    new: &NewCode,
    request: &Token,
    link: &Token,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO client_codes (id, user_id, request_hash, link_hash, sealed, tries, created_at,
             expires_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6, $7)"
    )
    .bind(new.id)
    .bind(new.user)
    .bind(request.digest())
    .bind(link.digest())
    .bind(new.sealed.clone())
    .bind(new.now)
    .bind(new.expires_at);
    tx.execute(insert).await.map(drop)
}

/// A code that is good, with whose it is.
pub(super) struct Found {
    pub(super) id: ClientCodeId,
    pub(super) sealed: Vec<u8>,
    pub(super) user: User,
}

#[derive(sqlx::FromRow)]
struct FoundRow {
    code_id: ClientCodeId,
    sealed: Vec<u8>,
    #[sqlx(flatten)]
    user: UserRow,
}

impl FoundRow {
    fn found(self) -> Result<Found, DbError> {
        let (user, _) = self.user.user()?;
        Ok(Found { id: self.code_id, sealed: self.sealed, user })
    }
}

macro_rules! good {
    ($which:literal) => {
        concat!(
            "SELECT c.id AS code_id, c.sealed, ",
            columns!(),
            " FROM client_codes c JOIN users u ON u.id = c.user_id
              WHERE ",
            $which,
            " AND c.used_at IS NULL AND c.expires_at > $2
              AND u.role = 'client' AND u.active = TRUE"
        )
    };
}

/// Counts a try of the code a request belongs to, and gives the code if it may still
/// be tried.
pub(super) async fn try_by_request(
    tx: &mut Tx,
    request: &Token,
    now: DateTime<Utc>,
    most: i64,
) -> Result<Option<Found>, DbError> {
    let update = statement!(
        "UPDATE client_codes SET tries = tries + 1
         WHERE request_hash = $1 AND used_at IS NULL AND expires_at > $2 AND tries < $3"
    );
    if tx.execute(update.bind(request.digest()).bind(now).bind(most)).await? == 0 {
        return Ok(None);
    }
    let select = statement!(good!("c.request_hash = $1"));
    let row = tx.optional::<FoundRow>(select.bind(request.digest()).bind(now)).await?;
    row.map(FoundRow::found).transpose()
}

pub(super) async fn find_by_link(
    tx: &mut Tx,
    link: &Token,
    now: DateTime<Utc>,
) -> Result<Option<Found>, DbError> {
    let select = statement!(good!("c.link_hash = $1"));
    let row = tx.optional::<FoundRow>(select.bind(link.digest()).bind(now)).await?;
    row.map(FoundRow::found).transpose()
}

/// Uses a code up, and with it every other one of its client; nothing when another
/// was faster.
pub(super) async fn use_up(
    tx: &mut Tx,
    user: UserId,
    code: ClientCodeId,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    let update =
        statement!("UPDATE client_codes SET used_at = $2 WHERE id = $1 AND used_at IS NULL");
    let changed = tx.execute(update.bind(code).bind(now)).await?;
    let update =
        statement!("UPDATE client_codes SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL");
    tx.execute(update.bind(user).bind(now)).await?;
    Ok(changed)
}
