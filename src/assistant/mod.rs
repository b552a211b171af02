//! The assistant: answers from the documents, with their sources.
//!
//! Start with [`Assistant`]: it takes a question, finds the evidence under the
//! caller's scope, has it answered, and keeps question, answer and sources.
//! [`Evidence`] is a numbered passage an answer may cite. A *quotation* is true
//! when [`find_quote`] finds it, word for word. The [`Gate`] stands between a
//! [`Llm`](llm::Llm) and the reader and lets nothing unverified through; without
//! a model, [`extractive::answer`] quotes the evidence itself.

mod again;
mod answer;
mod ask;
mod authority;
mod cache;
pub mod chain;
mod conversations;
pub mod evaluation;
mod evidence;
pub mod export;
pub mod extractive;
pub mod facts;
mod feedback;
mod gate;
mod grounds;
mod history;
pub mod live;
pub mod llm;
mod pins;
mod prompt;
pub mod proposals;
mod recognised;
mod refused;
mod sources;
mod store;
mod stored_event;
mod stream;
pub mod tasks;
mod thread;
mod verify;
mod words;

pub use answer::WITHOUT_MODEL;
pub use ask::{AskError, Asked, Assistant, LONGEST_QUESTION, Parts, Question};
pub use cache::Cache;
pub use conversations::{Kept, Page};
pub use evidence::gather::{BUDGET_TOKENS, Within};
pub use evidence::{Evidence, EvidencePage, Gathered, Kind, Language, Support, Understood};
pub use feedback::{Counted, Feedback, Given, Reason};
pub use gate::{
    AUTHORITY_REMOVED, Gate, GateEvent, NOT_VERIFIED, QUOTE_REMOVED, Removed, Verification,
    parse_complete,
};
pub use grounds::{Fact, Grounds, Numbered};
pub use history::{Conversation, Events, Message};
pub use pins::Pinned;
pub use prompt::{AnswerPrompt, PromptError, Written};
pub use proposals::{Proposal, ProposalError, Proposals};
pub use stream::Following;
pub use verify::{QuoteSpan, find_quote};
