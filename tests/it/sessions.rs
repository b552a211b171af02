//! Sessions of browsers and API clients: how they begin, are renewed, and end.

use axum::http::StatusCode;
use munshi::auth::{NewUser, SessionKind};
use munshi::db::Dialect;
use munshi::kernel::{Origin, Role};
use serde_json::{Value, json};

use crate::on_both_engines;
use crate::support::pages::{Pages, Timed};
use crate::support::{Caller, PASSWORD, TestApp};

const ADMIN: &str = "admin@example.in";

async fn signed_in(app: &TestApp) -> Value {
    let body = json!({ "email": ADMIN, "password": PASSWORD });
    let session = app.anonymous().post("/api/v1/session", body).await;
    assert_eq!(session.status, StatusCode::CREATED, "{session:?}");
    session.body
}

async fn refreshed(app: &TestApp, session: &Value) -> crate::support::Answer {
    let body = json!({ "refresh_token": session["refresh_token"] });
    app.anonymous().post("/api/v1/session/refresh", body).await
}

fn caller(app: &TestApp, session: &Value) -> Caller {
    Caller::with(app, session["token"].as_str().unwrap())
}

async fn status(caller: &Caller) -> StatusCode {
    caller.get("/api/v1/session").await.status
}

async fn letters(app: &TestApp, kind: &str) -> Option<String> {
    let scope = app.app.auth.local_admin().await.unwrap();
    app.app.outbox.latest(&scope, kind, ADMIN).await.unwrap().map(|words| words.text)
}

