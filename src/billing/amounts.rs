//! The arithmetic of a bill, in whole paise.
//!
//! Tax is worked out for each line and rounded half up to a paisa; totals are the sums of
//! what is printed, so no paisa is lost between the lines and the sum below them.

use super::gst::Treatment;
use crate::kernel::Paise;

/// The most a line may come to: ₹1,000 crore.
pub(super) const MOST: i64 = 1_000_000_000_000;

/// Where a supply is taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// In the supplier's own State: half to the Union, half to the State.
    Within,
    /// In another: all to the Union.
    Across,
}

/// The tax on a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineTax {
    /// Central tax.
    pub cgst: Paise,
    /// State or Union territory tax.
    pub sgst: Paise,
    /// Integrated tax.
    pub igst: Paise,
}

impl LineTax {
    /// All of it.
    #[must_use]
    pub fn sum(self) -> Paise {
        self.cgst + self.sgst + self.igst
    }

    /// Adds the tax on another line.
    pub(super) fn add(&mut self, other: Self) {
        self.cgst = self.cgst + other.cgst;
        self.sgst = self.sgst + other.sgst;
        self.igst = self.igst + other.igst;
    }
}

/// What a bill comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// What the tax is reckoned on, whoever pays it.
    pub taxable: Paise,
    /// What is exempt, or not taxed since the supplier is not registered.
    pub untaxed: Paise,
    /// Money laid out for the client.
    pub outside: Paise,
    /// The tax that is added.
    pub tax: LineTax,
    /// The tax the recipient pays to the State; not part of the total.
    pub recipient_tax: LineTax,
    /// What rounding to the rupee added or took.
    pub round_off: Paise,
    /// What is to be paid.
    pub total: Paise,
}

/// A part of an amount by hundredths of a percent, rounded half up away from nothing.
#[must_use]
pub(super) fn part_of(amount: Paise, basis_points: i64) -> Paise {
    let exact = i128::from(amount.0) * i128::from(basis_points);
    let rounded = (exact.abs() + 5_000) / 10_000 * exact.signum();
    Paise(i64::try_from(rounded).unwrap_or(i64::MAX))
}

/// The tax on an amount at a rate in hundredths of a percent.
#[must_use]
pub(super) fn tax_on(amount: Paise, rate: i64, split: Split) -> LineTax {
    match split {
        Split::Within => {
            let half = part_of(amount, rate / 2);
            LineTax { cgst: half, sgst: half, igst: Paise(0) }
        }
        Split::Across => LineTax { igst: part_of(amount, rate), ..LineTax::default() },
    }
}

/// The part of a bill's tax that an amount takes back after an earlier one. It is rounded on
/// the sum of both, so that what takes back all of a bill takes back its tax to the paisa, in
/// however many parts.
#[must_use]
pub(super) fn tax_within(tax: Paise, total: Paise, (earlier, amount): (Paise, Paise)) -> Paise {
    let until = |taken: i64| {
        let whole = i128::from(total.0.max(1));
        let exact = i128::from(taken) * i128::from(tax.0);
        i64::try_from((2 * exact + whole).div_euclid(2 * whole)).unwrap_or(i64::MAX)
    };
    Paise(until(earlier.0.saturating_add(amount.0)) - until(earlier.0))
}

/// What lines come to, each with its treatment.
#[must_use]
pub(super) fn totals(
    lines: &[(Paise, Treatment)],
    rate: i64,
    split: Split,
    to_rupee: bool,
) -> Totals {
    let mut all = Totals::default();
    for &(amount, treatment) in lines {
        match treatment {
            Treatment::Forward => {
                all.taxable = all.taxable + amount;
                all.tax.add(tax_on(amount, rate, split));
            }
            Treatment::Reverse => {
                all.taxable = all.taxable + amount;
                all.recipient_tax.add(tax_on(amount, rate, split));
            }
            Treatment::Exempt | Treatment::NotRegistered => all.untaxed = all.untaxed + amount,
            Treatment::PureAgent => all.outside = all.outside + amount,
        }
    }
    let sum = all.taxable + all.untaxed + all.outside + all.tax.sum();
    all.round_off = if to_rupee { Paise(off_by(sum)) } else { Paise(0) };
    all.total = sum + all.round_off;
    all
}

/// What must be added for whole rupees, half up.
fn off_by(sum: Paise) -> i64 {
    let over = sum.0.rem_euclid(100);
    if over >= 50 { 100 - over } else { -over }
}

/// A part of a payment, on one of the bills it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    /// Money.
    pub(super) amount: Paise,
    /// Tax held back.
    pub(super) tds: Paise,
}

