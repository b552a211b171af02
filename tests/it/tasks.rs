//! Tasks on whole documents, with a model, without one, and with one that fails.

use std::time::Duration;

use axum::http::StatusCode;
use munshi::db::Dialect;
use serde_json::{Value, json};

use crate::on_both_engines;
use crate::support::pages::Pages;
use crate::support::scripted_llm::{Script, ScriptedLlm};
use crate::support::{Caller, TestApp, test_data};

const ORDER: &str = "sharma-v-kapoor/order-2026-07-17.pdf";
const PLAINT: &str = "sharma-v-kapoor/plaint.pdf";
const NOTICE: &str = "sharma-v-kapoor/legal-notice-2024-10-05.pdf";
const WORKS: &str = "lotus-v-greenfield/works-agreement.docx";

fn model_at(url: &str) -> String {
    format!(
        "llm.base_url = {url:?}\nllm.model = \"scripted\"\nllm.api_key = \"k\"\nllm.connect_secs = 1\n\
         llm.first_token_secs = 4\nllm.idle_secs = 4\nllm.total_secs = 10"
    )
}

/// A case with samples of the chamber, and their documents.
async fn with(app: &TestApp, files: &[&str]) -> (Caller, String, Vec<String>) {
    let admin = app.admin().await;
    let case = admin.open_case("Sharma v. Kapoor").await;
    let mut documents = Vec::new();
    for file in files {
        let received = admin.upload_sample(&case, file).await;
        documents.push(received.body["document_id"].as_str().unwrap().to_owned());
    }
    app.settle().await;
    (admin, case, documents)
}

/// Begins a task and waits for its answer; the answer, and the events on the way.
async fn done(caller: &Caller, case: &str, task: Value) -> (Value, String) {
    let asked = caller.post(&format!("/api/v1/cases/{case}/tasks"), task).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{asked:?}");
    let events = caller.get(asked.body["events"].as_str().unwrap());
    let events = tokio::time::timeout(Duration::from_mins(2), events).await.unwrap().text;
    let message = asked.body["message_id"].as_str().unwrap();
    let answer = caller.get(&format!("/api/v1/messages/{message}")).await.body;
    (answer, events)
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
        let letters =
            |text: &str| -> String { text.chars().filter(char::is_ascii_alphanumeric).collect() };
        let offset = |end: &str| usize::try_from(citation[end].as_u64().unwrap()).unwrap();
        let marked = letters(&page["text"].as_str().unwrap()[offset("start")..offset("end")]);
        // A quotation over a page's end is marked on its first page, as far as it stands there.
        assert!(!marked.is_empty() && letters(quote).starts_with(&marked), "{quote}\n{marked}");
        count += 1;
    }
    count
}

fn text(answer: &Value) -> &str {
    answer["text"].as_str().unwrap()
}

fn is_by_rules(answer: &Value) {
    assert_eq!(answer["status"], "done", "{answer}");
    assert!(answer["label"].as_str().unwrap().contains("without a language model"), "{answer}");
    assert_eq!(answer["removed"], json!([]), "{answer}");
}

