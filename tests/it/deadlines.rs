//! Tasks, deadlines, kept limitations and court holidays, through the API and pages.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use munshi::db::Dialect;
use serde_json::{Value, json};

use crate::support::pages::{Pages, Timed};
use crate::support::{Answer, Caller, TestApp};
use crate::{on_both, on_both_engines};

fn absent(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer:?}");
}

fn id(answer: &Answer) -> String {
    assert!(answer.status.is_success(), "{answer:?}");
    answer.body["id"].as_str().unwrap().to_owned()
}

async fn user_of(admin: &Caller, email: &str) -> String {
    let users = admin.get("/api/v1/users").await;
    let users = users.body.as_array().unwrap();
    let found = users.iter().find(|user| user["email"] == email).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

/// Lets somebody onto a case.
async fn join(lead: &Caller, case: &str, user: &str, role: &str) {
    let body = json!({ "user_id": user, "role": role });
    let added = lead.post(&format!("/api/v1/cases/{case}/members"), body).await;
    assert!(added.status.is_success(), "{added:?}");
}

fn deadline(case: &str, title: &str, due: &str) -> Value {
    json!({ "case_id": case, "kind": "deadline", "title": title, "due_on": due })
}

/// A lead, their case, and another advocate who works on it.
async fn team(app: &TestApp) -> (Caller, Caller, String, String) {
    let lead = app.person("lead@example.in", "advocate", None).await;
    let helper = app.person("helper@example.in", "advocate", None).await;
    let case = lead.open_case("Sharma v. Kapoor").await;
    let user = user_of(&app.admin().await, "helper@example.in").await;
    join(&lead, &case, &user, "member").await;
    (lead, helper, case, user)
}

on_both_engines! {
    async fn a_deadline_is_given_done_reopened_and_cancelled_and_all_of_it_is_known(app: TestApp) {
        let (lead, helper, case, user) = team(&app).await;
        let mut body = deadline(&case, "  File the reply  ", "2026-12-01");
        body["assignee_id"] = json!(user);
        let one = id(&lead.post("/api/v1/deadlines", body).await);
        let path = format!("/api/v1/deadlines/{one}");
        let shown = helper.get(&path).await.body;
        assert_eq!(shown["title"], "File the reply");
        assert_eq!((&shown["status"], &shown["assignee"]), (&json!("open"), &json!("helper@example.in")));
        let mine = helper.get("/api/v1/deadlines?mine=true").await.body;
        assert_eq!(mine.as_array().map(Vec::len), Some(1), "{mine}");
        let of_lead = lead.get("/api/v1/deadlines?mine=true").await.body;
        assert_eq!(of_lead, json!([]));

        assert_eq!(helper.post(&format!("{path}/done"), Value::Null).await.status, StatusCode::NO_CONTENT);
        let twice = lead.post(&format!("{path}/done"), Value::Null).await;
        assert_eq!(twice.status, StatusCode::CONFLICT, "{twice:?}");
        let change = json!({ "title": "Other words", "due_on": "2026-12-02" });
        assert_eq!(lead.put(&path, change.clone()).await.status, StatusCode::CONFLICT);
        assert_eq!(lead.post(&format!("{path}/reopen"), Value::Null).await.status, StatusCode::NO_CONTENT);
        assert_eq!(lead.put(&path, change).await.status, StatusCode::NO_CONTENT);
        assert_eq!(lead.post(&format!("{path}/cancel"), Value::Null).await.status, StatusCode::NO_CONTENT);
        let shown = lead.get(&path).await.body;
        assert_eq!((&shown["status"], &shown["due_on"]), (&json!("cancelled"), &json!("2026-12-02")));
        let kinds: Vec<&str> =
            shown["history"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["done", "reopened", "changed", "cancelled"]);
        assert_eq!(lead.get("/api/v1/deadlines").await.body, json!([]));
        let gone = lead.get("/api/v1/deadlines?status=cancelled").await.body;
        assert_eq!(gone.as_array().map(Vec::len), Some(1), "{gone}");
    }

    async fn a_deadline_needs_words_a_day_and_somebody_who_works_on_the_case(app: TestApp) {
        let (lead, _, case, _) = team(&app).await;
        app.person("outside@example.in", "advocate", None).await;
        let outside = user_of(&app.admin().await, "outside@example.in").await;
        let refused = async |body: Value| {
            let answer = lead.post("/api/v1/deadlines", body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer:?}");
        };
        refused(deadline(&case, "   ", "2026-12-01")).await;
        refused(json!({ "case_id": case, "kind": "deadline", "title": "x" })).await;
        let mut given = deadline(&case, "x", "2026-12-01");
        given["assignee_id"] = json!(outside);
        refused(given).await;
        let mut sourced = deadline(&case, "x", "2026-12-01");
        sourced["source"] = json!({ "version": "01900000-0000-7000-8000-00000000dead" });
        refused(sourced).await;
        refused(deadline(&case, &"x".repeat(2_001), "2026-12-01")).await;
        let task = json!({ "case_id": case, "kind": "task", "title": "Call the client" });
        id(&lead.post("/api/v1/deadlines", task).await);
        assert_eq!(lead.get("/api/v1/deadlines").await.body.as_array().map(Vec::len), Some(1));
    }

    async fn what_is_to_be_done_in_a_case_is_not_there_for_whoever_the_case_is_closed_to(app: TestApp) {
        let (lead, helper, case, user) = team(&app).await;
        let admin = app.admin().await;
        let outside = app.person("outside@example.in", "advocate", None).await;
        let billing = app.person("billing@example.in", "billing", None).await;
        let one = id(&lead.post("/api/v1/deadlines", deadline(&case, "File", "2026-12-01")).await);
        let dates = json!({ "rule": "slp", "event": "2026-05-04" });
        let kept = lead.post(&format!("/api/v1/cases/{case}/limitations"), json!({ "dates": dates })).await;
        let kept = id(&kept);
        for caller in [&outside, &billing] {
            assert_eq!(caller.get("/api/v1/deadlines").await.body, json!([]));
            absent(&caller.get(&format!("/api/v1/deadlines/{one}")).await);
            absent(&caller.post(&format!("/api/v1/deadlines/{one}/done"), Value::Null).await);
            absent(&caller.get(&format!("/api/v1/limitations/{kept}")).await);
            absent(&caller.get(&format!("/api/v1/cases/{case}/limitations")).await);
            absent(&caller.post("/api/v1/deadlines", deadline(&case, "x", "2026-12-01")).await);
            let body = json!({ "dates": dates, "case_id": case });
            absent(&caller.post("/api/v1/limitation", body).await);
        }
        // A wall closes it to an admin and to a member at once.
        for wall in [user, user_of(&admin, "admin@example.in").await] {
            let wall = json!({ "user_id": wall, "case_id": case, "reason": "advised the other side" });
            assert!(admin.post("/api/v1/walls", wall).await.status.is_success());
        }
        for caller in [&helper, &app.sign_in("admin@example.in").await] {
            assert_eq!(caller.get("/api/v1/deadlines").await.body, json!([]));
            absent(&caller.get(&format!("/api/v1/deadlines/{one}")).await);
            absent(&caller.post(&format!("/api/v1/deadlines/{one}/cancel"), Value::Null).await);
            absent(&caller.get(&format!("/api/v1/limitations/{kept}")).await);
            absent(&caller.post(&format!("/api/v1/limitations/{kept}/again"), Value::Null).await);
        }
        assert_eq!(lead.get("/api/v1/deadlines").await.body.as_array().map(Vec::len), Some(2));
    }

    async fn whoever_may_only_read_a_case_changes_nothing_in_it(app: TestApp) {
        let (lead, _, case, _) = team(&app).await;
        let viewer = app.person("viewer@example.in", "advocate", None).await;
        let user = user_of(&app.admin().await, "viewer@example.in").await;
        join(&lead, &case, &user, "viewer").await;
        let one = id(&lead.post("/api/v1/deadlines", deadline(&case, "File", "2026-12-01")).await);
        assert!(viewer.get(&format!("/api/v1/deadlines/{one}")).await.status.is_success());
        for path in ["done", "cancel", "reopen"] {
            let answer = viewer.post(&format!("/api/v1/deadlines/{one}/{path}"), Value::Null).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{answer:?}");
        }
        let added = viewer.post("/api/v1/deadlines", deadline(&case, "x", "2026-12-01")).await;
        assert_eq!(added.status, StatusCode::FORBIDDEN, "{added:?}");
        // Nor is work given to them.
        let mut given = deadline(&case, "x", "2026-12-01");
        given["assignee_id"] = json!(user);
        let given = lead.post("/api/v1/deadlines", given).await;
        assert_eq!(given.status, StatusCode::UNPROCESSABLE_ENTITY, "{given:?}");
    }

    async fn of_two_who_say_at_once_that_it_is_done_one_is_told_it_was(app: TestApp) {
        let (lead, helper, case, _) = team(&app).await;
        let one = id(&lead.post("/api/v1/deadlines", deadline(&case, "File", "2026-12-01")).await);
        let path = format!("/api/v1/deadlines/{one}/done");
        let (first, second) =
            tokio::join!(lead.post(&path, Value::Null), helper.post(&path, Value::Null));
        let mut statuses = [first.status, second.status];
        statuses.sort();
        assert_eq!(statuses, [StatusCode::NO_CONTENT, StatusCode::CONFLICT]);
        let history = lead.get(&format!("/api/v1/deadlines/{one}")).await.body["history"].clone();
        assert_eq!(history.as_array().map(Vec::len), Some(1), "{history}");
    }

    async fn a_limitation_is_worked_out_for_the_court_of_its_case_and_kept_as_a_deadline(app: TestApp) {
        let admin = app.admin().await;
        let lead = app.person("lead@example.in", "advocate", None).await;
        let new = json!({ "title": "A v. B", "court": "High Court of  Delhi" });
        let case = id(&lead.post("/api/v1/cases", new).await);
        let calendar = json!({ "name": "Delhi", "base": "high" });
        let calendar = id(&admin.post("/api/v1/holiday-calendars", calendar).await);
        let path = format!("/api/v1/holiday-calendars/{calendar}");
        let courts = json!({ "courts": ["high court of delhi"] });
        assert_eq!(admin.put(&path, courts).await.status, StatusCode::NO_CONTENT);
        let days = json!({ "from": "2026-11-08", "to": "2026-11-12", "name": "Diwali", "kind": "holiday" });
        assert_eq!(admin.post(&format!("{path}/days"), days.clone()).await.status, StatusCode::NO_CONTENT);
        assert_eq!(admin.post(&format!("{path}/days"), days).await.status, StatusCode::CONFLICT);
        // Ninety days from 11 August 2026 are 9 November.
        let dates = json!({ "rule": "appeal-high-court", "event": "2026-08-11" });
        let asked = json!({ "dates": dates, "case_id": case });
        let out = lead.post("/api/v1/limitation", asked).await.body;
        assert_eq!(out["worked"]["last_day"], "2026-11-09", "{out}");
        assert_eq!(out["worked"]["opens"], "2026-11-13", "{out}");
        assert_eq!(out["worked"]["calendar"], "Delhi");
        assert_eq!(out["worked"]["warnings"][0]["kind"], "unchecked");

        let kept = lead.post(&format!("/api/v1/cases/{case}/limitations"), json!({ "dates": dates })).await;
        let deadline = kept.body["deadline_id"].as_str().unwrap().to_owned();
        let kept = id(&kept);
        let task = lead.get(&format!("/api/v1/deadlines/{deadline}")).await.body;
        assert_eq!((&task["due_on"], &task["limitation_id"]), (&json!("2026-11-09"), &json!(kept)));
        assert_eq!(task["title"], "Last day to file the appeal");
        let shown = lead.get(&format!("/api/v1/limitations/{kept}")).await.body;
        assert_eq!(shown["stale"], json!([]), "{shown}");

        // The calendar changes: it is said, and worked out again on request.
        let body = json!({ "from": "2026-11-08", "to": "2026-11-12" });
        let gone = admin.send(Method::DELETE, &format!("{path}/days"), Body::from(body.to_string()), Some("application/json")).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT, "{gone:?}");
        let shown = lead.get(&format!("/api/v1/limitations/{kept}")).await.body;
        assert!(shown["stale"][0].as_str().unwrap().contains("calendar"), "{shown}");
        let next = id(&lead.post(&format!("/api/v1/limitations/{kept}/again"), Value::Null).await);
        let twice = lead.post(&format!("/api/v1/limitations/{kept}/again"), Value::Null).await;
        assert_eq!(twice.status, StatusCode::CONFLICT, "{twice:?}");
        let listed = lead.get(&format!("/api/v1/cases/{case}/limitations")).await.body;
        assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
        assert_eq!((&listed[0]["id"], &listed[0]["worked"]["opens"]), (&json!(next), &Value::Null));
        let task = lead.get(&format!("/api/v1/deadlines/{deadline}")).await.body;
        assert_eq!(task["limitation_id"], json!(next));
        assert_eq!(task["history"][0]["kind"], "changed", "{task}");

        let gone = lead.delete(&format!("/api/v1/limitations/{next}")).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT, "{gone:?}");
        let task = lead.get(&format!("/api/v1/deadlines/{deadline}")).await.body;
        assert_eq!(task["status"], "cancelled");
    }

    async fn a_rule_is_checked_by_an_admin_for_the_text_they_read(app: TestApp) {
        let admin = app.admin().await;
        let lead = app.person("lead@example.in", "advocate", None).await;
        let rules = lead.get("/api/v1/limitation/rules").await.body;
        assert_eq!(rules.as_array().map(Vec::len), Some(21));
        let slp = rules.as_array().unwrap().iter().find(|it| it["rule"]["id"] == "slp").unwrap();
        assert_eq!(slp["review"], Value::Null);
        let path = "/api/v1/limitation/rules/slp/review";
        let read = json!({ "hash": slp["hash"] });
        absent(&lead.post(path, read.clone()).await);
        let other = admin.post(path, json!({ "hash": "another text" })).await;
        assert_eq!(other.status, StatusCode::CONFLICT, "{other:?}");
        assert_eq!(admin.post(path, read).await.status, StatusCode::NO_CONTENT);
        let asked = json!({ "dates": { "rule": "slp", "event": "2026-05-04" } });
        let out = lead.post("/api/v1/limitation", asked).await.body;
        assert_eq!(out["review"]["by"], "Asha Admin", "{out}");
        let unchecked = |out: &Value| {
            out["worked"]["warnings"].as_array().unwrap().iter().any(|it| it["kind"] == "unchecked")
        };
        assert!(!unchecked(&out), "{out}");
        let unknown = json!({ "dates": { "rule": "none", "event": "2026-05-04" } });
        absent(&lead.post("/api/v1/limitation", unknown).await);
    }

    async fn holidays_come_from_a_file_all_of_them_or_none_and_only_an_admin_enters_them(app: TestApp) {
        let admin = app.admin().await;
        let lead = app.person("lead@example.in", "advocate", None).await;
        let new = json!({ "name": "Saket", "base": "district" });
        absent(&lead.post("/api/v1/holiday-calendars", new.clone()).await);
        let calendar = id(&admin.post("/api/v1/holiday-calendars", new.clone()).await);
        assert_eq!(admin.post("/api/v1/holiday-calendars", new).await.status, StatusCode::CONFLICT);
        let path = format!("/api/v1/holiday-calendars/{calendar}");
        let file = |text: &str| json!({ "text": text });
        let broken = admin.post(&format!("{path}/import"), file("2026-11-08,Diwali\nsoon,Holi")).await;
        assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY, "{broken:?}");
        assert!(broken.text.contains("line 2"), "{broken:?}");
        assert_eq!(lead.get(&path).await.body["days"], json!([]));
        let text = "2026-11-08,Diwali\n2026-06-01,2026-06-30,Summer vacation";
        let done = admin.post(&format!("{path}/import"), file(text)).await;
        assert_eq!(done.body, json!({ "added": 2, "known": 0 }), "{done:?}");
        let again = admin.post(&format!("{path}/import"), file(text)).await;
        assert_eq!(again.body, json!({ "added": 0, "known": 2 }), "{again:?}");
        let copy = json!({ "name": "Saket, civil", "copy_of": calendar });
        let copy = id(&admin.post("/api/v1/holiday-calendars", copy).await);
        let copy = lead.get(&format!("/api/v1/holiday-calendars/{copy}")).await.body;
        assert_eq!(copy["days"].as_array().map(Vec::len), Some(2), "{copy}");
        assert_eq!(copy["weekly"], json!(["sunday", "second-saturday"]));
        assert_eq!(copy["years"], json!([2026]));
        absent(&lead.post(&format!("{path}/days"), json!({ "from": "2026-01-01", "to": "2026-01-01", "name": "x", "kind": "holiday" })).await);
    }

    async fn a_calendar_is_changed_as_a_whole_or_not_at_all(app: TestApp) {
        let admin = app.admin().await;
        let calendar = json!({ "name": "Saket", "base": "high" });
        let calendar = id(&admin.post("/api/v1/holiday-calendars", calendar).await);
        let path = format!("/api/v1/holiday-calendars/{calendar}");
        let body = json!({ "weekly": ["saturday"], "courts": ["x".repeat(201)] });
        let refused = admin.put(&path, body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
        let shown = admin.get(&path).await.body;
        assert_eq!((&shown["weekly"], &shown["courts"]), (&json!(["sunday"]), &json!([])));
        // The page sends both in one form.
        let mut pages = Pages::default();
        pages.sign_in(&app, "admin@example.in").await;
        let csrf = pages.csrf(&app).await;
        let page = format!("/admin/holidays/{calendar}");
        let long = "x".repeat(201);
        let form = [("csrf", csrf.as_str()), ("saturday", "yes"), ("courts", long.as_str())];
        let refused = pages.post(&app, &page, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains(&long), "what was typed stays");
        let form = [("csrf", csrf.as_str()), ("saturday", "yes"), ("courts", "District Court,  Saket\n")];
        assert_eq!(pages.post(&app, &page, &form).await.to(), page);
        let shown = admin.get(&path).await.body;
        let wanted = (&json!(["saturday"]), &json!(["district court, saket"]));
        assert_eq!((&shown["weekly"], &shown["courts"]), wanted);
    }

    async fn a_deadline_nobody_has_stands_before_those_who_lead_its_case(app: TestApp) {
        let (lead, _, case, user) = team(&app).await;
        let one = id(&lead.post("/api/v1/deadlines", deadline(&case, "File the appeal", "2020-12-01")).await);
        let (mut leads, mut helps) = (Pages::default(), Pages::default());
        leads.sign_in(&app, "lead@example.in").await;
        helps.sign_in(&app, "helper@example.in").await;
        for path in ["/", "/deadlines", "/diary?mine=yes"] {
            assert!(leads.get(&app, path).await.text.contains("File the appeal"), "{path}");
            assert!(!helps.get(&app, path).await.text.contains("File the appeal"), "{path}");
        }
        // Given to somebody who works on the case, it is theirs.
        let given = json!({ "title": "File the appeal", "due_on": "2020-12-01", "assignee_id": user });
        assert_eq!(lead.put(&format!("/api/v1/deadlines/{one}"), given).await.status, StatusCode::NO_CONTENT);
        assert!(!leads.get(&app, "/deadlines").await.text.contains("File the appeal"));
        assert!(helps.get(&app, "/deadlines").await.text.contains("File the appeal"));
    }

    async fn a_day_that_moved_meanwhile_is_not_put_back(app: TestApp) {
        let (lead, _, case, _) = team(&app).await;
        let one = id(&lead.post("/api/v1/deadlines", deadline(&case, "File", "2026-12-10")).await);
        let mut pages = Pages::default();
        pages.sign_in(&app, "helper@example.in").await;
        let csrf = pages.csrf(&app).await;
        let page = format!("/deadlines/{one}");
        assert_eq!(pages.get(&app, &page).await.field("was_due"), "2026-12-10");
        let path = format!("/api/v1/deadlines/{one}");
        let moved = json!({ "title": "File", "due_on": "2026-12-03" });
        assert_eq!(lead.put(&path, moved).await.status, StatusCode::NO_CONTENT);
        // Whoever only adds a note to what they read does not bring the old day back.
        let form = |was| {
            [("csrf", csrf.as_str()), ("title", "File"), ("due", "2026-12-10"), ("note", "court fee"), ("was_due", was)]
        };
        let refused = pages.post(&app, &page, &form("2026-12-10")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert!(refused.text.contains("changed meanwhile") && refused.text.contains("court fee"));
        assert_eq!(refused.field("was_due"), "2026-12-03");
        assert_eq!(lead.get(&path).await.body["due_on"], "2026-12-03");
        assert_eq!(pages.post(&app, &page, &form("2026-12-03")).await.status, StatusCode::SEE_OTHER);
        assert_eq!(lead.get(&path).await.body["due_on"], "2026-12-10");
    }

    async fn the_pages_enter_do_and_work_out_without_scripts(app: TestApp) {
        app.admin().await;
        let lead = app.person("lead@example.in", "advocate", None).await;
        let case = lead.open_case("Sharma v. Kapoor").await;
        let mut pages = Pages::default();
        pages.sign_in(&app, "lead@example.in").await;
        let csrf = pages.csrf(&app).await;
        // What is typed wrongly comes back with what was typed.
        let path = format!("/cases/{case}/deadlines");
        let form = [("csrf", csrf.as_str()), ("title", "File the reply"), ("kind", "deadline"), ("due", "soon")];
        let refused = pages.post(&app, &path, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("value=\"File the reply\"") && refused.text.contains("value=\"soon\""));
        let form = [("csrf", csrf.as_str()), ("title", "File the reply"), ("kind", "deadline"), ("due", "2020-12-01")];
        let added = pages.post(&app, &path, &form).await;
        assert_eq!((added.status, added.to()), (StatusCode::SEE_OTHER, path.as_str()));
        let listed = pages.get(&app, "/deadlines?who=all").await;
        assert!(listed.text.contains("File the reply") && listed.text.contains("overdue"));
        let one = lead.get("/api/v1/deadlines").await.body[0]["id"].as_str().unwrap().to_owned();
        let done = pages.post(&app, &format!("/deadlines/{one}/done"), &[("csrf", csrf.as_str())]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert!(pages.get(&app, &path).await.text.contains(">done<"));
        // What is one's own and overdue stands on the first page.
        let me = user_of(&app.admin().await, "lead@example.in").await;
        assert!(pages.get(&app, "/").await.text.contains("Nothing of yours is due today"));
        let form = [("csrf", csrf.as_str()), ("title", "Pay the court fee"), ("kind", "task"), ("due", "2020-12-02"), ("assignee", me.as_str())];
        let added = pages.post(&app, "/deadlines", &form).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER);
        assert!(pages.get(&app, "/").await.text.contains("Pay the court fee"));
        assert!(pages.get(&app, "/deadlines").await.text.contains("Pay the court fee"));
        // The calculator: a rule, a date, and what came of it, kept in the case.
        let start = pages.get(&app, "/limitation?find=34(3)").await;
        assert!(start.text.contains("arbitration-set-aside") && !start.text.contains("ni-complaint"));
        let query = "/limitation?rule=arbitration-set-aside&event=2007-11-12";
        let worked = pages.get(&app, &format!("{query}&case={case}")).await;
        assert!(worked.text.contains("12 Feb 2008") && worked.text.contains("13 Mar 2008"));
        assert!(worked.text.contains("not yet checked by a lawyer"));
        let half = pages.get(&app, &format!("{query}&from1=2008-01-01")).await;
        assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
        let form = [("csrf", csrf.as_str()), ("rule", "arbitration-set-aside"), ("event", "2007-11-12"), ("case", case.as_str())];
        let kept = pages.post(&app, "/limitation/keep", &form).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER);
        let to = kept.to().to_owned();
        assert!(pages.get(&app, &to).await.text.contains("12 Feb 2008"));
        assert!(pages.get(&app, &path).await.text.contains("Setting aside an arbitral award"));
        // The case of others is not there.
        app.person("outside@example.in", "advocate", None).await;
        let mut outside = Pages::default();
        outside.sign_in(&app, "outside@example.in").await;
        let closed = [path, to, format!("/deadlines/{one}"), format!("{query}&case={case}")];
        for closed in closed {
            assert_eq!(outside.get(&app, &closed).await.status, StatusCode::NOT_FOUND, "{closed}");
        }
    }
}

