//! Sessions: the only place that opens one.
//!
//! A browser's session is a random token in a cookie. An API client's is a *family*:
//! an access token of some minutes, which is signed and names the session, and a
//! refresh token, which is random and good once. Both are rows of one table, so that
//! each is seen among the devices, limited, and over at once when it is ended.
//!
//! A session is bound to what its person was when it was opened: when the role
//! changes, or for a client anything they are reached by, it is over.

mod access;
mod agent;
mod devices;
mod keys;
mod refresh;
mod renewal;
mod store;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::token::hex;
use super::{
    Auth, AuthError, Caller, DeviceCookie, Opened, Refresh, SessionKind, Token, User, grant,
    personal,
};
use crate::db::Tx;
use crate::kernel::{Origin, Realm, SessionId, UserId};

pub use agent::{agent_in_words, place_in_words};
pub use devices::{DEVICE_COOKIE, Device};
pub use renewal::Renewed;

/// How long an access token is good. Short, so that one that leaks is soon worthless.
pub const ACCESS_LENGTH: Duration = Duration::from_mins(10);

/// How often the last use of a session is written down.
const USE_NOTED: Duration = Duration::from_mins(1);

/// The ways a client proves who they are.
const CLIENT_WAYS: [&str; 2] = ["code", "link"];

/// How long people stay signed in.
#[derive(Debug, Clone, Copy)]
pub struct SessionRules {
    /// How long a session of the chamber's people lasts at most.
    pub practice: Duration,
    /// How long it lasts unused.
    pub practice_idle: Duration,
    /// How long a client's session lasts at most.
    pub portal: Duration,
    /// How long it lasts unused.
    pub portal_idle: Duration,
    /// How many sessions one person has at most.
    pub concurrent: u32,
    /// How long a key signs access tokens.
    pub key_age: Duration,
    /// Whether clients may also sign in with a password.
    pub client_passwords: bool,
}

impl SessionRules {
    const fn length(&self, realm: Realm) -> Duration {
        match realm {
            Realm::Practice => self.practice,
            Realm::Portal => self.portal,
        }
    }

    const fn idle(&self, realm: Realm) -> Duration {
        match realm {
            Realm::Practice => self.practice_idle,
            Realm::Portal => self.portal_idle,
        }
    }
}

/// How a request carries what stands for its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// In the cookie of a realm.
    Cookie(Realm),
    /// In an `Authorization` header.
    Bearer,
}

impl Auth {
    /// Opens a session for someone who has proved who they are; `how` names the proof
    /// in the record. Always a new one: what a caller brought along is never taken up.
    pub(super) async fn open_session(
        &self,
        tx: &mut Tx,
        user: &User,
        kind: SessionKind,
        origin: &Origin,
        how: &'static str,
    ) -> Result<Opened, AuthError> {
        let realm = Realm::of(user.role);
        let rules = &self.settings.sessions;
        if realm == Realm::Portal && !rules.client_passwords && !CLIENT_WAYS.contains(&how) {
            return Err(AuthError::NotRecognised);
        }
        let now = self.clock.now();
        store::end_over(tx, now).await?;
        let session = store::NewSession {
            id: SessionId::new(),
            user: user.id,
            kind,
            realm,
            bound_to: bound_to(user, &store::contact(tx, user.client_id).await?),
            now,
            expires_at: now + rules.length(realm),
            idle_at: now + rules.idle(realm),
        };
        let token = Token::random();
        store::insert(tx, &session, &token, origin).await?;
        store::end_least_used(tx, user.id, rules.concurrent).await?;
        let device = self.meet_device(tx, user, kind, origin).await?;
        let details = json!({ "kind": kind.as_str(), "how": how });
        self.audit.record(tx, user.organisation_id, Some(user.id), "session.open", details).await?;
        let store::NewSession { id, expires_at, .. } = session;
        let held = Held { user: user.id, session: id, kind, realm, expires_at, generation: 0 };
        Ok(Opened { device, ..self.hand_over(tx, &held, token).await? })
    }

    /// What the caller gets of a session: the cookie's token, or an access token and
    /// the one to refresh it with.
    async fn hand_over(&self, tx: &mut Tx, held: &Held, token: Token) -> Result<Opened, AuthError> {
        let (expires_at, device) = (held.expires_at, None);
        match held.kind {
            SessionKind::Cookie => {
                Ok(Opened { token, expires_at, realm: held.realm, refresh: None, device })
            }
            SessionKind::Bearer => {
                let (access, until) = self.access_token(tx, held).await?;
                let refresh = Some(Refresh { token, expires_at });
                Ok(Opened { token: access, expires_at: until, realm: held.realm, refresh, device })
            }
        }
    }

