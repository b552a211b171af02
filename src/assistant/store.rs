//! Every statement the assistant runs.

use chrono::{DateTime, Utc};

use super::answer::Finished;
use super::history::Conversation;
use super::live::{Cited, Struck};
use crate::db::{DbError, Tx};
use crate::documents::PassageText;
use crate::kernel::{
    CaseId, CitationId, ConversationId, DocumentId, MessageId, PassageId, Scope, UserId,
};
use crate::statement;

/// The conversations of the caller ($3) that are open to them.
macro_rules! conversations {
    () => {
        "SELECT k.id, k.case_id, c.title AS case_title, k.title, k.updated_at
         FROM conversations k LEFT JOIN cases c ON c.id = k.case_id
         WHERE k.organisation_id = $1 AND k.user_id = $3
           AND ($2 OR k.case_id IS NULL
                OR EXISTS (SELECT 1 FROM open_cases m
                           WHERE m.case_id = k.case_id AND m.user_id = $3))"
    };
}

pub(super) use conversations;

pub(super) async fn find_conversation(
    tx: &mut Tx,
    scope: &Scope,
    id: ConversationId,
) -> Result<Option<Conversation>, DbError> {
    let select = statement!(concat!(conversations!(), " AND k.id = $4"))
        .bind(scope.organisation())
        .bind(scope.sees_all())
        .bind(scope.user())
        .bind(id);
    tx.optional(select).await
}

pub(super) async fn insert_conversation(
    tx: &mut Tx,
    scope: &Scope,
    id: ConversationId,
    case: Option<CaseId>,
    title: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO conversations
             (id, organisation_id, user_id, case_id, title, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(scope.user())
    .bind(case)
    .bind(title)
    .bind(now);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn touch_conversation(
    tx: &mut Tx,
    id: ConversationId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!("UPDATE conversations SET updated_at = $2 WHERE id = $1");
    tx.execute(update.bind(id).bind(now)).await.map(drop)
}

/// A message about to be written.
pub(super) struct NewMessage<'a> {
    pub(super) id: MessageId,
    pub(super) conversation: ConversationId,
    /// What it follows: a question an answer, an answer its question.
    pub(super) parent: Option<MessageId>,
    pub(super) role: &'static str,
    pub(super) status: &'static str,
    pub(super) text: &'a str,
    pub(super) now: DateTime<Utc>,
}

pub(super) async fn insert_message(tx: &mut Tx, new: NewMessage<'_>) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO messages
             (id, conversation_id, role, status, text, removed, created_at, parent_id, alive_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(new.id)
    .bind(new.conversation)
    .bind(new.role)
    .bind(new.status)
    .bind(new.text)
    .bind(serde_json::json!([]))
    .bind(new.now)
    .bind(new.parent)
    .bind((new.status == "running").then_some(new.now));
    tx.execute(insert).await.map(drop)
}

/// Notes what a message asks for beyond a question.
pub(super) async fn set_task(
    tx: &mut Tx,
    id: MessageId,
    order: &serde_json::Value,
) -> Result<(), DbError> {
    let update = statement!("UPDATE messages SET task = $2 WHERE id = $1");
    tx.execute(update.bind(id).bind(order.clone())).await.map(drop)
}

/// A message as stored.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub(super) struct MessageRow {
    pub(super) id: MessageId,
    pub(super) conversation_id: ConversationId,
    pub(super) role: String,
    pub(super) status: String,
    pub(super) text: String,
    pub(super) label: Option<String>,
    pub(super) coverage: Option<String>,
    pub(super) removed: serde_json::Value,
    pub(super) verification: Option<serde_json::Value>,
    pub(super) facts: serde_json::Value,
    pub(super) parent_id: Option<MessageId>,
    pub(super) ended: Option<String>,
    pub(super) task: Option<serde_json::Value>,
    pub(super) created_at: DateTime<Utc>,
}

macro_rules! messages {
    () => {
        "SELECT id, conversation_id, role, status, text, label, coverage, removed, verification,
             facts, parent_id, ended, task, created_at
         FROM messages"
    };
}

pub(super) async fn messages(
    tx: &mut Tx,
    conversation: ConversationId,
) -> Result<Vec<MessageRow>, DbError> {
    let select = statement!(concat!(
        messages!(),
        " WHERE conversation_id = $1 ORDER BY created_at, id LIMIT 1000"
    ));
    tx.all(select.bind(conversation)).await
}

pub(super) async fn find_message(
    tx: &mut Tx,
    id: MessageId,
) -> Result<Option<MessageRow>, DbError> {
    let select = statement!(concat!(messages!(), " WHERE id = $1"));
    tx.optional(select.bind(id)).await
}

/// Ends an answer. That its process is heard of now says when it ended.
pub(super) async fn finish_message(
    tx: &mut Tx,
    id: MessageId,
    finished: &Finished,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    let removed: Vec<serde_json::Value> = finished
        .removed
        .iter()
        .map(|Struck { what, text, reason }| {
            serde_json::json!({ "what": what, "text": text, "reason": reason })
        })
        .collect();
    let verification = serde_json::to_value(&finished.verification).unwrap_or_default();
    let update = statement!(
        "UPDATE messages SET status = $2, text = $3, label = $4, coverage = $5, removed = $6,
             verification = $7, facts = $8, ended = $9, alive_at = $10
         WHERE id = $1 AND status = 'running'"
    )
    .bind(id)
    .bind(if finished.failed || finished.by_asker { "failed" } else { "done" })
    .bind(finished.text.as_str())
    .bind(finished.label.as_str())
    .bind(finished.coverage.as_str())
    .bind(serde_json::Value::Array(removed))
    .bind(verification)
    .bind(serde_json::json!(finished.facts))
    .bind(finished.by_asker.then_some("stopped"))
    .bind(now);
    tx.execute(update).await
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

/// How many answers to a person are being written, without those nobody writes any more.
pub(super) async fn running(
    tx: &mut Tx,
    user: UserId,
    silent_since: DateTime<Utc>,
) -> Result<i64, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM messages m JOIN conversations k ON k.id = m.conversation_id
         WHERE k.user_id = $1 AND m.status = 'running' AND m.alive_at > $2"
    );
    Ok(tx.one::<Count>(select.bind(user).bind(silent_since)).await?.count)
}

