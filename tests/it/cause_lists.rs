//! Cause lists: read from a paste and a PDF, compared with the cases of whoever reads
//! them, and accepted once.

use axum::http::StatusCode;
use chrono::{Days, NaiveDate};
use lopdf::content::{Content, Operation};
use lopdf::{Document, Object, Stream, dictionary};
use munshi::db::Dialect;
use munshi::kernel::{Clock, SystemClock, day_in_india};
use serde_json::{Value, json};

use crate::support::pages::Pages;
use crate::support::{Answer, Caller, TestApp};
use crate::{on_both, on_both_engines};

const LEAD: &str = "lead@example.in";
const LIST: &str = include_str!("../../fixtures/cause-lists/delhi-high-court.txt");

fn done(answer: &Answer) {
    assert!(answer.status.is_success(), "{answer:?}");
}

fn day(from_now: u64) -> NaiveDate {
    day_in_india(SystemClock.now()) + Days::new(from_now)
}

/// The fixture as the list of a day to come.
fn list(on: NaiveDate) -> String {
    LIST.replace("23.11.2026", &on.format("%d.%m.%Y").to_string())
}

async fn case(lead: &Caller) -> String {
    let new = json!({
        "title": "Sharma Traders v. Kapoor Textiles", "court": "Delhi High Court",
        "number": "CS(COMM) 412/2025",
    });
    lead.post("/api/v1/cases", new).await.body["id"].as_str().unwrap().to_owned()
}

async fn read(caller: &Caller, text: &str) -> String {
    let added = caller.post("/api/v1/cause-lists", json!({ "text": text })).await;
    assert_eq!(added.status, StatusCode::CREATED, "{added:?}");
    added.body["id"].as_str().unwrap().to_owned()
}

async fn review(caller: &Caller, id: &str) -> Value {
    let found = caller.get(&format!("/api/v1/cause-lists/{id}")).await;
    done(&found);
    found.body
}

async fn take(caller: &Caller, id: &str, entry: &Value, case: &str, action: &str) -> Answer {
    let body = json!({ "entry": entry, "case_id": case, "action": action });
    caller.post(&format!("/api/v1/cause-lists/{id}/entries"), body).await
}

async fn hearings(caller: &Caller, case: &str) -> Vec<Value> {
    let found = caller.get(&format!("/api/v1/cases/{case}/hearings")).await;
    found.body["hearings"].as_array().unwrap_or_else(|| panic!("{found:?}")).clone()
}

/// A PDF of lines of text.
fn pdf(text: &str) -> Vec<u8> {
    let mut file = Document::with_version("1.5");
    let pages = file.new_object_id();
    let font = file.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier",
    });
    let mut operations = vec![
        Operation::new("BT", vec![]),
        Operation::new("Tf", vec!["F1".into(), 9.into()]),
        Operation::new("TL", vec![12.into()]),
        Operation::new("Td", vec![40.into(), 800.into()]),
    ];
    for line in text.lines() {
        operations.push(Operation::new("Tj", vec![Object::string_literal(line)]));
        operations.push(Operation::new("T*", vec![]));
    }
    operations.push(Operation::new("ET", vec![]));
    let content = Content { operations }.encode().unwrap();
    let content = file.add_object(Stream::new(dictionary! {}, content));
    let page = file.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
    });
    let kids = vec![page.into()];
    file.objects.insert(
        pages,
        Object::Dictionary(dictionary! {
            "Type" => "Pages", "Kids" => kids, "Count" => 1,
        }),
    );
    let catalog = file.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    file.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).unwrap();
    bytes
}

