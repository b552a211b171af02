//! Hearings that are moved, described better, or withdrawn.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::json;

use super::add::fits;
use super::store::changes::Moved;
use super::{Hearing, HearingError, Hearings, ListType, SourceKind, filled, store};
use crate::cases::Source;
use crate::db::Tx;
use crate::events::EventKind;
use crate::kernel::{CaseId, HearingId, Scope};

/// That a hearing was moved from one day to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which hearing.
    pub hearing: HearingId,
    /// The day it was on.
    pub from: NaiveDate,
    /// The day it was moved to.
    pub to: NaiveDate,
    /// Why.
    pub reason: Option<String>,
    /// How the new day is known.
    pub source_kind: SourceKind,
    /// The words it is known from.
    pub quote: Option<String>,
    /// Who entered it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What changes of a hearing; what is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// The day it is moved to.
    pub on_date: Option<NaiveDate>,
    /// Why it is moved.
    pub reason: Option<String>,
    /// The page the new day is known from.
    pub source: Option<Source>,
    /// When it begins.
    pub starts_at: Option<NaiveTime>,
    /// Before whom.
    pub bench: Option<String>,
    /// In which room.
    pub court_hall: Option<String>,
    /// Its number in the day's list.
    pub item: Option<String>,
    /// In which list it stands.
    pub list_type: Option<ListType>,
    /// The stage the case is in.
    pub stage: Option<String>,
    /// What it is for.
    pub purpose: Option<String>,
    /// What the team should know.
    pub note: Option<String>,
    /// How often the hearing was changed when the caller read it; not compared when left out.
    pub read: Option<i64>,
}

impl Hearings {
    /// Changes a hearing; a day that moves is kept with who moved it, why, and how the new
    /// one is known.
    ///
    /// # Errors
    /// Fails when the hearing is not the caller's to change, was withdrawn or is not as they
    /// read it any more, when one that was held is to be moved, and when a text is too long.
    pub async fn change(
        &self,
        scope: &Scope,
        id: HearingId,
        new: Details,
    ) -> Result<(), HearingError> {
        let mut tx = self.parts.db.write().await?;
        let mut hearing = self.to_be_changed(&mut tx, scope, id).await?;
        hearing.is_as_read(new.read)?;
        let reason = filled(new.reason)?;
        if let Some(to) = new.on_date.filter(|to| *to != hearing.known.on_date) {
            if hearing.known.outcome.is_some() {
                return Err(HearingError::Unfit(
                    "a hearing that was held stays on its day; withdraw it if that is wrong",
                ));
            }
            self.source_fits(&mut tx, hearing.case_id, new.source.as_ref()).await?;
            let kind = if new.source.is_some() { SourceKind::Document } else { SourceKind::Manual };
            let moved = Moved {
                id,
                from: hearing.known.on_date,
                to,
                reason: reason.as_deref(),
                kind,
                source: new.source.as_ref(),
                quote: None,
            };
            self.move_in(&mut tx, scope, &hearing, &moved).await?;
        }
        let known = &mut hearing.known;
        known.starts_at = new.starts_at.or(known.starts_at);
        known.list_type = new.list_type.or(known.list_type);
        for (old, new) in [
            (&mut known.bench, new.bench),
            (&mut known.court_hall, new.court_hall),
            (&mut known.item, new.item),
            (&mut known.stage, new.stage),
            (&mut known.purpose, new.purpose),
            (&mut known.note, new.note),
        ] {
            *old = filled(new)?.or(old.take());
        }
        store::describe(&mut tx, &hearing).await?;
        let case = hearing.case_id;
        let details = json!({ "case": case, "hearing": id });
        self.record(&mut tx, scope, "hearing.change", details).await?;
        // One that moved was told of with the move.
        if new.on_date.is_none_or(|to| to == hearing.known.on_date) {
            let about = json!({ "hearing": id, "on": hearing.known.on_date });
            self.emit(&mut tx, scope, (EventKind::HearingChanged, case), about).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Moves a hearing in a transaction that holds its case.
    pub(super) async fn move_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        hearing: &Hearing,
        moved: &Moved<'_>,
    ) -> Result<(), HearingError> {
        fits(moved.to)?;
        let now = self.parts.clock.now();
        match store::changes::move_to(tx, scope.user(), moved, now).await {
            Ok(true) => {}
            Ok(false) => return Err(HearingError::Meanwhile),
            Err(error) if error.is_conflict() => {
                return Err(HearingError::Unfit("a cause list has a hearing on that day already"));
            }
            Err(error) => return Err(error.into()),
        }
        let details = json!({ "case": hearing.case_id, "hearing": hearing.id });
        self.record(tx, scope, "hearing.move", details).await?;
        let about = json!({ "hearing": hearing.id, "on": moved.to });
        self.emit(tx, scope, (EventKind::HearingChanged, hearing.case_id), about).await?;
        self.tell_next(tx, scope, hearing.case_id, &[moved.from, moved.to]).await
    }

    /// Withdraws a hearing that was entered by mistake; it stays to be seen, and counts for
    /// nothing.
    ///
    /// # Errors
    /// Fails when the hearing is not the caller's to change or was withdrawn already, and
    /// without a reason.
    pub async fn withdraw(
        &self,
        scope: &Scope,
        id: HearingId,
        reason: &str,
    ) -> Result<(), HearingError> {
        let mut tx = self.parts.db.write().await?;
        let hearing = self.to_be_changed(&mut tx, scope, id).await?;
        self.withdraw_in(&mut tx, scope, &hearing, reason).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Withdraws a hearing in a transaction that holds its case.
    pub(super) async fn withdraw_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        hearing: &Hearing,
        reason: &str,
    ) -> Result<(), HearingError> {
        let Some(reason) = filled(Some(reason.to_owned()))? else {
            return Err(HearingError::Unfit("say why the hearing is withdrawn"));
        };
        let (now, case, id) = (self.parts.clock.now(), hearing.case_id, hearing.id);
        if !store::changes::withdraw(tx, scope.user(), (id, &reason), now).await? {
            return Err(HearingError::Withdrawn);
        }
        let details = json!({ "case": case, "hearing": id });
        self.record(tx, scope, "hearing.withdraw", details).await?;
        let about = json!({ "hearing": id, "withdrawn": true });
        self.emit(tx, scope, (EventKind::HearingChanged, case), about).await?;
        if hearing.known.outcome.is_none() && hearing.known.on_date >= self.today() {
            self.tell_next(tx, scope, case, &[hearing.known.on_date]).await?;
        }
        Ok(())
    }

    /// How the days of a case's hearings changed, the latest first.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn changes(&self, scope: &Scope, case: CaseId) -> Result<Vec<Change>, HearingError> {
        let mut tx = self.parts.db.read().await?;
        Ok(store::changes::of_case(&mut tx, scope, case).await?)
    }
}
