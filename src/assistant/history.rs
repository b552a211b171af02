//! Conversations as kept: what was asked, what was answered, from which sources.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::ask::{AskError, Assistant};
use super::feedback::Feedback;
use super::gate::Verification;
use super::grounds::Fact;
use super::live::{Cited, Event, Running, Source, Struck};
use super::sources::{cited, source};
use super::store::{self, MessageRow};
use super::stream::Following;
use super::tasks::Order;
use super::{feedback, pins, thread};
use crate::kernel::{CaseId, ConversationId, DocumentId, MessageId, Scope, UserId};

/// What stands in the place of an answer that rests on what is closed to the reader.
const WITHHELD: &str = "This answer rests on documents that are no longer open to you.";

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// The case it is about.
    pub case_id: Option<CaseId>,
    /// The case's title.
    pub case_title: Option<String>,
    /// Its first question, shortened, or what it was named.
    pub title: String,
    /// When something was last asked.
    pub updated_at: DateTime<Utc>,
}

/// A question or an answer, with its sources.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// `question` or `answer`.
    pub role: String,
    /// `running`, `done` or `failed`.
    pub status: String,
    /// Why a failed answer has a text that is not whole: `stopped` by who asked, or
    /// `interrupted` because the process that wrote it ended.
    pub ended: Option<String>,
    /// What it follows: a question the answer before it, an answer its question.
    pub parent_id: Option<MessageId>,
    /// The variants of it, itself among them, oldest first: answers to the same question,
    /// or the wordings of an edited question.
    pub variants: Vec<MessageId>,
    /// Its text.
    pub text: String,
    /// How it was answered.
    pub label: Option<String>,
    /// What was searched.
    pub coverage: Option<String>,
    /// What was struck from it.
    pub removed: Vec<Struck>,
    /// What checking it came to; none for questions, and for answers from before it was kept.
    pub verification: Option<Verification>,
    /// The passages it could cite.
    pub sources: Vec<Source>,
    /// What it cites.
    pub citations: Vec<Cited>,
    /// What the tables said that it could cite, numbered on from the sources.
    pub facts: Vec<Fact>,
    /// What who asked thinks of it.
    pub feedback: Option<Feedback>,
    /// When it was pinned in its case, if it is.
    pub pinned_at: Option<DateTime<Utc>>,
    /// What was asked for beyond a question.
    pub task: Option<Order>,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl Assistant {
    /// A conversation of the caller's with its messages: the branch that leads through
    /// a message, or else the newest.
    ///
    /// # Errors
    /// Fails when it is not theirs, or its case is no longer open to them.
    pub async fn conversation(
        &self,
        scope: &Scope,
        id: ConversationId,
        through: Option<MessageId>,
    ) -> Result<(Conversation, Vec<Message>), AskError> {
        let (found, rows) = self.conversation_rows(scope, id).await?;
        let mut messages = Vec::with_capacity(rows.len());
        for row in thread::branch(&rows, through) {
            let variants = thread::variants(&rows, &row);
            let message = self.with_sources(scope, row).await?;
            messages.push(Message { variants, ..message });
        }
        let details = json!({ "conversation": id, "case": found.case_id });
        self.audit.viewed(scope, "conversation.view", details).await?;
        Ok((found, messages))
    }

    /// A conversation of the caller's and every message of it.
    pub(super) async fn conversation_rows(
        &self,
        scope: &Scope,
        id: ConversationId,
    ) -> Result<(Conversation, Vec<MessageRow>), AskError> {
        let mut tx = self.db.read().await?;
        let found = store::find_conversation(&mut tx, scope, id).await?;
        let found = found.ok_or(AskError::NotFound)?;
        let rows = store::messages(&mut tx, id).await?;
        Ok((found, rows))
    }

    /// A message of one of the caller's conversations.
    ///
    /// # Errors
    /// Fails when it is not theirs.
    pub async fn message(&self, scope: &Scope, id: MessageId) -> Result<Message, AskError> {
        let (row, case) = self.own_message(scope, id).await?;
        self.read_again(scope, row, case).await
    }

    /// A message with its sources, written down as read.
    async fn read_again(
        &self,
        scope: &Scope,
        row: MessageRow,
        case: Option<CaseId>,
    ) -> Result<Message, AskError> {
        let details =
            json!({ "conversation": row.conversation_id, "message": row.id, "case": case });
        let (_, rows) = self.conversation_rows(scope, row.conversation_id).await?;
        let variants = thread::variants(&rows, &row);
        let message = self.with_sources(scope, row).await?;
        self.audit.viewed(scope, "conversation.view", details).await?;
        Ok(Message { variants, ..message })
    }

    /// The events of an answer from a place on: live ones while this process writes it,
    /// those stored as they came, or made from the answer where they are gone.
    ///
    /// # Errors
    /// Fails when it is not the caller's.
    pub async fn events(&self, scope: &Scope, id: MessageId) -> Result<Events, AskError> {
        // In a box: this future is large, and so would be whatever awaits it.
        Box::pin(self.events_from(scope, id)).await
    }

    async fn events_from(&self, scope: &Scope, id: MessageId) -> Result<Events, AskError> {
        let (row, case) = self.own_message(scope, id).await?;
        if let Some(running) = self.live.find(id) {
            return Ok(Events::Live(running));
        }
        if let Some(following) = self.follow_stored(id).await? {
            let details =
                json!({ "conversation": row.conversation_id, "message": id, "case": case });
            self.audit.viewed(scope, "conversation.view", details).await?;
            return Ok(Events::Followed(Box::new(following)));
        }
        let message = self.read_again(scope, row, case).await?;
        Ok(Events::Stored(message.into_events()))
    }

    /// Whether what an answer shows is still the caller's to see; for streams, which
    /// ask before each event.
    ///
    /// # Errors
    /// Fails when the answer is not the caller's, its case is closed to them, or the
    /// database fails.
    pub async fn still_open(
        &self,
        scope: &Scope,
        id: MessageId,
        events: &Events,
    ) -> Result<bool, AskError> {
        self.own_message(scope, id).await?;
        Ok(self.documents.all_open(scope, &events.documents()).await?)
    }

    /// Whether what an answer is made from is still open to who asked, by the rights
    /// they have at this moment; for the answer itself, which runs on after its request.
    pub(super) async fn still_for_asker(
        &self,
        asker: UserId,
        id: MessageId,
        documents: &[DocumentId],
    ) -> Result<bool, AskError> {
        let Ok(scope) = self.auth.scope_now(asker).await else { return Ok(false) };
        match self.own_message(&scope, id).await {
            Ok(_) => Ok(self.documents.all_open(&scope, documents).await?),
            Err(AskError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A conversation so far, without the answers that rest on what is no longer open
    /// to the caller: what a model is told of it must not bring them back.
    pub(super) async fn still_told(
        &self,
        scope: &Scope,
        rows: Vec<MessageRow>,
    ) -> Result<Vec<MessageRow>, AskError> {
        let mut told = Vec::with_capacity(rows.len());
        for row in rows {
            let text = self.with_sources(scope, row.clone()).await?.text;
            told.push(MessageRow { text, ..row });
        }
        Ok(told)
    }

    /// A message of one of the caller's conversations, and the case that is about.
    pub(super) async fn own_message(
        &self,
        scope: &Scope,
        id: MessageId,
    ) -> Result<(MessageRow, Option<CaseId>), AskError> {
        let mut tx = self.db.read().await?;
        let row = store::find_message(&mut tx, id).await?.ok_or(AskError::NotFound)?;
        let conversation = store::find_conversation(&mut tx, scope, row.conversation_id).await?;
        Ok((row, conversation.ok_or(AskError::NotFound)?.case_id))
    }

    /// Adds a message's sources. An answer that rests on a document no longer open
    /// to the caller is withheld whole.
    pub(super) async fn with_sources(
        &self,
        scope: &Scope,
        row: MessageRow,
    ) -> Result<Message, AskError> {
        let mut tx = self.db.read().await?;
        let citations = store::citations(&mut tx, row.id).await?;
        let (mut given, mut pinned_at) = (None, None);
        if row.role == "answer" {
            given = feedback::of(&mut tx, scope, row.id).await?;
            pinned_at = pins::pinned_at(&mut tx, row.id).await?;
        }
        let facts: Vec<Fact> = serde_json::from_value(row.facts).unwrap_or_default();
        let facts_open = facts.is_empty()
            || (facts.iter().all(|fact| fact.is_open(scope))
                && !feedback::walled_since(&mut tx, scope, row.created_at).await?);
        drop(tx);
        let evidence: Vec<_> = citations.iter().filter(|row| !row.cited).collect();
        let ids: Vec<_> = evidence.iter().map(|row| row.passage_id).collect();
        let passages = self.documents.passages(scope, &ids).await?;
        let task: Option<Order> = row.task.and_then(|task| serde_json::from_value(task).ok());
        let read = task.as_ref().map(|order| order.documents.as_slice()).unwrap_or_default();
        let open = facts_open
            && ids.iter().all(|&id| passages.iter().any(|passage| passage.id == id))
            && self.documents.all_open(scope, read).await?;
        let removed = serde_json::from_value(row.removed).unwrap_or_default();
        let mut message = Message {
            id: row.id,
            conversation_id: row.conversation_id,
            role: row.role,
            status: row.status,
            text: row.text,
            label: row.label,
            coverage: row.coverage,
            removed,
            verification: row.verification.and_then(|kept| serde_json::from_value(kept).ok()),
            sources: Vec::new(),
            citations: Vec::new(),
            facts: Vec::new(),
            variants: vec![row.id],
            parent_id: row.parent_id,
            ended: row.ended,
            feedback: given,
            pinned_at,
            task,
            created_at: row.created_at,
        };
        if open {
            message.facts = facts;
            message.sources = evidence.iter().filter_map(|row| source(row, &passages)).collect();
            message.citations =
                citations.iter().filter(|row| row.cited).map(|row| cited(row, &passages)).collect();
        } else {
            WITHHELD.clone_into(&mut message.text);
            message.coverage = None;
            message.removed = Vec::new();
            message.verification = None;
            message.feedback = None;
        }
        Ok(message)
    }
}

/// An answer's events, whence they come.
pub enum Events {
    /// The answer runs or has just ended.
    Live(Arc<Running>),
    /// Another process writes it, or wrote it within the last day.
    Followed(Box<Following>),
    /// The answer was finished before.
    Stored(Vec<Event>),
}

impl Events {
    /// The event at a place; none when there are no more.
    pub async fn next(&self, place: usize) -> Option<Event> {
        match self {
            Self::Live(running) => running.next(place).await,
            Self::Followed(following) => following.next(place).await,
            Self::Stored(events) => events.get(place).cloned(),
        }
    }

    /// The documents that the events so far are made of.
    fn documents(&self) -> Vec<DocumentId> {
        match self {
            Self::Live(running) => running.with_events(documents_of),
            Self::Followed(following) => following.documents(),
            Self::Stored(events) => documents_of(events),
        }
    }
}

/// The documents that events are made of.
pub(super) fn documents_of(events: &[Event]) -> Vec<DocumentId> {
    let sources = events.iter().filter_map(|event| match event {
        Event::Passages { passages } => Some(passages),
        _ => None,
    });
    sources.flatten().map(|source| source.document_id).collect()
}

impl Message {
    /// Whether it is kept from the reader.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        self.text == WITHHELD
    }

    fn into_events(self) -> Vec<Event> {
        if self.status == "running" {
            let detail = "This is being answered by another process. Reload in a moment.";
            return vec![Event::Error { detail: detail.to_owned() }];
        }
        if self.status == "failed" && self.ended.is_none() {
            return vec![Event::Error { detail: self.text }];
        }
        let mut events = vec![Event::Passages { passages: self.sources }];
        if !self.facts.is_empty() {
            events.push(Event::Facts { facts: self.facts });
        }
        events.push(Event::Delta { text: self.text });
        events.extend(self.citations.into_iter().map(Event::Citation));
        events.extend(self.removed.into_iter().map(Event::Removed));
        if let Some(counts) = self.verification {
            events.push(Event::Verified { summary: counts.in_words(), counts });
        }
        events.push(Event::Done {
            label: self.label.unwrap_or_default(),
            coverage: self.coverage.unwrap_or_default(),
        });
        events
    }
}
