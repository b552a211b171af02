//! Authenticator apps: time-based codes (RFC 6238), six digits every thirty seconds.
//!
//! A code of the step before or after is taken too, for clocks that differ; a code
//! of a step once used, or of an earlier one, is not.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use qrcode::QrCode;
use qrcode::render::svg;
use serde::{Deserialize, Serialize};
use serde_json::json;
use totp_rs::{Builder, Secret, Totp};

use super::{backup, digits, own, purpose, store};
use crate::auth::{Auth, AuthError, Caller, Renewed, User};
use crate::db::Tx;

/// The name the app shows over the codes.
const ISSUER: &str = "Munshi";
/// How many bytes the shared secret has; RFC 4226 recommends 20.
const SECRET: usize = 20;
/// What the secret is sealed as, in the tables and in an offer.
const KEPT: &str = "authenticator";
const OFFERED: &str = "authenticator offer";

/// A secret offered to an authenticator app; nothing is kept until a code of it came
/// back.
#[derive(Clone)]
pub struct Offer {
    /// The secret as text, for typing it in.
    pub secret: String,
    /// The address that carries the secret, as `otpauth:` apps read it.
    pub url: String,
    /// What has to come back with the first code: the secret, sealed for this person
    /// and good for a quarter of an hour.
    pub sealed: String,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    secret: Vec<u8>,
    until: i64,
}

impl Offer {
    /// The address as a picture, an SVG document in a `data:` address.
    #[must_use]
    pub fn picture(&self) -> String {
        let code = QrCode::new(self.url.as_bytes());
        let svg = code.map(|code| code.render::<svg::Color>().min_dimensions(220, 220).build());
        format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg.unwrap_or_default()))
    }
}

impl Auth {
    /// Offers an authenticator app to the caller.
    ///
    /// # Errors
    /// Fails when they did not prove lately that it is them, or have an app already.
    pub async fn offer_app(&self, caller: &Caller) -> Result<Offer, AuthError> {
        let user = own(caller)?;
        let mut tx = self.db.read().await?;
        self.proven(&mut tx, caller).await?;
        if store::authenticator(&mut tx, user.id).await?.is_some() {
            return Err(AuthError::FactorThere);
        }
        self.offer(user)
    }

    /// Takes the offered app once it showed a right code; gives backup codes when the
    /// caller has none yet.
    ///
    /// # Errors
    /// Fails with [`AuthError::WrongCode`] on a wrong code or an offer that is over.
    pub async fn accept_app(
        &self,
        caller: &Caller,
        offer: &str,
        code: &str,
    ) -> Result<Renewed<Vec<String>>, AuthError> {
        let user = own(caller)?;
        let set = backup::Set::make().await?;
        let mut tx = self.db.write().await?;
        self.proven(&mut tx, caller).await?;
        let value = self.accept(&mut tx, user, offer, code, set).await?;
        let cookie = self.renew_alone(&mut tx, caller).await?;
        tx.commit().await?;
        Ok(Renewed { value, cookie })
    }

    /// Removes the caller's authenticator app.
    ///
    /// # Errors
    /// Fails when their role needs a factor and this is the last.
    pub async fn remove_app(&self, caller: &Caller) -> Result<Renewed<()>, AuthError> {
        let user = own(caller)?;
        let mut tx = self.db.write().await?;
        self.proven(&mut tx, caller).await?;
        store::lock_user(&mut tx, user.id).await?;
        if store::delete_authenticator(&mut tx, user.id).await? == 0 {
            return Err(AuthError::NotFound);
        }
        self.after_removal(&mut tx, user).await?;
        self.note(&mut tx, user, "factor.remove", json!({ "factor": "app" })).await?;
        self.tell_of_change(&mut tx, user, "The authenticator app was removed from your account.")
            .await?;
        let cookie = self.renew_alone(&mut tx, caller).await?;
        tx.commit().await?;
        Ok(Renewed { value: (), cookie })
    }

    /// A new secret for someone.
    pub(in crate::auth) fn offer(&self, user: &User) -> Result<Offer, AuthError> {
        let secret: [u8; SECRET] = rand::random();
        let until = self.clock.now() + TimeDelta::minutes(15);
        let sealed = Sealed { secret: secret.to_vec(), until: until.timestamp() };
        let bytes = serde_json::to_vec(&sealed).unwrap_or_default();
        let sealed = self.vault.seal(&purpose(OFFERED, user), &bytes)?;
        shown(&secret, user, URL_SAFE_NO_PAD.encode(sealed))
    }

