//! Embeddings from an OpenAI-compatible endpoint.
//!
//! The adapter asks once and says what happened. `async-openai` would ask again by
//! itself when it is told to wait; here that is left to those who wrap the seam, who
//! know whether somebody is waiting and what it costs.

use std::time::Duration;

use anyhow::anyhow;
use async_openai::Client;
use async_openai::config::Config;
use async_openai::error::OpenAIError;
use async_openai::middleware::{HttpRequestFactory, ReqwestService};
use async_openai::types::embeddings::{CreateEmbeddingRequest, EmbeddingInput, EncodingFormat};
use async_trait::async_trait;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tower::{Service, ServiceExt};
use url::Url;

use super::{EmbedError, Embedded, Embedder, ModelError, Purpose, normalise};
use crate::outside::Outside;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);

/// How long a request may take from beginning to end.
const TOTAL: Duration = Duration::from_mins(1);

/// How long to wait when the endpoint says that it is busy and not for how long.
const PAUSE: Duration = Duration::from_secs(1);

/// The longest text, in tokens, unless told otherwise. Most models take more.
const MAX_TOKENS: usize = 512;

/// The most of an endpoint's explanation that is kept, in characters.
const EXPLANATION: usize = 300;

/// The embedding model of an OpenAI-compatible endpoint.
pub struct Remote {
    client: Client<Endpoint>,
    model: String,
    host: String,
    dimensions: usize,
    max_tokens: usize,
}

impl Remote {
    /// Makes ready to ask an endpoint, such as `https://host/v1`. An empty key is
    /// not sent.
    ///
    /// # Errors
    /// Fails when the address is not one, or the key cannot be sent.
    pub fn new(
        base_url: &str,
        api_key: SecretString,
        model: impl Into<String>,
        dimensions: usize,
        outside: &Outside,
    ) -> Result<Self, ModelError> {
        let cannot = |source| ModelError::Endpoint { url: base_url.into(), source };
        let url = Url::parse(base_url).map_err(|error| cannot(error.into()))?;
        outside.check(&url).map_err(|error| cannot(error.into()))?;
        let host = url.host_str().ok_or_else(|| cannot(anyhow!("it names no host")))?.to_owned();
        let http = outside
            .client()
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            .retry(reqwest::retry::never())
            .build()
            .map_err(|error| cannot(error.into()))?;
        let endpoint = Endpoint::new(base_url, api_key).map_err(cannot)?;
        let client = Client::build(http.clone(), endpoint).with_http_service(once(http));
        Ok(Self { client, model: model.into(), host, dimensions, max_tokens: MAX_TOKENS })
    }

    /// Says how many tokens of a text the model reads.
    #[must_use]
    pub fn with_max_tokens(self, max_tokens: usize) -> Self {
        Self { max_tokens, ..self }
    }

    /// Checks what came and puts it in the order of the texts.
    fn vectors(&self, reply: Reply, count: usize) -> Result<Vec<Vec<f32>>, EmbedError> {
        let mut vectors = vec![Vec::new(); count];
        for Item { index, mut embedding } in reply.data {
            if embedding.len() != self.dimensions {
                let (expected, actual) = (self.dimensions, embedding.len());
                return Err(EmbedError::WrongDimension { expected, actual });
            }
            normalise(&mut embedding);
            if let Some(place) = vectors.get_mut(index) {
                *place = embedding;
            }
        }
        if vectors.iter().any(Vec::is_empty) {
            return Err(EmbedError::Unreachable(anyhow!("the endpoint left texts out")));
        }
        Ok(vectors)
    }
}

#[async_trait]
impl Embedder for Remote {
    fn model(&self) -> &str {
        &self.model
    }

