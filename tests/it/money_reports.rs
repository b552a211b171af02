//! Reports add up, and their files hold figures as numbers.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use serde_json::json;

use crate::invoices::{Books, GSTIN, id};
use crate::on_both_engines;

on_both_engines! {
    async fn the_sums_of_a_report_are_those_of_its_parts(app: TestApp) {
        let books = Books::of(&app, "company", Some(GSTIN), "not_business").await;
        let bill = books.bill(100_000).await;
        books.bill(33_333).await;
        let pay = json!({ "client_id": books.client, "amount": 50_000, "tds": 10_000 });
        id(&books.admin.post("/api/v1/payments", pay).await);
        let report = books.admin.get("/api/v1/reports/money").await.body;
        let tax = 18_000 + 2 * 3_000;
        assert_eq!(report["tax"], tax, "{report}");
        assert_eq!(report["billed"], 133_333 + tax);
        assert_eq!((report["collected"].as_i64(), report["tds"].as_i64()), (Some(50_000), Some(10_000)));
        assert_eq!(report["outstanding"], 133_333 + tax - 60_000);
        let gst = &report["gst"][0];
        assert_eq!((gst["treatment"].as_str(), gst["bills"].as_i64()), (Some("forward"), Some(2)));
        assert_eq!(gst["value"], 133_333);
        let ageing = books.admin.get("/api/v1/reports/ageing").await.body;
        assert_eq!(ageing[0]["ages"]["not_due"], 133_333 + tax - 60_000, "{ageing}");
        let credit = json!({ "amount": 1_000, "reason": "Rounding agreed" });
        id(&books.admin.post(&format!("/api/v1/invoices/{bill}/credit-notes"), credit).await);
        let report = books.admin.get("/api/v1/reports/money").await.body;
        assert_eq!(report["credited"], 1_000);
        assert_eq!(report["outstanding"], 133_333 + tax - 61_000);
    }

    async fn files_of_reports_hold_rupees_as_numbers(app: TestApp) {
        let books = Books::set_up(&app).await;
        books.bill(123_405).await;
        let csv = books.admin.get("/api/v1/reports/download?report=ageing&format=csv").await;
        assert!(csv.text.contains("\"Imran Qureshi\",1234.05,0.00"), "{csv:?}");
        let scope = app.app.auth.scope_of("admin@example.in").await.unwrap();
        let rows = app.app.billing.ageing(&scope).await.unwrap();
        let sheet = munshi::billing::AgeingRow::sheet(&rows);
        let bytes = munshi::paper::xlsx(&[sheet]).unwrap();
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        let range = book.worksheet_range("Ageing").unwrap();
        assert_eq!(range.get_value((1, 1)), Some(&Data::Float(1234.05)));
        let unknown = books.admin.get("/api/v1/reports/download?report=nothing").await;
        assert!(unknown.status.is_client_error(), "{unknown:?}");
    }

    async fn a_case_keeps_its_time_and_costs_wherever_they_stand(app: TestApp) {
        let books = Books::of(&app, "company", Some(GSTIN), "not_business").await;
        let time = json!({
            "case_id": books.case, "worked_on": "2026-01-05", "minutes": 60,
            "paise_per_hour": 100_000, "description": "Drafting",
        });
        id(&books.admin.post("/api/v1/time", time).await);
        let expenses = format!("/api/v1/cases/{}/expenses", books.case);
        for (amount, paid_by, recoverable) in
            [(7_000, "chamber", false), (3_000, "chamber", true), (9_000, "client", false)]
        {
            let new = json!({
                "on": "2026-01-05", "kind": "travel", "description": "To the court",
                "amount": amount, "paid_by": paid_by, "recoverable": recoverable,
                "pure_agent": recoverable,
            });
            id(&books.admin.post(&expenses, new).await);
        }
        let scope = app.app.auth.scope_of("admin@example.in").await.unwrap();
        let all = json!({ "case_id": books.case, "all_charges": true });
        let mut draft = None;
        for step in ["unbilled", "drafted", "issued"] {
            if step == "drafted" {
                draft = Some(id(&books.admin.post("/api/v1/invoices", all.clone()).await));
            } else if let Some(draft) = &draft {
                assert!(books.issue(draft).await.status.is_success());
            }
            let rows = books.admin.get("/api/v1/reports/cases").await.body;
            assert_eq!(rows[0]["time"], 100_000, "{step}: {rows}");
            assert_eq!(rows[0]["expenses"], 10_000, "{step}: {rows}");
        }
        let rows = app.app.billing.by_case(&scope).await.unwrap();
        // Billed 1,000 and 180 of tax, and 30 laid out; the tax is the State's.
        assert_eq!(rows[0].billed.0, 121_000);
        assert_eq!(rows[0].margin().0, 121_000 - 18_000 - 10_000);
    }
}
