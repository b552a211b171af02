//! Closing a case: what stands open first, then how it ended.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::glance::{self, closed_words};
use super::{Allowed, Failure, Form, Viewer, count, on_the_form, sentence};
use crate::app::App;
use crate::billing::BillingError;
use crate::cases::{Case, CaseError, Closing, DISPOSALS};
use crate::hearings::HearingQuery;
use crate::kernel::permission::permit::{ManageTeams, ReadDocuments};
use crate::kernel::{CaseId, Paise, day_in_india};
use crate::web::Area;
use crate::web::cases::{CaseTab, ClosePage};
use crate::web::page::render;
use crate::web::parts::Choice;
use crate::web::show::{Day, counted};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct CloseForm {
    disposal: String,
    closed_on: String,
    note: String,
    end_shares: String,
    hide: String,
    reason: String,
}

impl CloseForm {
    fn closing(&self) -> Result<Closing, CaseError> {
        let closed_on = match self.closed_on.trim() {
            "" => None,
            day => Some(day.parse::<NaiveDate>().map_err(|_| CaseError::Wrong {
                field: "closed_on",
                words: String::from("write the day as 2026-12-31"),
            })?),
        };
        Ok(Closing {
            disposal: self.disposal.clone(),
            closed_on,
            note: Some(self.note.clone()),
            end_shares: self.end_shares == "yes",
        })
    }
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadDocuments>,
    Path(id): Path<CaseId>,
) -> Result<ClosePage, Failure> {
    page(&app, &viewer, id, CloseForm::default()).await
}

async fn page(
    app: &App,
    viewer: &Viewer,
    id: CaseId,
    form: CloseForm,
) -> Result<ClosePage, Failure> {
    let scope = viewer.scope();
    let fail = |error: CaseError| viewer.failure(error);
    let case = app.cases.find(scope, id).await.map_err(fail)?;
    if !scope.opens(id) {
        return Err(viewer.not_found());
    }
    let closed = app.cases.closed(scope, id).await.map_err(fail)?.map(closed_words);
    let glance = glance::of_case(app, viewer, &case).await?;
    let showing = app.portal.showing(scope, id).await.map_err(|error| viewer.failure(error))?;
    let shared = count(showing.shares);
    let shown = showing.shown.is_some();
    let mut open = Vec::new();
    let mut stands = |words: String, page: &str| open.push((words, format!("/cases/{id}/{page}")));
    if let Some(money) = glance.money {
        if let Some(unbilled) = money.unbilled {
            let what = "of time, fees, expenses and AI is not billed";
            stands(format!("{unbilled} {what}"), "money");
        }
        if money.outstanding != Paise(0).to_string() {
            stands(format!("{} is to be paid", money.outstanding), "money");
        }
    }
    if let Some(held) = held(app, viewer, &case).await? {
        stands(format!("{held} of the client's money is held, for this or another case"), "money");
    }
    if shown {
        stands(String::from("The client sees the case in the portal"), "portal");
    }
    let tasks = glance.tasks.len() as u64 + glance.more_tasks;
    if tasks > 0 {
        stands(format!("{} to be done", counted(tasks, "thing is", "things are")), "deadlines");
    }
    for words in dates(app, viewer, id).await? {
        stands(words, "hearings");
    }
    if shared > 0 {
        stands(
            format!("The client is shown {}", counted(shared, "document", "documents")),
            "portal",
        );
    }
    let reading = count(case.reading.unwrap_or(0));
    if reading > 0 {
        stands(format!("{} being read", counted(reading, "document is", "documents are")), "");
    }
    let today = day_in_india(app.clock.now()).to_string();
    Ok(ClosePage {
        layout: viewer.layout("Close the case", Area::Cases),
        tabs: viewer.case_tabs(app, id, CaseTab::Overview).await?,
        problem: None,
        closed,
        open,
        shared,
        shown,
        disposals: DISPOSALS
            .iter()
            .map(|(value, label)| Choice {
                value: (*value).to_owned(),
                label: (*label).to_owned(),
                chosen: *value == form.disposal,
            })
            .collect(),
        closed_on: if form.closed_on.is_empty() { today } else { form.closed_on },
        note: form.note,
        reason: form.reason,
        may_decide: scope.leads(id),
    })
}

