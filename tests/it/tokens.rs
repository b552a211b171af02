//! Tokens of the API: what is signed, what is refused, and personal ones.

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use munshi::db::Dialect;
use munshi::vault::Vault;
use serde_json::{Value, json};

use crate::on_both_engines;
use crate::support::pages::{Pages, Timed};
use crate::support::{Answer, Caller, PASSWORD, TestApp};

const ADMIN: &str = "admin@example.in";

async fn access_token(app: &TestApp) -> String {
    app.admin().await;
    let body = json!({ "email": ADMIN, "password": PASSWORD });
    let session = app.anonymous().post("/api/v1/session", body).await;
    session.body["token"].as_str().unwrap().to_owned()
}

fn part(token: &str, number: usize) -> Value {
    let part = token.split('.').nth(number).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

async fn status(app: &TestApp, token: &str) -> StatusCode {
    Caller::with(app, token).get("/api/v1/session").await.status
}

/// The secrets of the signing keys, as only whoever has the data folder can read them.
async fn secrets(app: &TestApp) -> Vec<Vec<u8>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        sealed: Vec<u8>,
    }
    let config = munshi::config::Config::from_toml(&app.settings).unwrap();
    let vault = Vault::open(&config.key_source()).unwrap();
    let db = munshi::db::Db::connect(&config.database_address()).await.unwrap();
    let mut tx = db.read().await.unwrap();
    let select = munshi::db::Sql::new("SELECT sealed FROM token_keys ORDER BY created_at");
    let rows = tx.all::<Row>(select).await.unwrap();
    rows.iter().map(|row| vault.unseal("token-key", &row.sealed).unwrap().to_vec()).collect()
}

