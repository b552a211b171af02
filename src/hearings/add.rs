//! Entering and listing hearings.

use chrono::{Datelike, NaiveDate};
use serde_json::json;

use super::{
    Hearing, HearingError, HearingQuery, Hearings, NewClaim, NewHearing, SourceKind, filled, store,
};
use crate::cases::Source;
use crate::db::{DbError, Tx};
use crate::events::EventKind;
use crate::kernel::{CaseId, HearingClaimId, HearingId, Scope};

/// The years a hearing can be in: before is no register kept here, later is a slip.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

impl Hearings {
    /// Enters a hearing of a case.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, a text is too long, or the
    /// document it is taken from is not one of the case.
    pub async fn add(
        &self,
        scope: &Scope,
        case: CaseId,
        new: NewHearing,
    ) -> Result<HearingId, HearingError> {
        let mut tx = self.parts.db.write().await?;
        let id = self.add_in(&mut tx, scope, case, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Enters a hearing of a case in a transaction of the caller's. Where a document gives
    /// another day than the one known so far, the known one is marked as doubtful.
    ///
    /// # Errors
    /// As [`Hearings::add`].
    pub async fn add_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
        new: NewHearing,
    ) -> Result<HearingId, HearingError> {
        self.parts.cases.changes(tx, scope, case).await?;
        store::lock_case(tx, case).await?;
        let known = self.coming(tx, scope, case).await?;
        let new = self.fit(tx, case, new).await?;
        let id = self.enter(tx, scope, (case, None), &new).await?;
        // Two days of one document are two hearings; of two, they may contradict each other.
        let version = |source: &Option<Source>| source.as_ref().map(|source| source.version);
        let other = known.iter().find(|one| {
            one.known.on_date != new.on_date && version(&one.known.source) != version(&new.source)
        });
        let doubtful = other.filter(|_| new.source.is_some() && new.outcome.is_none());
        if doubtful.is_none() {
            self.tell_entered(tx, scope, case, &new).await?;
        }
        if let Some(known) = doubtful {
            let claim = NewClaim {
                on_date: new.on_date,
                court_hall: None,
                item: None,
                source_kind: new.source_kind,
                source: new.source.clone(),
                quote: None,
            };
            let (claim_id, now) = (HearingClaimId::new(), self.parts.clock.now());
            let kept = (known.id, &claim, Some(id));
            store::claims::insert(tx, scope.user(), claim_id, kept, now).await?;
        }
        Ok(id)
    }

    /// The hearings of a case from today on of which nobody says how they went.
    pub(super) async fn coming(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
    ) -> Result<Vec<Hearing>, DbError> {
        let from = Some(self.today());
        let asked = HearingQuery { case: Some(case), from, limit: 100, ..HearingQuery::default() };
        let mut found = store::list(tx, scope, asked).await?;
        found.retain(|hearing| hearing.known.outcome.is_none());
        Ok(found)
    }

    /// A hearing as it can be entered.
    pub(super) async fn fit(
        &self,
        tx: &mut Tx,
        case: CaseId,
        new: NewHearing,
    ) -> Result<NewHearing, HearingError> {
        fits(new.on_date)?;
        if new.outcome.is_some() && new.on_date > self.today() {
            return Err(HearingError::Unfit("enter how it went once the day has come"));
        }
        self.source_fits(tx, case, new.source.as_ref()).await?;
        let source_kind = if new.source.is_some() { SourceKind::Document } else { new.source_kind };
        Ok(NewHearing {
            bench: filled(new.bench)?,
            court_hall: filled(new.court_hall)?,
            item: filled(new.item)?,
            stage: filled(new.stage)?,
            purpose: filled(new.purpose)?,
            note: filled(new.note)?,
            quote: filled(new.quote)?,
            source_kind,
            ..new
        })
    }

    /// Makes sure that what something is taken from is a document of its case.
    pub(super) async fn source_fits(
        &self,
        tx: &mut Tx,
        case: CaseId,
        source: Option<&Source>,
    ) -> Result<(), HearingError> {
        match source {
            Some(source) if !store::source_is_of(tx, case, source).await? => {
                Err(HearingError::Unfit("the document it is taken from is not in this case"))
            }
            _ => Ok(()),
        }
    }

    /// Writes a new hearing, and tells other systems of it.
    pub(super) async fn enter(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        (case, previous): (CaseId, Option<HearingId>),
        new: &NewHearing,
    ) -> Result<HearingId, HearingError> {
        if new.outcome.is_none() {
            self.parts.cases.stays_open(tx, case).await?;
        }
        let (id, now) = (HearingId::new(), self.parts.clock.now());
        store::insert(tx, scope.user(), (id, case, previous), new, now).await?;
        self.record(tx, scope, "hearing.add", json!({ "case": case, "hearing": id })).await?;
        let about = json!({ "hearing": id, "on": new.on_date });
        self.emit(tx, scope, (EventKind::HearingAdded, case), about).await?;
        Ok(id)
    }

    /// Tells the client of a hearing that was entered and is not in doubt, where it is the
    /// next and has not been held.
    pub(super) async fn tell_entered(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
        new: &NewHearing,
    ) -> Result<(), HearingError> {
        if new.outcome.is_some() || new.on_date < self.today() {
            return Ok(());
        }
        self.tell_next(tx, scope, case, &[new.on_date]).await
    }

    /// Hearings of the cases open to the caller, by day.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn list(&self, scope: &Scope, asked: HearingQuery) -> Result<Vec<Hearing>, DbError> {
        let mut tx = self.parts.db.read().await?;
        store::list(&mut tx, scope, asked).await
    }

