//! Hearings from their listing to the next date: outcomes, moved days, sources that
//! disagree, warnings, reminders, and who may see them.

use axum::http::StatusCode;
use chrono::Days;
use munshi::db::Dialect;
use munshi::kernel::{Clock, SystemClock, day_in_india};
use serde_json::{Value, json};

use crate::support::pages::{Pages, Timed};
use crate::support::{Answer, Caller, TestApp};
use crate::{on_both, on_both_engines};

const LEAD: &str = "lead@example.in";

fn done(answer: &Answer) {
    assert!(answer.status.is_success(), "{answer:?}");
}

fn absent(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer:?}");
}

fn refused(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
    assert!(answer.text.contains(words), "{answer:?}");
}

/// A day so many days from today, in India.
fn day(from_now: i64) -> String {
    let today = day_in_india(SystemClock.now());
    let days = Days::new(from_now.unsigned_abs());
    let day = if from_now < 0 { today - days } else { today + days };
    day.to_string()
}

async fn id_of(app: &TestApp, email: &str) -> String {
    let users = app.admin().await.get("/api/v1/users").await.body;
    let user = users.as_array().unwrap().iter().find(|user| user["email"] == email).unwrap();
    user["id"].as_str().unwrap().to_owned()
}

/// A case before a court, opened by an advocate who leads it.
async fn case(lead: &Caller, title: &str, court: &str, number: &str) -> String {
    let new = json!({ "title": title, "court": court, "number": number });
    let opened = lead.post("/api/v1/cases", new).await;
    done(&opened);
    opened.body["id"].as_str().unwrap().to_owned()
}

async fn join(app: &TestApp, case: &str, email: &str, role: &str) -> Caller {
    let caller = app.person(email, "advocate", None).await;
    let member = json!({ "user_id": id_of(app, email).await, "role": role });
    done(&app.admin().await.post(&format!("/api/v1/cases/{case}/members"), member).await);
    caller
}

async fn add(caller: &Caller, case: &str, body: Value) -> String {
    let added = caller.post(&format!("/api/v1/cases/{case}/hearings"), body).await;
    assert_eq!(added.status, StatusCode::CREATED, "{added:?}");
    added.body["id"].as_str().unwrap().to_owned()
}

async fn outcome(caller: &Caller, id: &str, body: Value) -> Answer {
    caller.post(&format!("/api/v1/hearings/{id}/outcome"), body).await
}

async fn kinds(caller: &Caller, case: &str) -> Vec<String> {
    let found = caller.get(&format!("/api/v1/hearing-warnings?case={case}")).await;
    done(&found);
    let all = found.body.as_array().unwrap().iter();
    all.map(|warning| warning["kind"].as_str().unwrap().to_owned()).collect()
}

/// Raises a wall between a person and a case.
async fn wall(app: &TestApp, email: &str, case: &str) {
    let body = json!({ "user_id": id_of(app, email).await, "case_id": case, "reason": "conflict" });
    done(&app.admin().await.post("/api/v1/walls", body).await);
}

