//! Second factors: what someone proves who they are with beside the password.
//!
//! An authenticator app or a passkey is a *factor*. A telephone and ten backup codes
//! stand in when the factor is out of reach; they go when the last factor goes. After
//! five wrong codes within a quarter of an hour none is taken, and the answer does
//! not tell a wrong code from one too many.

mod app;
mod backup;
mod phone;
mod rules;
mod store;
#[cfg(test)]
mod tests;

use chrono::TimeDelta;
use serde_json::json;

use super::{Auth, AuthError, Caller, Renewed, Token, User, Way, password};
use crate::auth::passkeys::PasskeyInfo;
use crate::db::Tx;
use crate::kernel::Role;
use crate::outbox::{Letter, To, Words};

pub use app::Offer;
pub use rules::PersonFactors;
pub(super) use store::{
    Waiting, add_try, delete_waiting, find_waiting, has_factor, insert_waiting, is_required,
    lock_user,
};

/// How many wrong codes are taken within [`window`].
const WRONG_CODES: i64 = 5;

/// How long wrong codes count: a quarter of an hour.
const fn window() -> TimeDelta {
    TimeDelta::minutes(15)
}

/// How long a proof allows changes to how one signs in.
const fn recent() -> TimeDelta {
    TimeDelta::minutes(10)
}

/// What a person can sign in with beside the password.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing the page or the answer says")]
pub struct Factors {
    /// Whether an authenticator app is set up.
    pub app: bool,
    /// Their passkeys.
    pub passkeys: Vec<PasskeyInfo>,
    /// The end of the verified telephone number codes can go to.
    pub phone: Option<String>,
    /// How many backup codes are left.
    pub backup_codes: i64,
    /// Whether their role must have a factor.
    pub required: bool,
    /// Whether they proved who they are within the last ten minutes.
    pub proven: bool,
    /// Whether passkeys work at the address of this service.
    pub passkeys_work: bool,
    /// Whether text messages can be sent.
    pub sms_works: bool,
}

/// How someone who is signed in proves again that it is them.
#[derive(Debug, Clone)]
pub enum Proof {
    /// Their password.
    Password(String),
    /// A code.
    Code(Way, String),
}

/// A code, made ready to be compared.
pub(super) enum Given {
    App(String),
    Sms(String),
    Backup(Vec<u8>),
    Nothing,
}

impl Auth {
    /// What the caller signs in with.
    ///
    /// # Errors
    /// Fails for clients, who have no factors, and when the database does.
    pub async fn factors(&self, caller: &Caller) -> Result<Factors, AuthError> {
        let user = own(caller)?;
        let mut tx = self.db.read().await?;
        let now = self.clock.now();
        let phone = store::phone(&mut tx, user.id).await?.filter(|phone| phone.verified);
        Ok(Factors {
            app: store::authenticator(&mut tx, user.id).await?.is_some(),
            passkeys: self.passkeys_of(&mut tx, user.id).await?,
            phone: phone.map(|phone| phone::ending(&phone.number)),
            backup_codes: store::count_backup_codes(&mut tx, user.id).await?,
            required: store::is_required(&mut tx, user).await?,
            proven: store::is_proven(&mut tx, caller.session, now - recent()).await?,
            passkeys_work: self.passkeys_work(),
            sms_works: self.settings.sms,
        })
    }

    /// Proves again, in an open session, that it is the caller. The session is renewed,
    /// since more can be done in it.
    ///
    /// # Errors
    /// Fails with [`AuthError::WrongCode`] whatever was wrong.
    pub async fn prove(&self, caller: &Caller, proof: Proof) -> Result<Renewed<()>, AuthError> {
        let user = own(caller)?;
        let (name, given) = match proof {
            Proof::Password(text) => {
                let mut tx = self.db.read().await?;
                let found = super::store::find_for_sign_in(&mut tx, &user.email).await?;
                drop(tx);
                let right = password::compare(text, found.map(|(_, hash)| hash)).await?.matches;
                ("password", Err(right))
            }
            Proof::Code(way, code) => (way.as_str(), Ok(self.given(user, way, &code).await?)),
        };
        let mut tx = self.db.write().await?;
        let right = match given {
            Ok(given) => self.compare(&mut tx, user, given).await?,
            Err(right) => self.count(&mut tx, user, right).await?,
        };
        if !right {
            tx.commit().await?;
            return Err(AuthError::WrongCode);
        }
        let now = self.clock.now();
        store::insert_proof(&mut tx, caller.session, now, now - recent()).await?;
        let details = json!({ "how": name });
        self.note(&mut tx, user, "session.prove", details).await?;
        let cookie = self.renew(&mut tx, caller).await?;
        tx.commit().await?;
        Ok(Renewed { value: (), cookie })
    }

    /// Fails unless the caller proved a short while ago that it is them.
    pub(super) async fn proven(&self, tx: &mut Tx, caller: &Caller) -> Result<(), AuthError> {
        let since = self.clock.now() - recent();
        if store::is_proven(tx, caller.session, since).await? {
            Ok(())
        } else {
            Err(AuthError::ProveFirst)
        }
    }

