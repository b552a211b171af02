//! Erasures, and the rows they begin with.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::{Erasure, Subject};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, ClientId, DocumentId, ErasureId, OrganisationId, Scope, UserId};
use crate::statement;

/// An erasure under way.
#[derive(sqlx::FromRow)]
pub(in crate::privacy) struct ErasureWork {
    pub(in crate::privacy) id: ErasureId,
    pub(in crate::privacy) organisation_id: OrganisationId,
    pub(in crate::privacy) subject_kind: String,
    pub(in crate::privacy) subject_id: Uuid,
    pub(in crate::privacy) asked_by: UserId,
    pub(in crate::privacy) asked_at: DateTime<Utc>,
    pub(in crate::privacy) marks: Option<Vec<u8>>,
    pub(in crate::privacy) plan: Option<String>,
}

#[derive(sqlx::FromRow)]
pub(in crate::privacy) struct ClientRow {
    pub(in crate::privacy) name: String,
    pub(in crate::privacy) email: Option<String>,
    pub(in crate::privacy) phone: Option<String>,
}

#[derive(sqlx::FromRow)]
pub(in crate::privacy) struct CaseRow {
    pub(in crate::privacy) title: String,
    pub(in crate::privacy) number: Option<String>,
    pub(in crate::privacy) cnr: Option<String>,
}

#[derive(sqlx::FromRow)]
pub(in crate::privacy) struct PersonRow {
    pub(in crate::privacy) id: Uuid,
    pub(in crate::privacy) name: String,
    pub(in crate::privacy) email: String,
}

#[derive(sqlx::FromRow)]
struct Title {
    title: String,
}

#[derive(sqlx::FromRow)]
struct Case {
    case_id: CaseId,
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

pub(in crate::privacy) async fn client(
    tx: &mut Tx,
    organisation: OrganisationId,
    id: ClientId,
) -> Result<Option<ClientRow>, DbError> {
    let select =
        statement!("SELECT name, email, phone FROM clients WHERE id = $1 AND organisation_id = $2");
    tx.optional(select.bind(id).bind(organisation)).await
}

pub(in crate::privacy) async fn case(
    tx: &mut Tx,
    organisation: OrganisationId,
    id: CaseId,
) -> Result<Option<CaseRow>, DbError> {
    let select =
        statement!("SELECT title, number, cnr FROM cases WHERE id = $1 AND organisation_id = $2");
    tx.optional(select.bind(id).bind(organisation)).await
}

pub(in crate::privacy) async fn document_title(
    tx: &mut Tx,
    organisation: OrganisationId,
    id: DocumentId,
) -> Result<Option<String>, DbError> {
    let select = statement!("SELECT title FROM documents WHERE id = $1 AND organisation_id = $2");
    Ok(tx.optional::<Title>(select.bind(id).bind(organisation)).await?.map(|row| row.title))
}

pub(in crate::privacy) async fn case_of(
    tx: &mut Tx,
    id: DocumentId,
) -> Result<Option<CaseId>, DbError> {
    let select = statement!("SELECT case_id FROM documents WHERE id = $1");
    Ok(tx.optional::<Case>(select.bind(id)).await?.map(|row| row.case_id))
}

pub(in crate::privacy) async fn person(
    tx: &mut Tx,
    organisation: OrganisationId,
    id: UserId,
) -> Result<Option<PersonRow>, DbError> {
    let select = statement!(
        "SELECT id, name, email FROM users
         WHERE id = $1 AND organisation_id = $2 AND client_id IS NULL"
    );
    tx.optional(select.bind(id).bind(organisation)).await
}

pub(in crate::privacy) async fn people_of(
    tx: &mut Tx,
    client: ClientId,
) -> Result<Vec<PersonRow>, DbError> {
    let select = statement!("SELECT id, name, email FROM users WHERE client_id = $1 ORDER BY id");
    tx.all(select.bind(client)).await
}

/// Whether a person may know of a client.
pub(in crate::privacy) async fn knows_client(
    tx: &mut Tx,
    user: UserId,
    client: ClientId,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM known_clients WHERE user_id = $1 AND client_id = $2"
    );
    Ok(tx.one::<Count>(select.bind(user).bind(client)).await?.count > 0)
}

pub(in crate::privacy) async fn insert_erasure(
    tx: &mut Tx,
    id: ErasureId,
    scope: &Scope,
    subject: Subject,
    marks: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO erasures
             (id, organisation_id, subject_kind, subject_id, asked_by, asked_at, status, marks)
         VALUES ($1, $2, $3, $4, $5, $6, 'running', $7)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(subject.kind())
    .bind(subject.id())
    .bind(scope.user())
    .bind(now)
    .bind(marks);
    tx.execute(insert).await.map(drop)
}

macro_rules! erasure {
    () => {
        "SELECT id, subject_kind, subject_id, asked_by, asked_at, status, certificate, hash, error,
             done_at
         FROM erasures WHERE organisation_id = $1"
    };
}

pub(in crate::privacy) async fn erasures(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Vec<Erasure>, DbError> {
    let select = statement!(concat!(erasure!(), " ORDER BY asked_at DESC, id LIMIT 500"));
    tx.all(select.bind(organisation)).await
}

pub(in crate::privacy) async fn erasure(
    tx: &mut Tx,
    organisation: OrganisationId,
    id: ErasureId,
) -> Result<Option<Erasure>, DbError> {
    let select = statement!(concat!(erasure!(), " AND id = $2"));
    tx.optional(select.bind(organisation).bind(id)).await
}

pub(in crate::privacy) async fn erasure_work(
    tx: &mut Tx,
    id: ErasureId,
) -> Result<Option<ErasureWork>, DbError> {
    let select = statement!(
        "SELECT id, organisation_id, subject_kind, subject_id, asked_by, asked_at, marks, plan
         FROM erasures WHERE id = $1 AND status = 'running'"
    );
    tx.optional(select.bind(id)).await
}

pub(in crate::privacy) async fn set_plan(
    tx: &mut Tx,
    id: ErasureId,
    plan: &str,
) -> Result<(), DbError> {
    let update = statement!("UPDATE erasures SET plan = $2 WHERE id = $1");
    tx.execute(update.bind(id).bind(plan)).await.map(drop)
}

pub(in crate::privacy) async fn forget_marks(tx: &mut Tx, id: ErasureId) -> Result<(), DbError> {
    let update = statement!("UPDATE erasures SET marks = NULL WHERE id = $1");
    tx.execute(update.bind(id)).await.map(drop)
}

pub(in crate::privacy) async fn finish_erasure(
    tx: &mut Tx,
    id: ErasureId,
    certificate: &str,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE erasures SET status = 'done', certificate = $2, hash = $3, done_at = $4,
             marks = NULL, plan = NULL, error = NULL
         WHERE id = $1"
    );
    tx.execute(update.bind(id).bind(certificate).bind(hash).bind(now)).await.map(drop)
}

pub(in crate::privacy) async fn fail_erasure(
    tx: &mut Tx,
    id: ErasureId,
    reason: &str,
) -> Result<(), DbError> {
    let update = statement!("UPDATE erasures SET status = 'failed', error = $2 WHERE id = $1");
    tx.execute(update.bind(id).bind(reason)).await.map(drop)
}
