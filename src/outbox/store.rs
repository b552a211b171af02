//! Every statement the outbox runs.

use chrono::{DateTime, Utc};

use super::{Filter, Letter, Line, ReadByOther, Status, Terms, To};
use crate::db::{DbError, Tx};
use crate::kernel::{LetterId, Scope, UserId};
use crate::statement;

pub(super) async fn insert(
    tx: &mut Tx,
    id: LetterId,
    (letter, sealed): (Letter, Vec<u8>),
    terms: Terms,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let (channel, recipient) = match letter.to {
        To::Mail(address) => ("mail", address),
        To::Phone(number) => ("sms", number),
    };
    let insert = statement!(
        "INSERT INTO letters (id, organisation_id, channel, recipient, kind, sealed, status,
             attempts, next_at, created_at, about_user, about_case)
         VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $7, $8, $9, $10)"
    )
    .bind(id)
    .bind(letter.organisation)
    .bind(channel)
    .bind(recipient)
    .bind(letter.kind)
    .bind(sealed)
    .bind(terms.not_before.map_or(now, |begins| begins.max(now)))
    .bind(now)
    .bind(terms.reader)
    .bind(terms.case);
    tx.execute(insert).await.map(drop)
}

/// Which letters a reader may know of: those of the organisation (`$1`) that tell of no
/// case or client a wall keeps from them (`$2`).
macro_rules! known {
    () => {
        "organisation_id = $1
           AND (about_case IS NULL
                OR EXISTS (SELECT 1 FROM known_cases k
                           WHERE k.case_id = about_case AND k.user_id = $2))
           AND NOT EXISTS (SELECT 1 FROM walled_people w JOIN users u ON u.client_id = w.client_id
                           WHERE u.id = about_user AND w.user_id = $2)"
    };
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
    pub(super) about_user: Option<UserId>,
}

/// The letters of a channel whose turn has come: links and codes, for which somebody waits,
/// before notices. A notice goes to the address its reader has now.
pub(super) async fn due(
    tx: &mut Tx,
    channel: &'static str,
    now: DateTime<Utc>,
) -> Result<Vec<Due>, DbError> {
    let select = statement!(
        "SELECT l.id, l.channel, COALESCE(u.email, l.recipient) AS recipient, l.kind, l.sealed,
             l.attempts, l.next_at, l.created_at, l.about_user
         FROM letters l LEFT JOIN users u ON u.id = l.about_user
         WHERE l.status = 'waiting' AND l.next_at <= $1 AND l.channel = $2
         ORDER BY CASE WHEN l.kind LIKE 'notice-%' THEN 1 ELSE 0 END, l.next_at, l.id LIMIT 20"
    );
    tx.all(select.bind(now).bind(channel)).await
}

/// Takes a letter to deliver it; only one process ever does, until `lease`.
pub(super) async fn claim(
    tx: &mut Tx,
    letter: &Due,
    lease: DateTime<Utc>,
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE letters SET attempts = attempts + 1, next_at = $3, recipient = $4
         WHERE id = $1 AND status = 'waiting' AND next_at = $2"
    );
    let update = update.bind(letter.id).bind(letter.next_at).bind(lease);
    Ok(tx.execute(update.bind(letter.recipient.as_str())).await? == 1)
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

/// Ids follow the order in which letters were written. What tells of a case or a client
/// that a wall keeps from the reader is not there.
pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
) -> Result<Vec<Line>, DbError> {
    let Filter { status, channel, kind, before } = filter;
    let select = statement!(concat!(
        "SELECT id, channel, recipient, kind, status, attempts, next_at, last_error, created_at,
             sent_at
         FROM letters WHERE ",
        known!()
    ))
    .bind(scope.organisation())
    .bind(scope.user())
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
    /// Whether it tells a person of cases without saying of which.
    pub(super) of_several: bool,
}

