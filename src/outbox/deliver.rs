//! Delivering letters in the background.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;

use super::{Carrier, NotCarried, Outbox, OutboxError, store};
use crate::db::DbError;

/// How often the tables are asked for letters whose turn has come.
const EVERY: Duration = Duration::from_secs(2);

/// How long one try may take before another process may make it; longer than a carrier
/// takes to give up.
const LEASE: TimeDelta = TimeDelta::minutes(3);

/// How many letters are handed over at once.
const AT_ONCE: usize = 5;

/// How often a letter is tried: for about three hours.
const MOST_TRIES: i64 = 10;

/// How long a letter may wait for a carrier: its links and codes are over by then.
const OLDEST: TimeDelta = TimeDelta::days(7);

/// The wait after a failed try: half a minute, doubling to an hour.
fn wait(tries: i64) -> TimeDelta {
    let doubled = 30_i64 << (tries - 1).clamp(0, 10);
    TimeDelta::seconds(doubled.min(3600))
}

impl Outbox {
    /// Delivers letters until told to stop; returns at once where nothing delivers. Mail
    /// and text messages do not wait for each other.
    pub async fn deliver(&self, stop: &CancellationToken) {
        join_all(self.channels().into_iter().map(|channel| self.deliver_on(channel, stop))).await;
    }

    async fn deliver_on(&self, channel: &'static str, stop: &CancellationToken) {
        loop {
            if let Err(error) = self.round(channel).await {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "letters could not be delivered");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Tries letters whose turn has come, once, twenty of each channel at most, and says
    /// how many were sent.
    ///
    /// # Errors
    /// Fails when the database does; a letter that is not taken is no failure.
    pub async fn deliver_due(&self) -> Result<usize, OutboxError> {
        let mut sent = 0;
        for channel in self.channels() {
            sent += self.round(channel).await?;
        }
        Ok(sent)
    }

    /// Tries the letters of a channel whose turn has come, [`AT_ONCE`] together, so that
    /// one the other end is slow to take does not hold up the rest.
    async fn round(&self, channel: &'static str) -> Result<usize, OutboxError> {
        let mut tx = self.db.read().await?;
        let due = store::due(&mut tx, channel, self.clock.now()).await?;
        drop(tx);
        let mut sent = 0;
        for few in due.chunks(AT_ONCE) {
            let tried = join_all(few.iter().map(|letter| self.try_one(letter))).await;
            sent += tried.into_iter().sum::<Result<usize, _>>()?;
        }
        Ok(sent)
    }

    /// Tries one letter; not, when another process was first.
    async fn try_one(&self, letter: &store::Due) -> Result<usize, OutboxError> {
        let mut tx = self.db.write().await?;
        let now = self.clock.now();
        let ours = store::claim(&mut tx, letter, now + LEASE).await?;
        tx.commit().await?;
        if !ours {
            return Ok(0);
        }
        let carried = self.carry(letter, now).await;
        let sent = usize::from(carried.is_ok());
        self.settle(letter, carried).await?;
        Ok(sent)
    }

    async fn carry(&self, letter: &store::Due, now: DateTime<Utc>) -> Result<(), NotCarried> {
        if letter.created_at + OLDEST < now {
            return Err(NotCarried::Never("it waited too long to be of use".to_owned()));
        }
        if letter.about_user.is_some() {
            let open = self.is_open(letter, now).await;
            if !open.map_err(|error| NotCarried::Now(error.to_string()))? {
                return Err(NotCarried::Never("no longer open to its reader".to_owned()));
            }
        }
        let carrier = self.carrier(&letter.channel);
        let carrier = carrier.ok_or_else(|| NotCarried::Never("nothing delivers it".to_owned()))?;
        let words = self.open(&letter.sealed);
        let words = words.map_err(|error| NotCarried::Never(error.to_string()))?;
        carrier.carry(letter.id, &letter.recipient, &words).await
    }

    /// Whether what a letter tells of is still open to its reader.
    async fn is_open(&self, letter: &store::Due, now: DateTime<Utc>) -> Result<bool, DbError> {
        let mut tx = self.db.read().await?;
        store::is_open(&mut tx, letter.id, now).await
    }

    async fn settle(
        &self,
        letter: &store::Due,
        carried: Result<(), NotCarried>,
    ) -> Result<(), OutboxError> {
        let now = self.clock.now();
        let tries = letter.attempts + 1;
        let mut tx = self.db.write().await?;
        match carried {
            Ok(()) => store::sent(&mut tx, letter.id, now).await?,
            Err(error) => {
                let (letter_id, kind) = (letter.id, &letter.kind);
                tracing::warn!(%letter_id, kind, tries, %error, "a letter was not taken");
                let again = matches!(error, NotCarried::Now(_)) && tries < MOST_TRIES;
                let again = again.then(|| now + wait(tries));
                store::not_sent(&mut tx, letter.id, &error.to_string(), again).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    fn carrier(&self, channel: &str) -> Option<&Arc<dyn Carrier>> {
        match channel {
            "mail" => self.carriers.mail.as_ref(),
            "sms" => self.carriers.sms.as_ref(),
            _ => None,
        }
    }

    fn channels(&self) -> Vec<&'static str> {
        ["mail", "sms"].into_iter().filter(|channel| self.carrier(channel).is_some()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_go_on_for_hours_and_not_for_ever() {
        let waits: Vec<_> = (1..MOST_TRIES).map(|tries| wait(tries).num_seconds()).collect();
        assert_eq!(waits, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        let hours = waits.iter().sum::<i64>() / 3600;
        assert_eq!(hours, 3);
    }
}
