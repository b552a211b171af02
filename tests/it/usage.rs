//! The ledger and its report.

use axum::http::StatusCode;
use serde_json::json;

use crate::on_both_engines;

on_both_engines! {
    async fn the_report_adds_up_by_every_view(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A \"quoted\" v. =B").await;
        admin.upload(&format!("/api/v1/cases/{case}/documents"), "n.txt", b"The tenant vacated in Jaipur.").await;
        app.settle().await;
        admin.post("/api/v1/ask", json!({ "question": "Where did the tenant vacate?", "case_id": case })).await;
        let mut totals = Vec::new();
        for by in ["day", "user", "case", "model"] {
            let report = admin.get(&format!("/api/v1/usage?by={by}")).await;
            assert_eq!(report.status, StatusCode::OK, "{report:?}");
            assert!(!report.body["lines"].as_array().unwrap().is_empty(), "{report:?}");
            totals.push(report.body["total"].clone());
        }
        assert!(totals.iter().all(|total| *total == totals[0]), "{totals:?}");
        // One query embedded, one passage embedded, one answer without a model.
        assert_eq!(totals[0]["calls"], 3, "{totals:?}");
        assert_eq!(totals[0]["extractive"], 1);
        assert!(totals[0]["tokens_embedded"].as_i64() > Some(0));

        let csv = admin.get("/api/v1/usage.csv?by=case").await;
        assert!(csv.text.starts_with("case,calls,"), "{csv:?}");
        assert!(csv.text.contains("\"A \"\"quoted\"\" v. =B\""), "{csv:?}");
    }

    async fn two_cases_of_one_title_have_lines_of_their_own(app: TestApp) {
        let admin = app.admin().await;
        for _ in 0..2 {
            let case = admin.open_case("State v. Kumar").await;
            admin.post("/api/v1/ask", json!({ "question": "What was held?", "case_id": case })).await;
        }
        let report = admin.get("/api/v1/usage?by=case").await;
        let lines = report.body["lines"].as_array().unwrap();
        let of_title = lines.iter().filter(|line| line["label"] == "State v. Kumar").count();
        assert_eq!(of_title, 2, "{report:?}");
    }

    async fn only_admins_see_costs(app: TestApp) {
        let advocate = app.person("adv@example.in", "advocate", None).await;
        assert_eq!(advocate.get("/api/v1/usage").await.status, StatusCode::NOT_FOUND);
        assert_eq!(advocate.get("/api/v1/usage.csv").await.status, StatusCode::NOT_FOUND);
    }
}
