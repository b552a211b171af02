//! Timers, which work without a script.

use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;

use super::entry::form;
use super::time::timer_row;
use crate::app::App;
use crate::fees::FeeError;
use crate::kernel::permission::permit::KeepTime;
use crate::kernel::{CaseId, TimerId, day_in_india};
use crate::web::fees::{EntryPage, Typed};
use crate::web::routes::viewer::Nothing;
use crate::web::routes::{Allowed, Failure, Form};

#[derive(Deserialize)]
pub(super) struct Start {
    #[serde(default)]
    case: String,
    #[serde(default)]
    note: String,
}

pub(super) async fn start(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepTime>,
    Form(Start { case, note }): Form<Start>,
) -> Result<Redirect, Failure> {
    let case: Result<CaseId, _> = case.parse();
    let case = case.map_err(|_| viewer.failure(super::wrong("case", "choose the case first")))?;
    let done = app.fees.start_timer(viewer.scope(), case, &note).await;
    done.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/time"))
}

pub(super) async fn pause(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepTime>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    app.fees.pause_timer(viewer.scope()).await.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/time"))
}

pub(super) async fn resume(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepTime>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    app.fees.resume_timer(viewer.scope()).await.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/time"))
}

pub(super) async fn stop(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepTime>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let id = app.fees.stop_timer(viewer.scope()).await.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to(&format!("/time/drafts/{id}")))
}

/// The form of an entry, filled with what a timer left; how long is left open where the
/// timer was forgotten.
pub(super) async fn draft(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepTime>,
    Path(id): Path<TimerId>,
) -> Result<EntryPage, Failure> {
    let fail = |error: FeeError| viewer.failure(error);
    let timers = app.fees.timers(viewer.scope()).await.map_err(fail)?;
    let timer = timers.drafts.into_iter().find(|timer| timer.id == id);
    let timer = timer.ok_or_else(|| viewer.not_found())?;
    let minutes = timer.minutes();
    let minutes = format!("{}:{:02}", minutes / 60, minutes % 60);
    let typed = Typed::of([
        ("case", timer.case_id.to_string()),
        ("worked_on", day_in_india(timer.started_at).to_string()),
        ("minutes", if timer.is_forgotten { String::new() } else { minutes }),
        ("description", timer.note.clone()),
        ("billable", "yes".to_owned()),
    ]);
    form(&app, &viewer, typed, Some(timer_row(timer))).await
}

pub(super) async fn discard(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepTime>,
    Path(id): Path<TimerId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    app.fees.discard_draft(viewer.scope(), id).await.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/time"))
}
