//! Attempts that must come to nothing, counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::{Method, StatusCode, header};
use axum::response::IntoResponse;
use munshi::db::Dialect;
use serde_json::json;

use crate::firm::requests::{Route, pages};
use crate::support::browser::{Browser, serve};
use crate::support::wire::{FORM, cookie, send};
use crate::support::{PASSWORD, TestApp};

/// What runs when it stands in a page as it is.
const SCRIPT: &str = "\"'><script>document.title='owned'</script>\
    <img src=x onerror=\"document.title='owned'\"><svg onload=\"document.title='owned'\">";

const ID: &str = "01900000-0000-7000-8000-0000000000aa";

/// Every page address that takes a POST.
fn page_posts() -> Vec<String> {
    let posts = pages().into_iter().filter(Route::changes);
    let posts: Vec<String> = posts.map(|route| filled(&route.path)).collect();
    assert!(posts.len() > 60, "{posts:?}");
    posts
}

/// An address with every parameter given.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{number}" | "{page}" | "{version}" => "1",
        part if part.starts_with('{') => ID,
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// The ways into the service, which have no session to protect yet; what another site
/// makes a browser send to them is refused all the same (`headers`).
fn is_a_way_in(path: &str) -> bool {
    path == "/api/v1/session"
        || [
            "/sign-in",
            "/setup",
            "/forgotten",
            "/choose-password",
            "/verify-email",
            "/portal/sign-in",
            "/api/v1/session/",
            "/api/v1/password/",
            "/api/v1/email/verify",
            "/api/v1/portal/codes",
            "/api/v1/portal/session",
        ]
        .iter()
        .any(|way| path.starts_with(way))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_form_is_taken_without_its_token() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let cookie = cookie(&app).await;
    let scope = app.app.auth.local_admin().await.unwrap();
    let before = app.app.audit.recent(&scope).await.unwrap()[0].number;
    let mut attempts = 0;
    for path in page_posts().iter().filter(|path| !is_a_way_in(path)) {
        for body in ["", "csrf=", "csrf=wrong", "csrf=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
        {
            let headers = [FORM, ("cookie", cookie.as_str())];
            let answer = send(&app.router, Method::POST, path, &headers, body).await;
            assert!(answer.status.is_client_error(), "{path} `{body}`: {}", answer.status);
            attempts += 1;
        }
    }
    let after = app.app.audit.recent(&scope).await.unwrap()[0].number;
    assert_eq!(before, after, "a refused form left a trace");
    println!("{attempts} forms without their token, all refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_operation_takes_a_cookie_without_its_token() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let cookie = cookie(&app).await;
    let openapi = serde_json::to_value(munshi::api::openapi()).unwrap();
    let mut attempts = 0;
    for (path, item) in openapi["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().filter(|method| *method != "get") {
            let method: Method = method.to_uppercase().parse().unwrap();
            if method == Method::POST && is_a_way_in(path) {
                continue;
            }
            for token in [None, Some(""), Some("wrong")] {
                let mut headers =
                    vec![("cookie", cookie.as_str()), ("content-type", "application/json")];
                headers.extend(token.map(|token| ("x-csrf-token", token)));
                let answer = send(&app.router, method.clone(), &filled(path), &headers, "{}").await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}: {answer:?}");
                attempts += 1;
            }
        }
    }
    assert!(attempts > 60, "{attempts}");
    println!("{attempts} operations with a cookie alone, all refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_add_no_headers_and_lead_nowhere_else() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let admin = app.admin().await;
    let cookie = cookie(&app).await;
    let case = admin.open_case("A\r\nset-cookie: a=b").await;
    let mut attempts = 0;
    for name in [
        "a%0d%0aset-cookie: a=b.txt",
        "..%2f..%2fevil.txt",
        "../../../../evil.txt",
        "..\\\\..\\\\evil.txt",
        "/etc/cron.d/evil.txt",
        "C:\\\\evil.txt",
        "a; filename=evil.html.txt",
        "\u{202e}txt.exe",
    ] {
        let path = format!("/api/v1/cases/{case}/documents");
        let sent = admin.upload(&path, name, name.as_bytes()).await;
        attempts += 1;
        if !sent.status.is_success() {
            assert!(sent.status.is_client_error(), "{name}: {sent:?}");
            continue;
        }
        let id = sent.body["document_id"].as_str().unwrap();
        let original = format!("/api/v1/documents/{id}/versions/1/original");
        let answer =
            send(&app.router, Method::GET, &original, &[("cookie", cookie.as_str())], "").await;
        assert_eq!(answer.status, 200, "{name}: {answer:?}");
        let given = answer.header("content-disposition");
        assert!(given.starts_with("attachment; filename=\""), "{name}: {given}");
        let plain = given.split('"').nth(1).unwrap();
        assert!(!plain.contains(['/', '\\', '\r', '\n']), "{name}: {given}");
        assert_eq!(answer.header("set-cookie"), "", "{name}");
        assert!(answer.header("content-security-policy").contains("sandbox"), "{name}");
        assert_eq!(answer.text.as_bytes(), name.as_bytes(), "{name}");
    }
    for next in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/%0d%0aset-cookie:a=b",
        "/\r\nset-cookie: a=b",
        "javascript:alert(1)",
        "\\\\evil.example",
    ] {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("email", "admin@example.in")
            .append_pair("password", PASSWORD)
            .append_pair("next", next)
            .finish();
        let entered = send(&app.router, Method::POST, "/sign-in", &[FORM], &form).await;
        attempts += 1;
        let to = entered.header("location");
        let stays = to.starts_with('/') && !to.starts_with("//") && !to.contains('\\');
        assert!(entered.status == 500 || stays, "{next}: {to}");
        assert!(entered.status != 500, "{next}: {entered:?}");
        for cookie in entered.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.starts_with("munshi_") && !cookie.contains("a=b"), "{next}: {cookie}");
        }
    }
    println!("{attempts} names and addresses, none went anywhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_lead_to_no_file() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let cookie = cookie(&app).await;
    let openapi = serde_json::to_value(munshi::api::openapi()).unwrap();
    let mut paths: Vec<String> = openapi["paths"].as_object().unwrap().keys().cloned().collect();
    paths.extend(
        ["/documents/{id}", "/cases/{id}", "/assets/x/{id}", "/assets/{id}/js/app.js"]
            .map(String::from),
    );
    let mut attempts = 0;
    for path in paths.iter().filter(|path| path.contains('{')) {
        for evil in [
            "..%2f..%2f..%2fetc%2fpasswd",
            "%2e%2e%2f%2e%2e%2fmunshi.db",
            "..",
            "%00",
            "....//....//munshi.db",
            "%252e%252e%252fkeys%252fmaster",
            "*",
            "%ff",
        ] {
            let places = path.matches('{').count();
            for place in 0..places {
                let mut seen = 0;
                let parts = path.split('/').map(|part| {
                    if !part.starts_with('{') {
                        return part.to_owned();
                    }
                    seen += 1;
                    if seen == place + 1 { evil.to_owned() } else { filled(part) }
                });
                let asked = parts.collect::<Vec<_>>().join("/");
                let answer =
                    send(&app.router, Method::GET, &asked, &[("cookie", cookie.as_str())], "")
                        .await;
                let fixed = asked.starts_with("/assets/") && asked.ends_with("/js/app.js");
                assert!(fixed || answer.status.is_client_error(), "{asked}: {answer:?}");
                for inside in ["root:x:", "SQLite format 3", "[package]"] {
                    assert!(!answer.text.contains(inside), "{asked}");
                }
                attempts += 1;
            }
        }
    }
    assert!(attempts > 300, "{attempts}");
    println!("{attempts} paths, none led to a file");
}

