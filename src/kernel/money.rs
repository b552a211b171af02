//! Money in whole minor units; never a floating-point number.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! amounts {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize,
            sqlx::Type, ToSchema,
        )]
        #[serde(transparent)]
        #[sqlx(transparent)]
        #[schema(value_type = i64)]
        pub struct $name(pub i64);

        impl Add for $name {
            type Output = Self;

            fn add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
                amounts.fold(Self(0), Add::add)
            }
        }
    )+};
}

amounts! {
    /// Indian money: hundredths of a rupee.
    Paise,
    /// Millionths of a US dollar, the unit model prices are kept in.
    MicroDollars,
}

impl MicroDollars {
    /// The amount in paise at a rate of paise per dollar, rounded half up.
    #[must_use]
    pub fn to_paise(self, paise_per_dollar: i64) -> Paise {
        let exact = i128::from(self.0) * i128::from(paise_per_dollar);
        let rounded = (exact + 500_000).div_euclid(1_000_000);
        Paise(i64::try_from(rounded).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for MicroDollars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let whole = self.0.unsigned_abs();
        write!(f, "{sign}${}.{:06}", whole / 1_000_000, whole % 1_000_000)
    }
}

impl fmt::Display for Paise {
    /// Rupees in lakh and crore grouping: `₹12,34,567.89`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let whole = self.0.unsigned_abs();
        write!(f, "{sign}₹{}.{:02}", lakh_grouping(whole / 100), whole % 100)
    }
}

/// Groups the last three digits, then pairs, as Indian accounts are written.
fn lakh_grouping(rupees: u64) -> String {
    let digits = rupees.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 2);
    for (place, digit) in digits.chars().enumerate() {
        let left = digits.len() - place;
        if place > 0 && left >= 3 && (left - 3).is_multiple_of(2) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rupees_are_grouped_in_lakhs_and_crores() {
        let shown = |paise| Paise(paise).to_string();
        assert_eq!(shown(0), "₹0.00");
        assert_eq!(shown(99_999), "₹999.99");
        assert_eq!(shown(100_000), "₹1,000.00");
        assert_eq!(shown(1_234_567_890), "₹1,23,45,678.90");
        assert_eq!(shown(-5), "-₹0.05");
    }

    #[test]
    fn dollars_become_paise_rounded_half_up() {
        assert_eq!(MicroDollars(1_000_000).to_paise(8_800), Paise(8_800));
        assert_eq!(MicroDollars(57).to_paise(8_800), Paise(1));
        assert_eq!(MicroDollars(56).to_paise(8_800), Paise(0));
    }
}
