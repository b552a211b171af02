//! Language models: the seam, and what passes through it.
//!
//! A model answers a [`Completion`] with a stream of [`Piece`]s. However it ends,
//! the stream says what it cost: the last piece but one is its [`TokenUsage`], as
//! the provider counted it or, when the provider did not say or was cut off, as
//! counted here.

mod calls;
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
    /// A failure that cost nothing is returned: no connection, or an error status. One
    /// after the request may have been worked on is the last item of the stream, behind
    /// the usage until then.
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
    /// What it asked for since, and what it was given.
    pub exchanges: Vec<Exchange>,
    /// What it may ask for.
    pub tools: Vec<Tool>,
    /// The most tokens the answer may have.
    pub max_tokens: u32,
}

/// Something a model may ask for while it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// Its name: letters, digits and underscores.
    pub name: &'static str,
    /// What it is for, in words for the model.
    pub description: &'static str,
    /// Its arguments, as a JSON schema of an object.
    pub parameters: serde_json::Value,
}

/// A model's request for a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCall {
    /// What the provider calls this request.
    pub id: String,
    /// The tool's name; whether there is such a tool is for the caller to say.
    pub name: String,
    /// The arguments as the model wrote them: JSON, if it did as it was told.
    pub arguments: String,
}

/// A round of tools: what the model said and asked for, and what it was given.
///
/// One without calls is an answer that broke off: the model is asked to go on after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// What it said before it asked.
    pub said: String,
    /// What it asked for, each with what it was given.
    pub calls: Vec<(ToolCall, String)>,
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
    /// A tool the model asks for; complete, and before the end of the answer.
    Tool(ToolCall),
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
    /// It waits for the tools it asked for.
    Tools,
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
    /// The request is malformed: no other should be asked the same.
    #[error("the provider rejected the request: {0}")]
    Rejected(String),
    /// The key, the address or the model's name is wrong: someone must mend the settings,
    /// and until then this provider is not asked.
    #[error("the provider does not know the key, the address or the model: {0}")]
    Misconfigured(String),
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
