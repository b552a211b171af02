//! Legal holds.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::caller::May;
use super::super::extract::{Json, Path};
use super::super::problem::{Code, Problem};
use super::Begun;
use crate::app::App;
use crate::kernel::permission::permit::ProtectData;
use crate::kernel::{CaseId, ClientId, HoldId, UserId};
use crate::privacy::{Hold, On};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(list_holds, place_hold)).routes(routes!(lift_hold))
}

/// A legal hold.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Hold)]
struct HoldView {
    /// Its id.
    id: HoldId,
    /// The client it is on.
    client_id: Option<ClientId>,
    /// The case it is on.
    case_id: Option<CaseId>,
    /// How it is called.
    name: String,
    /// Why.
    reason: String,
    /// By whom.
    placed_by: UserId,
    /// Since when.
    placed_at: DateTime<Utc>,
    /// When it was lifted.
    lifted_at: Option<DateTime<Utc>>,
    /// Why it was lifted.
    lifted_reason: Option<String>,
}

impl From<Hold> for HoldView {
    fn from(hold: Hold) -> Self {
        let Hold {
            id,
            client_id,
            case_id,
            name,
            reason,
            placed_by,
            placed_at,
            lifted_at,
            lifted_reason,
        } = hold;
        Self {
            id,
            client_id,
            case_id,
            name,
            reason,
            placed_by,
            placed_at,
            lifted_at,
            lifted_reason,
        }
    }
}

/// A legal hold to be placed, on a case or on a client.
#[derive(Debug, Deserialize, ToSchema)]
struct NewHold {
    /// The case.
    case_id: Option<CaseId>,
    /// The client.
    client_id: Option<ClientId>,
    /// Why.
    reason: String,
}

/// Why a hold is lifted.
#[derive(Debug, Deserialize, ToSchema)]
struct LiftHold {
    /// Why.
    reason: String,
}

/// List legal holds
///
/// For admins.
#[utoipa::path(get, path = "/api/v1/holds", tag = "privacy",
    responses((status = 200, description = "The holds; those that stand first.", body = [HoldView]), Problem))]
async fn list_holds(
    State(app): State<App>,
    May(caller, ..): May<ProtectData>,
) -> Result<Json<Vec<HoldView>>, Problem> {
    let holds = app.privacy.holds(&caller.scope).await?;
    Ok(Json(holds.into_iter().map(Into::into).collect()))
}

/// Place a legal hold
///
/// What it is on is not erased until it is lifted. For admins.
#[utoipa::path(post, path = "/api/v1/holds", tag = "privacy", request_body = NewHold,
    responses((status = 201, description = "It stands.", body = Begun), Problem))]
async fn place_hold(
    State(app): State<App>,
    May(caller, ..): May<ProtectData>,
    Json(new): Json<NewHold>,
) -> Result<(StatusCode, Json<Begun>), Problem> {
    let on = match (new.case_id, new.client_id) {
        (Some(case), None) => On::Case(case),
        (None, Some(client)) => On::Client(client),
        _ => {
            let words = "name either a case or a client";
            return Err(Problem::shown(Code::BadRequest, words));
        }
    };
    let id = app.privacy.hold(&caller.scope, on, &new.reason).await?;
    Ok((StatusCode::CREATED, Json(Begun { id: id.uuid() })))
}

/// Lift a legal hold
///
/// For admins.
#[utoipa::path(post, path = "/api/v1/holds/{id}/lift", tag = "privacy", request_body = LiftHold,
    params(("id" = Uuid, Path, description = "The hold.")),
    responses((status = 204, description = "It is lifted."), Problem))]
async fn lift_hold(
    State(app): State<App>,
    May(caller, ..): May<ProtectData>,
    Path(id): Path<HoldId>,
    Json(lift): Json<LiftHold>,
) -> Result<StatusCode, Problem> {
    app.privacy.lift(&caller.scope, id, &lift.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
