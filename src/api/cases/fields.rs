//! Fields of cases that the chamber made.

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
use crate::cases::{CaseField, FieldKind, NewField};
use crate::kernel::CaseFieldId;
use crate::kernel::permission::permit::{ReadCases, SetChamber};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_case_fields, add_case_field))
        .routes(routes!(change_case_field))
        .routes(routes!(archive_case_field))
}

/// A field of the chamber's own.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseField)]
struct FieldView {
    /// Its id.
    id: CaseFieldId,
    /// How it is called.
    name: String,
    /// What it holds.
    kind: FieldKind,
    /// Of a choice, the words.
    choices: Vec<String>,
    /// Whether a case that is opened or edited by hand must say something in it.
    required: bool,
    /// Since when it is shown no more.
    archived_at: Option<DateTime<Utc>>,
}

impl From<CaseField> for FieldView {
    fn from(field: CaseField) -> Self {
        let CaseField { id, name, kind, choices, required, archived_at } = field;
        Self { id, name, kind, choices, required, archived_at }
    }
}

/// The field that was made.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseFieldAdded)]
struct AddedView {
    /// Its id.
    id: CaseFieldId,
}

/// Whether a field is shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CaseFieldArchive)]
struct ArchiveBody {
    /// No more when true, again when false.
    archived: bool,
}

/// List the fields of cases
///
/// Those the chamber made, archived ones last. For the chamber's own people.
#[utoipa::path(get, path = "/api/v1/case-fields", tag = "cases",
    responses((status = 200, description = "The fields.", body = [FieldView]), Problem))]
async fn list_case_fields(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
) -> Result<Json<Vec<FieldView>>, Problem> {
    let fields = app.cases.fields(&caller.scope).await?;
    Ok(Json(fields.into_iter().map(FieldView::from).collect()))
}

/// Make a field of cases
///
/// For admins.
#[utoipa::path(post, path = "/api/v1/case-fields", tag = "cases", request_body = NewField,
    responses((status = 201, description = "The field.", body = AddedView), Problem))]
async fn add_case_field(
    State(app): State<App>,
    May(caller, ..): May<SetChamber>,
    Json(new): Json<NewField>,
) -> Result<(StatusCode, Json<AddedView>), Problem> {
    let id = app.cases.add_field(&caller.scope, new).await?;
    Ok((StatusCode::CREATED, Json(AddedView { id })))
}

/// Change a field of cases
///
/// Its name, its words, whether it is required; what it holds stays. For admins.
#[utoipa::path(put, path = "/api/v1/case-fields/{id}", tag = "cases",
    params(("id" = Uuid, Path, description = "The field.")), request_body = NewField,
    responses((status = 204, description = "It is changed."), Problem))]
async fn change_case_field(
    State(app): State<App>,
    May(caller, ..): May<SetChamber>,
    Path(id): Path<CaseFieldId>,
    Json(new): Json<NewField>,
) -> Result<StatusCode, Problem> {
    app.cases.change_field(&caller.scope, id, new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Archive a field of cases, or show it again
///
/// What it says of cases is kept. For admins.
#[utoipa::path(post, path = "/api/v1/case-fields/{id}/archive", tag = "cases",
    params(("id" = Uuid, Path, description = "The field.")), request_body = ArchiveBody,
    responses((status = 204, description = "It is done."), Problem))]
async fn archive_case_field(
    State(app): State<App>,
    May(caller, ..): May<SetChamber>,
    Path(id): Path<CaseFieldId>,
    Json(ArchiveBody { archived }): Json<ArchiveBody>,
) -> Result<StatusCode, Problem> {
    app.cases.archive_field(&caller.scope, id, archived).await?;
    Ok(StatusCode::NO_CONTENT)
}
