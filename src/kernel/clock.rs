//! Where the time comes from.

use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, SubsecRound, TimeDelta, Utc};

/// Minutes that India Standard Time, which has no summer time, is ahead of UTC.
const IST_MINUTES: i64 = 330;

/// The day it is in India at a moment: the chamber's day.
#[must_use]
pub fn day_in_india(time: DateTime<Utc>) -> NaiveDate {
    let there = time.checked_add_signed(TimeDelta::minutes(IST_MINUTES)).unwrap_or(time);
    there.date_naive()
}

/// The time, in UTC, cut to microseconds so that a stored value reads back equal.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock the others take")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// A clock that moves only when told to; for tests.
#[derive(Debug)]
pub struct ManualClock(Mutex<DateTime<Utc>>);

impl ManualClock {
    /// Starts the clock at a time.
    #[must_use]
    pub fn at(time: DateTime<Utc>) -> Self {
        Self(Mutex::new(time.trunc_subsecs(6)))
    }

    /// Moves the clock on.
    pub fn advance(&self, by: Duration) {
        let mut time = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *time += by;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_in_india_begins_at_half_past_six_in_the_evening_of_utc() {
        let day = |text: &str| day_in_india(text.parse().unwrap()).to_string();
        assert_eq!(day("2026-11-22T18:29:59Z"), "2026-11-22");
        assert_eq!(day("2026-11-22T18:30:00Z"), "2026-11-23");
    }
}
