//! Calendar addresses: a secret address under which a person's calendar program fetches
//! their hearings.
//!
//! Only the hash of the token is kept. What an address holds is decided at each fetch by
//! what its owner may see at that moment.

pub(super) mod ics;

use std::fmt::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Hearing, HearingError, HearingQuery, Hearings, filled, store};
use crate::kernel::{CalendarFeedId, Permission, Scope, UserId};
use ics::{Entry, When};

/// How many addresses a person can have.
const MOST: usize = 10;
/// The longest name of one, in characters.
const LONGEST_NAME: usize = 100;
/// How far back an address reaches, in days.
const BACK: u64 = 90;
/// Minutes India Standard Time is ahead of UTC.
const IST_MINUTES: i64 = 330;

/// The token of an address: 256 random bits, shown once.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    fn random() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
    }

    /// The token itself, for the page or answer that hands it over.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> String {
        hash(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What the tables keep of a token: its SHA-256 in hexadecimal digits.
fn hash(token: &str) -> String {
    let digest = Sha256::digest(token);
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What a person wants of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedChoice {
    /// What they call it, such as the device it is for.
    pub name: String,
    /// Whether it says `Hearing` and no more.
    pub discreet: bool,
    /// Whether it holds every case open to them, and not only those they are a member of.
    pub all_cases: bool,
}

/// An address of a person.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Feed {
    /// Its id.
    pub id: CalendarFeedId,
    /// What they call it.
    pub name: String,
    /// Whether it says `Hearing` and no more.
    pub discreet: bool,
    /// Whether it holds every case open to them.
    pub all_cases: bool,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When a program last fetched it.
    pub fetched_at: Option<DateTime<Utc>>,
}

/// Whose an address is, and what they chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedOwner {
    /// The address.
    pub id: CalendarFeedId,
    /// Whose it is.
    pub user: UserId,
    /// Whether it says `Hearing` and no more.
    pub discreet: bool,
    /// Whether it holds every case open to them.
    pub all_cases: bool,
}

impl Hearings {
    /// Makes an address for the caller.
    ///
    /// # Errors
    /// Fails for whoever reads no cases, without a name, and when they have many already.
    pub async fn make_feed(
        &self,
        scope: &Scope,
        choice: FeedChoice,
    ) -> Result<(CalendarFeedId, Secret), HearingError> {
        if !scope.may(Permission::WorkOnCases) {
            return Err(HearingError::NoFeed);
        }
        let Some(name) = filled(Some(choice.name))? else {
            return Err(HearingError::Unfit("give the address a name, such as `my phone`"));
        };
        if name.chars().count() > LONGEST_NAME {
            return Err(HearingError::Unfit("give the address a shorter name"));
        }
        let choice = FeedChoice { name, ..choice };
        let (id, secret, now) = (CalendarFeedId::new(), Secret::random(), self.parts.clock.now());
        let mut tx = self.parts.db.write().await?;
        if store::calendars::list(&mut tx, scope).await?.len() >= MOST {
            return Err(HearingError::Unfit("revoke an address you do not use first"));
        }
        let kept = (id, secret.hash());
        store::calendars::insert(&mut tx, scope.user(), kept, &choice, now).await?;
        self.record(&mut tx, scope, "calendar.make", json!({ "calendar": id })).await?;
        tx.commit().await?;
        Ok((id, secret))
    }