fn offset(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

macro_rules! insert_citation {
    () => {
        statement!(
            "INSERT INTO citations (id, message_id, ordinal, number, version_id, passage_id, page,
                 start_offset, end_offset, quote, cited, differs)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             ON CONFLICT (message_id, ordinal) DO NOTHING"
        )
    };
}

/// Writes the evidence of an answer; what is there stays as it is.
pub(super) async fn insert_evidence(
    tx: &mut Tx,
    message: MessageId,
    evidence: &[PassageText],
) -> Result<(), DbError> {
    for ((ordinal, number), passage) in (0_i64..).zip(1_u32..).zip(evidence) {
        let (start, end) = passage.span_on_first_page();
        let insert = insert_citation!()
            .bind(CitationId::new())
            .bind(message)
            .bind(ordinal)
            .bind(number)
            .bind(passage.version)
            .bind(passage.id)
            .bind(passage.page())
            .bind(offset(start))
            .bind(offset(end))
            .bind(None::<String>)
            .bind(false)
            .bind(0_i64);
        tx.execute(insert).await?;
    }
    Ok(())
}

/// Writes what an answer cites of its evidence, after that.
pub(super) async fn insert_cited(
    tx: &mut Tx,
    message: MessageId,
    evidence: &[PassageText],
    cited: &[Cited],
) -> Result<(), DbError> {
    let mut ordinal = i64::try_from(evidence.len()).unwrap_or(i64::MAX);
    for citation in cited {
        let place = usize::try_from(citation.number).unwrap_or(0).wrapping_sub(1);
        let Some(passage) = evidence.get(place) else { continue };
        let insert = insert_citation!()
            .bind(CitationId::new())
            .bind(message)
            .bind(ordinal)
            .bind(citation.number)
            .bind(passage.version)
            .bind(passage.id)
            .bind(citation.page)
            .bind(offset(citation.start))
            .bind(offset(citation.end))
            .bind(citation.quote.clone())
            .bind(true)
            .bind(i64::from(citation.differs));
        tx.execute(insert).await?;
        ordinal += 1;
    }
    Ok(())
}

/// A citation as stored.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub(super) struct CitationRow {
    pub(super) number: i64,
    pub(super) document_id: DocumentId,
    pub(super) version_number: i64,
    pub(super) passage_id: PassageId,
    pub(super) page: i64,
    pub(super) start_offset: i64,
    pub(super) end_offset: i64,
    pub(super) quote: Option<String>,
    pub(super) cited: bool,
    pub(super) differs: i64,
    pub(super) newest: i64,
}

pub(super) async fn citations(
    tx: &mut Tx,
    message: MessageId,
) -> Result<Vec<CitationRow>, DbError> {
    let select = statement!(
        "SELECT k.number, v.document_id, v.number AS version_number, k.passage_id, k.page,
             k.start_offset, k.end_offset, k.quote, k.cited, k.differs,
             (SELECT MAX(n.number) FROM versions n WHERE n.document_id = v.document_id) AS newest
         FROM citations k JOIN versions v ON v.id = k.version_id
         WHERE k.message_id = $1 ORDER BY k.ordinal"
    );
    tx.all(select.bind(message)).await
}
