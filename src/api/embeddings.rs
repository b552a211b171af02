//! Embedding models: which one made the vectors, and changing to another.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path};
use super::problem::Problem;
use crate::app::App;
use crate::kernel::permission::permit::RunService;
use crate::kernel::{GenerationId, MicroDollars, Paise};
use crate::vectors::{Estimate, Generation, Spent, Standing, Vectors};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(show_embeddings))
        .routes(routes!(estimate_embeddings))
        .routes(routes!(start_embeddings, cancel_embeddings))
        .routes(routes!(pause_embeddings))
        .routes(routes!(resume_embeddings))
        .routes(routes!(switch_embeddings))
        .routes(routes!(roll_back_embeddings))
        .routes(routes!(drop_embeddings))
}

/// The vectors there are, and the models they could be made by.
#[derive(Serialize, ToSchema)]
#[schema(as = Embeddings)]
struct EmbeddingsView {
    /// What holds the vectors: `embedded`, or the name of a server.
    store: String,
    /// What is said when the settings name another model than the live one.
    notice: Option<String>,
    /// The live vectors, those being made, and those kept from before, the last first.
    generations: Vec<GenerationView>,
    /// The models the settings name, the configured one first.
    models: Vec<ModelView>,
}

/// A model the settings name.
#[derive(Serialize, ToSchema)]
#[schema(as = EmbeddingModel)]
struct ModelView {
    /// What it is called.
    name: String,
    /// Who runs it: `in-process`, or the host of the endpoint.
    provider: String,
    /// The model.
    model: String,
    /// The length of its vectors.
    dimensions: usize,
    /// Whether the live vectors are its.
    live: bool,
}

/// The vectors one model made.
#[derive(Serialize, ToSchema)]
#[schema(as = Generation)]
struct GenerationView {
    /// Their id.
    id: GenerationId,
    /// Who runs the model.
    provider: String,
    /// The model.
    model: String,
    /// The length of the vectors.
    dimensions: usize,
    /// What they are for: `live`, `filling`, `paused`, `failed` or `previous`.
    stage: &'static str,
    /// Why they wait or failed.
    reason: Option<String>,
    /// Why the model cannot be asked here.
    unusable: Option<String>,
    /// When they were begun.
    started_at: DateTime<Utc>,
    /// When they were last made the live ones.
    live_at: Option<DateTime<Utc>>,
    /// Documents of the organisation that should be in them.
    documents: i64,
    /// Of them, those that are.
    documents_held: i64,
    /// Passages of those documents.
    passages: i64,
    /// Of them, those of documents that are in them.
    passages_held: i64,
    /// Whether nothing is missing, so that they can be switched to.
    complete: bool,
    /// The time left at the rate so far, in seconds.
    secs_left: Option<u64>,
    /// What making them was estimated to take.
    estimated: Option<SpentView>,
    /// What making them took so far.
    spent: SpentView,
}

/// Tokens, money and time.
#[derive(Serialize, ToSchema)]
#[schema(as = EmbeddingCost)]
struct SpentView {
    /// Tokens the model read.
    tokens: u64,
    /// What they cost, in millionths of a dollar, if the price book knows the model.
    cost_microdollars: Option<MicroDollars>,
    /// The same in paise.
    cost_paise: Option<Paise>,
    /// The model's time, in milliseconds.
    ms: Option<u64>,
}

impl From<Spent> for SpentView {
    fn from(spent: Spent) -> Self {
        let Spent { tokens, microdollars, paise, ms } = spent;
        Self { tokens, cost_microdollars: microdollars, cost_paise: paise, ms }
    }
}

impl From<Standing> for GenerationView {
    fn from(standing: Standing) -> Self {
        let Standing { generation, held, complete, secs_left, unusable } = standing;
        let Generation { id, provider, model, dimensions, stage, reason, .. } = generation;
        Self {
            id,
            provider,
            model,
            dimensions,
            stage: stage.as_str(),
            reason,
            unusable,
            started_at: generation.started_at,
            live_at: generation.live_at,
            documents: held.versions,
            documents_held: held.versions_held,
            passages: held.passages,
            passages_held: held.passages_held,
            complete,
            secs_left,
            estimated: generation.estimated.map(Into::into),
            spent: generation.spent.into(),
        }
    }
}

/// Which model to use.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ModelForm {
    /// Its name in the settings.
    model: String,
}

/// What making the vectors anew would take.
#[derive(Serialize, ToSchema)]
#[schema(as = EmbeddingEstimate)]
struct EstimateView {
    /// The model's name in the settings.
    model: String,
    /// Documents.
    documents: u64,
    /// Their passages.
    passages: u64,
    /// The passages' tokens, by the model's own count.
    tokens: u64,
    /// Whether the tokens were counted in a part of the documents only.
    sampled: bool,
    /// The cost at today's price, in millionths of a dollar; nothing when the price book
    /// does not know the model.
    cost_microdollars: Option<MicroDollars>,
    /// The same in paise.
    cost_paise: Option<Paise>,
    /// Tokens a second the model was measured at.
    tokens_per_second: Option<f64>,
    /// The time at that rate, in seconds.
    secs: Option<u64>,
}

