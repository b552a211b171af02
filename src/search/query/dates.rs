//! Dates as they are typed: days, months, years, and ranges of them.
//!
//! A day is written `2023-04-05`, or day first as in India: `5.4.2023`,
//! `05/04/2023`, `5 April 2023`.

use std::ops::RangeInclusive;

use chrono::{Days, Months, NaiveDate};

use super::super::analysis::fold;
use super::field::DateName;
use super::tree::Dates;

/// The years a document can be of.
const YEARS: RangeInclusive<i32> = 1500..=2999;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Reads a date or a range of dates; `None` if it is none.
pub(super) fn dates(name: DateName, typed: &str) -> Option<Dates> {
    let folded = fold(typed);
    let typed = folded.trim();
    match name {
        DateName::After => period(typed).and_then(|(_, last)| Some(since(next(last)?))),
        DateName::Before => period(typed).and_then(|(first, _)| Some(until(first.pred_opt()?))),
        DateName::On => on(typed),
    }
}

fn on(typed: &str) -> Option<Dates> {
    if let Some(date) = typed.strip_prefix(">=") {
        return Some(since(period(date)?.0));
    }
    if let Some(date) = typed.strip_prefix("<=") {
        return Some(until(period(date)?.1));
    }
    if let Some(date) = typed.strip_prefix('>') {
        return Some(since(next(period(date)?.1)?));
    }
    if let Some(date) = typed.strip_prefix('<') {
        return Some(until(period(date)?.0.pred_opt()?));
    }
    if let Some((first, last)) = typed.split_once("..") {
        let last = last.trim_start_matches('.');
        return match (first.is_empty(), last.is_empty()) {
            (true, true) => None,
            (true, false) => Some(until(period(last)?.1)),
            (false, true) => Some(since(period(first)?.0)),
            (false, false) => Some(from_to(period(first)?, period(last)?)),
        };
    }
    if let Some((from, to)) = period(typed) {
        return Some(Dates { from: Some(from), to: Some(to) });
    }
    // `2020-2023`, which is no month.
    let (first, last) = typed.split_once(['-', '–'])?;
    year(first.trim()).and(year(last.trim()))?;
    Some(from_to(period(first)?, period(last)?))
}

/// From the earlier to the later of two periods.
fn from_to(one: (NaiveDate, NaiveDate), other: (NaiveDate, NaiveDate)) -> Dates {
    Dates { from: Some(one.0.min(other.0)), to: Some(one.1.max(other.1)) }
}

const fn since(from: NaiveDate) -> Dates {
    Dates { from: Some(from), to: None }
}

const fn until(to: NaiveDate) -> Dates {
    Dates { from: None, to: Some(to) }
}

fn next(date: NaiveDate) -> Option<NaiveDate> {
    date.checked_add_days(Days::new(1))
}

/// The first and the last day of a year, a month or a day.
fn period(typed: &str) -> Option<(NaiveDate, NaiveDate)> {
    let parts: Vec<&str> =
        typed.split(['-', '.', '/', ' ', ',']).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [only] => {
            let year = year(only)?;
            Some((day(year, 1, 1)?, day(year, 12, 31)?))
        }
        [first, second] => {
            let (of, month) = match (year(first), year(second)) {
                (Some(of), None) => (of, month(second)?),
                (None, Some(of)) => (of, month(first)?),
                _ => return None,
            };
            let from = day(of, month, 1)?;
            Some((from, from.checked_add_months(Months::new(1))?.pred_opt()?))
        }
        [first, second, third] => {
            let date = match (year(first), year(third)) {
                (Some(of), None) => day(of, month(second)?, number(third)?),
                (None, Some(of)) => month(second)
                    .and_then(|month| day(of, month, number(first)?))
                    // `April 5, 2023`
                    .or_else(|| day(of, month(first)?, number(second)?)),
                _ => None,
            }?;
            Some((date, date))
        }
        _ => None,
    }
}

fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

fn year(typed: &str) -> Option<i32> {
    (typed.len() == 4).then(|| number(typed))??.try_into().ok().filter(|year| YEARS.contains(year))
}

fn month(typed: &str) -> Option<u32> {
    let named = (1..).zip(MONTHS).find(|(_, name)| typed.len() >= 3 && name.starts_with(typed));
    named.map(|(nth, _)| nth).or_else(|| number(typed))
}

fn number(typed: &str) -> Option<u32> {
    (typed.len() <= 4 && typed.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| typed.parse().ok())?
}

/// A date as it is said: `5 April 2023`.
pub(super) fn said(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(name: DateName, typed: &str) -> String {
        dates(name, typed).map_or("none".into(), |dates| {
            let shown = |date: Option<NaiveDate>| date.map_or(String::new(), |at| at.to_string());
            format!("{}..{}", shown(dates.from), shown(dates.to))
        })
    }

    #[test]
    fn dates_are_read_as_they_are_written_in_india() {
        for (typed, expected) in [
            ("2023", "2023-01-01..2023-12-31"),
            ("2023-02", "2023-02-01..2023-02-28"),
            ("02/2024", "2024-02-01..2024-02-29"),
            ("12.03.2024", "2024-03-12..2024-03-12"),
            ("12/3/2024", "2024-03-12..2024-03-12"),
            ("2024-03-12", "2024-03-12..2024-03-12"),
            ("12 March 2024", "2024-03-12..2024-03-12"),
            ("mar 12, 2024", "2024-03-12..2024-03-12"),
            ("२०२४", "2024-01-01..2024-12-31"),
            ("March 2024", "2024-03-01..2024-03-31"),
            ("2020..2023", "2020-01-01..2023-12-31"),
            ("2023..2020", "2020-01-01..2023-12-31"),
            ("2020-2023", "2020-01-01..2023-12-31"),
            ("2020-05..", "2020-05-01.."),
            ("..2020", "..2020-12-31"),
            (">=2023-01-01", "2023-01-01.."),
            (">2023", "2024-01-01.."),
            ("<2023", "..2022-12-31"),
            ("<=2023", "..2023-12-31"),
            ("2023-13", "none"),
            ("31.02.2024", "none"),
            ("yesterday", "none"),
            ("..", "none"),
            ("", "none"),
            ("99999999999", "none"),
        ] {
            assert_eq!(range(DateName::On, typed), expected, "{typed}");
        }
        assert_eq!(range(DateName::After, "2020"), "2021-01-01..");
        assert_eq!(range(DateName::Before, "1.7.2024"), "..2024-06-30");
    }

    proptest::proptest! {
        #[test]
        fn any_date_can_be_tried(typed in "[0-9./<>= -]{0,14}|\\PC{0,20}") {
            for name in [DateName::On, DateName::After, DateName::Before] {
                if let Some(Dates { from: Some(from), to: Some(to) }) = dates(name, &typed) {
                    proptest::prop_assert!(from <= to, "{typed}");
                }
            }
        }
    }
}
