//! What was sent never changes.

use axum::http::StatusCode;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Books, profile};
use crate::on_both_engines;
use crate::support::TestApp;
use crate::support::pages::Pages;

async fn paper(app: &TestApp, invoice: &str) -> munshi::billing::Kept {
    let scope = app.app.auth.scope_of("admin@example.in").await.unwrap();
    app.app.billing.paper(&scope, invoice.parse().unwrap()).await.unwrap()
}

on_both_engines! {
    async fn the_paper_sent_is_kept_sealed_and_the_same_for_good(app: TestApp) {
        let books = Books::set_up(&app).await;
        let bill = books.bill(12_345_600).await;
        let first = paper(&app, &bill).await;
        assert!(first.bytes.starts_with(b"%PDF-1.7"));
        let hash = Sha256::digest(&first.bytes);
        let hash = hash.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        assert_eq!(books.show(&bill).await["sha256"], hash);
        let mut renamed = profile("company", None);
        renamed["legal_name"] = json!("Another name");
        assert!(books.admin.put("/api/v1/chamber", renamed).await.status.is_success());
        let again = paper(&app, &bill).await;
        assert_eq!((again.bytes, again.sha256), (first.bytes, hash));
        let shown = books.show(&bill).await;
        assert_eq!(shown["kind"], "bill_of_supply");
    }

    async fn an_issued_bill_can_be_neither_changed_nor_deleted(app: TestApp) {
        let books = Books::set_up(&app).await;
        let bill = books.bill(100_000).await;
        let path = format!("/api/v1/invoices/{bill}");
        assert_eq!(books.admin.delete(&path).await.status, StatusCode::NOT_FOUND);
        let line = json!({ "lines": [{ "kind": "fee", "description": "More", "amount": 1 }] });
        let more = books.admin.post(&format!("{path}/lines"), line).await;
        assert_eq!(more.status, StatusCode::NOT_FOUND);
        assert_eq!(books.show(&bill).await["total"], 100_000);
    }

    async fn the_pages_draft_issue_and_settle_a_bill(app: TestApp) {
        let books = Books::set_up(&app).await;
        let mut pages = Pages::default();
        pages.sign_in(&app, "admin@example.in").await;
        let csrf = pages.csrf(&app).await;
        let subject = format!("case:{}", books.case);
        let form = [("csrf", csrf.as_str()), ("for", &subject), ("all", "yes")];
        let begun = pages.post(&app, "/money/invoices", &form).await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text);
        let bill = begun.to().to_owned();
        let wrong = [("csrf", csrf.as_str()), ("description", "Opinion on title"), ("amount", "ten")];
        let refused = pages.post(&app, &format!("{bill}/lines"), &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("Opinion on title"), "what was typed is lost");
        let line = [("csrf", csrf.as_str()), ("description", "Opinion"), ("amount", "1,500.50")];
        assert_eq!(pages.post(&app, &format!("{bill}/lines"), &line).await.to(), bill);
        let shown = pages.get(&app, &bill).await;
        assert!(shown.text.contains("₹1,500.50"), "{}", shown.text);
        let issued = pages.post(&app, &format!("{bill}/issue"), &[("csrf", csrf.as_str())]).await;
        assert_eq!(issued.to(), bill, "{}", issued.text);
        let shown = pages.get(&app, &bill).await;
        assert!(shown.text.contains("MRB/"), "{}", shown.text);
        let key = shown.field("key");
        let pay = [("csrf", csrf.as_str()), ("amount", "1500.50"), ("key", &key)];
        for _ in 0..2 {
            let paid = pages.post(&app, &format!("{bill}/payments"), &pay).await;
            assert!(paid.status.is_redirection() || paid.status.is_client_error(), "{}", paid.text);
        }
        let payments = books.admin.get("/api/v1/payments").await;
        assert_eq!(payments.body.as_array().map(Vec::len), Some(1), "{payments:?}");
        for path in ["/money", "/money/invoices", "/money/payments", "/money/ageing",
                     "/money/reports", "/money/cases", "/money/unbilled", "/money/tds",
                     "/admin/chamber", &format!("/money/clients/{}", books.client)] {
            let page = pages.get(&app, path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
        }
        assert_eq!(pages.get(&app, "/dues?client=x").await.to(), "/money?client=x");
    }
}
