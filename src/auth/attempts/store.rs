//! The statements that count tries.

use chrono::{DateTime, Utc};

use super::Subject;
use crate::db::{DbError, Tx};
use crate::statement;

pub(super) async fn insert_missing(
    tx: &mut Tx,
    subject: &Subject,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO sign_in_attempts (subject, wrong, last_at, locked_until)
         VALUES ($1, 0, $2, $2) ON CONFLICT (subject) DO NOTHING"
    );
    tx.execute(insert.bind(subject.bytes().to_vec()).bind(now)).await.map(drop)
}

/// Counts a try; none is counted during a wait.
pub(super) async fn count(
    tx: &mut Tx,
    subject: &Subject,
    now: DateTime<Utc>,
    forgotten: DateTime<Utc>,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE sign_in_attempts
         SET wrong = CASE WHEN last_at < $3 THEN 1 ELSE wrong + 1 END, last_at = $2
         WHERE subject = $1 AND locked_until <= $2"
    );
    tx.execute(update.bind(subject.bytes().to_vec()).bind(now).bind(forgotten)).await
}

#[derive(sqlx::FromRow)]
struct Counted {
    wrong: i64,
    locked_until: DateTime<Utc>,
}

pub(super) async fn find(tx: &mut Tx, subject: &Subject) -> Result<(i64, DateTime<Utc>), DbError> {
    let select = statement!("SELECT wrong, locked_until FROM sign_in_attempts WHERE subject = $1");
    let row = tx.one::<Counted>(select.bind(subject.bytes().to_vec())).await?;
    Ok((row.wrong, row.locked_until))
}

pub(super) async fn lock(
    tx: &mut Tx,
    subject: &Subject,
    until: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!("UPDATE sign_in_attempts SET locked_until = $2 WHERE subject = $1");
    tx.execute(update.bind(subject.bytes().to_vec()).bind(until)).await.map(drop)
}

pub(super) async fn give_back(
    tx: &mut Tx,
    subject: &Subject,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE sign_in_attempts SET wrong = wrong - 1, locked_until = $2
         WHERE subject = $1 AND wrong > 0"
    );
    tx.execute(update.bind(subject.bytes().to_vec()).bind(now)).await.map(drop)
}

pub(super) async fn clear(tx: &mut Tx, subject: &Subject) -> Result<u64, DbError> {
    let delete = statement!("DELETE FROM sign_in_attempts WHERE subject = $1");
    tx.execute(delete.bind(subject.bytes().to_vec())).await
}

pub(super) async fn forget(tx: &mut Tx, before: DateTime<Utc>) -> Result<(), DbError> {
    let delete =
        statement!("DELETE FROM sign_in_attempts WHERE last_at < $1 AND locked_until < $1");
    tx.execute(delete.bind(before)).await.map(drop)
}

/// A subject for which there is a wait.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::auth) struct Locked {
    pub(in crate::auth) subject: Vec<u8>,
    pub(in crate::auth) locked_until: DateTime<Utc>,
}

/// Those of some subjects for which there is a wait.
pub(in crate::auth) async fn locked(
    tx: &mut Tx,
    subjects: &[Subject],
    now: DateTime<Utc>,
) -> Result<Vec<Locked>, DbError> {
    let select =
        statement!("SELECT subject, locked_until FROM sign_in_attempts WHERE locked_until > $1");
    let subjects = subjects.iter().map(|subject| subject.bytes().to_vec());
    tx.all(select.bind(now).and_in("subject", subjects)).await
}
