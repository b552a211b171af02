//! What the tests lean on: the whole service in process over a real database, and
//! callers with a role.

pub(crate) mod axe;
pub(crate) mod browser;
pub(crate) mod letters;
pub(crate) mod pages;
pub(crate) mod postgres;
pub(crate) mod replies;
#[expect(dead_code, reason = "the model adapter's own tests use the rest")]
pub(crate) mod scripted_llm;
pub(crate) mod wire;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use munshi::app::{App, Duty, Seams};
use munshi::config::Config;
use munshi::db::Dialect;
use munshi::kernel::SystemClock;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

/// Runs each test on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! on_both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: TestApp) $body:block)+) => {$(
        async fn $name($app: $crate::support::TestApp) $body

        mod $name {
            use munshi::db::Dialect;

            use $crate::support::TestApp;

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread")]
            async fn on_sqlite() {
                super::$name(TestApp::start(Dialect::Sqlite).await).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres() {
                super::$name(TestApp::start(Dialect::Postgres).await).await;
            }
        }
    )+};
}

/// Runs tests that start the service in a way of their own, on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! on_both {
    ($($name:ident)+) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(munshi::db::Dialect::Sqlite).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(munshi::db::Dialect::Postgres).await;
            })+
        }
    };
}

/// The service in process.
pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) router: Router,
    pub(crate) dir: TempDir,
    pub(crate) settings: String,
}

/// Someone who calls it.
#[derive(Clone)]
pub(crate) struct Caller {
    router: Router,
    token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
    pub(crate) text: String,
}

pub(crate) const PASSWORD: &str = "a long enough password";

impl TestApp {
    pub(crate) async fn start(dialect: Dialect) -> Self {
        Self::start_with(dialect, "").await
    }

    /// Starts with settings on top of the tests' own.
    pub(crate) async fn start_with(dialect: Dialect, settings: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = match dialect {
            Dialect::Sqlite => String::new(),
            Dialect::Postgres => postgres::database().await,
        };
        let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/all-MiniLM-L6-v2");
        let model = model.display().to_string();
        let model = if settings.contains("embeddings.model_dir") {
            String::new()
        } else {
            format!("embeddings.model_dir = {model:?}")
        };
        // The tests are one address in a great hurry, unless limits are what they test.
        let limits = if settings.contains("limits.") {
            ""
        } else {
            "limits = { search = 0, uploads = 0, models = 0, exports = 0, others = 0, sign_in = 0, \
             answers_at_once = 0 }"
        };
        // Tests sign the same person in often; what limits them has a test of its own.
        let sessions = if settings.contains("sessions.concurrent") {
            ""
        } else {
            "sessions.concurrent = 1000"
        };
        // Most tests mean to ask a model when they ask.
        let cache = if settings.contains("cache_days") { "" } else { "assistant.cache_days = 0" };
        let settings = format!(
            "data.dir = {:?}\ndatabase.url = {url:?}\n{model}\n{limits}\n{sessions}\n{cache}\n\
             {settings}",
            dir.path().join("data").display().to_string(),
        );
        let app = open(&settings).await;
        let router = router(&app);
        Self { app, router, dir, settings }
    }

    /// Stops the service and starts it again, with more settings. Callers of before
    /// must be gone: they hold on to the data folder.
    pub(crate) async fn again(self, more: &str) -> Self {
        let Self { app, router, dir, settings } = self;
        app.close().await;
        drop((app, router));
        let settings = format!("{settings}\n{more}");
        let app = open(&settings).await;
        let router = self::router(&app);
        Self { app, router, dir, settings }
    }

    /// Someone who is not signed in.
    pub(crate) fn anonymous(&self) -> Caller {
        Caller { router: self.router.clone(), token: None }
    }

    /// Sets the chamber up and signs its admin in.
    pub(crate) async fn admin(&self) -> Caller {
        let admin = munshi::auth::NewUser {
            name: "Asha Admin".into(),
            email: "admin@example.in".into(),
            role: munshi::kernel::Role::Admin,
            client: None,
            password: PASSWORD.into(),
        };
        if self.app.auth.needs_setup().await.unwrap() {
            self.app.auth.set_up("Test chamber", admin).await.unwrap();
        }
        self.sign_in("admin@example.in").await
    }

    /// Adds a person and signs them in.
    pub(crate) async fn person(&self, email: &str, role: &str, client: Option<&str>) -> Caller {
        let new = json!({
            "name": email, "email": email, "role": role, "client_id": client, "password": PASSWORD,
        });
        let added = self.admin().await.post("/api/v1/users", new).await;
        assert!(added.status.is_success(), "{added:?}");
        if role == "client" { self.sign_in_by_code(email).await } else { self.sign_in(email).await }
    }

