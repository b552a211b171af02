//! The pages' addresses: each handler takes who is looking, calls one use case and
//! shapes a page.

mod admin;
mod assistant;
mod cases;
mod changes;
mod documents;
mod entry;
mod golden;
mod home;
mod portal;
mod quality;
mod search;
mod viewer;
mod viewing;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::assets;
use super::errors::ErrorPage;
use super::page::Layout;
use crate::app::App;

pub(super) use viewer::{Failure, Form, Office, Practice, Viewer};

/// Every page and the files it needs.
pub fn router(app: App) -> Router {
    let upload = usize::try_from(app.config.http.max_upload_mib << 20).unwrap_or(usize::MAX);
    Router::new()
        .merge(entry_routes())
        .merge(practice_routes(upload))
        .merge(office_routes())
        .merge(quality_routes())
        .route("/portal", get(portal::show))
        .merge(assets::router())
        .fallback(missing)
        .layer(from_fn(same_site))
        .with_state(app)
}

fn entry_routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(entry::sign_in_page).post(entry::sign_in))
        .route("/sign-out", post(entry::sign_out))
        .route("/setup", get(entry::setup_page).post(entry::set_up))
        .route("/password", get(entry::password_page).post(entry::change_password))
}

fn practice_routes(upload: usize) -> Router<App> {
    Router::new()
        .route("/", get(home::show))
        .route("/cases", get(cases::list).post(cases::open))
        .route("/cases/new", get(cases::new))
        .route("/cases/{id}", get(cases::show))
        .route("/cases/{id}/failed", get(cases::failed))
        .route("/cases/{id}/members", post(cases::add_member))
        .route("/cases/{id}/members/{user}/remove", post(cases::remove_member))
        .route(
            "/cases/{id}/documents",
            post(documents::upload).layer(DefaultBodyLimit::max(upload.saturating_add(1 << 20))),
        )
        .route("/cases/{id}/search", get(search::in_case))
        .route("/cases/{id}/assistant", get(assistant::in_case).post(assistant::ask_in_case))
        .route("/cases/{id}/assistant/{conversation}", get(assistant::talk_in_case))
        .route("/search", get(search::everywhere))
        .route("/search/help", get(search::help))
        .route("/search/similar", get(search::similar))
        .route("/search/citing", get(search::citing))
        .route("/search/saved", post(search::save))
        .route("/search/saved/{id}/delete", post(search::delete_saved))
        .route("/assistant", get(assistant::everywhere).post(assistant::ask_everywhere))
        .route("/assistant/{conversation}", get(assistant::talk_everywhere))
        .route("/documents/{id}", get(viewing::show))
        .route("/documents/{id}/changes", get(changes::show))
        .route(
            "/documents/{id}/versions",
            post(documents::upload_version)
                .layer(DefaultBodyLimit::max(upload.saturating_add(1 << 20))),
        )
        .route("/documents/{id}/share", post(documents::share))
        .route("/documents/{id}/unshare", post(documents::unshare))
        .route("/documents/{id}/versions/{number}/pages/{page}/image", get(viewing::image))
        .route("/documents/{id}/versions/{number}/original", get(documents::original))
        .route("/jobs/{id}/retry", post(documents::retry))
}

fn office_routes() -> Router<App> {
    Router::new()
        .route("/admin/costs", get(admin::costs))
        .route("/admin/costs.csv", get(admin::costs_csv))
        .route("/admin/users", get(admin::users).post(admin::add_user))
        .route("/admin/users/{id}/activate", post(admin::activate))
        .route("/admin/users/{id}/deactivate", post(admin::deactivate))
        .route("/admin/users/{id}/password", post(admin::reset_password))
        .route("/admin/work", get(admin::work))
        .route("/admin/system", get(admin::system))
        .route("/api/docs", get(admin::api_docs))
}

fn quality_routes() -> Router<App> {
    Router::new()
        .route("/admin/search-quality", get(quality::show))
        .route("/admin/search-quality/estimate", post(quality::estimate))
        .route("/admin/search-quality/start", post(quality::start))
        .route("/admin/search-quality/pause", post(quality::pause))
        .route("/admin/search-quality/resume", post(quality::resume))
        .route("/admin/search-quality/cancel", post(quality::cancel))
        .route("/admin/search-quality/switch", post(quality::switch))
        .route("/admin/search-quality/rollback", post(quality::roll_back))
        .route("/admin/search-quality/drop/{id}", post(quality::drop_kept))
        .route("/admin/golden", post(golden::add))
        .route("/admin/golden.jsonl", get(golden::export))
        .route("/admin/golden/new", get(golden::new))
        .route("/admin/golden/run", post(golden::run))
        .route("/admin/golden/import", post(golden::import))
        .route("/admin/golden/{id}", get(golden::show).post(golden::change))
        .route("/admin/golden/{id}/delete", post(golden::delete))
}

/// What stands at an address nobody serves.
async fn missing(viewer: Result<Viewer, Failure>, uri: Uri) -> Response {
    match viewer {
        Ok(viewer) => {
            ErrorPage::not_found(viewer.layout("", super::Area::Elsewhere)).into_response()
        }
        Err(_) if uri.path().starts_with("/api/") => StatusCode::NOT_FOUND.into_response(),
        Err(_) => ErrorPage::not_found(Layout::open("", String::new())).into_response(),
    }
}

/// Refuses what another site makes a browser send.
async fn same_site(headers: HeaderMap, request: Request, next: Next) -> Response {
    let changes = !request.method().is_safe();
    let foreign = headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    if changes && foreign {
        return ErrorPage::stale(Layout::open("", String::new())).into_response();
    }
    next.run(request).await
}
