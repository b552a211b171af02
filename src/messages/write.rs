//! Writing a message and taking it back.

use chrono::TimeDelta;
use serde_json::json;

use super::attachments::{NewFile, Sealed};
use super::folding::folded;
use super::{
    Channel, LONGEST, MOST_A_MINUTE, MOST_ATTACHMENTS, MessageError, Messages, WITHDRAWN_WITHIN,
    store,
};
use crate::db::Tx;
use crate::documents::{Document, NewShare};
use crate::kernel::{AttachmentId, CaseId, CaseMessageId, DocumentId, Permission, Scope};

/// A message to be sent.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// In which case.
    pub case: CaseId,
    /// Who is to read it.
    pub channel: Channel,
    /// What it says; may be empty where something goes with it.
    pub text: String,
    /// Files that go with it.
    pub files: Vec<NewFile>,
    /// Documents of the case that go with it.
    pub documents: Vec<DocumentId>,
    /// Whether documents the client may not read yet are shared with them.
    pub share: bool,
}

impl Messages {
    /// Sends a message.
    ///
    /// # Errors
    /// Fails when the channel is not the caller's to write in, the message is empty or too
    /// large, or the client may not see the case or a document.
    pub async fn post(
        &self,
        scope: &Scope,
        new: NewMessage,
    ) -> Result<CaseMessageId, MessageError> {
        let NewMessage { case, channel, text, files, documents, share } = new;
        self.may_write(scope, case, channel).await?;
        let text = text.trim().to_owned();
        let count = files.len() + documents.len();
        if text.is_empty() && count == 0 {
            return Err(MessageError::Empty);
        }
        if text.chars().count() > LONGEST {
            return Err(MessageError::TooLong);
        }
        if count > MOST_ATTACHMENTS {
            return Err(MessageError::TooMany);
        }
        let linked = self.linked(scope, case, &documents).await?;
        let mut sealed = Vec::with_capacity(files.len());
        for file in files {
            sealed.push(self.sealed(file).await?);
        }
        let id = CaseMessageId::new();
        let mut tx = self.parts.db.write().await?;
        self.still_writes(&mut tx, scope, case, channel).await?;
        if scope.client().is_some() {
            self.not_too_fast(&mut tx, scope).await?;
        } else if channel == Channel::Client {
            if !store::is_shown_to_anybody(&mut tx, case).await? {
                return Err(MessageError::NotShown);
            }
            self.to_be_shared(&mut tx, scope, &linked, share).await?;
        }
        let words = (text.as_str(), folded(&text));
        let now = self.parts.clock.now();
        store::insert(&mut tx, scope, (id, case, channel), words, now).await?;
        for document in &linked {
            store::link(&mut tx, AttachmentId::new(), id, document.id, &document.title).await?;
        }
        for Sealed { name, media_type, size, sha256, bytes } in sealed {
            let file = (name, media_type, size, sha256, bytes);
            store::attach(&mut tx, AttachmentId::new(), id, file).await?;
        }
        self.tell(&mut tx, scope, (id, case, channel), &text).await?;
        let details = json!({
            "message": id, "case": case, "channel": channel.as_str(), "attachments": count,
        });
        self.record(&mut tx, scope, "message.send", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Takes one's own message back: its place stays, what it says is shown to nobody but
    /// those who read the record. Gives where it stood.
    ///
    /// # Errors
    /// Fails when it is not the caller's, or was sent too long ago.
    pub async fn withdraw(
        &self,
        scope: &Scope,
        id: CaseMessageId,
    ) -> Result<(CaseId, Channel), MessageError> {
        let now = self.parts.clock.now();
        let mut tx = self.parts.db.write().await?;
        let place = store::place(&mut tx, scope, id).await?.ok_or(MessageError::NotFound)?;
        if place.author_id != scope.user() {
            return Err(MessageError::NotFound);
        }
        let channel = place.channel()?;
        self.still_writes(&mut tx, scope, place.case_id, channel).await?;
        if store::withdraw(&mut tx, id, now, now - WITHDRAWN_WITHIN).await? == 0 {
            return Err(MessageError::TooLate);
        }
        let details = json!({ "message": id, "case": place.case_id, "channel": channel.as_str() });
        self.record(&mut tx, scope, "message.withdraw", details).await?;
        tx.commit().await?;
        Ok((place.case_id, channel))
    }

    /// Refuses whoever may not write in a channel, before anything else is looked at.
    ///
    /// # Errors
    /// Fails with why the caller may not.
    pub async fn may_write(
        &self,
        scope: &Scope,
        case: CaseId,
        channel: Channel,
    ) -> Result<(), MessageError> {
        let mut tx = self.parts.db.read().await?;
        self.opens(&mut tx, scope, case, channel).await?;
        if scope.client().is_some() {
            return Ok(());
        }
        if !scope.may(Permission::SendMessages) {
            return Err(MessageError::NotFound);
        }
        let known = self.parts.cases.to_be_changed(scope, case).await?;
        if channel == Channel::Client {
            if known.client_id.is_none() {
                return Err(MessageError::NoClient);
            }
            if !store::is_shown_to_anybody(&mut tx, case).await? {
                return Err(MessageError::NotShown);
            }
        }
        Ok(())
    }

    /// The same in the transaction of the change.
    async fn still_writes(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
        channel: Channel,
    ) -> Result<(), MessageError> {
        if scope.client().is_none() {
            return Ok(self.parts.cases.still_changes(tx, scope, case).await?);
        }
        self.opens(tx, scope, case, channel).await
    }

    /// Refuses a client who wrote too many messages within the last minute.
    async fn not_too_fast(&self, tx: &mut Tx, scope: &Scope) -> Result<(), MessageError> {
        let since = self.parts.clock.now() - TimeDelta::minutes(1);
        let written = store::written_since(tx, scope.user(), since).await?;
        if written < MOST_A_MINUTE { Ok(()) } else { Err(MessageError::TooFast) }
    }

    /// The documents that go with a message; each must be of the case. A client links
    /// those that are shared with them.
    async fn linked(
        &self,
        scope: &Scope,
        case: CaseId,
        documents: &[DocumentId],
    ) -> Result<Vec<Document>, MessageError> {
        let mut linked: Vec<Document> = Vec::new();
        for &id in documents {
            let document = self.parts.documents.find(scope, id).await?;
            if document.case_id != case {
                return Err(MessageError::NotFound);
            }
            if !linked.iter().any(|known| known.id == id) {
                linked.push(document);
            }
        }
        Ok(linked)
    }

    /// Shares what the client may not read yet, when that was chosen; refuses it otherwise.
    async fn to_be_shared(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        linked: &[Document],
        share: bool,
    ) -> Result<(), MessageError> {
        for document in linked {
            if store::is_shared(tx, document.id, self.parts.clock.now()).await? {
                continue;
            }
            if !share {
                return Err(MessageError::NotShared(document.title.clone()));
            }
            let new = NewShare::default();
            self.parts.documents.share_in(tx, scope, document.id, &new).await?;
        }
        Ok(())
    }
}
