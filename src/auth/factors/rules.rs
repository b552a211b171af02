//! Which roles must have a second factor, and an admin's help for who lost theirs.

use serde_json::json;

use super::store;
use crate::audit::Changes;
use crate::auth::{Auth, AuthError, Caller};
use crate::kernel::{Permission, Role, Scope, UserId};

/// What a person of the chamber has set up.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PersonFactors {
    /// Who.
    pub user_id: UserId,
    /// How many authenticator apps they have: none or one.
    pub apps: i64,
    /// How many passkeys.
    pub passkeys: i64,
}

impl Auth {
    /// The roles that must have a second factor.
    ///
    /// # Errors
    /// Fails unless the caller is an admin.
    pub async fn factor_rules(&self, scope: &Scope) -> Result<Vec<Role>, AuthError> {
        allowed(scope)?;
        let mut tx = self.db.read().await?;
        Ok(store::factor_rules(&mut tx, scope.organisation()).await?)
    }

    /// Says whether a role must have a second factor. Who has none is signed out and
    /// sets one up at the next sign-in; only the caller's own session stays open.
    ///
    /// # Errors
    /// Fails unless the caller is an admin, and for the role `client`.
    pub async fn set_factor_rule(
        &self,
        caller: &Caller,
        role: Role,
        required: bool,
    ) -> Result<(), AuthError> {
        let scope = &caller.scope;
        allowed(scope)?;
        if role == Role::Client {
            return Err(AuthError::ClientsHaveNone);
        }
        let organisation = scope.organisation();
        let mut tx = self.db.write().await?;
        if store::set_factor_rule(&mut tx, organisation, role, required).await? > 0 {
            if required {
                store::end_sessions_without(&mut tx, organisation, role, caller.session).await?;
            }
            let details =
                Changes::of("required", !required, required).onto(json!({ "role": role }));
            let by = Some(scope.user());
            self.audit.record(&mut tx, organisation, by, "factor.rule", details).await?;
        }
        Ok(tx.commit().await?)
    }

    /// What the people of the chamber have set up.
    ///
    /// # Errors
    /// Fails unless the caller is an admin.
    pub async fn people_factors(&self, scope: &Scope) -> Result<Vec<PersonFactors>, AuthError> {
        allowed(scope)?;
        let mut tx = self.db.read().await?;
        Ok(store::people_factors(&mut tx, scope.organisation()).await?)
    }

    /// Removes everything a person proves a second time with, and signs them out; for
    /// who has lost it. The person is told.
    ///
    /// # Errors
    /// Fails unless the caller is an admin and the person is of the chamber.
    pub async fn reset_factors(&self, scope: &Scope, user: UserId) -> Result<(), AuthError> {
        allowed(scope)?;
        let mut tx = self.db.write().await?;
        let found = crate::auth::store::find_active(&mut tx, user).await?;
        let person = found
            .filter(|person| person.organisation_id == scope.organisation())
            .filter(|person| person.role != Role::Client)
            .ok_or(AuthError::NotFound)?;
        store::lock_user(&mut tx, user).await?;
        store::delete_authenticator(&mut tx, user).await?;
        store::delete_backup_codes(&mut tx, user).await?;
        store::delete_phone(&mut tx, user).await?;
        store::delete_waiting_of(&mut tx, user).await?;
        store::clear_wrong_codes(&mut tx, user).await?;
        self.delete_passkeys_of(&mut tx, user).await?;
        crate::auth::store::end_sessions(&mut tx, user).await?;
        let by = Some(scope.user());
        let details = json!({ "user": user });
        let organisation = scope.organisation();
        self.audit.record(&mut tx, organisation, by, "user.factors.reset", details).await?;
        let words = "An admin of your chamber removed your second factors, and you were signed \
                     out. Sign in with your password and set up new ones.";
        self.tell_of_change(&mut tx, &person, words).await?;
        Ok(tx.commit().await?)
    }
}

fn allowed(scope: &Scope) -> Result<(), AuthError> {
    if scope.may(Permission::ManagePeople) { Ok(()) } else { Err(AuthError::AdminOnly) }
}
