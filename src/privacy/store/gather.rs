//! What an export is made of.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::super::Export;
use crate::db::{DbError, Tx};
use crate::kernel::{ClientId, ExportId, OrganisationId, UserId};
use crate::statement;

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

#[derive(sqlx::FromRow)]
struct Id {
    id: Uuid,
}

/// A client's record.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct ClientRecord {
    pub(in crate::privacy) id: Uuid,
    pub(in crate::privacy) name: String,
    pub(in crate::privacy) kind: String,
    pub(in crate::privacy) email: Option<String>,
    pub(in crate::privacy) phone: Option<String>,
    pub(in crate::privacy) city: Option<String>,
    pub(in crate::privacy) created_at: DateTime<Utc>,
}

/// An account.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct Account {
    pub(in crate::privacy) id: Uuid,
    pub(in crate::privacy) name: String,
    pub(in crate::privacy) email: String,
    pub(in crate::privacy) role: String,
    pub(in crate::privacy) active: bool,
    pub(in crate::privacy) created_at: DateTime<Utc>,
}

/// A case.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct CaseRecord {
    pub(in crate::privacy) id: Uuid,
    pub(in crate::privacy) title: String,
    pub(in crate::privacy) number: Option<String>,
    pub(in crate::privacy) court: Option<String>,
    pub(in crate::privacy) status: String,
    pub(in crate::privacy) opened_on: String,
}

/// A version of a document.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct FileRecord {
    pub(in crate::privacy) document_id: Uuid,
    pub(in crate::privacy) title: String,
    pub(in crate::privacy) case_title: String,
    pub(in crate::privacy) number: i64,
    pub(in crate::privacy) file_name: String,
    pub(in crate::privacy) sha256: String,
    pub(in crate::privacy) size_bytes: i64,
    pub(in crate::privacy) created_at: DateTime<Utc>,
}

/// A consent, with its wording.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct ConsentRecord {
    pub(in crate::privacy) language: String,
    pub(in crate::privacy) text: String,
    pub(in crate::privacy) how: String,
    pub(in crate::privacy) given_at: DateTime<Utc>,
    pub(in crate::privacy) withdrawn_at: Option<DateTime<Utc>>,
}

/// A question or answer.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct MessageRecord {
    pub(in crate::privacy) conversation: String,
    pub(in crate::privacy) role: String,
    pub(in crate::privacy) text: String,
    pub(in crate::privacy) created_at: DateTime<Utc>,
}

/// A search somebody keeps.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct SearchRecord {
    pub(in crate::privacy) name: String,
    pub(in crate::privacy) search: String,
    pub(in crate::privacy) created_at: DateTime<Utc>,
}

/// Something somebody did.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct ActRecord {
    pub(in crate::privacy) number: i64,
    pub(in crate::privacy) at: DateTime<Utc>,
    pub(in crate::privacy) action: String,
}

pub(in crate::privacy) async fn client_record(
    tx: &mut Tx,
    id: ClientId,
) -> Result<Option<ClientRecord>, DbError> {
    let select = statement!(
        "SELECT id, name, kind, email, phone, city, created_at FROM clients WHERE id = $1"
    );
    tx.optional(select.bind(id)).await
}

pub(in crate::privacy) async fn accounts(
    tx: &mut Tx,
    client: Option<ClientId>,
    user: Option<UserId>,
) -> Result<Vec<Account>, DbError> {
    let select = statement!(
        "SELECT id, name, email, role, active, created_at FROM users
         WHERE client_id = $1 OR id = $2 ORDER BY id"
    );
    tx.all(select.bind(client).bind(user)).await
}

pub(in crate::privacy) async fn cases_of(
    tx: &mut Tx,
    export: &Export,
) -> Result<Vec<CaseRecord>, DbError> {
    let select = statement!(
        "SELECT c.id, c.title, c.number, c.court, c.status, c.opened_on
         FROM cases c JOIN export_cases e ON e.case_id = c.id
         WHERE e.export_id = $1
           AND (c.client_id = $2
                OR c.id IN (SELECT m.case_id FROM case_members m WHERE m.user_id = $3))
         ORDER BY c.opened_on, c.id"
    );
    tx.all(select.bind(export.id).bind(export.client_id).bind(export.user_id)).await
}

