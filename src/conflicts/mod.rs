//! Conflicts of interest: who is who among all clients and parties there ever were.
//!
//! A *check* looks for names among all names the chamber has ever had to do with, also
//! those of cases and clients that are not open to whoever asks: that there is a match is
//! what a check is for. Of a match in what is not open to the reader only that is said, and
//! nothing at all of one behind a wall that keeps them out. For whoever a wall keeps out of
//! anything each check reads the same: an admin confirms it. So a match behind the wall and
//! no match cannot be told apart.

mod asking;
mod deciding;
mod duplicates;
mod entered;
mod identifiers;
mod matching;
pub mod names;
mod register;
mod store;
mod views;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use crate::audit::Audit;
use crate::cases::{CaseError, Cases};
use crate::clients::{ClientError, Clients};
use crate::db::{Db, DbError};
use crate::events::Events;
use crate::kernel::{CaseId, ClientId, Clock, ConflictCheckId, Permission, Scope};
use crate::notices::Notices;

pub use asking::{Asked, AskedName, Occasion, Summary};
pub use deciding::{Decided, Decision};
pub use duplicates::Duplicate;
pub use identifiers::Identifiers;
pub use matching::MOST_HITS;
pub use views::{Check, CheckRow, Hit, IN_TITLE, Source};

/// How many checks a page of the list has.
pub const PAGE: i64 = 50;
/// The most names of one check.
pub const MOST_NAMES: usize = 20;
/// How often names are read anew when nobody asks.
const ROUND: Duration = Duration::from_mins(10);

/// What can be done here.
#[derive(Clone)]
pub struct Conflicts {
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
    /// Clients.
    pub clients: Clients,
}

/// Why something could not be done to a check.
#[derive(Debug, thiserror::Error)]
pub enum ConflictError {
    /// The check is not there, or not open to the caller.
    #[error("there is no such conflict check")]
    NotFound,
    /// No name was given.
    #[error("enter at least one name to look for")]
    NoName,
    /// Too many names, or a text that is too long.
    #[error("{0}")]
    Unfit(&'static str),
    /// Why it was decided so is missing.
    #[error("say why it was decided so, in up to 1,000 characters; it is recorded")]
    NoReason,
    /// The caller does not decide this check.
    #[error(
        "an admin decides this check; those who lead its case may where every match is open to them"
    )]
    NotTheirs,
    /// The case is not the caller's.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The client is not the caller's.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Which checks are wanted.
#[derive(Debug, Clone, Default)]
pub struct CheckQuery {
    /// Of one case.
    pub case: Option<CaseId>,
    /// Of one client.
    pub client: Option<ClientId>,
    /// Those alone that wait for a decision.
    pub undecided: bool,
    /// Before this moment: the next page.
    pub before: Option<DateTime<Utc>>,
}

impl Conflicts {
    /// Puts the area together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self { parts: Arc::new(parts) }
    }

    /// Keeps the register of names up to date until told to stop, so that what is removed
    /// from a case between two checks is known all the same.
    pub async fn care(&self, stop: &CancellationToken) {
        loop {
            if let Err(error) = self.parts.clients.follow_merges().await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "what merged clients left could not be moved");
            }
            if let Err(error) = register::refresh_all(&self.parts).await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "the names of parties and clients could not be read");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(ROUND) => {}
            }
        }
    }

    /// The checks the caller may see, the newest first; at most [`PAGE`]. Their own, all of
    /// the chamber for an admin, and for others those of the cases they lead; none with a
    /// match behind a wall that keeps them out, unless they asked it.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn list(
        &self,
        scope: &Scope,
        query: &CheckQuery,
    ) -> Result<Vec<CheckRow>, ConflictError> {
        allowed(scope)?;
        let mut tx = self.parts.db.read().await?;
        views::list(&mut tx, scope, query).await
    }

    /// A check the caller may see, with what of its matches is theirs to know.
    ///
    /// # Errors
    /// Fails with [`ConflictError::NotFound`] when it is not there or not theirs.
    pub async fn find(&self, scope: &Scope, id: ConflictCheckId) -> Result<Check, ConflictError> {
        allowed(scope)?;
        let mut tx = self.parts.db.read().await?;
        views::find(&mut tx, scope, id).await
    }
}

/// Refuses whoever looks for no conflicts.
fn allowed(scope: &Scope) -> Result<(), ConflictError> {
    if scope.may(Permission::CheckConflicts) { Ok(()) } else { Err(ConflictError::NotFound) }
}
