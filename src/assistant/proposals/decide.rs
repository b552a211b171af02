//! Approving and rejecting.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, Decision};
use super::{Kind, Proposal, ProposalError, Proposals, Status, fit_title};
use crate::cases::Source;
use crate::db::Tx;
use crate::deadlines::{NewTask, TaskKind};
use crate::fees::NewTime;
use crate::hearings::NewHearing;
use crate::kernel::{Paise, ProposalId, Scope};

/// The longest reason, in characters.
const LONGEST_REASON: usize = 1_000;

/// What whoever approves a proposal would have otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = ProposalEdits)]
#[serde(deny_unknown_fields)]
pub struct Edits {
    /// Another title.
    pub title: Option<String>,
    /// Another day.
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<NaiveDate>,
    /// What an hour costs the client, in paise, of time worked; when left out, what the
    /// last entry says.
    pub paise_per_hour: Option<i64>,
}

impl Proposals {
    /// Approves a proposal: it becomes what it proposes, in the same transaction, entered
    /// by whoever approves it.
    ///
    /// # Errors
    /// Fails when it is not there or its case not open to the caller, when they may not
    /// work on the case, when somebody decided already, when a hearing or time has no
    /// day, for another's time, and when case or billing refuse what would be entered.
    /// Nothing is changed then.
    pub async fn approve(
        &self,
        scope: &Scope,
        id: ProposalId,
        edits: Edits,
    ) -> Result<Proposal, ProposalError> {
        let mut tx = self.db.write().await?;
        let found = self.to_be_decided(&mut tx, scope, id).await?;
        let rate = edits.paise_per_hour.map(Paise);
        let title = edits.title.filter(|title| !title.trim().is_empty());
        let title = fit_title(title.as_deref().unwrap_or(&found.title))?;
        let known = found.on.as_ref().and_then(|day| day.parse().ok());
        let on = edits.on.or(known);
        if on.is_some_and(|day| !(1950..=2100).contains(&day.year())) {
            return Err(ProposalError::Unfit("the day must lie between 1950 and 2100"));
        }
        let day = on.map(|day| day.to_string());
        let decision =
            Decision { status: Status::Approved, title: &title, on: day.as_deref(), reason: None };
        if !store::decide(&mut tx, scope, id, decision, self.clock.now()).await? {
            return Err(ProposalError::Decided(self.status_now(&mut tx, scope, id).await?));
        }
        let source = store::source_of(&mut tx, id).await?;
        let became = self.enter(&mut tx, scope, &found, (title, on, rate), source).await?;
        store::became(&mut tx, id, became).await?;
        let details = json!({
            "proposal": id, "case": found.case_id, "kind": found.kind, "became": became,
            "changed": on != known,
        });
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.audit.record(&mut tx, organisation, user, "proposal.approve", details).await?;
        tx.commit().await?;
        self.find(scope, id).await
    }

    /// Rejects a proposal, with the reason.
    ///
    /// # Errors
    /// Fails without a reason, and as [`Proposals::approve`] otherwise.
    pub async fn reject(
        &self,
        scope: &Scope,
        id: ProposalId,
        reason: &str,
    ) -> Result<Proposal, ProposalError> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(ProposalError::NoReason);
        }
        if reason.chars().count() > LONGEST_REASON {
            return Err(ProposalError::Unfit(
                "the reason is too long; keep it under 1,000 characters",
            ));
        }
        let mut tx = self.db.write().await?;
        let found = self.to_be_decided(&mut tx, scope, id).await?;
        let decision = Decision {
            status: Status::Rejected,
            title: &found.title,
            on: found.on.as_deref(),
            reason: Some(reason),
        };
        if !store::decide(&mut tx, scope, id, decision, self.clock.now()).await? {
            return Err(ProposalError::Decided(self.status_now(&mut tx, scope, id).await?));
        }
        let details = json!({ "proposal": id, "case": found.case_id, "kind": found.kind });
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.audit.record(&mut tx, organisation, user, "proposal.reject", details).await?;
        tx.commit().await?;
        self.find(scope, id).await
    }

    /// A proposal that waits for a decision the caller may make at this moment: whatever
    /// their rights were when it was made or shown.
    async fn to_be_decided(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: ProposalId,
    ) -> Result<Proposal, ProposalError> {
        let found = store::find(tx, scope, id).await?.ok_or(ProposalError::NotFound)?;
        if !scope.opens(found.case_id) {
            return Err(ProposalError::NotFound);
        }
        if !scope.works_on(found.case_id) {
            return Err(crate::cases::CaseError::ReadOnly.into());
        }
        self.cases.still_changes(tx, scope, found.case_id).await?;
        if found.status != Status::Open {
            return Err(ProposalError::Decided(found.status));
        }
        if !found.may_decide {
            return Err(ProposalError::NotTheirTime);
        }
        Ok(found)
    }

    /// How far a proposal is that another decided at the same time.
    async fn status_now(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: ProposalId,
    ) -> Result<Status, ProposalError> {
        let found = store::find(tx, scope, id).await?.ok_or(ProposalError::NotFound)?;
        Ok(found.status)
    }

    /// Enters what a proposal proposes and gives its id.
    async fn enter(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        found: &Proposal,
        (title, on, rate): (String, Option<NaiveDate>, Option<Paise>),
        source: Option<Source>,
    ) -> Result<Uuid, ProposalError> {
        let case = found.case_id;
        match found.kind {
            Kind::Hearing => {
                let day = on.ok_or(ProposalError::Unfit("give the hearing a day to approve it"))?;
                let purpose = title.strip_prefix("Hearing for ").unwrap_or(&title);
                let purpose = (purpose != "Hearing").then(|| purpose.to_owned());
                let new = NewHearing { purpose, source, ..NewHearing::on(day) };
                Ok(self.hearings.add_in(tx, scope, case, new).await?.uuid())
            }
            Kind::Task | Kind::Deadline => {
                if found.kind == Kind::Deadline && on.is_none() {
                    return Err(ProposalError::Unfit("give the deadline a day to approve it"));
                }
                let kind =
                    if found.kind == Kind::Task { TaskKind::Task } else { TaskKind::Deadline };
                let case = Some(case);
                let (note, assignee) = (None, None);
                let new = NewTask { case, kind, title, note, due_on: on, assignee, source };
                Ok(self.deadlines.add_in(tx, scope, new).await?.uuid())
            }
            Kind::Time => {
                let day = on.ok_or(ProposalError::Unfit("give the time a day to approve it"))?;
                let minutes = found.minutes.and_then(|minutes| u32::try_from(minutes).ok());
                let new = NewTime {
                    case,
                    worked_on: day,
                    minutes: minutes.unwrap_or(0),
                    paise_per_hour: rate,
                    work: None,
                    description: title,
                    billable: true,
                };
                Ok(self.fees.add_time_in(tx, scope, new).await?.uuid())
            }
        }
    }
}