    /// The caller a token stands for, with their scope as it is now. Their session counts
    /// as used.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn authenticate(
        &self,
        token: &Token,
        carried: Carried,
        origin: &Origin,
    ) -> Result<Option<Caller>, AuthError> {
        if carried == Carried::Bearer && personal::is_personal(token) {
            return self.personal_caller(token, origin).await;
        }
        let now = self.clock.now();
        let Some((caller, last_used_at)) = self.caller_now(token, carried, now).await? else {
            return Ok(None);
        };
        if last_used_at + USE_NOTED <= now {
            self.note_use(&caller, origin, now).await;
        }
        Ok(Some(caller))
    }

    /// The caller a token stands for, as [`Self::authenticate`] says, for what goes on
    /// without them: streams of events and what looks again by itself. Their session
    /// does not count as used, so that an open page does not keep it alive.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn authenticate_unused(
        &self,
        token: &Token,
        carried: Carried,
        origin: &Origin,
    ) -> Result<Option<Caller>, AuthError> {
        if carried == Carried::Bearer && personal::is_personal(token) {
            return self.personal_caller(token, origin).await;
        }
        let found = self.caller_now(token, carried, self.clock.now()).await?;
        Ok(found.map(|(caller, _)| caller))
    }

    /// The caller a session's token stands for, and when the session was last used.
    async fn caller_now(
        &self,
        token: &Token,
        carried: Carried,
        now: DateTime<Utc>,
    ) -> Result<Option<(Caller, DateTime<Utc>)>, AuthError> {
        let mut tx = self.db.read().await?;
        let found = match carried {
            Carried::Cookie(realm) => {
                let found = store::find_by_cookie(&mut tx, token, now).await?;
                found.filter(|found| found.realm == realm)
            }
            Carried::Bearer => match self.claims(&mut tx, token).await? {
                Some(claims) => {
                    let found = store::find_by_id(&mut tx, claims.sid, now).await?;
                    found.filter(|found| {
                        found.user.id == claims.sub
                            && found.realm.as_str() == claims.aud
                            && found.generation == claims.generation
                    })
                }
                None => None,
            },
        };
        let Some(found) = found.filter(store::Found::is_bound) else { return Ok(None) };
        let scope = grant(&mut tx, &found.user, now).await?;
        let store::Found { user, organisation, session, csrf, realm, last_used_at, .. } = found;
        let caller = Caller { user, organisation, scope, session, csrf, realm, token: None };
        Ok(Some((caller, last_used_at)))
    }

    /// Writes down that a session is used; a request does not fail over it.
    async fn note_use(&self, caller: &Caller, origin: &Origin, now: DateTime<Utc>) {
        let idle_at = now + self.settings.sessions.idle(caller.realm);
        let noted = async {
            let mut tx = self.db.write().await?;
            store::note_use(&mut tx, caller.session, origin, now, idle_at).await?;
            tx.commit().await
        };
        if let Err(error) = noted.await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "the use of a session could not be written down");
        }
    }

    /// Ends the session the caller calls in.
    ///
    /// # Errors
    /// Fails for a personal API token, which is revoked by name, and when the database
    /// does.
    pub async fn sign_out(&self, caller: &Caller) -> Result<(), AuthError> {
        caller.in_session()?;
        let mut tx = self.db.write().await?;
        store::end(&mut tx, caller.session).await?;
        let organisation = caller.scope.organisation();
        let user = Some(caller.user.id);
        self.audit.record(&mut tx, organisation, user, "session.close", json!({})).await?;
        Ok(tx.commit().await?)
    }
}

/// A session as far as handing over its tokens goes.
struct Held {
    user: UserId,
    session: SessionId,
    kind: SessionKind,
    realm: Realm,
    expires_at: DateTime<Utc>,
    generation: i64,
}

impl Caller {
    /// Refuses a personal API token: what is done to one's own account needs a session.
    ///
    /// # Errors
    /// Fails with [`AuthError::SessionNeeded`] for a personal API token.
    pub fn in_session(&self) -> Result<(), AuthError> {
        if self.token.is_some() { Err(AuthError::SessionNeeded) } else { Ok(()) }
    }
}

/// How a client is reached, as the chamber's books say.
#[derive(Debug, Default)]
struct Contact {
    email: Option<String>,
    phone: Option<String>,
}

/// What a session is bound to; when it is no longer the same the session is over.
fn bound_to(user: &User, contact: &Contact) -> String {
    match Realm::of(user.role) {
        Realm::Practice => user.role.as_str().to_owned(),
        Realm::Portal => {
            let Contact { email, phone } = contact;
            let whole = json!([user.client_id, user.email, email, phone]).to_string();
            hex(&Sha256::digest(whole))
        }
    }
}

/// The cookie's name for an account: one browser may be known for several.
fn device_cookie(user: &User, token: Token) -> DeviceCookie {
    let account = hex(&Sha256::digest(user.id.to_string()));
    let name = format!("{DEVICE_COOKIE}_{}", account.get(..12).unwrap_or_default());
    DeviceCookie { name, token }
}
