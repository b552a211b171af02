//! The edge: what every request passes on its way in and every answer on its way out,
//! pages and API alike.
//!
//! In this order: a request gets its id; its `Host` must be ours; a change another
//! site's page makes a browser send is refused; limits by address, by person and by
//! kind of work; its body must keep coming. Answers carry the headers that close them
//! (`headers`). `serve` looks after connections, `redaction` after the log.

mod headers;
mod host;
mod limits;
pub mod redaction;
mod serve;
mod site;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::timeout::TimeoutBody;
use tracing::Instrument;

use self::host::Hosts;
use self::limits::Limits;
use crate::api::origin;
use crate::api::problem::{Code, Problem};
use crate::app::App;
use crate::audit::Call;
use crate::web::errors::ErrorPage;
use crate::web::{Layout, nonce};

pub use serve::{Connections, serve};

/// What the edge knows.
struct Edge {
    app: App,
    hosts: Hosts,
    limits: Limits,
    /// Whether people come by https.
    secure: bool,
    /// How long a body may stand still.
    idle: Duration,
}

/// Pages and API behind the edge: the whole service.
pub fn service(app: App) -> Router {
    let edge = Arc::new(Edge {
        hosts: Hosts::of(&app.config),
        limits: Limits::of(&app.config.limits),
        secure: app.config.http.secure_cookies(),
        idle: Duration::from_secs(app.config.limits.idle_secs),
        app: app.clone(),
    });
    crate::web::router(app.clone())
        .merge(crate::api::router(app))
        .layer(from_fn_with_state(edge, pass))
}

/// Why a request goes no further.
enum Refusal {
    /// The host is not ours.
    Host,
    /// Another site made a browser send it.
    Site,
    /// Too many; the next may come after so many seconds.
    TooMany(u64),
}

/// The way in and out.
async fn pass(State(edge): State<Arc<Edge>>, request: Request, next: Next) -> Response {
    let trusted = &edge.app.config.http.trusted_proxies;
    let from = origin::origin(request.headers(), request.extensions(), trusted);
    let call = Call::from(from.address);
    // The route, not the address: one-time links and searches stand in addresses.
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "none".to_owned());
    let span = tracing::info_span!(
        "request",
        id = %call.request,
        method = %request.method(),
        route,
    );
    let work = async {
        let (request, body) = request.into_parts();
        let pages = !request.uri.path().starts_with("/api/");
        let started = std::time::Instant::now();
        let mut response = match edge.check(&request, &route, call).await {
            Ok(()) => next.run(Request::from_parts(request, edge.paced(body))).await,
            Err(refusal) => refusal.answer(pages),
        };
        headers::close(response.headers_mut(), edge.secure);
        if let Ok(id) = HeaderValue::from_str(&call.request.to_string()) {
            response.headers_mut().insert(headers::REQUEST_ID, id);
        }
        let refused = response.status().is_client_error();
        let status = response.status().as_u16();
        let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        if refused {
            tracing::info!(status, took_ms, "refused");
        } else {
            tracing::debug!(status, took_ms, "answered");
        }
        response
    };
    Box::pin(call.during(nonce::with_nonce(work))).instrument(span).await
}

impl Edge {
    async fn check(&self, request: &Parts, route: &str, call: Call) -> Result<(), Refusal> {
        let host = host::of(request);
        if host.is_some_and(|host| !self.hosts.know(host)) {
            return Err(Refusal::Host);
        }
        if !site::is_ours(request, host, &self.hosts) {
            return Err(Refusal::Site);
        }
        self.limits.check(&self.app, request, route, call.address).await.map_err(Refusal::TooMany)
    }

    /// A body that ends when it stands still.
    fn paced(&self, body: Body) -> Body {
        Body::new(TimeoutBody::new(self.idle, body))
    }
}

impl Refusal {
    fn answer(self, pages: bool) -> Response {
        let problem = match &self {
            Self::Host => Problem::shown(
                Code::UnknownHost,
                "this service is not asked for under that name; use the address your chamber \
                 gave you, or have an admin add the name to `limits.hosts`",
            ),
            Self::Site => Problem::shown(
                Code::Csrf,
                "another site's page sent this; open this service itself and try again",
            ),
            Self::TooMany(seconds) => Problem::shown(
                Code::TooManyRequests,
                &format!("too many at once; try again in {}", waiting(*seconds)),
            ),
        };
        let (status, _, title) = problem.code.parts();
        let mut response = if pages {
            let detail = problem.detail.unwrap_or_default();
            let detail = sentence(&detail);
            ErrorPage::new(Layout::open("", String::new()), status, title, &detail).into_response()
        } else {
            problem.into_response()
        };
        if let Self::TooMany(seconds) = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        // What was not read of the body cannot be followed by another request.
        if status == StatusCode::MISDIRECTED_REQUEST {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// Words as a sentence of a page.
fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", characters.as_str())
}

/// A time in words.
fn waiting(seconds: u64) -> String {
    match seconds {
        0 | 1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        more => format!("{} minutes", more.div_ceil(60)),
    }
}
