//! Sign-ins that failed and belong to no account, as they go into the record.
//!
//! What was typed is kept as a keyed hash, since a stranger's address, or a password in
//! the wrong field, is nothing to keep. Anybody can make such rows, so there is a bound:
//! of each hour the first [`WHOLE`] are written one by one; after them only those at
//! which their number has doubled, with that number. A run of a million tries with made
//! up addresses is some seventy rows, and tells how many tries it was, within a factor
//! of two.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::{Auth, AuthError};

/// How many of an hour are written one by one; more is no slip of anybody's.
const WHOLE: u64 = 60;
/// An hour.
const WINDOW: TimeDelta = TimeDelta::hours(1);

/// How many there were in the hour under way.
#[derive(Debug, Default)]
pub(super) struct Strangers(Mutex<Option<(DateTime<Utc>, u64)>>);

impl Strangers {
    /// Counts one; its number in its hour when it is to be written down.
    fn count(&self, now: DateTime<Utc>) -> Option<u64> {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, number) = match *counted {
            Some((since, number)) if now - since < WINDOW => (since, number + 1),
            _ => (now, 1),
        };
        *counted = Some((since, number));
        let doubled = number % WHOLE == 0 && (number / WHOLE).is_power_of_two();
        (number <= WHOLE || doubled).then_some(number)
    }
}

impl Auth {
    /// Records a sign-in that failed and belongs to no account: how it was tried, and
    /// with which address, of which only a keyed hash is kept. It stands in the record
    /// of the chamber the service was set up for.
    pub(super) async fn stranger_refused(
        &self,
        email: Option<&str>,
        how: &'static str,
    ) -> Result<(), AuthError> {
        let Some(number) = self.strangers.count(self.clock.now()) else { return Ok(()) };
        let mut tx = self.db.write().await?;
        let Some(organisation) = super::store::first_organisation(&mut tx).await? else {
            return Ok(());
        };
        let account = match email {
            Some(email) => Some(self.audit.fingerprint(&mut tx, organisation, email).await?),
            None => None,
        };
        let details = json!({ "account": account, "how": how, "of_this_hour": number });
        self.audit.record(&mut tx, organisation, None, "session.refuse", details).await?;
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Clock, SystemClock};

    #[test]
    fn a_flood_is_some_seventy_rows_and_still_tells_its_size() {
        let (strangers, now) = (Strangers::default(), SystemClock.now());
        let written: Vec<u64> = (0..100_000).filter_map(|_| strangers.count(now)).collect();
        assert_eq!(written[..60], (1..=60).collect::<Vec<_>>());
        assert_eq!(written[60..], [120, 240, 480, 960, 1920, 3840, 7680, 15_360, 30_720, 61_440]);
        assert_eq!(strangers.count(now + TimeDelta::minutes(59)), None);
        assert_eq!(strangers.count(now + TimeDelta::minutes(60)), Some(1));
    }
}