/// What stands open of the hearings of a case: those to come, those of which nobody says how
/// they went, and days in doubt.
async fn dates(app: &App, viewer: &Viewer, id: CaseId) -> Result<Vec<String>, Failure> {
    let scope = viewer.scope();
    let asked = HearingQuery { case: Some(id), limit: 1_000, ..HearingQuery::default() };
    let listed = app.hearings.list(scope, asked).await;
    let listed = listed.map_err(|error| viewer.failure(error))?;
    let claims = app.hearings.claims(scope, Some(id)).await;
    let claims = claims.map_err(|error| viewer.failure(error))?.len();
    let today = app.hearings.today();
    let days = listed.into_iter().map(|hearing| hearing.known);
    let days = days.filter(|known| known.outcome.is_none()).map(|known| known.on_date);
    let (coming, past): (Vec<NaiveDate>, Vec<_>) = days.partition(|day| *day >= today);
    let mut words = Vec::new();
    match coming.as_slice() {
        [] => {}
        [day] => words.push(format!("A hearing is listed on {}", Day(*day))),
        [day, ..] => words.push(format!(
            "{} hearings are listed, the next on {}, and stay in the diary",
            coming.len(),
            Day(*day)
        )),
    }
    if let Some(last) = past.last() {
        let what = counted(past.len(), "hearing", "hearings");
        words.push(format!("How it went is not entered for {what}, the last of {}", Day(*last)));
    }
    if claims > 0 {
        let what = counted(claims, "day", "days");
        words.push(format!("Sources disagree on {what}"));
    }
    Ok(words)
}

/// What is held of the client's money, for those who see whole accounts.
async fn held(app: &App, viewer: &Viewer, case: &Case) -> Result<Option<Paise>, Failure> {
    let Some(client) = case.client_id else { return Ok(None) };
    match app.billing.ledger(viewer.scope(), client).await {
        Ok(ledger) => Ok(Some(ledger.balance).filter(|balance| *balance > Paise(0))),
        Err(BillingError::NotAllowed | BillingError::NotFound) => Ok(None),
        Err(error) => Err(viewer.failure(error)),
    }
}

async fn undone(
    app: &App,
    viewer: &Viewer,
    id: CaseId,
    (error, form): (CaseError, CloseForm),
) -> Result<Response, Failure> {
    if !on_the_form(&error) {
        return Err(viewer.failure(error));
    }
    let problem = Some(sentence(&error.to_string()));
    let page = ClosePage { problem, ..page(app, viewer, id, form).await? };
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn close(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageTeams>,
    Path(id): Path<CaseId>,
    Form(form): Form<CloseForm>,
) -> Result<Response, Failure> {
    let closed = match form.closing() {
        Ok(closing) => app.cases.close(viewer.scope(), id, closing).await,
        Err(error) => Err(error),
    };
    match closed {
        Ok(()) => {
            if form.hide == "yes" {
                let hidden = app.portal.hide(viewer.scope(), id, form.end_shares == "yes").await;
                hidden.map_err(|error| viewer.failure(error))?;
            }
            Ok(Redirect::to(&format!("/cases/{id}")).into_response())
        }
        Err(error) => undone(&app, &viewer, id, (error, form)).await,
    }
}

pub(super) async fn reopen(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageTeams>,
    Path(id): Path<CaseId>,
    Form(form): Form<CloseForm>,
) -> Result<Response, Failure> {
    match app.cases.reopen(viewer.scope(), id, &form.reason).await {
        Ok(()) => Ok(Redirect::to(&format!("/cases/{id}")).into_response()),
        Err(error) => undone(&app, &viewer, id, (error, form)).await,
    }
}
