//! Asking, with a model, without one, and with one that fails.

use std::time::Duration;

use munshi::db::Dialect;
use serde_json::{Value, json};

use crate::on_both_engines;
use crate::support::scripted_llm::{Script, ScriptedLlm};
use crate::support::{Caller, TestApp};

const QUESTION: &str = "What did the court hold on limitation?";
const ORDER: &str = "sharma-v-kapoor/order-2026-07-17.pdf";

/// A chamber with the sample order, and the settings of a model.
async fn chamber(settings: &str) -> (TestApp, Caller, String) {
    let app = TestApp::start_with(Dialect::Sqlite, settings).await;
    let (admin, case) = with_order(&app).await;
    (app, admin, case)
}

async fn with_order(app: &TestApp) -> (Caller, String) {
    let admin = app.admin().await;
    let case = admin.open_case("Sharma v. Kapoor").await;
    admin.upload_sample(&case, ORDER).await;
    app.settle().await;
    (admin, case)
}

fn model_at(url: &str) -> String {
    format!(
        "llm.base_url = {url:?}\nllm.model = \"scripted\"\nllm.api_key = \"k\"\nllm.connect_secs = 1\n\
         llm.first_token_secs = 1\nllm.idle_secs = 1\nllm.total_secs = 5"
    )
}

/// Every quotation of an answer stands on the page it cites.
async fn every_quotation_stands_on_its_page(caller: &Caller, answer: &Value) -> usize {
    let mut count = 0;
    for citation in answer["citations"].as_array().unwrap() {
        let Some(quote) = citation["quote"].as_str() else { continue };
        let path = format!(
            "/api/v1/documents/{}/versions/{}/pages/{}?start={}&end={}",
            citation["document_id"].as_str().unwrap(),
            citation["version"],
            citation["page"],
            citation["start"],
            citation["end"]
        );
        let page = caller.get(&path).await.body;
        let words =
            |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
        let text = words(page["text"].as_str().unwrap());
        // A quotation over a page's end is marked on its first page.
        let head: String = words(quote).chars().take(40).collect();
        assert!(text.contains(&head), "{quote}\n not in \n{text}");
        assert!(!page["marks"].as_array().unwrap().is_empty(), "{citation}");
        count += 1;
    }
    count
}

