//! What was agreed on the fees of a case.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{
    Fields, money_of, optional_amount, optional_day, refused, sentence, work, works, wrong,
};
use crate::app::App;
use crate::fees::{DraftUnit, FeeError, FeeModel, NewAgreedFee, NewAgreement, Work, per_cent};
use crate::kernel::permission::permit::ReadBilling;
use crate::kernel::{AgreedFeeId, CaseId, FeeAgreementId, day_in_india};
use crate::web::Area;
use crate::web::cases::CaseTab;
use crate::web::fees::{AgreementLine, AgreementPage, Typed};
use crate::web::page::render;
use crate::web::routes::{Allowed, Failure, Form, Viewer};

/// How many fees the form has places for.
const PLACES: usize = 5;
/// How many documents are offered as the letter.
const LETTERS: usize = 200;

async fn page(
    app: &App,
    viewer: &Viewer,
    case: CaseId,
    typed: Typed,
) -> Result<AgreementPage, Failure> {
    let scope = viewer.scope();
    let sees = app.fees.sees(scope, case).await.map_err(|error| viewer.failure(error))?;
    if !sees {
        return Err(viewer.not_found());
    }
    let tabs = viewer.case_tabs(app, case, CaseTab::Money).await?;
    // Who keeps the books without the case being open to them knows no document of it.
    let mut documents = Vec::new();
    if scope.opens(case) {
        let all = app.documents.list(scope, case).await;
        documents = all.map_err(|error| viewer.failure(error))?;
    }
    let named = documents.iter().take(LETTERS).map(|one| (one.id.to_string(), one.title.as_str()));
    let letters = typed.choices("letter", named);
    let lines = (1..=PLACES).map(|number| {
        let models = FeeModel::ALL.into_iter().map(|model| (model.to_string(), model.words()));
        let units = [DraftUnit::Document, DraftUnit::Page]
            .map(|unit| (unit.as_str().to_owned(), unit.as_str()));
        AgreementLine {
            number,
            models: typed.choices(&format!("model_{number}"), models),
            works: works(&typed, &format!("work_{number}")),
            units: typed.choices(&format!("unit_{number}"), units),
        }
    });
    Ok(AgreementPage {
        lines: lines.collect(),
        layout: viewer.layout("Fee agreement", Area::Cases),
        tabs,
        letters,
        typed,
    })
}

pub(super) async fn new(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Path(case): Path<CaseId>,
) -> Result<AgreementPage, Failure> {
    let today = day_in_india(app.clock.now());
    let typed = Typed::of([("agreed_on", today.to_string()), ("gst_extra", "yes".to_owned())]);
    page(&app, &viewer, case, typed).await
}

/// What is wrong with the form: the field and the words.
type Wrong = (String, String);

fn told(error: FeeError, line: Option<usize>) -> Result<Wrong, FeeError> {
    match (error, line) {
        (FeeError::Unfit { field, words }, Some(line)) => {
            Ok((format!("{field}_{line}"), sentence(words)))
        }
        (other, _) => Err(other),
    }
}

/// A line as it was typed; none where its place is empty.
fn new_line(typed: &Typed, number: usize) -> Result<Option<NewAgreedFee>, FeeError> {
    let text = |name: &str| typed.text(&format!("{name}_{number}")).to_owned();
    let model = text("model");
    if model.is_empty() {
        return Ok(None);
    }
    // The fields of one line, as those of a form of its own.
    let line = Typed::of(
        ["amount", "not_reached", "adjourned", "due_on", "work"].map(|name| (name, text(name))),
    );
    let percent = text("percent");
    let basis_points = if percent.is_empty() {
        None
    } else {
        let words = "write the share in per cent, such as 10 or 12.5";
        Some(per_cent(&percent).ok_or(wrong("percent", words))?)
    };
    let new = NewAgreedFee {
        model: model.parse().map_err(|_| wrong("model", "choose how the fee is counted"))?,
        description: Some(text("description")),
        work: work(&line, "work").unwrap_or(Work::OtherFields),
        amount: optional_amount(&line, "amount")?,
        not_reached: optional_amount(&line, "not_reached")?,
        adjourned: optional_amount(&line, "adjourned")?,
        basis_points,
        unit: text("unit").parse().ok(),
        due_on: optional_day(&line, "due_on")?,
    };
    new.checked().map(Some)
}

/// The agreement without its lines, as it was typed.
fn new_agreement(typed: &Typed, case: CaseId) -> Result<NewAgreement, FeeError> {
    let agreed_on = super::day(typed, "agreed_on")?;
    let letter = match typed.text("letter") {
        "" => None,
        id => Some(id.parse().map_err(|_| wrong("letter", "choose the signed letter"))?),
    };
    Ok(NewAgreement {
        case,
        agreed_on,
        valid_from: optional_day(typed, "valid_from")?.unwrap_or(agreed_on),
        valid_to: optional_day(typed, "valid_to")?,
        letter,
        gst_extra: typed.ticked("gst_extra"),
        cap: optional_amount(typed, "cap")?,
        note: Some(typed.text("note").to_owned()),
        lines: Vec::new(),
    })
}

pub(super) async fn add(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Path(case): Path<CaseId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let typed = Typed::new(fields);
    let mut lines = Vec::new();
    for number in 1..=PLACES {
        match new_line(&typed, number) {
            Ok(line) => lines.extend(line),
            Err(error) => {
                let (field, words) =
                    told(error, Some(number)).map_err(|error| viewer.failure(error))?;
                let page = page(&app, &viewer, case, typed.refused(&field, words)).await?;
                return Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page));
            }
        }
    }
    let done = match new_agreement(&typed, case) {
        Ok(new) => app.fees.agree(viewer.scope(), NewAgreement { lines, ..new }).await.map(drop),
        Err(error) => Err(error),
    };
    let Err(error) = done else { return Ok(Redirect::to(&money_of(case)).into_response()) };
    let typed = refused(&viewer, error, typed)?;
    let page = page(&app, &viewer, case, typed).await?;
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

#[derive(Deserialize)]
pub(super) struct End {
    #[serde(default)]
    last: String,
    #[serde(default)]
    case: String,
}

pub(super) async fn end(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Path(id): Path<FeeAgreementId>,
    Form(End { last, case }): Form<End>,
) -> Result<Redirect, Failure> {
    let last = last.trim().parse();
    let last = last.map_err(|_| viewer.failure(wrong("last", "choose the last day")))?;
    let done = app.fees.end_agreement(viewer.scope(), id, last).await;
    done.map_err(|error| viewer.failure(error))?;
    Ok(back(&case))
}

#[derive(Deserialize)]
pub(super) struct Reached {
    #[serde(default)]
    case: String,
}

pub(super) async fn reach(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Path(id): Path<AgreedFeeId>,
    Form(Reached { case }): Form<Reached>,
) -> Result<Redirect, Failure> {
    let today = day_in_india(app.clock.now());
    let done = app.fees.reach_stage(viewer.scope(), id, today).await;
    done.map_err(|error| viewer.failure(error))?;
    Ok(back(&case))
}

/// Leads back to the case a form was sent from.
fn back(case: &str) -> Redirect {
    match case.parse::<CaseId>() {
        Ok(case) => Redirect::to(&money_of(case)),
        Err(_) => Redirect::to("/fees"),
    }
}
