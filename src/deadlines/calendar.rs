//! The days a court is closed. Nothing here reads or writes: a calendar is put together
//! from the tables, or from what is certain of every court.

use std::sync::LazyLock;

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fingerprint::fingerprint;

const TABLE: &str = include_str!("../../index/holidays.toml");

/// How far ahead an open day is looked for; no court is closed longer at a stretch.
const AHEAD: u64 = 200;

/// A day of the year on which every court is closed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct National {
    /// The month, from 1.
    pub month: u32,
    /// The day of the month.
    pub day: u32,
    /// What it is called.
    pub name: String,
    /// Where it is known from.
    pub source: String,
}

/// A day of the week on which courts are closed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WeeklyClosing)]
pub struct Weekly {
    /// What it is stored as.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// The day of the week, from Monday, 1, to Sunday, 7.
    pub weekday: u32,
    /// In which weeks of the month; in all when empty.
    #[serde(default)]
    pub nth: Vec<u32>,
    /// Where it is known from.
    pub source: String,
}

/// What a calendar of a court of some level begins with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HolidayBase)]
pub struct Base {
    /// What requests call it.
    pub key: String,
    /// The kind of court.
    pub name: String,
    /// The keys of the days of the week on which it is closed.
    pub weekly: Vec<String>,
    /// What to add to it.
    pub note: String,
    /// Where it is known from.
    pub source: String,
}

/// What is certain of every court: `index/holidays.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bases {
    /// The days of the year.
    pub national: Vec<National>,
    /// The days of the week a calendar can name.
    pub weekly: Vec<Weekly>,
    /// What calendars begin with.
    pub base: Vec<Base>,
}

static BASES: LazyLock<Bases> = LazyLock::new(|| toml::from_str(TABLE).unwrap_or_default());

/// The table of what is certain.
#[must_use]
pub fn bases() -> &'static Bases {
    &BASES
}

/// What a stretch of days of a calendar is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HolidayKind)]
pub enum DayKind {
    /// The court is closed.
    Holiday,
    /// The court is on vacation; a vacation bench may sit and the registry be open.
    Vacation,
    /// The court sits although the week would have it closed.
    Working,
}

impl DayKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Holiday, Self::Vacation, Self::Working];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Holiday => "holiday",
            Self::Vacation => "vacation",
            Self::Working => "working",
        }
    }

    /// The kind of a stored form.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A stretch of days of a calendar; one day where both are the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HolidayDays)]
pub struct Stretch {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: DayKind,
}

/// The days a court is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Calendar {
    /// What it is called.
    pub name: String,
    /// The keys of the days of the week on which the court is closed.
    pub weekly: Vec<String>,
    /// The days that were entered, by day.
    pub days: Vec<Stretch>,
}

/// Why a court is closed on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// In words, such as `weekly closing: Sundays` or `Diwali`.
    pub why: String,
    /// Whether it is a vacation.
    pub vacation: bool,
}

impl Calendar {
    /// What is certain where no calendar is known: Sundays and the national holidays.
    #[must_use]
    pub fn bare() -> Self {
        let weekly = vec!["sunday".to_owned()];
        Self { name: String::new(), weekly, days: Vec::new() }
    }

    /// Whether it is of a court, and not only what is certain of all.
    #[must_use]
    pub const fn is_of_a_court(&self) -> bool {
        !self.name.is_empty()
    }

    /// Why the court is closed on a day; none when it is open.
    #[must_use]
    pub fn closed(&self, day: NaiveDate) -> Option<Closed> {
        let of = |kind| {
            let mut days = self.days.iter();
            days.find(|one| one.kind == kind && one.from <= day && day <= one.to)
        };
        if of(DayKind::Working).is_some() {
            return None;
        }
        let closed = |why: String, vacation| Some(Closed { why, vacation });
        if let Some(national) = bases().national.iter().find(|one| one.falls_on(day)) {
            return closed(national.name.clone(), false);
        }
        if let Some(holiday) = of(DayKind::Holiday) {
            return closed(holiday.name.clone(), false);
        }
        let mut weekly = bases().weekly.iter().filter(|one| self.weekly.contains(&one.key));
        if let Some(weekly) = weekly.find(|one| one.falls_on(day)) {
            return closed(format!("weekly closing: {}", weekly.name), false);
        }
        of(DayKind::Vacation).and_then(|vacation| closed(vacation.name.clone(), true))
    }

