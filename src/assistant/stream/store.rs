//! The statements of stored events.

use chrono::{DateTime, Utc};

use super::super::live::{Cited, Event};
use crate::db::{DbError, Tx};
use crate::kernel::{CitationId, MessageId};
use crate::statement;

#[derive(sqlx::FromRow)]
struct EventRow {
    event: serde_json::Value,
}

#[derive(sqlx::FromRow)]
struct MessageRow {
    id: MessageId,
}

/// How an answer stands.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(super) struct State {
    pub(super) is_running: bool,
    pub(super) alive_at: Option<DateTime<Utc>>,
    pub(super) stop_at: Option<DateTime<Utc>>,
}

fn whole(place: usize) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

/// Writes events from a place on; those that are there stay as they are.
pub(super) async fn insert_events(
    tx: &mut Tx,
    message: MessageId,
    from: usize,
    events: &[Event],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    for (place, event) in (from..).zip(events) {
        let Ok(event) = event.to_stored() else { continue };
        let insert = statement!(
            "INSERT INTO message_events (message_id, place, event, stored_at)
             VALUES ($1, $2, $3, $4) ON CONFLICT (message_id, place) DO NOTHING"
        );
        let insert = insert.bind(message).bind(whole(place)).bind(event).bind(now);
        tx.execute(insert).await?;
    }
    Ok(())
}

/// The events of an answer from a place on.
pub(super) async fn events(
    tx: &mut Tx,
    message: MessageId,
    from: usize,
) -> Result<Vec<Event>, DbError> {
    let select = statement!(
        "SELECT event FROM message_events WHERE message_id = $1 AND place >= $2
         ORDER BY place LIMIT 10000"
    );
    let rows = tx.all::<EventRow>(select.bind(message).bind(whole(from))).await?;
    // What this release does not know is told as nothing, so that places stay.
    let unknown = |_| Event::Status { text: String::new() };
    Ok(rows.into_iter().map(|row| Event::from_stored(row.event).unwrap_or_else(unknown)).collect())
}

/// Removes events stored before a moment.
pub(super) async fn prune(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, DbError> {
    tx.execute(statement!("DELETE FROM message_events WHERE stored_at < $1").bind(before)).await
}

pub(super) async fn state(tx: &mut Tx, message: MessageId) -> Result<Option<State>, DbError> {
    let select = statement!(
        "SELECT status = 'running' AS is_running, alive_at, stop_at FROM messages WHERE id = $1"
    );
    tx.optional(select.bind(message)).await
}

/// Says that an answer is still being written.
pub(super) async fn say_alive(
    tx: &mut Tx,
    message: MessageId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update =
        statement!("UPDATE messages SET alive_at = $2 WHERE id = $1 AND status = 'running'");
    tx.execute(update.bind(message).bind(now)).await.map(drop)
}

/// Says that an answer is to stop; whether it was being written.
pub(super) async fn ask_to_stop(
    tx: &mut Tx,
    message: MessageId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE messages SET stop_at = coalesce(stop_at, $2) WHERE id = $1 AND status = 'running'"
    );
    Ok(tx.execute(update.bind(message).bind(now)).await? > 0)
}

/// The answers whose process has said nothing since a moment.
pub(super) async fn left_behind(
    tx: &mut Tx,
    since: DateTime<Utc>,
) -> Result<Vec<MessageId>, DbError> {
    let select = statement!(
        "SELECT id FROM messages
         WHERE status = 'running' AND (alive_at IS NULL OR alive_at <= $1) ORDER BY id LIMIT 1000"
    );
    Ok(tx.all::<MessageRow>(select.bind(since)).await?.into_iter().map(|row| row.id).collect())
}

/// What is kept of an answer that nobody writes any more.
pub(super) struct CutOff<'a> {
    pub(super) text: &'a str,
    pub(super) ended: Option<&'static str>,
    pub(super) label: &'a str,
    pub(super) removed: serde_json::Value,
    pub(super) facts: serde_json::Value,
}

/// Ends an answer that nobody writes any more, unless its process came back.
pub(super) async fn end(
    tx: &mut Tx,
    message: MessageId,
    since: DateTime<Utc>,
    cut: CutOff<'_>,
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE messages
         SET status = 'failed', text = $3, ended = $4, label = $5, removed = $6, facts = $7
         WHERE id = $1 AND status = 'running' AND (alive_at IS NULL OR alive_at <= $2)"
    )
    .bind(message)
    .bind(since)
    .bind(cut.text)
    .bind(cut.ended)
    .bind(cut.label)
    .bind(cut.removed)
    .bind(cut.facts);
    Ok(tx.execute(update).await? > 0)
}

/// Writes what such an answer cites, from the evidence stored for it.
pub(super) async fn insert_cited(
    tx: &mut Tx,
    message: MessageId,
    ordinal: usize,
    cited: &Cited,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO citations (id, message_id, ordinal, number, version_id, passage_id, page,
             start_offset, end_offset, quote, cited)
         SELECT $1, e.message_id, $3, e.number, e.version_id, e.passage_id, $5, $6, $7, $8, TRUE
         FROM citations e WHERE e.message_id = $2 AND e.number = $4 AND NOT e.cited
         ON CONFLICT (message_id, ordinal) DO NOTHING"
    )
    .bind(CitationId::new())
    .bind(message)
    .bind(whole(ordinal))
    .bind(cited.number)
    .bind(cited.page)
    .bind(whole(cited.start))
    .bind(whole(cited.end))
    .bind(cited.quote.clone());
    tx.execute(insert).await.map(drop)
}
