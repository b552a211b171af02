//! The parties of a case and who appears for them.

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
use crate::cases::{Appearing, Counsel, Party, PartyFile};
use crate::kernel::permission::permit::{ReadCases, WorkOnCases};
use crate::kernel::{CaseId, PartyId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_parties, add_case_party))
        .routes(routes!(change_case_party, remove_case_party))
        .routes(routes!(move_case_party))
}

/// A party of a case.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseParty)]
struct PartyView {
    /// Its id.
    id: PartyId,
    /// How they are called.
    name: String,
    /// As the court calls them.
    role: String,
    /// Whether the chamber acts for them.
    ours: bool,
    /// Who appears for them.
    counsel: Vec<Counsel>,
}

impl From<Appearing> for PartyView {
    fn from(appearing: Appearing) -> Self {
        let Appearing { party, counsel: advocates } = appearing;
        let Party { id, name, role, ours, counsel } = party;
        let named = counsel.map(|name| Counsel { name, enrolment: None });
        let counsel = if advocates.is_empty() { named.into_iter().collect() } else { advocates };
        Self { id, name, role, ours, counsel }
    }
}

/// The party that was entered.
#[derive(Serialize, ToSchema)]
#[schema(as = CasePartyAdded)]
struct AddedView {
    /// Its id.
    id: PartyId,
}

/// Where a party moves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CasePartyMove)]
struct MoveBody {
    /// Up by one place; down when false.
    up: bool,
}

/// List the parties of a case
///
/// In the order of the cause title, with their advocates. For those to whom the case is open.
#[utoipa::path(get, path = "/api/v1/cases/{id}/parties", tag = "cases",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "Its parties.", body = [PartyView]), Problem))]
async fn list_parties(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<PartyView>>, Problem> {
    let parties = app.cases.appearing(&caller.scope, id).await?;
    Ok(Json(parties.into_iter().map(PartyView::from).collect()))
}

/// Enter a party of a case
///
/// After those it has. The name is looked for among all clients and parties there ever were;
/// the check is kept with the case. For those who work on the case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/parties", tag = "cases",
    params(("id" = Uuid, Path, description = "The case.")),
    request_body = PartyFile,
    responses((status = 201, description = "The party.", body = AddedView), Problem))]
async fn add_case_party(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<CaseId>,
    Json(new): Json<PartyFile>,
) -> Result<(StatusCode, Json<AddedView>), Problem> {
    let entered = [(new.name.clone(), new.ours)];
    let party = app.cases.enter_party(&caller.scope, id, new).await?;
    app.conflicts.check_parties(&caller.scope, id, &entered).await?;
    Ok((StatusCode::CREATED, Json(AddedView { id: party })))
}

/// Change a party of a case
///
/// Name, role and advocates, all of them anew. For those who work on the case.
#[utoipa::path(put, path = "/api/v1/cases/{id}/parties/{party_id}", tag = "cases",
    params(("id" = Uuid, Path, description = "The case."),
           ("party_id" = Uuid, Path, description = "The party.")),
    request_body = PartyFile,
    responses((status = 204, description = "It is changed."), Problem))]
async fn change_case_party(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path((id, party)): Path<(CaseId, PartyId)>,
    Json(new): Json<PartyFile>,
) -> Result<StatusCode, Problem> {
    let entered = [(new.name.clone(), new.ours)];
    app.cases.change_party(&caller.scope, id, party, new).await?;
    app.conflicts.check_parties(&caller.scope, id, &entered).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a party out of a case
///
/// Its name stays for checks of conflicts of interest. For those who work on the case.
#[utoipa::path(delete, path = "/api/v1/cases/{id}/parties/{party_id}", tag = "cases",
    params(("id" = Uuid, Path, description = "The case."),
           ("party_id" = Uuid, Path, description = "The party.")),
    responses((status = 204, description = "It is no party of the case."), Problem))]
async fn remove_case_party(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path((id, party)): Path<(CaseId, PartyId)>,
) -> Result<StatusCode, Problem> {
    app.cases.remove_party(&caller.scope, id, party).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Move a party of a case
///
/// Up or down by one place. For those who work on the case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/parties/{party_id}/move", tag = "cases",
    params(("id" = Uuid, Path, description = "The case."),
           ("party_id" = Uuid, Path, description = "The party.")),
    request_body = MoveBody,
    responses((status = 204, description = "It has moved."), Problem))]
async fn move_case_party(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path((id, party)): Path<(CaseId, PartyId)>,
    Json(MoveBody { up }): Json<MoveBody>,
) -> Result<StatusCode, Problem> {
    app.cases.move_party(&caller.scope, id, party, up).await?;
    Ok(StatusCode::NO_CONTENT)
}
