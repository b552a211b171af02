//! `[[embeddings.candidates]]`: models that may take over.

use secrecy::SecretString;
use serde::Deserialize;

/// An `[[embeddings.candidates]]` section: a model to change to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// What it is called on the pages and the command line.
    pub name: String,
    /// Its endpoint.
    pub base_url: String,
    /// The endpoint's key.
    #[serde(default)]
    pub api_key: SecretString,
    /// The endpoint's model.
    pub model: String,
    /// The length of its vectors.
    pub dimensions: usize,
}

impl Candidate {
    /// The candidate as TOML, with this in the place of its key.
    pub(super) fn masked(&self, key: &str) -> String {
        let Self { name, base_url, api_key: _, model, dimensions } = self;
        format!(
            "\n[[embeddings.candidates]]\nname = {name:?}\nbase_url = {base_url:?}\napi_key = {key:?}\nmodel = {model:?}\ndimensions = {dimensions}\n"
        )
    }
}
