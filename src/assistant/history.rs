//! Conversations as kept: what was asked, what was answered, from which sources.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::ask::{AskError, Assistant};
use super::evidence::EvidencePage;
use super::live::{Cited, Event, Running, Source, Struck};
use super::store::{self, CitationRow, MessageRow};
use super::verify::find_quote;
use crate::documents::PassageText;
use crate::kernel::{CaseId, ConversationId, DocumentId, MessageId, Scope, UserId};

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// The case it is about.
    pub case_id: Option<CaseId>,
    /// The case's title.
    pub case_title: Option<String>,
    /// Its first question.
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
    /// Its text.
    pub text: String,
    /// How it was answered.
    pub label: Option<String>,
    /// What was searched.
    pub coverage: Option<String>,
    /// What was struck from it.
    pub removed: Vec<Struck>,
    /// The passages it could cite.
    pub sources: Vec<Source>,
    /// What it cites.
    pub citations: Vec<Cited>,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl Assistant {
    /// The caller's conversations, newest first; of one case, or all.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn conversations(
        &self,
        scope: &Scope,
        case: Option<CaseId>,
    ) -> Result<Vec<Conversation>, AskError> {
        let mut tx = self.db.read().await?;
        Ok(store::list_conversations(&mut tx, scope, case).await?)
    }

    /// A conversation of the caller's with its messages.
    ///
    /// # Errors
    /// Fails when it is not theirs, or its case is no longer open to them.
    pub async fn conversation(
        &self,
        scope: &Scope,
        id: ConversationId,
    ) -> Result<(Conversation, Vec<Message>), AskError> {
        let mut tx = self.db.read().await?;
        let found = store::find_conversation(&mut tx, scope, id).await?;
        let found = found.ok_or(AskError::NotFound)?;
        let rows = store::messages(&mut tx, id).await?;
        drop(tx);
        let mut messages = Vec::with_capacity(rows.len());
        for row in rows {
            messages.push(self.with_sources(scope, row).await?);
        }
        let details = json!({ "conversation": id, "case": found.case_id });
        self.audit.viewed(scope, "conversation.view", details).await?;
        Ok((found, messages))
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
        let message = self.with_sources(scope, row).await?;
        self.audit.viewed(scope, "conversation.view", details).await?;
        Ok(message)
    }

    /// The events of an answer from a place on: live ones while it runs, or made
    /// from what was stored.
    ///
    /// # Errors
    /// Fails when it is not the caller's.
    pub async fn events(&self, scope: &Scope, id: MessageId) -> Result<Events, AskError> {
        let (row, case) = self.own_message(scope, id).await?;
        if let Some(running) = self.live.find(id) {
            return Ok(Events::Live(running));
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
    async fn own_message(
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
    async fn with_sources(&self, scope: &Scope, row: MessageRow) -> Result<Message, AskError> {
        let mut tx = self.db.read().await?;
        let citations = store::citations(&mut tx, row.id).await?;
        drop(tx);
        let evidence: Vec<_> = citations.iter().filter(|row| !row.cited).collect();
        let ids: Vec<_> = evidence.iter().map(|row| row.passage_id).collect();
        let passages = self.documents.passages(scope, &ids).await?;
        let open = ids.iter().all(|&id| passages.iter().any(|passage| passage.id == id));
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
            sources: Vec::new(),
            citations: Vec::new(),
            created_at: row.created_at,
        };
        if open {
            message.sources = evidence.iter().filter_map(|row| source(row, &passages)).collect();
            message.citations =
                citations.iter().filter(|row| row.cited).map(|row| cited(row, &passages)).collect();
        } else {
            "This answer rests on documents that are no longer open to you."
                .clone_into(&mut message.text);
            message.coverage = None;
            message.removed = Vec::new();
        }
        Ok(message)
    }
}

/// An answer's events, whence they come.
pub enum Events {
    /// The answer runs or has just ended.
    Live(Arc<Running>),
    /// The answer was finished before.
    Stored(Vec<Event>),
}

impl Events {
    /// The event at a place; none when there are no more.
    pub async fn next(&self, place: usize) -> Option<Event> {
        match self {
            Self::Live(running) => running.next(place).await,
            Self::Stored(events) => events.get(place).cloned(),
        }
    }

    /// The documents that the events so far are made of.
    fn documents(&self) -> Vec<DocumentId> {
        let of = |events: &[Event]| -> Vec<DocumentId> {
            let sources = events.iter().filter_map(|event| match event {
                Event::Passages { passages } => Some(passages),
                _ => None,
            });
            sources.flatten().map(|source| source.document_id).collect()
        };
        match self {
            Self::Live(running) => running.with_events(of),
            Self::Stored(events) => of(events),
        }
    }
}

impl Message {
    fn into_events(self) -> Vec<Event> {
        if self.status == "running" {
            let detail = "This is being answered by another process. Reload in a moment.";
            return vec![Event::Error { detail: detail.to_owned() }];
        }
        if self.status == "failed" {
            return vec![Event::Error { detail: self.text }];
        }
        let mut events = vec![Event::Passages { passages: self.sources }];
        events.push(Event::Delta { text: self.text });
        events.extend(self.citations.into_iter().map(Event::Citation));
        events.extend(self.removed.into_iter().map(Event::Removed));
        events.push(Event::Done {
            label: self.label.unwrap_or_default(),
            coverage: self.coverage.unwrap_or_default(),
        });
        events
    }
}

fn source(row: &CitationRow, passages: &[PassageText]) -> Option<Source> {
    let passage = passages.iter().find(|passage| passage.id == row.passage_id)?;
    let (page, start, end) = place(row, passages);
    Some(Source {
        number: u32::try_from(row.number).unwrap_or(0),
        title: passage.title.clone(),
        case_title: passage.case_title.clone(),
        page,
        document_id: row.document_id,
        version: row.version_number,
        start,
        end,
        excerpt: passage.text.clone(),
    })
}

fn cited(row: &CitationRow, passages: &[PassageText]) -> Cited {
    let (page, start, end) = place(row, passages);
    Cited {
        number: u32::try_from(row.number).unwrap_or(0),
        quote: row.quote.clone(),
        document_id: row.document_id,
        version: row.version_number,
        page,
        start,
        end,
    }
}

/// Where a citation points: page, start and end. When its page was read again since,
/// the quotation is looked for anew; one that is not there any more points at the
/// page and marks nothing.
fn place(row: &CitationRow, passages: &[PassageText]) -> (u32, usize, usize) {
    let page = u32::try_from(row.page).unwrap_or(1);
    let retired = passages.iter().find(|passage| passage.id == row.passage_id && !passage.current);
    let Some(passage) = retired else {
        let offset = |bytes| usize::try_from(bytes).unwrap_or(0);
        return (page, offset(row.start_offset), offset(row.end_offset));
    };
    let pages: Vec<EvidencePage> = passage
        .pages
        .iter()
        .map(|page| EvidencePage { number: page.number, text: page.text.clone() })
        .collect();
    let found = row.quote.as_deref().and_then(|quote| find_quote(quote, &pages));
    found.map_or((page, 0, 0), |span| (span.page, span.start, span.end))
}
