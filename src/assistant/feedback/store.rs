//! The statements of feedback.

use chrono::{DateTime, Utc};

use super::{Counted, Feedback, Given};
use crate::db::{DbError, Tx};
use crate::kernel::{FeedbackId, MessageId, Scope, UserId};
use crate::statement;

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

pub(super) async fn find(
    tx: &mut Tx,
    user: UserId,
    message: MessageId,
) -> Result<Option<Feedback>, DbError> {
    let select = statement!(
        "SELECT helpful, reason, words, given_at FROM answer_feedback
         WHERE message_id = $1 AND user_id = $2"
    );
    tx.optional(select.bind(message).bind(user)).await
}

pub(super) async fn put(
    tx: &mut Tx,
    scope: &Scope,
    message: MessageId,
    feedback: &Feedback,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO answer_feedback
             (id, organisation_id, message_id, user_id, helpful, reason, words, given_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (message_id) DO UPDATE
         SET helpful = excluded.helpful, reason = excluded.reason, words = excluded.words,
             given_at = excluded.given_at"
    )
    .bind(FeedbackId::new())
    .bind(scope.organisation())
    .bind(message)
    .bind(scope.user())
    .bind(feedback.helpful)
    .bind(feedback.reason.clone())
    .bind(feedback.words.as_str())
    .bind(feedback.given_at);
    tx.execute(insert).await.map(drop)
}

/// The feedback of an organisation, the newest first. Its words, the question and the
/// label are there where nothing the answer is about is kept from the reader.
pub(super) async fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<Given>, DbError> {
    let select = statement!(
        "SELECT f.message_id, u.name AS user_name, f.helpful, f.reason, f.given_at,
             CASE WHEN o.is_open THEN f.words END AS words,
             CASE WHEN o.is_open THEN q.text END AS question,
             CASE WHEN o.is_open THEN m.label END AS label,
             CASE WHEN o.is_open THEN k.case_id END AS case_id,
             CASE WHEN o.is_open THEN c.title END AS case_title
         FROM answer_feedback f
         JOIN users u ON u.id = f.user_id
         JOIN messages m ON m.id = f.message_id
         JOIN conversations k ON k.id = m.conversation_id
         LEFT JOIN messages q ON q.id = m.parent_id
         LEFT JOIN cases c ON c.id = k.case_id
         JOIN (SELECT g.message_id AS id,
                   ($3 OR (n.case_id IS NOT NULL
                       AND n.case_id IN (SELECT p.case_id FROM open_cases p WHERE p.user_id = $2)
                       AND NOT EXISTS (SELECT 1 FROM citations s
                           JOIN versions v ON v.id = s.version_id
                           JOIN documents d ON d.id = v.document_id
                           WHERE s.message_id = g.message_id
                             AND d.case_id NOT IN (SELECT p.case_id FROM open_cases p
                                                   WHERE p.user_id = $2)))) AS is_open
               FROM answer_feedback g
               JOIN messages a ON a.id = g.message_id
               JOIN conversations n ON n.id = a.conversation_id) o ON o.id = f.message_id
         WHERE f.organisation_id = $1
         ORDER BY f.given_at DESC, f.id DESC LIMIT 1000"
    );
    let select = select.bind(scope.organisation()).bind(scope.user()).bind(scope.sees_all());
    tx.all(select).await
}

/// How often each judgment was given.
pub(super) async fn counts(tx: &mut Tx, scope: &Scope) -> Result<Vec<Counted>, DbError> {
    let select = statement!(
        "SELECT helpful, reason, COUNT(*) AS count FROM answer_feedback
         WHERE organisation_id = $1 GROUP BY helpful, reason ORDER BY helpful, count DESC, reason"
    );
    tx.all(select.bind(scope.organisation())).await
}

/// Whether a wall that stands was raised against a person since a moment.
pub(super) async fn walled_since(
    tx: &mut Tx,
    user: UserId,
    since: DateTime<Utc>,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM walled_people p JOIN walls w ON w.id = p.wall_id
         WHERE p.user_id = $1 AND w.raised_at > $2"
    );
    Ok(tx.one::<Count>(select.bind(user).bind(since)).await?.count > 0)
}
