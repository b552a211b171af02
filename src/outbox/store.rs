//! Every statement the outbox runs.

use chrono::{DateTime, Utc};

use super::{Filter, Letter, Line, ReadByOther, Status, To};
use crate::db::{DbError, Tx};
use crate::kernel::{LetterId, OrganisationId, Scope, UserId};
use crate::statement;

pub(super) async fn insert(
    tx: &mut Tx,
    id: LetterId,
    letter: Letter,
    sealed: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let (channel, recipient) = match letter.to {
        To::Mail(address) => ("mail", address),
        To::Phone(number) => ("sms", number),
    };
    let insert = statement!(
        "INSERT INTO letters (id, organisation_id, channel, recipient, kind, sealed, status,
             attempts, next_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $7, $7)"
    )
    .bind(id)
    .bind(letter.organisation)
    .bind(channel)
    .bind(recipient)
    .bind(letter.kind)
    .bind(sealed)
    .bind(now);
    tx.execute(insert).await.map(drop)
}

/// A letter whose turn has come.
#[derive(sqlx::FromRow)]
pub(super) struct Due {
    pub(super) id: LetterId,
    pub(super) channel: String,
    pub(super) recipient: String,
    pub(super) kind: String,
    pub(super) sealed: Vec<u8>,
    pub(super) attempts: i64,
    pub(super) next_at: DateTime<Utc>,
    pub(super) created_at: DateTime<Utc>,
}

pub(super) async fn due(
    tx: &mut Tx,
    channels: &[&'static str],
    now: DateTime<Utc>,
) -> Result<Vec<Due>, DbError> {
    let select = statement!(
        "SELECT id, channel, recipient, kind, sealed, attempts, next_at, created_at
         FROM letters WHERE status = 'waiting' AND next_at <= $1"
    )
    .bind(now)
    .and_in("channel", channels.iter().copied())
    .then(" ORDER BY next_at, id LIMIT 20");
    tx.all(select).await
}

/// Takes a letter to deliver it; only one process ever does, until `lease`.
pub(super) async fn claim(
    tx: &mut Tx,
    letter: &Due,
    lease: DateTime<Utc>,
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE letters SET attempts = attempts + 1, next_at = $3
         WHERE id = $1 AND status = 'waiting' AND next_at = $2"
    );
    Ok(tx.execute(update.bind(letter.id).bind(letter.next_at).bind(lease)).await? == 1)
}

/// Notes that a letter was sent, and drops what it said.
pub(super) async fn sent(tx: &mut Tx, id: LetterId, now: DateTime<Utc>) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE letters SET status = 'sent', sealed = $3, sent_at = $2, last_error = NULL
         WHERE id = $1"
    );
    tx.execute(update.bind(id).bind(now).bind(Vec::new())).await.map(drop)
}

/// Notes why a letter was not sent, and when it is tried again; never, without a time.
pub(super) async fn not_sent(
    tx: &mut Tx,
    id: LetterId,
    error: &str,
    again: Option<DateTime<Utc>>,
) -> Result<(), DbError> {
    let update = match again {
        Some(again) => statement!(
            "UPDATE letters SET last_error = $2, next_at = $3 WHERE id = $1 AND status = 'waiting'"
        )
        .bind(id)
        .bind(error)
        .bind(again),
        None => statement!(
            "UPDATE letters SET last_error = $2, status = 'failed'
             WHERE id = $1 AND status = 'waiting'"
        )
        .bind(id)
        .bind(error),
    };
    tx.execute(update).await.map(drop)
}

/// Ids follow the order in which letters were written.
pub(super) async fn list(
    tx: &mut Tx,
    organisation: OrganisationId,
    filter: &Filter,
) -> Result<Vec<Line>, DbError> {
    let Filter { status, channel, kind, before } = filter;
    let select = statement!(
        "SELECT id, channel, recipient, kind, status, attempts, next_at, last_error, created_at,
             sent_at
         FROM letters WHERE organisation_id = $1"
    )
    .bind(organisation)
    .and_if("status =", status.map(Status::as_str))
    .and_if("channel =", channel.clone())
    .and_if("kind =", kind.clone())
    .and_if("id <", *before)
    .then(" ORDER BY id DESC LIMIT 200");
    tx.all(select).await
}

/// A letter that was not sent, with what it says.
#[derive(sqlx::FromRow)]
pub(super) struct Unsent {
    pub(super) channel: String,
    pub(super) recipient: String,
    pub(super) kind: String,
    pub(super) sealed: Vec<u8>,
    pub(super) created_at: DateTime<Utc>,
}

pub(super) async fn unsent(
    tx: &mut Tx,
    organisation: OrganisationId,
    id: LetterId,
) -> Result<Option<Unsent>, DbError> {
    let select = statement!(
        "SELECT channel, recipient, kind, sealed, created_at FROM letters
         WHERE organisation_id = $1 AND id = $2 AND status <> 'sent'"
    );
    tx.optional(select.bind(organisation).bind(id)).await
}

/// Notes who has read what a letter says.
pub(super) async fn note_reader(
    tx: &mut Tx,
    id: LetterId,
    reader: UserId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!("UPDATE letters SET read_by = $2, read_at = $3 WHERE id = $1");
    tx.execute(update.bind(id).bind(reader).bind(now)).await.map(drop)
}

/// The letters to an address that somebody else than the caller has read.
pub(super) async fn read_by_others(
    tx: &mut Tx,
    scope: &Scope,
    recipient: &str,
    since: DateTime<Utc>,
) -> Result<Vec<ReadByOther>, DbError> {
    let select = statement!(
        "SELECT l.kind, u.name AS reader, l.read_at FROM letters l
         JOIN users u ON u.id = l.read_by
         WHERE l.organisation_id = $1 AND l.recipient = $2 AND l.read_at > $3 AND u.id <> $4
         ORDER BY l.read_at DESC, l.id DESC LIMIT 5"
    )
    .bind(scope.organisation())
    .bind(recipient)
    .bind(since)
    .bind(scope.user());
    tx.all(select).await
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

/// Puts a letter that failed back among those that wait.
pub(super) async fn wait_again(
    tx: &mut Tx,
    organisation: OrganisationId,
    id: LetterId,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE letters SET status = 'waiting', attempts = 0, next_at = $3
         WHERE organisation_id = $1 AND id = $2 AND status <> 'sent'"
    );
    tx.execute(update.bind(organisation).bind(id).bind(now)).await
}