on_both_engines! {
    async fn a_summary_by_rules_quotes_what_was_decided(app: TestApp) {
        let (admin, case, _) = with(&app, &[ORDER]).await;
        let (answer, events) = done(&admin, &case, json!({ "kind": "summary" })).await;
        is_by_rules(&answer);
        assert!(text(&answer).contains("What was decided"), "{answer}");
        assert!(text(&answer).contains("is allowed in part"), "{answer}");
        assert!(answer["coverage"].as_str().unwrap().starts_with("Read the whole of"), "{answer}");
        assert_eq!(answer["task"]["kind"], "summary", "{answer}");
        assert!(events.contains("Reading 7 pages"), "{events}");
        assert!(answer["verification"]["verified"].as_u64() >= Some(5), "{answer}");
        assert!(every_quotation_stands_on_its_page(&admin, &answer).await >= 5, "{answer}");
        let usage = admin.get("/api/v1/usage?by=model").await.body;
        assert_eq!(usage["total"]["extractive"], 1, "{usage}");
    }

    async fn a_list_of_dates_is_in_order_and_quotes_each_line(app: TestApp) {
        let (admin, case, _) = with(&app, &[PLAINT, NOTICE]).await;
        let (answer, _) = done(&admin, &case, json!({ "kind": "chronology" })).await;
        is_by_rules(&answer);
        let place = |words: &str| text(&answer).find(words).unwrap_or_else(|| panic!("{words}: {answer}"));
        assert!(place("**28 March 2022**") < place("**16 August 2022**"), "{answer}");
        assert!(place("**16 August 2022**") < place("**18 September 2024**"), "{answer}");
        assert!(every_quotation_stands_on_its_page(&admin, &answer).await > 8, "{answer}");
    }

    async fn versions_are_compared_in_words(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        let path = format!("/api/v1/cases/{case}/documents");
        let old = b"1. The rent is Rs. 10,000 a month, payable in advance.\n\n2. The tenant shall not sub-let any part of the premises.\n\n3. The term is three years from the first of April.";
        let new = b"1. The rent is Rs. 12,000 a month, payable in advance.\n\n3. The term is three years from the first of April.\n\n4. Disputes go to an arbitrator at Jaipur.";
        let first = admin.upload(&path, "lease.txt", old).await;
        let id = first.body["document_id"].as_str().unwrap().to_owned();
        let second = admin.upload(&format!("/api/v1/documents/{id}/versions"), "lease.txt", new).await;
        assert!(second.status.is_success(), "{second:?}");
        app.settle().await;
        let task = json!({ "kind": "compare", "documents": [id], "from_version": 1, "to_version": 2 });
        let (answer, _) = done(&admin, &case, task).await;
        is_by_rules(&answer);
        for words in [
            "1 paragraph changed, 1 paragraph added, 1 paragraph removed",
            "Rs. 10,000 a month", "Rs. 12,000 a month",
            "Removed from page 1: \"2. The tenant shall not sub-let", "Added on page 1: \"4. Disputes go",
        ] {
            assert!(text(&answer).contains(words), "{words}: {answer}");
        }
        assert_eq!(every_quotation_stands_on_its_page(&admin, &answer).await, 4);
        let versions: Vec<i64> = answer["citations"].as_array().unwrap().iter()
            .map(|citation| citation["version"].as_i64().unwrap()).collect();
        assert_eq!(versions, [1, 2, 1, 2], "{answer}");
    }

    async fn an_agreement_is_reviewed_against_a_checklist(app: TestApp) {
        let (admin, case, documents) = with(&app, &[WORKS]).await;
        let task = json!({ "kind": "review", "documents": documents, "checklist": "services" });
        let (answer, _) = done(&admin, &case, task).await;
        is_by_rules(&answer);
        let listed = admin.get("/api/v1/checklists").await.body;
        let services = listed.as_array().unwrap().iter().find(|list| list["key"] == "services");
        for item in services.unwrap()["items"].as_array().unwrap() {
            let line = format!("**{}**: ", item["title"].as_str().unwrap());
            assert!(text(&answer).contains(&line), "{line}: {answer}");
        }
        assert!(text(&answer).contains(": not found. "), "{answer}");
        assert!(every_quotation_stands_on_its_page(&admin, &answer).await >= 3, "{answer}");
    }

    async fn a_notice_is_drafted_from_the_file_and_leaves_the_rest_blank(app: TestApp) {
        let (admin, case, documents) = with(&app, &[PLAINT]).await;
        let task = json!({ "kind": "draft", "draft": "cheque_notice", "documents": documents });
        let (answer, _) = done(&admin, &case, task).await;
        is_by_rules(&answer);
        for words in ["cheque no. 004417 [", "₹43,25,000 [", "Yamuna Valley Co-operative Bank [", "Funds Insufficient [", "18 September 2024 [", "[__] (name and address of the noticee)"] {
            assert!(text(&answer).contains(words), "{words}: {answer}");
        }
        // The plaint does not date the cheque in so many words: nothing is made up.
        assert!(text(&answer).contains(" dated [__] for "), "{answer}");
    }

    async fn what_a_task_lacks_is_said(app: TestApp) {
        let (admin, case, documents) = with(&app, &[NOTICE]).await;
        let path = format!("/api/v1/cases/{case}/tasks");
        for (task, words) in [
            (json!({ "kind": "compare", "documents": documents }), "two documents"),
            (json!({ "kind": "review", "documents": documents }), "checklist"),
            (json!({ "kind": "review", "documents": documents, "checklist": "no such" }), "checklist"),
            (json!({ "kind": "draft" }), "what to draft"),
            (json!({ "kind": "summary", "instructions": "x".repeat(3000) }), "longer than"),
        ] {
            let refused = admin.post(&path, task).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
            assert_eq!(refused.body["type"], "/problems/task-refused", "{refused:?}");
            assert!(refused.body["detail"].as_str().unwrap().contains(words), "{refused:?}");
        }
        // A document of another case is not there.
        let other = admin.open_case("C v. D").await;
        let task = json!({ "kind": "summary", "documents": documents });
        let refused = admin.post(&format!("/api/v1/cases/{other}/tasks"), task.clone()).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{refused:?}");
        // Nor is the case, to who is not in it.
        let advocate = app.person("adv@example.in", "advocate", None).await;
        let refused = advocate.post(&path, task).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{refused:?}");
    }

    async fn the_form_asks_and_leads_to_the_answer(app: TestApp) {
        let (_, case, documents) = with(&app, &[NOTICE]).await;
        let mut pages = Pages::default();
        pages.sign_in(&app, "admin@example.in").await;
        let form = pages.get(&app, &format!("/cases/{case}/tasks?kind=draft&document={}", documents[0])).await;
        assert_eq!(form.status, StatusCode::OK);
        assert!(form.text.contains("value=\"draft\" required checked"), "{}", form.text);
        let csrf = form.field("csrf");
        let chosen = format!("document.{}", documents[0]);
        let sent = [("csrf", csrf.as_str()), ("kind", "draft"), ("draft", "cheque_notice"), (chosen.as_str(), "1"), ("from", ""), ("to", "")];
        let asked = pages.post(&app, &format!("/cases/{case}/tasks"), &sent).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
        let answered = async {
            loop {
                let page = pages.get(&app, asked.to()).await;
                if page.text.contains("Notice under section 138 of the") {
                    break page.text;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let page = tokio::time::timeout(Duration::from_mins(1), answered).await.expect("it is answered");
        assert!(page.contains("004417") && page.contains("class=\"cite\""), "{page}");
    }
}

/// Real judgments, without a model: something is held in each, and every quotation stands.
#[tokio::test(flavor = "multi_thread")]
async fn holdings_of_real_judgments_stand_on_their_pages() {
    let Some(folder) = test_data("legal-pdf/in-sc-indiankanoon/2022") else { return };
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|it| it.eq_ignore_ascii_case("pdf")));
    files.sort_by_key(|path| std::fs::metadata(path).unwrap().len());
    let app = TestApp::start(Dialect::Sqlite).await;
    let admin = app.admin().await;
    let mut quoted = 0;
    for path in files.iter().take(3) {
        let case = admin.open_case("A judgment").await;
        let bytes = std::fs::read(path).unwrap();
        admin.upload(&format!("/api/v1/cases/{case}/documents"), "judgment.pdf", &bytes).await;
        app.settle().await;
        for kind in ["holdings", "summary", "directions"] {
            let (answer, _) = done(&admin, &case, json!({ "kind": kind })).await;
            is_by_rules(&answer);
            let count = every_quotation_stands_on_its_page(&admin, &answer).await;
            println!("{}: {kind}, {count} quotations", path.display());
            assert!(count > 0 || kind == "directions", "{kind}: {answer}");
            quoted += count;
        }
    }
    assert!(quoted >= 20, "{quoted}");
}

/// A paper too long for one prompt: each paragraph says something of its own.
fn long_paper() -> String {
    let paragraph = |number: u32| {
        format!(
            "{number}. The plaintiff delivered lot {number} of cotton yarn at the godown at Okhla, and \
             the defendant signed challan {} for it without any protest as to weight or quality. The \
             price of that lot was to be paid within forty-five days of the invoice, and the storekeeper \
             of the defendant wrote in the register that lot {number} had come in good order.\n\n",
            number * 7
        )
    };
    (1..=160).map(paragraph).collect()
}

async fn with_long_paper(app: &TestApp, caller: &Caller) -> String {
    let case = caller.open_case("Long v. Paper").await;
    let path = format!("/api/v1/cases/{case}/documents");
    let received = app.admin().await.upload(&path, "ledger.txt", long_paper().as_bytes()).await;
    assert!(received.status.is_success(), "{received:?}");
    app.settle().await;
    case
}

fn said(body: &Value, role: &str) -> String {
    let messages = body["messages"].as_array().unwrap();
    let of_role = messages.iter().filter(|message| message["role"] == role);
    of_role.filter_map(|message| message["content"].as_str()).collect()
}

fn stage(body: &Value) -> &'static str {
    let system = said(body, "system");
    match () {
        () if system.contains("This is part") => "part",
        () if system.contains("Join them into fewer") => "join",
        () if system.contains("Write the whole from them") => "final",
        () => "whole",
    }
}

