//! What is kept of outages and switches: changes and hourly counts, never a row a call.

use std::sync::Arc;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use crate::db::{Db, DbError, Tx};
use crate::kernel::Clock;
use crate::statement;

/// For how long outages are kept, in days.
const OUTAGES_DAYS: i64 = 365;
/// For how long switches are kept, in days.
const SWITCHES_DAYS: i64 = 90;

/// A time in which something was away.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Outage {
    /// What: `model`, `embeddings` or `vectors`.
    pub part: String,
    /// Which: provider and model, or the store.
    pub name: String,
    /// Why.
    pub reason: String,
    /// How many calls failed before it was left alone.
    pub failures: i64,
    /// Since when.
    pub began_at: DateTime<Utc>,
    /// Until when; nothing while it lasts.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Answers of an hour that went on with another model.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Switch {
    /// The hour's beginning.
    pub hour: DateTime<Utc>,
    /// The model that failed.
    pub from_model: String,
    /// The model that went on.
    pub to_model: String,
    /// Why, in a word or two.
    pub reason: String,
    /// How many answers.
    pub answers: i64,
}

pub(super) struct History {
    db: Db,
    clock: Arc<dyn Clock>,
}

impl History {
    pub(super) fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock }
    }

    /// Keeps that something is away, unless that is known.
    pub(super) async fn opened(
        &self,
        part: &str,
        name: &str,
        reason: &str,
        failures: usize,
    ) -> Result<(), DbError> {
        let now = self.clock.now();
        let reason: String = reason.chars().take(300).collect();
        let mut tx = self.db.write().await?;
        if open(&mut tx, part, name).await?.is_some() {
            return Ok(());
        }
        let insert = statement!(
            "INSERT INTO outages (part, name, reason, failures, began_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (part, name, began_at) DO NOTHING"
        );
        let failures = i64::try_from(failures).unwrap_or(i64::MAX);
        let insert = insert.bind(part).bind(name).bind(reason).bind(failures).bind(now);
        if tx.execute(insert).await? > 0 {
            let old = statement!("DELETE FROM outages WHERE ended_at < $1");
            tx.execute(old.bind(now - TimeDelta::days(OUTAGES_DAYS))).await?;
        }
        tx.commit().await
    }

    /// Whether something is away, as far as is known.
    pub(super) async fn is_open(&self, part: &str, name: &str) -> Result<bool, DbError> {
        let mut tx = self.db.read().await?;
        Ok(open(&mut tx, part, name).await?.is_some())
    }

    /// Keeps that it is there again.
    pub(super) async fn closed(&self, part: &str, name: &str) -> Result<(), DbError> {
        let mut tx = self.db.write().await?;
        let update = statement!(
            "UPDATE outages SET ended_at = $3
             WHERE part = $1 AND name = $2 AND ended_at IS NULL"
        );
        tx.execute(update.bind(part).bind(name).bind(self.clock.now())).await?;
        tx.commit().await
    }

    /// Ends the outages of models, whose breakers a new process begins anew.
    pub(super) async fn end_all(&self) -> Result<(), DbError> {
        let mut tx = self.db.write().await?;
        let update = statement!(
            "UPDATE outages SET ended_at = $1 WHERE part = 'model' AND ended_at IS NULL"
        );
        tx.execute(update.bind(self.clock.now())).await?;
        tx.commit().await
    }

    /// Counts an answer that went on with another model.
    pub(super) async fn switched(&self, from: &str, to: &str, kind: &str) -> Result<(), DbError> {
        let now = self.clock.now();
        let hour = now.duration_trunc(TimeDelta::hours(1)).unwrap_or(now);
        let mut tx = self.db.write().await?;
        let insert = statement!(
            "INSERT INTO model_switches (hour, from_model, to_model, reason, answers)
             VALUES ($1, $2, $3, $4, 1)
             ON CONFLICT (hour, from_model, to_model, reason)
             DO UPDATE SET answers = model_switches.answers + 1"
        );
        tx.execute(insert.bind(hour).bind(from).bind(to).bind(kind)).await?;
        let old = statement!("DELETE FROM model_switches WHERE hour < $1");
        tx.execute(old.bind(now - TimeDelta::days(SWITCHES_DAYS))).await?;
        tx.commit().await
    }

    /// The last outages, those that last first.
    pub(super) async fn outages(&self) -> Result<Vec<Outage>, DbError> {
        let select = statement!(
            "SELECT part, name, reason, failures, began_at, ended_at FROM outages
             ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, began_at DESC, part, name
             LIMIT 100"
        );
        self.db.read().await?.all(select).await
    }

    /// The last hours' switches, the latest first.
    pub(super) async fn switches(&self) -> Result<Vec<Switch>, DbError> {
        let select = statement!(
            "SELECT hour, from_model, to_model, reason, answers FROM model_switches
             ORDER BY hour DESC, answers DESC, from_model, to_model, reason LIMIT 100"
        );
        self.db.read().await?.all(select).await
    }
}

/// The outage of something that lasts, if there is one.
async fn open(tx: &mut Tx, part: &str, name: &str) -> Result<Option<Outage>, DbError> {
    let select = statement!(
        "SELECT part, name, reason, failures, began_at, ended_at FROM outages
         WHERE part = $1 AND name = $2 AND ended_at IS NULL LIMIT 1"
    );
    tx.optional(select.bind(part).bind(name)).await
}
