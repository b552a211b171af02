//! Every statement about events and who is told of them.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::hooks::{Kept, Webhook};
use super::{Delivery, Standing, Wanted};
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{CaseId, EventId, OrganisationId, Scope, WebhookId};
use crate::statement;

pub(super) async fn insert(
    tx: &mut Tx,
    id: EventId,
    (organisation, kind): (OrganisationId, &'static str),
    (case, about): (Option<CaseId>, Value),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO events (id, organisation_id, kind, case_id, about, happened_at)
         VALUES ($1, $2, $3, $4, $5, $6)"
    );
    let insert = insert.bind(id).bind(organisation).bind(kind).bind(case);
    tx.execute(insert.bind(about).bind(now)).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct Listening {
    id: WebhookId,
    kinds: String,
}

/// The webhooks that are on, with the kinds they listen to.
pub(super) async fn listening(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Vec<(WebhookId, String)>, DbError> {
    let select = statement!(
        "SELECT w.id, w.kinds FROM webhooks w
         WHERE w.organisation_id = $1 AND w.active = TRUE ORDER BY w.id"
    );
    let rows = tx.all::<Listening>(select.bind(organisation)).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.kinds)).collect())
}

/// Queues an event for a webhook.
pub(super) async fn queue(
    tx: &mut Tx,
    webhook: WebhookId,
    event: EventId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO event_deliveries (webhook_id, event_id, status, attempts, next_at)
         VALUES ($1, $2, 'waiting', 0, $3)"
    );
    tx.execute(insert.bind(webhook).bind(event).bind(now)).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct WebhookRow {
    id: WebhookId,
    name: String,
    url: String,
    kinds: String,
    active: bool,
    former_until: Option<DateTime<Utc>>,
    made_by: String,
    made_at: DateTime<Utc>,
    waiting: i64,
    dead: i64,
}

/// The webhooks of the caller's organisation, or one of them; what is counted is what the
/// caller may know of.
pub(super) async fn webhooks(
    tx: &mut Tx,
    scope: &Scope,
    id: Option<WebhookId>,
) -> Result<Vec<Webhook>, DbError> {
    let select = statement!(
        "SELECT w.id, w.name, w.url, w.kinds, w.active, w.former_until, u.name AS made_by,
             w.made_at,
             (SELECT COUNT(*) FROM event_deliveries d JOIN events e ON e.id = d.event_id
              WHERE d.webhook_id = w.id AND d.status = 'waiting'
                AND (e.case_id IS NULL OR EXISTS (SELECT 1 FROM open_cases o
                     WHERE o.case_id = e.case_id AND o.user_id = $2))) AS waiting,
             (SELECT COUNT(*) FROM event_deliveries d JOIN events e ON e.id = d.event_id
              WHERE d.webhook_id = w.id AND d.status = 'dead'
                AND (e.case_id IS NULL OR EXISTS (SELECT 1 FROM open_cases o
                     WHERE o.case_id = e.case_id AND o.user_id = $2))) AS dead
         FROM webhooks w JOIN users u ON u.id = w.made_by
         WHERE w.organisation_id = $1"
    )
    .bind(scope.organisation())
    .bind(scope.user())
    .and_if("w.id =", id)
    .then(" ORDER BY w.made_at, w.id LIMIT 100");
    let hook = |row: WebhookRow| {
        let kinds = row.kinds.split(' ').filter_map(|kind| kind.parse().ok()).collect();
        let WebhookRow { id, name, url, active, former_until, made_by, made_at, .. } = row;
        let (waiting, dead) = (row.waiting, row.dead);
        Webhook { id, name, url, kinds, active, former_until, made_by, made_at, waiting, dead }
    };
    Ok(tx.all::<WebhookRow>(select).await?.into_iter().map(hook).collect())
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

pub(super) async fn count_webhooks(tx: &mut Tx, scope: &Scope) -> Result<i64, DbError> {
    let select =
        statement!("SELECT COUNT(*) AS count FROM webhooks w WHERE w.organisation_id = $1");
    Ok(tx.one::<Count>(select.bind(scope.organisation())).await?.count)
}

pub(super) async fn insert_webhook(
    tx: &mut Tx,
    scope: &Scope,
    id: WebhookId,
    kept: Kept,
    secret: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO webhooks (id, organisation_id, name, url, kinds, active, secret, made_by,
             made_at)
         VALUES ($1, $2, $3, $4, $5, TRUE, $6, $7, $8)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(kept.name)
    .bind(kept.url)
    .bind(kept.kinds)
    .bind(secret)
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

/// An update of one webhook of the caller's organisation: `$1` and `$2`.
fn one(update: Sql, scope: &Scope, id: WebhookId) -> Sql {
    update.bind(id).bind(scope.organisation())
}

pub(super) async fn change_webhook(
    tx: &mut Tx,
    scope: &Scope,
    id: WebhookId,
    kept: Kept,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE webhooks SET name = $3, url = $4, kinds = $5
         WHERE id = $1 AND organisation_id = $2"
    );
    let update = one(update, scope, id).bind(kept.name).bind(kept.url).bind(kept.kinds);
    tx.execute(update).await
}

/// Puts a new secret in the place of the present one, which becomes the former.
pub(super) async fn rotate(
    tx: &mut Tx,
    scope: &Scope,
    id: WebhookId,
    secret: Vec<u8>,
    until: DateTime<Utc>,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE webhooks SET former_secret = secret, former_until = $4, secret = $3
         WHERE id = $1 AND organisation_id = $2"
    );
    tx.execute(one(update, scope, id).bind(secret).bind(until)).await
}

