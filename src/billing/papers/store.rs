//! The statements of kept papers.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Issued;
use crate::db::{DbError, Tx};
use crate::statement;

pub(super) async fn insert(
    tx: &mut Tx,
    paper: Issued<'_>,
    (sealed, hash): (Vec<u8>, String),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO issued_papers (id, organisation_id, client_id, invoice_id, number, said,
             sealed, sha256, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    );
    let insert = insert
        .bind(paper.id)
        .bind(paper.organisation)
        .bind(paper.client)
        .bind(paper.invoice)
        .bind(paper.number)
        .bind(paper.said)
        .bind(sealed)
        .bind(hash)
        .bind(now);
    tx.execute(insert).await.map(drop)
}

#[derive(sqlx::FromRow)]
pub(super) struct PaperRow {
    pub(super) number: String,
    pub(super) sealed: Vec<u8>,
    pub(super) sha256: String,
}

pub(super) async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<PaperRow>, DbError> {
    let select = statement!("SELECT number, sealed, sha256 FROM issued_papers WHERE id = $1");
    tx.optional(select.bind(id)).await
}
