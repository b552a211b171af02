//! The portal: a client's own front door.
//!
//! A client is *shown* a case when those who lead it say so, and reads of it the last and
//! the next date, what the chamber needs, and news an advocate approved. Documents are
//! *shared* one by one, each on terms of its own ([`crate::documents::Terms`]); nothing is
//! ever shared by being put in a folder. What a client sends is a *delivery*: it is kept
//! apart from the case until somebody of the chamber takes it in.
//!
//! Every statement asks one of two views: `shown_cases` for cases and `shared_documents`
//! for documents. Both hold ethical walls, and both end when the case becomes another
//! client's.

mod cases;
mod court;
mod deliveries;
mod language;
mod news;
mod people;
mod requests;
mod sharing;
mod showing;

use std::sync::Arc;

use serde_json::Value;

use crate::audit::Audit;
use crate::billing::Billing;
use crate::cases::{Case, CaseError, Cases};
use crate::clients::Clients;
use crate::db::{Db, DbError, Tx};
use crate::documents::{DocumentError, Documents};
use crate::events::Events;
use crate::hearings::{HearingError, Hearings};
use crate::kernel::{CaseId, ClientId, Clock, Permission, Scope};
use crate::notices::{NoticeError, Notices};
use crate::statement;

pub use cases::ShownCase;
pub use court::{CourtDay, CourtOutcome};
pub use deliveries::{Delivery, DeliveryStatus, LARGEST_MIB, MOST_A_DAY, NewDelivery};
pub use language::Language;
pub use news::{Approved, News, NewsTexts, Wording};
pub use people::PortalPerson;
pub use requests::{DoneHow, NewRequest, Request};
pub use sharing::SharedDocument;
pub use showing::{Showing, Shown};

/// The longest text of a request, a note or a reason, in characters.
const LONGEST: usize = 2_000;

/// What can be done in the portal.
#[derive(Clone)]
pub struct Portal {
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
    /// Documents.
    pub documents: Documents,
    /// Hearings.
    pub hearings: Hearings,
    /// What clients owe.
    pub billing: Billing,
}

/// Why something could not be done in the portal.
#[derive(Debug, thiserror::Error)]
pub enum PortalError {
    /// The caller is one of the chamber's own people.
    #[error("the portal is for clients; your documents are under Cases")]
    NotAClient,
    /// It is not there, or not open to the caller.
    #[error("there is no such thing, or it is not open to you")]
    NotFound,
    /// They do not lead the case.
    #[error("only those who lead the case, and admins, decide what its client is shown")]
    LeadsOnly,
    /// They are no advocate.
    #[error("only an advocate who works on the case, or an admin, approves what its client reads")]
    AdvocatesOnly,
    /// There is nobody to show it to.
    #[error("the case has no client; set the case's client first")]
    NoClient,
    /// What is to be entered does not fit.
    #[error("{0}")]
    Unfit(&'static str),
    /// Somebody decided already.
    #[error("this was decided already; load the page again to see how")]
    Decided,
    /// The wording is not the one that was read.
    #[error("the wording was changed meanwhile; read it again and approve what it says now")]
    Reworded,
    /// Too many files in one day.
    #[error("no more than {0} files can be sent in a day; send the rest tomorrow")]
    TooMany(i64),
    /// No case was named.
    #[error("choose the case first")]
    NoCase,
    /// No file came.
    #[error("choose a file first")]
    NoFile,
    /// The case could not be fetched or changed.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The documents could not be fetched or changed.
    #[error(transparent)]
    Documents(#[from] DocumentError),
    /// The hearings could not be fetched.
    #[error(transparent)]
    Hearing(#[from] HearingError),
    /// Nobody could be told.
    #[error(transparent)]
    Notice(#[from] NoticeError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// That a case is the caller's to read of: shown to the client who asks, or open to one of
/// the chamber. A client has no open cases, and the chamber's people are shown none. `$1`
/// is the caller; `c` is a row of the cases.
macro_rules! read_of {
    () => {
        "(EXISTS (SELECT 1 FROM shown_cases s WHERE s.user_id = $1 AND s.case_id = c.id)
          OR EXISTS (SELECT 1 FROM open_cases o WHERE o.user_id = $1 AND o.case_id = c.id))"
    };
}
use read_of;

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

impl Portal {
    /// Puts the area together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self { parts: Arc::new(parts) }
    }

    /// The client who asks.
    ///
    /// # Errors
    /// Fails for anyone who is not one.
    fn client_of(scope: &Scope) -> Result<ClientId, PortalError> {
        let client = scope.client().filter(|_| scope.may(Permission::UsePortal));
        client.ok_or(PortalError::NotAClient)
    }

    /// A case the caller may change, and its client.
    async fn to_be_changed(
        &self,
        scope: &Scope,
        case: CaseId,
    ) -> Result<(Case, ClientId), PortalError> {
        let found = self.parts.cases.to_be_changed(scope, case).await?;
        let client = found.client_id.ok_or(PortalError::NoClient)?;
        Ok((found, client))
    }

    /// Makes sure, in the transaction of a change, that the client who asks is shown the
    /// case.
    async fn still_shown(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
    ) -> Result<(), PortalError> {
        let select = statement!(
            "SELECT COUNT(*) AS count FROM shown_cases s WHERE s.user_id = $1 AND s.case_id = $2"
        );
        let shown = tx.one::<Count>(select.bind(scope.user()).bind(case)).await?.count > 0;
        if shown { Ok(()) } else { Err(PortalError::NotFound) }
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

/// A text without the space around it; none where nothing is left.
fn filled(text: Option<&str>) -> Result<Option<String>, PortalError> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > LONGEST) {
        return Err(PortalError::Unfit("the text is too long; keep it under 2,000 characters"));
    }
    Ok(text.map(str::to_owned))
}

/// A day as it is stored.
fn day(
    table: &'static str,
    column: &'static str,
    stored: Option<String>,
) -> Result<Option<chrono::NaiveDate>, DbError> {
    stored
        .map(|value| value.parse().map_err(|_| DbError::Inconsistent { table, column, value }))
        .transpose()
}
