//! Asking: what callers do with the assistant.

use std::sync::Arc;

use serde_json::json;

use super::answer::Answering;
use super::history::Message;
use super::live::Live;
use super::llm::Llm;
use super::store::{self, NewMessage};
use crate::audit::{Audit, Call};
use crate::auth::Auth;
use crate::cases::{CaseError, Cases};
use crate::db::{Db, DbError};
use crate::documents::{DocumentError, Documents};
use crate::kernel::{CaseId, Clock, ConversationId, MessageId, Permission, Scope};
use crate::search::Search;
use crate::usage::Usage;

/// The longest question, in characters.
pub const LONGEST_QUESTION: usize = 4_000;

/// What can be done with the assistant.
#[derive(Clone)]
pub struct Assistant {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) audit: Audit,
    pub(super) auth: Auth,
    pub(super) cases: Cases,
    pub(super) documents: Documents,
    pub(super) search: Search,
    pub(super) usage: Usage,
    pub(super) llm: Option<Arc<dyn Llm>>,
    pub(super) max_tokens: u32,
    pub(super) live: Live,
}

/// What the assistant is put together from.
pub struct Parts {
    /// The tables.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The record.
    pub audit: Audit,
    /// Who may see what, asked again while an answer runs.
    pub auth: Auth,
    /// The cases.
    pub cases: Cases,
    /// The documents.
    pub documents: Documents,
    /// What finds the evidence.
    pub search: Search,
    /// The ledger.
    pub usage: Usage,
    /// The language model; none means answers from the documents alone.
    pub llm: Option<Arc<dyn Llm>>,
    /// The longest answer, in tokens.
    pub max_tokens: u32,
}

/// A question to be asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// Its text.
    pub text: String,
    /// The case it is about; none for everything the caller may see.
    pub case: Option<CaseId>,
    /// The conversation it goes on; none starts one.
    pub conversation: Option<ConversationId>,
}

/// A question that is being answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The conversation.
    pub conversation: ConversationId,
    /// The answer's message.
    pub message: MessageId,
}

/// Why a question could not be asked or an answer not be shown.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The question is empty.
    #[error("type a question first")]
    Empty,
    /// The question is too long.
    #[error("the question is longer than {LONGEST_QUESTION} characters; shorten it")]
    TooLong,
    /// The conversation or message is not there, or not the caller's.
    #[error("there is no such conversation")]
    NotFound,
    /// Clients have no assistant.
    #[error("only the chamber's own people may ask the assistant")]
    NotAllowed,
    /// The case is not there, or not open to the caller.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The sources could not be fetched.
    #[error(transparent)]
    Documents(#[from] DocumentError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Assistant {
    /// Puts the area together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { db, clock, audit, auth, cases, documents, search, usage, llm, max_tokens } =
            parts;
        let live = Live::default();
        Self { db, clock, audit, auth, cases, documents, search, usage, llm, max_tokens, live }
    }

    /// Who answers: the model's name, or none.
    #[must_use]
    pub fn model(&self) -> Option<String> {
        self.llm.as_ref().map(|llm| format!("{} / {}", llm.provider(), llm.model()))
    }

    /// Takes a question and begins to answer it; [`Assistant::events`] follows.
    ///
    /// # Errors
    /// Fails on an empty or very long question, and when the case or conversation
    /// is not open to the caller.
    pub async fn ask(&self, scope: &Scope, question: Question) -> Result<Asked, AskError> {
        let text = question.text.trim().to_owned();
        self.check(scope, &text, question.case).await?;
        let now = self.clock.now();
        let (asking, message) = (MessageId::new(), MessageId::new());
        let mut tx = self.db.write().await?;
        let (conversation, case) = if let Some(id) = question.conversation {
            let found = store::find_conversation(&mut tx, scope, id).await?;
            let found = found.ok_or(AskError::NotFound)?;
            store::touch_conversation(&mut tx, id, now).await?;
            (id, found.case_id)
        } else {
            let id = ConversationId::new();
            let title: String = text.chars().take(120).collect();
            store::insert_conversation(&mut tx, scope, id, question.case, &title, now).await?;
            (id, question.case)
        };
        let history = store::messages(&mut tx, conversation).await?;
        for (id, role, status, text) in
            [(asking, "question", "done", text.as_str()), (message, "answer", "running", "")]
        {
            let new = NewMessage { id, conversation, role, status, text, now };
            store::insert_message(&mut tx, new).await?;
        }
        let details = json!({ "conversation": conversation, "message": message, "case": case });
        self.audit
            .record(&mut tx, scope.organisation(), Some(scope.user()), "question.ask", details)
            .await?;
        tx.commit().await?;
        let history = self.still_told(scope, history).await?;

        let running = self.live.start(message);
        let answering = Answering {
            assistant: self.clone(),
            scope: scope.clone(),
            case,
            asked: Asked { conversation, message },
            question: text,
            history,
            running,
        };
        // What is recorded at its end is part of the request that asked.
        match Call::under_way() {
            Some(call) => tokio::spawn(call.during(answering.run())),
            None => tokio::spawn(answering.run()),
        };
        Ok(Asked { conversation, message })
    }

    async fn check(&self, scope: &Scope, text: &str, case: Option<CaseId>) -> Result<(), AskError> {
        if !scope.may(Permission::Ask) {
            return Err(AskError::NotAllowed);
        }
        if text.is_empty() {
            return Err(AskError::Empty);
        }
        if text.chars().count() > LONGEST_QUESTION {
            return Err(AskError::TooLong);
        }
        if let Some(case) = case {
            self.cases.find(scope, case).await?;
        }
        Ok(())
    }

    /// Asks and waits for the whole answer.
    ///
    /// # Errors
    /// As [`Assistant::ask`].
    pub async fn ask_and_wait(
        &self,
        scope: &Scope,
        question: Question,
    ) -> Result<Message, AskError> {
        let asked = self.ask(scope, question).await?;
        self.finished(asked).await;
        self.message(scope, asked.message).await
    }

    /// Waits until a question is answered.
    pub async fn finished(&self, asked: Asked) {
        if let Some(running) = self.live.find(asked.message) {
            let mut place = 0;
            while running.next(place).await.is_some() {
                place += 1;
            }
        }
    }

    /// Ends the answers a killed process left open, saying so in them.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn end_interrupted(&self) -> Result<u64, AskError> {
        let mut tx = self.db.write().await?;
        let text = "The service was restarted while this was being answered. Ask again.";
        let ended = store::fail_running(&mut tx, text).await?;
        tx.commit().await?;
        Ok(ended)
    }
}
