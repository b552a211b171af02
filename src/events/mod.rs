//! Events: what happened in the chamber, for other systems.
//!
//! An *event* is a row written in the transaction of what it tells of; what it is about
//! are ids and days, never the contents of a document or message.
//!
//! A *webhook* is an address of another system that is told of events as they happen:
//! a *delivery* for each event of a kind it listens to is queued in the same transaction,
//! signed and sent in the background, tried again with growing waits, and can be
//! replayed for ninety days.

mod deliver;
mod deliveries;
mod hooks;
mod signature;
mod store;

use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::audit::Audit;
use crate::db::{Db, DbError, Tx};
use crate::kernel::{CaseId, Clock, EventId, OrganisationId};
use crate::outside::{NotAllowed, Outside};
use crate::vault::{Vault, VaultError};

pub use deliveries::{Delivery, MOST_DELIVERIES, Standing, Wanted};
pub use hooks::{Made, NewWebhook, Webhook};

/// The longest name of a webhook, in characters.
pub const LONGEST_NAME: usize = 100;
/// How many webhooks an organisation has at most.
pub const MOST_WEBHOOKS: i64 = 50;
/// How many days events are kept, and can be replayed.
pub const KEPT_DAYS: i64 = 90;
/// The kind of the event by which a webhook is tried.
pub const TEST_KIND: &str = "webhook.test";

/// What can be done with events.
#[derive(Clone)]
pub struct Events {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Audit,
    vault: Vault,
    outside: Outside,
    http: Arc<OnceLock<reqwest::Client>>,
}

/// Why something could not be done with webhooks.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// Only those may who look after webhooks.
    #[error("only an admin may do that")]
    NotAllowed,
    /// The webhook or the event is not there.
    #[error("there is no such webhook or event")]
    NotFound,
    /// The name is empty or too long.
    #[error("give the webhook a name of up to {LONGEST_NAME} characters")]
    Name,
    /// No kind of event was chosen.
    #[error("choose at least one kind of event")]
    NoKinds,
    /// The address is none that is asked.
    #[error("the address cannot be used: {0}")]
    Address(NotAllowed),
    /// There are as many as there may be.
    #[error("there are {MOST_WEBHOOKS} webhooks already; remove one that is not needed")]
    TooMany,
    /// Events of that day are gone, or it is still to come.
    #[error("choose a day of the last {KEPT_DAYS} days; older events are not kept")]
    Since,
    /// It is switched off.
    #[error("the webhook is switched off; switch it on first")]
    Off,
    /// A secret could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// A case was opened.
    CaseCreated,
    /// A case was closed.
    CaseClosed,
    /// A closed case was opened again.
    CaseReopened,
    /// A document can be searched.
    DocumentReady,
    /// A document could not be read.
    DocumentFailed,
    /// A hearing was entered.
    HearingAdded,
    /// A hearing's day or outcome changed.
    HearingChanged,
    /// Something to be done was entered.
    TaskAdded,
    /// Something was done.
    TaskDone,
    /// A client was added.
    ClientAdded,
    /// An invoice was issued.
    InvoiceIssued,
    /// An invoice was cancelled or taken back in part.
    InvoiceCredited,
    /// A payment was entered.
    PaymentRecorded,
    /// A client sent a file.
    FileDelivered,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::CaseCreated,
        Self::CaseClosed,
        Self::CaseReopened,
        Self::DocumentReady,
        Self::DocumentFailed,
        Self::HearingAdded,
        Self::HearingChanged,
        Self::TaskAdded,
        Self::TaskDone,
        Self::ClientAdded,
        Self::InvoiceIssued,
        Self::InvoiceCredited,
        Self::PaymentRecorded,
        Self::FileDelivered,
    ];

    /// The stored form, and its name outside.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CaseCreated => "case.created",
            Self::CaseClosed => "case.closed",
            Self::CaseReopened => "case.reopened",
            Self::DocumentReady => "document.ready",
            Self::DocumentFailed => "document.failed",
            Self::HearingAdded => "hearing.added",
            Self::HearingChanged => "hearing.changed",
            Self::TaskAdded => "task.added",
            Self::TaskDone => "task.done",
            Self::ClientAdded => "client.added",
            Self::InvoiceIssued => "invoice.issued",
            Self::InvoiceCredited => "invoice.credited",
            Self::PaymentRecorded => "payment.recorded",
            Self::FileDelivered => "file.delivered",
        }
    }

    /// What happened, in words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::CaseCreated => "A case was opened",
            Self::CaseClosed => "A case was closed",
            Self::CaseReopened => "A case was opened again",
            Self::DocumentReady => "A document can be searched",
            Self::DocumentFailed => "A document could not be read",
            Self::HearingAdded => "A hearing was entered",
            Self::HearingChanged => "A hearing was changed",
            Self::TaskAdded => "A task or deadline was entered",
            Self::TaskDone => "A task was done",
            Self::ClientAdded => "A client was added",
            Self::InvoiceIssued => "An invoice was issued",
            Self::InvoiceCredited => "An invoice was cancelled or credited",
            Self::PaymentRecorded => "A payment was entered",
            Self::FileDelivered => "A client sent a file",
        }
    }
}

impl FromStr for EventKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is no kind of event"))
    }
}

/// Something that happened, to be told.
#[derive(Debug, Clone)]
pub struct Event {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// What happened.
    pub kind: EventKind,
    /// In which case.
    pub case: Option<CaseId>,
    /// A JSON object of ids and days.
    pub about: Value,
}

impl Events {
    /// Puts the area together; `outside` says which addresses are asked.
    #[must_use]
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        audit: Audit,
        vault: Vault,
        outside: Outside,
    ) -> Self {
        Self { db, clock, audit, vault, outside, http: Arc::default() }
    }

    /// Tells of something in the transaction of what happened: the event, and a delivery
    /// for each webhook that listens to its kind.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn emit(&self, tx: &mut Tx, event: Event) -> Result<EventId, DbError> {
        let id = EventId::new();
        let now = self.clock.now();
        let Event { organisation, kind, case, about } = event;
        store::insert(tx, id, (organisation, kind.as_str()), (case, about), now).await?;
        for (webhook, kinds) in store::listening(tx, organisation).await? {
            if kinds.split(' ').any(|listens| listens == kind.as_str()) {
                store::queue(tx, webhook, id, now).await?;
            }
        }
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_from_its_name() {
        for kind in EventKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert!(kind.as_str().split('.').count() == 2 && !kind.as_str().contains(' '));
        }
        assert!(TEST_KIND.parse::<EventKind>().is_err());
    }
}
