//! Answers given again: to whom, to what, and when no longer.

use munshi::db::Dialect;
use serde_json::{Value, json};

use crate::support::scripted_llm::{Script, ScriptedLlm};
use crate::support::{Caller, TestApp};

const QUESTION: &str = "What did the court hold on limitation?";
const ORDER: &str = "sharma-v-kapoor/order-2026-07-17.pdf";
const ANSWER: &str =
    "\"The Court accordingly holds that the suit is within limitation\" [1]. So it was [1].";

async fn chamber(engine: Dialect, more: &str) -> (TestApp, ScriptedLlm, Caller, String) {
    let llm = ScriptedLlm::start(vec![Script::say(ANSWER)]).await.unwrap();
    let settings = format!(
        "llm.base_url = {:?}\nllm.model = \"scripted\"\nllm.api_key = \"k\"\n{}",
        llm.base_url(),
        if more.is_empty() { "assistant.cache_days = 30" } else { more }
    );
    let app = TestApp::start_with(engine, &settings).await;
    let admin = app.admin().await;
    let case = admin.open_case("Sharma v. Kapoor").await;
    admin.upload_sample(&case, ORDER).await;
    app.settle().await;
    (app, llm, admin, case)
}

/// How often a model was asked for an answer so far; what it looks up in the tables before
/// is none.
fn asked(llm: &ScriptedLlm) -> usize {
    llm.requests().iter().filter(|request| request.body["tools"].is_null()).count()
}

async fn ask(caller: &Caller, case: &str, question: &str) -> Value {
    caller.post("/api/v1/ask", json!({ "question": question, "case_id": case })).await.body
}

