//! The JSON API: everything under `/api`, one file a resource.
//!
//! A handler takes what it needs from the request, calls one use case of one area
//! and shapes the answer; it decides nothing. What is on the wire has types of its
//! own, made by taking the areas' types apart. Who may call is the type a handler
//! takes (`caller`), and every refusal is a `Problem`. Lists are bare arrays.

mod access;
mod answers;
pub(crate) mod audit;
pub(crate) mod billing;
mod budgets;
pub(crate) mod caller;
mod cases;
mod changes;
mod citing;
mod client_entry;
mod clients;
mod conflicts;
mod conversations;
pub(crate) mod cookie;
mod dates;
mod deadlines;
mod documents;
mod embeddings;
mod extract;
mod factor_rules;
mod factors;
mod fees;
mod golden;
mod hearings;
mod jobs;
mod letters;
mod links;
mod messages;
mod model_costs;
mod models;
mod notices;
pub(crate) mod origin;
pub(crate) mod pages;
mod permissions;
pub(crate) mod portal;
mod privacy;
pub(crate) mod problem;
mod progress;
mod proposals;
mod questions;
mod refusals;
mod rereading;
mod saved_searches;
mod search;
mod second;
mod sessions;
mod shares;
mod system;
mod tasks;
mod tokens;
mod uploads;
mod usage;
mod users;
mod viewing;
mod walls;
mod watched;
mod webhooks;

use std::any::Any;

use axum::extract::DefaultBodyLimit;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, Method};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Router, middleware};
use chrono::{DateTime, Utc};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

use self::problem::{Code, Problem};
use crate::app::App;

/// The largest JSON body accepted, in bytes.
const LARGEST_BODY: usize = 256 << 10;

/// What the OpenAPI document says beside the operations.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Munshi",
        description = "Documents of a law chamber: upload, search, and answers whose every \
                       quotation was checked against the page it comes from. What is not open to \
                       the caller is answered as if it were not there."
    ),
    components(schemas(problem::ProblemView, progress::Progress, crate::assistant::live::Event)),
    security(("bearer" = []), ("cookie" = [])),
    modifiers(&Sessions),
    tags(
        (name = "sessions", description = "Signing in and out."),
        (name = "factors", description = "Second factors and passkeys of one's own account."),
        (name = "users", description = "The people of the chamber and their accounts."),
        (name = "clients", description = "Whom the chamber acts for."),
        (name = "conflicts", description = "Conflicts of interest."),
        (name = "cases", description = "Cases and who works on them."),
        (name = "hearings", description = "Hearings, cause lists and calendars."),
        (name = "deadlines", description = "Limitation, holidays, and what is to be done."),
        (name = "conflicts", description = "Conflicts of interest."),
        (name = "fees", description = "Time, rates, agreed fees and expenses."),
        (name = "billing", description = "Invoices, payments, client money and reports."),
        (name = "messages", description = "What people write each other in a case."),
        (name = "notices", description = "What people want to be told of."),
        (name = "webhooks", description = "Other systems that are told of events."),
        (name = "documents", description = "Documents, their versions and pages."),
        (name = "search", description = "Finding passages by words and meaning."),
        (name = "assistant", description = "Questions, answers and their sources."),
        (name = "portal", description = "What a client sees."),
        (name = "walls", description = "Ethical walls, groups, and why somebody can see something."),
        (name = "privacy", description = "Consent, exports, erasure, legal holds and retention."),
        (name = "admin", description = "Costs, background work, the record, the service itself."),
    )
)]
struct Document;

/// The ways a session is carried.
struct Sessions;

impl Modify for Sessions {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "The access token `POST /api/v1/session` gives, or a personal API token.",
            ))
            .build();
        let cookie = ApiKey::Cookie(ApiKeyValue::with_description(
            caller::SESSION_COOKIE,
            "The cookie of the pages; whatever is no GET also needs the page's `x-csrf-token`.",
        ));
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
    }
}

