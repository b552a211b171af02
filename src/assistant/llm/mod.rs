//! Language models: the seam, and what passes through it.
//!
//! A model answers a [`Completion`] with a stream of [`Piece`]s. However it ends,
//! the stream says what it cost: the last piece but one is its [`TokenUsage`], as
//! the provider counted it or, when the provider did not say or was cut off, as
//! counted here.

mod openai;
mod usage;
mod wire;

use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::BoxStream;

pub use openai::{Endpoint, OpenAi, Timeouts};
pub use usage::{TokenUsage, count_tokens};

/// A large language model, wherever it runs.
///
/// Implementations translate one provider's wire format and errors, and decide
/// nothing: retries, budgets, prompts and the ledger belong to the caller.
#[async_trait]
pub trait Llm: Send + Sync {
    /// The provider's name, as the ledger keeps it.
    fn provider(&self) -> &str;

    /// The model's name, as the ledger keeps it.
    fn model(&self) -> &str;

    /// Begins an answer; dropping the stream ends the call.
    ///
    /// A failure before the first piece is returned; one after it is the last
    /// item of the stream, behind the usage until then.
    async fn stream(
        &self,
        request: Completion,
    ) -> Result<BoxStream<'static, Result<Piece, LlmError>>, LlmError>;
}

/// What a model is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What the model is told about its task.
    pub system: String,
    /// What was said before, oldest first.
    pub history: Vec<Turn>,
    /// What it is asked now.
    pub user: String,
    /// The most tokens the answer may have.
    pub max_tokens: u32,
}

/// One exchange of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// What was asked.
    pub question: String,
    /// What was answered, as the reader saw it.
    pub answer: String,
}

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// The next of the text.
    Text(String),
    /// What the call cost.
    Usage(TokenUsage),
    /// The answer is complete.
    End(Finish),
}

/// How an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// The model had said what it had to say.
    Stop,
    /// The limit on tokens was reached; the text breaks off.
    Length,
}

/// Why a model did not answer. The variants are the decisions a caller makes.
#[derive(Debug, thiserror::Error)]
pub enum LlmError {
    /// It asks to be left alone for a while: try another.
    #[error("the model is busy; try again after {0:?}")]
    Busy(Duration),
    /// The prompt must be made shorter.
    #[error("the prompt is too long for the model")]
    TooLong,
    /// The model or its provider will not answer this: no other should be asked.
    #[error("the model refused to answer: {0}")]
    Refused(String),
    /// The request or the key is wrong: someone must mend the configuration.
    #[error("the provider rejected the request: {0}")]
    Rejected(String),
    /// The provider is down or not understood: try another.
    #[error("the model could not be reached")]
    Unreachable(#[source] anyhow::Error),
    /// Nothing came for too long: try another.
    #[error("the model said nothing for {0:?}")]
    Stalled(Duration),
    /// The answer broke off before its end: what came is not the whole.
    #[error("the answer broke off")]
    Cut,
}
