//! Events to other systems: signed, in order, tried again, given up and replayed, against a
//! receiver that really listens.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use hmac::{Hmac, KeyInit, Mac};
use munshi::db::{Db, Dialect};
use munshi::events::{Delivery, Event, EventKind, Standing, Wanted};
use munshi::kernel::{CaseId, Clock, ManualClock, Scope, WebhookId, day_in_india};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::letters::{Heard, gateway};
use crate::on_both;
use crate::support::TestApp;
use crate::support::pages::Pages;

const NAMED: &str = "outside.hosts = [\"127.0.0.1\"]";

/// A service with one webhook that listens to opened cases and added clients.
struct Hooked {
    app: TestApp,
    clock: Arc<ManualClock>,
    scope: Scope,
    id: WebhookId,
    secret: String,
    heard: Heard,
}

impl Hooked {
    async fn start(dialect: Dialect, answers: Vec<&'static str>) -> Self {
        let (url, heard) = gateway(answers).await;
        let (app, clock) = TestApp::start_timed(dialect, NAMED).await;
        let admin = app.admin().await;
        let hook = json!({
            "name": "Accounts", "url": url, "kinds": ["case.created", "client.added"],
        });
        let made = admin.post("/api/v1/webhooks", hook).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        let id = made.body["id"].as_str().unwrap().parse().unwrap();
        let secret = made.body["secret"].as_str().unwrap().to_owned();
        let scope = app.app.auth.local_admin().await.unwrap();
        Self { app, clock, scope, id, secret, heard }
    }