/// Notes of the first passage of a part, quoted with its own number, and a forged one.
fn notes(body: &Value) -> String {
    let user = said(body, "user");
    let (_, rest) = user.split_once("<passage number=\"").unwrap();
    let number = rest.split('"').next().unwrap();
    let (_, inside) = rest.split_once(">\n").unwrap();
    let (_, lot) = inside.split_once("The plaintiff delivered lot ").unwrap();
    let lot = lot.split(' ').next().unwrap();
    format!(
        "- \"The plaintiff delivered lot {lot} of cotton yarn at the godown at Okhla\" [{number}].\n\
         - \"The defendant confessed to everything\" [{number}].\n"
    )
}

/// Repeats the notes, and forges a quotation of its own.
fn whole(body: &Value) -> String {
    let user = said(body, "user");
    assert!(!user.contains("confessed"), "forged notes reach nobody: {user}");
    let lines: Vec<&str> = user.lines().filter(|line| line.starts_with("- \"")).collect();
    format!("Lots were delivered.\n{}\n\"The suit is hereby withdrawn\" [1].", lines.join("\n"))
}

fn honest() -> Script {
    Script::reply(|body| if stage(body) == "part" { notes(body) } else { whole(body) })
}

async fn long_summary(
    dialect: Dialect,
    scripts: Vec<Script>,
) -> (Value, String, ScriptedLlm, Value) {
    let llm = ScriptedLlm::start(scripts).await.unwrap();
    let app = TestApp::start_with(dialect, &model_at(&llm.base_url())).await;
    let admin = app.admin().await;
    let case = with_long_paper(&app, &admin).await;
    let (answer, events) = done(&admin, &case, json!({ "kind": "summary" })).await;
    assert_eq!(answer["status"], "done", "{answer}");
    every_quotation_stands_on_its_page(&admin, &answer).await;
    let usage = admin.get("/api/v1/usage?by=model").await.body;
    (answer, events, llm, usage)
}

