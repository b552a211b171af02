//! Signing in with the firm's own provider (`OpenID` Connect, authorization code
//! with PKCE).
//!
//! The provider proves a mail address; who it belongs to here is looked up among the
//! accounts there are. No account is ever made. What the answer is compared with
//! (state, nonce, verifier) stays here for ten minutes, is bound to the browser by a
//! cookie, and is used once. Signature, issuer, audience, time and nonce are checked
//! by the `openidconnect` crate, with keys fetched anew for each sign-in.

mod http;

use chrono::TimeDelta;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdTokenClaims, CoreJwsSigningAlgorithm,
    CoreProviderMetadata,
};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, IssuerUrl,
    Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    TokenResponse,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::passkeys::{insert_ceremony, take_ceremony};
use super::{Auth, AuthError, Entered, SessionKind, Token, factors, normal_email, store};
use crate::kernel::{Origin, Role};
use crate::outside::Outside;

/// How long a person has at the provider, in minutes.
const MINUTES: i64 = 10;
/// What ceremonies with a provider are kept and sealed as.
const KIND: &str = "provider";
/// Where the provider sends people back to.
const BACK: &str = "sign-in/provider/back";

/// The algorithms an answer may be signed with: none that a shared secret would do.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 6] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// A provider, as the settings name it.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its address; discovery starts here.
    pub issuer: String,
    /// What this service is called there.
    pub client_id: String,
    /// The secret agreed with it; empty for none.
    pub client_secret: SecretString,
    /// What people call it, for the button.
    pub name: String,
    /// The domains mail addresses must be of; empty for any.
    pub domains: Vec<String>,
    /// The values of `acr` or `amr` that say a second factor was checked there; empty
    /// when none is trusted for that.
    pub second_factor: Vec<String>,
    /// Which addresses are asked.
    pub outside: Outside,
}

/// Why a sign-in with the provider came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no provider.
    #[error("no provider is set up for signing in")]
    Off,
    /// It does not answer, or not as it should.
    #[error("the sign-in provider does not answer as it should; try again later")]
    Away,
    /// The way back does not belong to a sign-in begun in this browser.
    #[error("this sign-in was not begun here, took too long or was used already; begin again")]
    Stale,
    /// The provider refused.
    #[error("the provider did not sign you in")]
    Denied,
    /// What the provider says of the person cannot be believed.
    #[error(
        "the provider's answer could not be confirmed; begin again, and tell an admin if it stays so"
    )]
    Unconfirmed,
    /// The address is not verified, or not of a domain that is let in.
    #[error("the provider gave no confirmed mail address of your firm")]
    Address,
    /// Nobody here has that address.
    #[error("nobody here signs in with that mail address; ask an admin of your chamber to add you")]
    Unknown,
}

/// A sign-in begun.
#[derive(Debug)]
pub struct Started {
    /// Where to send the browser.
    pub url: String,
    /// What the browser keeps, in a cookie, to show on the way back.
    pub binding: Token,
}

#[derive(Serialize, Deserialize)]
struct Begun {
    nonce: String,
    verifier: String,
    binding: Vec<u8>,
    next: Option<String>,
}

/// What comes back from the provider.
#[derive(Debug, Clone, Default)]
pub struct Back {
    /// The state sent along.
    pub state: String,
    /// The code to be exchanged; none when the provider refused.
    pub code: Option<String>,
    /// The issuer, where the provider names itself (RFC 9207).
    pub issuer: Option<String>,
}

impl Auth {
    /// What people call the provider, where there is one.
    #[must_use]
    pub fn provider_name(&self) -> Option<&str> {
        self.settings.provider.as_ref().map(|provider| provider.name.as_str())
    }

