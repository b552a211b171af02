//! Reading what was typed: every field is text, and an empty one says nothing.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveTime};

use crate::hearings::HearingError;
use crate::kernel::Paise;
use crate::web::hearings::Typed;
use crate::web::routes::viewer::sentence;

/// The fields of a form, as they were sent.
pub(super) type Sent = BTreeMap<String, String>;

/// A field that was filled in.
pub(super) fn text(sent: &Sent, name: &str) -> Option<String> {
    sent.get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A day.
pub(super) fn day(sent: &Sent, name: &str) -> Result<Option<NaiveDate>, HearingError> {
    let read = |text: String| text.parse().ok();
    read_as(sent, name, read, "enter the day as a date, such as 2026-12-31")
}

/// A time of day.
pub(super) fn time(sent: &Sent, name: &str) -> Result<Option<NaiveTime>, HearingError> {
    let read = |text: String| NaiveTime::parse_from_str(text.get(..5)?, "%H:%M").ok();
    read_as(sent, name, read, "enter the time as hours and minutes, such as 10:30")
}

/// One of some words.
pub(super) fn word<T: FromStr>(sent: &Sent, name: &str) -> Result<Option<T>, HearingError> {
    read_as(sent, name, |text: String| text.parse().ok(), "choose one of the list")
}

/// An amount in rupees, with or without paise: `1,500` or `1500.50`.
pub(super) fn rupees(sent: &Sent, name: &str) -> Result<Option<Paise>, HearingError> {
    read_as(sent, name, |text| paise(&text), "enter the amount in rupees, such as 1500")
}

fn read_as<T>(
    sent: &Sent,
    name: &str,
    read: impl Fn(String) -> Option<T>,
    wrong: &'static str,
) -> Result<Option<T>, HearingError> {
    match text(sent, name) {
        Some(text) => read(text).map(Some).ok_or(HearingError::Unfit(wrong)),
        None => Ok(None),
    }
}

fn paise(text: &str) -> Option<Paise> {
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | ' ' | '₹')).collect();
    let (rupees, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if rupees.is_empty() || !digits(rupees) || !digits(rest) || rest.len() > 2 {
        return None;
    }
    let rest: i64 = format!("{rest:0<2}").parse().ok()?;
    let rupees: i64 = rupees.parse().ok()?;
    rupees.checked_mul(100)?.checked_add(rest).map(Paise)
}

/// A form that was refused, to be shown again with what was typed.
pub(super) fn refused(form: String, fields: Sent, error: &HearingError) -> Typed {
    Typed { form, fields, error: Some(sentence(&error.to_string())) }
}

/// Whether an error is about what was typed, and not about whether it may be done.
pub(super) const fn is_slip(error: &HearingError) -> bool {
    matches!(error, HearingError::Unfit(_) | HearingError::Withdrawn | HearingError::Meanwhile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        assert_eq!(paise("1,500"), Some(Paise(150_000)));
        assert_eq!(paise("₹ 1500.5"), Some(Paise(150_050)));
        assert_eq!(paise("0.05"), Some(Paise(5)));
        for wrong in ["", "-5", "1.234", "a", "99999999999999999999"] {
            assert_eq!(paise(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_empty_field_says_nothing_and_a_wrong_one_is_refused() {
        let sent: Sent =
            [("a".to_owned(), " ".to_owned()), ("b".to_owned(), "x".to_owned())].into();
        assert_eq!(day(&sent, "a").unwrap(), None);
        assert!(day(&sent, "b").is_err());
        assert!(time(&sent, "b").is_err());
    }
}
