//! What a dollar is worth in paise, dated. The settings give the first rate; an admin
//! adds further ones, and none is ever edited, so that old costs do not change.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::{PriceError, Usage, store};
use crate::db::{DbError, Tx};
use crate::kernel::{Permission, Scope};

/// Rates below and above are slips of the pen: ₹1 and ₹10,000 for a dollar.
const SENSIBLE: std::ops::RangeInclusive<i64> = 100..=1_000_000;

/// A dated rate.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RateLine {
    /// Since when.
    pub valid_from: DateTime<Utc>,
    /// Paise for a dollar.
    pub paise_per_dollar: i64,
    /// Where it is from.
    pub source: String,
}

impl Usage {
    /// The rate of a moment.
    pub(super) async fn rate_at(&self, tx: &mut Tx, at: DateTime<Utc>) -> Result<i64, DbError> {
        Ok(store::prices::rate_at(tx, at).await?.unwrap_or(self.paise_per_dollar))
    }

    /// Takes the rate of the settings into the table: as the first there is, or from now
    /// on where the settings' rate was changed since.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn seed_rate(&self) -> Result<(), DbError> {
        let mut tx = self.db.write().await?;
        let last = store::prices::last_rate_of_settings(&mut tx).await?;
        let from = match last {
            Some(rate) if rate == self.paise_per_dollar => return Ok(()),
            Some(_) => self.clock.now(),
            None => DateTime::UNIX_EPOCH,
        };
        store::prices::insert_rate(&mut tx, from, self.paise_per_dollar, store::prices::SETTINGS)
            .await?;
        tx.commit().await
    }

    /// The rates, the newest first.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn rates(&self, scope: &Scope) -> Result<Option<Vec<RateLine>>, DbError> {
        if !scope.may(Permission::ReadCosts) {
            return Ok(None);
        }
        let mut tx = self.db.read().await?;
        Ok(Some(store::prices::rates(&mut tx).await?))
    }

    /// Adds a rate from the first moment of a day (UTC), or from now on where the day is
    /// today.
    ///
    /// # Errors
    /// Fails when the caller may not, the rate makes no sense, calls were booked since,
    /// or the database fails.
    pub async fn add_rate(
        &self,
        scope: &Scope,
        from: NaiveDate,
        paise_per_dollar: i64,
        source: &str,
    ) -> Result<(), PriceError> {
        if !scope.may(Permission::RunService) {
            return Err(PriceError::NotAllowed);
        }
        if !SENSIBLE.contains(&paise_per_dollar) {
            return Err(PriceError::Rate);
        }
        let now = self.clock.now();
        let day = from.and_time(chrono::NaiveTime::MIN).and_utc();
        let from = if from == now.date_naive() { now } else { day };
        if from < now {
            return Err(PriceError::RatePast);
        }
        let source = if source.trim().is_empty() { "an admin" } else { source.trim() };
        let mut tx = self.db.write().await?;
        if !store::prices::insert_rate(&mut tx, from, paise_per_dollar, source).await? {
            return Err(PriceError::RateThere);
        }
        let details = json!({ "from": from, "paise_per_dollar": paise_per_dollar });
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.audit.record(&mut tx, organisation, user, "costs.rate.set", details).await?;
        Ok(tx.commit().await?)
    }
}
