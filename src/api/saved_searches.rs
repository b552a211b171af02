//! Saved searches: what a person asks again and again.

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
use crate::kernel::SavedSearchId;
use crate::kernel::permission::permit::Search;
use crate::search::SavedSearch;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_saved_searches, save_search))
        .routes(routes!(rename_saved_search, delete_saved_search))
}

/// A search a person keeps.
#[derive(Serialize, ToSchema)]
#[schema(as = SavedSearch)]
struct SavedSearchView {
    /// Its id.
    id: SavedSearchId,
    /// How it is called.
    name: String,
    /// The query part of its address, as `GET /api/v1/search` takes it.
    search: String,
    /// When it was saved.
    created_at: DateTime<Utc>,
}

impl From<SavedSearch> for SavedSearchView {
    fn from(saved: SavedSearch) -> Self {
        let SavedSearch { id, name, search, created_at } = saved;
        Self { id, name, search, created_at }
    }
}

/// A search to keep.
#[derive(Deserialize, ToSchema)]
struct NewSavedSearch {
    /// How it is to be called.
    name: String,
    /// The query part of its address: `q=bail&court=High%20Court%20of%20Delhi`.
    search: String,
}

/// Another name.
#[derive(Deserialize, ToSchema)]
struct Renamed {
    /// How it is to be called.
    name: String,
}

/// List your saved searches
///
/// Nobody else sees them. For the chamber's own people.
#[utoipa::path(get, path = "/api/v1/saved-searches", tag = "search",
    responses((status = 200, description = "The searches, by name.", body = [SavedSearchView]), Problem))]
async fn list_saved_searches(
    State(app): State<App>,
    May(caller, ..): May<Search>,
) -> Result<Json<Vec<SavedSearchView>>, Problem> {
    let saved = app.saved_searches.list(&caller.scope).await?;
    Ok(Json(saved.into_iter().map(SavedSearchView::from).collect()))
}

/// Save a search
///
/// For the chamber's own people.
#[utoipa::path(post, path = "/api/v1/saved-searches", tag = "search",
    request_body = NewSavedSearch,
    responses((status = 201, description = "The search.", body = SavedSearchView), Problem))]
async fn save_search(
    State(app): State<App>,
    May(caller, ..): May<Search>,
    Json(new): Json<NewSavedSearch>,
) -> Result<(StatusCode, Json<SavedSearchView>), Problem> {
    let saved = app.saved_searches.save(&caller.scope, &new.name, &new.search).await?;
    Ok((StatusCode::CREATED, Json(saved.into())))
}

/// Give a saved search another name
///
/// For the chamber's own people.
#[utoipa::path(put, path = "/api/v1/saved-searches/{id}", tag = "search",
    params(("id" = SavedSearchId, Path, description = "The saved search.")),
    request_body = Renamed,
    responses((status = 204, description = "It has that name."), Problem))]
async fn rename_saved_search(
    State(app): State<App>,
    May(caller, ..): May<Search>,
    Path(id): Path<SavedSearchId>,
    Json(renamed): Json<Renamed>,
) -> Result<StatusCode, Problem> {
    app.saved_searches.rename(&caller.scope, id, &renamed.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a saved search
///
/// For the chamber's own people.
#[utoipa::path(delete, path = "/api/v1/saved-searches/{id}", tag = "search",
    params(("id" = SavedSearchId, Path, description = "The saved search.")),
    responses((status = 204, description = "It is gone."), Problem))]
async fn delete_saved_search(
    State(app): State<App>,
    May(caller, ..): May<Search>,
    Path(id): Path<SavedSearchId>,
) -> Result<StatusCode, Problem> {
    app.saved_searches.delete(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
