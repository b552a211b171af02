//! Time worked on cases.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::amounts::{Rounding, amount};
use super::charges::{Charge, ChargeId, ChargeKind};
use super::rates::Priced;
use super::{FeeError, Fees, MOST, Work, filled, sees, store, unfit};
use crate::audit::Changes;
use crate::db::Tx;
use crate::kernel::{CaseId, Paise, Permission, RateId, Scope, TimeEntryId, TimerId, UserId};

/// A day has no more minutes.
const DAY: u32 = 24 * 60;
/// An hour costs no more: ₹10 lakh.
const DEAREST: i64 = 100_000_000;

/// Time worked, to be entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTime {
    /// On which case.
    pub case: CaseId,
    /// The day, in India.
    pub worked_on: NaiveDate,
    /// How long.
    pub minutes: u32,
    /// What an hour costs the client. When left out, what the rates say; where they say
    /// nothing, what the last entry says, of this case if there is one.
    pub paise_per_hour: Option<Paise>,
    /// The class of work; when left out, advice and representation.
    pub work: Option<Work>,
    /// What was done.
    pub description: String,
    /// Whether the client pays for it.
    pub billable: bool,
}

/// What is billed in place of what time comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// The amount.
    pub amount: Paise,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub by: String,
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
    pub user_id: UserId,
    /// How they are called.
    pub who: String,
    /// The day.
    pub worked_on: NaiveDate,
    /// How long.
    pub minutes: i64,
    /// In what steps it is billed.
    pub rounding: Rounding,
    /// What an hour costs.
    pub per_hour: Paise,
    /// The rate that says so; none when it was typed, or taken from the last entry.
    pub rate: Option<RateId>,
    /// What the billed minutes come to, rounded half up to a paisa; nothing when the
    /// client does not pay for it.
    pub amount: Paise,
    /// What is billed in its place.
    pub adjusted: Option<Adjustment>,
    /// The class of work.
    pub work: Work,
    /// What was done.
    pub description: String,
    /// Whether the client pays for it.
    pub billable: bool,
    /// Whether it stands on an invoice.
    pub is_billed: bool,
}

impl TimeEntry {
    /// What is billed: the amount, or what was said in its place.
    #[must_use]
    pub fn charged(&self) -> Paise {
        self.adjusted.as_ref().map_or(self.amount, |adjusted| adjusted.amount)
    }

    /// The minutes that are billed.
    #[must_use]
    pub const fn billed_minutes(&self) -> i64 {
        self.rounding.billed(self.minutes)
    }

    /// The time as a charge.
    pub(super) fn charge(self) -> Charge {
        Charge {
            id: ChargeId::Time(self.id),
            case_id: self.case_id,
            on: self.worked_on,
            kind: ChargeKind::Fee,
            work: self.work,
            amount: self.charged(),
            minutes: Some(self.billed_minutes()),
            who: Some(self.who),
            description: self.description,
            pure_agent: false,
        }
    }
}

/// Whose time is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Whose {
    /// The caller's, in the cases open to them.
    #[default]
    Own,
    /// Everybody's in the cases whose money the caller sees.
    Team,
}

/// Which time is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TimeQuery {
    /// Whose.
    pub whose: Whose,
    /// Of one case.
    pub case: Option<CaseId>,
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// Until this day, with it.
    pub to: Option<NaiveDate>,
}

