//! What blobs are called on the disk: HMAC-SHA-256 (RFC 2104) under a key of their
//! own, which lies sealed beside them. It does not change with the master keys, as
//! the names do not.

use std::io::{self, ErrorKind};
use std::path::Path;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::hex;
use crate::kernel::OrganisationId;
use crate::vault::Vault;

/// What the key is sealed as.
pub(super) const PURPOSE: &str = "names of document files";
/// The file of the sealed key.
pub(super) const FILE: &str = "names.key";
/// The length of a block of SHA-256, in bytes.
const BLOCK: usize = 64;

/// Makes names.
pub(super) struct Names {
    key: Zeroizing<[u8; 32]>,
}

impl Names {
    /// Opens the key, or makes it when there is none.
    pub(super) fn open(dir: &Path, vault: &Vault) -> io::Result<Self> {
        let path = dir.join(FILE);
        let key = match std::fs::read(&path) {
            Ok(sealed) => {
                let key = vault.unseal(PURPOSE, &sealed)?;
                let wrong = |_| io::Error::new(ErrorKind::InvalidData, "the key of the names");
                Zeroizing::new(key.as_slice().try_into().map_err(wrong)?)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let key = Zeroizing::new(rand::random::<[u8; 32]>());
                place(&path, &vault.seal(PURPOSE, key.as_slice())?)?;
                key
            }
            Err(error) => return Err(error),
        };
        Ok(Self { key })
    }

    /// The name of an organisation's blob.
    pub(super) fn of(&self, organisation: OrganisationId, sha256: &str) -> String {
        let padded = |with: u8| {
            let mut block = Zeroizing::new([with; BLOCK]);
            for (byte, key) in block.iter_mut().zip(self.key.iter()) {
                *byte ^= key;
            }
            Sha256::new().chain_update(block.as_slice())
        };
        let inner = padded(0x36).chain_update(organisation.uuid().as_bytes()).chain_update(sha256);
        hex(&padded(0x5c).chain_update(inner.finalize()).finalize())
    }
}

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Names")
    }
}

/// Puts a small file in its place, whole and durably.
pub(super) fn place(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = std::fs::File::create(&new)?;
    io::Write::write_all(&mut file, bytes)?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    path.parent().map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())
}
