//! Counting days: forward over what is left out, and months by the calendar.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::rules::{FirstDay, Period};
use crate::deadlines::calendar::next_day;

/// A stretch of days, with its first and last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
}

impl Span {
    pub(super) fn holds(self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// How many days it has, its first and last counted.
    pub(super) fn days(self) -> i64 {
        (self.to - self.from).num_days() + 1
    }
}

/// A period, counted out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    /// The first day that counts.
    pub(super) first: NaiveDate,
    /// The last day.
    pub(super) last: NaiveDate,
    /// The last day if nothing were left out.
    pub(super) plain: NaiveDate,
    /// How many days were left out on the way.
    pub(super) left_out: i64,
}

/// Whether a month, so many months on, has no such day: there is no 31 April.
pub(super) fn is_short(base: NaiveDate, period: Period) -> bool {
    months(period).is_some_and(|months| {
        base.checked_add_months(Months::new(months)).is_some_and(|end| end.day() != base.day())
    })
}

fn months(period: Period) -> Option<u32> {
    match period {
        Period::Days(_) => None,
        Period::Months(months) => Some(months),
        Period::Years(years) => Some(years.saturating_mul(12)),
    }
}

/// The last day of a period if nothing is left out. Months end on the day of the same
/// number, and where the month has none on its last day (`Dodds v. Walker`, `Himachal
/// Techno Engineers`). None beyond the calendar's end.
fn plain_end(base: NaiveDate, period: Period, first_day: FirstDay) -> Option<NaiveDate> {
    let end = match period {
        Period::Days(days) => base.checked_add_days(Days::new(u64::from(days)))?,
        _ => base.checked_add_months(Months::new(months(period)?))?,
    };
    match first_day {
        FirstDay::Excluded => Some(end),
        FirstDay::Included => end.checked_sub_days(Days::new(1)),
    }
}

/// Counts a period from a day on, passing over what is left out. What is left out of
/// months and years is added in days at their end.
pub(super) fn count(
    base: NaiveDate,
    period: Period,
    first_day: FirstDay,
    left_out: &[Span],
) -> Option<Counted> {
    let plain = plain_end(base, period, first_day)?;
    let first = match first_day {
        FirstDay::Excluded => next_day(base),
        FirstDay::Included => base,
    };
    let wanted = (plain - first).num_days() + 1;
    let (last, passed) = forward(first, wanted, left_out)?;
    Some(Counted { first, last, plain, left_out: passed })
}

/// The day on which so many days have been counted, from `first` on and with it, and how
/// many were passed over.
pub(super) fn forward(
    first: NaiveDate,
    wanted: i64,
    left_out: &[Span],
) -> Option<(NaiveDate, i64)> {
    let (mut day, mut counted, mut passed) = (first, 0, 0);
    loop {
        if left_out.iter().any(|span| span.holds(day)) {
            passed += 1;
        } else {
            counted += 1;
        }
        if counted >= wanted {
            return Some((day, passed));
        }
        day = day.succ_opt()?;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn last(base: &str, period: Period) -> String {
        count(day(base), period, FirstDay::Excluded, &[]).unwrap().last.to_string()
    }

    #[test]
    fn months_end_on_the_day_of_the_same_number_or_the_last_of_the_month() {
        assert_eq!(last("2026-01-31", Period::Months(1)), "2026-02-28");
        assert_eq!(last("2028-01-31", Period::Months(1)), "2028-02-29");
        assert_eq!(last("2026-01-31", Period::Months(3)), "2026-04-30");
        // Dodds v. Walker [1981] 1 WLR 1027: four months from 30 September end on 30 January.
        assert_eq!(last("1978-09-30", Period::Months(4)), "1979-01-30");
        // Himachal Techno Engineers: three months from 12 November 2007.
        assert_eq!(last("2007-11-12", Period::Months(3)), "2008-02-12");
        assert_eq!(last("2024-02-29", Period::Years(3)), "2027-02-28");
        assert!(is_short(day("2026-01-31"), Period::Months(3)));
        assert!(!is_short(day("2026-01-31"), Period::Days(90)));
    }

    #[test]
    fn the_first_day_counts_only_where_the_rule_says_so() {
        let base = day("2026-03-01");
        let with = count(base, Period::Days(60), FirstDay::Included, &[]).unwrap();
        let without = count(base, Period::Days(60), FirstDay::Excluded, &[]).unwrap();
        assert_eq!(with.last, day("2026-04-29"));
        assert_eq!(without.last, day("2026-04-30"));
        assert_eq!((with.first, without.first), (base, day("2026-03-02")));
    }

    #[test]
    fn what_is_left_out_twice_is_left_out_once() {
        let span = |from, to| Span { from: day(from), to: day(to) };
        let twice = [span("2026-05-06", "2026-05-10"), span("2026-05-08", "2026-05-12")];
        let found = count(day("2026-05-04"), Period::Days(30), FirstDay::Excluded, &twice).unwrap();
        // 6 to 12 May are seven days; the thirtieth day was 3 June, and is 10 June.
        assert_eq!((found.left_out, found.last), (7, day("2026-06-10")));
    }

    fn any_day() -> impl Strategy<Value = NaiveDate> {
        (0_u64..20_000).prop_map(|days| day("1990-01-01") + Days::new(days))
    }

    fn any_period() -> impl Strategy<Value = Period> {
        prop_oneof![
            (1_u32..200).prop_map(Period::Days),
            (1_u32..24).prop_map(Period::Months),
            (1_u32..13).prop_map(Period::Years),
        ]
    }

    fn any_spans() -> impl Strategy<Value = Vec<Span>> {
        let span = (any_day(), 0_u64..60)
            .prop_map(|(from, days)| Span { from, to: from + Days::new(days) });
        prop::collection::vec(span, 0..4)
    }

    proptest! {
        #[test]
        fn a_later_day_never_ends_earlier(base in any_day(), on in 0_u64..40, period in any_period(), days in 1_u32..200, spans in any_spans()) {
            let later = base + Days::new(on);
            let plain = |base| count(base, period, FirstDay::Excluded, &[]).unwrap().last;
            prop_assert!(plain(base) <= plain(later));
            let days = Period::Days(days);
            let passing = |base| count(base, days, FirstDay::Excluded, &spans).unwrap().last;
            prop_assert!(passing(base) <= passing(later));
        }

        #[test]
        fn leaving_time_out_never_shortens_and_adds_exactly_what_was_passed_over(base in any_day(), period in any_period(), spans in any_spans()) {
            let found = count(base, period, FirstDay::Excluded, &spans).unwrap();
            prop_assert!(found.last >= found.plain);
            prop_assert_eq!((found.last - found.plain).num_days(), found.left_out);
        }

        #[test]
        fn time_left_out_in_the_middle_adds_all_of_its_days(base in any_day(), days in 30_u32..200, start in 1_u64..20, long in 1_u64..60) {
            let from = base + Days::new(start);
            let span = Span { from, to: from + Days::new(long - 1) };
            let found = count(base, Period::Days(days), FirstDay::Excluded, &[span]).unwrap();
            prop_assert_eq!(found.left_out, span.days());
            prop_assert_eq!(found.last, found.plain + Days::new(long));
        }

        #[test]
        fn the_last_day_is_itself_counted(base in any_day(), period in any_period(), spans in any_spans()) {
            let found = count(base, period, FirstDay::Excluded, &spans).unwrap();
            prop_assert!(!spans.iter().any(|span| span.holds(found.last)));
        }
    }
}
