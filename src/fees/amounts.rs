//! Lengths of time, rupees and per cents as people type them, read exactly; and what time
//! comes to.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::Paise;

/// In what steps time is billed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TimeRounding)]
pub enum Rounding {
    /// By the minute.
    #[default]
    Exact,
    /// Each begun tenth of an hour in full.
    SixMinutes,
    /// Each begun quarter of an hour in full.
    QuarterHour,
}

impl Rounding {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Exact, Self::SixMinutes, Self::QuarterHour];

    /// The step in minutes: the stored form.
    #[must_use]
    pub const fn minutes(self) -> i64 {
        match self {
            Self::Exact => 1,
            Self::SixMinutes => 6,
            Self::QuarterHour => 15,
        }
    }

    /// The way with a step of so many minutes.
    #[must_use]
    pub fn of(minutes: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.minutes() == minutes)
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Exact => "by the minute",
            Self::SixMinutes => "in steps of 6 minutes, upwards",
            Self::QuarterHour => "in steps of 15 minutes, upwards",
        }
    }

    /// The minutes that are billed for some that were worked.
    #[must_use]
    pub const fn billed(self, minutes: i64) -> i64 {
        let step = self.minutes();
        if minutes <= 0 { 0 } else { (minutes - 1) / step * step + step }
    }
}

/// What some minutes come to, rounded half up to a paisa.
#[must_use]
pub fn amount(minutes: i64, per_hour: Paise) -> Paise {
    let exact = i128::from(minutes) * i128::from(per_hour.0);
    Paise(i64::try_from((exact + 30).div_euclid(60)).unwrap_or(i64::MAX))
}

/// A part of an amount in hundredths of a per cent, rounded half up to a paisa.
#[must_use]
pub fn share(of: Paise, basis_points: i64) -> Paise {
    let exact = i128::from(of.0) * i128::from(basis_points);
    Paise(i64::try_from((exact + 5_000).div_euclid(10_000)).unwrap_or(i64::MAX))
}

/// Minutes in words: `1 h 30 min`.
#[must_use]
pub fn time_words(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, rest) => format!("{hours} h {rest} min"),
    }
}

/// What was typed, in small letters, without spaces and with digits of English.
fn plain(text: &str) -> String {
    let digit = |letter: char| match letter {
        '०'..='९' => char::from_digit(u32::from(letter) - u32::from('०'), 10).unwrap_or(letter),
        other => other,
    };
    let kept = text.chars().filter(|letter| !letter.is_whitespace()).map(digit);
    kept.collect::<String>().to_lowercase()
}

fn number(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// A length of time in whole minutes: `90`, `1:30`, `1.5h`, `1h30`, `1 h 30 min`, `45m`.
/// None for what is none of these, is no whole number of minutes (`0.33h`), or could be
/// meant in two ways (`1.5`).
#[must_use]
pub fn minutes(text: &str) -> Option<u32> {
    let text = plain(text);
    if let Some((hours, rest)) = text.split_once(':') {
        let rest = (rest.len() == 2).then(|| number(rest)).flatten().filter(|rest| *rest < 60)?;
        return number(hours)?.checked_mul(60)?.checked_add(rest);
    }
    let Some((hours, rest)) = text.split_once('h') else {
        return number(without(&text, &["minutes", "minute", "mins", "min", "m"]));
    };
    let ends = ["ours", "our", "rs", "r"];
    let rest = ends.iter().find_map(|end| rest.strip_prefix(end)).unwrap_or(rest);
    if let Some((whole, part)) = hours.split_once('.') {
        let scale = 10_u32.checked_pow(u32::try_from(part.len()).ok()?)?;
        let sixtieths = number(part)?.checked_mul(60)?;
        let exact = rest.is_empty() && sixtieths.is_multiple_of(scale);
        return exact.then(|| number(whole)?.checked_mul(60)?.checked_add(sixtieths / scale))?;
    }
    let rest = match without(rest, &["minutes", "minute", "mins", "min", "m"]) {
        "" => 0,
        rest => number(rest).filter(|rest| *rest < 60)?,
    };
    number(hours)?.checked_mul(60)?.checked_add(rest)
}

fn without<'a>(text: &'a str, ends: &[&str]) -> &'a str {
    ends.iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text)
}

