//! Changing to another embedding model while search goes on.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use munshi::app::{App, Duty, Seams};
use munshi::config::Config;
use munshi::kernel::SystemClock;
use munshi::search::Request;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::on_both_engines;
use crate::support::Caller;
use crate::support::scripted_llm::ScriptedLlm;

/// A model server whose vectors have 64 numbers.
async fn model() -> ScriptedLlm {
    let server = ScriptedLlm::start(Vec::new()).await.unwrap();
    server.embed_in(64);
    server
}

/// The settings that name it as a model to change to.
fn candidate(server: &ScriptedLlm) -> String {
    format!(
        "embeddings.candidates = [{{ name = \"other\", base_url = {:?}, model = \"scripted\", \
         dimensions = 64 }}]",
        server.base_url()
    )
}

async fn notices(admin: &Caller, from: u32, to: u32) {
    let case = admin.open_case(&format!("Notices from {from}")).await;
    for number in from..to {
        let text = format!("Notice number {number} about parcel marker{number}x was served.");
        let path = format!("/api/v1/cases/{case}/documents");
        let received = admin.upload(&path, &format!("notice {number}.txt"), text.as_bytes()).await;
        assert!(received.status.is_success(), "{received:?}");
    }
}

async fn generations(admin: &Caller) -> Vec<Value> {
    let shown = admin.get("/api/v1/embeddings").await;
    assert_eq!(shown.status, StatusCode::OK, "{shown:?}");
    shown.body["generations"].as_array().unwrap().clone()
}

/// The vectors that are being made.
async fn shadow(admin: &Caller) -> Value {
    let all = generations(admin).await;
    let is_shadow = |one: &&Value| !matches!(one["stage"].as_str(), Some("live" | "previous"));
    all.iter().find(is_shadow).cloned().unwrap_or(Value::Null)
}

async fn live_model(admin: &Caller) -> String {
    let all = generations(admin).await;
    let live = all.iter().find(|one| one["stage"] == "live").unwrap();
    live["model"].as_str().unwrap().to_owned()
}

async fn start(admin: &Caller) {
    let started = admin.post("/api/v1/embeddings/shadow", json!({ "model": "other" })).await;
    assert_eq!(started.status, StatusCode::ACCEPTED, "{started:?}");
}

async fn finds(admin: &Caller, number: u32) {
    let found = admin.get(&format!("/api/v1/search?q=notice%20about%20marker{number}x")).await;
    assert_eq!(found.body["notice"], Value::Null, "{found:?}");
    let title = format!("notice {number}");
    let hit =
        found.body["hits"].as_array().unwrap().iter().find(|hit| hit["title"] == title.as_str());
    let by = hit.unwrap_or_else(|| panic!("{title}: {found:?}"))["found_by"].as_array().unwrap();
    assert!(by.contains(&json!("meaning")), "{hit:?}");
}

