//! The assistant: conversations, and answers whose every claim can be opened.

use askama::Template;

use super::answer::{Block, Inline, Known, Source};
use super::page::{Layout, pages};
use super::parts::{CaseRef, Choice};
use super::proposals::ProposalRow;
use super::show::Moment;
use crate::kernel::{ConversationId, MessageId, Paise};

/// The assistant, over one case or everything open to the reader.
#[derive(Debug, Clone, Template)]
#[template(path = "assistant/assistant.html")]
pub struct AssistantPage {
    /// The frame.
    pub layout: Layout,
    /// The case asked about, when it is one.
    pub case: Option<CaseRef>,
    /// What a question reaches: `42 documents of this case`.
    pub reach: String,
    /// Earlier conversations, the latest first.
    pub conversations: Vec<ConversationRow>,
    /// The words the list is narrowed to.
    pub words: String,
    /// The address of the next page of the list.
    pub older: Option<String>,
    /// The conversation shown; none before the first question.
    pub conversation: Option<ConversationId>,
    /// What it is called.
    pub title: String,
    /// The answer the next question follows.
    pub last: Option<MessageId>,
    /// Why an answer did not help; the form sends `reason`.
    pub reasons: Vec<Choice>,
    /// Its messages, in order.
    pub messages: Vec<MessageView>,
    /// A question typed elsewhere, to begin with.
    pub draft: String,
    /// Questions to try, while there is no conversation.
    pub examples: Vec<String>,
    /// Whether the reader sees what an answer cost.
    pub shows_cost: bool,
    /// Whether answers come from the documents alone at the moment.
    pub without_model: bool,
}

/// A conversation in the list.
#[derive(Debug, Clone)]
pub struct ConversationRow {
    /// Which conversation.
    pub id: ConversationId,
    /// Its first question, shortened.
    pub title: String,
    /// Its case, in the list over all cases.
    pub case: Option<String>,
    /// When it was last added to.
    pub touched: Moment,
}

/// A message of a conversation.
#[derive(Debug, Clone)]
pub enum MessageView {
    /// What was asked.
    Question {
        /// Which message.
        id: MessageId,
        /// The words.
        text: String,
        /// When.
        asked: Moment,
        /// The other wordings of it.
        variants: Variants,
    },
    /// An answer that is complete.
    Answer(Box<AnswerView>),
    /// An answer still being written; the page follows its events.
    Pending {
        /// Which message.
        id: MessageId,
    },
    /// A question that could not be answered.
    Failed {
        /// Which message.
        id: MessageId,
        /// Why, in a sentence.
        reason: String,
        /// The other answers to the question.
        variants: Variants,
    },
}

/// A message among its variants.
#[derive(Debug, Clone, Default)]
pub struct Variants {
    /// Its place, from one.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// The address of the one before.
    pub earlier: Option<String>,
    /// The address of the one after.
    pub later: Option<String>,
}

/// What who asked thinks of an answer.
#[derive(Debug, Clone)]
pub struct JudgedView {
    /// Whether it helped.
    pub helpful: bool,
    /// In words.
    pub words: String,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct AnswerView {
    /// Which message.
    pub id: MessageId,
    /// Its text.
    pub blocks: Vec<Block>,
    /// The passages it was given.
    pub sources: Vec<Source>,
    /// What verification struck from it.
    pub removed: Vec<Removed>,
    /// How it was answered: the model's name, or `answered from the documents
    /// without a language model`.
    pub label: String,
    /// What was searched and what could not be.
    pub coverage: String,
    /// What checking it came to, in words.
    pub verified: String,
    /// What was proposed in it.
    pub proposals: Vec<ProposalRow>,
    /// What it cost.
    pub usage: Option<UsageView>,
    /// What the tables said that it could cite.
    pub known: Vec<Known>,
    /// Why it is not whole, in words; it is when none.
    pub ended: Option<String>,
    /// The other answers to the question.
    pub variants: Variants,
    /// What who asked thinks of it.
    pub judged: Option<JudgedView>,
    /// Whether it is pinned in its case.
    pub pinned: bool,
    /// Whether it can be pinned.
    pub may_pin: bool,
}

/// An answer pinned in a case.
#[derive(Debug, Clone)]
pub struct PinnedView {
    /// What was asked; none where it is closed to the reader.
    pub question: Option<String>,
    /// The answer.
    pub answer: AnswerView,
    /// Who pinned it.
    pub by: String,
    /// When.
    pub at: Moment,
    /// Whether the reader may take it down.
    pub may_unpin: bool,
}

/// A conversation to be printed, with its sources in full.
#[derive(Debug, Clone, Template)]
#[template(path = "assistant/print.html")]
pub struct TalkPage {
    /// The frame.
    pub layout: Layout,
    /// The address of the conversation.
    pub back: String,
    /// Its case.
    pub case: Option<String>,
    /// When this was made.
    pub made: Moment,
    /// Its messages, in order, on every branch.
    pub messages: Vec<MessageView>,
}

/// Something struck from an answer.
#[derive(Debug, Clone)]
pub struct Removed {
    /// What it was: `quotation`, `citation`, `date`.
    pub what: String,
    /// Its words.
    pub text: String,
    /// Why it was struck.
    pub reason: String,
}

/// What an answer cost.
#[derive(Debug, Clone)]
pub struct UsageView {
    /// Tokens read by the model.
    pub tokens_in: u64,
    /// Tokens written by it.
    pub tokens_out: u64,
    /// The cost.
    pub cost: Paise,
    /// The model.
    pub model: String,
}

impl AssistantPage {
    /// Where the assistant of this page lives.
    #[must_use]
    pub fn base(&self) -> String {
        match &self.case {
            Some(case) => format!("/cases/{}/assistant", case.id),
            None => String::from("/assistant"),
        }
    }

    /// Whether a conversation is the one shown.
    #[must_use]
    pub fn is_shown(&self, row: &ConversationRow) -> bool {
        self.conversation == Some(row.id)
    }

    /// Whether an answer is still being written.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.messages.iter().any(|message| matches!(message, MessageView::Pending { .. }))
    }
}

impl TalkPage {
    /// Where the conversation can be had as JSON.
    #[must_use]
    pub fn export(&self) -> String {
        let id = self.back.rsplit('/').next().unwrap_or_default();
        format!("/api/v1/conversations/{id}/export")
    }
}

impl AnswerView {
    /// The passages the answer cites.
    #[must_use]
    pub fn cited(&self) -> Vec<&Source> {
        self.sources.iter().filter(|source| source.cited).collect()
    }

    /// The passages it was given and does not cite.
    #[must_use]
    pub fn uncited(&self) -> Vec<&Source> {
        self.sources.iter().filter(|source| !source.cited).collect()
    }

    /// The number of things struck, in words.
    #[must_use]
    pub fn struck(&self) -> String {
        match self.removed.len() {
            1 => String::from("1 statement removed because it could not be verified"),
            count => format!("{count} statements removed because they could not be verified"),
        }
    }
}

pages!(AssistantPage, TalkPage);

#[cfg(test)]
mod samples;
