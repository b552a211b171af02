//! Settings: `config/default.toml` is the reference and the defaults; a file and
//! the environment override it.

mod audit;
mod candidate;
mod letters;
mod limits;
mod llm;
mod masked;
mod oidc;
mod outside;
mod secrets;
mod sessions;
mod sign_in;
mod vectors;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Toml};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use crate::vault::KeySource;

pub use audit::Audit;
pub use candidate::Candidate;
pub use letters::{Mail, Sms, carriers};
pub use limits::Limits;
pub use llm::{Llm, Provider};
pub use oidc::Oidc;
pub use outside::Outside;
pub use secrets::Secrets;
pub use sessions::Sessions;
pub use sign_in::SignIn;
pub use vectors::{VectorStore, Vectors};

/// The embedded reference file.
pub const DEFAULTS: &str = include_str!("../../config/default.toml");

/// Every setting of the service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `[data]`
    pub data: Data,
    /// `[database]`
    pub database: Database,
    /// `[secrets]`
    pub secrets: Secrets,
    /// `[http]`
    pub http: Http,
    /// `[limits]`
    pub limits: Limits,
    /// `[audit]`
    pub audit: Audit,
    /// `[sign_in]`
    pub sign_in: SignIn,
    /// `[mail]`
    pub mail: Mail,
    /// `[sms]`
    pub sms: Sms,
    /// `[sessions]`
    pub sessions: Sessions,
    /// `[oidc]`
    pub oidc: Oidc,
    /// `[outside]`
    pub outside: Outside,
    /// `[jobs]`
    pub jobs: Jobs,
    /// `[search]`
    pub search: Search,
    /// `[reading]`
    pub reading: Reading,
    /// `[ocr]`
    pub ocr: Ocr,
    /// `[embeddings]`
    pub embeddings: Embeddings,
    /// `[vectors]`
    pub vectors: Vectors,
    /// `[llm]`
    pub llm: Llm,
    /// `[assistant]`
    pub assistant: Assistant,
    /// `[usage]`
    pub usage: Usage,
    /// `[log]`
    pub log: Log,
}

/// The `[data]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// The data folder.
    pub dir: PathBuf,
}

/// The `[database]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// The address; empty means SQLite in the data folder.
    pub url: SecretString,
}

/// The `[http]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The address people type.
    pub public_url: Url,
    /// The largest file accepted, in MiB.
    pub max_upload_mib: u64,
    /// The proxies that are believed when they say where a request comes from.
    pub trusted_proxies: Vec<IpAddr>,
}

/// The `[jobs]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    /// Whether `serve` does background work.
    pub run: bool,
    /// How many jobs run at once.
    pub workers: usize,
    /// How long a job may be silent, in seconds.
    pub lease_secs: u32,
    /// How often a job is tried.
    pub max_attempts: u32,
}

/// The `[search]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// How often the index is compared with the tables, in minutes.
    pub reconcile_minutes: u32,
    /// How often the files of the index are checked, in hours.
    pub check_hours: u32,
}

/// The `[reading]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// Memory of the reading process, in MiB.
    pub memory_mib: u64,
    /// The longest one page may take, in seconds.
    pub page_secs: u64,
    /// The longest one document may take, in processor seconds, besides two for each
    /// page that was read.
    pub document_secs: u64,
    /// The most one document may come to in text, word boxes and attachments, in MiB.
    pub output_mib: u64,
    /// How many reading processes are kept started for the next documents.
    pub warm: usize,
}

/// The `[ocr]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ocr {
    /// Whether text recognition is used at all.
    pub enabled: bool,
    /// The tesseract program.
    pub binary: PathBuf,
    /// The languages to recognise.
    pub languages: String,
}

/// The `[embeddings]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Embeddings {
    /// The endpoint; empty means the model in this process.
    pub base_url: String,
    /// The endpoint's key.
    pub api_key: SecretString,
    /// The endpoint's model.
    pub model: String,
    /// The length of its vectors.
    pub dimensions: usize,
    /// Where the in-process model is.
    pub model_dir: PathBuf,
    /// Other models the vectors can be made anew with.
    pub candidates: Vec<Candidate>,
}

/// The `[assistant]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assistant {
    /// For how many days an answer may be given again.
    pub cache_days: u32,
}

/// The `[usage]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// Paise per US dollar.
    pub paise_per_dollar: i64,
}

