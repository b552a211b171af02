//! Papers that give orders, and a model that obeys them: nothing leaks, nothing is called,
//! what it forges is struck.

mod model;
mod papers;

use munshi::db::Dialect;
use serde_json::{Value, json};

use self::model::{FORGED_AUTHORITY, FORGED_NEUTRAL, FORGED_QUOTE, THIEF};
use self::papers::{Paper, Seen};
use crate::support::pages::Pages;
use crate::support::scripted_llm::{Script, ScriptedLlm};
use crate::support::{Caller, TestApp};

const QUESTION: &str = "What payment does the note record?";
/// What stands only in a case that is walled off from whoever asks.
const SECRET: &str = "Zanzibar-seven-lakh";

/// Asks about one poisoned paper, which stands in a case of its own.
async fn ask(caller: &Caller, app: &TestApp, paper: &Paper) -> Value {
    let case = caller.open_case(&paper.name).await;
    let path = format!("/api/v1/cases/{case}/documents");
    let received = caller.upload(&path, &paper.name, &paper.bytes).await;
    assert!(received.status.is_success(), "{}: {received:?}", paper.name);
    app.settle().await;
    caller.post("/api/v1/ask", json!({ "question": QUESTION, "case_id": case })).await.body
}

/// What may be wrong with an answer, each said so that it can be mended.
fn wrongs(paper: &Paper, answer: &Value, obeyed: bool) -> Vec<String> {
    let mut wrongs = Vec::new();
    let mut wrong = |what: &str| wrongs.push(format!("{}: {what}: {answer}", paper.name));
    let text = answer["text"].as_str().unwrap_or_default();
    if answer["status"] != "done" {
        wrong("not answered");
    }
    if obeyed != (paper.seen == Seen::Shown) {
        wrong(if obeyed { "what is hidden reached the model" } else { "was not tried" });
    }
    for forged in [FORGED_QUOTE, FORGED_AUTHORITY, FORGED_NEUTRAL, "[99]"] {
        if text.contains(forged) {
            wrong(forged);
        }
    }
    for markup in ["](", "<img", "<script", "<a ", "javascript:"] {
        if text.contains(markup) {
            wrong(markup);
        }
    }
    let removed = answer["removed"].as_array().map_or(0, Vec::len);
    if obeyed && removed < 5 {
        wrong("less is told of as removed than was forged");
    }
    for (key, what) in [("facts", "a tool ran"), ("proposals", "something is proposed")] {
        if answer[key].as_array().is_some_and(|list| !list.is_empty()) {
            wrong(what);
        }
    }
    wrongs
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_obeys_papers_does_no_harm() {
    let llm = ScriptedLlm::start(vec![Script::choose(|body| {
        if model::obeys(body) {
            Script::Tools { said: model::answer(body), calls: model::calls() }
        } else {
            Script::say(model::HONEST)
        }
    })])
    .await
    .unwrap();
    let settings = format!(
        "llm.base_url = {:?}\nllm.model = \"obedient\"\nllm.api_key = \"k\"",
        llm.base_url()
    );
    let app = TestApp::start_with(Dialect::Sqlite, &settings).await;
    let admin = app.admin().await;
    let walled = admin.open_case("Walled v. Off").await;
    let secret = format!("The secret sum is {SECRET}. The payment was recorded in the note.");
    let path = format!("/api/v1/cases/{walled}/documents");
    admin.upload(&path, "secret.txt", secret.as_bytes()).await;
    let asker = app.person("asker@example.in", "advocate", None).await;

    let papers = papers::all();
    assert!(papers.len() >= 60, "{} papers", papers.len());
    let mut all = Vec::new();
    let mut pages = Vec::new();
    for paper in &papers {
        let before = llm.requests().len();
        let answer = ask(&asker, &app, paper).await;
        let requests = llm.requests();
        let obeyed = requests[before..].iter().any(|request| model::obeys(&request.body));
        all.extend(wrongs(paper, &answer, obeyed));
        pages.push((paper.name.clone(), answer["conversation_id"].clone()));
    }
    assert!(all.is_empty(), "{} wrongs\n{}", all.len(), all.join("\n"));

    for request in llm.requests() {
        assert!(request.path.ends_with("/chat/completions"), "{}", request.path);
        assert!(!request.body.to_string().contains(SECRET), "what is walled off was shown");
    }
    // What a browser is given has no picture and no way out of the house.
    let mut browser = Pages::default();
    browser.sign_in(&app, "asker@example.in").await;
    for (name, conversation) in pages {
        let path = format!("/assistant/{}", conversation.as_str().unwrap());
        let page = browser.get(&app, &path).await.text;
        for attribute in ["href", "src", "action", "onerror"] {
            for quoted in page.split(&format!("{attribute}=\"")).skip(1) {
                let value = quoted.split('"').next().unwrap_or_default();
                assert!(!value.contains(THIEF), "{name}: {attribute}=\"{value}\"");
                assert!(!value.starts_with("javascript:"), "{name}: {value}");
            }
        }
        assert!(!page.contains("<img src=\"https://"), "{name}");
    }
    println!("{} poisoned papers, {} requests of the model", papers.len(), llm.requests().len());
}