    /// Signs a client in with the code sent to them.
    pub(crate) async fn sign_in_by_code(&self, address: &str) -> Caller {
        let address = &address.to_lowercase();
        let before = self.code_letter(address).await;
        let asked = json!({ "address": address });
        let asked = self.anonymous().post("/api/v1/portal/codes", asked).await;
        let request = asked.body["request"].clone();
        let code = code_in(&self.new_code_letter(address, before).await);
        let answer = json!({ "request": request, "code": code });
        let session = self.anonymous().post("/api/v1/portal/session", answer).await;
        assert!(session.status.is_success(), "{session:?}");
        let token = session.body["token"].as_str().unwrap().to_owned();
        Caller { router: self.router.clone(), token: Some(token) }
    }

    /// The newest letter with a code for an address.
    pub(crate) async fn code_letter(&self, address: &str) -> Option<String> {
        let scope = self.app.auth.local_admin().await.unwrap();
        let letter = self.app.outbox.latest(&scope, "client-code", address).await.unwrap();
        letter.map(|words| words.text)
    }

    /// The letter after one there was before, waiting for it.
    pub(crate) async fn new_code_letter(&self, address: &str, before: Option<String>) -> String {
        for _ in 0..1000 {
            let letter = self.code_letter(address).await;
            if letter != before {
                return letter.unwrap();
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("no code was sent to {address}");
    }

    pub(crate) async fn sign_in(&self, email: &str) -> Caller {
        let body = json!({ "email": email, "password": PASSWORD });
        let session = self.anonymous().post("/api/v1/session", body).await;
        assert!(session.status.is_success(), "{session:?}");
        let token = session.body["token"].as_str().unwrap().to_owned();
        Caller { router: self.router.clone(), token: Some(token) }
    }

    /// Does all background work that waits.
    pub(crate) async fn settle(&self) {
        let work = self.app.work_off();
        tokio::time::timeout(std::time::Duration::from_mins(2), work)
            .await
            .expect("the queue runs empty")
            .unwrap();
    }
}

/// Opens the service over settings, as the program would.
pub(crate) async fn open(settings: &str) -> App {
    let seams = Seams {
        clock: Arc::new(SystemClock),
        program: PathBuf::from(env!("CARGO_BIN_EXE_munshi")),
    };
    App::open(Config::from_toml(settings).unwrap(), seams, Duty::Work).await.unwrap()
}

pub(crate) fn router(app: &App) -> Router {
    munshi::edge::service(app.clone())
}

impl Caller {
    /// Someone with a token.
    pub(crate) fn with(app: &TestApp, token: &str) -> Self {
        Self { router: app.router.clone(), token: Some(token.to_owned()) }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Body::empty(), None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Body::from(body.to_string()), Some("application/json")).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Body::from(body.to_string()), Some("application/json")).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, Body::empty(), None).await
    }

    /// Uploads bytes as a file.
    pub(crate) async fn upload(&self, path: &str, file_name: &str, bytes: &[u8]) -> Answer {
        let mut body = format!(
            "--XX\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--XX--\r\n");
        self.send(Method::POST, path, Body::from(body), Some("multipart/form-data; boundary=XX"))
            .await
    }

    /// Uploads a file of the sample chamber.
    pub(crate) async fn upload_sample(&self, case: &str, file: &str) -> Answer {
        let bytes = std::fs::read(sample(file)).unwrap();
        let name = file.rsplit('/').next().unwrap();
        self.upload(&format!("/api/v1/cases/{case}/documents"), name, &bytes).await
    }

    /// Opens a case and gives its id.
    pub(crate) async fn open_case(&self, title: &str) -> String {
        let opened = self.post("/api/v1/cases", json!({ "title": title })).await;
        assert!(opened.status.is_success(), "{opened:?}");
        opened.body["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Body,
        content_type: Option<&str>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), 64 << 20).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let mut text = text;
        // Each request has an id of its own, which says nothing about the answer.
        if let Some(id) = body.as_object_mut().and_then(|body| body.remove("request_id")) {
            text = text.replace(&format!(",\"request_id\":{id}"), "");
        }
        Answer { status, body, text }
    }
}

/// The six digits in a letter.
pub(crate) fn code_in(letter: &str) -> String {
    let mut words = letter.split(|c: char| !c.is_ascii_digit());
    words.find(|word| word.len() == 6).expect("a code").to_owned()
}

/// A document of the sample chamber.
pub(crate) fn sample(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/chamber").join(file)
}

/// The folder of real documents, when it is there. Tests over it are reported as
/// not run where it is absent, so that a bare clone still passes.
pub(crate) fn test_data(part: &str) -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "the tests' own switch")]
    let root = std::env::var("MUNSHI_TEST_DATA").map_or_else(
        |_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let path = root.join(part);
    if path.exists() {
        return Some(path);
    }
    println!("not run: there is no {}", path.display());
    None
}

/// A text without what is new in every answer: the request's id, and the nonce.
pub(crate) fn without_what_is_new(text: &str) -> String {
    let new = regex::Regex::new(r#"(,?"request_id":"[^"]*")|( nonce="[^"]*")"#).unwrap();
    new.replace_all(text, "").into_owned()
}
