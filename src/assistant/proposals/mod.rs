//! Proposals: what the assistant would write, for a person to approve or reject.
//!
//! A model may only ever *propose* a hearing, a task, a deadline or time worked; so may
//! the reading of an order. A proposal changes nothing. Somebody who works on its case
//! approves it, with a day or title of their own if need be, and only then, in the same
//! transaction, it becomes the thing. Whatever a document says, hidden or plain, it can
//! do no more than make a proposal that waits.

mod decide;
mod store;
mod tools;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ask::AskError;
use crate::audit::Audit;
use crate::cases::{CaseError, Cases};
use crate::db::{Db, DbError};
use crate::deadlines::{DeadlineError, Deadlines};
use crate::fees::{FeeError, Fees};
use crate::hearings::{HearingError, Hearings};
use crate::kernel::{CaseId, Clock, DocumentId, MessageId, ProposalId, Scope, UserId, VersionId};

pub use decide::Edits;
pub use tools::{Called, MOST_PER_ANSWER, is_tool, tools};

/// The longest title, in characters.
const LONGEST_TITLE: usize = 500;

/// What can be done with proposals.
#[derive(Clone)]
pub struct Proposals {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Audit,
    cases: Cases,
    fees: Fees,
    deadlines: Deadlines,
    hearings: Hearings,
}

/// What a proposal would become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProposalKind)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A hearing.
    Hearing,
    /// Something to be done.
    Task,
    /// A last day that law or an order sets.
    Deadline,
    /// Time worked, of whoever asked.
    Time,
}

impl Kind {
    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hearing => "hearing",
            Self::Task => "task",
            Self::Deadline => "deadline",
            Self::Time => "time",
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Self::Hearing, Self::Task, Self::Deadline, Self::Time];
        let found = all.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| text.to_owned())
    }
}

/// How far a proposal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProposalStatus)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It waits for a person.
    Open,
    /// It became what it proposed.
    Approved,
    /// It came to nothing.
    Rejected,
}

impl Status {
    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Status {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Self::Open, Self::Approved, Self::Rejected];
        let found = all.into_iter().find(|status| status.as_str() == text);
        found.ok_or_else(|| text.to_owned())
    }
}

/// The words a proposal to be made rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The version that was read.
    pub version: VersionId,
    /// The page, from 1.
    pub page: u32,
    /// The words, as they stand there.
    pub quote: String,
}

/// A proposal to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProposal {
    /// The case it is about.
    pub case: CaseId,
    /// What it would become.
    pub kind: Kind,
    /// What it is, or what was done.
    pub title: String,
    /// The day; none where none could be told.
    pub on: Option<NaiveDate>,
    /// Why the day is not certain.
    pub doubt: Option<String>,
    /// How the day was come by.
    pub computed: Option<String>,
    /// How long, of time worked.
    pub minutes: Option<u32>,
    /// The answer it is made in.
    pub message: Option<MessageId>,
    /// The words it rests on.
    pub source: Option<Source>,
}

/// Where a proposal's words stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProposalSource)]
pub struct Sourced {
    /// The document.
    pub document_id: DocumentId,
    /// Its title.
    pub title: String,
    /// The number of the version that was read.
    pub version: i64,
    /// The page, from 1.
    pub page: u32,
    /// The words, as they stand there.
    pub quote: String,
}

/// A proposal in a case open to the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Proposal {
    /// Its id.
    pub id: ProposalId,
    /// The case.
    pub case_id: CaseId,
    /// The case's title.
    pub case_title: String,
    /// What it would become.
    pub kind: Kind,
    /// What it is, or what was done.
    pub title: String,
    /// The day of the hearing, the last day, or the day worked, as `YYYY-MM-DD`; none
    /// where none could be told, and one must be given to approve a hearing.
    pub on: Option<String>,
    /// Why the day is not certain; none when it is.
    pub doubt: Option<String>,
    /// How the day was come by: `order of 20 November 2025 + four weeks`.
    pub computed: Option<String>,
    /// How long, of time worked.
    pub minutes: Option<i64>,
    /// The answer it was made in.
    pub message_id: Option<MessageId>,
    /// The words it rests on.
    pub source: Option<Sourced>,
    /// How far it is.
    pub status: Status,
    /// Who asked the assistant.
    pub proposed_by: String,
    /// When it was made.
    pub proposed_at: DateTime<Utc>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// The hearing, task or time entry it became.
    #[schema(value_type = Option<Uuid>)]
    pub became_id: Option<Uuid>,
    /// Whether the case has the same already: a hearing on that day, a task of that
    /// title and day, as much time on that day.
    pub is_duplicate: bool,
    /// Whether the caller may approve and reject it.
    pub may_decide: bool,
}