impl Fees {
    /// Enters time the caller worked on a case. A draft that a timer left is used up by it.
    ///
    /// # Errors
    /// Fails when the case is not theirs to change, the time is none or more than a day,
    /// nothing is said of what was done, or nobody says what an hour costs.
    pub async fn add_time(
        &self,
        scope: &Scope,
        new: NewTime,
        draft: Option<TimerId>,
    ) -> Result<TimeEntryId, FeeError> {
        let mut tx = self.parts.db.write().await?;
        if let Some(draft) = draft
            && store::timers::delete_draft(&mut tx, scope, draft).await? != 1
        {
            return Err(FeeError::NotFound);
        }
        let id = self.add_time_in(&mut tx, scope, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Enters time the caller worked, in a transaction of the caller's.
    ///
    /// # Errors
    /// As [`Fees::add_time`].
    pub async fn add_time_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        new: NewTime,
    ) -> Result<TimeEntryId, FeeError> {
        self.enters(tx, scope, new.case).await?;
        let new = checked(new)?;
        let priced = price(tx, scope, scope.user(), &new).await?;
        let id = TimeEntryId::new();
        store::time::insert(tx, scope, id, (&new, priced), self.parts.clock.now()).await?;
        self.record(tx, scope, "time.add", json!({ "case": new.case, "time": id })).await?;
        Ok(id)
    }

    /// Changes an entry that is not billed: one's own, or any of a case whose money the
    /// caller sees. The rate is looked up anew where the case, day or class of work
    /// changed; what was said in place of its amount is forgotten where the amount changed.
    ///
    /// # Errors
    /// Fails as [`Fees::add_time`], and with [`FeeError::Billed`] for what is billed.
    pub async fn change_time(
        &self,
        scope: &Scope,
        id: TimeEntryId,
        new: NewTime,
    ) -> Result<(), FeeError> {
        let mut tx = self.parts.db.write().await?;
        let before = self.to_be_changed(&mut tx, scope, id).await?;
        if before.case_id != new.case {
            self.enters(&mut tx, scope, new.case).await?;
        }
        let new = checked(new)?;
        let work = new.work.unwrap_or(before.work);
        let new = NewTime { work: Some(work), ..new };
        let same = (before.case_id, before.worked_on, before.work, before.billable)
            == (new.case, new.worked_on, work, new.billable);
        let priced = if same && new.paise_per_hour.is_none_or(|typed| typed == before.per_hour) {
            Priced { per_hour: before.per_hour, rounding: before.rounding, rate: before.rate }
        } else {
            price(&mut tx, scope, before.user_id, &new).await?
        };
        let comes_to = amount(priced.rounding.billed(i64::from(new.minutes)), priced.per_hour);
        let keeps = new.billable && before.billable && comes_to == before.amount;
        if store::time::update(&mut tx, id, (&new, priced), keeps).await? != 1 {
            return Err(FeeError::Billed);
        }
        let details = Changes::of("minutes", Some(before.minutes), i64::from(new.minutes));
        let details = details.onto(json!({ "case": new.case, "time": id, "from": before.case_id }));
        self.record(&mut tx, scope, "time.change", details).await?;
        Ok(tx.commit().await?)
    }

    /// Removes an entry that is not billed.
    ///
    /// # Errors
    /// Fails as [`Fees::change_time`].
    pub async fn delete_time(&self, scope: &Scope, id: TimeEntryId) -> Result<(), FeeError> {
        let mut tx = self.parts.db.write().await?;
        let before = self.to_be_changed(&mut tx, scope, id).await?;
        if store::time::delete(&mut tx, id).await? != 1 {
            return Err(FeeError::Billed);
        }
        let details = json!({ "case": before.case_id, "time": id, "minutes": before.minutes });
        self.record(&mut tx, scope, "time.delete", details).await?;
        Ok(tx.commit().await?)
    }

    /// Writes an entry down, up or off: says what is billed in its place, and why. Nothing
    /// in its place bills what it comes to again. What it comes to is kept.
    ///
    /// # Errors
    /// Fails for those who do not see the case's money, without a reason, for an amount
    /// below nothing, and for what is billed or never is.
    pub async fn adjust_time(
        &self,
        scope: &Scope,
        id: TimeEntryId,
        to: Option<(Paise, String)>,
    ) -> Result<(), FeeError> {
        let mut tx = self.parts.db.write().await?;
        let found = store::time::find(&mut tx, scope, id).await?.ok_or(FeeError::NotFound)?;
        self.decides(&mut tx, scope, found.case_id).await?;
        let to = match to {
            Some((amount, _)) if !(0..=MOST).contains(&amount.0) => {
                return Err(unfit("amount", "write an amount between nothing and ₹100 crore"));
            }
            Some((amount, reason)) => {
                let missing = "say why another amount is billed; the reason is kept";
                Some((amount, filled("reason", &reason, missing)?))
            }
            None => None,
        };
        if !found.billable {
            return Err(unfit("amount", "the client does not pay for this entry"));
        }
        if store::time::adjust(&mut tx, scope, id, to.as_ref()).await? != 1 {
            return Err(FeeError::Billed);
        }
        let details = json!({
            "case": found.case_id, "time": id, "paise": to.as_ref().map(|(amount, _)| amount),
            "was": found.charged(),
        });
        self.record(&mut tx, scope, "time.adjust", details).await?;
        Ok(tx.commit().await?)
    }

    /// An entry of the caller's, or of a case whose money they see.
    ///
    /// # Errors
    /// Fails with [`FeeError::NotFound`] for any other.
    pub async fn time_entry(&self, scope: &Scope, id: TimeEntryId) -> Result<TimeEntry, FeeError> {
        let mut tx = self.parts.db.read().await?;
        store::time::find(&mut tx, scope, id).await?.ok_or(FeeError::NotFound)
    }

    /// Time, by day; at most 20,000 entries.
    ///
    /// # Errors
    /// Fails for those who ask for a team's time and may not see money.
    pub async fn time(&self, scope: &Scope, asked: TimeQuery) -> Result<Vec<TimeEntry>, FeeError> {
        let may = match asked.whose {
            Whose::Own => Permission::KeepTime,
            Whose::Team => Permission::ReadBilling,
        };
        if !scope.may(may) {
            return Err(FeeError::NotAllowed);
        }
        let mut tx = self.parts.db.read().await?;
        Ok(store::time::list(&mut tx, scope, asked).await?)
    }

    /// An entry the caller may change or remove at this moment.
    async fn to_be_changed(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: TimeEntryId,
    ) -> Result<TimeEntry, FeeError> {
        let found = store::time::find(tx, scope, id).await?.ok_or(FeeError::NotFound)?;
        if found.user_id == scope.user() && !sees(tx, scope, found.case_id).await? {
            self.enters(tx, scope, found.case_id).await?;
        } else {
            self.decides(tx, scope, found.case_id).await?;
        }
        if found.is_billed { Err(FeeError::Billed) } else { Ok(found) }
    }
}

/// What an hour of an entry costs.
async fn price(
    tx: &mut Tx,
    scope: &Scope,
    user: UserId,
    new: &NewTime,
) -> Result<Priced, FeeError> {
    let work = new.work.unwrap_or_default();
    let found = store::rates::applying(tx, scope, new.case, (user, work, new.worked_on)).await?;
    let rounding = found.as_ref().map(|found| found.rounding).unwrap_or_default();
    let priced = match (new.paise_per_hour, found) {
        (Some(typed), _) => Priced { per_hour: typed, rounding, rate: None },
        (None, Some(rate)) => Priced { per_hour: rate.per_hour, rounding, rate: Some(rate.id) },
        (None, None) if !new.billable => Priced { per_hour: Paise(0), rounding, rate: None },
        (None, None) => {
            let last = store::time::last_rate(tx, scope, user, new.case).await?;
            let per_hour = last.ok_or(unfit(
                "paise_per_hour",
                "say what an hour costs; there is no rate and no earlier entry",
            ))?;
            Priced { per_hour, rounding, rate: None }
        }
    };
    if (0..=DEAREST).contains(&priced.per_hour.0) {
        Ok(priced)
    } else {
        Err(unfit("paise_per_hour", "an hour costs between nothing and ₹10,00,000"))
    }
}

/// An entry that fits.
fn checked(mut new: NewTime) -> Result<NewTime, FeeError> {
    new.description = filled("description", &new.description, "say what was done")?;
    if new.minutes == 0 || new.minutes > DAY {
        return Err(unfit("minutes", "the time must be between a minute and a day"));
    }
    if !(1950..=2100).contains(&new.worked_on.year()) {
        return Err(unfit("worked_on", "the day must lie between 1950 and 2100"));
    }
    Ok(new)
}
