//! Setting up, signing in, roles.

use axum::http::StatusCode;
use serde_json::json;

use crate::on_both_engines;
use crate::support::PASSWORD;

on_both_engines! {
    async fn a_chamber_is_set_up_once(app: TestApp) {
        assert!(app.app.auth.needs_setup().await.unwrap());
        app.admin().await;
        let second = munshi::auth::NewUser {
            name: "Eve".into(),
            email: "eve@example.in".into(),
            role: munshi::kernel::Role::Admin,
            client: None,
            password: PASSWORD.into(),
        };
        let refused = app.app.auth.set_up("Another", second).await;
        assert!(matches!(refused, Err(munshi::auth::AuthError::AlreadySetUp)));
    }

    async fn a_wrong_password_and_an_unknown_email_are_the_same_answer(app: TestApp) {
        app.admin().await;
        let anonymous = app.anonymous();
        let wrong = json!({ "email": "admin@example.in", "password": "not the password" });
        let unknown = json!({ "email": "nobody@example.in", "password": "not the password" });
        let wrong = anonymous.post("/api/v1/session", wrong).await;
        let unknown = anonymous.post("/api/v1/session", unknown).await;
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
        assert_eq!((wrong.status, wrong.body), (unknown.status, unknown.body));
    }

    async fn a_session_ends_with_signing_out(app: TestApp) {
        let admin = app.admin().await;
        assert_eq!(admin.get("/api/v1/session").await.body["role"], "admin");
        assert!(admin.delete("/api/v1/session").await.status.is_success());
        assert_eq!(admin.get("/api/v1/session").await.status, StatusCode::UNAUTHORIZED);
    }

    async fn a_deactivated_person_is_out_at_once(app: TestApp) {
        let admin = app.admin().await;
        let advocate = app.person("adv@example.in", "advocate", None).await;
        assert!(advocate.get("/api/v1/cases").await.status.is_success());
        let users = admin.get("/api/v1/users").await.body;
        let users = users.as_array().unwrap();
        let id = users.iter().find(|user| user["email"] == "adv@example.in").unwrap()["id"].clone();
        let path = format!("/api/v1/users/{}/deactivate", id.as_str().unwrap());
        assert!(admin.post(&path, json!({})).await.status.is_success());
        assert_eq!(advocate.get("/api/v1/cases").await.status, StatusCode::UNAUTHORIZED);
    }

    async fn bad_values_get_clear_words(app: TestApp) {
        let admin = app.admin().await;
        let short = json!({ "name": "A", "email": "a@example.in", "role": "staff", "password": "short" });
        let answer = admin.post("/api/v1/users", short).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body["detail"].as_str().unwrap().contains("12 characters"), "{answer:?}");
        let taken = json!({ "name": "A", "email": "ADMIN@example.in", "role": "staff", "password": PASSWORD });
        assert_eq!(admin.post("/api/v1/users", taken).await.status, StatusCode::CONFLICT);
    }

    async fn every_act_is_in_an_unbroken_record(app: TestApp) {
        let admin = app.admin().await;
        admin.open_case("A v. B").await;
        let scope = app.app.auth.local_admin().await.unwrap();
        let actions: Vec<String> =
            app.app.audit.recent(&scope).await.unwrap().into_iter().map(|entry| entry.action).collect();
        assert_eq!(actions, ["case.open", "session.open", "user.add"]);
        assert_eq!(app.app.audit.check(scope.organisation()).await.unwrap(), None);
    }
}
