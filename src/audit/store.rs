//! Every statement the record runs.

use super::Entry;
use crate::db::{DbError, Dialect, Tx};
use crate::kernel::OrganisationId;
use crate::statement;

macro_rules! columns {
    () => {
        "number, at, user_id, action, details, previous_hash, hash"
    };
}

/// Makes writers of one organisation's record wait for each other.
///
/// SQLite's write transactions do so already.
pub(super) async fn lock(tx: &mut Tx, organisation: OrganisationId) -> Result<(), DbError> {
    match tx.dialect() {
        Dialect::Sqlite => Ok(()),
        Dialect::Postgres => {
            let lock = crate::db::Sql::new("SELECT id FROM organisations WHERE id = $1 FOR UPDATE");
            tx.execute(lock.bind(organisation)).await.map(drop)
        }
    }
}

pub(super) async fn last(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Option<Entry>, DbError> {
    let select = statement!(concat!(
        "SELECT ",
        columns!(),
        " FROM audit_log WHERE organisation_id = $1 ORDER BY number DESC LIMIT 1"
    ));
    tx.optional(select.bind(organisation)).await
}

pub(super) async fn recent(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Vec<Entry>, DbError> {
    let select = statement!(concat!(
        "SELECT ",
        columns!(),
        " FROM audit_log WHERE organisation_id = $1 ORDER BY number DESC LIMIT 200"
    ));
    tx.all(select.bind(organisation)).await
}

pub(super) async fn from(
    tx: &mut Tx,
    organisation: OrganisationId,
    number: i64,
) -> Result<Vec<Entry>, DbError> {
    let select = statement!(concat!(
        "SELECT ",
        columns!(),
        " FROM audit_log WHERE organisation_id = $1 AND number >= $2 ORDER BY number LIMIT 500"
    ));
    tx.all(select.bind(organisation).bind(number)).await
}

pub(super) async fn insert(
    tx: &mut Tx,
    organisation: OrganisationId,
    entry: Entry,
) -> Result<(), DbError> {
    let Entry { number, at, user_id, action, details, previous_hash, hash } = entry;
    let insert = statement!(
        "INSERT INTO audit_log
             (organisation_id, number, at, user_id, action, details, previous_hash, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(organisation)
    .bind(number)
    .bind(at)
    .bind(user_id)
    .bind(action)
    .bind(details)
    .bind(previous_hash)
    .bind(hash);
    tx.execute(insert).await.map(drop)
}
