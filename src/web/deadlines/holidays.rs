//! Court holidays.

use askama::Template;

use crate::kernel::HolidayCalendarId;
use crate::web::page::{Layout, pages};
use crate::web::parts::{Choice, Field};
use crate::web::show::Day;

/// The calendars of court holidays.
#[derive(Debug, Clone, Template)]
#[template(path = "deadlines/holidays.html")]
pub struct HolidaysPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// The calendars.
    pub calendars: Vec<CalendarRow>,
    /// The year for which each should know something.
    pub year: i32,
    /// The name of another.
    pub name: Field,
    /// What another begins with; the form sends `base`.
    pub bases: Vec<Choice>,
}

/// A calendar among others.
#[derive(Debug, Clone)]
pub struct CalendarRow {
    /// Which.
    pub id: HolidayCalendarId,
    /// Its name.
    pub name: String,
    /// How many stretches of days are entered.
    pub days: usize,
    /// How many courts go by it.
    pub courts: usize,
    /// The years it knows, in words.
    pub years: String,
    /// Whether it knows this year.
    pub knows_year: bool,
}

/// One calendar.
#[derive(Debug, Clone, Template)]
#[template(path = "deadlines/holiday.html")]
pub struct OneCalendarPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// Which.
    pub id: HolidayCalendarId,
    /// Its name.
    pub name: String,
    /// What is missing: sentences.
    pub missing: Vec<String>,
    /// The days of the week: key, name, and whether the court is closed on it.
    pub weekly: Vec<(String, String, bool)>,
    /// The courts that go by it, one a line.
    pub courts: String,
    /// The courts of the chamber's cases that go by no calendar.
    pub without: Vec<String>,
    /// The days.
    pub days: Vec<DayRow>,
    /// The days that can be added.
    pub form: DayForm,
    /// The text of a file that was not taken.
    pub text: Field,
}

/// Days of a calendar.
#[derive(Debug, Clone)]
pub struct DayRow {
    /// The first.
    pub from: Day,
    /// The last, where there are more than one.
    pub to: Day,
    /// What they are called.
    pub name: String,
    /// `holiday`, `vacation` or `working`.
    pub kind: &'static str,
}

/// Days that can be added.
#[derive(Debug, Clone, Default)]
pub struct DayForm {
    /// The first.
    pub from: Field,
    /// The last; the first when empty.
    pub to: Field,
    /// What they are called.
    pub name: Field,
    /// What they are.
    pub kinds: Vec<Choice>,
}

pages!(HolidaysPage, OneCalendarPage);

#[cfg(test)]
mod samples {
    use super::super::lists::samples::choice;
    use super::*;
    use crate::kernel::Role;
    use crate::web::page::Area;
    use crate::web::parts::samples::{day, id, text};

    impl HolidaysPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Court holidays", Area::Holidays, Role::Admin),
                problem: Some(text("There is a calendar of that name already.")),
                calendars: vec![CalendarRow {
                    id: id(701),
                    name: text("High Court of Delhi"),
                    days: 31,
                    courts: 1,
                    years: text("2025, 2026"),
                    knows_year: false,
                }],
                year: 2027,
                name: Field::of("High Court of Delhi"),
                bases: vec![choice("high", "High Court")],
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self { problem: None, calendars: Vec::new(), ..Self::sample() }
        }
    }

    impl OneCalendarPage {
        pub(crate) fn sample() -> Self {
            let row = |from, to, name: &str, kind| DayRow {
                from: day(from),
                to: day(to),
                name: text(name),
                kind,
            };
            Self {
                layout: Layout::sample("High Court of Delhi", Area::Holidays, Role::Admin),
                problem: None,
                id: id(701),
                name: text("High Court of Delhi"),
                missing: vec![text("No holidays of 2027 are entered for this court.")],
                weekly: vec![(text("sunday"), text("Sundays"), true)],
                courts: text("high court of delhi"),
                without: vec![text("District Court, Saket")],
                days: vec![
                    row(5, 6, "Diwali", "holiday"),
                    row(20, 40, "Winter vacation", "vacation"),
                ],
                form: DayForm {
                    from: Field::refused("x", "Give the day as the calendar has it."),
                    to: Field::default(),
                    name: Field::of("Diwali"),
                    kinds: vec![choice("holiday", "Holiday")],
                },
                text: Field::of("2026-11-08,Diwali"),
            }
        }

        pub(crate) fn sample_empty() -> Self {
            let page = Self::sample();
            let (missing, without, days) = (Vec::new(), Vec::new(), Vec::new());
            Self { missing, without, days, courts: String::new(), ..page }
        }
    }
}
