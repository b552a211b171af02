//! Golden questions: kept, asked, compared, carried elsewhere.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::on_both_engines;
use crate::support::scripted_llm::ScriptedLlm;
use crate::support::{Caller, PASSWORD, TestApp};

/// Two documents; gives their case and their ids.
async fn documents(admin: &Caller) -> (String, String, String) {
    let case = admin.open_case("A v. B").await;
    let path = format!("/api/v1/cases/{case}/documents");
    let a = "The lessee was thrown out of the flat by the landlord.";
    let b = "The cheque was returned for insufficient funds.";
    let one = admin.upload(&path, "a.txt", a.as_bytes()).await;
    let two = admin.upload(&path, "b.txt", b.as_bytes()).await;
    let id = |answer: &Value| answer["document_id"].as_str().unwrap().to_owned();
    (case, id(&one.body), id(&two.body))
}

fn run<'a>(batch: &'a Value, way: &str, is_shadow: bool) -> &'a Value {
    let runs = batch["runs"].as_array().unwrap();
    runs.iter().find(|run| run["way"] == way && run["is_shadow"] == is_shadow).unwrap()
}

async fn import(admin: &Caller, text: &str) -> crate::support::Answer {
    let body = Body::from(text.to_owned());
    admin.send(Method::POST, "/api/v1/golden.jsonl", body, Some("application/jsonl")).await
}

