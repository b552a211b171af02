//! What is known of a case, and its tags.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::app::App;
use crate::cases::{CaseFile, FileAt};
use crate::kernel::CaseId;
use crate::kernel::permission::permit::{ReadCases, WorkOnCases};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(show_case_file, change_case_file))
        .routes(routes!(show_case_tags, set_case_tags))
}

/// What is known of a case, with the revision it is at.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseFileAt)]
struct FileView {
    /// The revision; a change names it.
    revision: i64,
    /// What is known.
    file: CaseFile,
    /// What may be a slip, in sentences. None of it is refused.
    warnings: Vec<String>,
}

impl From<FileAt> for FileView {
    fn from(at: FileAt) -> Self {
        let FileAt { revision, file, warnings } = at;
        Self { revision, file, warnings }
    }
}

/// What is known of a case anew.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CaseFileChange)]
struct FileBody {
    /// The revision the change was made on.
    revision: i64,
    /// All that is known.
    file: CaseFile,
}

/// The tags of a case.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CaseTags)]
struct TagsBody {
    /// The tags.
    tags: Vec<String>,
}

/// Show what is known of a case
///
/// Court, numbers, stage, bench, first information report, the chamber's own fields. For
/// those to whom the case is open.
#[utoipa::path(get, path = "/api/v1/cases/{id}/file", tag = "cases",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "What is known.", body = FileView), Problem))]
async fn show_case_file(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<CaseId>,
) -> Result<Json<FileView>, Problem> {
    Ok(Json(app.cases.file(&caller.scope, id).await?.into()))
}

/// Change what is known of a case
///
/// The whole file is sent with the revision it was read at; when somebody else changed it
/// meanwhile the change is refused. Only those who lead the case change its client, and what
/// the former client was shown ends with that. For those who work on the case.
#[utoipa::path(put, path = "/api/v1/cases/{id}/file", tag = "cases",
    params(("id" = Uuid, Path, description = "The case.")),
    request_body = FileBody,
    responses((status = 200, description = "What is known now.", body = FileView), Problem))]
async fn change_case_file(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<CaseId>,
    Json(FileBody { revision, file }): Json<FileBody>,
) -> Result<Json<FileView>, Problem> {
    app.cases.change_file(&caller.scope, id, revision, file).await?;
    Ok(Json(app.cases.file(&caller.scope, id).await?.into()))
}

/// List the tags of a case
///
/// For those to whom the case is open.
#[utoipa::path(get, path = "/api/v1/cases/{id}/tags", tag = "cases",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "Its tags.", body = TagsBody), Problem))]
async fn show_case_tags(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<CaseId>,
) -> Result<Json<TagsBody>, Problem> {
    Ok(Json(TagsBody { tags: app.cases.tags(&caller.scope, id).await? }))
}

/// Set the tags of a case
///
/// The case has these tags afterwards and no others. For those who work on the case.
#[utoipa::path(put, path = "/api/v1/cases/{id}/tags", tag = "cases",
    params(("id" = Uuid, Path, description = "The case.")),
    request_body = TagsBody,
    responses((status = 204, description = "They are set."), Problem))]
async fn set_case_tags(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<CaseId>,
    Json(TagsBody { tags }): Json<TagsBody>,
) -> Result<StatusCode, Problem> {
    app.cases.set_tags(&caller.scope, id, tags).await?;
    Ok(StatusCode::NO_CONTENT)
}
