//! Signing in with an email and a password.
//!
//! Whatever was wrong, and whether anybody has the email, the answer is the same and
//! comes after the same time: a password is always compared with something, and a
//! refusal is given only at whole multiples of [`BEAT`]. Only an address that tries too
//! much is told to wait.

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep_until};

use super::attempts::{self, Charge, Rule, Subject};
use super::{
    Auth, AuthError, Entered, LONGEST_PASSWORD, SessionKind, User, normal_email, password, store,
};
use crate::kernel::{Origin, Role};

/// When refusals are given: at multiples of this after they were asked for, the first of
/// which is later than any is ready on an idle machine. What a known account costs more
/// than an unknown one, some statements, is hidden behind it.
const BEAT: Duration = Duration::from_millis(400);

/// Waits until a refusal may be given to whoever asked at a moment.
pub(super) async fn answer_after(asked: Instant) {
    let beats = asked.elapsed().as_millis() / BEAT.as_millis() + 1;
    sleep_until(asked + BEAT * u32::try_from(beats).unwrap_or(1)).await;
}

/// A try that was counted and may be made.
struct Try {
    account: Subject,
    address: Subject,
    of_account: Charge,
    found: Option<(User, String)>,
}

impl Auth {
    /// Whether people of a role sign in with a password; clients do where the settings
    /// say so.
    pub(super) fn has_password(&self, role: Role) -> bool {
        role != Role::Client || self.settings.sessions.client_passwords
    }

    /// Signs in with an email and a password.
    ///
    /// # Errors
    /// Fails with [`AuthError::NotRecognised`] whatever was wrong, and with
    /// [`AuthError::TooManyTries`] when too much was tried from the address.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        kind: SessionKind,
        origin: &Origin,
    ) -> Result<Entered, AuthError> {
        let asked = Instant::now();
        let entered = self.try_password(&normal_email(email), password, kind, origin).await;
        if entered.as_ref().is_err_and(|error| matches!(error, AuthError::NotRecognised)) {
            answer_after(asked).await;
        }
        entered
    }

    async fn try_password(
        &self,
        email: &str,
        password: &str,
        kind: SessionKind,
        origin: &Origin,
    ) -> Result<Entered, AuthError> {
        let made = self.count_try(email, origin).await?;
        // Too long a password is nobody's, and compared all the same.
        let open = made.of_account.admitted && password.chars().count() <= LONGEST_PASSWORD;
        let user = made.found.as_ref();
        let user = user.filter(|(user, _)| open && user.active && self.has_password(user.role));
        let hash = user.map(|(_, hash)| hash.clone());
        let compared = password::compare(password.to_owned(), hash).await?;
        let Some((user, _)) = user.filter(|_| compared.matches) else {
            self.refused(&made, email).await?;
            return Err(AuthError::NotRecognised);
        };
        let anew =
            if compared.outdated { Some(password::hash(password.to_owned()).await?) } else { None };
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        attempts::give_back(&mut tx, &made.address, now).await?;
        attempts::clear(&mut tx, &made.account, now).await?;
        if let Some(hash) = anew {
            store::set_password(&mut tx, user.organisation_id, user.id, hash).await?;
        }
        let entered = self.admit(&mut tx, user, kind, origin).await?;
        tx.commit().await?;
        Ok(entered)
    }

    /// Counts a try before it is made, and finds whose it is.
    async fn count_try(&self, email: &str, origin: &Origin) -> Result<Try, AuthError> {
        let now = self.clock.now();
        let (account, address) = (Subject::account(email), Subject::address(origin.address));
        let settings = &self.settings;
        let mut tx = self.db.write().await?;
        let free = Rule::address(settings.wrong_per_address);
        let of_address = attempts::charge(&mut tx, &address, free, now).await?;
        if !of_address.admitted {
            return Err(AuthError::wait(of_address.locked_until, now));
        }
        let free = Rule::account(settings.wrong_per_account);
        let of_account = attempts::charge(&mut tx, &account, free, now).await?;
        let found = store::find_for_sign_in(&mut tx, email).await?;
        tx.commit().await?;
        Ok(Try { account, address, of_account, found })
    }

    /// Records that somebody was refused, with an account or without, and tells the person when the account begins
    /// to wait. What is tried during a wait is not recorded one by one.
    async fn refused(&self, made: &Try, email: &str) -> Result<(), AuthError> {
        if !made.of_account.admitted {
            return Ok(());
        }
        let Some((user, _)) = &made.found else {
            return self.stranger_refused(Some(email), "password").await;
        };
        let mut tx = self.db.write().await?;
        let (organisation, now) = (user.organisation_id, self.clock.now());
        let wrong = made.of_account.wrong;
        let details = json!({ "user": user.id, "how": "password", "wrong": wrong });
        self.audit.record(&mut tx, organisation, None, "session.refuse", details).await?;
        let first = made.of_account.wrong == i64::from(self.settings.wrong_per_account);
        if first && made.of_account.locked_until > now {
            let details = json!({ "user": user.id });
            self.audit.record(&mut tx, organisation, None, "user.lock", details).await?;
            if user.active {
                let text = format!(
                    "Wrong passwords were given for your account {} times in a row. After each \
                     further one it stays closed for a while, up to a quarter of an hour.",
                    made.of_account.wrong
                );
                self.tell(&mut tx, user, "locked", &text).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Compares a password with a signed-in person's own; wrong ones count as those of
    /// a sign-in do.
    ///
    /// # Errors
    /// Fails with [`AuthError::NotRecognised`] when it is wrong, or the account waits,
    /// and for clients, who have none.
    pub async fn confirm_password(&self, user: &User, password: &str) -> Result<(), AuthError> {
        if !self.has_password(user.role) {
            return Err(AuthError::ClientsHaveNoPassword);
        }
        let now = self.clock.now();
        let account = Subject::account(&user.email);
        let mut tx = self.db.write().await?;
        let free = Rule::account(self.settings.wrong_per_account);
        let charge = attempts::charge(&mut tx, &account, free, now).await?;
        let found = store::find_for_sign_in(&mut tx, &user.email).await?;
        tx.commit().await?;
        let hash = found.map(|(_, hash)| hash).filter(|_| charge.admitted);
        if !password::compare(password.to_owned(), hash).await?.matches {
            if charge.admitted {
                let details = json!({ "user": user.id, "how": "confirm", "wrong": charge.wrong });
                let (organisation, by) = (user.organisation_id, Some(user.id));
                let mut tx = self.db.write().await?;
                self.audit.record(&mut tx, organisation, by, "session.refuse", details).await?;
                tx.commit().await?;
            }
            return Err(AuthError::NotRecognised);
        }
        let mut tx = self.db.write().await?;
        attempts::clear(&mut tx, &account, now).await?;
        Ok(tx.commit().await?)
    }
}
