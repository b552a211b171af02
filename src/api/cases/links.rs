//! Which case comes from which.

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
use crate::cases::{Branch, LinkKind};
use crate::kernel::CaseId;
use crate::kernel::permission::permit::{ReadCases, WorkOnCases};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(show_proceeding))
        .routes(routes!(link_case))
        .routes(routes!(unlink_case))
}

/// A case in the tree of a proceeding.
#[derive(Serialize, ToSchema)]
#[schema(as = ProceedingBranch)]
struct BranchView {
    /// Which case.
    id: CaseId,
    /// How it is called.
    title: String,
    /// Its number.
    number: Option<String>,
    /// Its court.
    court: Option<String>,
    /// `open` or `closed`.
    status: String,
    /// The case it comes from; none at the root.
    parent_id: Option<CaseId>,
    /// How it comes from it.
    kind: Option<LinkKind>,
    /// How deep it stands, from 0.
    depth: usize,
}

impl From<Branch> for BranchView {
    fn from(branch: Branch) -> Self {
        let Branch { id, title, number, court, status, from, depth } = branch;
        let (parent_id, kind) = from.unzip();
        Self { id, title, number, court, status, parent_id, kind, depth }
    }
}

/// Which case another comes from.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CaseLink)]
struct LinkBody {
    /// The case it comes from.
    parent_id: CaseId,
    /// How.
    kind: LinkKind,
}

/// Show the proceeding a case belongs to
///
/// Trial, appeal, review and applications as a tree, each case before those that come from
/// it. Cases not open to you are not there. For those to whom the case is open.
#[utoipa::path(get, path = "/api/v1/cases/{id}/proceeding", tag = "cases",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "The tree; empty where nothing is linked.",
               body = [BranchView]), Problem))]
async fn show_proceeding(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<BranchView>>, Problem> {
    let tree = app.cases.proceeding(&caller.scope, id).await?;
    Ok(Json(tree.into_iter().map(BranchView::from).collect()))
}

/// Say that a case comes from another
///
/// Both must be open to you. For those who work on the case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/links", tag = "cases",
    params(("id" = Uuid, Path, description = "The case.")),
    request_body = LinkBody,
    responses((status = 204, description = "They are linked."), Problem))]
async fn link_case(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<CaseId>,
    Json(LinkBody { parent_id, kind }): Json<LinkBody>,
) -> Result<StatusCode, Problem> {
    app.cases.link(&caller.scope, id, parent_id, kind).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take the link of a case to another away
///
/// For those who work on the case.
#[utoipa::path(delete, path = "/api/v1/cases/{id}/links/{parent_id}", tag = "cases",
    params(("id" = Uuid, Path, description = "The case."),
           ("parent_id" = Uuid, Path, description = "The case it comes from.")),
    responses((status = 204, description = "They are not linked."), Problem))]
async fn unlink_case(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path((id, parent)): Path<(CaseId, CaseId)>,
) -> Result<StatusCode, Problem> {
    app.cases.unlink(&caller.scope, id, parent).await?;
    Ok(StatusCode::NO_CONTENT)
}
