//! The end of an organisation's record, sealed by the vault: how many rows there
//! are, the hash of the last one, and the key of the chain.
//!
//! It changes in the transaction of each row, so that rows cut off at the end show.

use zeroize::Zeroizing;

use super::AuditError;
use crate::kernel::OrganisationId;
use crate::vault::Vault;

/// What a head is sealed as.
const PURPOSE: &str = "audit_heads.sealed";
/// How many bytes a hash has.
const HASH: usize = 32;

/// The key of a record's chain: 512 random bits, as HMAC-SHA-256 takes them whole.
pub(super) type Key = Zeroizing<[u8; 64]>;

/// The end of a record.
pub(super) struct Head {
    pub(super) key: Key,
    /// The number of the last row.
    pub(super) count: i64,
    /// Its hash; zeros before the first.
    pub(super) hash: Vec<u8>,
    /// The number of the last row that retention removed; 0 before the first.
    pub(super) removed: i64,
    /// Its hash; zeros before the first.
    pub(super) removed_hash: Vec<u8>,
    /// The number of the last row that was written before there was a key.
    pub(super) unkeyed: i64,
}

impl Head {
    /// The head of a record that has no key yet: empty, or written before there was one.
    pub(super) fn begin(count: i64, hash: Option<Vec<u8>>) -> Self {
        let mut key = Zeroizing::new([0; 64]);
        rand::fill(&mut key[..]);
        Self {
            key,
            count,
            hash: hash.unwrap_or_else(none),
            removed: 0,
            removed_hash: none(),
            unkeyed: count,
        }
    }

    /// Seals the head for its organisation.
    pub(super) fn seal(
        &self,
        vault: &Vault,
        organisation: OrganisationId,
    ) -> Result<Vec<u8>, AuditError> {
        let mut plain = Zeroizing::new(Vec::new());
        plain.extend_from_slice(organisation.uuid().as_bytes());
        plain.extend_from_slice(&self.key[..]);
        for number in [self.count, self.removed, self.unkeyed] {
            plain.extend_from_slice(&number.to_be_bytes());
        }
        plain.extend_from_slice(&self.hash);
        plain.extend_from_slice(&self.removed_hash);
        Ok(vault.seal(PURPOSE, &plain)?)
    }

    /// Opens the head of an organisation.
    pub(super) fn open(
        vault: &Vault,
        organisation: OrganisationId,
        sealed: &[u8],
    ) -> Result<Self, AuditError> {
        let plain = vault.unseal(PURPOSE, sealed)?;
        Self::parse(&plain, organisation).ok_or(AuditError::Head)
    }

    fn parse(plain: &[u8], organisation: OrganisationId) -> Option<Self> {
        let (of, plain) = plain.split_first_chunk::<16>()?;
        let (key, plain) = plain.split_first_chunk::<64>()?;
        let (count, plain) = plain.split_first_chunk::<8>()?;
        let (removed, plain) = plain.split_first_chunk::<8>()?;
        let (unkeyed, plain) = plain.split_first_chunk::<8>()?;
        let (hash, removed_hash) = plain.split_at_checked(HASH)?;
        let whole = of == organisation.uuid().as_bytes() && removed_hash.len() == HASH;
        whole.then(|| Self {
            key: Zeroizing::new(*key),
            count: i64::from_be_bytes(*count),
            removed: i64::from_be_bytes(*removed),
            unkeyed: i64::from_be_bytes(*unkeyed),
            hash: hash.to_vec(),
            removed_hash: removed_hash.to_vec(),
        })
    }
}

/// What stands for the hash before the first row.
fn none() -> Vec<u8> {
    vec![0; HASH]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::{KeySource, Keys};

    #[test]
    fn a_head_opens_for_its_organisation_alone() {
        let keys = format!("1 {}", Keys::random_text());
        let vault = Vault::open(&KeySource::Text(keys.into())).unwrap();
        let (ours, theirs) = (OrganisationId::new(), OrganisationId::new());
        let head = Head { removed: 3, ..Head::begin(7, Some(vec![9; 32])) };
        let sealed = head.seal(&vault, ours).unwrap();
        let opened = Head::open(&vault, ours, &sealed).unwrap();
        assert_eq!((opened.count, opened.removed, opened.unkeyed), (7, 3, 7));
        assert_eq!((opened.hash, opened.key), (vec![9; 32], head.key));
        assert!(matches!(Head::open(&vault, theirs, &sealed), Err(AuditError::Head)));
    }
}
