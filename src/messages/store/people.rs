//! Statements about who reads and who is told.

use chrono::{DateTime, Utc};

use super::{channel_of, seen_by};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, CaseMessageId, ClientId, Scope, UserId};
use crate::messages::{Channel, Conversation, Receipt};
use crate::statement;

/// How far people have read a channel, those to whom it is still open. A client is told
/// nothing of what was read before the case was first shown to them.
pub(in crate::messages) async fn receipts(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
    channel: Channel,
) -> Result<Vec<Receipt>, DbError> {
    let select = statement!(
        "SELECT r.user_id, u.name, (u.role = 'client') AS is_client, r.up_to, r.read_at
         FROM case_message_reads r JOIN users u ON u.id = r.user_id
         WHERE r.case_id = $1 AND r.channel = $2
           AND (EXISTS (SELECT 1 FROM open_cases o
                        WHERE o.case_id = r.case_id AND o.user_id = r.user_id)
                OR EXISTS (SELECT 1 FROM shown_cases s
                           WHERE s.case_id = r.case_id AND s.user_id = r.user_id))
           AND (NOT $3 OR EXISTS (SELECT 1 FROM case_portals p
                                  WHERE p.case_id = r.case_id AND p.shown_at <= r.read_at))
         ORDER BY u.name, u.id LIMIT 200"
    );
    tx.all(select.bind(case).bind(channel.as_str()).bind(scope.client().is_some())).await
}

/// Notes how far somebody has read; never back.
pub(in crate::messages) async fn mark_read(
    tx: &mut Tx,
    user: UserId,
    (case, channel): (CaseId, Channel),
    up_to: CaseMessageId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO case_message_reads (case_id, channel, user_id, up_to, read_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (case_id, channel, user_id) DO UPDATE
         SET up_to = excluded.up_to, read_at = excluded.read_at
         WHERE case_message_reads.up_to < excluded.up_to"
    )
    .bind(case)
    .bind(channel.as_str())
    .bind(user)
    .bind(up_to)
    .bind(now);
    tx.execute(insert).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct Line {
    case_id: CaseId,
    case_title: String,
    channel: String,
    author: String,
    text: String,
    sent_at: DateTime<Utc>,
    unread: i64,
}

/// The last message of each channel the reader may know of, and what they have not read.
pub(in crate::messages) async fn inbox(
    tx: &mut Tx,
    scope: &Scope,
) -> Result<Vec<Conversation>, DbError> {
    let select = statement!(concat!(
        "SELECT m.case_id, c.title AS case_title, m.channel, u.name AS author,
             CASE WHEN m.withdrawn_at IS NULL THEN m.text ELSE '' END AS text, m.sent_at,
             (SELECT COUNT(*) FROM case_messages n
              WHERE n.case_id = m.case_id AND n.channel = m.channel
                AND n.author_id <> $2 AND n.withdrawn_at IS NULL
                AND (EXISTS (SELECT 1 FROM open_cases o
                             WHERE o.case_id = n.case_id AND o.user_id = $2)
                     OR EXISTS (SELECT 1 FROM case_portals p
                                WHERE p.case_id = n.case_id AND p.shown_at <= n.sent_at))
                AND NOT EXISTS (SELECT 1 FROM case_message_reads r
                                WHERE r.case_id = n.case_id AND r.channel = n.channel
                                  AND r.user_id = $2 AND r.up_to >= n.id)) AS unread
         FROM case_messages m
         JOIN users u ON u.id = m.author_id
         JOIN cases c ON c.id = m.case_id
         WHERE ",
        visible!(),
        " AND NOT EXISTS (SELECT 1 FROM case_messages l
                          WHERE l.case_id = m.case_id AND l.channel = m.channel AND l.id > m.id)
         ORDER BY m.id DESC LIMIT 200"
    ));
    let conversation = |line: Line| {
        let Line { case_id, case_title, channel, author, text, sent_at, unread } = line;
        let channel = channel_of(&channel)?;
        let unread = u64::try_from(unread).unwrap_or(0);
        Ok(Conversation { case_id, case_title, channel, author, text, sent_at, unread })
    };
    tx.all::<Line>(seen_by(select, scope)).await?.into_iter().map(conversation).collect()
}

/// What a case is called, whose it is, and how an author is called.
#[derive(sqlx::FromRow)]
pub(in crate::messages) struct Titled {
    pub(in crate::messages) title: String,
    pub(in crate::messages) client_id: Option<ClientId>,
    pub(in crate::messages) author: String,
}

pub(in crate::messages) async fn titled(
    tx: &mut Tx,
    case: CaseId,
    author: UserId,
) -> Result<Titled, DbError> {
    let select = statement!(
        "SELECT c.title, c.client_id, u.name AS author
         FROM cases c JOIN users u ON u.organisation_id = c.organisation_id
         WHERE c.id = $1 AND u.id = $2"
    );
    tx.one(select.bind(case).bind(author)).await
}

#[derive(sqlx::FromRow)]
struct Id {
    id: UserId,
}

/// Who works on a case and may see it; where nobody does, the admins who may.
pub(in crate::messages) async fn team(tx: &mut Tx, case: CaseId) -> Result<Vec<UserId>, DbError> {
    let select = statement!(
        "SELECT u.id FROM users u JOIN open_cases o ON o.user_id = u.id
         WHERE o.case_id = $1 AND u.active = TRUE
           AND (u.role <> 'admin'
                OR NOT EXISTS (SELECT 1 FROM case_members m
                               JOIN open_cases p
                                 ON p.case_id = m.case_id AND p.user_id = m.user_id
                               JOIN users w ON w.id = m.user_id
                               WHERE m.case_id = $1 AND w.active = TRUE AND w.role <> 'admin'))
         ORDER BY u.id LIMIT 200"
    );
    Ok(tx.all::<Id>(select.bind(case)).await?.into_iter().map(|row| row.id).collect())
}

#[derive(sqlx::FromRow)]
struct Named {
    id: UserId,
    name: String,
}

/// Everybody to whom a case is open and who can be named in its messages.
pub(in crate::messages) async fn can_be_named(
    tx: &mut Tx,
    case: CaseId,
) -> Result<Vec<(UserId, String)>, DbError> {
    let select = statement!(
        "SELECT u.id, u.name FROM users u JOIN open_cases o ON o.user_id = u.id
         WHERE o.case_id = $1 AND u.active = TRUE ORDER BY u.name, u.id LIMIT 500"
    );
    let rows = tx.all::<Named>(select.bind(case)).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Notes that a message names somebody.
pub(in crate::messages) async fn mention(
    tx: &mut Tx,
    message: CaseMessageId,
    user: UserId,
) -> Result<(), DbError> {
    let insert =
        statement!("INSERT INTO case_message_mentions (message_id, user_id) VALUES ($1, $2)");
    tx.execute(insert.bind(message).bind(user)).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct Shown {
    id: CaseId,
    title: String,
}

/// The cases shown to somebody of a client.
pub(in crate::messages) async fn shown_cases(
    tx: &mut Tx,
    user: UserId,
) -> Result<Vec<(CaseId, String)>, DbError> {
    let select = statement!(
        "SELECT c.id, c.title FROM cases c JOIN shown_cases s ON s.case_id = c.id
         WHERE s.user_id = $1 ORDER BY c.title, c.id LIMIT 500"
    );
    let rows = tx.all::<Shown>(select.bind(user)).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.title)).collect())
}