/// The `[log]` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Tracing directives.
    pub filter: String,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value is missing, unknown or of the wrong type.
    #[error("the settings cannot be read: {0}")]
    Unreadable(Box<figment::Error>),
    /// Values that do not make sense, all of them.
    #[error("the settings have mistakes:\n{}", .0.join("\n"))]
    Mistakes(Vec<String>),
}

impl Config {
    /// Reads the defaults, then the file if one is named, then the environment.
    ///
    /// # Errors
    /// Fails on an unknown key, a wrong type, or values that do not make sense.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut sources = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = file {
            sources = sources.merge(Toml::file_exact(file));
        }
        let sources = sources.merge(Env::prefixed("MUNSHI__").split("__"));
        Self::extract(&sources)
    }

    /// The defaults with an overriding text, without the environment; for tests.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        Self::extract(&Figment::from(Toml::string(DEFAULTS)).merge(Toml::string(text)))
    }

    fn extract(sources: &Figment) -> Result<Self, ConfigError> {
        let config: Self =
            sources.extract().map_err(|error| ConfigError::Unreadable(Box::new(error)))?;
        let mistakes = config.mistakes();
        if mistakes.is_empty() { Ok(config) } else { Err(ConfigError::Mistakes(mistakes)) }
    }

    fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        let mut check = |right: bool, sentence: &str| {
            if !right {
                mistakes.push(format!("- {sentence}"));
            }
        };
        check(self.http.max_upload_mib > 0, "`http.max_upload_mib` must be at least 1");
        self.sessions.check(&mut check);
        check(self.jobs.workers > 0, "`jobs.workers` must be at least 1");
        check(self.jobs.lease_secs >= 10, "`jobs.lease_secs` must be at least 10");
        check(self.jobs.max_attempts > 0, "`jobs.max_attempts` must be at least 1");
        check(self.search.reconcile_minutes > 0, "`search.reconcile_minutes` must be at least 1");
        check(self.search.check_hours > 0, "`search.check_hours` must be at least 1");
        check(self.reading.memory_mib >= 256, "`reading.memory_mib` must be at least 256");
        check(self.reading.page_secs > 0, "`reading.page_secs` must be at least 1");
        check(
            self.embeddings.base_url.is_empty() || !self.embeddings.model.is_empty(),
            "`embeddings.base_url` needs `embeddings.model`",
        );
        self.llm.check(&mut check);
        self.vectors.check(&mut check);
        self.audit.check(&mut check);
        self.limits.check(&mut check);
        self.sign_in.check(&mut check);
        letters::check(&self.mail, &self.sms, &self.outside, &mut check);
        self.oidc.check(&mut check);
        check(self.usage.paise_per_dollar > 0, "`usage.paise_per_dollar` must be positive");
        let candidates = &self.embeddings.candidates;
        for (place, candidate) in candidates.iter().enumerate() {
            let Candidate { name, base_url, model, dimensions, .. } = candidate;
            let complete = !name.is_empty() && !model.is_empty() && !base_url.is_empty();
            let words = "`embeddings.candidates` need `name`, `base_url`, `model` and `dimensions`";
            check(complete && *dimensions > 0, words);
            let again = candidates.iter().take(place).any(|other| other.name == *name);
            check(!again, &format!("`embeddings.candidates` names `{name}` twice"));
        }
        let candidates = candidates.iter().map(|c| ("embeddings.candidates.base_url", &c.base_url));
        let endpoints = [
            ("embeddings.base_url", &self.embeddings.base_url),
            ("llm.base_url", &self.llm.base_url),
            ("oidc.issuer", &self.oidc.issuer),
            ("vectors.qdrant_url", &self.vectors.qdrant_url),
        ];
        let providers = self.llm.providers.iter();
        let providers = providers.map(|one| ("llm.providers.base_url", &one.base_url));
        for (name, url) in endpoints.into_iter().chain(candidates).chain(providers) {
            self.outside.check(name, url, &mut check);
        }
        mistakes
    }

    /// Where the master keys come from.
    #[must_use]
    pub fn key_source(&self) -> KeySource {
        self.secrets.source(&self.data.dir)
    }

    /// The address of the tables.
    #[must_use]
    pub fn database_address(&self) -> String {
        let url = self.database.url.expose_secret();
        if url.is_empty() {
            format!("sqlite:{}", self.data.dir.join("munshi.db").display())
        } else {
            url.to_owned()
        }
    }
}

impl Http {
    /// Whether session cookies may travel over TLS only.
    #[must_use]
    pub fn secure_cookies(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}

#[cfg(test)]
mod tests;
