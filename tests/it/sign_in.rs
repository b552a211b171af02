//! Guessing, finding out who has an account, and one-time links.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use munshi::db::{Db, Dialect, Sql};
use munshi::kernel::ManualClock;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::on_both;
use crate::support::letters::{letters, link_to};
use crate::support::{PASSWORD, TestApp, without_what_is_new};

const OTHER: &str = "teak monsoon lantern 4821";
const MINUTE: Duration = Duration::from_mins(1);

/// Tells the service which address a request comes from.
const BEHIND_A_PROXY: &str = "http.trusted_proxies = [\"127.0.0.1\"]";

/// What came back, as whoever guesses sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    status: StatusCode,
    body: String,
    retry_after: Option<u64>,
}

async fn post_from(app: &TestApp, address: &str, path: &str, body: Value) -> Seen {
    let request = Request::post(path)
        .header("content-type", "application/json")
        .header("x-forwarded-for", address)
        .body(Body::from(body.to_string()))
        .unwrap();
    let response = app.router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let header = |headers: &HeaderMap| headers.get("retry-after")?.to_str().ok()?.parse().ok();
    let retry_after = header(response.headers());
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    Seen { status, body: without_what_is_new(&String::from_utf8_lossy(&bytes)), retry_after }
}

async fn sign_in_from(app: &TestApp, address: &str, email: &str, password: &str) -> Seen {
    post_from(app, address, "/api/v1/session", json!({ "email": email, "password": password }))
        .await
}

async fn choose(app: &TestApp, token: &str, password: &str) -> Seen {
    let body = json!({ "token": token, "password": password });
    post_from(app, "198.51.100.1", "/api/v1/password/choose", body).await
}

/// How many rows of the record are about something.
async fn recorded(app: &TestApp, action: &str) -> usize {
    let scope = app.app.auth.local_admin().await.unwrap();
    let recent = app.app.audit.recent(&scope).await.unwrap();
    recent.iter().filter(|entry| entry.action == action).count()
}

async fn add(app: &TestApp, email: &str) -> String {
    let new = json!({ "name": "P", "email": email, "role": "advocate", "password": PASSWORD });
    let added = app.admin().await.post("/api/v1/users", new).await;
    assert_eq!(added.status, StatusCode::CREATED, "{added:?}");
    added.body["id"].as_str().unwrap().to_owned()
}

/// Two hundred tries with leaked passwords over eight accounts from one address.
async fn stuffing_from_one_address(dialect: Dialect) {
    let (app, clock) = TestApp::start_timed(dialect, BEHIND_A_PROXY).await;
    app.admin().await;
    let emails: Vec<String> = (0..8).map(|n| format!("person{n}@example.in")).collect();
    for email in &emails {
        add(&app, email).await;
    }
    let tries = (0..200).map(|n| {
        let (app, email) = (&app, &emails[n % emails.len()]);
        async move { sign_in_from(app, "203.0.113.9", email, &format!("leaked password {n}")).await }
    });
    let seen = futures_util::future::join_all(tries).await;
    let wrong = seen.iter().filter(|seen| seen.status == StatusCode::UNAUTHORIZED).count();
    let told = seen.iter().filter(|seen| seen.status == StatusCode::TOO_MANY_REQUESTS);
    let told = told.inspect(|seen| assert!(seen.retry_after.is_some_and(|s| s > 0))).count();
    println!("one address, 200 tries: {wrong} compared, {told} told to wait");
    assert_eq!((wrong, told), (20, 180));
    assert_eq!(recorded(&app, "session.refuse").await, 20);

    let right = sign_in_from(&app, "203.0.113.9", &emails[0], PASSWORD).await;
    assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS);
    let elsewhere = sign_in_from(&app, "198.51.100.7", &emails[0], PASSWORD).await;
    assert!(elsewhere.status.is_success(), "{elsewhere:?}");
    clock.advance(MINUTE * 16);
    let later = sign_in_from(&app, "203.0.113.9", &emails[1], PASSWORD).await;
    assert!(later.status.is_success(), "{later:?}");
}

