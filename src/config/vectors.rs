//! The `[vectors]` section: where vectors are kept.

use secrecy::SecretString;
use serde::Deserialize;

/// The `[vectors]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vectors {
    /// What keeps them.
    pub store: VectorStore,
    /// The address of the Qdrant server.
    pub qdrant_url: String,
    /// The server's key; empty when it asks for none.
    pub qdrant_api_key: SecretString,
    /// How many snapshots are kept.
    pub snapshots: usize,
}

/// What keeps vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VectorStore {
    /// Files in the data folder, compared in this process.
    Embedded,
    /// A Qdrant server.
    Qdrant,
}

impl Vectors {
    /// Checks the section: each rule and the sentence for who breaks it.
    pub(super) fn check(&self, check: &mut impl FnMut(bool, &str)) {
        check(self.snapshots > 0, "`vectors.snapshots` must be at least 1");
        check(
            self.store == VectorStore::Embedded || !self.qdrant_url.is_empty(),
            "`vectors.store = \"qdrant\"` needs `vectors.qdrant_url`, an address such as \
             `http://127.0.0.1:6334`",
        );
    }

    /// The section as TOML with the key masked.
    pub(super) fn masked(&self, mask: impl Fn(&SecretString) -> &'static str) -> String {
        let store = match self.store {
            VectorStore::Embedded => "embedded",
            VectorStore::Qdrant => "qdrant",
        };
        format!(
            "[vectors]\nstore = {store:?}\nqdrant_url = {:?}\nqdrant_api_key = {:?}\nsnapshots = {}\n",
            self.qdrant_url,
            mask(&self.qdrant_api_key),
            self.snapshots
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn vectors_are_kept_in_the_data_folder_unless_something_else_is_said() {
        assert_eq!(Config::from_toml("").unwrap().vectors.store, VectorStore::Embedded);
    }

    #[test]
    fn qdrant_needs_an_address() {
        let text = "[vectors]\nstore = \"qdrant\"";
        let error = Config::from_toml(text).unwrap_err().to_string();
        assert!(error.contains("vectors.qdrant_url"), "{error}");
        let config = Config::from_toml(&format!("{text}\nqdrant_url = \"http://localhost:6333\""));
        assert_eq!(config.unwrap().vectors.store, VectorStore::Qdrant);
    }

    #[test]
    fn the_key_is_masked() {
        let masked = Config::from_toml("[vectors]\nqdrant_api_key = \"k-1\"").unwrap().masked();
        assert!(!masked.contains("k-1") && masked.contains("qdrant_api_key = \"*"), "{masked}");
    }
}