on_both_engines! {
    async fn an_adjournment_with_a_next_date_is_a_chain(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let case = case(&lead, "Sharma v. Kapoor", "Delhi High Court", "CS(COMM) 412/2025").await;
        let first = add(&lead, &case, json!({ "on_date": day(-20), "purpose": "evidence" })).await;
        let put_off = json!({
            "outcome": "adjourned", "adjourned_by": "other_side",
            "adjourned_reason": "counsel_absent", "costs_paise": 500_000,
            "next_date": day(-3), "next_purpose": "evidence",
        });
        let entered = outcome(&lead, &first, put_off).await;
        done(&entered);
        let second = entered.body["next_id"].as_str().unwrap().to_owned();
        assert_eq!(entered.body["hearing"]["costs_paise"], 500_000);
        let again = json!({ "outcome": "adjourned", "adjourned_by": "court",
            "adjourned_reason": "paucity_of_time", "next_date": day(9) });
        let third = outcome(&lead, &second, again).await;
        done(&third);
        let list = lead.get(&format!("/api/v1/cases/{case}/hearings")).await.body;
        assert_eq!(list["adjourned"], 2, "{list}");
        assert_eq!(list["words"], "adjourned twice: 1 by the court, 1 by the other side");
        assert_eq!(list["hearings"][0]["previous_id"], second.as_str());
        assert_eq!(list["hearings"][1]["previous_id"], first.as_str());
        // Entered again with another next date, the hearing that follows is moved.
        let corrected = json!({ "outcome": "adjourned", "adjourned_by": "us", "next_date": day(12) });
        let corrected = outcome(&lead, &second, corrected).await;
        assert_eq!(corrected.body["next_id"], third.body["next_id"], "{corrected:?}");
        let list = lead.get(&format!("/api/v1/cases/{case}/hearings")).await.body;
        assert_eq!(list["hearings"].as_array().map(Vec::len), Some(3), "{list}");
        assert_eq!(list["hearings"][0]["on_date"], day(12).as_str());
        assert_eq!(list["changes"][0]["from"], day(9).as_str());
    }

    async fn what_does_not_fit_together_is_refused_in_words(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let case = case(&lead, "A v. B", "Delhi High Court", "LPA 1/2026").await;
        let coming = add(&lead, &case, json!({ "on_date": day(5) })).await;
        refused(&outcome(&lead, &coming, json!({ "outcome": "effective" })).await, "once the day has come");
        let was = add(&lead, &case, json!({ "on_date": day(-5) })).await;
        refused(&outcome(&lead, &was, json!({ "outcome": "adjourned" })).await, "at whose request");
        let early = json!({ "outcome": "effective", "next_date": day(-6) });
        refused(&outcome(&lead, &was, early).await, "must come after");
        let ended = json!({ "outcome": "disposed", "next_date": day(6) });
        refused(&outcome(&lead, &was, ended).await, "no next date");
        let unknown = json!({ "outcome": "adjourned", "adjourned_by": "us", "adjourned_reason": "x" });
        refused(&outcome(&lead, &was, unknown).await, "from the list");
        done(&outcome(&lead, &was, json!({ "outcome": "effective" })).await);
        let moved = json!({ "on_date": day(1) });
        let path = format!("/api/v1/hearings/{was}/details");
        let moved = lead.send(axum::http::Method::PATCH, &path, moved.to_string().into(), Some("application/json")).await;
        refused(&moved, "stays on its day");
        // An unknown field of a body is a slip, not a wish.
        let odd = lead.post(&format!("/api/v1/cases/{case}/hearings"), json!({ "on_date": day(1), "x": 1 })).await;
        assert_eq!(odd.status, StatusCode::BAD_REQUEST, "{odd:?}");
    }

    async fn a_moved_day_keeps_the_old_one_and_a_mistake_is_withdrawn(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let case = case(&lead, "A v. B", "Delhi High Court", "LPA 1/2026").await;
        let id = add(&lead, &case, json!({ "on_date": day(5) })).await;
        let path = format!("/api/v1/hearings/{id}/details");
        let body = json!({ "on_date": day(7), "reason": "bench not sitting", "court_hall": "12" });
        let moved = lead.send(axum::http::Method::PATCH, &path, body.to_string().into(), Some("application/json")).await;
        done(&moved);
        assert_eq!((moved.body["on_date"].as_str(), moved.body["court_hall"].as_str()), (Some(day(7).as_str()), Some("12")));
        let list = lead.get(&format!("/api/v1/cases/{case}/hearings")).await.body;
        assert_eq!(list["changes"][0]["reason"], "bench not sitting", "{list}");
        let path = format!("/api/v1/hearings/{id}/withdraw");
        refused(&lead.post(&path, json!({ "reason": " " })).await, "say why");
        done(&lead.post(&path, json!({ "reason": "entered twice" })).await);
        let again = lead.post(&path, json!({ "reason": "entered twice" })).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{again:?}");
        // It is still to be seen in the case, and not in the diary.
        let list = lead.get(&format!("/api/v1/cases/{case}/hearings")).await.body;
        assert_eq!(list["hearings"][0]["withdrawn_reason"], "entered twice", "{list}");
        assert_eq!(lead.get("/api/v1/hearings").await.body, json!([]));
    }

    async fn two_sources_are_kept_until_somebody_decides(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let case = case(&lead, "A v. B", "Delhi High Court", "LPA 1/2026").await;
        let id = add(&lead, &case, json!({ "on_date": day(5) })).await;
        let path = format!("/api/v1/hearings/{id}/claims");
        refused(&lead.post(&path, json!({ "on_date": day(5) })).await, "known already");
        let claim = lead.post(&path, json!({ "on_date": day(8) })).await;
        assert_eq!(claim.status, StatusCode::CREATED, "{claim:?}");
        refused(&lead.post(&path, json!({ "on_date": day(8) })).await, "waits for a decision");
        assert_eq!(kinds(&lead, &case).await, ["contradiction"]);
        let claim = claim.body["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/hearing-claims/{claim}/decide");
        done(&lead.post(&path, json!({ "decision": "taken" })).await);
        let second = lead.post(&path, json!({ "decision": "refused" })).await;
        assert_eq!(second.status, StatusCode::CONFLICT, "{second:?}");
        let found = lead.get(&format!("/api/v1/hearings/{id}")).await.body;
        assert_eq!(found["on_date"], day(8).as_str());
        assert!(kinds(&lead, &case).await.is_empty());
    }

    async fn sources_that_came_to_agree_and_a_hearing_that_was_held_are_not_in_doubt(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let case = case(&lead, "A v. B", "Delhi High Court", "LPA 1/2026").await;
        let id = add(&lead, &case, json!({ "on_date": day(5) })).await;
        let path = format!("/api/v1/hearings/{id}/claims");
        assert_eq!(lead.post(&path, json!({ "on_date": day(3) })).await.status, StatusCode::CREATED);
        assert_eq!(kinds(&lead, &case).await, ["contradiction"]);
        // Moved to the other day by hand, the two agree; moved on, they do not.
        for (to, wrong) in [(3, vec![]), (7, vec!["contradiction"]), (0, vec!["contradiction"])] {
            let body = json!({ "on_date": day(to) }).to_string();
            let details = format!("/api/v1/hearings/{id}/details");
            done(&lead.send(axum::http::Method::PATCH, &details, body.into(), Some("application/json")).await);
            assert_eq!(kinds(&lead, &case).await, wrong, "{to}");
        }
        done(&outcome(&lead, &id, json!({ "outcome": "effective", "next_date": day(9) })).await);
        assert!(kinds(&lead, &case).await.is_empty());
    }

    async fn a_case_disposed_of_and_listed_again_wants_a_next_date(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let case = case(&lead, "A v. B", "Delhi High Court", "LPA 1/2026").await;
        let ended = add(&lead, &case, json!({ "on_date": day(-9) })).await;
        done(&outcome(&lead, &ended, json!({ "outcome": "disposed" })).await);
        assert!(kinds(&lead, &case).await.is_empty());
        let restored = add(&lead, &case, json!({ "on_date": day(-2) })).await;
        done(&outcome(&lead, &restored, json!({ "outcome": "effective" })).await);
        assert_eq!(kinds(&lead, &case).await, ["missing"]);
    }

    async fn what_followed_and_was_held_stays_on_its_day(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let case = case(&lead, "A v. B", "Delhi High Court", "LPA 1/2026").await;
        let first = add(&lead, &case, json!({ "on_date": day(-9) })).await;
        let next = outcome(&lead, &first, json!({ "outcome": "effective", "next_date": day(-4) })).await;
        let second = next.body["next_id"].as_str().unwrap().to_owned();
        done(&outcome(&lead, &second, json!({ "outcome": "effective", "next_date": day(4) })).await);
        let again = json!({ "outcome": "not_reached", "next_date": day(-3) });
        refused(&outcome(&lead, &first, again).await, "that followed was held");
        done(&outcome(&lead, &first, json!({ "outcome": "not_reached" })).await);
        // Nothing of the refused correction was kept, and the chain is as it was.
        let found = lead.get(&format!("/api/v1/hearings/{second}")).await.body;
        assert_eq!(found["on_date"], day(-4).as_str());
    }

    async fn closing_a_case_says_what_is_listed_and_what_nobody_entered(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let case = case(&lead, "A v. B", "Delhi High Court", "LPA 1/2026").await;
        add(&lead, &case, json!({ "on_date": day(-2) })).await;
        add(&lead, &case, json!({ "on_date": day(4) })).await;
        add(&lead, &case, json!({ "on_date": day(8) })).await;
        let task = json!({ "case_id": case, "kind": "task", "title": "Return the papers" });
        done(&lead.post("/api/v1/deadlines", task).await);
        let mut pages = Pages::default();
        pages.sign_in(&app, LEAD).await;
        let page = pages.get(&app, &format!("/cases/{case}/close")).await.text;
        for words in [
            "2 hearings are listed, the next on", "How it went is not entered for 1 hearing",
            "1 thing is to be done",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }

    async fn missing_and_past_dates_and_two_courts_at_once_are_told(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let one = case(&lead, "A v. B", "Delhi High Court", "LPA 1/2026").await;
        assert_eq!(kinds(&lead, &one).await, ["missing"]);
        let was = add(&lead, &one, json!({ "on_date": day(-2) })).await;
        assert_eq!(kinds(&lead, &one).await, ["past"]);
        done(&outcome(&lead, &was, json!({ "outcome": "effective", "next_date": day(6) })).await);
        assert!(kinds(&lead, &one).await.is_empty());
        let other = case(&lead, "C v. D", "Supreme Court of India", "SLP(C) 9/2026").await;
        let second = add(&lead, &other, json!({ "on_date": day(6) })).await;
        assert_eq!(kinds(&lead, &one).await, ["clash"]);
        assert_eq!(kinds(&lead, &other).await, ["clash"]);
        done(&lead.post(&format!("/api/v1/hearings/{second}/withdraw"), json!({ "reason": "slip" })).await);
        assert!(kinds(&lead, &one).await.is_empty());
        // What was withdrawn is in no list.
        let last = lead.get("/api/v1/hearings").await.body;
        assert_eq!(last.as_array().map(Vec::len), Some(2), "{last}");
    }

    async fn a_hearing_on_a_court_holiday_is_told(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let case = case(&lead, "A v. B", "High Court of Delhi", "LPA 1/2026").await;
        add(&lead, &case, json!({ "on_date": day(6) })).await;
        assert!(kinds(&lead, &case).await.is_empty());
        let admin = app.admin().await;
        let made = admin.post("/api/v1/holiday-calendars", json!({ "name": "Delhi" })).await;
        let id = made.body["id"].as_str().unwrap_or_else(|| panic!("{made:?}")).to_owned();
        let path = format!("/api/v1/holiday-calendars/{id}");
        done(&admin.put(&path, json!({ "weekly": [], "courts": ["High Court of Delhi"] })).await);
        let stretch = json!({ "from": day(6), "to": day(6), "name": "Founders' day", "kind": "holiday" });
        done(&admin.post(&format!("{path}/days"), stretch).await);
        assert_eq!(kinds(&lead, &case).await, ["holiday"]);
    }

    async fn hearings_are_of_those_to_whom_the_case_is_open(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let case = case(&lead, "A v. B", "Delhi High Court", "LPA 1/2026").await;
        let id = add(&lead, &case, json!({ "on_date": day(-2) })).await;
        let viewer = join(&app, &case, "viewer@example.in", "viewer").await;
        let walled = join(&app, &case, "walled@example.in", "member").await;
        let outsider = app.person("outsider@example.in", "advocate", None).await;
        let admin = app.admin().await;
        let second = app.person("second@example.in", "admin", None).await;
        wall(&app, "walled@example.in", &case).await;
        wall(&app, "second@example.in", &case).await;
        for caller in [&outsider, &walled, &second] {
            absent(&caller.get(&format!("/api/v1/hearings/{id}")).await);
            absent(&caller.get(&format!("/api/v1/cases/{case}/hearings")).await);
            absent(&outcome(caller, &id, json!({ "outcome": "effective" })).await);
            absent(&caller.post(&format!("/api/v1/cases/{case}/hearings"), json!({ "on_date": day(1) })).await);
            absent(&caller.get(&format!("/api/v1/hearing-warnings?case={case}")).await);
            assert_eq!(caller.get("/api/v1/hearings").await.body, json!([]));
            assert_eq!(caller.get("/api/v1/hearing-warnings").await.body, json!([]));
        }
        // Who may only read is told so.
        done(&viewer.get(&format!("/api/v1/hearings/{id}")).await);
        let refused = outcome(&viewer, &id, json!({ "outcome": "effective" })).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
        done(&admin.get(&format!("/api/v1/hearings/{id}")).await);
        let mine = admin.get("/api/v1/hearings?mine=true").await.body;
        assert_eq!(mine, json!([]), "an admin is a member of none");
    }

    async fn a_client_sees_the_dates_of_a_case_shown_to_them_without_notes(app: TestApp) {
        let admin = app.admin().await;
        let client = json!({ "name": "Sharma Traders", "kind": "firm" });
        let client = admin.post("/api/v1/clients", client).await;
        let client = client.body["id"].as_str().unwrap_or_else(|| panic!("{client:?}")).to_owned();
        let new = json!({ "title": "Sharma v. Kapoor", "client_id": client });
        let case = admin.post("/api/v1/cases", new).await.body["id"].as_str().unwrap().to_owned();
        let was = add(&admin, &case, json!({ "on_date": day(-3), "note": "weak witness" })).await;
        let put_off = json!({ "outcome": "adjourned", "adjourned_by": "us", "next_date": day(5) });
        done(&outcome(&admin, &was, put_off).await);
        app.person("client@example.in", "client", Some(&client)).await;
        let scope = app.app.auth.scope_of("client@example.in").await.unwrap();
        let id = case.parse().unwrap();
        let seen = app.app.hearings.for_client(&scope, id).await.unwrap();
        assert_eq!(seen, (None, None), "nothing is shown before somebody shows it");
        done(&admin.post(&format!("/api/v1/cases/{case}/portal/show"), json!({})).await);
        let (last, next) = app.app.hearings.for_client(&scope, id).await.unwrap();
        let (last, next) = (last.unwrap(), next.unwrap());
        assert_eq!(last.known.on_date.to_string(), day(-3));
        assert_eq!((last.known.note.as_deref(), last.adjourned.as_ref()), (None, None));
        assert_eq!(next.known.on_date.to_string(), day(5));
        // A day that a document contradicts is not told before somebody decides.
        let path = format!("/api/v1/cases/{case}/documents");
        let order = admin.upload(&path, "order.txt", b"List the suit the day after tomorrow.").await;
        let order = order.body["document_id"].as_str().unwrap_or_else(|| panic!("{order:?}"));
        let order = admin.get(&format!("/api/v1/documents/{order}")).await.body;
        let source = json!({ "version": order["version_id"], "page": 1 });
        add(&admin, &case, json!({ "on_date": day(2), "source": source })).await;
        let (_, next) = app.app.hearings.for_client(&scope, id).await.unwrap();
        assert_eq!(next.unwrap().known.on_date.to_string(), day(5));
        let claims = admin.get("/api/v1/hearing-claims").await.body;
        let claim = claims[0]["id"].as_str().unwrap_or_else(|| panic!("{claims}"));
        let path = format!("/api/v1/hearing-claims/{claim}/decide");
        done(&admin.post(&path, json!({ "decision": "both" })).await);
        let (_, next) = app.app.hearings.for_client(&scope, id).await.unwrap();
        assert_eq!(next.unwrap().known.on_date.to_string(), day(2));
    }

    async fn the_pages_do_what_the_api_does(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let case = case(&lead, "Sharma v. Kapoor", "Delhi High Court", "LPA 1/2026").await;
        let mut pages = Pages::default();
        pages.sign_in(&app, LEAD).await;
        let csrf = pages.csrf(&app).await;
        let path = format!("/cases/{case}/hearings");
        // What was typed stays when it is refused.
        let form = [("csrf", csrf.as_str()), ("on_date", "soon"), ("purpose", "arguments on delay")];
        let refused = pages.post(&app, &path, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("arguments on delay"), "{}", refused.text);
        assert!(refused.text.contains("Enter the day as a date"), "{}", refused.text);
        let was = day(-1);
        let form = [("csrf", csrf.as_str()), ("on_date", was.as_str()), ("purpose", "arguments")];
        assert_eq!(pages.post(&app, &path, &form).await.to(), path);
        let page = pages.get(&app, &path).await;
        assert!(page.text.contains("Nobody has entered how it went"), "{}", page.text);
        let list = lead.get(&format!("/api/v1/cases/{case}/hearings")).await.body;
        let id = list["hearings"][0]["id"].as_str().unwrap().to_owned();
        let next = day(4);
        let form = [
            ("csrf", csrf.as_str()), ("outcome", "adjourned"), ("adjourned_by", "other_side"),
            ("adjourned_reason", "counsel_absent"), ("costs", "5,000"), ("next_date", next.as_str()),
        ];
        assert_eq!(pages.post(&app, &format!("/hearings/{id}/outcome"), &form).await.to(), path);
        let page = pages.get(&app, &path).await;
        for words in ["Adjourned once: 1 by the other side", "costs ₹5,000.00", "counsel not available"] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        // To correct one thing, the form brings the others with it.
        assert!(page.text.contains("value=\"₹5,000.00\""), "{}", page.text);
        let other = day(6);
        let form = [
            ("csrf", csrf.as_str()), ("outcome", "adjourned"), ("adjourned_by", "other_side"),
            ("adjourned_reason", "counsel_absent"), ("costs", "₹5,000.00"), ("next_date", other.as_str()),
        ];
        assert_eq!(pages.post(&app, &format!("/hearings/{id}/outcome"), &form).await.to(), path);
        let corrected = lead.get(&format!("/api/v1/hearings/{id}")).await.body;
        assert_eq!(corrected["costs_paise"], 500_000, "{corrected}");
        // Whoever did not see that undoes nothing of it, and is shown what they typed.
        let stale = page.field("read");
        let form = [("csrf", csrf.as_str()), ("outcome", "not_reached"), ("note", "nobody came"), ("read", stale.as_str())];
        let refused = pages.post(&app, &format!("/hearings/{id}/outcome"), &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("changed it meanwhile") && refused.text.contains("nobody came"));
        let form = [("csrf", csrf.as_str()), ("outcome", "adjourned"), ("adjourned_by", "other_side"), ("next_date", next.as_str())];
        assert_eq!(pages.post(&app, &format!("/hearings/{id}/outcome"), &form).await.to(), path);
        let diary = pages.get(&app, &format!("/diary?view=day&day={next}")).await;
        assert!(diary.text.contains("Sharma v. Kapoor") && diary.text.contains("Delhi High Court"));
        let other = pages.get(&app, &format!("/diary?view=day&day={}", day(5))).await;
        assert!(other.text.contains("Nothing is listed"), "{}", other.text);
    }
}

async fn reminders_are_sent_once_and_only_of_open_cases(dialect: Dialect) {
    // It is three in the afternoon of Monday, 2 November 2026, in India.
    let timed = Timed::start(dialect, "").await;
    let app = &timed.app;
    let lead = app.person(LEAD, "advocate", None).await;
    let case = case(&lead, "Sharma v. Kapoor", "Delhi High Court", "LPA 1/2026").await;
    join(app, &case, "walled@example.in", "member").await;
    wall(app, "walled@example.in", &case).await;
    add(&lead, &case, json!({ "on_date": "2026-11-03", "court_hall": "12" })).await;
    let hearings = &app.app.hearings;
    assert_eq!(hearings.remind().await.unwrap(), 0, "it is not evening");
    timed.pass(240);
    let other = hearings.clone();
    let (one, two) = tokio::join!(hearings.remind(), other.remind());
    assert_eq!(one.unwrap() + two.unwrap(), 1, "the one who may see it, once");
    assert_eq!(hearings.remind().await.unwrap(), 0);
    // On Sunday the dates to check are told: nobody entered how it went.
    timed.pass(6 * 24 * 60);
    assert_eq!(hearings.remind().await.unwrap(), 1);
    assert_eq!(hearings.remind().await.unwrap(), 0);
}

async fn many_outcomes_at_once_make_one_next_hearing(dialect: Dialect) {
    let app = TestApp::start(dialect).await;
    let lead = app.person(LEAD, "advocate", None).await;
    let case = case(&lead, "A v. B", "Delhi High Court", "LPA 1/2026").await;
    let id = add(&lead, &case, json!({ "on_date": day(-2) })).await;
    let body = json!({ "outcome": "effective", "next_date": day(6) });
    let all = (0..6).map(|_| outcome(&lead, &id, body.clone()));
    for answer in futures_util::future::join_all(all).await {
        done(&answer);
    }
    let list = lead.get(&format!("/api/v1/cases/{case}/hearings")).await.body;
    assert_eq!(list["hearings"].as_array().map(Vec::len), Some(2), "{list}");
}

on_both! {
    reminders_are_sent_once_and_only_of_open_cases
    many_outcomes_at_once_make_one_next_hearing
}
