//! Days as lists of cases write them.

use chrono::{Days, NaiveDate};

/// The months by the first three letters of their English names.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A day, the day before the month as in India: `31/12/2026`, `31-12-26`, `31.12.2026`,
/// `31 Dec 2026`, `2026-12-31`, also with the time of the day after it, or as a spreadsheet
/// counts days: `46387`. None where it is no day.
pub(super) fn day(written: &str) -> Option<NaiveDate> {
    let plain: String = written.chars().map(western).collect();
    if let Some(day) = counted(plain.trim()) {
        return Some(day);
    }
    // `2026-12-31T10:30:00` and `31/12/2026 10:30 AM` are days all the same.
    let head = plain.find(':').map_or(plain.as_str(), |colon| {
        let before = plain.get(..colon).unwrap_or_default();
        before.rfind([' ', 'T']).and_then(|end| before.get(..end)).unwrap_or_default()
    });
    let parts: Vec<&str> = head
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | '-' | '.' | ','))
        .filter(|part| !part.is_empty())
        .collect();
    let [first, second, third] = parts[..] else { return None };
    if first.len() == 4 && first.bytes().all(|byte| byte.is_ascii_digit()) {
        return NaiveDate::from_ymd_opt(
            first.parse().ok()?,
            second.parse().ok()?,
            third.parse().ok()?,
        );
    }
    let day = first.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()?;
    let month = second.parse().ok().or_else(|| named(second))?;
    let year: i32 = third.parse().ok()?;
    let year = match third.len() {
        2 if year < 70 => 2000 + year,
        2 => 1900 + year,
        4 => year,
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year, month, day)
}

/// A day of the years 1954 to 2119 as spreadsheets count them, from the end of 1899, with or
/// without a part of the day: what a cell holds that was not told to be a date.
fn counted(number: &str) -> Option<NaiveDate> {
    let (days, part) = number.split_once('.').unwrap_or((number, ""));
    let figures = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if days.len() != 5 || !figures(days) || !figures(part) {
        return None;
    }
    let days = days.parse::<u64>().ok().filter(|days| (20_000..=80_000).contains(days))?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

/// The number of a month by its name.
fn named(name: &str) -> Option<u32> {
    let short: String = name.to_lowercase().chars().take(3).collect();
    u32::try_from(MONTHS.iter().position(|month| *month == short)?).ok()?.checked_add(1)
}

/// A Devanagari figure as the figure of everywhere.
fn western(c: char) -> char {
    match c {
        '०'..='९' => char::from_digit(u32::from(c) - u32::from('०'), 10).unwrap_or(c),
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_india_writes_them() {
        for written in [
            "31/12/2026",
            "31-12-26",
            "31.12.2026",
            "31 Dec 2026",
            "31st December, 2026",
            "2026-12-31",
            "३१/१२/२०२६",
            "31/12/2026 10:30 AM",
            "2026-12-31T10:30:00",
            "46387",
            "46387.4375",
        ] {
            assert_eq!(day(written), NaiveDate::from_ymd_opt(2026, 12, 31), "{written}");
        }
        for wrong in
            ["", "12/31/2026", "soon", "31/12", "2026", "1/2/345", "10:30", "99999", "45/2026"]
        {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }
}
