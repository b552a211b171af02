//! Whether dates can be those of a case.

use chrono::{Datelike, NaiveDate};

use super::rules::Rule;
use super::{Asked, MOST_LEFT_OUT, Reason, Unfit};

/// The longest stretch of time that can be left out, in days.
const LONGEST: i64 = 9_000;

/// The days the Supreme Court left out for all: `(2022) 3 SCC 117`.
const ORDERED_FROM: Option<NaiveDate> = NaiveDate::from_ymd_opt(2020, 3, 15);
/// The last of them.
const ORDERED_TO: Option<NaiveDate> = NaiveDate::from_ymd_opt(2022, 2, 28);

/// Makes sure that the dates can be those of a case.
pub(super) fn check(rule: &Rule, asked: &Asked) -> Result<(), Unfit> {
    let refuse = |field, words| Err(Unfit { field, words });
    let fits = |day: NaiveDate| (1950..=2100).contains(&day.year());
    if !fits(asked.event) {
        return refuse("event", "the day must lie between 1950 and 2100");
    }
    if asked.filed.is_some_and(|day| !fits(day) || day < asked.event) {
        return refuse("filed", "nothing can be filed before the day the period runs from");
    }
    if let Some(copy) = asked.copy {
        if rule.copy_authority.is_none() {
            return refuse("applied", "this rule does not leave out the time of a copy; clear it");
        }
        if copy.applied < asked.event {
            return refuse("applied", "a copy cannot be applied for before the day of the order");
        }
        if copy.ready < copy.applied || !fits(copy.ready) {
            return refuse("ready", "the copy cannot be ready before it was applied for");
        }
        if copy.received.is_some_and(|day| day < copy.ready) {
            return refuse("received", "the copy cannot be received before it was ready");
        }
    }
    if !asked.left_out.is_empty() && rule.leave_out.is_empty() {
        return refuse("left_out", "this rule lets no other time be left out; clear it");
    }
    if asked.left_out.iter().any(|one| !rule.leave_out.contains(&one.reason)) {
        let words = "this rule does not let time be left out for that reason; it may be a ground \
                     to condone the delay";
        return refuse("left_out", words);
    }
    if asked.left_out.len() > MOST_LEFT_OUT {
        return refuse("left_out", "at most five stretches of time can be left out");
    }
    for one in &asked.left_out {
        let days = (one.to - one.from).num_days();
        if !(0..LONGEST).contains(&days) || !fits(one.from) || !fits(one.to) {
            return refuse("left_out", "time that is left out ends on or after the day it begins");
        }
        let ordered = |day: NaiveDate| (ORDERED_FROM..=ORDERED_TO).contains(&Some(day));
        if one.reason == Reason::CourtOrder && !(ordered(one.from) && ordered(one.to)) {
            let words = "the Supreme Court left out 15 March 2020 to 28 February 2022 and no other \
                         days; give days among them";
            return refuse("left_out", words);
        }
    }
    Ok(())
}