/// Which proposals are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Which {
    /// Of one case; of all open to the caller when left out.
    pub case: Option<CaseId>,
    /// Made in one answer.
    pub message: Option<MessageId>,
    /// So far decided.
    pub status: Option<Status>,
}

/// Why something could not be done with a proposal.
#[derive(Debug, thiserror::Error)]
pub enum ProposalError {
    /// It is not there, or its case not open to the caller.
    #[error("there is no such proposal")]
    NotFound,
    /// Somebody decided already.
    #[error("the proposal is {0} already; nothing was changed")]
    Decided(Status),
    /// Time is entered by whoever worked.
    #[error("time is entered by the person who worked it; let them approve it")]
    NotTheirTime,
    /// What is proposed or changed does not fit.
    #[error("{0}")]
    Unfit(&'static str),
    /// A rejection without a reason.
    #[error("say why it is rejected, in a few words")]
    NoReason,
    /// The case refused.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// Time could not be entered.
    #[error(transparent)]
    Fees(#[from] FeeError),
    /// Hearings refused.
    #[error(transparent)]
    Hearing(#[from] HearingError),
    /// Deadlines refused.
    #[error(transparent)]
    Deadline(#[from] DeadlineError),
    /// The document could not be read.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Proposals {
    /// Puts the use cases together.
    #[must_use]
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        audit: Audit,
        cases: Cases,
        fees: Fees,
        deadlines: Deadlines,
        hearings: Hearings,
    ) -> Self {
        Self { db, clock, audit, cases, fees, deadlines, hearings }
    }

    /// Makes proposals, all or none, and gives the id of each. What was proposed of the
    /// same words, or in the same answer, keeps the proposal it has, decided or not.
    ///
    /// # Errors
    /// Fails where the caller may not work on a case, and on an empty or very long title.
    pub async fn propose(
        &self,
        scope: &Scope,
        new: Vec<NewProposal>,
    ) -> Result<Vec<ProposalId>, ProposalError> {
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        let mut ids = Vec::with_capacity(new.len());
        for new in new {
            let new = NewProposal { title: fit_title(&new.title)?, ..new };
            if !scope.works_on(new.case) {
                return Err(CaseError::NotFound.into());
            }
            self.cases.still_changes(&mut tx, scope, new.case).await?;
            if let Some(known) = store::same(&mut tx, scope, &new).await? {
                ids.push(known);
                continue;
            }
            let id = ProposalId::new();
            store::insert(&mut tx, scope, id, &new, now).await?;
            let details = json!({
                "proposal": id, "case": new.case, "kind": new.kind, "message": new.message,
            });
            let (organisation, user) = (scope.organisation(), Some(scope.user()));
            self.audit.record(&mut tx, organisation, user, "proposal.make", details).await?;
            ids.push(id);
        }
        tx.commit().await?;
        Ok(ids)
    }

    /// Proposals in the cases open to the caller: those that wait first, then the newest;
    /// at most 500.
    ///
    /// # Errors
    /// Fails when the case asked for is not open to the caller.
    pub async fn list(&self, scope: &Scope, which: Which) -> Result<Vec<Proposal>, ProposalError> {
        if let Some(case) = which.case
            && !scope.opens(case)
        {
            return Err(CaseError::NotFound.into());
        }
        let mut tx = self.db.read().await?;
        Ok(store::list(&mut tx, scope, which).await?)
    }

    /// One proposal.
    ///
    /// # Errors
    /// Fails with [`ProposalError::NotFound`] when it is not there or its case not open
    /// to the caller.
    pub async fn find(&self, scope: &Scope, id: ProposalId) -> Result<Proposal, ProposalError> {
        let mut tx = self.db.read().await?;
        store::find(&mut tx, scope, id).await?.ok_or(ProposalError::NotFound)
    }
}

/// Whether the caller may decide on a proposal.
fn may_decide(scope: &Scope, case: CaseId, kind: Kind, proposed_by: UserId) -> bool {
    scope.works_on(case) && (kind != Kind::Time || proposed_by == scope.user())
}

/// A title on one line, neither empty nor very long.
fn fit_title(title: &str) -> Result<String, ProposalError> {
    let title: String = title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() {
        return Err(ProposalError::Unfit("say in a few words what it is"));
    }
    if title.chars().count() > LONGEST_TITLE {
        return Err(ProposalError::Unfit("the title is too long; keep it under 500 characters"));
    }
    Ok(title)
}
