//! What messages look like on the wire.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::kernel::{AttachmentId, CaseId, CaseMessageId, DocumentId, UserId};
use crate::messages::{Attachment, Channel, Conversation, Found, Message, Receipt, Thread};

/// Who reads a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MessageChannel)]
pub(super) enum ChannelName {
    /// The chamber's people of the case alone.
    #[default]
    Team,
    /// They and the client.
    Client,
}

impl From<Channel> for ChannelName {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Team => Self::Team,
            Channel::Client => Self::Client,
        }
    }
}

impl From<ChannelName> for Channel {
    fn from(name: ChannelName) -> Self {
        match name {
            ChannelName::Team => Self::Team,
            ChannelName::Client => Self::Client,
        }
    }
}

/// What goes with a message.
#[derive(Serialize, ToSchema)]
#[schema(as = MessageAttachment)]
pub(super) struct AttachmentView {
    /// Its id.
    id: AttachmentId,
    /// The document it is, or was kept as.
    document_id: Option<DocumentId>,
    /// How it is called.
    name: String,
    /// What a file's bytes are, told from themselves.
    media_type: Option<String>,
    /// How large a file is, in bytes.
    size_bytes: Option<i64>,
    /// Whether there is a file to be fetched.
    is_file: bool,
}

impl From<Attachment> for AttachmentView {
    fn from(attachment: Attachment) -> Self {
        let Attachment { id, document_id, name, media_type, size_bytes, is_file, .. } = attachment;
        Self { id, document_id, name, media_type, size_bytes, is_file }
    }
}

/// A message of a case.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseMessage)]
pub(super) struct MessageView {
    /// Its id; later messages have greater ones.
    id: CaseMessageId,
    /// Of which case.
    case_id: CaseId,
    /// Who reads it.
    channel: ChannelName,
    /// Who wrote it.
    author_id: UserId,
    /// How they are called.
    author: String,
    /// Whether they are the client.
    by_client: bool,
    /// What it says; nothing of a message that was taken back.
    text: String,
    /// When it was written.
    sent_at: DateTime<Utc>,
    /// When it was taken back.
    withdrawn_at: Option<DateTime<Utc>>,
    /// What goes with it.
    attachments: Vec<AttachmentView>,
}

impl From<Message> for MessageView {
    fn from(message: Message) -> Self {
        let Message { id, case_id, channel, author_id, author, by_client, .. } = message;
        Self {
            id,
            case_id,
            channel: channel.into(),
            author_id,
            author,
            by_client,
            text: message.text,
            sent_at: message.sent_at,
            withdrawn_at: message.withdrawn_at,
            attachments: message.attachments.into_iter().map(Into::into).collect(),
        }
    }
}

/// How far somebody has read.
#[derive(Serialize, ToSchema)]
#[schema(as = ReadReceipt)]
pub(super) struct ReceiptView {
    /// How they are called.
    name: String,
    /// Whether they are the client.
    is_client: bool,
    /// The last message they have read.
    up_to: CaseMessageId,
    /// When they read it.
    read_at: DateTime<Utc>,
}

impl From<Receipt> for ReceiptView {
    fn from(receipt: Receipt) -> Self {
        let Receipt { user_id: _, name, is_client, up_to, read_at } = receipt;
        Self { name, is_client, up_to, read_at }
    }
}

/// A part of the messages of a channel.
#[derive(Serialize, ToSchema)]
#[schema(as = MessageThread)]
pub(super) struct ThreadView {
    /// The messages, the oldest of them first.
    messages: Vec<MessageView>,
    /// Whether there are older ones.
    older: bool,
    /// How far the others have read; a client is told of the chamber as one.
    receipts: Vec<ReceiptView>,
    /// Up to which message the caller had read.
    read_up_to: Option<CaseMessageId>,
}

impl From<Thread> for ThreadView {
    fn from(thread: Thread) -> Self {
        let Thread { messages, older, receipts, read_up_to } = thread;
        Self {
            messages: messages.into_iter().map(Into::into).collect(),
            older,
            receipts: receipts.into_iter().map(Into::into).collect(),
            read_up_to,
        }
    }
}

/// A channel of a case in which something was written.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseConversation)]
pub(super) struct ConversationView {
    /// The case.
    case_id: CaseId,
    /// Its title.
    case_title: String,
    /// Which of its channels.
    channel: ChannelName,
    /// Who wrote last.
    author: String,
    /// What they wrote; nothing when it was taken back.
    text: String,
    /// When.
    sent_at: DateTime<Utc>,
    /// How many messages of others the caller has not read.
    unread: u64,
}

impl From<Conversation> for ConversationView {
    fn from(conversation: Conversation) -> Self {
        let Conversation { case_id, case_title, channel, author, text, sent_at, unread } =
            conversation;
        Self { case_id, case_title, channel: channel.into(), author, text, sent_at, unread }
    }
}

/// A message that was found.
#[derive(Serialize, ToSchema)]
#[schema(as = FoundMessage)]
pub(super) struct FoundView {
    /// The message.
    message: MessageView,
    /// The title of its case.
    case_title: String,
}

impl From<Found> for FoundView {
    fn from(found: Found) -> Self {
        Self { message: found.message.into(), case_title: found.case_title }
    }
}

/// Which messages of a case are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ThreadQuery {
    /// Of which channel.
    #[param(inline)]
    #[serde(default)]
    pub(super) channel: ChannelName,
    /// Those before this message: the first of the page before.
    #[param(value_type = Option<Uuid>)]
    pub(super) before: Option<CaseMessageId>,
}

/// Which messages a client wants of a case.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PortalThreadQuery {
    /// Those before this message: the first of the page before.
    #[param(value_type = Option<Uuid>)]
    pub(super) before: Option<CaseMessageId>,
}

/// Which messages are searched for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FindQuery {
    /// Words that must all stand in a message, five at most.
    pub(super) q: String,
    /// In this case alone.
    #[param(value_type = Option<Uuid>)]
    pub(super) case: Option<CaseId>,
    /// Those before this message: the last of the page before.
    #[param(value_type = Option<Uuid>)]
    pub(super) before: Option<CaseMessageId>,
}

/// A message to be sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCaseMessage)]
pub(super) struct NewMessageBody {
    /// Who is to read it; the team when left out.
    #[serde(default)]
    pub(super) channel: ChannelName,
    /// What it says; `@` and a name tells that person at once.
    #[schema(max_length = 10000)]
    pub(super) text: String,
    /// Documents of the case that go with it, five at most.
    #[serde(default)]
    pub(super) documents: Vec<DocumentId>,
    /// Whether documents the client may not read yet are shared with them.
    #[serde(default)]
    pub(super) share: bool,
}

/// A message of a client to be sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPortalMessage)]
pub(super) struct NewPortalBody {
    /// What it says.
    #[schema(max_length = 10000)]
    pub(super) text: String,
    /// Documents shared with you that go with it, five at most.
    #[serde(default)]
    pub(super) documents: Vec<DocumentId>,
}

/// How far somebody has read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReadUpTo)]
pub(super) struct ReadBody {
    /// In which channel; the team's when left out.
    #[serde(default)]
    pub(super) channel: ChannelName,
    /// The last message that was read.
    pub(super) up_to: CaseMessageId,
}

/// A message that was sent.
#[derive(Serialize, ToSchema)]
#[schema(as = SentMessage)]
pub(super) struct SentView {
    /// Its id.
    pub(super) id: CaseMessageId,
}
