//! The assistant's pages: without scripts by their forms, and in a real browser on a
//! narrow screen and by keyboard.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use munshi::db::Dialect;
use serde_json::json;
use thirtyfour::extensions::cdp::ChromeDevTools;
use thirtyfour::prelude::*;

use crate::support::browser::{Browser, serve};
use crate::support::scripted_llm::{Script, ScriptedLlm};
use crate::support::{Caller, PASSWORD, TestApp};

const RENT: &str = "The tenant paid the rent of May in June. The landlord accepted it without \
                    protest. The tenancy ended in July.";
const FORM: &str = "application/x-www-form-urlencoded";

/// Someone at the pages, without scripts.
struct Reader {
    caller: Caller,
    cookie: String,
    csrf: String,
}

impl Reader {
    async fn of(app: &TestApp) -> Self {
        let caller = app.anonymous();
        let form = format!("email=admin%40example.in&password={}", PASSWORD.replace(' ', "+"));
        let signed = caller.reply(Method::POST, "/sign-in", form.into(), FORM, "").await;
        let cookie = signed.cookie("munshi_session");
        assert!(!cookie.is_empty(), "{signed:?}");
        let home = caller.reply(Method::GET, "/assistant", Body::empty(), FORM, &cookie).await;
        let csrf = home.text.split("name=\"csrf\" content=\"").nth(1).unwrap();
        let csrf = csrf.split('"').next().unwrap().to_owned();
        Self { caller, cookie, csrf }
    }

