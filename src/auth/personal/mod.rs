//! Personal API tokens: named, for some kinds of acts, for some time.
//!
//! A token is `mun_`, 256 random bits and a checksum, in lower-case hexadecimal, so
//! that whoever scans for leaked secrets can find one and be sure: it fits
//! `mun_[0-9a-f]{72}`, and the last eight digits begin the SHA-256 of what stands
//! before them. It is shown once and kept as a hash. With it one can never do more
//! than its owner may, and nothing to the owner's account.

mod store;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::token::hex;
use super::{Auth, AuthError, Caller, Token, grant};
use crate::kernel::{ApiTokenId, Origin, Realm, SessionId, TokenScope};

/// What every token starts with.
const PREFIX: &str = "mun_";
/// How many digits the checksum has.
const CHECKSUM: usize = 8;
/// How many digits stand for the random bits.
const DIGITS: usize = 64;
/// The longest name, in characters.
const LONGEST_NAME: usize = 100;
/// The longest a token may last, in days.
pub const LONGEST_DAYS: u32 = 365;
/// How many tokens one person may have.
const MOST: usize = 50;
/// How often the last use is written down.
const USE_NOTED: Duration = Duration::from_mins(1);

/// A token to be made.
#[derive(Debug, Clone)]
pub struct NewApiToken {
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub scopes: Vec<TokenScope>,
    /// How long it lasts, in days.
    pub days: u32,
}

/// A token that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Its id.
    pub id: ApiTokenId,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub scopes: Vec<TokenScope>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// From which address.
    pub last_address: Option<String>,
}

impl Auth {
    /// Makes a token for the caller; the only moment it is known.
    ///
    /// # Errors
    /// Fails for a client and for a caller with a personal token, and with
    /// [`AuthError::BadToken`] on a name, scopes or time that cannot be.
    pub async fn make_token(
        &self,
        caller: &Caller,
        new: NewApiToken,
    ) -> Result<(ApiToken, Token), AuthError> {
        caller.in_session()?;
        if caller.realm != Realm::Practice {
            return Err(AuthError::AdminOnly);
        }
        let now = self.clock.now();
        let made = checked(new, now)?;
        let mut tx = self.db.write().await?;
        if store::list(&mut tx, caller.user.id).await?.len() >= MOST {
            return Err(AuthError::BadToken("you have too many API tokens; revoke one first"));
        }
        let token = random();
        store::insert(&mut tx, caller.user.id, &made, &token).await?;
        let details =
            json!({ "token": made.id, "scopes": made.scopes, "expires_at": made.expires_at });
        let (organisation, user) = (caller.scope.organisation(), Some(caller.user.id));
        self.audit.record(&mut tx, organisation, user, "token.make", details).await?;
        tx.commit().await?;
        Ok((made, token))
    }

    /// The caller's tokens, newest first; those that have ended too, until revoked.
    ///
    /// # Errors
    /// Fails for a caller with a personal token, and when the database does.
    pub async fn tokens(&self, caller: &Caller) -> Result<Vec<ApiToken>, AuthError> {
        caller.in_session()?;
        let mut tx = self.db.read().await?;
        Ok(store::list(&mut tx, caller.user.id).await?)
    }

    /// Revokes one of the caller's tokens.
    ///
    /// # Errors
    /// Fails with [`AuthError::NotFound`] on a token that is not theirs.
    pub async fn revoke_token(&self, caller: &Caller, token: ApiTokenId) -> Result<(), AuthError> {
        caller.in_session()?;
        let mut tx = self.db.write().await?;
        if store::delete(&mut tx, caller.user.id, token).await? == 0 {
            return Err(AuthError::NotFound);
        }
        let details = json!({ "token": token });
        let (organisation, user) = (caller.scope.organisation(), Some(caller.user.id));
        self.audit.record(&mut tx, organisation, user, "token.revoke", details).await?;
        Ok(tx.commit().await?)
    }