pub(super) async fn switch(
    tx: &mut Tx,
    scope: &Scope,
    id: WebhookId,
    on: bool,
) -> Result<u64, DbError> {
    let update =
        statement!("UPDATE webhooks SET active = $3 WHERE id = $1 AND organisation_id = $2");
    tx.execute(one(update, scope, id).bind(on)).await
}

pub(super) async fn remove_webhook(
    tx: &mut Tx,
    scope: &Scope,
    id: WebhookId,
) -> Result<u64, DbError> {
    let told = statement!(
        "DELETE FROM event_deliveries WHERE webhook_id IN
             (SELECT w.id FROM webhooks w WHERE w.id = $1 AND w.organisation_id = $2)"
    );
    tx.execute(one(told, scope, id)).await?;
    let delete = statement!("DELETE FROM webhooks WHERE id = $1 AND organisation_id = $2");
    tx.execute(one(delete, scope, id)).await
}

/// What a webhook was told that the caller may know of.
pub(super) async fn deliveries(
    tx: &mut Tx,
    scope: &Scope,
    id: WebhookId,
    wanted: Wanted,
) -> Result<Vec<Delivery>, DbError> {
    let Wanted { standing, before } = wanted;
    let status = standing.map(|standing| match standing {
        Standing::Waiting | Standing::Failed => "waiting",
        Standing::Sent => "sent",
        Standing::Dead => "dead",
    });
    let select = statement!(
        "SELECT d.event_id, e.kind, e.case_id, e.happened_at, d.status, d.attempts, d.next_at,
             d.last_status, d.last_error, d.sent_at
         FROM event_deliveries d
         JOIN webhooks w ON w.id = d.webhook_id
         JOIN events e ON e.id = d.event_id
         WHERE d.webhook_id = $1 AND w.organisation_id = $2
           AND (e.case_id IS NULL OR EXISTS (SELECT 1 FROM open_cases o
                WHERE o.case_id = e.case_id AND o.user_id = $3))"
    );
    let select = one(select, scope, id).bind(scope.user()).and_if("d.status =", status);
    let select = match standing {
        Some(Standing::Failed) => select.then(" AND d.last_error IS NOT NULL"),
        Some(Standing::Waiting) => select.then(" AND d.last_error IS NULL"),
        _ => select,
    };
    let select = select.and_if("d.event_id <", before).then(" ORDER BY d.event_id DESC LIMIT 100");
    tx.all(select).await
}

/// Queues one delivery again, if the caller may know of it.
pub(super) async fn again(
    tx: &mut Tx,
    scope: &Scope,
    id: WebhookId,
    event: EventId,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE event_deliveries
         SET status = 'waiting', attempts = 0, next_at = $5, last_error = NULL
         WHERE webhook_id = $1 AND event_id = $4
           AND webhook_id IN (SELECT w.id FROM webhooks w WHERE w.organisation_id = $2)
           AND event_id IN (SELECT e.id FROM events e
                WHERE e.case_id IS NULL OR EXISTS (SELECT 1 FROM open_cases o
                    WHERE o.case_id = e.case_id AND o.user_id = $3))"
    );
    tx.execute(one(update, scope, id).bind(scope.user()).bind(event).bind(now)).await
}

