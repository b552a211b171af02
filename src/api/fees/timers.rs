//! Timers.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::app::App;
use crate::fees::{Timer, Timers};
use crate::kernel::permission::permit::KeepTime;
use crate::kernel::{CaseId, TimerId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(show_timers, start_timer))
        .routes(routes!(pause_timer))
        .routes(routes!(resume_timer))
        .routes(routes!(stop_timer))
        .routes(routes!(discard_draft))
}

/// A timer, or the draft it left.
#[derive(Serialize, ToSchema)]
#[schema(as = Timer)]
struct TimerView {
    /// Its id.
    id: TimerId,
    /// On which case.
    case_id: CaseId,
    /// The case's title.
    case_title: String,
    /// What is done.
    note: String,
    /// When it was started.
    started_at: DateTime<Utc>,
    /// Since when it runs; nothing while it is paused or stopped.
    running_since: Option<DateTime<Utc>>,
    /// When it was stopped.
    stopped_at: Option<DateTime<Utc>>,
    /// How many seconds it ran until now.
    seconds: i64,
    /// Whether it ran for more than twelve hours: then ask how long it really was.
    forgotten: bool,
}

impl From<Timer> for TimerView {
    fn from(timer: Timer) -> Self {
        let Timer {
            id,
            case_id,
            case_title,
            note,
            started_at,
            running_since,
            stopped_at,
            seconds,
            is_forgotten,
        } = timer;
        Self {
            id,
            case_id,
            case_title,
            note,
            started_at,
            running_since,
            stopped_at,
            seconds,
            forgotten: is_forgotten,
        }
    }
}

/// A person's timers.
#[derive(Serialize, ToSchema)]
#[schema(as = Timers)]
struct TimersView {
    /// The one that runs or is paused.
    open: Option<TimerView>,
    /// Those that were stopped and wait to be entered as time.
    drafts: Vec<TimerView>,
}

/// What a timer is started for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTimer)]
struct TimerBody {
    /// On which case.
    case_id: CaseId,
    /// What is done.
    #[serde(default)]
    #[schema(max_length = 2000, required = false)]
    note: String,
}

/// A timer that was started or stopped.
#[derive(Serialize, ToSchema)]
struct TimerSet {
    /// Its id; stopped, that of the draft.
    id: TimerId,
}

/// Show one's timers
///
/// The one that runs or is paused, and those that wait to be entered. For those who keep
/// time.
#[utoipa::path(get, path = "/api/v1/timer", tag = "fees",
    responses((status = 200, description = "The timers.", body = TimersView), Problem))]
async fn show_timers(
    State(app): State<App>,
    May(caller, ..): May<KeepTime>,
) -> Result<Json<TimersView>, Problem> {
    let Timers { open, drafts } = app.fees.timers(&caller.scope).await?;
    let drafts = drafts.into_iter().map(TimerView::from).collect();
    Ok(Json(TimersView { open: open.map(TimerView::from), drafts }))
}

/// Start a timer
///
/// One that is open is stopped, and waits to be entered. For those who work on the case.
#[utoipa::path(post, path = "/api/v1/timer", tag = "fees", request_body = TimerBody,
    responses((status = 201, description = "It runs.", body = TimerSet), Problem))]
async fn start_timer(
    State(app): State<App>,
    May(caller, ..): May<KeepTime>,
    Json(TimerBody { case_id, note }): Json<TimerBody>,
) -> Result<(StatusCode, Json<TimerSet>), Problem> {
    let id = app.fees.start_timer(&caller.scope, case_id, &note).await?;
    Ok((StatusCode::CREATED, Json(TimerSet { id })))
}

/// Pause one's timer
///
/// For those who keep time.
#[utoipa::path(post, path = "/api/v1/timer/pause", tag = "fees",
    responses((status = 204, description = "It is paused."), Problem))]
async fn pause_timer(
    State(app): State<App>,
    May(caller, ..): May<KeepTime>,
) -> Result<StatusCode, Problem> {
    app.fees.pause_timer(&caller.scope).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let one's timer run again
///
/// For those who keep time.
#[utoipa::path(post, path = "/api/v1/timer/resume", tag = "fees",
    responses((status = 204, description = "It runs."), Problem))]
async fn resume_timer(
    State(app): State<App>,
    May(caller, ..): May<KeepTime>,
) -> Result<StatusCode, Problem> {
    app.fees.resume_timer(&caller.scope).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stop one's timer
///
/// It becomes a draft, which is entered as time with its id, or thrown away; nothing is
/// billed before. For those who keep time.
#[utoipa::path(post, path = "/api/v1/timer/stop", tag = "fees",
    responses((status = 200, description = "The draft.", body = TimerSet), Problem))]
async fn stop_timer(
    State(app): State<App>,
    May(caller, ..): May<KeepTime>,
) -> Result<Json<TimerSet>, Problem> {
    Ok(Json(TimerSet { id: app.fees.stop_timer(&caller.scope).await? }))
}

/// Throw a draft away
///
/// One's own. For those who keep time.
#[utoipa::path(delete, path = "/api/v1/timer/drafts/{id}", tag = "fees",
    params(("id" = Uuid, Path, description = "The draft.")),
    responses((status = 204, description = "It is gone."), Problem))]
async fn discard_draft(
    State(app): State<App>,
    May(caller, ..): May<KeepTime>,
    Path(id): Path<TimerId>,
) -> Result<StatusCode, Problem> {
    app.fees.discard_draft(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
