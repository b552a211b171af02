//! Whom a wall keeps out learns nothing from a check: a match behind the wall and no match
//! read the same, and the admins who are not kept out see what is to be confirmed.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{check, names, party};
use crate::on_both_engines;
use crate::support::{Caller, TestApp};

async fn user_id(admin: &Caller, email: &str) -> String {
    let users = admin.get("/api/v1/users").await;
    let mut users = users.body.as_array().unwrap().iter();
    users.find(|user| user["email"] == email).unwrap()["id"].as_str().unwrap().to_owned()
}

/// An advocate whom a wall keeps out of a case against Quorum Holdings.
async fn walled(app: &TestApp, role: &str) -> (Caller, Caller, String) {
    let admin = app.admin().await;
    let case = admin.open_case("Secret v. Quorum Holdings").await;
    party(&admin, &case, "Quorum Holdings Ltd", false).await;
    let walled = app.person("walled@example.in", role, None).await;
    let user = user_id(&admin, "walled@example.in").await;
    let wall = json!({ "user_id": user, "case_id": case, "reason": "advised the other side" });
    let raised = admin.post("/api/v1/walls", wall).await;
    assert_eq!(raised.status, StatusCode::CREATED, "{raised:?}");
    (admin, walled, case)
}

/// A check without what differs between any two.
fn told(mut check: Value, name: &str) -> String {
    for field in ["id", "asked_at"] {
        check.as_object_mut().unwrap().remove(field);
    }
    check.to_string().replace(name, "NAME")
}

on_both_engines! {
    async fn a_match_behind_the_wall_and_no_match_read_the_same(app: TestApp) {
        let (_, walled, case) = walled(&app, "advocate").await;
        let behind = check(&walled, "Quorum Holdings Limited").await;
        let nothing = check(&walled, "Quintus Builders Limited").await;
        let left = told(behind.body.clone(), "Quorum Holdings Limited");
        assert_eq!(left, told(nothing.body.clone(), "Quintus Builders Limited"));
        assert!(!behind.text.contains("Secret") && !behind.text.contains(&case));
        assert_eq!(behind.body["to_confirm"], true);
        assert_eq!((&behind.body["closed"], &behind.body["possible"]), (&json!(false), &json!(0)));
        // In the list, and when they try to decide.
        let list = walled.get("/api/v1/conflicts").await;
        assert_eq!(list.body.as_array().map(Vec::len), Some(2), "{list:?}");
        for made in [&behind, &nothing] {
            let id = made.body["id"].as_str().unwrap();
            let body = json!({ "decision": "no_conflict", "reason": "none" });
            let tried = walled.post(&format!("/api/v1/conflicts/{id}/decisions"), body).await;
            assert_eq!(tried.status, StatusCode::FORBIDDEN, "{tried:?}");
        }
    }

    async fn an_admin_who_is_not_kept_out_confirms_it(app: TestApp) {
        let (admin, walled, case) = walled(&app, "advocate").await;
        let made = check(&walled, "Quorum Holdings Limited").await;
        let id = made.body["id"].as_str().unwrap().to_owned();
        let waiting = admin.get("/api/v1/conflicts?undecided=true").await;
        let waits = waiting.body.as_array().unwrap().iter().any(|row| row["id"] == json!(id));
        assert!(waits, "{waiting:?}");
        let seen = admin.get(&format!("/api/v1/conflicts/{id}")).await;
        assert_eq!(seen.body["hits"][0]["case_id"], json!(case), "{seen:?}");
        let body = json!({ "decision": "declined", "reason": "not to be taken" });
        let decided = admin.post(&format!("/api/v1/conflicts/{id}/decisions"), body).await;
        assert_eq!(decided.status, StatusCode::NO_CONTENT, "{decided:?}");
        let seen = walled.get(&format!("/api/v1/conflicts/{id}")).await;
        assert_eq!(seen.body["decided"]["decision"], "declined");
        assert_eq!(seen.body["hits"], json!([]));
    }

    async fn a_walled_admin_sees_no_check_with_a_match_behind_the_wall(app: TestApp) {
        let (admin, walled, _) = walled(&app, "admin").await;
        let advocate = app.person("adv@example.in", "advocate", None).await;
        let behind = check(&advocate, "Quorum Holdings").await;
        let plain = check(&advocate, "Quintus Builders").await;
        let path = |made: &crate::support::Answer| {
            format!("/api/v1/conflicts/{}", made.body["id"].as_str().unwrap())
        };
        assert_eq!(walled.get(&path(&behind)).await.status, StatusCode::NOT_FOUND);
        assert_eq!(walled.get(&path(&plain)).await.status, StatusCode::OK);
        assert_eq!(admin.get(&path(&behind)).await.status, StatusCode::OK);
        let list = walled.get("/api/v1/conflicts").await;
        assert!(!list.text.contains("Quorum"), "{list:?}");
        // Nor does what others looked for come back to them as a match.
        let own = check(&walled, "Quorum Holdings Ltd").await;
        assert_eq!(names(&own.body), Vec::<String>::new());
        assert_eq!(own.body["possible"], 0, "{own:?}");
    }
}
