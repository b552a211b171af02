//! Time and timers: who enters, sees and changes them, and what they come to.

use axum::http::StatusCode;
use munshi::db::Dialect;
use serde_json::{Value, json};

use crate::support::pages::{Pages, Timed};
use crate::support::{Answer, Caller, TestApp};
use crate::{on_both, on_both_engines};

fn entry(case: &str, minutes: u32, per_hour: Option<i64>) -> Value {
    json!({
        "case_id": case, "worked_on": "2025-11-19", "minutes": minutes,
        "paise_per_hour": per_hour, "description": "Reading the reply",
    })
}

fn id(answer: &Answer) -> String {
    assert!(answer.status.is_success(), "{answer:?}");
    answer.body["id"].as_str().unwrap().to_owned()
}

/// Lets somebody into a case.
async fn joins(app: &TestApp, admin: &Caller, case: &str, email: &str, role: &str) {
    let user = app.app.auth.scope_of(email).await.unwrap().user();
    let member = json!({ "user_id": user, "role": role });
    let added = admin.post(&format!("/api/v1/cases/{case}/members"), member).await;
    assert!(added.status.is_success(), "{added:?}");
}

/// A lead, a member of staff and a viewer of one case, and an outsider.
async fn chamber(app: &TestApp) -> (Caller, Caller, Caller, Caller, Caller, String) {
    let admin = app.admin().await;
    let lead = app.person("lead@example.in", "advocate", None).await;
    let case = lead.open_case("Sharma v. Kapoor").await;
    let member = app.person("member@example.in", "staff", None).await;
    let viewer = app.person("viewer@example.in", "advocate", None).await;
    let outside = app.person("outside@example.in", "advocate", None).await;
    joins(app, &admin, &case, "member@example.in", "member").await;
    joins(app, &admin, &case, "viewer@example.in", "viewer").await;
    // What people may do is read anew with each request.
    (admin, lead, member, viewer, outside, case)
}

