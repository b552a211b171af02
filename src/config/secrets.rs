//! The `[secrets]` section.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::vault::KeySource;

/// The `[secrets]` section: the keys that seal files and secrets.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// The file the master keys are in; empty means `keys/master` in the data folder.
    pub key_file: PathBuf,
    /// The master keys themselves, for the environment; goes before the file.
    pub keys: SecretString,
}

impl Secrets {
    /// Where the master keys come from.
    #[must_use]
    pub fn source(&self, data: &Path) -> KeySource {
        if !self.keys.expose_secret().is_empty() {
            KeySource::Text(self.keys.clone())
        } else if self.key_file.as_os_str().is_empty() {
            KeySource::File(data.join("keys/master"))
        } else {
            KeySource::File(self.key_file.clone())
        }
    }

    pub(super) fn masked(&self, mask: impl Fn(&SecretString) -> &'static str) -> String {
        let file = self.key_file.display().to_string();
        format!("[secrets]\nkey_file = {file:?}\nkeys = {:?}\n", mask(&self.keys))
    }
}
