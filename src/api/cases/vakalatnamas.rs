//! Authorities to appear in a case.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::app::App;
use crate::cases::{NewVakalatnama, Vakalatnama};
use crate::kernel::permission::permit::{ReadCases, WorkOnCases};
use crate::kernel::{CaseId, VakalatnamaId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_vakalatnamas, add_vakalatnama))
        .routes(routes!(change_vakalatnama))
}

/// An authority to appear.
#[derive(Serialize, ToSchema)]
#[schema(as = Vakalatnama)]
struct VakalatnamaView {
    /// Its id.
    id: VakalatnamaId,
    /// What it says.
    known: NewVakalatnama,
    /// The title of the paper, where it is a document of the case.
    document: Option<String>,
}

impl From<Vakalatnama> for VakalatnamaView {
    fn from(vakalatnama: Vakalatnama) -> Self {
        let Vakalatnama { id, known, document } = vakalatnama;
        Self { id, known, document }
    }
}

/// The authority that was entered.
#[derive(Serialize, ToSchema)]
#[schema(as = VakalatnamaAdded)]
struct AddedView {
    /// Its id.
    id: VakalatnamaId,
}

/// List the authorities to appear in a case
///
/// Those on record first. For those to whom the case is open.
#[utoipa::path(get, path = "/api/v1/cases/{id}/vakalatnamas", tag = "cases",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "The authorities.", body = [VakalatnamaView]), Problem))]
async fn list_vakalatnamas(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<VakalatnamaView>>, Problem> {
    let found = app.cases.vakalatnamas(&caller.scope, id).await?;
    Ok(Json(found.into_iter().map(VakalatnamaView::from).collect()))
}

/// Enter an authority to appear
///
/// For those who work on the case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/vakalatnamas", tag = "cases",
    params(("id" = Uuid, Path, description = "The case.")),
    request_body = NewVakalatnama,
    responses((status = 201, description = "The authority.", body = AddedView), Problem))]
async fn add_vakalatnama(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<CaseId>,
    Json(new): Json<NewVakalatnama>,
) -> Result<(StatusCode, Json<AddedView>), Problem> {
    let id = app.cases.add_vakalatnama(&caller.scope, id, new).await?;
    Ok((StatusCode::CREATED, Json(AddedView { id })))
}

/// Change an authority to appear
///
/// File it, end it, or mend what it says. For those who work on the case.
#[utoipa::path(put, path = "/api/v1/cases/{id}/vakalatnamas/{vakalatnama_id}", tag = "cases",
    params(("id" = Uuid, Path, description = "The case."),
           ("vakalatnama_id" = Uuid, Path, description = "The authority.")),
    request_body = NewVakalatnama,
    responses((status = 204, description = "It is changed."), Problem))]
async fn change_vakalatnama(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path((id, vakalatnama)): Path<(CaseId, VakalatnamaId)>,
    Json(new): Json<NewVakalatnama>,
) -> Result<StatusCode, Problem> {
    app.cases.change_vakalatnama(&caller.scope, id, vakalatnama, new).await?;
    Ok(StatusCode::NO_CONTENT)
}
