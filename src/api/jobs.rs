//! Jobs: background work, and trying again what failed.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::caller::May;
use super::extract::{Json, Path, Query};
use super::problem::Problem;
use crate::app::App;
use crate::documents::DeadWork;
use crate::jobs::Listed;
use crate::kernel::permission::permit::{ReadCases, RunService, WorkOnCases};
use crate::kernel::{CaseId, DocumentId, JobId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_jobs))
        .routes(routes!(list_dead_jobs))
        .routes(routes!(retry_job))
}

/// A piece of background work.
#[derive(Serialize, ToSchema)]
#[schema(as = Job)]
struct JobView {
    /// Its id.
    id: JobId,
    /// What is done: `documents.read`, `search.index`, `vectors.embed`.
    kind: String,
    /// What it is done to: a document's version.
    subject: Uuid,
    /// `queued`, `running` or `dead`.
    status: String,
    /// How often it has been started.
    attempts: i64,
    /// When it may start.
    run_at: DateTime<Utc>,
    /// Why it failed the last time.
    last_error: Option<String>,
}

impl From<Listed> for JobView {
    fn from(job: Listed) -> Self {
        let Listed { id, kind, subject, status, attempts, run_at, last_error } = job;
        Self { id, kind, subject, status, attempts, run_at, last_error }
    }
}

/// List background work
///
/// What waits, runs or was put aside. For admins.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "admin",
    responses((status = 200, description = "The work.", body = [JobView]), Problem))]
async fn list_jobs(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
) -> Result<Json<Vec<JobView>>, Problem> {
    let jobs = app.jobs.list(&caller.scope).await?;
    Ok(Json(jobs.into_iter().map(JobView::from).collect()))
}

/// Which failed work to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DeadQuery {
    /// The case its document belongs to; all open to you when left out.
    #[param(value_type = Option<Uuid>)]
    case: Option<CaseId>,
}

/// Work on a document that was put aside because it kept failing.
#[derive(Serialize, ToSchema)]
struct DeadJob {
    /// Its id.
    id: JobId,
    /// What was to be done: `documents.read`, `search.index`, `vectors.embed`.
    kind: String,
    /// How often it was tried.
    attempts: i64,
    /// Why it failed.
    reason: String,
    /// When it was last due.
    at: DateTime<Utc>,
    /// The document.
    document_id: DocumentId,
    /// Its title.
    title: String,
    /// Its case.
    case_id: CaseId,
    /// The case's title.
    case_title: String,
}

impl From<DeadWork> for DeadJob {
    fn from(work: DeadWork) -> Self {
        let DeadWork {
            job_id,
            kind,
            attempts,
            reason,
            at,
            document_id,
            title,
            case_id,
            case_title,
        } = work;
        let id = job_id;
        Self { id, kind, attempts, reason, at, document_id, title, case_id, case_title }
    }
}

/// List work that failed on documents open to you
///
/// For the chamber's own people.
#[utoipa::path(get, path = "/api/v1/jobs/dead", tag = "documents", params(DeadQuery),
    responses((status = 200, description = "The work.", body = [DeadJob]), Problem))]
async fn list_dead_jobs(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Query(DeadQuery { case }): Query<DeadQuery>,
) -> Result<Json<Vec<DeadJob>>, Problem> {
    let work = app.documents.dead_work(&caller.scope, case).await?;
    Ok(Json(work.into_iter().map(DeadJob::from).collect()))
}

/// Try work again that was put aside
///
/// For those who work on its document's case, and admins.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/retry", tag = "documents",
    params(("id" = Uuid, Path, description = "The work.")),
    responses((status = 202, description = "It will be tried again."), Problem))]
async fn retry_job(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<JobId>,
) -> Result<StatusCode, Problem> {
    app.documents.retry(&caller.scope, id).await?;
    Ok(StatusCode::ACCEPTED)
}
