//! Notes of a case.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::app::App;
use crate::cases::Note;
use crate::kernel::permission::permit::{ReadDocuments, WorkOnCases};
use crate::kernel::{CaseId, NoteId, UserId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_case_notes, add_case_note))
        .routes(routes!(change_case_note, delete_case_note))
}

/// A note of a case.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseNote)]
struct NoteView {
    /// Its id.
    id: NoteId,
    /// What it says.
    text: String,
    /// Whether it stands before the others.
    pinned: bool,
    /// Who wrote it.
    written_by: UserId,
    /// How they are called.
    author: String,
    /// When.
    written_at: DateTime<Utc>,
    /// When it was last changed.
    edited_at: Option<DateTime<Utc>>,
}

impl From<Note> for NoteView {
    fn from(note: Note) -> Self {
        let Note { id, text, pinned, written_by, author, written_at, edited_at } = note;
        Self { id, text, pinned, written_by, author, written_at, edited_at }
    }
}

/// A note to be written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCaseNote)]
struct NoteBody {
    /// What it says.
    text: String,
    /// Whether it stands before the others.
    #[serde(default)]
    pinned: bool,
}

/// The note that was written.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseNoteAdded)]
struct AddedView {
    /// Its id.
    id: NoteId,
}

/// List the notes of a case
///
/// Of the team for itself; a client never sees them. For those to whom the case is open.
#[utoipa::path(get, path = "/api/v1/cases/{id}/notes", tag = "cases",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "Its notes.", body = [NoteView]), Problem))]
async fn list_case_notes(
    State(app): State<App>,
    May(caller, ..): May<ReadDocuments>,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<NoteView>>, Problem> {
    let notes = app.cases.notes(&caller.scope, id).await?;
    Ok(Json(notes.into_iter().map(NoteView::from).collect()))
}

/// Write a note on a case
///
/// For those who work on the case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/notes", tag = "cases",
    params(("id" = Uuid, Path, description = "The case.")),
    request_body = NoteBody,
    responses((status = 201, description = "The note.", body = AddedView), Problem))]
async fn add_case_note(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<CaseId>,
    Json(NoteBody { text, pinned }): Json<NoteBody>,
) -> Result<(StatusCode, Json<AddedView>), Problem> {
    let id = app.cases.add_note(&caller.scope, id, text, pinned).await?;
    Ok((StatusCode::CREATED, Json(AddedView { id })))
}

/// Change a note
///
/// Its words by who wrote it, whether it is pinned by anybody who works on the case.
#[utoipa::path(put, path = "/api/v1/cases/{id}/notes/{note_id}", tag = "cases",
    params(("id" = Uuid, Path, description = "The case."),
           ("note_id" = Uuid, Path, description = "The note.")),
    request_body = NoteBody,
    responses((status = 204, description = "It is changed."), Problem))]
async fn change_case_note(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path((id, note)): Path<(CaseId, NoteId)>,
    Json(NoteBody { text, pinned }): Json<NoteBody>,
) -> Result<StatusCode, Problem> {
    app.cases.change_note(&caller.scope, id, note, (text, pinned)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a note
///
/// For who wrote it, and those who lead the case.
#[utoipa::path(delete, path = "/api/v1/cases/{id}/notes/{note_id}", tag = "cases",
    params(("id" = Uuid, Path, description = "The case."),
           ("note_id" = Uuid, Path, description = "The note.")),
    responses((status = 204, description = "It is gone."), Problem))]
async fn delete_case_note(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path((id, note)): Path<(CaseId, NoteId)>,
) -> Result<StatusCode, Problem> {
    app.cases.delete_note(&caller.scope, id, note).await?;
    Ok(StatusCode::NO_CONTENT)
}
