//! Search pages: everywhere and inside a case, like a passage, citing an authority.

mod help;
mod saved;
mod shape;

use std::time::Instant;

use axum::extract::{Path, Query, RawQuery, State};
use serde::Deserialize;

use super::Failure;
use super::viewer::{Allowed, Viewer};
use crate::app::App;
use crate::kernel::permission::permit::Search;
use crate::kernel::{CaseId, PassageId};
use crate::search::{Request, Results};
use crate::web::Area;
use crate::web::page::Link;
use crate::web::parts::CaseRef;
use crate::web::search::SearchPage;

pub(super) use help::show as help;
pub(super) use saved::{delete as delete_saved, save};

/// How many passages a page of results holds.
const SHOWN: usize = 30;

pub(super) async fn everywhere(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Search>,
    RawQuery(query): RawQuery,
) -> Result<SearchPage, Failure> {
    search(&app, &viewer, None, query).await
}

pub(super) async fn in_case(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Search>,
    Path(id): Path<CaseId>,
    RawQuery(query): RawQuery,
) -> Result<SearchPage, Failure> {
    let case = app.cases.find(viewer.scope(), id).await.map_err(|error| viewer.failure(error))?;
    search(&app, &viewer, Some(CaseRef { id, title: case.title }), query).await
}

#[derive(Deserialize)]
pub(super) struct Like {
    passage: PassageId,
    r#in: Option<CaseId>,
}

pub(super) async fn similar(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Search>,
    Query(like): Query<Like>,
) -> Result<SearchPage, Failure> {
    let started = Instant::now();
    let found = app.search.similar(viewer.scope(), like.r#in, like.passage, SHOWN).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    Ok(listed(&viewer, "Passages like this one", found, started))
}

#[derive(Deserialize)]
pub(super) struct Citing {
    authority: String,
}

pub(super) async fn citing(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<Search>,
    Query(Citing { authority }): Query<Citing>,
) -> Result<SearchPage, Failure> {
    let started = Instant::now();
    let found = app.search.citing(viewer.scope(), &authority, SHOWN).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    Ok(listed(&viewer, &format!("Who cites {authority}"), found, started))
}

async fn search(
    app: &App,
    viewer: &Viewer,
    case: Option<CaseRef>,
    query: Option<String>,
) -> Result<SearchPage, Failure> {
    let started = Instant::now();
    let mut request = Request::from_address(query.as_deref().unwrap_or_default())
        .map_err(|error| viewer.failure(error))?;
    request.within = case.as_ref().map(|case| case.id);
    request.limit = SHOWN;
    request.facets = true;
    let asked = !request.text.trim().is_empty() || !request.filters.is_empty();
    let mut page = shape::page(viewer.layout("Search", Area::Search), case, &request, asked);
    if !asked {
        page.saved = saved::listed(app, viewer).await?;
        return Ok(page);
    }
    let found = app.search.search(viewer.scope(), &request).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    shape::fill(&mut page, &request, found);
    page.took_ms = millis(started);
    Ok(page)
}

/// A page of passages that no query was typed for.
fn listed(viewer: &Viewer, title: &str, found: Results, started: Instant) -> SearchPage {
    let request = Request::default();
    let mut page = shape::page(viewer.layout(title, Area::Search), None, &request, true);
    shape::fill(&mut page, &request, found);
    page.took_ms = millis(started);
    page.narrowed = Vec::new();
    page.orders = Vec::new();
    page.save = None;
    page
}

fn millis(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// The address of a search over everything, or inside the case it is confined to.
fn address(request: &Request) -> String {
    let query = Request { within: None, ..request.clone() }.address();
    match request.within {
        Some(case) => format!("/cases/{case}/search?{query}"),
        None => format!("/search?{query}"),
    }
}

fn link(label: impl Into<String>, request: &Request) -> Link {
    Link::new(label, address(request))
}
