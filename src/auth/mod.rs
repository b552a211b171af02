//! Who is calling: people, their passwords and sessions, and the [`Scope`] that
//! follows from them. Only this area grants scopes.
//!
//! A *session* is a signed-in browser (cookie) or API client (bearer), in one of two
//! realms. Its token is 256 random bits, stored as a hash; see `sessions`. A
//! *personal API token* stands for a person in some of what they may do. A wrong email and a wrong password
//! are the same answer and take the same time.

mod admit;
mod attempts;
mod client_entry;
mod error;
mod factors;
mod links;
mod oidc;
mod passkeys;
mod password;
mod people;
mod personal;
mod sessions;
mod sign_in;
mod store;
mod strangers;
mod token;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use crate::audit::Audit;
use crate::db::{Db, Tx};
use crate::kernel::{
    ApiTokenId, ClientId, Clock, OrganisationId, Reach, Realm, Role, Scope, SessionId, UserId,
};
use crate::outbox::Outbox;
use crate::vault::Vault;

pub use client_entry::Asked as CodeAsked;
pub use error::AuthError;
pub use factors::{Factors, Offer, PersonFactors, Proof};
pub use links::{Invitee, LinkKind, Opening, Standing};
pub use oidc::{
    Back as ProviderBack, Provider, Refusal as ProviderRefusal, Started as ProviderStarted,
};
pub use passkeys::{Asked as PasskeyAsked, PasskeyInfo};
pub use password::Weakness;
pub use people::{Activity, one_time_password};
pub use personal::{ApiToken, LONGEST_DAYS, NewApiToken};
pub use sessions::{
    ACCESS_LENGTH, Carried, DEVICE_COOKIE, Device, Renewed, SessionRules, agent_in_words,
    place_in_words,
};
pub use token::Token;

/// The shortest password accepted, in characters.
pub const SHORTEST_PASSWORD: usize = 12;

/// The longest password accepted, in characters. A longer one is refused, never cut.
pub const LONGEST_PASSWORD: usize = 128;

/// What can be done with people and sessions.
#[derive(Clone)]
pub struct Auth {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Audit,
    vault: Vault,
    outbox: Outbox,
    settings: Arc<Settings>,
    strangers: Arc<strangers::Strangers>,
}

/// What the area is put together from.
pub struct Parts {
    /// The tables.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The record.
    pub audit: Audit,
    /// What seals secrets.
    pub vault: Vault,
    /// What sends links and codes.
    pub outbox: Outbox,
    /// The rules of this installation.
    pub settings: Settings,
}

/// The rules people sign in by.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address people type; links in letters start with it.
    pub public_url: Url,
    /// How many wrong passwords for one account are free of waiting.
    pub wrong_per_account: u32,
    /// How many wrong passwords from one address are free of waiting.
    pub wrong_per_address: u32,
    /// How long people stay signed in.
    pub sessions: SessionRules,
    /// Whether text messages can be sent.
    pub sms: bool,
    /// The `OpenID` provider people may sign in with.
    pub provider: Option<Provider>,
}

/// A person who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The organisation it belongs to.
    pub organisation_id: OrganisationId,
    /// How they are called.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// What they are in the chamber.
    pub role: Role,
    /// The client they are, for a portal user.
    pub client_id: Option<ClientId>,
    /// Whether they may sign in.
    pub active: bool,
}

/// A person to be added.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// How they are called.
    pub name: String,
    /// What they will sign in with.
    pub email: String,
    /// What they are.
    pub role: Role,
    /// The client they are; needed for the role `client` and refused for others.
    pub client: Option<ClientId>,
    /// Their first password.
    pub password: String,
}

/// How a session is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    /// In a browser's cookie; changes need the CSRF token.
    Cookie,
    /// In an `Authorization` header.
    Bearer,
}

impl SessionKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::Bearer => "bearer",
        }
    }
}

/// A session as just opened: the only moment its token is known.
#[derive(Debug)]
pub struct Opened {
    /// The token to hand to the caller.
    pub token: Token,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// The realm it opens.
    pub realm: Realm,
    /// What an API client gets its next token with; a browser needs none.
    pub refresh: Option<Refresh>,
    /// What a browser is known again by, when it was not known.
    pub device: Option<DeviceCookie>,
}

/// What an API client gets its next tokens with, once.
#[derive(Debug)]
pub struct Refresh {
    /// The token.
    pub token: Token,
    /// When it ends however often it is exchanged.
    pub expires_at: DateTime<Utc>,
}

/// A cookie a browser is known again by.
#[derive(Debug)]
pub struct DeviceCookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub token: Token,
}

/// What signing in came to.
#[derive(Debug)]
pub enum Entered {
    /// They are in.
    In(Opened),
    /// The password was right, and a second proof is asked for.
    Second(Pending),
}