    /// The addresses of the caller.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn feeds(&self, scope: &Scope) -> Result<Vec<Feed>, HearingError> {
        let mut tx = self.parts.db.read().await?;
        Ok(store::calendars::list(&mut tx, scope).await?)
    }

    /// Gives an address of the caller another token; the old one is good for nothing.
    ///
    /// # Errors
    /// Fails with [`HearingError::NoFeed`] when it is not theirs or was revoked.
    pub async fn renew_feed(
        &self,
        scope: &Scope,
        id: CalendarFeedId,
    ) -> Result<Secret, HearingError> {
        let secret = Secret::random();
        let mut tx = self.parts.db.write().await?;
        if !store::calendars::renew(&mut tx, scope.user(), (id, secret.hash())).await? {
            return Err(HearingError::NoFeed);
        }
        self.record(&mut tx, scope, "calendar.renew", json!({ "calendar": id })).await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Revokes an address of the caller.
    ///
    /// # Errors
    /// Fails with [`HearingError::NoFeed`] when it is not theirs or was revoked.
    pub async fn revoke_feed(&self, scope: &Scope, id: CalendarFeedId) -> Result<(), HearingError> {
        let now = self.parts.clock.now();
        let mut tx = self.parts.db.write().await?;
        if !store::calendars::revoke(&mut tx, scope.user(), id, now).await? {
            return Err(HearingError::NoFeed);
        }
        self.record(&mut tx, scope, "calendar.revoke", json!({ "calendar": id })).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whose address a token is. Compared is a hash, in the index: how long it takes says
    /// nothing about the token.
    ///
    /// # Errors
    /// Fails with [`HearingError::NoFeed`] when it is nobody's, was revoked, or its owner's
    /// account is switched off.
    pub async fn feed_owner(&self, token: &str) -> Result<FeedOwner, HearingError> {
        let mut tx = self.parts.db.read().await?;
        let found = store::calendars::owner(&mut tx, &hash(token)).await?;
        let row = found.ok_or(HearingError::NoFeed)?;
        let store::calendars::OwnerRow { id, user_id, discreet, all_cases } = row;
        Ok(FeedOwner { id, user: user_id, discreet, all_cases })
    }

    /// The hearings of an address, as its owner may see them now, and notes that it was
    /// fetched. `link` is what addresses of pages begin with.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn feed(
        &self,
        scope: &Scope,
        owner: &FeedOwner,
        link: &str,
    ) -> Result<Vec<Entry>, HearingError> {
        let from = self.today().checked_sub_days(Days::new(BACK));
        let asked = HearingQuery {
            from,
            mine: !owner.all_cases,
            withdrawn: true,
            limit: 1_000,
            ..HearingQuery::default()
        };
        let found = self.list(scope, asked).await?;
        let mut tx = self.parts.db.write().await?;
        store::calendars::fetched(&mut tx, owner.id, self.parts.clock.now()).await?;
        tx.commit().await?;
        let details = json!({ "calendar": owner.id });
        self.parts.audit.viewed(scope, "calendar.fetch", details).await?;
        Ok(found.iter().map(|hearing| entry(hearing, owner.discreet, link)).collect())
    }
}

/// A time of a day in India, in UTC.
fn moment(day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let there = day.and_time(time).and_utc();
    there.checked_sub_signed(TimeDelta::minutes(IST_MINUTES)).unwrap_or(there)
}

/// A hearing as an entry of a calendar.
fn entry(hearing: &Hearing, discreet: bool, link: &str) -> Entry {
    let known = &hearing.known;
    let when = match known.starts_at {
        Some(time) => When::At(moment(known.on_date, time)),
        None => When::Day(known.on_date),
    };
    let mut entry = Entry {
        uid: format!("hearing-{}@munshi", hearing.id),
        sequence: hearing.sequence,
        when,
        summary: "Hearing".to_owned(),
        description: String::new(),
        location: String::new(),
        cancelled: hearing.withdrawn.is_some(),
    };
    if discreet {
        return entry;
    }
    let number = hearing.case_number.as_ref();
    let number = number.map(|number| format!(" ({number})")).unwrap_or_default();
    entry.summary = format!("{}{number}", hearing.case_title);
    let hall = known.court_hall.as_ref().map(|hall| format!("court hall {hall}"));
    let item = known.item.as_ref().map(|item| format!("item {item}"));
    let place = [hearing.court.clone(), hall, item];
    entry.location = place.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let lines = [
        known.bench.as_ref().map(|bench| format!("Before {bench}")),
        known.stage.as_ref().map(|stage| format!("Stage: {stage}")),
        known.purpose.as_ref().map(|purpose| format!("For: {purpose}")),
        Some(format!("{link}/cases/{}/hearings", hearing.case_id)),
    ];
    entry.description = lines.into_iter().flatten().collect::<Vec<_>>().join("\n");
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_random_and_not_printed() {
        let (one, other) = (Secret::random(), Secret::random());
        assert_ne!(one.expose(), other.expose());
        assert_eq!(one.expose().len(), 43);
        assert_eq!(format!("{one:?}"), "Secret(…)");
        assert_eq!(one.hash(), hash(one.expose()));
        assert_eq!(one.hash().len(), 64);
    }

    #[test]
    fn half_past_ten_in_india_is_five_in_the_morning_of_utc() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let time = NaiveTime::from_hms_opt(10, 30, 0).unwrap();
        assert_eq!(moment(day, time).to_rfc3339(), "2026-12-01T05:00:00+00:00");
    }
}
