//! Codes sent to a telephone, for when the factor is out of reach: six digits, ten
//! minutes, five tries, three an hour.

use chrono::TimeDelta;
use serde_json::json;
use subtle::ConstantTimeEq;

use super::{digits, own, purpose, store};
use crate::auth::{Auth, AuthError, Caller, Renewed, SessionKind, Token, User, Way};
use crate::db::Tx;
use crate::kernel::Origin;
use crate::outbox::{Letter, To, Words};

/// How many codes are sent within an hour.
const AN_HOUR: i64 = 3;
/// How often one may be typed.
const TRIES: i64 = 5;
/// How long one works, in minutes.
const MINUTES: i64 = 10;
/// What codes are sealed as.
const SEALED: &str = "phone code";

impl Auth {
    /// Notes the caller's telephone and sends it a code.
    ///
    /// # Errors
    /// Fails without a gateway or a factor to stand in for, on a number that is none,
    /// and when too many codes were sent.
    pub async fn add_phone(&self, caller: &Caller, number: &str) -> Result<(), AuthError> {
        let user = own(caller)?;
        if !self.settings.sms {
            return Err(AuthError::NoGateway);
        }
        let number = normal(number)?;
        let mut tx = self.db.write().await?;
        self.proven(&mut tx, caller).await?;
        store::lock_user(&mut tx, user.id).await?;
        if !store::has_factor(&mut tx, user.id).await? {
            return Err(AuthError::FactorFirst);
        }
        store::set_phone(&mut tx, user.id, &number, self.clock.now()).await?;
        self.text_code(&mut tx, user, number).await?;
        Ok(tx.commit().await?)
    }

    /// Takes the telephone once the code sent to it came back.
    ///
    /// # Errors
    /// Fails with [`AuthError::WrongCode`] on a wrong code.
    pub async fn verify_phone(
        &self,
        caller: &Caller,
        code: &str,
    ) -> Result<Renewed<()>, AuthError> {
        let user = own(caller)?;
        let mut tx = self.db.write().await?;
        self.proven(&mut tx, caller).await?;
        let given = super::Given::Sms(digits(code));
        let right = self.compare(&mut tx, user, given).await?;
        if !right {
            tx.commit().await?;
            return Err(AuthError::WrongCode);
        }
        store::verify_phone(&mut tx, user.id).await?;
        self.note(&mut tx, user, "factor.add", json!({ "factor": "phone" })).await?;
        self.tell_of_change(&mut tx, user, "A telephone number was added to your account.").await?;
        let cookie = self.renew_alone(&mut tx, caller).await?;
        tx.commit().await?;
        Ok(Renewed { value: (), cookie })
    }

    /// Removes the caller's telephone.
    ///
    /// # Errors
    /// Fails when they did not prove lately that it is them.
    pub async fn remove_phone(&self, caller: &Caller) -> Result<Renewed<()>, AuthError> {
        let user = own(caller)?;
        let mut tx = self.db.write().await?;
        self.proven(&mut tx, caller).await?;
        store::delete_phone(&mut tx, user.id).await?;
        self.note(&mut tx, user, "factor.remove", json!({ "factor": "phone" })).await?;
        self.tell_of_change(&mut tx, user, "The telephone number was removed from your account.")
            .await?;
        let cookie = self.renew_alone(&mut tx, caller).await?;
        tx.commit().await?;
        Ok(Renewed { value: (), cookie })
    }

    /// Sends a code to the telephone of someone who is signing in.
    ///
    /// # Errors
    /// Fails when the sign-in is over or too many codes were sent.
    pub async fn send_code(
        &self,
        pending: &Token,
        kind: SessionKind,
        origin: &Origin,
    ) -> Result<(), AuthError> {
        let mut tx = self.db.write().await?;
        let (user, waiting) = self.waiting(&mut tx, pending, kind, origin).await?;
        let offered = self.ways(&mut tx, &user).await?.contains(&Way::Sms);
        store::lock_user(&mut tx, user.id).await?;
        match store::phone(&mut tx, user.id).await? {
            Some(phone) if offered && !waiting.enrol => {
                self.text_code(&mut tx, &user, phone.number).await?;
            }
            _ => return Err(AuthError::NoGateway),
        }
        Ok(tx.commit().await?)
    }

    /// Whether a code is the one sent last; it is used by this.
    pub(super) async fn phone_code_is_right(
        &self,
        tx: &mut Tx,
        user: &User,
        code: &str,
    ) -> Result<bool, AuthError> {
        let since = self.clock.now() - TimeDelta::minutes(MINUTES);
        let Some(sent) = store::live_phone_code(tx, user.id, since).await? else {
            return Ok(false);
        };
        let kept = self.vault.unseal(&purpose(SEALED, user), &sent.sealed)?;
        let right = bool::from(kept.as_slice().ct_eq(code.as_bytes()));
        let over = right || sent.tries + 1 >= TRIES;
        store::count_phone_code(tx, sent.id, sent.tries + 1, !over).await?;
        Ok(right)
    }

    async fn text_code(&self, tx: &mut Tx, user: &User, number: String) -> Result<(), AuthError> {
        let now = self.clock.now();
        if store::count_phone_codes(tx, user.id, now - TimeDelta::hours(1)).await? >= AN_HOUR {
            return Err(AuthError::TooManyCodes);
        }
        let code = format!("{:06}", rand::random_range(0..1_000_000_u32));
        let sealed = self.vault.seal(&purpose(SEALED, user), code.as_bytes())?;
        store::insert_phone_code(tx, user.id, sealed, now).await?;
        self.note(tx, user, "factor.code.send", json!({ "factor": "phone" })).await?;
        let text = format!(
            "{code} is your Munshi code. It works for {MINUTES} minutes. Tell it to nobody."
        );
        let letter = Letter {
            organisation: user.organisation_id,
            to: To::Phone(number),
            kind: "sign-in-code",
            words: Words { subject: String::new(), text },
        };
        self.outbox.post(tx, letter).await?;
        Ok(())
    }
}

/// A number with its country's code and nothing but digits: E.164, at most fifteen.
fn normal(number: &str) -> Result<String, AuthError> {
    let wrong = || AuthError::PhoneNumber(number.trim().chars().take(40).collect());
    let rest = number.trim().strip_prefix('+').ok_or_else(wrong)?;
    let plain: String = rest.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
    let right = (8..=15).contains(&plain.len())
        && plain.bytes().all(|byte| byte.is_ascii_digit())
        && !plain.starts_with('0');
    if right { Ok(format!("+{plain}")) } else { Err(wrong()) }
}

/// The end of a number, enough to know one's own.
pub(super) fn ending(number: &str) -> String {
    let last: Vec<char> = number.chars().rev().take(3).collect();
    format!("…{}", last.into_iter().rev().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_needs_its_country_and_nothing_odd() {
        assert_eq!(normal(" +91 98765-43210 ").unwrap(), "+919876543210");
        for odd in
            ["9876543210", "+0919876543210", "+91", "+91 98765 43210\r\nX: y", "+91987654321a"]
        {
            assert!(normal(odd).is_err(), "{odd}");
        }
        assert_eq!(ending("+919876543210"), "…210");
    }
}
