//! The service itself: whether it lives, and what it lacks.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::Json;
use super::problem::Problem;
use crate::app::App;
use crate::kernel::permission::permit::RunService;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(show_health)).routes(routes!(show_system))
}

/// Whether the service lives.
#[derive(Serialize, ToSchema)]
struct Health {
    /// `ok`.
    #[schema(example = "ok")]
    status: &'static str,
}

/// What the service is made of here.
#[derive(Serialize, ToSchema)]
struct System {
    /// The program's version.
    version: &'static str,
    /// What is missing on this machine, and how to get it.
    missing: Vec<String>,
    /// The language model; none when answers come from the documents alone.
    language_model: Option<String>,
    /// The model for search by meaning; none when it is off.
    embedding_model: Option<String>,
    /// How many pieces of background work are not done.
    pending_jobs: i64,
}

/// Tell whether the service lives
#[utoipa::path(get, path = "/api/health", tag = "admin", security(()),
    responses((status = 200, description = "It does.", body = Health), Problem))]
async fn show_health() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Tell what the service is made of and what it lacks
///
/// For admins.
#[utoipa::path(get, path = "/api/v1/system", tag = "admin",
    responses((status = 200, description = "The service.", body = System), Problem))]
async fn show_system(
    State(app): State<App>,
    May(..): May<RunService>,
) -> Result<Json<System>, Problem> {
    let pending_jobs = app.jobs.pending().await?;
    Ok(Json(System {
        version: env!("CARGO_PKG_VERSION"),
        missing: app.missing.to_vec(),
        language_model: app.assistant.model(),
        embedding_model: app.vectors.model(),
        pending_jobs,
    }))
}
