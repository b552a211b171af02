//! Credit notes take back a bill and its tax to the paisa, and a form sent twice does once
//! what it asks for.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Books, GSTIN, id};
use crate::on_both_engines;
use crate::support::pages::Pages;

fn sum(rows: &Value, of: &str) -> i64 {
    rows.as_array().unwrap().iter().map(|row| row[of].as_i64().unwrap()).sum()
}

on_both_engines! {
    async fn a_bill_taken_back_in_parts_takes_back_its_tax_to_the_paisa(app: TestApp) {
        let books = Books::of(&app, "company", Some(GSTIN), "not_business").await;
        let bill = books.bill(100_050).await;
        assert_eq!(books.show(&bill).await["total"], 118_060);
        let path = format!("/api/v1/invoices/{bill}/credit-notes");
        for amount in [1, 1, 39_351, 39_353, 39_354] {
            let part = json!({ "amount": amount, "reason": "Agreed" });
            id(&books.admin.post(&path, part).await);
        }
        let shown = books.show(&bill).await;
        assert_eq!(sum(&shown["credit_notes"], "amount"), 118_060, "{shown}");
        assert_eq!(sum(&shown["credit_notes"], "tax"), 18_010, "{shown}");
        assert_eq!(shown["invoice"]["cancelled"], true);
        let report = books.admin.get("/api/v1/reports/money").await.body;
        assert_eq!((report["tax"].as_i64(), report["credited_tax"].as_i64()), (Some(18_010), Some(18_010)));
        let more = json!({ "amount": 1, "reason": "Once more" });
        assert_eq!(books.admin.post(&path, more).await.status, StatusCode::NOT_FOUND);
    }

    async fn the_page_of_a_bill_shows_each_tax_apart(app: TestApp) {
        let books = Books::of(&app, "company", Some(GSTIN), "not_business").await;
        let bill = books.bill(100_000).await;
        let mut pages = Pages::default();
        pages.sign_in(&app, "admin@example.in").await;
        let shown = pages.get(&app, &format!("/money/invoices/{bill}")).await.text;
        for (what, figure) in
            [("Taxable value", "₹1,000.00"), ("CGST", "₹90.00"), ("SGST / UTGST", "₹90.00")]
        {
            let row = format!("<dt>{what}</dt><dd>{figure}</dd>");
            assert!(shown.contains(&row), "{row}: {shown}");
        }
        assert!(!shown.contains("<dt>IGST</dt>") && !shown.contains("<dt>Tax</dt>"));
    }

    async fn a_refused_form_keeps_what_was_typed_and_no_other_form_gets_it(app: TestApp) {
        let books = Books::set_up(&app).await;
        let bill = format!("/money/invoices/{}", books.bill(100_000).await);
        let held = json!({ "kind": "advance", "amount": 50_000, "description": "Retainer" });
        id(&books.admin.post(&format!("/api/v1/clients/{}/ledger", books.client), held).await);
        let mut pages = Pages::default();
        pages.sign_in(&app, "admin@example.in").await;
        let csrf = pages.csrf(&app).await;
        let payment = "id=\"amount\" name=\"amount\" type=\"text\" value=\"\"";
        let credit = [("csrf", csrf.as_str()), ("amount", "7,777"), ("reason", "Agreed in March"),
                      ("release", "yes")];
        let refused = pages.post(&app, &format!("{bill}/credit"), &credit).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for typed in ["id=\"credit-amount\" name=\"amount\" value=\"7,777\"", "Agreed in March",
                      "name=\"release\" value=\"yes\" checked", "id=\"credit-amount-error\"", payment] {
            assert!(refused.text.contains(typed), "{typed}: {}", refused.text);
        }
        let advance = [("csrf", csrf.as_str()), ("amount", "600"), ("consent", "By mail of 2 March")];
        let refused = pages.post(&app, &format!("{bill}/advance"), &advance).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for typed in ["id=\"advance-amount\" name=\"amount\" value=\"600\"", "By mail of 2 March", payment] {
            assert!(refused.text.contains(typed), "{typed}: {}", refused.text);
        }
        let pay = [("csrf", csrf.as_str()), ("amount", "10"), ("tds", "ten"), ("mode", "cheque"),
                   ("reference", "004512"), ("received_on", "2026-01-05")];
        let refused = pages.post(&app, &format!("{bill}/payments"), &pay).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for typed in ["value=\"ten\"", "value=\"004512\"", "value=\"2026-01-05\"",
                      "<option value=\"cheque\" selected>"] {
            assert!(refused.text.contains(typed), "{typed}: {}", refused.text);
        }
    }

    async fn a_form_sent_twice_credits_and_applies_once(app: TestApp) {
        let books = Books::set_up(&app).await;
        let bill = books.bill(100_000).await;
        let path = format!("/money/invoices/{bill}");
        let ledger = format!("/api/v1/clients/{}/ledger", books.client);
        let held = json!({ "kind": "advance", "amount": 50_000, "description": "Retainer" });
        id(&books.admin.post(&ledger, held).await);
        let mut pages = Pages::default();
        pages.sign_in(&app, "admin@example.in").await;
        let csrf = pages.csrf(&app).await;
        let key = pages.get(&app, &path).await.field("key");
        let advance = [("csrf", csrf.as_str()), ("key", key.as_str()), ("amount", "100"),
                       ("consent", "By mail of 2 March")];
        let credit = [("csrf", csrf.as_str()), ("key", key.as_str()), ("amount", "200"),
                      ("reason", "Agreed")];
        for _ in 0..2 {
            assert_eq!(pages.post(&app, &format!("{path}/advance"), &advance).await.to(), path);
            assert_eq!(pages.post(&app, &format!("{path}/credit"), &credit).await.to(), path);
        }
        assert_eq!(books.show(&bill).await["invoice"]["outstanding"], 70_000);
        assert_eq!(books.admin.get(&ledger).await.body["balance"], 40_000);
        // The whole of a bill: the second time it is cancelled already.
        let whole = books.bill(100_000).await;
        let path = format!("/money/invoices/{whole}");
        let key = pages.get(&app, &path).await.field("key");
        let credit = [("csrf", csrf.as_str()), ("key", key.as_str()), ("amount", "1000"),
                      ("reason", "Billed twice")];
        for _ in 0..2 {
            assert_eq!(pages.post(&app, &format!("{path}/credit"), &credit).await.to(), path);
        }
        let shown = books.show(&whole).await;
        assert_eq!(shown["credit_notes"].as_array().map(Vec::len), Some(1), "{shown}");
    }
}