/// Hundredths of what was typed with at most two decimals; commas are left out.
fn hundredths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || whole.len() > 12 || part.len() > 2 {
        return None;
    }
    let tens = if part.len() == 1 { 10 } else { 1 };
    let whole: i64 = whole.parse().ok()?;
    whole.checked_mul(100)?.checked_add(part.parse::<i64>().ok()? * tens)
}

/// An amount as typed in rupees: `1,500`, `₹1500.50`, `Rs. 1,500/-`.
#[must_use]
pub fn rupees(text: &str) -> Option<Paise> {
    let text = plain(text).replace(',', "");
    let marks = ["₹", "rs.", "rs", "inr"];
    let text = marks.iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(&text);
    hundredths(without(text, &["/-"])).map(Paise)
}

/// A share as typed in per cent, in hundredths of it: `10`, `12.5 %`; at most 100.
#[must_use]
pub fn per_cent(text: &str) -> Option<i64> {
    let text = plain(text);
    hundredths(without(&text, &["%"])).filter(|points| (1..=10_000).contains(points))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read_exactly() {
        for (text, is) in [
            ("90", 90),
            ("1:30", 90),
            ("1.5h", 90),
            ("1h30", 90),
            ("1 h 30 min", 90),
            ("2 hours", 120),
            ("1.25 hrs", 75),
            ("45m", 45),
            ("0:06", 6),
            ("0.1h", 6),
            ("१:३०", 90),
        ] {
            assert_eq!(minutes(text), Some(is), "{text}");
        }
        for text in ["", "1.5", "0.33h", "1:60", "1:5", "1h60", "-5", "1.5h30", "h", ":30", "९x"]
        {
            assert_eq!(minutes(text), None, "{text}");
        }
    }

    #[test]
    fn rupees_and_per_cents_are_read_to_the_hundredth() {
        for (text, is) in [
            ("1,500", 150_000),
            ("₹1500.50", 150_050),
            ("Rs. 1,500/-", 150_000),
            ("0.5", 50),
            ("१००", 10_000),
        ] {
            assert_eq!(rupees(text), Some(Paise(is)), "{text}");
        }
        for text in ["", "-1", "1.234", "1e3", "ten", ".5"] {
            assert_eq!(rupees(text), None, "{text}");
        }
        assert_eq!(per_cent("12.5 %"), Some(1_250));
        assert_eq!(per_cent("100"), Some(10_000));
        assert_eq!(per_cent("100.01"), None);
        assert_eq!(per_cent("0"), None);
    }

    #[test]
    fn time_is_billed_in_begun_steps() {
        assert_eq!(Rounding::Exact.billed(7), 7);
        assert_eq!(Rounding::SixMinutes.billed(6), 6);
        assert_eq!(Rounding::SixMinutes.billed(7), 12);
        assert_eq!(Rounding::QuarterHour.billed(1), 15);
        assert_eq!(Rounding::QuarterHour.billed(0), 0);
    }

    #[test]
    fn amounts_are_rounded_half_up_to_a_paisa() {
        assert_eq!(amount(90, Paise(500_000)), Paise(750_000));
        assert_eq!(amount(1, Paise(100)), Paise(2));
        assert_eq!(amount(1, Paise(89)), Paise(1));
        assert_eq!(amount(30, Paise(1)), Paise(1));
        assert_eq!(share(Paise(12_345), 1_000), Paise(1_235));
        assert_eq!(share(Paise(12_344), 1_000), Paise(1_234));
        assert_eq!(share(Paise(100_000), 1_000), Paise(10_000));
    }
}