/// Markup in names, titles and texts stands in every page as text, and in Chromium
/// nothing of it runs.
#[tokio::test(flavor = "multi_thread")]
async fn markup_in_names_titles_texts_and_answers_does_not_run() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let admin = app.admin().await;
    let cookie = cookie(&app).await;
    let client = admin
        .post("/api/v1/clients", json!({ "name": format!("Client {SCRIPT}"), "kind": "firm" }))
        .await;
    let client = client.body["id"].as_str().unwrap().to_owned();
    let title = format!("Case {SCRIPT}");
    let case = admin.post("/api/v1/cases", json!({ "title": title, "client_id": client })).await;
    let case = case.body["id"].as_str().unwrap().to_owned();
    let text = format!("The zebra clause reads {SCRIPT} and nothing more.\n").repeat(3);
    let name = "zebra <img src=x onerror=document.title='owned'>.txt";
    let sent =
        admin.upload(&format!("/api/v1/cases/{case}/documents"), name, text.as_bytes()).await;
    let document = sent.body["document_id"].as_str().unwrap().to_owned();
    app.settle().await;
    let asked = app
        .app
        .assistant
        .ask_and_wait(
            &app.app.auth.local_admin().await.unwrap(),
            munshi::assistant::Question {
                text: format!("What does the zebra clause read? {SCRIPT}"),
                case: None,
                conversation: None,
            },
        )
        .await
        .unwrap();
    let _ = asked;
    let talks = admin.get("/api/v1/conversations").await;
    let talk = talks.body[0]["id"].as_str().unwrap_or_default().to_owned();
    let query = url::form_urlencoded::byte_serialize(SCRIPT.as_bytes()).collect::<String>();
    let pages = [
        "/".to_owned(),
        "/cases".to_owned(),
        "/cases/new".to_owned(),
        format!("/cases/{case}"),
        format!("/cases/{case}/assistant"),
        format!("/cases/{case}/search?q=zebra"),
        format!("/documents/{document}"),
        "/search?q=zebra".to_owned(),
        format!("/search?q={query}"),
        "/assistant".to_owned(),
        format!("/assistant/{talk}"),
        "/admin/users".to_owned(),
        "/admin/work".to_owned(),
        "/admin/costs?by=case".to_owned(),
        format!("/admin/record?case={query}&address={query}"),
        format!("/sign-in?next={query}"),
    ];
    for path in &pages {
        let page = send(&app.router, Method::GET, path, &[("cookie", cookie.as_str())], "").await;
        for live in ["<script>document", "<img src=x", "<svg onload", "onerror=\"document"] {
            assert!(!page.text.contains(live), "{path} holds `{live}`");
        }
    }
    let address = serve(&app).await;
    let browser = Browser::open(&address).await;
    browser.sign_in("admin@example.in", PASSWORD).await;
    browser.sees("Your cases").await;
    for path in &pages {
        browser.go(path).await;
        browser.find("main").await;
        let title = browser.driver.title().await.unwrap();
        assert!(title.ends_with("Munshi") && title != "owned", "{path}: {title}");
    }
    println!("{} pages, nothing ran", pages.len());
    browser.close().await;
}

