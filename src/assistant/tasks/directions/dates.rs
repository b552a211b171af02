//! Days named in an order, and days that follow from a period it allows.

use std::ops::Range;
use std::sync::LazyLock;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use regex::Regex;

use crate::documents::entities;

/// A day as an order names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// Where it is written.
    pub(super) at: Range<usize>,
    /// The day, where one can be told.
    pub(super) day: Option<NaiveDate>,
    /// Why it is not certain.
    pub(super) doubt: Option<String>,
}

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    Days(u32),
    Months(u32),
}

/// A period an order allows, such as `within four weeks`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Period {
    /// Where it is written.
    pub(super) at: Range<usize>,
    /// The word before it: `within`, `in`, `after`.
    pub(super) opens: String,
    /// As written: `four weeks`.
    pub(super) words: String,
    /// How long it is.
    pub(super) span: Span,
    /// Whether it is the `next` such time, after something said before.
    pub(super) is_next: bool,
}

impl Span {
    /// The day so long after another.
    pub(super) fn after(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Days(days) => day.checked_add_days(Days::new(u64::from(days))),
            Self::Months(months) => day.checked_add_months(Months::new(months)),
        }
    }

    /// The day so long before another.
    pub(super) fn before(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Days(days) => day.checked_sub_days(Days::new(u64::from(days))),
            Self::Months(months) => day.checked_sub_months(Months::new(months)),
        }
    }
}

/// Compiles a pattern of ours; a test compiles them all.
#[expect(clippy::unwrap_used, reason = "the patterns are constants, each compiled by the tests")]
pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap()
}

const NUMBER: &str = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|eighteen|twenty(?:[- ](?:one|two|three|four|five|eight))?|thirty|forty(?:[- ]five)?|fifty|sixty|ninety|half)";

static PERIOD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?:(?P<o>within|in|after|for|not\s+later\s+than|no\s+later\s+than)\s+(?:a\s+further\s+|a\s+|the\s+next\s+|next\s+|further\s+)?(?:period\s+of\s+|time\s+of\s+)?(?:about\s+|another\s+)?)?(?P<n>{NUMBER})(?:\s*\(\s*[a-z0-9 -]{{1,20}}\s*\))?\s+(?P<u>days?|weeks?|fortnights?|months?|years?)\b['’]?(?:s['’]?)?"
    ))
});

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

static NO_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?P<d>[0-3]?\d)\s?(?:st|nd|rd|th)?\s+(?:day\s+of\s+)?(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b",
    )
});

static SHORT_YEAR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?P<d>\d{1,2})(?P<s>[./-])(?P<m>\d{1,2})[./-](?P<y>\d{2})\b"));

static FULL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2}\b"));

/// The days a text names, in order. `order` is the day of the order it stands in: a day
/// without a year is the next such day after it, which is a guess and is said to be one.
pub(super) fn named(text: &str, order: Option<NaiveDate>) -> Vec<Named> {
    let mut days: Vec<Named> = Vec::new();
    let add = |days: &mut Vec<Named>, new: Named| {
        let free = |known: &Named| known.at.end <= new.at.start || new.at.end <= known.at.start;
        if days.iter().all(free) {
            days.push(new);
        }
    };
    for date in entities::dates_of(text) {
        let day = date.normal.parse::<NaiveDate>().ok();
        let doubt = day.is_none().then(|| format!("there is no such day as “{}”", date.text));
        add(&mut days, Named { at: date.start..date.end, day, doubt });
    }
    // Written in full and read by nobody: the month or the day cannot be.
    for hit in FULL.find_iter(text) {
        let doubt = Some(format!("there is no such day as “{}”", hit.as_str()));
        add(&mut days, Named { at: hit.range(), day: None, doubt });
    }
    for hit in SHORT_YEAR.captures_iter(text) {
        let Some(whole) = hit.get(0) else { continue };
        let part = |name| hit.name(name).and_then(|part| part.as_str().parse::<u32>().ok());
        let (Some(d), Some(m), Some(y)) = (part("d"), part("m"), part("y")) else { continue };
        let year = 2000 + i32::try_from(y).unwrap_or(0);
        let Some(day) = NaiveDate::from_ymd_opt(year, m, d) else { continue };
        let doubt = format!("“{}” writes its year with two figures", whole.as_str());
        add(&mut days, Named { at: whole.range(), day: Some(day), doubt: Some(doubt) });
    }
    for hit in NO_YEAR.captures_iter(text) {
        let Some(whole) = hit.get(0) else { continue };
        let month = hit.name("m").map(|name| name.as_str().to_lowercase());
        let month = month.and_then(|name| MONTHS.iter().position(|m| name.starts_with(m)));
        let day = hit.name("d").and_then(|day| day.as_str().parse::<u32>().ok());
        let (Some(month), Some(day)) = (month, day) else { continue };
        let month = u32::try_from(month).unwrap_or(0) + 1;
        let next = order.and_then(|order| next_such(order, month, day));
        let doubt = Some(format!("“{}” names no year", whole.as_str()));
        add(&mut days, Named { at: whole.range(), day: next, doubt });
    }
    days.sort_by_key(|day| day.at.start);
    days
}

