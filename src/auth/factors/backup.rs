//! Backup codes: ten, shown once, each good for one sign-in.
//!
//! A code has 50 random bits. Kept is its argon2id digest under a salt of the set, so
//! that one computation tells whether a code is among them.

use argon2::Argon2;
use serde_json::json;

use super::{own, store};
use crate::auth::{Auth, AuthError, Caller, Renewed, User};
use crate::db::Tx;

/// How many codes a set has.
const CODES: usize = 10;
/// How many characters a code has, five bits each.
const LENGTH: usize = 10;
/// Crockford's thirty-two: none that look alike.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A set of codes as just made.
pub(in crate::auth) struct Set {
    codes: Vec<String>,
    digests: Vec<Vec<u8>>,
    salt: Vec<u8>,
}

impl Set {
    /// Makes a set, off the async threads.
    pub(in crate::auth) async fn make() -> Result<Self, AuthError> {
        let made = tokio::task::spawn_blocking(|| {
            let salt = rand::random::<[u8; 16]>().to_vec();
            let codes: Vec<String> = (0..CODES).map(|_| code()).collect();
            let digests = codes.iter().map(|code| digest_now(&plain(code), &salt));
            let digests = digests.collect::<Result<_, _>>()?;
            Ok(Self { codes, digests, salt })
        });
        made.await.map_err(|error| AuthError::Hash(error.to_string()))?
    }
}

impl Auth {
    /// Makes the caller's backup codes anew; the old ones work no longer.
    ///
    /// # Errors
    /// Fails without a factor they could stand in for.
    pub async fn make_backup_codes(
        &self,
        caller: &Caller,
    ) -> Result<Renewed<Vec<String>>, AuthError> {
        let user = own(caller)?;
        let set = Set::make().await?;
        let mut tx = self.db.write().await?;
        self.proven(&mut tx, caller).await?;
        if !store::has_factor(&mut tx, user.id).await? {
            return Err(AuthError::FactorFirst);
        }
        store::lock_user(&mut tx, user.id).await?;
        let value = self.keep_codes(&mut tx, user, set).await?;
        self.tell_of_change(&mut tx, user, "New backup codes were made for your account.").await?;
        let cookie = self.renew_alone(&mut tx, caller).await?;
        tx.commit().await?;
        Ok(Renewed { value, cookie })
    }

    /// Keeps a set for someone who has no codes yet; gives the codes to be shown.
    pub(in crate::auth) async fn first_backup_codes(
        &self,
        tx: &mut Tx,
        user: &User,
        set: Set,
    ) -> Result<Vec<String>, AuthError> {
        if store::count_backup_codes(tx, user.id).await? > 0 {
            return Ok(Vec::new());
        }
        self.keep_codes(tx, user, set).await
    }

    async fn keep_codes(
        &self,
        tx: &mut Tx,
        user: &User,
        set: Set,
    ) -> Result<Vec<String>, AuthError> {
        let Set { codes, digests, salt } = set;
        store::delete_backup_codes(tx, user.id).await?;
        for digest in digests {
            store::insert_backup_code(tx, user.id, digest, salt.clone(), self.clock.now()).await?;
        }
        self.note(tx, user, "factor.codes", json!({})).await?;
        Ok(codes)
    }
}

/// The digest of a code as typed.
pub(super) async fn digest(typed: &str, salt: Vec<u8>) -> Result<Vec<u8>, AuthError> {
    let plain = plain(typed);
    let work = tokio::task::spawn_blocking(move || digest_now(&plain, &salt));
    work.await.map_err(|error| AuthError::Hash(error.to_string()))?
}

fn digest_now(plain: &str, salt: &[u8]) -> Result<Vec<u8>, AuthError> {
    let mut digest = vec![0; 32];
    let hashed = Argon2::default().hash_password_into(plain.as_bytes(), salt, &mut digest);
    hashed.map_err(|error| AuthError::Hash(error.to_string()))?;
    Ok(digest)
}

/// A code in two halves, such as `7k2mq-x0d9f`.
fn code() -> String {
    let bits: [u8; LENGTH] = rand::random();
    let letters: String =
        bits.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect();
    let (left, right) = letters.split_at(LENGTH / 2);
    format!("{left}-{right}")
}

/// A code without what people add or mistake when they type it.
fn plain(typed: &str) -> String {
    let typed = typed.chars().filter(char::is_ascii_alphanumeric).take(64);
    let letters = typed.map(|letter| match letter.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_code_is_found_however_it_is_typed() {
        let set = Set::make().await.unwrap();
        assert_eq!(set.codes.len(), CODES);
        let typed = set.codes[3].to_uppercase().replace('-', " ").replace('0', "O");
        assert_eq!(digest(&typed, set.salt.clone()).await.unwrap(), set.digests[3]);
        let other = digest("00000-00000", set.salt.clone()).await.unwrap();
        assert!(!set.digests.contains(&other));
    }
}
