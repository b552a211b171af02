//! Using a link: once.

use serde_json::json;

use super::super::attempts::{self, Subject};
use super::super::{Auth, AuthError, Token, User, password};
use super::store::{self, Found};
use super::{LinkKind, Opening};
use crate::audit::Changes;
use crate::db::DbError;

impl Auth {
    /// Whether a link leads anywhere: none leads a client to a password.
    fn works(&self, found: &Found) -> bool {
        found.kind == LinkKind::Verification || self.has_password(found.user.role)
    }

    /// What a link is for; looking uses nothing up.
    ///
    /// # Errors
    /// Fails with [`AuthError::LinkGone`] when it does not work.
    pub async fn opening(&self, link: &Token) -> Result<Opening, AuthError> {
        let mut tx = self.db.read().await?;
        let found = store::find(&mut tx, link.digest(), self.clock.now()).await?;
        let found = found.filter(|found| self.works(found));
        let Found { kind, user, email, organisation } = found.ok_or(AuthError::LinkGone)?;
        Ok(Opening { kind, name: user.name, email, organisation })
    }

    /// Chooses a password by an invitation or a link for a forgotten one: proves the
    /// email, ends every session and every wait. The caller signs in with it next.
    ///
    /// # Errors
    /// Fails when the link does not work, or the password is not good enough; the link
    /// then still works.
    pub async fn choose_password(&self, link: &Token, chosen: &str) -> Result<User, AuthError> {
        let now = self.clock.now();
        let mut tx = self.db.read().await?;
        let found = store::find(&mut tx, link.digest(), now).await?;
        drop(tx);
        let found = found.filter(|found| found.kind != LinkKind::Verification && self.works(found));
        let Found { kind, user, email, organisation } = found.ok_or(AuthError::LinkGone)?;
        let about = password::about(&user.name, &user.email, &organisation);
        let hash = password::check_and_hash(chosen.to_owned(), about).await?;

        let mut tx = self.db.write().await?;
        if !store::take(&mut tx, user.id, kind, link.digest(), now).await? {
            return Err(AuthError::LinkGone);
        }
        store::drop_passwords(&mut tx, user.id).await?;
        super::super::store::set_password(&mut tx, user.organisation_id, user.id, hash).await?;
        super::super::store::end_sessions(&mut tx, user.id).await?;
        if email == user.email {
            store::set_verified(&mut tx, user.id, &email, now).await?;
        }
        attempts::clear(&mut tx, &Subject::account(&user.email), now).await?;
        let action = match kind {
            LinkKind::Invitation => "user.invitation.accept",
            _ => "user.password.reset",
        };
        let details = Changes::default().and_withheld("password", true);
        let details = details.onto(json!({ "user": user.id, "by": "link" }));
        let organisation = user.organisation_id;
        self.audit.record(&mut tx, organisation, Some(user.id), action, details).await?;
        if kind == LinkKind::Reset {
            let text = "The password of your account was changed by a link sent to this address. \
                        Every browser was signed out.";
            self.tell(&mut tx, &user, "password_changed", text).await?;
        }
        tx.commit().await?;
        Ok(user)
    }

    /// Proves an email by the link sent to it; a new one takes the place of the old.
    ///
    /// # Errors
    /// Fails when the link does not work, or somebody else signs in with the email.
    pub async fn verify_email(&self, link: &Token) -> Result<String, AuthError> {
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        let found = store::find(&mut tx, link.digest(), now).await?;
        let found = found.filter(|found| found.kind == LinkKind::Verification);
        let Found { kind, user, email, .. } = found.ok_or(AuthError::LinkGone)?;
        if !store::take(&mut tx, user.id, kind, link.digest(), now).await? {
            return Err(AuthError::LinkGone);
        }
        let set = store::set_verified(&mut tx, user.id, &email, now).await;
        if set.as_ref().is_err_and(DbError::is_conflict) {
            return Err(AuthError::EmailTaken(email));
        }
        set?;
        let changed = email != user.email;
        if changed {
            store::drop_passwords(&mut tx, user.id).await?;
            let text = "Your account now uses another email address; letters no longer come here.";
            self.tell(&mut tx, &user, "email_changed", text).await?;
        }
        let action = if changed { "user.email.change" } else { "user.email.verify" };
        let details = Changes::default().and_withheld("email", changed);
        let details = details.onto(json!({ "user": user.id }));
        let organisation = user.organisation_id;
        self.audit.record(&mut tx, organisation, Some(user.id), action, details).await?;
        tx.commit().await?;
        Ok(email)
    }
}
