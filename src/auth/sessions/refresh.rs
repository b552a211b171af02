//! Refreshing: a refresh token is good once and gives the next one. One that comes a
//! second time is in two hands, and nobody can say which is the owner's: the whole
//! family ends at once.

use serde_json::json;

use super::store;
use crate::auth::{Auth, AuthError, Opened, Token, User};
use crate::db::Tx;
use crate::kernel::{Origin, SessionId};
use crate::outbox::{Letter, To, Words};

impl Auth {
    /// A new access token and the next refresh token.
    ///
    /// # Errors
    /// Fails with [`AuthError::Ended`] on a token that is unknown, over or used up; a
    /// used-up one ends its family.
    pub async fn refresh(&self, token: &Token, origin: &Origin) -> Result<Opened, AuthError> {
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        let found = store::find_by_refresh(&mut tx, token, now).await?;
        let next = Token::random();
        if let Some(found) = found.filter(store::Found::is_bound)
            && store::rotate(&mut tx, found.session, token, &next, now).await?
        {
            let idle_at = now + self.settings.sessions.idle(found.realm);
            store::note_use(&mut tx, found.session, origin, now, idle_at).await?;
            let held = store::find_held(&mut tx, found.session, now).await?;
            let held = held.ok_or(AuthError::Ended)?;
            let opened = self.hand_over(&mut tx, &held, next).await?;
            tx.commit().await?;
            return Ok(opened);
        }
        if let Some((session, user)) = store::find_spent(&mut tx, token).await? {
            self.end_family(&mut tx, session, &user, origin).await?;
            tx.commit().await?;
        }
        Err(AuthError::Ended)
    }

    /// Ends a family whose used-up token came again, and tells its owner.
    async fn end_family(
        &self,
        tx: &mut Tx,
        session: SessionId,
        user: &User,
        origin: &Origin,
    ) -> Result<(), AuthError> {
        store::end(tx, session).await?;
        let details = json!({ "session": session, "address": origin.address });
        let (organisation, about) = (user.organisation_id, Some(user.id));
        self.audit.record(tx, organisation, about, "session.reuse", details).await?;
        tracing::warn!(user = %user.id, %session, "a used-up refresh token came again");
        let text = format!(
            "Hello {},\n\na program signed in to Munshi in your name sent a key that had been used \
             up already. That happens when someone has copied it. The sign-in was ended; nothing \
             can be done with it any more.\n\nThe key came from the address {}.\n\nIf you run such \
             a program, sign it in again. If you do not, change your password and look at your \
             devices: {}\n",
            user.name,
            origin.address,
            self.page("account/devices"),
        );
        let subject = "A sign-in to Munshi was ended for safety".to_owned();
        self.write_letter(tx, user, "security", Words { subject, text }).await
    }

    /// Writes to a person.
    pub(super) async fn write_letter(
        &self,
        tx: &mut Tx,
        user: &User,
        kind: &'static str,
        words: Words,
    ) -> Result<(), AuthError> {
        let to = To::Mail(user.email.clone());
        let letter = Letter { organisation: user.organisation_id, to, kind, words };
        self.outbox.post(tx, letter).await?;
        Ok(())
    }

    /// The whole address of a page.
    pub(in crate::auth) fn page(&self, path: &str) -> String {
        let home = self.settings.public_url.as_str();
        format!("{}/{path}", home.trim_end_matches('/'))
    }
}
