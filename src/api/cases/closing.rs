//! Closing a case and opening it again.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::app::App;
use crate::cases::Closing;
use crate::kernel::CaseId;
use crate::kernel::permission::permit::ManageTeams;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(close_case)).routes(routes!(reopen_case))
}

/// Why a case is opened again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CaseReopening)]
struct ReopenBody {
    /// The reason; it is noted in the case.
    reason: String,
}

/// Close a case
///
/// Nothing is deleted; it is read and billed as before, and nothing new is listed in it. For
/// those who lead it, and admins.
#[utoipa::path(post, path = "/api/v1/cases/{id}/close", tag = "cases",
    params(("id" = Uuid, Path, description = "The case.")), request_body = Closing,
    responses((status = 204, description = "It is closed."), Problem))]
async fn close_case(
    State(app): State<App>,
    May(caller, ..): May<ManageTeams>,
    Path(id): Path<CaseId>,
    Json(closing): Json<Closing>,
) -> Result<StatusCode, Problem> {
    app.cases.close(&caller.scope, id, closing).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Open a closed case again
///
/// For those who lead it, and admins.
#[utoipa::path(post, path = "/api/v1/cases/{id}/reopen", tag = "cases",
    params(("id" = Uuid, Path, description = "The case.")), request_body = ReopenBody,
    responses((status = 204, description = "It is open."), Problem))]
async fn reopen_case(
    State(app): State<App>,
    May(caller, ..): May<ManageTeams>,
    Path(id): Path<CaseId>,
    Json(ReopenBody { reason }): Json<ReopenBody>,
) -> Result<StatusCode, Problem> {
    app.cases.reopen(&caller.scope, id, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
