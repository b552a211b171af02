//! The viewer: what it asks for, and its pages in a real browser.

use std::time::Duration;

use axum::http::StatusCode;
use munshi::db::Dialect;
use serde_json::{Value, json};

use crate::on_both_engines;
use crate::support::browser::{Browser, serve};
use crate::support::{Caller, PASSWORD, TestApp};

const ORDER: &str = "sharma-v-kapoor/order-2026-07-17.pdf";
const SCAN: &str = "sharma-v-kapoor/return-memo-scan.pdf";

/// Uploads a text to a case and gives the document's id.
async fn text(caller: &Caller, case: &str, name: &str, text: &str) -> String {
    let path = format!("/api/v1/cases/{case}/documents");
    let received = caller.upload(&path, name, text.as_bytes()).await;
    assert_eq!(received.status, StatusCode::ACCEPTED, "{received:?}");
    received.body["document_id"].as_str().unwrap().to_owned()
}

/// Uploads a file of the sample chamber and gives the document's id.
async fn sample(caller: &Caller, case: &str, file: &str) -> String {
    let received = caller.upload_sample(case, file).await;
    assert_eq!(received.status, StatusCode::ACCEPTED, "{received:?}");
    received.body["document_id"].as_str().unwrap().to_owned()
}

fn named<'a>(names: &'a Value, kind: &str, text: &str) -> &'a Value {
    let names = names.as_array().unwrap();
    let fits = |name: &&Value| {
        name["kind"] == kind && name["text"].as_str().is_some_and(|words| words.contains(text))
    };
    names.iter().find(fits).unwrap_or_else(|| panic!("no {kind} `{text}` in {names:?}"))
}

