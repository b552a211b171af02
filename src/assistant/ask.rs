//! Asking: what callers do with the assistant.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::answer::Answering;
use super::cache::Cache;
use super::chain::Chain;
use super::facts::Facts;
use super::history::Message;
use super::live::Live;
use super::proposals::Proposals;
use super::store::{self, MessageRow, NewMessage};
use super::tasks::Order;
use super::thread;
use crate::audit::{Audit, Call};
use crate::auth::Auth;
use crate::cases::Cases;
use crate::db::{Db, Tx};
use crate::documents::Documents;
use crate::kernel::{CaseId, Clock, ConversationId, DocumentId, MessageId, Permission, Scope};
use crate::search::Search;
use crate::usage::Usage;

pub use super::refused::AskError;

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
    pub(super) facts: Facts,
    pub(super) proposals: Proposals,
    pub(super) chain: Chain,
    pub(super) cache: Cache,
    pub(super) max_tokens: u32,
    pub(super) at_once: u32,
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
    /// What the tables say.
    pub facts: Facts,
    /// What it would write.
    pub proposals: Proposals,
    /// The language models; none means answers from the documents alone.
    pub chain: Chain,
    /// Answers that may be given again.
    pub cache: Cache,
    /// The longest answer, in tokens.
    pub max_tokens: u32,
    /// How many answers to one person may be written at once; 0 for no limit.
    pub at_once: u32,
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

