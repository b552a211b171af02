//! Time, rates, agreed fees and expenses.

mod agreements;
mod case;
mod entry;
mod expenses;
mod hand;
mod proposed;
mod rates;
mod time;
mod timers;

use std::collections::HashMap;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use chrono::NaiveDate;

use super::viewer::sentence;
use super::{Failure, Viewer};
use crate::app::App;
use crate::fees::{FeeError, LARGEST_RECEIPT, Work, rupees};
use crate::kernel::{CaseId, Paise, Permission};
use crate::web::fees::Typed;
use crate::web::parts::Choice;

/// What the form around a receipt may add.
const FORM: usize = 64 << 10;

/// The fields of a form.
type Fields = HashMap<String, String>;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/time", get(time::show).post(entry::add))
        .route("/time/new", get(entry::new))
        .route("/time/{id}", get(entry::edit).post(entry::change))
        .route("/time/{id}/adjust", post(entry::adjust))
        .route("/time/{id}/delete", post(entry::delete))
        .route("/time/timer/start", post(timers::start))
        .route("/time/timer/pause", post(timers::pause))
        .route("/time/timer/resume", post(timers::resume))
        .route("/time/timer/stop", post(timers::stop))
        .route("/time/drafts/{id}", get(timers::draft))
        .route("/time/drafts/{id}/discard", post(timers::discard))
        .route("/admin/rates", get(rates::of_chamber).post(rates::set_of_chamber))
        .route("/cases/{id}/rates", get(rates::of_case).post(rates::set_of_case))
        .route("/cases/{id}/money", get(case::show))
        .route("/cases/{id}/agreements/new", get(agreements::new))
        .route("/cases/{id}/agreements", post(agreements::add))
        .route("/agreements/{id}/end", post(agreements::end))
        .route("/agreed-fees/{id}/reached", post(agreements::reach))
        .route("/cases/{id}/fees/new", get(hand::new))
        .route("/cases/{id}/fees", post(hand::add))
        .route("/fees", get(proposed::show))
        .route("/fees/decide", post(proposed::decide))
        .route("/fees/{id}/remove", post(hand::take_back))
        .route("/cases/{id}/expenses/new", get(expenses::new))
        .route("/cases/{id}/expenses", post(expenses::add))
        .route("/expenses/{id}", get(expenses::edit).post(expenses::change))
        .route("/expenses/{id}/delete", post(expenses::delete))
        .route(
            "/expenses/{id}/receipt",
            post(expenses::keep_receipt).layer(DefaultBodyLimit::max(LARGEST_RECEIPT + FORM)),
        )
}

/// What was typed, with what is wrong with it; a page of its own for what is wrong
/// otherwise.
fn refused(viewer: &Viewer, error: FeeError, typed: Typed) -> Result<Typed, Failure> {
    match error {
        FeeError::Unfit { field, words } => Ok(typed.refused(field, sentence(words))),
        other => Err(viewer.failure(other)),
    }
}

/// What does not fit, at the field it was typed into.
const fn wrong(field: &'static str, words: &'static str) -> FeeError {
    FeeError::Unfit { field, words }
}

/// A day that was chosen.
fn day(typed: &Typed, field: &'static str) -> Result<NaiveDate, FeeError> {
    typed.text(field).parse().map_err(|_| wrong(field, "choose the day, such as 2026-11-30"))
}

/// A day, where one was chosen.
fn optional_day(typed: &Typed, field: &'static str) -> Result<Option<NaiveDate>, FeeError> {
    if typed.text(field).is_empty() { Ok(None) } else { day(typed, field).map(Some) }
}

/// An amount, where one was typed.
fn optional_amount(typed: &Typed, field: &'static str) -> Result<Option<Paise>, FeeError> {
    let text = typed.text(field);
    if text.is_empty() {
        return Ok(None);
    }
    let words = "write the amount in rupees, such as 1,250.50";
    rupees(text).map(Some).ok_or(wrong(field, words))
}

/// The class of work that was chosen.
fn work(typed: &Typed, field: &'static str) -> Result<Work, FeeError> {
    let text = typed.text(field);
    if text.is_empty() {
        return Ok(Work::default());
    }
    text.parse().map_err(|_| wrong(field, "choose the class of work"))
}

/// The classes of work, of which the typed one is chosen.
fn works(typed: &Typed, field: &str) -> Vec<Choice> {
    let typed = typed.text(field);
    let default = if typed.is_empty() { Work::default().as_str() } else { typed };
    let choice = |work: Work| Choice {
        value: work.to_string(),
        label: format!("{work} {}", work.words()),
        chosen: work.as_str() == default,
    };
    Work::ALL.into_iter().map(choice).collect()
}

/// The cases the viewer works on, of which the typed one is chosen.
async fn worked_on(app: &App, viewer: &Viewer, typed: &Typed) -> Result<Vec<Choice>, Failure> {
    let scope = viewer.scope();
    if !scope.may(Permission::KeepTime) {
        return Ok(Vec::new());
    }
    let cases = app.cases.names(scope).await.map_err(|error| viewer.failure(error))?;
    let chosen = typed.text("case");
    let open = cases.into_iter().filter(|case| {
        scope.works_on(case.id) && (case.status == "open" || case.id.to_string() == chosen)
    });
    Ok(open
        .map(|case| Choice {
            chosen: case.id.to_string() == chosen,
            value: case.id.to_string(),
            label: case.title,
        })
        .collect())
}

/// An amount as a form takes it.
fn typed_amount(amount: Paise) -> String {
    format!("{}.{:02}", amount.0 / 100, amount.0 % 100)
}

/// The page of a case's money.
fn money_of(case: CaseId) -> String {
    format!("/cases/{case}/money")
}