    async fn read(&self, path: &str) -> String {
        let cookie = &self.cookie;
        let page = self.caller.reply(Method::GET, path, Body::empty(), FORM, cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
        page.text
    }

    /// Sends a form; gives where it leads.
    async fn send(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("csrf", &self.csrf).extend_pairs(fields);
        let body = Body::from(body.finish());
        let sent = self.caller.reply(Method::POST, path, body, FORM, &self.cookie).await;
        assert!(sent.status.is_redirection(), "{path}: {} {}", sent.status, sent.text);
        sent.headers["location"].to_str().unwrap().to_owned()
    }
}

async fn with_paper(app: &TestApp) -> String {
    let admin = app.admin().await;
    let case = admin.open_case("Rao v. Iyer").await;
    let path = format!("/api/v1/cases/{case}/documents");
    assert!(admin.upload(&path, "rent.txt", RENT.as_bytes()).await.status.is_success());
    app.settle().await;
    case
}

/// Reads a page until it says something.
async fn until(reader: &Reader, path: &str, says: &str) -> String {
    for _ in 0..300 {
        let page = reader.read(path).await;
        if page.contains(says) {
            return page;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{path} never says `{says}`");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_is_done_with_forms_alone() {
    let app = TestApp::start(Dialect::Sqlite).await;
    let case = with_paper(&app).await;
    let reader = Reader::of(&app).await;
    let base = format!("/cases/{case}/assistant");
    let asked = [("question", "When was the rent of May paid?")];
    let talk = reader.send(&base, &asked).await;
    let page = until(&reader, &talk, "Answered from the documents without a language model").await;
    let message = page.split("action=\"/assistant/messages/").nth(2).unwrap();
    let message = message.split('/').next().unwrap().to_owned();
    let act = |act: &str| format!("/assistant/messages/{message}/{act}");

    let judged = [("helpful", "no"), ("reason", "incomplete"), ("words", "Which day?")];
    let back = reader.send(&act("feedback"), &judged).await;
    let page = reader.read(back.split('#').next().unwrap()).await;
    assert!(page.contains("You said that it did not help. Something is missing: Which day?"));
    let office = reader.read("/admin/feedback").await;
    assert!(office.contains("Something is missing") && office.contains("Which day?"), "{office}");

    reader.send(&act("pin"), &[]).await;
    let shown = reader.read(&format!("/cases/{case}")).await;
    assert!(shown.contains("Pinned answers") && shown.contains("rent of May"), "{shown}");
    assert_eq!(reader.send(&act("unpin"), &[]).await, format!("/cases/{case}"));
    let shown = reader.read(&format!("/cases/{case}")).await;
    assert!(!shown.contains("Pinned answers"), "{shown}");

    let again = reader.send(&act("again"), &[]).await;
    let again = again.split('#').next().unwrap().to_owned();
    let page = until(&reader, &again, "Answer 2 of 2").await;
    assert!(page.contains("rel=\"prev\""), "{page}");
    let earlier = page.split("rel=\"prev\"").next().unwrap().rsplit("href=\"").next().unwrap();
    let earlier = earlier.split(['"', '#']).next().unwrap().replace("&#x2F;", "/");
    assert!(reader.read(&earlier).await.contains("Answer 1 of 2"), "{earlier}");

    let id = talk.rsplit('/').next().unwrap();
    reader.send(&format!("/assistant/{id}/rename"), &[("title", "Rent of May")]).await;
    let found = reader.read("/assistant?words=tenant").await;
    assert!(found.contains("Rent of May"), "{found}");
    let none = reader.read("/assistant?words=elephant").await;
    assert!(none.contains("No conversation holds all these words"), "{none}");
    let printed = reader.read(&format!("/assistant/{id}/print")).await;
    assert!(printed.contains("rent of May") && printed.contains("page 1"), "{printed}");
    assert_eq!(reader.send(&format!("/assistant/{id}/delete"), &[]).await, "/assistant");
    assert!(!reader.read("/assistant").await.contains("Rent of May"));
}

/// Saves what the browser shows where `MUNSHI_SHOTS` says.
async fn shot(browser: &Browser, name: &str) {
    #[expect(clippy::disallowed_methods, reason = "the tests' own switch")]
    if let Ok(dir) = std::env::var("MUNSHI_SHOTS") {
        let path = std::path::Path::new(&dir).join(format!("{name}.png"));
        browser.driver.screenshot(&path).await.unwrap();
    }
}

/// Nothing is wider than the screen.
async fn fits(browser: &Browser) {
    let script = "return document.documentElement.scrollWidth <= innerWidth";
    let fits = browser.driver.execute(script, Vec::new()).await.unwrap();
    assert_eq!(fits.json(), &json!(true), "{}", browser.driver.current_url().await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_stopped_and_judged_on_a_narrow_screen() {
    let half = "The tenant paid in June [1]. The rest of it follows here. And";
    let whole = "The rent was \"paid by the landlord himself\" [1]. It was paid in June [1].";
    // What it looks up in the tables comes before each answer.
    let ready = || Script::say("ready");
    let scripts = vec![ready(), Script::StallAfter(half.into()), ready(), Script::say(whole)];
    let llm = ScriptedLlm::start(scripts).await.unwrap();
    let settings = format!(
        "llm.base_url = {:?}\nllm.model = \"scripted\"\nllm.api_key = \"k\"\n\
         llm.first_token_secs = 60\nllm.idle_secs = 120\nllm.total_secs = 180",
        llm.base_url()
    );
    let app = TestApp::start_with(Dialect::Sqlite, &settings).await;
    let case = with_paper(&app).await;
    let address = serve(&app).await;
    let browser = Browser::open(&address).await;
    let screen = json!({ "width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": true });
    ChromeDevTools::new(browser.driver.handle.clone())
        .execute_cdp_with_params("Emulation.setDeviceMetricsOverride", screen)
        .await
        .unwrap();
    browser.sign_in("admin@example.in", PASSWORD).await;
    browser.sees("Rao v. Iyer").await;

    browser.go(&format!("/cases/{case}/assistant")).await;
    // By keyboard: the question, and Ctrl and Enter.
    browser.type_into("#question", "When was the rent of May paid?").await;
    let send = "" + Key::Control + Key::Enter;
    browser.find("#question").await.send_keys(send).await.unwrap();
    browser.sees("The tenant paid in June").await;
    shot(&browser, "writing").await;
    browser.click("[data-stop] button").await;
    browser.sees("Stopped by you").await;
    fits(&browser).await;
    shot(&browser, "stopped").await;

    browser.driver.refresh().await.unwrap();
    browser.sees("it is not the whole answer").await;
    shot(&browser, "stopped-again").await;
    browser.click(".answer .acts form[action$='/again'] button").await;
    browser.sees("Answered by scripted").await;
    browser.driver.refresh().await.unwrap();
    browser.sees("Answer 2 of 2").await;
    browser.sees("removed because").await;
    browser.find(".struck-mark").await;
    browser.click(".answer .judge summary").await;
    browser.sees("In your own words").await;
    fits(&browser).await;
    shot(&browser, "judging").await;
    browser.type_into(".answer .judge textarea", "The day is missing").await;
    browser.click(".answer .judge form button").await;
    browser.sees("You said that it did not help").await;
    browser.click(".answer .acts form[action$='/pin'] button").await;
    browser.sees("Unpin from the case").await;
    shot(&browser, "answered").await;
    browser.go(&format!("/cases/{case}")).await;
    browser.sees("Pinned answers").await;
    browser.click(".pin summary").await;
    fits(&browser).await;
    shot(&browser, "pinned").await;
    browser.go("/admin/feedback").await;
    browser.sees("The day is missing").await;
    fits(&browser).await;
    shot(&browser, "feedback").await;
    browser.close().await;
}
