//! Hearings, a cause list and a calendar address of a firm.

use axum::http::StatusCode;
use serde_json::json;

use super::{Firm, id_in};

impl Firm {
    /// A hearing whose day has come, a day that another source gives for one to come, a
    /// cause list, and a calendar address.
    pub(super) async fn hearings(&self) -> Vec<(&'static str, String)> {
        let made = async |path: String, body| {
            let answer = self.inside.post(&path, body).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{path}: {answer:?}");
            id_in(&answer.body)
        };
        let case = format!("/api/v1/cases/{}/hearings", self.ids.case);
        let held = made(case.clone(), json!({ "on_date": "2026-01-15" })).await;
        let coming = made(case, json!({ "on_date": "2126-01-15" })).await;
        let claim = json!({ "on_date": "2126-01-16" });
        let claim = made(format!("/api/v1/hearings/{coming}/claims"), claim).await;
        let list = json!({ "text": "CAUSE LIST FOR 15.01.2126\n1. CS 45/2026 A V. B" });
        let list = made("/api/v1/cause-lists".to_owned(), list).await;
        let calendar = made("/api/v1/calendars".to_owned(), json!({ "name": "phone" })).await;
        vec![
            ("hearings", held),
            ("hearing-claims", claim),
            ("cause-lists", list),
            ("calendars", calendar.clone()),
            ("calendar", calendar),
        ]
    }
}
