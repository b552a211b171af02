//! Deadlines: limitation, court holidays, and what is to be done by when.
//!
//! A *task* is work somebody has set, a *deadline* a day that law or an order sets. A
//! limitation is worked out from rules that are data (`index/limitation.toml`) and the
//! calendar of the court, and can be kept in a case as a deadline with all of its steps.

pub mod calendar;
mod error;
mod fingerprint;
pub mod holidays;
pub mod kept;
pub mod limitation;
pub mod tasks;

use std::sync::Arc;

use serde_json::Value;

use crate::audit::Audit;
use crate::cases::Cases;
use crate::db::{Db, DbError, Tx};
use crate::events::Events;
use crate::kernel::{Clock, Scope};
use crate::notices::Notices;

pub use error::DeadlineError;
pub use tasks::{NewTask, Task, TaskKind, TaskQuery, TaskStatus};

/// What can be done here.
#[derive(Clone)]
pub struct Deadlines {
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

impl Deadlines {
    /// Puts the area together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self { parts: Arc::new(parts) }
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
}

/// The longest text of a task, calendar or limitation, in characters.
const LONGEST: usize = 2_000;

/// A text without the space around it; none where nothing is left.
fn filled(text: Option<String>) -> Result<Option<String>, DeadlineError> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST) {
        return Err(DeadlineError::Unfit("a text is too long; keep each under 2,000 characters"));
    }
    Ok(text)
}
