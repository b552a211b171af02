//! What of a case its client is shown, as the chamber decides it.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::cases::ClientCase;
use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::app::App;
use crate::kernel::permission::permit::{ManageTeams, ReadDocuments};
use crate::kernel::{CaseId, ClientId, UserId};
use crate::portal::{Language, PortalPerson, Showing};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(show_case_portal))
        .routes(routes!(preview_case_portal))
        .routes(routes!(show_case_to_client))
        .routes(routes!(hide_case_from_client))
}

/// How a case stands with its client.
#[derive(Serialize, ToSchema)]
struct CasePortal {
    /// The client, where the case has one.
    client_id: Option<ClientId>,
    /// How the client is called.
    client: Option<String>,
    /// Whether the client is shown the case.
    shown: bool,
    /// Who said so.
    shown_by: Option<String>,
    /// When.
    shown_at: Option<DateTime<Utc>>,
    /// How many documents of it are shared now, shown or not.
    shared_documents: i64,
    /// Who comes into the portal for the client.
    people: Vec<PortalPersonView>,
}

/// Somebody who comes into the portal for a client.
#[derive(Serialize, ToSchema)]
#[schema(as = PortalPerson)]
struct PortalPersonView {
    /// Who.
    user_id: UserId,
    /// How they are called.
    name: String,
    /// What they sign in with.
    email: String,
    /// Whether they can sign in.
    active: bool,
    /// When they were last there.
    last_visit: Option<DateTime<Utc>>,
    /// The language they read.
    language: Language,
    /// Whether an ethical wall keeps them out of the case.
    walled: bool,
}

impl From<PortalPerson> for PortalPersonView {
    fn from(person: PortalPerson) -> Self {
        let PortalPerson { user, name, email, active, last_visit, language, walled } = person;
        Self { user_id: user, name, email, active, last_visit, language, walled }
    }
}

impl CasePortal {
    fn new(showing: Showing, people: Vec<PortalPerson>) -> Self {
        let Showing { client, shown, shares, leads: _, works: _ } = showing;
        let (client_id, client) = client.unzip();
        let (shown_by, shown_at) = shown.map(|shown| (shown.by, shown.at)).unzip();
        Self {
            client_id,
            client,
            shown: shown_at.is_some(),
            shown_by,
            shown_at,
            shared_documents: shares,
            people: people.into_iter().map(PortalPersonView::from).collect(),
        }
    }
}

/// Show how a case stands with its client
///
/// Whether it is shown to them, and who comes into the portal. For those to whom the case
/// is open.
#[utoipa::path(get, path = "/api/v1/cases/{id}/portal", tag = "portal",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "How it stands.", body = CasePortal), Problem))]
async fn show_case_portal(
    State(app): State<App>,
    May(caller, ..): May<ReadDocuments>,
    Path(id): Path<CaseId>,
) -> Result<Json<CasePortal>, Problem> {
    let showing = app.portal.showing(&caller.scope, id).await?;
    let people = app.portal.people(&caller.scope, id).await?;
    Ok(Json(CasePortal::new(showing, people)))
}

/// Show what the client of a case is shown
///
/// As the client would read it, whether or not it is shown now. For those to whom the case
/// is open.
#[utoipa::path(get, path = "/api/v1/cases/{id}/portal/preview", tag = "portal",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "The case as its client reads it.",
               body = ClientCase), Problem))]
async fn preview_case_portal(
    State(app): State<App>,
    May(caller, ..): May<ReadDocuments>,
    Path(id): Path<CaseId>,
) -> Result<Json<ClientCase>, Problem> {
    let case = app.portal.preview(&caller.scope, id).await?;
    Ok(Json(ClientCase::of(&app, &caller.scope, case).await?))
}

/// Show a case to its client
///
/// From now on the client reads its dates, what is needed from them and approved news.
/// Documents are shared one by one. For those who lead the case, and admins.
#[utoipa::path(post, path = "/api/v1/cases/{id}/portal/show", tag = "portal",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 204, description = "It is shown."), Problem))]
async fn show_case_to_client(
    State(app): State<App>,
    May(caller, ..): May<ManageTeams>,
    Path(id): Path<CaseId>,
) -> Result<StatusCode, Problem> {
    app.portal.show(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How to hide a case.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HideCase {
    /// Whether the documents shared of it are taken back too; they stay shared when left
    /// out.
    end_shares: Option<bool>,
}

/// What stays when a case is hidden.
#[derive(Serialize, ToSchema)]
struct HiddenCase {
    /// How many of its documents the client can still read.
    still_shared: i64,
}

/// Hide a case from its client
///
/// At once. A shared document is a consent of its own and stays shared unless the shares
/// are ended with it. For those who lead the case, and admins.
#[utoipa::path(post, path = "/api/v1/cases/{id}/portal/hide", tag = "portal",
    params(("id" = Uuid, Path, description = "The case.")),
    request_body = Option<HideCase>,
    responses((status = 200, description = "It is hidden.", body = HiddenCase), Problem))]
async fn hide_case_from_client(
    State(app): State<App>,
    May(caller, ..): May<ManageTeams>,
    Path(id): Path<CaseId>,
    body: Option<Json<HideCase>>,
) -> Result<Json<HiddenCase>, Problem> {
    let HideCase { end_shares } = body.map(|Json(body)| body).unwrap_or_default();
    let still_shared = app.portal.hide(&caller.scope, id, end_shares.unwrap_or(false)).await?;
    Ok(Json(HiddenCase { still_shared }))
}
