//! What the assistant proposes to write, and deciding on it.

use axum::extract::State;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path, Query};
use super::problem::Problem;
use crate::app::App;
use crate::assistant::Proposal;
use crate::assistant::proposals::{Edits, Status, Which};
use crate::kernel::permission::permit::{ReadCases, WorkOnCases};
use crate::kernel::{CaseId, MessageId, ProposalId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_proposals))
        .routes(routes!(show_proposal))
        .routes(routes!(approve_proposal))
        .routes(routes!(reject_proposal))
}

/// Which proposals are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WhichQuery {
    /// Those of one case.
    case: Option<CaseId>,
    /// Those made in one answer.
    message: Option<MessageId>,
    /// Those so far decided.
    status: Option<Status>,
}

/// Why a proposal is rejected.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProposalRejection)]
struct Rejection {
    /// The reason, in a few words.
    reason: String,
}

/// List what the assistant proposes
///
/// In the cases open to you: what waits first, then the newest; at most 500. For those
/// who work on cases, and admins.
#[utoipa::path(get, path = "/api/v1/proposals", tag = "assistant", params(WhichQuery),
    responses((status = 200, description = "The proposals.", body = [Proposal]), Problem))]
async fn list_proposals(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Query(WhichQuery { case, message, status }): Query<WhichQuery>,
) -> Result<Json<Vec<Proposal>>, Problem> {
    let which = Which { case, message, status };
    Ok(Json(app.proposals.list(&caller.scope, which).await?))
}

/// Show a proposal
///
/// For those to whom its case is open.
#[utoipa::path(get, path = "/api/v1/proposals/{id}", tag = "assistant",
    params(("id" = Uuid, Path, description = "The proposal.")),
    responses((status = 200, description = "The proposal.", body = Proposal), Problem))]
async fn show_proposal(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<ProposalId>,
) -> Result<Json<Proposal>, Problem> {
    Ok(Json(app.proposals.find(&caller.scope, id).await?))
}

/// Approve a proposal
///
/// It becomes the hearing, task, deadline or time entry it proposes, with the title and
/// day given here or its own. For those who work on its case; time for whoever worked it.
#[utoipa::path(post, path = "/api/v1/proposals/{id}/approve", tag = "assistant",
    params(("id" = Uuid, Path, description = "The proposal.")),
    request_body = Edits,
    responses((status = 200, description = "The proposal, approved.", body = Proposal), Problem))]
async fn approve_proposal(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<ProposalId>,
    Json(edits): Json<Edits>,
) -> Result<Json<Proposal>, Problem> {
    Ok(Json(app.proposals.approve(&caller.scope, id, edits).await?))
}

/// Reject a proposal
///
/// It comes to nothing, and the reason is kept. For those who work on its case; time for
/// whoever worked it.
#[utoipa::path(post, path = "/api/v1/proposals/{id}/reject", tag = "assistant",
    params(("id" = Uuid, Path, description = "The proposal.")),
    request_body = Rejection,
    responses((status = 200, description = "The proposal, rejected.", body = Proposal), Problem))]
async fn reject_proposal(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<ProposalId>,
    Json(Rejection { reason }): Json<Rejection>,
) -> Result<Json<Proposal>, Problem> {
    Ok(Json(app.proposals.reject(&caller.scope, id, &reason).await?))
}