/// Two hundred tries on one account, each from another address.
async fn stuffing_one_account(dialect: Dialect) {
    let (app, clock) = TestApp::start_timed(dialect, BEHIND_A_PROXY).await;
    app.admin().await;
    let email = "person@example.in";
    add(&app, email).await;
    let tries = (0..200).map(|n| {
        let app = &app;
        async move {
            let address = format!("203.0.113.{n}");
            sign_in_from(app, &address, email, &format!("leaked password {n}")).await
        }
    });
    let seen = futures_util::future::join_all(tries).await;
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
    assert_eq!(seen[0].status, StatusCode::UNAUTHORIZED);
    let compared = recorded(&app, "session.refuse").await;
    println!("one account, 200 tries: {compared} compared");
    assert_eq!(compared, 5);
    assert_eq!(recorded(&app, "user.lock").await, 1);
    let told = letters(&app).await;
    assert_eq!(told.iter().filter(|letter| letter.kind == "locked").count(), 1);

    // While it waits even the right password is not; then it is, and all is forgotten.
    assert_eq!(sign_in_from(&app, "198.51.100.7", email, PASSWORD).await, seen[0]);
    clock.advance(Duration::from_secs(2));
    for _ in 0..8 {
        let right = sign_in_from(&app, "198.51.100.7", email, PASSWORD).await;
        assert!(right.status.is_success(), "{right:?}");
    }

    // Each further wrong one doubles the wait.
    for _ in 0..6 {
        sign_in_from(&app, "198.51.100.8", email, "wrong all the same").await;
        clock.advance(Duration::from_millis(1100));
    }
    assert_eq!(sign_in_from(&app, "198.51.100.7", email, PASSWORD).await, seen[0]);
    clock.advance(Duration::from_secs(1));
    assert!(sign_in_from(&app, "198.51.100.7", email, PASSWORD).await.status.is_success());
}

/// Whatever is wrong, the answer and its time are the same.
async fn nothing_tells_who_has_an_account(dialect: Dialect) {
    let (app, _) = TestApp::start_timed(dialect, BEHIND_A_PROXY).await;
    let admin = app.admin().await;
    add(&app, "known@example.in").await;
    add(&app, "locked@example.in").await;
    let off = add(&app, "inactive@example.in").await;
    admin.post(&format!("/api/v1/users/{off}/deactivate"), json!({})).await;
    let invited = json!({ "name": "I", "email": "invited@example.in", "role": "staff" });
    assert_eq!(admin.post("/api/v1/users", invited).await.status, StatusCode::CREATED);
    for n in 0..5 {
        sign_in_from(&app, &format!("192.0.2.{n}"), "locked@example.in", "wrong wrong").await;
    }
    let cases = [
        ("known@example.in", "not the password"),
        ("nobody@example.in", PASSWORD),
        ("locked@example.in", PASSWORD),
        ("inactive@example.in", PASSWORD),
        ("invited@example.in", PASSWORD),
        ("invited@example.in", ""),
        ("known@example.in", &"long ".repeat(20_000)),
        ("no email at all", PASSWORD),
    ];
    let mut seen = Vec::new();
    for (email, password) in cases {
        let asked = Instant::now();
        seen.push(sign_in_from(&app, "198.51.100.7", email, password).await);
        assert!(asked.elapsed() >= Duration::from_millis(400), "{email} came early");
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
    assert_eq!(seen[0].status, StatusCode::UNAUTHORIZED);

    let before = letters(&app).await.len();
    let mut seen = Vec::new();
    for email in ["known@example.in", "nobody@example.in", "inactive@example.in", "x"] {
        let asked = Instant::now();
        let path = "/api/v1/password/link";
        seen.push(post_from(&app, "192.0.2.77", path, json!({ "email": email })).await);
        assert!(asked.elapsed() >= Duration::from_millis(400), "{email} came early");
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
    assert_eq!(seen[0].status, StatusCode::ACCEPTED);
    assert_eq!(letters(&app).await.len(), before + 1);
}

/// An invitation works once, leads to a page that uses nothing up, and proves the email.
async fn an_invitation_brings_a_password(dialect: Dialect) {
    let (app, clock) = TestApp::start_timed(dialect, "").await;
    let admin = app.admin().await;
    let new = json!({ "name": "Nila Rao", "email": "nila@example.in", "role": "advocate" });
    let added = admin.post("/api/v1/users", new).await;
    assert_eq!(added.status, StatusCode::CREATED, "{added:?}");
    let first = link_to(&app, "nila@example.in", "invitation").await;
    let path = format!("/api/v1/users/{}/link", added.body["id"].as_str().unwrap());
    assert_eq!(admin.post(&path, json!({})).await.status, StatusCode::NO_CONTENT);
    let link = link_to(&app, "nila@example.in", "invitation").await;
    assert_eq!(choose(&app, &first, OTHER).await.status, StatusCode::GONE, "it was replaced");

    for _ in 0..3 {
        let request = Request::get(format!("/choose-password?token={link}"));
        let page = app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(page.status(), StatusCode::OK);
        assert_eq!(page.headers()["referrer-policy"], "no-referrer");
        let bytes = axum::body::to_bytes(page.into_body(), 1 << 20).await.unwrap();
        assert!(String::from_utf8_lossy(&bytes).contains("Welcome, Nila Rao"));
    }
    for (weak, why) in [
        ("short", "at least 12 characters"),
        ("nila rao nila", "too easy to guess"),
        ("passwordpassword", "too easy to guess"),
        (&*"x1 ".repeat(100), "at most 128 characters"),
    ] {
        let refused = choose(&app, &link, weak).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(why), "{weak}: {refused:?}");
    }
    let both = tokio::join!(choose(&app, &link, OTHER), choose(&app, &link, OTHER));
    let mut statuses = [both.0.status, both.1.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::NO_CONTENT, StatusCode::GONE], "once, also at once");
    let in_now = sign_in_from(&app, "198.51.100.1", "nila@example.in", OTHER).await;
    assert!(in_now.status.is_success(), "{in_now:?}");
    let scope = app.app.auth.local_admin().await.unwrap();
    let standings = app.app.auth.standings(&scope).await.unwrap();
    let nila = standings.iter().find(|one| one.email == "nila@example.in").unwrap();
    assert!(nila.has_password && nila.email_verified_at.is_some());

    let late = json!({ "name": "Late", "email": "late@example.in", "role": "staff" });
    admin.post("/api/v1/users", late).await;
    let link = link_to(&app, "late@example.in", "invitation").await;
    clock.advance(MINUTE * 60 * 24 * 7);
    assert_eq!(choose(&app, &link, OTHER).await.status, StatusCode::GONE);
}