async fn a_long_paper_is_read_whole_in_parts(dialect: Dialect) {
    let (answer, events, llm, usage) = long_summary(dialect, vec![honest()]).await;
    assert_eq!(answer["label"], "Answered by scripted", "{answer}");
    let parts = llm.requests().iter().filter(|it| stage(&it.body) == "part").count();
    assert!(parts >= 3, "{parts}");
    let citations = answer["citations"].as_array().unwrap().iter();
    assert_eq!(citations.filter(|it| it["quote"].is_string()).count(), parts, "{answer}");
    // All of the paper was in some part.
    let read: String = llm.requests().iter().map(|it| said(&it.body, "user")).collect();
    for lot in 1..=160 {
        assert!(read.contains(&format!("delivered lot {lot} of cotton")), "{lot}");
    }
    assert!(!text(&answer).contains("withdrawn"), "{answer}");
    assert!(!text(&answer).contains("confessed"), "{answer}");
    assert_eq!(answer["removed"][0]["what"], "quotation", "{answer}");
    assert!(events.contains("Reading page 1 of "), "{events}");
    let lines = usage["lines"].as_array().unwrap();
    let line = lines.iter().find(|line| line["label"].as_str().unwrap().ends_with("scripted"));
    assert_eq!(line.unwrap()["calls"], json!(parts + 1), "{usage}");
}

async fn a_part_that_failed_is_named(dialect: Dialect) {
    let scripts = vec![honest(), Script::status(400), honest()];
    let (answer, _, _, _) = long_summary(dialect, scripts).await;
    let label = answer["label"].as_str().unwrap();
    assert_eq!(label, "Answered by scripted, but not all of it was read", "{answer}");
    assert!(
        text(&answer).contains("Not read, because the language model failed there: page"),
        "{answer}"
    );
}

async fn a_model_that_ends_midway_is_gone_on_without(dialect: Dialect) {
    let scripts = vec![honest(), Script::status(400)];
    let (answer, events, _, usage) = long_summary(dialect, scripts).await;
    assert!(answer["label"].as_str().unwrap().contains("without a language model"), "{answer}");
    assert!(events.contains("going on without it"), "{events}");
    assert!(text(&answer).contains("What it turns on"), "{answer}");
    assert_eq!(usage["total"]["extractive"], 1, "{usage}");
}