/// A sign-in that waits for a second proof.
#[derive(Debug)]
pub struct Pending {
    /// What stands for the sign-in so far; it opens nothing by itself.
    pub token: Token,
    /// When it can no longer be finished.
    pub expires_at: DateTime<Utc>,
    /// The proofs the person can give.
    pub ways: Vec<Way>,
    /// Whether they have none yet, and must set one up to go on.
    pub enrol: bool,
}

/// A second proof of who someone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// A code from an authenticator app.
    App,
    /// A passkey or security key.
    Passkey,
    /// A code sent to their telephone.
    Sms,
    /// One of the codes they wrote down.
    BackupCode,
}

/// A signed-in caller.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub user: User,
    /// The organisation's name.
    pub organisation: String,
    /// What they may see.
    pub scope: Scope,
    /// The session they call in; for a personal API token, the token's own id.
    pub session: SessionId,
    /// What a browser must send with a change.
    pub csrf: String,
    /// The realm they are signed in to.
    pub realm: Realm,
    /// The personal API token they call with; none in a session.
    pub token: Option<ApiTokenId>,
}

impl Auth {
    /// Puts the area together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { db, clock, audit, vault, outbox, settings } = parts;
        let strangers = Arc::default();
        Self { db, clock, audit, vault, outbox, settings: Arc::new(settings), strangers }
    }

    /// Whether nobody has an account yet.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn needs_setup(&self) -> Result<bool, AuthError> {
        let mut tx = self.db.read().await?;
        Ok(store::count_users(&mut tx).await? == 0)
    }

    /// Creates the organisation and its first admin; once only.
    ///
    /// # Errors
    /// Fails when someone has an account already, or a value is not acceptable.
    pub async fn set_up(&self, organisation: &str, admin: NewUser) -> Result<User, AuthError> {
        if organisation.trim().is_empty() {
            return Err(AuthError::NoName);
        }
        let hash = people::check(&admin, organisation).await?;
        let mut tx = self.db.write().await?;
        if store::count_users(&mut tx).await? > 0 {
            return Err(AuthError::AlreadySetUp);
        }
        let id = OrganisationId::new();
        store::insert_organisation(&mut tx, id, organisation.trim(), self.clock.now()).await?;
        let user = self.insert(&mut tx, id, admin, hash, None).await?;
        tx.commit().await?;
        Ok(user)
    }

    /// The admin who stands for the person at the command line: whoever can read
    /// the data folder can read everything in it.
    ///
    /// # Errors
    /// Fails with [`AuthError::NotSetUp`] when there is no admin yet.
    pub async fn local_admin(&self) -> Result<Scope, AuthError> {
        let mut tx = self.db.read().await?;
        let admin = store::first_admin(&mut tx).await?.ok_or(AuthError::NotSetUp)?;
        grant(&mut tx, &admin, self.clock.now()).await
    }

    /// The scope of a person by email, for command-line use in their name.
    ///
    /// # Errors
    /// Fails with [`AuthError::NotFound`] when nobody active has that email.
    pub async fn scope_of(&self, email: &str) -> Result<Scope, AuthError> {
        let mut tx = self.db.read().await?;
        let found = store::find_for_sign_in(&mut tx, &normal_email(email)).await?;
        let (user, _) = found.filter(|(user, _)| user.active).ok_or(AuthError::NotFound)?;
        grant(&mut tx, &user, self.clock.now()).await
    }

    /// The scope a person has now; for work that runs on after its request.
    ///
    /// # Errors
    /// Fails with [`AuthError::NotFound`] when the person is gone or switched off.
    pub async fn scope_now(&self, user: UserId) -> Result<Scope, AuthError> {
        let mut tx = self.db.read().await?;
        let user = store::find_active(&mut tx, user).await?.ok_or(AuthError::NotFound)?;
        grant(&mut tx, &user, self.clock.now()).await
    }
}

/// Decides what a person may see, as of now.
async fn grant(tx: &mut Tx, user: &User, now: DateTime<Utc>) -> Result<Scope, AuthError> {
    let granted =
        |reach| Scope::granted(user.organisation_id, user.id, user.role, reach).granted_as_of(now);
    Ok(match (user.role, user.client_id) {
        (Role::Admin, _) if !store::is_walled(tx, user.id).await? => granted(Reach::Organisation),
        (Role::Admin | Role::Advocate | Role::Staff, _) => {
            let roles = store::open_cases(tx, user.id).await?;
            let cases = Arc::new(roles.keys().copied().collect());
            granted(Reach::Cases(cases)).with_case_roles(roles)
        }
        (Role::Billing, _) => granted(Reach::Cases(Arc::default())),
        (Role::Client, Some(client)) => {
            let documents = Arc::new(store::shared_documents(tx, user.id, now).await?);
            granted(Reach::Shared { client, documents })
        }
        (Role::Client, None) => return Err(AuthError::ClientMismatch),
    })
}

fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}