/// Puts a payment on bills in their order, as far as each is open: the tax held back
/// first. Gives each its share, and what is left of the money and of the tax.
#[must_use]
pub(super) fn allocate(open: &[Paise], amount: Paise, tds: Paise) -> (Vec<Share>, Paise, Paise) {
    let (mut money, mut held) = (amount.0.max(0), tds.0.max(0));
    let shares = open.iter().map(|open| {
        let open = open.0.max(0);
        let tds = held.min(open);
        let amount = money.min(open - tds);
        held -= tds;
        money -= amount;
        Share { amount: Paise(amount), tds: Paise(tds) }
    });
    let shares = shares.collect();
    (shares, Paise(money), Paise(held))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tax_is_rounded_half_up_on_each_line() {
        assert_eq!(tax_on(Paise(50), 1_800, Split::Across).igst, Paise(9));
        assert_eq!(tax_on(Paise(50), 1_800, Split::Within).cgst, Paise(5));
        assert_eq!(part_of(Paise(-50), 900), Paise(-5));
        assert_eq!(part_of(Paise(0), 900), Paise(0));
    }

    #[test]
    fn a_bill_is_rounded_to_the_nearest_rupee_and_says_by_how_much() {
        let lines = |paise| [(Paise(paise), Treatment::Exempt)];
        let up = totals(&lines(150), 1_800, Split::Within, true);
        assert_eq!((up.total, up.round_off), (Paise(200), Paise(50)));
        let down = totals(&lines(149), 1_800, Split::Within, true);
        assert_eq!((down.total, down.round_off), (Paise(100), Paise(-49)));
        assert_eq!(totals(&lines(149), 1_800, Split::Within, false).total, Paise(149));
    }

    #[test]
    fn the_tax_of_a_reverse_charge_is_told_and_not_added() {
        let all = totals(&[(Paise(100_000), Treatment::Reverse)], 1_800, Split::Across, false);
        assert_eq!(all.total, Paise(100_000));
        assert_eq!(all.recipient_tax.sum(), Paise(18_000));
        assert_eq!(all.tax, LineTax::default());
    }

    fn treatment() -> impl Strategy<Value = Treatment> {
        prop::sample::select(Treatment::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn the_parts_come_to_the_total(
            lines in prop::collection::vec((-1_000_000_i64..100_000_000, treatment()), 0..30),
            rate in 0_i64..2_800,
            within: bool,
            to_rupee: bool,
        ) {
            let split = if within { Split::Within } else { Split::Across };
            let lines: Vec<_> = lines.into_iter().map(|(paise, t)| (Paise(paise), t)).collect();
            let all = totals(&lines, rate, split, to_rupee);
            let printed: i64 = lines.iter().map(|(amount, treatment)| {
                let taxed = *treatment == Treatment::Forward;
                amount.0 + if taxed { tax_on(*amount, rate, split).sum().0 } else { 0 }
            }).sum();
            prop_assert_eq!(all.total.0, printed + all.round_off.0);
            prop_assert_eq!(
                all.total.0,
                all.taxable.0 + all.untaxed.0 + all.outside.0 + all.tax.sum().0 + all.round_off.0
            );
            prop_assert!((-49..=50).contains(&all.round_off.0));
            prop_assert!(!to_rupee || all.total.0 % 100 == 0);
            if within {
                prop_assert_eq!(all.tax.cgst, all.tax.sgst);
                prop_assert_eq!(all.tax.igst, Paise(0));
            } else {
                prop_assert_eq!(all.tax.sum(), all.tax.igst);
            }
        }

        #[test]
        fn a_discount_takes_back_the_tax_it_saves(paise in 0_i64..1_000_000_000, rate in 0_i64..2_800) {
            let lines = [(Paise(paise), Treatment::Forward), (Paise(-paise), Treatment::Forward)];
            prop_assert_eq!(totals(&lines, rate, Split::Within, false).total, Paise(0));
        }

        #[test]
        fn what_takes_a_bill_back_takes_back_its_tax(
            value in 1_i64..1_000_000,
            rate in 0_i64..2_800,
            parts in prop::collection::vec(1_i64..50_000, 0..40),
        ) {
            let tax = tax_on(Paise(value), rate, Split::Across).igst;
            let total = Paise(value) + tax;
            let (mut earlier, mut taken) = (Paise(0), Paise(0));
            for part in parts.into_iter().chain([i64::MAX]) {
                let part = Paise(part.min(total.0 - earlier.0));
                let within = tax_within(tax, total, (earlier, part));
                prop_assert!((0..=part.0).contains(&within.0), "{within:?} of {part:?}");
                (earlier, taken) = (earlier + part, taken + within);
            }
            prop_assert_eq!((earlier, taken), (total, tax));
        }

        #[test]
        fn a_payment_is_neither_lost_nor_made(
            open in prop::collection::vec(0_i64..1_000_000, 0..12),
            amount in 0_i64..5_000_000,
            tds in 0_i64..500_000,
        ) {
            let open: Vec<Paise> = open.into_iter().map(Paise).collect();
            let (shares, money, held) = allocate(&open, Paise(amount), Paise(tds));
            prop_assert_eq!(shares.len(), open.len());
            let paid: i64 = shares.iter().map(|share| share.amount.0).sum();
            let kept: i64 = shares.iter().map(|share| share.tds.0).sum();
            prop_assert_eq!(paid + money.0, amount);
            prop_assert_eq!(kept + held.0, tds);
            for (share, open) in shares.iter().zip(&open) {
                prop_assert!(share.amount.0 >= 0 && share.tds.0 >= 0);
                prop_assert!(share.amount.0 + share.tds.0 <= open.0);
            }
            let all: i64 = open.iter().map(|open| open.0).sum();
            prop_assert!(paid + kept == all.min(amount + tds) || held.0 > 0 || money.0 > 0);
        }
    }
}