impl Assistant {
    /// Puts the area together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts {
            db,
            clock,
            audit,
            auth,
            cases,
            documents,
            search,
            usage,
            facts,
            proposals,
            chain,
            cache,
            max_tokens,
            at_once,
        } = parts;
        let live = Live::default();
        Self {
            db,
            clock,
            audit,
            auth,
            cases,
            documents,
            search,
            usage,
            facts,
            proposals,
            chain,
            cache,
            max_tokens,
            at_once,
            live,
        }
    }

    /// Gives up the answers that are being written; for an orderly end of the service.
    pub async fn close(&self) {
        self.live.end_all().await;
    }

    /// Who answers: the model's name, or none.
    #[must_use]
    pub fn model(&self) -> Option<String> {
        self.chain.first().map(|(provider, model)| format!("{provider} / {model}"))
    }

    /// Takes a question and begins to answer it; [`Assistant::events`] follows. In a
    /// conversation it goes on after its newest answer.
    ///
    /// # Errors
    /// Fails on an empty or very long question, when the case or conversation is not open
    /// to the caller, and when too many answers to them are being written.
    pub async fn ask(&self, scope: &Scope, question: Question) -> Result<Asked, AskError> {
        Box::pin(self.ask_within(scope, question, None, None)).await
    }

    /// The same after a certain answer of the conversation.
    ///
    /// # Errors
    /// As [`Assistant::ask`].
    pub async fn ask_after(
        &self,
        scope: &Scope,
        question: Question,
        after: Option<MessageId>,
    ) -> Result<Asked, AskError> {
        Box::pin(self.ask_within(scope, question, after, None)).await
    }

    /// The same, of certain documents only.
    ///
    /// # Errors
    /// As [`Assistant::ask`].
    pub async fn ask_of(
        &self,
        scope: &Scope,
        question: Question,
        documents: Option<BTreeSet<DocumentId>>,
    ) -> Result<Asked, AskError> {
        Box::pin(self.ask_within(scope, question, None, documents)).await
    }

    /// To be awaited in a box: this future is large, and so would be whatever awaits it.
    async fn ask_within(
        &self,
        scope: &Scope,
        question: Question,
        after: Option<MessageId>,
        documents: Option<BTreeSet<DocumentId>>,
    ) -> Result<Asked, AskError> {
        let text = question.text.trim().to_owned();
        self.check(scope, &text, question.case).await?;
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        let (conversation, case, history) = if let Some(id) = question.conversation {
            let found = store::find_conversation(&mut tx, scope, id).await?;
            let found = found.ok_or(AskError::NotFound)?;
            let rows = store::messages(&mut tx, id).await?;
            let history = match after {
                Some(after) => thread::up_to(&rows, after),
                None => thread::branch(&rows, None),
            };
            if history.last().is_none_or(|last| last.role != "answer") {
                return Err(AskError::NotFound);
            }
            (id, found.case_id, history)
        } else {
            let id = ConversationId::new();
            let title = thread::title_of(&text);
            store::insert_conversation(&mut tx, scope, id, question.case, &title, now).await?;
            (id, question.case, Vec::new())
        };
        let asking = Asking::New { text, edited: None };
        self.begin(scope, tx, Turn { conversation, case, documents, history, asking, task: None })
            .await
    }

    /// Stores a question, unless it is there, and an empty answer, and begins to write it.
    pub(super) async fn begin(
        &self,
        scope: &Scope,
        mut tx: Tx,
        turn: Turn,
    ) -> Result<Asked, AskError> {
        let Turn { conversation, case, documents, history, asking, task } = turn;
        let fresh = matches!(asking, Asking::Again { .. });
        // In this order, so that a question comes before its answer of the same moment.
        let (now, id, message) = (self.clock.now(), MessageId::new(), MessageId::new());
        store::touch_conversation(&mut tx, conversation, now).await?;
        let mut details = json!({ "conversation": conversation, "message": message, "case": case });
        let (action, asked, text) = match asking {
            Asking::New { text, edited } => {
                let (parent, role, status) = (history.last().map(|row| row.id), "question", "done");
                let text_of = text.as_str();
                let new = NewMessage { id, conversation, parent, role, status, text: text_of, now };
                store::insert_message(&mut tx, new).await?;
                let action = match (edited, &task) {
                    (Some(edited), _) => {
                        details["edited"] = json!(edited);
                        "question.edit"
                    }
                    (None, Some(_)) => "task.run",
                    (None, None) => "question.ask",
                };
                (action, id, text)
            }
            Asking::Again { question, text } => ("question.again", question, text),
        };
        let (parent, role, status) = (Some(asked), "answer", "running");
        let new = NewMessage { id: message, conversation, parent, role, status, text: "", now };
        store::insert_message(&mut tx, new).await?;
        if let Some(order) = &task {
            details["task"] = json!(order.kind);
            details["documents"] = json!(order.documents);
            for id in [asked, message] {
                store::set_task(&mut tx, id, &json!(order)).await?;
            }
        }
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.audit.record(&mut tx, organisation, user, action, details).await?;
        // The record is written by one at a time, so that two at once are both counted.
        let running = store::running(&mut tx, scope.user(), self.silent_since()).await?;
        if self.at_once > 0 && running > i64::from(self.at_once) {
            return Err(AskError::TooMany(running - 1));
        }
        tx.commit().await?;
        let history = self.still_told(scope, history).await?;

        let running = self.live.start(message);
        let (assistant, told) = (self.clone(), Arc::clone(&running));
        let ending = self.live.ending();
        tokio::spawn(until(ending.clone(), async move {
            assistant.store_as_told(message, &told).await;
        }));
        let answering = Answering {
            assistant: self.clone(),
            scope: scope.clone(),
            case,
            documents: documents.map(Arc::new),
            asked: Asked { conversation, message },
            fresh,
            until: OnceLock::new(),
            question: text,
            history,
            running,
        };
        // What is recorded at its end is part of the request that asked.
        match Call::under_way() {
            Some(call) => tokio::spawn(until(ending, call.during(answering.run_for(task)))),
            None => tokio::spawn(until(ending, answering.run_for(task))),
        };
        Ok(Asked { conversation, message })
    }

    pub(super) async fn check(
        &self,
        scope: &Scope,
        text: &str,
        case: Option<CaseId>,
    ) -> Result<(), AskError> {
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
}

/// Does work until the service ends.
async fn until(ending: CancellationToken, work: impl Future<Output = ()>) {
    tokio::select! {
        biased;
        () = ending.cancelled() => {}
        () = work => {}
    }
}

/// A question with the conversation that led to it.
pub(super) struct Turn {
    /// The documents it may be answered from; none for all.
    pub(super) documents: Option<BTreeSet<DocumentId>>,
    pub(super) conversation: ConversationId,
    pub(super) case: Option<CaseId>,
    /// What was said before it, on its branch.
    pub(super) history: Vec<MessageRow>,
    pub(super) asking: Asking,
    /// What is asked for beyond a question.
    pub(super) task: Option<Order>,
}

/// What is asked.
pub(super) enum Asking {
    /// A new question.
    New {
        /// Its text.
        text: String,
        /// The one it stands in the place of.
        edited: Option<MessageId>,
    },
    /// One that was answered before.
    Again {
        /// Which.
        question: MessageId,
        /// Its text.
        text: String,
    },
}
