//! Golden questions: what should be found, and how well it is.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path};
use super::problem::Problem;
use crate::app::App;
use crate::kernel::permission::permit::RunService;
use crate::kernel::{CaseId, GenerationId, GoldenId, GoldenRunId};
use crate::search::golden::{Batch, Expected, NewQuestion, Outcome, Question, Run, Way};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_golden, add_golden))
        .routes(routes!(show_golden, change_golden, delete_golden))
        .routes(routes!(export_golden, import_golden))
        .routes(routes!(list_golden_runs, run_golden))
        .routes(routes!(show_golden_run))
}

/// A question whose right answers are known.
#[derive(Serialize, ToSchema)]
#[schema(as = GoldenQuestion)]
struct QuestionView {
    /// Its id.
    id: GoldenId,
    /// What is asked.
    question: String,
    /// The case it is asked in; over everything when there is none.
    case: Option<CaseId>,
    /// What to know about it.
    note: String,
    /// What should be found.
    expected: Vec<Expected>,
    /// When it was last changed.
    changed_at: DateTime<Utc>,
}

impl From<Question> for QuestionView {
    fn from(question: Question) -> Self {
        let Question { id, question, case, note, expected, changed_at } = question;
        Self { id, question, case, note, expected, changed_at }
    }
}

/// Runs that were made together.
#[derive(Serialize, ToSchema)]
#[schema(as = GoldenBatch)]
struct BatchView {
    /// What they have in common.
    id: GoldenRunId,
    /// When they were made.
    at: DateTime<Utc>,
    /// The runs.
    runs: Vec<RunView>,
}

/// One way of searching, tried on every golden question. Scores are means, 0 to 1.
#[derive(Serialize, ToSchema)]
#[schema(as = GoldenRun)]
struct RunView {
    /// Its id.
    id: GoldenRunId,
    /// How was searched.
    way: Way,
    /// The vectors that were searched; nothing for words only.
    generation: Option<GenerationId>,
    /// Their model.
    model: Option<String>,
    /// Whether those vectors were not the live ones then.
    is_shadow: bool,
    /// How many questions were asked.
    questions: u64,
    /// The share of what was expected among the first ten passages.
    recall_10: f64,
    /// The same among the first hundred.
    recall_100: f64,
    /// The mean of one divided by the first right passage's rank.
    mrr: f64,
    /// Normalised discounted cumulative gain of the first ten.
    ndcg_10: f64,
    /// How long all questions took together, in milliseconds.
    took_ms: u64,
}

impl From<Run> for RunView {
    fn from(run: Run) -> Self {
        Self {
            id: run.id,
            way: run.way,
            generation: run.generation,
            model: run.model,
            is_shadow: run.is_shadow,
            questions: run.questions,
            recall_10: run.recall_10,
            recall_100: run.recall_100,
            mrr: run.mrr,
            ndcg_10: run.ndcg_10,
            took_ms: run.took_ms,
        }
    }
}

impl From<Batch> for BatchView {
    fn from(batch: Batch) -> Self {
        let Batch { id, at, runs } = batch;
        Self { id, at, runs: runs.into_iter().map(Into::into).collect() }
    }
}

/// What a run found for a question.
#[derive(Serialize, ToSchema)]
#[schema(as = GoldenOutcome)]
struct OutcomeView {
    /// The question; it may be gone since.
    id: GoldenId,
    /// What was asked.
    question: String,
    /// The rank of the first right passage, from 1; nothing when it was not found.
    first_rank: Option<u64>,
    /// Normalised discounted cumulative gain of the first ten.
    ndcg_10: f64,
}

impl From<Outcome> for OutcomeView {
    fn from(outcome: Outcome) -> Self {
        let Outcome { id, question, first_rank, ndcg_10 } = outcome;
        Self { id, question, first_rank, ndcg_10 }
    }
}

/// List the golden questions
///
/// For admins.
#[utoipa::path(get, path = "/api/v1/golden", tag = "search",
    responses((status = 200, description = "The questions, in the order they were added.",
               body = [QuestionView]), Problem))]
async fn list_golden(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
) -> Result<Json<Vec<QuestionView>>, Problem> {
    let questions = app.golden.list(&caller.scope).await?;
    Ok(Json(questions.into_iter().map(Into::into).collect()))
}

/// A golden question that was added.
#[derive(Serialize, ToSchema)]
#[schema(as = GoldenAdded)]
struct AddedView {
    /// Its id.
    id: GoldenId,
}

/// Add a golden question
///
/// For admins.
#[utoipa::path(post, path = "/api/v1/golden", tag = "search", request_body = NewQuestion,
    responses((status = 201, description = "Added.", body = AddedView), Problem))]
