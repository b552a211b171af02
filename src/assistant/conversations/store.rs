//! The statements of lists, search, names and deletion of conversations.

use chrono::{DateTime, Utc};

use super::super::history::Conversation;
use super::super::store::conversations;
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, ConversationId, MessageId, Scope};
use crate::statement;

#[derive(sqlx::FromRow)]
struct Id {
    id: MessageId,
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

/// Up to a place in the list, the newest first.
pub(super) struct Before {
    pub(super) touched: DateTime<Utc>,
    pub(super) id: ConversationId,
}

pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
    before: &Before,
    limit: i64,
) -> Result<Vec<Conversation>, DbError> {
    let select = statement!(concat!(
        conversations!(),
        " AND (k.updated_at < $4 OR (k.updated_at = $4 AND k.id < $5)) AND $6 > 0"
    ))
    .bind(scope.organisation())
    .bind(scope.sees_all())
    .bind(scope.user())
    .bind(before.touched)
    .bind(before.id)
    .bind(limit)
    .and_if("k.case_id =", case)
    .then(" ORDER BY k.updated_at DESC, k.id DESC LIMIT $6");
    tx.all(select).await
}

/// A message of the conversation says a word, and rests on nothing that is closed.
macro_rules! says {
    ($word:literal) => {
        concat!(
            " AND EXISTS (SELECT 1 FROM messages m
                  WHERE m.conversation_id = k.id AND lower(m.text) LIKE ",
            $word,
            " ESCAPE '\\'
                    AND NOT EXISTS (SELECT 1 FROM citations s
                        JOIN versions v ON v.id = s.version_id
                        JOIN documents d ON d.id = v.document_id
                        WHERE s.message_id = m.id
                          AND NOT EXISTS (SELECT 1 FROM open_cases o
                                          WHERE o.user_id = $3 AND o.case_id = d.case_id)))"
        )
    };
}

/// The same of those in which every one of the patterns stands.
pub(super) async fn search(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
    before: &Before,
    limit: i64,
    [first, second, third, fourth, fifth]: [&str; 5],
) -> Result<Vec<Conversation>, DbError> {
    let select = statement!(concat!(
        conversations!(),
        " AND (k.updated_at < $4 OR (k.updated_at = $4 AND k.id < $5)) AND $6 > 0",
        says!("$7"),
        says!("$8"),
        says!("$9"),
        says!("$10"),
        says!("$11")
    ))
    .bind(scope.organisation())
    .bind(scope.sees_all())
    .bind(scope.user())
    .bind(before.touched)
    .bind(before.id)
    .bind(limit)
    .bind(first)
    .bind(second)
    .bind(third)
    .bind(fourth)
    .bind(fifth)
    .and_if("k.case_id =", case)
    .then(" ORDER BY k.updated_at DESC, k.id DESC LIMIT $6");
    tx.all(select).await
}

pub(super) async fn rename(tx: &mut Tx, id: ConversationId, title: &str) -> Result<(), DbError> {
    let update = statement!("UPDATE conversations SET title = $2 WHERE id = $1");
    tx.execute(update.bind(id).bind(title)).await.map(drop)
}

/// Whether a legal hold stands on a conversation's case, or the client of that.
pub(super) async fn is_held(tx: &mut Tx, id: ConversationId) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM conversations k
         JOIN cases c ON c.id = k.case_id
         JOIN legal_holds h ON h.case_id = c.id OR h.client_id = c.client_id
         WHERE k.id = $1 AND h.lifted_at IS NULL"
    );
    Ok(tx.one::<Count>(select.bind(id)).await?.count > 0)
}

/// The answers of a conversation that are being written.
pub(super) async fn running(tx: &mut Tx, id: ConversationId) -> Result<Vec<MessageId>, DbError> {
    let select = statement!(
        "SELECT id FROM messages WHERE conversation_id = $1 AND status = 'running' ORDER BY id"
    );
    Ok(tx.all::<Id>(select.bind(id)).await?.into_iter().map(|row| row.id).collect())
}