    /// A hearing of a case open to the caller.
    ///
    /// # Errors
    /// Fails with [`HearingError::NotFound`] when it is not there or not open to them.
    pub async fn find(&self, scope: &Scope, id: HearingId) -> Result<Hearing, HearingError> {
        let mut tx = self.parts.db.read().await?;
        store::find(&mut tx, scope, id).await?.ok_or(HearingError::NotFound)
    }

    /// The next hearing of a case from today on, and the last one before.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn next_and_last(
        &self,
        scope: &Scope,
        case: CaseId,
    ) -> Result<(Option<Hearing>, Option<Hearing>), DbError> {
        let today = self.today();
        let mut tx = self.parts.db.read().await?;
        let asked = HearingQuery { case: Some(case), limit: 20, ..HearingQuery::default() };
        let next = HearingQuery { from: Some(today), ..asked };
        let next = store::list(&mut tx, scope, next).await?;
        let last = HearingQuery { to: today.pred_opt(), latest_first: true, limit: 1, ..asked };
        let last = store::list(&mut tx, scope, last).await?.into_iter().next();
        let next = next.into_iter().find(|one| one.known.outcome.is_none());
        Ok((next, last))
    }

    /// A hearing the caller may change, with its case held for the length of the
    /// transaction.
    pub(super) async fn to_be_changed(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: HearingId,
    ) -> Result<Hearing, HearingError> {
        let found = store::find(tx, scope, id).await?.ok_or(HearingError::NotFound)?;
        self.parts.cases.changes(tx, scope, found.case_id).await?;
        store::lock_case(tx, found.case_id).await?;
        // Somebody may have changed it while the case was waited for.
        let found = store::find(tx, scope, id).await?.ok_or(HearingError::NotFound)?;
        if found.withdrawn.is_some() { Err(HearingError::Withdrawn) } else { Ok(found) }
    }
}

/// Whether a day can be one of a hearing.
pub(super) fn fits(day: NaiveDate) -> Result<(), HearingError> {
    if YEARS.contains(&day.year()) {
        Ok(())
    } else {
        Err(HearingError::Unfit("look at the year of the day"))
    }
}
