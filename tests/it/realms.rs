//! The two realms, and a client's way into theirs.

use axum::http::StatusCode;
use munshi::auth::{SessionKind, Token};
use munshi::db::{Db, Dialect, Sql};
use munshi::kernel::Origin;
use serde_json::json;

use crate::on_both_engines;
use crate::support::pages::{Pages, Timed};
use crate::support::{Caller, PASSWORD, TestApp, code_in};

const CLIENT: &str = "rakesh@example.in";

/// A client with an account and a document shared with them.
struct Shared {
    admin: Caller,
    client: Caller,
    client_id: String,
    document: String,
}

async fn shared(app: &TestApp) -> Shared {
    let admin = app.admin().await;
    let client = json!({
        "name": "Sharma Traders", "kind": "firm", "email": "office@sharma.example",
        "phone": "+91 98765-43210",
    });
    let client =
        admin.post("/api/v1/clients", client).await.body["id"].as_str().unwrap().to_owned();
    let case = json!({ "title": "Sharma v. Kapoor", "client_id": client });
    let case = admin.post("/api/v1/cases", case).await.body["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/cases/{case}/documents");
    let document = admin.upload(&path, "notice.txt", b"The notice was served on 3 May.").await;
    let document = document.body["document_id"].as_str().unwrap().to_owned();
    admin.post(&format!("/api/v1/documents/{document}/share"), json!({})).await;
    let caller = app.person(CLIENT, "client", Some(&client)).await;
    Shared { admin, client: caller, client_id: client, document }
}

/// Changes a row as no use case does.
async fn run(app: &TestApp, text: &'static str) {
    let config = munshi::config::Config::from_toml(&app.settings).unwrap();
    let db = Db::connect(&config.database_address()).await.unwrap();
    let mut tx = db.write().await.unwrap();
    assert!(tx.execute(Sql::new(text)).await.unwrap() > 0);
    tx.commit().await.unwrap();
}

/// Asks on the page and gives the page and the letter.
async fn ask(app: &TestApp, browser: &mut Pages, typed: &str, to: &str) -> (String, String) {
    let before = app.code_letter(to).await;
    let page = browser.post(app, "/portal/sign-in", &[("address", typed)]).await;
    assert_eq!(page.status, StatusCode::OK);
    (page.field("request"), app.new_code_letter(to, before).await)
}

async fn try_code(app: &TestApp, browser: &mut Pages, request: &str, code: &str) -> StatusCode {
    let form = [("address", CLIENT), ("request", request), ("code", code)];
    browser.post(app, "/portal/sign-in/code", &form).await.status
}

async fn enters(app: &TestApp, browser: &mut Pages) -> bool {
    browser.get(app, "/portal").await.status == StatusCode::OK
}

