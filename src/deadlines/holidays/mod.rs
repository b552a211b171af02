//! Court holidays: calendars the chamber keeps, and which court goes by which.

mod import;
mod store;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::calendar::{Calendar, Stretch, bases};
use super::{DeadlineError, Deadlines};
use crate::db::Tx;
use crate::kernel::{HolidayCalendarId, Permission, Scope};

pub use import::{Format, read};

/// The longest name of a calendar, court or holiday, in characters.
const LONGEST_NAME: usize = 200;

/// How many stretches of days a calendar holds at most.
const MOST_DAYS: usize = 3_000;

/// A calendar of a court's holidays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourtCalendar {
    /// Its id.
    pub id: HolidayCalendarId,
    /// Its name, the days of the week and the days that were entered.
    pub calendar: Calendar,
    /// The courts that go by it, in small letters.
    pub courts: Vec<String>,
}

impl CourtCalendar {
    /// The years something was entered for.
    #[must_use]
    pub fn years(&self) -> Vec<i32> {
        let days = self.calendar.days.iter();
        let mut years: Vec<i32> = days.flat_map(|it| it.from.year()..=it.to.year()).collect();
        years.sort_unstable();
        years.dedup();
        years
    }
}

/// A calendar to be made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewHolidayCalendar)]
pub struct NewCalendar {
    /// What it is called.
    #[schema(max_length = 200)]
    pub name: String,
    /// The key of what it begins with: `supreme`, `high`, `district` or `tribunal`.
    pub base: Option<String>,
    /// Or the calendar it begins as a copy of.
    pub copy_of: Option<HolidayCalendarId>,
}

/// What a calendar becomes; what is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HolidayCalendarChange)]
pub struct CalendarChange {
    /// The keys of the days of the week on which the court is closed; as they were when
    /// left out.
    pub weekly: Option<Vec<String>>,
    /// The courts that go by it, as cases name them; as they were when left out.
    pub courts: Option<Vec<String>>,
}

/// Days that were read from a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = HolidaysImported)]
pub struct Imported {
    /// How many stretches of days were added.
    pub added: usize,
    /// How many were in the calendar already.
    pub known: usize,
}

