//! The numbers of papers: one after the other in each series of a financial year, without
//! gaps, however many are issued at once.
//!
//! CGST Rules 2017, rule 46(b)†: at most sixteen characters of letters, digits, hyphen and
//! slash, unique in the financial year. A number is taken in the transaction that keeps
//! the paper, so one that fails gives it back.

mod store;

use chrono::{Datelike, NaiveDate};

use super::{Billing, BillingError, wrong};
use crate::db::Tx;
use crate::kernel::{OrganisationId, day_in_india};

/// The longest beginning of a number.
pub(super) const LONGEST_PREFIX: usize = 4;
/// The longest number.
const LONGEST: usize = 16;

/// A series of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Series {
    /// Tax invoices, and bills of those who are not registered.
    Invoice,
    /// Bills of supply.
    BillOfSupply,
    /// Credit notes.
    CreditNote,
    /// Receipts.
    Receipt,
}

impl Series {
    /// The stored form.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::BillOfSupply => "bill_of_supply",
            Self::CreditNote => "credit_note",
            Self::Receipt => "receipt",
        }
    }

    /// The letter after the beginning, which keeps the series apart.
    const fn letter(self) -> &'static str {
        match self {
            Self::Invoice => "",
            Self::BillOfSupply => "B",
            Self::CreditNote => "C",
            Self::Receipt => "R",
        }
    }
}

/// The financial year of a day, April to March: `2026-27`.
#[must_use]
pub fn financial_year(day: NaiveDate) -> String {
    let begins = if day.month() >= 4 { day.year() } else { day.year() - 1 };
    format!("{begins}-{:02}", (begins + 1).rem_euclid(100))
}

/// The quarter of its financial year a day is in, from 1, which begins in April.
#[must_use]
pub(super) fn quarter(day: NaiveDate) -> u32 {
    (day.month0() + 9) % 12 / 3 + 1
}

/// The first and last day of a financial year, by its form `2026-27`.
#[must_use]
pub(super) fn days_of(year: &str) -> Option<(NaiveDate, NaiveDate)> {
    let begins: i32 = year.get(..4)?.parse().ok()?;
    let from = NaiveDate::from_ymd_opt(begins, 4, 1)?;
    let to = NaiveDate::from_ymd_opt(begins.checked_add(1)?, 3, 31)?;
    (financial_year(from) == year).then_some((from, to))
}

/// Whether a day lies before GST came, on 1 July 2017: then its year was mistyped, since
/// nothing in these books is as old.
#[must_use]
pub(super) fn is_mistyped(day: NaiveDate) -> bool {
    NaiveDate::from_ymd_opt(2017, 7, 1).is_some_and(|first| day < first)
}

fn written(prefix: &str, series: Series, year: &str, number: i64) -> String {
    let year = year.get(2..).unwrap_or(year);
    format!("{prefix}{}/{year}/{number:03}", series.letter())
}

impl Billing {
    /// Takes the next number of a series for a paper of a day. Others who take one wait
    /// here until the transaction ends.
    pub(super) async fn next_number(
        &self,
        tx: &mut Tx,
        organisation: OrganisationId,
        (prefix, series): (&str, Series),
        day: NaiveDate,
    ) -> Result<String, BillingError> {
        if day > day_in_india(self.clock.now()) {
            return wrong("on", "the day lies ahead; papers are issued today or on a day past");
        }
        if is_mistyped(day) {
            return wrong("on", "the day lies before July 2017; look at the year");
        }
        let year = financial_year(day);
        store::begin(tx, organisation, &year, series).await?;
        if store::take(tx, organisation, (&year, series), day).await? != 1 {
            let last = store::last(tx, organisation, &year, series).await?.last_day;
            return wrong(
                "on",
                format!(
                    "the last number of this series is of {last}; choose that day or a later one"
                ),
            );
        }
        loop {
            let last = store::last(tx, organisation, &year, series).await?.last_number;
            let number = written(prefix, series, &year, last);
            if number.len() > LONGEST {
                return wrong(
                    "prefix",
                    "numbers of this year are full; choose a shorter beginning",
                );
            }
            if !store::is_taken(tx, organisation, &number).await? {
                return Ok(number);
            }
            // An invoice of before has this number; numbers made here never collide.
            store::take(tx, organisation, (&year, series), day).await?;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_financial_year_runs_from_april_to_march() {
        assert_eq!(financial_year(day("2026-03-31")), "2025-26");
        assert_eq!(financial_year(day("2026-04-01")), "2026-27");
        assert_eq!(financial_year(day("2099-04-01")), "2099-00");
        assert_eq!(days_of("2026-27"), Some((day("2026-04-01"), day("2027-03-31"))));
        assert_eq!(days_of("2026-28"), None);
        assert_eq!(days_of("junk"), None);
    }

    #[test]
    fn quarters_begin_in_april() {
        let quarters: Vec<u32> = ["2026-04-01", "2026-07-01", "2026-12-31", "2027-01-01"]
            .map(|text| quarter(day(text)))
            .to_vec();
        assert_eq!(quarters, [1, 2, 3, 4]);
    }

    #[test]
    fn a_year_of_two_digits_is_mistyped() {
        assert!(is_mistyped(day("0026-11-02")) && is_mistyped(day("2017-06-30")));
        assert!(!is_mistyped(day("2017-07-01")));
    }

    #[test]
    fn series_do_not_meet() {
        assert_eq!(written("MR", Series::Invoice, "2026-27", 7), "MR/26-27/007");
        assert_eq!(written("MR", Series::BillOfSupply, "2026-27", 7), "MRB/26-27/007");
        assert_eq!(written("MR", Series::Receipt, "2026-27", 1_234), "MRR/26-27/1234");
    }

    proptest! {
        #[test]
        fn a_number_fits_the_rule(prefix in "[A-Z0-9-]{1,4}", number in 1_i64..9_999, days in 0_u64..20_000) {
            let on = day("2017-07-01").checked_add_days(chrono::Days::new(days)).unwrap();
            for series in [Series::Invoice, Series::BillOfSupply, Series::CreditNote, Series::Receipt] {
                let text = written(&prefix, series, &financial_year(on), number);
                prop_assert!(text.len() <= LONGEST, "{}", text);
                prop_assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || "-/".contains(c)));
            }
        }
    }
}
