//! Answers as they are written: taken up where they broke, also after the process that
//! wrote them has ended and with another one, and stopped by who asked.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use munshi::app::{App, Duty, Seams};
use munshi::config::Config;
use munshi::db::{Db, Dialect, Sql};
use munshi::kernel::SystemClock;
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;

use crate::firm::tables;
use crate::on_both;
use crate::support::scripted_llm::{Script, ScriptedLlm};
use crate::support::{Caller, PASSWORD, TestApp, router};

const QUESTION: &str = "What did the court hold on limitation?";
const ORDER: &str = "sharma-v-kapoor/order-2026-07-17.pdf";
const HALF: &str = "The court decided the point [1]. It went on to say more about the matter. And";

/// A chamber over a model that stops in the middle of its answer.
async fn chamber(dialect: Dialect, more: &str) -> (TestApp, ScriptedLlm) {
    let llm = ScriptedLlm::start(vec![Script::StallAfter(HALF.into())]).await.unwrap();
    let settings = format!(
        "llm.base_url = {:?}\nllm.model = \"scripted\"\nllm.api_key = \"k\"\nllm.connect_secs = 5\n\
         llm.first_token_secs = 60\nllm.idle_secs = 120\nllm.total_secs = 180\n{more}",
        llm.base_url()
    );
    (TestApp::start_with(dialect, &settings).await, llm)
}

async fn with_order(app: &TestApp) -> (Caller, String) {
    let admin = app.admin().await;
    let case = admin.open_case("Sharma v. Kapoor").await;
    admin.upload_sample(&case, ORDER).await;
    app.settle().await;
    (admin, case)
}

/// Asks, and waits until the first of the text is stored; gives the answer's id.
async fn half_answered(db: &Db, caller: &Caller, case: &str) -> String {
    let asked = json!({ "question": QUESTION, "case_id": case });
    half_written(db, caller, "/api/v1/questions", asked).await
}

/// Asks for an answer at an address, and waits likewise.
async fn half_written(db: &Db, caller: &Caller, path: &str, asked: Value) -> String {
    let asked = caller.post(path, asked).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{asked:?}");
    let id = asked.body["message_id"].as_str().unwrap().to_owned();
    let text = "SELECT COUNT(*) FROM message_events
                WHERE message_id = $1 AND CAST(event AS TEXT) LIKE '%\"citation\"%'";
    until(async || count(db, text, &id).await > 0).await;
    id
}

async fn count(db: &Db, text: &'static str, id: &str) -> i64 {
    let id: Uuid = id.parse().unwrap();
    let mut tx = db.read().await.unwrap();
    tx.one::<(i64,)>(Sql::new(text).bind(id)).await.unwrap().0
}

async fn until(mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..600 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("what was waited for did not come");
}

async fn ended(caller: &Caller, id: &str) -> Value {
    let path = format!("/api/v1/messages/{id}");
    until(async || caller.get(&path).await.body["status"] != "running").await;
    caller.get(&path).await.body
}

/// An event: its id, its name and its data.
type Told = (usize, String, String);

