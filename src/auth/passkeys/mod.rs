//! Passkeys: keys a device keeps and opens by finger, face or PIN (`WebAuthn`).
//!
//! A passkey here is always one the device can name by itself and for which it
//! checked who is there, so that it counts as both factors. A *ceremony* is one
//! question put to a device: what the answer is compared with stays here, for five
//! minutes, and is used once. A signature counter that does not grow means the key
//! was copied; the sign-in is refused and recorded.

mod store;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Webauthn, WebauthnBuilder, WebauthnError,
};

use super::factors::{self, own};
use super::{Auth, AuthError, Caller, Opened, Renewed, SessionKind, Token};
use crate::db::Tx;
use crate::kernel::{Origin, PasskeyId, Role, UserId};

pub(super) use store::{insert_ceremony, take_ceremony};

/// How long a device has to answer, in minutes.
const MINUTES: i64 = 5;
/// The longest name of a passkey, in characters.
const LONGEST_NAME: usize = 60;
/// The most passkeys one person may have.
const MOST: usize = 20;

/// A passkey, as its owner knows it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PasskeyInfo {
    /// Its id.
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it was last used to sign in.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A question for a device.
#[derive(Debug)]
pub struct Asked {
    /// What has to come back with the answer.
    pub ceremony: Token,
    /// What a browser hands to the device: the `publicKey` options.
    pub options: Value,
}

impl Auth {
    /// Whether passkeys work at the address of this service.
    #[must_use]
    pub fn passkeys_work(&self) -> bool {
        self.webauthn().is_ok()
    }

    /// Asks a device to make a passkey for the caller.
    ///
    /// # Errors
    /// Fails when they did not prove lately that it is them, or passkeys do not work
    /// here.
    pub async fn ask_for_new_passkey(&self, caller: &Caller) -> Result<Asked, AuthError> {
        let user = own(caller)?;
        let webauthn = self.webauthn()?;
        let mut tx = self.db.write().await?;
        self.proven(&mut tx, caller).await?;
        let known = store::credentials(&mut tx, user.id).await?;
        let known: Vec<Passkey> = known.into_iter().filter_map(parsed).collect();
        if known.len() >= MOST {
            return Err(AuthError::PasskeyRefused);
        }
        let known = known.iter().map(|passkey| passkey.cred_id().clone()).collect();
        let (challenge, state) = webauthn
            .start_passkey_registration(user.id.uuid(), &user.email, &user.name, Some(known))
            .map_err(refused)?;
        let mut options = json!(challenge.public_key);
        if let Some(selection) = options.get_mut("authenticatorSelection") {
            selection["residentKey"] = json!("required");
            selection["requireResidentKey"] = json!(true);
        }
        let asked = self.keep(&mut tx, "register", Some(user.id), &state, options).await?;
        tx.commit().await?;
        Ok(asked)
    }

    /// Keeps the passkey a device made; gives backup codes when the caller has none.
    ///
    /// # Errors
    /// Fails with [`AuthError::PasskeyRefused`] when the answer does not fit the
    /// question, and with [`AuthError::NoName`] without a name.
    pub async fn add_passkey(
        &self,
        caller: &Caller,
        ceremony: &Token,
        name: &str,
        answer: Value,
    ) -> Result<Renewed<Vec<String>>, AuthError> {
        let user = own(caller)?;
        let name = name.trim().chars().filter(|c| !c.is_control());
        let name: String = name.take(LONGEST_NAME).collect();
        if name.is_empty() {
            return Err(AuthError::NoName);
        }
        let webauthn = self.webauthn()?;
        let set = factors::backup_codes().await?;
        let state: PasskeyRegistration = self.take(ceremony, "register", Some(user.id)).await?;
        let answer: RegisterPublicKeyCredential = read(answer)?;
        let passkey = webauthn.finish_passkey_registration(&answer, &state).map_err(refused)?;
        let mut tx = self.db.write().await?;
        self.proven(&mut tx, caller).await?;
        factors::lock_user(&mut tx, user.id).await?;
        let id = PasskeyId::new();
        let new = store::NewPasskey { id, user: user.id, name, now: self.clock.now() };
        if store::insert(&mut tx, new, &passkey).await? == 0 {
            return Err(AuthError::PasskeyRefused);
        }
        let details = json!({ "factor": "passkey", "passkey": id });
        self.note(&mut tx, user, "factor.add", details).await?;
        self.tell_of_change(&mut tx, user, "A passkey was added to your account.").await?;
        let value = self.first_backup_codes(&mut tx, user, set).await?;
        let cookie = self.renew_alone(&mut tx, caller).await?;
        tx.commit().await?;
        Ok(Renewed { value, cookie })
    }