/// A provider that leads elsewhere is not followed.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_s_redirect_is_not_followed() {
    let _chosen = rustls::crypto::ring::default_provider().install_default();
    let (hits, asked) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let inner = Arc::clone(&hits);
    let inside = Router::new().fallback(move || {
        inner.fetch_add(1, Ordering::SeqCst);
        async { "secret" }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = format!("http://{}/latest/meta-data", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, inside).await.unwrap() });
    let outer = Arc::clone(&asked);
    let leads = Router::new().fallback(move || {
        outer.fetch_add(1, Ordering::SeqCst);
        let to = target.clone();
        async move { (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response() }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let provider = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, leads).await.unwrap() });
    let settings = format!("llm.base_url = \"{provider}\"\nllm.model = \"any\"");
    let app = TestApp::start_with(Dialect::Sqlite, &settings).await;
    let admin = app.admin().await;
    let case = admin.open_case("A v. B").await;
    let path = format!("/api/v1/cases/{case}/documents");
    admin.upload(&path, "zebra.txt", b"The tribunal allowed the zebra appeal.").await;
    app.settle().await;
    let question = munshi::assistant::Question {
        text: "What became of the zebra appeal?".into(),
        case: None,
        conversation: None,
    };
    let scope = app.app.auth.local_admin().await.unwrap();
    app.app.assistant.ask_and_wait(&scope, question).await.unwrap();
    assert!(asked.load(Ordering::SeqCst) > 0, "the provider was never asked");
    assert_eq!(hits.load(Ordering::SeqCst), 0, "the redirect was followed");
}
