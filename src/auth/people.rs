//! The people of a chamber: adding, listing, switching off, passwords.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{
    Auth, AuthError, Caller, NewUser, SHORTEST_PASSWORD, User, normal_email, password, store,
};
use crate::db::{DbError, Tx};
use crate::kernel::{OrganisationId, Role, Scope, UserId};

/// When a person last signed in, and on how many cases they work.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Activity {
    /// Who.
    pub user_id: UserId,
    /// When they last signed in.
    pub last_seen: Option<DateTime<Utc>>,
    /// How many cases they are a member of.
    pub cases: i64,
}

impl Auth {
    /// Adds a person to the caller's organisation.
    ///
    /// # Errors
    /// Fails unless the caller is an admin and the values are acceptable.
    pub async fn add_user(&self, scope: &Scope, new: NewUser) -> Result<User, AuthError> {
        if scope.role() != Role::Admin {
            return Err(AuthError::AdminOnly);
        }
        let hash = check(&new).await?;
        let mut tx = self.db.write().await?;
        if let Some(client) = new.client
            && !store::client_exists(&mut tx, scope.organisation(), client).await?
        {
            return Err(AuthError::ClientMismatch);
        }
        let user =
            self.insert(&mut tx, scope.organisation(), new, hash, Some(scope.user())).await?;
        tx.commit().await?;
        Ok(user)
    }

    pub(super) async fn insert(
        &self,
        tx: &mut Tx,
        organisation: OrganisationId,
        new: NewUser,
        hash: String,
        by: Option<UserId>,
    ) -> Result<User, AuthError> {
        let NewUser { name, email, role, client, password: _ } = new;
        let user = User {
            id: UserId::new(),
            organisation_id: organisation,
            name: name.trim().to_owned(),
            email: normal_email(&email),
            role,
            client_id: client,
            active: true,
        };
        let inserted = store::insert_user(tx, &user, hash, self.clock.now()).await;
        if inserted.as_ref().is_err_and(DbError::is_conflict) {
            return Err(AuthError::EmailTaken(user.email));
        }
        inserted?;
        let details = json!({ "user": user.id, "role": role });
        self.audit.record(tx, organisation, by, "user.add", details).await?;
        Ok(user)
    }

    /// The people of the caller's organisation.
    ///
    /// # Errors
    /// Fails for a client, who sees nobody, and when the database does.
    pub async fn users(&self, scope: &Scope) -> Result<Vec<User>, AuthError> {
        if scope.role() == Role::Client {
            return Err(AuthError::AdminOnly);
        }
        let mut tx = self.db.read().await?;
        Ok(store::list_users(&mut tx, scope.organisation()).await?)
    }

    /// What the people of the caller's organisation do here; for admins.
    ///
    /// # Errors
    /// Fails for anyone else, and when the database does.
    pub async fn activity(&self, scope: &Scope) -> Result<Vec<Activity>, AuthError> {
        if scope.role() != Role::Admin {
            return Err(AuthError::AdminOnly);
        }
        let mut tx = self.db.read().await?;
        Ok(store::activity(&mut tx, scope.organisation()).await?)
    }

    /// Lets a person sign in, or no longer; their sessions end at once.
    ///
    /// # Errors
    /// Fails unless the caller is an admin and another active admin is left.
    pub async fn set_active(
        &self,
        scope: &Scope,
        user: UserId,
        active: bool,
    ) -> Result<(), AuthError> {
        if scope.role() != Role::Admin {
            return Err(AuthError::AdminOnly);
        }
        let mut tx = self.db.write().await?;
        if store::set_active(&mut tx, scope.organisation(), user, active).await? == 0 {
            return Err(AuthError::NotFound);
        }
        if store::count_active_admins(&mut tx, scope.organisation()).await? == 0 {
            return Err(AuthError::LastAdmin);
        }
        if !active {
            store::end_sessions(&mut tx, user).await?;
        }
        let action = if active { "user.activate" } else { "user.deactivate" };
        let details = json!({ "user": user });
        self.audit
            .record(&mut tx, scope.organisation(), Some(scope.user()), action, details)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Gives a person of the caller's organisation a new password and ends their
    /// sessions; the password is shown this once.
    ///
    /// # Errors
    /// Fails unless the caller is an admin and the person exists.
    pub async fn reset_password(&self, scope: &Scope, user: UserId) -> Result<String, AuthError> {
        if scope.role() != Role::Admin {
            return Err(AuthError::AdminOnly);
        }
        let password = one_time_password();
        let hash = password::hash(password.clone()).await?;
        let mut tx = self.db.write().await?;
        if store::set_password(&mut tx, scope.organisation(), user, hash).await? == 0 {
            return Err(AuthError::NotFound);
        }
        store::end_sessions(&mut tx, user).await?;
        let details = json!({ "user": user });
        self.audit
            .record(
                &mut tx,
                scope.organisation(),
                Some(scope.user()),
                "user.password.reset",
                details,
            )
            .await?;
        tx.commit().await?;
        Ok(password)
    }

    /// Changes the caller's own password; their other sessions end.
    ///
    /// # Errors
    /// Fails when the present password is wrong or the new one too short.
    pub async fn change_password(
        &self,
        caller: &Caller,
        current: &str,
        new: &str,
    ) -> Result<(), AuthError> {
        if new.chars().count() < SHORTEST_PASSWORD {
            return Err(AuthError::WeakPassword);
        }
        let mut tx = self.db.read().await?;
        let found = store::find_for_sign_in(&mut tx, &caller.user.email).await?;
        drop(tx);
        let present = found.map(|(_, hash)| hash);
        if !password::verify(current.to_owned(), present).await? {
            return Err(AuthError::NotRecognised);
        }
        let hash = password::hash(new.to_owned()).await?;
        let organisation = caller.scope.organisation();
        let mut tx = self.db.write().await?;
        store::set_password(&mut tx, organisation, caller.user.id, hash).await?;
        store::end_other_sessions(&mut tx, caller.user.id, caller.session).await?;
        let user = Some(caller.user.id);
        self.audit.record(&mut tx, organisation, user, "user.password.change", json!({})).await?;
        Ok(tx.commit().await?)
    }
}

/// A password nobody chose: 96 random bits.
#[must_use]
pub fn one_time_password() -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(rand::random::<[u8; 12]>())
}

/// Checks a new person's values and hashes the password.
pub(super) async fn check(new: &NewUser) -> Result<String, AuthError> {
    if new.name.trim().is_empty() {
        return Err(AuthError::NoName);
    }
    let email = normal_email(&new.email);
    let plausible = email
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.ends_with('.'));
    if !plausible || email.contains(char::is_whitespace) {
        return Err(AuthError::Email(new.email.clone()));
    }
    if (new.role == Role::Client) != new.client.is_some() {
        return Err(AuthError::ClientMismatch);
    }
    if new.password.chars().count() < SHORTEST_PASSWORD {
        return Err(AuthError::WeakPassword);
    }
    password::hash(new.password.clone()).await
}
