//! Expenses and their receipts.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::on_both_engines;
use crate::support::pages::Pages;
use crate::support::{Answer, Caller, TestApp};

const RECEIPT: &[u8] = b"%PDF-1.4 a receipt of the registry";

fn id(answer: &Answer) -> String {
    assert!(answer.status.is_success(), "{answer:?}");
    answer.body["id"].as_str().unwrap().to_owned()
}

fn expense(amount: i64) -> Value {
    json!({
        "on": "2025-11-19", "kind": "court_fee", "description": "Court fee on the application",
        "amount": amount, "paid_by": "chamber", "pure_agent": true,
    })
}

/// The admin, a lead, a member of staff, an outsider, and the case.
async fn chamber(app: &TestApp) -> (Caller, Caller, Caller, Caller, String) {
    let admin = app.admin().await;
    let lead = app.person("lead@example.in", "advocate", None).await;
    let case = lead.open_case("Sharma v. Kapoor").await;
    let member = app.person("member@example.in", "staff", None).await;
    let outside = app.person("outside@example.in", "advocate", None).await;
    let user = app.app.auth.scope_of("member@example.in").await.unwrap().user();
    let joined = json!({ "user_id": user, "role": "member" });
    let added = admin.post(&format!("/api/v1/cases/{case}/members"), joined).await;
    assert!(added.status.is_success(), "{added:?}");
    (admin, lead, member, outside, case)
}