    /// Begins a sign-in with the provider; `next` is where it leads in the end.
    ///
    /// # Errors
    /// Fails when there is no provider, or it does not answer.
    pub async fn start_with_provider(&self, next: Option<String>) -> Result<Started, AuthError> {
        let provider = self.settings.provider.as_ref().ok_or(Refusal::Off)?;
        let client = CoreClient::from_provider_metadata(
            metadata(provider).await?,
            ClientId::new(provider.client_id.clone()),
            secret(provider),
        )
        .set_redirect_uri(self.back()?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = factors::fresh();
        let sent = state.expose().to_owned();
        let (url, _, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(sent),
                Nonce::new_random,
            )
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let web = http::Web::new(provider).map_err(|error| away(&error))?;
        web.check(&url).map_err(|error| away(&error))?;
        let binding = factors::fresh();
        let begun = Begun {
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
            binding: binding.digest(),
            next,
        };
        let bytes = serde_json::to_vec(&begun).map_err(|_| Refusal::Unconfirmed)?;
        let sealed = self.vault.seal(KIND, &bytes)?;
        let now = self.clock.now();
        let until = now + TimeDelta::minutes(MINUTES);
        let mut tx = self.db.write().await?;
        insert_ceremony(&mut tx, &state, KIND, None, (sealed, now, until)).await?;
        tx.commit().await?;
        Ok(Started { url: url.into(), binding })
    }

    /// Takes what came back from the provider and lets the person in, or asks for a
    /// second factor; also says where the sign-in was to lead.
    ///
    /// # Errors
    /// Fails with [`AuthError::Provider`] unless everything fits and an active account
    /// of the chamber has the address.
    pub async fn finish_with_provider(
        &self,
        back: Back,
        binding: Option<&Token>,
        origin: &Origin,
    ) -> Result<(Entered, Option<String>), AuthError> {
        let provider = self.settings.provider.as_ref().ok_or(Refusal::Off)?;
        let begun = self.begun(&back, binding).await?;
        let code = back.code.ok_or(Refusal::Denied)?;
        if back.issuer.is_some_and(|issuer| issuer != provider.issuer) {
            return Err(Refusal::Unconfirmed.into());
        }
        let claims = self.exchange(provider, code, &begun).await?;
        let email = address(provider, &claims)?;
        let mut tx = self.db.write().await?;
        let found = store::find_for_sign_in(&mut tx, &email).await?.map(|(user, _)| user);
        let user = found.filter(|user| user.active && user.role != Role::Client);
        let Some(user) = user else {
            drop(tx);
            self.stranger_refused(Some(&email), "provider").await?;
            return Err(Refusal::Unknown.into());
        };
        let kind = SessionKind::Cookie;
        let entered = if twice(provider, &claims) {
            Entered::In(self.open_session(&mut tx, &user, kind, origin, "provider").await?)
        } else {
            self.admit_after(&mut tx, &user, kind, origin, "provider").await?
        };
        tx.commit().await?;
        Ok((entered, begun.next))
    }

    /// The sign-in that was begun in this browser; it is used by this.
    async fn begun(&self, back: &Back, binding: Option<&Token>) -> Result<Begun, AuthError> {
        let state = Token::sent(&back.state);
        let mut tx = self.db.write().await?;
        let sealed = take_ceremony(&mut tx, &state, KIND, None, self.clock.now()).await?;
        tx.commit().await?;
        let bytes = self.vault.unseal(KIND, &sealed.ok_or(Refusal::Stale)?)?;
        let begun: Begun = serde_json::from_slice(&bytes).map_err(|_| Refusal::Stale)?;
        let shown = binding.map(Token::digest).unwrap_or_default();
        if bool::from(shown.ct_eq(&begun.binding)) { Ok(begun) } else { Err(Refusal::Stale.into()) }
    }

    /// What the provider says, once it was confirmed.
    async fn exchange(
        &self,
        provider: &Provider,
        code: String,
        begun: &Begun,
    ) -> Result<CoreIdTokenClaims, AuthError> {
        let client = CoreClient::from_provider_metadata(
            metadata(provider).await?,
            ClientId::new(provider.client_id.clone()),
            secret(provider),
        )
        .set_redirect_uri(self.back()?);
        let web = http::Web::new(provider).map_err(|error| away(&error))?;
        let ask = |request: HttpRequest| http::send(web.clone(), request);
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| away(&error))?
            .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier.clone()))
            .request_async(&ask)
            .await
            .map_err(|error| unconfirmed(&error))?;
        let clock = self.clock.clone();
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || clock.now());
        let token = answer.id_token().ok_or(Refusal::Unconfirmed)?;
        let nonce = Nonce::new(begun.nonce.clone());
        let claims = token.claims(&verifier, &nonce).map_err(|error| unconfirmed(&error))?;
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = token.signing_alg().map_err(|error| unconfirmed(&error))?;
            let key = token.signing_key(&verifier).map_err(|error| unconfirmed(&error))?;
            let actual = AccessTokenHash::from_token(answer.access_token(), algorithm, key)
                .map_err(|error| unconfirmed(&error))?;
            if actual != *expected {
                return Err(Refusal::Unconfirmed.into());
            }
        }
        Ok(claims.clone())
    }

    fn back(&self) -> Result<RedirectUrl, Refusal> {
        let url = self.settings.public_url.join(BACK).map_err(|error| away(&error))?;
        Ok(RedirectUrl::from_url(url))
    }
}

async fn metadata(provider: &Provider) -> Result<CoreProviderMetadata, Refusal> {
    let issuer = IssuerUrl::new(provider.issuer.clone()).map_err(|error| away(&error))?;
    let web = http::Web::new(provider).map_err(|error| away(&error))?;
    let ask = |request: HttpRequest| http::send(web.clone(), request);
    CoreProviderMetadata::discover_async(issuer, &ask).await.map_err(|error| away(&error))
}

fn secret(provider: &Provider) -> Option<ClientSecret> {
    let secret = provider.client_secret.expose_secret();
    (!secret.is_empty()).then(|| ClientSecret::new(secret.to_owned()))
}

/// The confirmed mail address of someone who may come in.
fn address(provider: &Provider, claims: &CoreIdTokenClaims) -> Result<String, Refusal> {
    let email = claims.email().filter(|_| claims.email_verified() == Some(true));
    let email = normal_email(email.ok_or(Refusal::Address)?.as_str());
    let domain = email.rsplit_once('@').map(|(_, domain)| domain).ok_or(Refusal::Address)?;
    let domains = &provider.domains;
    let known = domains.iter().any(|known| known.eq_ignore_ascii_case(domain));
    if domains.is_empty() || known { Ok(email) } else { Err(Refusal::Address) }
}

/// Whether the provider checked a second factor, as far as it is trusted with that.
fn twice(provider: &Provider, claims: &CoreIdTokenClaims) -> bool {
    let class = claims.auth_context_ref().map(|acr| acr.as_str());
    let methods = claims.auth_method_refs().into_iter().flatten().map(|amr| amr.as_str());
    class.into_iter().chain(methods).any(|said| provider.second_factor.iter().any(|v| v == said))
}

fn away(error: &(dyn std::error::Error + 'static)) -> Refusal {
    tracing::warn!(error, "the sign-in provider cannot be used");
    Refusal::Away
}

fn unconfirmed(error: &(dyn std::error::Error + 'static)) -> Refusal {
    tracing::warn!(error, "a sign-in with the provider was not confirmed");
    Refusal::Unconfirmed
}
