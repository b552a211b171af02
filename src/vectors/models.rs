//! The embedding models the settings name, made ready when they are first needed.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use secrecy::SecretString;
use url::Url;

use super::{Embedder, MiniLm, Remote};
use crate::outside::Outside;

/// What the model in this process is called, and the length of its vectors.
const MINILM: (&str, usize) = ("all-MiniLM-L6-v2", 384);
/// Who runs the model in this process.
const IN_PROCESS: &str = "in-process";

/// An embedding model that can be used.
#[derive(Clone)]
pub struct Source {
    /// What it is called in the settings.
    pub name: String,
    /// Who runs it: `in-process`, or the host of the endpoint.
    pub provider: String,
    /// The model.
    pub model: String,
    /// The length of its vectors.
    pub dimensions: usize,
    kind: Kind,
    ready: Arc<OnceLock<Arc<dyn Embedder>>>,
}

/// Where a model runs.
#[derive(Clone)]
enum Kind {
    InProcess { dir: PathBuf },
    Endpoint { base_url: String, key: SecretString, outside: Outside },
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({}: {} / {})", self.name, self.provider, self.model)
    }
}

impl Source {
    /// The model all-MiniLM-L6-v2 in this process, from the folder of its files.
    #[must_use]
    pub fn in_process(dir: PathBuf) -> Self {
        let (model, dimensions) = MINILM;
        Self {
            name: model.to_owned(),
            provider: IN_PROCESS.to_owned(),
            model: model.to_owned(),
            dimensions,
            kind: Kind::InProcess { dir },
            ready: Arc::default(),
        }
    }

    /// The model of an OpenAI-compatible endpoint, such as `https://host/v1`.
    #[must_use]
    pub fn endpoint(
        name: &str,
        base_url: &str,
        key: SecretString,
        model: &str,
        dimensions: usize,
        outside: Outside,
    ) -> Self {
        let url = Url::parse(base_url).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or(base_url);
        Self {
            name: name.to_owned(),
            provider: host.to_owned(),
            model: model.to_owned(),
            dimensions,
            kind: Kind::Endpoint { base_url: base_url.to_owned(), key, outside },
            ready: Arc::default(),
        }
    }

    /// Whether vectors of one can be compared with vectors of the other.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.makes(&other.provider, &other.model, other.dimensions)
    }

    /// Whether it makes the vectors of this model, run by this provider.
    #[must_use]
    pub fn makes(&self, provider: &str, model: &str, dimensions: usize) -> bool {
        self.provider == provider && self.model == model && self.dimensions == dimensions
    }

    /// The model, ready to be asked; loaded the first time.
    ///
    /// # Errors
    /// Fails in words for a person when its files or its address cannot be used.
    pub async fn ready(&self) -> Result<Arc<dyn Embedder>, String> {
        if let Some(ready) = self.ready.get() {
            return Ok(Arc::clone(ready));
        }
        let source = self.clone();
        let loaded = tokio::task::spawn_blocking(move || source.load()).await;
        let loaded = loaded.map_err(|_| "the embedding model could not be loaded".to_owned())??;
        Ok(Arc::clone(self.ready.get_or_init(|| loaded)))
    }

    fn load(&self) -> Result<Arc<dyn Embedder>, String> {
        match &self.kind {
            Kind::InProcess { dir } => {
                let model = MiniLm::load(dir).map_err(|error| error.to_string())?;
                Ok(Arc::new(model))
            }
            Kind::Endpoint { base_url, key, outside } => {
                let model = self.model.as_str();
                let remote = Remote::new(base_url, key.clone(), model, self.dimensions, outside);
                Ok(Arc::new(remote.map_err(|error| error.to_string())?))
            }
        }
    }
}

/// Leaves out what was named before: the first of the same models stays.
#[must_use]
pub fn distinct(sources: Vec<Source>) -> Vec<Source> {
    let mut kept: Vec<Source> = Vec::with_capacity(sources.len());
    for source in sources {
        if !kept.iter().any(|other| other.is_same(&source)) {
            kept.push(source);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(name: &str, url: &str, model: &str) -> Source {
        Source::endpoint(name, url, SecretString::default(), model, 8, Outside::default())
    }

    #[test]
    fn the_same_model_named_twice_is_one() {
        let sources = distinct(vec![
            endpoint("first", "https://host/v1", "m"),
            endpoint("again", "https://host/v2", "m"),
            endpoint("other", "https://host/v1", "n"),
        ]);
        let names: Vec<_> = sources.iter().map(|source| source.name.as_str()).collect();
        assert_eq!(names, ["first", "other"]);
    }

    #[tokio::test]
    async fn a_model_that_is_not_there_says_what_to_do() {
        let missing = Source::in_process(PathBuf::from("nowhere")).ready().await;
        assert!(missing.is_err_and(|words| words.contains("make model")));
    }
}
