//! Drafts, and what becomes of the tax on them.

use axum::http::StatusCode;
use serde_json::json;

use super::{Books, GSTIN, client, id};
use crate::on_both_engines;

on_both_engines! {
    async fn a_bill_of_a_client_nobody_classed_cannot_be_issued_and_says_what_to_do(app: TestApp) {
        let books = Books::set_up(&app).await;
        let unknown = client(&books.admin, "Lotus Infra", None).await;
        let line = json!({ "kind": "fee", "description": "Opinion", "amount": 100_000 });
        let new = json!({ "client_id": unknown, "lines": [line] });
        let draft = id(&books.admin.post("/api/v1/invoices", new).await);
        let shown = books.show(&draft).await;
        assert!(shown["missing"][0].as_str().unwrap().contains("Lotus Infra"), "{shown}");
        let refused = books.issue(&draft).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{refused:?}");
        assert!(refused.text.contains("what GST sees"), "{refused:?}");
        assert!(books.show(&draft).await["draft"].as_bool().unwrap());
    }

    async fn a_firm_bills_people_exempt_and_businesses_in_reverse(app: TestApp) {
        let books = Books::set_up(&app).await;
        let exempt = books.show(&books.bill(150_000).await).await;
        assert_eq!(exempt["kind"], "bill_of_supply");
        assert_eq!(exempt["total"], 150_000);
        assert!(exempt["lines"][0]["gst_reason"].as_str().unwrap().contains("12/2017"));
        let business = client(&books.admin, "Sharma Traders", Some("business_above")).await;
        let line = json!({ "kind": "fee", "description": "Opinion", "amount": 100_000 });
        let new = json!({ "client_id": business, "lines": [line] });
        let draft = id(&books.admin.post("/api/v1/invoices", new).await);
        assert!(books.issue(&draft).await.status.is_success());
        let reverse = books.show(&draft).await;
        assert_eq!(reverse["kind"], "tax_invoice");
        assert_eq!(reverse["reverse_charge"], true);
        assert_eq!(reverse["total"], 100_000);
        assert!(reverse["lines"][0]["gst_reason"].as_str().unwrap().contains("13/2017"));
    }

    async fn a_company_adds_the_tax_of_the_place_of_supply(app: TestApp) {
        let books = Books::of(&app, "company", Some(GSTIN), "not_business").await;
        let within = books.show(&books.bill(100_050).await).await;
        assert_eq!(within["lines"][0]["cgst"], 9_005);
        assert_eq!(within["lines"][0]["sgst"], 9_005);
        assert_eq!(within["total"], 118_060);
        let away = json!({
            "name": "Away", "kind": "person", "state_code": "27", "gst_class": "not_business",
        });
        let away = id(&books.admin.post("/api/v1/clients", away).await);
        let line = json!({ "kind": "fee", "description": "Opinion", "amount": 100_000 });
        let new = json!({ "client_id": away, "lines": [line] });
        let draft = id(&books.admin.post("/api/v1/invoices", new).await);
        let shown = books.show(&draft).await;
        assert_eq!(shown["lines"][0]["igst"], 18_000);
        assert_eq!(shown["place_of_supply"], "27");
    }

    async fn lines_are_ordered_changed_and_taken_off(app: TestApp) {
        let books = Books::set_up(&app).await;
        let draft = books.draft(100_000).await;
        let path = format!("/api/v1/invoices/{draft}");
        let more = json!({ "lines": [
            { "kind": "expense", "description": "Court fee", "amount": 4_500 },
            { "kind": "discount", "description": "Long standing", "amount": 10_000 },
        ] });
        assert!(books.admin.post(&format!("{path}/lines"), more).await.status.is_success());
        let clerkage = json!({ "basis_points": 1_000 });
        assert!(books.admin.post(&format!("{path}/clerkage"), clerkage).await.status.is_success());
        let shown = books.show(&draft).await;
        assert_eq!(shown["total"], 100_000 + 4_500 - 10_000 + 9_000);
        let line = |at: usize| shown["lines"][at]["id"].as_str().unwrap().to_owned();
        let up = json!({ "to": "up" });
        let moved = books.admin.post(&format!("{path}/lines/{}/move", line(1)), up).await;
        assert!(moved.status.is_success(), "{moved:?}");
        let gone = books.admin.delete(&format!("{path}/lines/{}", line(2))).await;
        assert!(gone.status.is_success(), "{gone:?}");
        let change = json!({ "description": "Court fee, plaint", "amount": 5_000 });
        let changed = books.admin.put(&format!("{path}/lines/{}", line(1)), change).await;
        assert!(changed.status.is_success(), "{changed:?}");
        let shown = books.show(&draft).await;
        assert_eq!(shown["lines"][0]["description"], "Court fee, plaint");
        assert_eq!(shown["lines"].as_array().unwrap().len(), 3);
        assert_eq!(shown["total"], 100_000 + 5_000 + 9_000);
    }

    async fn time_on_a_draft_is_billed_and_free_again_when_the_draft_goes(app: TestApp) {
        let books = Books::set_up(&app).await;
        let scope = app.app.auth.scope_of("admin@example.in").await.unwrap();
        let new = munshi::fees::NewTime {
            case: books.case.parse().unwrap(),
            worked_on: munshi::kernel::day_in_india(app.app.clock.now()),
            minutes: 90,
            paise_per_hour: Some(munshi::kernel::Paise(500_000)),
            description: "Conference".to_owned(),
            billable: true,
            work: None,
        };
        app.app.fees.add_time(&scope, new, None).await.unwrap();
        let unbilled = async || {
            let found = app.app.fees.unbilled(&scope, None).await.unwrap();
            found.iter().map(|row| row.amount.0).sum::<i64>()
        };
        assert_eq!(unbilled().await, 750_000);
        let new = json!({ "case_id": books.case, "all_charges": true });
        let draft = id(&books.admin.post("/api/v1/invoices", new).await);
        assert_eq!(unbilled().await, 0);
        assert_eq!(books.show(&draft).await["total"], 750_000);
        let gone = books.admin.delete(&format!("/api/v1/invoices/{draft}")).await;
        assert!(gone.status.is_success(), "{gone:?}");
        assert_eq!(unbilled().await, 750_000);
    }

    async fn what_a_line_says_is_what_its_charge_comes_to_however_it_is_changed(app: TestApp) {
        let books = Books::set_up(&app).await;
        let all = json!({ "case_id": books.case, "all_charges": true });
        for _ in 0..12 {
            let time = json!({
                "case_id": books.case, "worked_on": "2026-01-05", "minutes": 60,
                "paise_per_hour": 100_000, "description": "Drafting",
            });
            let time = id(&books.admin.post("/api/v1/time", time).await);
            let down = json!({ "amount": 40_000, "reason": "Agreed" });
            let path = format!("/api/v1/time/{time}/adjustment");
            let (draft, adjusted) = tokio::join!(
                books.admin.post("/api/v1/invoices", all.clone()),
                books.admin.post(&path, down),
            );
            assert!(!adjusted.status.is_server_error(), "{adjusted:?}");
            let shown = books.show(&id(&draft)).await;
            let entry = books.admin.get(&format!("/api/v1/time/{time}")).await.body;
            assert_eq!(entry["billed"], true, "{entry}");
            let comes_to = entry["adjusted_amount"].as_i64().or(entry["amount"].as_i64());
            assert_eq!(shown["lines"][0]["amount"].as_i64(), comes_to, "{shown} {entry}");
        }
    }

    async fn a_draft_says_what_is_odd_about_its_client(app: TestApp) {
        let books = Books::set_up(&app).await;
        let new = json!({ "name": "Lotus Infra", "kind": "company", "gst_class": "business_above" });
        let odd = id(&books.admin.post("/api/v1/clients", new).await);
        let line = json!({ "kind": "fee", "description": "Opinion", "amount": 100_000 });
        let new = json!({ "client_id": odd, "lines": [line] });
        let draft = id(&books.admin.post("/api/v1/invoices", new).await);
        let scope = app.app.auth.scope_of("admin@example.in").await.unwrap();
        let doubts = app.app.billing.draft(&scope, draft.parse().unwrap()).await.unwrap().doubts();
        assert_eq!(doubts.len(), 2, "{doubts:?}");
        assert!(doubts[0].contains("no GSTIN") && doubts[1].contains("No State"), "{doubts:?}");
        let plain = books.draft(100_000).await;
        let plain = app.app.billing.draft(&scope, plain.parse().unwrap()).await.unwrap();
        assert_eq!(plain.doubts(), Vec::<String>::new());
    }
}