on_both_engines! {
    async fn an_expense_is_ones_own_and_the_leads_to_see(app: TestApp) {
        let (_, lead, member, outside, case) = chamber(&app).await;
        let path = format!("/api/v1/cases/{case}/expenses");
        let own = id(&member.post(&path, expense(25_000)).await);
        let leads = id(&lead.post(&path, expense(30_000)).await);
        let found = member.get(&format!("/api/v1/expenses?case={case}")).await.body;
        assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
        assert_eq!(lead.get("/api/v1/expenses").await.body.as_array().map(Vec::len), Some(2));
        assert_eq!(outside.get("/api/v1/expenses").await.body, json!([]));
        for (caller, of) in [(&member, &leads), (&outside, &own)] {
            let path = format!("/api/v1/expenses/{of}");
            assert_eq!(caller.get(&path).await.status, StatusCode::NOT_FOUND);
            assert_eq!(caller.put(&path, expense(1)).await.status, StatusCode::NOT_FOUND);
            assert_eq!(caller.delete(&path).await.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(outside.post(&path, expense(1)).await.status, StatusCode::NOT_FOUND);
        let charges = lead.get(&format!("/api/v1/cases/{case}/charges")).await.body;
        assert_eq!(charges.as_array().map(Vec::len), Some(2), "{charges}");
        assert_eq!(charges[0]["pure_agent"], true, "{charges}");
        assert!(member.put(&format!("/api/v1/expenses/{own}"), expense(20_000)).await.status.is_success());
        assert!(lead.delete(&format!("/api/v1/expenses/{own}")).await.status.is_success());
        assert_eq!(member.get("/api/v1/expenses").await.body, json!([]));
    }

    async fn what_the_client_paid_is_never_billed(app: TestApp) {
        let (_, lead, _, _, case) = chamber(&app).await;
        let mut paid = expense(25_000);
        paid["paid_by"] = json!("client");
        let made = id(&lead.post(&format!("/api/v1/cases/{case}/expenses"), paid).await);
        let shown = lead.get(&format!("/api/v1/expenses/{made}")).await.body;
        assert_eq!((&shown["recoverable"], &shown["pure_agent"]), (&json!(false), &json!(false)));
        assert_eq!(lead.get(&format!("/api/v1/cases/{case}/charges")).await.body, json!([]));
        let nothing = lead.post(&format!("/api/v1/cases/{case}/expenses"), expense(0)).await;
        assert_eq!(nothing.status, StatusCode::BAD_REQUEST, "{nothing:?}");
    }

    async fn a_receipt_is_kept_sealed_and_opens_for_who_sees_the_expense(app: TestApp) {
        let (admin, lead, member, outside, case) = chamber(&app).await;
        let made = id(&member.post(&format!("/api/v1/cases/{case}/expenses"), expense(25_000)).await);
        let missing = "/api/v1/expenses?missing_receipt=true";
        assert_eq!(lead.get(missing).await.body.as_array().map(Vec::len), Some(1));
        let path = format!("/api/v1/expenses/{made}/receipt");
        let refused = member.upload(&path, "page.html", b"<html><script>").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
        assert_eq!(outside.upload(&path, "r.pdf", RECEIPT).await.status, StatusCode::NOT_FOUND);
        assert!(member.upload(&path, "../bill.pdf", RECEIPT).await.status.is_success());
        assert_eq!(lead.get(missing).await.body, json!([]));
        for caller in [&member, &lead, &admin] {
            assert_eq!(caller.get(&path).await.text.as_bytes(), RECEIPT);
        }
        assert_eq!(outside.get(&path).await.status, StatusCode::NOT_FOUND);
        let shown = lead.get(&format!("/api/v1/expenses/{made}")).await.body;
        assert_eq!(shown["receipt"]["file_name"], "bill.pdf", "{shown}");
        // It is no document of the case, and each opening is recorded.
        assert_eq!(lead.get(&format!("/api/v1/cases/{case}/documents")).await.body, json!([]));
        let record = admin.get("/api/v1/audit?action=expense.receipt.view").await;
        assert!(record.text.contains(&made), "{record:?}");
        // What lies in the tables is not readable.
        let db = crate::firm::tables(&app).await;
        let mut tx = db.read().await.unwrap();
        let select = munshi::db::Sql::new("SELECT sealed FROM receipts");
        let rows: Vec<(Vec<u8>,)> = tx.all(select).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert!(!rows[0].0.windows(8).any(|window| window == b"registry"));
    }

    async fn a_receipt_that_is_too_large_is_refused(app: TestApp) {
        let (_, lead, _, _, case) = chamber(&app).await;
        let made = id(&lead.post(&format!("/api/v1/cases/{case}/expenses"), expense(25_000)).await);
        let mut large = RECEIPT.to_vec();
        large.resize((10 << 20) + 1, b' ');
        let path = format!("/api/v1/expenses/{made}/receipt");
        let refused = lead.upload(&path, "large.pdf", &large).await;
        assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE, "{refused:?}");
        assert_eq!(lead.get(&path).await.status, StatusCode::NOT_FOUND);
    }

    async fn the_form_keeps_what_was_typed_and_leads_to_the_receipt(app: TestApp) {
        let (_, _, member, _, case) = chamber(&app).await;
        let mut browser = Pages::default();
        browser.sign_in(&app, "member@example.in").await;
        let csrf = browser.get(&app, &format!("/cases/{case}/expenses/new")).await.field("csrf");
        let mut form = vec![
            ("csrf", csrf.as_str()), ("on", "2025-11-19"), ("kind", "travel"), ("paid_by", "member"),
            ("description", "Taxi to the registry"), ("amount", "four hundred"), ("recoverable", "yes"),
        ];
        let path = format!("/cases/{case}/expenses");
        let refused = browser.post(&app, &path, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("Taxi to the registry"), "{}", refused.text);
        form[5].1 = "400";
        let done = browser.post(&app, &path, &form).await;
        assert!(done.to().ends_with("#receipt"), "{} {}", done.to(), done.text);
        let found = member.get("/api/v1/expenses").await.body;
        assert_eq!((&found[0]["amount"], &found[0]["kind"]), (&json!(40_000), &json!("travel")), "{found}");
        let shown = browser.get(&app, &format!("/cases/{case}/money?missing=1")).await;
        assert!(shown.text.contains("no receipt"), "{}", shown.text);
    }
}