impl Deadlines {
    /// The chamber's calendars, by name.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn calendars(&self, scope: &Scope) -> Result<Vec<CourtCalendar>, DeadlineError> {
        read_allowed(scope)?;
        let mut tx = self.parts.db.read().await?;
        Ok(store::calendars(&mut tx, scope).await?)
    }

    /// One of them.
    ///
    /// # Errors
    /// Fails with [`DeadlineError::NoCalendar`] when it is not there.
    pub async fn calendar(
        &self,
        scope: &Scope,
        id: HolidayCalendarId,
    ) -> Result<CourtCalendar, DeadlineError> {
        read_allowed(scope)?;
        let mut tx = self.parts.db.read().await?;
        store::calendar(&mut tx, scope, id).await?.ok_or(DeadlineError::NoCalendar)
    }

    /// Makes a calendar from a base or as a copy of another.
    ///
    /// # Errors
    /// Fails unless the caller looks after the chamber's details, without a name, when
    /// the name is taken, or what it begins with is not there.
    pub async fn add_calendar(
        &self,
        scope: &Scope,
        new: NewCalendar,
    ) -> Result<HolidayCalendarId, DeadlineError> {
        allowed(scope)?;
        let name = fit_name(&new.name, "give the calendar a name, in up to 200 characters")?;
        let mut tx = self.parts.db.write().await?;
        let (weekly, days) = match (new.base.as_deref(), new.copy_of) {
            (Some(_), Some(_)) => {
                return Err(DeadlineError::Unfit("begin with a kind of court or a copy, not both"));
            }
            (None, Some(other)) => {
                let found = store::calendar(&mut tx, scope, other).await?;
                let found = found.ok_or(DeadlineError::NoCalendar)?;
                (found.calendar.weekly, found.calendar.days)
            }
            (base, None) => {
                let base = base.unwrap_or("high");
                let found = bases().base.iter().find(|one| one.key == base);
                let words = "there is no such kind of court; choose one of the list";
                (found.ok_or(DeadlineError::Unfit(words))?.weekly.clone(), Vec::new())
            }
        };
        let id = HolidayCalendarId::new();
        let now = self.parts.clock.now();
        if let Err(error) = store::insert(&mut tx, scope, (id, &name), &weekly, now).await {
            let taken = error.is_conflict();
            return Err(if taken { DeadlineError::NameTaken } else { error.into() });
        }
        for stretch in &days {
            store::add_days(&mut tx, scope, id, stretch, now).await?;
        }
        self.record(&mut tx, scope, "holiday.calendar.add", json!({ "calendar": id })).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes on which days of the week the court of a calendar is closed, and which courts
    /// go by it; a court that went by another goes by this. All of it is changed, or nothing.
    ///
    /// # Errors
    /// Fails unless the caller looks after the chamber's details, when the calendar or a key
    /// is not there, or a name is too long.
    pub async fn change_calendar(
        &self,
        scope: &Scope,
        id: HolidayCalendarId,
        change: CalendarChange,
    ) -> Result<(), DeadlineError> {
        let mut tx = self.to_be_kept(scope, id).await?;
        if let Some(weekly) = change.weekly {
            if weekly.iter().any(|key| !bases().weekly.iter().any(|one| one.key == *key)) {
                let words = "there is no such day of the week; choose from the list";
                return Err(DeadlineError::Unfit(words));
            }
            store::set_weekly(&mut tx, id, &weekly).await?;
        }
        if let Some(courts) = change.courts {
            let mut names: Vec<String> = courts.iter().map(|court| court_key(court)).collect();
            names.retain(|name| !name.is_empty());
            names.sort_unstable();
            names.dedup();
            if names.len() > 200 || names.iter().any(|name| name.chars().count() > LONGEST_NAME) {
                let words = "name at most 200 courts, each in up to 200 characters";
                return Err(DeadlineError::Unfit(words));
            }
            store::set_courts(&mut tx, scope, id, &names).await?;
        }
        self.changed(tx, scope, id).await
    }

    /// Adds a day, or the days of a vacation, to a calendar.
    ///
    /// # Errors
    /// Fails unless the caller looks after the chamber's details, when the calendar is
    /// not there, the days are there already, or they do not fit.
    pub async fn add_days(
        &self,
        scope: &Scope,
        id: HolidayCalendarId,
        stretch: Stretch,
    ) -> Result<(), DeadlineError> {
        let mut tx = self.to_be_kept(scope, id).await?;
        let stretch = fit_stretch(stretch)?;
        let now = self.parts.clock.now();
        if !store::add_days(&mut tx, scope, id, &stretch, now).await? {
            return Err(DeadlineError::DayTaken);
        }
        fits(&mut tx, scope, id).await?;
        self.changed(tx, scope, id).await
    }

    /// Takes days out of a calendar.
    ///
    /// # Errors
    /// Fails unless the caller looks after the chamber's details, or when the calendar or
    /// the days are not there.
    pub async fn remove_days(
        &self,
        scope: &Scope,
        id: HolidayCalendarId,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Result<(), DeadlineError> {
        let mut tx = self.to_be_kept(scope, id).await?;
        if !store::remove_days(&mut tx, id, from, to).await? {
            return Err(DeadlineError::Settled("these days are not in the calendar any more"));
        }
        self.changed(tx, scope, id).await
    }

    /// Adds the days of a file, all of them or none.
    ///
    /// # Errors
    /// Fails as [`Deadlines::add_days`], and when a line of the file cannot be read.
    pub async fn import_days(
        &self,
        scope: &Scope,
        id: HolidayCalendarId,
        (format, text): (Format, &str),
    ) -> Result<Imported, DeadlineError> {
        let mut tx = self.to_be_kept(scope, id).await?;
        let stretches = read(format, text)?;
        let now = self.parts.clock.now();
        let mut done = Imported { added: 0, known: 0 };
        for stretch in stretches {
            let stretch = fit_stretch(stretch)?;
            if store::add_days(&mut tx, scope, id, &stretch, now).await? {
                done.added += 1;
            } else {
                done.known += 1;
            }
        }
        fits(&mut tx, scope, id).await?;
        self.changed(tx, scope, id).await?;
        Ok(done)
    }

    /// A transaction in which a calendar may be changed.
    async fn to_be_kept(&self, scope: &Scope, id: HolidayCalendarId) -> Result<Tx, DeadlineError> {
        allowed(scope)?;
        let mut tx = self.parts.db.write().await?;
        if store::lock(&mut tx, scope, id).await? { Ok(tx) } else { Err(DeadlineError::NoCalendar) }
    }

    async fn changed(
        &self,
        mut tx: Tx,
        scope: &Scope,
        id: HolidayCalendarId,
    ) -> Result<(), DeadlineError> {
        self.record(&mut tx, scope, "holiday.calendar.change", json!({ "calendar": id })).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The calendar a court goes by, in a transaction of the caller's.
    pub(super) async fn calendar_of(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        court: Option<&str>,
    ) -> Result<Option<CourtCalendar>, DeadlineError> {
        let Some(court) = court.map(court_key).filter(|court| !court.is_empty()) else {
            return Ok(None);
        };
        let Some(id) = store::of_court(tx, scope, &court).await? else { return Ok(None) };
        Ok(store::calendar(tx, scope, id).await?)
    }

    /// A calendar by its id, in a transaction of the caller's.
    pub(super) async fn calendar_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: HolidayCalendarId,
    ) -> Result<Option<CourtCalendar>, DeadlineError> {
        Ok(store::calendar(tx, scope, id).await?)
    }
}

/// A court's name as calendars know it: in small letters, with single spaces.
fn court_key(court: &str) -> String {
    court.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn allowed(scope: &Scope) -> Result<(), DeadlineError> {
    if scope.may(Permission::SetChamber) { Ok(()) } else { Err(DeadlineError::NotAllowed) }
}

fn read_allowed(scope: &Scope) -> Result<(), DeadlineError> {
    if scope.may(Permission::ReadCases) { Ok(()) } else { Err(DeadlineError::NotAllowed) }
}

fn fit_name(name: &str, words: &'static str) -> Result<String, DeadlineError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(DeadlineError::Unfit(words));
    }
    Ok(name.to_owned())
}

fn fit_stretch(mut stretch: Stretch) -> Result<Stretch, DeadlineError> {
    stretch.name = fit_name(&stretch.name, "give the days a name, in up to 200 characters")?;
    if stretch.from > stretch.to {
        return Err(DeadlineError::Unfit("the last day must not lie before the first"));
    }
    if (stretch.to - stretch.from).num_days() > 120 {
        return Err(DeadlineError::Unfit("no court is closed for more than 120 days at a stretch"));
    }
    let years = 1950..=2100;
    if !years.contains(&stretch.from.year()) || !years.contains(&stretch.to.year()) {
        return Err(DeadlineError::Unfit("the days must lie between 1950 and 2100"));
    }
    Ok(stretch)
}

async fn fits(tx: &mut Tx, scope: &Scope, id: HolidayCalendarId) -> Result<(), DeadlineError> {
    let found = store::calendar(tx, scope, id).await?.ok_or(DeadlineError::NoCalendar)?;
    if found.calendar.days.len() > MOST_DAYS {
        return Err(DeadlineError::Unfit("a calendar holds at most 3,000 entries"));
    }
    Ok(())
}
