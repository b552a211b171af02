//! What is typed into the forms of money.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

use super::super::viewer::{Viewer, sentence};
use super::Failure;
use crate::billing::{BillingError, Mode};
use crate::fees::FeeError;
use crate::kernel::Paise;

/// A form, by field.
pub(super) type Fields = BTreeMap<String, String>;

/// What was typed into a field; empty is nothing.
pub(super) fn text(form: &Fields, name: &str) -> Option<String> {
    form.get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn wrong<T>(field: &'static str, why: &str) -> Result<T, BillingError> {
    Err(BillingError::Field { field, why: why.to_owned() })
}

/// Rupees as they are typed, `1,250.50`, to the paisa.
pub(super) fn rupees(form: &Fields, name: &'static str) -> Result<Option<Paise>, BillingError> {
    let Some(typed) = text(form, name) else { return Ok(None) };
    let plain: String = typed.chars().filter(|letter| !"₹, ".contains(*letter)).collect();
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    let words = "type an amount in rupees, such as 1,250.50";
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 2 {
        return wrong(name, words);
    }
    match format!("{whole}{part:0<2}").parse() {
        Ok(paise) => Ok(Some(Paise(paise))),
        Err(_) => wrong(name, words),
    }
}

/// Rupees that must be typed.
pub(super) fn needed(form: &Fields, name: &'static str) -> Result<Paise, BillingError> {
    match rupees(form, name)? {
        Some(paise) => Ok(paise),
        None => wrong(name, "type an amount in rupees, such as 1,250.50"),
    }
}

/// A day; none when nothing was typed.
pub(super) fn day(form: &Fields, name: &'static str) -> Result<Option<NaiveDate>, BillingError> {
    match text(form, name).map(|typed| typed.parse()) {
        None => Ok(None),
        Some(Ok(day)) => Ok(Some(day)),
        Some(Err(_)) => wrong(name, "choose a day"),
    }
}

/// A whole number; none when nothing was typed.
pub(super) fn number(form: &Fields, name: &'static str) -> Result<Option<u32>, BillingError> {
    match text(form, name).map(|typed| typed.parse()) {
        None => Ok(None),
        Some(Ok(number)) => Ok(Some(number)),
        Some(Err(_)) => wrong(name, "type a whole number"),
    }
}

/// A percentage to two places, in hundredths of a percent.
pub(super) fn percent(form: &Fields, name: &'static str) -> Result<i64, BillingError> {
    let plain: Fields =
        form.iter().map(|(name, text)| (name.clone(), text.replace('%', ""))).collect();
    match rupees(&plain, name) {
        Ok(Some(paise)) => Ok(paise.0),
        _ => wrong(name, "type a percentage, such as 10 or 7.5"),
    }
}

pub(super) fn mode(form: &Fields) -> Mode {
    text(form, "mode").and_then(|mode| Mode::parse(&mode)).unwrap_or_default()
}

/// The words of a failure that the person who typed can mend, and the field they are about;
/// others show the page of the failure.
pub(super) fn mendable(
    viewer: &Viewer,
    error: BillingError,
) -> Result<(&'static str, String), Failure> {
    match error {
        BillingError::Field { field, why } => Ok((field, sentence(&why))),
        BillingError::Unfit(words) => Ok(("", sentence(words))),
        BillingError::Fees(error @ (FeeError::Billed | FeeError::Unfit { .. })) => {
            Ok(("", sentence(&error.to_string())))
        }
        error => Err(viewer.failure(error)),
    }
}

/// A page with a form that was refused.
pub(super) fn refused(page: impl IntoResponse) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_to_the_paisa() {
        let read = |typed: &str| {
            rupees(&Fields::from([("amount".to_owned(), typed.to_owned())]), "amount")
        };
        assert_eq!(read("1,250.50").unwrap(), Some(Paise(125_050)));
        assert_eq!(read("₹ 10").unwrap(), Some(Paise(1_000)));
        assert_eq!(read(" ").unwrap(), None);
        for bad in ["-1", "1.234", "ten", ".5", "99999999999999999999"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn percentages_are_read_to_two_places() {
        let read = |typed: &str| {
            percent(&Fields::from([("percent".to_owned(), typed.to_owned())]), "percent").ok()
        };
        assert_eq!(read("10 %"), Some(1_000));
        assert_eq!(read("7.5"), Some(750));
        assert_eq!(read(""), None);
    }
}