on_both_engines! {
    async fn time_is_ones_own_and_the_leads_to_see(app: TestApp) {
        let (admin, lead, member, viewer, outside, case) = chamber(&app).await;
        let made = id(&member.post("/api/v1/time", entry(&case, 90, Some(500_000))).await);
        let shown = member.get(&format!("/api/v1/time/{made}")).await;
        assert_eq!(shown.body["amount"], 750_000, "{shown:?}");
        let found = lead.get("/api/v1/time?team=true").await;
        assert_eq!(found.body[0]["id"], made.as_str(), "{found:?}");
        assert_eq!(admin.get("/api/v1/time?team=true").await.body.as_array().map(Vec::len), Some(1));
        // Own lists hold nobody else's, and others find nothing.
        assert_eq!(lead.get("/api/v1/time").await.body, json!([]));
        assert_eq!(member.get("/api/v1/time?team=true").await.status, StatusCode::NOT_FOUND);
        assert_eq!(outside.get("/api/v1/time?team=true").await.body, json!([]));
        for caller in [&viewer, &outside] {
            let path = format!("/api/v1/time/{made}");
            assert_eq!(caller.get(&path).await.status, StatusCode::NOT_FOUND);
            assert_eq!(caller.delete(&path).await.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(viewer.post("/api/v1/time", entry(&case, 5, Some(1))).await.status, StatusCode::FORBIDDEN);
        assert_eq!(outside.post("/api/v1/time", entry(&case, 5, Some(1))).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_wall_hides_time_from_an_admin_too(app: TestApp) {
        let (admin, lead, ..) = chamber(&app).await;
        let case = lead.open_case("Mehta v. Rao").await;
        let made = id(&lead.post("/api/v1/time", entry(&case, 60, Some(100_000))).await);
        let user = app.app.auth.scope_of("admin@example.in").await.unwrap().user();
        let wall = json!({ "user_id": user, "case_id": case, "reason": "acted for the other side" });
        assert!(admin.post("/api/v1/walls", wall).await.status.is_success());
        assert_eq!(admin.get("/api/v1/time?team=true").await.body, json!([]));
        assert_eq!(admin.get(&format!("/api/v1/time/{made}")).await.status, StatusCode::NOT_FOUND);
        assert!(!admin.get("/api/v1/time.csv?team=true").await.text.contains("Reading"));
        for path in ["charges", "agreements", "fees", "rate"] {
            let closed = admin.get(&format!("/api/v1/cases/{case}/{path}")).await;
            assert_eq!(closed.status, StatusCode::NOT_FOUND, "{path}: {closed:?}");
        }
        assert_eq!(lead.get("/api/v1/time").await.body.as_array().map(Vec::len), Some(1));
    }

    async fn an_entry_is_changed_written_down_and_removed_while_unbilled(app: TestApp) {
        let (_, lead, member, _, _, case) = chamber(&app).await;
        let made = id(&member.post("/api/v1/time", entry(&case, 90, Some(500_000))).await);
        let path = format!("/api/v1/time/{made}");
        let adjustment = json!({ "amount": 700_000, "reason": "a first conference" });
        let refused = member.post(&format!("{path}/adjustment"), adjustment.clone()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
        let no_reason = lead.post(&format!("{path}/adjustment"), json!({ "amount": 1 })).await;
        assert_eq!(no_reason.status, StatusCode::BAD_REQUEST, "{no_reason:?}");
        assert!(lead.post(&format!("{path}/adjustment"), adjustment).await.status.is_success());
        let shown = member.get(&path).await;
        assert_eq!((&shown.body["amount"], &shown.body["adjusted_amount"]), (&json!(750_000), &json!(700_000)));
        let charges = lead.get(&format!("/api/v1/cases/{case}/charges")).await;
        assert_eq!(charges.body[0]["amount"], 700_000, "{charges:?}");
        // Another amount is forgotten with the amount it stood for.
        assert!(member.put(&path, entry(&case, 60, None)).await.status.is_success());
        let shown = member.get(&path).await;
        assert_eq!((&shown.body["amount"], &shown.body["adjusted_amount"]), (&json!(500_000), &Value::Null));
        assert!(member.delete(&path).await.status.is_success());
        assert_eq!(member.get(&path).await.status, StatusCode::NOT_FOUND);
    }

    async fn the_most_specific_rate_is_settled_with_the_entry(app: TestApp) {
        let (admin, lead, member, _, _, case) = chamber(&app).await;
        let rate = |paise: i64, case: Option<&str>| json!({
            "paise_per_hour": paise, "case_id": case, "valid_from": "2025-04-01", "rounding": "six_minutes",
        });
        id(&admin.post("/api/v1/rates", rate(300_000, None)).await);
        let made = id(&member.post("/api/v1/time", entry(&case, 61, None)).await);
        let path = format!("/api/v1/time/{made}");
        let shown = member.get(&path).await.body;
        assert_eq!((&shown["billed_minutes"], &shown["amount"]), (&json!(66), &json!(330_000)), "{shown}");
        // The lead sets the rate of their case, and not of the chamber.
        assert_eq!(lead.post("/api/v1/rates", rate(1, None)).await.status, StatusCode::FORBIDDEN);
        assert_eq!(member.post("/api/v1/rates", rate(1, Some(&case))).await.status, StatusCode::NOT_FOUND);
        id(&lead.post("/api/v1/rates", rate(600_000, Some(&case))).await);
        let applies = member.get(&format!("/api/v1/cases/{case}/rate?on=2025-11-19")).await;
        assert_eq!(applies.body["paise_per_hour"], 600_000, "{applies:?}");
        assert!(applies.body["why"].as_str().unwrap().contains("of this case"), "{applies:?}");
        assert_eq!(member.get(&path).await.body["amount"], 330_000, "what was entered stays");
        let next = id(&member.post("/api/v1/time", entry(&case, 60, None)).await);
        assert_eq!(member.get(&format!("/api/v1/time/{next}")).await.body["amount"], 600_000);
    }

    async fn starting_a_timer_stops_the_one_before_and_keeps_it(app: TestApp) {
        let (_, lead, _, viewer, _, case) = chamber(&app).await;
        let other = lead.open_case("Rao v. Iyer").await;
        let start = |case: &str| json!({ "case_id": case, "note": "Drafting" });
        assert_eq!(viewer.post("/api/v1/timer", start(&case)).await.status, StatusCode::FORBIDDEN);
        let first = id(&lead.post("/api/v1/timer", start(&case)).await);
        let second = id(&lead.post("/api/v1/timer", start(&other)).await);
        let shown = lead.get("/api/v1/timer").await.body;
        assert_eq!(shown["open"]["id"], second.as_str(), "{shown}");
        assert_eq!(shown["drafts"][0]["id"], first.as_str(), "{shown}");
        // Nothing is time before it is entered; then the draft is used up, once.
        assert_eq!(lead.get("/api/v1/time").await.body, json!([]));
        let mut body = entry(&case, 5, Some(100));
        body["draft_id"] = json!(first);
        assert!(lead.post("/api/v1/time", body.clone()).await.status.is_success());
        assert_eq!(lead.post("/api/v1/time", body).await.status, StatusCode::NOT_FOUND);
        assert_eq!(lead.get("/api/v1/time").await.body.as_array().map(Vec::len), Some(1));
        assert_eq!(lead.get("/api/v1/timer").await.body["drafts"], json!([]));
    }

    async fn timers_started_at_once_leave_one_open(app: TestApp) {
        let (_, lead, _, _, _, case) = chamber(&app).await;
        let start = || lead.post("/api/v1/timer", json!({ "case_id": case }));
        let answers = futures_util::future::join_all((0..6).map(|_| start())).await;
        for answer in &answers {
            let fine = answer.status == StatusCode::CREATED || answer.status == StatusCode::CONFLICT;
            assert!(fine, "{answer:?}");
        }
        let begun = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
        let shown = lead.get("/api/v1/timer").await.body;
        assert!(shown["open"].is_object(), "{shown}");
        assert_eq!(shown["drafts"].as_array().map(Vec::len), Some(begun - 1), "{shown}");
    }

    async fn time_is_exported_without_formulas(app: TestApp) {
        let (_, lead, ..) = chamber(&app).await;
        let case = lead.open_case("=HYPERLINK(1)").await;
        id(&lead.post("/api/v1/time", entry(&case, 30, Some(100_000))).await);
        let csv = lead.get("/api/v1/time.csv?from=2025-11-01&to=2025-11-30").await.text;
        assert!(csv.contains("\"'=HYPERLINK(1)\""), "{csv}");
        assert!(csv.contains(",30,30,1000.00,500.00,500.00,"), "{csv}");
        assert!(!lead.get("/api/v1/time.csv?from=2025-12-01").await.text.contains("Reading"));
    }

    async fn the_page_keeps_what_was_typed(app: TestApp) {
        let (_, lead, _, _, _, case) = chamber(&app).await;
        let mut browser = Pages::default();
        browser.sign_in(&app, "lead@example.in").await;
        let csrf = browser.get(&app, "/time").await.field("csrf");
        let mut form = vec![
            ("csrf", csrf.as_str()), ("case", case.as_str()), ("worked_on", "2025-11-19"), ("minutes", "1.5"),
            ("description", "Reading of the reply"), ("paise_per_hour", "5,000"), ("billable", "yes"),
        ];
        let refused = browser.post(&app, "/time", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("Reading of the reply") && refused.text.contains("1h30"), "{}", refused.text);
        form[3].1 = "1h30";
        let done = browser.post(&app, "/time", &form).await;
        assert_eq!(done.to(), "/time?day=2025-11-19", "{}", done.text);
        assert_eq!(lead.get("/api/v1/time").await.body[0]["amount"], 750_000);
        let week = browser.get(&app, "/time?day=2025-11-20").await;
        assert!(week.text.contains("Reading of the reply") && week.text.contains("₹7,500.00"), "{}", week.text);
    }
}

async fn a_timer_survives_a_pause_and_a_forgotten_one_is_asked_about(dialect: Dialect) {
    let timed = Timed::start(dialect, "").await;
    timed.app.admin().await;
    timed.app.person("lead@example.in", "advocate", None).await;
    let mut browser = Pages::default();
    browser.sign_in(&timed.app, "lead@example.in").await;
    let csrf = browser.csrf(&timed.app).await;
    let lead = timed.app.sign_in("lead@example.in").await;
    let case = lead.open_case("Sharma v. Kapoor").await;
    let send = [("csrf", csrf.as_str()), ("case", case.as_str()), ("note", "Drafting the plaint")];
    assert_eq!(browser.post(&timed.app, "/time/timer/start", &send).await.to(), "/time");
    timed.pass(20);
    assert_eq!(browser.post(&timed.app, "/time/timer/pause", &send).await.to(), "/time");
    timed.pass(60);
    assert_eq!(browser.post(&timed.app, "/time/timer/resume", &send).await.to(), "/time");
    timed.pass(10);
    let stopped = browser.post(&timed.app, "/time/timer/stop", &send).await;
    let form = browser.get(&timed.app, stopped.to()).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(
        form.text.contains("value=\"0:30\"") && form.text.contains("Drafting the plaint"),
        "{}",
        form.text
    );

    let other = browser.post(&timed.app, "/time/timer/start", &send).await;
    assert_eq!(other.to(), "/time", "{}", other.text);
    timed.pass(13 * 60);
    // Sessions may have ended in the meantime.
    let mut browser = Pages::default();
    browser.sign_in(&timed.app, "lead@example.in").await;
    let csrf = browser.csrf(&timed.app).await;
    let stopped = browser.post(&timed.app, "/time/timer/stop", &[("csrf", csrf.as_str())]).await;
    let form = browser.get(&timed.app, stopped.to()).await;
    assert!(
        form.text.contains("probably forgotten") && !form.text.contains("value=\"13:00\""),
        "{}",
        form.text
    );
}

on_both! { a_timer_survives_a_pause_and_a_forgotten_one_is_asked_about }