    /// The proofs someone with a factor can give.
    pub(super) async fn ways(&self, tx: &mut Tx, user: &User) -> Result<Vec<Way>, AuthError> {
        let mut ways = Vec::new();
        if store::authenticator(tx, user.id).await?.is_some() {
            ways.push(Way::App);
        }
        if self.passkeys_work() && !self.passkeys_of(tx, user.id).await?.is_empty() {
            ways.push(Way::Passkey);
        }
        let phone = store::phone(tx, user.id).await?;
        if self.settings.sms && phone.is_some_and(|phone| phone.verified) {
            ways.push(Way::Sms);
        }
        if store::count_backup_codes(tx, user.id).await? > 0 {
            ways.push(Way::BackupCode);
        }
        Ok(ways)
    }

    /// Makes a code ready to be compared, which takes a while for backup codes.
    pub(super) async fn given(
        &self,
        user: &User,
        way: Way,
        code: &str,
    ) -> Result<Given, AuthError> {
        Ok(match way {
            Way::App => Given::App(digits(code)),
            Way::Sms => Given::Sms(digits(code)),
            Way::Passkey => Given::Nothing,
            Way::BackupCode => {
                let mut tx = self.db.read().await?;
                let salt = store::backup_salt(&mut tx, user.id).await?;
                drop(tx);
                match salt {
                    Some(salt) => Given::Backup(backup::digest(code, salt).await?),
                    None => Given::Nothing,
                }
            }
        })
    }

    /// Whether a code is right, counting it when it is not. The transaction must be
    /// committed either way.
    pub(super) async fn compare(
        &self,
        tx: &mut Tx,
        user: &User,
        given: Given,
    ) -> Result<bool, AuthError> {
        store::lock_user(tx, user.id).await?;
        let right = !self.too_many(tx, user).await?
            && match given {
                Given::App(code) => self.app_code_is_right(tx, user, &code).await?,
                Given::Sms(code) => self.phone_code_is_right(tx, user, &code).await?,
                Given::Backup(digest) => store::use_backup_code(tx, user.id, digest).await?,
                Given::Nothing => false,
            };
        self.count(tx, user, right).await
    }

    /// Counts a proof that was wrong; one that was right does not help when too many
    /// were wrong before.
    async fn count(&self, tx: &mut Tx, user: &User, right: bool) -> Result<bool, AuthError> {
        store::lock_user(tx, user.id).await?;
        let right = right && !self.too_many(tx, user).await?;
        if right {
            store::clear_wrong_codes(tx, user.id).await?;
        } else {
            store::insert_wrong_code(tx, user.id, self.clock.now()).await?;
            self.note(tx, user, "factor.refuse", json!({})).await?;
        }
        Ok(right)
    }

    async fn too_many(&self, tx: &mut Tx, user: &User) -> Result<bool, AuthError> {
        let since = self.clock.now() - window();
        Ok(store::count_wrong_codes(tx, user.id, since).await? >= WRONG_CODES)
    }

    /// Removes what stands in for a factor when the last factor is gone, which it must
    /// not be while the person's role needs one.
    pub(super) async fn after_removal(&self, tx: &mut Tx, user: &User) -> Result<(), AuthError> {
        if store::has_factor(tx, user.id).await? {
            return Ok(());
        }
        if store::is_required(tx, user).await? {
            return Err(AuthError::LastFactor);
        }
        store::delete_phone(tx, user.id).await?;
        Ok(store::delete_backup_codes(tx, user.id).await?)
    }

    /// Writes a row about someone's own account.
    pub(super) async fn note(
        &self,
        tx: &mut Tx,
        user: &User,
        action: &'static str,
        details: serde_json::Value,
    ) -> Result<(), AuthError> {
        let by = Some(user.id);
        Ok(self.audit.record(tx, user.organisation_id, by, action, details).await?)
    }

    /// Tells a person by mail what was changed about how they sign in.
    pub(super) async fn tell_of_change(
        &self,
        tx: &mut Tx,
        user: &User,
        what: &str,
    ) -> Result<(), AuthError> {
        let text = format!(
            "Good day {},\n\n{what}\n\nIf you did not expect this, change your password at {} \
             and speak to an admin of your chamber at once.",
            user.name, self.settings.public_url
        );
        let subject = "A change to how you sign in".to_owned();
        let letter = Letter {
            organisation: user.organisation_id,
            to: To::Mail(user.email.clone()),
            kind: "sign-in-change",
            words: Words { subject, text },
        };
        self.outbox.post(tx, letter).await?;
        Ok(())
    }
}

/// The caller in a session of their own, who must be of the chamber: clients have no
/// factors.
pub(super) fn own(caller: &Caller) -> Result<&User, AuthError> {
    caller.in_session()?;
    if caller.user.role == Role::Client { Err(AuthError::AdminOnly) } else { Ok(&caller.user) }
}

/// A code as typed, without the spaces people put in.
fn digits(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').take(16).collect()
}

impl Way {
    /// Its name in the API and the record.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Passkey => "passkey",
            Self::Sms => "sms",
            Self::BackupCode => "backup_code",
        }
    }
}

/// What something is sealed as for one person.
fn purpose(what: &str, user: &User) -> String {
    format!("{what} of {}", user.id)
}

/// A set of backup codes as just made.
pub(super) async fn backup_codes() -> Result<backup::Set, AuthError> {
    backup::Set::make().await
}

/// 256 random bits for a ceremony or a sign-in under way.
pub(super) fn fresh() -> Token {
    Token::random()
}
