//! What must not lie readable on a disk: sealed with keys that come from a file or
//! the environment.
//!
//! A *master key* is 256 random bits with a number. The newest one seals; every one
//! of them still opens what it sealed, so keys can change without a pause. What is
//! sealed is bound to a *purpose*: what was sealed as one thing never opens as
//! another. XChaCha20-Poly1305, with 192 random bits for each sealing.

mod keys;
mod stream;

use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

pub use keys::{KeySource, Keys};
pub use stream::{Opener, Sealer, key_of, reseal};

/// How many bytes number the key of what is sealed.
const NUMBER: usize = 4;
/// How many random bytes each sealing has.
const NONCE: usize = 24;

/// Seals and opens.
#[derive(Clone)]
pub struct Vault {
    keys: Arc<Keys>,
}

/// Why something could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The keys cannot be read or written.
    #[error("the master keys ({place}) cannot be used: {reason}")]
    Keys {
        /// Where they are.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// The key it was sealed with is not here.
    #[error("this was sealed with master key {0}, which is missing from the key file")]
    MissingKey(u32),
    /// It is damaged, was changed, or was sealed as something else.
    #[error("what was sealed is damaged or was changed")]
    Damaged,
    /// It could not be sealed.
    #[error("it could not be sealed")]
    Unsealable,
}

impl Vault {
    /// Opens the keys, making the first one where the key file does not exist yet.
    ///
    /// # Errors
    /// Fails when the keys cannot be read, written or understood.
    pub fn open(source: &KeySource) -> Result<Self, VaultError> {
        Ok(Self { keys: Arc::new(Keys::open(source)?) })
    }

    /// Seals bytes for a purpose, with the newest key.
    ///
    /// # Errors
    /// Fails only on more bytes than the cipher takes.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (number, key) = self.keys.newest();
        let nonce: [u8; NONCE] = rand::random();
        let payload = Payload { msg: plain, aad: purpose.as_bytes() };
        let cipher = XChaCha20Poly1305::new(&(**key).into());
        let sealed =
            cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| VaultError::Unsealable)?;
        let mut whole = Vec::with_capacity(NUMBER + NONCE + sealed.len());
        whole.extend_from_slice(&number.to_be_bytes());
        whole.extend_from_slice(&nonce);
        whole.extend_from_slice(&sealed);
        Ok(whole)
    }

    /// Opens what was sealed for the same purpose.
    ///
    /// # Errors
    /// Fails when its key is missing, or it is not what was sealed.
    pub fn unseal(&self, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let number = Self::key_of(sealed)?;
        let rest = sealed.get(NUMBER..).ok_or(VaultError::Damaged)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE>().ok_or(VaultError::Damaged)?;
        let key = self.keys.numbered(number).ok_or(VaultError::MissingKey(number))?;
        let payload = Payload { msg: body, aad: purpose.as_bytes() };
        XChaCha20Poly1305::new(&(**key).into())
            .decrypt(&XNonce::from(*nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| VaultError::Damaged)
    }

    /// The number of the key something was sealed with.
    ///
    /// # Errors
    /// Fails when it is too short to have been sealed.
    pub fn key_of(sealed: &[u8]) -> Result<u32, VaultError> {
        let (number, _) = sealed.split_first_chunk::<NUMBER>().ok_or(VaultError::Damaged)?;
        Ok(u32::from_be_bytes(*number))
    }

    /// The numbers of the keys, the newest first.
    #[must_use]
    pub fn key_numbers(&self) -> Vec<u32> {
        self.keys.numbers()
    }

    /// The number of the key that seals now.
    #[must_use]
    pub fn newest_key(&self) -> u32 {
        self.keys.newest().0
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault(key {})", self.newest_key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(text: &str) -> Vault {
        Vault::open(&KeySource::Text(text.to_owned().into())).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_alone() {
        let vault = vault(&format!("1 {}", Keys::random_text()));
        let sealed = vault.seal("totp", b"a secret").unwrap();
        assert!(!sealed.windows(8).any(|window| window == b"a secret"));
        assert_eq!(vault.unseal("totp", &sealed).unwrap().as_slice(), b"a secret");
        assert!(matches!(vault.unseal("blob", &sealed), Err(VaultError::Damaged)));
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(vault.unseal("totp", &changed).is_err(), "byte {place}");
        }
        assert!(matches!(vault.unseal("totp", &sealed[..20]), Err(VaultError::Damaged)));
    }

    #[test]
    fn an_older_key_still_opens_and_the_newest_seals() {
        let (one, two) = (Keys::random_text(), Keys::random_text());
        let before = vault(&format!("1 {one}"));
        let sealed = before.seal("x", b"kept").unwrap();
        let after = vault(&format!("2 {two}\n1 {one}"));
        assert_eq!(after.unseal("x", &sealed).unwrap().as_slice(), b"kept");
        assert_eq!(Vault::key_of(&after.seal("x", b"new").unwrap()).unwrap(), 2);
        let without = vault(&format!("2 {two}"));
        assert!(matches!(without.unseal("x", &sealed), Err(VaultError::MissingKey(1))));
    }
}
