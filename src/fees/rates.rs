//! What an hour costs: rates by person, client and case.
//!
//! The most specific rate applies: of a person in a case, of a case, of a person for a
//! client, of a client, of a person, of the chamber. Between two as specific, the one for
//! the class of work goes before the one for all work; then the one that began last. Rates
//! are never changed: a new one takes the place of an old from its day on, and one without
//! an amount ends it.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde_json::json;

use super::{FeeError, Fees, Rounding, Work, sees, store, unfit};
use crate::kernel::{CaseId, ClientId, Paise, Permission, RateId, Scope, UserId};

/// A rate to be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewRate {
    /// In one case.
    pub case: Option<CaseId>,
    /// For one client.
    pub client: Option<ClientId>,
    /// Of one person.
    pub user: Option<UserId>,
    /// For one class of work.
    pub work: Option<Work>,
    /// What an hour costs; nothing ends the rate that was there.
    pub per_hour: Option<Paise>,
    /// In what steps time is billed.
    pub rounding: Rounding,
    /// From which day on.
    pub valid_from: NaiveDate,
}

/// A rate as it was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// Its id.
    pub id: RateId,
    /// In one case, with its title.
    pub case: Option<(CaseId, String)>,
    /// For one client, with their name.
    pub client: Option<(ClientId, String)>,
    /// Of one person, with their name.
    pub user: Option<(UserId, String)>,
    /// For one class of work.
    pub work: Option<Work>,
    /// What an hour costs; none where it ends a rate.
    pub per_hour: Option<Paise>,
    /// In what steps time is billed.
    pub rounding: Rounding,
    /// From which day on.
    pub valid_from: NaiveDate,
    /// Who set it.
    pub set_by: String,
    /// When.
    pub set_at: DateTime<Utc>,
}

/// The rate that applies to somebody's work in a case on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// Which rate.
    pub id: RateId,
    /// What an hour costs.
    pub per_hour: Paise,
    /// In what steps time is billed.
    pub rounding: Rounding,
    /// From which day on it was set.
    pub valid_from: NaiveDate,
    /// What it is set for: why it applies.
    pub level: Level,
    /// Whether it is for this class of work alone.
    pub of_work: bool,
}

impl Applied {
    /// Which rate it is and why it applies, in words.
    #[must_use]
    pub fn why(&self) -> String {
        let work = if self.of_work { " for this class of work" } else { "" };
        let from = self.valid_from.format("%-d %b %Y");
        format!("{} an hour: the rate {}{work}, from {from}", self.per_hour, self.level.words())
    }
}

/// What a rate is set for; the most specific first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A person in a case.
    PersonInCase,
    /// Everybody in a case.
    Case,
    /// A person, for a client.
    PersonForClient,
    /// Everybody, for a client.
    Client,
    /// A person.
    Person,
    /// Everybody.
    Chamber,
}

impl Level {
    /// The level of a rate for these.
    pub(super) const fn of(case: bool, client: bool, user: bool) -> Self {
        match (case, client, user) {
            (true, _, true) => Self::PersonInCase,
            (true, _, false) => Self::Case,
            (false, true, true) => Self::PersonForClient,
            (false, true, false) => Self::Client,
            (false, false, true) => Self::Person,
            (false, false, false) => Self::Chamber,
        }
    }

    /// In words, after `the rate`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::PersonInCase => "of this person in this case",
            Self::Case => "of this case",
            Self::PersonForClient => "of this person for this client",
            Self::Client => "of this client",
            Self::Person => "of this person",
            Self::Chamber => "of the chamber",
        }
    }
}

/// What an hour of an entry costs, settled when it is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Priced {
    pub(super) per_hour: Paise,
    pub(super) rounding: Rounding,
    pub(super) rate: Option<RateId>,
}

/// A rate that could apply: one for this case, client, person and class of work, or for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) id: RateId,
    pub(super) level: Level,
    pub(super) of_work: bool,
    pub(super) per_hour: Option<Paise>,
    pub(super) rounding: Rounding,
    pub(super) valid_from: NaiveDate,
    pub(super) set_at: DateTime<Utc>,
}

/// The one that applies of those that could.
pub(super) fn choose(mut candidates: Vec<Candidate>) -> Option<Applied> {
    // The most specific first; of the same, the last to begin, then the last that was set.
    candidates.sort_by(|one, other| {
        (one.level, !one.of_work)
            .cmp(&(other.level, !other.of_work))
            .then_with(|| other.valid_from.cmp(&one.valid_from))
            .then_with(|| other.set_at.cmp(&one.set_at))
            .then_with(|| other.id.cmp(&one.id))
    });
    candidates.dedup_by_key(|candidate| (candidate.level, candidate.of_work));
    candidates.into_iter().find_map(|found| {
        let Candidate { id, level, of_work, per_hour, rounding, valid_from, set_at: _ } = found;
        Some(Applied { id, per_hour: per_hour?, rounding, valid_from, level, of_work })
    })
}