fn link_in(letter: &str) -> String {
    let (_, rest) = letter.split_once("/portal/sign-in/link?token=").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

/// Another code than the right one.
fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

on_both_engines! {
    async fn a_client_enters_by_code_and_reads_what_is_shared(app: TestApp) {
        let Shared { document, .. } = shared(&app).await;
        app.settle().await;
        let mut browser = Pages::default();
        let (request, letter) = ask(&app, &mut browser, " RAKESH@example.in ", CLIENT).await;
        let code = code_in(&letter);
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        let form = [("address", CLIENT), ("request", &*request), ("code", &*spaced)];
        let entered = browser.post(&app, "/portal/sign-in/code", &form).await;
        assert_eq!((entered.status, entered.to()), (StatusCode::SEE_OTHER, "/portal"));
        let line = entered.cookie("munshi_portal");
        assert!(line.contains("SameSite=Strict") && line.contains("HttpOnly"), "{line}");
        assert!(!browser.cookies.contains_key("munshi_session"));
        assert!(browser.get(&app, "/portal").await.text.contains("notice"));
        let page = browser.get(&app, &format!("/documents/{document}")).await;
        assert_eq!(page.status, StatusCode::OK);
        for path in ["/cases", "/search", "/assistant", "/admin/users", "/account/tokens"] {
            assert_eq!(browser.get(&app, path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(browser.get(&app, "/account/devices").await.status, StatusCode::OK);
        // Once is once.
        let mut other = Pages::default();
        assert_eq!(try_code(&app, &mut other, &request, &code).await, StatusCode::OK);
        assert!(!enters(&app, &mut other).await);
        let csrf = browser.csrf(&app).await;
        assert_eq!(browser.post(&app, "/sign-out", &[("csrf", &csrf)]).await.to(), "/portal/sign-in");
        assert!(!enters(&app, &mut browser).await);
    }

    async fn a_link_is_used_by_its_button_alone_and_once(app: TestApp) {
        shared(&app).await;
        let mut browser = Pages::default();
        let (request, letter) = ask(&app, &mut browser, CLIENT, CLIENT).await;
        let token = link_in(&letter);
        for _ in 0..3 {
            // A mail scanner opens what it finds.
            let page = Pages::default().get(&app, &format!("/portal/sign-in/link?token={token}")).await;
            assert_eq!(page.status, StatusCode::OK);
            assert_eq!(page.field("token"), token);
        }
        let mut phone = Pages::default();
        let entered = phone.post(&app, "/portal/sign-in/link", &[("token", &token)]).await;
        assert_eq!(entered.to(), "/portal", "{}", entered.text);
        assert!(enters(&app, &mut phone).await);
        let again = Pages::default().post(&app, "/portal/sign-in/link", &[("token", &token)]).await;
        assert!(again.text.contains("Ask for a new one"), "{}", again.text);
        // The code of the same letter is over too.
        try_code(&app, &mut browser, &request, &code_in(&letter)).await;
        assert!(!enters(&app, &mut browser).await);
        let hostile = "/portal/sign-in/link?token=%22%3E%3Cscript%3E";
        assert!(!Pages::default().get(&app, hostile).await.text.contains("\"><script>"));
    }

    async fn whoever_asks_learns_nothing(app: TestApp) {
        let Shared { admin, .. } = shared(&app).await;
        admin.post("/api/v1/clients", json!({
            "name": "No Account", "kind": "person", "email": "none@example.in",
        })).await;
        let mut pages = Vec::new();
        for typed in [CLIENT, "nobody@example.in", "admin@example.in", "none@example.in", "98765 00000", "x"] {
            let page = Pages::default().post(&app, "/portal/sign-in", &[("address", typed)]).await;
            let request = page.field("request");
            let same = crate::support::without_what_is_new(&page.text).replace(&request, "REQUEST");
            let typed = typed.to_owned();
            pages.push((page.status, same.replace(&format!("value=\"{typed}\""), "value").replace(&format!("knows you by {typed},"), "knows you,")));
        }
        assert!(pages.windows(2).all(|pair| pair[0] == pair[1]), "{pages:#?}");
        let answer = app.anonymous().post("/api/v1/portal/codes", json!({ "address": "x@y.in" })).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED);
        for address in ["admin@example.in", "none@example.in", "nobody@example.in"] {
            assert_eq!(app.code_letter(address).await, None, "{address}");
        }
        let unknown = json!({ "request": answer.body["request"], "code": "123456" });
        let unknown = app.anonymous().post("/api/v1/portal/session", unknown).await;
        let mut browser = Pages::default();
        let (request, letter) = ask(&app, &mut browser, CLIENT, CLIENT).await;
        let guess = json!({ "request": request, "code": wrong(&code_in(&letter)) });
        let guess = app.anonymous().post("/api/v1/portal/session", guess).await;
        assert_eq!((unknown.status, unknown.text), (guess.status, guess.text));
        assert_eq!(unknown.status, StatusCode::UNAUTHORIZED);
    }

    async fn the_number_in_the_books_is_written_to_not_the_one_typed(app: TestApp) {
        shared(&app).await;
        let mut browser = Pages::default();
        let (request, letter) = ask(&app, &mut browser, "09876543210", "+91 98765-43210").await;
        assert!(letter.len() < 300, "{letter}");
        try_code(&app, &mut browser, &request, &code_in(&letter)).await;
        assert!(enters(&app, &mut browser).await);
        let mut browser = Pages::default();
        let (request, letter) =
            ask(&app, &mut browser, "office@sharma.example", "office@sharma.example").await;
        try_code(&app, &mut browser, &request, &code_in(&letter)).await;
        assert!(enters(&app, &mut browser).await);
    }

    async fn a_code_is_tried_five_times_and_belongs_to_who_asked(app: TestApp) {
        shared(&app).await;
        let mut browser = Pages::default();
        let (request, letter) = ask(&app, &mut browser, CLIENT, CLIENT).await;
        let code = code_in(&letter);
        // Without the request it is worth nothing, and uses up no try.
        for _ in 0..10 {
            try_code(&app, &mut browser, &"C".repeat(43), &code).await;
            assert!(!enters(&app, &mut browser).await);
        }
        for _ in 0..5 {
            try_code(&app, &mut browser, &request, &wrong(&code)).await;
        }
        try_code(&app, &mut browser, &request, &code).await;
        assert!(!enters(&app, &mut browser).await);
    }

    async fn what_opens_one_realm_is_nothing_in_the_other(app: TestApp) {
        let Shared { admin, client, document, .. } = shared(&app).await;
        assert_eq!(client.get("/api/v1/session").await.body["realm"], "portal");
        assert_eq!(admin.get("/api/v1/session").await.body["realm"], "practice");
        for path in ["/api/v1/cases", "/api/v1/clients", "/api/v1/users", "/api/v1/usage"] {
            assert_eq!(client.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(admin.get("/api/v1/portal/documents").await.status, StatusCode::NOT_FOUND);
        for caller in [&admin, &client] {
            let path = format!("/api/v1/documents/{document}");
            assert_eq!(caller.get(&path).await.status, StatusCode::OK);
        }
        let token = json!({ "name": "x", "scopes": ["read"], "days": 1 });
        assert_eq!(client.post("/api/v1/tokens", token).await.status, StatusCode::NOT_FOUND);
        // Each realm's token under the other's name.
        let mut portal = Pages::default();
        let (request, letter) = ask(&app, &mut portal, CLIENT, CLIENT).await;
        try_code(&app, &mut portal, &request, &code_in(&letter)).await;
        assert!(enters(&app, &mut portal).await);
        let value = portal.cookies["munshi_portal"].clone();
        let mut swapped = Pages::default();
        swapped.cookies.insert("munshi_session".into(), value);
        assert_eq!(swapped.get(&app, &format!("/documents/{document}")).await.status, StatusCode::SEE_OTHER);
        let mut practice = Pages::default();
        practice.sign_in(&app, "admin@example.in").await;
        let value = practice.cookies["munshi_session"].clone();
        let mut swapped = Pages::default();
        swapped.cookies.insert("munshi_portal".into(), value);
        assert_eq!(swapped.get(&app, "/cases").await.status, StatusCode::SEE_OTHER);
    }

    async fn a_client_has_no_password(app: TestApp) {
        shared(&app).await;
        let body = json!({ "email": CLIENT, "password": PASSWORD });
        let answer = app.anonymous().post("/api/v1/session", body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let mut browser = Pages::default();
        browser.sign_in(&app, CLIENT).await;
        assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
    }

    async fn a_client_s_session_is_bound_to_the_client_s_record(app: TestApp) {
        let Shared { client, .. } = shared(&app).await;
        assert_eq!(client.get("/api/v1/portal/documents").await.status, StatusCode::OK);
        run(&app, "UPDATE clients SET phone = '+91 90000 00000' WHERE phone IS NOT NULL").await;
        assert_eq!(client.get("/api/v1/portal/documents").await.status, StatusCode::UNAUTHORIZED);
        let client = app.sign_in_by_code(CLIENT).await;
        assert_eq!(client.get("/api/v1/portal/documents").await.status, StatusCode::OK);
        run(&app, "UPDATE users SET email = 'new@example.in' WHERE role = 'client'").await;
        assert_eq!(client.get("/api/v1/portal/documents").await.status, StatusCode::UNAUTHORIZED);
    }

    async fn a_changed_role_ends_the_sessions_and_a_code_on_its_way(app: TestApp) {
        let Shared { admin, client_id, .. } = shared(&app).await;
        let staff = app.person("staff@example.in", "staff", None).await;
        assert!(staff.get("/api/v1/cases").await.status.is_success());
        run(&app, "UPDATE users SET role = 'advocate' WHERE role = 'staff'").await;
        assert_eq!(staff.get("/api/v1/cases").await.status, StatusCode::UNAUTHORIZED);
        assert!(!client_id.is_empty());
        let mut browser = Pages::default();
        let (request, letter) = ask(&app, &mut browser, CLIENT, CLIENT).await;
        let users = admin.get("/api/v1/users").await.body;
        let users = users.as_array().unwrap();
        let id = users.iter().find(|user| user["email"] == CLIENT).unwrap()["id"].as_str().unwrap();
        let path = format!("/api/v1/users/{id}/deactivate");
        assert!(admin.post(&path, json!({})).await.status.is_success());
        try_code(&app, &mut browser, &request, &code_in(&letter)).await;
        assert!(!enters(&app, &mut browser).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_passwords_can_be_allowed() {
    let app = TestApp::start_with(Dialect::Sqlite, "sessions.client_passwords = true").await;
    shared(&app).await;
    let body = json!({ "email": CLIENT, "password": PASSWORD });
    let answer = app.anonymous().post("/api/v1/session", body).await;
    assert_eq!(answer.status, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_and_clients_sessions_end_in_time_and_codes_are_few() {
    let timed = Timed::start(Dialect::Sqlite, "").await;
    let app = &timed.app;
    // The first of three within the hour was asked for by signing in.
    shared(app).await;
    let mut browser = Pages::default();
    let (request, letter) = ask(app, &mut browser, CLIENT, CLIENT).await;
    timed.pass(10);
    try_code(app, &mut browser, &request, &code_in(&letter)).await;
    assert!(!enters(app, &mut browser).await, "ten minutes are over");
    let (request, letter) = ask(app, &mut browser, CLIENT, CLIENT).await;
    for _ in 0..3 {
        browser.post(app, "/portal/sign-in", &[("address", CLIENT)]).await;
    }
    try_code(app, &mut browser, &request, &code_in(&letter)).await;
    assert!(enters(app, &mut browser).await);
    assert_eq!(app.code_letter(CLIENT).await, Some(letter), "no fourth within the hour");
    for _ in 0..9 {
        timed.pass(25);
        assert!(enters(app, &mut browser).await);
    }
    timed.pass(25);
    assert!(!enters(app, &mut browser).await, "four hours are over");
    let (request, letter) = ask(app, &mut browser, CLIENT, CLIENT).await;
    try_code(app, &mut browser, &request, &code_in(&letter)).await;
    timed.pass(31);
    assert!(!enters(app, &mut browser).await, "unused for half an hour");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_enter_with_one_code_at_once_one_is_in() {
    let app = TestApp::start(Dialect::Sqlite).await;
    shared(&app).await;
    let mut browser = Pages::default();
    let (request, letter) = ask(&app, &mut browser, CLIENT, CLIENT).await;
    let (request, code) = (Token::sent(&request), code_in(&letter));
    let here = Origin::here();
    let tries =
        (0..4).map(|_| app.app.auth.enter_by_code(&request, &code, SessionKind::Bearer, &here));
    let entered = futures_util::future::join_all(tries).await;
    assert_eq!(entered.iter().filter(|entered| entered.is_ok()).count(), 1);
}