/// The next day of that name after another.
fn next_such(after: NaiveDate, month: u32, day: u32) -> Option<NaiveDate> {
    let of = |year| NaiveDate::from_ymd_opt(year, month, day);
    of(after.year()).filter(|day| *day > after).or_else(|| of(after.year() + 1))
}

/// The periods a text names, in order.
pub(super) fn periods(text: &str) -> Vec<Period> {
    let read = |hit: regex::Captures<'_>| {
        let whole = hit.get(0)?;
        let number = number(hit.name("n")?.as_str())?;
        let unit = hit.name("u")?.as_str().to_lowercase();
        let span = match unit.trim_end_matches('s') {
            "day" => Span::Days(number),
            "week" => Span::Days(number * 7),
            "fortnight" => Span::Days(number * 14),
            "month" => Span::Months(number),
            _ => Span::Months(number * 12),
        };
        let opens = hit.name("o").map_or(String::new(), |word| word.as_str().to_lowercase());
        let start = hit.name("n")?.start();
        let is_next = text[whole.start()..start].to_lowercase().contains("next");
        let words = super::super::whole::one_line(text.get(start..whole.end())?);
        Some(Period { at: whole.range(), opens, words, span, is_next })
    };
    PERIOD.captures_iter(text).filter_map(read).collect()
}

/// A number in figures or words.
fn number(written: &str) -> Option<u32> {
    const ONES: [&str; 21] = [
        "",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    let written = written.to_lowercase();
    if let Ok(number) = written.parse::<u32>() {
        return (number > 0).then_some(number);
    }
    if matches!(written.as_str(), "a" | "an") {
        return Some(1);
    }
    let small = |word: &str| {
        let found = ONES.iter().position(|one| !one.is_empty() && *one == word);
        found.and_then(|found| u32::try_from(found).ok())
    };
    if let Some(number) = small(&written) {
        return Some(number);
    }
    let (tens, ones) = written.split_once(['-', ' ']).unwrap_or((written.as_str(), ""));
    let tens = match tens {
        "twenty" => 20,
        "thirty" => 30,
        "forty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "ninety" => 90,
        _ => return None,
    };
    if ones.is_empty() { Some(tens) } else { Some(tens + small(ones)?) }
}

/// A day as people write it: `22 November 2026`.
pub(super) fn written(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// Whether a day is a Sunday, on which courts do not sit.
pub(super) fn is_sunday(day: NaiveDate) -> bool {
    day.weekday() == Weekday::Sun
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn days_are_read_and_doubts_are_said() {
        let order = Some(day("2025-11-20"));
        let read = |text: &str| named(text, order).remove(0);
        assert_eq!(read("on 3rd December, 2025").day, Some(day("2025-12-03")));
        assert_eq!(read("on 3rd December, 2025").doubt, None);
        assert_eq!(read("on or before 12.03.2026").day, Some(day("2026-03-12")));
        let short = read("Put up on 5.1.26");
        assert_eq!(short.day, Some(day("2026-01-05")));
        assert!(short.doubt.unwrap().contains("two figures"));
        let bare = read("adjourned to 14th January");
        assert_eq!(bare.day, Some(day("2026-01-14")));
        assert!(bare.doubt.unwrap().contains("no year"));
        let none = read("list on 31.02.2026");
        assert_eq!(none.day, None);
        assert!(none.doubt.is_some());
        assert_eq!(read("list on 12.13.2026").day, None);
    }

    #[test]
    fn periods_are_read_in_words_and_figures() {
        let read = |text: &str| periods(text).remove(0);
        let four = read("reply be filed within four weeks from today");
        assert_eq!((four.span, four.opens.as_str()), (Span::Days(28), "within"));
        assert_eq!(read("within a period of 30 (thirty) days").span, Span::Days(30));
        assert_eq!(read("within a period of one month").span, Span::Months(1));
        assert_eq!(read("Two weeks' time is granted").span, Span::Days(14));
        assert_eq!(read("within forty-five days").span, Span::Days(45));
        assert_eq!(read("in a fortnight").span, Span::Days(14));
        assert_eq!(Span::Months(1).after(day("2026-01-31")), Some(day("2026-02-28")));
        assert_eq!(Span::Days(2).before(day("2026-06-03")), Some(day("2026-06-01")));
    }
}
