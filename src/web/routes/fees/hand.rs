//! Fees entered by hand, and fees taken back.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{Fields, day, money_of, optional_amount, refused, work, works, wrong};
use crate::app::App;
use crate::fees::{FeeError, FeeKind, NewFee};
use crate::kernel::permission::permit::ReadBilling;
use crate::kernel::{CaseId, FeeId, day_in_india};
use crate::web::Area;
use crate::web::cases::CaseTab;
use crate::web::fees::{FeePage, Typed};
use crate::web::page::render;
use crate::web::routes::{Allowed, Failure, Form, Viewer};

async fn page(app: &App, viewer: &Viewer, case: CaseId, typed: Typed) -> Result<FeePage, Failure> {
    let sees = app.fees.sees(viewer.scope(), case).await;
    if !sees.map_err(|error| viewer.failure(error))? {
        return Err(viewer.not_found());
    }
    let kinds = [FeeKind::Conference, FeeKind::Drafting, FeeKind::Other];
    let kinds = kinds.map(|kind| (kind.to_string(), kind.words()));
    Ok(FeePage {
        layout: viewer.layout("Fee", Area::Cases),
        tabs: viewer.case_tabs(app, case, CaseTab::Money).await?,
        case,
        kinds: typed.choices("kind", kinds),
        works: works(&typed, "work"),
        typed,
    })
}

pub(super) async fn new(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Path(case): Path<CaseId>,
) -> Result<FeePage, Failure> {
    let today = day_in_india(app.clock.now());
    let typed = Typed::of([("on", today.to_string()), ("quantity", "1".to_owned())]);
    page(&app, &viewer, case, typed).await
}

/// A fee as it was typed.
fn new_fee(typed: &Typed, case: CaseId) -> Result<NewFee, FeeError> {
    let kind = typed.text("kind").parse();
    let quantity = match typed.text("quantity") {
        "" => 1,
        text => text.parse().map_err(|_| wrong("quantity", "write how many, such as 2"))?,
    };
    Ok(NewFee {
        case,
        kind: kind.map_err(|_| wrong("kind", "choose what the fee is for"))?,
        on: day(typed, "on")?,
        description: typed.text("description").to_owned(),
        work: work(typed, "work")?,
        quantity,
        amount: optional_amount(typed, "amount")?,
    })
}

pub(super) async fn add(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Path(case): Path<CaseId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let typed = Typed::new(fields);
    let done = match new_fee(&typed, case) {
        Ok(new) => app.fees.add_fee(viewer.scope(), new).await.map(drop),
        Err(error) => Err(error),
    };
    let Err(error) = done else { return Ok(Redirect::to(&money_of(case)).into_response()) };
    let typed = refused(&viewer, error, typed)?;
    let page = page(&app, &viewer, case, typed).await?;
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

#[derive(Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    case: String,
}

pub(super) async fn take_back(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Path(id): Path<FeeId>,
    Form(Back { case }): Form<Back>,
) -> Result<Redirect, Failure> {
    let done = app.fees.take_back_fee(viewer.scope(), id).await;
    done.map_err(|error| viewer.failure(error))?;
    Ok(case.parse().map_or_else(|_| Redirect::to("/fees"), |case| Redirect::to(&money_of(case))))
}
