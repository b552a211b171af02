//! The language models: how each stands, trying one, having one asked again.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path};
use super::problem::Problem;
use crate::app::App;
use crate::assistant::chain::{Now, Outage, Standing, State as Breaker, Status, Switch, Tried};
use crate::kernel::permission::permit::RunService;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(show_models))
        .routes(routes!(test_model))
        .routes(routes!(reset_model))
}

/// The language models and what became of them lately.
#[derive(Serialize, ToSchema)]
#[schema(as = Models)]
struct ModelsView {
    /// What answers now: `model` or `documents`.
    answering: &'static str,
    /// The model that is asked first, or why none is.
    words: String,
    /// How long a whole answer may take, in seconds.
    deadline_secs: u64,
    /// The models, in the order they are asked.
    models: Vec<ModelView>,
    /// The last outages of models, of the embedding model and of what holds the vectors;
    /// those that last come first.
    outages: Vec<OutageView>,
    /// Answers that went on with another model, by the hour.
    switches: Vec<SwitchView>,
}

/// A language model.
#[derive(Serialize, ToSchema)]
#[schema(as = LanguageModel)]
struct ModelView {
    /// Its place in the order, from 1.
    place: usize,
    /// Who runs it.
    provider: String,
    /// The model.
    model: String,
    /// The most tokens it takes, where the settings say.
    context_tokens: Option<u64>,
    /// `working`; `open`: left alone for a while; `probing`: being tried again; `out`:
    /// left alone until somebody has it asked again.
    state: &'static str,
    /// Why it is left alone.
    reason: Option<String>,
    /// Until when it is left alone.
    until: Option<DateTime<Utc>>,
    /// When it last answered, since the service started.
    last_success: Option<DateTime<Utc>>,
    /// When it last failed, since the service started.
    last_failure: Option<DateTime<Utc>>,
    /// Why it last failed.
    last_error: Option<String>,
    /// Calls of the last hour.
    calls: usize,
    /// Of them, those that failed or broke off.
    failed: usize,
    /// Half of the last hour's answers took no longer, in milliseconds.
    p50_ms: Option<i64>,
    /// All but a twentieth took no longer, in milliseconds.
    p95_ms: Option<i64>,
}

/// A time in which something was away.
#[derive(Serialize, ToSchema)]
#[schema(as = Outage)]
struct OutageView {
    /// What: `model`, `embeddings` or `vectors`.
    part: String,
    /// Which: provider and model, or the store.
    name: String,
    /// Why.
    reason: String,
    /// How many calls failed before it was left alone.
    failures: i64,
    /// Since when.
    began_at: DateTime<Utc>,
    /// Until when; nothing while it lasts.
    ended_at: Option<DateTime<Utc>>,
}

/// Answers of an hour that went on with another model.
#[derive(Serialize, ToSchema)]
#[schema(as = ModelSwitch)]
struct SwitchView {
    /// The hour's beginning.
    hour: DateTime<Utc>,
    /// The model that failed.
    from: String,
    /// The model that went on.
    to: String,
    /// Why, in a word or two.
    reason: String,
    /// How many answers.
    answers: i64,
}

/// What came of trying a model.
#[derive(Serialize, ToSchema)]
#[schema(as = ModelTried)]
struct TriedView {
    /// Whether it answered.
    works: bool,
    /// What came of it, in words.
    words: String,
    /// How long it took, in milliseconds.
    ms: u64,
}

impl From<Standing> for ModelView {
    fn from(standing: Standing) -> Self {
        let Standing {
            place,
            provider,
            model,
            context,
            state,
            last_success,
            last_failure,
            calls,
            failed,
            p50_ms,
            p95_ms,
        } = standing;
        let name = state.as_str();
        let (reason, until) = match state {
            Breaker::Closed => (None, None),
            Breaker::Open { until, reason } => (Some(reason), Some(until)),
            Breaker::Probing { reason, .. } | Breaker::Out { reason } => (Some(reason), None),
        };
        let (last_failure, last_error) = last_failure.unzip();
        Self {
            place,
            provider,
            model,
            context_tokens: context,
            state: name,
            reason,
            until,
            last_success,
            last_failure,
            last_error,
            calls,
            failed,
            p50_ms,
            p95_ms,
        }
    }
}

impl From<Outage> for OutageView {
    fn from(outage: Outage) -> Self {
        let Outage { part, name, reason, failures, began_at, ended_at } = outage;
        Self { part, name, reason, failures, began_at, ended_at }
    }
}

impl From<Switch> for SwitchView {
    fn from(switch: Switch) -> Self {
        let Switch { hour, from_model, to_model, reason, answers } = switch;
        Self { hour, from: from_model, to: to_model, reason, answers }
    }
}

/// Show the language models: how each stands, its last hour, and the last outages.
#[utoipa::path(
    get, path = "/api/v1/models", tag = "admin",
    responses((status = 200, description = "The models.", body = ModelsView), Problem)
)]
async fn show_models(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
) -> Result<Json<ModelsView>, Problem> {
    app.notice_outages().await?;
    let Status { now, deadline, models, outages, switches } =
        app.chain.status(&caller.scope).await?;
    let (answering, words) = match now {
        Now::Model(model) => ("model", model),
        Now::Documents(why) => ("documents", why),
    };
    Ok(Json(ModelsView {
        answering,
        words,
        deadline_secs: deadline.as_secs(),
        models: models.into_iter().map(Into::into).collect(),
        outages: outages.into_iter().map(Into::into).collect(),
        switches: switches.into_iter().map(Into::into).collect(),
    }))
}

/// Try a language model with a short question; one that answers is asked again from now on.
#[utoipa::path(
    post, path = "/api/v1/models/{place}/test", tag = "admin",
    params(("place" = usize, Path, description = "Its place in the order, from 1")),
    responses((status = 200, description = "What came of it.", body = TriedView), Problem)
)]
async fn test_model(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
    Path(place): Path<usize>,
) -> Result<Json<TriedView>, Problem> {
    let Tried { works, words, ms } = app.chain.test(&caller.scope, place).await?;
    Ok(Json(TriedView { works, words, ms }))
}

/// Have a language model asked again that was left alone.
#[utoipa::path(
    post, path = "/api/v1/models/{place}/reset", tag = "admin",
    params(("place" = usize, Path, description = "Its place in the order, from 1")),
    responses((status = 204, description = "It is asked again."), Problem)
)]
async fn reset_model(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
    Path(place): Path<usize>,
) -> Result<StatusCode, Problem> {
    app.chain.reset(&caller.scope, place).await?;
    Ok(StatusCode::NO_CONTENT)
}