async fn people_are_told_once_each_morning_of_what_is_open_to_them(dialect: Dialect) {
    let timed = Timed::start(dialect, "").await;
    let app = &timed.app;
    let (lead, _, case, user) = team(app).await;
    // It is 15:00 on 2 November in India.
    let mut given = deadline(&case, "File the reply", "2026-11-04");
    given["assignee_id"] = json!(user);
    id(&lead.post("/api/v1/deadlines", given).await);
    // A deadline nobody has is told to those who lead the case; one far off to nobody.
    id(&lead.post("/api/v1/deadlines", deadline(&case, "Pay the fee", "2026-11-03")).await);
    id(&lead.post("/api/v1/deadlines", deadline(&case, "Later", "2026-12-24")).await);
    assert_eq!(app.app.deadlines.remind().await.unwrap(), 2);
    assert_eq!(app.app.deadlines.remind().await.unwrap(), 0);
    // At 01:00 of the next day nobody is told; at 08:00 both are, but for a wall.
    timed.pass(10 * 60);
    assert_eq!(app.app.deadlines.remind().await.unwrap(), 0);
    let admin = app.admin().await;
    let wall = json!({ "user_id": user, "case_id": case, "reason": "advised the other side" });
    assert!(admin.post("/api/v1/walls", wall).await.status.is_success());
    timed.pass(7 * 60);
    assert_eq!(app.app.deadlines.remind().await.unwrap(), 1);
    let twice = tokio::join!(app.app.deadlines.remind(), app.app.deadlines.remind());
    assert_eq!((twice.0.unwrap(), twice.1.unwrap()), (0, 0));
}