on_both_engines! {
    async fn words_are_found_as_typed_and_else_in_other_forms(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        let id = text(&admin, &case, "note.txt", "The TENANT was\nnegligent. The tenants left.").await;
        app.settle().await;
        let root = format!("/api/v1/documents/{id}/versions/1/find");
        let found = admin.get(&format!("{root}?q=tenant%20was%20negl")).await;
        assert_eq!(found.body["as_typed"], true, "{found:?}");
        assert_eq!(found.body["hits"], json!([{ "page": 1, "start": 4, "end": 19 }]));
        assert_eq!(admin.get(&format!("{root}?q=TENANT")).await.body["hits"].as_array().unwrap().len(), 2);
        let loose = admin.get(&format!("{root}?q=tenancy%20leave%20negligently")).await;
        assert_eq!(loose.body["as_typed"], false, "{loose:?}");
        let none = admin.get(&format!("{root}?q=mortgage")).await;
        assert_eq!(none.body["hits"], json!([]), "{none:?}");
    }

    async fn a_page_tells_where_its_words_stand(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("Sharma v. Kapoor").await;
        let id = sample(&admin, &case, ORDER).await;
        app.settle().await;
        let page = admin.get(&format!("/api/v1/documents/{id}/versions/1/pages/1/words")).await;
        let whole = page.body["text"].as_str().unwrap();
        let words = page.body["words"].as_array().unwrap();
        assert!(words.len() > 50, "{page:?}");
        for word in words {
            let place = |name: &str| usize::try_from(word[name].as_u64().unwrap()).unwrap();
            assert!(whole.get(place("start")..place("end")).is_some(), "{word}");
            assert!(word["x1"].as_f64() >= word["x0"].as_f64(), "{word}");
        }
    }

    async fn what_a_document_names_is_found_in_other_files(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        let here = text(&admin, &case, "one.txt", "As held in 2024 INSC 835, bail is the rule. See 2024 INSC 835.").await;
        let there = text(&admin, &case, "two.txt", "Counsel relied on 2024 INSC 835 in reply.").await;
        app.settle().await;
        let names = admin.get(&format!("/api/v1/documents/{here}/versions/1/entities")).await;
        let name = named(&names.body, "citation", "2024 INSC 835");
        assert_eq!(name["places"].as_array().unwrap().len(), 2, "{name}");
        assert_eq!(name["elsewhere"], 1, "{name}");
        let normal = name["normal"].as_str().unwrap().replace(' ', "%20");
        let path = format!("/api/v1/occurrences?kind=citation&normal={normal}");
        let places = admin.get(&path).await;
        let places = places.body.as_array().unwrap();
        assert_eq!(places.len(), 3, "{places:?}");
        let other = places.iter().find(|place| place["document_id"] == there.as_str()).unwrap();
        assert_eq!(other["before"], "Counsel relied on ");
        assert_eq!(other["text"], "2024 INSC 835");
        let others = admin.get(&format!("{path}&except={here}")).await;
        assert_eq!(others.body.as_array().unwrap().len(), 1, "{others:?}");
    }

    async fn nothing_is_told_of_files_not_open_to_the_caller(app: TestApp) {
        let admin = app.admin().await;
        let closed = admin.open_case("Closed").await;
        let secret = text(&admin, &closed, "secret.txt", "Relied on 2024 INSC 835 here.").await;
        let outsider = app.person("outsider@example.in", "advocate", None).await;
        let own = outsider.open_case("Own").await;
        let mine = text(&outsider, &own, "mine.txt", "Held in 2024 INSC 835.").await;
        app.settle().await;
        let names = outsider.get(&format!("/api/v1/documents/{mine}/versions/1/entities")).await;
        assert_eq!(named(&names.body, "citation", "2024 INSC 835")["elsewhere"], 0, "{names:?}");
        let path = "/api/v1/occurrences?kind=citation&normal=2024%20INSC%20835";
        let places = outsider.get(path).await;
        assert_eq!(places.body.as_array().unwrap().len(), 1, "{places:?}");
        for part in ["find?q=relied", "entities", "outline", "pages/1/words"] {
            let answer = outsider.get(&format!("/api/v1/documents/{secret}/versions/1/{part}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{part}: {answer:?}");
        }
    }

    async fn a_client_finds_words_but_not_what_the_chamber_knows(app: TestApp) {
        let admin = app.admin().await;
        let client = admin.post("/api/v1/clients", json!({ "name": "Sharma", "kind": "firm" })).await;
        let client = client.body["id"].as_str().unwrap().to_owned();
        let case = admin.post("/api/v1/cases", json!({ "title": "A v. B", "client_id": client })).await;
        let case = case.body["id"].as_str().unwrap().to_owned();
        let id = text(&admin, &case, "notice.txt", "Notice under section 138.").await;
        app.settle().await;
        admin.post(&format!("/api/v1/documents/{id}/share"), json!({})).await;
        let caller = app.person("client@example.in", "client", Some(&client)).await;
        let root = format!("/api/v1/documents/{id}/versions/1");
        for open in ["find?q=notice", "outline", "pages/1/words"] {
            let answer = caller.get(&format!("{root}/{open}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{open}: {answer:?}");
        }
        for closed in ["entities", "ledger", "original"] {
            let answer = caller.get(&format!("{root}/{closed}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{closed}: {answer:?}");
        }
        let elsewhere = caller.get("/api/v1/occurrences?kind=section&normal=SECTION%20138").await;
        assert_eq!(elsewhere.status, StatusCode::NOT_FOUND, "{elsewhere:?}");
    }
}

/// Runs a script until it gives `true`.
async fn waits_for(browser: &Browser, script: &str) {
    for _ in 0..150 {
        let answer = browser.driver.execute(script, Vec::new()).await.unwrap();
        if answer.json() == &json!(true) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let address = browser.driver.current_url().await.unwrap();
    panic!("`{script}` did not come true on {address}");
}

/// What a script gives, as text.
async fn said(browser: &Browser, script: &str) -> String {
    let answer = browser.driver.execute(script, Vec::new()).await.unwrap();
    answer.json().as_str().unwrap_or_default().to_owned()
}

async fn signed_in(app: &TestApp) -> Browser {
    let address = serve(app).await;
    let browser = Browser::open(&address).await;
    browser.sign_in("admin@example.in", PASSWORD).await;
    browser.sees("Your cases").await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn find_counts_marks_and_steps_through_the_places() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let admin = app.admin().await;
    let case = admin.open_case("Sharma v. Kapoor").await;
    let id = sample(&admin, &case, ORDER).await;
    app.settle().await;
    let found = admin.get(&format!("/api/v1/documents/{id}/versions/1/find?q=limitation")).await;
    let count = found.body["hits"].as_array().unwrap().len();
    assert!(count > 2, "{found:?}");

    let browser = signed_in(&app).await;
    browser.go(&format!("/documents/{id}")).await;
    browser.type_into("[data-find] input", "limitation").await;
    browser.sees(&format!("1 of {count}")).await;
    let marked = "const mark = document.querySelector('.mark.now');\
        if (!mark) return false;\
        const box = mark.getBoundingClientRect();\
        return box.width > 4 && box.top >= 0 && box.bottom <= innerHeight;";
    waits_for(&browser, marked).await;
    browser.click("[data-hit='1']").await;
    browser.sees(&format!("2 of {count}")).await;
    waits_for(&browser, marked).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_is_selected_over_a_page_and_over_a_scan() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let admin = app.admin().await;
    let case = admin.open_case("Sharma v. Kapoor").await;
    let documents = [sample(&admin, &case, ORDER).await, sample(&admin, &case, SCAN).await];
    app.settle().await;
    let browser = signed_in(&app).await;
    for id in documents {
        browser.go(&format!("/documents/{id}")).await;
        waits_for(&browser, "return document.querySelectorAll('#page-1 .words span').length > 5")
            .await;
        // What is copied from the whole layer is the page's text, but for white space.
        let copied = said(
            &browser,
            "const layer = document.querySelector('#page-1 .words');\
             getSelection().selectAllChildren(layer);\
             const event = new ClipboardEvent('copy',\
                 { clipboardData: new DataTransfer(), bubbles: true, cancelable: true });\
             layer.dispatchEvent(event);\
             return event.clipboardData.getData('text/plain');",
        )
        .await;
        let page = admin.get(&format!("/api/v1/documents/{id}/versions/1/pages/1/words")).await;
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&copied), words(page.body["text"].as_str().unwrap()));
        // Each run of text stands where its words do, as wide as they are.
        let fits = "const page = document.querySelector('#page-1 .paper').getBoundingClientRect();\
            return [...document.querySelectorAll('#page-1 .words span')].every((span) => {\
                const box = span.getBoundingClientRect();\
                return box.left >= page.left - 2 && box.right <= page.right + 2 && box.width > 0;\
            });";
        waits_for(&browser, fits).await;
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_citation_leads_to_its_place_here_and_to_another_file() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let admin = app.admin().await;
    let case = admin.open_case("A v. B").await;
    let here = text(&admin, &case, "one.txt", "As held in 2024 INSC 835, bail is the rule.").await;
    text(&admin, &case, "two.txt", "Counsel relied on 2024 INSC 835 in reply.").await;
    app.settle().await;
    let browser = signed_in(&app).await;
    browser.go(&format!("/documents/{here}")).await;
    browser.click("#names .name").await;
    browser.find("#page-1 mark.cited").await;
    browser.click("#names .elsewhere").await;
    browser.sees("Counsel relied on 2024 INSC 835 in reply").await;
    browser.click("#names .places a").await;
    waits_for(&browser, "return document.querySelector('h1').textContent === 'two'").await;
    let marked = browser.find("#page-1 mark.cited").await.text().await.unwrap();
    assert_eq!(marked, "2024 INSC 835");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thumbnails_are_drawn_and_a_larger_page_is_drawn_sharper() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let admin = app.admin().await;
    let case = admin.open_case("Sharma v. Kapoor").await;
    let id = sample(&admin, &case, ORDER).await;
    app.settle().await;
    let browser = signed_in(&app).await;
    browser.go(&format!("/documents/{id}")).await;
    waits_for(
        &browser,
        "const first = document.querySelector('.thumbs img');\
         return first.complete && first.naturalWidth > 100 && first.naturalWidth < 500;",
    )
    .await;
    let loaded = "const image = document.querySelector('#page-1 img');\
        return image.complete && image.naturalWidth > 0;";
    waits_for(&browser, loaded).await;
    let width = "return String(document.querySelector('#page-1 img').naturalWidth)";
    let before: u32 = said(&browser, width).await.parse().unwrap();
    for _ in 0..6 {
        browser.click("[data-zoom='1']").await;
    }
    let larger = format!("return document.querySelector('#page-1 img').naturalWidth > {before}");
    waits_for(&browser, &larger).await;
    browser.click("[data-zoom='0']").await;
    browser.sees("Fit").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deep_link_lands_on_its_passage_though_pages_load_late() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let admin = app.admin().await;
    let case = admin.open_case("Sharma v. Kapoor").await;
    let id = sample(&admin, &case, ORDER).await;
    app.settle().await;
    let found = admin.get(&format!("/api/v1/documents/{id}/versions/1/find?q=limitation")).await;
    let place = found.body["hits"].as_array().unwrap().last().unwrap().clone();
    let (page, start, end) = (&place["page"], &place["start"], &place["end"]);
    assert_ne!(page, 1, "{place}");
    let browser = signed_in(&app).await;
    browser
        .go(&format!("/documents/{id}?version=1&page={page}&start={start}&end={end}#page-{page}"))
        .await;
    let landed = format!(
        "const mark = document.querySelector('#page-{page} .mark.cited');\
         if (!mark) return false;\
         const box = mark.getBoundingClientRect();\
         const image = document.querySelector('#page-{page} img');\
         return box.width > 4 && box.top >= 0 && box.bottom <= innerHeight && image.naturalWidth > 0;"
    );
    waits_for(&browser, &landed).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_versions_are_compared_side_by_side() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let admin = app.admin().await;
    let case = admin.open_case("A v. B").await;
    let id =
        text(&admin, &case, "deed.txt", "1. The rent is Rs. 10,000 a month.\n\n2. One year.").await;
    app.settle().await;
    let path = format!("/api/v1/documents/{id}/versions");
    admin.upload(&path, "deed.txt", b"1. The rent is Rs. 12,000 a month.\n\n2. One year.").await;
    app.settle().await;
    let browser = signed_in(&app).await;
    browser.go(&format!("/documents/{id}/changes?from=1&to=2")).await;
    browser.sees("1 paragraph changed.").await;
    assert_eq!(browser.find(".compare del").await.text().await.unwrap(), "10,000");
    assert_eq!(browser.find(".compare ins").await.text().await.unwrap(), "12,000");
    browser.sees("1 paragraph is the same").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_typed_in_by_hand_and_shows_it() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let admin = app.admin().await;
    let case = admin.open_case("Sharma v. Kapoor").await;
    let id = sample(&admin, &case, SCAN).await;
    app.settle().await;
    let browser = signed_in(&app).await;
    browser.go(&format!("/documents/{id}")).await;
    browser.click("#tab-ledger").await;
    browser.click("[data-line='1'] a").await;
    browser.click("[data-line='1'] [data-type='1']").await;
    let field = browser.find("form.transcript textarea").await;
    field.clear().await.unwrap();
    field.send_keys("Written by hand: paid in full.").await.unwrap();
    browser.click("form.transcript button.primary").await;
    browser.sees("typed in by hand").await;
    let page = admin.get(&format!("/api/v1/documents/{id}/versions/1/pages/1")).await;
    assert!(page.body["text"].as_str().unwrap().contains("paid in full"), "{page:?}");
    browser.close().await;
}
