//! Not yours and not there are the same answer, everywhere.

use axum::http::StatusCode;
use serde_json::json;

use crate::on_both_engines;
use crate::support::Answer;

const ORDER: &str = "sharma-v-kapoor/order-2026-07-17.pdf";

fn absent(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer:?}");
}

on_both_engines! {
    async fn the_other_advocate_sees_nothing_of_a_case_anywhere(app: TestApp) {
        let one = app.person("one@example.in", "advocate", None).await;
        let other = app.person("other@example.in", "advocate", None).await;
        let case = one.open_case("Sharma v. Kapoor").await;
        let received = one.upload_sample(&case, ORDER).await;
        let document = received.body["document_id"].as_str().unwrap().to_owned();
        app.settle().await;
        let asked = one.post("/api/v1/ask", json!({ "question": "What was held on limitation?", "case_id": case })).await;
        assert_eq!(asked.status, StatusCode::OK, "{asked:?}");
        assert!(!asked.body["sources"].as_array().unwrap().is_empty(), "{asked:?}");
        assert!(one.get("/api/v1/search?q=limitation").await.body["documents"].as_u64() > Some(0));

        // Lists and counts.
        assert_eq!(other.get("/api/v1/cases").await.body, json!([]));
        // The case and its parts.
        for path in [
            format!("/api/v1/cases/{case}"),
            format!("/api/v1/cases/{case}/documents"),
            format!("/api/v1/cases/{case}/members"),
            format!("/api/v1/cases/{case}/progress"),
            format!("/api/v1/documents/{document}"),
            format!("/api/v1/documents/{document}/versions/1/pages/1"),
            format!("/api/v1/documents/{document}/versions/1/pages/1/image"),
            format!("/api/v1/documents/{document}/versions/1/ledger"),
            format!("/api/v1/documents/{document}/versions/1/original"),
            format!("/api/v1/messages/{}", asked.body["id"].as_str().unwrap()),
            format!("/api/v1/messages/{}/events", asked.body["id"].as_str().unwrap()),
            format!("/api/v1/conversations/{}", asked.body["conversation_id"].as_str().unwrap()),
        ] {
            absent(&other.get(&path).await);
        }
        absent(&other.upload_sample(&case, ORDER).await);
        absent(&other.post(&format!("/api/v1/documents/{document}/share"), json!({})).await);
        // Search: hits and counts, by words and by meaning.
        for query in ["limitation", "%22within%20limitation%22", "was%20the%20suit%20brought%20in%20time"] {
            let found = other.get(&format!("/api/v1/search?q={query}")).await;
            assert_eq!(found.body["hits"], json!([]), "{found:?}");
            assert_eq!(found.body["documents"], 0);
            absent(&other.get(&format!("/api/v1/search?q={query}&case={case}")).await);
        }
        // Answers, global and in the case.
        let global = other.post("/api/v1/ask", json!({ "question": "What was held on limitation?" })).await;
        assert_eq!(global.body["sources"], json!([]), "{global:?}");
        assert!(global.body["coverage"].as_str().unwrap().contains("0 documents"), "{global:?}");
        absent(&other.post("/api/v1/ask", json!({ "question": "What?", "case_id": case })).await);
        absent(&other.post("/api/v1/questions", json!({ "question": "What?", "case_id": case })).await);
        assert_eq!(other.get("/api/v1/conversations").await.body.as_array().map(Vec::len), Some(1));
    }

    async fn leaving_a_case_closes_it_at_once(app: TestApp) {
        let admin = app.admin().await;
        let advocate = app.person("adv@example.in", "advocate", None).await;
        let case = advocate.open_case("A v. B").await;
        advocate.upload(&format!("/api/v1/cases/{case}/documents"), "n.txt", b"The tenant vacated in Jaipur.").await;
        app.settle().await;
        let asked = advocate.post("/api/v1/ask", json!({ "question": "Where did the tenant vacate?" })).await;
        assert!(asked.body["text"].as_str().unwrap().contains("Jaipur"), "{asked:?}");

        let members = admin.get(&format!("/api/v1/cases/{case}/members")).await;
        let user = members.body[0]["user_id"].as_str().unwrap();
        let removed = admin.delete(&format!("/api/v1/cases/{case}/members/{user}")).await;
        assert!(removed.status.is_success(), "{removed:?}");
        absent(&advocate.get(&format!("/api/v1/cases/{case}")).await);
        assert_eq!(advocate.get("/api/v1/search?q=Jaipur").await.body["documents"], 0);
        // The earlier answer quotes a document that is now closed to them.
        let again = advocate.get(&format!("/api/v1/messages/{}", asked.body["id"].as_str().unwrap())).await;
        assert!(!again.text.contains("Jaipur"), "{again:?}");
    }

    async fn a_client_sees_what_was_shared_and_nothing_else(app: TestApp) {
        let admin = app.admin().await;
        let new = json!({ "name": "Sharma Traders", "kind": "firm" });
        let client_id = admin.post("/api/v1/clients", new).await.body["id"].as_str().unwrap().to_owned();
        let opened = admin.post("/api/v1/cases", json!({ "title": "Sharma v. Kapoor", "client_id": client_id })).await;
        let case = opened.body["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/cases/{case}/documents");
        let shared = admin.upload(&path, "shared.txt", b"The tenant vacated in Jaipur.").await;
        let kept = admin.upload(&path, "kept.txt", b"Privileged note about Jaipur.").await;
        app.settle().await;
        let shared = shared.body["document_id"].as_str().unwrap().to_owned();
        let kept = kept.body["document_id"].as_str().unwrap().to_owned();
        let done = admin.post(&format!("/api/v1/documents/{shared}/share"), json!({})).await;
        assert!(done.status.is_success(), "{done:?}");

        let client = app.person("client@example.in", "client", Some(&client_id)).await;
        let portal = client.get("/api/v1/portal/documents").await;
        assert_eq!(portal.body.as_array().map(Vec::len), Some(1), "{portal:?}");
        assert!(client.get(&format!("/api/v1/documents/{shared}/versions/1/pages/1")).await.status.is_success());
        absent(&client.get(&format!("/api/v1/documents/{kept}")).await);
        absent(&client.get(&format!("/api/v1/documents/{kept}/versions/1/pages/1")).await);
        absent(&client.get(&format!("/api/v1/cases/{case}")).await);
        for path in ["/api/v1/cases", "/api/v1/search?q=Jaipur", "/api/v1/users", "/api/v1/clients", "/api/v1/usage", "/api/v1/jobs"] {
            absent(&client.get(path).await);
        }
        absent(&client.post("/api/v1/ask", json!({ "question": "Jaipur?" })).await);

        assert!(admin.post(&format!("/api/v1/documents/{shared}/unshare"), json!({})).await.status.is_success());
        absent(&client.get(&format!("/api/v1/documents/{shared}")).await);
    }

    async fn nothing_answers_without_signing_in(app: TestApp) {
        app.admin().await;
        let document = serde_json::to_value(munshi::api::openapi()).unwrap();
        let public = [
            "/api/v1/session",
            "/api/v1/session/refresh",
            "/api/v1/session/second",
            "/api/v1/session/second/sms",
            "/api/v1/session/enrol",
            "/api/v1/session/enrol/app",
            "/api/v1/session/passkey",
            "/api/v1/session/passkey/ask",
            "/api/v1/password/link",
            "/api/v1/password/choose",
            "/api/v1/email/verify",
            "/api/v1/portal/codes",
            "/api/v1/portal/session",
            "/api/health",
            "/api/openapi.json",
        ];
        let id = "01900000-0000-7000-8000-000000000001";
        for (path, operations) in document["paths"].as_object().unwrap() {
            for method in operations.as_object().unwrap().keys() {
                if public.contains(&path.as_str()) && method != "delete" {
                    continue;
                }
                let mut concrete = path.clone();
                while let (Some(from), Some(to)) = (concrete.find('{'), concrete.find('}')) {
                    let name = &concrete[from + 1..to];
                    let value = if name == "number" || name == "n" || name == "page" || name == "p" { "1" } else { id };
                    concrete.replace_range(from..=to, value);
                }
                let method = method.to_uppercase().parse().unwrap();
                let answer = app
                    .anonymous()
                    .send(method, &concrete, axum::body::Body::from("{}"), Some("application/json"))
                    .await;
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}: {answer:?}");
            }
        }
    }
}