    /// Who calls with a personal token.
    pub(super) async fn personal_caller(
        &self,
        token: &Token,
        origin: &Origin,
    ) -> Result<Option<Caller>, AuthError> {
        if !is_whole(token) {
            return Ok(None);
        }
        let now = self.clock.now();
        let mut tx = self.db.read().await?;
        let found = store::find(&mut tx, token, now).await?;
        let Some(found) = found.filter(|found| Realm::of(found.user.role) == Realm::Practice)
        else {
            return Ok(None);
        };
        let scope = grant(&mut tx, &found.user, now).await?.within(&found.scopes);
        drop(tx);
        if found.last_used_at.is_none_or(|last| last + USE_NOTED <= now) {
            self.note_token_use(found.id, origin, now).await;
        }
        Ok(Some(Caller {
            user: found.user,
            organisation: found.organisation,
            scope,
            session: SessionId::from(found.id.uuid()),
            csrf: String::new(),
            realm: Realm::Practice,
            token: Some(found.id),
        }))
    }

    /// Writes down that a token is used; a request does not fail over it.
    async fn note_token_use(&self, token: ApiTokenId, origin: &Origin, now: DateTime<Utc>) {
        let noted = async {
            let mut tx = self.db.write().await?;
            store::note_use(&mut tx, token, origin, now).await?;
            tx.commit().await
        };
        if let Err(error) = noted.await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "the use of an API token could not be written down");
        }
    }
}

/// The token to be made, if it can be.
fn checked(new: NewApiToken, now: DateTime<Utc>) -> Result<ApiToken, AuthError> {
    let NewApiToken { name, mut scopes, days } = new;
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(AuthError::BadToken("give the API token a name of at most 100 characters"));
    }
    scopes.sort();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(AuthError::BadToken("choose at least one thing the API token is for"));
    }
    if !(1..=LONGEST_DAYS).contains(&days) {
        return Err(AuthError::BadToken("an API token lasts from 1 to 365 days"));
    }
    Ok(ApiToken {
        id: ApiTokenId::new(),
        name,
        scopes,
        created_at: now,
        expires_at: now + Duration::from_hours(u64::from(days) * 24),
        last_used_at: None,
        last_address: None,
    })
}

fn random() -> Token {
    let body = format!("{PREFIX}{}", hex(&rand::random::<[u8; DIGITS / 2]>()));
    let checksum = checksum(&body);
    Token::sent(&format!("{body}{checksum}"))
}

fn checksum(body: &str) -> String {
    let mut digits = hex(&Sha256::digest(body));
    digits.truncate(CHECKSUM);
    digits
}

/// Whether a token means to be a personal one.
pub(super) fn is_personal(token: &Token) -> bool {
    token.expose().starts_with(PREFIX)
}

/// Whether it has the right length and checksum.
fn is_whole(token: &Token) -> bool {
    let text = token.expose();
    text.len() == PREFIX.len() + DIGITS + CHECKSUM
        && text
            .split_at_checked(PREFIX.len() + DIGITS)
            .is_some_and(|(body, sum)| checksum(body) == sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_can_be_found_by_a_scanner_and_proved_by_its_checksum() {
        let token = random();
        let text = token.expose();
        let digits = text.strip_prefix("mun_").unwrap();
        assert_eq!(digits.len(), 72);
        assert!(digits.chars().all(|digit| matches!(digit, '0'..='9' | 'a'..='f')), "{text}");
        assert!(is_whole(&token));
        assert_ne!(random().expose(), text);
    }

    #[test]
    fn a_mistyped_token_is_refused_before_anything_is_looked_up() {
        let text = random().expose().to_owned();
        for place in 4..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[place] = if changed[place] == b'0' { b'1' } else { b'0' };
            assert!(!is_whole(&Token::sent(&String::from_utf8(changed).unwrap())), "{place}");
        }
        assert!(!is_whole(&Token::sent(&text[..text.len() - 1])));
        assert!(!is_whole(&Token::sent(&format!("mun_{}", "ä".repeat(36)))));
        assert!(!is_whole(&Token::sent("mun_")));
    }
}
