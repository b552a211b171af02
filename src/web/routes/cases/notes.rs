//! The notes of a case.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{Allowed, Failure, Form, Nothing, Viewer, on_the_form, sentence};
use crate::app::App;
use crate::cases::CaseError;
use crate::kernel::permission::permit::{ReadDocuments, WorkOnCases};
use crate::kernel::{CaseId, NoteId};
use crate::web::Area;
use crate::web::cases::{CaseTab, NoteRow, NotesPage};
use crate::web::page::render;

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadDocuments>,
    Path(id): Path<CaseId>,
) -> Result<NotesPage, Failure> {
    page(&app, &viewer, id).await
}

async fn page(app: &App, viewer: &Viewer, id: CaseId) -> Result<NotesPage, Failure> {
    let scope = viewer.scope();
    let notes = app.cases.notes(scope, id).await.map_err(|error| viewer.failure(error))?;
    let (user, leads) = (scope.user(), scope.leads(id));
    let row = |note: crate::cases::Note| NoteRow {
        id: note.id,
        text: note.text,
        pinned: note.pinned,
        author: note.author,
        written: note.written_at.into(),
        edited: note.edited_at.map(Into::into),
        may_edit: note.written_by == user,
        may_delete: note.written_by == user || leads,
    };
    Ok(NotesPage {
        layout: viewer.layout("Notes", Area::Cases),
        tabs: viewer.case_tabs(app, id, CaseTab::Notes).await?,
        problem: None,
        draft: String::new(),
        notes: notes.into_iter().map(row).collect(),
        may_change: scope.works_on(id),
    })
}

#[derive(Deserialize)]
pub(super) struct NoteBody {
    #[serde(default)]
    text: String,
    #[serde(default)]
    pinned: String,
}

fn back(id: CaseId) -> Response {
    Redirect::to(&format!("/cases/{id}/notes")).into_response()
}

async fn undone(
    app: &App,
    viewer: &Viewer,
    id: CaseId,
    (error, text): (CaseError, String),
) -> Result<Response, Failure> {
    if !on_the_form(&error) {
        return Err(viewer.failure(error));
    }
    let problem = Some(sentence(&error.to_string()));
    let page = NotesPage { problem, draft: text, ..page(app, viewer, id).await? };
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn add(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<CaseId>,
    Form(NoteBody { text, pinned }): Form<NoteBody>,
) -> Result<Response, Failure> {
    match app.cases.add_note(viewer.scope(), id, text.clone(), pinned == "yes").await {
        Ok(_) => Ok(back(id)),
        Err(error) => undone(&app, &viewer, id, (error, text)).await,
    }
}

pub(super) async fn change(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path((id, note)): Path<(CaseId, NoteId)>,
    Form(NoteBody { text, pinned }): Form<NoteBody>,
) -> Result<Response, Failure> {
    let change = (text.clone(), pinned == "yes");
    match app.cases.change_note(viewer.scope(), id, note, change).await {
        Ok(()) => Ok(back(id)),
        Err(error) => undone(&app, &viewer, id, (error, text)).await,
    }
}

pub(super) async fn delete(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path((id, note)): Path<(CaseId, NoteId)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let deleted = app.cases.delete_note(viewer.scope(), id, note).await;
    deleted.map_err(|error| viewer.failure(error))?;
    Ok(back(id))
}
