//! Who is calling: people, their passwords and sessions, and the [`Scope`] that
//! follows from them. Only this area grants scopes.
//!
//! A *session* is a signed-in browser (cookie) or an API token (bearer). Its
//! token is 256 random bits, stored as a hash. A wrong email and a wrong password
//! are the same answer and take the same time.

mod password;
mod people;
mod store;
mod token;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::audit::Audit;
use crate::db::{Db, DbError, Tx};
use crate::kernel::{ClientId, Clock, OrganisationId, Reach, Role, Scope, SessionId, UserId};

pub use people::{Activity, one_time_password};
pub use token::Token;

/// The shortest password accepted, in characters.
pub const SHORTEST_PASSWORD: usize = 12;

/// What can be done with people and sessions.
#[derive(Clone)]
pub struct Auth {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Audit,
    session_length: Duration,
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
    /// The session they call in.
    pub session: SessionId,
    /// What a browser must send with a change.
    pub csrf: String,
}

/// Why something could not be done to people or sessions.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// Wrong email, wrong password or an account switched off; never says which.
    #[error("the email or the password is not right")]
    NotRecognised,
    /// The service has been set up already.
    #[error("this service is set up already; sign in instead")]
    AlreadySetUp,
    /// The password is too short.
    #[error("the password must have at least {SHORTEST_PASSWORD} characters")]
    WeakPassword,
    /// The email is no email.
    #[error("`{0}` is not an email address")]
    Email(String),
    /// A name is empty.
    #[error("the name must not be empty")]
    NoName,
    /// Someone signs in with that email already.
    #[error("`{0}` has an account already")]
    EmailTaken(String),
    /// A portal user without a client, or another with one.
    #[error("an account with the role `client` needs a client, and only such an account has one")]
    ClientMismatch,
    /// Only an admin may.
    #[error("only an admin may do that")]
    AdminOnly,
    /// There is no such person in the organisation.
    #[error("there is no such account")]
    NotFound,
    /// The last admin cannot be switched off.
    #[error("the last active admin cannot be switched off")]
    LastAdmin,
    /// No organisation has been created yet.
    #[error(
        "nothing is set up yet; create an admin with `munshi user add --role admin` or on the page `/setup`"
    )]
    NotSetUp,
    /// The password could not be hashed.
    #[error("the password could not be hashed: {0}")]
    Hash(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Auth {
    /// Puts the area together.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, audit: Audit, session_length: Duration) -> Self {
        Self { db, clock, audit, session_length }
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
        let hash = people::check(&admin).await?;
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

    /// Opens a session for an email and a password.
    ///
    /// # Errors
    /// Fails with [`AuthError::NotRecognised`] whatever was wrong.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        kind: SessionKind,
    ) -> Result<Opened, AuthError> {
        let mut tx = self.db.read().await?;
        let found = store::find_for_sign_in(&mut tx, &normal_email(email)).await?;
        drop(tx);
        let hash = found.as_ref().map(|(_, hash)| hash.clone());
        let matches = password::verify(password.to_owned(), hash).await?;
        let Some((user, _)) = found.filter(|(user, _)| matches && user.active) else {
            return Err(AuthError::NotRecognised);
        };
        let token = Token::random();
        let now = self.clock.now();
        let expires_at = now + self.session_length;
        let mut tx = self.db.write().await?;
        store::end_expired(&mut tx, now).await?;
        let session = store::NewSession { user: user.id, kind, now, expires_at };
        store::insert_session(&mut tx, &session, &token).await?;
        let details = json!({ "kind": kind.as_str() });
        self.audit
            .record(&mut tx, user.organisation_id, Some(user.id), "session.open", details)
            .await?;
        tx.commit().await?;
        Ok(Opened { token, expires_at })
    }

    /// The caller a token stands for, with their scope as it is now.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn authenticate(
        &self,
        token: &Token,
        kind: SessionKind,
    ) -> Result<Option<Caller>, AuthError> {
        let mut tx = self.db.read().await?;
        let Some(found) = store::find_session(&mut tx, token, kind, self.clock.now()).await? else {
            return Ok(None);
        };
        let scope = grant(&mut tx, &found.user).await?;
        let store::Found { user, organisation, session, csrf } = found;
        Ok(Some(Caller { user, organisation, scope, session, csrf }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn sign_out(&self, caller: &Caller) -> Result<(), AuthError> {
        let mut tx = self.db.write().await?;
        store::end_session(&mut tx, caller.session).await?;
        let organisation = caller.scope.organisation();
        let user = Some(caller.user.id);
        self.audit.record(&mut tx, organisation, user, "session.close", json!({})).await?;
        Ok(tx.commit().await?)
    }

    /// The admin who stands for the person at the command line: whoever can read
    /// the data folder can read everything in it.
    ///
    /// # Errors
    /// Fails with [`AuthError::NotSetUp`] when there is no admin yet.
    pub async fn local_admin(&self) -> Result<Scope, AuthError> {
        let mut tx = self.db.read().await?;
        let admin = store::first_admin(&mut tx).await?.ok_or(AuthError::NotSetUp)?;
        grant(&mut tx, &admin).await
    }

    /// The scope of a person by email, for command-line use in their name.
    ///
    /// # Errors
    /// Fails with [`AuthError::NotFound`] when nobody active has that email.
    pub async fn scope_of(&self, email: &str) -> Result<Scope, AuthError> {
        let mut tx = self.db.read().await?;
        let found = store::find_for_sign_in(&mut tx, &normal_email(email)).await?;
        let (user, _) = found.filter(|(user, _)| user.active).ok_or(AuthError::NotFound)?;
        grant(&mut tx, &user).await
    }

    /// The scope a person has now; for work that runs on after its request.
    ///
    /// # Errors
    /// Fails with [`AuthError::NotFound`] when the person is gone or switched off.
    pub async fn scope_now(&self, user: UserId) -> Result<Scope, AuthError> {
        let mut tx = self.db.read().await?;
        let user = store::find_active(&mut tx, user).await?.ok_or(AuthError::NotFound)?;
        grant(&mut tx, &user).await
    }
}

/// Decides what a person may see.
async fn grant(tx: &mut Tx, user: &User) -> Result<Scope, AuthError> {
    let reach = match (user.role, user.client_id) {
        (Role::Admin, _) => Reach::Organisation,
        (Role::Advocate | Role::Staff, _) => {
            Reach::Cases(Arc::new(store::open_cases(tx, user).await?))
        }
        (Role::Client, Some(client)) => Reach::Shared {
            client,
            documents: Arc::new(store::shared_documents(tx, user.organisation_id, client).await?),
        },
        (Role::Client, None) => return Err(AuthError::ClientMismatch),
    };
    Ok(Scope::granted(user.organisation_id, user.id, user.role, reach))
}

fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}