impl Fees {
    /// Sets a rate. Time that was entered keeps what it costs.
    ///
    /// # Errors
    /// Fails for those who may not: admins and billing set any rate, and whoever leads a
    /// case those of the case.
    pub async fn set_rate(&self, scope: &Scope, new: NewRate) -> Result<RateId, FeeError> {
        let mut tx = self.parts.db.write().await?;
        match new.case {
            Some(case) => self.decides(&mut tx, scope, case).await?,
            None if scope.may(Permission::SetRates) => {}
            None => return Err(FeeError::LeadsOnly),
        }
        if new.case.is_some() && new.client.is_some() {
            return Err(unfit("client", "choose a case or a client, not both"));
        }
        if new.per_hour.is_some_and(|paise| !(0..=100_000_000).contains(&paise.0)) {
            return Err(unfit("per_hour", "an hour costs between nothing and ₹10,00,000"));
        }
        if !(1950..=2100).contains(&new.valid_from.year()) {
            return Err(unfit("valid_from", "the day must lie between 1950 and 2100"));
        }
        if let Some(client) = new.client
            && !store::rates::knows_client(&mut tx, scope, client).await?
        {
            return Err(unfit("client", "there is no such client"));
        }
        if let Some(user) = new.user
            && !store::rates::is_of_chamber(&mut tx, scope, user).await?
        {
            return Err(unfit("user", "there is no such person in the chamber"));
        }
        let id = RateId::new();
        store::rates::insert(&mut tx, scope, id, new, self.parts.clock.now()).await?;
        let details = json!({
            "rate": id, "case": new.case, "client": new.client, "user": new.user,
            "paise": new.per_hour, "from": new.valid_from,
        });
        self.record(&mut tx, scope, "rate.set", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The rates the caller may know of: all of the chamber for those who set them, without
    /// those of cases and clients a wall keeps from them; with a case, those of the case for
    /// whoever sees its money. The latest to begin first, at most 2,000.
    ///
    /// # Errors
    /// Fails for those who may not see rates.
    pub async fn rates(&self, scope: &Scope, case: Option<CaseId>) -> Result<Vec<Rate>, FeeError> {
        let mut tx = self.parts.db.read().await?;
        match case {
            Some(case) if !sees(&mut tx, scope, case).await? => Err(FeeError::NotFound),
            None if !scope.may(Permission::SetRates) => Err(FeeError::NotFound),
            _ => Ok(store::rates::list(&mut tx, scope, case).await?),
        }
    }

    /// The rate that applies to somebody's work in a case on a day: one's own, or anybody's
    /// in a case whose money the caller sees.
    ///
    /// # Errors
    /// Fails when the case is not theirs to work on or to see the money of.
    pub async fn rate_of(
        &self,
        scope: &Scope,
        case: CaseId,
        (user, work, on): (UserId, Work, NaiveDate),
    ) -> Result<Option<Applied>, FeeError> {
        let mut tx = self.parts.db.read().await?;
        let own = user == scope.user() && scope.works_on(case) && scope.may(Permission::KeepTime);
        if own {
            self.parts.cases.reads(&mut tx, scope, case).await?;
        } else if !sees(&mut tx, scope, case).await? {
            return Err(FeeError::NotFound);
        }
        Ok(store::rates::applying(&mut tx, scope, case, (user, work, on)).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(level: Level, of_work: bool, rupees: Option<i64>, from: &str) -> Candidate {
        Candidate {
            id: RateId::new(),
            level,
            of_work,
            per_hour: rupees.map(|rupees| Paise(rupees * 100)),
            rounding: Rounding::Exact,
            valid_from: from.parse().unwrap(),
            set_at: DateTime::UNIX_EPOCH,
        }
    }

    fn chosen(candidates: &[Candidate]) -> Option<i64> {
        choose(candidates.to_vec()).map(|applied| applied.per_hour.0 / 100)
    }

    #[test]
    fn the_most_specific_rate_applies() {
        let mut all = vec![
            candidate(Level::Chamber, false, Some(1), "2026-04-01"),
            candidate(Level::Person, false, Some(2), "2026-04-01"),
            candidate(Level::Client, false, Some(3), "2026-04-01"),
            candidate(Level::PersonForClient, false, Some(4), "2026-04-01"),
            candidate(Level::Case, false, Some(5), "2026-04-01"),
            candidate(Level::PersonInCase, false, Some(6), "2026-04-01"),
        ];
        for rupees in (1..=6).rev() {
            assert_eq!(chosen(&all), Some(rupees));
            all.pop();
        }
        assert_eq!(chosen(&all), None);
    }

    #[test]
    fn a_class_of_work_goes_before_all_work_at_the_same_level_only() {
        let person = candidate(Level::Person, true, Some(9), "2026-04-01");
        let all = candidate(Level::Person, false, Some(2), "2026-10-01");
        assert_eq!(chosen(&[all, person]), Some(9));
        let case = candidate(Level::Case, false, Some(5), "2020-04-01");
        assert_eq!(chosen(&[all, person, case]), Some(5));
    }

    #[test]
    fn a_later_rate_takes_the_place_of_an_earlier_and_none_ends_it() {
        let first = candidate(Level::Case, false, Some(5), "2026-04-01");
        let later = candidate(Level::Case, false, Some(7), "2026-10-01");
        let chamber = candidate(Level::Chamber, false, Some(1), "2020-04-01");
        assert_eq!(chosen(&[first, later, chamber]), Some(7));
        let end = candidate(Level::Case, false, None, "2026-11-01");
        assert_eq!(chosen(&[first, later, chamber, end]), Some(1));
        let mut again = candidate(Level::Case, false, Some(8), "2026-10-01");
        again.set_at = "2026-10-02T00:00:00Z".parse().unwrap();
        assert_eq!(chosen(&[first, again, later]), Some(8), "the last that was set");
    }
}
