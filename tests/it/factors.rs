//! Second factors over the API and the pages.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::on_both_engines;
use crate::support::{Answer, Caller, PASSWORD};

/// The code an app shows, `ahead` seconds from now.
#[expect(clippy::disallowed_methods, reason = "the service under test has the machine's clock")]
pub(crate) fn code(secret: &str, ahead: i64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).build_noncompliant();
    let now = chrono::Utc::now().timestamp() + ahead;
    totp.generate(u64::try_from(now).unwrap()).to_string()
}

async fn sign_in(anyone: &Caller, email: &str) -> Answer {
    anyone.post("/api/v1/session", json!({ "email": email, "password": PASSWORD })).await
}

async fn second(anyone: &Caller, pending: &Value, way: &str, code: &str) -> Answer {
    let body = json!({ "pending": pending, "way": way, "code": code });
    anyone.post("/api/v1/session/second", body).await
}

async fn id_of(admin: &Caller, email: &str) -> String {
    let users = admin.get("/api/v1/users").await.body;
    let user = users.as_array().unwrap().iter().find(|user| user["email"] == email).unwrap();
    user["id"].as_str().unwrap().to_owned()
}

on_both_engines! {
    async fn a_role_can_be_made_to_have_a_second_factor(app: TestApp) {
        let admin = app.admin().await;
        let advocate = app.person("adv@example.in", "advocate", None).await;
        let anyone = app.anonymous();
        assert_eq!(
            advocate.put("/api/v1/factor-rules/advocate", json!({ "required": true })).await.status,
            StatusCode::NOT_FOUND
        );
        let clients = admin.put("/api/v1/factor-rules/client", json!({ "required": true })).await;
        assert_eq!(clients.status, StatusCode::CONFLICT);
        let set = admin.put("/api/v1/factor-rules/advocate", json!({ "required": true })).await;
        assert!(set.status.is_success(), "{set:?}");
        assert_eq!(admin.get("/api/v1/factor-rules").await.body, json!(["advocate"]));
        assert_eq!(advocate.get("/api/v1/cases").await.status, StatusCode::UNAUTHORIZED);

        let waiting = sign_in(&anyone, "adv@example.in").await;
        assert_eq!((waiting.status, &waiting.body["enrol"]), (StatusCode::ACCEPTED, &json!(true)));
        let pending = &waiting.body["pending"];
        let backup = second(&anyone, pending, "backup_code", "0000000000").await;
        assert_eq!(backup.status, StatusCode::UNAUTHORIZED, "a code cannot finish what must enrol");

        let offer = anyone.post("/api/v1/session/enrol", json!({ "pending": pending })).await.body;
        let secret = offer["secret"].as_str().unwrap();
        assert!(offer["url"].as_str().unwrap().starts_with("otpauth://totp/"));
        let enrol = |code: String| {
            json!({ "pending": pending, "offer": offer["offer"], "code": code })
        };
        let wrong = anyone.post("/api/v1/session/enrol/app", enrol("000000".into())).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let enrolled = anyone.post("/api/v1/session/enrol/app", enrol(code(secret, 0))).await;
        assert_eq!(enrolled.status, StatusCode::CREATED, "{enrolled:?}");
        let codes = enrolled.body["backup_codes"].as_array().unwrap().clone();
        assert_eq!(codes.len(), 10);
        let again = anyone.post("/api/v1/session/enrol/app", enrol(code(secret, 30))).await;
        assert_eq!(again.status, StatusCode::UNAUTHORIZED, "nothing of the sign-in survives");

        let waiting = sign_in(&anyone, "adv@example.in").await;
        assert_eq!(waiting.body["ways"], json!(["app", "backup_code"]));
        let pending = &waiting.body["pending"];
        let bearer = app.with_token(pending.as_str().unwrap());
        assert_eq!(bearer.get("/api/v1/session").await.status, StatusCode::UNAUTHORIZED);
        let opened = second(&anyone, pending, "app", &code(secret, 30)).await;
        assert_eq!(opened.status, StatusCode::CREATED, "{opened:?}");
        let caller = app.with_token(opened.body["token"].as_str().unwrap());
        assert!(caller.get("/api/v1/cases").await.status.is_success());
        let last = caller.delete("/api/v1/account/factors/app").await;
        assert_eq!(last.status, StatusCode::CONFLICT, "{last:?}");

        let waiting = sign_in(&anyone, "adv@example.in").await;
        let first = codes[0].as_str().unwrap();
        let opened = second(&anyone, &waiting.body["pending"], "backup_code", first).await;
        assert_eq!(opened.status, StatusCode::CREATED);
        let waiting = sign_in(&anyone, "adv@example.in").await;
        let opened = second(&anyone, &waiting.body["pending"], "backup_code", first).await;
        assert_eq!(opened.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn an_admin_removes_the_factors_of_who_lost_them(app: TestApp) {
        let admin = app.admin().await;
        let staff = app.person("staff@example.in", "staff", None).await;
        let offer = staff.post("/api/v1/account/factors/app", json!({})).await.body;
        let accepted = json!({
            "offer": offer["offer"], "code": code(offer["secret"].as_str().unwrap(), 0),
        });
        let added = staff.post("/api/v1/account/factors/app/confirm", accepted).await;
        assert_eq!(added.status, StatusCode::CREATED, "{added:?}");
        assert_eq!(added.body["backup_codes"].as_array().unwrap().len(), 10);
        let over = staff.get("/api/v1/account/factors").await;
        assert_eq!(over.status, StatusCode::UNAUTHORIZED, "its token is of before");
        let anyone = app.anonymous();
        assert_eq!(sign_in(&anyone, "staff@example.in").await.status, StatusCode::ACCEPTED);

        let path = format!("/api/v1/users/{}/factors/reset", id_of(&admin, "staff@example.in").await);
        assert_eq!(staff.post(&path, json!({})).await.status, StatusCode::UNAUTHORIZED);
        let reset = admin.post(&path, json!({})).await;
        assert!(reset.status.is_success(), "{reset:?}");
        assert_eq!(staff.get("/api/v1/session").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(sign_in(&anyone, "staff@example.in").await.status, StatusCode::CREATED);

        let scope = app.app.auth.local_admin().await.unwrap();
        let record = app.app.audit.recent(&scope).await.unwrap();
        for action in ["factor.add", "session.pending", "user.factors.reset"] {
            assert!(record.iter().any(|entry| entry.action == action), "{action}");
        }
        let told = record.iter().all(|entry| !entry.details.to_string().contains("otpauth"));
        assert!(told, "no secret stands in the record");
    }

    async fn a_client_has_no_factors(app: TestApp) {
        let admin = app.admin().await;
        let client = admin.post("/api/v1/clients", json!({ "name": "S", "kind": "firm" })).await;
        let client = client.body["id"].as_str().unwrap().to_owned();
        let caller = app.person("client@example.in", "client", Some(&client)).await;
        for path in ["/api/v1/account/factors/app", "/api/v1/account/passkeys/ask"] {
            assert_eq!(caller.post(path, json!({})).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(caller.get("/api/v1/account/factors").await.status, StatusCode::NOT_FOUND);
    }

    async fn the_pages_lead_through_the_second_step(app: TestApp) {
        let admin = app.admin().await;
        app.person("adv@example.in", "advocate", None).await;
        admin.put("/api/v1/factor-rules/advocate", json!({ "required": true })).await;
        let anyone = app.anonymous();
        let form = "application/x-www-form-urlencoded";
        let password = PASSWORD.replace(' ', "+");
        let body = format!("email=adv%40example.in&password={password}&next=%2Fsearch");
        let answer = anyone.reply(Method::POST, "/sign-in", Body::from(body), form, "").await;
        assert_eq!(answer.headers["location"], "/sign-in/enrol?next=%2Fsearch");
        let cookie = answer.cookie("munshi_pending");
        assert!(answer.cookie("munshi_session").is_empty(), "no session yet");

        let page = anyone.reply(Method::GET, "/", Body::empty(), form, &cookie).await;
        assert_eq!(page.headers["location"], "/sign-in", "a waiting sign-in opens nothing");
        let page = anyone.reply(Method::GET, "/sign-in/enrol", Body::empty(), form, &cookie).await;
        let value = |name: &str| {
            let mark = format!("name=\"{name}\" value=\"");
            let rest = page.text.split(&mark).nth(1).unwrap_or_else(|| panic!("{name}"));
            rest.split('"').next().unwrap().to_owned()
        };
        let secret = page.text.split("class=\"secret\">").nth(1).unwrap().split('<').next().unwrap();
        assert!(page.text.contains("src=\"data:image/svg+xml;base64,"));
        let (csrf, offer) = (value("csrf"), value("offer"));
        let body = |csrf: &str, code: &str| {
            Body::from(format!("csrf={csrf}&offer={offer}&code={code}&next=%2Fsearch"))
        };
        let right = code(secret, 0);
        let forged =
            anyone.reply(Method::POST, "/sign-in/enrol", body("x", &right), form, &cookie).await;
        assert_eq!(forged.status, StatusCode::BAD_REQUEST);
        let wrong =
            anyone.reply(Method::POST, "/sign-in/enrol", body(&csrf, "000000"), form, &cookie).await;
        assert!(wrong.text.contains("not right") && wrong.text.contains(secret), "the same secret");
        let done =
            anyone.reply(Method::POST, "/sign-in/enrol", body(&csrf, &right), form, &cookie).await;
        assert!(done.text.contains("Your backup codes"), "{}", done.text);
        assert!(done.text.contains("href=\"/search\""));
        let session = done.cookie("munshi_session");
        let home = anyone.reply(Method::GET, "/account/security", Body::empty(), form, &session).await;
        assert!(home.text.contains("10 of 10 are left"), "{}", home.text);
    }
}