    /// The first day from this one on, with it, on which the court is open; none when
    /// the calendar has it closed for longer than any court is.
    #[must_use]
    pub fn next_open(&self, day: NaiveDate) -> Option<NaiveDate> {
        day.iter_days()
            .take(usize::try_from(AHEAD).unwrap_or(usize::MAX))
            .find(|day| self.closed(*day).is_none())
    }

    /// Whether anything was entered for a year.
    #[must_use]
    pub fn knows_year(&self, year: i32) -> bool {
        self.days.iter().any(|one| one.from.year() <= year && year <= one.to.year())
    }

    /// A fingerprint of all it says.
    #[must_use]
    pub fn hash(&self) -> String {
        fingerprint(self)
    }
}

impl National {
    fn falls_on(&self, day: NaiveDate) -> bool {
        day.month() == self.month && day.day() == self.day
    }
}

impl Weekly {
    fn falls_on(&self, day: NaiveDate) -> bool {
        let week = (day.day() - 1) / 7 + 1;
        day.weekday().number_from_monday() == self.weekday
            && (self.nth.is_empty() || self.nth.contains(&week))
    }
}

/// The day after, which is there for every day a limitation can be about.
pub(super) fn next_day(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn delhi() -> Calendar {
        let stretch = |from, to, name: &str, kind| Stretch {
            from: day(from),
            to: day(to),
            name: name.to_owned(),
            kind,
        };
        Calendar {
            name: "Delhi".to_owned(),
            weekly: vec!["sunday".to_owned(), "second-saturday".to_owned()],
            days: vec![
                stretch("2026-06-01", "2026-06-30", "Summer vacation", DayKind::Vacation),
                stretch("2026-11-08", "2026-11-09", "Diwali", DayKind::Holiday),
                stretch("2026-11-15", "2026-11-15", "in place of 9 October", DayKind::Working),
            ],
        }
    }

    #[test]
    fn the_table_is_complete_and_names_its_sources() {
        let table: Bases = toml::from_str(TABLE).unwrap();
        assert_eq!(table.national.len(), 3);
        for base in &table.base {
            assert!(!base.source.is_empty() && !base.note.is_empty(), "{}", base.key);
            for key in &base.weekly {
                assert!(table.weekly.iter().any(|one| one.key == *key), "{key}");
            }
        }
        let sources = table.national.iter().map(|one| &one.source);
        assert!(sources.chain(table.weekly.iter().map(|one| &one.source)).all(|it| it.len() > 5));
    }

    #[test]
    fn a_court_is_closed_by_the_week_by_the_year_and_by_what_was_entered() {
        let calendar = delhi();
        let why = |text| calendar.closed(day(text)).map(|closed| (closed.why, closed.vacation));
        // 22 November 2026 is a Sunday; 14 November the second Saturday, 7 the first.
        assert_eq!(why("2026-11-22"), Some(("weekly closing: Sundays".to_owned(), false)));
        assert!(why("2026-11-14").is_some() && why("2026-11-07").is_none());
        assert_eq!(why("2026-11-09"), Some(("Diwali".to_owned(), false)));
        assert_eq!(why("2026-10-02"), Some(("Gandhi Jayanti".to_owned(), false)));
        assert_eq!(why("2026-06-10"), Some(("Summer vacation".to_owned(), true)));
        // 15 November 2026 is a Sunday on which the court sits.
        assert_eq!(why("2026-11-15"), None);
    }

    #[test]
    fn the_next_open_day_passes_over_all_that_is_closed() {
        let calendar = delhi();
        // 8 and 9 November are Diwali, the tenth is a Tuesday.
        assert_eq!(calendar.next_open(day("2026-11-08")), Some(day("2026-11-10")));
        assert_eq!(calendar.next_open(day("2026-06-01")), Some(day("2026-07-01")));
        assert_eq!(calendar.next_open(day("2026-11-10")), Some(day("2026-11-10")));
    }

    #[test]
    fn a_year_nothing_was_entered_for_is_not_known() {
        assert!(delhi().knows_year(2026) && !delhi().knows_year(2027));
        assert!(!Calendar::bare().is_of_a_court());
        assert_ne!(delhi().hash(), Calendar::bare().hash());
    }
}