/// Writes down which cases an export tells of: of what concerns its subject, the cases
/// open to who asked, or all of a client who asks themselves.
pub(in crate::privacy) async fn set_export_cases(
    tx: &mut Tx,
    export: &Export,
) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM export_cases WHERE export_id = $1");
    tx.execute(delete.bind(export.id)).await?;
    let insert = statement!(
        "INSERT INTO export_cases (export_id, case_id)
         SELECT e.id, c.id FROM exports e, cases c
         WHERE e.id = $1 AND c.organisation_id = e.organisation_id
           AND (c.client_id = e.client_id
                OR c.id IN (SELECT m.case_id FROM case_members m WHERE m.user_id = e.user_id)
                OR c.id IN (SELECT t.case_id FROM conversations t WHERE t.user_id = e.user_id)
                OR c.id IN (SELECT d.case_id FROM conversations t
                            JOIN messages m ON m.conversation_id = t.id
                            JOIN citations s ON s.message_id = m.id
                            JOIN versions v ON v.id = s.version_id
                            JOIN documents d ON d.id = v.document_id
                            WHERE t.user_id = e.user_id))
           AND (c.id IN (SELECT o.case_id FROM open_cases o WHERE o.user_id = e.asked_by)
                OR (e.client_id = (SELECT u.client_id FROM users u WHERE u.id = e.asked_by)
                    AND NOT EXISTS (SELECT 1 FROM walled_people w
                                    WHERE w.user_id = e.asked_by
                                      AND (w.case_id = c.id OR w.client_id = c.client_id))))"
    );
    tx.execute(insert.bind(export.id)).await.map(drop)
}

/// Whether nothing an export tells of is closed to a person of the chamber.
pub(in crate::privacy) async fn is_export_open(
    tx: &mut Tx,
    id: ExportId,
    user: UserId,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM exports e
         WHERE e.id = $1
           AND (e.client_id IS NULL
                OR e.client_id IN (SELECT k.client_id FROM known_clients k WHERE k.user_id = $2))
           AND NOT EXISTS (SELECT 1 FROM export_cases x
                           WHERE x.export_id = e.id
                             AND x.case_id NOT IN (SELECT o.case_id FROM open_cases o
                                                   WHERE o.user_id = $2))"
    );
    Ok(tx.one::<Count>(select.bind(id).bind(user)).await?.count > 0)
}

