//! The hours in which somebody wants quiet, by the clock of India.

use chrono::{DateTime, TimeDelta, Timelike, Utc};

/// Minutes of a day.
const DAY: i64 = 24 * 60;
/// Minutes India is ahead of UTC; there is no summer time.
const INDIA: i64 = 330;

/// A stretch of every day, in minutes after midnight in India; it may go over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// When it begins.
    pub from: u16,
    /// When it ends.
    pub until: u16,
}

impl Quiet {
    /// From nine in the evening to seven in the morning, for clients who said nothing.
    pub(super) const NIGHT: Self = Self { from: 21 * 60, until: 7 * 60 };

    /// When the quiet that reigns at a moment ends; none when there is none.
    #[must_use]
    pub fn ends(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let (from, until) = (i64::from(self.from), i64::from(self.until));
        let minute = minute_in_india(now);
        let since = (minute - from).rem_euclid(DAY);
        let length = (until - from).rem_euclid(DAY);
        if since >= length {
            return None;
        }
        let whole = now.with_second(0).and_then(|now| now.with_nanosecond(0)).unwrap_or(now);
        Some(whole + TimeDelta::minutes(length - since))
    }
}

/// The minute of the day it is in India.
pub(super) fn minute_in_india(now: DateTime<Utc>) -> i64 {
    (i64::from(now.hour()) * 60 + i64::from(now.minute()) + INDIA).rem_euclid(DAY)
}

/// A minute of the day as `21:00`.
#[must_use]
pub fn clock_time(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// The minute of the day that `21:00` says.
#[must_use]
pub fn minute_of(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hours) || !digits(minutes) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn quiet_over_midnight_ends_in_the_morning() {
        let quiet = Quiet::NIGHT;
        // Half past nine in the evening, and half past six in the morning.
        for now in ["2026-11-22T21:30:40+05:30", "2026-11-23T06:30:00+05:30"] {
            assert_eq!(quiet.ends(at(now)), Some(at("2026-11-23T07:00:00+05:30")), "{now}");
        }
        assert_eq!(quiet.ends(at("2026-11-22T21:00:00+05:30")), Some(at("2026-11-23T01:30:00Z")));
        for now in ["2026-11-23T07:00:00+05:30", "2026-11-22T20:59:59+05:30"] {
            assert_eq!(quiet.ends(at(now)), None, "{now}");
        }
    }

    #[test]
    fn quiet_within_a_day_and_none_at_all() {
        let noon = Quiet { from: 13 * 60, until: 14 * 60 };
        assert_eq!(
            noon.ends(at("2026-11-22T13:15:00+05:30")),
            Some(at("2026-11-22T14:00:00+05:30"))
        );
        assert_eq!(noon.ends(at("2026-11-22T14:00:00+05:30")), None);
        let none = Quiet { from: 60, until: 60 };
        assert_eq!(none.ends(at("2026-11-22T01:00:00+05:30")), None);
    }

    #[test]
    fn times_of_day_are_read_and_written() {
        assert_eq!(minute_of("21:05"), Some(21 * 60 + 5));
        assert_eq!(clock_time(7 * 60), "07:00");
        for wrong in ["", "7:00", "24:00", "12:60", "12", "+1:00", "ab:cd"] {
            assert_eq!(minute_of(wrong), None, "{wrong}");
        }
    }
}