on_both_engines! {
    async fn an_entry_of_ours_becomes_a_hearing_with_its_words(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let case = case(&lead).await;
        let id = read(&lead, &list(day(3))).await;
        let found = review(&lead, &id).await;
        assert_eq!(found["entries"], 6, "{found}");
        assert_eq!(found["list"]["court"], "High Court of Delhi at New Delhi");
        assert_eq!(found["ours"].as_array().map(Vec::len), Some(1), "{found}");
        let entry = &found["ours"][0];
        assert_eq!((entry["item"].as_str(), entry["court_hall"].as_str()), (Some("31"), Some("12")));
        let one = &entry["candidates"][0];
        assert_eq!((one["case_id"].as_str(), one["effect"].as_str()), (Some(case.as_str()), Some("add")));
        assert!(one["score"].as_u64() >= Some(95), "{one}");
        // Nothing is entered before it is accepted.
        assert!(hearings(&lead, &case).await.is_empty());
        let taken = take(&lead, &id, &entry["number"], &case, "accept").await;
        assert_eq!(taken.body["became"], "added", "{taken:?}");
        let again = take(&lead, &id, &entry["number"], &case, "accept").await;
        assert_eq!(again.body["became"], "already", "{again:?}");
        assert_eq!(again.body["hearing_id"], taken.body["hearing_id"]);
        let list = hearings(&lead, &case).await;
        assert_eq!(list.len(), 1);
        assert_eq!(list[0]["on_date"], day(3).to_string().as_str());
        assert_eq!(list[0]["source_kind"], "cause_list");
        assert!(list[0]["source_quote"].as_str().unwrap().contains("KAPOOR TEXTILES"), "{list:?}");
        // The same list read again confirms it.
        let second = read(&lead, &self::list(day(3))).await;
        let found = review(&lead, &second).await;
        assert_eq!(found["ours"][0]["candidates"][0]["effect"], "confirm", "{found}");
    }

    async fn a_list_that_contradicts_the_known_date_is_kept_beside_it(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let case = case(&lead).await;
        let known = json!({ "on_date": day(9) });
        done(&lead.post(&format!("/api/v1/cases/{case}/hearings"), known).await);
        let id = read(&lead, &list(day(3))).await;
        let found = review(&lead, &id).await;
        let entry = &found["ours"][0];
        assert_eq!(entry["candidates"][0]["effect"], "contradict", "{found}");
        assert_eq!(entry["candidates"][0]["known_date"], day(9).to_string().as_str());
        let kept = take(&lead, &id, &entry["number"], &case, "accept").await;
        assert_eq!(kept.body["became"], "kept", "{kept:?}");
        assert_eq!(hearings(&lead, &case).await.len(), 1);
        let warnings = lead.get(&format!("/api/v1/hearing-warnings?case={case}")).await.body;
        assert_eq!(warnings[0]["kind"], "contradiction", "{warnings}");
        // Of another list the same entry moves the hearing.
        let other = read(&lead, &list(day(4))).await;
        let found = review(&lead, &other).await;
        let moved = take(&lead, &other, &found["ours"][0]["number"], &case, "move").await;
        assert_eq!(moved.body["became"], "moved", "{moved:?}");
        let now = hearings(&lead, &case).await;
        assert_eq!((now[0]["on_date"].as_str(), now[0]["item"].as_str()), (Some(day(4).to_string().as_str()), Some("31")));
    }

    async fn a_list_of_a_day_that_is_past_contradicts_nothing_to_come(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let case = case(&lead).await;
        done(&lead.post(&format!("/api/v1/cases/{case}/hearings"), json!({ "on_date": day(9) })).await);
        let yesterday = day_in_india(SystemClock.now()) - Days::new(1);
        let id = read(&lead, &list(yesterday)).await;
        let found = review(&lead, &id).await;
        let entry = &found["ours"][0];
        assert_eq!(entry["candidates"][0]["effect"], "add", "{found}");
        let taken = take(&lead, &id, &entry["number"], &case, "accept").await;
        assert_eq!(taken.body["became"], "added", "{taken:?}");
        let warnings = lead.get(&format!("/api/v1/hearing-warnings?case={case}")).await.body;
        assert_eq!((warnings[0]["kind"].as_str(), warnings[1].as_object()), (Some("past"), None), "{warnings}");
    }

    async fn a_list_finds_no_case_of_others(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let case = case(&lead).await;
        let other = app.person("other@example.in", "advocate", None).await;
        let id = read(&other, &list(day(3))).await;
        let found = review(&other, &id).await;
        assert_eq!(found["ours"], json!([]), "{found}");
        assert!(!found.to_string().contains("Sharma"), "{found}");
        // Neither can they accept for it, nor can the lead see their list.
        let refused = take(&other, &id, &json!(4), &case, "accept").await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{refused:?}");
        let path = format!("/api/v1/cause-lists/{id}");
        assert_eq!(lead.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(lead.delete(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(lead.get("/api/v1/cause-lists").await.body, json!([]));
        // A wall that is raised takes the case out of the review at once.
        let own = read(&lead, &list(day(3))).await;
        assert_eq!(review(&lead, &own).await["ours"].as_array().map(Vec::len), Some(1));
        let admin = app.admin().await;
        let users = admin.get("/api/v1/users").await.body;
        let user = users.as_array().unwrap().iter().find(|user| user["email"] == LEAD).unwrap();
        let wall = json!({ "user_id": user["id"], "case_id": case, "reason": "conflict" });
        done(&admin.post("/api/v1/walls", wall).await);
        assert_eq!(review(&lead, &own).await["ours"], json!([]));
    }

    async fn a_list_comes_as_a_pdf_and_goes_when_it_is_removed(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let case = case(&lead).await;
        let added = lead.upload("/api/v1/cause-lists/file", "list.pdf", &pdf(&list(day(3)))).await;
        assert_eq!(added.status, StatusCode::CREATED, "{added:?}");
        let id = added.body["id"].as_str().unwrap().to_owned();
        let found = review(&lead, &id).await;
        assert_eq!(found["ours"][0]["candidates"][0]["case_id"], case.as_str(), "{found}");
        assert_eq!(found["list"]["on_date"], day(3).to_string().as_str());
        done(&lead.delete(&format!("/api/v1/cause-lists/{id}")).await);
        let found = review(&lead, &id).await;
        assert_eq!((&found["list"]["has_text"], &found["ours"]), (&json!(false), &json!([])));
        // What is no list is said to be none.
        let empty = lead.upload("/api/v1/cause-lists/file", "list.txt", b"").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{empty:?}");
        let undated = lead.post("/api/v1/cause-lists", json!({ "text": "nothing" })).await;
        assert_eq!(undated.status, StatusCode::BAD_REQUEST, "{undated:?}");
    }

    async fn the_review_page_accepts_and_ignores(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let case = case(&lead).await;
        let mut pages = Pages::default();
        pages.sign_in(&app, LEAD).await;
        let csrf = pages.csrf(&app).await;
        let text = list(day(3));
        let page = pages.post(&app, "/cause-lists", &[("csrf", csrf.as_str()), ("text", text.as_str())]).await;
        let path = page.to().to_owned();
        assert!(path.starts_with("/cause-lists/"), "{}", page.text);
        let shown = pages.get(&app, &path).await;
        assert!(shown.text.contains("Sharma Traders v. Kapoor Textiles"), "{}", shown.text);
        assert!(shown.text.contains("A hearing would be entered."), "{}", shown.text);
        let entry = shown.field("entry");
        for action in ["ignore", "accept"] {
            let form = [("csrf", csrf.as_str()), ("entry", entry.as_str()), ("case", case.as_str()), ("action", action)];
            assert_eq!(pages.post(&app, &format!("{path}/entries"), &form).await.to(), path);
        }
        assert_eq!(hearings(&lead, &case).await.len(), 1);
        let undated = pages.post(&app, "/cause-lists", &[("csrf", csrf.as_str()), ("text", "1. CS 5/2026 kept words")]).await;
        assert_eq!(undated.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(undated.text.contains("kept words") && undated.text.contains("enter the day"));
    }
}

async fn two_people_who_accept_at_once_make_one_hearing(dialect: Dialect) {
    let app = TestApp::start(dialect).await;
    let lead = app.person(LEAD, "advocate", None).await;
    let case = case(&lead).await;
    let admin = app.admin().await;
    let lists = [read(&lead, &list(day(3))).await, read(&admin, &list(day(3))).await];
    let callers = [&lead, &admin];
    let mut entries = Vec::new();
    for (caller, id) in callers.iter().zip(&lists) {
        entries.push(review(caller, id).await["ours"][0]["number"].clone());
    }
    let all = (0..8).map(|at| {
        let which = at % 2;
        take(callers[which], &lists[which], &entries[which], &case, "accept")
    });
    for answer in futures_util::future::join_all(all).await {
        done(&answer);
    }
    assert_eq!(hearings(&lead, &case).await.len(), 1);
}

on_both! {
    two_people_who_accept_at_once_make_one_hearing
}
