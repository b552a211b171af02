//! Who may see a bill: not yours and not there are the same answer.

use axum::http::StatusCode;
use serde_json::json;

use super::Books;
use crate::on_both_engines;
use crate::support::{Caller, TestApp};

async fn user(app: &TestApp, email: &str) -> String {
    let users = app.admin().await.get("/api/v1/users").await;
    let users = users.body.as_array().unwrap().clone();
    let found = users.iter().find(|user| user["email"] == email).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

async fn nothing(caller: &Caller, bill: &str) {
    for path in [format!("/api/v1/invoices/{bill}"), format!("/api/v1/invoices/{bill}/paper")] {
        let answer = caller.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {answer:?}");
    }
    let list = caller.get("/api/v1/invoices").await;
    if list.status == StatusCode::OK {
        assert_eq!(list.body, json!([]), "{list:?}");
        assert_eq!(caller.get("/api/v1/reports/ageing").await.body, json!([]));
        let report = caller.get("/api/v1/reports/money").await;
        assert_eq!(report.body["billed"], 0, "{report:?}");
        let file = caller.get("/api/v1/reports/download?report=cases").await;
        assert!(!file.text.contains("Qureshi"), "{file:?}");
    }
}

on_both_engines! {
    async fn those_who_do_not_lead_the_case_see_nothing_of_its_bills(app: TestApp) {
        let books = Books::set_up(&app).await;
        let bill = books.bill(100_000).await;
        nothing(&app.person("out@example.in", "advocate", None).await, &bill).await;
        let viewer = app.person("view@example.in", "advocate", None).await;
        let member = json!({ "user_id": user(&app, "view@example.in").await, "role": "viewer" });
        let path = format!("/api/v1/cases/{}/members", books.case);
        assert!(books.admin.post(&path, member).await.status.is_success());
        nothing(&viewer, &bill).await;
        let lead = app.person("lead@example.in", "advocate", None).await;
        let member = json!({ "user_id": user(&app, "lead@example.in").await, "role": "lead" });
        assert!(books.admin.post(&path, member).await.status.is_success());
        assert_eq!(lead.get(&format!("/api/v1/invoices/{bill}")).await.status, StatusCode::OK);
        // Whole accounts are for those who keep the books.
        let account = format!("/api/v1/clients/{}/ledger", books.client);
        assert_eq!(lead.get(&account).await.status, StatusCode::NOT_FOUND);
        let issue = lead.post(&format!("/api/v1/invoices/{bill}/issue"), json!({})).await;
        assert_eq!(issue.status, StatusCode::NOT_FOUND);
    }

    async fn a_wall_keeps_the_bills_of_a_case_from_the_books_and_from_admins(app: TestApp) {
        let books = Books::set_up(&app).await;
        let bill = books.bill(100_000).await;
        for (email, role) in [("books@example.in", "billing"), ("second@example.in", "admin")] {
            let kept_out = app.person(email, role, None).await;
            let shown = kept_out.get(&format!("/api/v1/invoices/{bill}")).await;
            assert_eq!(shown.status, StatusCode::OK, "{role}");
            let wall = json!({
                "user_id": user(&app, email).await, "case_id": books.case,
                "reason": "acted for the other side",
            });
            assert!(books.admin.post("/api/v1/walls", wall).await.status.is_success());
            nothing(&kept_out, &bill).await;
        }
    }

    async fn a_client_has_their_own_bills_alone(app: TestApp) {
        let books = Books::set_up(&app).await;
        let bill = books.bill(100_000).await;
        let draft = books.draft(5_000).await;
        let other = super::client(&books.admin, "Other", Some("not_business")).await;
        for (email, client, count) in
            [("own@example.in", &books.client, 1), ("other@example.in", &other, 0)]
        {
            let caller = app.person(email, "client", Some(client)).await;
            assert_eq!(caller.get("/api/v1/invoices").await.status, StatusCode::NOT_FOUND);
            let scope = app.app.auth.scope_of(email).await.unwrap();
            let found = app.app.billing.for_client(&scope).await.unwrap();
            assert_eq!(found.len(), count, "{email}");
            let own = app.app.billing.paper_for_client(&scope, bill.parse().unwrap()).await;
            assert_eq!(own.is_ok(), count == 1);
            let drafted = app.app.billing.paper_for_client(&scope, draft.parse().unwrap()).await;
            assert!(drafted.is_err());
        }
    }
}
