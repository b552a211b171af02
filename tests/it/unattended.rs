//! What goes on by itself: open pages that keep no session alive, and a provider that
//! leads elsewhere.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::{Json, Router};
use munshi::auth::NewUser;
use munshi::db::Dialect;
use munshi::kernel::Role;
use serde_json::json;
use tower::ServiceExt;

use crate::support::pages::{Pages, Timed};
use crate::support::{PASSWORD, TestApp};

const ADMIN: &str = "admin@example.in";
const ID: &str = "01900000-0000-7000-8000-0000000000aa";

/// Opens something as an open page does, and lets it go; how it was answered.
async fn watch(app: &TestApp, browser: &Pages, path: &str) -> StatusCode {
    let request = Request::get(path)
        .header(header::COOKIE, format!("munshi_session={}", browser.cookies["munshi_session"]))
        .body(Body::empty())
        .unwrap();
    app.router.clone().oneshot(request).await.unwrap().status()
}

async fn streams_keep_no_session_alive(dialect: Dialect) {
    let timed = Timed::start(dialect, "sessions.idle_minutes = 30").await;
    let app = &timed.app;
    let admin = NewUser {
        name: "Asha Admin".into(),
        email: ADMIN.into(),
        role: Role::Admin,
        client: None,
        password: PASSWORD.into(),
    };
    app.app.auth.set_up("Test chamber", admin).await.unwrap();
    let case = app.sign_in(ADMIN).await.open_case("A v. B").await;
    let progress = format!("/api/v1/cases/{case}/progress");
    let events = format!("/api/v1/messages/{ID}/events");
    for (path, alive) in [(progress, StatusCode::OK), (events, StatusCode::NOT_FOUND)] {
        let mut browser = Pages::default();
        browser.sign_in(app, ADMIN).await;
        for _ in 0..5 {
            timed.pass(5);
            assert_eq!(watch(app, &browser, &path).await, alive, "{path}");
        }
        timed.pass(5);
        assert_eq!(watch(app, &browser, &path).await, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(browser.get(app, "/cases").await.status, StatusCode::SEE_OTHER);
        // What a person does counts.
        browser.sign_in(app, ADMIN).await;
        for _ in 0..3 {
            timed.pass(20);
            assert_eq!(browser.get(app, "/cases").await.status, StatusCode::OK);
            assert_eq!(watch(app, &browser, &path).await, alive, "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_keep_no_session_alive_on_sqlite() {
    streams_keep_no_session_alive(Dialect::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_keep_no_session_alive_on_postgres() {
    streams_keep_no_session_alive(Dialect::Postgres).await;
}

async fn serve(router: Router) -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    port
}

/// A provider's description of itself is an answer from outside: it may name any
/// address, and is not believed.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_s_description_leads_nowhere_inside() {
    let hits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&hits);
    let inside = serve(Router::new().fallback(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        async { Json(json!({ "keys": [] })) }
    }))
    .await;
    let told = Arc::new(Mutex::new(json!({})));
    let (asked, say) = (Arc::new(AtomicUsize::new(0)), Arc::clone(&told));
    let counted = Arc::clone(&asked);
    let provider = serve(Router::new().fallback(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        let answer = say.lock().unwrap().clone();
        async move { Json(answer) }
    }))
    .await;
    let issuer = format!("http://127.0.0.1:{provider}");
    let settings =
        format!("[oidc]\nissuer = {issuer:?}\nclient_id = \"munshi\"\nname = \"Rao ID\"");
    let app = TestApp::start_with(Dialect::Sqlite, &settings).await;
    app.admin().await;
    let described = |place: &str, url: &str| {
        let mut document = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        document[place] = json!(url);
        // The same answer stands for its keys: an empty set.
        document["keys"] = json!([]);
        document
    };
    *told.lock().unwrap() = described("jwks_uri", &format!("{issuer}/keys"));
    let begun = app.app.auth.start_with_provider(None).await;
    assert!(begun.is_ok(), "{begun:?}");
    let near = format!("http://localhost:{inside}/keys");
    for place in ["jwks_uri", "authorization_endpoint"] {
        for url in [
            near.as_str(),
            "http://10.0.0.8/keys",
            "https://10.0.0.8/keys",
            "https://169.254.169.254/latest/meta-data",
            "https://[fd00:ec2::254]/latest/meta-data",
        ] {
            *told.lock().unwrap() = described(place, url);
            let before = asked.load(Ordering::SeqCst);
            let begun = app.app.auth.start_with_provider(None).await;
            assert!(begun.is_err(), "{place} {url}");
            assert!(asked.load(Ordering::SeqCst) > before, "the provider was not asked");
        }
    }
    assert_eq!(hits.load(Ordering::SeqCst), 0, "something inside was asked");
}
