//! Cases: the unit of work an advocate opens and works on.
//!
//! A case is open to its *members*, and to admins whom no ethical wall keeps out.
//! Billing knows that it exists. To everyone else it does not exist: not theirs and
//! not there are the same answer. The other areas lean on [`Cases::find`] and
//! [`Cases::to_be_changed`] for that decision.

mod closing;
mod fields;
mod file;
mod import;
mod links;
mod names;
mod notes;
mod parties;
mod register;
mod required;
mod store;
mod tags;
mod team;
mod values;
mod visits;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::audit::Audit;
use crate::db::{Db, DbError, Tx};
use crate::events::{EventKind, Events};
use crate::kernel::{CaseId, CaseRole, ClientId, Clock, Permission, Role, Scope, VersionId};

pub use closing::{Closed, Closing, DISPOSALS, disposal_words};
pub use fields::{CaseField, FieldKind, FieldValue, NewField};
pub use file::{COURT_LEVELS, CaseFile, CaseNumber, FileAt, KnownNumber, NumberKind};
pub use import::{CaseList, Entered, Entering, LARGEST_LIST, ListColumn, PreviewRow};
pub use links::{Branch, LinkKind};
pub use names::CaseName;
pub use notes::Note;
pub use parties::{
    Appearing, Counsel, NewParty, NewVakalatnama, Party, PartyFile, Vakalatnama, VakalatnamaState,
};
pub use register::{CaseQuery, Order, Register, RegisterChoices, RegisterRow};
pub use team::Member;
pub use visits::{NewDocument, News};

/// The longest text of a party, hearing or task, in characters.
const LONGEST: usize = 2_000;

/// Where a hearing or task is known from: a page of a document of its case, and the
/// words that say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CaseSource)]
pub struct Source {
    /// The version that was read.
    pub version: VersionId,
    /// The page, from 1.
    pub page: Option<u32>,
    /// Its words.
    pub quote: Option<String>,
}

/// What can be done with cases.
#[derive(Clone)]
pub struct Cases {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Audit,
    events: Events,
}

/// A matter.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Who the chamber acts for.
    pub client_id: Option<ClientId>,
    /// The client's name.
    pub client_name: Option<String>,
    /// How it is called: `A v. B`.
    pub title: String,
    /// The court's number for it.
    pub number: Option<String>,
    /// The court.
    pub court: Option<String>,
    /// The national case number record.
    pub cnr: Option<String>,
    /// What it is about; withheld from who only knows of it.
    pub summary: Option<String>,
    /// `open` or `closed`.
    pub status: String,
    /// When the chamber took it on, as `YYYY-MM-DD`.
    pub opened_on: String,
    /// When it was entered here.
    pub created_at: DateTime<Utc>,
    /// How many documents it has; this and the next two are withheld from who only
    /// knows of the case.
    pub documents: Option<i64>,
    /// How many of them are still being read.
    pub reading: Option<i64>,
    /// How many could not be read.
    pub failed: Option<i64>,
    /// When a document was last added, or the case itself.
    pub touched_at: DateTime<Utc>,
}

/// A case to be opened.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewCase {
    /// How it is called.
    pub title: String,
    /// The court's number for it.
    pub number: Option<String>,
    /// The court.
    pub court: Option<String>,
    /// The national case number record.
    pub cnr: Option<String>,
    /// Who the chamber acts for.
    pub client_id: Option<ClientId>,
    /// What it is about.
    pub summary: Option<String>,
    /// When the chamber took it on; today when left out.
    pub opened_on: Option<NaiveDate>,
}

