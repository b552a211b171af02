//! Agreements on fees, the fees that fall due under them, and what can be billed.

use axum::http::StatusCode;
use munshi::db::Sql;
use munshi::fees::{ChargeId, FeeError};
use munshi::kernel::{CaseId, Clock, HearingId, InvoiceId, InvoiceLineId, Paise, SystemClock};
use serde_json::{Value, json};

use crate::firm::{run, tables};
use crate::on_both_engines;
use crate::support::pages::Pages;
use crate::support::{Answer, Caller, TestApp};

fn id(answer: &Answer) -> String {
    assert!(answer.status.is_success(), "{answer:?}");
    answer.body["id"].as_str().unwrap().to_owned()
}

/// A hearing of a day with an outcome.
async fn heard(app: &TestApp, case: &str, day: &str, outcome: Option<&str>) -> HearingId {
    let hearing = HearingId::new();
    let user = app.app.auth.scope_of("lead@example.in").await.unwrap().user();
    let insert = "INSERT INTO hearings (id, case_id, on_date, outcome, added_by, added_at)
         VALUES ($1, $2, $3, $4, $5, $6)";
    let case: CaseId = case.parse().unwrap();
    let insert = Sql::new(insert).bind(hearing).bind(case).bind(day).bind(outcome);
    run(&tables(app).await, insert.bind(user).bind(SystemClock.now())).await;
    hearing
}

async fn agree(lead: &Caller, case: &str, lines: Value) -> String {
    let new = json!({ "agreed_on": "2025-04-01", "gst_extra": true, "lines": lines });
    id(&lead.post(&format!("/api/v1/cases/{case}/agreements"), new).await)
}

fn appearance() -> Value {
    json!([{
        "model": "appearance", "amount": 2_500_000, "not_reached": 500_000, "adjourned": 1_000_000,
    }])
}

async fn chamber(app: &TestApp) -> (Caller, Caller, String) {
    let admin = app.admin().await;
    let lead = app.person("lead@example.in", "advocate", None).await;
    let case = lead.open_case("Sharma v. Kapoor").await;
    (admin, lead, case)
}

