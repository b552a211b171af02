//! What people think of answers, and answers pinned in a case.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path};
use super::problem::Problem;
use crate::app::App;
use crate::assistant::{Counted, Given, Pinned, Reason};
use crate::kernel::permission::permit::{Ask, RunService};
use crate::kernel::{CaseId, MessageId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(judge_answer))
        .routes(routes!(list_feedback))
        .routes(routes!(export_feedback))
        .routes(routes!(pin_answer, unpin_answer))
        .routes(routes!(list_pinned))
}

/// What you think of an answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Judgment {
    /// Whether it helped.
    helpful: bool,
    /// Why not.
    reason: Option<Reason>,
    /// In your own words, up to 2000 characters.
    words: Option<String>,
}

/// Say what you think of an answer
///
/// A later word replaces an earlier one. For whoever asked.
#[utoipa::path(put, path = "/api/v1/messages/{id}/feedback", tag = "assistant",
    params(("id" = Uuid, Path, description = "The answer's message.")),
    request_body = Judgment,
    responses((status = 204, description = "It is noted."), Problem))]
async fn judge_answer(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Path(id): Path<MessageId>,
    Json(Judgment { helpful, reason, words }): Json<Judgment>,
) -> Result<StatusCode, Problem> {
    let words = words.unwrap_or_default();
    app.assistant.judge(&caller.scope, id, helpful, reason, &words).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The feedback on answers.
#[derive(Serialize, ToSchema)]
struct FeedbackView {
    /// How often each judgment was given.
    counts: Vec<Counted>,
    /// The judgments, newest first, at most 1000.
    given: Vec<Given>,
}

/// Show what people think of the answers
///
/// What an ethical wall keeps from you is counted and not shown. For admins.
#[utoipa::path(get, path = "/api/v1/feedback", tag = "admin",
    responses((status = 200, description = "The feedback.", body = FeedbackView), Problem))]
async fn list_feedback(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
) -> Result<Json<FeedbackView>, Problem> {
    let (given, counts) = app.assistant.feedback(&caller.scope).await?;
    Ok(Json(FeedbackView { counts, given }))
}

/// Export what people think of the answers, as CSV
///
/// Recorded. For admins.
#[utoipa::path(get, path = "/api/v1/feedback.csv", tag = "admin",
    responses((status = 200, description = "The feedback.", body = String,
               content_type = "text/csv"), Problem))]
async fn export_feedback(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
) -> Result<impl IntoResponse, Problem> {
    let csv = app.assistant.feedback_csv(&caller.scope).await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"feedback.csv\""),
    ];
    Ok((headers, csv))
}

/// Pin an answer in its case
///
/// Everybody to whom the case is open sees it there, as far as its documents are open to
/// them. For whoever asked.
#[utoipa::path(post, path = "/api/v1/messages/{id}/pin", tag = "assistant",
    params(("id" = Uuid, Path, description = "The answer's message.")),
    responses((status = 204, description = "It is pinned."), Problem))]
async fn pin_answer(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Path(id): Path<MessageId>,
) -> Result<StatusCode, Problem> {
    app.assistant.pin(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a pinned answer down
///
/// For whoever pinned it, and those who lead the case.
#[utoipa::path(delete, path = "/api/v1/messages/{id}/pin", tag = "assistant",
    params(("id" = Uuid, Path, description = "The answer's message.")),
    responses((status = 204, description = "It is not pinned any more."), Problem))]
async fn unpin_answer(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Path(id): Path<MessageId>,
) -> Result<StatusCode, Problem> {
    app.assistant.unpin(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the answers pinned in a case
///
/// Newest first. For those to whom the case is open.
#[utoipa::path(get, path = "/api/v1/cases/{id}/pinned", tag = "assistant",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "The answers.", body = [Pinned]), Problem))]
async fn list_pinned(
    State(app): State<App>,
    May(caller, ..): May<Ask>,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<Pinned>>, Problem> {
    Ok(Json(app.assistant.pinned(&caller.scope, id).await?))
}