pub(super) async fn unsent(
    tx: &mut Tx,
    scope: &Scope,
    id: LetterId,
) -> Result<Option<Unsent>, DbError> {
    let select = statement!(concat!(
        "SELECT channel, recipient, kind, sealed, created_at,
             (about_user IS NOT NULL AND about_case IS NULL) AS of_several
         FROM letters WHERE ",
        known!(),
        " AND id = $3 AND status <> 'sent'"
    ));
    tx.optional(select.bind(scope.organisation()).bind(scope.user()).bind(id)).await
}

/// Whether what a letter tells of is still open to its reader: they may sign in, the case
/// is theirs or shown to them, and no wall was raised against them since.
pub(super) async fn is_open(
    tx: &mut Tx,
    id: LetterId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM letters l JOIN users u ON u.id = l.about_user
         WHERE l.id = $1 AND u.active = TRUE
           AND ((l.about_case IS NULL
                 AND NOT EXISTS (SELECT 1 FROM walled_people w JOIN walls a ON a.id = w.wall_id
                                 WHERE w.user_id = u.id AND a.raised_at > l.created_at))
                OR EXISTS (SELECT 1 FROM known_cases k
                           WHERE k.case_id = l.about_case AND k.user_id = u.id)
                OR EXISTS (SELECT 1 FROM shown_cases s
                           WHERE s.case_id = l.about_case AND s.user_id = u.id)
                OR EXISTS (SELECT 1 FROM shared_documents s
                           JOIN documents d ON d.id = s.document_id
                           WHERE d.case_id = l.about_case AND s.user_id = u.id
                             AND (s.expires_at IS NULL OR s.expires_at > $2)))"
    );
    Ok(tx.one::<Count>(select.bind(id).bind(now)).await?.count == 1)
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
struct Count {
    count: i64,
}

/// Whether any ethical wall stands against a person.
pub(super) async fn is_walled(tx: &mut Tx, user: UserId) -> Result<bool, DbError> {
    let select = statement!("SELECT COUNT(*) AS count FROM walled_people w WHERE w.user_id = $1");
    Ok(tx.one::<Count>(select.bind(user)).await?.count > 0)
}

/// Puts a letter that was not sent, and the reader may know of, back among those that wait.
pub(super) async fn wait_again(
    tx: &mut Tx,
    scope: &Scope,
    id: LetterId,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    let update = statement!(concat!(
        "UPDATE letters SET status = 'waiting', attempts = 0, next_at = $4 WHERE ",
        known!(),
        " AND id = $3 AND status <> 'sent'"
    ));
    let update = update.bind(scope.organisation()).bind(scope.user());
    tx.execute(update.bind(id).bind(now)).await
}

/// Puts every letter that was given up, of those the reader may know of, back among those
/// that wait.
pub(super) async fn all_wait_again(
    tx: &mut Tx,
    scope: &Scope,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    let update = statement!(concat!(
        "UPDATE letters
         SET status = 'waiting', attempts = 0, next_at = $3, last_error = NULL WHERE ",
        known!(),
        " AND status = 'failed'"
    ));
    tx.execute(update.bind(scope.organisation()).bind(scope.user()).bind(now)).await
}

/// How many letters were given up, of those the reader may know of.
pub(super) async fn count_failed(tx: &mut Tx, scope: &Scope) -> Result<i64, DbError> {
    let select = statement!(concat!(
        "SELECT COUNT(*) AS count FROM letters WHERE ",
        known!(),
        " AND status = 'failed'"
    ));
    let select = select.bind(scope.organisation()).bind(scope.user());
    Ok(tx.one::<Count>(select).await?.count)
}

/// Removes notices that nothing has tried to deliver since a moment.
pub(super) async fn drop_stale(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, DbError> {
    let delete = statement!(
        "DELETE FROM letters
         WHERE status = 'waiting' AND attempts = 0 AND kind LIKE 'notice-%' AND next_at < $1"
    );
    tx.execute(delete.bind(before)).await
}

/// Removes letters that were written before a moment, however they stand.
pub(super) async fn forget(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, DbError> {
    let delete = statement!("DELETE FROM letters WHERE created_at < $1");
    tx.execute(delete.bind(before)).await
}
