//! The days a question names, in English and the commonest Hindi.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What a day or a range of days looks like in a question made plain, as an expression.
pub(super) const DAY: &str = r"(?:(?:on|for|by|until|till) )?(?:today|tomorrow|day after tomorrow|yesterday|tonight|(?:this|next|coming|last) (?:week|month|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:the )?\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*(?: \d{4})?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]* \d{1,2}(?:st|nd|rd|th)?(?: \d{4})?|\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2}|aaj|kal|parso|parson|is hafte|agle hafte|is mahine|agle mahine|आज|कल|परसो|परसों|इस हफ्ते|अगले हफ्ते|इस महीने|अगले महीने)";

/// Days, both ends with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    /// The first.
    pub(super) from: NaiveDate,
    /// The last.
    pub(super) to: NaiveDate,
}

impl Range {
    const fn of(day: NaiveDate) -> Self {
        Self { from: day, to: day }
    }
}

/// The days that words such as `tomorrow`, `next week` or `3rd december` mean, seen from
/// a day. A day without its year is the next one.
pub(super) fn read(words: &str, today: NaiveDate) -> Option<Range> {
    let words = words.trim();
    let words = ["on ", "for ", "by ", "until ", "till ", "the "]
        .iter()
        .fold(words, |words, lead| words.strip_prefix(lead).unwrap_or(words));
    let after = |days| today.checked_add_days(Days::new(days)).map(Range::of);
    match words {
        "today" | "tonight" | "aaj" | "आज" => Some(Range::of(today)),
        "tomorrow" | "kal" | "कल" => after(1),
        "day after tomorrow" | "parso" | "parson" | "परसो" | "परसों" => after(2),
        "yesterday" => today.pred_opt().map(Range::of),
        "this week" | "is hafte" | "इस हफ्ते" => week(today),
        "next week" | "coming week" | "agle hafte" | "अगले हफ्ते" => {
            week(today + Days::new(7))
        }
        "last week" => week(today - Days::new(7)),
        "this month" | "is mahine" | "इस महीने" => month(today),
        "next month" | "coming month" | "agle mahine" | "अगले महीने" => {
            month(today.checked_add_months(Months::new(1))?)
        }
        "last month" => month(today.checked_sub_months(Months::new(1))?),
        _ => weekday(words, today).or_else(|| written(words, today)).map(Range::of),
    }
}

fn week(day: NaiveDate) -> Option<Range> {
    let from = day - Days::new(u64::from(day.weekday().num_days_from_monday()));
    Some(Range { from, to: from.checked_add_days(Days::new(6))? })
}

fn month(day: NaiveDate) -> Option<Range> {
    let from = day.with_day(1)?;
    let to = from.checked_add_months(Months::new(1))?.pred_opt()?;
    Some(Range { from, to })
}

/// `monday`, `this friday`: the next one, today with it; `next monday`: of next week.
fn weekday(words: &str, today: NaiveDate) -> Option<NaiveDate> {
    let (which, name) = words.rsplit_once(' ').unwrap_or(("", words));
    let place = WEEKDAYS.iter().position(|day| name.starts_with(day) && name.ends_with("day"))?;
    let wanted = Weekday::try_from(u8::try_from(place).ok()?).ok()?;
    match which {
        "" | "this" | "coming" => today.iter_days().take(7).find(|day| day.weekday() == wanted),
        "next" => {
            let monday = week(today)?.to.succ_opt()?;
            monday.iter_days().take(7).find(|day| day.weekday() == wanted)
        }
        "last" => (1..=7).map(|back| today - Days::new(back)).find(|day| day.weekday() == wanted),
        _ => None,
    }
}

/// A day written out, or in figures with the day before the month.
fn written(words: &str, today: NaiveDate) -> Option<NaiveDate> {
    if let Ok(day) = words.parse() {
        return Some(day);
    }
    let figures: Vec<&str> = words.split(['.', '/', '-']).collect();
    if let [day, month, year] = figures[..] {
        let (day, month) = (day.parse().ok()?, month.parse().ok()?);
        return NaiveDate::from_ymd_opt(year.parse().ok()?, month, day);
    }
    let (mut day, mut month, mut year) = (None, None, None);
    for word in words.split(' ').filter(|word| *word != "of") {
        let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        if let Some(place) = MONTHS.iter().position(|month| word.starts_with(month)) {
            month = u32::try_from(place + 1).ok();
        } else if number.len() == 4 {
            year = number.parse::<i32>().ok();
        } else {
            day = Some(number.parse::<u32>().ok()?);
        }
    }
    let on = |year| NaiveDate::from_ymd_opt(year, month?, day?);
    match year {
        Some(year) => on(year),
        None => on(today.year()).filter(|day| *day >= today).or_else(|| on(today.year() + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_mean_them() {
        // A Sunday.
        let today: NaiveDate = "2026-11-22".parse().unwrap();
        let read =
            |words: &str| read(words, today).map(|range| format!("{} {}", range.from, range.to));
        for (words, from, to) in [
            ("today", "2026-11-22", "2026-11-22"),
            ("aaj", "2026-11-22", "2026-11-22"),
            ("tomorrow", "2026-11-23", "2026-11-23"),
            ("कल", "2026-11-23", "2026-11-23"),
            ("yesterday", "2026-11-21", "2026-11-21"),
            ("this week", "2026-11-16", "2026-11-22"),
            ("next week", "2026-11-23", "2026-11-29"),
            ("next month", "2026-12-01", "2026-12-31"),
            ("on monday", "2026-11-23", "2026-11-23"),
            ("sunday", "2026-11-22", "2026-11-22"),
            ("next friday", "2026-11-27", "2026-11-27"),
            ("last friday", "2026-11-20", "2026-11-20"),
            ("on 3 december", "2026-12-03", "2026-12-03"),
            ("the 3rd of december 2026", "2026-12-03", "2026-12-03"),
            ("december 3", "2026-12-03", "2026-12-03"),
            ("3 march", "2027-03-03", "2027-03-03"),
            ("03.12.2026", "2026-12-03", "2026-12-03"),
            ("3/12/2026", "2026-12-03", "2026-12-03"),
            ("2026-12-03", "2026-12-03", "2026-12-03"),
        ] {
            assert_eq!(read(words), Some(format!("{from} {to}")), "{words}");
        }
        for words in ["30 february", "31.31.2026", "whenever", ""] {
            assert_eq!(read(words), None, "{words}");
        }
    }
}