impl From<Estimate> for EstimateView {
    fn from(estimate: Estimate) -> Self {
        let Estimate { name, versions, passages, tokens, sampled, cost, rate, secs } = estimate;
        Self {
            model: name,
            documents: versions,
            passages,
            tokens,
            sampled,
            cost_microdollars: cost.map(|cost| cost.microdollars),
            cost_paise: cost.map(|cost| cost.paise),
            tokens_per_second: rate,
            secs,
        }
    }
}

fn models(vectors: &Vectors) -> Vec<ModelView> {
    let live = vectors.generation();
    let is_live = |provider: &str, model: &str, dimensions| {
        live.as_ref().is_some_and(|live| {
            live.provider == provider && live.model == model && live.dimensions == dimensions
        })
    };
    let view = |source: &crate::vectors::Source| ModelView {
        live: is_live(&source.provider, &source.model, source.dimensions),
        name: source.name.clone(),
        provider: source.provider.clone(),
        model: source.model.clone(),
        dimensions: source.dimensions,
    };
    vectors.models().iter().map(view).collect()
}

/// Show the embedding models and their vectors
///
/// For admins.
#[utoipa::path(get, path = "/api/v1/embeddings", tag = "admin",
    responses((status = 200, description = "The vectors.", body = EmbeddingsView), Problem))]
async fn show_embeddings(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
) -> Result<Json<EmbeddingsView>, Problem> {
    let generations = app.vectors.generations(&caller.scope).await?;
    Ok(Json(EmbeddingsView {
        store: app.vectors.store_name().to_owned(),
        notice: app.vectors.differs(),
        generations: generations.into_iter().map(Into::into).collect(),
        models: models(&app.vectors),
    }))
}

/// Estimate what making the vectors anew would take
///
/// A model that was never used is tried with a few passages. For admins.
#[utoipa::path(post, path = "/api/v1/embeddings/estimate", tag = "admin",
    request_body = ModelForm,
    responses((status = 200, description = "The estimate.", body = EstimateView), Problem))]
async fn estimate_embeddings(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
    Json(ModelForm { model }): Json<ModelForm>,
) -> Result<Json<EstimateView>, Problem> {
    Ok(Json(app.vectors.estimate(&caller.scope, &model).await?.into()))
}

/// Make the vectors anew with another model
///
/// In the background; search goes on with the live ones. For admins.
#[utoipa::path(post, path = "/api/v1/embeddings/shadow", tag = "admin",
    request_body = ModelForm,
    responses((status = 202, description = "Begun; what it is estimated to take.",
               body = EstimateView), Problem))]
async fn start_embeddings(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
    Json(ModelForm { model }): Json<ModelForm>,
) -> Result<(StatusCode, Json<EstimateView>), Problem> {
    let estimate = app.vectors.start(&caller.scope, &model).await?;
    Ok((StatusCode::ACCEPTED, Json(estimate.into())))
}

/// Give up the vectors that are being made
///
/// What there is of them is dropped. For admins.
#[utoipa::path(delete, path = "/api/v1/embeddings/shadow", tag = "admin",
    responses((status = 204, description = "Dropped."), Problem))]
async fn cancel_embeddings(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
) -> Result<StatusCode, Problem> {
    app.vectors.cancel(&caller.scope).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stop making vectors for a while
///
/// For admins.
#[utoipa::path(post, path = "/api/v1/embeddings/shadow/pause", tag = "admin",
    responses((status = 204, description = "Paused."), Problem))]
async fn pause_embeddings(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
) -> Result<StatusCode, Problem> {
    app.vectors.pause(&caller.scope).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Go on making vectors
///
/// After a pause or a failure. For admins.
#[utoipa::path(post, path = "/api/v1/embeddings/shadow/resume", tag = "admin",
    responses((status = 204, description = "It goes on."), Problem))]
async fn resume_embeddings(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
) -> Result<StatusCode, Problem> {
    app.vectors.resume(&caller.scope).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Search with the vectors that were made
///
/// Possible once they are complete. Those searched before are kept to go back to. For
/// admins.
#[utoipa::path(post, path = "/api/v1/embeddings/shadow/switch", tag = "admin",
    responses((status = 204, description = "They are searched now."), Problem))]
async fn switch_embeddings(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
) -> Result<StatusCode, Problem> {
    app.vectors.switch(&caller.scope).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Go back to the vectors searched before
///
/// What was uploaded since is added to them in the background. For admins.
#[utoipa::path(post, path = "/api/v1/embeddings/rollback", tag = "admin",
    responses((status = 204, description = "They are searched again."), Problem))]
async fn roll_back_embeddings(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
) -> Result<StatusCode, Problem> {
    app.vectors.roll_back(&caller.scope).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Drop vectors kept from before
///
/// For admins.
#[utoipa::path(delete, path = "/api/v1/embeddings/generations/{id}", tag = "admin",
    params(("id" = Uuid, Path, description = "The vectors.")),
    responses((status = 204, description = "Dropped."), Problem))]
async fn drop_embeddings(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
    Path(id): Path<GenerationId>,
) -> Result<StatusCode, Problem> {
    app.vectors.drop_previous(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
