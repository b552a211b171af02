//! How times, counts and sizes are written on a page.
//!
//! Times are shown in India Standard Time, which has no summer time and so needs
//! no table of zones.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};

/// Seconds India Standard Time is ahead of UTC.
const IST_SECS: i32 = 5 * 3600 + 30 * 60;

/// A moment, shown as `3 Nov 2026, 14:05`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(pub DateTime<Utc>);

impl Moment {
    /// The machine-readable form for `<time datetime>`.
    #[must_use]
    pub fn iso(self) -> String {
        self.0.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }
}

impl From<DateTime<Utc>> for Moment {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match FixedOffset::east_opt(IST_SECS) {
            Some(zone) => write!(f, "{}", self.0.with_timezone(&zone).format("%-d %b %Y, %H:%M")),
            None => write!(f, "{}", self.0.format("%-d %b %Y, %H:%M UTC")),
        }
    }
}

/// A day, shown as `3 Nov 2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(pub NaiveDate);

impl Day {
    /// The form a date field takes.
    #[must_use]
    pub fn iso(self) -> String {
        self.0.format("%Y-%m-%d").to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%-d %b %Y"))
    }
}

/// A number of things; templates pass them by reference.
pub trait Count {
    /// The number.
    fn count(&self) -> u64;
}

impl Count for u64 {
    fn count(&self) -> u64 {
        *self
    }
}

impl Count for u32 {
    fn count(&self) -> u64 {
        u64::from(*self)
    }
}

impl Count for usize {
    fn count(&self) -> u64 {
        *self as u64
    }
}

impl<T: Count + ?Sized> Count for &T {
    fn count(&self) -> u64 {
        (**self).count()
    }
}

/// A count with its noun: `1 page`, `1,204 pages`.
#[must_use]
pub fn counted(count: impl Count, one: &str, many: &str) -> String {
    format!("{} {}", grouped(&count), if count.count() == 1 { one } else { many })
}

/// A count in Indian grouping: `12,34,567`.
#[must_use]
pub fn grouped(count: impl Count) -> String {
    let digits = count.count().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 2);
    for (place, digit) in digits.chars().enumerate() {
        let left = digits.len() - place;
        if place > 0 && left >= 3 && (left - 3).is_multiple_of(2) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Micro-dollars as dollars with as many places as are needed, two at least: `$0.15`.
#[must_use]
pub fn dollars(micro: i64) -> String {
    let whole = crate::kernel::MicroDollars(micro).to_string();
    let kept = whole.trim_end_matches('0').len();
    let least = whole.len() - 4;
    whole.get(..kept.max(least)).unwrap_or(&whole).to_owned()
}

/// A stretch of time in the words a person would use: `about 2 minutes`.
#[must_use]
pub fn about(secs: u64) -> String {
    match secs {
        0..=10 => String::from("a few seconds"),
        11..=90 => String::from("about a minute"),
        91..=5_400 => format!("about {} minutes", (secs + 30) / 60),
        _ => format!("about {}", counted((secs + 1_800) / 3_600, "hour", "hours")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_shown_in_india() {
        let time = DateTime::from_timestamp(1_793_736_300, 0).unwrap();
        assert_eq!(Moment(time).to_string(), "4 Nov 2026, 01:35");
        assert_eq!(Moment(time).iso(), "2026-11-03T20:05:00Z");
    }

    #[test]
    fn counts_are_grouped_and_agree_with_their_noun() {
        assert_eq!(counted(1_u64, "page", "pages"), "1 page");
        assert_eq!(counted(1_204_u64, "page", "pages"), "1,204 pages");
        assert_eq!(grouped(1_234_567_u64), "12,34,567");
        assert_eq!(grouped(0_u64), "0");
    }

    #[test]
    fn a_stretch_of_time_is_rounded_to_what_matters() {
        assert_eq!(about(4), "a few seconds");
        assert_eq!(about(60), "about a minute");
        assert_eq!(about(130), "about 2 minutes");
        assert_eq!(about(7_200), "about 2 hours");
    }
}