on_both_engines! {
    async fn a_cookie_brought_along_is_never_taken_up(app: TestApp) {
        app.admin().await;
        let planted = "A".repeat(43);
        let mut browser = Pages::default();
        browser.cookies.insert("munshi_session".into(), planted.clone());
        browser.cookies.insert("munshi_portal".into(), planted.clone());
        let entered = browser.sign_in(&app, ADMIN).await;
        assert_eq!((entered.status, entered.to()), (StatusCode::SEE_OTHER, "/"));
        let own = browser.cookies["munshi_session"].clone();
        assert_ne!(own, planted);
        assert!(!browser.cookies.contains_key("munshi_portal"));
        let line = entered.cookie("munshi_session");
        assert!(line.contains("HttpOnly") && line.contains("SameSite=Lax"), "{line}");
        let mut attacker = Pages::default();
        attacker.cookies.insert("munshi_session".into(), planted);
        assert_eq!(attacker.get(&app, "/cases").await.to(), "/sign-in?next=%2Fcases");
        // A second sign-in in the same browser is a new session too.
        browser.sign_in(&app, ADMIN).await;
        assert_ne!(browser.cookies["munshi_session"], own);
    }

    async fn a_new_password_renews_the_session_and_ends_the_others(app: TestApp) {
        app.admin().await;
        let (mut browser, mut other) = (Pages::default(), Pages::default());
        browser.sign_in(&app, ADMIN).await;
        other.sign_in(&app, ADMIN).await;
        let before = browser.clone();
        let csrf = browser.csrf(&app).await;
        let new = "sturdy harbour lantern 88 quill";
        let form = [("csrf", &*csrf), ("current", PASSWORD), ("password", new)];
        let changed = browser.post(&app, "/password", &form).await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
        assert_eq!(browser.get(&app, "/cases").await.status, StatusCode::OK);
        assert_eq!(before.clone().get(&app, "/cases").await.status, StatusCode::SEE_OTHER);
        assert_eq!(other.get(&app, "/cases").await.status, StatusCode::SEE_OTHER);
    }

    async fn a_refresh_token_is_good_once_and_a_second_use_ends_the_family(app: TestApp) {
        app.admin().await;
        let first = signed_in(&app).await;
        let second = refreshed(&app, &first).await;
        assert_eq!(second.status, StatusCode::CREATED, "{second:?}");
        assert_ne!(second.body["refresh_token"], first["refresh_token"]);
        let third = refreshed(&app, &second.body).await;
        assert_eq!(third.status, StatusCode::CREATED);
        let newest = caller(&app, &third.body);
        assert_eq!(status(&newest).await, StatusCode::OK);
        let bystander = caller(&app, &signed_in(&app).await);

        let again = refreshed(&app, &first).await;
        assert_eq!(again.status, StatusCode::UNAUTHORIZED);
        assert_eq!(again.body["type"], "/problems/not-signed-in");
        assert_eq!(status(&newest).await, StatusCode::UNAUTHORIZED);
        assert_eq!(refreshed(&app, &third.body).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(status(&bystander).await, StatusCode::OK);
        let letter = letters(&app, "security").await.expect("the person is told");
        assert!(letter.contains("used up already"), "{letter}");
        let scope = app.app.auth.local_admin().await.unwrap();
        let record = app.app.audit.recent(&scope).await.unwrap();
        assert!(record.iter().any(|entry| entry.action == "session.reuse"));
        assert_eq!(app.app.audit.check(scope.organisation()).await.unwrap(), None);
    }

    async fn of_refreshes_at_once_exactly_one_wins(app: TestApp) {
        app.admin().await;
        let session = signed_in(&app).await;
        let tries = (0..8).map(|_| refreshed(&app, &session));
        let answers = futures_util::future::join_all(tries).await;
        let won = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
        let lost = answers.iter().filter(|answer| answer.status == StatusCode::UNAUTHORIZED).count();
        assert_eq!((won, lost), (1, 7));
        // Two held the same token: the family is over, the winner's tokens with it.
        let winner = answers.iter().find(|answer| answer.status == StatusCode::CREATED).unwrap();
        assert_eq!(status(&caller(&app, &winner.body)).await, StatusCode::UNAUTHORIZED);
    }

    async fn what_is_no_refresh_token_refreshes_nothing(app: TestApp) {
        app.admin().await;
        let session = signed_in(&app).await;
        let mut browser = Pages::default();
        browser.sign_in(&app, ADMIN).await;
        let cookie = browser.cookies["munshi_session"].clone();
        for token in [json!(cookie), session["token"].clone(), json!(""), json!("x".repeat(9000))] {
            let answer = refreshed(&app, &json!({ "refresh_token": token })).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{token}");
        }
        assert_eq!(browser.get(&app, "/cases").await.status, StatusCode::OK);
        let refresh = session["refresh_token"].as_str().unwrap();
        assert_eq!(status(&Caller::with(&app, refresh)).await, StatusCode::UNAUTHORIZED);
        assert_eq!(status(&Caller::with(&app, &cookie)).await, StatusCode::UNAUTHORIZED);
        browser.cookies.insert("munshi_session".into(), refresh.to_owned());
        assert_eq!(browser.get(&app, "/cases").await.status, StatusCode::SEE_OTHER);
    }

    async fn devices_are_listed_and_signed_out(app: TestApp) {
        app.admin().await;
        let mut browser = Pages {
            agent: "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/128.0".into(),
            ..Pages::default()
        };
        browser.sign_in(&app, ADMIN).await;
        let page = browser.get(&app, "/account/devices").await;
        assert!(page.text.contains("Firefox on Windows"), "{}", page.text);
        assert!(page.text.contains("this one") && page.text.contains("127.0.0.1"));
        let me = caller(&app, &signed_in(&app).await);
        let devices = me.get("/api/v1/sessions").await.body;
        let devices = devices.as_array().unwrap();
        assert_eq!(devices.iter().filter(|device| device["this"] == true).count(), 1);
        let browsers = devices.iter().find(|device| device["device"] == "Firefox on Windows");
        let id = browsers.unwrap()["id"].as_str().unwrap().to_owned();
        assert_eq!(me.delete(&format!("/api/v1/sessions/{id}")).await.status, StatusCode::NO_CONTENT);
        assert_eq!(browser.get(&app, "/cases").await.status, StatusCode::SEE_OTHER);
        assert_eq!(me.delete(&format!("/api/v1/sessions/{id}")).await.status, StatusCode::NOT_FOUND);

        browser.sign_in(&app, ADMIN).await;
        let csrf = browser.csrf(&app).await;
        let ended = browser.post(&app, "/account/devices/end-others", &[("csrf", &csrf)]).await;
        assert!(ended.text.contains("Every other device was signed out"), "{}", ended.text);
        assert_eq!(status(&me).await, StatusCode::UNAUTHORIZED);
        assert_eq!(browser.get(&app, "/cases").await.status, StatusCode::OK);
    }

    async fn nobody_ends_another_s_session(app: TestApp) {
        let admin = app.admin().await;
        let other = app.person("adv@example.in", "advocate", None).await;
        let own = other.get("/api/v1/sessions").await.body[0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/sessions/{own}");
        assert_eq!(admin.delete(&path).await.status, StatusCode::NOT_FOUND);
        let mut browser = Pages::default();
        browser.sign_in(&app, ADMIN).await;
        let csrf = browser.csrf(&app).await;
        let path = format!("/account/devices/{own}/end");
        let refused = browser.post(&app, &path, &[("csrf", &csrf)]).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        assert_eq!(browser.post(&app, &path, &[("csrf", "wrong")]).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(status(&other).await, StatusCode::OK);
    }

    async fn a_new_device_is_told_of_but_never_the_first(app: TestApp) {
        app.admin().await;
        assert_eq!(letters(&app, "new-device").await, None);
        let mut browser = Pages {
            agent: "Mozilla/5.0 (iPhone) Version/17.5 Safari/604.1".into(),
            ..Pages::default()
        };
        browser.sign_in(&app, ADMIN).await;
        let told = letters(&app, "new-device").await.expect("a letter about the iPhone");
        assert!(told.contains("Safari on iPhone"), "{told}");
        browser.agent = "Mozilla/5.0 (X11; Linux) Firefox/128.0".into();
        browser.cookies.retain(|name, _| name.starts_with("munshi_device"));
        assert_eq!(browser.cookies.len(), 1);
        browser.sign_in(&app, ADMIN).await;
        assert_eq!(letters(&app, "new-device").await.as_deref(), Some(told.as_str()));
        // A cookie someone else planted makes a browser known to nobody.
        browser.cookies.values_mut().for_each(|value| *value = "B".repeat(43));
        browser.sign_in(&app, ADMIN).await;
        let told = letters(&app, "new-device").await.unwrap();
        assert!(told.contains("Firefox on Linux"), "{told}");
    }
}

async fn timed(dialect: Dialect, settings: &str) -> Timed {
    let timed = Timed::start(dialect, settings).await;
    let admin = NewUser {
        name: "Asha Admin".into(),
        email: ADMIN.into(),
        role: Role::Admin,
        client: None,
        password: PASSWORD.into(),
    };
    timed.app.app.auth.set_up("Test chamber", admin).await.unwrap();
    timed
}

async fn an_unused_session_ends_and_a_used_one_at_its_last_hour(dialect: Dialect) {
    let timed = timed(dialect, "sessions.idle_minutes = 30\nsessions.hours = 2").await;
    let app = &timed.app;
    let (mut used, mut unused) = (Pages::default(), Pages::default());
    used.sign_in(app, ADMIN).await;
    unused.sign_in(app, ADMIN).await;
    for _ in 0..5 {
        timed.pass(20);
        assert_eq!(used.get(app, "/cases").await.status, StatusCode::OK);
    }
    assert_eq!(unused.get(app, "/cases").await.status, StatusCode::SEE_OTHER);
    timed.pass(20);
    assert_eq!(used.get(app, "/cases").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unused_session_ends_on_sqlite() {
    an_unused_session_ends_and_a_used_one_at_its_last_hour(Dialect::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unused_session_ends_on_postgres() {
    an_unused_session_ends_and_a_used_one_at_its_last_hour(Dialect::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_ends_after_ten_minutes_and_is_refreshed() {
    let timed = timed(Dialect::Sqlite, "").await;
    let app = &timed.app;
    let session = signed_in(app).await;
    timed.pass(9);
    assert_eq!(status(&caller(app, &session)).await, StatusCode::OK);
    timed.pass(1);
    assert_eq!(status(&caller(app, &session)).await, StatusCode::UNAUTHORIZED);
    let next = refreshed(app, &session).await;
    assert_eq!(status(&caller(app, &next.body)).await, StatusCode::OK);
    // Refreshing does not go on for ever.
    let mut latest = next.body;
    for _ in 0..14 {
        timed.pass(100);
        latest = refreshed(app, &latest).await.body;
    }
    timed.pass(100);
    assert_eq!(refreshed(app, &latest).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_the_limit_the_least_recently_used_session_ends() {
    let timed = timed(Dialect::Sqlite, "sessions.concurrent = 3").await;
    let app = &timed.app;
    let mut first = Pages::default();
    first.sign_in(app, ADMIN).await;
    let mut others = vec![];
    for _ in 0..2 {
        timed.pass(2);
        let mut other = Pages::default();
        other.sign_in(app, ADMIN).await;
        others.push(other);
    }
    timed.pass(2);
    assert_eq!(first.get(app, "/cases").await.status, StatusCode::OK);
    timed.pass(2);
    Pages::default().sign_in(app, ADMIN).await;
    assert_eq!(first.get(app, "/cases").await.status, StatusCode::OK);
    assert_eq!(others[0].get(app, "/cases").await.status, StatusCode::SEE_OTHER);
    assert_eq!(others[1].get(app, "/cases").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_not_seen_for_ninety_days_is_new_again() {
    let timed = timed(Dialect::Sqlite, "").await;
    let app = &timed.app;
    let here = Origin::here();
    let enter = || app.app.auth.sign_in(ADMIN, PASSWORD, SessionKind::Bearer, &here);
    enter().await.unwrap();
    timed.pass(89 * 24 * 60);
    enter().await.unwrap();
    assert_eq!(letters(app, "new-device").await, None);
    timed.pass(91 * 24 * 60);
    enter().await.unwrap();
    assert!(letters(app, "new-device").await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_the_cookie_is_this_host_s_alone() {
    let app =
        TestApp::start_with(Dialect::Sqlite, "http.public_url = \"https://m.example.in\"").await;
    app.admin().await;
    let mut browser = Pages::default();
    let line = browser.sign_in(&app, ADMIN).await.cookie("__Host-munshi_session");
    for part in ["; Secure", "; Path=/", "; HttpOnly", "; SameSite=Lax"] {
        assert!(line.contains(part), "{line}");
    }
    assert!(!line.contains("Domain"), "{line}");
    assert_eq!(browser.get(&app, "/cases").await.status, StatusCode::OK);
    let value = browser.cookies.remove("__Host-munshi_session").unwrap();
    browser.cookies.insert("munshi_session".into(), value);
    assert_eq!(browser.get(&app, "/cases").await.status, StatusCode::SEE_OTHER);
}