async fn the_same_question_is_answered_again_for_nothing(engine: Dialect) {
    let (_app, llm, admin, case) = chamber(engine, "").await;
    let first = ask(&admin, &case, QUESTION).await;
    let again = ask(&admin, &case, "  what does the court hold on limitation").await;
    assert_eq!(asked(&llm), 1, "{again}");
    assert_eq!(again["text"], first["text"]);
    assert_eq!(again["citations"], first["citations"]);
    assert_eq!(again["sources"], first["sources"]);
    let label = again["label"].as_str().unwrap();
    assert!(label.starts_with("Answered by scripted on "), "{label}");
    ask(&admin, &case, "What did the court not hold on limitation?").await;
    assert_eq!(asked(&llm), 2, "a question that denies is another");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_question_is_answered_again_for_nothing_on_sqlite() {
    the_same_question_is_answered_again_for_nothing(Dialect::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_question_is_answered_again_for_nothing_on_postgres() {
    the_same_question_is_answered_again_for_nothing(Dialect::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_document_and_a_new_version_end_what_was_kept() {
    let (app, llm, admin, case) = chamber(Dialect::Sqlite, "").await;
    ask(&admin, &case, QUESTION).await;
    let another = b"Note: the point of limitation was conceded on 3 March 2026.";
    admin.upload(&format!("/api/v1/cases/{case}/documents"), "note.txt", another).await;
    app.settle().await;
    ask(&admin, &case, QUESTION).await;
    assert_eq!(asked(&llm), 2);
    ask(&admin, &case, QUESTION).await;
    assert_eq!(asked(&llm), 2, "the state is what it was");
}

/// A colleague who may read the same is given the same; one who may read less is not.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_given_again_within_the_same_reach_only() {
    let (app, llm, admin, case) = chamber(Dialect::Sqlite, "").await;
    let everywhere = |caller: Caller| async move {
        caller.post("/api/v1/ask", json!({ "question": QUESTION })).await.body
    };
    everywhere(admin.clone()).await;
    assert_eq!(asked(&llm), 1);
    // Somebody who sees nothing is told so, and not from the cache.
    let stranger = app.person("nobody@example.in", "advocate", None).await;
    let nothing = everywhere(stranger.clone()).await;
    assert!(!nothing["text"].as_str().unwrap().contains("within limitation"), "{nothing}");
    // Once they may read the same, the same answer is theirs too.
    let people = admin.get("/api/v1/users").await.body;
    let people = people.as_array().unwrap();
    let them = people.iter().find(|user| user["email"] == "nobody@example.in").unwrap();
    let member = json!({ "user_id": them["id"], "role": "member" });
    let added = admin.post(&format!("/api/v1/cases/{case}/members"), member).await;
    assert!(added.status.is_success(), "{added:?}");
    let before = asked(&llm);
    let same = ask(&stranger, &case, QUESTION).await;
    assert!(same["text"].as_str().unwrap().contains("within limitation"), "{same}");
    let told = ask(&admin, &case, QUESTION).await;
    assert_eq!(told["text"], same["text"]);
    assert_eq!(asked(&llm), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_kept_of_a_conversation_or_when_it_is_switched_off() {
    let (_app, llm, admin, case) = chamber(Dialect::Sqlite, "").await;
    let first = ask(&admin, &case, QUESTION).await;
    let on = json!({
        "question": QUESTION, "case_id": case, "conversation_id": first["conversation_id"]
    });
    admin.post("/api/v1/ask", on).await;
    assert_eq!(asked(&llm), 2);

    let (_app, llm, admin, case) = chamber(Dialect::Sqlite, "assistant.cache_days = 0").await;
    ask(&admin, &case, QUESTION).await;
    ask(&admin, &case, QUESTION).await;
    assert_eq!(asked(&llm), 2);
}

/// What an answer given again saved is in the report, and one that did not help is not
/// given again.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_saved_is_told_and_what_did_not_help_is_asked_anew() {
    let (app, llm, admin, case) = chamber(Dialect::Sqlite, "").await;
    let host = llm.base_url().parse::<url::Url>().unwrap();
    let prices = format!(
        "provider,model,valid_from,input_per_million,cached_per_million,output_per_million,source\n\
         {},scripted,2020-01-01T00:00:00Z,50000000,50000000,50000000,test\n",
        host.host_str().unwrap()
    );
    let imported = admin.post("/api/v1/prices/import", json!({ "list": prices })).await;
    assert!(imported.status.is_success(), "{imported:?}");
    ask(&admin, &case, QUESTION).await;
    let again = ask(&admin, &case, QUESTION).await;
    let report = admin.get("/api/v1/usage?by=purpose").await.body;
    let lines = report["lines"].as_array().unwrap();
    let line = |label: &str| lines.iter().find(|line| line["label"] == label).cloned();
    let (paid, saved) = (line("answer").unwrap(), line("cache").unwrap());
    assert!(paid["cost_paise"].as_i64() > Some(0), "{report}");
    assert_eq!(saved["cost_paise"], 0, "{report}");
    assert_eq!(saved["saved_paise"], paid["cost_paise"], "{report}");

    let first = admin.get("/api/v1/conversations").await.body;
    assert!(first.to_string().contains("limitation"), "{first}");
    for message in [again["id"].clone(), answered_first(&app, &admin).await] {
        let path = format!("/api/v1/messages/{}/feedback", message.as_str().unwrap());
        let judged = admin.put(&path, json!({ "helpful": false, "reason": "wrong" })).await;
        assert!(judged.status.is_success(), "{judged:?}");
    }
    let before = asked(&llm);
    ask(&admin, &case, QUESTION).await;
    assert_eq!(asked(&llm), before + 1);
}

/// The first answer of all conversations.
async fn answered_first(_app: &TestApp, caller: &Caller) -> Value {
    let list = caller.get("/api/v1/conversations").await.body;
    let all = list.as_array().or_else(|| list["conversations"].as_array()).unwrap().clone();
    let oldest = all.last().unwrap()["id"].as_str().unwrap().to_owned();
    let shown = caller.get(&format!("/api/v1/conversations/{oldest}")).await.body;
    let messages = shown["messages"].as_array().unwrap();
    messages.iter().find(|message| message["role"] == "answer").unwrap()["id"].clone()
}
