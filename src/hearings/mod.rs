//! Hearings: what was and will be listed, cause lists, calendars and reminders.
//!
//! A *hearing* is a day of a case before its court. It is listed, perhaps mentioned, then
//! heard, not reached, adjourned or disposed of; the next date entered with its outcome is
//! the hearing that follows it, so that a case's adjournments are a chain. What was
//! entered is never deleted: a day that moves keeps the old one, and a hearing entered by
//! mistake is withdrawn. Another day that a source gives is a *claim* until somebody
//! decides on it.

mod add;
mod calendars;
pub mod cause_lists;
mod changes;
mod claims;
mod client;
mod hearing;
mod history;
mod kinds;
mod outcome;
mod reasons;
mod reminders;
mod store;
mod warnings;

use std::sync::Arc;

use serde_json::Value;

use crate::audit::Audit;
use crate::cases::{CaseError, Cases};
use crate::db::{Db, DbError, Tx};
use crate::events::{Event, EventKind, Events};
use crate::kernel::{CaseId, Clock, Scope};
use crate::notices::{NoticeError, Notices};

pub use calendars::ics::{Calendar, Entry, When};
pub use calendars::{Feed, FeedChoice, FeedOwner, Secret};
pub use changes::{Change, Details};
pub use claims::{Claim, NewClaim};
pub use hearing::{Adjourned, Hearing, HearingQuery, NewHearing, Withdrawn};
pub use history::{History, adjourned_counts};
pub use kinds::{
    AdjournedBy, ClaimDecision, HearingOutcome, ListAction, ListDecision, ListType, SourceKind,
    WarningKind,
};
pub use outcome::{Held, Next};
pub use reasons::{Reason, reason_words, reasons};
pub use warnings::Warning;

/// The longest text of a hearing, in characters.
const LONGEST: usize = 2_000;

/// What can be done here.
#[derive(Clone)]
pub struct Hearings {
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
}

/// Why something could not be done to a hearing.
#[derive(Debug, thiserror::Error)]
pub enum HearingError {
    /// It is not there, or not open to the caller.
    #[error("there is no such hearing")]
    NotFound,
    /// The same of a cause list.
    #[error("there is no such cause list")]
    NoList,
    /// The same of a calendar address.
    #[error("there is no such calendar address")]
    NoFeed,
    /// The case stands in the way.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// What is to be entered does not fit.
    #[error("{0}")]
    Unfit(&'static str),
    /// It was withdrawn.
    #[error("the hearing was withdrawn; enter it again if it is listed after all")]
    Withdrawn,
    /// Somebody else was there first.
    #[error("somebody has changed it meanwhile; look at it again")]
    Meanwhile,
    /// Somebody could not be told.
    #[error(transparent)]
    Notice(#[from] NoticeError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Hearings {
    /// Puts the area together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self { parts: Arc::new(parts) }
    }

    /// The chamber's day.
    #[must_use]
    pub fn today(&self) -> chrono::NaiveDate {
        crate::kernel::day_in_india(self.parts.clock.now())
    }

    async fn record(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        action: &'static str,
        details: Value,
    ) -> Result<(), DbError> {
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.parts.audit.record(tx, organisation, user, action, details).await
    }

    async fn emit(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        (kind, case): (EventKind, CaseId),
        about: Value,
    ) -> Result<(), DbError> {
        let organisation = scope.organisation();
        let event = Event { organisation, kind, case: Some(case), about };
        self.parts.events.emit(tx, event).await.map(drop)
    }
}

/// A text without the space around it; none where nothing is left.
fn filled(text: Option<String>) -> Result<Option<String>, HearingError> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST) {
        return Err(HearingError::Unfit("a text is too long; keep each under 2,000 characters"));
    }
    Ok(text)
}