/// Follows an answer to its end from after an event on.
async fn follow(router: &Router, token: &str, id: &str, after: usize) -> Vec<Told> {
    let request = Request::get(format!("/api/v1/messages/{id}/events"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header("last-event-id", after.to_string())
        .body(Body::empty())
        .unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let read = axum::body::to_bytes(answer.into_body(), 1 << 20);
    let read = tokio::time::timeout(Duration::from_mins(1), read).await.expect("an end").unwrap();
    let text = String::from_utf8_lossy(&read).into_owned();
    let field = |block: &str, name: &str| {
        let lines = block.lines().filter_map(|line| line.strip_prefix(name));
        lines.map(|line| line.trim().to_owned()).collect::<Vec<_>>().join("\n")
    };
    let blocks = text.split("\n\n").filter(|block| block.contains("data:"));
    blocks
        .map(|it| (field(it, "id:").parse().unwrap(), field(it, "event:"), field(it, "data:")))
        .collect()
}

async fn token(app: &TestApp) -> String {
    let session = json!({ "email": "admin@example.in", "password": PASSWORD });
    let session = app.anonymous().post("/api/v1/session", session).await;
    session.body["token"].as_str().unwrap().to_owned()
}

async fn a_cut_answer_is_taken_up_after_a_restart(dialect: Dialect) {
    let (app, llm) = chamber(dialect, "").await;
    let db = tables(&app).await;
    let (admin, case) = with_order(&app).await;
    let id = half_answered(&db, &admin, &case).await;
    db.close().await;
    drop(admin);
    let app = app.again("").await;

    let token = token(&app).await;
    let whole = follow(&app.router, &token, &id, 0).await;
    let ids: Vec<usize> = whole.iter().map(|(id, ..)| *id).collect();
    assert_eq!(ids, (1..=whole.len()).collect::<Vec<_>>(), "{whole:?}");
    assert!(whole.iter().any(|(_, name, _)| name == "passages"), "{whole:?}");
    let (_, name, data) = whole.last().unwrap();
    assert_eq!(name, "done", "{whole:?}");
    assert!(data.contains("Interrupted"), "{data}");
    for after in [1, 3, whole.len() - 1] {
        assert_eq!(follow(&app.router, &token, &id, after).await, whole[after..], "after {after}");
    }
    // Who was told more than was stored hears how it ended.
    let beyond = follow(&app.router, &token, &id, whole.len() + 5).await;
    assert_eq!(beyond.len(), 1, "{beyond:?}");
    assert_eq!(beyond[0].1, "done");

    let admin = Caller::with(&app, &token);
    let answer = ended(&admin, &id).await;
    assert_eq!((&answer["status"], &answer["ended"]), (&json!("failed"), &json!("interrupted")));
    assert!(answer["text"].as_str().unwrap().contains("The court decided the point [1]"));
    assert!(answer["label"].as_str().unwrap().contains("Interrupted"), "{answer}");
    assert!(!answer["sources"].as_array().unwrap().is_empty(), "{answer}");
    assert!(!answer["citations"].as_array().unwrap().is_empty(), "{answer}");
    drop(llm);
}

async fn who_asked_stops_an_answer_and_what_it_costs(dialect: Dialect) {
    let (app, llm) = chamber(dialect, "").await;
    let db = tables(&app).await;
    let (admin, case) = with_order(&app).await;
    let other = app.person("ravi@example.in", "advocate", None).await;
    let id = half_answered(&db, &admin, &case).await;
    let stop = format!("/api/v1/messages/{id}/stop");
    assert_eq!(other.post(&stop, json!({})).await.status, StatusCode::NOT_FOUND);

    let since = Instant::now();
    assert_eq!(admin.post(&stop, json!({})).await.status, StatusCode::NO_CONTENT);
    let answer = ended(&admin, &id).await;
    println!("stopped after {:?}", since.elapsed());
    assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
    assert_eq!(answer["ended"], "stopped", "{answer}");
    assert_eq!(answer["label"], "Stopped by you");
    assert!(answer["text"].as_str().unwrap().contains("The court decided the point [1]"));
    until(async || llm.is_idle()).await;
    let cancelled = "SELECT COUNT(*) FROM model_calls c JOIN messages m
                         ON m.conversation_id = c.conversation_id
                     WHERE m.id = $1 AND c.outcome = 'cancelled'";
    until(async || count(&db, cancelled, &id).await == 1).await;
    let noted = "SELECT COUNT(*) FROM audit_log a JOIN messages m ON m.id = $1
                 WHERE a.action = 'question.stop'";
    assert_eq!(count(&db, noted, &id).await, 1);
    // A second time nothing happens.
    assert_eq!(admin.post(&stop, json!({})).await.status, StatusCode::NO_CONTENT);
    let token = token(&app).await;
    let told = follow(&app.router, &token, &id, 0).await;
    let (_, name, data) = told.last().unwrap();
    assert_eq!(name, "done", "{told:?}");
    assert!(data.contains("Stopped by you"), "{data}");
}

/// One process writes the answer, another is asked for it and asked to stop it.
async fn a_task_stopped_midway_keeps_what_it_cites(dialect: Dialect) {
    let (app, llm) = chamber(dialect, "").await;
    let db = tables(&app).await;
    let (admin, case) = with_order(&app).await;
    let path = format!("/api/v1/cases/{case}/tasks");
    let id = half_written(&db, &admin, &path, json!({ "kind": "holdings" })).await;
    admin.post(&format!("/api/v1/messages/{id}/stop"), json!({})).await;
    let answer = ended(&admin, &id).await;
    assert_eq!(answer["ended"], "stopped", "{answer}");
    assert!(answer["text"].as_str().unwrap().contains("The court decided the point [1]"));
    assert_eq!(answer["citations"].as_array().unwrap().len(), 1, "{answer}");
    assert!(!answer["sources"].as_array().unwrap().is_empty(), "{answer}");
    drop(llm);
}

async fn any_process_follows_and_stops(dialect: Dialect) {
    let (app, _llm) = chamber(dialect, "").await;
    let db = tables(&app).await;
    let (admin, case) = with_order(&app).await;
    let id = half_answered(&db, &admin, &case).await;
    let seams = Seams {
        clock: Arc::new(SystemClock),
        program: PathBuf::from(env!("CARGO_BIN_EXE_munshi")),
    };
    let config = Config::from_toml(&app.settings).unwrap();
    let beside = App::open(config, seams, Duty::Read).await.unwrap();
    let elsewhere = router(&beside);
    let token = token(&app).await;

    let reading = tokio::spawn({
        let (elsewhere, token, id) = (elsewhere.clone(), token.clone(), id.clone());
        async move { follow(&elsewhere, &token, &id, 2).await }
    });
    let stop = Request::post(format!("/api/v1/messages/{id}/stop"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::empty())
        .unwrap();
    let stopped = elsewhere.clone().oneshot(stop).await.unwrap();
    assert_eq!(stopped.status(), StatusCode::NO_CONTENT);
    let told = reading.await.unwrap();
    assert_eq!(told.first().map(|(id, ..)| *id), Some(3), "{told:?}");
    assert!(told.last().unwrap().2.contains("Stopped by you"), "{told:?}");
    let there = follow(&app.router, &token, &id, 2).await;
    assert_eq!(there, told, "both processes tell the same");
    let answer = ended(&admin, &id).await;
    assert_eq!(answer["ended"], "stopped", "{answer}");
    beside.close().await;
}

async fn a_person_has_so_many_answers_written_at_once(dialect: Dialect) {
    let (app, _llm) = chamber(dialect, "limits.answers_at_once = 2").await;
    let db = tables(&app).await;
    let (admin, case) = with_order(&app).await;
    let first = half_answered(&db, &admin, &case).await;
    half_answered(&db, &admin, &case).await;
    let third = json!({ "question": QUESTION, "case_id": case });
    let refused = admin.post("/api/v1/questions", third.clone()).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{refused:?}");
    assert_eq!(refused.body["type"], "/problems/too-many-answers");
    assert!(refused.text.contains("stop one"), "{refused:?}");
    // Others are not held up.
    let other = app.person("ravi@example.in", "advocate", None).await;
    let theirs = other.open_case("Rao v. Iyer").await;
    let asked = json!({ "question": QUESTION, "case_id": theirs });
    assert_eq!(other.post("/api/v1/questions", asked).await.status, StatusCode::ACCEPTED);
    admin.post(&format!("/api/v1/messages/{first}/stop"), json!({})).await;
    ended(&admin, &first).await;
    let asked = admin.post("/api/v1/questions", third).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{asked:?}");
}

on_both! {
    a_cut_answer_is_taken_up_after_a_restart
    who_asked_stops_an_answer_and_what_it_costs
    a_task_stopped_midway_keeps_what_it_cites
    any_process_follows_and_stops
    a_person_has_so_many_answers_written_at_once
}
