//! The pages' addresses: each handler takes who is looking, calls one use case and
//! shapes a page.

mod admin;
mod answers;
mod assistant;
mod audit;
mod billing;
mod budgets;
mod case_tabs;
mod cases;
mod changes;
mod client_entry;
mod clients;
mod conflicts;
mod cookie;
mod costs;
mod deadlines;
mod devices;
mod documents;
mod entry;
mod feedback;
mod fees;
mod golden;
mod hearings;
mod home;
mod letters;
mod links;
mod messages;
mod models;
mod notices;
mod office;
mod portal;
mod privacy;
mod proposals;
mod provider;
mod quality;
mod search;
mod second;
mod security;
mod tasks;
mod viewer;
mod viewing;
mod walls;
mod webhooks;

use std::any::Any;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;

use super::assets;
use super::errors::ErrorPage;
use super::page::Layout;
use crate::app::App;

pub(super) use viewer::{Allowed, Failure, Form, Viewer};

/// Every page and the files it needs.
pub fn router(app: App) -> Router {
    let upload = usize::try_from(app.config.http.max_upload_mib << 20).unwrap_or(usize::MAX);
    Router::new()
        .merge(entry_routes())
        .merge(client_entry_routes())
        .merge(account_routes())
        .merge(second_routes())
        .merge(security_routes())
        .merge(practice_routes(upload))
        .merge(answer_routes())
        .merge(office_routes())
        .merge(costs::routes())
        .merge(quality_routes())
        .merge(wall_routes())
        .merge(proposal_routes())
        .merge(portal::routes())
        .merge(cases::routes())
        .merge(hearings::routes())
        .merge(deadlines::routes())
        .merge(clients::routes())
        .merge(conflicts::routes())
        .merge(fees::routes())
        .merge(billing::routes())
        .merge(messages::routes())
        .merge(notices::routes())
        .merge(webhooks::routes())
        .merge(privacy::routes())
        .merge(assets::router())
        .fallback(missing)
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(app)
}

fn entry_routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(entry::sign_in_page).post(entry::sign_in))
        .route("/sign-out", post(entry::sign_out))
        .route("/setup", get(entry::setup_page).post(entry::set_up))
        .route("/password", get(entry::password_page).post(entry::change_password))
        .route("/email", get(links::email_page).post(links::change_email))
        .route("/forgotten", get(links::forgotten_page).post(links::ask))
        .route("/choose-password", get(links::choose_page).post(links::choose_password))
        .route("/verify-email", get(links::verify_page).post(links::verify))
}

fn client_entry_routes() -> Router<App> {
    Router::new()
        .route("/portal/sign-in", get(client_entry::page).post(client_entry::ask))
        .route("/portal/sign-in/code", post(client_entry::enter_by_code))
        .route(
            "/portal/sign-in/link",
            get(client_entry::link_page).post(client_entry::enter_by_link),
        )
}

fn account_routes() -> Router<App> {
    Router::new()
        .route("/account/devices", get(devices::show))
        .route("/account/devices/end-others", post(devices::end_others))
        .route("/account/devices/{id}/end", post(devices::end))
        .route("/account/tokens", get(devices::show_tokens).post(devices::make_token))
        .route("/account/tokens/{id}/revoke", post(devices::revoke_token))
}

fn second_routes() -> Router<App> {
    Router::new()
        .route("/sign-in/second", get(second::page).post(second::prove))
        .route("/sign-in/second/sms", post(second::send_code))
        .route("/sign-in/enrol", get(second::enrol_page).post(second::enrol))
        .route("/sign-in/passkey/ask", post(second::ask_passkey))
        .route("/sign-in/passkey", post(second::passkey))
        .route("/sign-in/provider", get(provider::start))
        .route("/sign-in/provider/back", get(provider::back))
}

fn security_routes() -> Router<App> {
    Router::new()
        .route("/account/security", get(security::page))
        .route("/account/security/confirm", post(security::confirm))
        .route("/account/security/app", post(security::offer_app))
        .route("/account/security/app/confirm", post(security::accept_app))
        .route("/account/security/app/remove", post(security::remove_app))
        .route("/account/security/codes", post(security::make_codes))
        .route("/account/security/phone", post(security::add_phone))
        .route("/account/security/phone/confirm", post(security::verify_phone))
        .route("/account/security/phone/remove", post(security::remove_phone))
        .route("/account/security/passkeys/{id}/remove", post(security::remove_passkey))
        .route("/admin/sign-in", get(security::rules))
        .route("/admin/sign-in/{role}", post(security::set_rule))
        .route("/admin/users/{id}/factors", post(security::reset))
}

