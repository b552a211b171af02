//! Every statement the record runs.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Entry;
use super::reading::Filter;
use super::verify::Checked;
use crate::db::{DbError, Dialect, Sql, Tx};
use crate::kernel::{OrganisationId, UserId};
use crate::statement;

macro_rules! columns {
    () => {
        "number, at, user_id, action, details, address, request_id, previous_hash, hash, digest"
    };
}

/// The sealed end of a record; on PostgreSQL its other writers now wait. SQLite's
/// write transactions do so already.
pub(super) async fn lock_head(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Option<Vec<u8>>, DbError> {
    match tx.dialect() {
        Dialect::Sqlite => head(tx, organisation).await,
        Dialect::Postgres => {
            let lock =
                Sql::new("SELECT sealed FROM audit_heads WHERE organisation_id = $1 FOR UPDATE");
            let row: Option<(Vec<u8>,)> = tx.optional(lock.bind(organisation)).await?;
            Ok(row.map(|(sealed,)| sealed))
        }
    }
}

/// Makes those who would write the first row wait for each other.
pub(super) async fn lock_organisation(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<(), DbError> {
    match tx.dialect() {
        Dialect::Sqlite => Ok(()),
        Dialect::Postgres => {
            let lock = Sql::new("SELECT id FROM organisations WHERE id = $1 FOR UPDATE");
            tx.execute(lock.bind(organisation)).await.map(drop)
        }
    }
}

/// The sealed end of a record.
pub(super) async fn head(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Option<Vec<u8>>, DbError> {
    let select = statement!("SELECT sealed FROM audit_heads WHERE organisation_id = $1");
    let row: Option<(Vec<u8>,)> = tx.optional(select.bind(organisation)).await?;
    Ok(row.map(|(sealed,)| sealed))
}

pub(super) async fn insert_head(
    tx: &mut Tx,
    organisation: OrganisationId,
    sealed: Vec<u8>,
) -> Result<(), DbError> {
    let insert = statement!("INSERT INTO audit_heads (organisation_id, sealed) VALUES ($1, $2)");
    tx.execute(insert.bind(organisation).bind(sealed)).await.map(drop)
}

pub(super) async fn keep_head(
    tx: &mut Tx,
    organisation: OrganisationId,
    sealed: Vec<u8>,
) -> Result<(), DbError> {
    let update = statement!("UPDATE audit_heads SET sealed = $2 WHERE organisation_id = $1");
    tx.execute(update.bind(organisation).bind(sealed)).await.map(drop)
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

/// The number of the first row there is.
pub(super) async fn first(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Option<i64>, DbError> {
    let select = statement!("SELECT MIN(number) FROM audit_log WHERE organisation_id = $1");
    let row: (Option<i64>,) = tx.one(select.bind(organisation)).await?;
    Ok(row.0)
}

pub(super) async fn at(
    tx: &mut Tx,
    organisation: OrganisationId,
    number: i64,
) -> Result<Option<Entry>, DbError> {
    let select = statement!(concat!(
        "SELECT ",
        columns!(),
        " FROM audit_log WHERE organisation_id = $1 AND number = $2"
    ));
    tx.optional(select.bind(organisation).bind(number)).await
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

/// Rows that pass a filter, the newest first.
pub(super) async fn list(
    tx: &mut Tx,
    organisation: OrganisationId,
    filter: &Filter,
) -> Result<Vec<Entry>, DbError> {
    let Filter { user, action, case, document, address, from, until, before, limit } = filter;
    let before = before.unwrap_or(i64::MAX);
    let select = statement!(concat!(
        "SELECT ",
        columns!(),
        " FROM audit_log WHERE organisation_id = $1 AND number < $2"
    ));
    let kind = action.as_ref().filter(|action| action.contains('.') || *action == "search");
    let group = action.as_ref().filter(|action| !action.contains('.') && *action != "search");
    // An underscore stands for itself here, or for any one letter, of which no two groups
    // differ.
    let group = group.map(|group| group.replace(['%', '\\'], "") + ".%");
    let select = select
        .bind(organisation)
        .bind(before)
        .and_if("user_id =", *user)
        .and_if("action =", kind.cloned())
        .and_if("action LIKE", group)
        .and_if("details ->> 'case' =", case.map(|case| case.to_string()))
        .and_if("details ->> 'document' =", document.map(|document| document.to_string()))
        .and_if("address LIKE", address.as_ref().map(|address| format!("{}%", plain(address))))
        .and_if("at >=", *from)
        .and_if("at <", *until)
        .then(" ORDER BY number DESC LIMIT 500");
    let mut rows = tx.all(select).await?;
    rows.truncate(usize::try_from(*limit).unwrap_or_default());
    Ok(rows)
}

/// That a case is behind a wall of the person bound first.
macro_rules! walled_case {
    ($case:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM walled_people w
                     JOIN cases c ON w.case_id = c.id OR w.client_id = c.client_id
                     WHERE w.user_id = $1 AND c.id = ",
            $case,
            ")"
        )
    };
}

/// That a client is behind a wall of the person bound first.
macro_rules! walled_client {
    ($client:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM walled_people w WHERE w.user_id = $1 AND w.client_id = ",
            $client,
            ")"
        )
    };
}

/// Whether a wall that stands is about a person.
pub(super) async fn has_walls(tx: &mut Tx, user: UserId) -> Result<bool, DbError> {
    let select = statement!("SELECT COUNT(*) FROM walled_people WHERE user_id = $1");
    let (walls,): (i64,) = tx.one(select.bind(user)).await?;
    Ok(walls > 0)
}

/// Those of some ids, whatever they are ids of, that belong to a case or client which
/// a wall keeps a person from.
pub(super) async fn walled(
    tx: &mut Tx,
    user: UserId,
    ids: &BTreeSet<Uuid>,
) -> Result<Vec<Uuid>, DbError> {
    let selects = [
        statement!(concat!("SELECT x.id FROM cases x WHERE ", walled_case!("x.id"))),
        statement!(concat!("SELECT x.id FROM clients x WHERE ", walled_client!("x.id"))),
        statement!(concat!("SELECT x.id FROM users x WHERE ", walled_client!("x.client_id"))),
        statement!(concat!("SELECT x.id FROM documents x WHERE ", walled_case!("x.case_id"))),
        statement!(concat!("SELECT x.id FROM conversations x WHERE ", walled_case!("x.case_id"))),
        statement!(concat!(
            "SELECT x.id FROM golden_questions x WHERE (",
            walled_case!("x.case_id"),
            " OR EXISTS (SELECT 1 FROM golden_expected e JOIN documents d ON d.id = e.document_id
                         WHERE e.question_id = x.id AND ",
            walled_case!("d.case_id"),
            "))"
        )),
        statement!(concat!(
            "SELECT x.id FROM walls x WHERE (",
            walled_case!("x.case_id"),
            " OR ",
            walled_client!("x.client_id"),
            ")"
        )),
        statement!(concat!(
            "SELECT x.id FROM legal_holds x WHERE (",
            walled_case!("x.case_id"),
            " OR ",
            walled_client!("x.client_id"),
            ")"
        )),
        statement!(concat!("SELECT x.id FROM exports x WHERE ", walled_client!("x.client_id"))),
        statement!(concat!("SELECT x.id FROM consents x WHERE ", walled_client!("x.client_id"))),
        statement!(concat!(
            "SELECT x.id FROM erasures x WHERE (",
            walled_case!("x.subject_id"),
            " OR ",
            walled_client!("x.subject_id"),
            ")"
        )),
    ];
    let mut found = Vec::new();
    for select in selects {
        let select = select.bind(user).and_in("x.id", ids.iter().copied());
        let rows: Vec<(Uuid,)> = tx.all(select).await?;
        found.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(found)
}

/// A text without what `LIKE` takes for a pattern.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '%' | '_' | '\\')).collect()
}

pub(super) async fn insert(
    tx: &mut Tx,
    organisation: OrganisationId,
    entry: Entry,
) -> Result<(), DbError> {
    let Entry {
        number,
        at,
        user_id,
        action,
        details,
        address,
        request_id,
        previous_hash,
        hash,
        digest,
    } = entry;
    let insert = statement!(
        "INSERT INTO audit_log
             (organisation_id, number, at, user_id, action, details, previous_hash, hash,
              address, request_id, digest)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    )
    .bind(organisation)
    .bind(number)
    .bind(at)
    .bind(user_id)
    .bind(action)
    .bind(details)
    .bind(previous_hash)
    .bind(hash)
    .bind(address)
    .bind(request_id)
    .bind(digest);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn organisations(tx: &mut Tx) -> Result<Vec<(OrganisationId, String)>, DbError> {
    let select = statement!("SELECT id, name FROM organisations ORDER BY created_at, id");
    tx.all(select).await
}

pub(super) async fn check(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Option<Checked>, DbError> {
    let select =
        statement!("SELECT at, row_count, finding FROM audit_checks WHERE organisation_id = $1");
    tx.optional(select.bind(organisation)).await
}

pub(super) async fn keep_check(
    tx: &mut Tx,
    organisation: OrganisationId,
    checked: Checked,
) -> Result<(), DbError> {
    let Checked { at, row_count, finding } = checked;
    let keep = statement!(
        "INSERT INTO audit_checks (organisation_id, at, row_count, finding)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (organisation_id) DO UPDATE
         SET at = excluded.at, row_count = excluded.row_count, finding = excluded.finding"
    );
    tx.execute(keep.bind(organisation).bind(at).bind(row_count).bind(finding)).await.map(drop)
}

/// The last row before the first one that is to be kept.
pub(super) async fn last_before(
    tx: &mut Tx,
    organisation: OrganisationId,
    kept_from: DateTime<Utc>,
) -> Result<Option<i64>, DbError> {
    let select = statement!(
        "SELECT MAX(number) FROM audit_log
         WHERE organisation_id = $1 AND number < COALESCE(
             (SELECT MIN(k.number) FROM audit_log k WHERE k.organisation_id = $1 AND k.at >= $2),
             (SELECT MAX(l.number) FROM audit_log l WHERE l.organisation_id = $1))"
    );
    let row: (Option<i64>,) = tx.one(select.bind(organisation).bind(kept_from)).await?;
    Ok(row.0)
}

/// Removes the rows up to a number; the tables let nobody else do so.
pub(super) async fn remove_through(
    tx: &mut Tx,
    organisation: OrganisationId,
    through: i64,
) -> Result<u64, DbError> {
    let open = statement!("INSERT INTO audit_retention (organisation_id, through) VALUES ($1, $2)");
    tx.execute(open.bind(organisation).bind(through)).await?;
    let delete = statement!("DELETE FROM audit_log WHERE organisation_id = $1 AND number <= $2");
    let removed = tx.execute(delete.bind(organisation).bind(through)).await?;
    let close = statement!("DELETE FROM audit_retention WHERE organisation_id = $1");
    tx.execute(close.bind(organisation)).await?;
    Ok(removed)
}
