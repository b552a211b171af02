//! Sealed files: a key of their own in the header, and the bytes in chunks, so that
//! a file of any length is sealed and opened as it streams by.
//!
//! ```text
//! 8    magic and version
//! 76   the file's key, sealed by a master key; zeros where the slot is empty
//! 76   the same; only while the master key changes are both in use
//! 19   random: the first part of every chunk's nonce
//! ...  chunks of 64 KiB and 16 bytes of tag each; the last may be shorter
//! ```
//!
//! The rest of a nonce is the chunk's number (32 bits) and whether it is the last
//! (8 bits): the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár
//! ("Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015).
//! A chunk that is changed, missing, repeated or out of its place does not open, and
//! neither does the end of a file that was cut short.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::{NONCE, NUMBER, Vault, VaultError};

/// What a sealed file begins with.
const MAGIC: [u8; 8] = *b"MUNSHI\x00\x01";
/// How many bytes of a file are sealed together.
const CHUNK: usize = 64 << 10;
/// How many bytes longer a sealed chunk is.
const TAG: usize = 16;
/// How many random bytes the nonces of a file share.
const PREFIX: usize = NONCE - 5;
/// How long a sealed key is.
const SLOT: usize = NUMBER + NONCE + 32 + TAG;
/// How long the header is.
const HEADER: usize = MAGIC.len() + 2 * SLOT + PREFIX;

/// A header without its magic.
struct Header {
    slots: [[u8; SLOT]; 2],
    prefix: [u8; PREFIX],
}

/// Seals a file as its bytes come.
pub struct Sealer {
    chunks: Chunks,
    /// Bytes that wait to be known as the last or not.
    waiting: Zeroizing<Vec<u8>>,
}

/// Opens a sealed file piece by piece.
pub struct Opener<R> {
    from: R,
    chunks: Chunks,
    held: Vec<u8>,
    is_done: bool,
}

/// The cipher of a file and the number of the next chunk.
struct Chunks {
    cipher: XChaCha20Poly1305,
    prefix: [u8; PREFIX],
    next: u32,
}

impl Chunks {
    fn nonce(&mut self, is_last: bool) -> Result<XNonce, VaultError> {
        let mut nonce = [0; NONCE];
        nonce[..PREFIX].copy_from_slice(&self.prefix);
        nonce[PREFIX..NONCE - 1].copy_from_slice(&self.next.to_be_bytes());
        nonce[NONCE - 1] = u8::from(is_last);
        self.next = self.next.checked_add(1).ok_or(VaultError::Unsealable)?;
        Ok(XNonce::from(nonce))
    }

    fn seal(&mut self, chunk: &[u8], is_last: bool) -> Result<Vec<u8>, VaultError> {
        let nonce = self.nonce(is_last)?;
        self.cipher.encrypt(&nonce, chunk).map_err(|_| VaultError::Unsealable)
    }

    fn open(&mut self, chunk: &[u8], is_last: bool) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let nonce = self.nonce(is_last)?;
        let opened = self.cipher.decrypt(&nonce, chunk);
        opened.map(Zeroizing::new).map_err(|_| VaultError::Damaged)
    }
}

impl Sealer {
    /// Starts a file for a purpose, and gives its header.
    ///
    /// # Errors
    /// Fails when the file's key cannot be sealed.
    pub fn start(vault: &Vault, purpose: &str) -> Result<(Self, Vec<u8>), VaultError> {
        let key = Zeroizing::new(rand::random::<[u8; 32]>());
        let prefix: [u8; PREFIX] = rand::random();
        let mut header = Vec::with_capacity(HEADER);
        header.extend_from_slice(&MAGIC);
        header.extend_from_slice(&vault.seal(purpose, key.as_slice())?);
        header.extend_from_slice(&[0; SLOT]);
        header.extend_from_slice(&prefix);
        let chunks = Chunks { cipher: XChaCha20Poly1305::new(&(*key).into()), prefix, next: 0 };
        Ok((Self { chunks, waiting: Zeroizing::default() }, header))
    }

    /// Takes bytes and gives what is to be written for them.
    ///
    /// # Errors
    /// Fails when the file is longer than 2³² chunks.
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<Vec<u8>, VaultError> {
        let mut sealed = Vec::new();
        while !bytes.is_empty() {
            if self.waiting.len() == CHUNK {
                sealed.extend(self.chunks.seal(&self.waiting, false)?);
                self.waiting.clear();
            }
            let (now, later) = bytes.split_at(bytes.len().min(CHUNK - self.waiting.len()));
            self.waiting.extend_from_slice(now);
            bytes = later;
        }
        Ok(sealed)
    }