async fn a_final_that_breaks_off_is_kept_and_completed(dialect: Dialect) {
    let cut = "The order decides one question. \"The Court accordingly holds that the suit is within limitation\" [1]. And ";
    let llm = ScriptedLlm::start(vec![Script::CutAfter(cut.into())]).await.unwrap();
    let app = TestApp::start_with(dialect, &model_at(&llm.base_url())).await;
    let (admin, case, _) = with(&app, &[ORDER]).await;
    let (answer, _) = done(&admin, &case, json!({ "kind": "holdings" })).await;
    assert!(answer["label"].as_str().unwrap().starts_with("Begun by scripted"), "{answer}");
    assert!(text(&answer).contains("[The language model broke off here.]"), "{answer}");
    assert!(text(&answer).contains("Result:"), "{answer}");
    assert!(every_quotation_stands_on_its_page(&admin, &answer).await > 3, "{answer}");
}

async fn a_chronology_is_worded_and_its_quotes_stay(dialect: Dialect) {
    let llm = ScriptedLlm::start(vec![Script::reply(|body| {
        let lines = said(body, "user").matches("<line number=").count();
        let line = |number| match number {
            2 => "2: It says \"a forged thing\" [1].\n".to_owned(),
            number => format!("{number}: Something happened then.\n"),
        };
        (1..=lines).map(line).collect()
    })])
    .await
    .unwrap();
    let app = TestApp::start_with(dialect, &model_at(&llm.base_url())).await;
    let (admin, case, _) = with(&app, &[NOTICE]).await;
    let (answer, _) = done(&admin, &case, json!({ "kind": "chronology" })).await;
    assert_eq!(answer["label"], "Answered by scripted", "{answer}");
    assert!(text(&answer).contains(": Something happened then. \""), "{answer}");
    assert!(!text(&answer).contains("forged"), "{answer}");
    assert!(every_quotation_stands_on_its_page(&admin, &answer).await >= 5, "{answer}");
}

/// A wall raised between two parts ends the reading: no part after it is paid for.
async fn a_wall_raised_midway_stops_the_reading(dialect: Dialect) {
    let llm = ScriptedLlm::start(vec![honest(), Script::StallBefore]).await.unwrap();
    let settings = model_at(&llm.base_url())
        .replace("_secs = 4", "_secs = 600")
        .replace("total_secs = 10", "total_secs = 600");
    let app = TestApp::start_with(dialect, &settings).await;
    let admin = app.admin().await;
    let advocate = app.person("adv@example.in", "advocate", None).await;
    let case = with_long_paper(&app, &advocate).await;
    let task = json!({ "kind": "summary" });
    let asked = advocate.post(&format!("/api/v1/cases/{case}/tasks"), task).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{asked:?}");
    let chats = || llm.requests().iter().filter(|it| it.path.contains("chat")).count();
    let second = async {
        while chats() < 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), second).await.expect("the second part is asked");
    let users = admin.get("/api/v1/users").await.body;
    let user =
        users.as_array().unwrap().iter().find(|user| user["email"] == "adv@example.in").unwrap();
    let wall = json!({ "user_id": user["id"], "case_id": case, "reason": "conflict" });
    assert_eq!(admin.post("/api/v1/walls", wall).await.status, StatusCode::CREATED);
    let recorded = async {
        loop {
            let rows = admin.get("/api/v1/audit?action=question.answer").await.body;
            if let Some(row) = rows.as_array().and_then(|rows| rows.first()) {
                break row.clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let answered =
        tokio::time::timeout(Duration::from_secs(30), recorded).await.expect("it is over");
    assert_eq!(answered["details"]["stopped"], true, "{answered}");
    assert_eq!(chats(), 2);
    let message = asked.body["message_id"].as_str().unwrap();
    let closed = advocate.get(&format!("/api/v1/messages/{message}")).await;
    assert_eq!(closed.status, StatusCode::NOT_FOUND, "{closed:?}");
}

crate::on_both! {
    a_long_paper_is_read_whole_in_parts
    a_part_that_failed_is_named
    a_model_that_ends_midway_is_gone_on_without
    a_final_that_breaks_off_is_kept_and_completed
    a_chronology_is_worded_and_its_quotes_stay
    a_wall_raised_midway_stops_the_reading
}
