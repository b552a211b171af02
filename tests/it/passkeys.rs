//! Passkeys in a real browser, over an authenticator that Chromium plays.

use munshi::db::Dialect;
use serde_json::{Value, json};
use thirtyfour::extensions::cdp::ChromeDevTools;

use crate::support::browser::Browser;
use crate::support::{PASSWORD, TestApp};

/// Serves an app under a name, as passkeys need one: the browser calls it `localhost`.
async fn served() -> (TestApp, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let settings = format!("http.public_url = {address:?}");
    let app = TestApp::start_with(Dialect::Sqlite, &settings).await;
    let router = app.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (app, address)
}

struct Device {
    tools: ChromeDevTools,
    id: String,
}

impl Device {
    async fn plug_in(browser: &Browser) -> Self {
        let tools = ChromeDevTools::new(browser.driver.handle.clone());
        tools.execute_cdp_with_params("WebAuthn.enable", json!({})).await.unwrap();
        let options = json!({ "options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserVerified": true,
            "automaticPresenceSimulation": true,
        }});
        let added = tools.execute_cdp_with_params("WebAuthn.addVirtualAuthenticator", options);
        let id = added.await.unwrap()["authenticatorId"].as_str().unwrap().to_owned();
        Self { tools, id }
    }

    async fn ask(&self, command: &str, mut with: Value) -> Value {
        with["authenticatorId"] = json!(self.id);
        self.tools.execute_cdp_with_params(command, with).await.unwrap()
    }
}

async fn sign_out(browser: &Browser) {
    browser.click("details.menu summary").await;
    browser.click("button.menu-out").await;
    browser.find("[data-passkey-sign-in]:not([hidden])").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_added_used_and_refused_once_it_was_copied() {
    let (app, address) = served().await;
    app.admin().await;
    let browser = Browser::open(&address).await;
    let device = Device::plug_in(&browser).await;
    browser.sign_in("admin@example.in", PASSWORD).await;
    browser.sees("Asha Admin").await;

    browser.go("/account/security").await;
    browser.type_into("[data-passkey-add] input[name=name]", "Office laptop").await;
    browser.click("[data-passkey-add] button").await;
    browser.find("[data-backup]:not([hidden]) li").await;
    browser.go("/account/security").await;
    browser.sees("Office laptop").await;
    browser.sees("10 of 10 are left").await;
    sign_out(&browser).await;

    browser.click("[data-passkey-sign-in]").await;
    browser.sees("Asha Admin").await;
    sign_out(&browser).await;

    // With a password the passkey is the second step.
    browser.sign_in("admin@example.in", PASSWORD).await;
    browser.sees("Second step").await;
    browser.find("[data-passkey-sign-in]:not([hidden])").await;
    browser.click("[data-passkey-sign-in]").await;
    browser.sees("Asha Admin").await;
    sign_out(&browser).await;

    // A copy of the key would count from where it was copied.
    let held = device.ask("WebAuthn.getCredentials", json!({})).await;
    let mut credential = held["credentials"][0].clone();
    assert!(credential["signCount"].as_i64().unwrap() > 1, "{credential}");
    let gone = json!({ "credentialId": credential["credentialId"] });
    device.ask("WebAuthn.removeCredential", gone).await;
    credential["signCount"] = json!(1);
    device.ask("WebAuthn.addCredential", json!({ "credential": credential })).await;
    browser.click("[data-passkey-sign-in]").await;
    browser.sees("passkey was not accepted").await;
    let scope = app.app.auth.local_admin().await.unwrap();
    let record = app.app.audit.recent(&scope).await.unwrap();
    assert!(record.iter().any(|entry| entry.action == "passkey.copied"));
    browser.close().await;
}

/// An answer without its question, or to another, opens nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_made_up_answer_opens_nothing() {
    let (app, _) = served().await;
    let admin = app.admin().await;
    let asked = admin.post("/api/v1/account/passkeys/ask", json!({})).await;
    assert!(asked.status.is_success(), "{asked:?}");
    assert_eq!(asked.body["options"]["rp"]["id"], "localhost");
    let selection = &asked.body["options"]["authenticatorSelection"];
    assert_eq!(
        (&selection["residentKey"], &selection["userVerification"]),
        (&json!("required"), &json!("required"))
    );
    let answer = json!({ "ceremony": asked.body["ceremony"], "name": "x", "answer": {} });
    for _ in 0..2 {
        let refused = admin.post("/api/v1/account/passkeys", answer.clone()).await;
        assert_eq!(refused.status.as_u16(), 422, "{refused:?}");
    }
    let anyone = app.anonymous();
    let asked = anyone.post("/sign-in/passkey/ask", json!({})).await.body;
    let credential = json!({
        "id": "AAAA", "rawId": "AAAA", "type": "public-key", "extensions": {},
        "response": {
            "authenticatorData": "AAAA", "clientDataJSON": "AAAA", "signature": "AAAA",
            "userHandle": "AAAA",
        },
    });
    let question = anyone.post("/api/v1/session/passkey/ask", json!({})).await;
    assert_eq!(question.body["options"]["rpId"], "localhost", "{question:?}");
    assert_eq!(question.body["options"]["allowCredentials"].as_array().map_or(0, Vec::len), 0);
    for ceremony in [question.body["ceremony"].clone(), json!("made-up")] {
        let body = json!({ "ceremony": ceremony, "answer": credential });
        let refused = anyone.post("/api/v1/session/passkey", body).await;
        assert_eq!(refused.status.as_u16(), 422, "{refused:?}");
    }
    for ceremony in [asked["ceremony"].clone(), asked["ceremony"].clone(), json!("made-up")] {
        let body = json!({ "ceremony": ceremony, "answer": credential });
        let refused = anyone.post("/sign-in/passkey", body).await;
        assert_eq!(refused.status.as_u16(), 422, "{refused:?}");
    }
}