    /// Ends the file and gives the last that is to be written.
    ///
    /// # Errors
    /// As [`Sealer::write`].
    pub fn finish(mut self) -> Result<Vec<u8>, VaultError> {
        self.chunks.seal(&self.waiting, true)
    }
}

impl<R: Read> Opener<R> {
    /// Opens a file that was sealed for a purpose.
    ///
    /// # Errors
    /// Fails when it cannot be read, or is no sealed file of ours.
    pub fn open(vault: &Vault, purpose: &str, mut from: R) -> io::Result<Self> {
        let mut bytes = [0; HEADER];
        from.read_exact(&mut bytes)?;
        let header = Header::read(&bytes)?;
        let (key, _) = header.key(vault, purpose)?;
        let cipher = XChaCha20Poly1305::new(&(*key).into());
        let chunks = Chunks { cipher, prefix: header.prefix, next: 0 };
        Ok(Self { from, chunks, held: Vec::new(), is_done: false })
    }

    /// The next piece of the file; none after the last.
    ///
    /// # Errors
    /// Fails when it cannot be read, or was changed.
    pub fn chunk(&mut self) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        if self.is_done {
            return Ok(None);
        }
        // One byte more tells whether a chunk is the last.
        let wanted = (CHUNK + TAG + 1 - self.held.len()) as u64;
        (&mut self.from).take(wanted).read_to_end(&mut self.held)?;
        self.is_done = self.held.len() <= CHUNK + TAG;
        let length = self.held.len().min(CHUNK + TAG);
        let opened = self.chunks.open(&self.held[..length], self.is_done)?;
        self.held.drain(..length);
        Ok(Some(opened))
    }
}

impl Header {
    fn read(bytes: &[u8; HEADER]) -> Result<Self, VaultError> {
        let rest = bytes.strip_prefix(&MAGIC).ok_or(VaultError::Damaged)?;
        let (first, rest) = rest.split_first_chunk::<SLOT>().ok_or(VaultError::Damaged)?;
        let (second, rest) = rest.split_first_chunk::<SLOT>().ok_or(VaultError::Damaged)?;
        let prefix = rest.try_into().map_err(|_| VaultError::Damaged)?;
        Ok(Self { slots: [*first, *second], prefix })
    }

    /// The file's key, and the slot it stands in.
    fn key(
        &self,
        vault: &Vault,
        purpose: &str,
    ) -> Result<(Zeroizing<[u8; 32]>, usize), VaultError> {
        let mut why = VaultError::Damaged;
        for (place, slot) in self.slots.iter().enumerate() {
            if slot.iter().all(|byte| *byte == 0) {
                continue;
            }
            match vault.unseal(purpose, slot) {
                Ok(key) => {
                    let key = key.as_slice().try_into().map_err(|_| VaultError::Damaged)?;
                    return Ok((Zeroizing::new(key), place));
                }
                Err(error) => why = error,
            }
        }
        Err(why)
    }
}

/// Seals the key of a file anew where an older master key sealed it; whether it was
/// one. The file can be opened at any moment meanwhile, also when this is cut short.
///
/// # Errors
/// Fails when the file cannot be read, written or opened.
pub fn reseal(vault: &Vault, purpose: &str, file: &File) -> io::Result<bool> {
    let mut bytes = [0; HEADER];
    file.read_exact_at(&mut bytes, 0)?;
    let header = Header::read(&bytes)?;
    let (key, place) = header.key(vault, purpose)?;
    let at = |slot: usize| (MAGIC.len() + slot * SLOT) as u64;
    let is_new = Vault::key_of(&header.slots[place])? == vault.newest_key();
    if !is_new {
        file.write_all_at(&vault.seal(purpose, key.as_slice())?, at(1 - place))?;
        file.sync_data()?;
    }
    // What the older key sealed is not left behind.
    let old = if is_new { 1 - place } else { place };
    if header.slots[old].iter().any(|byte| *byte != 0) {
        file.write_all_at(&[0; SLOT], at(old))?;
        file.sync_data()?;
    }
    Ok(!is_new)
}

/// The number of the master key that sealed a file's key.
///
/// # Errors
/// Fails when the file cannot be read or is no sealed file of ours.
pub fn key_of(vault: &Vault, purpose: &str, file: &File) -> io::Result<u32> {
    let mut bytes = [0; HEADER];
    file.read_exact_at(&mut bytes, 0)?;
    let header = Header::read(&bytes)?;
    let (_, place) = header.key(vault, purpose)?;
    Ok(Vault::key_of(&header.slots[place])?)
}

