//! Access tokens: JSON Web Tokens (RFC 7519, RFC 9068) signed with HMAC-SHA-256.
//!
//! Exactly one header is taken: ours. A token that names another algorithm, another
//! type, a key of its own or anything else beside them is refused before any key is
//! looked up, and a key is looked up by its exact id alone.

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::{ACCESS_LENGTH, Held};
use crate::auth::{Auth, AuthError, Token};
use crate::db::Tx;
use crate::kernel::{SessionId, TokenKeyId, UserId};

/// The media type of access tokens, without `application/` (RFC 9068, section 2.1).
const TYPE: &str = "at+jwt";

/// The longest access token that is looked at, in bytes.
const LONGEST: usize = 2048;

/// What an access token says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    /// Who made it: this service's address.
    iss: String,
    /// The realm it opens.
    pub(super) aud: String,
    /// Whose it is.
    pub(super) sub: UserId,
    /// The session it belongs to.
    pub(super) sid: SessionId,
    /// How often the session was renewed before.
    #[serde(rename = "gen")]
    pub(super) generation: i64,
    /// When it was made, in seconds since 1970.
    iat: i64,
    /// From when it is good, likewise.
    nbf: i64,
    /// Until when, likewise.
    exp: i64,
    /// A name of its own.
    jti: String,
}

fn header(key: TokenKeyId) -> Header {
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.to_string());
    header
}

/// The key a token was signed with, by its own words; none unless its header is one
/// that this service writes.
fn key_of(token: &str) -> Option<TokenKeyId> {
    let sent = jsonwebtoken::decode_header(token).ok()?;
    let key = sent.kid.as_deref()?.parse::<TokenKeyId>().ok()?;
    (sent == header(key)).then_some(key)
}

impl Auth {
    fn issuer(&self) -> &str {
        self.settings.public_url.as_str()
    }

    /// An access token for a session, and until when it is good.
    pub(super) async fn access_token(
        &self,
        tx: &mut Tx,
        held: &Held,
    ) -> Result<(Token, DateTime<Utc>), AuthError> {
        let key = self.signing_key(tx).await?;
        let now = self.clock.now();
        let until = held.expires_at.min(now + ACCESS_LENGTH);
        let claims = Claims {
            iss: self.issuer().to_owned(),
            aud: held.realm.as_str().to_owned(),
            sub: held.user,
            sid: held.session,
            generation: held.generation,
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: until.timestamp(),
            jti: Token::random().expose().to_owned(),
        };
        let secret = EncodingKey::from_secret(&key.secret);
        let signed = jsonwebtoken::encode(&header(key.id), &claims, &secret)
            .map_err(|error| AuthError::Sign(error.to_string()))?;
        Ok((Token::sent(&signed), until))
    }

    /// What an access token says, if it is one of ours and good now.
    pub(super) async fn claims(
        &self,
        tx: &mut Tx,
        token: &Token,
    ) -> Result<Option<Claims>, AuthError> {
        let text = token.expose();
        if text.len() > LONGEST {
            return Ok(None);
        }
        let Some(id) = key_of(text) else { return Ok(None) };
        let Some(key) = self.proving_key(tx, id).await? else { return Ok(None) };
        Ok(self.signed_by(text, &key.secret).filter(|claims| self.is_good(claims)))
    }

    /// What a token says when a key proves it. Times are compared with the service's
    /// own clock, in [`Self::is_good`].
    fn signed_by(&self, token: &str, secret: &[u8]) -> Option<Claims> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.validate_exp = false;
        rules.validate_aud = false;
        rules.set_issuer(&[self.issuer()]);
        rules.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        let secret = DecodingKey::from_secret(secret);
        let proven = jsonwebtoken::decode::<Claims>(token, &secret, &rules).ok()?;
        Some(proven.claims)
    }

    /// Whether a token is good now. Whose realm it must be for is compared with its
    /// session.
    fn is_good(&self, claims: &Claims) -> bool {
        let now = self.clock.now().timestamp();
        claims.nbf <= now && now < claims.exp
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::*;

    fn token_with(header: &serde_json::Value) -> String {
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.{}", part(header), part(&json!({})), URL_SAFE_NO_PAD.encode([0; 32]))
    }

    #[test]
    fn only_the_header_this_service_writes_names_a_key() {
        let id = TokenKeyId::new();
        let ours = json!({ "typ": TYPE, "alg": "HS256", "kid": id });
        assert_eq!(key_of(&token_with(&ours)), Some(id));
        let with = |name: &str, value: serde_json::Value| {
            let mut changed = ours.clone();
            changed[name] = value;
            key_of(&token_with(&changed))
        };
        for algorithm in ["none", "None", "HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA"] {
            assert_eq!(with("alg", json!(algorithm)), None, "{algorithm}");
        }
        let traps = [
            "../../dev/null".to_owned(),
            "' OR '1'='1".to_owned(),
            "/etc/hostname".to_owned(),
            String::new(),
            id.to_string().to_uppercase(),
            format!("{{{id}}}"),
            format!("urn:uuid:{id}"),
            id.uuid().simple().to_string(),
        ];
        for kid in traps {
            assert_eq!(with("kid", json!(kid)), None, "{kid}");
        }
        assert_eq!(with("typ", json!("JWT")), None);
        assert_eq!(with("jku", json!("https://evil.example/keys")), None);
        assert_eq!(with("x5u", json!("https://evil.example/cert")), None);
        assert_eq!(with("jwk", json!({ "kty": "oct", "k": "AAAA" })), None);
        assert_eq!(with("x5c", json!(["AAAA"])), None);
        assert_eq!(with("crit", json!(["b64"])), None);
        assert_eq!(with("b64", json!(false)), None);
        assert_eq!(key_of("mun"), None);
        assert_eq!(key_of(&token_with(&json!({ "alg": "HS256", "typ": TYPE }))), None);
    }
}