/// A link for a forgotten password ends every session and every other such link.
async fn a_forgotten_password_is_replaced(dialect: Dialect) {
    let (app, clock) = TestApp::start_timed(dialect, "").await;
    app.admin().await;
    app.person("person@example.in", "advocate", None).await;
    let ask = json!({ "email": " Person@Example.in " });
    let path = "/api/v1/password/link";
    assert_eq!(post_from(&app, "", path, ask.clone()).await.status, StatusCode::ACCEPTED);
    let late = link_to(&app, "person@example.in", "reset").await;
    clock.advance(MINUTE * 60);
    assert_eq!(choose(&app, &late, OTHER).await.status, StatusCode::GONE);

    post_from(&app, "", path, ask.clone()).await;
    let link = link_to(&app, "person@example.in", "reset").await;
    let person = app.sign_in("person@example.in").await;
    assert_eq!(choose(&app, &link, OTHER).await.status, StatusCode::NO_CONTENT);
    assert_eq!(person.get("/api/v1/session").await.status, StatusCode::UNAUTHORIZED);
    let old = sign_in_from(&app, "", "person@example.in", PASSWORD).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);
    assert!(sign_in_from(&app, "", "person@example.in", OTHER).await.status.is_success());
    assert_eq!(recorded(&app, "user.password.reset").await, 1);
    let told = letters(&app).await;
    assert!(told.iter().any(|letter| letter.kind == "password_changed"));

    // Asking again and again brings three letters, then waits.
    let before = told.iter().filter(|letter| letter.kind == "reset").count();
    for _ in 0..8 {
        assert_eq!(post_from(&app, "", path, ask.clone()).await.status, StatusCode::ACCEPTED);
    }
    let after = letters(&app).await.iter().filter(|letter| letter.kind == "reset").count();
    assert!(after - before <= 3, "{before} {after}");

    // No link of one kind does what another is for.
    let verification = link_to(&app, "person@example.in", "verification").await;
    assert_eq!(choose(&app, &verification, OTHER).await.status, StatusCode::GONE);
    let body = json!({ "token": verification });
    clock.advance(MINUTE);
    let verified = post_from(&app, "", "/api/v1/email/verify", body.clone()).await;
    assert_eq!(verified.status, StatusCode::NO_CONTENT, "{verified:?}");
    let again = post_from(&app, "", "/api/v1/email/verify", body).await;
    assert_eq!(again.status, StatusCode::GONE);
}

