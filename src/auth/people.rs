//! The people of a chamber: adding, listing, switching off, passwords.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::links::{LinkKind, drop_all, drop_passwords, has_chosen, organisation_name};
use super::{Auth, AuthError, Caller, NewUser, Renewed, User, normal_email, password, store};
use crate::audit::Changes;
use crate::db::{DbError, Tx};
use crate::kernel::{ClientId, OrganisationId, Permission, Role, Scope, UserId};

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
    /// Adds a person to the caller's organisation with a password an admin knows; a
    /// letter asks them to confirm their email. Of a client no password is kept.
    ///
    /// # Errors
    /// Fails unless the caller is an admin and the values are acceptable.
    pub async fn add_user(&self, scope: &Scope, new: NewUser) -> Result<User, AuthError> {
        if !scope.may(Permission::ManagePeople) {
            return Err(AuthError::AdminOnly);
        }
        let mut tx = self.db.read().await?;
        let chamber = organisation_name(&mut tx, scope.organisation()).await?;
        drop(tx);
        let hash = check(&new, &chamber).await?;
        let mut tx = self.db.write().await?;
        check_client(&mut tx, scope.organisation(), new.client).await?;
        check_wall(&mut tx, scope, new.role, new.client).await?;
        let hash = if self.has_password(new.role) { hash } else { String::new() };
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
        let user = self.insert_user(tx, user, hash).await?;
        self.send(tx, &user, LinkKind::Verification, &user.email).await?;
        let details = Changes::of("role", None::<Role>, role).and_withheld("email", true);
        let details = details.onto(json!({ "user": user.id }));
        self.audit.record(tx, organisation, by, "user.add", details).await?;
        Ok(user)
    }

    pub(super) async fn insert_user(
        &self,
        tx: &mut Tx,
        user: User,
        hash: String,
    ) -> Result<User, AuthError> {
        let inserted = store::insert_user(tx, &user, hash, self.clock.now()).await;
        if inserted.as_ref().is_err_and(DbError::is_conflict) {
            return Err(AuthError::EmailTaken(user.email));
        }
        inserted?;
        Ok(user)
    }

    /// The people of the caller's organisation.
    ///
    /// # Errors
    /// Fails for a client, who sees nobody, and when the database does.
    pub async fn users(&self, scope: &Scope) -> Result<Vec<User>, AuthError> {
        if !scope.may(Permission::ReadPeople) {
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
        if !scope.may(Permission::ManagePeople) {
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
        if !scope.may(Permission::ManagePeople) {
            return Err(AuthError::AdminOnly);
        }
        let mut tx = self.db.write().await?;
        let before = store::is_active(&mut tx, scope.organisation(), user).await?;
        let before = before.ok_or(AuthError::NotFound)?;
        store::set_active(&mut tx, scope.organisation(), user, active).await?;
        if store::count_active_admins(&mut tx, scope.organisation()).await? == 0 {
            return Err(AuthError::LastAdmin);
        }
        if !active {
            store::end_sessions(&mut tx, user).await?;
            drop_all(&mut tx, user).await?;
        }
        let action = if active { "user.activate" } else { "user.deactivate" };
        let details = Changes::of("active", before, active).onto(json!({ "user": user }));
        self.audit
            .record(&mut tx, scope.organisation(), Some(scope.user()), action, details)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Sends a person of the caller's organisation a link for choosing another password,
    /// or their first, and ends their sessions. The link goes to them alone: an admin who
    /// knew the password could be them, on either side of a wall.
    ///
    /// # Errors
    /// Fails unless the caller is an admin and the person exists and may sign in, and
    /// for clients, who have no password.
    pub async fn reset_password(&self, scope: &Scope, user: UserId) -> Result<User, AuthError> {
        if !scope.may(Permission::ManagePeople) {
            return Err(AuthError::AdminOnly);
        }
        let mut tx = self.db.write().await?;
        let found = store::find_active(&mut tx, user).await?;
        let user = found
            .filter(|user| user.organisation_id == scope.organisation())
            .ok_or(AuthError::NotFound)?;
        if !self.has_password(user.role) {
            return Err(AuthError::ClientsHaveNoPassword);
        }
        let chosen = has_chosen(&mut tx, user.id).await?;
        let kind = if chosen { LinkKind::Reset } else { LinkKind::Invitation };
        store::end_sessions(&mut tx, user.id).await?;
        self.send(&mut tx, &user, kind, &user.email).await?;
        let details = json!({ "user": user.id, "kind": kind.as_str() });
        let by = Some(scope.user());
        self.audit.record(&mut tx, scope.organisation(), by, "user.link", details).await?;
        tx.commit().await?;
        Ok(user)
    }

    /// Changes the caller's own password; their other sessions end, and this one is
    /// renewed.
    ///
    /// # Errors
    /// Fails when the present password is wrong or the new one not good enough.
    pub async fn change_password(
        &self,
        caller: &Caller,
        current: &str,
        new: &str,
    ) -> Result<Renewed<()>, AuthError> {
        caller.in_session()?;
        self.confirm_password(&caller.user, current).await?;
        let User { name, email, .. } = &caller.user;
        let about = password::about(name, email, &caller.organisation);
        let hash = password::check_and_hash(new.to_owned(), about).await?;
        let organisation = caller.scope.organisation();
        let mut tx = self.db.write().await?;
        store::set_password(&mut tx, organisation, caller.user.id, hash).await?;
        let cookie = self.renew_alone(&mut tx, caller).await?;
        drop_passwords(&mut tx, caller.user.id).await?;
        let user = Some(caller.user.id);
        let details = Changes::default().and_withheld("password", true).onto(json!({}));
        self.audit.record(&mut tx, organisation, user, "user.password.change", details).await?;
        let text = "The password of your account was changed. Your other browsers were signed out.";
        self.tell(&mut tx, &caller.user, "password_changed", text).await?;
        tx.commit().await?;
        Ok(Renewed { value: (), cookie })
    }
}

/// Checks a new person's values and hashes the password.
pub(super) async fn check(new: &NewUser, organisation: &str) -> Result<String, AuthError> {
    check_values(&new.name, &new.email, new.role, new.client)?;
    let about = password::about(&new.name, &new.email, organisation);
    password::check_and_hash(new.password.clone(), about).await
}

/// Checks what a person is called, signs in with and is.
pub(super) fn check_values(
    name: &str,
    email: &str,
    role: Role,
    client: Option<ClientId>,
) -> Result<(), AuthError> {
    if name.trim().is_empty() {
        return Err(AuthError::NoName);
    }
    check_email(email)?;
    if (role == Role::Client) != client.is_some() {
        return Err(AuthError::ClientMismatch);
    }
    Ok(())
}

/// Checks that a text can be an email; whether it is one, only a letter shows.
pub(super) fn check_email(text: &str) -> Result<(), AuthError> {
    let email = normal_email(text);
    let plausible = email
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.ends_with('.'));
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';');
    if plausible && !email.contains(odd) && email.len() <= 254 {
        Ok(())
    } else {
        Err(AuthError::Email(text.to_owned()))
    }
}

/// Checks that a client is one of the organisation's.
pub(super) async fn check_client(
    tx: &mut Tx,
    organisation: OrganisationId,
    client: Option<ClientId>,
) -> Result<(), AuthError> {
    match client {
        Some(client) if !store::client_exists(tx, organisation, client).await? => {
            Err(AuthError::ClientMismatch)
        }
        _ => Ok(()),
    }
}

/// Refuses an account by which an admin could see what a wall keeps from them: of a role
/// that sees all of the chamber's cases or books, or of a client behind the wall.
pub(super) async fn check_wall(
    tx: &mut Tx,
    scope: &Scope,
    role: Role,
    client: Option<ClientId>,
) -> Result<(), AuthError> {
    let walled = match (role, client) {
        (Role::Admin | Role::Billing, _) => store::is_walled(tx, scope.user()).await?,
        (_, Some(client)) => store::is_walled_from(tx, scope.user(), client).await?,
        _ => false,
    };
    if walled { Err(AuthError::BehindWall) } else { Ok(()) }
}

/// A password nobody chose: 96 random bits.
#[must_use]
pub fn one_time_password() -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(rand::random::<[u8; 12]>())
}
