//! Changes to how people sign in: what they end, who may make them, and who may not
//! come in by them as somebody else.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use munshi::auth::AuthError;
use munshi::db::{Db, Dialect, Sql};
use munshi::outbox::OutboxError;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::factors::code;
use crate::firm::requests::operations;
use crate::on_both_engines;
use crate::support::letters::{letters, link_to};
use crate::support::pages::{Page, Pages};
use crate::support::{Answer, Caller, PASSWORD, TestApp};

const ADMIN: &str = "admin@example.in";
const ADVOCATE: &str = "adv@example.in";
const SECOND: &str = "second@example.in";
const CLIENT: &str = "rakesh@example.in";
const NOBODY: &str = "01900000-0000-7000-8000-00000000dead";

async fn is_in(app: &TestApp, browser: &Pages) -> bool {
    browser.clone().get(app, "/cases").await.status == StatusCode::OK
}

async fn session(caller: &Caller) -> StatusCode {
    caller.get("/api/v1/session").await.status
}

/// Sends a form that must renew the session: the cookie of before is nothing any more.
async fn renews(app: &TestApp, browser: &mut Pages, path: &str, form: &[(&str, &str)]) -> Page {
    let before = browser.clone();
    assert!(is_in(app, &before).await, "{path}");
    let page = browser.post(app, path, form).await;
    assert!(page.status == StatusCode::OK || page.status == StatusCode::SEE_OTHER, "{path}");
    assert!(!is_in(app, &before).await, "{path} left the old cookie good");
    assert!(is_in(app, browser).await, "{path} gave no new cookie");
    page
}

async fn id_of(admin: &Caller, email: &str) -> String {
    let users = admin.get("/api/v1/users").await.body;
    let user = users.as_array().unwrap().iter().find(|user| user["email"] == email).unwrap();
    user["id"].as_str().unwrap().to_owned()
}

/// A client in the books.
async fn client(admin: &Caller) -> String {
    let new = json!({ "name": "Sharma Traders", "kind": "firm" });
    admin.post("/api/v1/clients", new).await.body["id"].as_str().unwrap().to_owned()
}

async fn add(admin: &Caller, email: &str, role: &str, client: Option<&str>) -> Answer {
    let new = json!({ "name": "P", "email": email, "role": role, "client_id": client });
    admin.post("/api/v1/users", new).await
}

