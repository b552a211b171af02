//! Saved searches: kept for one person, run again as they were typed.

use axum::http::StatusCode;
use serde_json::json;

use crate::on_both_engines;

on_both_engines! {
    async fn a_saved_search_is_its_owners_alone(app: TestApp) {
        let admin = app.admin().await;
        let other = app.person("ravi@example.in", "advocate", None).await;
        let new = json!({ "name": " Bail refused ", "search": "q=bail+w%2F5+refused&year=2023&after=x&colour=red" });
        let saved = admin.post("/api/v1/saved-searches", new.clone()).await;
        assert_eq!(saved.status, StatusCode::CREATED, "{saved:?}");
        assert_eq!(saved.body["name"], "Bail refused");
        assert_eq!(saved.body["search"], "q=bail+w%2F5+refused&year=2023");
        let id = saved.body["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/saved-searches/{id}");
        assert_eq!(other.get("/api/v1/saved-searches").await.body, json!([]));
        assert_eq!(other.delete(&path).await.status, StatusCode::NOT_FOUND);
        let renamed = json!({ "name": "Refusals" });
        assert_eq!(other.put(&path, renamed.clone()).await.status, StatusCode::NOT_FOUND);
        assert_eq!(admin.put(&path, renamed.clone()).await.status, StatusCode::NO_CONTENT);
        assert_eq!(admin.get("/api/v1/saved-searches").await.body[0]["name"], "Refusals");
        assert_eq!(admin.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(admin.get("/api/v1/saved-searches").await.body, json!([]));
    }

    async fn what_cannot_be_saved_is_told(app: TestApp) {
        let admin = app.admin().await;
        for (new, status) in [
            (json!({ "name": "", "search": "q=bail" }), StatusCode::UNPROCESSABLE_ENTITY),
            (json!({ "name": "Nothing", "search": "q=" }), StatusCode::BAD_REQUEST),
            (json!({ "name": "Year", "search": "q=bail&year=soon" }), StatusCode::BAD_REQUEST),
        ] {
            let refused = admin.post("/api/v1/saved-searches", new.clone()).await;
            assert_eq!(refused.status, status, "{new}: {refused:?}");
            assert!(refused.body["detail"].is_string(), "{refused:?}");
        }
    }
}