on_both_engines! {
    async fn questions_are_asked_every_way_and_what_came_of_it_is_kept(app: TestApp) {
        let admin = app.admin().await;
        let none = admin.post("/api/v1/golden/runs", json!({})).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "{none:?}");
        let (case, a, b) = documents(&admin).await;
        app.settle().await;
        for (question, document, case) in
            [("eviction of a tenant", &a, Some(&case)), ("insufficient funds", &b, None)]
        {
            let new = json!({
                "question": question, "case": case,
                "expected": [{ "document": document, "page": 1 }],
            });
            let added = admin.post("/api/v1/golden", new).await;
            assert_eq!(added.status, StatusCode::CREATED, "{added:?}");
        }
        let batch = admin.post("/api/v1/golden/runs", json!({})).await;
        assert_eq!(batch.status, StatusCode::OK, "{batch:?}");
        assert_eq!(batch.body["runs"].as_array().map(Vec::len), Some(3));
        let lexical = run(&batch.body, "lexical", false);
        assert!(lexical["recall_10"].as_f64() >= Some(0.5), "{lexical:?}");
        assert_eq!(lexical["model"], Value::Null);
        for way in ["semantic", "hybrid"] {
            let run = run(&batch.body, way, false);
            assert_eq!(run["mrr"], 1.0, "{run:?}");
            assert_eq!(run["model"], "all-MiniLM-L6-v2");
        }
        let path = format!("/api/v1/golden/runs/{}", lexical["id"].as_str().unwrap());
        let outcomes = admin.get(&path).await;
        assert_eq!(outcomes.body.as_array().map(Vec::len), Some(2), "{outcomes:?}");
        assert_eq!(outcomes.body[1]["first_rank"], 1, "{outcomes:?}");
        // The runs of before are listed beside those of now.
        admin.post("/api/v1/golden/runs", json!({})).await;
        let batches = admin.get("/api/v1/golden/runs").await;
        assert_eq!(batches.body.as_array().map(Vec::len), Some(2), "{batches:?}");
        assert_eq!(batches.body[1]["id"], batch.body["id"]);
    }

    async fn another_model_is_compared_before_it_takes_over(app: TestApp) {
        let server = ScriptedLlm::start(Vec::new()).await.unwrap();
        server.embed_in(64);
        let app = app.again(&format!(
            "embeddings.candidates = [{{ name = \"other\", base_url = {:?}, model = \"scripted\", dimensions = 64 }}]",
            server.base_url()
        )).await;
        let admin = app.admin().await;
        let (_, a, _) = documents(&admin).await;
        app.settle().await;
        // Its words are those of the other document.
        let question = "the eviction was for insufficient reasons";
        let new = json!({ "question": question, "expected": [{ "document": a }] });
        admin.post("/api/v1/golden", new).await;
        admin.post("/api/v1/embeddings/shadow", json!({ "model": "other" })).await;
        app.settle().await;
        let batch = admin.post("/api/v1/golden/runs", json!({})).await.body;
        assert_eq!(batch["runs"].as_array().map(Vec::len), Some(5), "{batch:?}");
        assert_eq!(run(&batch, "semantic", false)["model"], "all-MiniLM-L6-v2");
        // Vectors that know nothing but words put the other document first.
        let shadow = run(&batch, "semantic", true);
        assert_eq!(shadow["model"], "scripted");
        assert!(shadow["mrr"].as_f64() <= Some(0.5), "{batch:?}");
    }

    async fn questions_are_checked_changed_deleted_and_carried_elsewhere(app: TestApp) {
        let admin = app.admin().await;
        let (_, a, b) = documents(&admin).await;
        for wrong in [
            json!({ "question": " ", "expected": [{ "document": a }] }),
            json!({ "question": "eviction", "expected": [] }),
            json!({ "question": "eviction", "expected": [{ "document": a, "start": 1, "end": 2 }] }),
            json!({ "question": "eviction", "expected": [{ "document": a, "page": 1, "start": 2, "end": 2 }] }),
            json!({ "question": "eviction", "expected": [{ "document": "01900000-0000-7000-8000-000000000009" }] }),
            json!({ "question": "eviction", "case": "01900000-0000-7000-8000-000000000009", "expected": [{ "document": a }] }),
        ] {
            let refused = admin.post("/api/v1/golden", wrong.clone()).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}: {refused:?}");
        }
        let new = json!({ "question": "eviction", "note": "as in the plaint", "expected": [{ "document": a }] });
        let id = admin.post("/api/v1/golden", new).await.body["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/golden/{id}");
        let changed = json!({ "question": "bounced cheque", "expected": [{ "document": b, "page": 1, "start": 4, "end": 10 }] });
        let body = Body::from(changed.to_string());
        let put = admin.send(Method::PUT, &path, body, Some("application/json")).await;
        assert_eq!(put.status, StatusCode::NO_CONTENT, "{put:?}");
        let shown = admin.get(&path).await;
        assert_eq!(shown.body["question"], "bounced cheque");
        assert_eq!(shown.body["expected"], changed["expected"]);

        let lines = admin.get("/api/v1/golden.jsonl").await.text;
        assert_eq!(lines.lines().count(), 1, "{lines}");
        assert_eq!(import(&admin, &lines).await.body["added"], 0, "it is there already");
        assert_eq!(admin.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(admin.delete(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(admin.get("/api/v1/golden").await.body, json!([]));
        let wrong = import(&admin, &format!("{lines}\n{{\"question\": 1}}\n")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        assert!(wrong.text.contains("line 3"), "{wrong:?}");
        assert_eq!(admin.get("/api/v1/golden").await.body, json!([]), "all or none");
        assert_eq!(import(&admin, &lines).await.body["added"], 1);

        let advocate = app.person("adv@example.in", "advocate", None).await;
        for path in ["/api/v1/golden", "/api/v1/golden.jsonl", "/api/v1/golden/runs", &path] {
            assert_eq!(advocate.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(advocate.post("/api/v1/golden/runs", json!({})).await.status, StatusCode::NOT_FOUND);
    }

    async fn the_pages_do_it_all_with_forms(app: TestApp) {
        let admin = app.admin().await;
        let (_, a, _) = documents(&admin).await;
        app.settle().await;
        let form = format!("email=admin%40example.in&password={}", PASSWORD.replace(' ', "+"));
        let signed = send(&app, Method::POST, "/sign-in", None, &form).await;
        let cookie = signed.1.expect("a session");
        let cookie = Some(cookie.as_str());
        let (status, _, page) = send(&app, Method::GET, "/admin/search-quality", cookie, "").await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(page.contains("all-MiniLM-L6-v2") && page.contains("No golden questions yet"), "{page}");
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let add = format!("csrf={csrf}&question=eviction+of+a+tenant&case=&note=&expected={a}+1");
        let (status, _, page) = send(&app, Method::POST, "/admin/golden", cookie, &add).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
        let run = format!("csrf={csrf}");
        let (status, ..) = send(&app, Method::POST, "/admin/golden/run", cookie, &run).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let (_, _, page) = send(&app, Method::GET, "/admin/search-quality", cookie, "").await;
        assert!(page.contains("eviction of a tenant") && page.contains("hybrid"), "{page}");
        // A wrong form says what is wrong, and keeps what was typed.
        let wrong = format!("csrf={csrf}&question=bail&case=&note=&expected=nonsense");
        let (status, _, page) = send(&app, Method::POST, "/admin/golden", cookie, &wrong).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(page.contains("nonsense") && page.contains("value=\"bail\""), "{page}");
    }
}

/// Sends what a browser would; gives status, session cookie and body.
async fn send(
    app: &TestApp,
    method: Method,
    path: &str,
    cookie: Option<&str>,
    form: &str,
) -> (StatusCode, Option<String>, String) {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let request = request.body(Body::from(form.to_owned())).unwrap();
    let response = app.router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let set = response.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok());
    let set = set.and_then(|value| value.split(';').next()).map(str::to_owned);
    let bytes = axum::body::to_bytes(response.into_body(), 16 << 20).await.unwrap();
    (status, set, String::from_utf8_lossy(&bytes).into_owned())
}