on_both_engines! {
    async fn every_change_to_how_one_signs_in_gives_another_cookie(app: TestApp) {
        app.admin().await;
        let (mut browser, mut other) = (Pages::default(), Pages::default());
        browser.sign_in(&app, ADMIN).await;
        other.sign_in(&app, ADMIN).await;
        let csrf = browser.csrf(&app).await;
        let own = [("csrf", &*csrf)];
        let proof = [("csrf", &*csrf), ("password", PASSWORD)];
        renews(&app, &mut browser, "/account/security/confirm", &proof).await;
        assert!(is_in(&app, &other).await, "a proof concerns its own session alone");

        let offered = browser.post(&app, "/account/security/app", &own).await;
        let (offer, rest) = (offered.field("offer"), offered.text.split("class=\"secret\">").nth(1));
        let right = code(rest.unwrap().split('<').next().unwrap(), 0);
        let path = "/account/security/app/confirm";
        let wrong = [("csrf", &*csrf), ("offer", &offer), ("code", "000000")];
        let before = browser.clone();
        browser.post(&app, path, &wrong).await;
        assert!(is_in(&app, &before).await, "nothing changed");
        let accepted = [("csrf", &*csrf), ("offer", &offer), ("code", &right)];
        let page = renews(&app, &mut browser, path, &accepted).await;
        assert!(page.text.contains("Your backup codes"), "{}", page.text);
        assert!(!is_in(&app, &other).await, "it was opened without the factor");
        renews(&app, &mut browser, "/account/security/codes", &own).await;
        renews(&app, &mut browser, "/account/security/app/remove", &own).await;

        other.sign_in(&app, ADMIN).await;
        let new = "sturdy harbour lantern 88 quill";
        let form = [("csrf", &*csrf), ("current", PASSWORD), ("password", new)];
        renews(&app, &mut browser, "/password", &form).await;
        assert!(!is_in(&app, &other).await);
    }

    async fn an_operation_in_a_browser_gives_it_the_next_cookie(app: TestApp) {
        app.admin().await;
        let mut browser = Pages::default();
        browser.sign_in(&app, ADMIN).await;
        let csrf = browser.csrf(&app).await;
        let before = browser.clone();
        let request = Request::post("/api/v1/account/proof")
            .header(header::COOKIE, format!("munshi_session={}", browser.cookies["munshi_session"]))
            .header("x-csrf-token", &csrf)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(json!({ "password": PASSWORD }).to_string()))
            .unwrap();
        let response = app.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        let lines = response.headers().get_all(header::SET_COOKIE).iter();
        let lines: Vec<&str> = lines.map(|line| line.to_str().unwrap()).collect();
        let own = lines.iter().find(|line| line.starts_with("munshi_session=")).unwrap();
        assert!(own.contains("HttpOnly") && own.contains("SameSite=Lax"), "{own}");
        let value = own.split(['=', ';']).nth(1).unwrap();
        browser.cookies.insert("munshi_session".into(), value.to_owned());
        assert!(is_in(&app, &browser).await && !is_in(&app, &before).await);
    }

    async fn an_api_client_refreshes_after_a_change(app: TestApp) {
        app.admin().await;
        let body = json!({ "email": ADMIN, "password": PASSWORD });
        let opened = app.anonymous().post("/api/v1/session", body).await.body;
        let me = Caller::with(&app, opened["token"].as_str().unwrap());
        let other = app.sign_in(ADMIN).await;
        let offer = me.post("/api/v1/account/factors/app", json!({})).await.body;
        let right = code(offer["secret"].as_str().unwrap(), 0);
        let accepted = json!({ "offer": offer["offer"], "code": right });
        let added = me.post("/api/v1/account/factors/app/confirm", accepted).await;
        assert_eq!(added.status, StatusCode::CREATED, "{added:?}");
        assert_eq!(session(&me).await, StatusCode::UNAUTHORIZED);
        assert_eq!(session(&other).await, StatusCode::UNAUTHORIZED);
        let refresh = json!({ "refresh_token": opened["refresh_token"] });
        let next = app.anonymous().post("/api/v1/session/refresh", refresh.clone()).await;
        assert_eq!(next.status, StatusCode::CREATED, "{next:?}");
        let me = Caller::with(&app, next.body["token"].as_str().unwrap());
        let factors = me.get("/api/v1/account/factors").await;
        assert_eq!((&factors.body["app"], &factors.body["proven"]), (&json!(true), &json!(true)));
    }

    async fn no_personal_token_changes_how_anybody_signs_in(app: TestApp) {
        let admin = app.admin().await;
        let scopes = json!(["read", "search", "ask", "write", "costs", "manage"]);
        let made = json!({ "name": "all", "scopes": scopes, "days": 30 });
        let made = admin.post("/api/v1/tokens", made).await;
        let program = Caller::with(&app, made.body["secret"].as_str().unwrap());
        assert_eq!(program.get("/api/v1/users").await.status, StatusCode::OK);
        let mut count = 0;
        for route in operations() {
            let own = ["/api/v1/account/", "/api/v1/tokens", "/api/v1/sessions"];
            let own = own.iter().any(|start| route.path.starts_with(start))
                || route.path.ends_with("/factors/reset")
                || (route.path.starts_with("/api/v1/factor-rules") && route.changes())
                || (route.path == "/api/v1/session" && route.method == "DELETE");
            if !own {
                continue;
            }
            let path = route.path.replace("{id}", NOBODY).replace("{role}", "advocate");
            let method: Method = route.method.parse().unwrap();
            let body = if route.changes() { Body::from("{}") } else { Body::empty() };
            let answer = program.send(method, &path, body, Some("application/json")).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {path}: {answer:?}", route.method);
            assert_eq!(answer.body["type"], "/problems/session-needed");
            count += 1;
        }
        assert!(count >= 20, "{count}");
        println!("{count} operations on accounts, none for a personal token");
    }

    async fn a_client_has_no_password_to_ask_for(app: TestApp) {
        let admin = app.admin().await;
        let client = client(&admin).await;
        let added = add(&admin, CLIENT, "client", Some(&client)).await;
        assert_eq!(added.status, StatusCode::CREATED, "{added:?}");
        let id = added.body["id"].as_str().unwrap();
        let again = admin.post(&format!("/api/v1/users/{id}/link"), json!({})).await;
        assert_eq!(again.status, StatusCode::NO_CONTENT);
        let asked = json!({ "email": CLIENT });
        let asked = app.anonymous().post("/api/v1/password/link", asked).await;
        assert_eq!(asked.status, StatusCode::ACCEPTED);
        let scope = app.app.auth.local_admin().await.unwrap();
        let reset = app.app.auth.reset_password(&scope, id.parse().unwrap()).await;
        assert!(matches!(reset, Err(AuthError::ClientsHaveNoPassword)), "{reset:?}");
        let sent = letters(&app).await;
        let sent: Vec<&str> =
            sent.iter().filter(|line| line.recipient == CLIENT).map(|line| &*line.kind).collect();
        assert_eq!(sent, ["client-welcome", "client-welcome"]);
        let welcome = app.app.outbox.latest(&scope, "client-welcome", CLIENT).await.unwrap();
        let welcome = welcome.unwrap().text;
        assert!(welcome.contains("/portal/sign-in") && !welcome.contains("token"), "{welcome}");

        // Not even with a hash in the tables, as one of before may have.
        let db = Db::connect(&app.app.config.database_address()).await.unwrap();
        let mut tx = db.write().await.unwrap();
        let copy = "UPDATE users SET password_hash =
            (SELECT a.password_hash FROM users a WHERE a.email = 'admin@example.in')";
        tx.execute(Sql::new(copy)).await.unwrap();
        tx.commit().await.unwrap();
        let body = json!({ "email": CLIENT, "password": PASSWORD });
        let entered = app.anonymous().post("/api/v1/session", body).await;
        assert_eq!(entered.status, StatusCode::UNAUTHORIZED, "{entered:?}");
        // The code opens the portal, also over the API.
        let caller = app.sign_in_by_code(CLIENT).await;
        assert_eq!(caller.get("/api/v1/session").await.body["realm"], "portal");
        assert_eq!(caller.get("/api/v1/portal/documents").await.status, StatusCode::OK);
    }

    async fn an_admin_resets_a_password_without_learning_one(app: TestApp) {
        let admin = app.admin().await;
        let advocate = app.person(ADVOCATE, "advocate", None).await;
        let id = id_of(&admin, ADVOCATE).await;
        let mut browser = Pages::default();
        browser.sign_in(&app, ADMIN).await;
        let csrf = browser.csrf(&app).await;
        let path = format!("/admin/users/{id}/password");
        let page = browser.post(&app, &path, &[("csrf", &csrf)]).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("waits under Letters"), "{}", page.text);
        assert!(!page.text.contains("class=\"secret\"") && !page.text.contains("token="));
        assert_eq!(session(&advocate).await, StatusCode::UNAUTHORIZED);
        // Whoever passes the link on is named to its recipient.
        let mut person = Pages::default();
        person.sign_in(&app, ADVOCATE).await;
        assert!(!person.get(&app, "/").await.text.contains("opened a letter to you"));
        let link = link_to(&app, ADVOCATE, "reset").await;
        let home = person.get(&app, "/").await.text;
        assert!(home.contains("Asha Admin opened a letter to you"), "{home}");
        let new = json!({ "token": link, "password": "teak monsoon lantern 4821" });
        let chosen = app.anonymous().post("/api/v1/password/choose", new).await;
        assert_eq!(chosen.status, StatusCode::NO_CONTENT, "{chosen:?}");
    }

    async fn nobody_walks_round_a_wall_as_somebody_else(app: TestApp) {
        let admin = app.admin().await;
        let inside = app.person(ADVOCATE, "advocate", None).await;
        let client = client(&admin).await;
        let case = json!({ "title": "Sharma v. Kapoor", "client_id": client });
        let case = admin.post("/api/v1/cases", case).await.body["id"].clone();
        drop(inside);
        let second = app.person(SECOND, "admin", None).await;
        let id = id_of(&admin, SECOND).await;
        let wall = json!({ "user_id": id, "case_id": case, "reason": "was counsel for Kapoor" });
        let wall = admin.post("/api/v1/walls", wall).await;
        assert_eq!(wall.status, StatusCode::CREATED, "{wall:?}");

        let scope = app.app.auth.scope_of(SECOND).await.unwrap();
        let of = id_of(&admin, ADVOCATE).await.parse().unwrap();
        app.app.auth.reset_password(&scope, of).await.unwrap();
        let reset = letters(&app).await.into_iter().find(|line| line.kind == "reset").unwrap();
        let read = app.app.outbox.read(&scope, reset.id).await;
        assert!(matches!(read, Err(OutboxError::BehindWall)), "{read:?}");
        let mut browser = Pages::default();
        browser.sign_in(&app, SECOND).await;
        let csrf = browser.csrf(&app).await;
        let path = format!("/admin/letters/{}", reset.id);
        let page = browser.post(&app, &path, &[("csrf", &csrf)]).await;
        assert!(page.status == StatusCode::FORBIDDEN || page.status == StatusCode::NOT_FOUND);
        assert!(!page.text.contains("token="));
        app.anonymous().post("/api/v1/portal/codes", json!({ "address": CLIENT })).await;

        for (role, client) in [("admin", None), ("billing", None), ("client", Some(&*client))] {
            let refused = add(&second, "puppet@example.in", role, client).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{role}: {refused:?}");
            assert_eq!(refused.body["type"], "/problems/behind-wall");
            let known = json!({
                "name": "P", "email": "puppet@example.in", "role": role, "client_id": client,
                "password": PASSWORD,
            });
            let refused = second.post("/api/v1/users", known).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{role}: {refused:?}");
        }
        assert_eq!(add(&second, "new@example.in", "staff", None).await.status, StatusCode::CREATED);

        // Another admin passes the letter on; lifted with its reason, the wall is gone.
        let first = app.app.auth.scope_of(ADMIN).await.unwrap();
        assert!(app.app.outbox.read(&first, reset.id).await.is_ok());
        let id = wall.body["id"].as_str().unwrap();
        let lifted = json!({ "reason": "the brief has ended" });
        let lifted = second.post(&format!("/api/v1/walls/{id}/lift"), lifted).await;
        assert!(lifted.status.is_success(), "{lifted:?}");
        assert!(app.app.outbox.read(&scope, reset.id).await.is_ok());
    }
}

/// What is delivered is for whom it is delivered to, whoever looks after the letters.
#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_something_delivers_is_not_shown() {
    let settings = "[mail]\nsmtp_url = \"smtp://127.0.0.1:9\"\nfrom = \"Rao <office@example.in>\"";
    let app = TestApp::start_with(Dialect::Sqlite, settings).await;
    let admin = app.admin().await;
    add(&admin, ADVOCATE, "advocate", None).await;
    let scope = app.app.auth.local_admin().await.unwrap();
    let all = letters(&app).await;
    assert!(!all.is_empty());
    for line in all {
        let read = app.app.outbox.read(&scope, line.id).await;
        assert!(matches!(read, Err(OutboxError::GoesOut)), "{line:?}: {read:?}");
    }
    let record: Vec<Value> = app
        .app
        .audit
        .recent(&scope)
        .await
        .unwrap()
        .into_iter()
        .filter(|entry| entry.action == "letter.read")
        .map(|entry| entry.details)
        .collect();
    assert_eq!(record, Vec::<Value>::new());
}