/// Why something could not be done to a case.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// It is not there, or not open to the caller.
    #[error("there is no such case")]
    NotFound,
    /// The title is empty.
    #[error("the case's title must not be empty")]
    NoTitle,
    /// The client is not one of the organisation's.
    #[error("there is no such client")]
    NoClient,
    /// The person is not one who can work on cases here.
    #[error(
        "only active advocates and staff whom no ethical wall keeps out can be members of a case"
    )]
    NoMember,
    /// They may read the case and nothing more.
    #[error("you may read this case but not change it; ask one of those who lead it")]
    ReadOnly,
    /// They do not lead the case.
    #[error("only those who lead the case, and admins, say who works on it")]
    LeadsOnly,
    /// Nobody would lead the case any more.
    #[error("a case keeps someone who leads it; let somebody else lead it first")]
    LastLead,
    /// What is to be entered does not fit.
    #[error("{0}")]
    Unfit(&'static str),
    /// A value of a form does not fit.
    #[error("{words}")]
    Wrong {
        /// Which value.
        field: &'static str,
        /// What is wrong with it and what to do.
        words: String,
    },
    /// Somebody else changed it meanwhile.
    #[error(
        "somebody else changed this meanwhile; look at what it says now and send your change again"
    )]
    Stale,
    /// It is for those who lead the case.
    #[error("only those who lead the case, and admins, {0}")]
    LeadDecides(&'static str),
    /// The case is closed.
    #[error("the case is closed; open it again before anything new is entered")]
    Closed,
    /// Clients open no cases.
    #[error("only the chamber's own people may do that")]
    NotAllowed,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Cases {
    /// Puts the area together.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, audit: Audit, events: Events) -> Self {
        Self { db, clock, audit, events }
    }

    /// Opens a case; an advocate or staff member who opens one leads it.
    ///
    /// # Errors
    /// Fails on an empty title, an unknown client, or for a client.
    pub async fn open(&self, scope: &Scope, new: NewCase) -> Result<CaseId, CaseError> {
        let mut tx = self.db.write().await?;
        let id = self.open_in(&mut tx, scope, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Opens a case in a transaction of the caller's.
    ///
    /// # Errors
    /// As [`Cases::open`].
    pub async fn open_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        new: NewCase,
    ) -> Result<CaseId, CaseError> {
        if !scope.may(Permission::OpenCases) {
            return Err(CaseError::NotAllowed);
        }
        if new.title.trim().is_empty() {
            return Err(CaseError::NoTitle);
        }
        let now = self.clock.now();
        let id = CaseId::new();
        if let Some(client) = new.client_id
            && !store::client_exists(tx, scope, client).await?
        {
            return Err(CaseError::NoClient);
        }
        let number = filled(new.number.clone())?;
        store::insert(tx, scope, id, new, now).await?;
        if let Some(number) = number {
            file::set_numbers(tx, id, &[CaseNumber { number, kind: NumberKind::Own }]).await?;
        }
        if scope.role() != Role::Admin {
            let lead = CaseRole::Lead;
            store::set_member(tx, scope, id, (scope.user(), lead), now).await?;
        }
        self.record(tx, scope, "case.open", json!({ "case": id })).await?;
        self.tell(tx, scope, EventKind::CaseCreated, id, json!({ "case": id })).await?;
        Ok(id)
    }

    /// Makes sure, in a transaction, that what is in a case is open to the caller.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when it is not.
    pub async fn reads(&self, tx: &mut Tx, scope: &Scope, id: CaseId) -> Result<(), CaseError> {
        let opens = scope.opens(id) && store::find(tx, scope, id).await?.is_some();
        if opens { Ok(()) } else { Err(CaseError::NotFound) }
    }

    /// A case the caller may see.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when it is not there or not open to them.
    pub async fn find(&self, scope: &Scope, id: CaseId) -> Result<Case, CaseError> {
        let mut tx = self.db.read().await?;
        let found = store::find(&mut tx, scope, id).await?;
        Ok(withheld(scope, found.ok_or(CaseError::NotFound)?))
    }

    /// A case the caller may add to and change.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when its contents are not open to them, and
    /// with [`CaseError::ReadOnly`] when they may only read it.
    pub async fn to_be_changed(&self, scope: &Scope, id: CaseId) -> Result<Case, CaseError> {
        let case = self.find(scope, id).await?;
        if !scope.opens(id) {
            Err(CaseError::NotFound)
        } else if scope.works_on(id) {
            Ok(case)
        } else {
            Err(CaseError::ReadOnly)
        }
    }

    /// Makes sure, in the transaction of a change, that the caller may still make it:
    /// an upload can outlast a membership.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when the case is no longer theirs to change.
    pub async fn still_changes(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: CaseId,
    ) -> Result<(), CaseError> {
        if store::works_on(tx, scope, id).await? { Ok(()) } else { Err(CaseError::NotFound) }
    }

    /// The cases the caller may see, newest first.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn list(&self, scope: &Scope) -> Result<Vec<Case>, CaseError> {
        let mut tx = self.db.read().await?;
        let cases = store::list(&mut tx, scope).await?;
        Ok(cases.into_iter().map(|case| withheld(scope, case)).collect())
    }

    /// The case of that title among those the caller may see.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when there is none.
    pub async fn find_titled(&self, scope: &Scope, title: &str) -> Result<Case, CaseError> {
        let mut tx = self.db.read().await?;
        let found = store::find_titled(&mut tx, scope, title.trim()).await?;
        Ok(withheld(scope, found.ok_or(CaseError::NotFound)?))
    }

    async fn record(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        action: &'static str,
        details: serde_json::Value,
    ) -> Result<(), DbError> {
        self.audit.record(tx, scope.organisation(), Some(scope.user()), action, details).await
    }
}

/// A text without the space around it; none where nothing is left.
fn filled(text: Option<String>) -> Result<Option<String>, CaseError> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST) {
        return Err(CaseError::Unfit("a text is too long; keep each under 2,000 characters"));
    }
    Ok(text)
}

/// A case as its caller may see it: who only knows of it learns nothing of what is
/// in it, nor when that last changed.
fn withheld(scope: &Scope, case: Case) -> Case {
    if scope.opens(case.id) {
        return case;
    }
    Case {
        summary: None,
        documents: None,
        reading: None,
        failed: None,
        touched_at: case.created_at,
        ..case
    }
}