async fn add_golden(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
    Json(new): Json<NewQuestion>,
) -> Result<(StatusCode, Json<AddedView>), Problem> {
    let id = app.golden.add(&caller.scope, new).await?;
    Ok((StatusCode::CREATED, Json(AddedView { id })))
}

/// Show a golden question
///
/// For admins.
#[utoipa::path(get, path = "/api/v1/golden/{id}", tag = "search",
    params(("id" = Uuid, Path, description = "The question.")),
    responses((status = 200, description = "The question.", body = QuestionView), Problem))]
async fn show_golden(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
    Path(id): Path<GoldenId>,
) -> Result<Json<QuestionView>, Problem> {
    Ok(Json(app.golden.find(&caller.scope, id).await?.into()))
}

/// Change a golden question
///
/// For admins.
#[utoipa::path(put, path = "/api/v1/golden/{id}", tag = "search", request_body = NewQuestion,
    params(("id" = Uuid, Path, description = "The question.")),
    responses((status = 204, description = "Changed."), Problem))]
async fn change_golden(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
    Path(id): Path<GoldenId>,
    Json(new): Json<NewQuestion>,
) -> Result<StatusCode, Problem> {
    app.golden.change(&caller.scope, id, new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a golden question
///
/// What runs found for it is kept. For admins.
#[utoipa::path(delete, path = "/api/v1/golden/{id}", tag = "search",
    params(("id" = Uuid, Path, description = "The question.")),
    responses((status = 204, description = "Deleted."), Problem))]
async fn delete_golden(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
    Path(id): Path<GoldenId>,
) -> Result<StatusCode, Problem> {
    app.golden.delete(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Export the golden questions, as JSON lines
///
/// For admins.
#[utoipa::path(get, path = "/api/v1/golden.jsonl", tag = "search",
    responses((status = 200, description = "One question a line.", body = String,
               content_type = "application/jsonl"), Problem))]
async fn export_golden(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
) -> Result<impl IntoResponse, Problem> {
    let headers = [
        (CONTENT_TYPE, "application/jsonl; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"golden-questions.jsonl\""),
    ];
    let lines = app.golden.export(&caller.scope).await?;
    app.audit.acted(&caller.scope, "golden.export", json!({})).await?;
    Ok((headers, lines))
}

/// How many golden questions were added.
#[derive(Serialize, ToSchema)]
#[schema(as = GoldenImported)]
struct ImportedView {
    /// How many were not there before.
    added: usize,
}

/// Import golden questions from JSON lines
///
/// All of them or none; those that are there already are passed over. For admins.
#[utoipa::path(post, path = "/api/v1/golden.jsonl", tag = "search",
    request_body(content = String, content_type = "application/jsonl",
                 description = "One question a line, as the export gives them."),
    responses((status = 200, description = "Added.", body = ImportedView), Problem))]
async fn import_golden(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
    text: String,
) -> Result<Json<ImportedView>, Problem> {
    let added = app.golden.import(&caller.scope, &text).await?;
    Ok(Json(ImportedView { added }))
}

/// List the runs over the golden questions
///
/// For admins.
#[utoipa::path(get, path = "/api/v1/golden/runs", tag = "search",
    responses((status = 200, description = "The runs, the latest first.",
               body = [BatchView]), Problem))]
async fn list_golden_runs(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
) -> Result<Json<Vec<BatchView>>, Problem> {
    let batches = app.golden.batches(&caller.scope).await?;
    Ok(Json(batches.into_iter().map(Into::into).collect()))
}

/// Ask every golden question now
///
/// By words, by meaning and by both; and in the vectors another model is making, when
/// there are any. For admins.
#[utoipa::path(post, path = "/api/v1/golden/runs", tag = "search",
    responses((status = 200, description = "What came of it.", body = BatchView), Problem))]
async fn run_golden(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
) -> Result<Json<BatchView>, Problem> {
    Ok(Json(app.golden.run(&caller.scope).await?.into()))
}

/// Show what a run found, question by question
///
/// For admins.
#[utoipa::path(get, path = "/api/v1/golden/runs/{id}", tag = "search",
    params(("id" = Uuid, Path, description = "The run.")),
    responses((status = 200, description = "What was found.", body = [OutcomeView]), Problem))]
async fn show_golden_run(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
    Path(id): Path<GoldenRunId>,
) -> Result<Json<Vec<OutcomeView>>, Problem> {
    let outcomes = app.golden.outcomes(&caller.scope, id).await?;
    Ok(Json(outcomes.into_iter().map(Into::into).collect()))
}
