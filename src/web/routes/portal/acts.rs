//! What the chamber does on the portal tab of a case.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::chamber::{Typed, page};
use crate::app::App;
use crate::kernel::permission::permit::{ManageTeams, WorkOnCases};
use crate::kernel::{CaseId, DeliveryId, NewsId, RequestId};
use crate::portal::{NewRequest, NewsTexts, PortalError};
use crate::web::page::render;
use crate::web::parts::Field;
use crate::web::routes::viewer::{Nothing, Viewer, sentence};
use crate::web::routes::{Allowed, Failure, Form};

/// Leads back to the tab when something was done, and otherwise shows it with what was
/// wrong and what was typed.
async fn back(
    app: &App,
    viewer: &Viewer,
    (case, part): (CaseId, &str),
    done: Result<(), PortalError>,
    typed: Typed,
) -> Result<Response, Failure> {
    let words = match done {
        Ok(()) => {
            return Ok(Redirect::to(&format!("/cases/{case}/portal#{part}")).into_response());
        }
        Err(
            error @ (PortalError::Unfit(_)
            | PortalError::Decided
            | PortalError::Reworded
            | PortalError::NoClient
            | PortalError::AdvocatesOnly),
        ) => sentence(&error.to_string()),
        Err(error) => return Err(viewer.failure(error)),
    };
    let mut page = page(app, viewer, case, typed).await?;
    page.problem = Some(words);
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageTeams>,
    Path(case): Path<CaseId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let done = app.portal.show(viewer.scope(), case).await;
    back(&app, &viewer, (case, "showing"), done, Typed::default()).await
}

#[derive(Deserialize)]
pub(super) struct HideForm {
    end_shares: Option<String>,
}

pub(super) async fn hide(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageTeams>,
    Path(case): Path<CaseId>,
    Form(HideForm { end_shares }): Form<HideForm>,
) -> Result<Response, Failure> {
    let done = app.portal.hide(viewer.scope(), case, end_shares.is_some()).await;
    back(&app, &viewer, (case, "showing"), done.map(drop), Typed::default()).await
}

#[derive(Deserialize)]
pub(super) struct AskForm {
    #[serde(default)]
    what: String,
    #[serde(default)]
    due: String,
}

pub(super) async fn ask(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(case): Path<CaseId>,
    Form(AskForm { what, due }): Form<AskForm>,
) -> Result<Response, Failure> {
    let day: Option<NaiveDate> = match due.trim() {
        "" => None,
        typed => {
            let Ok(day) = typed.parse() else {
                let due = Field::refused(due.as_str(), "Write the day as 2026-12-31.");
                let typed = Typed { what: Field::of(what), due, ..Typed::default() };
                let page = page(&app, &viewer, case, typed).await?;
                return Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page));
            };
            Some(day)
        }
    };
    let new = NewRequest { case, what: what.clone(), due_on: day };
    let done = app.portal.ask(viewer.scope(), new).await.map(drop);
    let error = match &done {
        Err(PortalError::Unfit(words)) => Some(sentence(words)),
        _ => None,
    };
    let what = Field { value: what, error };
    let typed = Typed { what, due: Field::of(due), ..Typed::default() };
    back(&app, &viewer, (case, "requests"), done, typed).await
}

pub(super) async fn tick(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path((case, id)): Path<(CaseId, RequestId)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let done = app.portal.set_request_done(viewer.scope(), id, true).await;
    back(&app, &viewer, (case, "requests"), done, Typed::default()).await
}

pub(super) async fn reopen(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path((case, id)): Path<(CaseId, RequestId)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let done = app.portal.set_request_done(viewer.scope(), id, false).await;
    back(&app, &viewer, (case, "requests"), done, Typed::default()).await
}

pub(super) async fn withdraw_request(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path((case, id)): Path<(CaseId, RequestId)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let done = app.portal.withdraw_request(viewer.scope(), id).await;
    back(&app, &viewer, (case, "requests"), done, Typed::default()).await
}

#[derive(Deserialize)]
pub(super) struct NewsForm {
    #[serde(default)]
    english: String,
    #[serde(default)]
    hindi: String,
}

impl NewsForm {
    fn texts(&self) -> NewsTexts {
        NewsTexts { english: Some(self.english.clone()), hindi: Some(self.hindi.clone()) }
    }

    fn typed(self, rewording: Option<NewsId>, done: &Result<(), PortalError>) -> Typed {
        let error = match done {
            Err(PortalError::Unfit(words)) => Some(sentence(words)),
            _ => None,
        };
        let english = Field { value: self.english, error };
        Typed { english, hindi: Field::of(self.hindi), rewording, ..Typed::default() }
    }
}

pub(super) async fn draft(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(case): Path<CaseId>,
    Form(form): Form<NewsForm>,
) -> Result<Response, Failure> {
    let done = app.portal.draft_news(viewer.scope(), case, form.texts()).await.map(drop);
    let typed = form.typed(None, &done);
    back(&app, &viewer, (case, "news"), done, typed).await
}

pub(super) async fn reword(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path((case, id)): Path<(CaseId, NewsId)>,
    Form(form): Form<NewsForm>,
) -> Result<Response, Failure> {
    let done = app.portal.reword_news(viewer.scope(), id, form.texts()).await;
    let typed = form.typed(Some(id), &done);
    back(&app, &viewer, (case, "news"), done, typed).await
}

#[derive(Deserialize)]
pub(super) struct ApproveForm {
    #[serde(default)]
    wording: String,
}

pub(super) async fn approve(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path((case, id)): Path<(CaseId, NewsId)>,
    Form(ApproveForm { wording }): Form<ApproveForm>,
) -> Result<Response, Failure> {
    // A number that is none is no wording there is.
    let number = wording.trim().parse().unwrap_or(0);
    let done = app.portal.approve_news(viewer.scope(), id, number).await;
    back(&app, &viewer, (case, "news"), done, Typed::default()).await
}

pub(super) async fn withdraw_news(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path((case, id)): Path<(CaseId, NewsId)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let done = app.portal.withdraw_news(viewer.scope(), id).await;
    back(&app, &viewer, (case, "news"), done, Typed::default()).await
}

pub(super) async fn accept(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path((case, id)): Path<(CaseId, DeliveryId)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let done = app.portal.accept(viewer.scope(), id).await.map(drop);
    back(&app, &viewer, (case, "deliveries"), done, Typed::default()).await
}

#[derive(Deserialize)]
pub(super) struct RefuseForm {
    #[serde(default)]
    reason: String,
}

pub(super) async fn refuse(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path((case, id)): Path<(CaseId, DeliveryId)>,
    Form(RefuseForm { reason }): Form<RefuseForm>,
) -> Result<Response, Failure> {
    let done = app.portal.refuse(viewer.scope(), id, &reason).await;
    back(&app, &viewer, (case, "deliveries"), done, Typed::default()).await
}
