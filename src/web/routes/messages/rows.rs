//! Messages as rows of pages.

use crate::app::App;
use crate::kernel::Scope;
use crate::messages::{
    Attachment, Channel, Conversation, Found, Message, Thread, WITHDRAWN_WITHIN,
};
use crate::portal::Language;
use crate::web::messages::{AttachmentRow, ConversationRow, FoundRow, MessageRow, ReceiptRow};
use crate::web::portal::words::Speak;

/// How many characters of a message the inbox shows.
const BEGINNING: usize = 200;

/// How a reader is shown messages.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    /// The language they read.
    pub(super) language: Language,
    /// Whether they may take their own messages back and keep files.
    pub(super) may_write: bool,
    /// Whether they are shown how far the others have read: beside the newest messages,
    /// since beside older ones it would say that what follows was read.
    pub(super) newest: bool,
}

/// A thread's messages and receipts.
pub(super) fn of_thread(
    app: &App,
    scope: &Scope,
    thread: Thread,
    reading: Reading,
) -> (Vec<MessageRow>, Vec<ReceiptRow>) {
    let last = thread.messages.last().map(|message| message.id);
    let unread = thread.messages.iter().find(|message| {
        message.author_id != scope.user()
            && thread.read_up_to.is_none_or(|up_to| message.id > up_to)
    });
    let first_new = unread.filter(|_| thread.read_up_to.is_some()).map(|message| message.id);
    let receipts = thread.receipts.into_iter().filter(|_| reading.newest);
    let receipts = receipts.map(|receipt| ReceiptRow {
        name: receipt.name,
        all: last.is_none_or(|last| receipt.up_to >= last),
        at: receipt.read_at.into(),
    });
    let receipts = receipts.collect();
    let rows = thread.messages.into_iter().map(|message| {
        let is_new = first_new == Some(message.id);
        MessageRow { is_new, ..row(app, scope, message, reading) }
    });
    (rows.collect(), receipts)
}

fn row(app: &App, scope: &Scope, message: Message, reading: Reading) -> MessageRow {
    let own = message.author_id == scope.user();
    let portal = scope.client().is_some();
    let recent = app.clock.now() - WITHDRAWN_WITHIN <= message.sent_at;
    let base = if portal { "/portal/case-messages" } else { "/case-messages" };
    let withdraw = (own && recent && reading.may_write && message.withdrawn_at.is_none())
        .then(|| format!("{base}/{}/withdraw", message.id));
    let attachments = message.attachments.into_iter();
    MessageRow {
        id: message.id,
        author: message.author,
        own,
        by_client: message.by_client,
        text: message.text,
        sent: message.sent_at.into(),
        withdrawn: message.withdrawn_at.map(Into::into),
        withdraw,
        is_new: false,
        attachments: attachments.map(|it| attachment(it, portal, reading)).collect(),
    }
}

fn attachment(attachment: Attachment, portal: bool, reading: Reading) -> AttachmentRow {
    let Attachment { id, document_id, name, size_bytes, is_file, .. } = attachment;
    let base = if portal { "/portal" } else { "" };
    let document = document_id.map(|document| format!("{base}/documents/{document}"));
    let file = format!("/api/v1{base}/attachments/{id}");
    let (href, document) = match (is_file, document) {
        (false, Some(document)) => (document, None),
        (_, document) => (file, document),
    };
    let keep = is_file && document_id.is_none() && reading.may_write && !portal;
    AttachmentRow {
        id,
        name,
        href,
        size: size_bytes.filter(|_| is_file).map(|bytes| reading.language.size(bytes)),
        document,
        keep: keep.then(|| format!("/attachments/{id}/keep")),
    }
}

/// The address of a channel.
fn channel_href(case: crate::kernel::CaseId, channel: Channel, portal: bool) -> String {
    if portal {
        format!("/portal/messages/{case}")
    } else {
        format!("/cases/{case}/messages?with={}", channel.as_str())
    }
}

pub(super) fn conversation(conversation: Conversation, portal: bool) -> ConversationRow {
    let Conversation { case_id, case_title, channel, author, text, sent_at, unread } = conversation;
    let mut beginning: String = text.chars().take(BEGINNING).collect();
    if beginning.len() < text.len() {
        beginning.push('…');
    }
    ConversationRow {
        case_title,
        href: channel_href(case_id, channel, portal),
        to_client: channel == Channel::Client,
        author,
        text: beginning,
        sent: sent_at.into(),
        unread,
    }
}

pub(super) fn found(found: Found, portal: bool) -> FoundRow {
    let Found { message, case_title } = found;
    let channel = channel_href(message.case_id, message.channel, portal);
    // The page that ends with the message: ids are ordered, and the next one is after it.
    let next = message.id.uuid().as_u128().saturating_add(1);
    let mark = if portal { '?' } else { '&' };
    let before = uuid::Uuid::from_u128(next);
    FoundRow {
        case_title,
        href: format!("{channel}{mark}before={before}#message-{}", message.id),
        to_client: message.channel == Channel::Client,
        author: message.author,
        text: message.text,
        sent: message.sent_at.into(),
    }
}
