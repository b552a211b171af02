//! A browser without a screen: requests with cookies, and a clock that is moved by hand.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use chrono::DateTime;
use munshi::app::{App, Duty, Seams};
use munshi::config::Config;
use munshi::db::Dialect;
use munshi::kernel::{Clock, ManualClock};
use tower::ServiceExt;

use super::{PASSWORD, TestApp};

/// A service whose time is told to it.
pub(crate) struct Timed {
    pub(crate) app: TestApp,
    pub(crate) clock: Arc<ManualClock>,
}

impl Timed {
    pub(crate) async fn start(dialect: Dialect, settings: &str) -> Self {
        let TestApp { app, router, dir, settings } = TestApp::start_with(dialect, settings).await;
        app.close().await;
        drop((app, router));
        let start = DateTime::parse_from_rfc3339("2026-11-02T09:30:00Z").unwrap().to_utc();
        let clock = Arc::new(ManualClock::at(start));
        let seams = Seams {
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            program: env!("CARGO_BIN_EXE_munshi").into(),
        };
        let config = Config::from_toml(&settings).unwrap();
        let app = App::open(config, seams, Duty::Work).await.unwrap();
        let router = super::router(&app);
        Self { app: TestApp { app, router, dir, settings }, clock }
    }

    pub(crate) fn pass(&self, minutes: u64) {
        self.clock.advance(Duration::from_mins(minutes));
    }
}

/// A browser: it keeps cookies and sends them.
#[derive(Default, Clone)]
pub(crate) struct Pages {
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) agent: String,
}

/// What came back.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Page {
    /// Where it leads.
    pub(crate) fn to(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |to| to.to_str().unwrap())
    }

    /// The value of a hidden field.
    pub(crate) fn field(&self, name: &str) -> String {
        let marker = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.text.split_once(&marker).unwrap_or_else(|| panic!("no {name}"));
        rest.split('"').next().unwrap().to_owned()
    }

    /// The line that sets a cookie.
    pub(crate) fn cookie(&self, name: &str) -> String {
        let lines = self.headers.get_all(header::SET_COOKIE).iter();
        let mut lines = lines.map(|line| line.to_str().unwrap().to_owned());
        lines.find(|line| line.starts_with(&format!("{name}="))).expect("the cookie is set")
    }
}

impl Pages {
    pub(crate) async fn get(&mut self, app: &TestApp, path: &str) -> Page {
        self.send(app, Method::GET, path, "").await
    }

    pub(crate) async fn post(&mut self, app: &TestApp, path: &str, form: &[(&str, &str)]) -> Page {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.send(app, Method::POST, path, &form).await
    }

    /// Signs in with the tests' password.
    pub(crate) async fn sign_in(&mut self, app: &TestApp, email: &str) -> Page {
        self.post(app, "/sign-in", &[("email", email), ("password", PASSWORD)]).await
    }

    /// The token of the page's forms.
    pub(crate) async fn csrf(&mut self, app: &TestApp) -> String {
        self.get(app, "/account/devices").await.field("csrf")
    }

    /// Sends a form with files, its parts between lines of `--XX`.
    pub(crate) async fn post_form(&mut self, app: &TestApp, path: &str, form: String) -> Page {
        self.send_as(app, Method::POST, path, ("multipart/form-data; boundary=XX", &form)).await
    }

    async fn send(&mut self, app: &TestApp, method: Method, path: &str, form: &str) -> Page {
        self.send_as(app, method, path, ("application/x-www-form-urlencoded", form)).await
    }

    async fn send_as(
        &mut self,
        app: &TestApp,
        method: Method,
        path: &str,
        (kind, form): (&str, &str),
    ) -> Page {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::USER_AGENT, &self.agent)
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(form.to_owned()))
            .unwrap();
        let response = app.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for line in headers.get_all(header::SET_COOKIE) {
            let (cookie, _) = line.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = cookie.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = axum::body::to_bytes(response.into_body(), 64 << 20).await.unwrap();
        Page { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}