/// Waits until something is true of the vectors that are being made.
async fn until(admin: &Caller, what: &str, is: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..600 {
        let shadow = shadow(admin).await;
        if is(&shadow) {
            return shadow;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what}: {:?}", shadow(admin).await);
}

/// Does background work until told to stop.
fn working(app: &App) -> (CancellationToken, tokio::task::JoinHandle<()>) {
    let (app, stop) = (app.clone(), CancellationToken::new());
    let stopped = stop.clone();
    (stop, tokio::spawn(async move { app.work(stopped).await }))
}

on_both_engines! {
    async fn another_model_takes_over_and_the_first_comes_back(app: TestApp) {
        let server = model().await;
        let app = app.again(&candidate(&server)).await;
        let admin = app.admin().await;
        notices(&admin, 0, 5).await;
        app.settle().await;

        let estimate = admin.post("/api/v1/embeddings/estimate", json!({ "model": "other" })).await;
        assert_eq!(estimate.status, StatusCode::OK, "{estimate:?}");
        assert_eq!(estimate.body["documents"], 5);
        assert_eq!(estimate.body["passages"], 5);
        assert!(estimate.body["tokens"].as_u64() > Some(5 * 8), "{estimate:?}");
        assert_eq!(estimate.body["cost_microdollars"], Value::Null, "no price is known");
        assert!(estimate.body["tokens_per_second"].as_f64() > Some(0.0), "{estimate:?}");

        start(&admin).await;
        let twice = admin.post("/api/v1/embeddings/shadow", json!({ "model": "other" })).await;
        assert_eq!(twice.status, StatusCode::CONFLICT, "{twice:?}");
        // Search goes on with the live vectors, and nothing can be switched to yet.
        finds(&admin, 3).await;
        let early = admin.post("/api/v1/embeddings/shadow/switch", json!({})).await;
        assert_eq!(early.status, StatusCode::CONFLICT, "{early:?}");
        app.settle().await;
        assert_eq!(shadow(&admin).await["complete"], true);

        // What is uploaded meanwhile is embedded by both.
        notices(&admin, 5, 7).await;
        app.settle().await;
        let filled = shadow(&admin).await;
        assert_eq!(filled["documents_held"], 7, "{filled:?}");
        assert_eq!(filled["complete"], true);
        assert!(filled["spent"]["tokens"].as_u64() > Some(0), "{filled:?}");
        assert_eq!(live_model(&admin).await, "all-MiniLM-L6-v2");
        let tokens = admin.get("/api/v1/usage?by=model").await;
        let lines = tokens.body["lines"].as_array().unwrap().clone();
        let scripted = lines.iter().find(|line| line["label"] == "127.0.0.1 / scripted").unwrap();
        assert!(scripted["tokens_embedded"].as_u64() > filled["spent"]["tokens"].as_u64(), "{lines:?}");

        let switched = admin.post("/api/v1/embeddings/shadow/switch", json!({})).await;
        assert_eq!(switched.status, StatusCode::NO_CONTENT, "{switched:?}");
        assert_eq!(live_model(&admin).await, "scripted");
        let before = server.embedded().len();
        for number in 0..7 {
            finds(&admin, number).await;
        }
        assert_eq!(server.embedded().len(), before + 7, "queries go to the new model");

        // Back, with what came since.
        notices(&admin, 7, 8).await;
        app.settle().await;
        finds(&admin, 7).await;
        let back = admin.post("/api/v1/embeddings/rollback", json!({})).await;
        assert_eq!(back.status, StatusCode::NO_CONTENT, "{back:?}");
        assert_eq!(live_model(&admin).await, "all-MiniLM-L6-v2");
        app.settle().await;
        for number in 0..8 {
            finds(&admin, number).await;
        }

        // The record has each step; the vectors that are left can be dropped.
        let record = admin.get("/api/v1/audit").await.text;
        for action in ["embeddings.start", "embeddings.switch", "embeddings.rollback"] {
            assert!(record.contains(action), "{action}: {record}");
        }
        let all = generations(&admin).await;
        let kept = all.iter().find(|one| one["stage"] == "previous").unwrap();
        let path = format!("/api/v1/embeddings/generations/{}", kept["id"].as_str().unwrap());
        assert_eq!(admin.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(admin.delete(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(generations(&admin).await.len(), 1);
    }

    async fn a_restart_in_the_middle_loses_nothing_and_pays_nothing_twice(app: TestApp) {
        let server = model().await;
        let app = app.again(&candidate(&server)).await;
        let admin = app.admin().await;
        notices(&admin, 0, 12).await;
        app.settle().await;
        start(&admin).await;
        let before = server.embedded().len();
        server.embed_slowly(400);
        let (stop, work) = working(&app.app);
        until(&admin, "it goes on", |one| one["documents_held"].as_i64() >= Some(2)).await;
        stop.cancel();
        work.await.unwrap();
        let held = shadow(&admin).await["documents_held"].as_i64().unwrap();
        assert!((2..12).contains(&held), "{held}");
        drop(admin);

        let app = app.again("").await;
        server.embed_slowly(0);
        app.settle().await;
        let admin = app.admin().await;
        let filled = shadow(&admin).await;
        assert_eq!(filled["complete"], true, "{filled:?}");
        assert_eq!(filled["documents_held"], 12);
        assert_eq!(server.embedded().len(), before + 12, "each passage was embedded once");
    }

    async fn a_model_that_goes_away_is_waited_for_while_search_goes_on(app: TestApp) {
        let server = model().await;
        let app = app.again(&candidate(&server)).await;
        let admin = app.admin().await;
        notices(&admin, 0, 4).await;
        app.settle().await;
        start(&admin).await;
        server.fail_embeddings(503);
        let (stop, work) = working(&app.app);
        let waits = until(&admin, "it says why it waits", |one| one["reason"].is_string()).await;
        assert_eq!(waits["stage"], "filling", "{waits:?}");
        finds(&admin, 2).await;
        server.fail_embeddings(0);
        let done = until(&admin, "it goes on by itself", |one| one["complete"] == true).await;
        assert_eq!(done["reason"], Value::Null, "{done:?}");
        stop.cancel();
        work.await.unwrap();
    }

    async fn a_model_that_refuses_is_a_failure_until_somebody_goes_on(app: TestApp) {
        let server = model().await;
        let app = app.again(&candidate(&server)).await;
        let admin = app.admin().await;
        notices(&admin, 0, 2).await;
        app.settle().await;
        server.fail_embeddings(401);
        let refused = admin.post("/api/v1/embeddings/shadow", json!({ "model": "other" })).await;
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{refused:?}");
        assert_eq!(shadow(&admin).await, Value::Null, "nothing is begun that cannot work");
        server.fail_embeddings(0);
        start(&admin).await;
        server.fail_embeddings(401);
        app.settle().await;
        let failed = shadow(&admin).await;
        assert_eq!(failed["stage"], "failed", "{failed:?}");
        assert!(failed["reason"].is_string(), "{failed:?}");
        server.fail_embeddings(0);
        let resumed = admin.post("/api/v1/embeddings/shadow/resume", json!({})).await;
        assert_eq!(resumed.status, StatusCode::NO_CONTENT, "{resumed:?}");
        app.settle().await;
        assert_eq!(shadow(&admin).await["complete"], true);
    }

    async fn it_can_be_paused_and_given_up(app: TestApp) {
        let server = model().await;
        let app = app.again(&candidate(&server)).await;
        let admin = app.admin().await;
        notices(&admin, 0, 3).await;
        app.settle().await;
        start(&admin).await;
        let paused = admin.post("/api/v1/embeddings/shadow/pause", json!({})).await;
        assert_eq!(paused.status, StatusCode::NO_CONTENT, "{paused:?}");
        app.settle().await;
        let waits = shadow(&admin).await;
        assert_eq!((&waits["stage"], &waits["documents_held"]), (&json!("paused"), &json!(0)));
        admin.post("/api/v1/embeddings/shadow/resume", json!({})).await;
        app.settle().await;
        assert_eq!(shadow(&admin).await["complete"], true);
        assert_eq!(admin.delete("/api/v1/embeddings/shadow").await.status, StatusCode::NO_CONTENT);
        assert_eq!(shadow(&admin).await, Value::Null);
        assert_eq!(admin.delete("/api/v1/embeddings/shadow").await.status, StatusCode::CONFLICT);
        finds(&admin, 1).await;
        // It can be begun again.
        start(&admin).await;
        app.settle().await;
        assert_eq!(shadow(&admin).await["documents_held"], 3);
    }

    async fn other_settings_drop_nothing_and_other_processes_follow(app: TestApp) {
        let server = model().await;
        let admin = app.admin().await;
        notices(&admin, 0, 3).await;
        app.settle().await;
        drop(admin);
        // The settings name another model now.
        let app = app.again(&format!(
            "embeddings.base_url = {:?}\nembeddings.model = \"scripted\"\nembeddings.dimensions = 64",
            server.base_url()
        )).await;
        let said = app.app.missing.iter().any(|line| line.contains("all-MiniLM-L6-v2"));
        assert!(said, "{:?}", app.app.missing);
        let admin = app.admin().await;
        finds(&admin, 1).await;
        assert_eq!(live_model(&admin).await, "all-MiniLM-L6-v2");
        assert_eq!(server.embedded().len(), 0);

        let config = Config::from_toml(&app.settings).unwrap();
        let program = env!("CARGO_BIN_EXE_munshi").into();
        let seams = Seams { clock: Arc::new(SystemClock), program };
        let other = App::open(config, seams, Duty::Read).await.unwrap();
        let started = admin.post("/api/v1/embeddings/shadow", json!({ "model": "scripted" })).await;
        assert_eq!(started.status, StatusCode::ACCEPTED, "{started:?}");
        app.settle().await;
        admin.post("/api/v1/embeddings/shadow/switch", json!({})).await;
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        let scope = other.auth.local_admin().await.unwrap();
        let found = other.search.search(&scope, &wanted("notice about marker2x", 5)).await.unwrap();
        assert_eq!(found.hits[0].passage.title, "notice 2");
        assert!(found.hits[0].by.meaning, "{:?}", found.hits[0]);
        assert_eq!(other.vectors.model().as_deref(), Some("scripted"));
    }

    async fn only_admins_change_models(app: TestApp) {
        let advocate = app.person("adv@example.in", "advocate", None).await;
        assert_eq!(advocate.get("/api/v1/embeddings").await.status, StatusCode::NOT_FOUND);
        for path in ["estimate", "shadow"] {
            let path = format!("/api/v1/embeddings/{path}");
            let refused = advocate.post(&path, json!({ "model": "other" })).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{refused:?}");
        }
        for path in ["shadow/switch", "shadow/pause", "shadow/resume", "rollback"] {
            let refused = advocate.post(&format!("/api/v1/embeddings/{path}"), json!({})).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{refused:?}");
        }
        let admin = app.admin().await;
        let unknown = admin.post("/api/v1/embeddings/shadow", json!({ "model": "none" })).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY, "{unknown:?}");
        let back = admin.post("/api/v1/embeddings/rollback", json!({})).await;
        assert_eq!(back.status, StatusCode::CONFLICT, "{back:?}");
    }
}

/// A plain search for so many passages.
fn wanted(text: &str, limit: usize) -> Request {
    Request { text: text.to_owned(), limit, ..Request::default() }
}