on_both_engines! {
    async fn an_access_token_says_what_it_must_and_no_more(app: TestApp) {
        let token = access_token(&app).await;
        let header = part(&token, 0);
        assert_eq!(header["alg"], "HS256");
        assert_eq!(header["typ"], "at+jwt");
        assert!(header["kid"].as_str().unwrap().parse::<uuid::Uuid>().is_ok());
        assert_eq!(header.as_object().unwrap().len(), 3);
        let claims = part(&token, 1);
        assert_eq!(claims["aud"], "practice");
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 600);
        let mut names: Vec<&String> = claims.as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(names, ["aud", "exp", "gen", "iat", "iss", "jti", "nbf", "sid", "sub"]);
        assert_eq!(status(&app, &token).await, StatusCode::OK);
    }

    async fn whatever_is_not_signed_by_this_service_in_its_one_way_is_refused(app: TestApp) {
        let token = access_token(&app).await;
        let (header, claims) = (part(&token, 0), part(&token, 1));
        let signature = token.rsplit('.').next().unwrap();
        let secret = secrets(&app).await.pop().unwrap();
        let kid = header["kid"].as_str().unwrap().to_owned();
        let mut refused: Vec<(String, String)> = Vec::new();
        let mut add = |name: &str, token: String| refused.push((name.to_owned(), token));

        // No signature, in every spelling.
        for algorithm in ["none", "None", "NONE", "nOnE"] {
            let header = json!({ "typ": "at+jwt", "alg": algorithm, "kid": kid });
            let open = format!("{}.{}.", encoded(&header), encoded(&claims));
            add(algorithm, open.clone());
            add(&format!("{algorithm} signed"), format!("{open}{signature}"));
        }
        add("no signature", format!("{}.{}.", encoded(&header), encoded(&claims)));
        // Another algorithm with the right secret.
        for algorithm in [Algorithm::HS384, Algorithm::HS512] {
            let mut header = Header::new(algorithm);
            (header.typ, header.kid) = (Some("at+jwt".into()), Some(kid.clone()));
            let key = EncodingKey::from_secret(&secret);
            add("right secret", jsonwebtoken::encode(&header, &claims, &key).unwrap());
        }
        // The same signature under the name of a public-key algorithm.
        for algorithm in ["RS256", "ES256", "PS256", "EdDSA"] {
            let header = json!({ "typ": "at+jwt", "alg": algorithm, "kid": kid });
            add(algorithm, format!("{}.{}.{signature}", encoded(&header), encoded(&claims)));
        }
        // Keys that are none of ours, and keys brought along.
        let own = |header: &Header, secret: &[u8]| {
            jsonwebtoken::encode(header, &claims, &EncodingKey::from_secret(secret)).unwrap()
        };
        let plain = |kid: Option<String>| {
            let mut header = Header::new(Algorithm::HS256);
            (header.typ, header.kid) = (Some("at+jwt".into()), kid);
            header
        };
        add("no kid", own(&plain(None), &secret));
        for (kid, secret) in [
            ("../../../../dev/null", &b""[..]),
            ("/dev/null", b""),
            ("' UNION SELECT 'secret' --", b"secret"),
            ("00000000-0000-0000-0000-000000000000", b""),
            ("", b""),
        ] {
            add(kid, own(&plain(Some(kid.to_owned())), secret));
        }
        add("kid in capitals", own(&plain(Some(kid.to_uppercase())), &secret));
        add("another secret", own(&plain(Some(kid.clone())), b"0123456789abcdef0123456789abcdef"));
        add("empty secret", own(&plain(Some(kid.clone())), b""));
        let mut brought = plain(Some(kid.clone()));
        brought.jku = Some("http://127.0.0.1:9/keys".into());
        add("jku", own(&brought, &secret));
        brought = plain(Some(kid.clone()));
        brought.x5u = Some("http://127.0.0.1:9/cert".into());
        add("x5u", own(&brought, &secret));
        brought = plain(Some(kid.clone()));
        brought.jwk = Some(serde_json::from_value(json!({ "kty": "oct", "k": "AAAA" })).unwrap());
        add("jwk", own(&brought, b"\0\0\0"));
        brought = plain(Some(kid.clone()));
        brought.typ = Some("JWT".into());
        add("another type", own(&brought, &secret));
        // Other words under the old signature, and pieces.
        let mut other = claims.clone();
        other["sub"] = json!(uuid::Uuid::nil());
        add("changed", format!("{}.{}.{signature}", encoded(&header), encoded(&other)));
        add("two parts", token.rsplit_once('.').unwrap().0.to_owned());
        add("four parts", format!("{token}.{signature}"));
        add("long", format!("{token}{}", "A".repeat(5000)));

        for (name, token) in &refused {
            assert_eq!(status(&app, token).await, StatusCode::UNAUTHORIZED, "{name}: {token}");
        }
        assert_eq!(status(&app, &token).await, StatusCode::OK);
    }

    async fn claims_that_do_not_fit_are_refused_though_rightly_signed(app: TestApp) {
        let token = access_token(&app).await;
        let claims = part(&token, 1);
        let secret = secrets(&app).await.pop().unwrap();
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some("at+jwt".into());
        header.kid = Some(part(&token, 0)["kid"].as_str().unwrap().to_owned());
        let signed = |claims: &Value| {
            jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(&secret)).unwrap()
        };
        assert_eq!(status(&app, &signed(&claims)).await, StatusCode::OK);
        let now = claims["iat"].as_i64().unwrap();
        let other = app.person("adv@example.in", "advocate", None).await;
        let other = other.get("/api/v1/session").await.body["user_id"].clone();
        for (name, value) in [
            ("aud", json!("portal")),
            ("aud", json!(["practice", "portal"])),
            ("iss", json!("https://elsewhere.example/")),
            ("exp", json!(now - 1)),
            ("nbf", json!(now + 3600)),
            ("sub", other),
            ("sid", json!(uuid::Uuid::nil())),
            ("gen", json!(1)),
        ] {
            let mut changed = claims.clone();
            changed[name] = value;
            assert_eq!(status(&app, &signed(&changed)).await, StatusCode::UNAUTHORIZED, "{changed}");
        }
        for name in ["aud", "iss", "exp", "nbf", "sub", "sid", "gen"] {
            let mut changed = claims.clone();
            changed.as_object_mut().unwrap().remove(name);
            assert_eq!(status(&app, &signed(&changed)).await, StatusCode::UNAUTHORIZED, "{name}");
        }
    }

    async fn a_new_signing_key_leaves_the_old_tokens_good(app: TestApp) {
        let old = access_token(&app).await;
        let scope = app.app.auth.local_admin().await.unwrap();
        let key = app.app.auth.rotate_token_keys(&scope).await.unwrap();
        let new = access_token(&app).await;
        assert_eq!(part(&new, 0)["kid"], key.to_string());
        assert_ne!(part(&old, 0)["kid"], part(&new, 0)["kid"]);
        assert_eq!(status(&app, &old).await, StatusCode::OK);
        assert_eq!(status(&app, &new).await, StatusCode::OK);
        let staff = app.person("staff@example.in", "staff", None).await;
        assert!(staff.get("/api/v1/session").await.status.is_success());
        let scope = app.app.auth.scope_of("staff@example.in").await.unwrap();
        assert!(app.app.auth.rotate_token_keys(&scope).await.is_err());
    }

    async fn a_personal_token_does_what_its_scopes_name_and_no_more(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        let made = make(&admin, &json!(["read"])).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        let secret = made.body["secret"].as_str().unwrap();
        let reader = Caller::with(&app, secret);
        assert_eq!(reader.get("/api/v1/cases").await.status, StatusCode::OK);
        assert_eq!(reader.get(&format!("/api/v1/cases/{case}")).await.status, StatusCode::OK);
        let opened = reader.post("/api/v1/cases", json!({ "title": "C v. D" })).await;
        assert_eq!(opened.status, StatusCode::NOT_FOUND);
        let asked = reader.post("/api/v1/questions", json!({ "question": "Who?" })).await;
        assert!(asked.status.is_client_error());
        let user = json!({ "name": "E", "email": "e@example.in", "role": "staff", "password": PASSWORD });
        assert_eq!(reader.post("/api/v1/users", user).await.status, StatusCode::NOT_FOUND);
        let manage = make(&admin, &json!(["manage"])).await.body["secret"].clone();
        let manager = Caller::with(&app, manage.as_str().unwrap());
        assert_eq!(manager.get("/api/v1/cases").await.status, StatusCode::NOT_FOUND);

        let tokens = admin.get("/api/v1/tokens").await.body;
        let listed = tokens.as_array().unwrap().iter().find(|token| token["scopes"] == json!(["read"]));
        let listed = listed.unwrap();
        assert!(listed["last_used_at"].is_string() && listed["last_address"] == "127.0.0.1");
        assert!(!tokens.to_string().contains(&secret[4..]), "{tokens}");
        let path = format!("/api/v1/tokens/{}", listed["id"].as_str().unwrap());
        assert_eq!(admin.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(reader.get("/api/v1/cases").await.status, StatusCode::UNAUTHORIZED);
    }

    async fn a_personal_token_touches_no_account(app: TestApp) {
        let admin = app.admin().await;
        let all = json!(["read", "search", "ask", "write", "costs", "manage"]);
        let made = make(&admin, &all).await.body;
        let program = Caller::with(&app, made["secret"].as_str().unwrap());
        assert_eq!(program.get("/api/v1/session").await.body["role"], "admin");
        let id = made["token"]["id"].as_str().unwrap();
        let own = admin.get("/api/v1/sessions").await.body[0]["id"].as_str().unwrap().to_owned();
        for answer in [
            make(&program, &all).await,
            program.get("/api/v1/tokens").await,
            program.delete(&format!("/api/v1/tokens/{id}")).await,
            program.get("/api/v1/sessions").await,
            program.delete("/api/v1/sessions").await,
            program.delete(&format!("/api/v1/sessions/{own}")).await,
            program.delete("/api/v1/session").await,
        ] {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{answer:?}");
            assert_eq!(answer.body["type"], "/problems/session-needed");
        }
        // In a cookie it is nothing.
        let mut browser = Pages::default();
        browser.cookies.insert("munshi_session".into(), made["secret"].as_str().unwrap().into());
        assert_eq!(browser.get(&app, "/cases").await.status, StatusCode::SEE_OTHER);
    }

    async fn tokens_that_cannot_be_are_refused_with_words(app: TestApp) {
        let admin = app.admin().await;
        for body in [
            json!({ "name": " ", "scopes": ["read"], "days": 10 }),
            json!({ "name": "x".repeat(101), "scopes": ["read"], "days": 10 }),
            json!({ "name": "x", "scopes": [], "days": 10 }),
            json!({ "name": "x", "scopes": ["read"], "days": 0 }),
            json!({ "name": "x", "scopes": ["read"], "days": 366 }),
        ] {
            let answer = admin.post("/api/v1/tokens", body.clone()).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
            assert_eq!(answer.body["type"], "/problems/token-refused", "{body}");
        }
        let answer = admin.post("/api/v1/tokens", json!({ "name": "x", "scopes": ["all"], "days": 1 }));
        assert!(answer.await.status.is_client_error());
    }

    async fn an_account_switched_off_takes_its_tokens_with_it(app: TestApp) {
        let admin = app.admin().await;
        let staff = app.person("staff@example.in", "staff", None).await;
        let secret = make(&staff, &json!(["read"])).await.body["secret"].clone();
        let program = Caller::with(&app, secret.as_str().unwrap());
        assert_eq!(program.get("/api/v1/cases").await.status, StatusCode::OK);
        let id = staff.get("/api/v1/session").await.body["user_id"].as_str().unwrap().to_owned();
        for act in ["deactivate", "activate"] {
            let path = format!("/api/v1/users/{id}/{act}");
            assert!(admin.post(&path, json!({})).await.status.is_success());
            assert_eq!(program.get("/api/v1/cases").await.status, StatusCode::UNAUTHORIZED, "{act}");
        }
    }

    async fn tokens_are_made_and_revoked_on_the_page(app: TestApp) {
        app.admin().await;
        let mut browser = Pages::default();
        browser.sign_in(&app, ADMIN).await;
        let csrf = browser.csrf(&app).await;
        let form = [("csrf", &*csrf), ("name", "<b>List"), ("days", "30"), ("scope", "read"), ("scope", "search")];
        let made = browser.post(&app, "/account/tokens", &form).await;
        let (_, rest) = made.text.split_once("<p class=\"secret\">").expect("the token is shown");
        let secret = rest.split('<').next().unwrap();
        assert_eq!(status(&app, secret).await, StatusCode::OK);
        assert!(!made.text.contains("<b>List"));
        let page = browser.get(&app, "/account/tokens").await;
        assert!(!page.text.contains(secret), "shown once only");
        let (_, rest) = page.text.split_once("/account/tokens/").unwrap();
        let path = format!("/account/tokens/{}", rest.split('"').next().unwrap());
        assert_eq!(browser.post(&app, &path, &[("csrf", "x")]).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(status(&app, secret).await, StatusCode::OK);
        browser.post(&app, &path, &[("csrf", &csrf)]).await;
        assert_eq!(status(&app, secret).await, StatusCode::UNAUTHORIZED);
        let refused = browser.post(&app, "/account/tokens", &form[1..]).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    }
}

async fn make(caller: &Caller, scopes: &Value) -> Answer {
    let new = json!({ "name": "Cause list", "scopes": scopes, "days": 30 });
    caller.post("/api/v1/tokens", new).await
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_change_by_themselves_and_tokens_end_on_their_day() {
    let timed = Timed::start(Dialect::Sqlite, "sessions.key_days = 2").await;
    let app = &timed.app;
    let first = access_token(app).await;
    let secret = make(&Caller::with(app, &first), &json!(["read"])).await.body["secret"].clone();
    let secret = secret.as_str().unwrap();
    timed.pass(24 * 60);
    let second = access_token(app).await;
    assert_eq!(part(&first, 0)["kid"], part(&second, 0)["kid"]);
    timed.pass(24 * 60 + 5);
    let third = access_token(app).await;
    assert_ne!(part(&first, 0)["kid"], part(&third, 0)["kid"]);
    timed.pass(2 * 24 * 60 + 5);
    access_token(app).await;
    assert_eq!(secrets(app).await.len(), 2, "a key whose last token is over is forgotten");
    timed.pass(25 * 24 * 60);
    assert_eq!(status(app, secret).await, StatusCode::OK);
    timed.pass(24 * 60);
    assert_eq!(status(app, secret).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_retired_longer_than_a_token_lasts_proves_nothing() {
    let timed = Timed::start(Dialect::Sqlite, "").await;
    let app = &timed.app;
    let token = access_token(app).await;
    let secret = secrets(app).await.pop().unwrap();
    let scope = app.app.auth.local_admin().await.unwrap();
    app.app.auth.rotate_token_keys(&scope).await.unwrap();
    timed.pass(11);
    let mut claims = part(&token, 1);
    claims["exp"] = json!(claims["exp"].as_i64().unwrap() + 3600);
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some("at+jwt".into());
    header.kid = Some(part(&token, 0)["kid"].as_str().unwrap().to_owned());
    let forged =
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&secret)).unwrap();
    assert_eq!(status(app, &forged).await, StatusCode::UNAUTHORIZED);
}