    fn provider(&self) -> &str {
        &self.host
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn max_tokens(&self) -> usize {
        self.max_tokens
    }

    /// An estimate that errs high, as the endpoint's tokenizer is not known: four
    /// characters of English a token, one of any other script.
    fn count_tokens(&self, text: &str) -> usize {
        let ascii = text.chars().filter(char::is_ascii).count();
        ascii.div_ceil(4) + text.chars().filter(|c| !c.is_ascii()).count()
    }

    async fn embed(&self, texts: &[String], _purpose: Purpose) -> Result<Embedded, EmbedError> {
        if texts.is_empty() {
            return Ok(Embedded { vectors: Vec::new(), tokens: 0 });
        }
        // Other models refuse a request that names the length.
        let named = self.model.starts_with("text-embedding-3");
        let request = CreateEmbeddingRequest {
            model: self.model.clone(),
            input: EmbeddingInput::StringArray(texts.to_vec()),
            encoding_format: Some(EncodingFormat::Float),
            user: None,
            dimensions: u32::try_from(self.dimensions).ok().filter(|_| named),
        };
        let reply: Reply =
            self.client.embeddings().create_byot(request).await.map_err(translate)?;
        let counted = reply.usage.as_ref().map(|usage| usage.total_tokens);
        let estimate = || texts.iter().map(|text| self.count_tokens(text) as u64).sum();
        let tokens = counted.unwrap_or_else(estimate);
        Ok(Embedded { vectors: self.vectors(reply, texts.len())?, tokens })
    }
}

/// What is read of an answer. Not every endpoint says what it counted.
#[derive(Deserialize)]
struct Reply {
    data: Vec<Item>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Item {
    index: usize,
    embedding: Vec<f32>,
}

#[derive(Deserialize)]
struct Usage {
    total_tokens: u64,
}

/// Where the endpoint is and how it is addressed. Unlike `async-openai`'s own, it
/// takes nothing from the environment.
struct Endpoint {
    base: String,
    key: SecretString,
    headers: HeaderMap,
}

impl Endpoint {
    fn new(base_url: &str, key: SecretString) -> anyhow::Result<Self> {
        let mut headers = HeaderMap::new();
        if !key.expose_secret().is_empty() {
            let mut value = HeaderValue::try_from(format!("Bearer {}", key.expose_secret()))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        Ok(Self { base: base_url.trim_end_matches('/').into(), key, headers })
    }
}

impl Config for Endpoint {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    fn api_base(&self) -> &str {
        &self.base
    }

    fn api_key(&self) -> &SecretString {
        &self.key
    }
}

/// A refusal, with the pause the endpoint asked for.
#[derive(Debug, thiserror::Error)]
#[error("the endpoint answered `{status}`: {message}")]
struct Refusal {
    status: StatusCode,
    pause: Option<Duration>,
    message: String,
}

/// Sends a request once, and keeps of a refusal what `async-openai` would drop.
fn once(
    http: reqwest::Client,
) -> impl Service<
    HttpRequestFactory,
    Response = Response,
    Error = OpenAIError,
    Future = impl Future<Output = Result<Response, OpenAIError>> + Send,
> + Clone
+ Send
+ Sync
+ 'static {
    ReqwestService::new(http).and_then(async |response: Response| {
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let pause = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.parse().ok())
            .map(Duration::from_secs);
        let message = explanation(&response.text().await.unwrap_or_default());
        Err(OpenAIError::Boxed(Box::new(Refusal { status, pause, message })))
    })
}

/// What an endpoint says of an error: its message, or the beginning of its answer.
fn explanation(body: &str) -> String {
    let json: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let message = json["error"]["message"].as_str().or_else(|| json["error"].as_str());
    message.unwrap_or(body).chars().take(EXPLANATION).collect()
}

/// Says what an error means for the caller.
fn translate(error: OpenAIError) -> EmbedError {
    let OpenAIError::Boxed(boxed) = error else {
        return EmbedError::Unreachable(error.into());
    };
    let refusal = match boxed.downcast::<Refusal>() {
        Ok(refusal) => refusal,
        Err(other) => return EmbedError::Unreachable(anyhow::Error::from_boxed(other)),
    };
    let too_long = ["context length", "too long", "maximum input", "too many tokens"];
    match refusal.status {
        StatusCode::PAYLOAD_TOO_LARGE => EmbedError::TooLong,
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY
            if too_long.iter().any(|hint| refusal.message.to_lowercase().contains(hint)) =>
        {
            EmbedError::TooLong
        }
        // An exhausted account is told with the same status; waiting will not fill it.
        StatusCode::TOO_MANY_REQUESTS if refusal.message.contains("quota") => {
            EmbedError::Rejected(refusal.message)
        }
        StatusCode::TOO_MANY_REQUESTS => EmbedError::Busy(refusal.pause.unwrap_or(PAUSE)),
        status if status.is_client_error() => EmbedError::Rejected(refusal.message),
        _ => match refusal.pause {
            Some(pause) => EmbedError::Busy(pause),
            None => EmbedError::Unreachable((*refusal).into()),
        },
    }
}

#[cfg(test)]
mod tests;