on_both_engines! {
    async fn without_a_model_the_documents_answer(app: TestApp) {
        let (admin, case) = with_order(&app).await;
        let answer = admin.post("/api/v1/ask", json!({ "question": QUESTION, "case_id": case })).await.body;
        assert_eq!(answer["status"], "done", "{answer}");
        assert!(answer["label"].as_str().unwrap().contains("without a language model"), "{answer}");
        assert!(answer["text"].as_str().unwrap().contains("limitation"), "{answer}");
        assert!(answer["coverage"].as_str().unwrap().starts_with("Searched 1 document, 7 pages"), "{answer}");
        assert!(every_quotation_stands_on_its_page(&admin, &answer).await > 0, "{answer}");
    }

    async fn what_is_not_there_is_not_found(app: TestApp) {
        let (admin, case) = with_order(&app).await;
        let question = "Which breed of dog won the championship in Helsinki?";
        let answer = admin.post("/api/v1/ask", json!({ "question": question, "case_id": case })).await.body;
        assert!(answer["text"].as_str().unwrap().contains("Not found in these documents"), "{answer}");
    }

    async fn a_bad_question_gets_clear_words(app: TestApp) {
        let admin = app.admin().await;
        let empty = admin.post("/api/v1/ask", json!({ "question": "  " })).await;
        assert_eq!(empty.status, 422, "{empty:?}");
        let long = admin.post("/api/v1/ask", json!({ "question": "x".repeat(5000) })).await;
        assert_eq!(long.status, 422, "{long:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_answers_with_checked_quotations_and_is_paid_for() {
    let text = "The court decided the point [1]. \"The suit was filed by the man in the moon\" [1]. \
                \"The Court accordingly holds that the suit is within limitation\" [1].";
    let llm = ScriptedLlm::start(vec![Script::say(text)]).await.unwrap();
    let (_app, admin, case) = chamber(&model_at(&llm.base_url())).await;
    let answer =
        admin.post("/api/v1/ask", json!({ "question": QUESTION, "case_id": case })).await.body;
    assert_eq!(answer["label"], "Answered by scripted", "{answer}");
    let shown = answer["text"].as_str().unwrap();
    assert!(!shown.contains("man in the moon"), "{answer}");
    assert!(shown.contains("the suit is within limitation"), "{answer}");
    assert_eq!(answer["removed"][0]["what"], "quotation", "{answer}");
    assert_eq!(every_quotation_stands_on_its_page(&admin, &answer).await, 1);
    assert_eq!(llm.requests().len(), 1);

    let report = admin.get("/api/v1/usage?by=model").await.body;
    let lines = report["lines"].as_array().unwrap();
    let line = lines.iter().find(|line| line["label"].as_str().unwrap().ends_with("scripted"));
    let line = line.unwrap_or_else(|| panic!("{report}"));
    assert_eq!(line["calls"], 1);
    assert!(
        line["tokens_in"].as_i64() > Some(0) && line["tokens_out"].as_i64() > Some(0),
        "{line}"
    );
}

/// Whatever the endpoint does, an answer comes from the documents and says so.
#[tokio::test(flavor = "multi_thread")]
async fn any_failure_of_the_model_ends_in_an_answer() {
    for (shape, script) in [
        ("401", Script::status(401)),
        ("429", Script::status(429)),
        ("500", Script::status(500)),
        ("529", Script::status(529)),
        ("hang up", Script::HangUp),
        ("stall before", Script::StallBefore),
        ("stall after", Script::StallAfter("The court decided ".into())),
        ("cut after", Script::CutAfter("The court decided ".into())),
        ("garbage", Script::Garbage),
    ] {
        let llm = ScriptedLlm::start(vec![script]).await.unwrap();
        let (_app, admin, case) = chamber(&model_at(&llm.base_url())).await;
        let asking = admin.post("/api/v1/ask", json!({ "question": QUESTION, "case_id": case }));
        let answer = tokio::time::timeout(Duration::from_secs(20), asking).await.expect(shape).body;
        assert_eq!(answer["status"], "done", "{shape}: {answer}");
        let label = answer["label"].as_str().unwrap();
        assert!(label.contains("documents"), "{shape}: {label}");
        assert!(answer["text"].as_str().unwrap().contains("limitation"), "{shape}: {answer}");
        assert!(every_quotation_stands_on_its_page(&admin, &answer).await > 0, "{shape}");
        let report = admin.get("/api/v1/usage?by=model").await.body;
        assert!(report["total"]["failed"].as_i64() > Some(0), "{shape}: {report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_refuses_the_connection_ends_in_an_answer() {
    let (_app, admin, case) = chamber(&model_at("http://127.0.0.1:9/v1")).await;
    let answer =
        admin.post("/api/v1/ask", json!({ "question": QUESTION, "case_id": case })).await.body;
    assert!(answer["label"].as_str().unwrap().contains("without a language model"), "{answer}");
    assert!(every_quotation_stands_on_its_page(&admin, &answer).await > 0);
}

/// The events of an answer come in order and can be taken up in the middle.
#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_stream_is_taken_up_where_it_broke() {
    let (_app, admin, case) = chamber("").await;
    let asked = admin
        .post("/api/v1/questions", json!({ "question": QUESTION, "case_id": case }))
        .await
        .body;
    let path = asked["events"].as_str().unwrap();
    let whole = admin.get(path).await.text;
    let kinds: Vec<&str> =
        whole.lines().filter_map(|line| line.strip_prefix("event:")).map(str::trim).collect();
    assert_eq!(kinds.first(), Some(&"status"), "{whole}");
    assert_eq!(kinds.last(), Some(&"done"), "{whole}");
    for needed in ["passages", "delta", "citation"] {
        assert!(kinds.contains(&needed), "{needed}: {whole}");
    }
}