    /// Removes one of the caller's passkeys.
    ///
    /// # Errors
    /// Fails when it is not theirs, or their role needs a factor and this is the last.
    pub async fn remove_passkey(
        &self,
        caller: &Caller,
        id: PasskeyId,
    ) -> Result<Renewed<()>, AuthError> {
        let user = own(caller)?;
        let mut tx = self.db.write().await?;
        self.proven(&mut tx, caller).await?;
        factors::lock_user(&mut tx, user.id).await?;
        if store::delete(&mut tx, user.id, id).await? == 0 {
            return Err(AuthError::NotFound);
        }
        self.after_removal(&mut tx, user).await?;
        let details = json!({ "factor": "passkey", "passkey": id });
        self.note(&mut tx, user, "factor.remove", details).await?;
        self.tell_of_change(&mut tx, user, "A passkey was removed from your account.").await?;
        let cookie = self.renew_alone(&mut tx, caller).await?;
        tx.commit().await?;
        Ok(Renewed { value: (), cookie })
    }

    /// Asks whoever is there for any passkey of theirs.
    ///
    /// # Errors
    /// Fails when passkeys do not work here.
    pub async fn ask_for_passkey(&self) -> Result<Asked, AuthError> {
        let (challenge, state) =
            self.webauthn()?.start_discoverable_authentication().map_err(refused)?;
        let options = json!(challenge.public_key);
        let mut tx = self.db.write().await?;
        let asked = self.keep(&mut tx, "passkey", None, &state, options).await?;
        tx.commit().await?;
        Ok(asked)
    }

    /// Signs in with a passkey, which counts as both factors. A sign-in that waits,
    /// if there is one, must be of the same person, and is over with this.
    ///
    /// # Errors
    /// Fails with [`AuthError::PasskeyRefused`] whatever was wrong.
    pub async fn sign_in_with_passkey(
        &self,
        ceremony: &Token,
        answer: Value,
        kind: SessionKind,
        origin: &Origin,
        pending: Option<&Token>,
    ) -> Result<Opened, AuthError> {
        let entered = self.try_passkey(ceremony, answer, kind, origin, pending).await;
        if matches!(entered, Err(AuthError::PasskeyRefused)) {
            self.stranger_refused(None, "passkey").await?;
        }
        entered
    }

