//! Models behind an endpoint that speaks OpenAI's chat completions.

use std::collections::VecDeque;
use std::time::Duration;

use anyhow::anyhow;
use async_openai::Client;
use async_openai::config::Config;
use async_openai::error::{OpenAIError, StreamError};
use async_openai::middleware::HttpRequestFactory;
use async_openai::types::stream::StreamResponse;
use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::calls::Calls;
use super::wire::{self, Chunk};
use super::{Completion, Finish, Llm, LlmError, Piece, TokenUsage};
use crate::outside::Outside;

/// How long the usage may follow the end of the text.
const AFTERWORD: Duration = Duration::from_secs(5);

/// Where a model is, and how to ask it.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// The provider's name, as the ledger keeps it.
    pub provider: String,
    /// The address requests are relative to, usually ending in `/v1`.
    pub base_url: Url,
    /// The model's name, as the provider knows it.
    pub model: String,
    /// The key, where one is needed.
    pub key: Option<SecretString>,
    /// How long to wait for it.
    pub timeouts: Timeouts,
    /// Which addresses are asked.
    pub outside: Outside,
}

/// How long a model may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until a connection stands.
    pub connect: Duration,
    /// Until the first event of the answer.
    pub first_token: Duration,
    /// Between two events.
    pub idle: Duration,
    /// For everything.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_token: Duration::from_secs(30),
            idle: Duration::from_secs(20),
            total: Duration::from_mins(3),
        }
    }
}

/// A model behind an OpenAI-compatible endpoint.
///
/// The client's own retries are off, since they would hide an outage from the
/// chain that is to route around it.
pub struct OpenAi {
    provider: String,
    model: String,
    limit: &'static str,
    timeouts: Timeouts,
    client: Client<Address>,
}

impl OpenAi {
    /// Makes a client for an endpoint; nothing is sent yet.
    ///
    /// # Errors
    /// Fails when the address may not be asked, the key cannot stand in a header, or TLS
    /// cannot be set up.
    pub fn new(endpoint: Endpoint) -> Result<Self, LlmError> {
        let Endpoint { provider, base_url, model, key, timeouts, outside } = endpoint;
        outside.check(&base_url).map_err(|error| LlmError::Unreachable(error.into()))?;
        let http = outside
            .client()
            .connect_timeout(timeouts.connect)
            .build()
            .map_err(|error| LlmError::Unreachable(error.into()))?;
        // Its own models know only this name, other endpoints only the older one.
        let limit = match base_url.host_str() {
            Some("api.openai.com") => "max_completion_tokens",
            _ => "max_tokens",
        };
        let address = Address::new(&base_url, key.unwrap_or_default())?;
        let client = Client::build(http.clone(), address)
            .with_http_service(tower::service_fn(move |request| send(http.clone(), request)));
        Ok(Self { provider, model, limit, timeouts, client })
    }
}

#[async_trait]
impl Llm for OpenAi {
    fn provider(&self) -> &str {
        &self.provider
    }

    fn model(&self) -> &str {
        &self.model
    }

    async fn stream(
        &self,
        request: Completion,
    ) -> Result<BoxStream<'static, Result<Piece, LlmError>>, LlmError> {
        let body = wire::request(&self.model, self.limit, &request);
        let begun = Instant::now();
        let waiting = self.timeouts.first_token.min(self.timeouts.total);
        let chat = self.client.chat();
        let opened = async {
            let mut chunks = chat.create_stream_byot(body).await?;
            let first: Option<Result<Chunk, OpenAIError>> = chunks.next().await;
            Ok::<_, OpenAIError>((chunks, first))
        };
        let opened = match timeout_at(begun + waiting, opened).await {
            Err(_) => Err(LlmError::Stalled(waiting)),
            Ok(opened) => opened.map_err(understood),
        };
        let (chunks, first) = match opened {
            Ok(opened) => opened,
            Err(error) if may_be_billed(&error) => return Ok(unheard(&request, error)),
            Err(error) => return Err(error),
        };
        let mut reading = Reading::new(chunks, request, self.timeouts, begun);
        match first {
            Some(Ok(chunk)) => {
                if let Some(error) = reading.take(chunk) {
                    return Err(error);
                }
            }
            Some(Err(error)) => reading.end(understood(error)),
            None => reading.end(LlmError::Cut),
        }
        Ok(stream::unfold(reading, |mut reading| async {
            reading.next().await.map(|piece| (piece, reading))
        })
        .boxed())
    }
}

