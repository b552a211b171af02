//! Signing in with a provider, over a little one that answers what it is told to.

mod provider;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use munshi::db::Dialect;
use serde_json::{Value, json};
use url::Url;

use self::provider::{LittleProvider, Signed};
use crate::support::replies::Reply;
use crate::support::{Caller, TestApp};

const FORM: &str = "application/x-www-form-urlencoded";

struct World {
    app: TestApp,
    provider: LittleProvider,
    anyone: Caller,
}

/// A sign-in begun: what the provider was asked and what the browser keeps.
struct Begun {
    state: String,
    nonce: String,
    challenge: String,
    cookie: String,
}

impl World {
    async fn new(more: &str) -> Self {
        let provider = LittleProvider::start().await;
        let settings = format!(
            "[oidc]\nissuer = {:?}\nclient_id = \"munshi\"\nclient_secret = \"agreed\"\n\
             name = \"Rao ID\"\ndomains = [\"example.in\"]\n{more}",
            provider.issuer
        );
        let app = TestApp::start_with(Dialect::Sqlite, &settings).await;
        app.admin().await;
        let anyone = app.anonymous();
        Self { app, provider, anyone }
    }

    async fn get(&self, path: &str, cookie: &str) -> Reply {
        self.anyone.reply(Method::GET, path, Body::empty(), FORM, cookie).await
    }

