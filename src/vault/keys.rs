//! The master keys: where they come from and how they are written down.
//!
//! One key a line, `NUMBER BASE64`, the newest first. The file is made with the
//! first key when it does not exist, readable by its owner alone.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::VaultError;

/// One key.
type Key = Zeroizing<[u8; 32]>;

/// Where the master keys come from.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// A file, made when it does not exist.
    File(PathBuf),
    /// A text, from the environment: the same lines, or parted by commas.
    Text(SecretString),
}

/// The master keys, newest first.
pub struct Keys(Vec<(u32, Key)>);

impl Keys {
    /// Reads the keys, making the first where the file does not exist.
    ///
    /// # Errors
    /// Fails when they cannot be read, written or understood.
    pub fn open(source: &KeySource) -> Result<Self, VaultError> {
        match source {
            KeySource::Text(text) => Self::read(text.expose_secret(), "the setting `secrets.keys`"),
            KeySource::File(path) => {
                let place = path.display().to_string();
                let failed = |error: std::io::Error| VaultError::Keys {
                    place: place.clone(),
                    reason: error.to_string(),
                };
                let text = match std::fs::read_to_string(path) {
                    Err(error) if error.kind() == ErrorKind::NotFound => {
                        Self::begin(path).map_err(failed)?
                    }
                    read => {
                        Self::check_mode(path, &place)?;
                        Zeroizing::new(read.map_err(failed)?)
                    }
                };
                Self::read(&text, &place)
            }
        }
    }

    /// Puts a new key before the others of a key file, and gives its number.
    ///
    /// # Errors
    /// Fails when the keys are not in a file, or it cannot be read or written; then it is
    /// as it was.
    pub fn add(source: &KeySource) -> Result<u32, VaultError> {
        let KeySource::File(path) = source else {
            let reason = "they are not in a file; put a line with a new key before the others";
            let place = "the setting `secrets.keys`".to_owned();
            return Err(VaultError::Keys { place, reason: reason.to_owned() });
        };
        let keys = Self::open(source)?;
        let number = keys.numbers().into_iter().max().unwrap_or(0).saturating_add(1);
        let written = || -> std::io::Result<()> {
            let before = Zeroizing::new(std::fs::read_to_string(path)?);
            let key = Zeroizing::new(Self::random_text());
            let text = Zeroizing::new(format!("{number} {}\n{}", *key, *before));
            let new = path.with_extension("new");
            let mut file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&new)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&new, path)?;
            path.parent().map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())
        };
        written().map_err(|error| VaultError::Keys {
            place: path.display().to_string(),
            reason: error.to_string(),
        })?;
        Ok(number)
    }

    /// Their numbers, the newest first.
    #[must_use]
    pub fn numbers(&self) -> Vec<u32> {
        self.0.iter().map(|(number, _)| *number).collect()
    }

    /// A new key as it stands in a line.
    #[must_use]
    pub fn random_text() -> String {
        STANDARD.encode(rand::random::<[u8; 32]>())
    }

    pub(super) fn newest(&self) -> (u32, &Key) {
        let (number, key) = &self.0[0];
        (*number, key)
    }

    pub(super) fn numbered(&self, number: u32) -> Option<&Key> {
        self.0.iter().find(|(known, _)| *known == number).map(|(_, key)| key)
    }

    /// Makes the key file with its first key.
    fn begin(path: &Path) -> std::io::Result<Zeroizing<String>> {
        let text = Zeroizing::new(format!("1 {}\n", Self::random_text()));
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        Ok(text)
    }

    fn check_mode(path: &Path, place: &str) -> Result<(), VaultError> {
        let open = std::fs::metadata(path)
            .is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0);
        if open {
            let reason = "others on this machine can read the file; `chmod 600` it".to_owned();
            return Err(VaultError::Keys { place: place.to_owned(), reason });
        }
        Ok(())
    }

    fn read(text: &str, place: &str) -> Result<Self, VaultError> {
        let wrong =
            |reason: &str| VaultError::Keys { place: place.to_owned(), reason: reason.to_owned() };
        let mut keys: Vec<(u32, Key)> = Vec::new();
        for line in text.split(['\n', ',']).map(str::trim).filter(|line| !line.is_empty()) {
            let (number, key) =
                line.split_once(' ').ok_or_else(|| wrong("a line is not `NUMBER KEY`"))?;
            let number = number.parse().map_err(|_| wrong("a key's number is no number"))?;
            let bytes = Zeroizing::new(
                STANDARD.decode(key.trim()).map_err(|_| wrong("a key is not in base64"))?,
            );
            let key = <[u8; 32]>::try_from(bytes.as_slice())
                .map_err(|_| wrong("a key has not 32 bytes"))?;
            if keys.iter().any(|(known, _)| *known == number) {
                return Err(wrong("two keys have one number"));
            }
            keys.push((number, Zeroizing::new(key)));
        }
        if keys.is_empty() {
            return Err(wrong("there is no key"));
        }
        Ok(Self(keys))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_start_makes_a_key_only_its_owner_can_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys/master");
        let source = KeySource::File(path.clone());
        let first = Keys::open(&source).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let again = Keys::open(&source).unwrap();
        assert_eq!(first.newest().1.as_slice(), again.newest().1.as_slice());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let refused = Keys::open(&source).map(drop).unwrap_err().to_string();
        assert!(refused.contains("chmod 600"), "{refused}");
    }

    #[test]
    fn a_new_key_goes_before_the_others() {
        let dir = tempfile::tempdir().unwrap();
        let source = KeySource::File(dir.path().join("master"));
        let first = Keys::open(&source).unwrap();
        assert_eq!(Keys::add(&source).unwrap(), 2);
        let both = Keys::open(&source).unwrap();
        assert_eq!(both.numbers(), [2, 1]);
        assert_eq!(both.numbered(1).unwrap(), first.newest().1);
        assert!(Keys::add(&KeySource::Text("1 x".to_owned().into())).is_err());
    }

    #[test]
    fn mistakes_are_named_without_the_key() {
        let key = Keys::random_text();
        for (text, reason) in [
            (String::new(), "there is no key"),
            (key.clone(), "a line is not `NUMBER KEY`"),
            (format!("one {key}"), "a key's number is no number"),
            ("1 AAAA".to_owned(), "a key has not 32 bytes"),
            (format!("1 {key}, 1 {key}"), "two keys have one number"),
        ] {
            let said = Keys::read(&text, "here").map(drop).unwrap_err().to_string();
            assert!(said.ends_with(reason), "{said}");
            assert!(!said.contains(&key));
        }
    }
}
