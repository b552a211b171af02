//! Messages of cases: the two channels of a case, the inbox, and the client's side.

mod words;

use askama::Template;

use crate::kernel::{AttachmentId, CaseId, CaseMessageId};
use crate::web::cases::CaseTabs;
use crate::web::page::{Layout, pages};
use crate::web::parts::{CaseRef, Choice, Field};
use crate::web::show::Moment;

pub use words::{MessageWords, message_words};

/// One channel of a case, as the team reads it.
#[derive(Debug, Clone, Template)]
#[template(path = "messages/case.html")]
pub struct CaseMessagesPage {
    /// The frame.
    pub layout: Layout,
    /// The words around messages.
    pub words: &'static MessageWords,
    /// The tabs of the case.
    pub tabs: CaseTabs,
    /// Whether it is the client's channel.
    pub to_client: bool,
    /// The client, where the case has one.
    pub client: Option<String>,
    /// The messages, the oldest first.
    pub messages: Vec<MessageRow>,
    /// The address of the messages before these.
    pub older: Option<String>,
    /// Who has read how far.
    pub receipts: Vec<ReceiptRow>,
    /// Why nothing can be written here; none where it can.
    pub closed: Option<String>,
    /// What was wrong with the message just sent.
    pub problem: Option<String>,
    /// What was typed.
    pub text: Field,
    /// The documents that can go along.
    pub documents: Vec<Choice>,
    /// Whom an `@` can name.
    pub names: Vec<String>,
}

/// The messages of a case, as its client reads them.
#[derive(Debug, Clone, Template)]
#[template(path = "messages/portal.html")]
pub struct PortalMessagesPage {
    /// The frame.
    pub layout: Layout,
    /// The words around messages.
    pub words: &'static MessageWords,
    /// The case.
    pub case: CaseRef,
    /// The messages, the oldest first.
    pub messages: Vec<MessageRow>,
    /// The address of the messages before these.
    pub older: Option<String>,
    /// Until when the chamber has read.
    pub receipts: Vec<ReceiptRow>,
    /// What was wrong with the message just sent.
    pub problem: Option<String>,
    /// What was typed.
    pub text: Field,
}

/// Every channel in which something was written, or what was found.
#[derive(Debug, Clone, Template)]
#[template(path = "messages/inbox.html")]
pub struct InboxPage {
    /// The frame.
    pub layout: Layout,
    /// The words around messages.
    pub words: &'static MessageWords,
    /// Whether a client reads it.
    pub portal: bool,
    /// What is searched for.
    pub query: String,
    /// The channels, the newest message first.
    pub conversations: Vec<ConversationRow>,
    /// What was found, when something is searched for.
    pub found: Option<Vec<FoundRow>>,
    /// The cases a client can write about; empty for the chamber.
    pub cases: Vec<CaseRef>,
}

/// A message.
#[derive(Debug, Clone)]
pub struct MessageRow {
    /// Which.
    pub id: CaseMessageId,
    /// Who wrote it.
    pub author: String,
    /// Whether the reader did.
    pub own: bool,
    /// Whether the client did.
    pub by_client: bool,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub sent: Moment,
    /// When it was taken back.
    pub withdrawn: Option<Moment>,
    /// Where it can be taken back, while it can.
    pub withdraw: Option<String>,
    /// Whether it is the first the reader had not read.
    pub is_new: bool,
    /// What goes with it.
    pub attachments: Vec<AttachmentRow>,
}

/// What goes with a message.
#[derive(Debug, Clone)]
pub struct AttachmentRow {
    /// Which.
    pub id: AttachmentId,
    /// How it is called.
    pub name: String,
    /// Its address.
    pub href: String,
    /// How large a file is.
    pub size: Option<String>,
    /// The document a file was kept as.
    pub document: Option<String>,
    /// Where a file can be kept as a document.
    pub keep: Option<String>,
}

/// How far somebody has read.
#[derive(Debug, Clone)]
pub struct ReceiptRow {
    /// Who.
    pub name: String,
    /// Whether they have read the last message.
    pub all: bool,
    /// When they last read.
    pub at: Moment,
}

/// A channel in which something was written.
#[derive(Debug, Clone)]
pub struct ConversationRow {
    /// The case's title.
    pub case_title: String,
    /// The channel's address.
    pub href: String,
    /// Whether the client reads it.
    pub to_client: bool,
    /// Who wrote last.
    pub author: String,
    /// The beginning of it.
    pub text: String,
    /// When.
    pub sent: Moment,
    /// How many messages are not read.
    pub unread: u64,
}

/// A message that was found.
#[derive(Debug, Clone)]
pub struct FoundRow {
    /// The case's title.
    pub case_title: String,
    /// The address of its channel at the message.
    pub href: String,
    /// Whether the client reads it.
    pub to_client: bool,
    /// Who wrote it.
    pub author: String,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub sent: Moment,
}

pages!(CaseMessagesPage, PortalMessagesPage, InboxPage);

impl CaseMessagesPage {
    /// The address of a channel of the case.
    #[must_use]
    pub fn channel(&self, with: &str) -> String {
        let id: CaseId = self.tabs.case.id;
        format!("/cases/{id}/messages?with={with}")
    }
}

#[cfg(test)]
mod samples;
