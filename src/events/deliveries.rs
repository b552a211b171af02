//! What a webhook was told, and telling it again.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::json;

use super::hooks::allowed;
use super::{EventError, Events, KEPT_DAYS, store};
use crate::kernel::{CaseId, EventId, Scope, WebhookId, day_in_india};

/// How many deliveries a list holds at most; the statement says the same.
pub const MOST_DELIVERIES: usize = 100;

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It waits for its turn.
    Waiting,
    /// It was not taken, and is tried again.
    Failed,
    /// It was taken.
    Sent,
    /// It was given up.
    Dead,
}

impl Standing {
    /// Every standing.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Failed, Self::Sent, Self::Dead];

    /// Its name in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Failed => "failed",
            Self::Sent => "sent",
            Self::Dead => "dead",
        }
    }
}

/// What a webhook is told, or was.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Delivery {
    /// Of which event.
    pub event_id: EventId,
    /// What happened, as `case.created`.
    pub kind: String,
    /// In which case.
    pub case_id: Option<CaseId>,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// How it is kept; see [`Delivery::standing`].
    pub(super) status: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next, if it waits.
    pub next_at: DateTime<Utc>,
    /// What the receiver answered last.
    pub last_status: Option<i64>,
    /// Why it was not taken.
    pub last_error: Option<String>,
    /// When it was taken.
    pub sent_at: Option<DateTime<Utc>>,
}

impl Delivery {
    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match self.status.as_str() {
            "sent" => Standing::Sent,
            "dead" => Standing::Dead,
            _ if self.last_error.is_some() => Standing::Failed,
            _ => Standing::Waiting,
        }
    }
}

/// Which deliveries are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Only those that stand so.
    pub standing: Option<Standing>,
    /// Only of events before this one: the last of the page before.
    pub before: Option<EventId>,
}

impl Events {
    /// What a webhook was told, the newest first, [`MOST_DELIVERIES`] at most; without what tells of
    /// a case that is not open to the caller.
    ///
    /// # Errors
    /// Fails unless the caller looks after webhooks and it is there.
    pub async fn deliveries(
        &self,
        scope: &Scope,
        id: WebhookId,
        wanted: Wanted,
    ) -> Result<Vec<Delivery>, EventError> {
        self.webhook(scope, id).await?;
        let mut tx = self.db.read().await?;
        Ok(store::deliveries(&mut tx, scope, id, wanted).await?)
    }

    /// Tells a webhook of an event once more.
    ///
    /// # Errors
    /// Fails when the caller may not, or it was never told of such an event.
    pub async fn replay(
        &self,
        scope: &Scope,
        id: WebhookId,
        event: EventId,
    ) -> Result<(), EventError> {
        self.webhook(scope, id).await?;
        let mut tx = self.db.write().await?;
        if store::again(&mut tx, scope, id, event, self.clock.now()).await? == 0 {
            return Err(EventError::NotFound);
        }
        let details = json!({ "webhook": id, "event": event });
        self.record(&mut tx, scope, "webhook.replay", details).await?;
        Ok(tx.commit().await?)
    }

    /// Tells a webhook once more of everything since a day, as it listens now; also of
    /// what happened while it was off. Says how many events that are.
    ///
    /// # Errors
    /// Fails when the caller may not, it is not there, or events of that day are not kept.
    pub async fn replay_since(
        &self,
        scope: &Scope,
        id: WebhookId,
        since: NaiveDate,
    ) -> Result<u64, EventError> {
        allowed(scope)?;
        let hook = self.webhook(scope, id).await?;
        let today = day_in_india(self.clock.now());
        let oldest = today.checked_sub_days(Days::new(KEPT_DAYS.unsigned_abs()));
        if since > today || oldest.is_some_and(|oldest| since < oldest) {
            return Err(EventError::Since);
        }
        // The day begins in India, five and a half hours before it does in UTC.
        let from = since.and_time(NaiveTime::MIN).and_utc() - TimeDelta::minutes(330);
        let mut tx = self.db.write().await?;
        let kinds: Vec<&'static str> = hook.kinds.iter().map(|kind| kind.as_str()).collect();
        let count = store::again_since(&mut tx, scope, id, from, &kinds).await?;
        let details = json!({ "webhook": id, "since": since, "events": count });
        self.record(&mut tx, scope, "webhook.replay", details).await?;
        tx.commit().await?;
        Ok(count)
    }
}
