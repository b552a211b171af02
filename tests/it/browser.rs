//! The pages in a real browser, as an advocate, an admin and a client use them.

use munshi::db::Dialect;
use serde_json::json;
use thirtyfour::prelude::*;

use crate::support::browser::{Browser, serve};
use crate::support::{PASSWORD, TestApp, code_in, sample};

const ORDER: &str = "sharma-v-kapoor/order-2026-07-17.pdf";

/// Upload with live progress, search, the marked passage, an answer, its citation,
/// and what it cost.
#[tokio::test(flavor = "multi_thread")]
async fn an_advocate_finds_asks_and_sees_the_marked_passage() {
    let app = TestApp::start(Dialect::Sqlite).await;
    app.admin().await;
    let address = serve(&app).await;
    let browser = Browser::open(&address).await;
    browser.sign_in("admin@example.in", PASSWORD).await;
    browser.sees("No cases yet").await;

    browser.go("/cases/new").await;
    browser.type_into("input[name=title]", "Sharma v. Kapoor").await;
    browser.click("main form button.primary").await;
    browser.sees("Sharma v. Kapoor").await;
    browser.type_into("input[type=file]", &sample(ORDER).display().to_string()).await;
    browser.sees("Searchable by words and meaning").await;

    browser.go("/search?q=%22within+limitation%22").await;
    browser.sees("within limitation").await;
    browser.click("a.passage").await;
    assert_a_mark_is_in_view(&browser).await;

    browser.go("/assistant").await;
    browser.type_into("#question", "What did the court hold on limitation?").await;
    browser.click("[data-send]").await;
    browser.sees("without a language model").await;
    browser.sees("Searched 1 document, 7 pages").await;
    let cite = browser.find("article.answer a.cite").await;
    let href = cite.attr("href").await.unwrap().unwrap();
    browser.go(&href).await;
    assert_a_mark_is_in_view(&browser).await;

    browser.go("/admin/costs?by=model").await;
    browser.sees("documents / extractive").await;
    browser.close().await;
}

async fn assert_a_mark_is_in_view(browser: &Browser) {
    let mark = browser.find(".marks > *").await;
    for _ in 0..100 {
        let rect = mark.rect().await.unwrap();
        let shown = browser
            .driver
            .execute(
                "const r = arguments[0].getBoundingClientRect();\
                 const img = arguments[0].closest('[data-page]').querySelector('img');\
                 return r.width > 4 && r.height > 4 && r.top >= 0 && r.top < innerHeight\
                     && img.complete && img.naturalWidth > 0;",
                vec![mark.to_json().unwrap()],
            )
            .await
            .unwrap();
        if rect.width > 0.0 && shown.json() == &json!(true) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("no mark came into view on {}", browser.driver.current_url().await.unwrap());
}

/// The portal shows what was shared, and no way to anything else.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_reads_what_was_shared() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let admin = app.admin().await;
    let client =
        admin.post("/api/v1/clients", json!({ "name": "Sharma Traders", "kind": "firm" })).await;
    let client = client.body["id"].as_str().unwrap().to_owned();
    let case = admin
        .post("/api/v1/cases", json!({ "title": "Sharma v. Kapoor", "client_id": client }))
        .await;
    let case = case.body["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/cases/{case}/documents");
    let shared = admin.upload(&path, "shared notice.txt", b"The notice was served on 3 May.").await;
    admin.upload(&path, "privileged note.txt", b"Our weak point is limitation.").await;
    app.settle().await;
    let shared = shared.body["document_id"].as_str().unwrap();
    admin.post(&format!("/api/v1/documents/{shared}/share"), json!({})).await;
    app.person("client@example.in", "client", Some(&client)).await;

    let address = serve(&app).await;
    let browser = Browser::open(&address).await;
    let before = app.code_letter("client@example.in").await;
    browser.go("/portal/sign-in").await;
    browser.type_into("input[name=address]", "client@example.in").await;
    browser.click(".door form button").await;
    let letter = app.new_code_letter("client@example.in", before).await;
    browser.type_into("input[name=code]", &code_in(&letter)).await;
    browser.click(".door form button").await;
    browser.sees("shared notice").await;
    let body = browser.find("body").await.text().await.unwrap();
    assert!(!body.contains("privileged"), "{body}");
    browser.driver.find(By::LinkText("shared notice")).await.unwrap().click().await.unwrap();
    browser.sees("The notice was served on 3 May.").await;
    browser.go("/cases").await;
    browser.sees("Not here, or not open to you").await;
    browser.close().await;
}

/// Nothing on any page breaks the content-security policy or throws.
#[tokio::test(flavor = "multi_thread")]
async fn pages_load_without_complaint() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let admin = app.admin().await;
    let case = admin.open_case("A v. B").await;
    let address = serve(&app).await;
    let browser = Browser::open(&address).await;
    browser.sign_in("admin@example.in", PASSWORD).await;
    browser.sees("Your cases").await;
    for path in [
        "/",
        "/cases",
        "/cases/new",
        &format!("/cases/{case}"),
        "/search",
        "/search?q=bail",
        "/assistant",
        &format!("/cases/{case}/assistant"),
        "/admin/costs",
        "/admin/users",
        "/admin/work",
        "/admin/system",
        "/api/docs",
        "/password",
        "/account/devices",
        "/account/tokens",
    ] {
        browser.go(path).await;
        browser.find("main").await;
        let heading = browser.find("h1").await.text().await.unwrap();
        assert!(!heading.contains("wrong") && !heading.contains("Not here"), "{path}: {heading}");
    }
    browser.close().await;
}