async fn a_kept_limitation_says_how_near_its_last_day_is_today(dialect: Dialect) {
    let timed = Timed::start(dialect, "").await;
    let app = &timed.app;
    let lead = app.person("lead@example.in", "advocate", None).await;
    let admin = app.admin().await;
    let case = lead.open_case("Sharma v. Kapoor").await;
    // It is 2 November 2026; thirty days from 10 October are 9 November.
    let dates = json!({ "dates": { "rule": "ni-notice", "event": "2026-10-10" } });
    let kept = lead.post(&format!("/api/v1/cases/{case}/limitations"), dates).await;
    let deadline = kept.body["deadline_id"].as_str().unwrap().parse().unwrap();
    let kept = id(&kept).parse().unwrap();
    let rules = admin.get("/api/v1/limitation/rules").await.body;
    let notice =
        rules.as_array().unwrap().iter().find(|it| it["rule"]["id"] == "ni-notice").unwrap();
    let read = json!({ "hash": notice["hash"] });
    let deadlines = &app.app.deadlines;
    let scope = app.app.auth.scope_of("lead@example.in").await.unwrap();
    let warned = async || {
        let worked = deadlines.kept_one(&scope, kept).await.unwrap().worked;
        worked.warnings.into_iter().map(|one| one.text).collect::<Vec<_>>().join(" ")
    };
    let first = warned().await;
    assert!(first.contains("7 days away") && first.contains("not yet checked"), "{first}");
    let path = "/api/v1/limitation/rules/ni-notice/review";
    assert_eq!(admin.post(path, read).await.status, StatusCode::NO_CONTENT);
    timed.pass(5 * 24 * 60);
    let near = warned().await;
    assert!(near.contains("2 days away") && !near.contains("not yet checked"), "{near}");
    timed.pass(5 * 24 * 60);
    assert!(warned().await.contains("The last day was 3 days ago"));
    // What was done in time is not said to be late.
    deadlines.done(&scope, deadline).await.unwrap();
    assert!(!warned().await.contains("days ago"));
}

on_both! {
    people_are_told_once_each_morning_of_what_is_open_to_them
    a_kept_limitation_says_how_near_its_last_day_is_today
}
