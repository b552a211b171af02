//! Mail and text messages on their way out.
//!
//! A *letter* is written in the transaction of what it tells of, and delivered in
//! the background by a *carrier*: a mail server, a gateway for text messages. Without
//! one it stays here, where an admin can read it and pass it on. What a letter says is
//! sealed, and gone once it is sent: it holds one-time links and codes.

mod carriers;
mod deliver;
mod list;
mod read;
mod store;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::audit::Audit;
use crate::db::{Db, DbError, Tx};
use crate::kernel::{CaseId, Clock, LetterId, OrganisationId, UserId};
use crate::vault::{Vault, VaultError};

pub use carriers::{BadCarrier, Carrier, Gateway, MailServer, NotCarried};
pub use list::{Filter, Line, MOST, Opened, ReadByOther, Status};

/// What letters are sealed as.
const PURPOSE: &str = "letter";

/// What can be done with letters.
#[derive(Clone)]
pub struct Outbox {
    db: Db,
    clock: Arc<dyn Clock>,
    vault: Vault,
    audit: Audit,
    carriers: Carriers,
}

/// What the area is put together from.
pub struct Parts {
    /// The tables.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What seals letters.
    pub vault: Vault,
    /// The record.
    pub audit: Audit,
    /// What delivers.
    pub carriers: Carriers,
}

/// What delivers letters; where there is none, they wait for an admin.
#[derive(Clone, Default)]
pub struct Carriers {
    /// What sends mail.
    pub mail: Option<Arc<dyn Carrier>>,
    /// What sends text messages.
    pub sms: Option<Arc<dyn Carrier>>,
}

/// Where a letter goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// A mail address.
    Mail(String),
    /// A telephone number, with its country's code.
    Phone(String),
}

/// What a letter says; kept sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The subject of a mail; a text message has none.
    pub subject: String,
    /// Plain text, in whole sentences.
    pub text: String,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Words(…)")
    }
}

/// A letter to be sent.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Whose letter it is.
    pub organisation: OrganisationId,
    /// Where it goes.
    pub to: To,
    /// What kind it is, as one word, for the admin's list.
    pub kind: &'static str,
    /// What it says.
    pub words: Words,
}

/// When a letter goes and whom it tells of what, where that matters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terms {
    /// Not before this moment: its reader wants quiet.
    pub not_before: Option<DateTime<Utc>>,
    /// Who reads it; before it goes it is asked whether they still may.
    pub reader: Option<UserId>,
    /// The case it tells of.
    pub case: Option<CaseId>,
}

/// Why something could not be done with a letter.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// Only an admin may.
    #[error("only an admin may do that")]
    AdminOnly,
    /// There is no such letter, or it was sent and its words are gone.
    #[error("there is no such letter, or it was sent already")]
    NotFound,
    /// It holds a link or code, and something delivers it to its recipient.
    #[error(
        "this letter lets its recipient in, and goes to them alone since something delivers it; \
         let it be tried again, or write it anew to the right address"
    )]
    GoesOut,
    /// It holds a link or code, and a wall keeps the reader out of something.
    #[error(
        "this letter lets its recipient in; since a wall keeps you out of something they may see, \
         an admin whom none keeps out must pass it on"
    )]
    BehindWall,
    /// It could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Outbox {
    /// Puts the area together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { db, clock, vault, audit, carriers } = parts;
        Self { db, clock, vault, audit, carriers }
    }

    /// Writes a letter in the transaction of what it tells of.
    ///
    /// # Errors
    /// Fails when the database does, or it cannot be sealed.
    pub async fn post(&self, tx: &mut Tx, letter: Letter) -> Result<LetterId, OutboxError> {
        self.post_on(tx, letter, Terms::default()).await
    }

    /// Writes a letter that goes on certain terms.
    ///
    /// # Errors
    /// Fails when the database does, or it cannot be sealed.
    pub async fn post_on(
        &self,
        tx: &mut Tx,
        letter: Letter,
        terms: Terms,
    ) -> Result<LetterId, OutboxError> {
        let id = LetterId::new();
        let words = serde_json::to_vec(&letter.words).unwrap_or_default();
        let sealed = self.vault.seal(PURPOSE, &words)?;
        store::insert(tx, id, (letter, sealed), terms, self.clock.now()).await?;
        Ok(id)
    }

    /// Whether mail is delivered, and text messages.
    #[must_use]
    pub fn delivers(&self) -> (bool, bool) {
        (self.carriers.mail.is_some(), self.carriers.sms.is_some())
    }

    /// Opens what a letter says.
    fn open(&self, sealed: &[u8]) -> Result<Words, OutboxError> {
        let words = self.vault.unseal(PURPOSE, sealed)?;
        serde_json::from_slice(&words).map_err(|_| VaultError::Damaged.into())
    }
}