#[derive(sqlx::FromRow)]
struct Hash {
    password_hash: String,
}

/// A hash made with lower costs is made anew when its password is given.
async fn an_old_hash_is_made_anew(dialect: Dialect) {
    // `argon2id` with 8 MiB and one pass over "a long enough password".
    use argon2::password_hash::PasswordHasher;
    let params = argon2::Params::new(8 * 1024, 1, 1, None).unwrap();
    let weak = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password(PASSWORD.as_bytes())
        .unwrap()
        .to_string();
    let app = TestApp::start(dialect).await;
    app.admin().await;
    let db = Db::connect(&app.app.config.database_address()).await.unwrap();
    let mut tx = db.write().await.unwrap();
    tx.execute(Sql::new("UPDATE users SET password_hash = $1").bind(weak)).await.unwrap();
    tx.commit().await.unwrap();
    app.sign_in("admin@example.in").await;
    let mut tx = db.read().await.unwrap();
    let hash: Hash = tx.one(Sql::new("SELECT password_hash FROM users")).await.unwrap();
    assert!(hash.password_hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    app.sign_in("admin@example.in").await;
}

/// A new email is in use once a link sent to it was, and the old one hears of it.
async fn an_email_is_changed_by_a_letter_to_it(dialect: Dialect) {
    let app = TestApp::start(dialect).await;
    app.admin().await;
    add(&app, "taken@example.in").await;
    let scope = app.app.auth.local_admin().await.unwrap();
    let admin = app.app.auth.users(&scope).await.unwrap();
    let admin = admin.into_iter().find(|user| user.email == "admin@example.in").unwrap();
    let origin = munshi::kernel::Origin::here();
    let kind = munshi::auth::SessionKind::Cookie;
    let entered = app.app.auth.sign_in(&admin.email, PASSWORD, kind, &origin).await.unwrap();
    let munshi::auth::Entered::In(opened) = entered else { panic!("no second proof is asked for") };
    let caller = app
        .app
        .auth
        .authenticate(
            &opened.token,
            munshi::auth::Carried::Cookie(munshi::kernel::Realm::Practice),
            &origin,
        )
        .await
        .unwrap()
        .unwrap();

    let wrong = app.app.auth.change_email(&caller, "not the password", "new@example.in").await;
    assert!(matches!(wrong, Err(munshi::auth::AuthError::NotRecognised)));
    for (new, status) in
        [("taken@example.in", StatusCode::CONFLICT), ("new@example.in", StatusCode::NO_CONTENT)]
    {
        app.app.auth.change_email(&caller, PASSWORD, new).await.unwrap();
        let token = link_to(&app, new, "verification").await;
        let used = post_from(&app, "", "/api/v1/email/verify", json!({ "token": token })).await;
        assert_eq!(used.status, status, "{used:?}");
    }
    let told = letters(&app).await;
    let told = told.iter().find(|letter| letter.kind == "email_changed").unwrap();
    assert_eq!(told.recipient, "admin@example.in");
    let old = sign_in_from(&app, "", "admin@example.in", PASSWORD).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);
    assert!(sign_in_from(&app, "", "new@example.in", PASSWORD).await.status.is_success());
}

on_both! {
    stuffing_from_one_address
    stuffing_one_account
    nothing_tells_who_has_an_account
    an_invitation_brings_a_password
    a_forgotten_password_is_replaced
    an_old_hash_is_made_anew
    an_email_is_changed_by_a_letter_to_it
}

impl TestApp {
    /// Starts with a clock that moves only when told to.
    pub(crate) async fn start_timed(dialect: Dialect, more: &str) -> (Self, Arc<ManualClock>) {
        let Self { app, router, dir, settings } = Self::start_with(dialect, more).await;
        app.close().await;
        drop((app, router));
        let start = "2026-11-02T09:30:00Z".parse().unwrap();
        let clock = Arc::new(ManualClock::at(start));
        let seams = munshi::app::Seams {
            clock: clock.clone(),
            program: env!("CARGO_BIN_EXE_munshi").into(),
        };
        let config = munshi::config::Config::from_toml(&settings).unwrap();
        let app = munshi::app::App::open(config, seams, munshi::app::Duty::Work).await.unwrap();
        let router = crate::support::router(&app);
        (Self { app, router, dir, settings }, clock)
    }
}
