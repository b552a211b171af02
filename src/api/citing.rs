//! Searching from what one has before one: passages like a passage, and who cites an
//! authority.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Query};
use super::problem::Problem;
use super::search::{MOST_HITS, ResultsView, USUAL_LIMIT, shaped};
use crate::app::App;
use crate::kernel::permission::permit::Search;
use crate::kernel::{CaseId, PassageId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(similar_passages)).routes(routes!(citing_passages))
}

/// A passage to find others like.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SimilarQuery {
    /// The passage.
    #[param(value_type = Uuid)]
    passage: PassageId,
    /// The case to search in; all that is open to you when left out.
    #[param(value_type = Option<Uuid>)]
    case: Option<CaseId>,
    /// How many passages, at most 100.
    limit: Option<usize>,
}

/// Find passages like one
///
/// For the chamber's own people.
#[utoipa::path(get, path = "/api/v1/search/similar", tag = "search", params(SimilarQuery),
    responses((status = 200, description = "Passages of other documents.", body = ResultsView), Problem))]
async fn similar_passages(
    State(app): State<App>,
    May(caller, ..): May<Search>,
    Query(SimilarQuery { passage, case, limit }): Query<SimilarQuery>,
) -> Result<Json<ResultsView>, Problem> {
    if let Some(case) = case {
        app.cases.find(&caller.scope, case).await?;
    }
    let limit = limit.unwrap_or(USUAL_LIMIT).clamp(1, MOST_HITS);
    let found = app.search.similar(&caller.scope, case, passage, limit).await?;
    Ok(Json(shaped(&app, &caller.scope, found, false).await?))
}

/// An authority that may be cited.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CitingQuery {
    /// The authority by any of its citations: `(2019) 4 SCC 1`.
    authority: String,
    /// How many passages, at most 100.
    limit: Option<usize>,
}

/// Find who cites an authority
///
/// By any of its parallel citations, as your documents give them side by side. For
/// the chamber's own people.
#[utoipa::path(get, path = "/api/v1/search/citing", tag = "search", params(CitingQuery),
    responses((status = 200, description = "The passages that cite it.", body = ResultsView), Problem))]
async fn citing_passages(
    State(app): State<App>,
    May(caller, ..): May<Search>,
    Query(CitingQuery { authority, limit }): Query<CitingQuery>,
) -> Result<Json<ResultsView>, Problem> {
    let limit = limit.unwrap_or(USUAL_LIMIT).clamp(1, MOST_HITS);
    let found = app.search.citing(&caller.scope, &authority, limit).await?;
    Ok(Json(shaped(&app, &caller.scope, found, false).await?))
}