impl From<VaultError> for io::Error {
    fn from(error: VaultError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::{KeySource, Keys};

    fn vault(text: &str) -> Vault {
        Vault::open(&KeySource::Text(text.to_owned().into())).unwrap()
    }

    fn sealed(vault: &Vault, bytes: &[u8], step: usize) -> Vec<u8> {
        let (mut sealer, mut whole) = Sealer::start(vault, "test").unwrap();
        for piece in bytes.chunks(step) {
            whole.extend(sealer.write(piece).unwrap());
        }
        whole.extend(sealer.finish().unwrap());
        whole
    }

    fn opened(vault: &Vault, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut opener = Opener::open(vault, "test", bytes)?;
        let mut whole = Vec::new();
        while let Some(piece) = opener.chunk()? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole)
    }

    #[test]
    fn files_of_every_length_come_back() {
        let vault = vault(&format!("1 {}", Keys::random_text()));
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7] {
            let bytes: Vec<u8> = (0..=250_u8).cycle().take(length).collect();
            let whole = sealed(&vault, &bytes, 1000);
            assert_eq!(opened(&vault, &whole).unwrap(), bytes, "{length}");
            assert_ne!(whole, sealed(&vault, &bytes, 1000), "two sealings look alike");
        }
    }

    #[test]
    fn what_was_changed_cut_or_moved_does_not_open() {
        let vault = vault(&format!("1 {}", Keys::random_text()));
        let bytes = vec![7; 3 * CHUNK];
        let whole = sealed(&vault, &bytes, CHUNK);
        let chunk = |n: usize| HEADER + n * (CHUNK + TAG)..HEADER + (n + 1) * (CHUNK + TAG);
        for place in [0, 8, 30, HEADER - 1, HEADER, HEADER + CHUNK + 20, whole.len() - 1] {
            let mut changed = whole.clone();
            changed[place] ^= 1;
            assert!(opened(&vault, &changed).is_err(), "byte {place}");
        }
        for length in [10, HEADER, HEADER + 5, chunk(1).start, chunk(2).start, whole.len() - 1] {
            assert!(opened(&vault, &whole[..length]).is_err(), "cut at {length}");
        }
        let mut longer = whole.clone();
        longer.extend_from_slice(&whole[chunk(2)]);
        assert!(opened(&vault, &longer).is_err());
        let mut swapped = whole.clone();
        swapped[chunk(0)].copy_from_slice(&whole[chunk(1)]);
        swapped[chunk(1)].copy_from_slice(&whole[chunk(0)]);
        assert!(opened(&vault, &swapped).is_err());
        let other = Opener::open(&vault, "other", whole.as_slice());
        assert!(other.is_err(), "sealed for another purpose");
    }

    #[test]
    fn the_master_key_changes_under_a_file_at_any_moment() {
        let (one, two) = (Keys::random_text(), Keys::random_text());
        let before = vault(&format!("1 {one}"));
        let both = vault(&format!("2 {two}\n1 {one}"));
        let after = vault(&format!("2 {two}"));
        let whole = sealed(&before, b"a deed", 2);
        let path = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(path.path(), &whole).unwrap();
        assert!(opened(&after, &whole).is_err());
        let file = File::options().read(true).write(true).open(path.path()).unwrap();
        // As a process leaves it that stopped in the middle.
        let header = Header::read(whole[..HEADER].try_into().unwrap()).unwrap();
        let (key, _) = header.key(&before, "test").unwrap();
        let sealed_anew = both.seal("test", key.as_slice()).unwrap();
        file.write_all_at(&sealed_anew, (MAGIC.len() + SLOT) as u64).unwrap();
        for vault in [&before, &both, &after] {
            let bytes = std::fs::read(path.path()).unwrap();
            assert_eq!(opened(vault, &bytes).unwrap(), b"a deed");
        }
        assert!(reseal(&both, "test", &file).unwrap());
        assert!(!reseal(&both, "test", &file).unwrap());
        assert_eq!(key_of(&after, "test", &file).unwrap(), 2);
        let bytes = std::fs::read(path.path()).unwrap();
        assert_eq!(opened(&after, &bytes).unwrap(), b"a deed");
        assert!(opened(&before, &bytes).is_err(), "the old key still opens it");
    }
}
