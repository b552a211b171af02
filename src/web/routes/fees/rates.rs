//! What an hour costs.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::{Fields, day, optional_amount, refused, wrong};
use crate::app::App;
use crate::fees::{FeeError, NewRate, Rate, Rounding, Work};
use crate::kernel::permission::permit::{ReadBilling, SetRates};
use crate::kernel::{CaseId, UserId, day_in_india};
use crate::web::Area;
use crate::web::cases::CaseTab;
use crate::web::fees::{RateRow, RatesPage, Typed};
use crate::web::page::render;
use crate::web::parts::Choice;
use crate::web::routes::{Allowed, Failure, Form, Viewer};
use crate::web::show::Day;

/// The page, of the chamber or of one case.
async fn page(
    app: &App,
    viewer: &Viewer,
    case: Option<CaseId>,
    typed: Typed,
) -> Result<RatesPage, Failure> {
    let scope = viewer.scope();
    let rates = app.fees.rates(scope, case).await.map_err(|error| viewer.failure(error))?;
    let today = day_in_india(app.clock.now());
    let tabs = match case {
        Some(case) => Some(viewer.case_tabs(app, case, CaseTab::Money).await?),
        None => None,
    };
    let users = app.auth.users(scope).await.map_err(|error| viewer.failure(error))?;
    let users = users.iter().filter(|user| user.active && user.client_id.is_none());
    let people = typed.choices("user", users.map(|user| (user.id.to_string(), user.name.as_str())));
    let (mut cases, mut clients) = (Vec::new(), Vec::new());
    if case.is_none() {
        let names = app.cases.names(scope).await.map_err(|error| viewer.failure(error))?;
        let rows = names.iter().map(|case| (case.id.to_string(), case.title.as_str()));
        cases = typed.choices("case", rows);
        let all = app.clients.list(scope).await.map_err(|error| viewer.failure(error))?;
        let rows = all.iter().map(|client| (client.id.to_string(), client.name.as_str()));
        clients = typed.choices("client", rows);
    }
    let chosen = typed.text("work").to_owned();
    let works = Work::ALL.into_iter().map(|work| Choice {
        value: work.to_string(),
        label: format!("{work} {}", work.words()),
        chosen: work.as_str() == chosen,
    });
    let steps = Rounding::ALL.into_iter().map(|way| (way.minutes().to_string(), way.words()));
    Ok(RatesPage {
        layout: viewer.layout("Rates", if case.is_some() { Area::Cases } else { Area::Rates }),
        tabs,
        action: case
            .map_or_else(|| "/admin/rates".to_owned(), |case| format!("/cases/{case}/rates")),
        rates: rates.into_iter().map(|rate| row(rate, Day(today))).collect(),
        people,
        clients,
        cases,
        works: works.collect(),
        steps: typed.choices("rounding", steps),
        typed,
    })
}

fn row(rate: Rate, today: Day) -> RateRow {
    let who = rate.user.map_or_else(|| "of everybody".to_owned(), |(_, name)| format!("of {name}"));
    let of = match (rate.case, rate.client) {
        (Some((_, title)), _) => format!("{who} in {title}"),
        (None, Some((_, name))) => format!("{who} for {name}"),
        (None, None) => who,
    };
    RateRow {
        of,
        work: rate.work.map(|work| format!("{work} {}", work.words())),
        per_hour: rate.per_hour.map(|amount| amount.to_string()),
        steps: rate.rounding.words(),
        from: Day(rate.valid_from),
        begun: rate.valid_from <= today.0,
        set_by: rate.set_by,
        set_at: rate.set_at.into(),
    }
}

/// A rate as it was typed.
fn new_rate(typed: &Typed, case: Option<CaseId>) -> Result<NewRate, FeeError> {
    let chosen = |field| (!typed.text(field).is_empty()).then(|| typed.text(field));
    let user = chosen("user").map(str::parse::<UserId>).transpose();
    let client = chosen("client").map(str::parse).transpose();
    let work = chosen("work").map(str::parse).transpose();
    let named = chosen("case").map(str::parse).transpose();
    let named = named.map_err(|_| wrong("case", "choose the case"))?;
    let steps = typed.text("rounding").parse().ok().and_then(Rounding::of);
    Ok(NewRate {
        case: case.or(named),
        client: client
            .map_err(|_| wrong("client", "choose the client"))?
            .filter(|_| case.is_none()),
        user: user.map_err(|_| wrong("user", "choose the person"))?,
        work: work.map_err(|_| wrong("work", "choose the class of work"))?,
        per_hour: optional_amount(typed, "per_hour")?,
        rounding: steps.unwrap_or_default(),
        valid_from: day(typed, "valid_from")?,
    })
}

/// Sets a rate and leads back to the page, or shows it with what was wrong.
async fn set(
    app: &App,
    viewer: &Viewer,
    case: Option<CaseId>,
    fields: Fields,
) -> Result<Response, Failure> {
    let typed = Typed::new(fields);
    let done = match new_rate(&typed, case) {
        Ok(new) => app.fees.set_rate(viewer.scope(), new).await.map(drop),
        Err(error) => Err(error),
    };
    let Err(error) = done else {
        let to = case.map_or_else(|| "/admin/rates".into(), |case| format!("/cases/{case}/rates"));
        return Ok(Redirect::to(&to).into_response());
    };
    let typed = refused(viewer, error, typed)?;
    let page = page(app, viewer, case, typed).await?;
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// An empty form, from today on.
fn empty(app: &App) -> Typed {
    Typed::of([("valid_from", day_in_india(app.clock.now()).to_string())])
}

pub(super) async fn of_chamber(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SetRates>,
) -> Result<RatesPage, Failure> {
    page(&app, &viewer, None, empty(&app)).await
}

pub(super) async fn set_of_chamber(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SetRates>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    set(&app, &viewer, None, fields).await
}

pub(super) async fn of_case(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Path(id): Path<CaseId>,
) -> Result<RatesPage, Failure> {
    page(&app, &viewer, Some(id), empty(&app)).await
}

pub(super) async fn set_of_case(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Path(id): Path<CaseId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    set(&app, &viewer, Some(id), fields).await
}
