//! The statements of pinned answers.

use chrono::{DateTime, Utc};

use super::super::store::MessageRow;
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, MessageId, PinId, Scope, UserId};
use crate::statement;

#[derive(sqlx::FromRow)]
struct At {
    pinned_at: DateTime<Utc>,
}

/// A pinned answer.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct PinRow {
    pub(super) case_id: CaseId,
    pub(super) message_id: MessageId,
    pub(super) user_id: UserId,
    pub(super) user_name: String,
    pub(super) pinned_at: DateTime<Utc>,
}

pub(super) async fn pinned_at(
    tx: &mut Tx,
    message: MessageId,
) -> Result<Option<DateTime<Utc>>, DbError> {
    let select = statement!("SELECT pinned_at FROM pinned_answers WHERE message_id = $1");
    Ok(tx.optional::<At>(select.bind(message)).await?.map(|row| row.pinned_at))
}

macro_rules! pins {
    () => {
        "SELECT p.case_id, p.message_id, p.user_id, u.name AS user_name, p.pinned_at
         FROM pinned_answers p JOIN users u ON u.id = p.user_id
         JOIN open_cases o ON o.case_id = p.case_id AND o.user_id = $1"
    };
}

/// A pin in a case that is open to the caller.
pub(super) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    message: MessageId,
) -> Result<Option<PinRow>, DbError> {
    let select = statement!(concat!(pins!(), " WHERE p.message_id = $2"));
    tx.optional(select.bind(scope.user()).bind(message)).await
}

/// The pins of a case, if it is open to the caller; the newest first.
pub(super) async fn list(tx: &mut Tx, scope: &Scope, case: CaseId) -> Result<Vec<PinRow>, DbError> {
    let select = statement!(concat!(
        pins!(),
        " WHERE p.case_id = $2 ORDER BY p.pinned_at DESC, p.id DESC LIMIT 100"
    ));
    tx.all(select.bind(scope.user()).bind(case)).await
}

pub(super) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
    message: MessageId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let insert = statement!(
        "INSERT INTO pinned_answers (id, case_id, message_id, user_id, pinned_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (message_id) DO NOTHING"
    )
    .bind(PinId::new())
    .bind(case)
    .bind(message)
    .bind(scope.user())
    .bind(now);
    Ok(tx.execute(insert).await? > 0)
}

pub(super) async fn delete(tx: &mut Tx, message: MessageId) -> Result<u64, DbError> {
    tx.execute(statement!("DELETE FROM pinned_answers WHERE message_id = $1").bind(message)).await
}

/// A pinned answer and its question.
pub(super) async fn messages(tx: &mut Tx, message: MessageId) -> Result<Vec<MessageRow>, DbError> {
    let select = statement!(
        "SELECT m.id, m.conversation_id, m.role, m.status, m.text, m.label, m.coverage, m.removed,
             m.verification, m.facts, m.parent_id, m.ended, m.task, m.created_at
         FROM messages m
         WHERE m.id = $1 OR m.id = (SELECT a.parent_id FROM messages a WHERE a.id = $1)
         ORDER BY m.role DESC, m.id"
    );
    tx.all(select.bind(message)).await
}
