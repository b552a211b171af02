//! Time worked on cases.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{Billing, BillingError, store};
use crate::db::Tx;
use crate::kernel::{CaseId, Paise, Scope, TimeEntryId};

/// A day has no more minutes.
const DAY: u32 = 24 * 60;
/// The longest description, in characters.
const LONGEST: usize = 2_000;

/// Time the caller worked, to be entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewTime {
    /// On which case.
    pub case: CaseId,
    /// The day, in India.
    pub worked_on: NaiveDate,
    /// How long.
    pub minutes: u32,
    /// What an hour costs the client. When left out, what the caller's last entry
    /// says, of this case if there is one.
    pub paise_per_hour: Option<Paise>,
    /// What was done.
    pub description: String,
    /// Whether the client pays for it.
    pub billable: bool,
}

/// Time worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeEntry {
    /// Its id.
    pub id: TimeEntryId,
    /// On which case.
    pub case_id: CaseId,
    /// The case's title.
    pub case_title: String,
    /// Who worked.
    pub who: String,
    /// The day.
    pub worked_on: NaiveDate,
    /// How long.
    pub minutes: i64,
    /// What it comes to, rounded half up to a paisa.
    pub amount: Paise,
    /// What was done.
    pub description: String,
}

/// What is not billed yet of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbilled {
    /// The case.
    pub case_id: CaseId,
    /// The case's title.
    pub case_title: String,
    /// The entries, by day.
    pub entries: Vec<TimeEntry>,
    /// How long, in minutes.
    pub minutes: i64,
    /// What it comes to.
    pub amount: Paise,
}

impl Billing {
    /// Enters time the caller worked on a case.
    ///
    /// # Errors
    /// Fails when the case is not theirs to change, the time is none or more than a day,
    /// nothing is said of what was done, or nobody says what an hour costs.
    pub async fn add_time(&self, scope: &Scope, new: NewTime) -> Result<TimeEntryId, BillingError> {
        let mut tx = self.db.write().await?;
        let id = self.add_time_in(&mut tx, scope, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Enters time the caller worked, in a transaction of the caller's.
    ///
    /// # Errors
    /// As [`Billing::add_time`].
    pub async fn add_time_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        new: NewTime,
    ) -> Result<TimeEntryId, BillingError> {
        self.cases.changes(tx, scope, new.case).await?;
        let description = new.description.trim().to_owned();
        if description.is_empty() {
            return Err(BillingError::Unfit("say what was done"));
        }
        if description.chars().count() > LONGEST {
            return Err(BillingError::Unfit(
                "what was done is too long; keep it under 2,000 characters",
            ));
        }
        if new.minutes == 0 || new.minutes > DAY {
            return Err(BillingError::Unfit("the time must be between a minute and a day"));
        }
        let rate = match new.paise_per_hour {
            Some(rate) => rate,
            None if !new.billable => Paise(0),
            None => store::last_rate(tx, scope, new.case)
                .await?
                .ok_or(BillingError::Unfit("say what an hour costs; there is no earlier entry"))?,
        };
        if !(0..=100_000_000).contains(&rate.0) {
            return Err(BillingError::Unfit("an hour costs between nothing and ₹10,00,000"));
        }
        let id = TimeEntryId::new();
        let new = NewTime { description, ..new };
        store::insert_time(tx, scope, id, (&new, rate), self.clock.now()).await?;
        self.record(tx, scope, "time.add", json!({ "case": new.case, "time": id })).await?;
        Ok(id)
    }

    /// The billable time no line of an invoice stands for, by case, of those cases whose
    /// money the caller may see; at most 1,000 entries.
    ///
    /// # Errors
    /// Fails for those who may not see money.
    pub async fn unbilled(
        &self,
        scope: &Scope,
        case: Option<CaseId>,
    ) -> Result<Vec<Unbilled>, BillingError> {
        Self::readable(scope)?;
        let mut tx = self.db.read().await?;
        let mut found: Vec<Unbilled> = Vec::new();
        for entry in store::unbilled(&mut tx, scope, case).await? {
            match found.last_mut().filter(|last| last.case_id == entry.case_id) {
                Some(last) => {
                    last.minutes += entry.minutes;
                    last.amount = last.amount + entry.amount;
                    last.entries.push(entry);
                }
                None => found.push(Unbilled {
                    case_id: entry.case_id,
                    case_title: entry.case_title.clone(),
                    minutes: entry.minutes,
                    amount: entry.amount,
                    entries: vec![entry],
                }),
            }
        }
        Ok(found)
    }
}

/// What some minutes come to, rounded half up to a paisa.
pub(super) fn amount(minutes: i64, paise_per_hour: i64) -> Paise {
    let exact = i128::from(minutes) * i128::from(paise_per_hour);
    Paise(i64::try_from((exact + 30).div_euclid(60)).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_paid_by_the_minute_rounded_half_up() {
        assert_eq!(amount(90, 500_000), Paise(750_000));
        assert_eq!(amount(1, 100), Paise(2));
        assert_eq!(amount(1, 89), Paise(1));
    }
}
