//! Every statement about what generations hold.

use chrono::{DateTime, Utc};

use super::Held;
use crate::db::{DbError, Tx};
use crate::kernel::{GenerationId, OrganisationId, VersionId};
use crate::statement;

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

/// Counts what was embedded before generations were written down as held by one.
pub(in crate::vectors) async fn adopt(
    tx: &mut Tx,
    generation: GenerationId,
    model: &str,
) -> Result<u64, DbError> {
    let insert = statement!(
        "INSERT INTO generation_versions (generation_id, version_id, passages, at)
         SELECT $1, v.id, (SELECT COUNT(*) FROM passages p
                           WHERE p.version_id = v.id AND p.ordinal >= 0), v.embedded_at
         FROM versions v WHERE v.embedding_model = $2 AND v.embedded_at IS NOT NULL"
    );
    tx.execute(insert.bind(generation).bind(model)).await
}

/// Notes that a generation holds a version, as it stood at a time.
pub(in crate::vectors) async fn hold(
    tx: &mut Tx,
    generation: GenerationId,
    version: VersionId,
    passages: usize,
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO generation_versions (generation_id, version_id, passages, at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (generation_id, version_id) DO UPDATE
         SET passages = excluded.passages, at = excluded.at"
    )
    .bind(generation)
    .bind(version)
    .bind(i64::try_from(passages).unwrap_or(i64::MAX))
    .bind(at);
    tx.execute(insert).await.map(drop)
}

/// Forgets that a generation holds a version, or every version.
pub(in crate::vectors) async fn forget(
    tx: &mut Tx,
    generation: GenerationId,
    version: Option<VersionId>,
) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM generation_versions WHERE generation_id = $1");
    tx.execute(delete.bind(generation).and_if("version_id =", version)).await.map(drop)
}

/// The versions that are searched: the newest read one of each document.
macro_rules! current {
    () => {
        "v.status = 'read'
         AND v.number = (SELECT MAX(w.number) FROM versions w
                         WHERE w.document_id = v.document_id AND w.status = 'read')"
    };
}

/// Whether a version is held as it stands now, with nothing more to come.
macro_rules! is_held {
    () => {
        "EXISTS (SELECT 1 FROM generation_versions g
                 WHERE g.generation_id = $1 AND g.version_id = v.id
                   AND (v.read_at IS NULL OR g.at >= v.read_at))"
    };
}

#[derive(sqlx::FromRow)]
struct Version {
    id: VersionId,
}

/// The versions a generation lacks, the newest upload first.
pub(in crate::vectors) async fn next(
    tx: &mut Tx,
    generation: GenerationId,
) -> Result<Option<VersionId>, DbError> {
    let select = statement!(concat!(
        "SELECT v.id FROM versions v WHERE ",
        current!(),
        " AND NOT ",
        is_held!(),
        " ORDER BY v.id DESC LIMIT 1"
    ));
    Ok(tx.optional::<Version>(select.bind(generation)).await?.map(|row| row.id))
}

#[derive(sqlx::FromRow)]
struct Lacking {
    organisation_id: OrganisationId,
    id: VersionId,
}

/// Every version a generation lacks, with whose it is.
pub(in crate::vectors) async fn lacking(
    tx: &mut Tx,
    generation: GenerationId,
) -> Result<Vec<(OrganisationId, VersionId)>, DbError> {
    let select = statement!(concat!(
        "SELECT d.organisation_id, v.id FROM versions v JOIN documents d ON d.id = v.document_id
         WHERE ",
        current!(),
        " AND NOT ",
        is_held!(),
        " ORDER BY v.id"
    ));
    let rows = tx.all::<Lacking>(select.bind(generation)).await?;
    Ok(rows.into_iter().map(|row| (row.organisation_id, row.id)).collect())
}

/// How many versions a generation lacks, those that are just being embedded included.
pub(in crate::vectors) async fn missing(
    tx: &mut Tx,
    generation: GenerationId,
) -> Result<i64, DbError> {
    let select = statement!(concat!(
        "SELECT COUNT(*) AS count FROM versions v WHERE ",
        current!(),
        " AND (NOT ",
        is_held!(),
        " OR EXISTS (SELECT 1 FROM jobs j WHERE j.kind = 'vectors.embed' AND j.subject = v.id
                       AND j.status <> 'dead'))"
    ));
    Ok(tx.one::<Count>(select.bind(generation)).await?.count)
}

/// How much of an organisation's documents, or of all, a generation holds.
pub(in crate::vectors) async fn share(
    tx: &mut Tx,
    generation: GenerationId,
    organisation: Option<OrganisationId>,
) -> Result<Held, DbError> {
    let select = statement!(concat!(
        "SELECT COUNT(*) AS versions, COUNT(*) FILTER (WHERE r.held) AS versions_held,
             CAST(coalesce(SUM(r.passages), 0) AS BIGINT) AS passages,
             CAST(coalesce(SUM(r.passages) FILTER (WHERE r.held), 0) AS BIGINT) AS passages_held
         FROM (SELECT d.organisation_id,
                   (SELECT COUNT(*) FROM passages p
                    WHERE p.version_id = v.id AND p.ordinal >= 0) AS passages, ",
        is_held!(),
        " AS held
               FROM versions v JOIN documents d ON d.id = v.document_id
               WHERE ",
        current!(),
        ") r WHERE TRUE"
    ));
    tx.one(select.bind(generation).and_if("r.organisation_id =", organisation)).await
}

/// Whether a generation holds any version.
pub(in crate::vectors) async fn is_empty(
    tx: &mut Tx,
    generation: GenerationId,
) -> Result<bool, DbError> {
    let select =
        statement!("SELECT COUNT(*) AS count FROM generation_versions WHERE generation_id = $1");
    Ok(tx.one::<Count>(select.bind(generation)).await?.count == 0)
}

/// The versions a generation is said to hold passages of.
pub(in crate::vectors) async fn held_versions(
    tx: &mut Tx,
    generation: GenerationId,
) -> Result<Vec<VersionId>, DbError> {
    let select = statement!(
        "SELECT version_id AS id FROM generation_versions
         WHERE generation_id = $1 AND passages > 0"
    );
    let rows = tx.all::<Version>(select.bind(generation)).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// How many live versions wait to be embedded, and how many are being embedded.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(in crate::vectors) struct Uploads {
    /// They wait.
    pub(in crate::vectors) waiting: i64,
    /// Somebody is at work on them.
    pub(in crate::vectors) running: i64,
}

/// What uploads want of the embedding model now; they come before a shadow.
pub(in crate::vectors) async fn uploads(
    tx: &mut Tx,
    now: DateTime<Utc>,
) -> Result<Uploads, DbError> {
    let select = statement!(
        "SELECT COUNT(*) FILTER (WHERE status = 'queued' AND run_at <= $1) AS waiting,
             COUNT(*) FILTER (WHERE status = 'running' AND leased_until > $1) AS running
         FROM jobs WHERE kind = 'vectors.embed'"
    );
    tx.one(select.bind(now)).await
}