/// The API as a router: everything under `/api`.
///
/// It claims every address under `/api`, also those that lead nowhere, and has no
/// fallback of its own, so that it can be merged with the pages.
pub fn router(app: App) -> Router {
    let largest_file = usize::try_from(app.config.http.max_upload_mib << 20).unwrap_or(usize::MAX);
    let (router, openapi) = routes(largest_file).split_for_parts();
    let document = openapi.to_json().unwrap_or_default();
    let document = get(move || async move { ([(CONTENT_TYPE, "application/json")], document) });
    router
        .route("/api/openapi.json", document)
        .route("/api", any(nowhere))
        .route("/api/{*rest}", any(nowhere))
        .method_not_allowed_fallback(not_that_way)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::map_response(kept_private))
        .with_state(app)
}

/// The OpenAPI document, made from the handlers.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    routes(0).into_openapi()
}

/// Every kind of problem: status, the end of its `type`, and its title.
#[must_use]
pub fn problems() -> Vec<(u16, &'static str, &'static str)> {
    let shown = |code: &Code| {
        let (status, slug, title) = code.parts();
        (status.as_u16(), slug, title)
    };
    Code::ALL.iter().map(shown).collect()
}

fn routes(largest_file: usize) -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(sessions::routes())
        .merge(links::routes())
        .merge(tokens::routes())
        .merge(client_entry::routes())
        .merge(second::routes())
        .merge(factors::routes())
        .merge(factor_rules::routes())
        .merge(users::routes())
        .merge(clients::routes())
        .merge(cases::routes())
        .merge(documents::routes())
        .merge(shares::routes())
        .merge(uploads::routes(largest_file))
        .merge(pages::routes())
        .merge(rereading::routes())
        .merge(changes::routes())
        .merge(viewing::routes())
        .merge(progress::routes())
        .merge(search::routes())
        .merge(citing::routes())
        .merge(saved_searches::routes())
        .merge(questions::routes())
        .merge(conversations::routes())
        .merge(answers::routes())
        .merge(tasks::routes())
        .merge(hearings::routes())
        .merge(deadlines::routes())
        .merge(conflicts::routes())
        .merge(fees::routes())
        .merge(billing::routes())
        .merge(messages::routes())
        .merge(notices::routes())
        .merge(webhooks::routes())
        .merge(portal::routes())
        .merge(proposals::routes())
        .merge(dates::routes())
        .merge(walls::routes())
        .merge(access::routes())
        .merge(permissions::routes())
        .merge(privacy::routes())
        .merge(usage::routes())
        .merge(budgets::routes())
        .merge(model_costs::routes())
        .merge(jobs::routes())
        .merge(letters::routes())
        .merge(embeddings::routes())
        .merge(models::routes())
        .merge(golden::routes())
        .merge(audit::routes())
        .merge(system::routes())
}

/// The time, for what is shown only.
fn now(app: &App) -> DateTime<Utc> {
    app.clock.now()
}

async fn nowhere() -> Problem {
    Problem::hidden()
}

async fn not_that_way(method: Method) -> Problem {
    let words = format!("this address does not take `{method}`");
    Problem::shown(Code::MethodNotAllowed, &words)
}

/// Turns a bug into an answer; the panic hook has written it down.
fn panicked(_panic: Box<dyn Any + Send + 'static>) -> Response {
    #[derive(Debug, thiserror::Error)]
    #[error("a handler panicked")]
    struct Panicked;
    Problem::internal(&Panicked).into_response()
}

/// Keeps answers out of shared and later use unless they say otherwise.
async fn kept_private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_says_how_it_refuses_and_what_it_is_about() {
        let openapi = serde_json::to_value(openapi()).unwrap();
        for (path, item) in openapi["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let name = format!("{method} {path}");
                let refused = &operation["responses"]["4XX"]["content"];
                let schema = &refused["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{name}");
                assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{name}");
                assert!(!operation["summary"].as_str().unwrap().is_empty(), "{name}");
            }
        }
    }

    #[test]
    fn every_reference_of_the_document_leads_somewhere() {
        let openapi = serde_json::to_value(openapi()).unwrap();
        let text = openapi.to_string();
        for reference in text.split("\"#/components/schemas/").skip(1) {
            let (name, _) = reference.split_once('"').unwrap();
            assert!(openapi["components"]["schemas"][name].is_object(), "{name}");
        }
    }

    #[test]
    fn operations_have_names_of_their_own() {
        let openapi = serde_json::to_value(openapi()).unwrap();
        let mut names: Vec<String> = openapi["paths"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|item| item.as_object().unwrap().values())
            .map(|operation| operation["operationId"].as_str().unwrap().to_owned())
            .collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
