//! Days that sources give differently, until somebody decides.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::add::fits;
use super::store::changes::Moved;
use super::{
    ClaimDecision, Hearing, HearingError, Hearings, NewHearing, SourceKind, filled, store,
};
use crate::cases::Source;
use crate::db::Tx;
use crate::kernel::{CaseId, HearingClaimId, HearingId, Scope};

/// Another day for a hearing, and how it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClaim {
    /// The day.
    pub on_date: NaiveDate,
    /// In which room.
    pub court_hall: Option<String>,
    /// At which item.
    pub item: Option<String>,
    /// How it is known.
    pub source_kind: SourceKind,
    /// The page it is known from.
    pub source: Option<Source>,
    /// The line of a cause list.
    pub quote: Option<String>,
}

/// A claim nobody has decided on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Its id.
    pub id: HearingClaimId,
    /// The hearing it is about.
    pub hearing: HearingId,
    /// The case.
    pub case_id: CaseId,
    /// The case's title.
    pub case_title: String,
    /// The day known so far.
    pub known_date: NaiveDate,
    /// How that is known.
    pub known_kind: SourceKind,
    /// What the other source gives.
    pub claimed: NewClaim,
    /// The hearing entered for that day already.
    pub became: Option<HearingId>,
    /// Who entered it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Hearings {
    /// Keeps another day that a source gives for a hearing. The same day is kept once.
    ///
    /// # Errors
    /// Fails when the hearing is not the caller's to change, was withdrawn or held, and
    /// when the day is the one known already.
    pub async fn claim(
        &self,
        scope: &Scope,
        id: HearingId,
        new: NewClaim,
    ) -> Result<HearingClaimId, HearingError> {
        let mut tx = self.parts.db.write().await?;
        let hearing = self.to_be_changed(&mut tx, scope, id).await?;
        let claim = self.claim_in(&mut tx, scope, &hearing, new).await?;
        tx.commit().await?;
        Ok(claim)
    }

    /// Keeps a claim in a transaction that holds the case.
    pub(super) async fn claim_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        hearing: &Hearing,
        new: NewClaim,
    ) -> Result<HearingClaimId, HearingError> {
        fits(new.on_date)?;
        if hearing.known.outcome.is_some() {
            return Err(HearingError::Unfit("the hearing was held; its day is not in doubt"));
        }
        if hearing.known.on_date == new.on_date {
            return Err(HearingError::Unfit("that is the day known already"));
        }
        self.source_fits(tx, hearing.case_id, new.source.as_ref()).await?;
        let source_kind = if new.source.is_some() { SourceKind::Document } else { new.source_kind };
        let new = NewClaim {
            court_hall: filled(new.court_hall)?,
            item: filled(new.item)?,
            quote: filled(new.quote)?,
            source_kind,
            ..new
        };
        let (id, now) = (HearingClaimId::new(), self.parts.clock.now());
        if !store::claims::insert(tx, scope.user(), id, (hearing.id, &new, None), now).await? {
            return Err(HearingError::Unfit("that day is kept already, and waits for a decision"));
        }
        let details = json!({ "case": hearing.case_id, "hearing": hearing.id, "claim": id });
        self.record(tx, scope, "hearing.claim", details).await?;
        Ok(id)
    }

    /// The claims nobody has decided on, of a case or of all open to the caller.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn claims(
        &self,
        scope: &Scope,
        case: Option<CaseId>,
    ) -> Result<Vec<Claim>, HearingError> {
        let mut tx = self.parts.db.read().await?;
        Ok(store::claims::open(&mut tx, scope, case).await?)
    }

    /// Decides between the known day and another.
    ///
    /// # Errors
    /// Fails when the claim is not the caller's to decide, and with
    /// [`HearingError::Meanwhile`] when somebody has.
    pub async fn decide_claim(
        &self,
        scope: &Scope,
        id: HearingClaimId,
        decision: ClaimDecision,
    ) -> Result<(), HearingError> {
        let mut tx = self.parts.db.write().await?;
        let Some(claim) = store::claims::find(&mut tx, scope, id).await? else {
            let known = store::claims::is_known(&mut tx, scope, id).await?;
            return Err(if known { HearingError::Meanwhile } else { HearingError::NotFound });
        };
        let hearing = self.to_be_changed(&mut tx, scope, claim.hearing).await?;
        let now = self.parts.clock.now();
        if !store::claims::decide(&mut tx, scope.user(), (id, decision), now).await? {
            return Err(HearingError::Meanwhile);
        }
        self.apply(&mut tx, scope, (&claim, &hearing), decision).await?;
        let details = json!({ "case": claim.case_id, "hearing": claim.hearing, "claim": id });
        self.record(&mut tx, scope, "hearing.decide", details).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn apply(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        (claim, hearing): (&Claim, &Hearing),
        decision: ClaimDecision,
    ) -> Result<(), HearingError> {
        const WHY: &str = "two sources gave different days, and the other was decided for";
        let became = match claim.became {
            Some(id) => store::find(tx, scope, id).await?.filter(|one| one.withdrawn.is_none()),
            None => None,
        };
        let claimed = &claim.claimed;
        match (decision, became) {
            (ClaimDecision::Refused, Some(other)) if other.known.outcome.is_none() => {
                self.withdraw_in(tx, scope, &other, WHY).await
            }
            (ClaimDecision::Refused, _) => Ok(()),
            // The client was not told of that day while it was in doubt.
            (ClaimDecision::Both, Some(_)) => {
                self.tell_next(tx, scope, claim.case_id, &[claimed.on_date]).await
            }
            (ClaimDecision::Taken, Some(_)) => {
                self.withdraw_in(tx, scope, hearing, WHY).await?;
                if claimed.on_date < hearing.known.on_date {
                    self.tell_next(tx, scope, claim.case_id, &[claimed.on_date]).await?;
                }
                Ok(())
            }
            (ClaimDecision::Taken, None) => {
                let moved = Moved {
                    id: hearing.id,
                    from: hearing.known.on_date,
                    to: claimed.on_date,
                    reason: Some(WHY),
                    kind: claimed.source_kind,
                    source: claimed.source.as_ref(),
                    quote: claimed.quote.as_deref(),
                };
                self.move_in(tx, scope, hearing, &moved).await?;
                let mut hearing = hearing.clone();
                hearing.known.court_hall = claimed.court_hall.clone().or(hearing.known.court_hall);
                hearing.known.item = claimed.item.clone().or(hearing.known.item);
                Ok(store::describe(tx, &hearing).await?)
            }
            (ClaimDecision::Both, None) => {
                let new = NewHearing {
                    court_hall: claimed.court_hall.clone(),
                    item: claimed.item.clone(),
                    source_kind: claimed.source_kind,
                    source: claimed.source.clone(),
                    quote: claimed.quote.clone(),
                    ..NewHearing::on(claimed.on_date)
                };
                let there = self.coming(tx, scope, claim.case_id).await?;
                if there.iter().all(|one| one.known.on_date != claimed.on_date) {
                    self.enter(tx, scope, (claim.case_id, None), &new).await?;
                    self.tell_entered(tx, scope, claim.case_id, &new).await?;
                }
                Ok(())
            }
        }
    }
}