    /// Lets something happen.
    async fn emit(&self, kind: EventKind, case: Option<CaseId>, about: Value) {
        let db = Db::connect(&self.app.app.config.database_address()).await.unwrap();
        let mut tx = db.write().await.unwrap();
        let organisation = self.scope.organisation();
        let event = Event { organisation, kind, case, about };
        self.app.app.events.emit(&mut tx, event).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn deliver(&self) -> usize {
        self.app.app.events.deliver_due().await.unwrap()
    }

    fn requests(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    async fn deliveries(&self, scope: &Scope) -> Vec<Delivery> {
        self.app.app.events.deliveries(scope, self.id, Wanted::default()).await.unwrap()
    }
}

/// A header of a request.
fn header(request: &str, name: &str) -> String {
    let line = request.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
    line.unwrap_or_else(|| panic!("no {name}: {request}")).split_once(':').unwrap().1.trim().into()
}

fn body(request: &str) -> &str {
    request.split_once("\r\n\r\n").unwrap().1
}

/// What a receiver computes with the secret it was given.
fn tag(secret: &str, seconds: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{seconds}.{body}").as_bytes());
    let digits = mac.finalize().into_bytes();
    digits.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

async fn an_event_is_told_once_signed_and_in_order(dialect: Dialect) {
    let hooked = Hooked::start(dialect, vec!["200 OK"]).await;
    hooked.emit(EventKind::CaseCreated, None, json!({ "case": "one" })).await;
    hooked.emit(EventKind::InvoiceIssued, None, json!({})).await;
    hooked.emit(EventKind::ClientAdded, None, json!({ "client": "two" })).await;
    let both = tokio::join!(hooked.deliver(), hooked.deliver());
    assert_eq!(both.0 + both.1, 2, "an invoice is not what it listens to");
    let requests = hooked.requests();
    assert_eq!(requests.len(), 2, "nothing is told twice");
    let mut kinds: Vec<String> = Vec::new();
    for request in &requests {
        assert!(request.starts_with("POST /send?key=in-the-address HTTP/1.1"), "{request}");
        let told: Value = serde_json::from_str(body(request)).unwrap();
        assert_eq!(header(request, "munshi-event-id"), told["id"].as_str().unwrap());
        kinds.push(told["kind"].as_str().unwrap().to_owned());
        let signature = header(request, "munshi-signature");
        let (seconds, tags) = signature.split_once(',').unwrap();
        let seconds = seconds.strip_prefix("t=").unwrap();
        assert_eq!(tags, format!("v1={}", tag(&hooked.secret, seconds, body(request))));
        assert!(!request.contains(&hooked.secret));
    }
    kinds.sort();
    assert_eq!(kinds, ["case.created", "client.added"]);
    assert_eq!(hooked.deliver().await, 0);
    let deliveries = hooked.deliveries(&hooked.scope).await;
    assert!(deliveries.iter().all(|one| one.standing() == Standing::Sent && one.attempts == 1));
    // The record and the answers hold no secret.
    let admin = hooked.app.admin().await;
    let shown = admin.get(&format!("/api/v1/webhooks/{}", hooked.id)).await;
    assert!(!shown.text.contains("whsec_"), "{shown:?}");
    let recent = hooked.app.app.audit.recent(&hooked.scope).await.unwrap();
    assert!(recent.iter().all(|entry| !entry.details.to_string().contains("whsec_")));
}

async fn an_event_that_is_undone_is_not_told(dialect: Dialect) {
    let hooked = Hooked::start(dialect, vec!["200 OK"]).await;
    let db = Db::connect(&hooked.app.app.config.database_address()).await.unwrap();
    let mut tx = db.write().await.unwrap();
    let event = Event {
        organisation: hooked.scope.organisation(),
        kind: EventKind::CaseCreated,
        case: None,
        about: json!({}),
    };
    hooked.app.app.events.emit(&mut tx, event).await.unwrap();
    drop(tx);
    assert_eq!(hooked.deliver().await, 0);
    assert!(hooked.deliveries(&hooked.scope).await.is_empty());
}

async fn a_failure_is_tried_again_later_and_keeps_the_order(dialect: Dialect) {
    let hooked = Hooked::start(dialect, vec!["503 Busy", "200 OK"]).await;
    hooked.emit(EventKind::CaseCreated, None, json!({ "number": 1 })).await;
    hooked.emit(EventKind::CaseCreated, None, json!({ "number": 2 })).await;
    assert_eq!(hooked.deliver().await, 0);
    assert_eq!(hooked.requests().len(), 1, "after a failure its turn is over");
    let deliveries = hooked.deliveries(&hooked.scope).await;
    let failed = deliveries.last().unwrap();
    assert_eq!((failed.standing(), failed.last_status), (Standing::Failed, Some(503)));
    hooked.clock.advance(Duration::from_secs(31));
    assert_eq!(hooked.deliver().await, 2);
    let requests = hooked.requests();
    let first: Value = serde_json::from_str(body(&requests[0])).unwrap();
    let again: Value = serde_json::from_str(body(&requests[1])).unwrap();
    assert_eq!(first["id"], again["id"], "the receiver can tell");
    assert_ne!(
        header(&requests[0], "munshi-signature"),
        header(&requests[1], "munshi-signature"),
        "each try is signed with its time"
    );
}

async fn what_is_never_taken_is_given_up_and_can_be_replayed(dialect: Dialect) {
    let mut answers = vec!["500 Broken"; 12];
    answers.push("200 OK");
    let hooked = Hooked::start(dialect, answers).await;
    hooked.emit(EventKind::CaseCreated, None, json!({})).await;
    for _ in 0..20 {
        hooked.deliver().await;
        hooked.clock.advance(Duration::from_hours(6));
    }
    assert_eq!(hooked.requests().len(), 12, "a bounded number of tries");
    let dead = hooked.deliveries(&hooked.scope).await.remove(0);
    assert_eq!(dead.standing(), Standing::Dead);
    let events = &hooked.app.app.events;
    assert_eq!(events.webhook(&hooked.scope, hooked.id).await.unwrap().dead, 1);
    events.replay(&hooked.scope, hooked.id, dead.event_id).await.unwrap();
    assert_eq!(hooked.deliver().await, 1);
    assert_eq!(hooked.deliveries(&hooked.scope).await[0].standing(), Standing::Sent);
    // What happened while it was off is told when everything since a day is.
    events.switch_webhook(&hooked.scope, hooked.id, false).await.unwrap();
    hooked.emit(EventKind::ClientAdded, None, json!({})).await;
    assert_eq!(hooked.deliver().await, 0);
    events.switch_webhook(&hooked.scope, hooked.id, true).await.unwrap();
    assert_eq!(hooked.deliver().await, 0);
    let today = day_in_india(hooked.clock.now());
    assert_eq!(events.replay_since(&hooked.scope, hooked.id, today).await.unwrap(), 1);
    assert_eq!(hooked.deliver().await, 1);
    let far = today - chrono::Days::new(91);
    assert!(events.replay_since(&hooked.scope, hooked.id, far).await.is_err());
    // Events are kept for ninety days.
    hooked.clock.advance(Duration::from_hours(24 * 91));
    assert!(events.forget().await.unwrap() >= 2);
    assert!(hooked.deliveries(&hooked.scope).await.is_empty());
}

async fn a_new_secret_overlaps_the_old_one_for_a_day(dialect: Dialect) {
    let hooked = Hooked::start(dialect, vec!["200 OK"]).await;
    let events = &hooked.app.app.events;
    let made = events.rotate_secret(&hooked.scope, hooked.id).await.unwrap();
    let new = made.secret.expose_secret().to_owned();
    assert_ne!(new, hooked.secret);
    for (hours, tags) in [(0, 2), (25, 1)] {
        hooked.clock.advance(Duration::from_hours(hours));
        hooked.emit(EventKind::CaseCreated, None, json!({})).await;
        assert_eq!(hooked.deliver().await, 1);
        let request = hooked.requests().pop().unwrap();
        let signature = header(&request, "munshi-signature");
        let parts: Vec<&str> = signature.split(',').collect();
        assert_eq!(parts.len(), 1 + tags, "{signature}");
        let seconds = parts[0].strip_prefix("t=").unwrap();
        assert_eq!(parts[1], format!("v1={}", tag(&new, seconds, body(&request))));
        if tags == 2 {
            assert_eq!(parts[2], format!("v1={}", tag(&hooked.secret, seconds, body(&request))));
        }
    }
}

async fn no_redirect_is_followed_and_no_private_address_asked(dialect: Dialect) {
    let (elsewhere, stolen) = gateway(vec!["200 OK"]).await;
    let redirect: &'static str =
        Box::leak(format!("307 Temporary Redirect\r\nlocation: {elsewhere}").into_boxed_str());
    let hooked = Hooked::start(dialect, vec![redirect]).await;
    hooked.emit(EventKind::CaseCreated, None, json!({})).await;
    assert_eq!(hooked.deliver().await, 0);
    assert!(stolen.lock().unwrap().is_empty(), "a redirect was followed");
    let failed = hooked.deliveries(&hooked.scope).await.remove(0);
    assert_eq!(failed.last_status, Some(307));
    assert!(!failed.last_error.unwrap().contains("in-the-address"));
    let admin = hooked.app.admin().await;
    for url in [
        "http://accounts.example.in/",
        "https://10.0.0.8/",
        "https://169.254.169.254/latest",
        "https://user:pw@accounts.example.in/",
        "ftp://accounts.example.in/",
        "no address",
    ] {
        let hook = json!({ "name": "Bad", "url": url, "kinds": ["case.created"] });
        let refused = admin.post("/api/v1/webhooks", hook).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{url}: {refused:?}");
    }
    let hook = json!({ "name": "Bad", "url": "https://a.example.in/", "kinds": ["case.opened"] });
    assert_eq!(admin.post("/api/v1/webhooks", hook).await.status, StatusCode::BAD_REQUEST);
    let hook = json!({ "name": "Bad", "url": "https://a.example.in/", "kinds": [] });
    assert_eq!(admin.post("/api/v1/webhooks", hook).await.status, StatusCode::BAD_REQUEST);
}

async fn webhooks_are_for_admins_and_a_wall_hides_what_they_were_told(dialect: Dialect) {
    let hooked = Hooked::start(dialect, vec!["200 OK"]).await;
    let app = &hooked.app;
    let admin = app.admin().await;
    let advocate = app.person("advocate@example.in", "advocate", None).await;
    let hook = format!("/api/v1/webhooks/{}", hooked.id);
    assert_eq!(advocate.get("/api/v1/webhooks").await.status, StatusCode::NOT_FOUND);
    assert_eq!(advocate.get(&hook).await.status, StatusCode::NOT_FOUND);
    let case = advocate.open_case("Sharma v. Kapoor").await;
    app.person("second@example.in", "admin", None).await;
    let scope = app.app.auth.scope_of("second@example.in").await.unwrap();
    let before = hooked.deliveries(&scope).await.len();
    hooked.emit(EventKind::ClientAdded, Some(case.parse().unwrap()), json!({})).await;
    assert_eq!(hooked.deliveries(&scope).await.len(), before + 1);
    let users = admin.get("/api/v1/users").await.body;
    let second =
        users.as_array().unwrap().iter().find(|user| user["email"] == "second@example.in").unwrap();
    let wall = json!({ "user_id": second["id"], "case_id": case, "reason": "the other side" });
    assert!(admin.post("/api/v1/walls", wall).await.status.is_success());
    let scope = app.app.auth.scope_of("second@example.in").await.unwrap();
    let left = hooked.deliveries(&scope).await;
    assert!(left.iter().all(|one| one.case_id.map(|id| id.to_string()) != Some(case.clone())));
    let events = &app.app.events;
    let hidden = hooked.deliveries(&hooked.scope).await;
    let hidden = hidden.iter().find(|one| one.kind == "client.added" && one.case_id.is_some());
    assert!(events.replay(&scope, hooked.id, hidden.unwrap().event_id).await.is_err());
    let counted = events.webhook(&scope, hooked.id).await.unwrap().waiting;
    assert_eq!(usize::try_from(counted).unwrap(), left.len());
    // Trying it reaches it alone, and not while it is off.
    let tried = admin.post(&format!("{hook}/test"), json!({})).await;
    assert_eq!(tried.status, StatusCode::ACCEPTED, "{tried:?}");
    hooked.deliver().await;
    assert!(hooked.requests().iter().any(|request| request.contains("webhook.test")));
    let off = admin.put(&format!("{hook}/active"), json!({ "active": false })).await;
    assert_eq!(off.status, StatusCode::NO_CONTENT);
    let tried = admin.post(&format!("{hook}/test"), json!({})).await;
    assert_eq!(tried.status, StatusCode::BAD_REQUEST);
    assert_eq!(admin.delete(&hook).await.status, StatusCode::NO_CONTENT);
    assert_eq!(admin.get(&hook).await.status, StatusCode::NOT_FOUND);
}

async fn a_document_that_can_be_searched_is_told(dialect: Dialect) {
    let hooked = Hooked::start(dialect, vec!["200 OK"]).await;
    let admin = hooked.app.admin().await;
    let change =
        json!({ "name": "Papers", "url": "https://a.example.in/", "kinds": ["document.ready"] });
    let path = format!("/api/v1/webhooks/{}", hooked.id);
    assert_eq!(admin.put(&path, change).await.status, StatusCode::NO_CONTENT);
    let case = admin.open_case("Sharma v. Kapoor").await;
    let path = format!("/api/v1/cases/{case}/documents");
    let sent = admin.upload(&path, "order.txt", b"The suit is decreed with costs.").await;
    hooked.app.settle().await;
    let told = hooked.deliveries(&hooked.scope).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].kind, "document.ready");
    assert_eq!(told[0].case_id.unwrap().to_string(), case);
    assert!(sent.body["document_id"].is_string());
}

async fn every_way_a_hearing_moves_is_told_once(dialect: Dialect) {
    let hooked = Hooked::start(dialect, vec!["200 OK"]).await;
    let admin = hooked.app.admin().await;
    let change =
        json!({ "name": "Diary", "url": "https://a.example.in/", "kinds": ["hearing.changed"] });
    let path = format!("/api/v1/webhooks/{}", hooked.id);
    assert_eq!(admin.put(&path, change).await.status, StatusCode::NO_CONTENT);
    let case = admin.open_case("Sharma v. Kapoor").await;
    let new = json!({ "on_date": "2026-11-20" });
    let made = admin.post(&format!("/api/v1/cases/{case}/hearings"), new).await;
    let path = format!("/api/v1/hearings/{}", made.body["id"].as_str().unwrap());
    let details = format!("{path}/details");
    let kind = Some("application/json");
    for (change, told) in
        [(json!({ "on_date": "2026-11-02", "court_hall": "12" }), 1), (json!({ "item": "31" }), 2)]
    {
        let done = admin.send(Method::PATCH, &details, change.to_string().into(), kind).await;
        assert_eq!(done.status, StatusCode::OK, "{done:?}");
        assert_eq!(hooked.deliveries(&hooked.scope).await.len(), told);
    }
    // How it went is told; and where the day that followed moves, that it moved.
    for (next, told) in [("2026-12-01", 3), ("2026-12-05", 5)] {
        let went = json!({ "outcome": "effective", "next_date": next });
        let done = admin.post(&format!("{path}/outcome"), went).await;
        assert!(done.status.is_success(), "{done:?}");
        assert_eq!(hooked.deliveries(&hooked.scope).await.len(), told);
    }
}

async fn the_page_says_what_was_done_and_the_record_where_events_go(dialect: Dialect) {
    let hooked = Hooked::start(dialect, vec!["200 OK"]).await;
    hooked.emit(EventKind::CaseCreated, None, json!({})).await;
    let mut pages = Pages::default();
    pages.sign_in(&hooked.app, "admin@example.in").await;
    let path = format!("/admin/webhooks/{}", hooked.id);
    let csrf = pages.get(&hooked.app, &path).await.field("csrf");
    let today = day_in_india(hooked.clock.now()).to_string();
    let form = [("csrf", csrf.as_str()), ("since", today.as_str())];
    let told = pages.post(&hooked.app, &format!("{path}/replay"), &form).await;
    assert!(told.text.contains("It is told again of 1 event."), "{}", told.text);
    let off = [("csrf", csrf.as_str()), ("active", "no")];
    let off = pages.post(&hooked.app, &format!("{path}/switch"), &off).await;
    assert!(off.text.contains("It is off."), "{}", off.text);
    let recent = hooked.app.app.audit.recent(&hooked.scope).await.unwrap();
    let made = recent.iter().find(|entry| entry.action == "webhook.add").unwrap();
    assert_eq!(made.details["host"], "127.0.0.1");
    assert!(!made.details.to_string().contains("in-the-address"), "{made:?}");
}

on_both! {
    an_event_is_told_once_signed_and_in_order
    an_event_that_is_undone_is_not_told
    a_failure_is_tried_again_later_and_keeps_the_order
    what_is_never_taken_is_given_up_and_can_be_replayed
    a_new_secret_overlaps_the_old_one_for_a_day
    no_redirect_is_followed_and_no_private_address_asked
    webhooks_are_for_admins_and_a_wall_hides_what_they_were_told
    a_document_that_can_be_searched_is_told
    every_way_a_hearing_moves_is_told_once
    the_page_says_what_was_done_and_the_record_where_events_go
}
