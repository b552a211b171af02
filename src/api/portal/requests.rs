//! What the chamber needs from a client.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::app::App;
use crate::kernel::permission::permit::{ReadDocuments, UsePortal, WorkOnCases};
use crate::kernel::{CaseId, RequestId};
use crate::portal::{DoneHow, NewRequest, Request};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_my_requests))
        .routes(routes!(list_requests))
        .routes(routes!(ask_client))
        .routes(routes!(tick_request))
        .routes(routes!(reopen_request))
        .routes(routes!(withdraw_request))
}

/// Something the chamber needs from a client.
#[derive(Serialize, ToSchema)]
#[schema(as = ClientRequest)]
pub(super) struct ClientRequestView {
    /// Its id.
    id: RequestId,
    /// For which case.
    case_id: CaseId,
    /// The case's title.
    case_title: String,
    /// What is needed.
    what: String,
    /// By when.
    due_on: Option<NaiveDate>,
    /// Who asked.
    asked_by: String,
    /// When.
    asked_at: DateTime<Utc>,
    /// When it was done.
    done_at: Option<DateTime<Utc>>,
    /// How it was done.
    done_how: Option<DoneHow>,
    /// Whether it is not needed any more; the client does not see it then.
    withdrawn: bool,
}

impl From<Request> for ClientRequestView {
    fn from(request: Request) -> Self {
        let Request { id, case_id, case_title, what, due_on, asked_by, asked_at, done, withdrawn } =
            request;
        let (done_at, done_how) = done.unzip();
        Self {
            id,
            case_id,
            case_title,
            what,
            due_on,
            asked_by,
            asked_at,
            done_at,
            done_how,
            withdrawn,
        }
    }
}

/// List what the chamber needs from you
///
/// What is open first, by day. For clients.
#[utoipa::path(get, path = "/api/v1/portal/requests", tag = "portal",
    responses((status = 200, description = "What is needed.", body = [ClientRequestView]),
              Problem))]
async fn list_my_requests(
    State(app): State<App>,
    May(caller, ..): May<UsePortal>,
) -> Result<Json<Vec<ClientRequestView>>, Problem> {
    let requests = app.portal.requests(&caller.scope, None).await?;
    Ok(Json(requests.into_iter().map(ClientRequestView::from).collect()))
}

/// List what the client of a case was asked for
///
/// What is open first, by day. For those to whom the case is open.
#[utoipa::path(get, path = "/api/v1/cases/{id}/requests", tag = "portal",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "The requests.", body = [ClientRequestView]),
              Problem))]
async fn list_requests(
    State(app): State<App>,
    May(caller, ..): May<ReadDocuments>,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<ClientRequestView>>, Problem> {
    app.portal.preview(&caller.scope, id).await?;
    let requests = app.portal.requests(&caller.scope, Some(id)).await?;
    Ok(Json(requests.into_iter().map(ClientRequestView::from).collect()))
}

/// What to ask a client for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AskClient {
    /// What is needed, in words the client reads.
    what: String,
    /// By when.
    due_on: Option<NaiveDate>,
}

/// What was asked.
#[derive(Serialize, ToSchema)]
struct AskedClient {
    /// The request.
    id: RequestId,
}

/// Ask the client of a case for something
///
/// They are told by mail where the case is shown to them. For those who work on the case,
/// and admins.
#[utoipa::path(post, path = "/api/v1/cases/{id}/requests", tag = "portal",
    params(("id" = Uuid, Path, description = "The case.")),
    request_body = AskClient,
    responses((status = 201, description = "It was asked.", body = AskedClient), Problem))]
async fn ask_client(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(case): Path<CaseId>,
    Json(AskClient { what, due_on }): Json<AskClient>,
) -> Result<(StatusCode, Json<AskedClient>), Problem> {
    let id = app.portal.ask(&caller.scope, NewRequest { case, what, due_on }).await?;
    Ok((StatusCode::CREATED, Json(AskedClient { id })))
}

/// Tick a request off
///
/// For those who work on the case, and admins.
#[utoipa::path(post, path = "/api/v1/requests/{id}/done", tag = "portal",
    params(("id" = Uuid, Path, description = "The request.")),
    responses((status = 204, description = "It is done."), Problem))]
async fn tick_request(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<RequestId>,
) -> Result<StatusCode, Problem> {
    app.portal.set_request_done(&caller.scope, id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Open a request again
///
/// For those who work on the case, and admins.
#[utoipa::path(post, path = "/api/v1/requests/{id}/reopen", tag = "portal",
    params(("id" = Uuid, Path, description = "The request.")),
    responses((status = 204, description = "It is open."), Problem))]
async fn reopen_request(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<RequestId>,
) -> Result<StatusCode, Problem> {
    app.portal.set_request_done(&caller.scope, id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Withdraw a request
///
/// The client does not see it any more. For those who work on the case, and admins.
#[utoipa::path(post, path = "/api/v1/requests/{id}/withdraw", tag = "portal",
    params(("id" = Uuid, Path, description = "The request.")),
    responses((status = 204, description = "It is withdrawn."), Problem))]
async fn withdraw_request(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<RequestId>,
) -> Result<StatusCode, Problem> {
    app.portal.withdraw_request(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