    /// The same offer to the caller once more, to be shown again.
    ///
    /// # Errors
    /// Fails with [`AuthError::WrongCode`] when it is over or another's.
    pub fn same_offer(&self, caller: &Caller, offer: &str) -> Result<Offer, AuthError> {
        self.once_more(own(caller)?, offer)
    }

    /// The same offer once more.
    pub(in crate::auth) fn once_more(&self, user: &User, offer: &str) -> Result<Offer, AuthError> {
        let secret = self.opened_offer(user, offer).ok_or(AuthError::WrongCode)?;
        shown(&secret, user, offer.to_owned())
    }

    /// Keeps an offered secret of which a right code came back.
    pub(in crate::auth) async fn accept(
        &self,
        tx: &mut Tx,
        user: &User,
        offer: &str,
        code: &str,
        set: backup::Set,
    ) -> Result<Vec<String>, AuthError> {
        let secret = self.opened_offer(user, offer).ok_or(AuthError::WrongCode)?;
        let now = self.clock.now();
        let step = step_of(&secret, code, now.timestamp()).ok_or(AuthError::WrongCode)?;
        store::lock_user(tx, user.id).await?;
        let sealed = self.vault.seal(&purpose(KEPT, user), &secret)?;
        if store::insert_authenticator(tx, user.id, sealed, step, now).await? == 0 {
            return Err(AuthError::FactorThere);
        }
        self.note(tx, user, "factor.add", json!({ "factor": "app" })).await?;
        self.tell_of_change(tx, user, "An authenticator app was added to your account.").await?;
        self.first_backup_codes(tx, user, set).await
    }

    /// Whether a code of the person's app is right and new; it is used by this.
    pub(super) async fn app_code_is_right(
        &self,
        tx: &mut Tx,
        user: &User,
        code: &str,
    ) -> Result<bool, AuthError> {
        let Some(sealed) = store::authenticator(tx, user.id).await? else { return Ok(false) };
        let secret = self.vault.unseal(&purpose(KEPT, user), &sealed)?;
        match step_of(&secret, code, self.clock.now().timestamp()) {
            Some(step) => Ok(store::use_step(tx, user.id, step).await? == 1),
            None => Ok(false),
        }
    }

    fn opened_offer(&self, user: &User, offer: &str) -> Option<Vec<u8>> {
        let sealed = URL_SAFE_NO_PAD.decode(offer).ok()?;
        let bytes = self.vault.unseal(&purpose(OFFERED, user), &sealed).ok()?;
        let Sealed { secret, until } = serde_json::from_slice(&bytes).ok()?;
        (self.clock.now().timestamp() < until).then_some(secret)
    }
}

fn shown(secret: &[u8], user: &User, sealed: String) -> Result<Offer, AuthError> {
    let totp = totp(secret, &user.email);
    let url = totp.to_url().map_err(|error| AuthError::Hash(error.to_string()))?;
    Ok(Offer { secret: totp.secret().to_base32(), url, sealed })
}

fn totp(secret: &[u8], email: &str) -> Totp {
    Builder::new()
        .with_secret(Secret::new(secret.into()))
        .with_skew(1)
        .with_account_name(email.replace(':', " "))
        .with_issuer(Some(ISSUER))
        .build_noncompliant()
}

/// The step a code belongs to, if it is right now, one step before or after.
fn step_of(secret: &[u8], code: &str, now: i64) -> Option<i64> {
    let code = digits(code);
    let right = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    let now = u64::try_from(now).ok()?;
    let step = right.then(|| totp(secret, "").check(&code, now))??;
    i64::try_from(step).ok()
}

#[cfg(test)]
pub(in crate::auth) fn code_at(secret: &str, now: i64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    totp(secret.as_bytes(), "").generate(u64::try_from(now).unwrap()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(step_of(secret, code, time), Some(time / 30), "{time}");
        }
    }

    #[test]
    fn one_step_of_drift_is_taken_and_two_are_not() {
        let secret = b"12345678901234567890";
        assert_eq!(step_of(secret, "287082", 59 + 30), Some(1));
        assert_eq!(step_of(secret, "287082", 59 - 30), Some(1));
        assert_eq!(step_of(secret, "287082", 59 + 61), None);
        assert_eq!(step_of(secret, "287 082", 59), Some(1));
        for odd in ["", "28708", "2870820", "+28708", "२८७०८२", "28708a"] {
            assert_eq!(step_of(secret, odd, 59), None, "{odd}");
        }
    }
}