    async fn begin(&self) -> Begun {
        let started = self.get("/sign-in/provider?next=%2Fcases", "").await;
        assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.text);
        let url = Url::parse(started.headers["location"].to_str().unwrap()).unwrap();
        let asked = |name: &str| {
            let pair = url.query_pairs().find(|(key, _)| key == name);
            pair.unwrap_or_else(|| panic!("{name}: {url}")).1.into_owned()
        };
        assert!(url.as_str().starts_with(&format!("{}/authorize?", self.provider.issuer)));
        assert_eq!((asked("response_type"), asked("client_id")), ("code".into(), "munshi".into()));
        assert_eq!(asked("code_challenge_method"), "S256");
        assert!(asked("redirect_uri").ends_with("/sign-in/provider/back"));
        assert!(asked("scope").contains("openid") && asked("scope").contains("email"));
        let cookie = started.cookie("munshi_provider");
        Begun {
            state: asked("state"),
            nonce: asked("nonce"),
            challenge: asked("code_challenge"),
            cookie,
        }
    }

    /// The claims of the admin, as a provider would make them.
    fn claims(&self, begun: &Begun) -> Value {
        let now = provider::now();
        json!({
            "iss": self.provider.issuer, "aud": "munshi", "sub": "asha", "nonce": begun.nonce,
            "iat": now, "exp": now + 300, "email": "Admin@Example.in", "email_verified": true,
        })
    }

    async fn come_back(&self, begun: &Begun, signed: Signed, claims: Value) -> Reply {
        self.provider.will_answer(&begun.challenge, signed, claims);
        let path = format!("/sign-in/provider/back?code=c0de&state={}", begun.state);
        self.get(&path, &begun.cookie).await
    }

    /// Signs in with claims changed by a rule; a refusal is asserted.
    async fn refuses(&self, what: &str, signed: Signed, change: impl FnOnce(&mut Value)) -> String {
        let begun = self.begin().await;
        let mut claims = self.claims(&begun);
        change(&mut claims);
        let answer = self.come_back(&begun, signed, claims).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what}: {}", answer.text);
        assert!(answer.cookie("munshi_session").is_empty(), "{what}");
        assert!(answer.cookie("munshi_pending").is_empty(), "{what}");
        answer.text
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_address_lets_its_account_in() {
    let world = World::new("").await;
    assert!(world.get("/sign-in", "").await.text.contains("Sign in with Rao ID"));
    let begun = world.begin().await;
    let claims = world.claims(&begun);
    let answer = world.come_back(&begun, Signed::Right, claims.clone()).await;
    assert_eq!(answer.headers["location"], "/cases", "{}", answer.text);
    let session = answer.cookie("munshi_session");
    let page = world.get("/cases", &session).await;
    assert_eq!(page.status, StatusCode::OK);

    let replayed = world.come_back(&begun, Signed::Right, claims).await;
    assert_eq!(replayed.status, StatusCode::UNAUTHORIZED, "a state is good once");
    assert!(replayed.cookie("munshi_session").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_does_not_fit_is_refused() {
    let world = World::new("").await;
    let right = Signed::Right;
    world.refuses("nonce", right, |claims| claims["nonce"] = json!("another")).await;
    world.refuses("no nonce", right, |claims| claims["nonce"] = Value::Null).await;
    world.refuses("audience", right, |claims| claims["aud"] = json!("another")).await;
    world.refuses("more audiences", right, |claims| claims["aud"] = json!(["munshi", "b"])).await;
    world.refuses("issuer", right, |claims| claims["iss"] = json!("https://evil.example")).await;
    let past = |claims: &mut Value| claims["exp"] = json!(provider::now() - 10);
    world.refuses("expired", right, past).await;
    world.refuses("alg none", Signed::None, |_| ()).await;
    world.refuses("signed with the shared secret", Signed::Secret, |_| ()).await;
    world.refuses("signed by another key", Signed::Tampered, |_| ()).await;
    let unverified = |claims: &mut Value| claims["email_verified"] = json!(false);
    world.refuses("unverified", right, unverified).await;
    let unsaid =
        |claims: &mut Value| drop(claims.as_object_mut().unwrap().remove("email_verified"));
    world.refuses("not said to be verified", right, unsaid).await;
    let domain = |claims: &mut Value| claims["email"] = json!("admin@example.in.evil.example");
    world.refuses("domain", right, domain).await;
    let unknown = |claims: &mut Value| claims["email"] = json!("nobody@example.in");
    let words = world.refuses("unknown", right, unknown).await;
    assert!(words.contains("ask an admin"), "{words}");
    let hash = |claims: &mut Value| claims["at_hash"] = json!("AAAAAAAAAAAAAAAAAAAAAA");
    world.refuses("access token", right, hash).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_back_belongs_to_the_browser_that_set_out() {
    let world = World::new("").await;
    let mut begun = world.begin().await;
    let claims = world.claims(&begun);
    let kept = std::mem::replace(&mut begun.cookie, world.begin().await.cookie);
    let other = world.come_back(&begun, Signed::Right, claims.clone()).await;
    assert_eq!(other.status, StatusCode::UNAUTHORIZED, "another browser's cookie");
    begun.cookie = kept;
    let late = world.come_back(&begun, Signed::Right, claims).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED, "and the state is used up");

    let mut begun = world.begin().await;
    begun.state = "made-up".into();
    let claims = world.claims(&begun);
    let made_up = world.come_back(&begun, Signed::Right, claims).await;
    assert_eq!(made_up.status, StatusCode::UNAUTHORIZED);

    let mut begun = world.begin().await;
    begun.challenge = "another verifier's".into();
    let claims = world.claims(&begun);
    let injected = world.come_back(&begun, Signed::Right, claims).await;
    assert_eq!(injected.status, StatusCode::UNAUTHORIZED, "a code without its verifier");

    let begun = world.begin().await;
    let denied = format!("/sign-in/provider/back?error=access_denied&state={}", begun.state);
    assert_eq!(world.get(&denied, &begun.cookie).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_asked_for_unless_the_provider_is_trusted_with_it() {
    let world = World::new("second_factor = [\"mfa\"]").await;
    let admin = world.app.admin().await;
    let rule = admin.put("/api/v1/factor-rules/admin", json!({ "required": true })).await;
    assert!(rule.status.is_success(), "{rule:?}");
    let begun = world.begin().await;
    let mut claims = world.claims(&begun);
    claims["amr"] = json!(["pwd"]);
    let answer = world.come_back(&begun, Signed::Right, claims).await;
    assert_eq!(answer.headers["location"], "/sign-in/enrol?next=%2Fcases", "{}", answer.text);
    assert!(answer.cookie("munshi_session").is_empty());
    let begun = world.begin().await;
    let mut claims = world.claims(&begun);
    claims["amr"] = json!(["pwd", "mfa"]);
    let answer = world.come_back(&begun, Signed::Right, claims).await;
    assert_eq!(answer.headers["location"], "/cases", "{}", answer.text);
}
