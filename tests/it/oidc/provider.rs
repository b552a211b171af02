//! A provider of sign-ins: discovery, keys, and a token endpoint that signs what a
//! test tells it to.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A key pair of this test and of nothing else.
const KEY: &[u8] = include_bytes!("provider.der");
const MODULUS: &str = include_str!("provider.modulus");

/// How an answer is signed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Signed {
    /// With the provider's key.
    Right,
    /// Not at all.
    None,
    /// With the secret both know.
    Secret,
    /// With a signature of something else.
    Tampered,
}

struct Told {
    challenge: String,
    signed: Signed,
    claims: Value,
}

#[derive(Clone)]
struct Held {
    issuer: String,
    told: Arc<Mutex<Option<Told>>>,
}

pub(super) struct LittleProvider {
    pub(super) issuer: String,
    told: Arc<Mutex<Option<Told>>>,
}

#[expect(clippy::disallowed_methods, reason = "the service under test has the machine's clock")]
pub(super) fn now() -> i64 {
    chrono::Utc::now().timestamp()
}

impl LittleProvider {
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let told = Arc::new(Mutex::new(None));
        let held = Held { issuer: issuer.clone(), told: Arc::clone(&told) };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(held);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { issuer, told }
    }

    /// Says what the next code is exchanged for.
    pub(super) fn will_answer(&self, challenge: &str, signed: Signed, claims: Value) {
        let told = Told { challenge: challenge.to_owned(), signed, claims };
        *self.told.lock().unwrap() = Some(told);
    }
}

async fn discovery(State(held): State<Held>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", held.issuer);
    Json(json!({
        "issuer": held.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
    }))
}

async fn keys() -> Json<Value> {
    let key = json!({
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "one", "n": MODULUS.trim(), "e": "AQAB",
    });
    Json(json!({ "keys": [key] }))
}

async fn token(State(held): State<Held>, body: String) -> Response {
    let Some(told) = held.told.lock().unwrap().take() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let form: Vec<(String, String)> =
        url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let sent =
        |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let verifier = sent("code_verifier").unwrap_or_default();
    let fits = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == told.challenge;
    if !fits || sent("grant_type") != Some("authorization_code") || sent("code") != Some("c0de") {
        let refused = Json(json!({ "error": "invalid_grant" }));
        return (StatusCode::BAD_REQUEST, refused).into_response();
    }
    Json(json!({
        "access_token": "an-access-token", "token_type": "Bearer", "expires_in": 300,
        "id_token": signed(&told.claims, told.signed),
    }))
    .into_response()
}

fn signed(claims: &Value, how: Signed) -> String {
    let with = |algorithm, key: &EncodingKey, claims: &Value| {
        let header = Header { kid: Some("one".into()), ..Header::new(algorithm) };
        encode(&header, claims, key).unwrap()
    };
    let rsa = EncodingKey::from_rsa_der(KEY);
    match how {
        Signed::Right => with(Algorithm::RS256, &rsa, claims),
        Signed::Secret => with(Algorithm::HS256, &EncodingKey::from_secret(b"agreed"), claims),
        Signed::None => {
            let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","kid":"one"}"#);
            format!("{header}.{}.", URL_SAFE_NO_PAD.encode(claims.to_string()))
        }
        Signed::Tampered => {
            let right = with(Algorithm::RS256, &rsa, claims);
            let other = with(Algorithm::RS256, &rsa, &json!({ "sub": "someone" }));
            let (body, _) = right.rsplit_once('.').unwrap();
            let (_, signature) = other.rsplit_once('.').unwrap();
            format!("{body}.{signature}")
        }
    }
}
