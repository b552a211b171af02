//! What an answer is made from: questions that go on, documents chosen, what is not found,
//! and the command that measures it.

use std::collections::BTreeSet;
use std::process::Command;

use munshi::assistant::{BUDGET_TOKENS, Question, Within};
use munshi::db::Dialect;
use munshi::kernel::DocumentId;
use serde_json::{Value, json};

use crate::on_both_engines;
use crate::support::TestApp;
use crate::support::scripted_llm::{Script, ScriptedLlm};

const LEASE: &str = "LEASE DEED\n\nThe tenant shall pay a rent of Rs. 45,000 for each month to the \
                     landlord.\n\nThe tenant shall not sublet the godown at Bhiwandi without leave.";
const LICENCE: &str = "LEAVE AND LICENCE\n\nThe licensee shall pay a fee of Rs. 9,000 for each month \
                       to the licensor.\n\nThe licensee shall insure the shop at Nashik against fire.";

/// A case with two documents.
async fn papers(app: &TestApp) -> (crate::support::Caller, String, [DocumentId; 2]) {
    let admin = app.admin().await;
    let case = admin.open_case("Premises").await;
    let path = format!("/api/v1/cases/{case}/documents");
    let mut ids = Vec::new();
    for (name, text) in [("Lease deed.txt", LEASE), ("Licence.txt", LICENCE)] {
        let sent = admin.upload(&path, name, text.as_bytes()).await;
        ids.push(sent.body["document_id"].as_str().unwrap().parse().unwrap());
    }
    app.settle().await;
    (admin, case, [ids[0], ids[1]])
}