/// The exports that tell of a case, or of the case of a document.
pub(in crate::privacy) async fn exports_telling(
    tx: &mut Tx,
    case_or_document: Uuid,
) -> Result<BTreeSet<Uuid>, DbError> {
    let select = statement!(
        "SELECT x.export_id AS id FROM export_cases x
         WHERE x.case_id = $1
            OR x.case_id IN (SELECT d.case_id FROM documents d WHERE d.id = $1)"
    );
    let rows = tx.all::<Id>(select.bind(case_or_document)).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

macro_rules! files {
    () => {
        "SELECT d.id AS document_id, d.title, c.title AS case_title, v.number, v.file_name,
             v.sha256, v.size_bytes, v.created_at
         FROM versions v JOIN documents d ON d.id = v.document_id JOIN cases c ON c.id = d.case_id "
    };
}

/// The files of a client's cases that are open to who asked.
pub(in crate::privacy) async fn files_of_cases(
    tx: &mut Tx,
    client: ClientId,
    asked_by: UserId,
) -> Result<Vec<FileRecord>, DbError> {
    let select = statement!(concat!(
        files!(),
        "WHERE c.client_id = $1
           AND c.id IN (SELECT o.case_id FROM open_cases o WHERE o.user_id = $2)
         ORDER BY c.title, d.created_at, d.id, v.number"
    ));
    tx.all(select.bind(client).bind(asked_by)).await
}

/// The files shared with a client's person to be taken away as they are.
pub(in crate::privacy) async fn files_shared(
    tx: &mut Tx,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Vec<FileRecord>, DbError> {
    let select = statement!(concat!(
        files!(),
        "JOIN shared_documents s ON s.document_id = d.id
         WHERE s.user_id = $1 AND (s.expires_at IS NULL OR s.expires_at > $2)
           AND s.download AND NOT s.watermark AND s.pages IS NULL
           AND (s.version IS NULL OR v.number = s.version
                OR (s.later_versions AND v.number > s.version))
         ORDER BY c.title, d.created_at, d.id, v.number"
    ));
    tx.all(select.bind(user).bind(now)).await
}

pub(in crate::privacy) async fn consent_records(
    tx: &mut Tx,
    client: ClientId,
) -> Result<Vec<ConsentRecord>, DbError> {
    let select = statement!(
        "SELECT w.language, w.text, s.how, s.given_at, s.withdrawn_at
         FROM consents s JOIN consent_wordings w ON w.id = s.wording_id
         WHERE s.client_id = $1 ORDER BY s.given_at, s.id"
    );
    tx.all(select.bind(client)).await
}

/// The conversations of a person that are about nothing closed to who asked.
pub(in crate::privacy) async fn messages_of(
    tx: &mut Tx,
    user: UserId,
    asked_by: UserId,
) -> Result<Vec<MessageRecord>, DbError> {
    let select = statement!(
        "SELECT c.title AS conversation, m.role, m.text, m.created_at
         FROM messages m JOIN conversations c ON c.id = m.conversation_id
         WHERE c.user_id = $1
           AND (c.case_id IS NULL
                OR c.case_id IN (SELECT o.case_id FROM open_cases o WHERE o.user_id = $2))
           AND NOT EXISTS (SELECT 1 FROM messages n
                           JOIN citations s ON s.message_id = n.id
                           JOIN versions v ON v.id = s.version_id
                           JOIN documents d ON d.id = v.document_id
                           WHERE n.conversation_id = c.id
                             AND d.case_id NOT IN (SELECT o.case_id FROM open_cases o
                                                   WHERE o.user_id = $2))
         ORDER BY c.created_at, c.id, m.created_at, m.id"
    );
    tx.all(select.bind(user).bind(asked_by)).await
}

/// A message between the chamber and a client.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct CaseMessageRecord {
    pub(in crate::privacy) case_title: String,
    pub(in crate::privacy) author: String,
    pub(in crate::privacy) text: String,
    pub(in crate::privacy) sent_at: DateTime<Utc>,
}

/// What a client and the chamber wrote each other, in the cases open or shown to who asks;
/// not what was written while a case was a former client's.
pub(in crate::privacy) async fn case_messages_of(
    tx: &mut Tx,
    client: ClientId,
    asked_by: UserId,
) -> Result<Vec<CaseMessageRecord>, DbError> {
    let select = statement!(
        "SELECT c.title AS case_title, u.name AS author, m.text, m.sent_at
         FROM case_messages m
         JOIN cases c ON c.id = m.case_id
         JOIN users u ON u.id = m.author_id
         JOIN case_portals p ON p.case_id = c.id AND p.client_id = c.client_id
          AND p.shown_at <= m.sent_at
         WHERE c.client_id = $1 AND m.channel = 'client' AND m.withdrawn_at IS NULL
           AND (EXISTS (SELECT 1 FROM open_cases o WHERE o.case_id = c.id AND o.user_id = $2)
                OR EXISTS (SELECT 1 FROM shown_cases s
                           WHERE s.case_id = c.id AND s.user_id = $2))
         ORDER BY m.id"
    );
    tx.all(select.bind(client).bind(asked_by)).await
}

pub(in crate::privacy) async fn searches_of(
    tx: &mut Tx,
    user: UserId,
) -> Result<Vec<SearchRecord>, DbError> {
    let select = statement!(
        "SELECT name, search, created_at FROM saved_searches WHERE user_id = $1
         ORDER BY created_at, id"
    );
    tx.all(select.bind(user)).await
}

pub(in crate::privacy) async fn acts_of(
    tx: &mut Tx,
    organisation: OrganisationId,
    user: UserId,
) -> Result<Vec<ActRecord>, DbError> {
    let select = statement!(
        "SELECT number, at, action FROM audit_log
         WHERE organisation_id = $1 AND user_id = $2 ORDER BY number"
    );
    tx.all(select.bind(organisation).bind(user)).await
}
