//! Messages: what people write each other in a case, inside the chamber and with the client.
//!
//! A case has two *channels*, kept apart everywhere: the team's, which nobody outside the
//! chamber reads, and the client's, which the client reads in the portal. A message is
//! never changed; its author may take it back for a short while, and then its place stays
//! with the time it was taken back. Who may read is asked of the tables at every read:
//! the case is open to them, or shown to the client they are.

mod attachments;
mod folding;
mod mentions;
mod read;
mod search;
mod store;
mod told;
mod write;

use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::audit::Audit;
use crate::cases::{CaseError, Cases};
use crate::db::{Db, DbError, Tx};
use crate::documents::{DocumentError, Documents};
use crate::events::Events;
use crate::kernel::{AttachmentId, CaseId, CaseMessageId, Clock, DocumentId, Scope, UserId};
use crate::notices::{NoticeError, Notices};
use crate::vault::{Vault, VaultError};

pub use attachments::{Fetched, NewFile};
pub use read::{Conversation, Receipt, Thread};
pub use search::Found;
pub use write::NewMessage;

/// The longest message, in characters.
pub const LONGEST: usize = 10_000;
/// How many messages a page of a thread holds; the statement says the same.
pub const PAGE: usize = 50;
/// How many files and documents go with a message at most.
pub const MOST_ATTACHMENTS: usize = 5;
/// The largest file that goes with a message, in bytes.
pub const LARGEST_FILE: usize = 10 << 20;
/// How long an author may take a message back.
pub const WITHDRAWN_WITHIN: TimeDelta = TimeDelta::minutes(15);
/// How many messages somebody of a client may write in a minute.
pub const MOST_A_MINUTE: i64 = 10;

/// What can be done with messages.
#[derive(Clone)]
pub struct Messages {
    parts: Arc<Parts>,
}

/// What the area is put together from.
pub struct Parts {
    /// The tables.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The record.
    pub audit: Audit,
    /// What other systems are told.
    pub events: Events,
    /// What people are told.
    pub notices: Notices,
    /// Cases.
    pub cases: Cases,
    /// Documents.
    pub documents: Documents,
    /// What seals files.
    pub vault: Vault,
}

/// Who reads a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// The chamber's people of the case, nobody else.
    Team,
    /// They and the client.
    Client,
}

impl Channel {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Team, Self::Client];

    /// The stored form, and its name in addresses and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Client => "client",
        }
    }
}

impl FromStr for Channel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|channel| channel.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is none of `team` and `client`"))
    }
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id; later messages have greater ones.
    pub id: CaseMessageId,
    /// Of which case.
    pub case_id: CaseId,
    /// Who reads it.
    pub channel: Channel,
    /// Who wrote it.
    pub author_id: UserId,
    /// How they are called.
    pub author: String,
    /// Whether they are the client.
    pub by_client: bool,
    /// What it says; nothing of a message that was taken back.
    pub text: String,
    /// When it was written.
    pub sent_at: DateTime<Utc>,
    /// When it was taken back.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// What goes with it.
    pub attachments: Vec<Attachment>,
}

/// What goes with a message: a document of the case, or a file that came with it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// Which message it goes with.
    pub message_id: CaseMessageId,
    /// The document it is, or was kept as.
    pub document_id: Option<DocumentId>,
    /// How it is called.
    pub name: String,
    /// What a file's bytes are.
    pub media_type: Option<String>,
    /// How large a file is, in bytes.
    pub size_bytes: Option<i64>,
    /// Whether there is a file to be fetched.
    pub is_file: bool,
}

/// Why something could not be done with messages.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// The message, file or case is not there, or not open to the caller.
    #[error("there is no such message, or it is not open to you")]
    NotFound,
    /// It says nothing.
    #[error("write something, or attach a file")]
    Empty,
    /// It is too long.
    #[error("a message has at most {LONGEST} characters; send what is longer as a document")]
    TooLong,
    /// Too much goes with it.
    #[error("attach at most {MOST_ATTACHMENTS} files and documents to one message")]
    TooMany,
    /// A file is too large.
    #[error("`{0}` is larger than 10 MiB; add it to the case as a document")]
    TooLarge(String),
    /// A file is of no kind that is taken.
    #[error("`{0}` was not taken: {1}")]
    Refused(String, String),
    /// The case has no client.
    #[error("the case has no client to write to; set the case's client first")]
    NoClient,
    /// The client does not see the case.
    #[error("the client is not shown this case; show it to them under Portal first")]
    NotShown,
    /// The client may not read a document that was attached.
    #[error(
        "`{0}` is not shared with the client; share it, or choose to share it with the message"
    )]
    NotShared(String),
    /// It is too late to take it back.
    #[error("a message can be taken back for 15 minutes; write another that says what is right")]
    TooLate,
    /// A client writes too fast.
    #[error("you wrote {MOST_A_MINUTE} messages within a minute; wait a minute and send it again")]
    TooFast,
    /// A file is kept among the documents already.
    #[error("this file is kept among the documents already")]
    Kept,
    /// The case refused it.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// A document could not be read, shared or added.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// Nobody could be told.
    #[error(transparent)]
    Notice(#[from] NoticeError),
    /// A file could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Messages {
    /// Puts the area together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self { parts: Arc::new(parts) }
    }

    /// Whether a channel of a case is open to the caller: the case to somebody of the
    /// chamber, the client's channel to a client who is shown the case.
    async fn opens(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
        channel: Channel,
    ) -> Result<(), MessageError> {
        let open = match scope.client() {
            Some(_) => {
                channel == Channel::Client && store::is_shown(tx, scope.user(), case).await?
            }
            None => store::is_open(tx, scope.user(), case).await?,
        };
        if open { Ok(()) } else { Err(MessageError::NotFound) }
    }

    async fn record(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        action: &'static str,
        details: Value,
    ) -> Result<(), DbError> {
        let by = Some(scope.user());
        self.parts.audit.record(tx, scope.organisation(), by, action, details).await
    }
}