on_both_engines! {
    async fn a_question_that_goes_on_is_answered_of_what_was_asked_before(app: TestApp) {
        let (admin, case, _) = papers(&app).await;
        let first = json!({ "question": "What rent shall the tenant pay for the godown?", "case_id": case });
        let first = admin.post("/api/v1/ask", first).await.body;
        assert!(first["text"].as_str().unwrap().contains("45,000"), "{first}");
        let next = json!({ "question": "and the licensee?", "conversation_id": first["conversation_id"] });
        let next = admin.post("/api/v1/ask", next).await.body;
        let sources = next["sources"].as_array().unwrap();
        assert!(sources.iter().any(|source| source["title"] == "Licence"), "{next}");
        assert!(next["text"].as_str().unwrap().contains("9,000"), "{next}");
    }

    async fn only_the_documents_chosen_are_asked(app: TestApp) {
        let (_, _, [lease, licence]) = papers(&app).await;
        let scope = app.app.auth.local_admin().await.unwrap();
        for (document, there) in [(lease, true), (licence, false)] {
            let text = "Shall the tenant sublet the godown at Bhiwandi?".to_owned();
            let within = Within { case: None, documents: Some(BTreeSet::from([document]).into()) };
            let assistant = &app.app.assistant;
            let gathered =
                assistant.gather(&scope, &within, &text, &[], BUDGET_TOKENS).await.unwrap();
            assert!(gathered.passages.iter().all(|passage| passage.document == document));
            assert_eq!(gathered.found, there, "{:?}", gathered.support);
            let question = Question { text, case: None, conversation: None };
            let only = Some(BTreeSet::from([document]));
            let asked = assistant.ask_of(&scope, question, only).await.unwrap();
            assistant.finished(asked).await;
            let answer = assistant.message(&scope, asked.message).await.unwrap();
            assert_eq!(answer.text.contains("Bhiwandi without leave"), there, "{}", answer.text);
            assert_eq!(answer.text.starts_with("Not found in these documents."), !there);
        }
    }

    async fn evidence_keeps_to_its_budget_and_brings_neighbours(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("Long").await;
        let path = format!("/api/v1/cases/{case}/documents");
        let mut text = String::new();
        for nth in 0..60 {
            let line = format!("Paragraph {nth} speaks of the weighbridge at Surat and of its repair. ");
            text.push_str(&line.repeat(8));
            text.push_str("\n\n");
        }
        admin.upload(&path, "Weighbridge.txt", text.as_bytes()).await;
        app.settle().await;
        let scope = app.app.auth.local_admin().await.unwrap();
        let mut sizes = Vec::new();
        for budget in [400, 1_600] {
            let question = "What is said of the weighbridge at Surat?";
            let assistant = &app.app.assistant;
            let gathered =
                assistant.gather(&scope, &Within::default(), question, &[], budget).await.unwrap();
            let tokens: u64 = gathered
                .passages
                .iter()
                .map(|passage| munshi::assistant::llm::count_tokens(&passage.text))
                .sum();
            assert!(tokens <= budget, "{tokens} of {budget}");
            let once: BTreeSet<_> = gathered.passages.iter().map(|passage| passage.id).collect();
            assert_eq!(once.len(), gathered.passages.len());
            sizes.push(gathered.passages.len());
        }
        assert!(sizes[0] > 0 && sizes[0] < sizes[1], "{sizes:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_found_is_not_asked_of_a_model() {
    let llm = ScriptedLlm::start(vec![Script::say("The dog was a poodle.")]).await.unwrap();
    let settings = format!(
        "llm.base_url = {:?}\nllm.model = \"scripted\"\nllm.api_key = \"k\"",
        llm.base_url()
    );
    let app = TestApp::start_with(Dialect::Sqlite, &settings).await;
    let (admin, case, _) = papers(&app).await;
    let question = "Which breed of dog won the championship in Helsinki?";
    let answer = admin.post("/api/v1/ask", json!({ "question": question, "case_id": case })).await;
    let text = answer.body["text"].as_str().unwrap();
    assert!(text.starts_with("Not found in these documents."), "{text}");
    assert!(text.contains("Looked for: ") && text.contains("Searched 2 documents"), "{text}");
    assert!(llm.requests().is_empty(), "a model was paid to say so");
}

/// Runs `munshi eval answers` over a set and gives its report.
fn measured(dir: &std::path::Path, more: &[&str]) -> Value {
    let done = Command::new(env!("CARGO_BIN_EXE_munshi"))
        .args(["eval", "answers", "--json"])
        .args(more)
        .arg(dir)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

#[test]
fn answers_are_measured_on_a_set() {
    let dir = tempfile::tempdir().unwrap();
    let document =
        |id: &str, text: &str| json!({ "id": id, "title": id, "text": text }).to_string();
    let corpus = [document("lease", LEASE), document("licence", LICENCE)].join("\n");
    std::fs::write(dir.path().join("corpus.jsonl"), corpus).unwrap();
    let start = LEASE.find("The tenant shall pay").unwrap();
    let end = LEASE.find("landlord.").unwrap() + "landlord.".len();
    let questions = [
        json!({ "id": "rent", "question": "What rent shall the tenant pay for each month?",
            "spans": [{ "document": "lease", "from": start, "to": end }], "within": ["lease"] }),
        json!({ "id": "dog", "question": "Which breed of dog won the championship in Helsinki?",
            "within": ["licence"], "answerable": false }),
    ];
    let lines = questions.map(|line| line.to_string()).join("\n");
    std::fs::write(dir.path().join("questions.jsonl"), lines).unwrap();
    let report = measured(dir.path(), &[]);
    let figures = &report["figures"];
    assert_eq!(report["unmeasured"], 0, "{report}");
    assert_eq!((&figures["answerable"], &figures["unanswerable"]), (&json!(1), &json!(1)));
    assert_eq!(figures["evidence_recall"], 1.0, "{report}");
    assert!(figures["citation_recall"].as_f64() > Some(0.9), "{report}");
    assert!(figures["citation_precision"].as_f64() > Some(0.4), "{report}");
    assert_eq!(figures["quotes_verified"], 1.0, "{report}");
    assert_eq!((&figures["refused"], &figures["refused_wrongly"]), (&json!(1.0), &json!(0.0)));
}