    async fn try_passkey(
        &self,
        ceremony: &Token,
        answer: Value,
        kind: SessionKind,
        origin: &Origin,
        pending: Option<&Token>,
    ) -> Result<Opened, AuthError> {
        let webauthn = self.webauthn()?;
        let state: DiscoverableAuthentication = self.take(ceremony, "passkey", None).await?;
        let answer: PublicKeyCredential = read(answer)?;
        let (owner, credential) =
            webauthn.identify_discoverable_authentication(&answer).map_err(refused)?;
        let mut tx = self.db.write().await?;
        let owner = UserId::from(owner);
        let found = store::find(&mut tx, owner, credential.to_vec()).await?;
        let (id, kept) = found.ok_or(AuthError::PasskeyRefused)?;
        let user = super::store::find_active(&mut tx, owner).await?;
        let user = user.filter(|user| user.role != Role::Client);
        let user = user.ok_or(AuthError::PasskeyRefused)?;
        let mut passkey = parsed(kept).ok_or(AuthError::PasskeyRefused)?;
        factors::lock_user(&mut tx, owner).await?;
        let result = match webauthn.finish_discoverable_authentication_v2(&answer, state, &passkey)
        {
            Ok(result) if result.user_verified() => result,
            Ok(_) => return Err(AuthError::PasskeyRefused),
            Err(error) => {
                if matches!(error, WebauthnError::CredentialPossibleCompromise) {
                    self.note(&mut tx, &user, "passkey.copied", json!({ "passkey": id })).await?;
                    let words = "A passkey of yours was used by two devices, as if it had been \
                                 copied, and was refused. Remove it on the page \"Security\".";
                    self.tell_of_change(&mut tx, &user, words).await?;
                    tx.commit().await?;
                }
                return Err(refused(error));
            }
        };
        if let Some(token) = pending
            && let Ok((waits, _)) = self.waiting(&mut tx, token, kind, origin).await
        {
            if waits.id != owner {
                return Err(AuthError::PasskeyRefused);
            }
            factors::delete_waiting(&mut tx, token).await?;
        }
        passkey.update_credential(&result);
        store::used(&mut tx, id, &passkey, self.clock.now()).await?;
        let opened = self.open_session(&mut tx, &user, kind, origin, "passkey").await?;
        tx.commit().await?;
        Ok(opened)
    }

    pub(super) async fn passkeys_of(
        &self,
        tx: &mut Tx,
        user: UserId,
    ) -> Result<Vec<PasskeyInfo>, AuthError> {
        Ok(store::list(tx, user).await?)
    }

    pub(super) async fn delete_passkeys_of(
        &self,
        tx: &mut Tx,
        user: UserId,
    ) -> Result<(), AuthError> {
        Ok(store::delete_all(tx, user).await?)
    }

    /// The other side of every ceremony: this service under the address people type.
    /// Browsers know passkeys only where the address has a name, over https or on the
    /// machine itself.
    fn webauthn(&self) -> Result<Webauthn, AuthError> {
        let origin = &self.settings.public_url;
        let name = origin.domain().ok_or(AuthError::NoPasskeysHere)?;
        if origin.scheme() != "https" && name != "localhost" {
            return Err(AuthError::NoPasskeysHere);
        }
        let builder = WebauthnBuilder::new(name, origin).map_err(refused)?;
        builder.rp_name("Munshi").build().map_err(refused)
    }

    /// Keeps what an answer will be compared with.
    async fn keep<S: Serialize>(
        &self,
        tx: &mut Tx,
        kind: &'static str,
        user: Option<UserId>,
        state: &S,
        options: Value,
    ) -> Result<Asked, AuthError> {
        let ceremony = factors::fresh();
        let state =
            serde_json::to_vec(state).map_err(|error| AuthError::Hash(error.to_string()))?;
        let sealed = self.vault.seal(kind, &state)?;
        let now = self.clock.now();
        let until = now + TimeDelta::minutes(MINUTES);
        insert_ceremony(tx, &ceremony, kind, user, (sealed, now, until)).await?;
        Ok(Asked { ceremony, options })
    }

    /// Takes what an answer is compared with; it is gone with this.
    async fn take<S: DeserializeOwned>(
        &self,
        ceremony: &Token,
        kind: &'static str,
        user: Option<UserId>,
    ) -> Result<S, AuthError> {
        let mut tx = self.db.write().await?;
        let sealed = take_ceremony(&mut tx, ceremony, kind, user, self.clock.now()).await?;
        tx.commit().await?;
        let state = self.vault.unseal(kind, &sealed.ok_or(AuthError::PasskeyRefused)?)?;
        serde_json::from_slice(&state).map_err(|_| AuthError::PasskeyRefused)
    }
}

fn parsed(credential: Value) -> Option<Passkey> {
    serde_json::from_value(credential).ok()
}

fn read<T: DeserializeOwned>(answer: Value) -> Result<T, AuthError> {
    serde_json::from_value(answer).map_err(|_| AuthError::PasskeyRefused)
}

/// Whatever did not fit: the log may know, the caller need not.
#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn refused(error: WebauthnError) -> AuthError {
    tracing::info!(%error, "a passkey was refused");
    AuthError::PasskeyRefused
}
