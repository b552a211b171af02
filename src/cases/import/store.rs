//! Every statement about lists of cases being taken over.

use chrono::{DateTime, NaiveDate, Utc};

use super::Entered;
use super::columns::ListColumn;
use super::table::Table;
use crate::cases::store::seen_by;
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, ClientId, HearingId, ImportId, Scope};
use crate::statement;

/// A list as it is kept.
pub(super) struct Stored {
    pub(super) file_name: String,
    pub(super) table: Table,
    pub(super) mapping: Vec<ListColumn>,
    pub(super) made_at: DateTime<Utc>,
    pub(super) entered: Option<Entered>,
}

#[derive(sqlx::FromRow)]
struct Row {
    file_name: String,
    content: serde_json::Value,
    mapping: serde_json::Value,
    made_at: DateTime<Utc>,
    result: Option<serde_json::Value>,
}

fn json_of<T: serde::Serialize>(value: &T) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn read<T: serde::de::DeserializeOwned>(
    column: &'static str,
    value: serde_json::Value,
) -> Result<T, DbError> {
    let unfit = |_| DbError::Inconsistent { table: "imports", column, value: "JSON".to_owned() };
    serde_json::from_value(value).map_err(unfit)
}

pub(super) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    (id, file_name): (ImportId, &str),
    (table, mapping): (&Table, &[ListColumn]),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO imports (id, organisation_id, user_id, file_name, content, mapping, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(scope.user())
    .bind(file_name)
    .bind(json_of(table))
    .bind(json_of(&mapping))
    .bind(now);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    id: ImportId,
    from: DateTime<Utc>,
) -> Result<Option<Stored>, DbError> {
    let select = statement!(
        "SELECT file_name, content, mapping, made_at, result FROM imports
         WHERE id = $1 AND organisation_id = $2 AND user_id = $3 AND made_at > $4"
    );
    let select = select.bind(id).bind(scope.organisation()).bind(scope.user()).bind(from);
    let Some(row) = tx.optional::<Row>(select).await? else { return Ok(None) };
    Ok(Some(Stored {
        file_name: row.file_name,
        table: read("content", row.content)?,
        mapping: read("mapping", row.mapping)?,
        made_at: row.made_at,
        entered: row.result.map(|result| read("result", result)).transpose()?,
    }))
}

/// Keeps others from entering a list until the transaction ends.
pub(super) async fn lock(tx: &mut Tx, scope: &Scope, id: ImportId) -> Result<(), DbError> {
    let update =
        statement!("UPDATE imports SET file_name = file_name WHERE id = $1 AND user_id = $2");
    tx.execute(update.bind(id).bind(scope.user())).await.map(drop)
}

pub(super) async fn set_mapping(
    tx: &mut Tx,
    id: ImportId,
    mapping: &[ListColumn],
) -> Result<(), DbError> {
    let update = statement!("UPDATE imports SET mapping = $2 WHERE id = $1 AND entered_at IS NULL");
    tx.execute(update.bind(id).bind(json_of(&mapping))).await.map(drop)
}

/// Keeps what entering a list gave, and its rows no longer.
pub(super) async fn set_entered(
    tx: &mut Tx,
    id: ImportId,
    entered: Entered,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE imports SET entered_at = $2, result = $3, content = $4, mapping = $5
         WHERE id = $1"
    );
    let empty = Table { headings: Vec::new(), rows: Vec::new() };
    let update = update.bind(id).bind(now).bind(json_of(&entered)).bind(json_of(&empty));
    tx.execute(update.bind(json_of(&Vec::<ListColumn>::new()))).await.map(drop)
}

pub(super) async fn delete(tx: &mut Tx, id: ImportId) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM imports WHERE id = $1");
    tx.execute(delete.bind(id)).await.map(drop)
}

pub(super) async fn clear(tx: &mut Tx, before: DateTime<Utc>) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM imports WHERE made_at <= $1");
    tx.execute(delete.bind(before)).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct ClientRow {
    id: ClientId,
    name: String,
}

/// The clients the caller may know of.
pub(super) async fn clients(
    tx: &mut Tx,
    scope: &Scope,
) -> Result<Vec<(ClientId, String)>, DbError> {
    let select = statement!(
        "SELECT k.id, k.name FROM clients k
         WHERE k.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM known_clients m
                              WHERE m.client_id = k.id AND m.user_id = $3))
           AND k.merged_into IS NULL
         ORDER BY k.created_at, k.id LIMIT 50000"
    );
    let rows = tx.all::<ClientRow>(seen_by(select, scope)).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

pub(super) async fn set_stage(tx: &mut Tx, case: CaseId, stage: &str) -> Result<(), DbError> {
    let update = statement!("UPDATE cases SET stage = $2 WHERE id = $1");
    tx.execute(update.bind(case).bind(stage)).await.map(drop)
}

pub(super) async fn insert_hearing(
    tx: &mut Tx,
    scope: &Scope,
    (id, case): (HearingId, CaseId),
    day: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO hearings (id, case_id, on_date, source_kind, added_by, added_at)
         VALUES ($1, $2, $3, 'import', $4, $5)"
    );
    let insert = insert.bind(id).bind(case).bind(day.to_string());
    tx.execute(insert.bind(scope.user()).bind(now)).await.map(drop)
}
