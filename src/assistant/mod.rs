//! The assistant: answers from the documents, with their sources.
//!
//! Start with [`Assistant`]: it takes a question, finds the evidence under the
//! caller's scope, has it answered, and keeps question, answer and sources.
//! [`Evidence`] is a numbered passage an answer may cite. A *quotation* is true
//! when [`find_quote`] finds it, word for word. The [`Gate`] stands between a
//! [`Llm`](llm::Llm) and the reader and lets nothing unverified through; without
//! a model, [`extractive::answer`] quotes the evidence itself.

mod answer;
mod ask;
mod attempt;
mod authority;
mod evidence;
pub mod extractive;
mod gate;
mod history;
pub mod live;
pub mod llm;
mod prompt;
mod store;
mod verify;
mod words;

pub use answer::WITHOUT_MODEL;
pub use ask::{AskError, Asked, Assistant, LONGEST_QUESTION, Parts, Question};
pub use evidence::{Evidence, EvidencePage};
pub use gate::{AUTHORITY_REMOVED, Gate, GateEvent, QUOTE_REMOVED, Removed, parse_complete};
pub use history::{Conversation, Events, Message};
pub use prompt::{AnswerPrompt, PromptError, Written};
pub use verify::{QuoteSpan, find_quote};
