//! What an export reads of the tables.

use chrono::{DateTime, Utc};

use crate::assistant::grounds::Fact;
use crate::db::{DbError, Tx};
use crate::kernel::{ConversationId, MessageId};
use crate::statement;

/// Whose conversation it is, and about what.
#[derive(sqlx::FromRow)]
pub(super) struct Heading {
    pub(super) chamber: String,
    pub(super) asker: String,
    pub(super) case_title: Option<String>,
}

pub(super) async fn heading(
    tx: &mut Tx,
    conversation: ConversationId,
) -> Result<Option<Heading>, DbError> {
    let select = statement!(
        "SELECT o.name AS chamber, u.name AS asker, c.title AS case_title
         FROM conversations k
         JOIN organisations o ON o.id = k.organisation_id
         JOIN users u ON u.id = k.user_id
         LEFT JOIN cases c ON c.id = k.case_id
         WHERE k.id = $1"
    );
    tx.optional(select.bind(conversation)).await
}

/// A call of a model, as the ledger has it.
#[derive(sqlx::FromRow)]
pub(super) struct CallRow {
    pub(super) purpose: String,
    pub(super) provider: String,
    pub(super) model: String,
    pub(super) prompt_hash: Option<String>,
    pub(super) tokens_in: i64,
    pub(super) tokens_out: i64,
    pub(super) estimated: bool,
    pub(super) outcome: String,
}

/// When an answer was written.
#[derive(sqlx::FromRow)]
pub(super) struct Span {
    pub(super) id: MessageId,
    pub(super) created_at: DateTime<Utc>,
    /// When its process was last heard of: at its end, or up to seconds before.
    pub(super) alive_at: Option<DateTime<Utc>>,
}

/// When the answers of a conversation were written.
pub(super) async fn spans(tx: &mut Tx, conversation: ConversationId) -> Result<Vec<Span>, DbError> {
    let select = statement!(
        "SELECT id, created_at, alive_at FROM messages
         WHERE conversation_id = $1 AND role = 'answer' ORDER BY created_at, id LIMIT 1000"
    );
    tx.all(select.bind(conversation)).await
}

/// The calls made for a conversation from one time up to another.
pub(super) async fn calls(
    tx: &mut Tx,
    conversation: ConversationId,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<CallRow>, DbError> {
    let select = statement!(
        "SELECT purpose, provider, model, prompt_hash, tokens_in, tokens_out, estimated, outcome
         FROM model_calls
         WHERE conversation_id = $1 AND at >= $2 AND at < $3 ORDER BY at, id LIMIT 100"
    );
    tx.all(select.bind(conversation).bind(from).bind(until)).await
}

#[derive(sqlx::FromRow)]
struct Kept {
    facts: serde_json::Value,
}

/// The facts an answer could cite.
pub(super) async fn facts(tx: &mut Tx, message: MessageId) -> Result<Vec<Fact>, DbError> {
    let select = statement!("SELECT facts FROM messages WHERE id = $1");
    let kept = tx.optional::<Kept>(select.bind(message)).await?;
    Ok(kept.and_then(|kept| serde_json::from_value(kept.facts).ok()).unwrap_or_default())
}
