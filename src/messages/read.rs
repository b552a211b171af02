//! Reading messages, and who has read how far.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::store::{self, Row};
use super::{Channel, Message, MessageError, Messages, PAGE};
use crate::db::Tx;
use crate::kernel::{CaseId, CaseMessageId, Permission, Scope, UserId};

/// How far somebody has read a channel of a case.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Receipt {
    /// Who.
    pub user_id: UserId,
    /// How they are called.
    pub name: String,
    /// Whether they are the client.
    pub is_client: bool,
    /// The last message they have read.
    pub up_to: CaseMessageId,
    /// When they read it.
    pub read_at: DateTime<Utc>,
}

/// A part of the messages of a channel.
#[derive(Debug, Clone)]
pub struct Thread {
    /// The messages, the oldest of them first.
    pub messages: Vec<Message>,
    /// Whether there are older ones.
    pub older: bool,
    /// How far the others have read. A client is told of the chamber as one, without names.
    pub receipts: Vec<Receipt>,
    /// Up to which message the caller had read before.
    pub read_up_to: Option<CaseMessageId>,
}

/// A channel of a case in which something was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// The case.
    pub case_id: CaseId,
    /// Its title.
    pub case_title: String,
    /// Which of its channels.
    pub channel: Channel,
    /// Who wrote last.
    pub author: String,
    /// What they wrote; nothing when it was taken back.
    pub text: String,
    /// When.
    pub sent_at: DateTime<Utc>,
    /// How many messages of others the caller has not read.
    pub unread: u64,
}

impl Messages {
    /// The messages of a channel, the newest or those before one, [`PAGE`] at most. The
    /// reading is recorded.
    ///
    /// # Errors
    /// Fails when the channel is not open to the caller.
    pub async fn thread(
        &self,
        scope: &Scope,
        case: CaseId,
        channel: Channel,
        before: Option<CaseMessageId>,
    ) -> Result<Thread, MessageError> {
        let mut tx = self.parts.db.read().await?;
        self.opens(&mut tx, scope, case, channel).await?;
        let mut rows = store::thread(&mut tx, scope, (case, channel), before).await?;
        let older = rows.len() > PAGE;
        rows.truncate(PAGE);
        rows.reverse();
        let messages = whole(&mut tx, scope, rows, self.parts.clock.now()).await?;
        let mut receipts = store::receipts(&mut tx, scope, case, channel).await?;
        let own = receipts.iter().position(|receipt| receipt.user_id == scope.user());
        let read_up_to = own.map(|place| receipts.remove(place).up_to);
        if scope.client().is_some() {
            receipts = chamber(receipts);
        }
        drop(tx);
        let details = json!({ "case": case, "channel": channel.as_str() });
        self.parts.audit.viewed(scope, "message.view", details).await?;
        Ok(Thread { messages, older, receipts, read_up_to })
    }

    /// Notes how far the caller has read a channel; it never goes back.
    ///
    /// # Errors
    /// Fails when the channel is not open to the caller, or holds no such message.
    pub async fn mark_read(
        &self,
        scope: &Scope,
        case: CaseId,
        channel: Channel,
        up_to: CaseMessageId,
    ) -> Result<(), MessageError> {
        let mut tx = self.parts.db.write().await?;
        self.opens(&mut tx, scope, case, channel).await?;
        let place = store::place(&mut tx, scope, up_to).await?.ok_or(MessageError::NotFound)?;
        if place.case_id != case || place.channel()? != channel {
            return Err(MessageError::NotFound);
        }
        let now = self.parts.clock.now();
        store::mark_read(&mut tx, scope.user(), (case, channel), up_to, now).await?;
        self.parts.notices.read(&mut tx, scope.user(), case).await?;
        Ok(tx.commit().await?)
    }

    /// The channels in which something was written that the caller may read, the newest
    /// first, 200 at most.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn inbox(&self, scope: &Scope) -> Result<Vec<Conversation>, MessageError> {
        let mut tx = self.parts.db.read().await?;
        Ok(store::inbox(&mut tx, scope).await?)
    }

    /// The cases a client may write about, with their titles; none for the chamber.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn shown_cases(&self, scope: &Scope) -> Result<Vec<(CaseId, String)>, MessageError> {
        let mut tx = self.parts.db.read().await?;
        Ok(store::shown_cases(&mut tx, scope.user()).await?)
    }

    /// How many messages of others the caller has not read, by case and channel; only
    /// where there are some.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn unread_counts(
        &self,
        scope: &Scope,
    ) -> Result<Vec<(CaseId, Channel, u64)>, MessageError> {
        let inbox = self.inbox(scope).await?;
        let unread = inbox.into_iter().filter(|entry| entry.unread > 0);
        Ok(unread.map(|entry| (entry.case_id, entry.channel, entry.unread)).collect())
    }

    /// The last messages of a case for the assistant, in one channel or both, the newest
    /// first; by the client alone where that is asked.
    ///
    /// # Errors
    /// Fails when the case is not open to the caller.
    pub async fn last(
        &self,
        scope: &Scope,
        case: CaseId,
        (channel, by_client): (Option<Channel>, bool),
        limit: usize,
    ) -> Result<Vec<Message>, MessageError> {
        let mut tx = self.parts.db.read().await?;
        if scope.client().is_some() || !store::is_open(&mut tx, scope.user(), case).await? {
            return Err(MessageError::NotFound);
        }
        let mut rows = store::last(&mut tx, scope, case, channel, by_client).await?;
        rows.truncate(limit);
        whole(&mut tx, scope, rows, self.parts.clock.now()).await
    }

    /// What a message said that was taken back, for those who read the record and to whom
    /// the case is open; the reading is recorded.
    ///
    /// # Errors
    /// Fails when it is not there, was not taken back, or is not the caller's to read.
    pub async fn withdrawn(
        &self,
        scope: &Scope,
        id: CaseMessageId,
    ) -> Result<String, MessageError> {
        if !scope.may(Permission::ReadRecord) {
            return Err(MessageError::NotFound);
        }
        let mut tx = self.parts.db.read().await?;
        let text = store::withdrawn(&mut tx, scope, id).await?.ok_or(MessageError::NotFound)?;
        drop(tx);
        self.parts.audit.viewed(scope, "message.withdrawn.view", json!({ "message": id })).await?;
        Ok(text)
    }
}

/// The chamber's reading as one: the furthest of its people, without their name.
fn chamber(receipts: Vec<Receipt>) -> Vec<Receipt> {
    let furthest = receipts.into_iter().filter(|receipt| !receipt.is_client);
    let furthest = furthest.max_by_key(|receipt| (receipt.up_to, receipt.read_at));
    furthest
        .map(|receipt| Receipt { name: "The chamber".to_owned(), ..receipt })
        .into_iter()
        .collect()
}

/// Rows as messages, with what goes with them.
pub(super) async fn whole(
    tx: &mut Tx,
    scope: &Scope,
    rows: Vec<Row>,
    now: DateTime<Utc>,
) -> Result<Vec<Message>, MessageError> {
    let ids: Vec<CaseMessageId> = rows.iter().map(|row| row.id).collect();
    let mut attachments = store::attachments(tx, scope, &ids, now).await?;
    if scope.client().is_some() {
        // What the chamber kept a file as is not the client's to know.
        attachments.iter_mut().filter(|it| it.is_file).for_each(|it| it.document_id = None);
    }
    let mut messages = Vec::with_capacity(rows.len());
    for row in rows {
        let (own, rest) = attachments.into_iter().partition(|it| it.message_id == row.id);
        attachments = rest;
        messages.push(row.message(own)?);
    }
    Ok(messages)
}
