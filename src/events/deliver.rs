//! Telling webhooks of events in the background.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::hooks::nowhere;
use super::{EventError, Events, KEPT_DAYS, store};
use crate::kernel::WebhookId;

/// How often the tables are asked for deliveries whose turn has come.
const EVERY: Duration = Duration::from_secs(2);
/// How often events that are too old are removed.
const TIDY: Duration = Duration::from_hours(1);
/// How long a receiver may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long one webhook is told before the others have their turn again.
const TURN: Duration = Duration::from_secs(20);
/// How long one try may take before another process may make it.
const LEASE: TimeDelta = TimeDelta::minutes(1);
/// How often a delivery is tried: for about half a day.
pub(super) const MOST_TRIES: i64 = 12;

/// The wait after a failed try: half a minute, doubling to six hours.
fn wait(tries: i64) -> TimeDelta {
    let doubled = 30_i64 << (tries - 1).clamp(0, 12);
    TimeDelta::seconds(doubled.min(6 * 3600))
}

/// A wait shortened by up to a tenth, by chance: what failed together, of two services
/// too, does not come back together.
fn spread(wait: TimeDelta, chance: u8) -> TimeDelta {
    wait - wait / 10 * i32::from(chance) / i32::from(u8::MAX)
}

/// Why something was not taken: what was answered, and words for the list.
struct NotTaken {
    status: Option<i64>,
    words: String,
}

impl NotTaken {
    fn unasked(words: impl Into<String>) -> Self {
        Self { status: None, words: words.into() }
    }
}

impl Events {
    /// Tells webhooks until told to stop, and removes events that are too old.
    pub async fn deliver(&self, stop: &CancellationToken) {
        let telling = async {
            loop {
                if let Err(error) = self.deliver_due().await {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, "webhooks could not be told");
                }
                tokio::time::sleep(EVERY).await;
            }
        };
        let tidying = async {
            loop {
                if let Err(error) = self.forget().await {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, "old events could not be removed");
                }
                tokio::time::sleep(TIDY).await;
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = telling => {}
            () = tidying => {}
        }
    }

    /// Tries every delivery whose turn has come, each webhook's in the order of the
    /// events, and says how many were taken. A webhook that does not take one has its
    /// next turn later; the others do not wait for it longer than a turn.
    ///
    /// # Errors
    /// Fails when the database does; what is not taken is no failure.
    pub async fn deliver_due(&self) -> Result<usize, EventError> {
        let mut tx = self.db.read().await?;
        let webhooks = store::webhooks_due(&mut tx, self.clock.now()).await?;
        drop(tx);
        let told = join_all(webhooks.into_iter().map(|webhook| self.tell(webhook))).await;
        told.into_iter().sum()
    }

    /// Tells one webhook what is due until it does not take something.
    async fn tell(&self, webhook: WebhookId) -> Result<usize, EventError> {
        let mut tx = self.db.read().await?;
        let due = store::due(&mut tx, webhook, self.clock.now()).await?;
        drop(tx);
        let begun = tokio::time::Instant::now();
        let mut taken = 0;
        for delivery in due {
            let mut tx = self.db.write().await?;
            let now = self.clock.now();
            let ours = store::claim(&mut tx, &delivery, now + LEASE).await?;
            tx.commit().await?;
            if !ours {
                continue;
            }
            let outcome = self.send(&delivery, now).await;
            let failed = outcome.is_err();
            self.settle(&delivery, outcome).await?;
            if failed {
                break;
            }
            taken += 1;
            if begun.elapsed() > TURN {
                break;
            }
        }
        Ok(taken)
    }

    /// Sends one delivery. What is answered beside the status is not read.
    async fn send(&self, delivery: &store::Due, now: DateTime<Utc>) -> Result<i64, NotTaken> {
        let url = self.judged(&delivery.url);
        let url = url.map_err(|error| NotTaken::unasked(error.to_string()))?;
        let body = json!({
            "id": delivery.event_id,
            "kind": delivery.kind,
            "happened_at": delivery.happened_at,
            "case": delivery.case_id,
            "about": delivery.about,
        });
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let former = delivery.former_until.filter(|until| *until > now);
        let former = former.and(delivery.former_secret.as_deref());
        let signature = self.signed(&delivery.secret, former, now, &body);
        let signature = signature.map_err(|error| NotTaken::unasked(error.to_string()))?;
        let request = self
            .http()?
            .post(url)
            .header("content-type", "application/json")
            .header("munshi-event-id", delivery.event_id.to_string())
            .header("munshi-event-kind", delivery.kind.as_str())
            .header("munshi-signature", signature)
            .body(body);
        // The address may hold a key, so a failure is told without it.
        let answer = request.send().await.map_err(|error| {
            NotTaken::unasked(if error.is_timeout() {
                "it did not answer in time"
            } else {
                "it could not be reached"
            })
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(i64::from(status.as_u16()));
        }
        let words = format!("it answered {}", status.as_u16());
        Err(NotTaken { status: Some(i64::from(status.as_u16())), words })
    }

    /// The client that asks, made once.
    fn http(&self) -> Result<&reqwest::Client, NotTaken> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let made = self.outside.client_led(&nowhere()).timeout(PATIENCE).build();
        let made = made.map_err(|_| NotTaken::unasked("no client could be made"))?;
        Ok(self.http.get_or_init(|| made))
    }

    async fn settle(
        &self,
        delivery: &store::Due,
        outcome: Result<i64, NotTaken>,
    ) -> Result<(), EventError> {
        let now = self.clock.now();
        let tries = delivery.attempts + 1;
        let mut tx = self.db.write().await?;
        match outcome {
            Ok(status) => store::taken(&mut tx, delivery, status, now).await?,
            Err(NotTaken { status, words }) => {
                let (webhook, event) = (delivery.webhook_id, delivery.event_id);
                tracing::warn!(%webhook, %event, tries, words, "a webhook did not take an event");
                let again = (tries < MOST_TRIES).then(|| now + spread(wait(tries), rand::random()));
                store::not_taken(&mut tx, delivery, (status, &words), again).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Removes events that are older than [`KEPT_DAYS`], and says how many.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn forget(&self) -> Result<u64, EventError> {
        let before = self.clock.now() - TimeDelta::days(KEPT_DAYS);
        let mut tx = self.db.write().await?;
        let gone = store::forget(&mut tx, before).await?;
        tx.commit().await?;
        Ok(gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_go_on_for_half_a_day_and_not_for_ever() {
        let waits: Vec<_> = (1..MOST_TRIES).map(|tries| wait(tries).num_seconds()).collect();
        assert_eq!(waits[..4], [30, 60, 120, 240]);
        assert_eq!(waits.last(), Some(&(6 * 3600)));
        assert_eq!(waits.iter().sum::<i64>() / 3600, 14);
        let half = TimeDelta::seconds(30);
        assert_eq!(spread(half, 0), half);
        assert_eq!(spread(half, u8::MAX), TimeDelta::seconds(27));
    }
}