fn practice_routes(upload: usize) -> Router<App> {
    Router::new()
        .route("/", get(home::show))
        .route(
            "/cases/{id}/documents",
            post(documents::upload).layer(DefaultBodyLimit::max(upload.saturating_add(1 << 20))),
        )
        .route("/cases/{id}/search", get(search::in_case))
        .route("/cases/{id}/assistant", get(assistant::in_case).post(assistant::ask_in_case))
        .route("/cases/{id}/assistant/{conversation}", get(assistant::talk_in_case))
        .route("/cases/{id}/tasks", get(tasks::form).post(tasks::run))
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

fn answer_routes() -> Router<App> {
    Router::new()
        .route("/assistant/messages/{id}/stop", post(answers::stop))
        .route("/assistant/messages/{id}/again", post(answers::again))
        .route("/assistant/messages/{id}/edit", post(answers::edit))
        .route("/assistant/messages/{id}/feedback", post(answers::judge))
        .route("/assistant/messages/{id}/pin", post(answers::pin))
        .route("/assistant/messages/{id}/unpin", post(answers::unpin))
        .route("/assistant/{conversation}/rename", post(answers::rename))
        .route("/assistant/{conversation}/delete", post(answers::delete))
        .route("/assistant/{conversation}/print", get(answers::print))
        .route("/admin/feedback", get(feedback::show))
        .route("/admin/feedback.csv", get(feedback::csv))
}

fn office_routes() -> Router<App> {
    Router::new()
        .route("/admin", get(office::show))
        .route("/admin/users", get(admin::users).post(admin::add_user))
        .route("/admin/users/{id}/activate", post(admin::activate))
        .route("/admin/users/{id}/deactivate", post(admin::deactivate))
        .route("/admin/users/{id}/password", post(admin::reset_password))
        .route("/admin/users/{id}/link", post(admin::send_link))
        .route("/admin/users/{id}/unlock", post(admin::unlock))
        .route("/admin/letters", get(letters::list))
        .route("/admin/letters/retry", post(letters::retry_failed))
        .route("/admin/letters/{id}", post(letters::open))
        .route("/admin/letters/{id}/retry", post(letters::retry))
        .route("/admin/models", get(models::show))
        .route("/admin/models/{place}/test", post(models::test))
        .route("/admin/models/{place}/reset", post(models::reset))
        .route("/admin/work", get(admin::work))
        .route("/admin/record", get(audit::show))
        .route("/admin/record/verify", post(audit::verify))
        .route("/admin/system", get(admin::system))
        .route("/api/docs", get(admin::api_docs))
}

fn wall_routes() -> Router<App> {
    Router::new()
        .route("/admin/walls", get(walls::show).post(walls::raise))
        .route("/admin/walls/{id}/lift", post(walls::lift))
        .route("/admin/walls/groups", post(walls::add_group))
        .route("/admin/walls/groups/{id}/delete", post(walls::delete_group))
        .route("/admin/walls/groups/{id}/members", post(walls::add_to_group))
        .route("/admin/walls/groups/{id}/members/{user}/remove", post(walls::take_from_group))
        .route("/access", get(walls::access))
        .route("/admin/permissions", get(walls::permissions))
}

fn proposal_routes() -> Router<App> {
    Router::new()
        .route("/proposals", get(proposals::list))
        .route("/proposals/{id}/approve", post(proposals::approve))
        .route("/proposals/{id}/reject", post(proposals::reject))
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

/// Turns a bug into an answer; the panic hook has written it down.
fn panicked(_panic: Box<dyn Any + Send + 'static>) -> Response {
    ErrorPage::internal(Layout::open("", String::new()), None).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_page_that_panics_is_an_answer() {
        async fn broken() -> StatusCode {
            panic!("a bug")
        }
        let router: Router =
            Router::new().route("/", get(broken)).layer(CatchPanicLayer::custom(panicked));
        let request = axum::http::Request::new(Body::empty());
        let answer = router.oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
