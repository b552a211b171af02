//! Saved searches: listed on the search page, saved and deleted from it.

use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;

use super::super::viewer::{Allowed, Form, Nothing, Viewer};
use super::{Failure, address};
use crate::app::App;
use crate::kernel::SavedSearchId;
use crate::kernel::permission::permit::Search;
use crate::search::Request;
use crate::web::search::Saved;

pub(super) async fn listed(app: &App, viewer: &Viewer) -> Result<Vec<Saved>, Failure> {
    let kept = app.saved_searches.list(viewer.scope()).await;
    let shown = |saved: crate::search::SavedSearch| {
        let request = Request::from_address(&saved.search).unwrap_or_default();
        let href = address(&request);
        Saved { id: saved.id, name: saved.name, query: request.text, href }
    };
    Ok(kept.map_err(|error| viewer.failure(error))?.into_iter().map(shown).collect())
}

#[derive(Deserialize)]
pub(in crate::web::routes) struct ToSave {
    name: String,
    search: String,
}

pub(in crate::web::routes) async fn save(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Search>,
    Form(ToSave { name, search }): Form<ToSave>,
) -> Result<Redirect, Failure> {
    let saved = app.saved_searches.save(viewer.scope(), &name, &search).await;
    saved.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/search"))
}

pub(in crate::web::routes) async fn delete(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Search>,
    Path(id): Path<SavedSearchId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let deleted = app.saved_searches.delete(viewer.scope(), id).await;
    deleted.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/search"))
}
