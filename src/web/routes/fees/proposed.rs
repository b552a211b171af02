//! Fees that fell due and wait to be confirmed.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{optional_amount, refused, typed_amount, wrong};
use crate::app::App;
use crate::fees::{Answer, FeeError, Ref};
use crate::kernel::Paise;
use crate::kernel::permission::permit::ReadBilling;
use crate::web::Area;
use crate::web::fees::{ProposedPage, ProposedRow, Typed};
use crate::web::page::render;
use crate::web::parts::CaseRef;
use crate::web::routes::{Allowed, Failure, Form, Viewer};
use crate::web::show::Day;

#[derive(Deserialize)]
pub(super) struct OfCase {
    #[serde(default)]
    case: String,
}

/// The page; the form of one fee may hold what was typed and what is wrong with it.
async fn page(
    app: &App,
    viewer: &Viewer,
    case: &str,
    refused: Option<(Ref, &Typed)>,
) -> Result<ProposedPage, Failure> {
    let found = app.fees.proposed(viewer.scope(), case.parse().ok()).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    let total: Paise = found.iter().map(|fee| fee.amount).sum();
    let rows = found.into_iter().map(|fee| {
        let typed = refused.filter(|(of, _)| *of == fee.of).map(|(_, typed)| typed);
        ProposedRow {
            agreed_fee: fee.of.agreed_fee,
            hearing: fee.of.hearing,
            case: CaseRef { id: fee.case_id, title: fee.case_title },
            day: Day(fee.on),
            kind: fee.kind.words(),
            description: fee.description,
            agreed: fee.amount.to_string(),
            amount: typed.map_or_else(|| typed_amount(fee.amount), |t| t.text("amount").to_owned()),
            reason: typed.map_or_else(String::new, |typed| typed.text("reason").to_owned()),
            why: fee.why,
            problem: typed.and_then(Typed::problem),
        }
    });
    Ok(ProposedPage {
        fees: rows.collect(),
        layout: viewer.layout("Fees to confirm", Area::Time),
        total: total.to_string(),
    })
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Query(OfCase { case }): Query<OfCase>,
) -> Result<ProposedPage, Failure> {
    page(&app, &viewer, &case, None).await
}

/// What was decided, as it was typed.
fn answer(typed: &Typed) -> Result<Answer, FeeError> {
    let reason = typed.text("reason").to_owned();
    match typed.text("answer") {
        "confirm" => Ok(Answer::Confirm { amount: optional_amount(typed, "amount")?, reason }),
        "decline" => Ok(Answer::Decline(reason)),
        _ => Err(wrong("answer", "choose whether it is billed")),
    }
}

pub(super) async fn decide(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Form(fields): Form<super::Fields>,
) -> Result<Response, Failure> {
    let typed = Typed::new(fields);
    let Ok(agreed_fee) = typed.text("agreed_fee").parse() else { return Err(viewer.not_found()) };
    let of = Ref { agreed_fee, hearing: typed.text("hearing").parse().ok() };
    let done = match answer(&typed) {
        Ok(answer) => app.fees.decide(viewer.scope(), of, answer).await.map(drop),
        Err(error) => Err(error),
    };
    let Err(error) = done else { return Ok(Redirect::to("/fees").into_response()) };
    let typed = refused(&viewer, error, typed)?;
    let page = page(&app, &viewer, "", Some((of, &typed))).await?;
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