/// Whether a request that failed so may have been worked on, and so be billed: it was
/// sent, and no status said that it failed.
fn may_be_billed(error: &LlmError) -> bool {
    match error {
        LlmError::Stalled(_) | LlmError::Cut => true,
        LlmError::Unreachable(error) => error.is::<Lost>(),
        _ => false,
    }
}

/// A request that was sent and lost before anything came back.
#[derive(Debug, thiserror::Error)]
#[error("the connection was lost before an answer came")]
struct Lost(#[source] reqwest::Error);

/// A failure after the request was sent: the prompt is counted, since it may be billed.
fn unheard(request: &Completion, error: LlmError) -> BoxStream<'static, Result<Piece, LlmError>> {
    let usage = TokenUsage::estimate(request, "");
    stream::iter([Ok(Piece::Usage(usage)), Err(error)]).boxed()
}

/// An answer that is being read.
struct Reading {
    chunks: StreamResponse<Chunk>,
    request: Completion,
    timeouts: Timeouts,
    deadline: Instant,
    /// What is read and not yet handed on.
    ready: VecDeque<Result<Piece, LlmError>>,
    text: String,
    calls: Calls,
    refusal: String,
    usage: Option<TokenUsage>,
    finish: Option<Finish>,
    over: bool,
}

impl Reading {
    fn new(
        chunks: StreamResponse<Chunk>,
        request: Completion,
        timeouts: Timeouts,
        begun: Instant,
    ) -> Self {
        Self {
            chunks,
            request,
            timeouts,
            deadline: begun + timeouts.total,
            ready: VecDeque::new(),
            text: String::new(),
            calls: Calls::default(),
            refusal: String::new(),
            usage: None,
            finish: None,
            over: false,
        }
    }

    async fn next(&mut self) -> Option<Result<Piece, LlmError>> {
        while self.ready.is_empty() && !self.over {
            let idle =
                self.finish.map_or(self.timeouts.idle, |_| AFTERWORD.min(self.timeouts.idle));
            let until = (Instant::now() + idle).min(self.deadline);
            match timeout_at(until, self.chunks.next()).await {
                Ok(Some(Ok(chunk))) => {
                    if let Some(error) = self.take(chunk) {
                        self.end(error);
                    }
                }
                Ok(Some(Err(error))) => self.end(understood(error)),
                Ok(None) => self.end(LlmError::Cut),
                Err(_) if until == self.deadline => {
                    self.end(LlmError::Stalled(self.timeouts.total));
                }
                Err(_) => self.end(LlmError::Stalled(idle)),
            }
        }
        self.ready.pop_front()
    }

    /// Reads an event, and returns the failure it reports, if it does.
    fn take(&mut self, chunk: Chunk) -> Option<LlmError> {
        if let Some(error) = chunk.error {
            return Some(wire::stream_failure(&error));
        }
        let choices = chunk.choices.unwrap_or_default();
        let reported = chunk.usage.as_ref().is_some_and(|usage| !usage.is_null());
        // Usage without a choice follows the last one, for those that never say
        // the answer is finished.
        let said = !self.text.is_empty() || !self.calls.is_empty();
        if reported && choices.is_empty() && said {
            self.finish.get_or_insert(Finish::Stop);
        }
        // A report that comes again is the same bill, not another.
        self.usage = chunk.usage.as_ref().and_then(wire::usage).or(self.usage);
        for choice in choices.into_iter().take(1) {
            let delta = choice.delta.unwrap_or_default();
            let (text, refusal) = (delta.text(), delta.refusal);
            // What follows the end is an event that came twice. A piece of text that comes
            // twice before it cannot be told from words that are repeated, and stands.
            if !text.is_empty() && self.finish.is_none() {
                self.text.push_str(&text);
                self.ready.push_back(Ok(Piece::Text(text)));
            }
            if self.finish.is_none() {
                delta.tool_calls.into_iter().flatten().for_each(|part| self.calls.take(part));
            }
            self.refusal.push_str(refusal.as_deref().unwrap_or_default());
            match choice.finish_reason.as_deref() {
                None | Some("") => {}
                Some("content_filter") => {
                    return Some(LlmError::Refused("the provider's filter withheld it".to_owned()));
                }
                Some("length" | "max_tokens") => self.finish = Some(Finish::Length),
                Some(_) => self.finish = Some(Finish::Stop),
            }
        }
        None
    }