on_both_engines! {
    async fn a_fee_is_proposed_for_how_the_hearing_went_and_billed_when_confirmed(app: TestApp) {
        let (_, lead, case) = chamber(&app).await;
        agree(&lead, &case, appearance()).await;
        for (day, outcome) in [
            ("2025-11-17", Some("effective")), ("2025-11-18", Some("not_reached")),
            ("2025-11-19", Some("adjourned")), ("2025-11-20", None), ("2025-03-31", Some("effective")),
        ] {
            heard(&app, &case, day, outcome).await;
        }
        let proposed = lead.get("/api/v1/fees/proposed").await.body;
        let amounts: Vec<i64> =
            proposed.as_array().unwrap().iter().map(|fee| fee["amount"].as_i64().unwrap()).collect();
        assert_eq!(amounts, [2_500_000, 500_000, 1_000_000], "{proposed}");
        assert_eq!(lead.get(&format!("/api/v1/cases/{case}/charges")).await.body, json!([]));

        let decide = |fee: &Value, more: Value| {
            let mut body = json!({ "agreed_fee_id": fee["agreed_fee_id"], "hearing_id": fee["hearing_id"] });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            lead.post("/api/v1/fees/proposed", body)
        };
        id(&decide(&proposed[0], json!({ "confirm": true })).await);
        let changed = decide(&proposed[1], json!({ "confirm": true, "amount": 300_000 })).await;
        assert_eq!(changed.status, StatusCode::BAD_REQUEST, "another amount needs a reason: {changed:?}");
        id(&decide(&proposed[1], json!({ "confirm": true, "amount": 300_000, "reason": "a short wait" })).await);
        id(&decide(&proposed[2], json!({ "confirm": false, "reason": "at our request" })).await);
        assert_eq!(lead.get("/api/v1/fees/proposed").await.body, json!([]));
        let again = decide(&proposed[0], json!({ "confirm": true })).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{again:?}");
        let charges = lead.get(&format!("/api/v1/cases/{case}/charges")).await.body;
        let sum: i64 = charges.as_array().unwrap().iter().map(|one| one["amount"].as_i64().unwrap()).sum();
        assert_eq!(sum, 2_800_000, "{charges}");
        // Taken back, it is proposed again.
        let fee = charges[0]["fee_id"].as_str().unwrap();
        assert!(lead.delete(&format!("/api/v1/fees/{fee}")).await.status.is_success());
        assert_eq!(lead.get("/api/v1/fees/proposed").await.body.as_array().map(Vec::len), Some(1));
    }

    async fn a_fee_confirmed_by_many_at_once_is_there_once(app: TestApp) {
        let (_, lead, case) = chamber(&app).await;
        agree(&lead, &case, appearance()).await;
        heard(&app, &case, "2025-11-17", Some("effective")).await;
        let proposed = lead.get("/api/v1/fees/proposed").await.body;
        let body = json!({
            "agreed_fee_id": proposed[0]["agreed_fee_id"], "hearing_id": proposed[0]["hearing_id"],
            "confirm": true,
        });
        let decide = || lead.post("/api/v1/fees/proposed", body.clone());
        let answers = futures_util::future::join_all((0..6).map(|_| decide())).await;
        let made = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
        // Whoever looks after it was confirmed does not find it any more.
        let too_late = [StatusCode::CONFLICT, StatusCode::NOT_FOUND];
        let late = answers.iter().filter(|answer| too_late.contains(&answer.status)).count();
        assert_eq!((made, late), (1, 5), "{answers:?}");
    }

    async fn a_day_of_hearing_counts_once_and_a_stage_when_it_is_reached(app: TestApp) {
        let (_, lead, case) = chamber(&app).await;
        let lines = json!([
            { "model": "hearing_day", "amount": 100 },
            { "model": "stage", "description": "Reply filed", "amount": 500 },
            { "model": "stage", "description": "Filing", "amount": 700, "due_on": "2025-05-01" },
        ]);
        agree(&lead, &case, lines).await;
        heard(&app, &case, "2025-11-17", Some("effective")).await;
        heard(&app, &case, "2025-11-17", Some("adjourned")).await;
        let proposed = lead.get(&format!("/api/v1/fees/proposed?case={case}")).await.body;
        let kinds: Vec<&str> =
            proposed.as_array().unwrap().iter().map(|fee| fee["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["stage", "hearing_day"], "{proposed}");
        let agreements = lead.get(&format!("/api/v1/cases/{case}/agreements")).await.body;
        let stage = agreements[0]["lines"][1]["id"].as_str().unwrap();
        let reached = format!("/api/v1/agreed-fees/{stage}/reached");
        assert!(lead.post(&reached, json!({ "on": "2025-11-18" })).await.status.is_success());
        let twice = lead.post(&reached, json!({ "on": "2025-11-18" })).await;
        assert_eq!(twice.status, StatusCode::BAD_REQUEST, "{twice:?}");
        let proposed = lead.get("/api/v1/fees/proposed").await.body;
        assert_eq!(proposed.as_array().map(Vec::len), Some(3), "{proposed}");
    }

    async fn members_and_strangers_do_not_decide(app: TestApp) {
        let (admin, lead, case) = chamber(&app).await;
        agree(&lead, &case, appearance()).await;
        heard(&app, &case, "2025-11-17", Some("effective")).await;
        let member = app.person("member@example.in", "advocate", None).await;
        let user = app.app.auth.scope_of("member@example.in").await.unwrap().user();
        let joined = json!({ "user_id": user, "role": "member" });
        let added = admin.post(&format!("/api/v1/cases/{case}/members"), joined).await;
        assert!(added.status.is_success(), "{added:?}");
        let outside = app.person("outside@example.in", "advocate", None).await;
        assert_eq!(member.get("/api/v1/fees/proposed").await.body, json!([]));
        for (caller, status) in [(&member, StatusCode::FORBIDDEN), (&outside, StatusCode::NOT_FOUND)] {
            for path in ["agreements", "charges", "fees"] {
                let closed = caller.get(&format!("/api/v1/cases/{case}/{path}")).await;
                assert_eq!(closed.status, StatusCode::NOT_FOUND, "{path}: {closed:?}");
            }
            let new = json!({ "lines": appearance() });
            let refused = caller.post(&format!("/api/v1/cases/{case}/agreements"), new).await;
            assert_eq!(refused.status, status, "{refused:?}");
        }
        // The books decide too, though the case is not open to them.
        let books = app.person("books@example.in", "billing", None).await;
        assert_eq!(books.get("/api/v1/fees/proposed").await.body.as_array().map(Vec::len), Some(1));
        agree(&books, &case, json!([{ "model": "hourly" }])).await;
    }

    async fn charges_are_billed_once_and_released(app: TestApp) {
        let (_, lead, case) = chamber(&app).await;
        let fee = json!({ "kind": "other", "on": "2025-11-19", "description": "Opinion", "amount": 1_000 });
        id(&lead.post(&format!("/api/v1/cases/{case}/fees"), fee).await);
        let time = json!({
            "case_id": case, "worked_on": "2025-11-19", "minutes": 60, "paise_per_hour": 500,
            "description": "Reading",
        });
        let time = id(&lead.post("/api/v1/time", time).await);
        let (fees, scope) = (&app.app.fees, app.app.auth.scope_of("lead@example.in").await.unwrap());
        let of: CaseId = case.parse().unwrap();
        let charges = fees.charges(&scope, of).await.unwrap();
        assert_eq!(charges.iter().map(|charge| charge.amount).sum::<Paise>(), Paise(1_500));
        let all: Vec<ChargeId> = charges.iter().map(|charge| charge.id).collect();

        let db = tables(&app).await;
        let (invoice, line) = (InvoiceId::new(), InvoiceLineId::new());
        let client = id(&lead.post("/api/v1/clients", json!({ "name": "Sharma", "kind": "person" })).await);
        let client: munshi::kernel::ClientId = client.parse().unwrap();
        let insert = "INSERT INTO invoices (id, organisation_id, client_id, case_id, status, created_at)
             VALUES ($1, $2, $3, $4, 'draft', $5)";
        let insert = Sql::new(insert).bind(invoice).bind(scope.organisation()).bind(client).bind(of);
        run(&db, insert.bind(SystemClock.now())).await;
        let insert = "INSERT INTO invoice_lines (id, invoice_id, ordinal, kind, description, amount_paise)
             VALUES ($1, $2, 1, 'fee', 'Work', 1500)";
        run(&db, Sql::new(insert).bind(line).bind(invoice)).await;

        let mut tx = db.write().await.unwrap();
        fees.bill_in(&mut tx, &scope, of, &all, line).await.unwrap();
        let twice = fees.bill_in(&mut tx, &scope, of, &all, line).await;
        assert!(matches!(twice, Err(FeeError::Billed)), "{twice:?}");
        tx.commit().await.unwrap();
        assert!(fees.charges(&scope, of).await.unwrap().is_empty());
        let change = json!({
            "case_id": case, "worked_on": "2025-11-19", "minutes": 30, "description": "Less",
        });
        let refused = lead.put(&format!("/api/v1/time/{time}"), change).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{refused:?}");
        assert_eq!(lead.delete(&format!("/api/v1/time/{time}")).await.status, StatusCode::CONFLICT);

        let mut tx = db.write().await.unwrap();
        fees.release_in(&mut tx, invoice).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(fees.charges(&scope, of).await.unwrap().len(), 2);
    }

    async fn clerkage_is_a_share_of_the_fees_and_an_estimate_warns(app: TestApp) {
        let (_, lead, case) = chamber(&app).await;
        let lines = json!([{ "model": "clerkage", "basis_points": 1_000 }]);
        let new = json!({ "agreed_on": "2025-04-01", "cap": 100_000, "lines": lines });
        id(&lead.post(&format!("/api/v1/cases/{case}/agreements"), new).await);
        let fee = json!({ "kind": "other", "on": "2025-11-19", "description": "Opinion", "amount": 80_000 });
        id(&lead.post(&format!("/api/v1/cases/{case}/fees"), fee).await);
        let (fees, scope) = (&app.app.fees, app.app.auth.scope_of("lead@example.in").await.unwrap());
        let of: CaseId = case.parse().unwrap();
        let estimate = fees.estimates(&scope, of).await.unwrap();
        assert!(estimate[0].is_near() && estimate[0].percent() == 80, "{estimate:?}");
        let mut tx = tables(&app).await.read().await.unwrap();
        let on = "2025-11-20".parse().unwrap();
        let clerkage = fees.clerkage_in(&mut tx, &scope, of, (on, Paise(80_005))).await.unwrap().unwrap();
        assert_eq!(clerkage.amount, Paise(8_001), "half a paisa is rounded up");
        let before = "2025-03-31".parse().unwrap();
        let none = fees.clerkage_in(&mut tx, &scope, of, (before, Paise(80_000))).await.unwrap();
        assert_eq!(none, None);
    }

    async fn the_pages_show_money_to_who_may_see_it(app: TestApp) {
        let (admin, lead, case) = chamber(&app).await;
        agree(&lead, &case, appearance()).await;
        heard(&app, &case, "2025-11-17", Some("effective")).await;
        app.person("member@example.in", "staff", None).await;
        let user = app.app.auth.scope_of("member@example.in").await.unwrap().user();
        let joined = json!({ "user_id": user, "role": "member" });
        let added = admin.post(&format!("/api/v1/cases/{case}/members"), joined).await;
        assert!(added.status.is_success(), "{added:?}");
        let page = format!("/cases/{case}/money");
        let mut browser = Pages::default();
        browser.sign_in(&app, "lead@example.in").await;
        let shown = browser.get(&app, &page).await;
        assert!(shown.text.contains("What was agreed") && shown.text.contains("₹25,000.00"), "{}", shown.text);
        let waits = browser.get(&app, "/fees").await;
        let csrf = waits.field("csrf");
        let (line, hearing) = (waits.field("agreed_fee"), waits.field("hearing"));
        let mut form = vec![
            ("csrf", csrf.as_str()), ("agreed_fee", line.as_str()), ("hearing", hearing.as_str()),
            ("amount", "20000"), ("reason", ""), ("answer", "confirm"),
        ];
        let refused = browser.post(&app, "/fees/decide", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("value=\"20000\""), "{}", refused.text);
        form[4].1 = "half a day";
        assert_eq!(browser.post(&app, "/fees/decide", &form).await.to(), "/fees");
        let shown = browser.get(&app, &page).await;
        assert!(shown.text.contains("₹20,000.00") && shown.text.contains("half a day"), "{}", shown.text);

        let mut member = Pages::default();
        member.sign_in(&app, "member@example.in").await;
        let shown = member.get(&app, &page).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(!shown.text.contains('₹') && !shown.text.contains("What was agreed"), "{}", shown.text);
        for closed in ["agreements/new", "fees/new", "rates"] {
            let closed = member.get(&app, &format!("/cases/{case}/{closed}")).await;
            assert_eq!(closed.status, StatusCode::NOT_FOUND);
        }
    }

    async fn an_agreement_typed_wrong_comes_back_as_it_was(app: TestApp) {
        let (_, lead, case) = chamber(&app).await;
        let mut browser = Pages::default();
        browser.sign_in(&app, "lead@example.in").await;
        let csrf = browser.get(&app, &format!("/cases/{case}/agreements/new")).await.field("csrf");
        let mut form = vec![
            ("csrf", csrf.as_str()), ("agreed_on", "2025-04-01"), ("note", "For the suit alone"),
            ("model_1", "conference"), ("amount_1", "10,000"), ("model_2", "clerkage"), ("percent_2", "ten"),
        ];
        let path = format!("/cases/{case}/agreements");
        let refused = browser.post(&app, &path, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for kept in ["For the suit alone", "value=\"10,000\"", "value=\"ten\"", "such as 10 or 12.5"] {
            assert!(refused.text.contains(kept), "{kept}: {}", refused.text);
        }
        form[6].1 = "12.5";
        assert_eq!(browser.post(&app, &path, &form).await.to(), format!("/cases/{case}/money"));
        let found = lead.get(&format!("/api/v1/cases/{case}/agreements")).await.body;
        assert_eq!(found[0]["lines"][1]["basis_points"], 1_250, "{found}");
    }
}
