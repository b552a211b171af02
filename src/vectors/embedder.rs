//! The seam to embedding models: text in, vectors out.

use std::time::Duration;

use async_trait::async_trait;

/// Turns text into vectors, wherever the model runs. Implementations translate
/// and decide nothing: retries, metering and breakers wrap this seam.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// The model's name, recorded with every vector it made.
    fn model(&self) -> &str;

    /// Where the model runs: `in-process`, or the host of the endpoint.
    fn provider(&self) -> &str;

    /// The length of the vectors.
    fn dimensions(&self) -> usize;

    /// How the model is run, for whoever looks after the machine: the numbers and the
    /// instructions. Nothing is known of an endpoint.
    fn path(&self) -> Option<&str> {
        None
    }

    /// How many tokens of a text the model reads.
    fn max_tokens(&self) -> usize;

    /// How many tokens the model makes of a text, before any is cut off.
    fn count_tokens(&self, text: &str) -> usize;

    /// Turns each text into a vector, in the order given.
    ///
    /// # Errors
    /// Fails when the model cannot be reached or does not take the texts.
    async fn embed(&self, texts: &[String], purpose: Purpose) -> Result<Embedded, EmbedError>;
}

/// What a vector is for. Somebody waits for a query, so it overtakes passages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A passage of a document, to be found later.
    Passage,
    /// A question, to be answered now.
    Query,
}

/// What a model made of some texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedded {
    /// One vector for each text, of length one (L2).
    pub vectors: Vec<Vec<f32>>,
    /// The tokens the model read.
    pub tokens: u64,
}

/// Why texts could not be turned into vectors.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// The model has too much to do; ask again after the pause.
    #[error("the embedding model is busy for `{}` ms", .0.as_millis())]
    Busy(Duration),
    /// A text is longer than the model takes.
    #[error("a text is too long for the embedding model")]
    TooLong,
    /// The model does not take the request; asking again will not help.
    #[error("the embedding model refused the request: {0}")]
    Rejected(String),
    /// The model did not answer, or not with vectors.
    #[error("the embedding model could not be reached")]
    Unreachable(#[source] anyhow::Error),
    /// The model answers with vectors of another length than configured.
    #[error("the embedding model gave `{actual}` dimensions instead of `{expected}`")]
    WrongDimension {
        /// The configured length.
        expected: usize,
        /// The length that came.
        actual: usize,
    },
}

/// Why an embedding model could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The model's files are not there.
    #[error("the embedding model is not in `models/`; run `make model`")]
    Missing,
    /// A file of the model cannot be read.
    #[error("the embedding model's `{file}` cannot be read")]
    Unreadable {
        /// The file's name.
        file: &'static str,
        /// What is wrong with it.
        #[source]
        source: anyhow::Error,
    },
    /// A weight is absent or of another shape than the model's configuration says.
    #[error("the embedding model's weight `{0}` is absent or misshapen")]
    Misshapen(String),
    /// The threads that run the model could not be started.
    #[error("the embedding threads could not be started")]
    Threads(#[source] std::io::Error),
    /// The endpoint's address or key cannot be used.
    #[error("the embedding endpoint `{url}` cannot be used")]
    Endpoint {
        /// The address.
        url: String,
        /// What is wrong with it.
        #[source]
        source: anyhow::Error,
    },
}