    /// Ends the answer: well if its end had been read, with a failure if not.
    fn end(&mut self, failure: LlmError) {
        self.over = true;
        let usage = self.usage.unwrap_or_else(|| {
            let written = format!("{}{}", self.text, self.calls.text());
            TokenUsage::estimate(&self.request, &written)
        });
        let calls = if self.finish.is_some() { self.calls.finish() } else { Vec::new() };
        if !calls.is_empty() && self.finish == Some(Finish::Stop) {
            self.finish = Some(Finish::Tools);
        }
        // A call that is not complete is none; nor is one behind a limit that cut it.
        if self.finish == Some(Finish::Tools) {
            self.ready.extend(calls.into_iter().map(|call| Ok(Piece::Tool(call))));
        }
        self.ready.push_back(Ok(Piece::Usage(usage)));
        let refused = !self.refusal.is_empty() && self.text.is_empty();
        self.ready.push_back(match self.finish {
            _ if refused => Err(LlmError::Refused(std::mem::take(&mut self.refusal))),
            Some(_) if matches!(failure, LlmError::Refused(_)) => Err(failure),
            Some(finish) => Ok(Piece::End(finish)),
            None => Err(failure),
        });
    }
}

/// Sends a request once, and reads a failure while its headers are at hand.
async fn send(
    http: reqwest::Client,
    request: HttpRequestFactory,
) -> Result<reqwest::Response, OpenAIError> {
    let failed = |error: LlmError| OpenAIError::Boxed(Box::new(error));
    let request = request.build().await?;
    let response = http.execute(request).await.map_err(|error| {
        let never_sent = error.is_connect() || error.is_builder();
        failed(LlmError::Unreachable(if never_sent { error.into() } else { Lost(error).into() }))
    })?;
    if response.status().is_success() {
        return Ok(response);
    }
    let status = response.status().as_u16();
    let after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let after = after.map(str::to_owned);
    let body = response.text().await.unwrap_or_default();
    Err(failed(wire::failure(status, after.as_deref(), &body)))
}

/// What the client's error means.
fn understood(error: OpenAIError) -> LlmError {
    match error {
        OpenAIError::Boxed(error) => match error.downcast::<LlmError>() {
            Ok(error) => *error,
            Err(other) => LlmError::Unreachable(anyhow!(other)),
        },
        OpenAIError::StreamError(error) if matches!(*error, StreamError::EventStream(_)) => {
            LlmError::Cut
        }
        // What was sent instead may be document text, and stays out of the error.
        OpenAIError::JSONDeserialize(error, _) => {
            LlmError::Unreachable(anyhow!("an event of the stream is not JSON: {error}"))
        }
        other => LlmError::Unreachable(other.into()),
    }
}

/// Where requests go and what they carry; unlike the client's own configuration
/// it reads nothing from the environment.
struct Address {
    base: String,
    key: SecretString,
    headers: HeaderMap,
}

impl Address {
    fn new(base: &Url, key: SecretString) -> Result<Self, LlmError> {
        let mut headers = HeaderMap::new();
        if !key.expose_secret().is_empty() {
            let bearer = format!("Bearer {}", key.expose_secret());
            let mut value = HeaderValue::try_from(bearer)
                .map_err(|_| LlmError::Rejected("the key cannot stand in a header".to_owned()))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        Ok(Self { base: base.as_str().trim_end_matches('/').to_owned(), key, headers })
    }
}

impl Config for Address {
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

#[cfg(test)]
#[path = "openai_tests.rs"]
mod tests;