/// Queues everything since a moment again, also what was never queued.
pub(super) async fn again_since(
    tx: &mut Tx,
    scope: &Scope,
    id: WebhookId,
    since: DateTime<Utc>,
    kinds: &[&'static str],
) -> Result<u64, DbError> {
    let insert = statement!(
        "INSERT INTO event_deliveries (webhook_id, event_id, status, attempts, next_at)
         SELECT w.id, e.id, 'waiting', 0, e.happened_at
         FROM webhooks w JOIN events e ON e.organisation_id = w.organisation_id
         WHERE w.id = $1 AND w.organisation_id = $2 AND e.happened_at >= $3"
    );
    let insert = one(insert, scope, id).bind(since).and_in("e.kind", kinds.iter().copied());
    let insert = insert.then(
        " ON CONFLICT (webhook_id, event_id) DO UPDATE
          SET status = 'waiting', attempts = 0, next_at = excluded.next_at, last_error = NULL",
    );
    tx.execute(insert).await
}

#[derive(sqlx::FromRow)]
struct Turn {
    webhook_id: WebhookId,
}

/// The webhooks that are on and have something due.
pub(super) async fn webhooks_due(
    tx: &mut Tx,
    now: DateTime<Utc>,
) -> Result<Vec<WebhookId>, DbError> {
    let select = statement!(
        "SELECT DISTINCT d.webhook_id FROM event_deliveries d
         JOIN webhooks w ON w.id = d.webhook_id
         WHERE d.status = 'waiting' AND d.next_at <= $1 AND w.active = TRUE"
    );
    let rows = tx.all::<Turn>(select.bind(now)).await?;
    Ok(rows.into_iter().map(|row| row.webhook_id).collect())
}

/// A delivery whose turn has come.
#[derive(sqlx::FromRow)]
pub(super) struct Due {
    pub(super) webhook_id: WebhookId,
    pub(super) event_id: EventId,
    pub(super) attempts: i64,
    pub(super) next_at: DateTime<Utc>,
    pub(super) url: String,
    pub(super) secret: Vec<u8>,
    pub(super) former_secret: Option<Vec<u8>>,
    pub(super) former_until: Option<DateTime<Utc>>,
    pub(super) kind: String,
    pub(super) case_id: Option<CaseId>,
    pub(super) about: Value,
    pub(super) happened_at: DateTime<Utc>,
}

pub(super) async fn due(
    tx: &mut Tx,
    webhook: WebhookId,
    now: DateTime<Utc>,
) -> Result<Vec<Due>, DbError> {
    let select = statement!(
        "SELECT d.webhook_id, d.event_id, d.attempts, d.next_at, w.url, w.secret,
             w.former_secret, w.former_until, e.kind, e.case_id, e.about, e.happened_at
         FROM event_deliveries d
         JOIN webhooks w ON w.id = d.webhook_id
         JOIN events e ON e.id = d.event_id
         WHERE d.webhook_id = $1 AND d.status = 'waiting' AND d.next_at <= $2
         ORDER BY d.event_id LIMIT 20"
    );
    tx.all(select.bind(webhook).bind(now)).await
}

/// Takes a delivery to make it; only one process ever does, until `lease`.
pub(super) async fn claim(tx: &mut Tx, due: &Due, lease: DateTime<Utc>) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE event_deliveries SET attempts = attempts + 1, next_at = $4
         WHERE webhook_id = $1 AND event_id = $2 AND status = 'waiting' AND next_at = $3"
    );
    let update = update.bind(due.webhook_id).bind(due.event_id).bind(due.next_at).bind(lease);
    Ok(tx.execute(update).await? == 1)
}

pub(super) async fn taken(
    tx: &mut Tx,
    due: &Due,
    status: i64,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE event_deliveries
         SET status = 'sent', last_status = $3, last_error = NULL, sent_at = $4
         WHERE webhook_id = $1 AND event_id = $2"
    );
    let update = update.bind(due.webhook_id).bind(due.event_id).bind(status).bind(now);
    tx.execute(update).await.map(drop)
}

/// Notes why a delivery was not taken, and when it is tried again; never, without a time.
pub(super) async fn not_taken(
    tx: &mut Tx,
    due: &Due,
    (status, words): (Option<i64>, &str),
    again: Option<DateTime<Utc>>,
) -> Result<(), DbError> {
    let update = match again {
        Some(again) => statement!(
            "UPDATE event_deliveries SET last_status = $3, last_error = $4, next_at = $5
             WHERE webhook_id = $1 AND event_id = $2 AND status = 'waiting'"
        )
        .bind(due.webhook_id)
        .bind(due.event_id)
        .bind(status)
        .bind(words)
        .bind(again),
        None => statement!(
            "UPDATE event_deliveries SET last_status = $3, last_error = $4, status = 'dead'
             WHERE webhook_id = $1 AND event_id = $2 AND status = 'waiting'"
        )
        .bind(due.webhook_id)
        .bind(due.event_id)
        .bind(status)
        .bind(words),
    };
    tx.execute(update).await.map(drop)
}

/// Removes events of before a moment with their deliveries.
pub(super) async fn forget(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, DbError> {
    let told = statement!(
        "DELETE FROM event_deliveries WHERE event_id IN
             (SELECT e.id FROM events e WHERE e.happened_at < $1)"
    );
    tx.execute(told.bind(before)).await?;
    let delete = statement!("DELETE FROM events WHERE happened_at < $1");
    tx.execute(delete.bind(before)).await
}
