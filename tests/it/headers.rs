//! What every answer leaves with, and which requests are not let in.

use std::collections::BTreeSet;

use axum::http::Method;
use munshi::db::Dialect;

use crate::support::TestApp;
use crate::support::wire::{FORM, Raw, cookie, send};

async fn ask(app: &TestApp, method: Method, path: &str, headers: &[(&str, &str)]) -> Raw {
    send(&app.router, method, path, headers, "").await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_closed() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let cookie = cookie(&app).await;
    let signed = [("cookie", cookie.as_str())];
    let page = ask(&app, Method::GET, "/", &signed).await;
    let style = page.text.split("href=\"").find(|part| part.starts_with("/assets/")).unwrap();
    let style = style.split('"').next().unwrap().to_owned();
    let mut ids = BTreeSet::new();
    let asked = [
        (Method::GET, "/"),
        (Method::GET, "/sign-in"),
        (Method::GET, "/nowhere"),
        (Method::GET, "/admin/record"),
        (Method::GET, style.as_str()),
        (Method::GET, "/api/v1/cases"),
        (Method::GET, "/api/v1/nowhere"),
        (Method::GET, "/api/openapi.json"),
        (Method::GET, "/api/v1/audit.csv"),
        (Method::DELETE, "/api/v1/cases"),
        (Method::POST, "/api/v1/cases"),
        (Method::PATCH, "/sign-in"),
    ];
    for (method, path) in asked.clone() {
        let answer = ask(&app, method.clone(), path, &signed).await;
        let name = format!("{method} {path}: {}", answer.status);
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{name}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{name}: {policy}");
        assert!(!policy.contains("unsafe"), "{name}: {policy}");
        for (header, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(header), value, "{name}");
        }
        assert!(answer.header("permissions-policy").contains("camera=()"), "{name}");
        assert!(!answer.header("referrer-policy").is_empty(), "{name}");
        let cached = answer.header("cache-control");
        assert!(cached == "no-store" || path.starts_with("/assets/"), "{name}: {cached}");
        assert!(answer.headers.get("strict-transport-security").is_none(), "{name}");
        assert!(ids.insert(answer.header("x-request-id").to_owned()), "{name}: an id twice");
        if answer.header("content-type") == "application/problem+json" {
            let id = format!("\"request_id\":\"{}\"", answer.header("x-request-id"));
            assert!(answer.text.contains(&id), "{name}: {}", answer.text);
        }
    }
    assert_eq!(ids.len(), asked.len());
    assert!(ids.iter().all(|id| id.len() == 36));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_runs_only_what_carries_its_nonce() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let cookie = cookie(&app).await;
    let mut nonces = BTreeSet::new();
    for path in ["/", "/cases", "/search", "/assistant", "/admin/record", "/nowhere"] {
        let page = ask(&app, Method::GET, path, &[("cookie", cookie.as_str())]).await;
        let policy = page.header("content-security-policy").to_owned();
        let nonce = policy.split("script-src 'nonce-").nth(1).unwrap().split('\'').next().unwrap();
        assert!(policy.contains(&format!("style-src 'nonce-{nonce}';")), "{policy}");
        assert!(!policy.contains("script-src 'self'"), "{policy}");
        for tag in
            page.text.split("<script").skip(1).chain(page.text.split("<link rel=\"style").skip(1))
        {
            let tag = tag.split('>').next().unwrap();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: {tag}");
        }
        assert!(nonces.insert(nonce.to_owned()), "a nonce twice");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_https_browsers_are_kept_to_it() {
    let app =
        TestApp::start_with(Dialect::Sqlite, "http.public_url = \"https://munshi.example\"").await;
    for path in ["/sign-in", "/api/v1/cases"] {
        let answer = ask(&app, Method::GET, path, &[]).await;
        assert!(answer.header("strict-transport-security").starts_with("max-age=63072000"));
    }
    let entered = cookie(&app).await;
    assert!(!entered.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn other_origins_get_no_leave() {
    let app = TestApp::start(Dialect::Sqlite).await;
    for path in ["/", "/api/v1/cases", "/api/v1/session", "/sign-in"] {
        for method in [Method::OPTIONS, Method::GET] {
            let answer = ask(
                &app,
                method.clone(),
                path,
                &[
                    ("origin", "https://evil.example"),
                    ("access-control-request-method", "POST"),
                    ("access-control-request-headers", "x-csrf-token"),
                ],
            )
            .await;
            let leave =
                answer.headers.keys().any(|name| name.as_str().starts_with("access-control"));
            assert!(!leave, "{method} {path}: {answer:?}");
            assert!(method == Method::GET || !answer.status.is_success(), "{path}: {answer:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_name_is_not_answered() {
    let app = TestApp::start_with(
        Dialect::Sqlite,
        "http.public_url = \"https://munshi.example\"\nlimits.hosts = [\"files.lan\"]\n\
         limits.others = 0",
    )
    .await;
    for host in ["munshi.example", "files.lan:8080", "127.0.0.1:1", "localhost"] {
        let answer = ask(&app, Method::GET, "/sign-in", &[("host", host)]).await;
        assert!(answer.status != 421, "{host}");
    }
    for host in ["evil.example", "munshi.example.evil.example", "203.0.113.9", "a@localhost", ""] {
        for path in ["/sign-in", "/api/v1/cases"] {
            let answer = ask(&app, Method::GET, path, &[("host", host)]).await;
            assert_eq!(answer.status, 421, "{host} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_changes_nothing() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let cookie = cookie(&app).await;
    for path in ["/sign-in", "/sign-out", "/cases", "/api/v1/cases", "/api/v1/session"] {
        for foreign in [
            [("sec-fetch-site", "cross-site"), ("host", "localhost")],
            [("sec-fetch-site", "same-site"), ("host", "localhost")],
            [("origin", "https://evil.example"), ("host", "localhost")],
            [("origin", "null"), ("host", "localhost")],
        ] {
            let headers = [foreign[0], foreign[1], FORM, ("cookie", cookie.as_str())];
            let answer = ask(&app, Method::POST, path, &headers).await;
            assert_eq!(answer.status, 403, "{path} {foreign:?}: {answer:?}");
        }
    }
    let still = ask(&app, Method::GET, "/api/v1/session", &[("cookie", cookie.as_str())]).await;
    assert_eq!(still.status, 200, "signed out from elsewhere");
}
