//! What is asked for after a right password, and how such a sign-in is finished.
//!
//! A sign-in that *waits* has a token of its own, 256 random bits, which opens
//! nothing but the second step: ten minutes, five tries, from the same address and
//! in the same kind of session. Finishing opens a session with another token.

use chrono::TimeDelta;
use serde_json::json;

use super::factors::{self, Offer, Waiting};
use super::{Auth, AuthError, Entered, Opened, Pending, SessionKind, Token, User, Way, store};
use crate::db::Tx;
use crate::kernel::{Origin, Role};

/// How often a waiting sign-in may be tried.
const TRIES: i64 = 5;
/// How long it waits, in minutes.
const MINUTES: i64 = 10;

impl Auth {
    /// Lets someone in whose password was right, or asks for the second proof.
    pub(super) async fn admit(
        &self,
        tx: &mut Tx,
        user: &User,
        kind: SessionKind,
        origin: &Origin,
    ) -> Result<Entered, AuthError> {
        self.admit_after(tx, user, kind, origin, "password").await
    }

    /// Lets someone in after a first proof, named in the record, or asks for the
    /// second.
    pub(super) async fn admit_after(
        &self,
        tx: &mut Tx,
        user: &User,
        kind: SessionKind,
        origin: &Origin,
        how: &'static str,
    ) -> Result<Entered, AuthError> {
        let has = user.role != Role::Client && factors::has_factor(tx, user.id).await?;
        let enrol = !has && factors::is_required(tx, user).await?;
        if !has && !enrol {
            return Ok(Entered::In(self.open_session(tx, user, kind, origin, how).await?));
        }
        let token = factors::fresh();
        let now = self.clock.now();
        let expires_at = now + TimeDelta::minutes(MINUTES);
        let address = origin.address.to_string();
        let waiting = Waiting { user_id: user.id, address, enrol, tries: 0 };
        factors::insert_waiting(tx, &token, &waiting, kind, (now, expires_at)).await?;
        let details = json!({ "how": how, "enrol": enrol });
        self.note(tx, user, "session.pending", details).await?;
        let ways = self.ways(tx, user).await?;
        Ok(Entered::Second(Pending { token, expires_at, ways, enrol }))
    }

    /// A sign-in that waits, as it stands now.
    ///
    /// # Errors
    /// Fails with [`AuthError::SignInAgain`] when it is over or comes from elsewhere.
    pub async fn pending(
        &self,
        token: &Token,
        kind: SessionKind,
        origin: &Origin,
    ) -> Result<Pending, AuthError> {
        let mut tx = self.db.read().await?;
        let (user, waiting) = self.waiting(&mut tx, token, kind, origin).await?;
        let ways = self.ways(&mut tx, &user).await?;
        let expires_at = self.clock.now() + TimeDelta::minutes(MINUTES);
        Ok(Pending { token: token.clone(), expires_at, ways, enrol: waiting.enrol })
    }

    /// Finishes a sign-in that waits with a code.
    ///
    /// # Errors
    /// Fails with [`AuthError::WrongCode`] on a wrong code, and with
    /// [`AuthError::SignInAgain`] when the sign-in is over.
    pub async fn finish(
        &self,
        token: &Token,
        kind: SessionKind,
        origin: &Origin,
        way: Way,
        code: &str,
    ) -> Result<Opened, AuthError> {
        let mut tx = self.db.read().await?;
        let (user, _) = self.waiting(&mut tx, token, kind, origin).await?;
        drop(tx);
        let given = self.given(&user, way, code).await?;
        let mut tx = self.db.write().await?;
        factors::lock_user(&mut tx, user.id).await?;
        let (user, waiting) = self.waiting(&mut tx, token, kind, origin).await?;
        if waiting.enrol {
            return Err(AuthError::SignInAgain);
        }
        let how = match way {
            Way::App => "app",
            Way::Sms => "sms",
            Way::BackupCode => "backup_code",
            Way::Passkey => return Err(AuthError::WrongCode),
        };
        if self.compare(&mut tx, &user, given).await? {
            factors::delete_waiting(&mut tx, token).await?;
            let opened = self.open_session(&mut tx, &user, kind, origin, how).await?;
            if way == Way::BackupCode {
                self.tell_of_change(&mut tx, &user, "A backup code was used to sign in.").await?;
            }
            tx.commit().await?;
            return Ok(opened);
        }
        factors::add_try(&mut tx, token).await?;
        tx.commit().await?;
        Err(AuthError::WrongCode)
    }

    /// Offers an authenticator app to someone who must set up a factor to go on.
    ///
    /// # Errors
    /// Fails with [`AuthError::SignInAgain`] when the sign-in is over.
    pub async fn offer_enrolment(
        &self,
        token: &Token,
        kind: SessionKind,
        origin: &Origin,
    ) -> Result<Offer, AuthError> {
        let mut tx = self.db.read().await?;
        let (user, waiting) = self.waiting(&mut tx, token, kind, origin).await?;
        if waiting.enrol { self.offer(&user) } else { Err(AuthError::SignInAgain) }
    }

    /// The same offer once more, to be shown again after a wrong code.
    ///
    /// # Errors
    /// Fails with [`AuthError::SignInAgain`] when the sign-in is over.
    pub async fn offer_again(
        &self,
        token: &Token,
        kind: SessionKind,
        origin: &Origin,
        offer: &str,
    ) -> Result<Offer, AuthError> {
        let mut tx = self.db.read().await?;
        let (user, waiting) = self.waiting(&mut tx, token, kind, origin).await?;
        if waiting.enrol { self.once_more(&user, offer) } else { Err(AuthError::SignInAgain) }
    }

    /// Takes the offered app and finishes the sign-in; gives the backup codes.
    ///
    /// # Errors
    /// Fails with [`AuthError::WrongCode`] on a wrong code, and with
    /// [`AuthError::SignInAgain`] when the sign-in is over.
    pub async fn enrol(
        &self,
        token: &Token,
        kind: SessionKind,
        origin: &Origin,
        offer: &str,
        code: &str,
    ) -> Result<(Opened, Vec<String>), AuthError> {
        let mut tx = self.db.read().await?;
        self.waiting(&mut tx, token, kind, origin).await?;
        drop(tx);
        let set = factors::backup_codes().await?;
        let mut tx = self.db.write().await?;
        let (user, waiting) = self.waiting(&mut tx, token, kind, origin).await?;
        if !waiting.enrol || factors::delete_waiting(&mut tx, token).await? == 0 {
            return Err(AuthError::SignInAgain);
        }
        let codes = self.accept(&mut tx, &user, offer, code, set).await?;
        let opened = self.open_session(&mut tx, &user, kind, origin, "password+app").await?;
        tx.commit().await?;
        Ok((opened, codes))
    }

    /// Whose sign-in waits under a token.
    pub(super) async fn waiting(
        &self,
        tx: &mut Tx,
        token: &Token,
        kind: SessionKind,
        origin: &Origin,
    ) -> Result<(User, Waiting), AuthError> {
        let found = factors::find_waiting(tx, token, kind, self.clock.now()).await?;
        let waiting = found
            .filter(|waiting| waiting.address == origin.address.to_string())
            .filter(|waiting| waiting.tries < TRIES)
            .ok_or(AuthError::SignInAgain)?;
        let user = store::find_active(tx, waiting.user_id).await?;
        Ok((user.ok_or(AuthError::SignInAgain)?, waiting))
    }
}
