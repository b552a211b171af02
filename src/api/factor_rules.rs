//! Which roles must have a second factor, and help for who lost theirs; for admins.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{InSession, May};
use super::extract::{Json, Path};
use super::problem::Problem;
use crate::app::App;
use crate::kernel::permission::permit::ManagePeople;
use crate::kernel::{Role, UserId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_factor_rules))
        .routes(routes!(set_factor_rule))
        .routes(routes!(reset_factors))
}

/// Whether a role must have a second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FactorRule {
    /// Whether it must.
    required: bool,
}

/// List the roles that must have a second factor
///
/// For admins.
#[utoipa::path(get, path = "/api/v1/factor-rules", tag = "users",
    responses((status = 200, description = "The roles.", body = [Role]), Problem))]
async fn list_factor_rules(
    State(app): State<App>,
    May(caller, ..): May<ManagePeople>,
) -> Result<Json<Vec<Role>>, Problem> {
    Ok(Json(app.auth.factor_rules(&caller.scope).await?))
}

/// Say whether a role must have a second factor
///
/// Whoever has none is signed out and sets one up at the next sign-in. For admins,
/// signed in with a session.
#[utoipa::path(put, path = "/api/v1/factor-rules/{role}", tag = "users",
    params(("role" = Role, Path, description = "The role; not `client`.")),
    request_body = FactorRule,
    responses((status = 204, description = "Noted."), Problem))]
async fn set_factor_rule(
    State(app): State<App>,
    May(caller, ..): May<ManagePeople>,
    InSession(_): InSession,
    Path(role): Path<Role>,
    Json(FactorRule { required }): Json<FactorRule>,
) -> Result<StatusCode, Problem> {
    app.auth.set_factor_rule(&caller, role, required).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a person's second factors
///
/// For who has lost them; they are signed out and told. For admins, signed in with a
/// session.
#[utoipa::path(post, path = "/api/v1/users/{id}/factors/reset", tag = "users",
    params(("id" = Uuid, Path, description = "The person.")),
    responses((status = 204, description = "Removed."), Problem))]
async fn reset_factors(
    State(app): State<App>,
    May(caller, ..): May<ManagePeople>,
    InSession(_): InSession,
    Path(id): Path<UserId>,
) -> Result<StatusCode, Problem> {
    app.auth.reset_factors(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
